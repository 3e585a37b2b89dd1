"""What a scenario says of announced actions, and what holds where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

from scenarios.population_defaults import Sourced
from scenarios.sourced_numbers import Number, sourced_numbers
from sim.protocols import Relocation

ActionName: TypeAlias = Literal[
    "hold", "secure", "lockdown", "evacuate", "shelter", "release", "relocate", "reunify"
]
LockName: TypeAlias = Literal[
    "thumbturn_inside", "push_button", "key_inside", "key_outside", "card", "remote", "automatic"
]
ResponseName: TypeAlias = Literal["traditional", "options"]
ReleasedBy: TypeAlias = Literal["announcement", "door_to_door"]
Against: TypeAlias = Literal["weather", "hazardous_material", "earthquake"]

LOCKS: Final[tuple[LockName, ...]] = get_args(LockName)
NEED_KEYS: Final[frozenset[LockName]] = frozenset({"key_inside", "key_outside", "card"})
"""Locks that nobody locks without a key or card."""


@dataclass(frozen=True, slots=True)
class DirectiveSaid:
    """One step of the timeline, as the file says it.

    Attributes
    ----------
    at_s : float
    action : str
    rooms : tuple of str
        Zones and rooms that are meant; empty: everybody.
    released_by : {"announcement", "door_to_door"}
    against : str or None
        What a shelter is against.
    to_leave : bool
        Whether an evacuation is announced in words; else a fire alarm just sounds.
    after_report : bool
        Whether ``at_s`` is counted from the first report of a hazard.
    lasts_s : float or None
        How long an earthquake lasts; None: the default.
    relocation : Relocation or None
        Where people relocate to, and how.
    """

    at_s: float
    action: ActionName
    rooms: tuple[str, ...] = ()
    released_by: ReleasedBy = "announcement"
    against: Against | None = None
    to_leave: bool = True
    after_report: bool = False
    lasts_s: float | None = None
    relocation: Relocation | None = None


@dataclass(frozen=True, slots=True)
class ShelterSaid:
    """Refuge areas as the file names them, and the warning lead time it asks about."""

    areas: tuple[str, ...] = ()
    lead_s: float | None = None


@dataclass(frozen=True, slots=True)
class ProtocolSaid:
    """What a scenario says of announced actions.

    Attributes
    ----------
    timeline : tuple of DirectiveSaid
        In order of time; empty for a plain evacuation.
    heard_everywhere_s : float
        Delay of an announcement where neither zone nor space says otherwise.
    heard_in_zones_s, heard_in_spaces_s : mapping to seconds
    heard_outdoors_s : float
        inf where nobody hears it outdoors.
    silent_spaces_hear : bool
        Whether places without public address in the plan hear it all the same.
    response : {"traditional", "options"}
    covers_drawn, crowded : bool
    door_crew : tuple of str
        Roles of those who lock exterior doors.
    shelter : ShelterSaid
        Where people shelter from weather.
    numbers : mapping of "table.key" to number, over the defaults
    """

    timeline: tuple[DirectiveSaid, ...] = ()
    heard_everywhere_s: float = 0.0
    heard_in_zones_s: Mapping[str, float] = field(default_factory=dict)
    heard_in_spaces_s: Mapping[str, float] = field(default_factory=dict)
    heard_outdoors_s: float = 0.0
    silent_spaces_hear: bool = False
    response: ResponseName = "traditional"
    covers_drawn: bool = True
    crowded: bool = False
    door_crew: tuple[str, ...] = ("office",)
    shelter: ShelterSaid = ShelterSaid()
    numbers: Mapping[str, Number] = field(default_factory=dict)


def protocol_defaults() -> Mapping[str, tuple[Number, Sourced]]:
    """Return every number of ``protocol_defaults.toml`` with its source, by "table.key".

    Examples
    --------
    >>> protocol_defaults()["doors.room_tries"][0]
    3.0
    """
    return sourced_numbers("protocol_defaults.toml")
