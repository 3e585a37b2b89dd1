"""Responders in scenario files: read, checked, run, counted apart, written and read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.two_rooms import PLAN as BARE
from support.two_rooms import hand_calculation

from buildings import compile_corners, compile_plan, load_plan
from scenarios import (
    Ensemble,
    Scenario,
    ScenarioError,
    assemble,
    load_run,
    run_ensemble,
    scenario_from,
    summarize,
    write_run,
)
from scenarios.manifest import scenario_sha256
from scenarios.responders_said import responder_defaults
from scenarios.run_tables import tables_of, to_parquet
from scenarios.way_in import inner_doors

LOCKS = {
    name: replace(portal, lock="inside", lock_key="thumbturn") if portal.kind == "door" else portal
    for name, portal in BARE.portals.items()
}
PLAN = replace(BARE, portals=LOCKS)
COMPILED = compile_plan(PLAN)
TIMELINE = [
    {"at_s": 0, "action": "lockdown"},
    {"at_s": 120, "action": "release", "by": "door_to_door"},
]
OFFICER = {"name": "officer", "people": 1, "starts_in": "Hall", "keys": True}
FIRST = {
    "name": "first", "people": 2, "staging": "Field",
    "travel_s": {"kind": "constant", "value": 60}, "entry": "1", "access": "fob",
    "keys": True, "goes_to": "102",
}  # fmt: skip
WAITS = {
    "name": "medical", "people": 2, "staging": "Field",
    "travel_s": {"kind": "constant", "value": 90},
}  # fmt: skip
COMING: dict[str, Any] = {
    "dispatched_s": 30,
    "units": [OFFICER, FIRST, WAITS],
    "release": {"units": ["officer", "first"], "then": "escort"},
}


def said(responders: dict[str, Any] | None, **changes: Any) -> Scenario:
    """Return the two rooms in lockdown, with responders."""
    content = hand_calculation(
        population={
            "rooms": {"101": {"students": 25, "teachers": 1}, "102": {"office": 3}},
            "age_band": "grades_3_5",
        },
        protocol={"timeline": TIMELINE},
        replicas=3,
        end_s=1800,
    )
    if responders is not None:
        content["responders"] = responders
    return scenario_from({**content, **changes}, name="drill.yaml", folder=Path("nowhere"))


def ran(responders: dict[str, Any] | None = COMING, **changes: Any) -> Ensemble:
    return run_ensemble(assemble(said(responders, **changes), PLAN, COMPILED))


def faults_of(responders: dict[str, Any], **changes: Any) -> str:
    """Return what is said of a file that does not hold together."""
    with pytest.raises(ScenarioError) as caught:
        assemble(said(responders, **changes), PLAN, COMPILED)
    return str(caught.value)


def test_responders_are_no_occupants_in_any_count() -> None:
    ensemble = ran()
    staff = {"staff": [{"roles": ["office"], "people": 1}]}
    without = ran({"release": staff})
    assert ensemble.n_people == without.n_people == 29
    assert ensemble.out_s.shape == (3, 29)
    assert "responder" not in ensemble.roster.role
    summary = summarize(ensemble)
    assert summary["people"] == 29
    assert sum(summary["ledger"].values()) == 29
    assert summary["rooms"].keys() == summarize(without)["rooms"].keys()
    occupancy = tables_of(ensemble)["occupancy"].to_pydict()
    assert min(occupancy["people"]) >= 0
    assert max(occupancy["people"]) <= 29


def test_the_summary_says_when_units_came_in_and_rooms_were_released() -> None:
    found = summarize(ran())["responders"]
    assert found["units"]["officer"]["entered_s"]["median"] == 0.0
    assert found["units"]["first"]["arrived_s"]["median"] == 90.0
    assert found["units"]["medical"]["arrived_s"]["median"] == 120.0
    assert found["units"]["medical"]["entered_s"]["median"] is None
    half, most = (found["units"]["first"][key] for key in ("half_of_rooms_s", "most_rooms_s"))
    entered_s = found["units"]["first"]["entered_s"]["median"]
    assert entered_s < half["median"] < most["median"] < entered_s + 60.0
    assert found["first_entry_s"] == found["units"]["first"]["entered_s"]
    assert found["rooms"].keys() == {"R1", "R2"}
    assert found["rooms_released"] == found["rooms_to_release"] == 2.0
    last = max(room["released_s"]["median"] for room in found["rooms"].values())
    assert found["last_release_s"]["median"] == pytest.approx(last, abs=30.0)
    assert found["rooms_per_minute"]["mean"] > 0.0


def test_without_responders_nothing_is_said_of_them() -> None:
    plain = ran(None, protocol={"timeline": TIMELINE[:1]})
    assert summarize(plain)["responders"] is None
    assert tables_of(plain)["responders"].num_rows == 0
    assert "responders" not in said(None, protocol={"timeline": TIMELINE[:1]}).resolved


def test_a_run_with_responders_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    plan = load_plan("builtin:maple-elementary")
    content = {
        **hand_calculation(
            plan="builtin:maple-elementary",
            population={
                "rooms": {"101": {"office": 3}, "102": {"office": 2}},
                "age_band": "grades_3_5",
            },
            protocol={"timeline": TIMELINE},
            replicas=2,
        ),
        "responders": {**COMING, "units": [{**OFFICER, "starts_in": "106"},
                                           {**FIRST, "staging": "S-AREA-A"},
                                           {**WAITS, "staging": "S-AREA-A"}]},
    }  # fmt: skip
    ensemble = run_ensemble(
        assemble(scenario_from(content, name="drill.yaml", folder=Path("nowhere")), plan)
    )
    back = load_run(write_run(ensemble, tmp_path / "run"))
    assert summarize(back) == summarize(ensemble)
    mine, theirs = tables_of(ensemble), tables_of(back)
    assert mine["responders"].num_rows == 2 * 3
    assert mine["releases"].num_rows == 2 * 2
    for name, table in mine.items():
        assert to_parquet(table) == to_parquet(theirs[name]), name


def test_the_same_scenario_gives_the_same_bytes_with_more_workers() -> None:
    ready = assemble(said(COMING), PLAN, COMPILED)
    one = run_ensemble(ready, replicas=4, workers=1)
    two = run_ensemble(ready, replicas=4, workers=2)
    for name, table in tables_of(one).items():
        assert to_parquet(table) == to_parquet(tables_of(two)[name]), name


def test_a_key_at_hand_and_more_units_make_the_last_release_earlier() -> None:
    def last(responders: dict[str, Any]) -> float:
        outcome = ran(responders).responders
        assert outcome is not None
        return float(np.median(outcome.last_release_s()))

    first = {"dispatched_s": 0, "release": {"units": ["first"]}}
    with_key = last({**first, "units": [FIRST]})
    assert with_key < last({**first, "units": [{**FIRST, "keys": False}]})
    both = {"dispatched_s": 0, "release": {"units": ["first", "officer"]}}
    assert last({**both, "units": [FIRST, OFFICER]}) <= with_key


def test_units_are_sent_when_the_dispatcher_has_heard() -> None:
    communication = {
        "initiation": {
            "room": "101", "role": "teacher", "may_initiate": ["teacher"], "office": "102",
            "event_s": 5, "recognise_s": 10, "decide_s": 15,
        },
        "dispatcher": {"ways": {"phone": {"takes_s": 20, "fails": 0}}, "answer_s": 5,
                       "process_s": 30},
    }  # fmt: skip
    coming = {**COMING}
    del coming["dispatched_s"]
    outcome = ran(coming, communication=communication).responders
    assert outcome is not None
    sent_s = 5.0 + 10.0 + 20.0 + 5.0 + 30.0  # the call is made while the decision is taken
    assert outcome.arrived_s[:, 1] == pytest.approx(np.full(3, sent_s + 60.0))
    words = faults_of(COMING, communication=communication)
    assert "either responders.dispatched_s or communication.dispatcher" in words


def test_every_number_and_its_source_is_in_the_list_of_choices() -> None:
    ready = assemble(
        said({**COMING, "times": {"knock": {"kind": "constant", "value": 3}}}), PLAN, COMPILED
    )
    sources = {choice.name: choice.source for choice in ready.choices}
    assert {f"responders.{key}" for key in responder_defaults()} <= sources.keys()
    assert sources["responders.release.knock"] == "scenario"
    assert "no number retrieved" in sources["responders.access.fob"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"units": [{**FIRST, "staging": "Fields"}]}, "no assembly area 'Fields'"),
        ({"units": [{**FIRST, "entry": "7"}]}, "no exit '7'"),
        ({"units": [{**FIRST, "goes_to": "108"}]}, "108"),
        ({"units": [{**OFFICER, "entry": "1", "access": "key"}]}, "in the building already"),
        ({"units": [{**WAITS, "keys": True}]}, "only for a unit that enters"),
        ({"units": [{**FIRST, "access": None}]}, "entry and access belong together"),
        ({"units": [{**FIRST, "travel_s": None}]}, "travel_s is required"),
        ({"units": [FIRST, FIRST]}, "a name of its own"),
        ({"units": [FIRST], "release": {"units": ["second"]}}, "no unit 'second'"),
        ({"units": [WAITS], "release": {"units": ["medical"]}}, "stays outside"),
        ({"release": {}}, "who goes from room to room"),
        ({"release": {"staff": [{"roles": ["office"], "people": 9}]}}, "found 3 left of office"),
        ({"kept_free": {"9": 0}}, "no exit '9'"),
        ({"kept_free": {"1": 0, "2": 60}}, "no other exit can be reached from R1"),
        ({"unit": []}, "units"),
    ],
)
def test_a_file_that_does_not_hold_together_is_one_clear_fault(
    change: dict[str, Any], words: str
) -> None:
    release = {"units": [change["units"][0]["name"]]} if "units" in change else None
    coming = {**COMING, **({"release": release} if release else {}), **change}
    assert words in faults_of(coming)


def test_a_release_and_those_who_carry_it_out_belong_together() -> None:
    assert "needs responders.release" in faults_of({"dispatched_s": 0, "units": [FIRST]})
    only = {"timeline": TIMELINE[:1]}
    assert "says by: door_to_door" in faults_of(COMING, protocol=only)
    assert "only with a protocol.timeline" in faults_of(
        {"dispatched_s": 0, "units": [FIRST]}, protocol={}
    )


def test_units_open_the_inner_door_of_a_vestibule_too() -> None:
    plan = load_plan("builtin:maple-elementary")
    compiled = compile_plan(plan)
    corners = compile_corners(plan, compiled)
    gates = {
        plan.portals[compiled.gate_portal[g]].exterior_no: g for g in compiled.exit_gates.tolist()
    }
    sides = inner_doors(plan, compiled, corners, gates["1"])
    assert [compiled.gate_ids[side >> 1] for side in sides] == ["P-LOBBY-B"]
    assert inner_doors(plan, compiled, corners, gates["5"]) == ()


def test_the_hash_of_a_scenario_without_responders_is_as_it_was() -> None:
    plain = said(None, protocol={"timeline": TIMELINE[:1]})
    empty = said({}, protocol={"timeline": TIMELINE[:1]})
    assert scenario_sha256(plain) == scenario_sha256(empty)
