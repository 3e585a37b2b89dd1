"""Show when units came in, and when rooms were released, on a terminal."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Table

from scenarios.run_words import minutes


def responder_table(responders: dict[str, Any]) -> Table:
    """Return a table of units, with the release from room to room below it.

    Parameters
    ----------
    responders : dict
        What ``summary.json`` says of them.
    """
    table = Table(title="Responders", title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    for head in ("arrived", "entered", "at room", "half of rooms", "9 in 10 rooms"):
        table.add_column(head, justify="right")
    for name, unit in responders["units"].items():
        to = f" to {unit['goes_to']}" if unit["goes_to"] else ""
        where = ", on site" if unit["on_site"] else ""
        shown = [
            minutes(unit[key]["median"]) if unit[key]["median"] is not None else "-"
            for key in ("arrived_s", "entered_s", "at_room_s", "half_of_rooms_s", "most_rooms_s")
        ]
        table.add_row(escape(f"{name} ({unit['people']}){where}{to}"), *shown)
    table.caption = _release(responders)
    table.caption_justify = "left"
    return table


def _release(responders: dict[str, Any]) -> str | None:
    """Say how the release went; None without one."""
    if not responders["rooms_to_release"]:
        return None
    last = responders["last_release_s"]
    done, asked = responders["rooms_released"], responders["rooms_to_release"]
    rate = responders["rooms_per_minute"]["mean"]
    words = f"{done:.1f} of {asked:.1f} rooms released door to door, {rate:.1f} a minute"
    if last["median"] is None:
        return f"{words}; not all of them in most replicas"
    low, high = (minutes(end) for end in last["interval"])
    return f"{words}, the last at {minutes(last['median'])} ({low} to {high})"
