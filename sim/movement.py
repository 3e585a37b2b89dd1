"""The people of one replica on the move: the state of the kernel and the few things one may ask."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.kernels.arrays import (
    COUNT_EVENTS,
    COUNT_RECORD,
    COUNT_SIGNALS,
    N_COUNTERS,
    NOT_STARTED,
    SIGNAL_CELL,
    SIGNAL_GROUP,
    SIGNAL_LOG,
    SIGNAL_PERSON,
    State,
)
from sim.kernels.backend import Backend, load_kernel
from sim.network import MovementError, MovementNetwork
from sim.results import Events

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIGNAL_NAMES: Final = {SIGNAL_GROUP: "group", SIGNAL_CELL: "cell", SIGNAL_PERSON: "person"}
EVENTS_PER_PERSON: Final = 16
"""First guess of the length of a log; it grows when it is full."""


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where N people stand at the start and where they are bound for.

    Attributes
    ----------
    cell, anchor : ndarray of int
        Cell, and offset into ``Network.walk_m`` of the walk from there to each side of it.
    home : ndarray of int
        Space at the start.
    row : ndarray of int
        Routing row.
    place : ndarray of int
        Goal place, -1 where the exit taken decides.
    group : ndarray of int
        Class, -1 none.
    """

    cell: Ints
    anchor: Ints
    home: Ints
    row: Ints
    place: Ints
    group: Ints


class Movement:
    """One run of the movement kernel over one building.

    Parameters
    ----------
    network : MovementNetwork
        The building under a flow law.
    placement : Placement
        Where people stand and where they go.
    speed_mps : ndarray, shape (N, 3)
        Free speed of each person on the level, down and up a stair.
    n_groups : int
        Number of classes.
    backend : {"python", "compiled"}
    record_events : bool
        Whether every event is logged; changes no result.

    Raises
    ------
    MovementError
        If a speed is not finite and positive, or more people stand in a cell than it can hold.
    """

    def __init__(
        self,
        network: MovementNetwork,
        placement: Placement,
        speed_mps: Floats,
        *,
        n_groups: int,
        backend: Backend = "compiled",
        record_events: bool = True,
    ) -> None:
        bad = ~(np.isfinite(speed_mps) & (speed_mps > 0)).all(axis=1)
        if bad.any():
            who = int(np.flatnonzero(bad)[0])
            raise MovementError(f"person {who}: speed {speed_mps[who]} m/s, expected > 0")
        self.network = network
        self._kernel = load_kernel(backend)
        self._arrays = network.for_kernel(self._kernel)
        arrays = _new_state(network, placement, speed_mps, n_groups, record_events)
        self._fill_routes(arrays)
        self._state = _as_lists(arrays) if backend == "python" else arrays

    def _fill_routes(self, state: State) -> None:
        """Find the routes of the undisturbed building once, and copy them into each replica."""
        cache = self.network.cache
        if "routes" not in cache:
            n_sides = len(self.network.arrays.side_cell)
            work = [np.zeros(n_sides, dtype=np.int64) for _ in range(2)]
            if self._kernel.backend == "compiled":
                self._kernel.find_all_routes(self._arrays, state, *work)
                cache["routes"] = (state.potential.copy(), state.next_side.copy())
            else:
                lists = _as_lists(state)
                self._kernel.find_all_routes(self._arrays, lists, *(w.tolist() for w in work))
                cache["routes"] = (np.array(lists.potential), np.array(lists.next_side))
        state.potential[:], state.next_side[:] = cache["routes"]

    @property
    def now_s(self) -> float:
        """Simulated time."""
        return float(self._state.clock[0])

    def advance(self, until_s: float) -> list[tuple[str, int]]:
        """Run up to a time, or until something watched happens.

        Returns
        -------
        list of (str, int)
            ("group", k), ("cell", c) or ("person", i) for what happened now; empty when the time
            was reached.
        """
        while True:
            n = self._kernel.advance(self._arrays, self._state, until_s)
            if n == 0:
                return []
            state = self._state
            happened = [
                (SIGNAL_NAMES[int(state.signal_kind[i])], int(state.signal_subject[i]))
                for i in range(n)
                if state.signal_kind[i] != SIGNAL_LOG
            ]
            full = len(happened) < n
            state.counters[COUNT_SIGNALS] = 0
            if full:
                self._grow_log()
            if happened:
                return happened

    def release(self, people: Sequence[int] | Ints, times_s: Sequence[float] | Floats) -> None:
        """Let people set off at the given times (not before now)."""
        if self._kernel.backend == "compiled":
            self._kernel.release(
                self._arrays,
                self._state,
                np.asarray(people, dtype=np.int64),
                np.asarray(times_s, dtype=np.float64),
            )
        else:
            who, when = np.asarray(people).tolist(), np.asarray(times_s).tolist()
            self._kernel.release(self._arrays, self._state, who, when)

    def set_gate(self, gate: int, *, is_open: bool) -> None:
        """Open or close a gate now; people waiting there look for another way."""
        n_sides = len(self.network.arrays.side_cell)
        work: list[Any] = [np.zeros(n_sides, dtype=np.int64) for _ in range(2)]
        if self._kernel.backend == "python":
            work = [array.tolist() for array in work]
        self._kernel.set_gate(self._arrays, self._state, gate, int(is_open), *work)

    def watch_groups(self, groups: Iterable[int]) -> None:
        """Stop when the last member of one of these classes reaches its place."""
        for group in groups:
            self._state.watch_group[group] = 1

    def watch_cell(self, cell: int) -> None:
        """Stop when this cell becomes empty."""
        self._state.watch_cell[cell] = 1

    def watch_person(self, person: int) -> None:
        """Stop when this person reaches a place."""
        self._state.watch_person[person] = 1

    def array(self, name: str) -> NDArray[Any]:
        """Return a copy of one array of the kernel's state, by its name there."""
        return np.array(getattr(self._state, name))

    def finish(self) -> None:
        """Close the accounts of people who still wait at a gate when the run ends."""
        state, now = self._state, self.now_s
        for side in range(len(state.waiting)):
            person = state.first[side]
            while person >= 0:
                waited = now - state.queued_at[person]
                state.queue_person_s[side] += waited
                state.waited_s[person] += waited
                state.queued_at[person] = now
                person = state.after[person]

    def events(self) -> Events:
        """Return the log so far."""
        state = self._state
        n = int(state.counters[COUNT_EVENTS])
        return Events(
            time_s=np.array(state.log_time_s[:n], dtype=np.float64),
            kind=np.array(state.log_kind[:n], dtype=np.int8),
            person=np.array(state.log_person[:n], dtype=np.int32),
            subject=np.array(state.log_subject[:n], dtype=np.int32),
        )

    def _grow_log(self) -> None:
        grown = {}
        for name in ("log_time_s", "log_kind", "log_person", "log_subject"):
            old = getattr(self._state, name)
            if isinstance(old, list):
                old.extend([0] * len(old))
            else:
                grown[name] = np.concatenate([old, np.zeros_like(old)])
        self._state = self._state._replace(**grown)


def _as_lists(state: State) -> State:
    return State(*(array.tolist() for array in state))


def _new_state(
    network: MovementNetwork,
    placement: Placement,
    speed_mps: Floats,
    n_groups: int,
    record_events: bool,
) -> State:
    net = network.arrays
    n_cells, n_gates = net.n_cells, net.n_gates
    n_sides, n_people, n_rows = 2 * n_gates, len(placement.cell), len(net.row_place)
    n_stations = n_cells + 1 + n_gates
    n_log = EVENTS_PER_PERSON * n_people + 2 * (n_sides + n_people + 64) if record_events else 1
    people = np.bincount(placement.cell, minlength=n_cells + 1)
    over = np.flatnonzero(people > net.capacity)
    if len(over):
        cell = int(over[0])
        raise MovementError(
            f"{network.compiled.cell_ids[cell]}: {people[cell]} people to begin with, room for "
            f"{net.capacity[cell]} at {network.flow_law.storage_per_m2:g} per m2"
        )
    longest = np.diff(net.table_start) - 1
    pace = net.speed_table[net.table_start[:-1] + np.minimum(people, longest)]
    missing = np.bincount(placement.group[placement.group >= 0], minlength=n_groups)
    counters = _ints(N_COUNTERS)
    counters[COUNT_RECORD] = int(record_events)
    return State(
        clock=np.zeros(1),
        counters=counters,
        key=_floats(n_stations, math.inf),
        heap=np.arange(n_stations, dtype=np.int64),
        heap_at=np.arange(n_stations, dtype=np.int64),
        people=people.astype(np.int64),
        pace=pace,
        progress=_floats(n_cells + 1),
        since=_floats(n_cells + 1),
        root=_ints(n_cells + 1, -1),
        blocked_into=_ints(n_cells),
        last_share=_floats(n_cells),
        wake_mark=_ints(n_cells),
        wake_stack=_ints(n_cells),
        visited=_ints(n_cells),
        reached_by=_ints(n_cells),
        search_stack=_ints(n_cells),
        free_at=_floats(n_gates),
        is_open=_ints(n_gates, 1),
        turn=_ints(n_gates),
        first=_ints(n_sides, -1),
        last=_ints(n_sides, -1),
        waiting=_ints(n_sides),
        blocked=_ints(n_sides),
        share=_floats(n_sides),
        passed=_ints(n_sides),
        peak_queue=_ints(n_sides),
        queue_person_s=_floats(n_sides),
        first_pass_s=_floats(n_sides, math.inf),
        last_pass_s=_floats(n_sides, math.inf),
        status=_ints(n_people, NOT_STARTED),
        cell=placement.cell.astype(np.int64),
        side=_ints(n_people, -1),
        row=placement.row.astype(np.int64),
        place=placement.place.astype(np.int64),
        group=placement.group.astype(np.int64),
        anchor=placement.anchor.astype(np.int64),
        home=placement.home.astype(np.int64),
        target=_floats(n_people),
        child=_ints(n_people, -1),
        after=_ints(n_people, -1),
        queued_at=_floats(n_people),
        speed_mps=np.ascontiguousarray(speed_mps, dtype=np.float64).ravel(),
        started_s=_floats(n_people, math.inf),
        left_room_s=_floats(n_people, math.inf),
        out_s=_floats(n_people, math.inf),
        exit_gate=_ints(n_people, -1),
        placed_s=_floats(n_people, math.inf),
        waited_s=_floats(n_people),
        walked_m=_floats(n_people),
        group_missing=missing.astype(np.int64),
        watch_group=_ints(n_groups),
        watch_cell=_ints(n_cells),
        watch_person=_ints(n_people),
        signal_kind=_ints(4 * n_people + 64),
        signal_subject=_ints(4 * n_people + 64),
        potential=_floats(n_rows * n_sides),
        next_side=_ints(n_rows * n_sides),
        log_time_s=_floats(n_log),
        log_kind=_ints(n_log),
        log_person=_ints(n_log),
        log_subject=_ints(n_log),
    )


def _ints(n: int, value: int = 0) -> Ints:
    """Return n integers of one value."""
    return np.full(n, value, dtype=np.int64)


def _floats(n: int, value: float = 0.0) -> Floats:
    """Return n numbers of one value."""
    return np.full(n, value)
