"""How a scenario file says who comes to help, how they get in, and who releases rooms."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, create_model, model_validator

from buildings import FilePart, Name, Seconds
from scenarios.distribution_file import DistributionFile, WalkingSpeedFile, to_distribution
from scenarios.population_defaults import Role
from scenarios.population_file import maybe_distribution
from scenarios.quiet_part import QuietPart
from scenarios.responders_said import (
    WAYS_IN,
    Access,
    AfterRelease,
    ReleaseSaid,
    RespondersSaid,
    StaffTeamSaid,
    UnitSaid,
)
from sim import Distribution

Few = Annotated[int, Field(ge=1, le=100)]


class UnitFile(FilePart):
    """A number of responders who arrive, enter and walk together."""

    name: Name = Field(description="What to call the unit; never a person's name.")
    people: Few
    starts_in: Name | None = Field(
        default=None, description="The room of a unit that is in the building from the start."
    )
    staging: Name | None = Field(
        default=None, description="The assembly area at which the unit arrives and waits."
    )
    travel_s: DistributionFile | None = Field(
        default=None, description="From the dispatch until the unit is at its staging area."
    )
    entry: Name | None = Field(
        default=None,
        description="Exterior door by which it enters: number or portal id; without it the unit "
        "stays in the staging area.",
    )
    access: Access | None = Field(
        default=None,
        description="How it gets in if that door is locked; none: when another unit has opened it.",
    )
    keys: bool = Field(default=False, description="Whether it has a key to the rooms.")
    goes_to: Name | None = Field(
        default=None, description="The room that it goes to once it is inside."
    )

    @model_validator(mode="after")
    def _holds_together(self) -> UnitFile:
        if (self.starts_in is None) == (self.staging is None):
            raise ValueError("say either starts_in (a room) or staging (an assembly area)")
        if self.staging is not None and self.travel_s is None:
            raise ValueError("travel_s is required for a unit that comes from outside")
        if self.starts_in is not None:
            for key in ("travel_s", "entry", "access"):
                if getattr(self, key) is not None:
                    raise ValueError(f"{key}: not for a unit that is in the building already")
        if (self.entry is None) != (self.access is None):
            raise ValueError("entry and access belong together: by which door, and how it opens")
        stays_out = self.starts_in is None and self.entry is None
        if stays_out and (self.goes_to is not None or self.keys):
            raise ValueError("goes_to and keys: only for a unit that enters; say entry and access")
        return self

    def to_unit(self) -> UnitSaid:
        """Return the checked values."""
        return UnitSaid(
            name=self.name,
            people=self.people,
            starts_in=self.starts_in,
            staging=self.staging,
            travel_s=maybe_distribution(self.travel_s),
            entry=self.entry,
            access=self.access,
            keys=self.keys,
            goes_to=self.goes_to,
        )


class StaffTeamFile(FilePart):
    """Staff who release rooms in a drill: the first so many people of some roles."""

    roles: Annotated[list[Role], Field(min_length=1)]
    people: Few


class ReleaseFile(FilePart):
    """Who releases rooms where the timeline says `by: door_to_door`; teams share the rooms."""

    units: list[Name] = Field(
        default_factory=list, description="Units that go from room to room, each as one team."
    )
    staff: list[StaffTeamFile] = Field(
        default_factory=list, description="Teams of staff, as in a drill."
    )
    order: list[Name] = Field(
        default_factory=list,
        description="Rooms in the order of their release; of the others each team takes the "
        "nearest next.",
    )
    then: AfterRelease = Field(
        default="escort",
        description="Whether people are led out to their assembly area, or stay in the room and "
        "go on with the day.",
    )

    @model_validator(mode="after")
    def _somebody_goes(self) -> ReleaseFile:
        if not self.units and not self.staff:
            raise ValueError("say who goes from room to room: units or staff")
        for key, names in (("units", self.units), ("order", self.order)):
            if len(set(names)) != len(names):
                raise ValueError(f"{key}: each only once")
        return self

    def to_release(self) -> ReleaseSaid:
        """Return the checked values."""
        return ReleaseSaid(
            units=tuple(self.units),
            staff=tuple(StaffTeamSaid(tuple(team.roles), team.people) for team in self.staff),
            order=tuple(self.order),
            then=self.then,
        )


AccessFile = create_model(
    "AccessFile",
    __base__=FilePart,
    __doc__="Seconds at a locked exterior door until it is open, over the defaults.",
    **dict.fromkeys(WAYS_IN, (DistributionFile | None, None)),  # type: ignore[call-overload]
)


class ResponderTimesFile(FilePart):
    """Seconds of other steps, over the defaults."""

    door_numbered: DistributionFile | None = Field(
        default=None, description="To find an exterior door that bears a number."
    )
    door_unnumbered: DistributionFile | None = None
    room_numbered: DistributionFile | None = Field(
        default=None, description="To find a room that bears a number, beside the walk."
    )
    room_unnumbered: DistributionFile | None = None
    knock: DistributionFile | None = None
    fetch_key: DistributionFile | None = Field(
        default=None, description="Until a team without a key has one, at its first locked room."
    )


class RespondersFile(QuietPart):
    """Who comes to help: arrival, entry, the way to a room, and release from room to room."""

    quiet: ClassVar[tuple[str, ...]] = ("release", "kept_free", "speed_mps", "access", "times")

    dispatched_s: Seconds | None = Field(
        default=None,
        description="When units are sent, from the start of the scenario; without it when the "
        "alert of `communication` has reached the dispatcher.",
    )
    units: list[UnitFile] = Field(default_factory=list)
    release: ReleaseFile | None = None
    kept_free: dict[Name, Seconds] = Field(
        default_factory=dict,
        description="Exterior doors kept for those who come in, and from when on nobody leaves "
        "by them.",
    )
    speed_mps: WalkingSpeedFile | None = None
    access: AccessFile | None = None
    times: ResponderTimesFile | None = None

    @model_validator(mode="after")
    def _names_agree(self) -> RespondersFile:
        names = [unit.name for unit in self.units]
        if len(set(names)) != len(names):
            raise ValueError("units: every unit needs a name of its own")
        for name in self.release.units if self.release is not None else []:
            unit = next((unit for unit in self.units if unit.name == name), None)
            if unit is None:
                known = ", ".join(names) or "none"
                raise ValueError(f"release.units: no unit {name!r}; there is {known}")
            if unit.entry is None and unit.starts_in is None:
                raise ValueError(f"release.units: unit {name!r} stays outside; say its entry")
        return self

    def to_responders(self) -> RespondersSaid:
        """Return the checked values."""
        return RespondersSaid(
            dispatched_s=None if self.dispatched_s is None else float(self.dispatched_s),
            units=tuple(unit.to_unit() for unit in self.units),
            release=None if self.release is None else self.release.to_release(),
            kept_free={door: float(from_s) for door, from_s in self.kept_free.items()},
            numbers=self._numbers(),
        )

    def _numbers(self) -> dict[str, Distribution]:
        said: dict[str, Distribution] = {}
        for key in WAYS_IN:
            own = getattr(self.access, key, None)
            if own is not None:
                said[f"access.{key}"] = to_distribution(own)
        for step in ResponderTimesFile.model_fields:
            own = getattr(self.times, step, None)
            if own is not None:
                table = "release" if step in ("knock", "fetch_key") else "find"
                said[f"{table}.{step}"] = to_distribution(own)
        if self.speed_mps is not None:
            said["walking.speed_mps"] = to_distribution(self.speed_mps)
        return said
