"""Outcomes of lockdowns: kept, read back, and explained as the recorded times say."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields
from pathlib import Path

import jsonschema
import numpy as np
import pyarrow.parquet as pq
import pytest
from support.lockdown_runs import content, lockdown, wing_with
from support.two_rooms import PLAN, compiled_two_rooms, two_rooms_scenario

from buildings import load_plan, write_plan
from scenarios import assemble, load_run, run_ensemble, scenario_from, summarize, write_run
from scenarios.protocol_columns import PROTOCOL_TABLES
from scenarios.protocol_outcome import TIMES
from scenarios.protocol_tables import BOARDS, field_of
from scenarios.schema import json_schema
from scenarios.summary_file import SummaryFile
from scenarios.unsecured_rooms import REASONS, WORDS, reasons
from sim.protocols import MARKS_S, RoomState

BOARDS_OF = (("rooms", "room_"), ("doors", "door_"), ("people", ""), ("replicas", ""))


def reason_of(ensemble, room: str) -> list[str]:
    codes = reasons(ensemble.protocol)[:, ensemble.compiled.space_index(room)]
    return [REASONS[code] if code >= 0 else "" for code in codes.tolist()]


def test_every_time_of_a_protocol_is_kept_in_a_column():
    columns = {
        field_of(prefix, column.name)
        for table, prefix in BOARDS_OF
        for column in PROTOCOL_TABLES[f"protocol_{table}"]
    }
    person = {"person_state": "state"}
    for name in TIMES:
        if name not in ("announced_s", "alert_s"):
            assert name in columns or person.get(name) in columns, name


def test_a_room_without_fault_is_secured():
    ensemble = lockdown(locks={"thumbturn_inside": {"fails": 0}})
    assert set(reason_of(ensemble, "N00")) == {"done"}
    assert (ensemble.protocol.n_not_done == 0).all()
    assert (ensemble.protocol.rooms_by(600.0) == 4).all()


def test_a_door_without_a_lock_is_the_reason():
    ensemble = lockdown({"N00": "no_lock"}, locks={"thumbturn_inside": {"fails": 0}})
    assert set(reason_of(ensemble, "N00")) == {"no_lock"}
    assert set(reason_of(ensemble, "N01")) == {"done"}


def test_a_key_that_nobody_has_is_the_reason():
    people = {"N00": {"students": 5, "substitutes": 1}, "N01": {"students": 5, "teachers": 1}}
    ensemble = lockdown(
        {"N00": "key_outside", "N01": "key_outside"},
        population=people,
        shares={"substitute_has_keys": 0},
        locks={"key_outside": {"fails": 0}},
    )
    assert set(reason_of(ensemble, "N00")) == {"no_key"}
    assert set(reason_of(ensemble, "N01")) == {"done"}


def test_a_lock_that_fails_unnoticed_is_believed_locked():
    ensemble = lockdown(locks={"thumbturn_inside": {"fails": 1, "unnoticed": 1}})
    assert set(reason_of(ensemble, "S01")) == {"believed_locked"}
    assert summarize(ensemble)["protocol"]["believed_locked"]["mean"] == 4.0


def test_a_lock_that_fails_noticed_is_not_believed_locked():
    ensemble = lockdown(locks={"thumbturn_inside": {"fails": 1, "unnoticed": 0}})
    assert set(reason_of(ensemble, "S01")) == {"lock_failed"}
    assert summarize(ensemble)["protocol"]["believed_locked"]["mean"] == 0.0


def test_a_room_that_never_hears_it_says_so():
    ensemble = lockdown(announcement={"spaces": {"N01": "never"}})
    assert set(reason_of(ensemble, "N01")) == {"never_heard"}
    assert summarize(ensemble)["protocol"]["latency"]["rooms_never_hear"]["mean"] == 1.0


def test_people_in_sight_through_glass_are_the_reason():
    ensemble = lockdown(
        {"S00": "glass"}, locks={"thumbturn_inside": {"fails": 0}}, population={
            "S00": {"students": 200, "teachers": 1}}
    )  # fmt: skip
    row = ensemble.compiled.space_index("S00")
    assert ensemble.protocol.facts.places[row] < 201
    assert set(reason_of(ensemble, "S00")) == {"in_sight"}
    room = summarize(ensemble)["protocol"]["per_room"]["S00"]
    assert room["shortfall"] == 201 - ensemble.protocol.facts.places[row]
    assert room["visible"] == room["shortfall"]


def test_a_run_that_is_cut_short_is_not_finished():
    said = content() | {"end_s": 5}
    plan, compiled = wing_with()
    scenario = scenario_from(said, name="wing.yaml", folder=Path("nowhere"))
    ensemble = run_ensemble(assemble(scenario, plan, compiled), replicas=3, workers=1)
    assert set(reason_of(ensemble, "N00")) == {"not_finished"}
    low, high = ensemble.protocol.share_by(np.array(MARKS_S))
    assert (low == 0).all()
    assert (high == 1).all()


def test_rooms_with_nobody_in_them_do_not_count():
    ensemble = lockdown(population={"N00": {"students": 5, "teachers": 1}})
    assert (ensemble.protocol.counted.sum(axis=1) == 1).all()
    assert set(reason_of(ensemble, "N01")) == {""}


def test_only_rooms_that_are_meant_count():
    ensemble = lockdown(timeline=[{"at_s": 0, "action": "lockdown", "rooms": ["N00", "S00"]}])
    assert (ensemble.protocol.counted.sum(axis=1) == 2).all()


def test_times_are_counted_from_the_announcement():
    now = lockdown(locks={"thumbturn_inside": {"fails": 0}})
    later = lockdown(
        timeline=[{"at_s": 45, "action": "lockdown"}], locks={"thumbturn_inside": {"fails": 0}}
    )
    assert later.protocol.zero_s.tolist() == [45.0] * 12
    done = now.protocol.counted
    np.testing.assert_allclose(
        now.protocol.rooms.hi_s[done], later.protocol.rooms.hi_s[done], rtol=0, atol=1e-9
    )


def test_a_hold_asks_for_rooms_to_settle():
    ensemble = lockdown(timeline=[{"at_s": 0, "action": "hold"}])
    summary = summarize(ensemble)["protocol"]
    assert (summary["aim"], summary["in_sight"]) == ("hold", None)
    assert summary["all_done"] == 1.0


def test_kept_replicas_are_median_slowest_and_quickest_by_the_last_room():
    ensemble = lockdown(keep_events=3)
    worse = ensemble.protocol.n_not_done
    order = np.lexsort((np.arange(12), ensemble.protocol.last_done_s, worse))
    assert [result.replica for result in ensemble.kept] == [order[5], order[-1], order[0]]
    changes = ensemble.kept[0].protocol.rooms
    assert (changes.state == RoomState.SECURED).sum() == 4 - worse[order[5]]


def test_people_are_stranded_until_their_room_is_secured():
    ensemble = lockdown(locks={"thumbturn_inside": {"fails": 0}})
    summary = summarize(ensemble)["protocol"]
    for mark, done in zip(summary["stranded"], summary["done_by"], strict=True):
        safe = done["share_of_people"]["mean"] * 44
        assert mark["people"]["mean"] == pytest.approx(44 - safe)


def test_what_comes_after_a_lockdown_changes_nothing_of_it():
    alone = lockdown({"N00": "no_lock", "S00": "glass"})
    steps = [{"at_s": 0, "action": "lockdown"}, {"at_s": 400, "action": "evacuate"}]
    later = lockdown({"N00": "no_lock", "S00": "glass"}, timeline=steps)
    assert np.array_equal(alone.protocol.times.in_sight_s, later.protocol.times.in_sight_s)
    assert np.array_equal(reasons(alone.protocol), reasons(later.protocol))


def test_people_who_never_find_a_place_are_in_sight_to_the_end():
    people = {"S00": {"students": 200, "teachers": 1}}
    steps = [{"at_s": 0, "action": "lockdown"}, {"at_s": 400, "action": "release"}]
    ensemble = lockdown({"S00": "glass"}, population=people, timeline=steps)
    shortfall = 201 - ensemble.protocol.facts.places[ensemble.compiled.space_index("S00")]
    times = ensemble.protocol.times
    whole = (times.in_sight_s >= 200.0).sum(axis=1)
    assert (whole >= shortfall).all()


def test_the_pool_gives_the_same_outcome():
    one, two = lockdown(replicas=6), lockdown(replicas=6, workers=2)
    for name in TIMES:
        assert np.array_equal(getattr(one.protocol.times, name), getattr(two.protocol.times, name))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory):
    """Return an ensemble of a plan that lies in a folder, and the run folder of it."""
    home = tmp_path_factory.mktemp("lockdown")
    write_plan(wing_with((("N00", "no_lock"),))[0], home / "plan")
    plan = load_plan(home / "plan")
    said = content() | {"plan": str(home / "plan")}
    scenario = scenario_from(said, name="wing.yaml", folder=home)
    ensemble = run_ensemble(assemble(scenario, plan), replicas=5, keep_events=2, workers=1)
    return ensemble, write_run(ensemble, home / "run")


def test_a_run_comes_back_as_it_was_written(written, tmp_path: Path):
    ensemble, folder = written
    read = load_run(folder)
    for name in TIMES:
        ours, theirs = getattr(ensemble.protocol.times, name), getattr(read.protocol.times, name)
        assert ours.dtype == theirs.dtype, name
        assert np.array_equal(ours, theirs), name
    for entry in fields(ensemble.protocol.facts):
        ours = getattr(ensemble.protocol.facts, entry.name)
        assert np.array_equal(ours, getattr(read.protocol.facts, entry.name)), entry.name
    assert summarize(read) == summarize(ensemble)
    for ours, theirs in zip(ensemble.kept, read.kept, strict=True):
        for field in BOARDS:
            for name in ("time_s", "entity", "state"):
                mine = getattr(getattr(ours.protocol, field), name)
                assert np.array_equal(mine, getattr(getattr(theirs.protocol, field), name))
    again = write_run(read, tmp_path / "again")
    for path in sorted(folder.glob("*.parquet")):
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_the_summary_fits_its_schema(written):
    summary = json.loads((written[1] / "summary.json").read_text(encoding="utf-8"))
    jsonschema.validate(summary, json_schema(SummaryFile))
    assert summary["protocol"]["per_room"]["N00"]["reason"] == "no_lock"


def test_choices_are_on_record_with_their_sources(written):
    manifest = json.loads((written[1] / "manifest.json").read_text(encoding="utf-8"))
    named = {row["name"]: row for row in manifest["parameters"]}
    assert named["locks.thumbturn_inside.seconds"]["source"].endswith("[chosen]")


def test_a_run_without_the_tables_of_protocols_is_still_read(written, tmp_path: Path):
    folder = tmp_path / "old"
    shutil.copytree(written[1], folder)
    for path in folder.glob("protocol_*.parquet"):
        path.unlink()
    read = load_run(folder)
    assert read.protocol is None
    assert read.kept[0].protocol is None


def test_a_run_without_the_columns_that_came_later_is_still_read(written, tmp_path: Path):
    folder = tmp_path / "old"
    shutil.copytree(written[1], folder)
    for name, columns in PROTOCOL_TABLES.items():
        path = folder / f"{name}.parquet"
        later = [column.name for column in columns if column.later]
        pq.write_table(pq.read_table(path).drop_columns(later), path)
    assert summarize(load_run(folder)) == summarize(written[0])


def test_a_plain_evacuation_has_no_protocol_and_none_of_its_tables(tmp_path: Path, hand_plan):
    ready = assemble(two_rooms_scenario(), PLAN, compiled_two_rooms())
    ensemble = run_ensemble(ready, replicas=2)
    assert ensemble.protocol is None
    assert summarize(ensemble)["protocol"] is None
    folder = write_run(ensemble, tmp_path / "run")
    assert not list(folder.glob("protocol_*"))
    assert load_run(folder).protocol is None


def test_a_table_that_does_not_fit_is_refused(written, tmp_path: Path):
    folder = tmp_path / "cut"
    shutil.copytree(written[1], folder)
    path = folder / "protocol_rooms.parquet"
    table = pq.read_table(path)
    pq.write_table(table.slice(0, table.num_rows - 1), path)
    with pytest.raises(ValueError, match="do not fit the manifest"):
        load_run(folder)


def test_every_reason_has_words():
    assert set(WORDS) == set(REASONS)
