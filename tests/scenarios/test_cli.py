"""The command line answers with exit codes, one clear message, and nothing written over."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path

import pytest
import yaml
from support.two_rooms import hand_calculation

from buildings import InputError
from scenarios import load_run
from scenarios.cli import VERBS, main

pytestmark = pytest.mark.usefixtures("hand_plan")


@pytest.fixture
def fire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "fire.yaml"
    path.write_text(yaml.safe_dump(hand_calculation()), encoding="utf-8")
    return path


def test_help_and_version(capsys: pytest.CaptureFixture[str]):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for verb in VERBS:
        assert f"  {verb}" in shown
    assert "example: hallways run" in shown
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("hallways ")
    assert main([]) == 2


def test_an_unknown_verb_suggests(capsys: pytest.CaptureFixture[str]):
    assert main(["rum"]) == 2
    assert "unknown verb 'rum' (did you mean 'run'?)" in capsys.readouterr().err
    assert main(["xyz"]) == 2
    assert f"expected one of {', '.join(VERBS)}" in capsys.readouterr().err


def test_run_prints_what_matters_and_writes_a_folder(
    fire: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["run", "fire.yaml", "--replicas", "3"]) == 0
    shown = capsys.readouterr().out
    assert "Two rooms by hand: 29 people, 3 replicas, seed 7" in shown
    assert "everybody" in shown
    assert "all classes counted" in shown
    assert "all 29 people are out" in shown
    assert "planning estimate, not a code-compliance or tactical document" in shown
    assert shown.splitlines()[-1] == "Run folder: runs/fire"
    assert load_run(Path("runs/fire")).replicas == 3


def test_run_as_json(fire: Path, capsys: pytest.CaptureFixture[str]):
    arguments = ["run", str(fire), "--seed", "3", "--out", "here", "--json", "--keep-events", "0"]
    assert main([*arguments, "--set", "protocol.evacuate.alarm_s=30"]) == 0
    captured = capsys.readouterr()
    summary = json.loads(captured.out)
    assert summary == json.loads(Path("here/summary.json").read_text(encoding="utf-8"))
    assert summary["seed"] == 3
    assert summary["alarm_s"] == 30
    assert summary["clearance_s"]["p100"]["median"] > 30
    assert captured.err == ""


def test_somebody_not_out_is_exit_code_1(fire: Path, capsys: pytest.CaptureFixture[str]):
    never = "protocol.evacuate.announcement.spaces.102=never"
    assert main(["run", "fire.yaml", "--set", never]) == 1
    shown = capsys.readouterr().out
    assert "not everybody is out" in shown
    assert "from 102 (R2): 3 not_started, in replica 0" in shown


def test_what_is_special_about_a_run_is_said_first(fire: Path, capsys: pytest.CaptureFixture[str]):
    arguments = [
        "doors=[{door: D0, at_s: 65, state: closed, known_to: [west]},"
        " {door: '1', at_s: 5, state: blocked}]",
        "directions=[{at_s: 7, exit: '2', rooms: [east]}, {at_s: 9, exit: any}]",
        "exit_choice={rule: locally_quickest, at_closed_door: wait, familiar: {exit: '2', share: "
        "0.8, roles: [office]}, by_role: {visitor: {familiar: none, rule: nearest}}}",
        "classes.keep_together=true",
        "population.rooms.101.profiles={wheelchair: 2, needs_helper: 1}",
    ]
    sets = [word for argument in arguments for word in ("--set", argument)]
    assert main(["run", "fire.yaml", *sets]) in (0, 1)
    shown = capsys.readouterr().out
    for line in (
        "0:05 door 1 (D2) blocked, known on sight",
        "0:07 people in east are sent to exit 2 (D3)",
        "0:09 everybody inside choose their exit again",
        "1:05 door D0 closed, known to west",
        "Exit choice: people take the locally quickest way; people wait at a closed door; office: "
        "80% take exit 2, which they know; visitor: the nearest exit; visitor: no familiar exit",
        "Classes walk at the pace of their slowest member",
        "Mobility: 2 wheelchair, 1 needs helper",
    ):
        assert line in shown
    assert main(["run", "fire.yaml", "--json", *sets]) in (0, 1)
    captured = capsys.readouterr()
    assert [order["at_s"] for order in json.loads(captured.out)["orders"]] == [5, 7, 9, 65]
    assert captured.err == ""


def test_doors_where_people_still_wait_are_named(fire: Path, capsys: pytest.CaptureFixture[str]):
    sets = ["doors=[{door: '1', state: closed}]", "exit_choice.at_closed_door=wait"]
    assert main(["run", "fire.yaml", *(w for s in sets for w in ("--set", s))]) == 1
    assert "waiting at D2, Hall to outside: 26 on average" in capsys.readouterr().out


def test_a_long_list_of_orders_is_cut(fire: Path, capsys: pytest.CaptureFixture[str]):
    doors = ", ".join(f"{{door: D3, at_s: {k}, state: open}}" for k in range(20))
    assert main(["run", "fire.yaml", "--set", f"doors=[{doors}]"]) == 0
    assert "and 12 more" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "none.yaml"], "none.yaml: no such file, expected a scenario"),
        (["run", "fire.yaml", "--set", "seed=x"], "seed: should be a whole number (got 'x')"),
        (["run", "fire.yaml", "--out", "busy"], "holds 'notes.txt', which is not part of a run"),
        (["run", "fire.yaml", "--set", "population.rooms.999.aides=1"], "999: no such room"),
    ],
)
def test_bad_input_is_exit_code_2_with_one_message(
    fire: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
):
    Path("busy").mkdir()
    Path("busy/notes.txt").write_text("mine", encoding="utf-8")
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert not Path("runs").exists()


@pytest.mark.parametrize("arguments", [["--replicas", "0"], ["--workers", "x"], ["--seed", "-1"]])
def test_bad_options_are_exit_code_2(
    fire: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
):
    with pytest.raises(SystemExit) as caught:
        main(["run", str(fire), *arguments])
    assert caught.value.code == 2
    assert "should be a whole number of at least" in capsys.readouterr().err


def verb_that(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(argv: list[str]) -> int:
        raise error

    module = types.ModuleType("failing_verb")
    module.main = fail  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "failing_verb", module)
    monkeypatch.setitem(VERBS, "run", ("failing_verb:main", ""))


def test_errors_of_a_verb(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    verb_that(monkeypatch, KeyboardInterrupt())
    assert main(["run"]) == 130
    assert capsys.readouterr().err == "hallways: interrupted\n"
    verb_that(monkeypatch, InputError("plan.yaml: is upside down"))
    assert main(["run"]) == 2
    assert capsys.readouterr().err == "plan.yaml: is upside down\n"
    verb_that(monkeypatch, ValueError("a mistake of ours"))
    with pytest.raises(ValueError, match="a mistake of ours"):
        main(["run"])
