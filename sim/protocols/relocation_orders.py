"""How people get from the assembly areas to a safe haven away from campus: on foot or by bus."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from sim.distributions import Distribution


@dataclass(frozen=True, slots=True)
class OnFoot:
    """A walk of each class together, at the pace of its slowest member.

    Attributes
    ----------
    metres : float
        From the assembly area to the site.
    crossings : int
        Roads to cross; each delays a class by a time of its own (the step ``cross_road``).
    """

    metres: float
    crossings: int = 0

    def __post_init__(self) -> None:
        if not 0.0 <= self.metres < math.inf or self.crossings < 0:
            raise ValueError("on foot: metres must be finite and >= 0, crossings >= 0")


@dataclass(frozen=True, slots=True)
class Buses:
    """Buses that shuttle between a loading place and the site until nobody is left.

    Attributes
    ----------
    number, capacity : int
        Buses, and the people whom each of them takes.
    ride_s : Distribution
        One ride, drawn anew for each, there and back.
    first_s, headway_s : float
        From the announcement until the first bus is there, and from each to the next one.
    loading_places : int
        Buses that load at the same time.
    waits_s : float
        How long a bus with free seats waits for another class that is not ready yet.
    wheelchair_buses, wheelchair_places : int
        Buses with a lift, and the wheelchairs that each takes at once. They come and load as the
        others do. Without one, people in wheelchairs stay behind, and the result says so.
    """

    number: int
    capacity: int
    ride_s: Distribution
    first_s: float = 0.0
    headway_s: float = 0.0
    loading_places: int = 1
    waits_s: float = 0.0
    wheelchair_buses: int = 0
    wheelchair_places: int = 1

    def __post_init__(self) -> None:
        for name in ("number", "capacity", "loading_places", "wheelchair_places"):
            if getattr(self, name) < 1:
                raise ValueError(f"buses: {name} must be at least 1, got {getattr(self, name)}")
        if self.wheelchair_buses < 0:
            raise ValueError(f"buses: wheelchair_buses must be >= 0, got {self.wheelchair_buses}")
        for name in ("first_s", "headway_s", "waits_s"):
            if not 0.0 <= getattr(self, name) < math.inf:
                raise ValueError(f"buses: {name} must be finite and >= 0")


Way: TypeAlias = OnFoot | Buses


@dataclass(frozen=True, slots=True)
class Relocation:
    """A safe haven away from campus, and how people get there."""

    name: str
    way: Way
