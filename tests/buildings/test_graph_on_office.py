"""Walking distances of a real two-storey office against a visibility graph of its whole floor."""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop, heappush
from types import MappingProxyType

import numpy as np
import pytest
import shapely
from support.shared_plans import shared_plan

from buildings import CompiledPlan, NavGraph, Plan, compile_plan
from buildings.gates import is_passable, is_walked
from buildings.ifc_import import import_ifc
from buildings.walking_distance import WalkingFloor

pytest.importorskip("ifcopenshell")

LEVEL = 0
WALL_M = 0.3
BODY_M = 0.2
"""Half the breadth of a body: the middle of a person passes no nearer to a door jamb."""


@pytest.fixture(scope="module")
def office() -> Plan:
    plan = import_ifc(shared_plan("ifc/Office_A_20110811.ifc")).plan
    confirmed = {
        portal.id: replace(portal, is_exit="yes")
        if portal.leads_outside and portal.kind != "window"
        else portal
        for portal in plan.portals.values()
    }
    return replace(plan, portals=MappingProxyType(confirmed))


@pytest.fixture(scope="module")
def compiled(office: Plan) -> CompiledPlan:
    return compile_plan(office)


def block(compiled: CompiledPlan, cell: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the sides of a cell and the square of distances between them."""
    first, last = compiled.cell_sides_start[cell : cell + 2]
    k = int(last - first)
    start = int(compiled.hop_start[cell])
    return compiled.cell_sides[first:last], compiled.hop_m[start : start + k * k].reshape(k, k)


def metres_to_nearest_exit(compiled: CompiledPlan) -> np.ndarray:
    """Return for each side the metres to an exit for somebody who stands there and passes."""
    metres = np.full(2 * compiled.n_gates, np.inf)
    heap = [
        (0.0, int(side))
        for gate in compiled.exit_gates
        for side in (2 * gate, 2 * gate + 1)
        if compiled.side_cell[side ^ 1] == compiled.outside
    ]
    while heap:
        walked, side = heappop(heap)
        if walked >= metres[side]:
            continue
        metres[side] = walked
        cell = int(compiled.side_cell[side])
        sides, hops = block(compiled, cell)
        for i, other in enumerate(sides.tolist()):
            if other != side and compiled.side_cell[other ^ 1] != compiled.outside:
                heappush(heap, (walked + float(hops[i, compiled.side_local[side]]), other ^ 1))
    return metres


def whole_floor(plan: Plan, level_id: str) -> shapely.Geometry:
    """Return the floor of a level without its flights, its rooms joined through their doors."""
    walked = [s for s in plan.spaces.values() if s.level == level_id and is_walked(s)]
    flights = {s.id for s in walked if s.kind == "stair"}
    doors = [
        portal.line.buffer(WALL_M, cap_style="flat")
        for portal in plan.portals.values()
        if portal.level == level_id
        and is_passable(plan, portal)
        and not flights & {portal.from_space, portal.to_space}
    ]
    return shapely.union_all([*(s.polygon for s in walked if s.id not in flights), *doors])


def shortest_ways(floor: shapely.Geometry, places: np.ndarray, exits: list) -> np.ndarray:
    """Return metres from places to the nearest exit over a visibility graph of the floor."""
    shortest = np.full(len(places), np.inf)
    for part in shapely.get_parts(floor):
        inside = shapely.intersects_xy(part.buffer(1e-6), places)
        own = [(point.x, point.y) for point in exits if part.distance(point) < 1e-3]
        if inside.any() and own:
            shortest[inside] = WalkingFloor(part).distances(places[inside], own).min(axis=1)
    return shortest


def test_ways_out_are_within_a_tenth_of_a_visibility_graph(office, compiled):
    level_id = office.levels[LEVEL].id
    floor = whole_floor(office, level_id)
    exits = [portal.midpoint for portal in office.exits if portal.level == level_id]
    on_level = np.flatnonzero(
        (compiled.cell_level[compiled.slot_cell] == LEVEL)
        & np.isnan(compiled.cell_riser_m[compiled.slot_cell])
    )
    chosen = np.random.default_rng(4).choice(on_level, 600, replace=False)
    places = compiled.slot_xy.reshape(-1, 2)[chosen]
    onward = metres_to_nearest_exit(compiled)
    ways = np.full(len(chosen), np.inf)
    for n, slot in enumerate(chosen.tolist()):
        sides, _ = block(compiled, int(compiled.slot_cell[slot]))
        start = int(compiled.slot_start[slot])
        to_sides = compiled.slot_m[start : start + len(sides)]
        ways[n] = np.min(to_sides + onward[sides], initial=np.inf)
    # ours go through the middle of every door; a taut string hugs its jambs, a body cannot
    for body_m, mean, most in ((0.0, 0.05, 0.13), (BODY_M, 0.03, 0.10)):
        shortest = shortest_ways(floor.buffer(-body_m, join_style="mitre"), places, exits)
        known = np.isfinite(shortest)  # a half landing is reached by a flight only
        assert known.mean() > 0.95
        assert np.isfinite(ways[known]).all()
        longer = (ways[known] - shortest[known]) / np.maximum(shortest[known], 3.0)
        assert longer.min() > -0.05  # never through a wall
        assert longer.mean() < mean
        assert np.quantile(longer, 0.95) < most


def test_distances_of_every_cell_are_a_metric(compiled):
    for cell in range(compiled.n_cells):
        _, hops = block(compiled, cell)
        np.testing.assert_allclose(hops, hops.T, atol=1e-9)
        if len(hops):
            detour = hops[:, :, None] + hops[None, :, :]  # i to j, and on to k
            assert (hops[:, None, :] <= detour + 1e-6).all(), compiled.cell_ids[cell]


def test_zones_are_neither_slivers_nor_long_corridors(office, compiled):
    graph = NavGraph.from_plan(office)
    for space_id, own in graph.cells_of.items():
        polygons = [graph.cells[cell].polygon for cell in own]
        area = office.spaces[space_id].polygon.area
        assert sum(p.area for p in polygons) == pytest.approx(area, abs=0.01)
        if len(polygons) > 1:
            assert min(p.area for p in polygons) >= 2.0
    room = compiled.space_index("S-124")
    assert graph.unreachable_spaces() == ("S-124",)  # a shaft with no door in the file
    assert np.diff(compiled.slot_space_start).min() >= 1
    assert compiled.slots_of(room).size >= 1
