"""How a scenario file says who helps, with what, from where, and which lifts run."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from buildings import FilePart, Name, Seconds
from scenarios.assistance_said import AssistanceSaid, LiftOrder, LiftSaid, Way
from scenarios.distribution_file import AnyDistributionFile, DistributionFile, to_distribution
from scenarios.numbers_said import numbers_said
from scenarios.population_defaults import Role
from scenarios.profiles import MOST_PLACES, ProfileName
from scenarios.sourced_numbers import Number

Speed = Annotated[float, Field(gt=0.0, le=10.0)]
Places = Annotated[int, Field(ge=1, le=MOST_PLACES)]


class DeviceFile(FilePart):
    """One way of moving somebody: speeds of device and helpers, and what it takes."""

    level_mps: Speed | None = None
    down_mps: Speed | None = Field(
        default=None, description="Along the slope of an ordinary stair; also up_mps."
    )
    up_mps: Speed | None = None
    prepare_s: DistributionFile | None = Field(
        default=None, description="From when all helpers are there until they set off."
    )
    places: Places | None = Field(
        default=None, description="Places taken up by person and device, beside the helpers."
    )


class BesideFile(FilePart):
    """Walking with a helper beside, at the pace of the slower."""

    prepare_s: DistributionFile | None = None


class HelpersFile(FilePart):
    """Who helps: staff without a class once they are ready, others once theirs was counted."""

    roles: list[Role] | None = Field(
        default=None, description="Roles of those who help; by default all staff who can."
    )
    most: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Only so many of them, in order of person id."
    )
    afterwards: Literal["go_back_in", "stay_outside"] = Field(
        default="go_back_in", description="What helpers do who have brought somebody out."
    )


class AssistanceFile(FilePart):
    """How people are helped who cannot leave by themselves."""

    refuges: list[Name] | None = Field(
        default=None,
        description="Rooms in which people wait; by default those with safe_haven: refuge.",
    )
    helpers: HelpersFile = HelpersFile()
    chairs: dict[Name, Annotated[int, Field(ge=1, le=100)]] = Field(
        default_factory=dict,
        description="Evacuation chairs by the room they are kept in.",
    )
    ways: dict[ProfileName, Way] = Field(
        default_factory=dict,
        description="How the people of a profile are moved. By default those who cannot use stairs "
        "in a chair, if there is any, else carried; others who need help walk beside a helper.",
    )
    chair: DeviceFile = DeviceFile()
    carried: DeviceFile = DeviceFile()
    beside: BesideFile = BesideFile()
    report_s: DistributionFile | None = Field(
        default=None, description="From when somebody begins to wait until helpers are called."
    )

    def to_assistance(self) -> AssistanceSaid:
        """Return the checked values."""
        numbers: dict[str, Number] = {}
        for table in ("chair", "carried", "beside"):
            numbers |= numbers_said(getattr(self, table), table)
        report: AnyDistributionFile | None = self.report_s
        if report is not None:
            numbers["report.report_s"] = to_distribution(report)
        roles = self.helpers.roles
        return AssistanceSaid(
            refuges=None if self.refuges is None else tuple(self.refuges),
            roles=None if roles is None else tuple(roles),
            most=self.helpers.most,
            chairs=dict(self.chairs),
            ways=dict(self.ways),
            numbers=numbers,
            return_for_next=self.helpers.afterwards == "go_back_in",
        )


class LiftNumbersFile(FilePart):
    """The pace of a lift."""

    speed_mps: Speed | None = None
    start_stop_s: Seconds | None = Field(
        default=None, description="Time that starting and stopping add to every ride."
    )
    door_s: Seconds | None = Field(default=None, description="Time to open the doors, or close.")
    boarding_s: DistributionFile | None = Field(
        default=None, description="Time in which one party gets in, and in which it gets out."
    )


class LiftFile(LiftNumbersFile):
    """A lift that the fire service runs; without an entry lifts stand still."""

    operator: Literal["fire_service"]
    from_s: Seconds = Field(description="When the fire service takes it over.")
    order: LiftOrder = Field(
        default="top_down", description="Which floor is next of those where people wait."
    )
    attended: bool = Field(
        default=False, description="Whether people ride only with a helper beside them."
    )
    places: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="Places in the car; by default the plan's car_capacity."
    )

    def to_lift(self) -> LiftSaid:
        """Return the checked values."""
        pace = LiftNumbersFile.model_validate(
            {key: getattr(self, key) for key in LiftNumbersFile.model_fields}
        )
        return LiftSaid(
            from_s=self.from_s,
            order=self.order,
            attended=self.attended,
            places=self.places,
            numbers=numbers_said(pace, "lift"),
        )
