"""The end of an action: a room is released, its doors are unlocked, the day goes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.protocols.locking import unlock
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import (
    PERSON_LEAVING,
    PERSON_RELEASED,
    PERSON_ROUTINE,
    PERSON_TO_SHELTER,
    ROOM_OPEN,
    ROOM_RELEASED,
)

Ints = NDArray[np.int64]

_NOT_RELEASED = (PERSON_ROUTINE, PERSON_RELEASED, PERSON_LEAVING, PERSON_TO_SHELTER)
"""Nothing was asked of these people, or they are on their way already."""


def release_room(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Release one room: from now on the lesson goes on, and its doors are unlocked."""
    release_people(run, run.present_in(space))
    run.note("released_s", space)
    run.rooms.enter(space, ROOM_RELEASED)
    yield run.takes("space", space, "unlock", turn)
    unlock(run, space)
    run.rooms.enter(space, ROOM_OPEN)


def release_people(run: ProtocolRun, people: Ints) -> None:
    """Let people go back to what they do on any day."""
    free = people[~np.isin(run.people.state[people], _NOT_RELEASED)]
    run.forget(free)
    run.people.enter_all(free, PERSON_RELEASED)
    run.people.enter_all(free, PERSON_ROUTINE)
