"""What came out of one run: a row for each person, class and side of a gate, and every event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.assistance import HelpTimes
from sim.hazard_times import HazardTimes
from sim.orders import Order
from sim.protocols.times import ProtocolTimes

FINAL_STATES: Final = (
    "not_started", "walking", "queueing", "no_route", "in_place", "out", "helping", "in_lift",
    "waits_in_refuge", "waits_for_help",
)  # fmt: skip
"""Names of the states a person can be in, by code; whoever is outside is ``out``. Of those who
wait for help, ``waits_in_refuge`` is in a refuge, ``waits_for_help`` anywhere else."""
WAITS_IN_REFUGE: Final = FINAL_STATES.index("waits_in_refuge")
WAITS_FOR_HELP: Final = FINAL_STATES.index("waits_for_help")

EVENT_KINDS: Final = (
    "start", "queue", "pass", "place", "no_route", "turn", "join", "part", "board", "alight",
)  # fmt: skip
"""Names of the logged events, by code."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """The event log in order of time (ties in the kernel's order), one entry per event.

    ``subject`` is a cell for ``start``, ``no_route``, ``board`` (the cell left) and ``alight`` (the
    cell reached), a side for ``queue``, ``pass`` (the side passed from) and ``turn`` (the side
    headed for from now on, -1 none), a place for ``place``, a person for ``join`` and ``part``.
    Places that are no assembly area are those of people who wait for help or are sent somewhere
    indoors. Whoever goes with somebody has events of their own. Empty where nothing was recorded.
    """

    time_s: Floats
    kind: NDArray[np.int8]
    person: NDArray[np.int32]
    subject: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.time_s)

    @classmethod
    def none(cls) -> Events:
        """Return the log of a run that was not recorded."""
        return cls(np.zeros(0), np.zeros(0, np.int8), np.zeros(0, np.int32), np.zeros(0, np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class RunResult:
    """One replica; N people, K classes, S sides. inf where something did not happen.

    Attributes
    ----------
    seed, replica : int
        What the randomness was keyed by.
    end_s : float
        Time of the last thing that happened.
    started_s : ndarray, shape (N,)
        First step.
    left_room_s : ndarray, shape (N,)
        Last time the person left the space they started in.
    out_s, exit_gate : ndarray, shape (N,)
        Time through the final exit, and which (-1 none).
    assembled_s : ndarray, shape (N,)
        Arrival at the assembly area.
    final_state : ndarray of int, shape (N,)
        Index into `FINAL_STATES`.
    queue_s, walked_m : ndarray, shape (N,)
        Seconds waited at gates, and metres walked (a metre of stair counts as the level metres
        that would take as long).
    speed_mps, pre_movement_s : ndarray, shape (N,)
        Drawn free speed on the level and pre-movement time.
    group_released_s, group_assembled_s, group_accounted_s : ndarray, shape (K,)
        The class sets off, is complete at its place, has been counted there.
    side_passed, side_peak_queue, side_waiting : ndarray of int, shape (S,)
        People who passed from each side, most who waited there, and who wait there at the end: at
        a closed door, or behind others who do.
    side_queue_person_s, side_first_s, side_last_s : ndarray, shape (S,)
    events : Events
    orders : tuple of Order
        What was ordered while the incident ran, in order of time.
    help : HelpTimes
        What became of those who need help to leave.
    protocol : ProtocolTimes, optional
        What became of rooms, doors and people, where actions were announced.
    hazards : HazardTimes, optional
        When hazards were noticed, and exposure by room, where there are any.
    """

    seed: int
    replica: int
    end_s: float
    started_s: Floats
    left_room_s: Floats
    out_s: Floats
    exit_gate: Ints
    assembled_s: Floats
    final_state: Ints
    queue_s: Floats
    walked_m: Floats
    speed_mps: Floats
    pre_movement_s: Floats
    group_released_s: Floats
    group_assembled_s: Floats
    group_accounted_s: Floats
    side_passed: Ints
    side_peak_queue: Ints
    side_waiting: Ints
    side_queue_person_s: Floats
    side_first_s: Floats
    side_last_s: Floats
    events: Events
    orders: tuple[Order, ...] = ()
    help: HelpTimes = field(default_factory=HelpTimes.of_nobody)
    protocol: ProtocolTimes | None = None
    hazards: HazardTimes | None = None

    @property
    def ledger(self) -> dict[str, int]:
        """Number of people by final state; the numbers add up to the roster."""
        counts = np.bincount(self.final_state, minlength=len(FINAL_STATES))
        return dict(zip(FINAL_STATES, counts.tolist(), strict=True))
