"""Rooms of a lockdown, hold or secure: what was seen of them, and what simulated drills show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from debrief.drill_log import Event, Observation
from scenarios import Ensemble, ProtocolOutcome, central_interval
from sim.protocols import MARKS_S, BoundedTimes, Measure, over_places, secured_time, share_by

Floats = NDArray[np.float64]

ROOM_FIELDS: Final = {
    "perceived": "room_heard_s",
    "door_closed": "room_closed_s",
    "door_locked": "room_locked_s",
    "lights_off": "room_dark_s",
    "out_of_sight": "room_out_of_sight_s",
    "room_secured": "room_secured_s",
    "room_released": "room_released_s",
}
"""Events of a room that a simulation with announced actions knows, and its times of them."""

CHECKED: Final[Mapping[str, Event]] = {"locked": "door_locked", "secured": "room_secured"}
"""What a door check may say of a room (``locked=yes``), and the event that it bounds."""


def checked(observation: Observation) -> Observation:
    """Return what a door check says about the time of an event, as a bound.

    ``locked=yes`` or ``secured=yes`` in its state: it had happened by then; ``no``: not yet. A
    check is no time of locking. Others, and checks that say neither, come back as they are.

    Examples
    --------
    >>> from debrief.drill_log import Place
    >>> check = Observation("o1", "door_check", Place("room", "S-101", "101"), 174.0, 174.0,
    ...     "none", state="locked=yes; lights=off")
    >>> found = checked(check)
    >>> found.event, found.t_lo_s, found.t_hi_s, found.censor
    ('door_locked', 0.0, 174.0, 'left')
    """
    if observation.event != "door_check" or not observation.has_time:
        return observation
    said = _said(observation)
    for key in ("secured", "locked"):
        if said.get(key) == "yes" and math.isfinite(observation.t_hi_s):
            return replace(observation, event=CHECKED[key], t_lo_s=0.0, censor="left")
        if said.get(key) == "no":
            at_s = observation.t_lo_s if observation.is_exact else observation.t_hi_s
            if math.isfinite(at_s):
                return replace(
                    observation, event=CHECKED[key], t_lo_s=at_s, t_hi_s=math.inf, censor="right"
                )
    return observation


def _said(observation: Observation) -> dict[str, str]:
    parts = (part.partition("=") for part in (observation.state or "").split(";"))
    return {key.strip().lower(): value.strip().lower() for key, _, value in parts}


def room_times(ensemble: Ensemble, observation: Observation) -> Floats | None:
    """Return when an event of a room happens in each replica, in seconds after T0.

    Parameters
    ----------
    ensemble : Ensemble
        With announced actions.
    observation : Observation
        Of one of `ROOM_FIELDS`, in a room, at a door, or for the whole building: then when the
        last of the rooms that count is done.

    Returns
    -------
    ndarray, shape (R,), or None
        inf where it never happens; None where the simulation has no such event there.
    """
    outcome = ensemble.protocol
    name = ROOM_FIELDS.get(observation.event)
    if outcome is None or name is None:
        return None
    place, compiled = observation.place, ensemble.compiled
    times: Floats = getattr(outcome.times, name) - outcome.zero_s[:, None]
    if place.kind == "building":
        rows = np.where(outcome.counted, times, -np.inf).max(axis=1)
        return np.where(np.isfinite(rows) | (rows > 0), rows, np.inf)
    if place.kind == "door" and observation.event == "door_locked":
        if place.id not in compiled.gate_ids:
            return None
        locked = outcome.times.door_locked_s[:, compiled.gate_index(place.id)]
        return np.asarray(locked - outcome.zero_s)
    if place.kind != "room" or place.id not in compiled.space_ids:
        return None
    space = compiled.space_index(place.id)
    return None if not outcome.counted[:, space].any() else np.asarray(times[:, space])


@dataclass(frozen=True, slots=True)
class SharesSecured:
    """How many rooms are secured by a time after T0, observed and simulated.

    Attributes
    ----------
    at_s : float
    observed : Measure
        Share of the rooms, within its bounds.
    simulated_mean, simulated_low, simulated_high : float
        Of the same rooms, over the replicas: mean and central 90 %.
    """

    at_s: float
    observed: Measure
    simulated_mean: float
    simulated_low: float
    simulated_high: float


def observed_rooms(observations: Sequence[Observation], rooms: Sequence[str]) -> BoundedTimes:
    """Return when each of some rooms was secured, as far as a log says.

    A time of ``room_secured`` comes first; else the latest of ``door_locked``, ``lights_off`` and
    ``out_of_sight``, where a part that nobody timed leaves a lower bound. Door checks bound it.
    Observations that were set aside do not count.

    Parameters
    ----------
    observations : sequence of Observation
    rooms : sequence of str
        Space ids.

    Returns
    -------
    BoundedTimes
        Shape (len(rooms),); missing where nothing is known.
    """
    seen: dict[tuple[str, str], Observation] = {}
    secured_by = dict.fromkeys(rooms, math.inf)
    not_by = dict.fromkeys(rooms, math.nan)
    for raw in observations:
        one = checked(raw)
        if not one.has_time or one.quality == "excluded" or one.place.id not in secured_by:
            continue
        if raw.event != "door_check":
            seen[one.place.id, one.event] = one
        elif one.event == "room_secured" and one.censor == "left":
            secured_by[one.place.id] = min(secured_by[one.place.id], one.t_hi_s)
        elif one.censor == "right":
            not_by[one.place.id] = float(np.fmax(not_by[one.place.id], one.t_lo_s))

    def times(event: str) -> BoundedTimes:
        found = [seen.get((room, event)) for room in rooms]
        low = [math.nan if one is None else one.t_lo_s for one in found]
        return BoundedTimes(low, [math.nan if one is None else one.t_hi_s for one in found])

    seen_by = np.array([secured_by[room] for room in rooms])
    not_yet = np.array([not_by[room] for room in rooms])
    parts = secured_time(
        times("door_locked"), times("lights_off"), times("out_of_sight"),
        seen_secured_by_s=seen_by,
        unsecured_at_s=np.where(np.isinf(seen_by), not_yet, np.nan),
    )  # fmt: skip
    later = np.where(not_yet <= parts.hi_s, np.fmax(parts.lo_s, not_yet), parts.lo_s)
    whole = times("room_secured")
    return BoundedTimes(
        np.where(whole.is_missing, later, whole.lo_s),
        np.where(whole.is_missing, parts.hi_s, whole.hi_s),
    )


def shares_secured(
    ensemble: Ensemble, observations: Sequence[Observation], *, t0: str
) -> tuple[SharesSecured, ...]:
    """Return the share of rooms secured by each of `MARKS_S`, observed and simulated.

    The rooms are those that count in the simulation; one that nobody looked at is missing, and
    widens the bounds. Empty without a simulated lockdown, or where no room was looked at.
    """
    outcome = ensemble.protocol
    if outcome is None or not outcome.is_lockdown:
        return ()
    rows = np.flatnonzero(outcome.counted.any(axis=0))
    ids = [ensemble.compiled.space_ids[int(row)] for row in rows]
    times = observed_rooms(observations, ids)
    if not ids or times.n_missing == len(ids):
        return ()
    low, high = share_by(times, MARKS_S)
    simulated = _simulated(outcome)
    marks = []
    for n, at_s in enumerate(MARKS_S):
        ends = central_interval(simulated[:, n])
        observed = over_places(low[n], high[n], times, unit="share of rooms", t0=t0)
        marks.append(SharesSecured(at_s, observed, float(simulated[:, n].mean()), *ends))
    return tuple(marks)


def _simulated(outcome: ProtocolOutcome) -> Floats:
    low, _ = outcome.share_by(np.array(MARKS_S))
    return np.nan_to_num(low)
