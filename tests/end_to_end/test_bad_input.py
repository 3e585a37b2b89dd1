"""Bad input at the command line: one clear message, exit code 2, nothing written over."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from buildings import load_plan, write_plan
from debrief.synthetic import FOLDER
from scenarios.cli import main

SCENARIO = """\
kind: scenario
schema_version: 1
name: Drill
plan: plan
seed: 1
replicas: 1
population: {rooms: {S-101: {students: 5, teachers: 1, age_band: grades_6_8}}}
protocol: {evacuate: {alarm_s: 0}}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan, a scenario and a drill, and an older result that must survive."""
    write_plan(load_plan("builtin:cedar-middle"), tmp_path / "plan")
    (tmp_path / "drill.yaml").write_text(SCENARIO)
    shutil.copytree(FOLDER, tmp_path / "drill")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "precious.txt").write_text("older result")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def swap(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(desk: Path) -> None:
        path = desk / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def cut(name: str) -> Callable[[Path], None]:
    def change(desk: Path) -> None:
        path = desk / name
        path.write_bytes(path.read_bytes()[:500])

    return change


def drop_doors(room: str) -> Callable[[Path], None]:
    def change(desk: Path) -> None:
        path = desk / "plan" / "portals.plan.geojson"
        lines = [
            line for line in path.read_text().splitlines()
            if f'"from":"{room}"' not in line and f'"to":"{room}"' not in line
        ]  # fmt: skip
        text = "\n".join(lines).replace(",\n]}", "\n]}")
        path.write_text(text)

    return change


SPACES, PORTALS = "plan/spaces.plan.geojson", "plan/portals.plan.geojson"
RUN = ["run", "drill.yaml", "--out", "out"]
CASES = {
    "unknown key": (swap("drill.yaml", "seed: 1", "sead: 1"), RUN, "drill.yaml:5: sead: unknown key (did you mean 'seed'?)"),
    "negative time": (swap("drill.yaml", "alarm_s: 0", "alarm_s: -5"), RUN, "alarm_s: should be >= 0 (got -5)"),
    "unknown room": (swap("drill.yaml", "S-101", "S-1011"), RUN, "S-1011"),
    "truncated plan": (cut(SPACES), RUN, "spaces.plan.geojson:"),
    "truncated yaml": (swap("plan/building.yaml", "levels:", "levels: ["), RUN, "building.yaml:"),
    "no such plan": (swap("drill.yaml", "plan: plan", "plan: nowhere"), RUN, "nowhere: no such folder"),
    "room without a way out": (drop_doors("S-101"), RUN, "101"),
    "a door that joins nothing": (swap(PORTALS, '"from":"S-101"', '"from":"S-1O1"'), RUN, "P-101-A: from: 'S-1O1' is not in the plan"),
    "a file that is none": (lambda desk: None, ["run", "kept"], "kept: is a folder, expected a scenario file"),
    "a foreign folder": (lambda desk: None, ["run", "drill.yaml", "--out", "kept"], "precious.txt"),
    "an import that is none": (lambda desk: (desk / "x.ifc").write_text("hello"), ["plan", "import", "x.ifc", "--out", "kept/x"], "x.ifc: "),
    "an import over something": (lambda desk: (desk / "x.ifc").write_text("hello"), ["plan", "import", "x.ifc", "--out", "kept"], "kept: is not empty"),
    "an unknown school": (lambda desk: None, ["plan", "check", "builtin:ceder-middle"], "did you mean 'cedar-middle'?"),
    "a drill log with unknown rooms": (swap("drill/observations.csv", "S-105", "S-999"), ["debrief", "drill", "--scenario", "builtin:cedar-middle-evacuation", "--replicas", "2"], "'S-999' is no place of the plan"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_has_one_message_and_exit_code_two(
    desk: Path, case: str, capsys: pytest.CaptureFixture[str]
):
    change, words, expected = CASES[case]
    change(desk)
    assert main(words) == 2
    shown = capsys.readouterr()
    assert expected in shown.err
    assert "Traceback" not in shown.err
    assert (desk / "kept" / "precious.txt").read_text() == "older result"
    assert not (desk / "out").exists()
    assert sorted(p.name for p in (desk / "kept").iterdir()) == ["precious.txt"]


def test_overlapping_rooms_are_named_with_their_place(
    desk: Path, capsys: pytest.CaptureFixture[str]
):
    path = desk / SPACES
    lines = path.read_text().splitlines()
    room = next(line for line in lines if '"id":"S-103"' in line)
    other = next(line for line in lines if '"id":"S-105"' in line)
    geometry = room[room.index('"geometry"') :]
    lines[lines.index(other)] = other[: other.index('"geometry"')] + geometry
    path.write_text("\n".join(lines))
    assert main(RUN) == 2
    assert "103 and 105 overlap by" in capsys.readouterr().err
    assert main(["plan", "check", "plan"]) == 1
    assert "overlap" in capsys.readouterr().out


def test_a_plan_without_confirmed_exits_cannot_be_evacuated(
    desk: Path, capsys: pytest.CaptureFixture[str]
):
    path = desk / PORTALS
    path.write_text(path.read_text().replace('"is_exit":"yes"', '"is_exit":"unknown"'))
    assert main(RUN) == 2
    assert "exit" in capsys.readouterr().err
    assert main(["plan", "check", "plan"]) == 1
