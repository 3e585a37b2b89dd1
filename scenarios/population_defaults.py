"""What is assumed about people when a scenario does not say, each number with its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, TypeAlias, get_args

from pydantic import TypeAdapter

from scenarios.distribution_file import AnyDistributionFile, DistributionFile, to_distribution
from scenarios.profiles import PROFILES, Profile, ProfileName
from sim import Distribution

Role: TypeAlias = Literal["student", "teacher", "substitute", "aide", "office", "visitor"]
AgeBand: TypeAlias = Literal[
    "prekindergarten", "grades_k_2", "grades_3_5", "grades_6_8", "grades_9_12", "adult"
]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
AGE_BANDS: Final[tuple[AgeBand, ...]] = get_args(AgeBand)


@dataclass(frozen=True, slots=True)
class Sourced:
    """Where a number comes from, and how far it can be trusted."""

    source: str
    quality: str

    @property
    def text(self) -> str:
        """Source and quality in one line."""
        return f"{self.source} [{self.quality}]"


@dataclass(frozen=True, slots=True)
class StaffRule:
    """One member of staff of a role for every `one_per` people of a room, rounded up."""

    role: Role
    one_per: int


@dataclass(frozen=True, slots=True)
class PopulationDefaults:
    """The table in ``population_defaults.toml``.

    Attributes
    ----------
    speed_mps : mapping of age band to distribution
    pre_movement_s : mapping of role to distribution
    roll_call_s : Distribution
    load_factor_m2 : mapping of room use to floor area per person; 0 where nobody stays
    staff : mapping of room use to the staff among the people of such a room
    profile : mapping of mobility profile to what it is
    sources : mapping of "table.key" to where the number comes from; "profile.name.key" there
    """

    speed_mps: Mapping[str, Distribution]
    pre_movement_s: Mapping[str, Distribution]
    roll_call_s: Distribution
    load_factor_m2: Mapping[str, float]
    staff: Mapping[str, StaffRule]
    profile: Mapping[ProfileName, Profile]
    sources: Mapping[str, Sourced]


@cache
def population_defaults() -> PopulationDefaults:
    """Return the table that comes with the package.

    Examples
    --------
    >>> population_defaults().speed_mps["adult"].values
    (1.34, 0.26)
    >>> population_defaults().sources["load_factor_m2.classroom"].quality
    'read'
    """
    text = files("scenarios").joinpath("population_defaults.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    sources: dict[str, Sourced] = {}

    def entries(name: str) -> dict[str, dict[str, Any]]:
        for key, entry in table[name].items():
            sources[f"{name}.{key}"] = Sourced(entry["source"], entry["quality"])
        return dict(table[name])

    def profile(name: ProfileName) -> Profile:
        said: dict[str, Any] = {}
        for key, entry in table["profile"][name].items():
            sources[f"profile.{name}.{key}"] = Sourced(entry["source"], entry["quality"])
            said[key] = _distribution(entry) if "distribution" in entry else entry["value"]
        return Profile(**said)

    roll_call = table["roll_call_s"]
    sources["roll_call_s"] = Sourced(roll_call["source"], roll_call["quality"])
    return PopulationDefaults(
        speed_mps={k: _distribution(e) for k, e in entries("speed_mps").items()},
        pre_movement_s={k: _distribution(e) for k, e in entries("pre_movement_s").items()},
        roll_call_s=_distribution(roll_call),
        load_factor_m2={k: float(e["value"]) for k, e in entries("load_factor_m2").items()},
        staff={k: StaffRule(e["role"], int(e["one_per"])) for k, e in entries("staff").items()},
        profile={name: profile(name) for name in PROFILES},
        sources=sources,
    )


def _distribution(entry: Mapping[str, Any]) -> Distribution:
    said: AnyDistributionFile = TypeAdapter[AnyDistributionFile](DistributionFile).validate_python(
        entry["distribution"]
    )
    return to_distribution(said)
