"""How a scenario file says what changes while it runs: doors, and where staff send people."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from buildings import FilePart, Name, Seconds
from scenarios.scenario import EVERYONE, Direction, DoorChange, DoorState


def _list_of_places(value: Any) -> Any:
    if value == EVERYONE:
        return [EVERYONE]
    if isinstance(value, list):
        return value
    raise ValueError(f"should be {EVERYONE!r} or a list of zones and rooms (got {value!r})")


Places = Annotated[list[Name], Field(min_length=1, max_length=10_000)]
KnownTo = Annotated[Places, BeforeValidator(_list_of_places, json_schema_input_type=str | Places)]


class DoorFile(FilePart):
    """A door, exit or opening that changes while the scenario runs."""

    door: Name = Field(description="Portal id, or exterior door number.")
    at_s: Seconds = Field(
        default=0.0, description="When, in seconds from the start of the scenario."
    )
    state: DoorState = Field(
        description="open: people pass both ways, unless the plan says one_way; locked: people "
        "pass out, if the door opens from inside without a key; closed, blocked: nobody passes."
    )
    known_to: KnownTo | None = Field(
        default=None,
        description="everyone, or a list of zones and rooms whose people are told at once; without "
        "it only those know who see the door.",
    )

    def to_change(self) -> DoorChange:
        """Return the checked values."""
        told = None if self.known_to is None else tuple(self.known_to)
        return DoorChange(self.door, self.at_s, self.state, told or ())


class DirectionFile(FilePart):
    """Staff send the people of some rooms, or everybody inside, to an exit."""

    at_s: Seconds = Field(description="When, in seconds from the start of the scenario.")
    exit: Name = Field(
        description="Portal id or exterior door number; any: people choose for themselves again."
    )
    rooms: Places | None = Field(
        default=None,
        description="Zones and rooms whose people are told, whoever is there at that time; without "
        "it everybody who is still inside.",
    )

    def to_direction(self) -> Direction:
        """Return the checked values."""
        return Direction(self.at_s, self.exit, tuple(self.rooms or ()))
