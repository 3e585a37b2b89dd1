"""From files on disk to a run folder and back, with nothing put in the place of anything."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import yaml
from support.two_rooms import PLAN, hand_calculation

from buildings import load_plan, write_plan
from scenarios import load_run, summarize
from scenarios.cli import main


@pytest.fixture
def fire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_plan(PLAN, tmp_path / "school")
    content = hand_calculation(
        plan="school",
        population={"rooms": {"101": {"visitors": 1, "at": [[4.455, 8.0]]}}},
        assign_exits={"101": 1},
    )
    path = tmp_path / "fire.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_one_person_walks_as_far_as_a_ruler_says(fire: Path):
    assert main(["run", str(fire), "--out", "run"]) == 0
    summary = json.loads(Path("run/summary.json").read_text(encoding="utf-8"))
    to_door, to_exit = 5.0, math.hypot(4.455, 1.5)
    assert summary["rooms"]["R1"]["clear_s"]["median"] == pytest.approx(to_door, abs=0.01)
    assert summary["clearance_s"]["p100"]["median"] == pytest.approx(to_door + to_exit, abs=0.5)
    assert summary["exits"]["D2"]["passed"] == 1
    assert summary["exits"]["D3"]["first_s"] is None


def test_the_run_stands_on_its_own(fire: Path):
    assert main(["run", str(fire), "--out", "run", "--replicas", "4", "--json"]) == 0
    again = load_run(Path("run"))
    assert again.plan.sha256 == load_plan("school").sha256
    assert summarize(again) == json.loads(Path("run/summary.json").read_text(encoding="utf-8"))


def test_a_scenario_without_its_plan(fire: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["run", str(fire), "--set", "plan=nowhere"]) == 2
    message = capsys.readouterr().err
    assert "nowhere" in message
    assert len(message.splitlines()) == 1
