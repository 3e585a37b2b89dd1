"""How a file says a reunification: who comes, who staffs the desks, how long each step takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from buildings import Count, FilePart, Name, Seconds
from scenarios.distribution_file import DistributionFile, WalkingSpeedFile, to_distribution
from scenarios.numbers_said import numbers_said
from scenarios.reunification_said import DEFAULTS, ReunificationPlan, ReunificationSaid
from scenarios.sourced_numbers import Number, sourced_numbers
from sim.protocols.arrivals import ArrivalInterval, ArrivalIntervals
from sim.protocols.reunification_orders import DRAWN, DeskChange

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Desk = Literal["greeters", "checkers", "reunifiers", "private_desk", "accountants"]


class ArrivalsFile(FilePart):
    """A share of the families comes between two times, evenly."""

    from_s: Seconds
    to_s: Seconds
    share: Share

    @model_validator(mode="after")
    def _in_order(self) -> ArrivalsFile:
        ArrivalInterval(self.from_s, self.to_s, self.share)
        return self


def _intervals(said: list[ArrivalsFile]) -> ArrivalIntervals:
    return ArrivalIntervals(tuple(ArrivalInterval(one.from_s, one.to_s, one.share) for one in said))


def _in_a_row(said: list[ArrivalsFile]) -> list[ArrivalsFile]:
    _intervals(said)
    return said


class DesksFile(FilePart):
    """How many work at each desk; 0: nobody, so whoever has to go there waits for ever."""

    greeters: Count
    checkers: Count
    reunifiers: Count
    private_desk: Count
    accountants: Count


class DeskChangeFile(FilePart):
    """From a time on, so many work at a desk."""

    at_s: Seconds
    desk: Desk
    staff: Count


class StepsFile(FilePart):
    """Time of each step; what is not said has a default."""

    greet_s: DistributionFile | None = None
    form_s: DistributionFile | None = None
    check_s: DistributionFile | None = Field(
        default=None, description="The check of identity and custody."
    )
    hand_over_s: DistributionFile | None = None
    record_s: DistributionFile | None = Field(
        default=None, description="The accountant's entry after the hand-over."
    )
    absence_s: DistributionFile | None = Field(
        default=None,
        description="At the private desk, about a student who is not there yet or does not come.",
    )


class RunnerWalkFile(FilePart):
    """The reunifier's way between hand-over and assembly area: a path, or times."""

    metres: Annotated[float, Field(ge=0.0, le=1e5)] | None = Field(
        default=None, description="One way."
    )
    there_mps: WalkingSpeedFile | None = None
    back_mps: WalkingSpeedFile | None = Field(default=None, description="With the students.")
    there_s: DistributionFile | None = Field(
        default=None, description="Time instead of metres and speed; with back_s."
    )
    back_s: DistributionFile | None = None

    @model_validator(mode="after")
    def _path_or_times(self) -> RunnerWalkFile:
        if (self.there_s is None) != (self.back_s is None):
            raise ValueError("give both there_s and back_s, or neither")
        path = (self.metres, self.there_mps, self.back_mps)
        if self.there_s is not None and any(one is not None for one in path):
            raise ValueError("give either metres and speeds, or there_s and back_s")
        return self


class ExceptionFile(FilePart):
    """How often something is out of the ordinary, and how the private desk settles it."""

    share: Share | None = Field(default=None, description="Share of the families who come.")
    desk_s: DistributionFile | None = None
    resolved_share: Share | None = Field(
        default=None, description="Share of them who take their students after all."
    )


class ExceptionsFile(FilePart):
    """What is out of the ordinary with a family; what is not said has a default."""

    no_id: ExceptionFile = ExceptionFile()
    not_authorised: ExceptionFile = ExceptionFile()
    custody_hold: ExceptionFile = ExceptionFile()
    student_declines: ExceptionFile = ExceptionFile()


class ReunificationFile(FilePart):
    """A reunification site: arrivals of families, desks, times."""

    opens_s: Seconds = Field(default=0.0, description="When the desks open; the early wait.")
    arrivals: (
        Annotated[list[ArrivalsFile], Field(max_length=1000), AfterValidator(_in_a_row)] | None
    ) = Field(
        default=None,
        description="Intervals that follow each other. What the shares leave of 1 never comes.",
    )
    arrive_s: DistributionFile | None = Field(
        default=None, description="When a family comes, instead of intervals."
    )
    desks: DesksFile
    desks_change: Annotated[list[DeskChangeFile], Field(max_length=1000)] = Field(
        default_factory=list
    )
    steps: StepsFile = StepsFile()
    walk: RunnerWalkFile = RunnerWalkFile()
    exceptions: ExceptionsFile = ExceptionsFile()

    @model_validator(mode="after")
    def _holds_together(self) -> ReunificationFile:
        if (self.arrivals is None) == (self.arrive_s is None):
            raise ValueError("give either arrivals or arrive_s")
        default = sourced_numbers(DEFAULTS)
        total = 0.0
        for kind in DRAWN:
            said = getattr(self.exceptions, kind).share
            number = default[f"{kind}.share"][0] if said is None else said
            total += number if isinstance(number, float) else 0.0
        if total > 1.0 + 1e-9:
            raise ValueError(f"shares of exceptions must not exceed 1 together (got {total:g})")
        return self

    def to_reunification(self) -> ReunificationSaid:
        """Return the checked values."""
        numbers: dict[str, Number] = {}
        parts = {"step": self.steps, "walk": self.walk}
        parts |= {kind: getattr(self.exceptions, kind) for kind in DRAWN}
        for table, part in parts.items():
            numbers |= numbers_said(part, table)
        if self.arrive_s is not None:
            return self._said(to_distribution(self.arrive_s), numbers)
        return self._said(_intervals(self.arrivals or []), numbers)

    def _said(self, arrivals: object, numbers: dict[str, Number]) -> ReunificationSaid:
        return ReunificationSaid(
            opens_s=self.opens_s,
            arrivals=arrivals,  # type: ignore[arg-type]  # one of the two that it takes
            staff=self.desks.model_dump(),
            changes=tuple(DeskChange(one.at_s, one.desk, one.staff) for one in self.desks_change),
            numbers=numbers,
        )


ChildrenPerFamily = Annotated[list[Share], Field(min_length=1, max_length=12)]


def _adds_up(shares: list[float]) -> None:
    total = sum(shares)
    if abs(total - 1.0) > 1e-7:
        raise ValueError(f"shares of children_per_family should add up to 1 (got {total:g})")


class ScenarioReunificationFile(ReunificationFile):
    """The reunification in which an incident ends; times count from the start of the scenario."""

    children_per_family: ChildrenPerFamily = Field(
        default=[1.0], description="Shares of the families with one child here, with two, ..."
    )

    @model_validator(mode="after")
    def _families_add_up(self) -> ScenarioReunificationFile:
        _adds_up(self.children_per_family)
        return self

    def to_reunification(self) -> ReunificationSaid:
        """Return the checked values, with the families."""
        said = super().to_reunification()
        return replace(said, children_per_family=tuple(self.children_per_family))


class ReunificationPlanFile(ReunificationFile):
    """A reunification by itself: how many families, and how often to ask."""

    kind: Literal["reunification"]
    schema_version: Literal[1]
    name: Name
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    replicas: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=200, description="How often to ask; a choice, ours."
    )
    end_s: Annotated[float, Field(gt=0.0, le=1e7)] | None = Field(
        default=None, description="When to stop at the latest; by default when all is over."
    )
    students: Annotated[int, Field(ge=1, le=100_000)] | None = None
    families: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        default=None, description="Instead of students."
    )
    children_per_family: ChildrenPerFamily = Field(
        default=[1.0], description="Shares of the families with one child here, with two, ..."
    )
    students_arrive_s: DistributionFile | None = Field(
        default=None,
        description="When a student is in the assembly area; by default all are from the start.",
    )
    absent_share: Share = Field(
        default=0.0, description="Students who do not come to the site: absent, with responders."
    )

    @model_validator(mode="after")
    def _who_is_collected(self) -> ReunificationPlanFile:
        if (self.students is None) == (self.families is None):
            raise ValueError("give either students or families")
        _adds_up(self.children_per_family)
        return self

    def to_plan(self) -> ReunificationPlan:
        """Return the checked values."""
        said = self.students_arrive_s
        return ReunificationPlan(
            name=self.name,
            seed=self.seed,
            replicas=self.replicas,
            end_s=float("inf") if self.end_s is None else self.end_s,
            students=self.students,
            families=self.families,
            children_per_family=tuple(self.children_per_family),
            students_arrive_s=None if said is None else to_distribution(said),
            absent_share=self.absent_share,
            said=self.to_reunification(),
        )
