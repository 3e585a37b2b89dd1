"""How a scenario file says who is told what, by which channels, and who alerts the dispatcher."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from buildings import FilePart, Name, Seconds
from scenarios.communication_said import (
    USUAL_CONFUSION,
    ActionName,
    AlertWayName,
    CommunicationSaid,
    InitiationSaid,
    PanicButtonSaid,
    PublicAddressSaid,
    RadioSaid,
    RunnersSaid,
    SignalSaid,
    TellWay,
    communication_defaults,
)
from scenarios.distribution_file import DistributionFile, WalkingSpeedFile
from scenarios.numbers_said import numbers_said
from scenarios.population_defaults import Role
from scenarios.sourced_numbers import Number

Chance = Annotated[float, Field(ge=0.0, le=1.0)]
Names = list[Name]
Actions = Annotated[list[ActionName], Field(min_length=1)]


class _ChannelFile(FilePart):
    """What every channel has."""

    set_up_s: DistributionFile | None = Field(
        default=None, description="From the decision until the first word is said."
    )
    fails: Chance | None = Field(
        default=None, description="Probability that the channel is down in the whole incident."
    )
    misunderstood_code: Chance | None = Field(
        default=None, description="Probability that a room does not know the code words."
    )


class _SpokenFile(_ChannelFile):
    misunderstood_plain: Chance | None = Field(
        default=None, description="Probability that a room misunderstands plain language."
    )


class SayingFile(FilePart):
    """How an announcement is said."""

    saying_s: Seconds | None = Field(default=None, description="Seconds of saying it once.")
    pause_s: Seconds | None = None
    times: Annotated[int, Field(ge=1, le=20)] | None = None


class PublicAddressFile(_SpokenFile):
    """Loudspeakers; spaces that the plan has with public_address: no do not hear them."""

    not_heard_in: Names = Field(
        default_factory=list, description="Zones and rooms: dead spots, or silenced zones."
    )
    unknown: Literal["heard", "not_heard"] = Field(
        default="heard", description="Of spaces of which the plan does not say."
    )
    zone_delay_s: dict[Name, Seconds] = Field(
        default_factory=dict, description="How much later a zone is announced to."
    )
    perceive_s: DistributionFile | None = None
    missed: Chance | None = Field(
        default=None, description="Probability that a room misses one saying."
    )


class BellFile(_ChannelFile):
    """A bell; everybody hears it but in the places named."""

    actions: Actions = Field(description="Actions for which there is a pattern.")
    not_heard_in: Names = Field(default_factory=list)
    pattern_s: Seconds | None = None
    perceive_s: DistributionFile | None = None


class AppFile(_SpokenFile):
    """A message to the devices of the staff."""

    notices: Chance | None = Field(
        default=None, description="Share of the staff who carry a device and notice it."
    )
    delay_s: DistributionFile | None = None


class RadioFile(_SpokenFile):
    """Two-way radio."""

    roles: list[Role] = Field(default_factory=list, description="Roles that carry one.")
    rooms: Names = Field(default_factory=list, description="Rooms whose staff carry one.")
    delay_s: DistributionFile | None = None
    missed: Chance | None = None

    @model_validator(mode="after")
    def _somebody(self) -> RadioFile:
        if not self.roles and not self.rooms:
            raise ValueError("say who carries a radio: roles, rooms, or both")
        return self


class RunnersFile(_SpokenFile):
    """People who go from room to room."""

    start: Name = Field(description="The room from which they set out.")
    tours: Annotated[list[Annotated[Names, Field(min_length=1)]], Field(min_length=1)] = Field(
        description="For each runner the rooms in order."
    )
    speed_mps: WalkingSpeedFile | None = None
    tell_s: Seconds | None = None


class AlarmLightsFile(_ChannelFile):
    """Lights and screens that a panic button sets off."""

    actions: Actions
    places: Annotated[Names, Field(min_length=1)] = Field(
        description="Zones and rooms that have them."
    )
    pattern_s: Seconds | None = None
    perceive_s: DistributionFile | None = None


class PanicButtonFile(FilePart):
    """Panic buttons: to the dispatcher, and what they set off in the building."""

    rooms: Names = Field(
        default_factory=list,
        description="Where there are buttons to the dispatcher; whoever recognises the event walks "
        "to the nearest.",
    )
    lights: AlarmLightsFile | None = None


class DirectCueFile(FilePart):
    """People in and next to the room of the event notice it for themselves."""

    notices: Chance | None = None
    notice_s: DistributionFile | None = None


class WayFile(FilePart):
    """A way of passing a message on."""

    takes_s: DistributionFile | None = None
    fails: Chance | None = None


class AlertWayFile(WayFile):
    """A way of alerting the dispatcher."""

    answered: bool | None = Field(
        default=None,
        description="Whether a call taker has to answer before units are sent; by default for all "
        "but radio.",
    )


def _by_phone_or_on_foot() -> dict[TellWay, WayFile]:
    return {"phone": WayFile(), "runner": WayFile()}


def _by_phone() -> dict[AlertWayName, AlertWayFile]:
    return {"phone": AlertWayFile()}


class InitiationFile(FilePart):
    """From the event to the decision."""

    event_s: Seconds = 0.0
    room: Name = Field(description="Where the event is recognised.")
    role: Role = Field(description="Who recognises it.")
    may_initiate: Annotated[list[Role], Field(min_length=1)] = Field(
        description="Roles that may have an announcement made."
    )
    office: Name | None = Field(
        default=None, description="Where an initiator is to be found: where a runner goes."
    )
    ways: Annotated[dict[TellWay, WayFile], Field(min_length=1)] = Field(
        default_factory=_by_phone_or_on_foot,
        description="How an initiator is told, in the order in which it is tried.",
    )
    recognise_s: DistributionFile | None = None
    decide_s: DistributionFile | None = None

    @model_validator(mode="after")
    def _runs_somewhere(self) -> InitiationFile:
        if "runner" in self.ways and self.office is None:
            raise ValueError("office is required where a runner is one of the ways")
        return self


class DispatcherFile(FilePart):
    """How the dispatcher is alerted."""

    ways: Annotated[dict[AlertWayName, AlertWayFile], Field(min_length=1)] = Field(
        default_factory=_by_phone
    )
    answer_s: DistributionFile | None = None
    process_s: DistributionFile | None = None


class CommunicationFile(FilePart):
    """Who is told what, and by which channels; a channel is used where there is an entry."""

    wording: Literal["plain", "code"] = "plain"
    time_zero: Literal["start", "end"] = Field(
        default="start",
        description="What times of a drill are counted from: the first word of the announcement, "
        "or the last.",
    )
    announcement: SayingFile = SayingFile()
    taken_for: dict[ActionName, ActionName] = Field(
        default_factory=lambda: dict(USUAL_CONFUSION),
        description="What an action is taken for by those who misunderstand it; others understand "
        "nothing.",
    )
    public_address: PublicAddressFile | Literal["none"] = PublicAddressFile()
    bell: BellFile | None = None
    app: AppFile | None = None
    radio: RadioFile | None = None
    runners: RunnersFile | None = None
    panic_button: PanicButtonFile | None = None
    direct_cue: DirectCueFile | None = None
    initiation: InitiationFile | None = None
    dispatcher: DispatcherFile | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> CommunicationFile:
        for action, other in self.taken_for.items():
            if action == other:
                raise ValueError(f"taken_for: {action} cannot be taken for itself")
        if self.initiation is None and (self.direct_cue or self.dispatcher):
            key = "direct_cue" if self.direct_cue else "dispatcher"
            raise ValueError(f"{key} needs initiation: say what is recognised, where and by whom")
        by_button = self.dispatcher is not None and "panic_button" in self.dispatcher.ways
        rooms = self.panic_button is not None and bool(self.panic_button.rooms)
        if by_button and not rooms:
            raise ValueError("dispatcher.ways: for panic_button give panic_button.rooms")
        if rooms and not by_button:
            raise ValueError(
                "panic_button.rooms: no button does anything unless dispatcher.ways has "
                "panic_button"
            )
        if self.panic_button is not None and not rooms and self.panic_button.lights is None:
            raise ValueError("panic_button does nothing: give it lights, or rooms")
        return self

    def to_communication(self) -> CommunicationSaid:
        """Return the checked values."""
        spoken = None if self.public_address == "none" else self.public_address
        lights = None if self.panic_button is None else self.panic_button.lights
        parts: dict[str, FilePart | None] = {
            "announcement": self.announcement,
            "public_address": spoken,
            "bell": self.bell,
            "app": self.app,
            "radio": self.radio,
            "runner": self.runners,
            "alarm_lights": lights,
            "direct_cue": self.direct_cue,
            "initiation": self.initiation,
            "dispatcher": self.dispatcher,
        }
        told = {} if self.initiation is None else self.initiation.ways
        alerts = {} if self.dispatcher is None else self.dispatcher.ways
        parts |= {f"tell_by_{name}": way for name, way in told.items()}
        parts |= {f"alert_by_{name}": alert for name, alert in alerts.items()}
        numbers: dict[str, Number] = {}
        for table, part in parts.items():
            if part is not None:
                numbers |= numbers_said(part, table, known=communication_defaults())
        return CommunicationSaid(
            wording=self.wording,
            time_zero=self.time_zero,
            taken_for=dict(self.taken_for),
            public_address=None if spoken is None else _public_address(spoken),
            bell=None if self.bell is None else _bell(self.bell),
            app=self.app is not None,
            radio=None if self.radio is None else _radio(self.radio),
            runners=None if self.runners is None else _runners(self.runners),
            panic_button=None if self.panic_button is None else _panic_button(self.panic_button),
            direct_cue=self.direct_cue is not None,
            initiation=None if self.initiation is None else _initiation(self.initiation),
            alert_ways={
                name: name != "radio" if alert.answered is None else alert.answered
                for name, alert in alerts.items()
            },
            numbers=numbers,
        )


def _public_address(file: PublicAddressFile) -> PublicAddressSaid:
    return PublicAddressSaid(tuple(file.not_heard_in), file.unknown, dict(file.zone_delay_s))


def _bell(file: BellFile) -> SignalSaid:
    return SignalSaid(tuple(file.actions), tuple(file.not_heard_in))


def _radio(file: RadioFile) -> RadioSaid:
    return RadioSaid(tuple(file.roles), tuple(file.rooms))


def _runners(file: RunnersFile) -> RunnersSaid:
    return RunnersSaid(file.start, tuple(tuple(names) for names in file.tours))


def _panic_button(file: PanicButtonFile) -> PanicButtonSaid:
    lights = file.lights
    said = None if lights is None else SignalSaid(tuple(lights.actions), tuple(lights.places))
    return PanicButtonSaid(tuple(file.rooms), said)


def _initiation(file: InitiationFile) -> InitiationSaid:
    return InitiationSaid(
        event_s=file.event_s,
        room=file.room,
        role=file.role,
        may_initiate=tuple(file.may_initiate),
        office=file.office,
        ways=tuple(file.ways),
    )
