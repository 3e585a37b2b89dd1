"""Gather what came out of one incident with protocols once it is over."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.protocols.arriving import Responding
from sim.protocols.counting import Counting
from sim.protocols.directives import Action
from sim.protocols.exposure import seconds_in_sight
from sim.protocols.hearing import Announcer
from sim.protocols.lockdown import visible_in
from sim.protocols.responders import RESPONDER
from sim.protocols.run import ProtocolRun
from sim.protocols.states import DoorState, PersonState, RoomState, StateBoard
from sim.protocols.times import ProtocolTimes, StateChanges

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def outcome_of(
    run: ProtocolRun,
    announcer: Announcer,
    counting: Counting | None,
    *,
    slots: Ints,
    end_s: float,
    record: bool,
    responding: Responding | None = None,
) -> ProtocolTimes:
    """Gather what came out of a run.

    Parameters
    ----------
    run : ProtocolRun
        A finished one.
    announcer : Announcer
    counting : Counting, optional
    slots : ndarray of int, shape (N,)
        Standing place of each person at the start; -1 outdoors.
    end_s : float
        When the simulated time ends.
    record : bool
        Whether to keep every change of state.
    responding : Responding, optional
        Those who came to help.
    """
    n_spaces = len(run.compiled.space_ids)
    alerted = np.full(3, np.inf)
    if announcer.alert is not None:
        alert = announcer.alert
        alerted[:] = alert.alert_s, alert.answered_s, alert.dispatched_s
    visible = np.array(
        [
            len(visible_in(run, space)) if run.rooms.state[space] != RoomState.OPEN else 0
            for space in range(n_spaces)
        ],
        dtype=np.int64,
    )
    reunion = run.away.reunion
    return ProtocolTimes(
        room_occupied=run.occupied.copy(),
        **{f"room_{name}": values.copy() for name, values in run.times.items()},
        room_state=run.rooms.state.copy(),
        room_visible=visible,
        door_state=run.doors.state.copy(),
        door_locked_s=_first_s(run.doors, DoorState.LOCKED),
        person_state=run.people.state.copy(),
        caught_s=run.caught_s.copy(),
        in_room_s=run.in_room_s.copy(),
        in_room=np.where(np.isfinite(run.in_room_s), run.last_room, -1),
        in_sight_s=_in_sight(run, slots, end_s),
        announced_s=run.announced_s.copy(),
        alert_s=alerted,
        **_accounted(run, counting),
        sheltered_s=run.refuge.sheltered_s.copy(),
        without_place_s=run.refuge.without_place_s.copy(),
        shelter_space=run.refuge.space.copy(),
        area_full_s=run.refuge.full_s.copy(),
        ventilation_off_s=np.array([run.refuge.ventilation_off_s]),
        relocating_s=run.away.relocating_s.copy(),
        at_site_s=run.away.at_site_s.copy(),
        handed_over_s=run.away.handed_over_s.copy(),
        referred_s=run.away.referred_s.copy(),
        rooms=StateChanges.of(run.rooms) if record else StateChanges.none(),
        doors=StateChanges.of(run.doors) if record else StateChanges.none(),
        people=StateChanges.of(run.people) if record else StateChanges.none(),
        responders=None if responding is None else responding.times(),
        reunification=None if reunion is None else reunion.reunification.times(),
    )


def _accounted(run: ProtocolRun, counting: Counting | None) -> dict[str, NDArray[Any]]:
    """Return how everybody was accounted for: by roll calls that may be wrong, or as it was."""
    if counting is None:
        counted = run.group_accounted_s
        all_s = float(counted.max()) if len(counted) else np.inf
        none = np.zeros(1, dtype=np.int64)
        return {
            "all_accounted_s": np.array([all_s]),
            "false_missing": none,
            "hidden": none.copy(),
            "all_present_false_s": np.zeros(1),
        }
    times = counting.times()
    run.group_accounted_s[:] = times.reported_s
    return {
        "all_accounted_s": np.array([times.all_accounted_s]),
        "false_missing": np.array([times.false_missing], dtype=np.int64),
        "hidden": np.array([len(times.hidden)], dtype=np.int64),
        "all_present_false_s": np.array([times.false_for_s]),
    }


def _first_s(board: StateBoard, state: int) -> Floats:
    """Return the first time at which each entity is in a state; 0 where it is at the start."""
    times, entity, states = board.changes()
    first = np.where(board.start == state, 0.0, np.inf)
    own = states == state
    np.minimum.at(first, entity[own], times[own])
    return first


def _in_sight(run: ProtocolRun, slots: Ints, end_s: float) -> Floats:
    lockdowns = [
        float(run.announced_s[turn])
        for turn, directive in enumerate(run.orders.timeline)
        if directive.action == Action.LOCKDOWN and np.isfinite(run.announced_s[turn])
    ]
    n_people = run.roster.n_people
    if not lockdowns:
        return np.zeros(n_people)
    from_s = lockdowns[0]
    space = np.where(slots >= 0, run.compiled.cell_space[run.compiled.slot_cell[slots]], -1)
    in_room = np.isin(space, run.room_spaces)
    out_s = run.movement.person("out_s")
    left = np.where(space >= 0, run.times["left_s"][space], np.inf)
    first_out = ~(run.in_room_s <= left)  # who was in the corner before has settled by then
    gone = in_room & np.isfinite(left) & np.isfinite(out_s) & first_out
    arrived = np.where(np.isfinite(run.in_room_s), run.in_room_s, out_s)
    left_room = np.where(gone, left, np.where(in_room, arrived, from_s))
    settled = np.where(gone, out_s, arrived)
    settled[space < 0] = from_s
    until = np.full(n_people, min(end_s, from_s + run.orders.in_sight_until_s))
    last_room = np.where(run.last_room >= 0, run.last_room, np.maximum(space, 0))
    until = np.minimum(until, np.maximum(run.times["released_s"][last_room], from_s))
    in_sight_s = seconds_in_sight(
        run.orders.corners,
        slot=slots,
        space=space,
        doors_open_until_s=_doors_open_until(run),
        covered_s=run.times["covered_s"],
        left_room_s=left_room,
        settled_s=settled,
        visible=_visible_at(run, until),
        from_s=from_s,
        until_s=until,
    )
    in_sight_s[np.array(run.roster.role) == RESPONDER] = 0.0
    return in_sight_s


def _visible_at(run: ProtocolRun, until_s: Floats) -> Flags:
    """Return who stayed visible when they were last told from those out of sight, by a time."""
    times, person, states = run.people.changes()
    told = np.isin(states, (PersonState.VISIBLE, PersonState.CONCEALED))
    told &= times <= until_s[person]
    visible = np.zeros(len(until_s), dtype=np.bool_)
    visible[person[told]] = states[told] == PersonState.VISIBLE  # the last one counts
    return visible


def _doors_open_until(run: ProtocolRun) -> Floats:
    """Return when the last door of each space that stands open at the start is closed."""
    closed = _first_s(run.doors, DoorState.CLOSED)
    closed[run.doors.start != DoorState.STANDS_OPEN] = 0.0
    corners = run.orders.corners
    until = np.zeros(len(run.compiled.space_ids))
    space = np.repeat(np.arange(len(until)), np.diff(corners.door_start))
    np.maximum.at(until, space, closed[corners.door_gate])
    until[~corners.can_close] = np.inf
    return until
