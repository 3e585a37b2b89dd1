"""Doors that change and directions: from the file to orders of the engine, and their effect."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.two_rooms import PLAN, PORTALS, hand_calculation, two_rooms_scenario

from buildings import CompiledPlan, Plan, compile_plan, load_plan
from scenarios import (
    ScenarioError,
    assemble,
    builtin_scenarios,
    load_scenario,
    run_ensemble,
    scenario_from,
    summarize,
)
from scenarios.assembled import Assembled
from scenarios.door_states import doors_of_plan, opens_from_inside, passes_of, reach_at_first
from sim import FINAL_STATES, DirectionOrder, DoorOrder


@cache
def compiled() -> CompiledPlan:
    return compile_plan(PLAN)


def ready(**changes: Any) -> Assembled:
    return assemble(two_rooms_scenario(**changes), PLAN, compiled())


def faults_of(**changes: Any) -> str:
    with pytest.raises(ScenarioError) as caught:
        ready(**changes)
    return str(caught.value)


def with_portals(**facts: dict[str, Any]) -> Plan:
    """Return the two rooms with facts of some doors changed."""
    changed = {name: replace(PORTALS[name], **own) for name, own in facts.items()}
    return replace(PLAN, portals={**PLAN.portals, **changed})


@pytest.mark.parametrize(
    ("facts", "state", "passes"),
    [
        ({}, "open", (True, True)),
        ({"one_way": "out"}, "open", (True, False)),
        ({"one_way": "in"}, "open", (False, True)),
        ({}, "closed", (False, False)),
        ({"panic_bar": "yes"}, "closed", (False, False)),
        ({"panic_bar": "yes"}, "blocked", (False, False)),
        ({"panic_bar": "yes"}, "locked", (True, False)),
        ({"egress": "yes"}, "locked", (True, False)),
        ({"lock": "outside", "lock_key": "key"}, "locked", (True, False)),
        ({"lock": "remote", "lock_key": "card"}, "locked", (True, False)),
        ({"lock": "inside", "lock_key": "thumbturn"}, "locked", (True, False)),
        ({"lock": "inside", "lock_key": "key"}, "locked", (False, False)),
        ({"lock": "both", "lock_key": "key"}, "locked", (False, False)),
        ({"lock": "both", "lock_key": "key", "panic_bar": "yes"}, "locked", (True, False)),
        ({"lock": "unknown"}, "locked", (False, False)),
        ({}, "locked", (False, False)),
        ({"panic_bar": "yes", "one_way": "in"}, "locked", (False, False)),
        (
            {"from_space": "outside", "to_space": "C1", "panic_bar": "yes"},
            "locked",
            (False, True),
        ),
        ({"from_space": "outside", "to_space": "C1", "one_way": "out"}, "open", (False, True)),
    ],
)
def test_who_passes_a_door(facts: dict[str, Any], state: Any, passes: tuple[bool, bool]):
    assert passes_of(replace(PORTALS["D2"], **facts), state) == passes


def test_what_the_file_says_becomes_orders():
    doors = [
        {"door": "2", "at_s": 60, "state": "closed", "known_to": ["west", "102"]},
        {"door": "D0", "at_s": 20, "state": "open", "known_to": "everyone"},
        {"door": "D3", "state": "blocked"},
    ]
    directions = [
        {"at_s": 30, "rooms": ["101", "east"], "exit": "1"},
        {"at_s": 40, "exit": "any"},
    ]
    one = ready(doors=doors, directions=directions)
    r1, r2 = (one.compiled.space_index(room) for room in ("R1", "R2"))
    d0, d2, d3 = (one.compiled.gate_index(door) for door in ("D0", "D2", "D3"))
    assert one.orders.orders == (
        DoorOrder(60.0, d3, (False, False), (r1, r2)),
        DoorOrder(20.0, d0, (True, True), None),
        DoorOrder(0.0, d3, (False, False), ()),
        DirectionOrder(30.0, (r1, r2), d2),
        DirectionOrder(40.0, None, -1),
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"doors": [{"door": "D9", "state": "closed"}]}, "doors.0.door: no door 'D9' in plan"),
        ({"doors": [{"door": "D33", "state": "closed"}]}, "did you mean 'D3'?"),
        (
            {"doors": [{"door": "2", "state": "closed", "known_to": ["wst"]}]},
            "doors.0.known_to.0: wst: no such zone in plan 'two-rooms' (did you mean 'west'?)",
        ),
        (
            {"doors": [{"door": "2", "state": "closed", "known_to": ["101", "900"]}]},
            "doors.0.known_to.1: 900: no such room in plan 'two-rooms'",
        ),
        (
            {"doors": [{"door": "2", "state": "closed", "known_to": ["Shaft"]}]},
            "is a void where nobody can stand",
        ),
        (
            {"doors": [{"door": "2", "state": "closed"}, {"door": "D3", "state": "open"}]},
            "doors.1: D3 changes twice at 0 s: closed in doors.0, open here",
        ),
        (
            {"doors": [{"door": "2", "at_s": 3600, "state": "closed"}]},
            "doors.0.at_s: should be before end_s, 3600 s (got 3600): it never happens",
        ),
        (
            {"directions": [{"at_s": 5, "exit": "9"}]},
            "directions.0.exit: no exit '9' in plan 'two-rooms'",
        ),
        ({"directions": [{"at_s": 5, "exit": "D0"}]}, "D0 is not a confirmed exit"),
        (
            {"directions": [{"at_s": 5, "exit": "1", "rooms": ["nort"]}]},
            "directions.0.rooms.0: nort: no such room",
        ),
        (
            {
                "directions": [
                    {"at_s": 5, "exit": "1", "rooms": ["west"]},
                    {"at_s": 5, "exit": "2"},
                ]
            },
            "directions.1: people in R1 are sent twice at 5 s: in directions.0 and here",
        ),
        (
            {"movement": {**hand_calculation()["movement"], "merge_weights": {"D7": 2}}},
            "movement.merge_weights.D7: no door 'D7'",
        ),
        (
            {"movement": {**hand_calculation()["movement"], "merge_weights": {"D3": 2, "2": 1}}},
            "movement.merge_weights.2: D3 has a weight already, under another name",
        ),
    ],
)
def test_faults_of_orders(changes: dict[str, Any], words: str):
    message = faults_of(**changes)
    assert message.startswith("hand.yaml: ")
    assert words in message


def test_a_name_that_is_a_zone_and_a_room_asks_which():
    spaces = {**PLAN.spaces, "R2": replace(PLAN.spaces["R2"], zone="101")}
    scenario = two_rooms_scenario(doors=[{"door": "2", "state": "closed", "known_to": ["101"]}])
    with pytest.raises(ScenarioError, match=r"101: is a zone and a room .* for the room say R1"):
        assemble(scenario, replace(PLAN, spaces=spaces), compiled())


def test_windows_and_shared_numbers_are_no_doors():
    plan = with_portals(D1={"kind": "window"}, D2={"exterior_no": "2"})
    both = compile_plan(with_portals(D1={"kind": "window"}))
    for door, words in (("D1", "D1 is a window"), ("2", "say which: D2, D3")):
        scenario = two_rooms_scenario(
            population={"rooms": {"101": {"students": 1}}, "age_band": "grades_6_8"},
            doors=[{"door": door, "state": "closed"}],
        )
        with pytest.raises(ScenarioError, match=words):
            assemble(scenario, plan, both)


def test_merge_weights_reach_the_engine():
    movement = {**hand_calculation()["movement"], "merge_weights": {"D0": 3, "D1": 1}}
    one = ready(movement=movement)
    assert one.merge_weights == {0: 3.0, 1: 1.0}
    assert ready().merge_weights is None
    sides = one.simulation(seed=1).network.arrays.sides["merge_weight"]
    assert sides[0] == 3 * sides[2]


def wide_opening() -> tuple[Plan, CompiledPlan]:
    """Return the two rooms with an opening of 3.6 m in the place of a door."""
    line = PORTALS["D0"].line
    x, y = line.interpolate(0.5, normalized=True).coords[0]
    wide = type(line)([(x - 1.8, y), (x + 1.8, y)])
    plan = with_portals(D0={"kind": "opening", "line": wide, "width_m": 3.6, "leaves": None})
    return plan, compile_plan(plan)


def test_closing_a_wide_opening_closes_all_of_its_parts():
    plan, built = wide_opening()
    parts = built.portal_gates["D0"]
    assert [built.gate_ids[gate] for gate in parts] == ["D0/1", "D0/2"]
    doors = [{"door": "D0", "at_s": 7, "state": "closed"}]
    one = assemble(two_rooms_scenario(doors=doors), plan, built)
    assert one.orders.orders == tuple(DoorOrder(7.0, g, (False, False), ()) for g in parts)
    ensemble = run_ensemble(one)
    (record,) = summarize(ensemble)["orders"]
    assert record["portal"] == "D0"
    sides = slice(2 * parts.start, 2 * parts.stop)
    assert 0 < ensemble.side_passed[:, sides].sum() < 26
    last_s = ensemble.side_last_s[:, sides]
    assert last_s[np.isfinite(last_s)].max() <= 7.0


def test_the_summary_counts_who_passes_any_part_of_a_wide_opening():
    plan, built = wide_opening()
    ensemble = run_ensemble(assemble(two_rooms_scenario(), plan, built))
    doors = summarize(ensemble)["doors"]
    assert "D0/1" not in doors
    room = built.space_index(PORTALS["D0"].from_space)
    people = int((ensemble.roster.space == room).sum())
    assert doors["D0"]["passed"] == people > 0
    assert doors["D0"]["width_m"] == 3.6


def test_the_parts_of_a_wide_opening_share_its_merge_weight():
    plan, built = wide_opening()
    movement = {**hand_calculation()["movement"], "merge_weights": {"D0": 3}}
    one = assemble(two_rooms_scenario(movement=movement), plan, built)
    assert one.merge_weights == dict.fromkeys(built.portal_gates["D0"], 1.5)


# what the plan itself says


def test_a_locked_room_can_be_left_but_not_entered():
    """R2 has a door to the corridor and one to the open air; the first is locked with a key."""
    locked = {"lock": "outside", "lock_key": "key", "lock_state": "locked"}
    through = with_portals(D1={**locked}, D3={"from_space": "R2", "level": "L1"})
    through = replace(
        through,
        portals={**through.portals, "D3": replace(through.portals["D3"], line=_north_wall())},
    )
    built = compile_plan(through)
    orders = doors_of_plan(through, built)
    assert orders == (DoorOrder(0.0, built.gate_index("D1"), (True, False), None),)
    reach = reach_at_first(through, built)
    d2, d3 = built.gate_index("D2"), built.gate_index("D3")
    assert reach.exits_from(built.space_index("R2")) == tuple(sorted((d2, d3)))
    assert reach.exits_from(built.space_index("C1")) == (d2,)


def _north_wall():
    from shapely import LineString

    return LineString([(12.0, 11.0), (13.0, 11.0)])


def test_doors_that_lead_nowhere_need_no_order():
    locked = {"lock": "outside", "lock_key": "key", "lock_state": "locked"}
    plan = with_portals(D1=locked, D2={"lock_state": "locked"}, D3={"one_way": "out"})
    assert doors_of_plan(plan, compile_plan(plan)) == ()


def test_people_behind_a_door_that_holds_them_in_are_a_fault_with_its_name():
    plan = with_portals(D1={"lock": "both", "lock_key": "key", "lock_state": "locked"})
    built = compile_plan(plan)
    assert not opens_from_inside(plan.portals["D1"])
    with pytest.raises(ScenarioError) as caught:
        assemble(two_rooms_scenario(), plan, built)
    message = str(caught.value)
    assert "no exit can be reached from 102 (R2), where 3 people are, past the doors" in message
    assert "locked or one-way (D1)" in message
    assert "panic_bar" in message


def test_an_exit_that_only_lets_in_is_none():
    plan = with_portals(D3={"one_way": "in"})
    built = compile_plan(plan)
    one = assemble(two_rooms_scenario(), plan, built)
    assert one.orders.orders == (DoorOrder(0.0, built.gate_index("D3"), (False, True), None),)
    ensemble = run_ensemble(one)
    assert set(ensemble.exit_gate.ravel().tolist()) == {built.gate_index("D2")}


@pytest.mark.parametrize("school", ["maple-elementary", "cedar-middle", "birch-high"])
def test_no_door_of_the_schools_holds_anybody_in(school: str):
    plan = load_plan(f"builtin:{school}")
    built = compile_plan(plan)
    orders = doors_of_plan(plan, built)
    assert orders, "office, lobby and store doors are locked"
    assert {order.passes for order in orders} == {(True, False)}
    reach = reach_at_first(plan, built)
    assert all(reach.exits_from(space) for space in range(len(built.space_ids)))


@pytest.mark.parametrize(
    "name", [name for name in builtin_scenarios() if name.endswith("-evacuation")]
)
def test_locked_doors_change_nothing_in_the_drills(name: str):
    one = assemble(load_scenario(name))
    other = replace(one, orders=replace(one.orders, orders=()))
    with_doors, without = (r.simulation(seed=1, expected_replicas=99).run(3) for r in (one, other))
    assert np.array_equal(with_doors.out_s, without.out_s)
    assert np.array_equal(with_doors.side_passed, without.side_passed)


# what comes of it


def exits_used(**changes: Any) -> dict[str, int]:
    ensemble = run_ensemble(ready(**changes))
    gates = [ensemble.compiled.gate_ids[g] for g in ensemble.exit_gate.ravel().tolist() if g >= 0]
    return {gate: gates.count(gate) for gate in sorted(set(gates))}


def closed(**said: Any) -> list[dict[str, Any]]:
    return [{"door": "2", "state": "closed", **said}]


def test_a_closed_exit_is_used_by_nobody():
    assert exits_used() == {"D2": 26, "D3": 3}
    assert exits_used(doors=closed(known_to="everyone")) == {"D2": 29}
    assert exits_used(doors=closed()) == {"D2": 29}


def test_who_knows_of_a_closed_exit_is_spared_the_walk():
    content = load_scenario("builtin:maple-elementary-evacuation").resolved
    last, walked = {}, {}
    for known_to in ("everyone", "wing-a", ""):
        door = {"door": "7", "at_s": 0.0, "state": "closed"}
        if known_to:
            door["known_to"] = [known_to]
        scenario = scenario_from({**content, "doors": [door]}, folder=Path())
        ensemble = run_ensemble(scenario, replicas=1)
        assert (ensemble.final_state == FINAL_STATES.index("out")).all()
        assert not (ensemble.exit_gate == ensemble.compiled.gate_index("P-C2-B")).any()
        last[known_to] = float(ensemble.last_out_s()[0])
        walked[known_to] = float(ensemble.walked_m.sum())
    assert walked["everyone"] <= walked["wing-a"] < walked[""]
    assert last["everyone"] < last[""]


def test_a_door_that_closes_in_mid_run_lets_nobody_pass_from_then_on():
    """At 26 s the last of R1 is still on the way; at 3 s nobody has come to the exit yet."""
    ensemble = run_ensemble(ready(doors=[{"door": "1", "at_s": 12, "state": "closed"}]))
    d2, d3 = (ensemble.compiled.gate_index(door) for door in ("D2", "D3"))
    by_west = ensemble.out_s[ensemble.exit_gate == d2]
    assert 0 < len(by_west) < 26
    assert by_west.max() <= 12.0
    assert len(by_west) + (ensemble.exit_gate == d3).sum() == 29


def test_a_locked_exit_with_a_panic_bar_still_lets_people_out():
    plan = with_portals(D3={"panic_bar": "yes"})
    scenario = two_rooms_scenario(doors=[{"door": "2", "state": "locked"}])
    ensemble = run_ensemble(assemble(scenario, plan, compiled()))
    assert (ensemble.exit_gate == ensemble.compiled.gate_index("D3")).sum() == 3


def test_people_are_sent_to_an_exit_and_freed_again():
    everybody = [{"at_s": 0, "exit": "2"}]
    assert exits_used(directions=everybody) == {"D3": 29}
    assert exits_used(directions=[{"at_s": 0, "exit": "2", "rooms": ["west"]}]) == {"D3": 29}
    assert exits_used(directions=[{"at_s": 0, "exit": "1", "rooms": ["102"]}]) == {"D2": 29}
    freed = [*everybody, {"at_s": 1, "exit": "any"}]
    assert exits_used(directions=freed) == {"D2": 26, "D3": 3}


def test_nobody_is_sent_to_an_exit_that_cannot_be_reached():
    plan = with_portals(D1={"one_way": "in"})  # nobody comes out of R2 ...
    built = compile_plan(plan)
    people = {"rooms": {"101": {"visitors": 2}, "102": {"office": 1}}, "accept_no_route": ["102"]}
    directions = [{"at_s": 5, "exit": "2"}]
    scenario = two_rooms_scenario(population=people, directions=directions)
    orders = assemble(scenario, plan, built).ordered.directions
    told = tuple(sorted(built.space_index(space) for space in ("C1", "R1")))
    assert orders[0][1] == DirectionOrder(5.0, told, built.gate_index("D3"))
    only = two_rooms_scenario(
        population=people, directions=[{"at_s": 5, "exit": "2", "rooms": ["102"]}]
    )
    with pytest.raises(ScenarioError, match=r"directions.0.exit: D3 cannot be reached on foot"):
        assemble(only, plan, built)


# what a planner is told beforehand


def test_a_closed_building_is_allowed_and_said():
    doors = [
        {"door": "1", "at_s": 0, "state": "blocked", "known_to": "everyone"},
        {"door": "2", "at_s": 5, "state": "blocked", "known_to": "everyone"},
    ]
    one = ready(doors=doors)
    assert one.notes == (
        "from 5 s on, no exit can be reached from any room, where 29 people are at the start",
    )
    ensemble = run_ensemble(one)
    assert {k: int(n[0]) for k, n in ensemble.ledger_per_replica().items() if n[0]} == {
        "no_route": 29
    }


def test_rooms_that_are_cut_off_are_named():
    one = ready(doors=[{"door": "D0", "at_s": 7, "state": "closed"}])
    assert one.notes == (
        "from 7 s on, no exit can be reached from 101 (R1), where 26 people are at the start",
    )
    assert ready(doors=closed()).notes == ()
    empty = {"rooms": {"102": {"office": 3}}}
    one = ready(doors=[{"door": "D0", "at_s": 7, "state": "closed"}], population=empty)
    assert one.notes == ("from 7 s on, no exit can be reached from 101 (R1)",)
    reopened = [
        {"door": "D0", "at_s": 7, "state": "closed"},
        {"door": "D0", "at_s": 9, "state": "open"},
    ]
    assert ready(doors=reopened).notes == (
        "from 7 to 9 s, no exit can be reached from 101 (R1), where 26 people are at the start",
    )
