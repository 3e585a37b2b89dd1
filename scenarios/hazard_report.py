"""Hazards as a person reads them after a run: where and when, who knew, and exposure."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Table

from scenarios.hazard_said import HazardSaid
from scenarios.run_words import minutes

ROOMS_NAMED = 3
"""Rooms that a line of the table names (ours)."""


def hazard_words(said: HazardSaid) -> str:
    """Return one hazard in words.

    Examples
    --------
    >>> hazard_words(HazardSaid("smoke", 30.0, 400.0, spaces=("S-C1", "west")))
    'Hazard: smoke in S-C1, west from 0:30 to 6:40'
    >>> hazard_words(HazardSaid("water", 0.0, float("inf"), outline=((0.0, 0.0),), level="L1"))
    'Hazard: water in a polygon on level L1 from 0:00 to the end'
    """
    where = ", ".join(said.spaces) or f"a polygon on level {said.level}"
    until = "the end" if said.until_s == float("inf") else minutes(said.until_s)
    return f"Hazard: {said.kind} in {where} from {minutes(said.from_s)} to {until}"


def hazard_table(hazards: list[dict[str, Any]]) -> Table:
    """Return who knew of each hazard when, and exposure, most first among rooms.

    Parameters
    ----------
    hazards : list of dict
        As in ``summary.json``.
    """
    table = Table(title="Hazards", title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    for head in ("noticed", "reported", "exposure", "of it inside"):
        table.add_column(head, justify="right")
    table.add_column("most in")
    for hazard in hazards:
        rooms = hazard["rooms"]
        most = sorted(rooms, key=lambda room: (-rooms[room]["median"], room))
        named = [f"{room} {_person_minutes(rooms[room])}" for room in most[:ROOMS_NAMED]]
        table.add_row(
            escape(hazard["kind"]),
            _when(hazard["first_noticed_s"]),
            _when(hazard["reported_s"]),
            _person_minutes(hazard["exposure_person_s"]),
            _person_minutes(hazard["inside_person_s"]),
            escape(", ".join(named)),
        )
    table.caption = "exposure in person-minutes: in the region, or in sight of an opening to it"
    table.caption_justify = "left"
    return table


def _when(timing: dict[str, Any]) -> str:
    return "no" if timing["median"] is None else minutes(timing["median"])


def _person_minutes(amount: dict[str, Any]) -> str:
    return f"{amount['median'] / 60.0:.1f}"
