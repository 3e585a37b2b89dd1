"""What a scenario says about communication, and the numbers it has where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from scenarios.population_defaults import Role, Sourced
from scenarios.sourced_numbers import Number, sourced_numbers

ActionName: TypeAlias = Literal[
    "hold", "secure", "lockdown", "evacuate", "shelter", "release", "relocate", "reunify"
]
"""The actions by name, in the order of `sim.Action`."""
TellWay: TypeAlias = Literal["phone", "radio", "runner"]
AlertWayName: TypeAlias = Literal["panic_button", "app", "phone", "radio"]

USUAL_CONFUSION: Final[Mapping[ActionName, ActionName]] = {
    "lockdown": "secure",
    "secure": "lockdown",
}
"""What is taken for what where a scenario does not say: the secure action was called "lockout"
until the Standard Response Protocol renamed it, and was mixed up with lockdown."""


@dataclass(frozen=True, slots=True)
class PublicAddressSaid:
    """Loudspeakers: where they are not heard, and which zones are announced to later."""

    not_heard_in: tuple[str, ...] = ()
    unknown: Literal["heard", "not_heard"] = "heard"
    zone_delay_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignalSaid:
    """A bell, or lights and screens: for which actions, and where.

    ``places`` are zones and rooms: of a bell those that do not hear it, of lights those that have
    them.
    """

    actions: tuple[ActionName, ...]
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RadioSaid:
    """Who of the staff carries a radio: certain roles, and the staff of certain rooms."""

    roles: tuple[Role, ...] = ()
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunnersSaid:
    """Where runners set out, and which rooms each of them goes to, in order."""

    start: str
    tours: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PanicButtonSaid:
    """Where buttons to the dispatcher are, and what a button sets off in the building."""

    rooms: tuple[str, ...]
    lights: SignalSaid | None = None


@dataclass(frozen=True, slots=True)
class InitiationSaid:
    """What happens where, who recognises it, and who may have an announcement made."""

    event_s: float
    room: str
    role: Role
    may_initiate: tuple[Role, ...]
    office: str | None
    ways: tuple[TellWay, ...]


@dataclass(frozen=True, slots=True)
class CommunicationSaid:
    """How a school communicates, as a scenario says it.

    Attributes
    ----------
    wording, time_zero
        As in `sim.Announcement`.
    taken_for : mapping of action to the action that it is taken for when misunderstood
    public_address, bell, radio, runners, panic_button, initiation
        None where there is none.
    app, direct_cue : bool
    alert_ways : mapping of way to whether a call taker answers first
        In the order that settles ties; empty where nobody alerts a dispatcher.
    numbers : mapping of "radio.missed" and the like to a number, over the defaults
    """

    wording: Literal["plain", "code"] = "plain"
    time_zero: Literal["start", "end"] = "start"
    taken_for: Mapping[ActionName, ActionName] = field(
        default_factory=lambda: dict(USUAL_CONFUSION)
    )
    public_address: PublicAddressSaid | None = field(default_factory=PublicAddressSaid)
    bell: SignalSaid | None = None
    app: bool = False
    radio: RadioSaid | None = None
    runners: RunnersSaid | None = None
    panic_button: PanicButtonSaid | None = None
    direct_cue: bool = False
    initiation: InitiationSaid | None = None
    alert_ways: Mapping[AlertWayName, bool] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)


def communication_defaults() -> Mapping[str, tuple[Number, Sourced]]:
    """Return the numbers that come with the package, by table and key.

    Examples
    --------
    >>> communication_defaults()["announcement.times"][0]
    2.0
    >>> communication_defaults()["runner.speed_mps"][1].quality
    'read'
    """
    return sourced_numbers("communication_defaults.toml")
