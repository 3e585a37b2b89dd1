"""The scenario file as its pydantic models: what may be written, in which bounds, and why not."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, JsonValue, create_model, model_validator

from buildings import FilePart, Name, Seconds
from scenarios.accountability_file import AccountabilityFile
from scenarios.assistance_file import AssistanceFile, LiftFile
from scenarios.assistance_said import AssistanceSaid
from scenarios.communication_file import CommunicationFile
from scenarios.distribution_file import (
    AnyDistributionFile,
    DistributionFile,
    WalkingSpeedFile,
    to_distribution,
)
from scenarios.exit_choice_file import ExitChoiceFile
from scenarios.hazard_file import HazardsFile
from scenarios.orders_file import DirectionFile, DoorFile
from scenarios.population_defaults import AgeBand, Role
from scenarios.population_file import PopulationFile, RoomUse, maybe_distribution
from scenarios.protocol_file import ProtocolFile
from scenarios.quiet_part import QuietPart
from scenarios.responders_file import RespondersFile
from scenarios.responders_said import RespondersSaid
from scenarios.reunification_file import ScenarioReunificationFile
from scenarios.scenario import PreMovement, Speeds
from sim import NUMBERS, PRESETS, Distribution, flow_law


def _each(said: dict[Any, AnyDistributionFile]) -> dict[str, Distribution]:
    return {key: to_distribution(one) for key, one in said.items()}


class StairFactorFile(FilePart):
    """Factors on everybody's walking speed on stairs, beside the stair's own."""

    down: Annotated[float, Field(gt=0.0, le=5.0)] = 1.0
    up: Annotated[float, Field(gt=0.0, le=5.0)] = 1.0


class SpeedFile(FilePart):
    """Free walking speed on the level, in metres per second; the most particular wins."""

    everyone: WalkingSpeedFile | None = None
    by_role: dict[Role, WalkingSpeedFile] = Field(default_factory=dict)
    by_age_band: dict[AgeBand, WalkingSpeedFile] = Field(default_factory=dict)


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


class MovementFile(QuietPart):
    """The flow law and the walking speeds."""

    quiet: ClassVar[tuple[str, ...]] = ("merge_weights",)

    law: Annotated[Name, AfterValidator(_known_law)] = Field(
        default="sfpe", description=f"Flow preset: {', '.join(PRESETS)}."
    )
    speed_law: Literal["linear", "kladek", "none"] | None = Field(
        default=None, description="How density slows people, over the preset; none: not at all."
    )
    numbers: LawNumbersFile = LawNumbersFile()
    speed_mps: SpeedFile = SpeedFile()
    stair_factor: StairFactorFile = StairFactorFile()
    merge_weights: dict[Name, Annotated[float, Field(ge=1e-3, le=1e3)]] = Field(
        default_factory=dict,
        description="By portal id or exterior door number: shares of a freed place in the full "
        "space beyond, instead of those that the law gives.",
    )

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


class ClassesFile(QuietPart):
    """Which rooms hold a class: students and staff that leave, gather and are counted together."""

    quiet: ClassVar[tuple[str, ...]] = ("keep_together",)

    uses: list[RoomUse] = Field(default=["classroom", "lab", "gym"])
    keep_together: bool = Field(
        default=False, description="Whether a class walks at the pace of its slowest member."
    )


class ScenarioFile(QuietPart):
    """One scenario: which building, who is in it, what is announced, and how often to ask."""

    quiet: ClassVar[tuple[str, ...]] = (
        "doors", "directions", "exit_choice", "assistance", "lifts", "communication",
        "responders", "teaches", "accountability", "hazards",
        "reunification",
    )  # fmt: skip

    kind: Literal["scenario"]
    schema_version: Literal[1]
    name: Name
    teaches: Annotated[str, Field(min_length=1, max_length=300)] | None = Field(
        default=None, description="One sentence on what can be learned from it."
    )
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
    doors: Annotated[list[DoorFile], Field(max_length=10_000)] = Field(
        default_factory=list, description="Doors that change while the scenario runs."
    )
    directions: Annotated[list[DirectionFile], Field(max_length=10_000)] = Field(
        default_factory=list, description="Staff send people to an exit."
    )
    exit_choice: ExitChoiceFile | None = None
    assistance: AssistanceFile | None = Field(
        default=None, description="How people are helped who cannot leave by themselves."
    )
    lifts: dict[Name, LiftFile] = Field(
        default_factory=dict,
        description="Lifts that the fire service runs, by space id; all others stand still.",
    )
    movement: MovementFile = MovementFile()
    pre_movement: PreMovementFile = PreMovementFile()
    protocol: ProtocolFile = ProtocolFile()
    communication: CommunicationFile | None = Field(
        default=None,
        description="Who is told what by which channel, instead of protocol.announcement.",
    )
    hazards: HazardsFile = Field(
        default_factory=list,
        description="Parts of the building that are not to be entered for a time: fire, smoke, "
        "gas, water, or a threat to people.",
    )
    reunification: ScenarioReunificationFile | None = Field(
        default=None, description="How students are handed over, where the timeline reunifies."
    )

    accountability: AccountabilityFile | None = Field(
        default=None,
        description="Roll calls that may be wrong, and how the missing are found; without it every "
        "class is counted right.",
    )

    @model_validator(mode="after")
    def _heard_in_one_way(self) -> ScenarioFile:
        if self.accountability is not None and not self.protocol.timeline:
            raise ValueError("accountability: only with protocol.timeline")
        if self.communication is not None:
            if not self.protocol.timeline:
                raise ValueError("communication: only with protocol.timeline")
            if self.protocol.announcement is not None:
                raise ValueError("say either communication or protocol.announcement, not both")
        return self

    responders: RespondersFile | None = Field(
        default=None, description="Who comes to help, and who releases rooms door to door."
    )

    @model_validator(mode="after")
    def _responders_have_something_to_do(self) -> ScenarioFile:
        steps = [s for s in self.protocol.timeline if s.by == "door_to_door"]
        release = None if self.responders is None else self.responders.release
        if self.responders is not None and not self.protocol.timeline:
            raise ValueError("responders: only with a protocol.timeline")
        if steps and release is None:
            raise ValueError(
                "by: door_to_door needs responders.release: who goes from room to room"
            )
        if release is not None and not steps:
            raise ValueError("responders.release: no step of the timeline says by: door_to_door")
        if self.responders is not None and any(u.staging for u in self.responders.units):
            told = self.communication is not None and self.communication.dispatcher is not None
            if told == (self.responders.dispatched_s is not None):
                raise ValueError(
                    "say either responders.dispatched_s or communication.dispatcher, so that it is "
                    "known when units are sent"
                )
        return self

    @model_validator(mode="after")
    def _hazards_are_asked_for(self) -> ScenarioFile:
        for number, hazard in enumerate(self.hazards):
            for key in hazard.asks_for_a_timeline:
                if not self.protocol.timeline:
                    raise ValueError(f"hazards.{number}.{key}: only with protocol.timeline")
        after = any(step.after is not None for step in self.protocol.timeline)
        if after and self.communication is not None and self.communication.direct_cue is not None:
            raise ValueError(
                "communication.direct_cue: leave it out with after: hazard_reported, since the "
                "hazard itself says when and where it is noticed"
            )
        reported = any(hazard.reported for hazard in self.hazards)
        for number, step in enumerate(self.protocol.timeline):
            if step.after is not None and not reported:
                raise ValueError(f"protocol.timeline.{number}.after: no hazard says reported: true")
        return self

    @model_validator(mode="after")
    def _reunified_as_said(self) -> ScenarioFile:
        reunifies = any(step.action == "reunify" for step in self.protocol.timeline)
        if reunifies != (self.reunification is not None):
            raise ValueError("a reunify in protocol.timeline and reunification belong together")
        return self

    def to_assistance(self) -> AssistanceSaid:
        """Return how people are helped, as checked values."""
        return AssistanceSaid() if self.assistance is None else self.assistance.to_assistance()

    def to_responders(self) -> RespondersSaid:
        """Return who comes to help, as checked values."""
        return RespondersSaid() if self.responders is None else self.responders.to_responders()

    def to_speeds(self) -> Speeds:
        """Return the walking speeds as checked values."""
        said, stairs = self.movement.speed_mps, self.movement.stair_factor
        return Speeds(
            everyone=maybe_distribution(said.everyone),
            by_role=_each(said.by_role),
            by_age_band=_each(said.by_age_band),
            stair_down=stairs.down,
            stair_up=stairs.up,
        )

    def to_pre_movement(self) -> PreMovement:
        """Return the pre-movement times as checked values."""
        said = self.pre_movement
        return PreMovement(
            everyone=maybe_distribution(said.everyone),
            by_role=_each(said.by_role),
            by_use=_each(said.by_use),
            by_role_and_use={role: _each(uses) for role, uses in said.by_role_and_use.items()},
            listed_s=tuple(said.listed or ()),
        )

    def to_resolved(self) -> dict[str, JsonValue]:
        """Return everything the scenario says, defaults filled in, as plain values.

        Of the keys that came later, those that say nothing are left out (see `QuietPart`).
        """
        plain: dict[str, Any] = self.model_dump(mode="json")
        return plain
