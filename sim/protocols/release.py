"""The end of an action: a room is released, its doors are unlocked, the day goes on."""

from __future__ import annotations

from sim.protocols.locking import unlock
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import PersonState, RoomState


def release_room(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Release one room: from now on the lesson goes on, and its doors are unlocked."""
    present = run.present_in(space)
    for person in present.tolist():
        release_person(run, person)
    run.note("released_s", space)
    run.rooms.enter(space, RoomState.RELEASED)
    yield run.takes("space", space, "unlock", turn)
    unlock(run, space)
    run.rooms.enter(space, RoomState.OPEN)


def release_person(run: ProtocolRun, person: int) -> None:
    """Let somebody go back to what they do on any day."""
    if run.people.state[person] in (PersonState.ROUTINE, PersonState.RELEASED):
        return
    if run.people.state[person] in (PersonState.LEAVING, PersonState.TO_SHELTER):
        return
    if run.people.state[person] == PersonState.CONCEALED:
        run.concealed[run.room_of[person]] -= run.abilities.size[person]
    run.room_of[person] = -1
    run.forget_errand(person)
    run.people.enter(person, PersonState.RELEASED)
    run.people.enter(person, PersonState.ROUTINE)
