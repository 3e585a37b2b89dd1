"""Small buildings filled to the brim with people who want past each other, while doors change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import networkx as nx
import numpy as np
from support.hand_buildings import hand_building
from support.movement_audit import audit

from buildings import CompiledPlan
from buildings.compiled import CELL_STAIR
from sim import FlowLaw, flow_law
from sim.kernels.arrays import IN_PLACE, NO_ROUTE, OUT, QUEUEING
from sim.movement import Movement, Placement
from sim.network import Goal, build_network

OPEN: Final = (True, True)
KINDS: Final = ("plain", "doors", "mixed", "patient")
"""What a case has beside what the one before has: nothing but full rooms and opposed streams; doors
that close, open, or let pass one way only; people of sizes 1 to 3, people who go by the queues in
sight, people sent elsewhere, and narrow stairs; people who wait at closed doors."""
LAST_S: Final = 7200.0
"""Time after the last change by which everything has long come to rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A gate that lets people pass or not, and who is told; or people who are sent elsewhere."""

    at_s: float
    gate: int = -1
    passes: tuple[bool, bool] = OPEN
    told: np.ndarray | None = None
    sent: np.ndarray | None = None
    rows: np.ndarray | None = None
    places: np.ndarray | None = None

    def apply(self, movement: Movement) -> None:
        if self.gate >= 0:
            movement.set_gate(self.gate, passes=self.passes)
        if self.told is not None:
            movement.inform(self.told, self.gate)
        if self.sent is not None:
            movement.send(self.sent, self.rows, self.places)


@dataclass(frozen=True, slots=True, eq=False)
class FullHouse:
    """One case: a building, its people, and what changes when."""

    building: CompiledPlan
    law: FlowLaw
    goals: tuple[Goal, ...]
    rooms: tuple[int, ...]
    placement: Placement
    speed_mps: np.ndarray
    start_s: np.ndarray
    changes: tuple[Change, ...]

    @property
    def keeps_capacities(self) -> bool:
        """Whether no cell ever holds more than it can; see `audit`."""
        return not self.rooms and bool((self.placement.size == 1).all())

    def begin(self, backend: Any, *, record_events: bool = False) -> Movement:
        """Return everybody in their place, released at their times."""
        network = build_network(self.building, self.law, goals=self.goals, spaces=self.rooms)
        movement = Movement(
            network, self.placement, self.speed_mps, n_groups=0, backend=backend,
            record_events=record_events,
        )  # fmt: skip
        movement.release(np.arange(len(self.start_s)), self.start_s)
        return movement


def full_house(rng: np.random.Generator, kind: str) -> FullHouse:
    """Draw a case: 2 to 7 rooms of 1 to 4 m2, up to 3 exits, up to 6 changes in mid-run.

    Rooms hang together as a chain, a tree, or with loops and doors side by side; some are narrow
    stairs, which some people cannot use. Everybody is bound for an exit of their own, some for any;
    who is sent may be sent to a room, or back into the building.
    """
    n = int(rng.integers(2, 8))
    names = [f"room-{i}" for i in range(n)]
    areas = {name: float(rng.choice([1.0, 2.0, 4.0])) for name in names}
    gates = []
    for i in range(1, n):
        before = i - 1 if rng.random() < 0.5 else int(rng.integers(0, i))
        gates.append((names[before], names[i], float(rng.choice([0.8, 1.0, 1.6]))))
    for _ in range(int(rng.integers(0, 4))):
        a, b = rng.integers(0, n, 2)
        if a != b:
            gates.append((names[a], names[b], 0.8))
    for room in rng.integers(0, n, int(rng.integers(1, 4))):
        gates.append((names[room], "outside", float(rng.choice([0.8, 1.2]))))
    plain, fixed = kind == "plain", kind in ("plain", "doors")
    has_stairs = not fixed and rng.random() < 0.3
    stairs = {names[0]: (0.17, 0.28, float(rng.choice([1.0, 1.4])), 4.0)} if has_stairs else {}
    building = hand_building(
        areas,
        gates,
        walk_m=float(rng.choice([0.0, 0.5, 1.0, 3.0])),
        start_m=float(rng.choice([0.0, 1.0])),
        slots=1,
        stairs=stairs,
    )
    law = flow_law(
        str(rng.choice(["sfpe", "weidmann"])), storage_per_m2=float(rng.choice([1.0, 2.0, 3.0]))
    )
    cell, size = _fill(rng, building, law, wide=not fixed and rng.random() < 0.5)
    people = len(cell)
    exits = tuple(Goal(int(gate)) for gate in building.exit_gates)
    rooms = () if fixed or rng.random() < 0.5 else tuple(rng.integers(0, n, 2).tolist())
    goals = (*exits, Goal(), *(Goal(place=place) for place in range(len(rooms))))
    if has_stairs:  # for people who cannot use them
        goals = (*goals, *(replace(goal, level_only=True) for goal in goals))
    any_exit, quick, patient, late = np.where(rng.random(4) < 0.5, 0.0, rng.random(4))
    row = rng.integers(0, len(exits), people)
    row[rng.random(people) < any_exit] = len(exits)
    if has_stairs:
        row[rng.random(people) < 0.2] += len(goals) // 2
    nobody = np.full(people, -1, dtype=np.int64)
    pace = rng.uniform(0.5, 1.5, (people, 1)) if rng.random() < 0.5 else np.ones((people, 1))
    return FullHouse(
        building=building,
        law=law,
        goals=goals,
        rooms=rooms,
        placement=Placement(
            cell=cell,
            anchor=building.slot_start[building.slot_space_start[cell]],
            home=cell,
            row=row,
            place=nobody,
            group=nobody,
            size=size,
            quick=(rng.random(people) < quick) & (not fixed),
            patient=(rng.random(people) < patient) & (kind == "patient"),
            tie=rng.random(people),
        ),
        speed_mps=np.repeat(pace, 3, axis=1),
        start_s=rng.uniform(0, 10, people) if late else np.zeros(people),
        changes=() if plain else _changes(rng, building, goals, people, sent=not fixed),
    )


def _fill(
    rng: np.random.Generator, building: CompiledPlan, law: FlowLaw, *, wide: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cell and the size of everybody: full rooms, or all equally far from full."""
    fullness = 1.0 if rng.random() < 0.6 else rng.random()
    cells, sizes = [], []
    for cell, area in enumerate(building.cell_area_m2[:-1]):
        left = int(area * law.storage_per_m2 * fullness + 1e-9)
        while left > 0:
            size = min(int(rng.choice([1, 1, 1, 2, 3])), left) if wide else 1
            cells.append(cell)
            sizes.append(size)
            left -= size
    return np.array(cells, dtype=np.int64), np.array(sizes, dtype=np.int64)


def _changes(
    rng: np.random.Generator,
    building: CompiledPlan,
    goals: tuple[Goal, ...],
    people: int,
    *,
    sent: bool,
) -> tuple[Change, ...]:
    """Return doors that close, open, or let pass one way only; people told; people sent."""
    within_s = float(rng.choice([5.0, 20.0, 60.0]))
    changes: list[Change] = []
    for _ in range(int(rng.integers(0, 7))):
        at_s = float(np.round(within_s * rng.random(), int(rng.choice([0, 1, 6]))))
        gate = int(rng.integers(0, building.n_gates))
        passes = (bool(rng.random() < 0.35), bool(rng.random() < 0.35))
        some = np.flatnonzero(rng.random(people) < rng.random())
        rows = rng.integers(0, len(goals), len(some))
        what = rng.choice(["gate", "told", "sent"], p=[0.5, 0.2, 0.3])
        if what == "sent" and sent:
            places = np.array([goal.place for goal in goals])[rows]
            changes.append(Change(at_s, sent=some, rows=rows, places=places))
        else:
            changes.append(Change(at_s, gate, passes, told=some if what == "told" else None))
    return tuple(sorted(changes, key=lambda change: change.at_s))


def with_doors_open_at_last(house: FullHouse) -> FullHouse:
    """Return the case with all its doors opened some time after the last change."""
    end_s = 15.0 + max((change.at_s for change in house.changes), default=0.0)
    opened = [Change(end_s, gate) for gate in range(house.building.n_gates)]
    return replace(house, changes=(*house.changes, *opened))


def case(seed: int, kind: str) -> FullHouse:
    """Return the case of a number; in every other one all doors are open at last."""
    house = full_house(np.random.default_rng(seed), kind)
    return with_doors_open_at_last(house) if seed % 2 else house


def play(house: FullHouse, backend: Any, *, audits: bool = False) -> Movement:
    """Run a case to its end; raise an AssertionError where people are lost or anything freezes."""
    movement = house.begin(backend)
    for change in house.changes:
        assert movement.advance(change.at_s) == []
        if audits:
            audit(movement, capacities=house.keeps_capacities)
        change.apply(movement)
        if audits:
            audit(movement, capacities=house.keeps_capacities)
    last_s = LAST_S + max((change.at_s for change in house.changes), default=0.0)
    assert movement.advance(last_s) == []
    movement.check_that_nothing_is_frozen()
    audit(movement, capacities=house.keeps_capacities)
    _nobody_waits_for_nothing(house, movement)
    return movement


def _nobody_waits_for_nothing(house: FullHouse, movement: Movement) -> None:
    """At the end, everybody is there, or has no way, or waits for a door that is closed."""
    status, cell = movement.person("status"), movement.person("cell")
    is_open, side_cell = movement.side("is_open"), house.building.side_cell
    row = house.placement.row.copy()
    for change in house.changes:
        if change.sent is not None:
            row[change.sent] = change.rows
    ways, level = nx.DiGraph(), nx.DiGraph()
    stairs = np.flatnonzero(house.building.cell_kind == CELL_STAIR).tolist()
    for graph in (ways, level):
        graph.add_nodes_from(range(house.building.n_cells))
    for side in np.flatnonzero(is_open):
        here, beyond = int(side_cell[side]), int(side_cell[side ^ 1])
        if beyond != house.building.outside:
            ways.add_edge(here, beyond)
            if here not in stairs and beyond not in stairs:
                level.add_edge(here, beyond)
    for person in range(len(status)):
        goal = house.goals[row[person]]
        here = int(cell[person])
        reachable = nx.descendants(level if goal.level_only else ways, here) | {here}
        if goal.level_only:
            reachable -= {*stairs}  # nobody crosses them, and who stands there may be at either end
        if goal.place >= 0:
            has_way = house.rooms[goal.place] in reachable
            is_there = status[person] == IN_PLACE and here == house.rooms[goal.place]
        else:
            exits = house.building.exit_gates if goal.exit_gate < 0 else [goal.exit_gate]
            doors = [2 * g + int(side_cell[2 * g] == house.building.outside) for g in exits]
            has_way = any(is_open[side] and side_cell[side] in reachable for side in doors)
            is_there = status[person] == OUT
        if status[person] == QUEUEING:
            assert movement.person("patient")[person], f"person {person} waits for ever"
            assert not is_open.all(), f"person {person} waits at open doors"
        elif not is_there:
            assert status[person] == NO_ROUTE, f"person {person} ends with status {status[person]}"
            assert not has_way, f"person {person} has a way and does not take it"
