"""What a simulated drill would have shown to the same observer, by the same definition."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from debrief.drill_log import Observation
from debrief.room_measures import ROOM_FIELDS, room_times
from scenarios import Ensemble

Floats = NDArray[np.float64]


def simulated_times(ensemble: Ensemble, observation: Observation) -> Floats | None:
    """Return the time of an observed event in every replica, in seconds after T0.

    Parameters
    ----------
    ensemble : Ensemble
        R replicas; T0 is the start of their alarm, or the announcement of their first lockdown
        (without one, of their first hold or secure).
    observation : Observation
        What was observed.

    Returns
    -------
    ndarray, shape (R,), or None
        inf where it never happened in a replica; None where the simulation has no such event, or
        not at that place.

    Notes
    -----
    ``exit_first`` and ``exit_last``: first and last person out through the door, or through any
    door for the whole building. ``exit_count``: the person who completes the count. ``room_clear``:
    the last of the people who began in the room leaves it. ``assembly_arrive``: the class is
    complete at its place, or the last class at that assembly area. ``accounted``: the class has
    been counted; all classes for the whole building. With announced actions the times of rooms come
    first: `debrief.room_measures.room_times`.
    """
    if ensemble.protocol is not None and observation.event in ROOM_FIELDS:
        return room_times(ensemble, observation)
    times = _times(ensemble, observation)
    return None if times is None else times - zero_s(ensemble)


def zero_s(ensemble: Ensemble) -> Floats:
    """Return T0 of each replica, shape (R,), from the start of the scenario."""
    if ensemble.protocol is not None and ensemble.protocol.aim is not None:
        return ensemble.protocol.zero_s
    return np.full(ensemble.replicas, float(ensemble.scenario.evacuation.alarm_s))


def _times(ensemble: Ensemble, observation: Observation) -> Floats | None:
    event, place = observation.event, observation.place
    compiled = ensemble.compiled
    if event in ("exit_first", "exit_last", "exit_count"):
        if place.kind == "building":
            if event == "exit_first":
                return np.asarray(ensemble.out_s.min(axis=1))
            if event == "exit_last":
                return ensemble.clearance_s(1.0)
            n = observation.count or 0
            ordered = np.sort(ensemble.out_s, axis=1)
            return ordered[:, n - 1] if 1 <= n <= ensemble.n_people else None
        if place.kind != "exit" or place.id not in compiled.gate_ids:
            return None
        gate = compiled.gate_index(place.id)
        if event == "exit_first":
            return ensemble.exit_first_s(gate)
        if event == "exit_last":
            return ensemble.exit_last_s(gate)
        return ensemble.exit_time_of_nth(gate, observation.count) if observation.count else None
    if event == "room_clear":
        if place.kind != "room" or place.id not in compiled.space_ids:
            return None
        space = compiled.space_index(place.id)
        if not (ensemble.roster.space == space).any():
            return None
        return ensemble.room_clear_s(space)
    if event in ("assembly_arrive", "accounted"):
        of_groups = (
            ensemble.group_assembled_s if event == "assembly_arrive" else ensemble.group_accounted_s
        )
        groups = groups_at(ensemble, observation)
        return None if len(groups) == 0 else np.asarray(of_groups[:, groups].max(axis=1))
    return None


def groups_at(ensemble: Ensemble, observation: Observation) -> NDArray[np.int64]:
    """Return the classes that an observation speaks of, by index.

    A class code wins, then the class of a room, then all classes of an assembly area; the whole
    building means every class.
    """
    groups, compiled, place = ensemble.roster.groups, ensemble.compiled, observation.place
    everyone = np.arange(len(groups.ids))
    if observation.group_id is not None:
        wanted = observation.group_id.removeprefix("class ")
        return np.array(
            [k for k in everyone if groups.ids[k].removeprefix("class ") == wanted], dtype=np.int64
        )
    if place.kind == "room":
        rooms = [compiled.space_ids[int(space)] for space in groups.space]
        return np.array([k for k in everyone if rooms[k] == place.id], dtype=np.int64)
    if place.kind == "assembly":
        if place.id not in compiled.place_ids:
            return np.array([], dtype=np.int64)
        return np.flatnonzero(groups.place == compiled.place_ids.index(place.id))
    return everyone if place.kind == "building" else np.array([], dtype=np.int64)
