"""What a drill left behind: the conditions, who watched what, and every time as it was observed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

from buildings import InputError

Event: TypeAlias = Literal[
    "alert_raised", "alert_psap", "announce_start", "announce_end", "perceived", "door_closed",
    "door_locked", "lights_off", "out_of_sight", "room_secured", "door_check", "exit_first",
    "exit_last", "exit_count", "room_clear", "assembly_arrive", "assembly_count", "accounted",
    "missing_reported", "missing_resolved", "shelter_reached", "shelter_full",
    "responder_dispatch", "responder_on_scene", "responder_entry", "responder_at_room",
    "room_released", "all_clear", "reunify_parent_in", "reunify_verified", "reunify_released",
    "problem",
]  # fmt: skip
Censor: TypeAlias = Literal["none", "right", "left", "interval", "missing", "not_applicable"]
CountKind: TypeAlias = Literal["cumulative", "increment", "roster", "extra", "missing"]
TimeKind: TypeAlias = Literal["clock", "elapsed", "duration"]
Method: TypeAlias = Literal[
    "stopwatch", "watch", "video", "access_log", "pa_log", "cad", "radio", "app", "self_report",
    "checklist",
]  # fmt: skip
Quality: TypeAlias = Literal["ok", "suspect", "corrected", "excluded"]
ProblemCode: TypeAlias = Literal[
    "congestion_hall", "alarm_not_heard", "students_unsure", "staff_unsure", "weather",
    "unable_to_lock", "windows_uncovered", "windows_open", "doors_open", "lights_on",
    "unaccounted", "mobility_difficulty", "map_unavailable", "radio_problem", "network_problem",
    "exit_blocked", "key_missing", "substitute_untrained", "pa_inaudible", "other",
]  # fmt: skip
PlaceKind: TypeAlias = Literal["building", "exit", "door", "room", "assembly", "unmapped"]
Sensitivity: TypeAlias = Literal["public", "internal", "restricted"]

EVENTS: Final[tuple[Event, ...]] = get_args(Event)
METHODS: Final[tuple[Method, ...]] = get_args(Method)

COMPARED_EVENTS: Final[tuple[Event, ...]] = (
    "exit_first", "exit_last", "exit_count", "room_clear", "assembly_arrive", "accounted",
)  # fmt: skip
"""Events of an evacuation that the simulation knows too; the others are listed as recorded."""

DrillKind: TypeAlias = Literal["evacuate", "lockdown", "hold", "secure"]
"""Kinds of drill that can be compared."""

TIMING_ERROR_S: Final[Mapping[str, float]] = {
    "video": 0.5,
    "access_log": 1.0,
    "pa_log": 1.0,
    "stopwatch": 1.5,
    "watch": 5.0,
    "app": 2.0,
    "cad": 1.0,
    "radio": 5.0,
    "self_report": 10.0,
    "checklist": 5.0,
}
"""Standard error of one time by method, in seconds, where the log does not state it.

Planning values of this project, not measurements; a column ``u_s`` in the log replaces them. A
time read to the minute is not an error of this kind: log it as an interval.
"""

UNSTATED_ERROR_S: Final = 5.0
"""Standard error where neither the error nor the method is stated."""


class DrillLogError(InputError):
    """A drill folder that cannot be read.

    Parameters
    ----------
    faults : tuple of str
        Every fault found, one line each: file, row, column, what was found, what was expected.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was observed: the id in the plan and what a person calls it."""

    kind: PlaceKind
    id: str
    label: str


BUILDING: Final = Place("building", "", "whole building")
"""The place of an observation about everybody."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing seen by one observer, in seconds after T0.

    ``t_lo_s`` and ``t_hi_s`` bound the time: equal where it is exact, ``t_hi_s`` infinite where
    it had not happened when the observer left (right-censored), both nan where nothing is known.
    ``u_s`` is one standard error of the time, that of the observer's clock included.
    """

    obs_id: str
    event: Event
    place: Place
    t_lo_s: float
    t_hi_s: float
    censor: Censor
    u_s: float = 0.0
    group_id: str | None = None
    count: int | None = None
    count_kind: CountKind | None = None
    time_raw: str = ""
    time_kind: TimeKind | None = None
    state: str | None = None
    value: float | None = None
    unit: str | None = None
    observer_id: str | None = None
    method: Method | None = None
    quality: Quality = "ok"
    problem_code: ProblemCode | None = None
    note: str = ""
    source: str = ""
    worked_out: bool = False

    @property
    def has_time(self) -> bool:
        """Whether anything is known about the time."""
        return not math.isnan(self.t_lo_s)

    @property
    def is_exact(self) -> bool:
        """Whether one time was observed (with its error), not a bound or a span."""
        return self.censor == "none"

    @property
    def t_s(self) -> float:
        """The time in seconds after T0; nan unless it is exact."""
        return self.t_lo_s if self.is_exact else math.nan


@dataclass(frozen=True, slots=True)
class Observer:
    """One observer by role, never by name: what they watched, from when to when, by which clock.

    Times in the log are on the reference clock already; ``offset_s`` and ``drift_ppm`` say how
    far this clock was off, ``offset_se_s`` how well that is known.
    """

    observer_id: str
    role: str
    clock_id: str = ""
    offset_s: float = 0.0
    offset_se_s: float = 0.0
    drift_ppm: float = 0.0
    stations: tuple[Place, ...] = ()
    start_s: float = 0.0
    end_s: float = math.inf


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How many took part, by role; None where nobody wrote it down."""

    students: int | None = None
    staff: int | None = None
    visitors: int | None = None
    absent: int | None = None

    @property
    def present(self) -> int | None:
        """People in the building, or None where students or staff are not known."""
        if self.students is None or self.staff is None:
            return None
        return self.students + self.staff + (self.visitors or 0)


@dataclass(frozen=True, slots=True)
class Drill:
    """Conditions of one drill, from ``drill.yaml``."""

    drill_id: str
    building_id: str
    plan_sha256: str | None
    date: str
    t0_event: str
    kind: DrillKind = "evacuate"
    title: str = ""
    synthetic: bool = False
    start_clock: str | None = None
    end_s: float | None = None
    announced_to: str | None = None
    situation_at_start: str | None = None
    weather: str | None = None
    alert_method: str | None = None
    population: HeadCount = HeadCount()
    mobility_assist_count: int | None = None
    special_conditions: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    scenario_ref: str | None = None
    author_role: str | None = None
    sensitivity: Sensitivity = "restricted"


@dataclass(frozen=True, slots=True)
class DrillLog:
    """A drill as read and checked: conditions, observers, observations in the order of the file.

    ``warnings`` are carried into the report: what a reader should know before believing it.
    """

    drill: Drill
    observations: tuple[Observation, ...]
    observers: tuple[Observer, ...] = ()
    warnings: tuple[str, ...] = ()
    sha256: Mapping[str, str] = field(default_factory=dict)
