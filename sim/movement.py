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
    COUNT_LOST,
    COUNT_RECORD,
    COUNT_ROWS,
    COUNT_SHUT,
    COUNT_SIGNALS,
    EVENT,
    GATE_STATE,
    GROUP_STATE,
    IN_PLACE,
    JOINED,
    N_COUNTERS,
    NO_ROUTE,
    NOBODY,
    NOT_STARTED,
    OUT,
    PERSON_STATE,
    QUEUEING,
    RIDING,
    ROW_FACTS,
    SIDE_STATE,
    SIGNAL,
    SIGNAL_CELL,
    SIGNAL_GROUP,
    SIGNAL_LOG,
    SIGNAL_PERSON,
    SIGNAL_ROWS,
    SIGNAL_STALLED,
    WALK_STATE,
    WALKING,
    State,
    Table,
    as_list,
    column,
    filled,
    rows,
)
from sim.kernels.backend import Backend, Kernel, load_kernel
from sim.kernels.movement import spare_rows
from sim.network import MovementError, MovementNetwork
from sim.results import Events

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIGNAL_NAMES: Final = {SIGNAL_GROUP: "group", SIGNAL_CELL: "cell", SIGNAL_PERSON: "person"}
ROUTE_TABLES: Final = ("potential", "next_side", "alike")
"""Fields of the state with an entry for each routing row and side."""
ROWS_AT_ONCE: Final = 32
"""Routing rows that are kept free beyond what the kernel asks for (see ``spare_rows`` there)."""
MOST_ROWS_AT_ONCE: Final = 4096
"""Most routing rows made room for at one order; more different knowledge is an error."""
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
    size : ndarray of int, optional
        Places that each person takes up; one where not given.
    quick, patient : ndarray, optional
        Whether each person takes the locally quickest way, and waits at closed doors.
    tie : ndarray, optional
        In [0, 1): which of equally good ways each person takes; the first where not given.
    """

    cell: Ints
    anchor: Ints
    home: Ints
    row: Ints
    place: Ints
    group: Ints
    size: Ints | None = None
    quick: NDArray[Any] | None = None
    patient: NDArray[Any] | None = None
    tie: Floats | None = None


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
    room_for_rows : int
        Routing rows to make room for from the beginning; changes no result.

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
        room_for_rows: int = 0,
    ) -> None:
        bad = ~(np.isfinite(speed_mps) & (speed_mps > 0)).all(axis=1)
        if bad.any():
            who = int(np.flatnonzero(bad)[0])
            raise MovementError(f"person {who}: speed {speed_mps[who]} m/s, expected > 0")
        self.network = network
        self.kernel = load_kernel(backend)
        self._arrays = network.for_kernel(self.kernel)
        arrays = _new_state(
            network, placement, speed_mps, n_groups, record_events, room_for_rows=room_for_rows
        )
        self._fill_routes(arrays)
        self._state = _as_lists(arrays) if backend == "python" else arrays
        self._leaving: list[Ints] = []
        self._leaving_s: list[Floats] = []

    def _fill_routes(self, state: State) -> None:
        """Find the routes of the undisturbed building once, and copy them into each replica."""
        for name, values in zip(ROUTE_TABLES, routes_of(self.network, self.kernel), strict=True):
            getattr(state, name)[: len(values)] = values

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
            n = self.kernel.advance(self._arrays, self._state, until_s)
            if n == 0:
                return []
            signals = rows(self._state.signals, n)
            self._state.counters[COUNT_SIGNALS] = 0
            kinds = {kind for kind, _ in signals}
            if SIGNAL_STALLED in kinds:
                raise self._frozen("too much happens at one instant")
            if SIGNAL_LOG in kinds:
                self._grow_log()
            if SIGNAL_ROWS in kinds:
                self._grow_rows(self._spare_rows())
            happened = [(SIGNAL_NAMES[kind], who) for kind, who in signals if kind in SIGNAL_NAMES]
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
        if self.kernel.backend == "python":
            who, when = who.tolist(), when.tolist()
        self.kernel.release(self._arrays, self._state, who, when)
        self._leaving, self._leaving_s = [], []

    def set_gate(self, gate: int, *, passes: tuple[bool, bool]) -> None:
        """Let people pass a gate from its two sides, or not, from now on.

        People in the cells of the gate see it; of those, walkers turn round and queues break up
        where another way is better now. People without a way are told of a gate that opens.
        """
        self._before_orders(self._rows_for_gate(gate, passes))
        self.kernel.set_gate(self._arrays, self._state, gate, int(passes[0]), int(passes[1]))
        self._after_orders()

    def shut_unseen(self, side: int) -> None:
        """Let nobody pass from a side, before anybody has set off; who comes there will see it.

        Raises
        ------
        MovementError
            If time has passed already.
        """
        if self.now_s > 0 or self._leaving:
            raise MovementError("a door can only be found shut before anybody sets off")
        sides, cells = self._state.sides, self._state.cells
        if _get(sides, side, "is_open"):
            cell = int(self.network.compiled.side_cell[side])
            _set(sides, side, "is_open", 0)
            _set(cells, cell, "shut", int(_get(cells, cell, "shut")) + 1)
            self._state.counters[COUNT_SHUT] += 1

    def inform(self, people: Sequence[int] | Ints, gate: int) -> None:
        """Tell people whether they may pass a gate, wherever they are."""
        told = np.asarray(people, dtype=np.int64)
        self._before_orders(2 * self._rows_for(told, news=2))
        self.kernel.inform(self._arrays, self._state, self._vector(people), gate)
        self._after_orders()

    def send(
        self,
        people: Sequence[int] | Ints,
        rows: Sequence[int] | Ints,
        places: Any,
        *,
        inside_m: Floats | None = None,
    ) -> None:
        """Give people another goal.

        Parameters
        ----------
        people : sequence of int
        rows : sequence of int
            A routing row of the network for each.
        places : sequence of int
            The goal place of each; -1 where the exit taken decides.
        inside_m : ndarray, shape (len(people),), optional
            Metres to the place for those who stand in its cell; 0 where not given: they are there.

        Raises
        ------
        MovementError
            If one of them goes with somebody, or is in a lift car.
        """
        status = self.person("status")
        for person in np.asarray(people, dtype=np.int64):
            if status[person] in (JOINED, RIDING):
                raise MovementError(f"person {person} goes with somebody and cannot be sent")
        if inside_m is not None:
            _set_many(self._state.persons, people, "inside_m", inside_m.tolist())
        who, goals = np.asarray(people, dtype=np.int64), np.asarray(rows, dtype=np.int64)
        self._before_orders(self._rows_for(who, goals))
        self.kernel.send(
            self._arrays, self._state, *(self._vector(part) for part in (people, rows, places))
        )
        self._after_orders()

    def join(self, person: int, leader: int, *, extra: int = 0) -> None:
        """Let a person who has stopped go with another one who has stopped in the same cell.

        Raises
        ------
        MovementError
            If one of them has not stopped, or they are not in the same cell.
        """
        self._before_orders(0)
        if not (self._has_stopped(person) and self._has_stopped(leader)):
            raise MovementError(f"persons {person} and {leader} have to stop before they join")
        apart = self.of_person(person, "cell") != self.of_person(leader, "cell")
        if apart or person == leader:
            raise MovementError(f"persons {person} and {leader} are not in the same place")
        self.kernel.bind(self._arrays, self._state, person, leader, extra)

    def part(self, person: int, *, extra: int = 0) -> None:
        """Let a person who went with another one stand by themselves again.

        Raises
        ------
        MovementError
            If the person goes with nobody, or the other one has not stopped.
        """
        self._before_orders(0)
        leader = int(self.of_person(person, "leader"))
        if leader < 0 or not self._has_stopped(leader):
            raise MovementError(f"person {person} goes with nobody who has stopped")
        self.kernel.unbind(self._arrays, self._state, person, extra)

    def board(self, person: int) -> None:
        """Take a person who has stopped, and whoever goes with them, into a lift car.

        Raises
        ------
        MovementError
            If the person has not stopped.
        """
        self._before_orders(0)
        if self.of_person(person, "status") not in (IN_PLACE, NO_ROUTE):
            raise MovementError(f"person {person} has to stop before a lift takes them")
        self.kernel.take_aboard(self._arrays, self._state, person)

    def alight(self, person: int, place: int) -> None:
        """Let a person in a lift car, and whoever goes with them, stop at a place.

        Raises
        ------
        MovementError
            If the person is in no lift car.
        """
        self._before_orders(0)
        if self.of_person(person, "status") != RIDING:
            raise MovementError(f"person {person} is in no lift car")
        self.kernel.set_down(self._arrays, self._state, person, place)

    def _has_stopped(self, person: int) -> bool:
        return self.of_person(person, "status") in (IN_PLACE, OUT, NO_ROUTE)

    def has_room(self, cell: int, size: int) -> bool:
        """Whether a cell can take somebody of a size, beside those in marked places."""
        taken = self.cell("occupants")[cell] - self.cell("aside")[cell]
        return bool(taken + size <= self.network.arrays.cells["capacity"][cell] or taken == 0)

    def stands_at(self, person: int, place: int) -> bool:
        """Whether a person has stopped at a place; -1 for anywhere outside."""
        status = self.of_person(person, "status")
        if place < 0:
            return bool(status == OUT)
        return status in (IN_PLACE, OUT) and self.of_person(person, "place") == place

    def cell_of_place(self, place: int) -> int:
        """Return the cell in which a place lies."""
        return int(self.network.arrays.places["cell"][place])

    def metres_to_goal(self, person: int, row: int) -> float:
        """Return how far a person has to walk to the goal of a row; inf without a way.

        Doors that the person knows to be closed count. Stairs count as the level metres that take
        as long; in the same cell the distance is 0.
        """
        self._before_orders(1)
        return float(self.kernel.distance(self._arrays, self._state, person, row))

    def metres_to_goals(self, person: int, rows: Ints) -> Floats:
        """Return how far a person has to walk to the goals of several first rows; inf: no way.

        Doors that changed since the start do not count: it is what somebody knows who has not seen
        them. Whoever walks or queues at present is taken to be at the side they head for.
        """
        compiled, arrays = self.network.compiled, self.network.arrays
        cell = int(self.of_person(person, "cell"))
        first, end = compiled.cell_sides_start[cell], compiled.cell_sides_start[cell + 1]
        sides = compiled.cell_sides[first:end]
        here = int(self.of_person(person, "side"))
        if here < 0 and self.of_person(person, "status") == NO_ROUTE:
            here = int(self.of_person(person, "origin"))
        if here >= 0:
            local = int(compiled.side_local[here])
            start = int(compiled.hop_start[cell]) + local * len(sides)
            to_sides = arrays.hops["metres"][start : start + len(sides)]
        else:
            anchor = int(self.of_person(person, "anchor"))
            to_sides = arrays.walk_m[anchor : anchor + len(sides)]
        knows = self.network.first_row[rows]
        beyond = routes_of(self.network, self.kernel)[0].reshape(-1, 2 * arrays.n_gates)
        if not len(sides):
            return np.full(len(rows), math.inf)
        metres = (to_sides[None, :] + beyond[knows][:, sides]).min(axis=1)
        goal_cells = arrays.places["cell"][arrays.rows["place"][rows]]
        metres[(arrays.rows["place"][rows] >= 0) & (goal_cells == cell)] = 0.0
        return np.asarray(metres)

    def set_speed(self, person: int, speeds_mps: tuple[float, float, float]) -> None:
        """Change the free speed of a person who has stopped: on the level, down and up a stair."""
        if not all(math.isfinite(speed) and speed > 0 for speed in speeds_mps):
            raise MovementError(f"person {person}: speed {speeds_mps} m/s, expected > 0")
        for i, speed in enumerate(speeds_mps):
            self._state.speed_mps[3 * person + i] = speed

    def _vector(self, values: Any) -> Any:
        array = np.asarray(values, dtype=np.int64)
        return array.tolist() if self.kernel.backend == "python" else array

    def _spare_rows(self) -> int:
        """Return how many routing rows to keep free: more than the kernel asks for."""
        return ROWS_AT_ONCE + int(spare_rows(self._arrays, self._state))

    def _rows_in_use(self) -> int:
        return int(self._state.counters[COUNT_ROWS])

    def _rows_for(self, people: Ints, rows: Ints | None = None, *, news: int = 0) -> int:
        """Return at most how many routing rows people need who look about, and learn a few things.

        Every different set of closed sides needs a row for each side of it: those that somebody
        knew, those of the space they are in, and ``news`` more.

        Parameters
        ----------
        people : ndarray of int
        rows : ndarray of int, optional
            The first row of the goal that each sets out for; their own where not given.
        """
        if not len(people):
            return 0
        known, cell = self.person("row")[people], self.person("cell")[people]
        goal = known if rows is None else rows
        shut, n_shut = self.cell("shut"), column(self._state.rows, ROW_FACTS, "n_shut")
        different = {*zip(known.tolist(), goal.tolist(), cell.tolist(), strict=True)}
        return sum(int(n_shut[row] + shut[cell]) + news for row, _, cell in different)

    def _rows_for_gate(self, gate: int, passes: tuple[bool, bool]) -> int:
        """Return at most how many routing rows are needed when a gate changes.

        Who is in the cell of a side that changes sees it, and who has no way is told of doors that
        open.
        """
        status, cell = self.person("status"), self.person("cell")
        afoot = (status == NOT_STARTED) | (status == WALKING) | (status == QUEUEING)
        learns = status == NO_ROUTE
        for side in (2 * gate, 2 * gate + 1):
            if bool(_get(self._state.sides, side, "is_open")) != passes[side & 1]:
                learns |= afoot & (cell == self.network.compiled.side_cell[side])
        return 2 * self._rows_for(np.flatnonzero(learns), news=2)

    def _before_orders(self, new_rows: int) -> None:
        """Send off who was released before, and make room for what people may learn."""
        self._send_off()
        self._grow_rows(min(new_rows, MOST_ROWS_AT_ONCE) + self._spare_rows())
        if self._state.counters[COUNT_RECORD]:
            needed = 4 * len(self._state.persons) + 64
            while len(self._state.log) - self._state.counters[COUNT_EVENTS] < needed:
                self._grow_log()

    def _after_orders(self) -> None:
        if self._state.counters[COUNT_LOST]:
            raise MovementError(
                "more closed doors are known to different people than can be followed: "
                f"{self._rows_in_use()} routing rows are in use"
            )

    def _grow_rows(self, spare: int) -> None:
        """Make sure that so many routing rows are free."""
        state = self._state
        have, used = len(state.rows), int(state.counters[COUNT_ROWS])
        if have - used >= spare:
            return
        more = max(spare - (have - used), have)
        n_sides = len(self.network.arrays.sides)
        grown: dict[str, Any] = {"rows": filled(ROW_FACTS, more)}
        for name in ROUTE_TABLES:
            kind = np.float64 if name == "potential" else np.int64
            grown[name] = np.zeros(more * n_sides, dtype=kind)
        self._state = state._replace(
            **{name: _longer(getattr(state, name), new) for name, new in grown.items()}
        )

    def check_that_nothing_is_frozen(self) -> None:
        """Make sure that people who wait have something to wait for.

        Raises
        ------
        FrozenError
            If nothing is left to happen, and people wait although no door of their way is closed.
        """
        if self._state.key[1] < math.inf or not self.side("waiting").any():
            return
        status, side = self.person("status"), self.person("side")
        stuck = [
            int(person)
            for person in np.flatnonzero(status == QUEUEING)
            if not self.kernel.waits_for_a_door(self._arrays, self._state, int(person))
        ]
        if stuck:
            gate = self.network.compiled.gate_ids[int(side[stuck[0]]) >> 1]
            raise self._frozen(
                f"{len(stuck)} people wait for ever, person {stuck[0]} among them at {gate},"
            )

    def _frozen(self, what: str) -> FrozenError:
        status, side, cell = (self.person(name) for name in ("status", "side", "cell"))
        compiled = self.network.compiled
        held_up = tuple(
            (int(person), compiled.gate_ids[side[person] >> 1])
            if side[person] >= 0
            else (int(person), compiled.cell_ids[cell[person]])
            for person in np.flatnonzero((status == QUEUEING) | (status == WALKING))
        )
        return FrozenError(f"{what} at {self.now_s:.3f} s", held_up)

    def watch_groups(self, groups: Iterable[int]) -> None:
        """Stop when the last member of one of these classes reaches its place."""
        for group in groups:
            _set(self._state.groups, group, "watched", 1)

    def watch_cell(self, cell: int) -> None:
        """Stop when this cell becomes empty."""
        _set(self._state.cells, cell, "watched", 1)

    def watch_person(self, person: int, *, or_no_way: bool = False) -> None:
        """Stop when this person reaches a place, or finds no way to it if that is asked for."""
        _set(self._state.persons, person, "watched", 2 if or_no_way else 1)

    def muster(self, people: Sequence[int] | Ints, group: int) -> None:
        """Count people among a group from now on: it is gathered when they have reached a place.

        Who has reached one already counts again only once they are sent to one.
        """
        who = np.asarray(people, dtype=np.int64)
        before, counted = self.person("group")[who], self.person("missing")[who] == 1
        missing = np.zeros(len(self._state.groups), dtype=np.int64)
        np.subtract.at(missing, before[counted & (before >= 0)], 1)
        missing[group] += len(who)
        _set_many(self._state.persons, who, "group", [group] * len(who))
        _set_many(self._state.persons, who, "missing", [1] * len(who))
        for changed in np.flatnonzero(missing).tolist():
            now = self.missing_from(changed) + int(missing[changed])
            _set(self._state.groups, changed, "missing", now)

    def missing_from(self, group: int) -> int:
        """Return how many members of a group have not reached a place."""
        return int(_get(self._state.groups, group, "missing"))

    def person(self, name: str) -> NDArray[Any]:
        """Return one field of ``PERSON_STATE`` for everybody."""
        return column(self._state.persons, PERSON_STATE, name)

    def of_person(self, person: int, name: str) -> Any:
        """Return one field of ``PERSON_STATE`` for one person."""
        return _get(self._state.persons, person, name)

    def side(self, name: str) -> NDArray[Any]:
        """Return one field of ``SIDE_STATE`` for all sides."""
        return column(self._state.sides, SIDE_STATE, name)

    def cell(self, name: str) -> NDArray[Any]:
        """Return one field of ``CELL_STATE`` for all cells, the pseudo cell of the starts last."""
        return column(self._state.cells, CELL_STATE, name)

    def finish(self) -> None:
        """Close the accounts of people who still wait at a gate when the run ends."""
        if self.side("waiting").any():
            self.kernel.close_accounts(self._state)

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
        log = self._state.log
        self._state = self._state._replace(log=_longer(log, np.empty(len(log), dtype=EVENT)))


def routes_of(network: MovementNetwork, kernel: Kernel) -> tuple[NDArray[Any], ...]:
    """Return the `ROUTE_TABLES` of the building as it is at the start; they are found once."""
    cache, key = network.cache, "routes"
    if key not in cache:
        none = np.zeros(0, dtype=np.int64)
        nobody = Placement(none, none, none, none, none, none)
        state = _new_state(network, nobody, np.zeros((0, 3)), 0, record_events=False)
        found = state if kernel.backend == "compiled" else _as_lists(state)
        kernel.find_all_routes(network.for_kernel(kernel), found)
        cache[key] = tuple(
            np.array(getattr(found, name), dtype=getattr(state, name).dtype)
            for name in ROUTE_TABLES
        )
    routes: tuple[NDArray[Any], ...] = cache[key]
    return routes


def walking_metres(
    network: MovementNetwork, kernel: Kernel, *, cell: int, anchor: int, row: int
) -> float:
    """Return the metres from a point of a cell to the goal of a row; inf without a way.

    ``anchor`` is the offset of the point in ``Network.walk_m``. Within one cell it is 0. Doors that
    are shut from the start, as everybody knows, let nobody pass.
    """
    arrays = network.arrays
    place = int(arrays.rows["place"][row])
    if place >= 0 and arrays.places["cell"][place] == cell:
        return 0.0
    first, n = (int(arrays.cells[name][cell]) for name in ("first_side", "n_sides"))
    sides = arrays.cell_sides[first : first + n]
    if n == 0:
        return math.inf
    knows = int(network.first_row[row])
    beyond = routes_of(network, kernel)[0][knows * len(arrays.sides) + sides]
    return float((arrays.walk_m[anchor : anchor + n] + beyond).min())


class FrozenError(RuntimeError):
    """People hold each other up for ever, or go round in circles: a fault of the engine.

    Parameters
    ----------
    message : str
    held_up : tuple of (int, str)
        Number of each person who is held up, and where: a gate, or a cell.
    """

    def __init__(self, message: str, held_up: tuple[tuple[int, str], ...] = ()) -> None:
        super().__init__(message, held_up)
        self.message = message
        self.held_up = held_up

    def __str__(self) -> str:
        return self.message


def _longer(table: Table, more: NDArray[Any]) -> Any:
    """Return a table with more rows, in the shape it has."""
    if isinstance(table, np.ndarray):
        return np.concatenate([table, more])
    return table + as_list(more)


def _get(table: Table, row: int, name: str) -> Any:
    return table[name][row] if isinstance(table, np.ndarray) else getattr(table[row], name)


def _set(table: Table, row: int, name: str, value: int) -> None:
    if isinstance(table, np.ndarray):
        table[name][row] = value
    else:
        setattr(table[row], name, value)


def _set_many(table: Table, rows: Any, name: str, values: Sequence[float]) -> None:
    if isinstance(table, np.ndarray):
        table[name][np.asarray(rows, dtype=np.int64)] = values
        return
    for row, value in zip(rows, values, strict=True):
        setattr(table[int(row)], name, value)


def _as_lists(state: State) -> State:
    return State(*(as_list(array) for array in state))


def _with_room(rows: NDArray[np.void], spare: int) -> NDArray[np.void]:
    """Return routing rows whose ways are found, and room for more."""
    table = np.concatenate([rows, filled(ROW_FACTS, spare)])
    table["routed"][: len(rows)] = 1
    return table


@cache
def _first_round(n_stations: int) -> NDArray[np.int64]:
    """Return the tournament before anything happens: the lower number wins everywhere."""
    leaves = 1
    while leaves < n_stations:
        leaves *= 4
    first_leaf = (leaves + 2) // 3
    winner = np.zeros(first_leaf + leaves, dtype=np.int64)
    winner[first_leaf:] = np.arange(leaves)
    for node in range(first_leaf - 1, 0, -1):
        winner[node] = winner[4 * node - 2]
    return winner


def _new_state(
    network: MovementNetwork,
    placement: Placement,
    speed_mps: Floats,
    n_groups: int,
    record_events: bool,
    *,
    room_for_rows: int = 0,
) -> State:
    net = network.arrays
    n_cells, n_gates = net.n_cells, net.n_gates
    n_sides, n_people, n_rows = 2 * n_gates, len(placement.cell), len(net.rows)
    n_room = n_rows + room_for_rows
    winner = _first_round(n_cells + n_gates + 1).copy()
    n_log = EVENTS_PER_PERSON * n_people + 2 * (n_sides + n_people + 64) if record_events else 1
    size = np.ones(n_people, dtype=np.int64) if placement.size is None else placement.size
    occupants = np.bincount(placement.cell, weights=size, minlength=n_cells + 1).astype(np.int64)
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
    counters[COUNT_ROWS] = n_rows
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
        size=size,
        missing=1,
        quick=0 if placement.quick is None else placement.quick,
        patient=0 if placement.patient is None else placement.patient,
        tie=0.0 if placement.tie is None else placement.tie,
    )
    for name in ("side", "exit_gate", "origin", "mate", "leader"):
        persons[name] = NOBODY
    for name in ("started_s", "left_room_s", "out_s", "placed_s"):
        persons[name] = math.inf
    missing = np.bincount(placement.group[placement.group >= 0], minlength=n_groups)
    shut = np.zeros(n_sides, dtype=np.int64)
    shut[network.shut] = 1
    return State(
        clock=np.zeros(1),
        counters=counters,
        key=np.full(len(winner), math.inf),
        winner=winner,
        cells=filled(
            CELL_STATE,
            n_cells + 1,
            pace=net.speed_table[entry],
            occupants=occupants,
            shut=np.bincount(net.sides["cell"], weights=shut, minlength=n_cells + 1),
            root=NOBODY,
            reserved=NOBODY,
            last_down=-math.inf,
            last_up=-math.inf,
        ),
        gates=filled(GATE_STATE, n_gates),
        sides=filled(
            SIDE_STATE,
            n_sides,
            first=NOBODY,
            last=NOBODY,
            first_pass_s=math.inf,
            last_pass_s=math.inf,
            is_open=1 - shut,
        ),
        walks=filled(WALK_STATE, n_people, child=NOBODY, after=NOBODY),
        persons=persons,
        speed_mps=np.ascontiguousarray(speed_mps, dtype=np.float64).ravel(),
        groups=filled(GROUP_STATE, n_groups, missing=missing),
        signals=np.zeros(4 * n_people + 64, dtype=SIGNAL),
        stale=np.zeros(n_cells + 1, dtype=np.int64),
        wake_stack=np.zeros(n_cells, dtype=np.int64),
        ring=np.zeros(n_cells, dtype=np.int64),
        rows=_with_room(net.rows, room_for_rows),
        potential=np.zeros(n_room * n_sides),
        next_side=np.zeros(n_room * n_sides, dtype=np.int64),
        alike=np.zeros(n_room * n_sides, dtype=np.int64),
        todo=np.zeros(n_sides, dtype=np.int64),
        queued=np.zeros(n_sides, dtype=np.int64),
        closed=np.zeros(n_sides, dtype=np.int64),
        path=np.zeros(n_sides + 1, dtype=np.int64),
        shelf=np.zeros(n_people, dtype=np.int64),
        log=np.empty(n_log, dtype=EVENT),
    )
