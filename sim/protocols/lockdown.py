"""Lockdown of a room: locks, lights, out of sight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels.arrays import IN_PLACE
from sim.protocols.halls import call_in
from sim.protocols.leaving import walk_out
from sim.protocols.locking import close_and_lock, is_locked
from sim.protocols.rules import Response, Situation
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import (
    DOOR_LOCKED,
    PERSON_CONCEALED,
    PERSON_SEEKING_ROOM,
    PERSON_TO_CORNER,
    PERSON_VISIBLE,
    ROOM_CLEARING_HALL,
    ROOM_DARK,
    ROOM_OUT_OF_SIGHT,
    ROOM_SECURED,
    ROOM_UNSECURED,
)

Ints = NDArray[np.int64]


def lock_down(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Take one room from the announcement to secured, or to what stands in the way of it.

    Parameters
    ----------
    run : ProtocolRun
    space : int
        The room, a space of the compiled plan.
    turn : int
        Number of the directive in the timeline.
    """
    run.room_hears(space)
    present = run.alert(run.present_in(space))
    run.turn_back(space)
    leader = run.in_charge(present)
    yield run.takes("space", space, "recognise", turn)
    run.note("recognised_s", space)
    leaves = run.response(_situation(run, space, leader)) == Response.LEAVE
    if leaves and _can_leave(run, space, run.present_in(space)):
        yield from walk_out(run, space)
        return
    run.rooms.enter(space, ROOM_CLEARING_HALL)
    waiting = run.waiting_in(space)
    to_corner(run, space, run.needs.may_go(waiting[waiting != leader], run.adult))
    if leader >= 0:
        yield run.takes("space", space, "sweep", turn)
        yield run.incident.timeout(call_in(run, space, turn))
    else:
        yield run.incident.timeout(_until_an_adult_comes(run, space))
        leader = run.in_charge(run.present_in(space))
    yield from close_and_lock(run, space, leader, turn)
    yield run.takes("space", space, "lights", turn)
    run.rooms.enter(space, ROOM_DARK)
    run.note("dark_s", space)
    corners = run.orders.corners
    if run.orders.covers_drawn and corners.can_cover[space]:
        stated = float(corners.cover_close_s[space])
        drawn = float(run.draws.seconds("space", "cover", turn)[space])
        yield run.incident.timeout(drawn if np.isnan(stated) else stated)
        run.note("covered_s", space)
    to_corner(run, space, run.waiting_in(space))
    on_the_way = run.present_in(space)
    on_the_way = on_the_way[run.people.state[on_the_way] == PERSON_SEEKING_ROOM]
    run.movement.muster(on_the_way, run.muster_of(space))
    yield run.incident.gathered(run.muster_of(space))
    settle(run, space)
    if len(visible_in(run, space)) == 0:
        run.note("out_of_sight_s", space)
        run.rooms.enter(space, ROOM_OUT_OF_SIGHT)
    yield run.takes("space", space, "quiet", turn)
    run.note("quiet_s", space)
    if run.rooms.state[space] == ROOM_OUT_OF_SIGHT and is_locked(run, space):
        run.note("secured_s", space)
        run.rooms.enter(space, ROOM_SECURED)
    else:
        run.note("unsecured_s", space)
        run.rooms.enter(space, ROOM_UNSECURED)


def _until_an_adult_comes(run: ProtocolRun, space: int) -> float:
    """Return how long students wait with the door for the first adult who is coming to them."""
    coming = np.flatnonzero(
        run.adult & (run.room_of == space) & (run.people.state == PERSON_SEEKING_ROOM)
    )
    place = [int(run.corner_place[space])]
    waits_s = [
        float(run.metres_to_places(person, place)[0]) / float(run.speed_mps[person, 0])
        for person in coming.tolist()
    ]
    return min([*waits_s, run.orders.hold_door_s]) if waits_s else 0.0


def _can_leave(run: ProtocolRun, space: int, present: Ints) -> bool:
    """Whether those in a room know of a way out, where a hazard near it may have closed them."""
    if not run.hazard_near(space) or not len(present):
        return True
    return run.knows_a_way_out(int(present[0]))


def _situation(run: ProtocolRun, space: int, leader: int) -> Situation:
    doors = run.orders.doors
    lockable = bool(run.orders.corners.can_close[space])
    for gate, _ in run.doors_of(space):
        kind = doors.lock_of(gate)
        keys = leader >= 0 and bool(run.orders.keys[leader])
        able = kind is not None and (keys or not kind.needs_key)
        lockable = lockable and (able or run.doors.state[gate] == DOOR_LOCKED)
    exit_m = run.metres_out(space)
    present = run.present_in(space)
    for person in present[run.abilities.level_only[present]].tolist():
        exit_m = max(exit_m, run.metres_out_of(person))  # nobody is left behind
    return Situation(
        in_room=bool(run.orders.corners.is_room[space]),
        in_restroom=bool(run.orders.corners.is_restroom[space]),
        lockable=lockable,
        exit_m=exit_m,
        hazard_near=run.hazard_near(space),
        adult=leader >= 0,
        age_band=run.age_band_in(space),
    )


def to_corner(run: ProtocolRun, space: int, people: Ints) -> None:
    """Let people of a room walk to where nobody sees them from outside."""
    if not len(people):
        return
    metres = run.orders.corners.metres_m
    slots = run.slots_of(people)
    inside_m = np.where(slots >= 0, metres[np.maximum(slots, 0)], 0.0)
    run.people.enter_all(people, PERSON_TO_CORNER)
    run.room_of[people] = run.last_room[people] = space
    run.movement.muster(people, run.muster_of(space))
    inside_m = run.needs.metres(people, inside_m, run.speed_mps[:, 0], run.adult)
    run.go(people, int(run.corner_place[space]), inside_m)


def settle(run: ProtocolRun, space: int) -> None:
    """Say of everybody who has come to the corner of a room whether they find place out of sight.

    Who comes first stands out of sight; who finds no place left stays visible. People who were
    visible move up when a cover gives more room.
    """
    own = np.flatnonzero(run.room_of == space)
    placed_s, status = run.movement.person("placed_s"), run.movement.person("status")
    at_corner = run.movement.person("place")[own] == run.corner_place[space]
    own = own[(run.space_now()[own] == space) & (status[own] == IN_PLACE) & at_corner]
    state = run.people.state[own]
    waiting = own[state == PERSON_VISIBLE]
    come = own[(state == PERSON_TO_CORNER) | (state == PERSON_SEEKING_ROOM)]
    run.in_room_s[come] = np.minimum(run.in_room_s[come], placed_s[come])
    come = come[np.lexsort((come, placed_s[come]))]
    queue = np.concatenate([waiting, come])
    places = run.needs.corner_places[queue]
    fits = _who_fits(places, capacity(run, space) - int(run.concealed[space]))
    run.concealed[space] += int(places[fits].sum())
    run.people.enter_all(waiting[fits[: len(waiting)]], PERSON_CONCEALED)
    hidden, seen = come[fits[len(waiting) :]], come[~fits[len(waiting) :]]
    run.people.enter_each(hidden, PERSON_CONCEALED, placed_s[hidden])
    run.people.enter_each(seen, PERSON_VISIBLE, placed_s[seen])


def _who_fits(size: Ints, places: int) -> NDArray[np.bool_]:
    """Return who finds place, first come first served; whoever is too wide is passed over."""
    if size.sum() <= places:
        return np.ones(len(size), dtype=np.bool_)
    fits = np.zeros(len(size), dtype=np.bool_)
    for i, needed in enumerate(size.tolist()):
        if needed <= places:
            fits[i] = True
            places -= needed
    return fits


def capacity(run: ProtocolRun, space: int) -> int:
    """Return how many people find place out of sight in a room, as its covers are now."""
    corners = run.orders.corners
    covered = int(np.isfinite(run.times["covered_s"][space]))
    places = corners.capacity_high if run.orders.crowded else corners.capacity_low
    return int(places[covered, space])


def visible_in(run: ProtocolRun, space: int) -> Ints:
    """Return the people of a room who can be seen from outside."""
    own = run.present_in(space)
    return np.asarray(own[run.people.state[own] != PERSON_CONCEALED])
