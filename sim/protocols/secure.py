"""Hold and secure: clear the halls, or get inside and lock the outside doors; lessons go on."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from simpy import Event

from sim.kernels.arrays import NO_ROUTE
from sim.protocols.halls import call_in, caught
from sim.protocols.locking import close_and_lock, lock
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import (
    DOOR_CLOSED,
    DOOR_STANDS_OPEN,
    PERSON_ALERTED,
    PERSON_AT_A_TASK,
    PERSON_COMING_IN,
    PERSON_ROUTINE,
    PERSON_STAYING,
    ROOM_BUSINESS_AS_USUAL,
    ROOM_CLEARING_HALL,
    ROOM_HELD,
)


def hold(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Hold in a room: call in who is in the hall, close and lock, go on with the lesson."""
    run.room_hears(space)
    leader = run.in_charge(run.alert(run.present_in(space)))
    run.turn_back(space)
    yield run.takes("space", space, "recognise", turn)
    run.note("recognised_s", space)
    run.people.enter_all(run.waiting_in(space), PERSON_STAYING)
    run.rooms.enter(space, ROOM_CLEARING_HALL)
    if leader >= 0:
        yield run.takes("space", space, "sweep", turn)
        yield run.incident.timeout(call_in(run, space, turn))
    yield from close_and_lock(run, space, leader, turn)
    run.note("settled_s", space)
    run.rooms.enter(space, ROOM_HELD)


def stay_inside(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Secure, for a room: everybody stays inside, the lesson goes on."""
    run.room_hears(space)
    run.alert(run.present_in(space))
    run.turn_back(space)
    yield run.takes("space", space, "recognise", turn)
    run.note("recognised_s", space)
    run.note("settled_s", space)
    run.people.enter_all(run.waiting_in(space), PERSON_STAYING)
    run.rooms.enter(space, ROOM_BUSINESS_AS_USUAL)


def come_in(run: ProtocolRun, person: int, turn: int) -> None:
    """Let somebody outdoors come in, to the room of their class or the nearest one."""
    group = int(run.roster.group[person])
    home = int(run.roster.groups.space[group]) if group >= 0 else -1
    if home < 0 or run.corner_place[home] < 0:
        metres = run.metres_to_rooms(person)
        home = int(run.room_spaces[np.argmin(metres)]) if np.isfinite(metres).any() else -1
    if home < 0:
        caught(run, person)
        return
    run.people.enter(person, PERSON_COMING_IN)
    run.room_of[person] = run.last_room[person] = home
    run.go([person], int(run.corner_place[home]))
    run.then(person, partial(_inside, run, person, home, turn))


def _inside(run: ProtocolRun, person: int, room: int, turn: int) -> None:
    if run.has_arrived(person, int(run.corner_place[room])):
        run.came_in(person, room, turn)
    elif run.movement.of_person(person, "status") == NO_ROUTE:
        caught(run, person)


def lock_outside_doors(run: ProtocolRun, turn: int) -> None:
    """Let the door crew go from exterior door to exterior door and lock each."""
    left = [
        (gate, slot)
        for gate, slot in zip(run.orders.exterior_gates, run.orders.exterior_slots, strict=True)
        if run.doors.state[gate] in (DOOR_STANDS_OPEN, DOOR_CLOSED)
    ]
    for person in run.orders.door_crew:
        run.incident.process(_lock_round(run, person, left, turn))


def _lock_round(run: ProtocolRun, person: int, left: list[tuple[int, int]], turn: int) -> Procedure:
    """Lock one exterior door after the other, the nearest first, until none is left."""
    yield run.takes("person", person, "react", turn)
    if run.people.state[person] == PERSON_ROUTINE:
        run.alert(np.array([person]))
    if run.people.state[person] not in (PERSON_ALERTED, PERSON_STAYING):
        return
    if run.people.state[person] == PERSON_STAYING:
        run.alert(np.array([person]))
    run.people.enter(person, PERSON_AT_A_TASK)
    while left:
        places = [run.place_at(slot) for _, slot in left]
        metres = run.metres_to_places(person, places)
        nearest = int(np.argmin(metres))
        if not np.isfinite(metres[nearest]):
            break
        gate, _ = left.pop(nearest)
        stopped = run.incident.event()
        run.go([person], places[nearest])
        run.then(person, partial(_tell, stopped))
        yield stopped
        if not run.has_arrived(person, places[nearest]):
            continue
        inward = 2 * gate + 1 - run.inside_of(gate)
        held_s = 0.0
        while run.movement.side("bound")[inward] and held_s < run.orders.hold_outside_door_s:
            held_s += HOLD_STEP_S
            yield run.incident.timeout(HOLD_STEP_S)
        if run.doors.state[gate] == DOOR_STANDS_OPEN:
            yield run.takes("gate", gate, "close", turn)
            run.doors.enter(gate, DOOR_CLOSED)
        if run.doors.state[gate] == DOOR_CLOSED:
            yield from lock(run, gate, person, turn)
    if run.people.state[person] == PERSON_AT_A_TASK:
        run.people.enter(person, PERSON_STAYING)


def _tell(event: Event) -> None:
    event.succeed()


HOLD_STEP_S: Final = 5.0
"""How often somebody who holds an exterior door looks whether anybody still comes (ours)."""
