"""The people of one replica on the move: the state of the kernel and the few things one may ask."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.kernels.arrays import (
    CELL_STATE,
    COUNT_EVENTS,
    COUNT_RECORD,
    COUNT_SIGNALS,
    EVENT,
    GATE_STATE,
    GROUP_STATE,
    N_COUNTERS,
    NOBODY,
    NOT_STARTED,
    PERSON_STATE,
    SIDE_STATE,
    SIGNAL,
    SIGNAL_CELL,
    SIGNAL_GROUP,
    SIGNAL_LOG,
    SIGNAL_PERSON,
    WALK_STATE,
    State,
    Table,
    as_list,
    column,
    filled,
    rows,
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
        self._leaving: list[Ints] = []
        self._leaving_s: list[Floats] = []

    def _fill_routes(self, state: State) -> None:
        """Find the routes of the undisturbed building once, and copy them into each replica."""
        cache = self.network.cache
        if "routes" not in cache:
            n_sides = len(self.network.arrays.sides)
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
        self._send_off()
        while True:
            n = self._kernel.advance(self._arrays, self._state, until_s)
            if n == 0:
                return []
            signals = rows(self._state.signals, n)
            self._state.counters[COUNT_SIGNALS] = 0
            happened = [(SIGNAL_NAMES[kind], who) for kind, who in signals if kind != SIGNAL_LOG]
            if len(happened) < n:
                self._grow_log()
            if happened:
                return happened

    def release(self, people: Sequence[int] | Ints, times_s: Sequence[float] | Floats) -> None:
        """Let people set off at the given times (not before now)."""
        if len(people):
            self._leaving.append(np.asarray(people, dtype=np.int64))
            self._leaving_s.append(np.asarray(times_s, dtype=np.float64))

    def _send_off(self) -> None:
        """Tell the kernel who sets off: one call for all that were released since the last."""
        if not self._leaving:
            return
        who: Any = np.concatenate(self._leaving)
        when: Any = np.concatenate(self._leaving_s)
        if self._kernel.backend == "python":
            who, when = who.tolist(), when.tolist()
        self._kernel.release(self._arrays, self._state, who, when)
        self._leaving, self._leaving_s = [], []

    def set_gate(self, gate: int, *, is_open: bool) -> None:
        """Open or close a gate now; people waiting there look for another way."""
        self._send_off()
        n_sides = len(self.network.arrays.sides)
        work: list[Any] = [np.zeros(n_sides, dtype=np.int64) for _ in range(2)]
        if self._kernel.backend == "python":
            work = [array.tolist() for array in work]
        self._kernel.set_gate(self._arrays, self._state, gate, int(is_open), *work)

    def watch_groups(self, groups: Iterable[int]) -> None:
        """Stop when the last member of one of these classes reaches its place."""
        for group in groups:
            _set(self._state.groups, group, "watched", 1)

    def watch_cell(self, cell: int) -> None:
        """Stop when this cell becomes empty."""
        _set(self._state.cells, cell, "watched", 1)

    def watch_person(self, person: int) -> None:
        """Stop when this person reaches a place."""
        _set(self._state.persons, person, "watched", 1)

    def person(self, name: str) -> NDArray[Any]:
        """Return one field of ``PERSON_STATE`` for everybody."""
        return column(self._state.persons, PERSON_STATE, name)

    def side(self, name: str) -> NDArray[Any]:
        """Return one field of ``SIDE_STATE`` for all sides."""
        return column(self._state.sides, SIDE_STATE, name)

    def cell(self, name: str) -> NDArray[Any]:
        """Return one field of ``CELL_STATE`` for all cells, the pseudo cell of the starts last."""
        return column(self._state.cells, CELL_STATE, name)

    def finish(self) -> None:
        """Close the accounts of people who still wait at a gate when the run ends."""
        self._kernel.close_accounts(self._state)

    def events(self) -> Events:
        """Return the log so far."""
        log, n = self._state.log, int(self._state.counters[COUNT_EVENTS])
        return Events(
            time_s=column(log[:n], EVENT, "time_s", np.float64),
            kind=column(log[:n], EVENT, "kind", np.int8),
            person=column(log[:n], EVENT, "person", np.int32),
            subject=column(log[:n], EVENT, "subject", np.int32),
        )

    def _grow_log(self) -> None:
        more = np.empty(len(self._state.log), dtype=EVENT)
        log = self._state.log
        both = np.concatenate([log, more]) if isinstance(log, np.ndarray) else log + as_list(more)
        self._state = self._state._replace(log=both)


def _set(table: Table, row: int, name: str, value: int) -> None:
    if isinstance(table, np.ndarray):
        table[name][row] = value
    else:
        setattr(table[row], name, value)


def _as_lists(state: State) -> State:
    return State(*(as_list(array) for array in state))


@cache
def _first_round(leaves: int) -> NDArray[np.int64]:
    """Return the tournament before anything happens: the lower number wins everywhere."""
    winner = np.zeros(2 * leaves, dtype=np.int64)
    winner[leaves:] = np.arange(leaves)
    for node in range(leaves - 1, 0, -1):
        winner[node] = winner[2 * node]
    return winner


def _new_state(
    network: MovementNetwork,
    placement: Placement,
    speed_mps: Floats,
    n_groups: int,
    record_events: bool,
) -> State:
    net = network.arrays
    n_cells, n_gates = net.n_cells, net.n_gates
    n_sides, n_people, n_rows = 2 * n_gates, len(placement.cell), len(net.rows)
    leaves = 1 << (n_cells + n_gates).bit_length()
    n_log = EVENTS_PER_PERSON * n_people + 2 * (n_sides + n_people + 64) if record_events else 1
    occupants = np.bincount(placement.cell, minlength=n_cells + 1)
    over = np.flatnonzero(occupants > net.cells["capacity"])
    if len(over):
        cell = int(over[0])
        raise MovementError(
            f"{network.compiled.cell_ids[cell]}: {occupants[cell]} people to begin with, room for "
            f"{net.cells['capacity'][cell]} at {network.flow_law.storage_per_m2:g} per m2"
        )
    entry = net.cells["table_start"] + np.minimum(occupants, net.cells["table_last"])
    counters = np.zeros(N_COUNTERS, dtype=np.int64)
    counters[COUNT_RECORD] = int(record_events)
    persons = filled(
        PERSON_STATE,
        n_people,
        status=NOT_STARTED,
        cell=placement.cell,
        row=placement.row,
        place=placement.place,
        group=placement.group,
        anchor=placement.anchor,
        home=placement.home,
    )
    for name in ("side", "exit_gate"):
        persons[name] = NOBODY
    for name in ("started_s", "left_room_s", "out_s", "placed_s"):
        persons[name] = math.inf
    missing = np.bincount(placement.group[placement.group >= 0], minlength=n_groups)
    return State(
        clock=np.zeros(1),
        counters=counters,
        key=np.full(2 * leaves, math.inf),
        winner=_first_round(leaves).copy(),
        cells=filled(
            CELL_STATE,
            n_cells + 1,
            pace=net.speed_table[entry],
            occupants=occupants,
            root=NOBODY,
        ),
        gates=filled(GATE_STATE, n_gates, is_open=1),
        sides=filled(
            SIDE_STATE,
            n_sides,
            first=NOBODY,
            last=NOBODY,
            first_pass_s=math.inf,
            last_pass_s=math.inf,
        ),
        walks=filled(WALK_STATE, n_people, child=NOBODY, after=NOBODY),
        persons=persons,
        speed_mps=np.ascontiguousarray(speed_mps, dtype=np.float64).ravel(),
        groups=filled(GROUP_STATE, n_groups, missing=missing),
        signals=np.zeros(4 * n_people + 64, dtype=SIGNAL),
        stale=np.zeros(n_cells + 1, dtype=np.int64),
        wake_stack=np.zeros(n_cells, dtype=np.int64),
        ring=np.zeros(n_cells, dtype=np.int64),
        potential=np.zeros(n_rows * n_sides),
        next_side=np.zeros(n_rows * n_sides, dtype=np.int64),
        log=np.empty(n_log, dtype=EVENT),
    )
