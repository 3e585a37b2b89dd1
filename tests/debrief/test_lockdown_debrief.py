"""A lockdown drill beside simulated lockdowns: the same measures, bounds kept to the last line."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import yaml
from support.lockdown_runs import lockdown

from buildings import InputError
from debrief.cli import comparison_json
from debrief.comparison import compare
from debrief.drill_log import BUILDING, Drill, DrillLog, Observation, Place
from debrief.findings import findings
from debrief.report import render_report
from debrief.room_measures import checked, observed_rooms, room_times, shares_secured
from scenarios.cli import main

ROOMS = ("N00", "N01", "S00", "S01")
SURE = {"thumbturn_inside": {"fails": 0}}
DRILL = Drill("L-1", "drawn", None, "2026-10-07", "announce_start", kind="lockdown")


def seen(
    event: str, room: str, low: float, high: float | None = None, *, state: str | None = None
) -> Observation:
    """Return one observation of a room: exact, or between two times."""
    hi = low if high is None else high
    censor = "none" if hi == low else "right" if math.isinf(hi) else "interval"
    place = Place("room", room, room) if room else BUILDING
    return Observation(f"{event}/{room}/{low:g}", event, place, low, hi, censor, state=state)


def log_of(*observations: Observation) -> DrillLog:
    return DrillLog(DRILL, tuple(observations))


def test_a_drill_that_is_a_simulated_one_lies_where_it_belongs():
    ensemble = lockdown(replicas=40, locks=SURE)
    truth = lockdown(replicas=41, locks=SURE).protocol.rooms.hi_s[40]
    compiled = ensemble.compiled
    log = log_of(*(seen("room_secured", r, float(truth[compiled.space_index(r)])) for r in ROOMS))
    comparison = compare(log, ensemble)
    assert comparison.verdicts["as predicted"] >= 3
    low, high = comparison.secured[-1].observed.low, comparison.secured[-1].observed.high
    assert low == high == 1.0
    assert comparison.secured[-1].simulated_mean == 1.0


def test_a_room_that_is_much_later_is_found_and_the_drill_is_not():
    ensemble = lockdown(replicas=40, locks=SURE)
    middle = np.median(ensemble.protocol.rooms.hi_s, axis=0)
    times = {room: float(middle[ensemble.compiled.space_index(room)]) for room in ROOMS}
    times["S01"] *= 6.0
    comparison = compare(log_of(*(seen("room_secured", r, t) for r, t in times.items())), ensemble)
    assert comparison.worst is not None
    assert comparison.worst.observation.place.id == "S01"
    by_room = {p.observation.place.id: p.verdict for p in comparison.placements}
    assert by_room["S01"] == "later"
    assert [by_room[room] for room in ROOMS[:3]] == ["as predicted"] * 3


@pytest.mark.parametrize(
    ("state", "event", "low", "high"),
    [
        ("locked=yes", "door_locked", 0.0, 150.0),
        ("Locked = No; lights=off", "door_locked", 150.0, math.inf),
        ("secured=yes", "room_secured", 0.0, 150.0),
        ("lights=off", "door_check", 150.0, 150.0),
    ],
)
def test_a_door_check_is_a_bound_and_no_time(state, event, low, high):
    found = checked(seen("door_check", "N00", 150.0, state=state))
    assert (found.event, found.t_lo_s, found.t_hi_s) == (event, low, high)


def test_checks_alone_give_bounds_and_no_middle():
    """Door checks that find every room secured say by when, not when."""
    checks = [seen("door_check", r, 150.0, state="secured=yes") for r in ROOMS]
    times = observed_rooms(checks, ROOMS)
    assert (times.n_observed, times.n_censored) == (0, 4)
    ensemble = lockdown(replicas=40, locks=SURE)
    by = {one.at_s: one.observed for one in shares_secured(ensemble, checks, t0="announce_start")}
    assert (by[120.0].low, by[120.0].high) == (0.0, 1.0)
    assert (by[180.0].low, by[180.0].high) == (1.0, 1.0)


def test_what_was_timed_in_parts_is_put_together():
    parts = [
        seen("door_locked", "N00", 20.0), seen("lights_off", "N00", 25.0),
        seen("out_of_sight", "N00", 50.0), seen("door_locked", "N01", 20.0),
        seen("door_check", "S00", 90.0, state="locked=no"),
        seen("door_check", "S01", 90.0, state="locked=no"),
        seen("door_check", "S01", 200.0, state="secured=yes"),
    ]  # fmt: skip
    times = observed_rooms(parts, ROOMS)
    assert times.lo_s.tolist() == [50.0, 20.0, 90.0, 90.0]
    assert times.hi_s.tolist() == [50.0, math.inf, math.inf, 200.0]


def test_rooms_that_nobody_looked_at_widen_the_bounds():
    ensemble = lockdown(replicas=40, locks=SURE)
    log = log_of(seen("room_secured", "N00", 50.0), seen("room_secured", "N01", 55.0))
    one = compare(log, ensemble).secured[0].observed
    assert (one.low, one.high, one.n_missing) == (0.5, 1.0, 2)
    assert math.isnan(one.value)


def test_the_whole_building_is_done_with_its_last_room():
    ensemble = lockdown(replicas=40, locks=SURE)
    times = room_times(ensemble, seen("room_secured", "", 60.0))
    np.testing.assert_array_equal(times, ensemble.protocol.last_done_s)
    never = lockdown({"N00": "no_lock"}, locks=SURE)
    assert np.isinf(room_times(never, seen("room_secured", "", 60.0))).all()


def test_the_report_speaks_of_rooms():
    ensemble = lockdown(replicas=40, locks=SURE)
    log = log_of(
        *(seen("room_secured", room, 70.0) for room in ROOMS),
        seen("door_check", "N00", 150.0, state="answered_a_knock=no"),
    )
    comparison = compare(log, ensemble)
    page = render_report(comparison)
    assert page == render_report(comparison)
    assert "Rooms secured, by a time after T0" in page
    assert "Which rooms" in page
    assert "last person out" not in page
    assert findings(comparison)[0].startswith("Rooms secured by 2:00: 100% in the drill")
    said = comparison_json(comparison)
    assert said["secured_by"][1]["observed_low"] == 1.0
    assert [one.event for one in comparison.recorded] == ["door_check"]
    json.dumps(said, allow_nan=False)


def test_a_lockdown_is_not_compared_with_something_else():
    hold = lockdown(timeline=[{"at_s": 0, "action": "hold"}])
    with pytest.raises(
        InputError, match="kind is lockdown, but the simulated drills are of a hold"
    ):
        compare(log_of(seen("room_secured", "N00", 50.0)), hold)


def test_the_verb_reads_a_lockdown_drill(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rooms = {"A13": {"students": 3, "teachers": 1}, "A14": {"students": 3, "teachers": 1}}
    said = {
        "kind": "scenario", "schema_version": 1, "name": "Two rooms at Maple",
        "plan": "builtin:maple-elementary", "seed": 1, "replicas": 20, "end_s": 600,
        "population": {"age_band": "grades_3_5", "rooms": rooms},
        "protocol": {"timeline": [{"at_s": 0, "action": "lockdown"}]},
    }  # fmt: skip
    Path("maple.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    folder = Path("drill")
    folder.mkdir()
    (folder / "drill.yaml").write_text(
        "schema_version: 1\ndrill_id: L-1\nkind: lockdown\nbuilding: {id: maple-elementary}\n"
        "date: 2026-10-07\nt0_event: announce_start\nscenario_ref: maple.yaml\n"
    )
    (folder / "observations.csv").write_text(
        "obs_id,event,place_raw,t_s,t_hi_s,censor,state,method\n"
        "o1,room_secured,A13,95,,none,,stopwatch\n"
        "o2,door_check,A14,,200,left,locked=yes,checklist\n"
    )
    assert main(["debrief", "drill", "--out", "report"]) == 0
    words = capsys.readouterr().out
    assert "Rooms secured by 2:00: 50% to 100% in the drill" in " ".join(words.split())
    assert (tmp_path / "report" / "report.html").exists()
