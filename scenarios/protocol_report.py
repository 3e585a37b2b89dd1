"""What a person reads first after a lockdown was run: rooms secured by when, which are not and why.

The same words serve a hold or a secure, where rooms settle instead of being secured.
"""

from __future__ import annotations

from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from scenarios.protocol_endings import ending_words
from scenarios.protocol_shelter import shelter_parts
from scenarios.report_table import report_table
from scenarios.run_words import between, minutes, number_between
from scenarios.scenario import Scenario
from scenarios.unsecured_rooms import WORDS

ROOMS_SHOWN: Final = 15
PLACES: Final = {
    "room": "rooms",
    "large_room": "gym, cafeteria, library",
    "restroom": "restrooms",
    "hall": "halls, stairs",
    "other": "elsewhere",
}
"""Kinds of place in words."""
SHARES: Final = {"p50": "half of the rooms", "p90": "90 % of the rooms", "p100": "all rooms"}
SIGHT_NOTE: Final = "Out of sight means line of sight only; it says nothing about protection."


def step_words(scenario: Scenario) -> list[str]:
    """Return a line for each step that is announced: ``0:00 lockdown in 101, west``."""
    lines = []
    for step in scenario.protocol.timeline:
        where = f" in {', '.join(step.rooms)}" if step.rooms else ""
        alarm = "" if step.to_leave else ", the alarm only"
        against = f" against {step.against.replace('_', ' ')}" if step.against else ""
        lines.append(f"{minutes(step.at_s)} {step.action}{against}{where}{alarm}")
    return lines


def protocol_report(summary: dict[str, Any]) -> list[Table | str]:
    """Return the tables and lines of a run with announced actions.

    Parameters
    ----------
    summary : dict
        The part ``protocol`` of what `summarize` returned.
    """
    shelter = [] if summary["shelter"] is None else shelter_parts(summary["shelter"])
    if summary["aim"] is None:
        return [*shelter, *map(escape, ending_words(summary)), _states(summary)]
    parts: list[Table | str] = [_done_table(summary), _share_table(summary)]
    if summary["not_done"]:
        parts.append(_reason_table(summary))
    if summary["aim"] == "lockdown":
        parts.append(_stranded_table(summary))
    return [*parts, *shelter, *_lines(summary), _room_table(summary)]


def done_word(summary: dict[str, Any]) -> str:
    """Return what rooms come to: secured in a lockdown, settled in a hold or secure."""
    return "secured" if summary["aim"] == "lockdown" else "settled"


def reason_rows(summary: dict[str, Any]) -> list[tuple[str, str]]:
    """Return why rooms are not done, the most frequent first, and how many they are."""
    rows = summary["not_done"]
    order = sorted(rows, key=lambda reason: (-rows[reason]["mean"], reason))
    return [(WORDS[reason], number_between(rows[reason], digits=2)) for reason in order]


def room_rows(summary: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the rooms, those that are done least often first: name, people, when, how often, why.

    Every row has: room, people, median time, share of the replicas, seconds in sight, reason.
    """
    rooms = summary["per_room"]

    def order(space: str) -> tuple[float, float, str]:
        median = rooms[space]["done_s"]["median"]
        return rooms[space]["done"], -(median or 0.0), space

    return [
        (
            _called(space, rooms[space]["number"]),
            f"{rooms[space]['people']}",
            minutes(rooms[space]["done_s"]["median"]),
            f"{rooms[space]['done']:.0%}",
            f"{rooms[space]['in_sight_s']:.0f} s",
            why(rooms[space]),
        )
        for space in sorted(rooms, key=order)
    ]


def _called(space: str, number: str | None) -> str:
    return space if number in (None, space) else f"{number} ({space})"


def why(room: dict[str, Any]) -> str:
    """Return the main reason for which a room is not done, in words; empty where it always is."""
    if room["reason"] is None:
        return ""
    words = WORDS[room["reason"]]
    if room["shortfall"]:
        fits = f"places out of sight for {room['places_out_of_sight']} of {room['people']}"
        words = fits if room["reason"] == "in_sight" else f"{words}; {fits}"
    return words if len(room["reasons"]) == 1 else f"{words}; others too"


def _done_table(summary: dict[str, Any]) -> Table:
    rooms = f"rooms of {summary['rooms']['mean']:.0f}"
    title = f"Rooms {done_word(summary)} after the announcement"
    table = report_table(title, "", rooms, "share of rooms", "of the people in them")
    for entry in summary["done_by"]:
        table.add_row(
            f"by {minutes(entry['at_s'])}",
            number_between(entry["rooms"]),
            f"{entry['share_of_rooms']['mean']:.0%}",
            f"{entry['share_of_people']['mean']:.0%}",
        )
    return table


def _share_table(summary: dict[str, Any]) -> Table:
    title = f"Time until rooms are {done_word(summary)}"
    table = report_table(title, "", "median", "central 90 %")
    for share, words in SHARES.items():
        entry = summary["time_to_share_s"][share]
        table.add_row(words, minutes(entry["median"]), between(entry["interval"]))
    return table


def _reason_table(summary: dict[str, Any]) -> Table:
    word = done_word(summary)
    table = report_table(f"Rooms that are not {word}, and why", "", "rooms on average")
    for words, number in reason_rows(summary):
        table.add_row(words, number)
    return table


def stranded_rows(summary: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return people who are neither in a room that is done nor outside, by place and time."""
    marks = summary["stranded"]
    rows = [
        (words, *(f"{entry['by_place'][kind]:.1f}" for entry in marks))
        for kind, words in PLACES.items()
        if any(entry["by_place"][kind] for entry in marks)
    ]
    together = [f"{entry['people']['mean']:.1f}" for entry in marks]
    spans = ["{:.0f} to {:.0f}".format(*entry["people"]["interval"]) for entry in marks]
    return [*rows, ("all together", *together), ("central 90 %", *spans)]


def _stranded_table(summary: dict[str, Any]) -> Table:
    marks = [f"at {minutes(entry['at_s'])}" for entry in summary["stranded"]]
    title = f"People neither in a {done_word(summary)} room nor outside"
    table = report_table(title, "", *marks)
    for row in stranded_rows(summary):
        table.add_row(*row)
    return table


def line_words(summary: dict[str, Any]) -> list[str]:
    """Return what is said in sentences: halls, sight, believed locked, who never hears, alert."""
    clearance, sight = summary["hall_clearance_s"], summary["in_sight"]
    lines = [
        f"Halls clear of everybody but staff: {minutes(clearance['median'])} "
        f"({between(clearance['interval'])})."
    ]
    if sight is not None:
        lines.append(
            f"In sight in the first {minutes(sight['until_s'])}: "
            f"{number_between(sight['per_person_s'])} seconds a person; "
            f"{sight['never']['mean']:.0%} of the people never. {SIGHT_NOTE}"
        )
        believed = summary["believed_locked"]
        lines.append(f"Believed locked but not locked: {number_between(believed, digits=2)} rooms.")
    doors = summary["exterior_doors"]
    if doors is not None:
        last = doors["last_s"]
        lines.append(
            f"Exterior doors locked: {number_between(doors['locked'])} of {doors['number']}, the "
            f"last {minutes(last['median'])} ({between(last['interval'])}) after the secure."
        )
    silent = summary["latency"]["rooms_never_hear"]
    if silent["mean"]:
        lines.append(f"Rooms that never hear it: {number_between(silent, digits=2)}.")
    alert = summary["alert"]
    if alert is not None:
        lines.append(
            f"Dispatcher alerted {minutes(alert['alerted_s']['median'])}, units sent "
            f"{minutes(alert['sent_s']['median'])} after the start."
        )
    return [*lines, *ending_words(summary)]


def _lines(summary: dict[str, Any]) -> list[str]:
    return [escape(line) for line in line_words(summary)]


def _room_table(summary: dict[str, Any]) -> Table:
    word, lockdown = done_word(summary), summary["aim"] == "lockdown"
    sight = ("in sight",) if lockdown else ()
    heads = ("", "people", word, "of runs", *sight, "why not")
    title = f"Rooms, the least often {word} first"
    title += "; in sight: seconds a person" if lockdown else ""
    table = report_table(title, *heads, words=("why not",))
    rows = room_rows(summary)
    if not lockdown:
        rows = [(*row[:4], row[5]) for row in rows]
    for row in rows[:ROOMS_SHOWN]:
        table.add_row(*(escape(cell) for cell in row))
    if len(rows) > ROOMS_SHOWN:
        table.caption = f"and {len(rows) - ROOMS_SHOWN} more in summary.json"
        table.caption_justify = "left"
    return table


def _states(summary: dict[str, Any]) -> str:
    states = ", ".join(
        f"{round(n, 1):g} {state.replace('_', ' ')}"
        for state, n in summary["people_states"].items()
    )
    return escape(f"At the end, on average: {states}.")
