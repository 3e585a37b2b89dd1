"""Lifts under fire-service control: the floors they serve, their pace, and how they are run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from sim.distributions import Distribution


@dataclass(frozen=True, slots=True)
class Stop:
    """A floor that a lift serves.

    Attributes
    ----------
    space : int
        Space of the compiled plan before its doors.
    height_m : float
        Height of the floor.
    slot : int
        Standing place before the doors; -1 for the first of the space.
    """

    space: int
    height_m: float
    slot: int = -1


@dataclass(frozen=True, slots=True)
class Lift:
    """A lift and how it is run in the incident.

    Attributes
    ----------
    name : str
    stops : tuple of Stop
        At least two, each at a standing place of its own.
    exit_stop : int
        Index of the stop where people get out to leave the building.
    places : int
        Places that the car has; somebody in a wheelchair takes several.
    from_s : float
        Time from which the fire service runs it; the car stands at the exit stop then.
    speed_mps : float
        Rated speed of the car.
    start_stop_s : float
        Time that starting and stopping add to every ride.
    door_s : float
        Time in which the doors open, or close.
    boarding_s : Distribution
        Time in which one party enters the car, and in which it leaves.
    order : {"top_down", "nearest"}
        Which floor is served next of those where people wait.
    attended : bool
        Whether people ride only with a helper beside them.
    """

    name: str
    stops: tuple[Stop, ...]
    exit_stop: int
    places: int
    from_s: float
    speed_mps: float
    start_stop_s: float
    door_s: float
    boarding_s: Distribution
    order: Literal["top_down", "nearest"] = "top_down"
    attended: bool = False

    def __post_init__(self) -> None:
        if len({(stop.space, stop.slot) for stop in self.stops}) < max(2, len(self.stops)):
            raise ValueError(f"lift {self.name}: expected two stops or more, in different spaces")
        if not 0 <= self.exit_stop < len(self.stops):
            raise ValueError(f"lift {self.name}: no stop {self.exit_stop}")
        if self.places < 1:
            raise ValueError(f"lift {self.name}: places must be >= 1, got {self.places}")
        if not (math.isfinite(self.speed_mps) and self.speed_mps > 0):
            raise ValueError(f"lift {self.name}: speed_mps must be > 0, got {self.speed_mps}")
        for name in ("from_s", "start_stop_s", "door_s"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"lift {self.name}: {name} must be >= 0, got {value}")

    def ride_s(self, a: int, b: int) -> float:
        """Return the time of a ride between two stops, doors not included.

        Examples
        --------
        >>> stops = (Stop(0, 0.0), Stop(1, 4.0), Stop(2, 8.0))
        >>> lift = Lift("A", stops, 0, 8, 0.0, 1.0, 2.0, 3.0, Distribution.constant(1.0))
        >>> lift.ride_s(0, 2), lift.ride_s(1, 1)
        (10.0, 0.0)
        """
        if a == b:
            return 0.0
        rise = abs(self.stops[a].height_m - self.stops[b].height_m)
        return rise / self.speed_mps + self.start_stop_s
