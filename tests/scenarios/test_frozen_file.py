"""A replica that the watchdog stops leaves a file, and the file runs it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.two_rooms import hand_calculation

from buildings import InputError
from scenarios.cli import main
from scenarios.frozen_file import run_frozen_again
from sim import FrozenError
from sim.movement import Movement

pytestmark = pytest.mark.usefixtures("hand_plan")


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run a scenario whose first replica is stopped, and return the file that is left."""
    monkeypatch.chdir(tmp_path)
    Path("fire.yaml").write_text(yaml.safe_dump(hand_calculation()), encoding="utf-8")

    def freeze(movement: Movement) -> None:
        raise FrozenError("2 people wait for ever at 40.000 s", ((0, "D0"), (28, "D1")))

    with monkeypatch.context() as patch:
        patch.setattr(Movement, "check_that_nothing_is_frozen", freeze)
        assert main(["run", "fire.yaml", "--out", "drill"]) == 3
    return Path("drill-frozen-7-0.json")


def test_the_file_names_the_replica_and_who_was_held_up(
    stopped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = capsys.readouterr().err
    assert "people held each other up for ever (seed 7, replica 0: 2 people wait" in said
    assert str(stopped) in said
    content: dict[str, Any] = json.loads(stopped.read_text(encoding="utf-8"))
    assert content["kind"] == "frozen_replica"
    assert content["replica"] == 0
    assert [one["at"] for one in content["held_up"]] == ["D0", "D1"]
    assert content["held_up"][0]["person"] == "R1/student-01"
    assert content["manifest"]["seed"] == 7
    assert stopped.stat().st_mode & 0o777 == 0o600
    assert not Path("drill").exists()


def test_the_file_runs_the_replica_again(stopped: Path) -> None:
    run = run_frozen_again(stopped)
    assert (run.seed, run.replica) == (7, 0)
    assert run.ledger["out"] == 29
    assert len(run.events) > 0


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="is not the file of a frozen replica"):
        run_frozen_again(path)
