"""Many replicas of one scenario, stacked: when people, rooms, exits and classes were done."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from buildings import CompiledPlan, Plan
from scenarios.hazard_outcome import HazardOutcome, stack_hazards
from scenarios.help_outcome import HelpOutcome, stack_help
from scenarios.orders import Ordered, ordered
from scenarios.protocol_outcome import ProtocolOutcome, of_people, stack_protocol
from scenarios.responder_outcome import ResponderOutcome, stack_responders
from scenarios.scenario import Scenario
from sim import FINAL_STATES, Roster, RunResult

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STACKED: Final = (
    "end_s",
    "started_s",
    "left_room_s",
    "out_s",
    "exit_gate",
    "assembled_s",
    "final_state",
    "queue_s",
    "walked_m",
    "speed_mps",
    "pre_movement_s",
    "group_released_s",
    "group_assembled_s",
    "group_accounted_s",
    "side_passed",
    "side_peak_queue",
    "side_waiting",
    "side_queue_person_s",
    "side_first_s",
    "side_last_s",
)
"""What is kept of every replica, by its name in `RunResult`."""


OF_PEOPLE: Final = (
    "started_s", "left_room_s", "out_s", "exit_gate", "assembled_s", "final_state", "queue_s",
    "walked_m", "speed_mps", "pre_movement_s",
)  # fmt: skip
"""Those with an entry for each person."""


def of_occupants(result: RunResult, n_people: int) -> RunResult:
    """Return what a result says of the people in the building, without the responders behind them.

    The event log keeps everybody.
    """
    if len(result.out_s) == n_people:
        return result
    protocol = None if result.protocol is None else of_people(result.protocol, n_people)
    own = {name: getattr(result, name)[:n_people] for name in OF_PEOPLE}
    return replace(result, protocol=protocol, **own)


def stack_results(results: Iterable[RunResult]) -> dict[str, NDArray[Any]]:
    """Return the arrays of several results on top of each other, in the order given."""
    rows = list(results)
    stacked = {name: np.stack([np.asarray(getattr(r, name)) for r in rows]) for name in STACKED}
    return (
        stacked
        | stack_help(rows)
        | stack_responders(rows)
        | stack_hazards(rows)
        | stack_protocol(rows)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """R replicas of one scenario: N people, K classes, S sides of gates.

    A time that something never happened at is inf. Arrays are read-only.

    Attributes
    ----------
    plan, compiled, roster, scenario
        What was run.
    seed, replicas : int
        Replica r is keyed by (seed, r).
    end_s : ndarray, shape (R,)
        Time of the last thing that happened.
    started_s, left_room_s, out_s, assembled_s : ndarray, shape (R, N)
        First step; last time out of the room of the start; through the final exit; at the
        assembly area.
    exit_gate, final_state : ndarray of int, shape (R, N)
        Gate taken (-1 none); index into ``sim.FINAL_STATES``.
    queue_s, walked_m, speed_mps, pre_movement_s : ndarray, shape (R, N)
    group_released_s, group_assembled_s, group_accounted_s : ndarray, shape (R, K)
    side_passed, side_peak_queue, side_waiting : ndarray of int, shape (R, S)
    side_queue_person_s, side_first_s, side_last_s : ndarray, shape (R, S)
    help : HelpOutcome
        What became of those who need help to leave.
    responders : ResponderOutcome, optional
        What became of responders and of releases door to door.
    hazards : HazardOutcome or None
        What became of hazards; None without any.
    protocol : ProtocolOutcome or None
        What became of rooms, doors and people; None for plain evacuations.
    kept : tuple of RunResult
        Replicas with their event log; the one with the median last-out time first, or where rooms
        are to be secured the median one by `replicas_to_keep`.
    manifest : dict
        Versions, hashes and parameters, as in ``manifest.json``.
    """

    plan: Plan
    compiled: CompiledPlan
    roster: Roster
    scenario: Scenario
    seed: int
    replicas: int
    end_s: Floats
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
    help: HelpOutcome
    protocol: ProtocolOutcome | None = None
    kept: tuple[RunResult, ...] = ()
    manifest: dict[str, Any] = field(default_factory=dict)
    responders: ResponderOutcome | None = None
    hazards: HazardOutcome | None = None

    def __post_init__(self) -> None:
        shapes = {
            **dict.fromkeys(STACKED, (self.replicas, self.roster.n_people)),
            "end_s": (self.replicas,),
        }
        for entry in fields(self):
            value = getattr(self, entry.name)
            if not isinstance(value, np.ndarray):
                continue
            shape = shapes[entry.name]
            if entry.name.startswith("group_"):
                shape = (self.replicas, len(self.roster.groups.ids))
            elif entry.name.startswith("side_"):
                shape = (self.replicas, 2 * self.compiled.n_gates)
            if value.shape != shape:
                raise ValueError(
                    f"ensemble.{entry.name}: expected shape {shape}, got {value.shape}"
                )
            value.setflags(write=False)

    @property
    def ordered(self) -> Ordered:
        """What changed while it ran, beside what the scenario says of it."""
        return ordered(self.scenario, self.plan, self.compiled, [])

    @property
    def n_people(self) -> int:
        """Number of people in each replica."""
        return self.roster.n_people

    def clearance_s(self, share: float) -> Floats:
        """Time from the start of the scenario until a share of the people is out.

        Parameters
        ----------
        share : float
            Above 0, at most 1; ``ceil(share * N)`` people count as the share.

        Returns
        -------
        ndarray, shape (R,)
            inf where so many never get out.

        Raises
        ------
        ValueError
            If the share is not in (0, 1].
        """
        if not 0.0 < share <= 1.0:
            raise ValueError(f"share must be above 0 and at most 1, got {share}")
        # 0.95 * 20 is 19.000000000000004 in some products: a share never asks for one more by it
        wanted = max(1, math.ceil(share * self.n_people - 1e-9))
        ordered: Floats = np.partition(self.out_s, wanted - 1, axis=1)[:, wanted - 1]
        return ordered

    def last_out_s(self) -> Floats:
        """Time of the last person who does get out, shape (R,); inf where nobody does."""
        out = np.where(np.isfinite(self.out_s), self.out_s, -np.inf).max(axis=1, initial=-np.inf)
        return np.where(np.isfinite(out), out, np.inf)

    def _exit_times(self, gate: int) -> Floats:
        """Return the times out through one exit in ascending order, inf for everybody else."""
        return np.sort(np.where(self.exit_gate == gate, self.out_s, np.inf), axis=1)

    def exit_first_s(self, gate: int) -> Floats:
        """Time of the first person out through a gate, shape (R,); inf where nobody takes it."""
        return self._exit_times(gate)[:, 0]

    def exit_last_s(self, gate: int) -> Floats:
        """Time of the last person out through a gate, shape (R,); inf where nobody takes it."""
        times = self._exit_times(gate)
        used = np.isfinite(times).sum(axis=1)
        last = times[np.arange(self.replicas), np.maximum(used - 1, 0)]
        return np.asarray(last)

    def exit_count_at(self, gate: int, time_s: float) -> Ints:
        """Count the people out through a gate up to a time, shape (R,)."""
        through = (self.exit_gate == gate) & (self.out_s <= time_s)
        return np.asarray(through.sum(axis=1), dtype=np.int64)

    def exit_time_of_nth(self, gate: int, n: int) -> Floats:
        """Time of the n-th person out through a gate, shape (R,); inf where fewer take it.

        Raises
        ------
        ValueError
            If n is less than 1.
        """
        if n < 1:
            raise ValueError(f"n must be at least 1, got {n}")
        if n > self.n_people:
            return np.full(self.replicas, np.inf)
        return self._exit_times(gate)[:, n - 1]

    def room_clear_s(self, space: int) -> Floats:
        """Time at which the last of a room's people leaves it, shape (R,).

        Parameters
        ----------
        space : int
            Index into ``compiled.space_ids``.

        Returns
        -------
        ndarray, shape (R,)
            inf where somebody never leaves; nan for a room that has nobody to begin with.
        """
        people = np.flatnonzero(self.roster.space == space)
        if not len(people):
            return np.full(self.replicas, np.nan)
        return np.asarray(self.left_room_s[:, people].max(axis=1))

    def all_accounted_s(self) -> Floats:
        """Time at which the last class has been counted, shape (R,); nan without classes."""
        if not len(self.roster.groups.ids):
            return np.full(self.replicas, np.nan)
        return np.asarray(self.group_accounted_s.max(axis=1))

    def arrival_curve(self, times_s: ArrayLike) -> Ints:
        """Count the people who are out at each time.

        Parameters
        ----------
        times_s : array_like, shape (T,)

        Returns
        -------
        ndarray of int, shape (R, T)
            Somebody who passes the exit at exactly the time counts as out.
        """
        times = np.atleast_1d(np.asarray(times_s, dtype=np.float64))
        ordered = np.sort(self.out_s, axis=1)
        return np.stack([np.searchsorted(row, times, side="right") for row in ordered])

    def ledger_per_replica(self) -> Mapping[str, Ints]:
        """Count the people by final state in each replica; every replica adds up to N."""
        return {
            state: np.asarray((self.final_state == code).sum(axis=1), dtype=np.int64)
            for code, state in enumerate(FINAL_STATES)
        }
