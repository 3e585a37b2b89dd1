"""Who comes to help or goes from room to room: units, how they get in, teams for a release."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Distribution

Flags = NDArray[np.bool_]

AccessMethod: TypeAlias = Literal["key", "fob", "remote", "opened_inside", "none"]
"""How a unit gets through a locked exterior door: with a key or a fob, by a release in the office,
by somebody who opens from inside, or not at all until another unit has opened it."""

AfterRelease: TypeAlias = Literal["escort", "stay"]

RESPONDER: Final = "responder"
"""The role of people who come from outside to help; they are occupants in no count."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A number of responders who arrive, wait, enter and walk together.

    Attributes
    ----------
    name : str
    people : tuple of int
        Rows of the roster, outdoors at the staging area or, on site, in a room.
    travel_s : Distribution
        From the dispatch until the unit is at its staging area; of no meaning on site.
    on_site : bool
        Whether the unit is in the building from the start.
    entry_gate, entry_slot : int
        Exterior door by which it enters and the standing place just inside; -1: it stays in the
        staging area, or is on site.
    access : str
        An `AccessMethod`.
    access_s : Distribution, optional
        From standing at the locked door until it is open; None for the method "none".
    find_door_s : Distribution
        From the staging area: to find the door, whatever the walk takes.
    keys : bool
        Whether the unit has a key to the rooms.
    goes_to : int
        Space that it goes to once it is inside; -1 for none.
    inner_doors : tuple of (int, int)
        Locked doors behind the exterior one, as those of a vestibule, which it opens in the same
        way: gate, and the standing place beyond it.
    """

    name: str
    people: tuple[int, ...]
    travel_s: Distribution
    on_site: bool
    entry_gate: int
    entry_slot: int
    access: AccessMethod
    access_s: Distribution | None
    find_door_s: Distribution
    keys: bool
    goes_to: int = -1
    inner_doors: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if not self.people:
            raise ValueError(f"unit {self.name!r}: expected at least one person")
        if (self.access_s is None) != (self.access == "none"):
            raise ValueError(
                f"unit {self.name!r}: a time of access belongs to every method but none"
            )


@dataclass(frozen=True, slots=True)
class ReleaseTeam:
    """People who go from room to room: a unit of responders, or staff in a drill.

    Attributes
    ----------
    people : tuple of int
        Rows of the roster.
    keys : bool
        Whether the team has a key to the rooms; without one it fetches one at the first locked one.
    unit : int
        Index of the unit; -1 for staff, who are there when the release begins.
    """

    people: tuple[int, ...]
    keys: bool
    unit: int = -1


@dataclass(frozen=True, slots=True)
class DoorToDoor:
    """How rooms are released one after the other.

    Attributes
    ----------
    teams : tuple of ReleaseTeam
        They share one list of rooms.
    order : tuple of int
        Spaces in the order in which they are released; of those that are not named, and where none
        is, each team takes the nearest next.
    then : {"escort", "stay"}
        Whether the people of a released room walk out to their assembly area, or stay and go on
        with the day.
    """

    teams: tuple[ReleaseTeam, ...]
    order: tuple[int, ...] = ()
    then: AfterRelease = "escort"

    def __post_init__(self) -> None:
        if not self.teams:
            raise ValueError("door to door: expected at least one team")


@dataclass(frozen=True, slots=True, eq=False)
class Responders:
    """What is decided about those who come to help, before an incident begins.

    Attributes
    ----------
    units : tuple of Unit
    dispatched_s : float, optional
        When units are sent, in seconds from the start of the scenario, inf: never; None: when the
        alert of the communication has reached the dispatcher.
    door_slots : mapping of space to tuple of int
        Standing places before the doors of each room, one for each door that leads indoors; for a
        room without such a door a place inside it.
    numbered : ndarray of bool, shape (S',)
        Whether each space bears a number.
    find_room_s : tuple of Distribution
        To find a room without a number, and with one, whatever the walk takes.
    knock_s : Distribution
        To knock, say who is there and be understood.
    fetch_key_s : Distribution
        Until a team without a key has one, from when it stands before the first locked room.
    release : DoorToDoor, optional
        How rooms are released door to door; None where no timeline asks for it.
    kept_free : mapping of gate to float
        Exterior doors kept for those who come in, and from when on nobody else uses them.
    """

    units: tuple[Unit, ...]
    dispatched_s: float | None
    door_slots: Mapping[int, tuple[int, ...]]
    numbered: Flags
    find_room_s: tuple[Distribution, Distribution]
    knock_s: Distribution
    fetch_key_s: Distribution
    release: DoorToDoor | None = None
    kept_free: Mapping[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.dispatched_s is not None and not self.dispatched_s >= 0:
            raise ValueError(f"dispatched_s must be >= 0 (inf: never), got {self.dispatched_s}")
        if any(not (math.isfinite(at_s) and at_s >= 0) for at_s in self.kept_free.values()):
            raise ValueError("kept_free: times must be finite and >= 0")

    def slots(self) -> list[int]:
        """Return every standing place to which somebody may be sent, ascending, each once."""
        entries = [unit.entry_slot for unit in self.units if unit.entry_slot >= 0]
        entries += [slot for unit in self.units for _, slot in unit.inner_doors]
        return sorted({*entries, *(slot for own in self.door_slots.values() for slot in own)})
