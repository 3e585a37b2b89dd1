"""Close and lock the doors of a room: what it takes, what can fail, and what is believed after."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.protocols.locks import LockKind
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import (
    DOOR_BELIEVED_LOCKED,
    DOOR_CLOSED,
    DOOR_LOCKED,
    DOOR_STANDS_OPEN,
    ROOM_BELIEVED_LOCKED,
    ROOM_CLOSED,
    ROOM_LOCKED,
    ROOM_NOT_LOCKED,
)

ATTEMPTS: Final = 2
"""How often somebody tries to lock a door that they notice is not locked (ours)."""


def close_and_lock(run: ProtocolRun, space: int, by: int, turn: int) -> Procedure:
    """Close every door of a room, then lock one after the other.

    The state of the room afterwards says what is so: locked, believed locked, or not locked.

    Parameters
    ----------
    run : ProtocolRun
    space : int
    by : int
        Who does it; -1 where nobody is in charge: then the doors are closed by whoever is there,
        and locked where no key is needed.
    turn : int
        Number of the directive in the timeline, which keys the draws.
    """
    yield from close_doors(run, space, turn)
    for gate, _ in run.doors_of(space):
        if run.orders.doors.can_close[gate]:
            if _lacks_key(run, gate, by):
                run.note("no_key_s", space)
            yield from lock(run, gate, by, turn)
    settle_room(run, space)


def close_doors(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Close every door of a room that stands open and can be closed."""
    able = run.orders.doors.can_close
    for gate, _ in run.doors_of(space):
        if able[gate] and run.doors.state[gate] == DOOR_STANDS_OPEN:
            yield run.takes("gate", gate, "close", turn)
            if run.doors.state[gate] == DOOR_STANDS_OPEN:
                run.doors.enter(gate, DOOR_CLOSED)
    run.note("closed_s", space)
    run.rooms.enter(space, ROOM_CLOSED)


def lock(run: ProtocolRun, gate: int, by: int, turn: int) -> Procedure:
    """Lock one closed door, as its lock and who does it allow."""
    kind = run.orders.doors.lock_of(gate)
    if kind is None or kind.remote or not _has_what_it_takes(run, kind, by):
        if gate in run.thrown_remotely:
            yield run.thrown_remotely[gate]
        return
    for attempt in range(ATTEMPTS):
        if run.doors.state[gate] != DOOR_CLOSED:
            return
        if not kind.automatic:
            yield run.incident.timeout(float(run.draws.lock_seconds(turn, attempt)[gate]))
            if run.doors.state[gate] != DOOR_CLOSED:
                return
        if _comes_out(run, gate, kind, f"{turn} {attempt}"):
            return


def _comes_out(run: ProtocolRun, gate: int, kind: LockKind, turn: str) -> bool:
    """Settle whether a door that was locked is locked; return whether nobody will try again."""
    if run.draws.uniform("gate", f"lock fails {turn}")[gate] >= kind.fails:
        run.doors.enter(gate, DOOR_LOCKED)
        run.bar(gate)
        return True
    if run.draws.uniform("gate", f"failure unnoticed {turn}")[gate] < kind.unnoticed:
        run.doors.enter(gate, DOOR_BELIEVED_LOCKED)
        return True
    return False


def _has_what_it_takes(run: ProtocolRun, kind: LockKind, by: int) -> bool:
    """Whether whoever locks a door has the key, where it needs one."""
    return not kind.needs_key or (by >= 0 and bool(run.orders.keys[by]))


def _lacks_key(run: ProtocolRun, gate: int, by: int) -> bool:
    """Whether a closed door stays unlocked because whoever is there has no key to it."""
    kind = run.orders.doors.lock_of(gate)
    unlocked = run.doors.state[gate] == DOOR_CLOSED
    return kind is not None and unlocked and not _has_what_it_takes(run, kind, by)


def lock_remotely(run: ProtocolRun, turn: int) -> None:
    """Have every door with a remote lock closed and locked from the office, from now on."""
    doors = run.orders.doors
    seconds = run.draws.lock_seconds(turn, 0)
    for gate in np.flatnonzero(doors.kind >= 0).tolist():
        kind = doors.kinds[doors.kind[gate]]
        if kind.remote and doors.can_close[gate]:
            run.thrown_remotely[gate] = run.incident.process(
                _throw(run, gate, kind, float(seconds[gate]), turn)
            )


def _throw(run: ProtocolRun, gate: int, kind: LockKind, seconds: float, turn: int) -> Procedure:
    """Release what holds a door open, and throw its bolt."""
    yield run.incident.timeout(seconds)
    if run.doors.state[gate] == DOOR_STANDS_OPEN:
        run.doors.enter(gate, DOOR_CLOSED)
    if run.doors.state[gate] == DOOR_CLOSED:
        _comes_out(run, gate, kind, f"{turn} 0")


def is_locked(run: ProtocolRun, space: int) -> bool:
    """Whether every way into a room is locked."""
    corners = run.orders.corners
    return bool(corners.can_close[space]) and all(
        run.doors.state[gate] == DOOR_LOCKED for gate, _ in run.doors_of(space)
    )


def is_believed_locked(run: ProtocolRun, space: int) -> bool:
    """Whether the people of a room have reason to think that every way into it is locked."""
    corners = run.orders.corners
    return bool(corners.can_close[space]) and all(
        run.doors.state[gate] in (DOOR_LOCKED, DOOR_BELIEVED_LOCKED)
        for gate, _ in run.doors_of(space)
    )


def settle_room(run: ProtocolRun, space: int) -> None:
    """Say what is so of a room whose doors have been seen to."""
    if is_locked(run, space):
        run.note("locked_s", space)
        run.note("believed_locked_s", space)
        run.rooms.enter(space, ROOM_LOCKED)
    elif is_believed_locked(run, space):
        run.note("believed_locked_s", space)
        run.rooms.enter(space, ROOM_BELIEVED_LOCKED)
    else:
        run.rooms.enter(space, ROOM_NOT_LOCKED)


def unlock(run: ProtocolRun, space: int) -> None:
    """Let the doors of a room be unlocked, and people through."""
    for gate, _ in run.doors_of(space):
        if run.doors.state[gate] in (DOOR_LOCKED, DOOR_BELIEVED_LOCKED):
            was_locked = run.doors.state[gate] == DOOR_LOCKED
            run.doors.enter(gate, DOOR_CLOSED)
            if was_locked:
                run.unbar(gate)
