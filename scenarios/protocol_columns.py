"""The tables of a run with announced actions: rooms, doors, people, announcements, states."""

from __future__ import annotations

from typing import Final

from scenarios.column import REPLICA, Column
from sim import protocols

_SPACE: Final = Column("space", "text", "-", "space")


def _states(kind: type[protocols.RoomState | protocols.DoorState | protocols.PersonState]) -> str:
    return "state at the end: " + ", ".join(state.name.lower() for state in kind)


PROTOCOL_TABLES: Final[dict[str, tuple[Column, ...]]] = {
    "protocol_spaces": (
        _SPACE,
        Column("is_room", "int32", "-", "1 where people stay there behind doors"),
        Column("meant", "int32", "-", "1 where the lockdown (or the hold, secure) concerns it"),
        Column("people", "int32", "people", "people at the start"),
        Column("capacity_low", "int32", "people", "places out of sight, roomy area per person"),
        Column("capacity_high", "int32", "people", "places out of sight, tight area per person"),
        Column("places", "int32", "people", "places out of sight that this run goes by"),
        Column("can_close", "int32", "-", "1 where every way in has a door"),
        Column("no_lock", "int32", "-", "1 where a door has no lock, or none that is known"),
        Column("place_kind", "text", "-", ", ".join(protocols.PLACE_KINDS)),
    ),
    "protocol_rooms": (
        REPLICA,
        _SPACE,
        Column("occupied", "int32", "-", "1 with people in it when the first step is announced"),
        Column("heard_s", "float64", "s", "the announcement is heard"),
        Column("recognised_s", "float64", "s", "its people begin to act"),
        Column("closed_s", "float64", "s", "every door is closed"),
        Column("locked_s", "float64", "s", "every door is locked"),
        Column("believed_locked_s", "float64", "s", "its people think that every door is locked"),
        Column("dark_s", "float64", "s", "lights out"),
        Column("covered_s", "float64", "s", "covers drawn"),
        Column("out_of_sight_s", "float64", "s", "everybody out of sight"),
        Column("quiet_s", "float64", "s", "silent"),
        Column("secured_s", "float64", "s", "locked, dark, out of sight and quiet"),
        Column("unsecured_s", "float64", "s", "the end of a lockdown that falls short of it"),
        Column("left_s", "float64", "s", "its people set off out of the building"),
        Column("empty_s", "float64", "s", "the last of them is out of the room"),
        Column("released_s", "float64", "s", "released"),
        Column("settled_s", "float64", "s", "the end of a hold or secure"),
        Column("no_key_s", "float64", "s", "somebody stands at a door without the key to it"),
        Column("sealed_s", "float64", "s", "sealed against what is outside", later=True),
        Column("area_full_s", "float64", "s", "full, as a refuge area", later=True),
        Column("state", "text", "-", _states(protocols.RoomState)),
        Column("visible", "int32", "people", "people in it at the end who can be seen"),
    ),
    "protocol_doors": (
        REPLICA,
        Column("gate", "text", "-", "portal, or the cut between two pieces of a space"),
        Column("locked_s", "float64", "s", "first locked; 0 where it is at the start"),
        Column("state", "text", "-", _states(protocols.DoorState)),
    ),
    "protocol_people": (
        REPLICA,
        Column("person", "text", "-", "person id"),
        Column("caught_s", "float64", "s", "first finds no room to go into"),
        Column("in_room_s", "float64", "s", "first in the room they stay in"),
        Column("in_room", "text", "-", "that room; null without one"),
        Column("in_sight_s", "float64", "s", "seconds in sight after the first lockdown"),
        Column("sheltered_s", "float64", "s", "in shelter since", later=True),
        Column("without_place_s", "float64", "s", "finds no place in a refuge area", later=True),
        Column("shelter_space", "text", "-", "space of that shelter; null without", later=True),
        Column("relocating_s", "float64", "s", "departs from the campus", later=True),
        Column("at_site_s", "float64", "s", "at the site away from campus", later=True),
        Column("handed_over_s", "float64", "s", "with the family", later=True),
        Column("referred_s", "float64", "s", "in the care of the private desk", later=True),
        Column("state", "text", "-", _states(protocols.PersonState)),
    ),
    "protocol_steps": (
        REPLICA,
        Column("step", "int32", "-", "step of the timeline, from 0"),
        Column("action", "text", "-", "what is announced"),
        Column("announced_s", "float64", "s", "what times are counted from; null: it never is"),
    ),
    "protocol_replicas": (
        REPLICA,
        Column("alerted_s", "float64", "s", "the dispatcher is alerted"),
        Column("answered_s", "float64", "s", "the call is answered"),
        Column("sent_s", "float64", "s", "units are sent"),
        Column("all_accounted_s", "float64", "s", "every class reported, every missing resolved"),
        Column("false_missing", "int32", "people", "reported missing who stood there"),
        Column("hidden", "int32", "people", "counted as present who were nowhere known of"),
        Column("all_present_false_s", "float64", "s", "for how long 'all present' was false"),
        Column("ventilation_off_s", "float64", "s", "the ventilation is off", later=True),
    ),
    "protocol_changes": (
        REPLICA,
        Column("time_s", "float64", "s", "time of the change"),
        Column("of", "text", "-", "room, door or person"),
        Column("entity", "text", "-", "space, gate or person id"),
        Column("state", "text", "-", "state from then on"),
    ),
}
"""protocol_spaces has one row for each space, the others one for each replica and space, gate or
person; protocol_changes holds the kept replicas only."""
