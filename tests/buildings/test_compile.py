"""The compiled arrays: how they refer to each other, the open air, places and exits."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
import shapely
from shapely import box
from support.graph_plans import plan, portal, space, two_storeys, wing

from buildings import OUTSIDE, CompiledPlan, NavGraph, PlanError, compile_plan
from buildings.compiled import CELL_LANDING, CELL_OUTDOOR, CELL_OUTSIDE, CELL_STAIR
from buildings.plan import AssemblyFacts


@pytest.fixture(params=[wing, two_storeys], ids=["wing", "two storeys"])
def drawn(request):
    return request.param()


def test_the_same_plan_gives_the_same_arrays_whatever_the_order_it_came_in(drawn):
    backwards = plan(
        list(drawn.spaces.values())[::-1], list(drawn.portals.values())[::-1], levels=drawn.levels
    )
    first, second = compile_plan(drawn), compile_plan(backwards)
    for entry in fields(CompiledPlan):
        one, other = getattr(first, entry.name), getattr(second, entry.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype
            assert one.tobytes() == other.tobytes(), entry.name
            assert not one.flags.writeable
        else:
            assert one == other


def test_cells_sides_and_blocks_refer_to_each_other(drawn):
    compiled = compile_plan(drawn)
    n = compiled.n_cells
    assert compiled.cell_ids[-1] == OUTSIDE
    assert compiled.cell_kind[-1] == CELL_OUTSIDE
    assert np.isinf(compiled.cell_area_m2[-1])
    assert compiled.side_cell.shape == (2 * compiled.n_gates,)
    assert compiled.cell_sides_start[-1] == 2 * compiled.n_gates
    blocks = 0
    for cell in range(n):
        first, last = compiled.cell_sides_start[cell : cell + 2]
        own = compiled.cell_sides[first:last]
        assert (compiled.side_cell[own] == cell).all()
        assert compiled.side_local[own].tolist() == list(range(len(own)))
        assert own.tolist() == sorted(own.tolist())
        assert compiled.hop_start[cell] == blocks
        blocks += len(own) ** 2
    assert len(compiled.hop_m) == len(compiled.hop_kind) == blocks
    assert np.isfinite(compiled.hop_m).all()
    assert (compiled.hop_m >= 0).all()


def test_areas_sum_to_those_of_the_spaces(drawn):
    compiled = compile_plan(drawn)
    for index, space_id in enumerate(compiled.space_ids):
        area = compiled.cell_area_m2[compiled.cell_space == index].sum()
        assert area == pytest.approx(drawn.spaces[space_id].area_m2, abs=0.01)


def test_slots_lie_in_their_cell_and_know_the_way_to_its_sides(drawn):
    compiled, graph = compile_plan(drawn), NavGraph.from_plan(drawn)
    xy = compiled.slot_xy.reshape(-1, 2)
    counts = np.diff(compiled.cell_sides_start)[compiled.slot_cell]
    assert compiled.slot_start.tolist() == (np.cumsum(counts) - counts).tolist()
    assert len(compiled.slot_m) == counts.sum()
    for space_index in range(len(compiled.space_ids)):
        own = compiled.slots_of(space_index)
        assert len(own) >= 1
        assert (compiled.cell_space[compiled.slot_cell[own]] == space_index).all()
    for slot in range(0, len(xy), 7):
        cell = int(compiled.slot_cell[slot])
        assert graph.cells[cell].polygon.distance(shapely.Point(xy[slot])) < 2e-3
        start = compiled.slot_start[slot]
        metres = compiled.slot_m[start : start + counts[slot]]
        np.testing.assert_allclose(metres, graph.walks[cell].from_points([xy[slot]])[0])


def test_stairs_carry_their_measures():
    compiled = compile_plan(two_storeys())
    flight = compiled.cell_ids.index("ST1")
    assert compiled.cell_kind[flight] == CELL_STAIR
    measures = (compiled.cell_riser_m, compiled.cell_tread_m, compiled.cell_width_m)
    assert [float(values[flight]) for values in measures] == [0.15, 0.30, 1.5]
    landing = compiled.cell_ids.index("LA")
    assert compiled.cell_kind[landing] == CELL_LANDING
    assert np.isnan([values[landing] for values in measures]).all()


def field(name: str, west: float, south: float, role: str | None = None):
    facts = None if role is None else AssemblyFacts(role)  # type: ignore[arg-type]
    return space(name, box(west, south, west + 10, south + 10), "assembly", assembly=facts)


def test_people_walk_around_the_building_to_their_assembly_area():
    building = space("A", box(0, 0, 20, 10))
    exit_south = portal("X", "A", OUTSIDE, [(9.5, 0), (10.5, 0)], "exit")
    north = field("NORTH", 5, 30, "evac_assembly")
    compiled = compile_plan(plan([building, north], [exit_south]))
    assert compiled.place_ids == ("NORTH",)
    assert compiled.place_xy.tolist() == [10.0, 35.0]
    assert compiled.place_cell.tolist() == [compiled.outside]
    around = 10.0 + 10.0 + np.hypot(10.0, 25.0)  # along the wall, up the side, across the field
    assert compiled.place_m[0] == pytest.approx(around, rel=0.01)


def test_the_nearest_evacuation_area_is_meant_unless_the_exit_names_one():
    building = space("A", box(0, 0, 20, 10))
    areas = [
        field("FAR", 100, 0, "evac_assembly"),
        field("NEAR", 40, 0, "evac_assembly"),
        field("PARENTS", 22, 0, "reunification"),
    ]
    exits = [
        portal("X1", "A", OUTSIDE, [(20, 2), (20, 3)], "exit"),
        portal("X2", "A", OUTSIDE, [(20, 5), (20, 6)], "exit", discharges_to="FAR"),
        portal("X3", "A", OUTSIDE, [(20, 7), (20, 8)], "exit", is_exit="no"),
    ]
    compiled = compile_plan(plan([building, *areas], exits))
    assert [compiled.gate_ids[g] for g in compiled.exit_gates] == ["X1", "X2"]
    assert [compiled.place_ids[p] for p in compiled.exit_place] == ["NEAR", "FAR"]
    assert compiled.gate_index("X3") == 2


def test_without_assembly_areas_exits_lead_to_none():
    compiled = compile_plan(two_storeys())
    assert compiled.place_ids == ()
    assert compiled.exit_place.tolist() == [-1]


def test_an_exit_that_discharges_to_something_else_is_refused():
    drawn = plan(
        [space("A", box(0, 0, 4, 4)), field("FIELD", 10, 0, "evac_assembly")],
        [portal("X", "A", OUTSIDE, [(4, 1), (4, 2)], "exit", discharges_to="FIELDS")],
    )
    with pytest.raises(PlanError, match="exit X: discharges to 'FIELDS'"):
        compile_plan(drawn)


def test_a_plan_without_a_walkable_space_is_refused():
    with pytest.raises(PlanError, match="no space is walkable"):
        compile_plan(plan([space("V", box(0, 0, 1, 1), "void")], []))


def test_a_yard_is_a_cell_in_the_open():
    drawn = plan(
        [space("A", box(0, 0, 4, 4)), space("Y", box(4, 0, 12, 8), "outdoor")],
        [
            portal("D", "A", "Y", [(4, 1), (4, 2)]),
            portal("G", "Y", OUTSIDE, [(12, 1), (12, 3)], "gate"),
        ],
    )
    compiled = compile_plan(drawn)
    assert compiled.cell_kind[compiled.cell_ids.index("Y")] == CELL_OUTDOOR
    assert [compiled.gate_ids[g] for g in compiled.exit_gates] == ["G"]
