"""How observations, places and numbers are called in reports: plain words, minutes and seconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from buildings import Plan
from debrief.drill_log import Observation
from debrief.figures import clock

EVENT_WORDS: Final = {
    "exit_first": "first person out",
    "exit_last": "last person out",
    "exit_count": "counted out",
    "room_clear": "room empty",
    "assembly_arrive": "class complete at assembly",
    "accounted": "accounted for",
    "alert_raised": "alarm raised",
    "announce_start": "announcement starts",
    "announce_end": "announcement ends",
    "perceived": "announcement heard",
    "all_clear": "all clear",
    "door_closed": "door closed",
    "door_locked": "door locked",
    "lights_off": "lights out",
    "out_of_sight": "out of sight",
    "room_secured": "room secured",
    "door_check": "door checked",
    "room_released": "room released",
    "problem": "problem noted",
    "assembly_count": "head count at assembly",
    "missing_reported": "somebody reported missing",
    "missing_resolved": "missing person found",
}


def event_words(observation: Observation) -> str:
    """Return what was observed: "64 people counted out"."""
    words = EVENT_WORDS.get(observation.event, observation.event.replace("_", " "))
    if observation.event == "exit_count" and observation.count is not None:
        return f"{observation.count} people counted out"
    return words


def place_words(plan: Plan, observation: Observation) -> str:
    """Return where it was observed: "room 104", "exit 3", "whole building"."""
    place = observation.place
    if place.kind == "room":
        space = plan.spaces[place.id]
        words = f"room {space.number}" if space.number else (space.name or space.id)
    elif place.kind == "assembly":
        words = plan.spaces[place.id].name or place.label
    else:
        words = place.label or "not said"
    return f"{words} ({observation.group_id})" if observation.group_id else words


def observed_words(observation: Observation) -> str:
    """Return the time as observed, with what its bounds mean."""
    if not observation.has_time:
        return "not timed"
    if observation.is_exact:
        return clock(observation.t_s)
    if math.isinf(observation.t_hi_s):
        return f"after {clock(observation.t_lo_s)}"
    if observation.t_lo_s == 0.0:
        return f"by {clock(observation.t_hi_s)}"
    return f"{clock(observation.t_lo_s)} to {clock(observation.t_hi_s)}"


def between(interval: Sequence[float | None]) -> str:
    """Return an interval of times: "1:03 to 1:15"."""
    low, high = (math.inf if value is None else value for value in interval)
    return clock(low) if low == high else f"{clock(low)} to {clock(high)}"


def time_of(value: float | None) -> str:
    """Return a time that may never be reached."""
    return "never" if value is None else clock(value)


def percent_later(factor: float) -> str:
    """Return a factor as words.

    Examples
    --------
    >>> percent_later(1.352), percent_later(0.9), percent_later(1.004)
    ('35 % later', '10 % earlier', 'neither later nor earlier')
    """
    change = round(100 * (factor - 1))
    if change == 0:
        return "neither later nor earlier"
    return f"{abs(change)} % {'later' if change > 0 else 'earlier'}"
