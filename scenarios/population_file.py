"""How a scenario file says who is in the building: rooms, the plan's numbers, or a total."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from buildings import Count, FilePart, Name
from scenarios.distribution_file import (
    AnyDistributionFile,
    DistributionFile,
    WalkingSpeedFile,
    to_distribution,
)
from scenarios.heads_file import HeadsFile
from scenarios.moment_file import MomentNumbersFile, OutdoorsFile
from scenarios.moment_said import MomentName
from scenarios.population_defaults import AgeBand, Role, StaffRule, population_defaults
from scenarios.profile_file import ProfileFile, RoomProfilesFile
from scenarios.profiles import Profile, ProfileName
from scenarios.quiet_part import QuietPart
from scenarios.scenario import Population, RoomPeople
from sim import Distribution

RoomUse = Literal[
    "classroom", "lab", "office", "gym", "cafeteria", "library", "auditorium", "toilet", "storage",
    "kitchen", "nurse", "main_office", "vestibule", "mechanical", "circulation", "reunification",
    "other",
]  # fmt: skip
Point = Annotated[list[float], Field(min_length=2, max_length=2)]


def maybe_distribution(said: AnyDistributionFile | None) -> Distribution | None:
    """Return the distribution that a file describes, None where it says nothing."""
    return None if said is None else to_distribution(said)


class RoomFile(HeadsFile):
    """Who is in one room at the start."""

    quiet: ClassVar[tuple[str, ...]] = ("profiles",)

    at: list[Point] | None = Field(
        default=None,
        description="Standing places [x, y] in metres on the plan's axes, one for each person in "
        "order of person id (students first, then teachers, ...).",
    )
    one_class: bool | None = Field(
        default=None, description="Whether the room's students and staff leave as one class."
    )
    speed_mps: WalkingSpeedFile | None = None
    pre_movement_s: DistributionFile | None = None
    profiles: RoomProfilesFile | None = Field(
        default=None,
        description="Mobility profiles among the room's students, or by role. Beside from_plan or "
        "total, a room that gives profiles and no number of people keeps those worked out for it.",
    )

    @model_validator(mode="after")
    def _a_place_for_each(self) -> RoomFile:
        people = sum(self.heads().values())
        if self.at is not None and len(self.at) != people:
            raise ValueError(f"at should name {people} places, one for each person of the room "
                             f"(got {len(self.at)})")  # fmt: skip
        return self

    def to_people(self) -> RoomPeople:
        """Return the checked values."""
        return RoomPeople(
            count=self.heads(),
            age_band=self.age_band,
            at_xy=tuple((x, y) for x, y in self.at or ()),
            one_class=self.one_class,
            speed_mps=maybe_distribution(self.speed_mps),
            pre_movement_s=maybe_distribution(self.pre_movement_s),
            profiles=self.profiles.to_profiles() if self.profiles is not None else {},
        )


class StaffFile(FilePart):
    """One member of staff for every so many people of a room, rounded up; students for the rest."""

    role: Role
    one_per: Annotated[int, Field(ge=1)]


class PopulationFile(QuietPart):
    """Who is in the building: one of `rooms`, `from_plan` and `total`, or rooms with either."""

    quiet: ClassVar[tuple[str, ...]] = ("mobility", "moment", "moment_numbers", "outdoors")

    rooms: dict[Name, RoomFile] = Field(
        default_factory=dict,
        description="People by space id or room number. Beside from_plan or total, these rooms "
        "replace what would be worked out for them.",
    )
    from_plan: Literal["occupants_default"] | None = Field(
        default=None, description="Take each room's usual number of people from the plan."
    )
    counts: Literal["everybody", "students"] = Field(
        default="everybody",
        description="Whom occupants_default counts: everybody in a room, or its students, beside "
        "whom come the staff that the staff rule gives for them.",
    )
    total: Count | None = Field(
        default=None,
        description="People in the building, those in rooms among them, shared out by use and "
        "floor area (largest remainder).",
    )
    age_band: AgeBand | None = Field(
        default=None, description="Age band of students where the room does not say."
    )
    load_factors_m2: dict[RoomUse, Annotated[float, Field(ge=0.0, le=1000.0)]] = Field(
        default_factory=dict, description="Floor area per person by room use, for total."
    )
    staff: dict[RoomUse, StaffFile] = Field(
        default_factory=dict, description="Staff among the people of a room, by its use."
    )
    accept_no_route: list[Name] = Field(
        default_factory=list,
        description="Rooms that may have people although no exit can be reached from them.",
    )
    mobility: dict[ProfileName, ProfileFile] = Field(
        default_factory=dict, description="What the mobility profiles are, over the defaults."
    )

    moment: MomentName | None = Field(
        default=None,
        description="The time of day, which moves people from the rooms that they belong to: "
        "between lessons, at recess, and so on. In class where it is not said.",
    )
    moment_numbers: MomentNumbersFile | None = None
    outdoors: dict[Name, OutdoorsFile] = Field(
        default_factory=dict,
        description="People outdoors at the start, by assembly area; they come beside all others.",
    )

    @model_validator(mode="after")
    def _one_way_to_count(self) -> PopulationFile:
        if self.from_plan is not None and self.total is not None:
            raise ValueError("say either from_plan or total, not both")
        if self.from_plan is None and self.counts != "everybody":
            raise ValueError("counts speaks of from_plan, which is not given")
        if self.from_plan is None and self.total is None and not self.rooms:
            raise ValueError("nobody is in the building: give rooms, from_plan or total")
        self._profiles()
        self._moment_numbers()
        return self

    def _moment_numbers(self) -> dict[str, float]:
        """Return the numbers of the time of day that the scenario changes."""
        return {} if self.moment_numbers is None else self.moment_numbers.to_numbers(self.moment)

    def _profiles(self) -> dict[ProfileName, Profile]:
        """Return the profiles that the scenario changes, whole."""
        changed: dict[ProfileName, Profile] = {}
        for name, said in self.mobility.items():
            try:
                default = population_defaults().profile[name]
                changed[name] = replace(default, **said.to_changes())
            except ValueError as error:
                raise ValueError(f"mobility.{name}: {error}") from None
        return changed

    def to_population(self) -> Population:
        """Return the checked values."""
        source: Literal["rooms", "from_plan", "total"] = "rooms"
        if self.from_plan is not None:
            source = "from_plan"
        elif self.total is not None:
            source = "total"
        return Population(
            source=source,
            rooms={room: people.to_people() for room, people in self.rooms.items()},
            counts=self.counts,
            total=self.total or 0,
            age_band=self.age_band,
            load_factors_m2={str(use): m2 for use, m2 in self.load_factors_m2.items()},
            staff={use: StaffRule(rule.role, rule.one_per) for use, rule in self.staff.items()},
            accept_no_route=tuple(self.accept_no_route),
            mobility=self._profiles(),
            moment=self.moment or "class",
            moment_numbers=self._moment_numbers(),
            outdoors={place: people.to_people() for place, people in self.outdoors.items()},
        )
