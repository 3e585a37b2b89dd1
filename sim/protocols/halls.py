"""People caught outside a room: in halls and on stairs, in restrooms, outdoors."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.kernels.arrays import IN_PLACE, NO_ROUTE, OUT
from sim.protocols.directives import Action
from sim.protocols.rules import Response, Situation
from sim.protocols.run import ProtocolRun
from sim.protocols.states import (
    PERSON_ALERTED,
    PERSON_ASSEMBLED,
    PERSON_CAUGHT,
    PERSON_LEAVING,
    PERSON_ROUTINE,
    PERSON_SEEKING_ROOM,
)

LISTENS = (PERSON_ALERTED, PERSON_SEEKING_ROOM, PERSON_CAUGHT, PERSON_ROUTINE)
"""People in the hall who come when somebody at a door calls them in."""


def find_a_room(run: ProtocolRun, person: int, turn: int) -> None:
    """Let somebody outside a room do what the rules say: go into one, leave, or stay."""
    space = int(run.space_now()[person])
    corners = run.orders.corners
    metres = run.metres_to_rooms(person)
    tried = run.tried.setdefault(person, set())
    metres[np.isin(run.room_spaces, sorted(tried))] = np.inf
    if run.hazard_near(space):
        metres[run.hazard_in[run.room_spaces]] = np.inf
    nearest = int(np.argmin(metres)) if len(metres) else -1
    nearest = _own_class(run, person, metres, nearest)
    room_m = float(metres[nearest]) if nearest >= 0 else np.inf
    response = Response.SHELTER
    if run.orders.timeline[turn].action != Action.SHELTER:
        response = run.response(
            Situation(
                in_restroom=space >= 0 and bool(corners.is_restroom[space]),
                outdoors=space < 0,
                exit_m=run.metres_out_of(person),
                room_m=room_m,
                hazard_near=run.hazard_near(space),
                adult=False,
                age_band=run.age_band_of(person),
            )
        )
    if response == Response.LEAVE:
        run.people.enter(person, PERSON_LEAVING)
        if space < 0:
            run.people.enter(person, PERSON_ASSEMBLED)
        else:
            run.leave_by([person])
            run.then(person, partial(_left_or_caught, run, person))
        return
    gives_up = len(tried) >= run.orders.room_tries or not np.isfinite(room_m)
    if response == Response.WAIT or gives_up:
        caught(run, person)
        return
    seek(run, person, int(run.room_spaces[nearest]), turn)


def _own_class(run: ProtocolRun, person: int, metres: NDArray[np.float64], nearest: int) -> int:
    """Return the room to try: who leads a class goes to its room, everybody else to the nearest."""
    group = int(run.roster.group[person])
    if group < 0 or run.roster.groups.leader[group] != person:
        return nearest
    own = np.flatnonzero(run.room_spaces == run.roster.groups.space[group])
    return int(own[0]) if len(own) and np.isfinite(metres[own[0]]) else nearest


def seek(run: ProtocolRun, person: int, room: int, turn: int) -> None:
    """Send somebody into a room."""
    if run.people.state[person] != PERSON_SEEKING_ROOM:
        run.people.enter(person, PERSON_SEEKING_ROOM)
    run.room_of[person] = run.last_room[person] = room
    run.go([person], int(run.corner_place[room]))
    run.then(person, partial(_at_a_room, run, person, room, turn))


def caught(run: ProtocolRun, person: int) -> None:
    """Note that somebody stays where they are, outside any secured room."""
    run.people.enter(person, PERSON_CAUGHT)
    run.room_of[person] = -1
    run.caught_s[person] = min(run.caught_s[person], float(run.incident.now))


def _left_or_caught(run: ProtocolRun, person: int) -> None:
    if run.movement.of_person(person, "status") == OUT:
        run.people.enter(person, PERSON_ASSEMBLED)
    else:
        caught(run, person)


def _at_a_room(run: ProtocolRun, person: int, room: int, turn: int) -> None:
    """Go on once somebody is in the room they went to, or stands before its locked door."""
    if run.has_arrived(person, int(run.corner_place[room])):
        run.came_in(person, room, turn)
        return
    if run.movement.of_person(person, "status") != NO_ROUTE:
        return
    run.tried.setdefault(person, set()).add(room)
    wait_s = float(run.draws.seconds("person", "look_around", turn)[person])
    run.later(person, wait_s, partial(find_a_room, run, person, turn))


def call_in(run: ProtocolRun, room: int, turn: int) -> float:
    """Call in whoever stands or walks in the hall before the doors of a room.

    Returns
    -------
    float
        Seconds for which the door is held open for them: as long as the last one needs to walk
        there unhindered, at most ``hold_door_s``.
    """
    compiled = run.compiled
    cells = run.movement.person("cell")
    status = run.movement.person("status")
    waits_s = 0.0
    for gate, inside in run.doors_of(room):
        beyond = 2 * gate + 1 - inside
        cell = int(compiled.side_cell[beyond])
        space = int(compiled.cell_space[cell])
        if space < 0 or run.orders.corners.is_room[space]:
            continue
        before = np.flatnonzero((cells == cell) & ~np.isin(status, (IN_PLACE, OUT)))
        for person in before.tolist():
            state = run.people.state[person]
            if state not in LISTENS or run.room_of[person] == room:
                continue
            metres = float(run.metres_to_places(person, [int(run.corner_place[room])])[0])
            if not np.isfinite(metres):
                continue
            if state in (PERSON_ROUTINE, PERSON_CAUGHT):
                run.alert(np.array([person]))
            seek(run, person, room, turn)
            waits_s = max(waits_s, metres / float(run.speed_mps[person, 0]))
    return min(waits_s, run.orders.hold_door_s)
