"""The scenario file as its pydantic models: what may be written, in which bounds, and why not."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue, create_model, model_validator

from buildings import Count, FilePart, Name, Seconds
from scenarios.distribution_file import AnyDistributionFile, DistributionFile, to_distribution
from scenarios.population_defaults import AgeBand, Role, StaffRule
from scenarios.scenario import (
    NEVER,
    Evacuation,
    Population,
    PreMovement,
    RoomPeople,
    Speeds,
)
from sim import NUMBERS, Distribution, flow_law

RoomUse = Literal[
    "classroom", "lab", "office", "gym", "cafeteria", "library", "auditorium", "toilet", "storage",
    "kitchen", "nurse", "main_office", "vestibule", "mechanical", "circulation", "reunification",
    "other",
]  # fmt: skip
Point = Annotated[list[float], Field(min_length=2, max_length=2)]
Heard = Seconds | Literal["never"]


def _heard(delay: float | str) -> float:
    return NEVER if isinstance(delay, str) else float(delay)


def _maybe(said: AnyDistributionFile | None) -> Distribution | None:
    return None if said is None else to_distribution(said)


def _each(said: dict[Any, AnyDistributionFile]) -> dict[str, Distribution]:
    return {key: to_distribution(one) for key, one in said.items()}


def _refuse_zero_speed(said: AnyDistributionFile | None) -> None:
    if said is not None and to_distribution(said).ppf(0.0) <= 0.0:
        raise ValueError(
            "a walking speed should be > 0 m/s: give a value, a low or a lower bound above 0"
        )


class RoomFile(FilePart):
    """Who is in one room at the start."""

    students: Count = 0
    teachers: Count = 0
    substitutes: Count = 0
    aides: Count = 0
    office: Count = Field(default=0, description="Office and other staff.")
    visitors: Count = 0
    age_band: AgeBand | None = Field(default=None, description="Age band of the students.")
    at: list[Point] | None = Field(
        default=None,
        description="Standing places [x, y] in metres on the plan's axes, one for each person in "
        "order of person id (students first, then teachers, ...).",
    )
    one_class: bool | None = Field(
        default=None, description="Whether the room's students and staff leave as one class."
    )
    speed_mps: DistributionFile | None = None
    pre_movement_s: DistributionFile | None = None

    @model_validator(mode="after")
    def _a_place_for_each(self) -> RoomFile:
        people = sum(self._counts().values())
        if self.at is not None and len(self.at) != people:
            raise ValueError(f"at should name {people} places, one for each person of the room "
                             f"(got {len(self.at)})")  # fmt: skip
        _refuse_zero_speed(self.speed_mps)
        return self

    def _counts(self) -> dict[Role, int]:
        return {
            "student": self.students,
            "teacher": self.teachers,
            "substitute": self.substitutes,
            "aide": self.aides,
            "office": self.office,
            "visitor": self.visitors,
        }

    def to_people(self) -> RoomPeople:
        """Return the checked values."""
        return RoomPeople(
            count={role: n for role, n in self._counts().items() if n},
            age_band=self.age_band,
            at_xy=tuple((x, y) for x, y in self.at or ()),
            one_class=self.one_class,
            speed_mps=_maybe(self.speed_mps),
            pre_movement_s=_maybe(self.pre_movement_s),
        )


class StaffFile(FilePart):
    """One member of staff for every so many people of a room, rounded up; students for the rest."""

    role: Role
    one_per: Annotated[int, Field(ge=1)]


class PopulationFile(FilePart):
    """Who is in the building: one of `rooms`, `from_plan` and `total`, or rooms with either."""

    rooms: dict[Name, RoomFile] = Field(
        default_factory=dict,
        description="People by space id or room number. Beside from_plan or total, these rooms "
        "replace what would be worked out for them.",
    )
    from_plan: Literal["occupants_default"] | None = Field(
        default=None, description="Take each room's usual number of people from the plan."
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

    @model_validator(mode="after")
    def _one_way_to_count(self) -> PopulationFile:
        if self.from_plan is not None and self.total is not None:
            raise ValueError("say either from_plan or total, not both")
        if self.from_plan is None and self.total is None and not self.rooms:
            raise ValueError("nobody is in the building: give rooms, from_plan or total")
        return self

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
            total=self.total or 0,
            age_band=self.age_band,
            load_factors_m2={str(use): m2 for use, m2 in self.load_factors_m2.items()},
            staff={use: StaffRule(rule.role, rule.one_per) for use, rule in self.staff.items()},
            accept_no_route=tuple(self.accept_no_route),
        )


class StairFactorFile(FilePart):
    """Factors on everybody's walking speed on stairs, beside the stair's own."""

    down: Annotated[float, Field(gt=0.0, le=5.0)] = 1.0
    up: Annotated[float, Field(gt=0.0, le=5.0)] = 1.0


class SpeedFile(FilePart):
    """Free walking speed on the level, in metres per second; the most particular wins."""

    everyone: DistributionFile | None = None
    by_role: dict[Role, DistributionFile] = Field(default_factory=dict)
    by_age_band: dict[AgeBand, DistributionFile] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _somebody_moves(self) -> SpeedFile:
        for said in (self.everyone, *self.by_role.values(), *self.by_age_band.values()):
            _refuse_zero_speed(said)
        return self


def _known_law(name: str) -> str:
    flow_law(name)
    return name


_LAW_NUMBERS: dict[str, Any] = {
    name: (float | Literal["unlimited"] | None if name == "storage_per_m2" else float | None, None)
    for name in NUMBERS
}
LawNumbersFile = create_model(
    "LawNumbersFile",
    __base__=FilePart,
    __doc__="Numbers of the flow law that this scenario changes; storage may be `unlimited`.",
    **_LAW_NUMBERS,
)


class MovementFile(FilePart):
    """The flow law and the walking speeds."""

    law: Annotated[Name, AfterValidator(_known_law)] = Field(
        default="sfpe", description="Flow preset: sfpe, weidmann or experiments."
    )
    speed_law: Literal["linear", "kladek", "none"] | None = Field(
        default=None, description="How density slows people, over the preset; none: not at all."
    )
    numbers: LawNumbersFile = LawNumbersFile()
    speed_mps: SpeedFile = SpeedFile()
    stair_factor: StairFactorFile = StairFactorFile()

    @model_validator(mode="after")
    def _law_holds_together(self) -> MovementFile:
        flow_law(self.law, **self.to_law_numbers())
        return self

    def to_law_numbers(self) -> dict[str, float | str]:
        """Return what is changed over the preset; `unlimited` is infinity."""
        said = self.numbers.model_dump(exclude_none=True)
        changed: dict[str, float | str] = {
            name: float("inf") if value == "unlimited" else float(value)
            for name, value in said.items()
        }
        if self.speed_law is not None:
            changed["speed_law"] = self.speed_law
        return changed


class PreMovementFile(FilePart):
    """Delay between hearing the alarm and the first step, in seconds; the most particular wins."""

    everyone: DistributionFile | None = None
    by_role: dict[Role, DistributionFile] = Field(default_factory=dict)
    by_use: dict[RoomUse, DistributionFile] = Field(default_factory=dict)
    by_role_and_use: dict[Role, dict[RoomUse, DistributionFile]] = Field(default_factory=dict)
    listed: list[Seconds] | None = Field(
        default=None, description="One delay for each person, in order of person id."
    )


class ClassesFile(FilePart):
    """Which rooms hold a class: students and staff that leave, gather and are counted together."""

    uses: list[RoomUse] = Field(default=["classroom", "lab", "gym"])


class AnnouncementFile(FilePart):
    """Seconds from the alarm until it is heard, or `never`; space over zone over everywhere."""

    everywhere_s: Heard = 0.0
    zones: dict[Name, Heard] = Field(default_factory=dict)
    spaces: dict[Name, Heard] = Field(default_factory=dict)


class AssemblyFile(FilePart):
    """Where classes gather; without it, where the exit that each person takes leads."""

    everyone: Name | None = None
    rooms: dict[Name, Name] = Field(default_factory=dict)


class EvacuateFile(FilePart):
    """The evacuation as announced and practised."""

    alarm_s: Seconds = 0.0
    announcement: AnnouncementFile = AnnouncementFile()
    class_release: Literal["together", "individual"] = "together"
    roll_call_s: DistributionFile | None = None
    assembly: AssemblyFile = AssemblyFile()

    def to_evacuation(self) -> Evacuation:
        """Return the checked values."""
        heard = self.announcement
        return Evacuation(
            alarm_s=self.alarm_s,
            heard_everywhere_s=_heard(heard.everywhere_s),
            heard_in_zones_s={zone: _heard(delay) for zone, delay in heard.zones.items()},
            heard_in_spaces_s={space: _heard(delay) for space, delay in heard.spaces.items()},
            class_release=self.class_release,
            roll_call_s=_maybe(self.roll_call_s),
            assembly_everyone=self.assembly.everyone,
            assembly_rooms=dict(self.assembly.rooms),
        )


class ProtocolFile(FilePart):
    """What staff and students do."""

    evacuate: EvacuateFile = EvacuateFile()


class ScenarioFile(FilePart):
    """One scenario: which building, who is in it, what is announced, and how often to ask."""

    kind: Literal["scenario"]
    schema_version: Literal[1]
    name: Name
    plan: Name = Field(
        description="builtin:<slug>, or the plan folder as a path from this file's folder."
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    replicas: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    end_s: Annotated[float, Field(gt=0.0, le=1e7)] = Field(
        default=3600.0, description="When simulated time ends, wherever people are."
    )
    population: PopulationFile
    classes: ClassesFile = ClassesFile()
    assign_exits: dict[Name, Name] = Field(
        default_factory=dict,
        description="The exit of everybody in a room: its portal id or exterior door number.",
    )
    movement: MovementFile = MovementFile()
    pre_movement: PreMovementFile = PreMovementFile()
    protocol: ProtocolFile = ProtocolFile()

    def to_speeds(self) -> Speeds:
        """Return the walking speeds as checked values."""
        said, stairs = self.movement.speed_mps, self.movement.stair_factor
        return Speeds(
            everyone=_maybe(said.everyone),
            by_role=_each(said.by_role),
            by_age_band=_each(said.by_age_band),
            stair_down=stairs.down,
            stair_up=stairs.up,
        )

    def to_pre_movement(self) -> PreMovement:
        """Return the pre-movement times as checked values."""
        said = self.pre_movement
        return PreMovement(
            everyone=_maybe(said.everyone),
            by_role=_each(said.by_role),
            by_use=_each(said.by_use),
            by_role_and_use={role: _each(uses) for role, uses in said.by_role_and_use.items()},
            listed_s=tuple(said.listed or ()),
        )

    def to_resolved(self) -> dict[str, JsonValue]:
        """Return everything the scenario says, defaults filled in, as plain values."""
        plain: dict[str, Any] = self.model_dump(mode="json")
        return plain
