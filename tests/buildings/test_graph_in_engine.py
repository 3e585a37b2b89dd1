"""Compiled plans as the engine uses them: everybody walks out, and times follow from distances."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from shapely import box, set_precision
from support.graph_plans import mirrored, plan, portal, ramp_plan, space, two_storeys, wing
from support.hand_buildings import hand_orders, hand_roster

from buildings import OUTSIDE, CompiledPlan, Plan, compile_plan
from sim import Distribution, Simulation, flow_law


def evacuate(compiled: CompiledPlan, people: dict[str, int], **numbers: object):
    """Run one evacuation at 1 m/s; by default nothing slows people but doors."""
    law = flow_law("sfpe", **{"speed_law": "none", "storage_per_m2": np.inf, **numbers})
    roster = hand_roster(compiled, people, speed=Distribution.constant(1.0))
    return Simulation(compiled, roster, law, hand_orders(compiled), seed=1).run(0)


def everywhere(plan: Plan, compiled: CompiledPlan, n: int) -> dict[str, int]:
    rooms = {s.id for s in plan.spaces.values() if s.kind == "room"}
    return {space_id: n for space_id in compiled.space_ids if space_id in rooms}


def test_one_person_at_1_m_per_s_takes_as_long_as_the_way_is():
    compiled = compile_plan(
        plan(
            [space("R", box(0, 0, 6, 6)), space("C", box(-3, -2.2, 9, -0.2), "corridor")],
            [
                portal("D", "R", "C", [(2.5, -0.1), (3.5, -0.1)]),
                portal("X", "C", OUTSIDE, [(9, -1.7), (9, -0.7)], "exit"),
            ],
        )
    )
    result = evacuate(compiled, {"R": 1})
    x, y = compiled.slot_xy.reshape(-1, 2)[compiled.slots_of(compiled.space_index("R"))[0]]
    to_door = np.hypot(x - 3, y) + 0.1
    in_corridor = compiled.hop_m[compiled.hop_m > 0].max()
    assert result.left_room_s[0] == pytest.approx(to_door, abs=1e-6)
    assert result.out_s[0] >= to_door + np.hypot(6.0, 1.1) - 0.05  # never shorter than straight
    assert result.out_s[0] <= to_door + 6.0 + 1.1 + 0.2  # nor longer than along the walls
    assert in_corridor < 9.0


@pytest.mark.parametrize("law", ["sfpe", "weidmann", "experiments"])
def test_everybody_of_a_school_wing_walks_out_under_every_law(law):
    drawn = wing()
    compiled = compile_plan(drawn)
    people = everywhere(drawn, compiled, 25)
    roster = hand_roster(compiled, people)
    result = Simulation(compiled, roster, flow_law(law), hand_orders(compiled), seed=3).run(0)
    assert result.ledger["out"] == 25 * len(people) == 200
    assert np.isfinite(result.assembled_s).all()
    assert set(result.exit_gate.tolist()) == set(compiled.exit_gates.tolist())


def test_people_upstairs_walk_both_flights_down():
    compiled = compile_plan(two_storeys())
    result = evacuate(compiled, {"R2": 1})
    assert result.ledger["out"] == 1
    # 12 steps of 0.15 m by 0.30 m are 4.02 m; both corridors are at least 11 and 20 m of way
    assert result.walked_m[0] > 2 * 4.02 + 11.0 + 20.0 - 1.0


def test_a_mirrored_building_clears_in_the_same_time():
    drawn = wing(3)
    times = []
    for version in (drawn, mirrored(drawn)):
        compiled = compile_plan(version)
        rooms = dict.fromkeys(everywhere(version, compiled, 1), 1)
        times.append(evacuate(compiled, rooms).out_s.max())
    assert times[0] == pytest.approx(times[1], abs=0.7)  # a lattice step: first places differ


def test_people_in_a_room_without_a_way_out_are_said_to_have_no_route():
    cut_off = plan(
        [space("A", box(0, 0, 5, 5)), space("B", box(6, 0, 11, 5))],
        [portal("X", "A", OUTSIDE, [(0, 1), (0, 2)], "exit")],
    )
    result = evacuate(compile_plan(cut_off), {"A": 2, "B": 3})
    assert result.ledger["out"] == 2
    assert result.ledger["no_route"] == 3


def test_a_ramp_is_walked_on_its_slope():
    level, steep = (compile_plan(ramp_plan(rise_m=rise)) for rise in (0.001, 6.0))
    walked = [evacuate(compiled, {"A": 1}).walked_m[0] for compiled in (level, steep)]
    assert walked[1] - walked[0] == pytest.approx(10.0 - 8.0, abs=1e-3)


@pytest.mark.parametrize(("width_m", "n"), [(2.4, 1), (3.66, 1), (6.0, 1), (7.0, 2)])
def test_a_corridor_keeps_its_whole_width_at_a_cut(width_m, n):
    compiled = compile_plan(
        plan(
            [space("C", box(0, 0, 14, width_m), "corridor")],
            [portal("X", "C", OUTSIDE, [(0, 0.5), (0, 1.5)], "exit")],
        )
    )
    cuts = [g for g, portal_id in enumerate(compiled.gate_portal) if not portal_id]
    assert len(cuts) == n
    assert compiled.gate_width_m[cuts].sum() == pytest.approx(width_m)


def test_a_plan_snapped_to_millimetres_compiles_to_the_same_arrays():
    drawn = wing(2)
    snapped = plan(
        [replace(s, polygon=set_precision(s.polygon, 0.001)) for s in drawn.spaces.values()],
        [replace(p, line=set_precision(p.line, 0.001)) for p in drawn.portals.values()],
    )
    first, second = compile_plan(drawn), compile_plan(snapped)
    for entry in fields(CompiledPlan):
        one, other = getattr(first, entry.name), getattr(second, entry.name)
        if isinstance(one, np.ndarray):
            np.testing.assert_allclose(one, other, atol=1e-9, err_msg=entry.name)
        else:
            assert one == other
