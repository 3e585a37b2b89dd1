"""Evacuate: the alarm is heard, classes get ready, leave together, gather and are counted."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from sim.assistance import Assistance
from sim.conductor import Incident
from sim.distributions import Distribution
from sim.hazards import Hazard, check_hazards
from sim.orders import Order
from sim.protocols.orders import ProtocolOrders


@dataclass(frozen=True, slots=True, eq=False)
class EvacuationOrders:
    """What the planner decides about an evacuation.

    Attributes
    ----------
    alarm_s : float
        When the alarm or announcement starts, in seconds from the start of the scenario.
    hears_delay_s : ndarray, shape (n_spaces,)
        Seconds from there until it is heard and understood in each space of the compiled plan;
        inf where it is never heard.
    class_release : {"together", "individual"}
        Whether a class waits for its leader's pre-movement time and then leaves as a group, or
        each person sets off after a time of their own.
    roll_call_s : Distribution
        Time a leader needs to call the roll once the class has gathered.
    end_s : float
        When the simulated time ends, whoever is where.
    orders : tuple of Order
        Doors that change and people who are sent elsewhere, in any order of time.
    assistance : Assistance, optional
        How people are helped who cannot leave by themselves; without it nobody is.
    protocol : ProtocolOrders, optional
        A timeline of announced actions, which then takes the place of the alarm.
    hazards : tuple of Hazard
        Regions that a planner says are not to be entered, at most `MOST_HAZARDS`. With a protocol
        people notice them, report them and leave them; without one they only close ways.
    """

    alarm_s: float
    hears_delay_s: NDArray[np.float64]
    class_release: Literal["together", "individual"]
    roll_call_s: Distribution
    end_s: float = 3600.0
    orders: tuple[Order, ...] = ()
    assistance: Assistance | None = None
    protocol: ProtocolOrders | None = None
    hazards: tuple[Hazard, ...] = ()

    def __post_init__(self) -> None:
        if not (np.isfinite(self.alarm_s) and self.alarm_s >= 0):
            raise ValueError(f"alarm_s must be finite and >= 0, got {self.alarm_s}")
        if np.isnan(self.hears_delay_s).any() or (self.hears_delay_s < 0).any():
            raise ValueError("hears_delay_s must be >= 0 for every space (inf: never heard)")
        if not (np.isfinite(self.end_s) and self.end_s > 0):
            raise ValueError(f"end_s must be finite and > 0, got {self.end_s}")
        check_hazards(self.hazards)


@dataclass(slots=True, eq=False)
class ClassTimes:
    """When each class set off, was complete at its place, and had been counted; inf if never."""

    released_s: NDArray[np.float64]
    assembled_s: NDArray[np.float64]
    accounted_s: NDArray[np.float64]


def evacuate_class(
    incident: Incident,
    *,
    group: int,
    members: Sequence[int],
    hears_s: float,
    ready_s: Sequence[float] | float,
    roll_call_s: float,
    times: ClassTimes,
) -> Generator[Event, Any, None]:
    """Lead one class out: hear, get ready, leave, gather, call the roll.

    Parameters
    ----------
    incident : Incident
        The environment.
    group : int
        The class.
    members : sequence of int
        Its people, the leader among them.
    hears_s : float
        Time at which the announcement is understood in the room.
    ready_s : float or sequence of float
        Time from there until the class sets off; one for all, or one for each member.
    roll_call_s : float
        Time to call the roll.
    times : ClassTimes
        Where the times of the class are written.
    """
    yield incident.timeout(hears_s)
    if isinstance(ready_s, float):
        yield incident.timeout(ready_s)
        incident.release(members)
        times.released_s[group] = incident.now
    else:
        incident.release_at(members, [incident.now + own for own in ready_s])
        times.released_s[group] = incident.now + min(ready_s)
    yield incident.gathered(group)
    times.assembled_s[group] = incident.now
    yield incident.timeout(roll_call_s)
    times.accounted_s[group] = incident.now
