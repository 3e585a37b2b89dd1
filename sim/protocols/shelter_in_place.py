"""Shelter where people are: rooms that are sealed, and people who drop, cover and hold on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels.arrays import IN_PLACE, NOT_STARTED, OUT
from sim.protocols.halls import call_in, find_a_room
from sim.protocols.locking import close_doors
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.secure import come_in
from sim.protocols.states import PersonState, RoomState

Ints = NDArray[np.int64]


def switch_ventilation_off(run: ProtocolRun, turn: int) -> None:
    """Have the office switch the ventilation off, from the announcement on."""
    off = run.refuge.ventilation_off[turn] = run.incident.event()

    def office() -> Procedure:
        yield run.takes("building", 0, "ventilation", turn)
        run.refuge.ventilation_off_s = min(run.refuge.ventilation_off_s, float(run.incident.now))
        off.succeed()

    run.incident.process(office())


def seal(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Come in, close doors and windows, seal the room, and stay.

    A room is sheltered once it is sealed and the ventilation is off.
    """
    run.room_hears(space)
    leader = run.in_charge(run.alert(run.present_in(space)))
    run.turn_back(space)
    yield run.takes("space", space, "recognise", turn)
    run.note("recognised_s", space)
    present = run.present_in(space)
    present = present[run.people.state[present] == PersonState.ALERTED]
    run.people.enter_all(present, PersonState.STAYING)
    run.rooms.enter(space, RoomState.CLEARING_HALL)
    if leader >= 0:
        yield run.takes("space", space, "sweep", turn)
        yield run.incident.timeout(call_in(run, space, turn))
    yield from close_doors(run, space, turn)
    yield run.takes("space", space, "seal", turn)
    run.note("sealed_s", space)
    run.rooms.enter(space, RoomState.SEALED)
    yield run.refuge.ventilation_off[turn]
    run.note("settled_s", space)
    run.rooms.enter(space, RoomState.SHELTERED)
    present = run.present_in(space)
    run.shelters(present[run.people.state[present] == PersonState.STAYING], space)


def come_inside(run: ProtocolRun, person: int, turn: int) -> None:
    """Let somebody outside rooms come into one, from outdoors into that of their class."""
    if int(run.space_now()[person]) < 0:
        come_in(run, person, turn)
    else:
        find_a_room(run, person, turn)


def joins(run: ProtocolRun, person: int, space: int) -> None:
    """Let somebody who comes in stay, in shelter if the room is."""
    if run.people.state[person] not in (PersonState.SEEKING_ROOM, PersonState.COMING_IN):
        return  # the room has taken them in already, or told them something else
    run.people.enter(person, PersonState.STAYING)
    if run.rooms.state[space] == RoomState.SHELTERED:
        run.shelters(np.array([person]), space)


def hold_on(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Drop, take cover and hold on, where people are; those on their way stay on it."""
    run.room_hears(space)
    people = run.alert(_standing(run, run.present_in(space)))
    yield run.takes("space", space, "drop", turn)
    run.note("recognised_s", space)
    run.note("settled_s", space)
    run.rooms.enter(space, RoomState.SHELTERED)
    run.shelters(people[run.people.state[people] == PersonState.ALERTED], space)


def hold_on_alone(run: ProtocolRun, person: int) -> None:
    """Let somebody outside rooms take cover where they are, unless they are on their way."""
    people = _standing(run, np.array([person]))
    run.shelters(run.alert(people), int(run.space_now()[person]))


def _standing(run: ProtocolRun, people: Ints) -> Ints:
    status = run.movement.person("status")[people]
    return np.asarray(people[np.isin(status, (NOT_STARTED, IN_PLACE, OUT))])
