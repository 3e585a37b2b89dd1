"""Drill folders: what is read, and the one clear message for each kind of fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from buildings import InputError, load_plan
from debrief.drill_folder import load_drill
from debrief.synthetic import FOLDER, synthetic_files

PLAN = load_plan("builtin:cedar-middle")


@pytest.fixture
def drill(tmp_path: Path) -> Path:
    folder = tmp_path / "drill"
    shutil.copytree(FOLDER, folder)
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_built_in_drill_is_what_its_maker_makes():
    """Golden: believed because the maker plants known effects, and the report finds them."""
    made = synthetic_files()
    assert {name: (FOLDER / name).read_bytes() for name in made} == made


def test_the_built_in_drill_reads(drill: Path):
    log = load_drill(drill, PLAN)
    assert log.drill.synthetic
    assert log.warnings == ()
    assert len(log.observations) > 30
    by_event = {o.event for o in log.observations}
    assert {"exit_first", "exit_count", "room_clear", "accounted", "problem"} <= by_event
    early = next(o for o in log.observations if o.censor == "right")
    assert early.place.label == "exit 4"
    assert early.t_lo_s == 150.0


def test_an_alias_names_a_place(drill: Path):
    change(drill, "observations.csv", "P-C1-C,door 3", ",front steps")
    (drill / "aliases.csv").write_text("place_raw,place_id\nfront steps,P-C1-C\n")
    first = load_drill(drill, PLAN).observations[1]
    assert first.place.id == "P-C1-C"


def test_a_changed_plan_is_a_warning(drill: Path):
    change(drill, "drill.yaml", PLAN.sha256, "0" * 64)
    assert "plan has changed" in load_drill(drill, PLAN).warnings[0]


ROWS, DRILL = "observations.csv", "drill.yaml"
FAULTS = [
    (ROWS, "S-105", "S-1055", r"place_id: 'S-1055' is no place.*did you mean 's-105'"),
    (ROWS, ",exit_first,", ",exit_frist,", r":3: event: unknown word.*did you mean 'exit_first'"),
    (ROWS, "0:26,elapsed,26", "0:26,elapsed,-26", r":3: t_s: should be >= 0 \(got '-26'\)"),
    (ROWS, "o003", "o002", r":4: obs_id 'o002' stands twice"),
    (ROWS, "obs_id,drill_id", "obs_id,student_name", r":1: column 'student_name': nobody is named"),
    (ROWS, "obs_id,drill_id", "obs_id,dril_id", r":1: unknown column.*did you mean 'drill_id'"),
    (ROWS, "OBS3,stopwatch", "OBS33,stopwatch", r"observer_id 'OBS33' is not in observers.csv"),
    (DRILL, "weather:", "wether:", r"yaml:\d+: wether: unknown key \(did you mean 'weather'"),
    (DRILL, "kind: evacuate", "kind: shelter", r"kind: .*shelter cannot be compared yet"),
    (DRILL, "date: 2026-10-07", "date: October", r"yaml:\d+: date: should be a day"),
    ("observers.csv", "OBS2,", "OBS1,", r"observers.csv:3: observer_id 'OBS1' stands twice"),
]


@pytest.mark.parametrize(("name", "old", "new", "message"), FAULTS)
def test_each_fault_has_one_clear_message(drill: Path, name: str, old: str, new: str, message: str):
    change(drill, name, old, new)
    with pytest.raises(InputError, match=message):
        load_drill(drill, PLAN)


def test_all_faults_come_at_once(drill: Path):
    change(drill, "observations.csv", "S-105", "S-1055")
    change(drill, "observations.csv", "S-118", "S-1188")
    with pytest.raises(InputError) as caught:
        load_drill(drill, PLAN)
    assert len(str(caught.value).splitlines()) == 2


def test_missing_and_cut_off_files(drill: Path, tmp_path: Path):
    with pytest.raises(InputError, match="no such folder, expected a drill folder"):
        load_drill(tmp_path / "nowhere", PLAN)
    text = (drill / "observations.csv").read_text()
    (drill / "observations.csv").write_text(text[: len(text) // 2])
    with pytest.raises(InputError, match=r"cells, expected 21|blank"):
        load_drill(drill, PLAN)
    (drill / "observations.csv").unlink()
    with pytest.raises(InputError, match="no such file, expected a drill log"):
        load_drill(drill, PLAN)
