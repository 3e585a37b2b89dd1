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


def say(*facts: str) -> Callable[[Path], None]:
    def change(desk: Path) -> None:
        lines = ["id,key,value,source,date", *(f"{fact},by hand,2026-10-01" for fact in facts)]
        (desk / "plan" / "facts.csv").write_text("\n".join(lines), encoding="utf-8")

    return change


def ask(key: str, value: str) -> list[str]:
    return [*RUN, "--set", f"{key}={value}"]


def same(desk: Path) -> None:
    """Change nothing: the fault is on the command line."""


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


BOTH_KEYS = ("P-101-A,lock_state,locked", "P-101-A,lock,both", "P-101-A,lock_key,key")
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
    "a limit that is none": (same, ["plan", "check", "plan", "--limit", "dead_end=9"], "no limit 'dead_end' (did you mean 'dead_end_m'?)"),
    "a limit in words": (same, ["plan", "check", "plan", "--limit", "dead_end_m=long"], "expected dead_end_m=<a number above 0>"),
    "a difference with nothing": (same, ["plan", "diff", "plan", "nowhere"], "nowhere: no such folder"),
    "an edit of nothing": (same, ["plan", "edit", "plan", "close P-101-B", "--out", "out"], "no door, opening or window 'P-101-B' (did you mean 'P-101-A'?)"),
    "an edit over something": (same, ["plan", "edit", "plan", "close P-101-A", "--out", "kept"], "kept: is not empty, nothing was written"),
    "a redaction over something": (same, ["plan", "redact", "plan", "--out", "kept"], "kept: is not empty, nothing was written"),
    "an unknown school": (lambda desk: None, ["plan", "check", "builtin:ceder-middle"], "did you mean 'cedar-middle'?"),
    "speed zero": (same, ask("movement.speed_mps.everyone", "0"), "movement.speed_mps.everyone: a walking speed should be > 0 m/s"),
    "speed not a number": (same, ask("movement.speed_mps.everyone", ".nan"), "everyone: should be a number, or a mapping with a kind (got '.nan')"),
    "speed without end": (same, ask("movement.speed_mps.everyone", "1e999"), "everyone: should be a number (got inf)"),
    "speed that may be zero": (same, ask("movement.speed_mps.everyone", "{kind: uniform, low: 0, high: 1}"), "a walking speed should be > 0 m/s"),
    "speed of a room": (same, ask("population.rooms.S-101.speed_mps", "0.0"), "a walking speed should be > 0 m/s"),
    "no flow": (same, ask("movement.numbers.door_specific_flow", "0"), "door_specific_flow: expected 1e-06 to 1e+06, got 0.0"),
    "flow not a number": (same, ask("movement.numbers.door_specific_flow", ".nan"), "door_specific_flow: should be a number (got '.nan')"),
    "no storage": (same, ask("movement.numbers.storage_per_m2", "0"), "storage_per_m2: expected 0.1 to inf, got 0.0"),
    "stairs that stop": (same, ask("movement.stair_factor.down", "0"), "stair_factor.down: should be > 0 (got 0)"),
    "time not a number": (same, ask("protocol.evacuate.alarm_s", ".nan"), "alarm_s: should be a number (got '.nan')"),
    "time without end": (same, ask("end_s", "1e999"), "end_s: should be a number (got inf)"),
    "delay without end": (same, ask("pre_movement.everyone", "{kind: normal, mean: .inf, sd: 1}"), "pre_movement.everyone.mean: should be a number (got '.inf')"),
    "more people than room": (same, ask("population.rooms.S-101.students", "5000"), "S-101: 5001 people to begin with, room for"),
    "more people than anywhere": (same, ask("population.rooms.S-101.students", "10000000"), "students: should be <= 100000"),
    "a place not a number": (same, ask("population.rooms", "{S-101: {visitors: 1, at: [[.nan, 1]]}}"), "at.0.0: should be a number (got '.nan')"),
    "a place outside": (same, ask("population.rooms", "{S-101: {visitors: 1, at: [[900, 1]]}}"), "at.0: (900, 1) is not inside 101 (S-101)"),
    "people in a void": (say("S-101,kind,void"), RUN, "drill.yaml:7: population.rooms.S-101: S-101 is a void where nobody can stand"),
    "people where nobody walks": (say("S-101,walkable,no"), RUN, "S-101 is a room where nobody can stand"),
    "door without width": (say("P-101-A,width,0"), RUN, "facts.csv: P-101-A: width: should be > 0 (got 0.0)"),
    "width not a number": (say("P-101-A,width,nan"), RUN, "facts.csv: P-101-A: width: should be a number (got nan)"),
    "drawn without width": (swap(PORTALS, '"width":', '"width":-'), RUN, "width: should be > 0 (got -"),
    "drawn not a number": (swap(PORTALS, '"width":', '"width":NaN,"x_width":'), RUN, "NaN is not a number that a plan may hold"),
    "stairs without rise": (say("S-STA-F1,riser,0"), RUN, "facts.csv: S-STA-F1: riser: should be > 0 (got 0.0)"),
    "stairs without tread": (say("S-STA-F1,tread,nan"), RUN, "facts.csv: S-STA-F1: tread: should be a number (got nan)"),
    "locked in": (say(*BOTH_KEYS), RUN, "no exit can be reached from 101 (S-101), where 6 people are, past the doors that the plan has as locked or one-way (P-101-A, "),
    "a way in only": (say("P-101-A,one_way,in"), RUN, "no exit can be reached from 101 (S-101)"),
    "unknown door": (same, ask("doors", "[{door: P-C1-CC, state: closed}]"), "doors.0.door: no door 'P-C1-CC' in plan 'cedar-middle' (did you mean 'P-C1-C'?)"),
    "a window for a door": (same, ask("doors", "[{door: P-101-W1, state: closed}]"), "P-101-W1 is a window"),
    "unknown zone": (same, ask("doors", "[{door: '4', state: closed, known_to: [west-3]}]"), "known_to.0: west-3: no such zone in plan 'cedar-middle' (did you mean 'west-2'?)"),
    "zone without a list": (same, ask("doors", "[{door: '4', state: closed, known_to: west-1}]"), "known_to: should be 'everyone' or a list of zones and rooms (got 'west-1')"),
    "unknown state": (same, ask("doors", "[{door: '4', state: shut}]"), "state: should be 'open', 'closed', 'locked' or 'blocked' (got 'shut')"),
    "door at no time": (same, ask("doors", "[{door: '4', state: closed, at_s: .nan}]"), "doors.0.at_s: should be a number (got '.nan')"),
    "two states at once": (same, ask("doors", "[{door: '4', state: closed}, {door: P-STA-L1-B, state: open}]"), "doors.1: P-STA-L1-B changes twice at 0 s"),
    "sent nowhere": (same, ask("directions", "[{at_s: 30, exit: '99'}]"), "directions.0.exit: no exit '99' in plan 'cedar-middle'"),
    "sent out of no exit": (same, ask("directions", "[{at_s: 30, exit: '10'}]"), "P-152-B is not a confirmed exit"),
    "a familiar exit that is none": (same, ask("exit_choice", "{familiar: {exit: '99'}}"), "exit_choice.familiar.exit: no exit '99'"),
    "more than everybody": (same, ask("exit_choice", "{familiar: {exit: '1', share: 2}}"), "exit_choice.familiar.share: should be <= 1 (got 2)"),
    "more wheelchairs than people": (same, ask("population.rooms.S-101.profiles", "{wheelchair: 6}"), "S-101.profiles: names 6 wheelchair among 5 students of the room"),
    "unknown profile": (same, ask("population.rooms.S-101.profiles", "{wheelchar: 1}"), "profiles.wheelchar: unknown key (did you mean 'wheelchair'?)"),
    "no weight": (same, ask("movement.merge_weights", "{P-C2-A: 0}"), "merge_weights.P-C2-A: should be >= 0.001 (got 0)"),
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
    assert shown.out == ""
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


def test_a_building_without_an_open_exit_is_run_and_said(
    desk: Path, capsys: pytest.CaptureFixture[str]
):
    plan = load_plan(desk / "plan")
    doors = ", ".join(f"{{door: {door.id}, state: blocked}}" for door in plan.exits)
    assert main([*RUN, "--set", f"doors=[{doors}]"]) == 1
    shown = capsys.readouterr().out
    assert "Note: from 0 s on, no exit can be reached from any room, where 6 people are" in shown
    assert "6 no_route" in shown


@pytest.mark.parametrize("speed", ["1e-300", "{kind: constant, value: 5e-324}"])
def test_people_who_hardly_move_end_the_run_in_a_named_state(
    desk: Path, speed: str, capsys: pytest.CaptureFixture[str]
):
    assert main(ask("movement.speed_mps.everyone", speed)) == 1
    assert "6 walking" in capsys.readouterr().out
