"""The files of a drill folder as their pydantic models: what may be written, and why not."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from buildings import FilePart, did_you_mean
from debrief.drill_log import (
    COMPARED_EVENTS,
    EVENTS,
    METHODS,
    TIMING_ERROR_S,
    UNSTATED_ERROR_S,
    Censor,
    CountKind,
    Drill,
    DrillKind,
    Event,
    HeadCount,
    Method,
    ProblemCode,
    Quality,
    Sensitivity,
    TimeKind,
)

LONGEST_S: Final = 86_400.0
"""Times later than a day after T0 are taken for a mistake in the clock column."""

NAME_COLUMNS: Final = frozenset(
    {
        "name", "names", "student", "students", "pupil", "pupils", "teacher", "teachers", "person",
        "people", "child", "children", "first_name", "last_name", "full_name", "surname",
        "given_name", "student_name", "student_id", "teacher_name", "observer_name", "staff_name",
        "email", "phone", "birthday", "date_of_birth", "address",
    }
)  # fmt: skip
"""Columns that are refused: nobody is named in a drill log."""

_PERSON = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?\s+\S+)|(?:[A-Z][a-z]+,?\s[A-Z][a-z]+)")
_CLASS_WORDS = ("class", "room", "grade", "section", "group", "period", "homeroom")


def _number(value: object) -> object:
    """Read a cell as a number; what is none stays text, which the model then refuses."""
    if isinstance(value, str) and re.fullmatch(r"[-+]?\d{1,12}(\.\d*)?|[-+]?\.\d+", value):
        return float(value)
    return value


def _whole(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[-+]?\d{1,12}", value):
        return int(value)
    return value


def _one_of(known: Sequence[str]) -> BeforeValidator:
    def check(value: object) -> object:
        if isinstance(value, str) and value not in known:
            hint = did_you_mean(value, known) or f", expected one of {', '.join(known)}"
            raise ValueError(f"unknown word {value!r}{hint}")
        return value

    return BeforeValidator(check)


def refuse_person(value: str) -> str:
    """Return a class or role as it stands, unless it looks like the name of a person.

    Raises
    ------
    ValueError
        If it does.

    Examples
    --------
    >>> refuse_person("class S-101")
    'class S-101'
    >>> refuse_person("Ms. Example")
    Traceback (most recent call last):
    ...
    ValueError: looks like the name of a person: write a role or a class code
    """
    if _PERSON.fullmatch(value.strip()) and not value.lower().startswith(_CLASS_WORDS):
        raise ValueError("looks like the name of a person: write a role or a class code")
    return value


Text = Annotated[str, Field(max_length=500)]
Code = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(refuse_person)]
Number = Annotated[float, BeforeValidator(_number)]
SecondsAfter = Annotated[
    float, BeforeValidator(_number), Field(ge=0.0, le=LONGEST_S, description="Seconds after T0.")
]
ErrorSeconds = Annotated[float, BeforeValidator(_number), Field(ge=0.0, le=3600.0)]
CountCell = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=1_000_000)]
PeopleCount = Annotated[int, Field(ge=0, le=1_000_000)]


class ObservationRow(FilePart):
    """One row of ``observations.csv``; a blank cell is a column not given."""

    obs_id: Code
    event: Annotated[Event, _one_of(EVENTS)]
    drill_id: Text | None = None
    place_id: Text | None = None
    place_raw: Text | None = None
    group_id: Code | None = None
    count: CountCell | None = None
    count_kind: Annotated[CountKind, _one_of(get_args(CountKind))] | None = None
    time_raw: Text | None = None
    time_kind: Annotated[TimeKind, _one_of(get_args(TimeKind))] | None = None
    t_s: SecondsAfter | None = None
    t_lo_s: SecondsAfter | None = None
    t_hi_s: Literal["inf"] | SecondsAfter | None = None
    censor: Annotated[Censor, _one_of(get_args(Censor))] | None = None
    state: Text | None = None
    value: Number | None = None
    unit: Text | None = None
    observer_id: Code | None = None
    method: Annotated[Method, _one_of(METHODS)] | None = None
    u_s: ErrorSeconds | None = None
    quality: Annotated[Quality, _one_of(get_args(Quality))] = "ok"
    problem_code: Annotated[ProblemCode, _one_of(get_args(ProblemCode))] | None = None
    note: Text | None = None
    source_file: Text | None = None
    source_ref: Text | None = None

    @model_validator(mode="after")
    def _hold_together(self) -> ObservationRow:
        self.bounds()
        if self.event == "exit_count" and self.count is None and self.quality != "excluded":
            raise ValueError("count is blank, expected how many people for event exit_count")
        if self.event == "problem" and self.problem_code is None:
            raise ValueError("problem_code is blank, expected one for event problem")
        if self.quality == "excluded" and not self.note:
            raise ValueError("note is blank, expected the reason for quality excluded")
        return self

    def bounds(self) -> tuple[Censor, float, float]:
        """Return the censoring with the earliest and the latest time, nan where none is known.

        Raises
        ------
        ValueError
            If the columns t_s, t_lo_s, t_hi_s and censor contradict each other.
        """
        t, low = self.t_s, self.t_lo_s
        high = math.inf if self.t_hi_s == "inf" else self.t_hi_s
        open_end = high is None or high == math.inf
        censor = self.censor or _censor_of(t, low, high)
        if low is not None and high is not None and low > high:
            raise ValueError(f"t_lo_s {low:g} is later than t_hi_s {high:g}")
        if t is not None and not ((low is None or low <= t) and (high is None or t <= high)):
            raise ValueError(f"t_s {t:g} lies outside t_lo_s and t_hi_s")
        if censor == "none":
            if t is None:
                raise ValueError("t_s is blank, expected seconds after T0 for censor none")
            if (low not in (None, t)) or (high not in (None, t)):
                raise ValueError("t_lo_s and t_hi_s differ from t_s: expected censor interval")
            return censor, t, t
        if censor == "right":
            if low is None or t is not None or not open_end:
                raise ValueError("censor right expects t_lo_s alone (t_hi_s blank or inf)")
            return censor, low, math.inf
        if censor == "left":
            if t is not None or high is None or high == math.inf:
                raise ValueError("censor left expects t_hi_s, and t_lo_s or a blank for 0")
            return censor, low or 0.0, high
        if censor == "interval":
            if low is None or high is None or high == math.inf:
                raise ValueError("censor interval expects both t_lo_s and t_hi_s")
            return censor, low, high
        if (t, low, high) != (None, None, None):
            raise ValueError(f"censor {censor} expects t_s, t_lo_s and t_hi_s blank")
        return censor, math.nan, math.nan

    def error_s(self) -> float:
        """Return one standard error of the time: as stated, else that of the method."""
        if self.u_s is not None:
            return self.u_s
        return UNSTATED_ERROR_S if self.method is None else TIMING_ERROR_S[self.method]


def _censor_of(t: float | None, low: float | None, high: float | None) -> Censor:
    """Read a blank censor column off the times that are given."""
    if low is not None and low == high:
        return "none"
    if low is not None or high is not None:
        if high is None or high == math.inf:
            return "right" if t is None else "none"
        return "left" if low is None else "interval"
    return "missing" if t is None else "none"


class ObserverRow(FilePart):
    """One row of ``observers.csv``: a role, what it watched, and for how long."""

    observer_id: Code
    role: Code
    clock_id: Text | None = None
    offset_s: Number = 0.0
    offset_se_s: ErrorSeconds = 0.0
    drift_ppm: Number = 0.0
    stations: Text | None = Field(default=None, description="Place ids, separated by semicolons.")
    start_s: SecondsAfter = 0.0
    end_s: SecondsAfter | None = None


class AliasRow(FilePart):
    """One row of ``aliases.csv``: a name that people write for a place of the plan."""

    place_raw: Text
    place_id: Text
    valid_from: Text | None = None


class BuildingFile(FilePart):
    """Which building, and which state of its plan."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    plan_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


class HeadCountFile(FilePart):
    """How many took part."""

    students: PeopleCount | None = None
    staff: PeopleCount | None = None
    visitors: PeopleCount | None = None
    absent: PeopleCount | None = None


def _comparable(value: object) -> object:
    known = ("shelter", "relocate", "reunify", "combined")
    if value in known:
        expected = ", ".join(get_args(DrillKind))
        raise ValueError(f"drills of kind {value} cannot be compared yet, expected {expected}")
    return value


def _a_day(value: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", value):
        raise ValueError(f"should be a day such as 2026-10-07 (got {value!r})")
    return value


Line = Annotated[str, Field(min_length=1, max_length=500)]


class DrillFile(FilePart):
    """``drill.yaml``: the conditions of one drill."""

    schema_version: Literal[1]
    drill_id: Code
    kind: Annotated[DrillKind, BeforeValidator(_comparable)]
    building: BuildingFile
    date: Annotated[str, AfterValidator(_a_day)]
    t0_event: Literal["announce_start", "alarm"]
    title: Line | None = None
    synthetic: bool = Field(default=False, description="Made by a program, not by a real drill.")
    start_clock: Annotated[str, Field(pattern=r"^\d{1,2}:\d{2}(:\d{2})?$")] | None = None
    end_s: SecondsAfter | None = Field(default=None, description="End of the drill.")
    announced_to: Literal["none", "staff", "all"] | None = None
    situation_at_start: Line | None = None
    weather: Line | None = None
    alert_method: Line | None = None
    population: HeadCountFile = HeadCountFile()
    mobility_assist_count: PeopleCount | None = None
    special_conditions: list[Line] = Field(default_factory=list)
    objectives: list[Line] = Field(default_factory=list)
    scenario_ref: Line | None = Field(default=None, description="The scenario to compare with.")
    author_role: Annotated[str, AfterValidator(refuse_person)] | None = None
    sensitivity: Sensitivity = "restricted"

    def to_drill(self) -> Drill:
        """Return the checked conditions."""
        said: dict[str, Any] = self.model_dump(
            exclude={"schema_version", "building", "population", "title"}
        )
        said["special_conditions"] = tuple(said["special_conditions"])
        said["objectives"] = tuple(said["objectives"])
        return Drill(
            building_id=self.building.id,
            plan_sha256=self.building.plan_sha256,
            title=self.title or self.drill_id,
            population=HeadCount(**self.population.model_dump()),
            **said,
        )


NEEDS_PLACE: Final[frozenset[str]] = frozenset({"room_clear"})
"""Compared events that mean nothing without a place."""

assert_known: Final = frozenset(COMPARED_EVENTS)
