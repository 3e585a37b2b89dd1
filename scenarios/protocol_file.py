"""How a scenario file says what is announced, and what people do in rooms, halls and at doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, create_model, model_validator

from buildings import FilePart, Name, Seconds
from scenarios.announcement_file import AnnouncementFile, heard
from scenarios.distribution_file import DistributionFile
from scenarios.evacuate_file import EvacuateFile
from scenarios.numbers_said import numbers_said
from scenarios.population_defaults import Role
from scenarios.protocol_said import (
    LOCKS,
    ActionName,
    Against,
    DirectiveSaid,
    ProtocolSaid,
    ReleasedBy,
    ResponseName,
)
from scenarios.quiet_part import QuietPart
from scenarios.relocation_file import SiteFile
from scenarios.shelter_file import ShelterFile
from scenarios.sourced_numbers import Number
from sim import protocols

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class DirectiveFile(QuietPart):
    """One announced action."""

    quiet: ClassVar[tuple[str, ...]] = ("after", "lasts_s", "to")

    at_s: Seconds = Field(
        description="When, in seconds from the start of the scenario, or from what it comes after."
    )
    action: ActionName
    after: Literal["hazard_reported"] | None = Field(
        default=None,
        description="Counts at_s from when a hazard that says `reported` is first reported.",
    )
    rooms: list[Name] = Field(
        default_factory=list, description="Zones and rooms that are meant; without it everybody."
    )
    by: ReleasedBy | None = Field(
        default=None, description="For a release: a word to all, or room after room."
    )
    against: Against | None = Field(default=None, description="For a shelter: against what.")
    announced: Literal["in_words", "alarm_only"] | None = Field(
        default=None,
        description="For an evacuation: whether people are told to leave, or an alarm just sounds.",
    )
    lasts_s: Annotated[float, Field(gt=0.0, le=3600.0)] | None = Field(
        default=None, description="For a shelter from an earthquake: how long the shaking lasts."
    )
    to: SiteFile | None = Field(default=None, description="For a relocation: where to, and how.")

    @model_validator(mode="after")
    def _says_what_belongs_to_it(self) -> DirectiveFile:
        for key, action in BELONGS_TO.items():
            if getattr(self, key) is not None and self.action != action:
                raise ValueError(f"{key}: only for {action}, not for {self.action}")
        if self.action == "shelter" and self.against is None:
            raise ValueError(
                "shelter: say against what (weather, hazardous_material or earthquake)"
            )
        if self.lasts_s is not None and self.against != "earthquake":
            raise ValueError(f"lasts_s: only for an earthquake, not for {self.against}")
        if self.against == "earthquake" and self.rooms:
            raise ValueError("rooms: an earthquake is felt everywhere")
        if self.action == "relocate" and self.to is None:
            raise ValueError("relocate: say where to (to: name, and metres or buses)")
        return self

    def to_said(self) -> DirectiveSaid:
        """Return the checked values."""
        return DirectiveSaid(
            at_s=float(self.at_s),
            action=self.action,
            rooms=tuple(self.rooms),
            released_by=self.by or "announcement",
            against=self.against,
            to_leave=self.announced != "alarm_only",
            after_report=self.after is not None,
            lasts_s=self.lasts_s,
            relocation=None if self.to is None else self.to.to_relocation(),
        )


BELONGS_TO: Final[Mapping[str, ActionName]] = {
    "by": "release", "against": "shelter", "announced": "evacuate", "lasts_s": "shelter",
    "to": "relocate",
}  # fmt: skip
"""Keys of a step of the timeline that only one action has."""


ProceduresFile = create_model(
    "ProceduresFile",
    __base__=FilePart,
    __doc__="Times of the steps of a procedure, in seconds, over the defaults.",
    **dict.fromkeys(protocols.STEPS, (DistributionFile | None, None)),  # type: ignore[call-overload]
)


class LockFile(FilePart):
    """How long one kind of lock takes, and how often it fails."""

    seconds: DistributionFile | None = None
    fails: Share | None = Field(
        default=None, description="Probability that the door is not locked."
    )
    unnoticed: Share | None = Field(
        default=None, description="Share of the failures that nobody notices."
    )


LocksFile = create_model(
    "LocksFile",
    __base__=FilePart,
    __doc__="Kinds of lock, over the defaults.",
    **dict.fromkeys(LOCKS, (LockFile | None, None)),  # type: ignore[call-overload]
)


class DoorHabitsFile(FilePart):
    """How doors are found, and how long they are held."""

    stands_open: Share | None = None
    stands_open_with_closer: Share | None = None
    exterior_propped: Share | None = None
    hold_door_s: Seconds | None = None
    hold_outside_door_s: Seconds | None = None
    room_tries: Annotated[int, Field(ge=1, le=100)] | None = None


class SharesFile(FilePart):
    """Shares of people and rooms, and the time for which people in sight are counted."""

    substitute_has_keys: Share | None = None
    stays_in_lockdown: Share | None = None
    in_sight_until_s: Annotated[float, Field(gt=0.0, le=1e6)] | None = None


Factor = Annotated[float | None, Field(ge=0.1, le=10.0)]


class SpecialNeedsFile(FilePart):
    """Factors on times of people with special needs, and of rooms with them, over the defaults."""

    beside_factor: Factor = None
    recognise_factor: Factor = None
    react_factor: Factor = None
    quiet_factor: Factor = None


class ProtocolAnnouncementFile(AnnouncementFile):
    """Seconds from the announcement until it is heard, or `never`; space over zone over all."""

    outdoors_s: Seconds | Literal["never"] = 0.0
    silent_spaces_hear: bool = Field(
        default=False,
        description="Whether places without public address in the plan hear it all the same.",
    )


class ProtocolFile(QuietPart):
    """What staff and students do: a plain evacuation, or a timeline of announced actions."""

    quiet: ClassVar[tuple[str, ...]] = (
        "timeline", "announcement", "response", "covers", "standing", "door_crew", "procedures",
        "locks", "doors", "shares", "special_needs", "shelter",
    )  # fmt: skip

    evacuate: EvacuateFile = EvacuateFile()
    timeline: Annotated[list[DirectiveFile], Field(max_length=1000)] = Field(
        default_factory=list, description="What is announced, in order of time."
    )
    announcement: ProtocolAnnouncementFile | None = Field(
        default=None, description="How the timeline is heard."
    )
    response: ResponseName | None = Field(
        default=None, description="The rules people go by; traditional where it is not said."
    )
    covers: Literal["drawn", "left"] | None = Field(
        default=None, description="Whether covers are drawn in a lockdown; drawn by default."
    )
    standing: Literal["roomy", "tight"] | None = Field(
        default=None, description="How close people stand out of sight; roomy by default."
    )
    door_crew: list[Role] | None = Field(
        default=None, description="Roles of those who lock exterior doors; by default the office."
    )
    procedures: ProceduresFile | None = None
    locks: LocksFile | None = None
    doors: DoorHabitsFile | None = None
    shares: SharesFile | None = None
    special_needs: SpecialNeedsFile | None = None
    shelter: ShelterFile | None = Field(
        default=None, description="Where people shelter from weather."
    )

    @model_validator(mode="after")
    def _timeline_holds_together(self) -> ProtocolFile:
        times = [step.at_s for step in self.timeline if step.after is None]
        if times != sorted(times):
            raise ValueError("timeline: steps have to come in order of time")
        said = {key for key in self.quiet if getattr(self, key) not in (None, [])}
        if said and not self.timeline:
            raise ValueError(f"{', '.join(sorted(said))}: only with a timeline")
        actions = [directive.action for directive in self.timeline]
        for action in ("relocate", "reunify"):
            if action in actions and "evacuate" not in actions[: actions.index(action)]:
                raise ValueError(f"timeline: {action} needs an evacuate before it")
        if actions.count("reunify") > 1:
            raise ValueError("timeline: reunify comes once at most")
        if self.shelter is not None and "weather" not in [one.against for one in self.timeline]:
            raise ValueError("shelter: only with a shelter against weather in the timeline")
        return self

    def to_protocol(self) -> ProtocolSaid:
        """Return the checked values."""
        words = self.announcement or ProtocolAnnouncementFile()
        return ProtocolSaid(
            timeline=tuple(directive.to_said() for directive in self.timeline),
            heard_everywhere_s=heard(words.everywhere_s),
            heard_in_zones_s={zone: heard(delay) for zone, delay in words.zones.items()},
            heard_in_spaces_s={space: heard(delay) for space, delay in words.spaces.items()},
            heard_outdoors_s=heard(words.outdoors_s),
            silent_spaces_hear=words.silent_spaces_hear,
            response=self.response or "traditional",
            covers_drawn=self.covers != "left",
            crowded=self.standing == "tight",
            door_crew=tuple(self.door_crew) if self.door_crew is not None else ("office",),
            shelter=(self.shelter or ShelterFile()).to_shelter(),
            numbers=self._numbers(),
        )

    def _numbers(self) -> dict[str, Number]:
        said: dict[str, Number] = {}
        for table in ("procedures", "doors", "shares", "special_needs"):
            name = "seconds" if table == "procedures" else table
            said |= numbers_said(getattr(self, table), name)
        if self.shelter is not None:
            said |= self.shelter.numbers()
        for lock in LOCKS:
            said |= numbers_said(getattr(self.locks, lock, None), f"locks.{lock}")
        return said
