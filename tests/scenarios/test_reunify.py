"""A reunification plan: what a file may say, what the verb answers, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from buildings import InputError, YamlFile
from scenarios.accountability import accountability_of
from scenarios.accountability_file import AccountabilityFile
from scenarios.cli import main
from scenarios.find_reunification import (
    builtin_reunifications,
    check_reunification,
    load_reunification,
)
from scenarios.reunification_runs import run_reunification, summarize_reunification, with_staff
from scenarios.reunification_said import ReunificationPlan, reunification_of

DESKS = {"greeters": 1, "checkers": 2, "reunifiers": 2, "private_desk": 1, "accountants": 1}


def said(**changes: Any) -> dict[str, Any]:
    usual = {
        "kind": "reunification",
        "schema_version": 1,
        "name": "Hall",
        "replicas": 3,
        "families": 20,
        "arrivals": [{"from_s": 0, "to_s": 600, "share": 1.0}],
        "desks": DESKS,
    }
    return {k: v for k, v in {**usual, **changes}.items() if v is not None}


def plan_of(**changes: Any) -> ReunificationPlan:
    lines: dict[Any, int] = {(): 0}
    return check_reunification(YamlFile("hall.yaml", said(**changes), lines))


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hall.yaml").write_text(yaml.safe_dump(said()), encoding="utf-8")
    return tmp_path / "hall.yaml"


def test_the_verb_prints_when_families_are_together_and_which_desk_is_short(hall, capsys):
    assert main(["reunify", "hall.yaml"]) == 0
    shown = capsys.readouterr().out
    assert "Hall: 20 students of 20 families, 3 replicas, seed 1" in shown
    for words in ("90 % released", "checkers (identity and custody)", "longest queue"):
        assert words in shown
    assert "chain of custody: 0" in shown
    assert "not a code-compliance or tactical document" in shown


def test_as_json_everything_is_there_with_its_source_and_nothing_else_is_printed(hall, capsys):
    assert main(["reunify", "hall.yaml", "--json", "--seed", "4", "--replicas", "2"]) == 0
    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    assert captured.err == ""
    assert (summary["seed"], summary["replicas"], summary["students"]) == (4, 2, 20)
    assert summary["custody_gaps"] == 0
    windows = sum(window["mean"] for window in summary["released_per_15_min"])
    assert windows == pytest.approx(summary["released"]["mean"])
    assert summary["released"]["mean"] + summary["referred"]["mean"] == pytest.approx(20)
    assert all(one["source"] for one in summary["parameters"])


def test_the_same_plan_prints_the_same_bytes(hall, capsys):
    main(["reunify", "hall.yaml", "--json"])
    first = capsys.readouterr().out
    main(["reunify", "hall.yaml", "--json"])
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("desk", "role"),
    [("greeters", "greeter"), ("checkers", "checker"), ("reunifiers", "reunifier")],
)
def test_without_staff_the_answer_is_never_and_exit_code_1(hall, capsys, desk, role):
    assert main(["reunify", "hall.yaml", "--set", f"desks.{desk}=0"]) == 1
    shown = capsys.readouterr().out
    assert f"In 3 of 3 replicas, never: no {role}." in shown
    assert "not reached" in shown


def test_families_who_never_come_leave_students_and_exit_code_1(hall, capsys):
    arguments = ["--set", "arrivals=[{from_s: 0, to_s: 60, share: 0.5}]", "--json"]
    assert main(["reunify", "hall.yaml", *arguments]) == 1
    summary = json.loads(capsys.readouterr().out)
    assert summary["not_settled"] == {"never: nobody came for some students": 3}
    assert summary["time_to_90_released_s"]["median"] is None


def test_numbers_of_staff_are_compared_on_the_same_families(hall, capsys):
    assert main(["reunify", "hall.yaml", "--try", "checkers=0,1,4", "--json"]) == 0
    none, one, four = json.loads(capsys.readouterr().out)["plans"]
    assert none["finish_s"]["median"] is None
    assert four["time_to_half_released_s"]["median"] < one["time_to_half_released_s"]["median"]
    assert main(["reunify", "hall.yaml", "--set", "desks.checkers=4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == four
    assert main(["reunify", "hall.yaml", "--try", "checkers=0,1"]) == 0
    assert "Trying checkers" in capsys.readouterr().out
    assert main(["reunify", "hall.yaml", "--try", "checkers=0"]) == 1


def test_a_desk_that_the_plan_changes_cannot_be_tried(hall, capsys):
    change = "desks_change=[{at_s: 60, desk: checkers, staff: 5}]"
    assert main(["reunify", "hall.yaml", "--set", change, "--try", "checkers=1"]) == 2
    assert "the plan changes checkers while it runs" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main(["reunify", "hall.yaml", "--try", "chekers=1"])
    assert stopped.value.code == 2
    assert "desks are greeters, checkers" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"desks": {**DESKS, "chekers": 1}}, r"desks.chekers: unknown key \(did you mean"),
        ({"desks": {**DESKS, "checkers": -1}}, "desks.checkers: should be >= 0"),
        ({"desks": {**DESKS, "checkers": 1.5}}, "desks.checkers: should be a whole number"),
        ({"desks": {"greeters": 1}}, "desks.checkers: is required"),
        ({"students": 3}, "give either students or families"),
        ({"families": None}, "give either students or families"),
        ({"arrive_s": 60}, "give either arrivals or arrive_s"),
        (
            {"arrivals": [{"from_s": 9, "to_s": 3, "share": 1.0}]},
            "arrivals.0: expected 0 <= ",
        ),
        (
            {"arrivals": [{"from_s": 0, "to_s": 3, "share": 0.6}] * 2},
            "arrivals: intervals must follow each other",
        ),
        ({"children_per_family": [0.5, 0.4]}, r"should add up to 1 \(got 0.9\)"),
        ({"walk": {"there_s": 5}}, "walk: give both there_s and back_s"),
        ({"walk": {"there_s": 5, "back_s": 5, "metres": 3}}, "walk: give either metres"),
        ({"walk": {"there_mps": 0}}, "walk.there_mps: a walking speed should be > 0"),
        ({"exceptions": {"no_id": {"share": 1.0}}}, r"must not exceed 1 together \(got 1.037\)"),
        ({"desks_change": [{"at_s": 0, "desk": "bar", "staff": 1}]}, "desks_change.0.desk"),
        ({"steps": {"chek_s": 5}}, "steps.chek_s: unknown key"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_with_its_place(changes, words):
    with pytest.raises(InputError, match=words):
        plan_of(**changes)


def test_the_plan_that_comes_with_hallways_settles_everybody():
    assert builtin_reunifications() == ("builtin:school-of-450",)
    plan = load_reunification("builtin:school-of-450", changes=["replicas=2"])
    runs = run_reunification(plan)
    assert runs.all_settled
    assert runs.students == 450
    assert summarize_reunification(runs)["custody_gaps"] == 0
    with pytest.raises(InputError, match="did you mean 'builtin:school-of-450'"):
        load_reunification("builtin:school-of-45")


def test_what_the_file_says_is_what_is_simulated():
    plan = plan_of(
        steps={"check_s": 45},
        walk={"there_s": 10, "back_s": {"kind": "uniform", "low": 5, "high": 15}},
        exceptions={"no_id": {"share": 0.5, "resolved_share": 1.0}},
        desks_change=[{"at_s": 60, "desk": "checkers", "staff": 5}],
        opens_s=30,
    )
    family = plan.family_of_students()
    n = len(family)
    orders, choices = reunification_of(
        plan.said,
        family=family,
        leaves_s=np.zeros(n),
        ready_s=np.zeros(n),
        expected=np.ones(n, dtype=bool),
    )
    assert orders.check_s.ppf(0.3) == 45.0
    assert orders.walk_there.ppf(0.3) == 10.0
    assert orders.walk_back.ppf(0.5) == 10.0
    assert (orders.opens_s, orders.staff["checkers"]) == (30.0, 2)
    assert (orders.changes[0].at_s, orders.changes[0].staff) == (60.0, 5)
    no_id = orders.exceptions[0]
    assert (no_id.kind, no_id.share, no_id.resolved_share) == ("no_id", 0.5, 1.0)
    sources = {choice.name: choice.source for choice in choices}
    assert sources["step.check_s"] == sources["walk.there_s"] == "scenario"
    assert sources["step.form_s"].endswith("[chosen]")
    assert "walk.metres" not in sources
    assert with_staff(plan, "greeters", 7).said.staff["greeters"] == 7


@given(st.integers(1, 400), st.lists(st.floats(0.01, 1.0), min_size=1, max_size=5))
def test_families_are_made_up_of_exactly_the_students_said(students, weights):
    shares = [weight / sum(weights) for weight in weights]
    plan = plan_of(families=None, students=students, children_per_family=shares)
    family = plan.family_of_students()
    assert len(family) == students
    assert sorted({*family.tolist()}) == [*range(int(family.max()) + 1)]
    assert np.bincount(family).max() <= len(shares)


def test_what_a_file_says_of_roll_calls_is_what_is_simulated():
    file = AccountabilityFile.model_validate(
        {"errors": {"missed": 0.25}, "post": {"searchers": 0}, "search_s": {"inside": 77}}
    )
    orders, choices = accountability_of(
        file.to_accountability(),
        group=np.array([0]),
        at_place_s=np.array([0.0]),
        whereabouts=np.array([2]),
        stands_with=np.array([-1]),
        surfaces_s=np.array([np.inf]),
        roll_from_s=np.array([0.0]),
    )
    assert (orders.errors.missed, orders.errors.counted_wrongly) == (0.25, 0.05)
    assert (orders.searchers, orders.recorders) == (0, 1)
    assert orders.search_s["inside"].ppf(0.5) == 77.0
    sources = {choice.name: choice.source for choice in choices}
    assert sources["errors.missed"] == "scenario"
    assert sources["errors.counted_wrongly"].endswith("[chosen]")
