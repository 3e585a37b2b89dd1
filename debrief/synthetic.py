"""Make the built-in drill log: a simulated drill nobody used, with known effects planted in it.

No school's drill log may be published, so the log that comes with hallways is made by this
module and says so. ``python -m debrief.synthetic`` writes it again, to the same bytes.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from buildings import CompiledPlan, write_private
from scenarios import assemble, load_scenario
from sim import Roster, RunResult, entity_keys, uniforms

FOLDER: Final = Path(__file__).parent / "drills" / "cedar-middle-evacuation"
SCENARIO: Final = "builtin:cedar-middle-evacuation"
UNUSED_REPLICA: Final = 1_000_000
"""No ensemble that anybody runs comes this far, so the drill is a stranger to all of them."""

EVERYTHING_LATER: Final = 1.12
LATE_CLASS: Final = "204"
LATE_BY_S: Final = 150.0
WATCHED_EXITS: Final = ("3", "4", "14", "15", "2", "6")
COUNTED_EXITS: Final = ("3", "15")
TIMED_ROOMS: Final = ("101", "105", "118", "122", "201", "203", "204", "206", "217", "222")
COUNTED_CLASSES: Final = ("101", "119", "202", "204", "215", "222")
LEFT_EARLY: Final = ("4", 150.0)
COLUMNS: Final = (
    "obs_id", "drill_id", "event", "place_id", "place_raw", "group_id", "count", "count_kind",
    "time_raw", "time_kind", "t_s", "t_lo_s", "t_hi_s", "censor", "observer_id", "method", "u_s",
    "quality", "problem_code", "note", "source_ref",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class _Log:
    """Rows of a drill log in the making, with the errors of stopwatches and watches."""

    run: RunResult
    compiled: CompiledPlan
    roster: Roster
    seed: int
    rows: list[dict[str, Any]]

    def error_s(self, name: str, u_s: float) -> float:
        from scipy import special

        draw = uniforms(self.seed, 0, "synthetic timing error", entity_keys([name]))
        return float(u_s * special.ndtri(draw)[0])

    def add(self, event: str, **cells: Any) -> None:
        number = f"o{len(self.rows) + 1:03d}"
        self.rows.append({"obs_id": number, "drill_id": "CEDAR-1", "event": event, **cells})

    def exact(self, event: str, true_s: float, method: str, u_s: float, **cells: Any) -> None:
        """Add a time read off a stopwatch: the true time later by the planted factor, and wrong."""
        name = f"{event}/{cells.get('place_id', '')}/{cells.get('count', '')}"
        seconds = round(max(1.0, EVERYTHING_LATER * true_s + self.error_s(name, u_s)))
        self.add(
            event, time_raw=f"{seconds // 60}:{seconds % 60:02d}", time_kind="elapsed",
            t_s=seconds, censor="none", method=method, u_s=u_s, **cells,
        )  # fmt: skip


def synthetic_files() -> dict[str, bytes]:
    """Return the files of the built-in drill, by name."""
    ready = assemble(load_scenario(SCENARIO))
    run = ready.simulation(seed=ready.scenario.seed, expected_replicas=1).run(UNUSED_REPLICA)
    plan = ready.plan
    log = _Log(run, ready.compiled, ready.roster, ready.scenario.seed, [])
    portal_of = {p.exterior_no: p.id for p in plan.portals.values() if p.exterior_no}
    room_of = {s.number: s.id for s in plan.spaces.values() if s.number}
    log.add(
        "announce_start", place_raw="PA", time_raw="10:02:05", time_kind="clock", t_s=0,
        censor="none", observer_id="OBS1", method="pa_log", u_s=1,
    )  # fmt: skip
    for i, number in enumerate(WATCHED_EXITS):
        _exit(log, number, portal_of[number], f"OBS{i + 2}")
    for number in TIMED_ROOMS:
        _room(log, number, room_of[number])
    for number in COUNTED_CLASSES:
        _accounted(log, number, room_of[number])
    log.add(
        "exit_last", place_id=portal_of["11"], place_raw="gym door", censor="missing",
        note="nobody was posted here",
    )  # fmt: skip
    log.add(
        "problem", place_raw="Stair A", time_raw="about 1:30", t_lo_s=60, t_hi_s=120,
        censor="interval", observer_id="OBS3", method="watch", problem_code="congestion_hall",
        note="people waited on the upper landing",
    )  # fmt: skip
    everybody = EVERYTHING_LATER * float(run.group_accounted_s.max()) + LATE_BY_S
    log.add("all_clear", place_raw="PA", t_s=round(everybody + 20), censor="none",
            observer_id="OBS1", method="pa_log", u_s=1)  # fmt: skip
    return {
        "drill.yaml": _conditions(plan.sha256, ready.roster).encode(),
        "observations.csv": _table(COLUMNS, log.rows),
        "observers.csv": _observers(portal_of),
        "README.md": _README.encode(),
    }


def _exit(log: _Log, number: str, portal: str, observer: str) -> None:
    gate = log.compiled.gate_index(portal)
    times = np.sort(log.run.out_s[log.run.exit_gate == gate])
    if len(times) == 0:
        return
    cells = {"place_id": portal, "place_raw": f"door {number}", "observer_id": observer}
    log.exact("exit_first", float(times[0]), "stopwatch", 1.5, **cells)
    if number in COUNTED_EXITS:
        for n in range(20, len(times) + 1, 20):
            log.exact("exit_count", float(times[n - 1]), "stopwatch", 1.5, count=n,
                      count_kind="cumulative", **cells)  # fmt: skip
    if number == LEFT_EARLY[0]:
        log.add("exit_last", t_lo_s=LEFT_EARLY[1], t_hi_s="inf", censor="right",
                method="stopwatch", u_s=1.5, note="observer was called away", **cells)  # fmt: skip
    else:
        log.exact("exit_last", float(times[-1]), "stopwatch", 1.5, **cells)


def _late(number: str) -> float:
    return LATE_BY_S / EVERYTHING_LATER if number == LATE_CLASS else 0.0


def _room(log: _Log, number: str, space: str) -> None:
    people = log.roster.space == log.compiled.space_index(space)
    clear = float(log.run.left_room_s[people].max()) + _late(number)
    log.exact("room_clear", clear, "self_report", 5.0, place_id=space, place_raw=f"Rm {number}")


def _accounted(log: _Log, number: str, space: str) -> None:
    """Add a roll call read off a clock to the minute: a span, not a time."""
    group = int(np.flatnonzero(log.roster.groups.space == log.compiled.space_index(space))[0])
    true_s = float(log.run.group_accounted_s[group]) + _late(number)
    minute = math.floor(EVERYTHING_LATER * true_s / 60.0)
    log.add(
        "accounted", place_id=space, place_raw=f"class of {number}", time_raw=f"+{minute} min",
        time_kind="elapsed", t_lo_s=60 * minute, t_hi_s=60 * minute + 59, censor="interval",
        observer_id="OBS1", method="radio", u_s=1,
    )  # fmt: skip


def _table(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def _observers(portal_of: dict[str, str]) -> bytes:
    columns = ("observer_id", "role", "clock_id", "offset_se_s", "stations", "start_s", "end_s")
    rows: list[dict[str, Any]] = [
        {"observer_id": "OBS1", "role": "office", "clock_id": "PA", "start_s": 0}
    ]
    for i, number in enumerate(WATCHED_EXITS):
        end = LEFT_EARLY[1] if number == LEFT_EARLY[0] else None
        rows.append(
            {
                "observer_id": f"OBS{i + 2}", "role": "door observer", "clock_id": f"watch {i + 1}",
                "offset_se_s": 1, "stations": portal_of[number], "start_s": 0, "end_s": end,
            }
        )  # fmt: skip
    return _table(columns, rows)


def _conditions(plan_sha256: str, roster: Roster) -> str:
    students = sum(role == "student" for role in roster.role)
    return f"""\
# SYNTHETIC: made by `python -m debrief.synthetic`, not by a real drill. See README.md.
schema_version: 1
drill_id: CEDAR-1
title: Autumn fire drill, Cedar Middle School (synthetic)
synthetic: true
kind: evacuate
building: {{id: cedar-middle, plan_sha256: {plan_sha256}}}
date: 2026-10-07
t0_event: announce_start
announced_to: staff
situation_at_start: class time
weather: dry, 14 degrees
alert_method: bell and PA
population: {{students: {students}, staff: {roster.n_people - students}}}
objectives:
  - everybody out within four minutes
  - every class accounted for within eight minutes
scenario_ref: {SCENARIO}
author_role: safety coordinator
sensitivity: internal
"""


_README = f"""\
# Synthetic drill log

**No real drill stands behind these files.** They are made by `python -m debrief.synthetic` so that
the loop from simulation to report can be tried on something, and so that it is known what a
report ought to find.

The truth is replica {UNUSED_REPLICA} of the scenario `{SCENARIO}`, which no
ensemble comes to. Planted in it:

- everything happens {EVERYTHING_LATER:.2f} times as late as in that replica;
- the class of room {LATE_CLASS} is {LATE_BY_S:.0f} s later than that;
- every time has the error of its method (stopwatch 1.5 s, self-report 5 s; normal);
- roll calls are read off a clock to the minute, so they are spans;
- the observer at door {LEFT_EARLY[0]} left at {LEFT_EARLY[1]:.0f} s: the last person there is known
  only to be later;
- nobody watched door 11.

A good report says that the drill as a whole ran later, that room {LATE_CLASS} stands out beyond
that, that door {LEFT_EARLY[0]} cannot be told, and that door 11 was not observed.
"""


def main() -> None:
    """Write the built-in drill again."""
    for name, content in synthetic_files().items():
        write_private(FOLDER / name, content)


__all__ = ["main", "synthetic_files"]

if __name__ == "__main__":
    main()
