"""The tables of a run folder, declared once: column, type, unit and meaning."""

from __future__ import annotations

from typing import Final

from scenarios.column import REPLICA, Column
from scenarios.protocol_columns import PROTOCOL_TABLES
from scenarios.summary import SHARES
from sim import EVENT_KINDS, FINAL_STATES, WAYS_OUT

FIRST_STATES: Final = 6
"""The final states from here on came later."""

TABLES: Final[dict[str, tuple[Column, ...]]] = {
    "replicas": (
        REPLICA,
        Column("end_s", "float64", "s", "time of the last thing that happened"),
        *(
            Column(f"clearance_{name}_s", "float64", "s", f"{share:.0%} of the people are out")
            for name, share in SHARES.items()
        ),
        Column("helpers_used", "int32", "people", "people called to help", later=True),
        Column("helpers_at_once", "int32", "people", "most on a task at a time", later=True),
        *(
            Column(state, "int32", "people", f"people who end {state}", later=code >= FIRST_STATES)
            for code, state in enumerate(FINAL_STATES)
        ),
    ),
    "people": (
        REPLICA,
        Column("person", "text", "-", "person id: room, role, number"),
        Column("role", "text", "-", "student, teacher, ..."),
        Column("profile", "text", "-", "mobility profile, unimpaired for most", later=True),
        Column("size", "int32", "places", "places taken up on the floor", later=True),
        Column("space", "text", "-", "space at the start"),
        Column("group", "text", "-", "class; null for none"),
        Column("speed_mps", "float64", "m/s", "free speed on the level"),
        Column("pre_movement_s", "float64", "s", "own delay between alarm and first step"),
        Column("started_s", "float64", "s", "first step"),
        Column("left_room_s", "float64", "s", "last time out of the space of the start"),
        Column("out_s", "float64", "s", "through the final exit"),
        Column("assembled_s", "float64", "s", "at the assembly area"),
        Column("exit", "text", "-", "portal of the final exit"),
        Column("final_state", "text", "-", "state at the end"),
        Column("queue_s", "float64", "s", "time waited at gates"),
        Column("walked_m", "float64", "m", "distance walked, stairs as level metres of equal time"),
    ),
    "doors": (
        REPLICA,
        Column(
            "gate",
            "text",
            "-",
            "portal, part of a wide opening (`P-12/2`), or cut inside a space",
        ),
        Column("side", "int32", "-", "0: people coming from the portal's `from`; 1: from its `to`"),
        Column("passed", "int32", "people", "people who passed from this side"),
        Column("peak_queue", "int32", "people", "most people waiting on this side"),
        Column("waiting", "int32", "people", "people who wait on this side at the end", later=True),
        Column("queue_person_s", "float64", "s", "time waited on this side by all together"),
        Column("first_s", "float64", "s", "first passage"),
        Column("last_s", "float64", "s", "last passage"),
    ),
    "rooms": (
        REPLICA,
        Column("space", "text", "-", "space that had people at the start"),
        Column("people", "int32", "people", "people at the start"),
        Column("clear_s", "float64", "s", "the last of them leaves it"),
    ),
    "groups": (
        REPLICA,
        Column("group", "text", "-", "class"),
        Column("released_s", "float64", "s", "sets off"),
        Column("assembled_s", "float64", "s", "complete at its assembly area"),
        Column("accounted_s", "float64", "s", "counted there"),
    ),
    "assistance": (
        REPLICA,
        Column("person", "text", "-", "person who needs help to leave"),
        Column("profile", "text", "-", "mobility profile"),
        Column("waits_from_s", "float64", "s", "begins to wait, in a refuge or where they were"),
        Column("help_s", "float64", "s", "all helpers are there, or the lift stands open"),
        Column("set_off_s", "float64", "s", "leaves with the helpers, or in the lift"),
        Column("out_s", "float64", "s", "through the final exit"),
        Column("way", "text", "-", ", ".join(WAYS_OUT)),
    ),
    "hazards": (
        REPLICA,
        Column("hazard", "int32", "-", "number of the hazard in the scenario, from 0"),
        Column("space", "text", "-", "space with people who know of it or are exposed to it"),
        Column("noticed_s", "float64", "s", "the people of the space know of it"),
        Column("reported_s", "float64", "s", "first reported, wherever that was"),
        Column("inside_person_s", "float64", "person s", "exposure: people in the region"),
        Column("in_sight_person_s", "float64", "person s", "exposure: in line of sight of it"),
    ),
    "helpers": (
        REPLICA,
        Column("helper", "text", "-", "person who was called to help"),
        Column("person", "text", "-", "person they help"),
        Column("called_s", "float64", "s", "called"),
        Column("arrived_s", "float64", "s", "there"),
        Column("done_s", "float64", "s", "both have gathered outside"),
    ),
    "responders": (
        REPLICA,
        Column("unit", "text", "-", "unit of responders"),
        Column("arrived_s", "float64", "s", "at the staging area; 0 on site"),
        Column("entered_s", "float64", "s", "the first of it inside its exterior door; 0 on site"),
        Column("at_room_s", "float64", "s", "all of it at the room it goes to"),
        Column("half_of_rooms_s", "float64", "s", "could be at any one of half of the rooms"),
        Column("most_rooms_s", "float64", "s", "could be at any one of 9 in 10 of the rooms"),
    ),
    "releases": (
        REPLICA,
        Column("space", "text", "-", "room that was to be released door to door"),
        Column("from_s", "float64", "s", "the release began"),
        Column("reached_s", "float64", "s", "a unit or team had found its door"),
        Column("released_s", "float64", "s", "released"),
    ),
    "events": (
        REPLICA,
        Column("time_s", "float64", "s", "time of the event"),
        Column("kind", "text", "-", ", ".join(EVENT_KINDS)),
        Column("person", "int32", "-", "row of the person, from 0; responders come last"),
        Column(
            "subject",
            "int32",
            "-",
            "cell (start, no_route, board, alight), side of a gate (queue, "
            "pass, turn), place (place) or person (join, part)",
        ),
    ),
    "occupancy": (
        REPLICA,
        Column("time_s", "float64", "s", "time from which the number holds"),
        Column("space", "text", "-", "space"),
        Column("people", "int32", "people", "people in it"),
    ),
    **PROTOCOL_TABLES,
}
"""Times that were never reached are null. helpers, events and occupancy hold the kept replicas
only. Tables whose name begins with ``protocol_`` are written where actions are announced."""
