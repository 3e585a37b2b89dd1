"""Which speed and which delay a person draws from, and who said so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from scenarios.population_defaults import population_defaults
from scenarios.profiles import UNIMPAIRED, Profile, ProfileName, scaled
from scenarios.scenario import SAID_BY_SCENARIO, RoomPeople, Scenario
from sim import Distribution

PersonProfile: TypeAlias = ProfileName | Literal["unimpaired"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A distribution that people draw from, what it is for, and where it comes from."""

    name: str
    distribution: Distribution
    source: str


@dataclass(slots=True)
class Drawn:
    """The distinct distributions of a roster in order of first use, and who said them."""

    distributions: list[Distribution] = field(default_factory=list)
    choices: dict[str, Choice] = field(default_factory=dict)

    def index(self, choice: Choice) -> int:
        """Return the row of a distribution, which is added if it is new."""
        self.choices.setdefault(choice.name, choice)
        if choice.distribution not in self.distributions:
            self.distributions.append(choice.distribution)
        return self.distributions.index(choice.distribution)


def profile_of(scenario: Scenario, name: PersonProfile) -> Profile:
    """Return what a mobility profile is in a scenario: as it says, or as the defaults do."""
    if name == UNIMPAIRED:
        return Profile()
    return scenario.population.mobility.get(name, population_defaults().profile[name])


def profile_source(scenario: Scenario, name: ProfileName, key: str) -> str:
    """Return who says a number of a mobility profile."""
    default = population_defaults().profile[name]
    if getattr(profile_of(scenario, name), key) != getattr(default, key):
        return SAID_BY_SCENARIO
    return population_defaults().sources[f"profile.{name}.{key}"].text


def speed_of(
    scenario: Scenario,
    people: RoomPeople,
    *,
    space: str,
    role: str,
    band: str | None,
    profile: PersonProfile = UNIMPAIRED,
) -> Choice | None:
    """Return the speed distribution of one role in one room; None if its age band is not known.

    What the scenario says of a mobility profile comes first, then the room's own statement, then
    the usual speed of the profile, role, age band, everyone, and the defaults.
    """
    own = profile_of(scenario, profile).speed_mps
    if own is not None and profile != UNIMPAIRED:
        source = profile_source(scenario, profile, "speed_mps")
        if people.speed_mps is None or source == SAID_BY_SCENARIO:
            return Choice(f"speed_mps: {profile}", own, source)
    said = scenario.speeds
    if people.speed_mps is not None:
        return Choice(f"speed_mps: room {space}", people.speed_mps, SAID_BY_SCENARIO)
    if role in said.by_role:
        return Choice(f"speed_mps: {role}", said.by_role[role], SAID_BY_SCENARIO)
    if band is not None and band in said.by_age_band:
        return Choice(f"speed_mps: {band}", said.by_age_band[band], SAID_BY_SCENARIO)
    if said.everyone is not None and (band is not None or not said.by_age_band):
        return Choice("speed_mps: everyone", said.everyone, SAID_BY_SCENARIO)
    if band is None:
        return None
    defaults = population_defaults()
    source = defaults.sources[f"speed_mps.{band}"].text
    return Choice(f"speed_mps: {band}", defaults.speed_mps[band], source)


def pre_movement_of(
    scenario: Scenario,
    people: RoomPeople,
    *,
    space: str,
    role: str,
    use: str,
    profile: PersonProfile = UNIMPAIRED,
) -> Choice:
    """Return the pre-movement distribution of one role in one room.

    The room's own statement comes first, then role and use, use, role, everyone, the defaults. A
    mobility profile may lengthen it.
    """
    usual = _usual_pre_movement(scenario, people, space=space, role=role, use=use)
    factor = profile_of(scenario, profile).pre_movement_factor
    if factor == 1.0 or profile == UNIMPAIRED:
        return usual
    why = profile_source(scenario, profile, "pre_movement_factor")
    return Choice(
        f"{usual.name}, {profile}",
        scaled(usual.distribution, factor),
        f"{usual.source}; times {factor:g}: {why}",
    )


def _usual_pre_movement(
    scenario: Scenario, people: RoomPeople, *, space: str, role: str, use: str
) -> Choice:
    said = scenario.pre_movement
    if people.pre_movement_s is not None:
        return Choice(f"pre_movement_s: room {space}", people.pre_movement_s, SAID_BY_SCENARIO)
    by_both = said.by_role_and_use.get(role, {})
    if use in by_both:
        return Choice(f"pre_movement_s: {role} in {use}", by_both[use], SAID_BY_SCENARIO)
    if use in said.by_use:
        return Choice(f"pre_movement_s: {use}", said.by_use[use], SAID_BY_SCENARIO)
    if role in said.by_role:
        return Choice(f"pre_movement_s: {role}", said.by_role[role], SAID_BY_SCENARIO)
    if said.everyone is not None:
        return Choice("pre_movement_s: everyone", said.everyone, SAID_BY_SCENARIO)
    defaults = population_defaults()
    source = defaults.sources[f"pre_movement_s.{role}"].text
    return Choice(f"pre_movement_s: {role}", defaults.pre_movement_s[role], source)
