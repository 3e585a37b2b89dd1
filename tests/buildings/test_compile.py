"""The compiled arrays: complete, consistent, and the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import box
from support.graph_plans import plan, portal, ramp_plan, space, two_storeys, wing

from buildings import OUTSIDE, CompiledPlan, NavGraph, Plan, PlanError, compile_plan, load_plan
from buildings.compiled import CELL_OUTSIDE, GATE_CUT, HOP_DOWN, HOP_LEVEL, HOP_UP
from buildings.plan import AssemblyFacts

PLANS = {"wing": wing, "two_storeys": two_storeys, "ramp": ramp_plan}
ROOT = Path(__file__).resolve().parents[2]


def cedar() -> Plan:
    return load_plan("builtin:cedar-middle")


@pytest.fixture(params=[*PLANS.values(), cedar], ids=[*PLANS, "cedar-middle"])
def drawn(request: pytest.FixtureRequest) -> Plan:
    return request.param()


def digest(compiled: CompiledPlan) -> str:
    found = hashlib.sha256()
    for entry in fields(compiled):
        value = getattr(compiled, entry.name)
        found.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
    return found.hexdigest()


def test_sides_cells_and_gates_refer_to_each_other(drawn):
    compiled = compile_plan(drawn)
    n_sides = 2 * compiled.n_gates
    assert compiled.cell_ids[-1] == OUTSIDE
    assert compiled.cell_kind[-1] == CELL_OUTSIDE
    assert (compiled.cell_kind[:-1] != CELL_OUTSIDE).all()
    assert sorted(compiled.cell_sides.tolist()) == list(range(n_sides))
    assert len(compiled.hop_start) == compiled.n_cells
    for cell in range(compiled.n_cells):
        first, last = compiled.cell_sides_start[cell : cell + 2]
        own = compiled.cell_sides[first:last]
        assert own.tolist() == sorted(own.tolist())
        assert (compiled.side_cell[own] == cell).all()
        assert compiled.side_local[own].tolist() == list(range(len(own)))
        k = len(own)
        start = compiled.hop_start[cell]
        block = compiled.hop_m[start : start + k * k].reshape(k, k)
        np.testing.assert_allclose(block, block.T)
        assert (np.diag(block) == 0).all()
        assert (block >= 0).all()
        assert np.isfinite(block).all()
        assert (block[:, None, :] <= block[:, :, None] + block[None] + 2e-3).all()
        kinds = compiled.hop_kind[start : start + k * k].reshape(k, k)
        assert ((kinds == HOP_UP) == (kinds.T == HOP_DOWN)).all()
        assert (np.diag(kinds) == HOP_LEVEL).all()
    assert sum(len(block) for block in np.split(compiled.hop_m, compiled.hop_start[1:])) == len(
        compiled.hop_m
    )


def test_ids_are_unique_and_in_order(drawn):
    compiled = compile_plan(drawn)
    assert len(set(compiled.cell_ids)) == compiled.n_cells
    assert len(set(compiled.gate_ids)) == compiled.n_gates
    assert list(compiled.space_ids) == sorted(compiled.space_ids)
    assert (np.diff(compiled.cell_space[:-1]) >= 0).all()
    portals = [name for name in compiled.gate_portal if name]
    assert portals == sorted(portals)
    assert [name.split("/")[0] for name in compiled.gate_ids[: len(portals)]] == portals
    cuts = compiled.gate_kind == GATE_CUT
    assert not cuts[: len(portals)].any()
    assert cuts[len(portals) :].all()
    for portal_id, gates in compiled.portal_gates.items():
        for gate in gates:
            side = compiled.cell_ids[compiled.side_cell[2 * gate]]
            assert side.split("/")[0] == drawn.portals[portal_id].from_space


def test_cells_have_the_floor_of_their_spaces(drawn):
    compiled = compile_plan(drawn)
    for index, space_id in enumerate(compiled.space_ids):
        area = compiled.cell_area_m2[compiled.cell_space == index].sum()
        assert area == pytest.approx(drawn.spaces[space_id].area_m2, abs=0.01)
    assert np.isinf(compiled.cell_area_m2[-1])


def test_every_slot_lies_in_its_cell_and_knows_its_way(drawn):
    compiled = compile_plan(drawn)
    graph = NavGraph.from_plan(drawn)
    xy = compiled.slot_xy.reshape(-1, 2)
    counts = np.diff(compiled.cell_sides_start)
    ends = compiled.slot_start + counts[compiled.slot_cell]
    assert (compiled.slot_start[1:] == ends[:-1]).all()
    assert ends[-1] == len(compiled.slot_m)
    assert np.isfinite(compiled.slot_m).all()
    for index in range(len(compiled.space_ids)):
        own = compiled.slots_of(index)
        assert len(own) >= 1
        assert (compiled.cell_space[compiled.slot_cell[own]] == index).all()
    side_xy = compiled.side_xy.reshape(-1, 2)
    for cell, node in enumerate(graph.cells):
        own = np.flatnonzero(compiled.slot_cell == cell)
        apart = shapely.distance(node.polygon, shapely.points(xy[own]))
        assert (apart < 2e-3).all()
        sides = compiled.cell_sides[slice(*compiled.cell_sides_start[cell : cell + 2])]
        if len(own) and len(sides) and np.isnan(compiled.cell_riser_m[cell]):
            rows = compiled.slot_m[compiled.slot_start[own][:, None] + np.arange(len(sides))]
            straight = np.hypot(*(xy[own][:, None] - side_xy[sides][None]).transpose(2, 0, 1))
            assert (rows >= straight - 1e-6).all()


def test_sides_lie_on_their_cells_and_gates_between_them(drawn):
    compiled = compile_plan(drawn)
    graph = NavGraph.from_plan(drawn)
    side_xy = shapely.points(compiled.side_xy.reshape(-1, 2))
    for cell, node in enumerate(graph.cells):
        sides = np.flatnonzero(compiled.side_cell == cell)
        assert (shapely.distance(node.polygon, side_xy[sides]) < 1e-5).all()
    middle = compiled.gate_xy.reshape(-1, 2)
    portals = np.flatnonzero(compiled.gate_kind != GATE_CUT)
    for end in (0, 1):
        apart = compiled.side_xy.reshape(-1, 2)[2 * portals + end] - middle[portals]
        assert np.hypot(*apart.T).max() <= 1.0


def test_arrays_are_read_only():
    compiled = compile_plan(wing(1))
    with pytest.raises(ValueError, match="read-only"):
        compiled.hop_m[0] = 1.0


def test_the_same_plan_gives_the_same_bytes(drawn):
    assert digest(compile_plan(drawn)) == digest(compile_plan(drawn))


def test_the_bytes_do_not_depend_on_the_order_of_hashes():
    code = (
        "from buildings import compile_plan, load_plan\n"
        "from test_compile import digest\n"
        "print(digest(compile_plan(load_plan('builtin:cedar-middle'))))\n"
    )
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests", Path(__file__).parent)))
    found = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "4242")
    ]
    assert found[0] == found[1] == digest(compile_plan(cedar()))


def test_stairs_and_ramps_carry_their_measures():
    compiled = compile_plan(two_storeys())
    stair = compiled.cell_ids.index("ST1")
    assert compiled.cell_riser_m[stair] == 0.15
    assert compiled.cell_tread_m[stair] == 0.30
    assert compiled.cell_width_m[stair] == 1.5
    assert np.isnan(compiled.cell_riser_m[compiled.cell_ids.index("LA")])
    ramp = compile_plan(ramp_plan())
    assert ramp.cell_width_m[ramp.cell_ids.index("R")] == 1.5


def test_exits_discharge_to_the_named_or_the_nearest_area_for_evacuation():
    def area(name, x, role):
        return space(name, box(x, 20, x + 4, 24), "assembly", assembly=AssemblyFacts(role))

    spaces = [
        space("A", box(0, 0, 40, 10)),
        area("FAR", 60, "evac_assembly"),
        area("NEAR", -20, "evac_assembly"),
        area("PICKUP", 0, "reunification"),
    ]
    portals = [
        portal("X1", "A", OUTSIDE, [(0, 4), (0, 5)], "exit"),
        portal("X2", "A", OUTSIDE, [(40, 4), (40, 5)], "exit"),
        portal("X3", "A", OUTSIDE, [(0, 6), (0, 7)], "exit", discharges_to="PICKUP"),
        portal("X4", "A", OUTSIDE, [(0, 8), (0, 9)], "exit", is_exit="unknown"),
    ]
    compiled = compile_plan(plan(spaces, portals))
    assert [compiled.gate_ids[g] for g in compiled.exit_gates] == ["X1", "X2", "X3"]
    assert [compiled.place_ids[p] for p in compiled.exit_place] == ["NEAR", "FAR", "PICKUP"]
    none = compile_plan(plan(spaces[:1], portals[:2]))
    assert none.exit_place.tolist() == [-1, -1]
    assert len(none.place_m) == 0


def test_an_exit_that_discharges_to_nowhere_is_refused():
    spaces = [space("A", box(0, 0, 9, 9)), space("FIELD", box(20, 0, 30, 9), "assembly")]
    exits = [portal("X", "A", OUTSIDE, [(0, 4), (0, 5)], "exit", discharges_to="FELD")]
    with pytest.raises(PlanError, match=r"exit X: discharges to 'FELD'.*did you mean 'FIELD'"):
        compile_plan(plan(spaces, exits))


def test_a_plan_without_floor_is_refused():
    with pytest.raises(PlanError, match="no space is walkable"):
        compile_plan(plan([space("V", box(0, 0, 1, 1), "void")], []))


def test_a_room_without_any_door_compiles():
    compiled = compile_plan(plan([space("A", box(0, 0, 9, 9))], []))
    assert compiled.n_gates == 0
    assert compiled.n_cells == 2
    assert len(compiled.hop_m) == len(compiled.slot_m) == 0
    assert len(compiled.slots_of(0)) > 100


def test_nobody_stands_in_furniture_but_it_takes_no_floor_away():
    rooms, doors = [space("A", box(0, 0, 9, 9))], [portal("X", "A", OUTSIDE, [(0, 4), (0, 5)])]
    desk = space("T", box(1, 1, 8, 3), obstacle_of="A")
    bare, furnished = compile_plan(plan(rooms, doors)), compile_plan(plan([*rooms, desk], doors))
    assert furnished.space_ids == ("A",)
    assert furnished.cell_area_m2[0] == bare.cell_area_m2[0] == 81.0
    assert len(furnished.slot_cell) < len(bare.slot_cell)
    assert not shapely.contains_xy(desk.polygon, furnished.slot_xy.reshape(-1, 2)).any()


def test_moving_the_origin_changes_no_distance():
    here = wing(2)
    moved = plan(
        [
            replace(s, polygon=shapely.affinity.translate(s.polygon, 1000, -500))
            for s in here.spaces.values()
        ],
        [
            replace(p, line=shapely.affinity.translate(p.line, 1000, -500))
            for p in here.portals.values()
        ],
    )
    one, other = compile_plan(here), compile_plan(moved)
    np.testing.assert_allclose(one.hop_m, other.hop_m, atol=1e-3)
    np.testing.assert_allclose(one.slot_m, other.slot_m, atol=2e-3)
