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
    assert "expected one of demo, plan, run, show, debrief" in capsys.readouterr().err


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
