"""What a scenario says of hazards, before it meets its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from scenarios.sourced_numbers import Number
from sim import HazardKind

HAZARD_DEFAULTS: Final = "hazard_defaults.toml"


@dataclass(frozen=True, slots=True)
class HazardSaid:
    """One hazard, as the file says it.

    Attributes
    ----------
    kind : {"fire", "smoke", "gas", "water", "threat"}
    spaces : tuple of str
        Zones and rooms; empty where an outline says it.
    outline : tuple of (x, y)
        Corners of a polygon on the plan, in metres; empty where spaces say it.
    level : str or None
        The level of the outline.
    from_s : float
    until_s : float
        inf for until the end.
    known_to : tuple of str
        Zones and rooms whose people are told which ways are closed, or `EVERYONE`.
    reported : bool
    numbers : mapping of "kind.key" to number, over the defaults
    """

    kind: HazardKind
    from_s: float
    until_s: float
    spaces: tuple[str, ...] = ()
    outline: tuple[tuple[float, float], ...] = ()
    level: str | None = None
    known_to: tuple[str, ...] = ()
    reported: bool = False
    numbers: Mapping[str, Number] = field(default_factory=dict)
