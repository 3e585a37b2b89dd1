"""Hazards in a scenario file: what may be said, what is wrong, and which floor is meant."""

from __future__ import annotations

import math
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.two_rooms import PLAN, compiled_two_rooms, hand_calculation, two_rooms_scenario

from buildings import CompiledPlan, Plan, compile_plan, load_plan
from scenarios import (
    ScenarioError,
    assemble,
    hazard_alternatives,
    load_run,
    run_ensemble,
    scenario_from,
    summarize,
    write_run,
)
from scenarios.assembled import Assembled
from scenarios.hazard_report import hazard_table
from scenarios.manifest import make_manifest, scenario_sha256
from scenarios.run_report import special
from scenarios.sourced_numbers import sourced_numbers
from sim import HAZARD_KINDS

TIMELINE = {"timeline": [{"at_s": 0, "action": "lockdown"}]}
SMOKE = {"kind": "smoke", "spaces": ["Hall"], "from_s": 5}


def ready(*hazards: dict[str, Any], **changes: Any) -> Assembled:
    """Return the two rooms with hazards, brought together."""
    scenario = two_rooms_scenario(hazards=[*hazards], **changes)
    return assemble(scenario, PLAN, compiled_two_rooms())


def faults_of(*hazards: dict[str, Any], **changes: Any) -> str:
    """Return what is said against hazards."""
    with pytest.raises(ScenarioError) as caught:
        ready(*hazards, **changes)
    return str(caught.value)


@cache
def maple() -> tuple[Plan, CompiledPlan]:
    """Return a built-in school."""
    plan = load_plan("builtin:maple-elementary")
    return plan, compile_plan(plan)


def at_maple(*hazards: dict[str, Any], **changes: Any) -> Assembled:
    """Return a lockdown at a built-in school with hazards."""
    plan, compiled = maple()
    content = {
        "kind": "scenario",
        "schema_version": 1,
        "name": "hazards",
        "plan": "builtin:maple-elementary",
        "population": {"from_plan": "occupants_default", "age_band": "grades_3_5"},
        "protocol": TIMELINE,
        "hazards": [*hazards],
    } | changes
    return assemble(scenario_from(content, folder=Path("nowhere")), plan, compiled)


def test_a_scenario_without_hazards_is_written_as_before_they_existed():
    assert "hazards" not in two_rooms_scenario().resolved
    with_none = two_rooms_scenario(hazards=[])
    assert scenario_sha256(with_none) == scenario_sha256(two_rooms_scenario())
    assert ready().orders.hazards == ()
    assert ready().simulation(seed=1).run(0).hazards is None


def test_rooms_and_zones_become_cells():
    (hazard,) = ready(SMOKE | {"spaces": ["west", "Hall"]}).orders.hazards
    compiled = compiled_two_rooms()
    spaces = {compiled.space_ids[int(compiled.cell_space[cell])] for cell in hazard.cells}
    assert spaces == {"R1", "C1"}
    assert (hazard.from_s, hazard.until_s, hazard.told) == (5.0, math.inf, ())


def test_a_polygon_means_every_piece_of_floor_that_it_touches():
    plan, compiled = maple()
    space = plan.spaces["S-101"]
    inner = space.polygon.buffer(-1.0).envelope
    corners = [list(xy) for xy in inner.exterior.coords[:-1]]
    said = {"kind": "threat", "polygon": corners, "level": space.level, "from_s": 0}
    (hazard,) = at_maple(said, protocol={}).orders.hazards
    assert {compiled.cell_ids[cell] for cell in hazard.cells} == {"S-101"}
    wide = [list(xy) for xy in space.polygon.buffer(4.0).envelope.exterior.coords[:-1]]
    (more,) = at_maple(said | {"polygon": wide}, protocol={}).orders.hazards
    assert set(hazard.cells) < set(more.cells)


def test_kinds_have_defaults_with_sources_and_a_scenario_may_say_otherwise():
    usual, said = at_maple(
        {"kind": "water", "spaces": ["S-101"]},
        {"kind": "water", "spaces": ["S-101"], "closes_ways": True, "leaves_by": "exit",
         "notice_s": 3},
    ).orders.hazards  # fmt: skip
    assert (usual.closes_ways, usual.leaves_by) == (False, "by_rules")
    assert (said.closes_ways, said.leaves_by) == (True, "exit")
    assert float(said.notice_s.ppf(0.9)) == 3.0
    for kind in HAZARD_KINDS:
        for key in ("notice_s", "closes_ways", "leaves_by_exit"):
            assert sourced_numbers("hazard_defaults.toml")[f"{kind}.{key}"][1].source


def test_the_manifest_lists_every_number_with_its_source():
    found = at_maple({"kind": "gas", "spaces": ["S-101"], "closes_ways": False})
    rows = make_manifest(found, seed=1, replicas=1, kept_replicas=[])["parameters"]
    of = {row["name"]: row["source"] for row in rows if row["name"].startswith("hazards.")}
    assert of["hazards.0.gas.closes_ways"] == "scenario"
    assert "[chosen]" in of["hazards.0.gas.notice_s"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (SMOKE | {"spaces": ["Hal"]}, "hazards.0.spaces.0: Hal: .*did you mean 'Hall'"),
        (SMOKE | {"spaces": ["Shaft"]}, "hazards.0.spaces.0: .*is a void where nobody can stand"),
        (SMOKE | {"known_to": ["wst"]}, "hazards.0.known_to.0: .*did you mean 'west'"),
        (SMOKE | {"from_s": 9999}, "hazards.0.from_s: should be before end_s"),
        (SMOKE | {"from_s": -1}, "hazards.0.from_s: should be >= 0"),
        (SMOKE | {"until_s": 5}, r"hazards.0: until_s: should be > from_s, 5 \(got 5\)"),
        (SMOKE | {"kind": "storm"}, "hazards.0.kind: should be .*'fire', 'smoke'"),
        (SMOKE | {"untill_s": 50}, "hazards.0.untill_s: unknown key .*did you mean 'until_s'"),
        ({"kind": "fire"}, "hazards.0: say either spaces or polygon"),
        (SMOKE | {"level": "L1"}, "hazards.0: level: belongs to a polygon"),
        (SMOKE | {"reported": True}, "hazards.0.reported: only with protocol.timeline"),
        (SMOKE | {"notice_s": 5}, "hazards.0.notice_s: only with protocol.timeline"),
        (SMOKE | {"leaves_by": "exit"}, "hazards.0.leaves_by: only with protocol.timeline"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_is_named_with_its_place(said: dict[str, Any], words: str):
    with pytest.raises(ScenarioError, match=words):
        ready(said)


@pytest.mark.parametrize(
    ("polygon", "level", "words"),
    [
        ([[0, 0], [1, 0]], "L1", "polygon: should have at least 3 entries"),
        ([[0, 0], [2, 2], [2, 0], [0, 2]], "L1", "polygon: its outline crosses itself"),
        ([[0, 0], [1, 0], [2, 0]], "L1", "polygon: "),
        ([[900, 900], [901, 900], [901, 901]], "L1", "polygon: touches no floor on level L1"),
        ([[0, 0], [9, 0], [9, 9]], "L9", "level: no level 'L9'.*did you mean 'L1'|it has L1"),
        ([[0, 0, 0], [9, 0], [9, 9]], "L1", "polygon.0: should have at most 2 entries"),
    ],
)
def test_a_polygon_that_is_none_is_named(polygon: list[Any], level: str, words: str):
    with pytest.raises(ScenarioError, match=words):
        at_maple({"kind": "fire", "polygon": polygon, "level": level})


def test_every_fault_is_named_at_once():
    found = faults_of(SMOKE | {"spaces": ["Hal"]}, SMOKE | {"from_s": 9999})
    assert "hazards.0.spaces.0" in found
    assert "hazards.1.from_s" in found


def test_a_step_after_a_report_needs_a_hazard_that_is_reported():
    step = {"timeline": [{"at_s": 5, "action": "lockdown", "after": "hazard_reported"}]}
    found = faults_of(SMOKE, protocol=step)
    assert "protocol.timeline.0.after: no hazard says reported: true" in found
    made = ready(SMOKE | {"reported": True}, protocol=step).orders.protocol
    assert made is not None
    assert made.timeline[0].after_report


def test_steps_after_a_report_are_in_no_order_with_the_others():
    steps = [
        {"at_s": 300, "action": "evacuate"},
        {"at_s": 5, "action": "lockdown", "after": "hazard_reported"},
    ]
    made = ready(SMOKE | {"reported": True}, protocol={"timeline": steps}).orders.protocol
    assert made is not None
    assert [one.after_report for one in made.timeline] == [False, True]


def test_in_a_plain_evacuation_a_hazard_closes_ways():
    """People of room 101 see the hall closed until 40 s; then they go, through either exit."""
    free = ready().simulation(seed=1).run(0)
    found = ready(SMOKE | {"from_s": 0, "until_s": 40}).simulation(seed=1).run(0)
    assert (free.out_s < 40).any()
    assert (found.out_s > 40).all()
    assert np.isfinite(found.out_s).all()


def test_alternatives_are_the_same_scenario_with_other_hazards():
    scenario = two_rooms_scenario()
    none, hall = hazard_alternatives(scenario, [[], [SMOKE]], folder=Path("nowhere"))
    assert none.hazards == ()
    assert hall.hazards[0].spaces == ("Hall",)
    assert scenario_sha256(none) == scenario_sha256(scenario)
    with pytest.raises(ScenarioError, match=r"hazards\.0\.kind: should be"):
        hazard_alternatives(scenario, [[SMOKE | {"kind": "x"}]], folder=Path("nowhere"))


def test_a_hazard_is_the_same_whatever_else_the_file_says():
    first = scenario_from(hand_calculation(hazards=[SMOKE]), folder=Path("nowhere"))
    again = scenario_from(hand_calculation(hazards=[dict(SMOKE)]), folder=Path("nowhere"))
    assert scenario_sha256(first) == scenario_sha256(again)


# what comes out


def test_a_run_folder_reads_back_what_became_of_hazards(tmp_path: Path):
    smoke = {"kind": "smoke", "spaces": ["S-C2"], "from_s": 30, "until_s": 200, "reported": True}
    ensemble = run_ensemble(at_maple(smoke, {"kind": "water", "spaces": ["S-101"]}), replicas=3)
    again = load_run(write_run(ensemble, tmp_path / "run"))
    assert ensemble.hazards is not None
    assert again.hazards is not None
    for entry in fields(ensemble.hazards):
        np.testing.assert_array_equal(
            getattr(again.hazards, entry.name), getattr(ensemble.hazards, entry.name)
        )
    found, summary = summarize(again), summarize(ensemble)
    assert found["hazards"] == summary["hazards"]
    first, second = summary["hazards"]
    assert (first["kind"], first["from_s"], first["until_s"]) == ("smoke", 30.0, 200.0)
    assert (second["kind"], second["until_s"]) == ("water", None)
    assert first["exposure_person_s"]["median"] >= first["inside_person_s"]["median"]


def test_without_hazards_nothing_of_them_is_written(tmp_path: Path):
    ensemble = run_ensemble(at_maple(), replicas=1)
    assert ensemble.hazards is None
    assert summarize(ensemble)["hazards"] == []
    assert load_run(write_run(ensemble, tmp_path / "run")).hazards is None


def test_notes_say_who_is_cut_off_while_a_hazard_lasts():
    cut, needs = ready(SMOKE | {"until_s": 60}).notes
    assert cut == (
        "hazards.0 (smoke): from 5 s to 60 s, no exit can be reached from 101 (R1), 102 (R2), "
        "where 29 people are at the start"
    )
    assert "without protocol.timeline hazards close ways" in needs
    (only,) = ready(SMOKE | {"spaces": ["101"]}).notes
    assert "without protocol.timeline" in only


def test_what_a_timeline_is_needed_for_is_said_only_without_one():
    assert at_maple(SMOKE | {"spaces": ["S-101"]}).notes == ()


def test_the_report_names_hazards_in_words():
    ensemble = run_ensemble(ready(SMOKE | {"until_s": 65}), replicas=2)
    assert "Hazard: smoke in Hall from 0:05 to 1:05" in special(ensemble)
    table = hazard_table(summarize(ensemble)["hazards"])
    assert table.row_count == 1


# with communication


def test_a_report_goes_the_way_of_communication_to_the_announcement():
    """Noticed at 5 + 4 s by somebody in room 101, 6 s on the phone, 10 s to decide."""
    compiled = compiled_two_rooms()
    found = ready(
        SMOKE | {"spaces": ["101"], "reported": True, "notice_s": 4},
        protocol={"timeline": [{"at_s": 0, "action": "lockdown", "after": "hazard_reported"}]},
        communication={
            "initiation": {
                "event_s": 99, "room": "102", "role": "office", "may_initiate": ["office"],
                "ways": {"phone": {"takes_s": 6, "fails": 0}}, "recognise_s": 77, "decide_s": 10,
            },
            "public_address": {"set_up_s": 0, "perceive_s": 0, "fails": 0},
        },
    )  # fmt: skip
    result = found.simulation(seed=1).run(0)
    assert result.hazards is not None
    assert result.protocol is not None
    noticed = result.hazards.noticed_s[0]
    assert noticed[compiled.space_index("R1")] == 9.0
    assert result.hazards.reported_s.tolist() == [9.0]
    assert result.protocol.announced_s.tolist() == [9.0 + 6.0 + 10.0]


def test_a_direct_cue_of_another_time_is_refused_beside_a_report():
    with pytest.raises(ScenarioError, match=r"communication\.direct_cue: leave it out"):
        ready(
            SMOKE | {"reported": True},
            protocol={"timeline": [{"at_s": 0, "action": "lockdown", "after": "hazard_reported"}]},
            communication={
                "initiation": {"room": "102", "role": "office", "may_initiate": ["office"],
                               "ways": {"phone": {}}},
                "direct_cue": {},
            },
        )  # fmt: skip
