"""The numbers that a plan is checked against, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from buildings.borders import InputError, did_you_mean


def _number(value: float, unit: str, meaning: str, source: str) -> Any:
    return field(default=value, metadata={"unit": unit, "meaning": meaning, "source": source})


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """What counts as unusual in a plan. Planning values: a building code may ask for others."""

    people_per_exit_m: float = _number(
        100.0,
        "1/m",
        "people per metre of exit width beyond which exits are thought missing",
        "project's study of defects in published plans",
    )
    wheelchair_door_m: float = _number(
        0.815,
        "m",
        "clear width that a wheelchair needs at a door",
        "ADA Standards 2010, 404.2.3: 32 in (recalled, not re-read)",
    )
    one_door_people: float = _number(
        49.0,
        "1",
        "people above which a room wants a second door",
        "IBC 1006.2.1, educational occupancy (recalled, not re-read)",
    )
    dead_end_m: float = _number(
        6.1,
        "m",
        "length of a corridor without a second way on",
        "IBC 1020.5: 20 ft (recalled, not re-read)",
    )
    dead_end_sprinklered_m: float = _number(
        15.24,
        "m",
        "the same in a building with sprinklers throughout",
        "IBC 1020.5: 50 ft (recalled, not re-read)",
    )
    dead_end_widths: float = _number(
        2.5,
        "1",
        "a dead end shorter than this many times its width does not count",
        "IBC 1020.5, exception (recalled, not re-read)",
    )
    riser_low_m: float = _number(
        0.100, "m", "lowest usual step", "IBC 1011.5.2: 4 in (recalled, not re-read)"
    )
    riser_high_m: float = _number(
        0.191,
        "m",
        "highest usual step",
        "jupedsim-network 0.5.0 warns outside 165 to 191 mm; lower steps are usual in schools",
    )
    tread_low_m: float = _number(
        0.254, "m", "shortest usual tread", "jupedsim-network 0.5.0 warns outside 254 to 330 mm"
    )
    tread_high_m: float = _number(
        0.330, "m", "longest usual tread", "jupedsim-network 0.5.0 warns outside 254 to 330 mm"
    )
    ramp_slope: float = _number(
        1 / 12,
        "1",
        "steepest usual ramp",
        "ADA Standards 2010, 405.2: 1:12 (recalled, not re-read)",
    )
    extent_low_m: float = _number(
        10.0,
        "m",
        "smallest usual length of a building",
        "project's study of defects in published plans",
    )
    extent_high_m: float = _number(
        500.0,
        "m",
        "largest usual length of a building",
        "project's study of defects in published plans",
    )

    def with_words(self, words: Iterable[str]) -> CheckLimits:
        """Return the limits with some replaced, each said as ``name=number``.

        Raises
        ------
        InputError
            If a name is unknown or a value is no positive number.

        Examples
        --------
        >>> CheckLimits().with_words(["dead_end_m=15.24"]).dead_end_m
        15.24
        """
        known = [one.name for one in fields(self)]
        said = {}
        for word in words:
            name, _, value = word.partition("=")
            if name not in known:
                raise InputError(f"--limit {word}: no limit {name!r}{did_you_mean(name, known)}")
            try:
                number = float(value)
            except ValueError:
                number = -1.0
            if not 0.0 < number < float("inf"):
                raise InputError(f"--limit {word}: expected {name}=<a number above 0>")
            said[name] = number
        return replace(self, **said)

    def as_json(self) -> dict[str, dict[str, str | float]]:
        """Return each limit with value, unit, meaning and source."""
        return {
            one.name: {"value": getattr(self, one.name), **one.metadata} for one in fields(self)
        }
