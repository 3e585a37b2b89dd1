"""A run folder comes back as it was written, to the byte, and never on top of something else."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pyarrow.parquet as pq
import pytest
from support.two_rooms import PLAN, compiled_two_rooms, hand_calculation, two_rooms_scenario

from buildings import InputError
from scenarios import (
    Ensemble,
    RunFolderError,
    assemble,
    load_run,
    run_ensemble,
    summarize,
    write_run,
)
from scenarios.ensemble import STACKED
from scenarios.occupancy import occupancy_changes
from scenarios.protocol_columns import PROTOCOL_TABLES
from scenarios.run_folder import CONTENTS, DRAWN
from scenarios.schema import json_schema
from scenarios.summary_file import SummaryFile
from scenarios.table_columns import TABLES

pytestmark = pytest.mark.usefixtures("hand_plan")

EVERY_RUN = {name: columns for name, columns in TABLES.items() if name not in PROTOCOL_TABLES}
"""The tables that every run has."""


def ensemble_of(**changes) -> Ensemble:
    scenario = two_rooms_scenario(
        pre_movement={"everyone": {"kind": "uniform", "low": 0, "high": 30}}, **changes
    )
    ready = assemble(scenario, PLAN, compiled_two_rooms())
    return run_ensemble(ready, replicas=5, keep_events=2)


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_round_trip(tmp_path: Path):
    written = ensemble_of()
    folder = write_run(written, tmp_path / "run")
    read = load_run(folder)
    for name in STACKED:
        assert np.array_equal(getattr(written, name), getattr(read, name)), name
        assert getattr(written, name).dtype == getattr(read, name).dtype, name
    assert read.manifest == written.manifest
    assert summarize(read) == summarize(written)
    assert [kept.replica for kept in read.kept] == [kept.replica for kept in written.kept]
    for ours, theirs in zip(written.kept, read.kept, strict=True):
        for name in ("time_s", "kind", "person", "subject"):
            assert np.array_equal(getattr(ours.events, name), getattr(theirs.events, name))
        assert np.array_equal(ours.out_s, theirs.out_s)
        assert ours.end_s == theirs.end_s


ORDERS = {
    "doors": [{"door": "1", "at_s": 12, "state": "closed", "known_to": ["west"]}],
    "directions": [{"at_s": 2, "exit": "2", "rooms": ["102"]}],
    "exit_choice": {"familiar": {"exit": "2", "share": 0.5, "roles": ["office"]}},
    "classes": {"keep_together": True},
    "population": {
        "rooms": {
            "101": {"students": 25, "teachers": 1, "profiles": {"stick": 1, "wheelchair": 1}},
            "102": {"office": 3},
        }
    },
    "movement": {
        **hand_calculation()["movement"],
        "merge_weights": {"D0": 2.0},
    },
}
"""A scenario that uses everything that came after the first ones."""


def test_round_trip_with_orders_and_profiles(tmp_path: Path):
    written = ensemble_of(**ORDERS)
    read = load_run(write_run(written, tmp_path / "run"))
    assert read.manifest == written.manifest
    assert summarize(read) == summarize(written)
    assert read.kept[0].orders == written.kept[0].orders
    assert [order.at_s for order in read.kept[0].orders] == [2.0, 12.0]
    assert read.roster.profile == written.roster.profile
    assert read.scenario.resolved == written.scenario.resolved
    again = contents(write_run(read, tmp_path / "again"))
    assert again == contents(tmp_path / "run")


def test_what_was_ordered_is_on_record(tmp_path: Path):
    ensemble = ensemble_of(**ORDERS)
    folder = write_run(ensemble, tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert manifest["orders"] == summary["orders"]
    direction, door = manifest["orders"]
    assert direction == {
        "at_s": 2.0, "kind": "direction", "portal": "D3", "number": "2", "state": None,
        "passes_from": None, "known_to": ["R2"],
    }  # fmt: skip
    assert door == {
        "at_s": 12.0, "kind": "door", "portal": "D2", "number": "1", "state": "closed",
        "passes_from": [], "known_to": ["R1"],
    }  # fmt: skip
    named = {row["name"]: row for row in manifest["parameters"]}
    assert len(named) == len(manifest["parameters"])
    assert named["size: wheelchair"]["value"] == 3
    assert named["stair_down_mps: stick"]["source"].endswith("[recalled]")
    assert named["merge_weight: D0"]["value"] == 2.0
    assert named["exit_choice"]["value"]["familiar"]["share"] == 0.5
    assert summary["profiles"]["wheelchair"]["people"] == 1
    people = pq.read_table(folder / "people.parquet").to_pandas()
    assert people.groupby("profile", observed=True)["person"].nunique().to_dict() == {
        "stick": 1, "unimpaired": 27, "wheelchair": 1,
    }  # fmt: skip
    assert sorted(people["size"].unique().tolist()) == [1, 3]


def test_who_is_not_out_is_counted_by_room_and_state(tmp_path: Path):
    ensemble = ensemble_of(
        doors=[{"door": "D0", "at_s": 0, "state": "blocked", "known_to": "everyone"}]
    )
    summary = summarize(ensemble)
    assert summary["rooms"]["R1"]["not_out"] == {"no_route": 26.0}
    assert summary["rooms"]["R2"]["not_out"] == {}
    assert summary["ledger"]["no_route"] == 26
    assert summary["notes"] == ensemble.manifest["notes"]
    jsonschema.validate(summary, json_schema(SummaryFile))


def test_who_waits_at_a_closed_door_is_counted_there(tmp_path: Path):
    ensemble = ensemble_of(
        doors=[{"door": "1", "at_s": 0, "state": "closed"}],
        exit_choice={"at_closed_door": "wait"},
    )
    summary = summarize(ensemble)
    assert summary["doors"]["D2"]["waiting_at_end"] == 26
    assert summary["doors"]["D3"]["waiting_at_end"] == 0
    assert summary["rooms"]["R1"]["not_out"] == {"queueing": 26.0}
    assert summarize(load_run(write_run(ensemble, tmp_path / "run"))) == summary


def test_a_plain_run_has_no_word_of_what_it_does_not_use():
    manifest = ensemble_of().manifest
    assert not {"orders", "notes"} & manifest.keys()
    assert not {"doors", "directions", "exit_choice"} & manifest["scenario"].keys()
    assert "mobility" not in manifest["scenario"]["population"]
    assert "profiles" not in manifest["scenario"]["population"]["rooms"]["101"]
    assert "keep_together" not in manifest["scenario"]["classes"]
    assert "merge_weights" not in manifest["scenario"]["movement"]


def test_a_run_of_before_still_reads(tmp_path: Path):
    folder = write_run(ensemble_of(), tmp_path / "run")
    for name, columns in EVERY_RUN.items():
        later = [column.name for column in columns if column.later]
        path = folder / f"{name}.parquet"
        pq.write_table(pq.read_table(path).drop_columns(later), path)
    assert summarize(load_run(folder)) == summarize(ensemble_of())


def test_same_run_same_bytes(tmp_path: Path):
    first = contents(write_run(ensemble_of(), tmp_path / "a"))
    second = contents(write_run(ensemble_of(), tmp_path / "b"))
    again = contents(write_run(load_run(tmp_path / "a"), tmp_path / "c"))
    assert first == second == again
    announced = {f"{name}.parquet" for name in PROTOCOL_TABLES}
    assert {name.split("/")[0] for name in first} == CONTENTS - DRAWN - announced


def test_nothing_in_a_run_names_the_machine(tmp_path: Path):
    folder = write_run(ensemble_of(), tmp_path / "run")
    for name in ("manifest.json", "summary.json"):
        text = (folder / name).read_text(encoding="utf-8")
        assert str(tmp_path) not in text
        assert str(Path.cwd()) not in text


def test_folders_and_files_are_private(tmp_path: Path):
    folder = write_run(ensemble_of(), tmp_path / "deep" / "run")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_a_run_replaces_a_run_and_nothing_else(tmp_path: Path):
    folder = write_run(ensemble_of(), tmp_path / "run")
    write_run(ensemble_of(seed=8), folder)
    assert json.loads((folder / "manifest.json").read_text())["seed"] == 8
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    before = contents(folder)
    with pytest.raises(RunFolderError, match=r"holds 'notes.txt', which is not part of a run"):
        write_run(ensemble_of(), folder)
    assert contents(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def test_a_foreign_folder_or_file_is_left_alone(tmp_path: Path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "plan").mkdir()
    with pytest.raises(RunFolderError, match=r"nothing was written"):
        write_run(ensemble_of(), tmp_path / "photos")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(RunFolderError, match=r"is a file, expected a folder"):
        write_run(ensemble_of(), tmp_path / "file")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = write_run(ensemble_of(), tmp_path / "run")
    before = contents(folder)

    def fail(ensemble: Ensemble) -> dict[str, object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scenarios.run_folder.summarize", fail)
    with pytest.raises(RunFolderError, match="No space left on device"):
        write_run(ensemble_of(seed=9), folder)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda f: (f / "manifest.json").unlink(), "holds no manifest.json"),
        (lambda f: (f / "manifest.json").write_text("{"), "not readable as JSON"),
        (lambda f: (f / "manifest.json").write_text("{}"), "is not the manifest of a run"),
        (lambda f: (f / "manifest.json").write_text('{"kind": "run"}'), "kept_replicas is missing"),
        (lambda f: (f / "people.parquet").unlink(), "no such file, expected the table 'people'"),
        (lambda f: (f / "doors.parquet").write_bytes(b"PAR1"), "not readable as Parquet"),
        (
            lambda f: (f / "people.parquet").write_bytes((f / "rooms.parquet").read_bytes()),
            "column 'person' is missing",
        ),
        (
            lambda f: pq.write_table(
                pq.read_table(f / "people.parquet").slice(1), f / "people.parquet"
            ),
            "the tables do not fit the manifest",
        ),
    ],
)
def test_a_damaged_run_says_what_is_wrong(tmp_path: Path, spoil, words: str):
    folder = write_run(ensemble_of(), tmp_path / "run")
    spoil(folder)
    with pytest.raises(InputError) as caught:
        load_run(folder)
    assert words in str(caught.value)


def test_a_run_whose_plan_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = write_run(ensemble_of(), tmp_path / "run")
    other = replace(PLAN, sha256="cd" * 32)
    monkeypatch.setattr("scenarios.run_folder.load_plan", lambda source: other)
    with pytest.raises(RunFolderError, match="the plan was changed after the run"):
        load_run(folder)
    with pytest.raises(RunFolderError, match="no such folder"):
        load_run(tmp_path / "none")


def test_tables_are_as_declared(tmp_path: Path):
    folder = write_run(ensemble_of(), tmp_path / "run")
    for name, columns in EVERY_RUN.items():
        table = pq.read_table(folder / f"{name}.parquet")
        assert table.column_names == [column.name for column in columns]
        for column in columns:
            field = table.schema.field(column.name)
            kind = "text" if str(field.type).startswith("dictionary") else str(field.type)
            assert kind.replace("double", "float64") == column.kind
            assert field.metadata[b"unit"].decode() == column.unit
    people = pq.read_table(folder / "people.parquet")
    assert people.num_rows == 5 * 29
    assert people.column("out_s").null_count == 0


def test_summary_matches_its_schema(tmp_path: Path):
    folder = write_run(ensemble_of(), tmp_path / "run")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    jsonschema.validate(summary, json_schema(SummaryFile))


def test_occupancy_never_loses_anybody():
    ensemble = ensemble_of()
    times, spaces, people = occupancy_changes(ensemble, ensemble.kept[0])
    inside = np.zeros(len(ensemble.compiled.space_ids), dtype=np.int64)
    at_start = times == 0.0
    inside[spaces[at_start]] = people[at_start]
    assert inside.sum() == 29
    for space, count in zip(spaces[~at_start], people[~at_start], strict=True):
        assert abs(count - inside[space]) == 1
        assert count >= 0
        inside[space] = count
    assert inside.sum() == 0


def test_manifest_gives_every_parameter_a_source():
    manifest = ensemble_of(
        population={"total": 40, "age_band": "grades_6_8"}, movement={}, protocol={}
    ).manifest
    names = [row["name"] for row in manifest["parameters"]]
    assert len(names) == len(set(names))
    for wanted in (
        "door_specific_flow",
        "speed_mps: grades_6_8",
        "pre_movement_s: everyone",
        "roll_call_s",
        "staff: classroom",
        "load_factor_m2: office",
    ):
        assert wanted in names
    assert all(row["source"] for row in manifest["parameters"])
    assert manifest["scenario"]["population"]["total"] == 40
    assert manifest["versions"]["numpy"] == np.__version__
