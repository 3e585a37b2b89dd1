"""Assisted evacuation from file to engine to run folder, and what is wrong with a file."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from rich.console import Console
from support.upstairs import scenario, written

from scenarios import (
    ScenarioError,
    assemble,
    load_run,
    load_scenario,
    run_ensemble,
    scenario_from,
    summarize,
    write_run,
)
from scenarios.assistance_said import assistance_defaults
from scenarios.manifest import scenario_sha256
from scenarios.occupancy import occupancy_changes
from scenarios.run_folder import load_run as load_again
from scenarios.run_report import print_report
from scenarios.schema import json_schema
from scenarios.summary_file import SummaryFile
from sim import BESIDE, CARRIED, CHAIR, FINAL_STATES, LIFT, NO_HELP, flow_law

FIRE_SERVICE = {"S-LIFT-A": {"operator": "fire_service", "from_s": 0}}


def test_every_number_comes_from_somewhere() -> None:
    for key, (_, source) in assistance_defaults().items():
        assert source.quality in ("recalled", "chosen"), key
        assert source.source, key


def test_profiles_and_plan_say_who_is_helped_and_where(tmp_path: Path) -> None:
    ready = assemble(scenario(tmp_path))
    assistance, roster = ready.orders.assistance, ready.roster
    assert assistance is not None
    ways = dict(zip(roster.person_ids, assistance.way.tolist(), strict=True))
    assert ways["class/student-01"] == CHAIR
    assert ways["class/student-02"] == BESIDE
    assert sum(way == NO_HELP for way in ways.values()) == 9
    assert [ready.compiled.space_ids[space] for space in assistance.refuges] == ["landing"]
    assert [roster.person_ids[helper] for helper in assistance.helpers] == [
        "class/teacher-01", *(f"office/office-{n:02d}" for n in range(1, 5)),
    ]  # fmt: skip
    assert assistance.helpers_needed.tolist()[:2] == [2, 1]


def test_a_scenario_says_otherwise(tmp_path: Path) -> None:
    said = {
        "refuges": ["hall", "landing"],
        "helpers": {"roles": ["office"], "most": 3, "afterwards": "stay_outside"},
        "chairs": {"office": 2, "hall": 1},
        "ways": {"wheelchair": "carried"},
        "carried": {"level_mps": 0.7, "down_mps": 0.35, "prepare_s": 12, "places": 4},
        "report_s": 25,
    }
    ready = assemble(scenario(tmp_path, assistance=said))
    assistance = ready.orders.assistance
    assert assistance is not None
    ids = ready.compiled.space_ids
    assert [ids[space] for space in assistance.refuges] == ["hall", "landing"]
    assert [ids[space] for space in assistance.chairs] == ["hall", "office", "office"]
    assert len(assistance.helpers) == 3
    assert not assistance.return_for_next
    assert assistance.way[0] == CARRIED
    means = assistance.means[CARRIED]
    ordinary = flow_law("sfpe").stair_factor(0.178, 0.279)
    assert means.speeds_mps == pytest.approx((0.7, 0.35 / ordinary, 0.2 / ordinary))
    assert means.places == 4
    assert means.prepare_s.ppf(0.3) == 12.0
    assert assistance.report_s.ppf(0.9) == 25.0
    sources = {choice.name: choice.source for choice in ready.choices}
    assert sources["carried.level_mps"] == "scenario"
    assert sources["carried.up_mps"].endswith("[chosen]")
    assert "chair.level_mps" not in sources


def test_a_lift_stops_before_its_doors(tmp_path: Path) -> None:
    ready = assemble(scenario(tmp_path, lifts=FIRE_SERVICE))
    assistance = ready.orders.assistance
    assert assistance is not None
    (lift,) = assistance.lifts
    names = [ready.compiled.space_ids[stop.space] for stop in lift.stops]
    assert names == ["lobby", "hall"]
    assert lift.exit_stop == 0
    assert lift.places == 4
    assert lift.stops[1].height_m == pytest.approx(3.36)
    for stop in lift.stops:
        x, y = ready.compiled.slot_xy.reshape(-1, 2)[stop.slot]
        assert np.hypot(x - 0.0, y - 6.0) < 1.5


def test_without_an_entry_lifts_stand_still(tmp_path: Path) -> None:
    ready = assemble(scenario(tmp_path))
    assert ready.orders.assistance is not None
    assert ready.orders.assistance.lifts == ()
    assert "S-LIFT-A" not in ready.compiled.space_ids


def test_nobody_helped_means_no_assistance(tmp_path: Path) -> None:
    people = {"rooms": {"class": {"students": 6, "teachers": 1}}, "age_band": "grades_6_8"}
    ready = assemble(scenario(tmp_path, population=people))
    assert ready.orders.assistance is None
    ensemble = run_ensemble(ready)
    assert summarize(ensemble)["assistance"] is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"refuges": ["atrium"]}, "assistance.refuges.0: atrium: no such room"),
        ({"refuges": ["S-LIFT-A"]}, "S-LIFT-A is a lift where nobody can stand"),
        ({"chairs": {"hal": 1}}, "assistance.chairs.hal: no such room in plan 'upstairs' (did you"),
        ({"chairs": {"hall": 0}}, "assistance.chairs.hall: should be >= 1 (got 0)"),
        ({"ways": {"wheelchair": "beside"}}, "people with wheelchair cannot use a stair"),
        ({"ways": {"wheelchair": "chair"}}, "say under assistance.chairs where they are kept"),
        ({"ways": {"wheel": "chair"}}, "assistance.ways.wheel"),
        ({"helpers": {"role": ["office"]}}, "unknown key (did you mean 'roles'?)"),
        ({"chair": {"down_mps": 0}}, "assistance.chair.down_mps: should be > 0 (got 0)"),
        ({"report_s": -3}, "assistance.report_s"),
    ],
)
def test_a_wrong_assistance_is_named(tmp_path: Path, said: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        assemble(scenario(tmp_path, assistance=said))
    assert words in str(caught.value)
    assert "drill.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"S-LIFT-B": {"operator": "fire_service", "from_s": 0}}, "did you mean 'S-LIFT-A'?"),
        ({"hall": {"operator": "fire_service", "from_s": 0}}, "lifts.hall: no lift in plan"),
        ({"S-LIFT-A": {"operator": "anybody", "from_s": 0}}, "lifts.S-LIFT-A.operator"),
        ({"S-LIFT-A": {"operator": "fire_service"}}, "lifts.S-LIFT-A.from_s"),
        (
            {"S-LIFT-A": {"operator": "fire_service", "from_s": 0, "speed_mps": 0}},
            "lifts.S-LIFT-A.speed_mps: should be > 0 (got 0)",
        ),
    ],
)
def test_a_wrong_lift_is_named(tmp_path: Path, said: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        assemble(scenario(tmp_path, lifts=said))
    assert words in str(caught.value)


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    ensemble = run_ensemble(scenario(tmp_path, lifts=FIRE_SERVICE), keep_events=2)
    write_run(ensemble, tmp_path / "run")
    again = load_run(tmp_path / "run")
    for name in ("person", "waits_from_s", "help_s", "set_off_s", "way"):
        assert np.array_equal(getattr(again.help, name), getattr(ensemble.help, name)), name
    assert again.help.helpers_used.tolist() == ensemble.help.helpers_used.tolist()
    for before, after in zip(ensemble.kept, again.kept, strict=True):
        assert after.help.tasks == before.help.tasks
        assert after.help.help_s.tolist() == before.help.help_s.tolist()
    assert summarize(again) == summarize(ensemble)
    jsonschema.validate(summarize(again), json_schema(SummaryFile))
    write_run(again, tmp_path / "copy")
    for file in sorted((tmp_path / "run").glob("*.parquet")):
        assert file.read_bytes() == (tmp_path / "copy" / file.name).read_bytes(), file.name
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    named = {row["name"] for row in manifest["parameters"]}
    assert {"chair.down_mps", "report.report_s", "boarding_s: lift S-LIFT-A"} <= named


def test_runs_written_before_there_was_help_are_read(tmp_path: Path) -> None:
    people = {"rooms": {"class": {"students": 6, "teachers": 1}}, "age_band": "grades_6_8"}
    ensemble = run_ensemble(scenario(tmp_path, population=people))
    write_run(ensemble, tmp_path / "run")
    for name in ("assistance", "helpers"):
        (tmp_path / "run" / f"{name}.parquet").unlink()
    assert load_again(tmp_path / "run").help.people.size == 0


def test_what_is_resolved_reads_back_the_same(tmp_path: Path) -> None:
    said = {"helpers": {"most": 0, "afterwards": "stay_outside"}, "report_s": 0}
    first = scenario(tmp_path, assistance=said, lifts=FIRE_SERVICE)
    again = scenario_from(first.resolved, folder=tmp_path)
    assert again.assistance == first.assistance
    assert again.assistance.most == 0
    assert again.lifts == first.lifts
    assert scenario_sha256(again) == scenario_sha256(first)


def test_everybody_is_helped_out_and_the_report_says_how(tmp_path: Path) -> None:
    ensemble = run_ensemble(scenario(tmp_path))
    assert (ensemble.final_state == FINAL_STATES.index("out")).all()
    summary = summarize(ensemble)
    told = summary["assistance"]
    assert told["helpers"] == 5
    assert told["helpers_used"] >= 3
    assert told["people"]["class/student-01"]["ways"] == {"chair": 1.0}
    assert told["people"]["class/student-02"]["ways"] == {"beside": 1.0}
    printed = io.StringIO()
    print_report(
        ensemble, summary, tmp_path, console=Console(file=printed, width=120, highlight=False)
    )
    assert "People who need help to leave" in printed.getvalue()
    assert "class/student-01, wheelchair" in printed.getvalue()
    assert "5 can help; 3.0 did, at most 3.0 at a time" in printed.getvalue()


def test_with_nobody_to_help_people_wait_and_are_reported(tmp_path: Path) -> None:
    none = {"helpers": {"most": 0}, "chairs": {"landing": 1}}
    ensemble = run_ensemble(scenario(tmp_path, assistance=none))
    summary = summarize(ensemble)
    assert summary["ledger"]["waits_in_refuge"] == 1
    assert summary["ledger"]["waits_for_help"] == 1
    assert summary["ledger"]["out"] == 9
    assert summary["assistance"]["still_waiting"] == 2
    printed = io.StringIO()
    print_report(
        ensemble, summary, tmp_path, console=Console(file=printed, width=120, highlight=False)
    )
    assert "1 waits_in_refuge" in printed.getvalue()
    assert "2.0 still wait" in printed.getvalue()


def test_who_rides_leaves_the_floor_in_the_tables(tmp_path: Path) -> None:
    ensemble = run_ensemble(scenario(tmp_path, lifts=FIRE_SERVICE))
    kept = ensemble.kept[0]
    assert LIFT in kept.help.way.tolist()
    _, spaces, people = occupancy_changes(ensemble, kept)
    last = dict(zip(spaces.tolist(), people.tolist(), strict=True))
    assert set(last.values()) == {0}
    assert (people >= 0).all()


def test_more_helpers_can_be_asked_for_on_the_command_line(tmp_path: Path) -> None:
    path = written(tmp_path)
    last = []
    for most in (2, 3):
        changed = load_scenario(path, changes=[f"assistance.helpers.most={most}"])
        ensemble = run_ensemble(changed, replicas=10)
        last.append(summarize(ensemble)["assistance"]["last_out_s"]["median"])
    assert last[1] <= last[0]


def test_workers_give_the_same_bytes(tmp_path: Path) -> None:
    said = scenario(tmp_path, lifts={"S-LIFT-A": {"operator": "fire_service", "from_s": 200}})
    one, two = (run_ensemble(said, replicas=6, workers=workers) for workers in (1, 2))
    assert one.out_s.tobytes() == two.out_s.tobytes()
    assert one.help.help_s.tobytes() == two.help.help_s.tobytes()
