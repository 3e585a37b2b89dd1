"""Which exit people choose: from the file to a column for each person, and where they go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.two_rooms import (
    PLAN,
    PORTALS,
    compiled_two_rooms,
    hand_calculation,
    two_rooms_scenario,
)

from buildings import InputError
from scenarios import ScenarioError, assemble, build_roster, run_ensemble
from scenarios.scenario import ExitChoice, FamiliarExit, RoleChoice
from sim import LOCALLY_QUICKEST, NEAREST, Abilities

COMPILED = compiled_two_rooms()
D2, D3 = COMPILED.gate_index("D2"), COMPILED.gate_index("D3")


def abilities(choice: dict[str, Any], **changes: Any) -> Abilities:
    roster = build_roster(two_rooms_scenario(exit_choice=choice, **changes), PLAN, COMPILED)
    assert roster.abilities is not None
    return roster.abilities


def exits_of(**changes: Any) -> dict[str, int]:
    ensemble = run_ensemble(assemble(two_rooms_scenario(**changes), PLAN, COMPILED))
    gates = [COMPILED.gate_ids[gate] for gate in ensemble.exit_gate.ravel().tolist()]
    return {gate: gates.count(gate) for gate in sorted(set(gates))}


def test_the_most_particular_statement_wins():
    choice = ExitChoice(
        rule="locally_quickest",
        familiar=FamiliarExit("1", 0.5),
        familiar_roles=("visitor", "office"),
        by_role={
            "visitor": RoleChoice(at_closed_door="wait", familiar=FamiliarExit("2")),
            "office": RoleChoice(rule="nearest", familiar="none"),
        },
    )
    assert choice.of("student") == ("locally_quickest", "reroute", None)
    assert choice.of("visitor") == ("locally_quickest", "wait", FamiliarExit("2"))
    assert choice.of("office") == ("nearest", "reroute", None)
    assert ExitChoice().of("student") == ("nearest", "reroute", None)


def test_every_person_gets_a_column():
    able = abilities(
        {
            "familiar": {"exit": "1", "share": 0.8, "roles": ["office"]},
            "by_role": {"student": {"rule": "locally_quickest", "at_closed_door": "wait"}},
        }
    )
    assert able.exit_choice.tolist() == [LOCALLY_QUICKEST] * 25 + [NEAREST] * 4
    assert able.waits_at_closed.tolist() == [True] * 25 + [False] * 4
    assert able.familiar_gate.tolist() == [-1] * 26 + [D2] * 3
    assert able.familiar_share.tolist() == [0.0] * 26 + [0.8] * 3
    assert able.size.tolist() == [1] * 29
    assert able.can_help.tolist() == [False] * 25 + [True] * 4


def test_nothing_said_needs_no_columns():
    assert build_roster(two_rooms_scenario(), PLAN, COMPILED).abilities is None
    usual = {"rule": "nearest", "at_closed_door": "reroute"}
    assert two_rooms_scenario(exit_choice=usual).exit_choice == ExitChoice()


def test_an_assigned_exit_leaves_no_choice():
    able = abilities({"familiar": {"exit": "1"}}, assign_exits={"102": "2"})
    assert able.familiar_gate.tolist() == [D2] * 26 + [-1] * 3


def test_people_take_the_exit_they_know():
    assert exits_of() == {"D2": 26, "D3": 3}
    assert exits_of(exit_choice={"familiar": {"exit": "2"}}) == {"D3": 29}
    assert exits_of(exit_choice={"familiar": {"exit": "2", "roles": ["office"]}}) == {
        "D2": 26,
        "D3": 3,
    }
    assert exits_of(exit_choice={"familiar": {"exit": "2", "roles": ["teacher"]}}) == {"D3": 29}
    assert exits_of(exit_choice={"familiar": {"exit": "2", "share": 0}}) == {"D2": 26, "D3": 3}


def test_a_share_of_the_people_takes_it():
    changes: dict[str, Any] = {
        "population": {"rooms": {"101": {"visitors": 200}}},
        "exit_choice": {"familiar": {"exit": "2", "share": 0.3}},
    }
    used = exits_of(**changes)
    assert used["D3"] == pytest.approx(60, abs=20)
    assert used == exits_of(**changes)


def test_who_waits_at_a_closed_door_waits_until_it_opens():
    doors = [
        {"door": "1", "at_s": 0, "state": "closed"},
        {"door": "1", "at_s": 200, "state": "open"},
    ]
    patient = {"doors": doors, "exit_choice": {"at_closed_door": "wait"}}
    ensemble = run_ensemble(assemble(two_rooms_scenario(**patient), PLAN, COMPILED))
    west = ensemble.out_s[ensemble.exit_gate == D2]
    assert len(west) == 26
    assert west.min() == pytest.approx(200.0)
    assert exits_of(doors=doors) == {"D3": 29}


def test_a_queue_in_sight_sends_people_to_the_other_exit():
    """The west exit is 8 m nearer, and its queue of 150 soon costs more than the walk."""
    crowd: dict[str, Any] = {
        "population": {"rooms": {"101": {"visitors": 150}}},
        "movement": {
            **hand_calculation()["movement"],
            "numbers": {"door_specific_flow": 1.33, "storage_per_m2": "unlimited"},
        },
    }
    plan = replace(PLAN, portals={**PLAN.portals, "D2": replace(PORTALS["D2"], width_m=0.5)})
    width = COMPILED.gate_width_m.copy()
    width[D2] = 0.5
    narrow = replace(COMPILED, gate_width_m=width)
    used = {}
    for rule in ("nearest", "locally_quickest"):
        scenario = two_rooms_scenario(**crowd, exit_choice={"rule": rule})
        ensemble = run_ensemble(assemble(scenario, plan, narrow))
        used[rule] = int((ensemble.exit_gate == D3).sum())
    assert used["nearest"] == 0
    assert used["locally_quickest"] > 30


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"rule": "quickest"}, "exit_choice.rule: should be 'nearest' or 'locally_quickest'"),
        ({"at_closed_door": "go"}, "at_closed_door: should be 'reroute' or 'wait' (got 'go')"),
        ({"familiar": {"share": 0.5}}, "exit_choice.familiar.exit: is required"),
        ({"familiar": {"exit": "1", "share": 1.5}}, "familiar.share: should be <= 1 (got 1.5)"),
        ({"familiar": {"exit": "1", "role": ["visitor"]}}, "did you mean 'roles'?"),
        ({"familiar": {"exit": "1", "roles": ["visitr"]}}, "familiar.roles.0: should be 'student'"),
        ({"by_role": {"visiter": {}}}, "unknown key (did you mean 'visitor'?)"),
        (
            {"by_role": {"visitor": {"familiar": "1"}}},
            "by_role.visitor.familiar: should be 'none' (got '1')",
        ),
        (
            {"by_role": {"visitor": {"familiar": {"exit": "1", "roles": ["visitor"]}}}},
            "exit_choice.by_role.visitor.familiar.roles: unknown key",
        ),
        ({"familiar": {"exit": "7"}}, "exit_choice.familiar.exit: no exit '7' in plan"),
        (
            {"by_role": {"office": {"familiar": {"exit": "D0"}}}},
            "exit_choice.by_role.office.familiar.exit: D0 is not a confirmed exit",
        ),
    ],
)
def test_faults_of_exit_choice(choice: dict[str, Any], words: str):
    with pytest.raises(InputError) as caught:
        assemble(two_rooms_scenario(exit_choice=choice), PLAN, COMPILED)
    assert len(str(caught.value).splitlines()) == 1
    assert words in str(caught.value)


def test_a_familiar_exit_that_nobody_can_reach():
    choice = {"by_role": {"office": {"familiar": {"exit": "2"}}}}
    scenario = two_rooms_scenario(exit_choice=choice, assign_exits={"102": "1"})
    with pytest.raises(
        ScenarioError, match="nobody who knows it is free to choose it and can reach it"
    ):
        assemble(scenario, PLAN, COMPILED)
