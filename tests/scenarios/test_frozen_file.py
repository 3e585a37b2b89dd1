"""A replica that the watchdog stops leaves a file, and the file runs it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.two_rooms import hand_calculation

from buildings import InputError, Plan
from scenarios.cli import main
from scenarios.frozen_file import run_frozen_again
from sim import FrozenError
from sim.movement import Movement

pytestmark = pytest.mark.usefixtures("hand_plan")


@pytest.fixture
def said(
    hand_plan: Plan,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    """Run a scenario whose first replica is stopped, and return what is said of it."""
    monkeypatch.chdir(tmp_path)
    Path("fire.yaml").write_text(yaml.safe_dump(hand_calculation()), encoding="utf-8")

    def freeze(movement: Movement) -> None:
        raise FrozenError("2 people wait for ever at 40.000 s", ((0, "D0"), (28, "D1")))

    with monkeypatch.context() as patch:
        patch.setattr(Movement, "check_that_nothing_is_frozen", freeze)
        assert main(["run", "fire.yaml", "--out", "drill"]) == 3
    return capsys.readouterr().err


LEFT = Path("drill-frozen-7-0.json")


def test_the_file_names_the_replica_and_who_was_held_up(said: str) -> None:
    assert "people held each other up for ever (seed 7, replica 0: 2 people wait" in said
    assert str(LEFT) in said
    content: dict[str, Any] = json.loads(LEFT.read_text(encoding="utf-8"))
    assert content["kind"] == "frozen_replica"
    assert content["replica"] == 0
    assert [one["at"] for one in content["held_up"]] == ["D0", "D1"]
    assert content["held_up"][0]["person"] == "R1/student-01"
    assert content["manifest"]["seed"] == 7
    assert LEFT.stat().st_mode & 0o777 == 0o600
    assert not Path("drill").exists()


@pytest.mark.usefixtures("said")
def test_the_file_runs_the_replica_again() -> None:
    run = run_frozen_again(LEFT)
    assert (run.seed, run.replica) == (7, 0)
    assert run.ledger["out"] == 29
    assert len(run.events) > 0


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="is not the file of a frozen replica"):
        run_frozen_again(path)
