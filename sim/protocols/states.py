"""The states of rooms, doors and people during an incident, and which may follow which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]


class RoomState(IntEnum):
    """What is going on in a room.

    ``BELIEVED_LOCKED`` is not ``LOCKED``: the people in the room think that it is. ``UNSECURED``
    is the end of a lockdown of a room that is not locked, or in which somebody stays visible.
    ``WITHOUT_PLACE`` is a room whose people, or some of them, find no place in a refuge area.
    """

    OPEN = 0
    ALERTED = 1
    CLEARING_HALL = 2
    CLOSED = 3
    LOCKED = 4
    BELIEVED_LOCKED = 5
    NOT_LOCKED = 6
    DARK = 7
    OUT_OF_SIGHT = 8
    SECURED = 9
    UNSECURED = 10
    HELD = 11
    BUSINESS_AS_USUAL = 12
    SEALED = 13
    SHELTERED = 14
    LEAVING = 15
    EMPTY = 16
    RELEASED = 17
    WITHOUT_PLACE = 18


class DoorState(IntEnum):
    """A door, as it is; ``BELIEVED_LOCKED`` is a closed door that somebody thinks is locked."""

    STANDS_OPEN = 0
    CLOSED = 1
    LOCKED = 2
    BELIEVED_LOCKED = 3


class PersonState(IntEnum):
    """What a person is doing, beside walking and waiting at doors."""

    ROUTINE = 0
    ALERTED = 1
    SEEKING_ROOM = 2
    CAUGHT = 3
    TO_CORNER = 4
    VISIBLE = 5
    CONCEALED = 6
    STAYING = 7
    LEAVING = 8
    ASSEMBLED = 9
    ACCOUNTED = 10
    TO_SHELTER = 11
    SHELTERED = 12
    COMING_IN = 13
    RELEASED = 14
    RELOCATING = 15
    AT_SITE = 16
    HANDED_OVER = 17
    REFERRED = 18
    AT_A_TASK = 19
    WITHOUT_PLACE = 20


# The same states as plain names: looking a member up in its class takes longer than using it.
ROOM_ALERTED: Final = RoomState.ALERTED
ROOM_BELIEVED_LOCKED: Final = RoomState.BELIEVED_LOCKED
ROOM_BUSINESS_AS_USUAL: Final = RoomState.BUSINESS_AS_USUAL
ROOM_CLEARING_HALL: Final = RoomState.CLEARING_HALL
ROOM_CLOSED: Final = RoomState.CLOSED
ROOM_DARK: Final = RoomState.DARK
ROOM_EMPTY: Final = RoomState.EMPTY
ROOM_HELD: Final = RoomState.HELD
ROOM_LEAVING: Final = RoomState.LEAVING
ROOM_LOCKED: Final = RoomState.LOCKED
ROOM_NOT_LOCKED: Final = RoomState.NOT_LOCKED
ROOM_OPEN: Final = RoomState.OPEN
ROOM_OUT_OF_SIGHT: Final = RoomState.OUT_OF_SIGHT
ROOM_RELEASED: Final = RoomState.RELEASED
ROOM_SECURED: Final = RoomState.SECURED
ROOM_UNSECURED: Final = RoomState.UNSECURED
DOOR_BELIEVED_LOCKED: Final = DoorState.BELIEVED_LOCKED
DOOR_CLOSED: Final = DoorState.CLOSED
DOOR_LOCKED: Final = DoorState.LOCKED
DOOR_STANDS_OPEN: Final = DoorState.STANDS_OPEN
PERSON_ACCOUNTED: Final = PersonState.ACCOUNTED
PERSON_ALERTED: Final = PersonState.ALERTED
PERSON_ASSEMBLED: Final = PersonState.ASSEMBLED
PERSON_AT_A_TASK: Final = PersonState.AT_A_TASK
PERSON_CAUGHT: Final = PersonState.CAUGHT
PERSON_COMING_IN: Final = PersonState.COMING_IN
PERSON_CONCEALED: Final = PersonState.CONCEALED
PERSON_HANDED_OVER: Final = PersonState.HANDED_OVER
PERSON_LEAVING: Final = PersonState.LEAVING
PERSON_REFERRED: Final = PersonState.REFERRED
PERSON_RELEASED: Final = PersonState.RELEASED
PERSON_ROUTINE: Final = PersonState.ROUTINE
PERSON_SEEKING_ROOM: Final = PersonState.SEEKING_ROOM
PERSON_STAYING: Final = PersonState.STAYING
PERSON_TO_CORNER: Final = PersonState.TO_CORNER
PERSON_TO_SHELTER: Final = PersonState.TO_SHELTER
PERSON_VISIBLE: Final = PersonState.VISIBLE

R, D, P = RoomState, DoorState, PersonState

ROOM_MOVES: Final[Mapping[RoomState, tuple[RoomState, ...]]] = {
    R.OPEN: (R.ALERTED,),
    R.ALERTED: (
        R.CLEARING_HALL,
        R.BUSINESS_AS_USUAL,
        R.LEAVING,
        R.RELEASED,
        R.SHELTERED,
        R.WITHOUT_PLACE,
    ),
    R.CLEARING_HALL: (R.CLOSED, R.ALERTED, R.RELEASED),
    R.CLOSED: (R.LOCKED, R.BELIEVED_LOCKED, R.NOT_LOCKED, R.SEALED, R.ALERTED, R.RELEASED),
    R.LOCKED: (R.DARK, R.HELD, R.ALERTED, R.RELEASED),
    R.BELIEVED_LOCKED: (R.DARK, R.HELD, R.ALERTED, R.RELEASED),
    R.NOT_LOCKED: (R.DARK, R.HELD, R.ALERTED, R.RELEASED),
    R.DARK: (R.OUT_OF_SIGHT, R.UNSECURED, R.ALERTED, R.RELEASED),
    R.OUT_OF_SIGHT: (R.SECURED, R.UNSECURED, R.ALERTED, R.RELEASED),
    R.SECURED: (R.RELEASED, R.ALERTED),
    R.UNSECURED: (R.RELEASED, R.ALERTED),
    R.HELD: (R.RELEASED, R.ALERTED),
    R.BUSINESS_AS_USUAL: (R.RELEASED, R.ALERTED),
    R.SEALED: (R.SHELTERED, R.RELEASED, R.ALERTED),
    R.SHELTERED: (R.RELEASED, R.ALERTED),
    R.WITHOUT_PLACE: (R.RELEASED, R.ALERTED),
    R.LEAVING: (R.EMPTY, R.ALERTED, R.RELEASED),
    R.EMPTY: (R.ALERTED, R.RELEASED),
    R.RELEASED: (R.OPEN, R.ALERTED, R.LEAVING),
}

DOOR_MOVES: Final[Mapping[DoorState, tuple[DoorState, ...]]] = {
    D.STANDS_OPEN: (D.CLOSED,),
    D.CLOSED: (D.LOCKED, D.BELIEVED_LOCKED),
    D.LOCKED: (D.CLOSED,),
    D.BELIEVED_LOCKED: (D.CLOSED,),
}

_NEW_WORD: Final = (P.ALERTED, P.RELEASED)

PERSON_MOVES: Final[Mapping[PersonState, tuple[PersonState, ...]]] = {
    P.ROUTINE: (P.ALERTED, P.AT_A_TASK, P.RELEASED),
    P.ALERTED: (
        P.SEEKING_ROOM,
        P.TO_CORNER,
        P.STAYING,
        P.LEAVING,
        P.TO_SHELTER,
        P.COMING_IN,
        P.CAUGHT,
        P.AT_A_TASK,
        P.RELEASED,
        P.SHELTERED,
        P.WITHOUT_PLACE,
    ),
    P.SEEKING_ROOM: (
        P.CAUGHT,
        P.VISIBLE,
        P.CONCEALED,
        P.STAYING,
        P.LEAVING,
        P.ALERTED,
        P.RELEASED,
    ),
    P.CAUGHT: _NEW_WORD,
    P.TO_CORNER: (*_NEW_WORD, P.VISIBLE, P.CONCEALED),
    P.VISIBLE: (*_NEW_WORD, P.CONCEALED),
    P.CONCEALED: _NEW_WORD,
    P.STAYING: (*_NEW_WORD, P.SHELTERED),
    P.LEAVING: (P.ASSEMBLED, P.ALERTED, P.CAUGHT),
    P.ASSEMBLED: (P.ACCOUNTED, P.RELOCATING, P.RELEASED, P.ALERTED, P.AT_SITE),
    P.ACCOUNTED: (P.RELOCATING, P.RELEASED, P.ALERTED, P.AT_SITE),
    P.TO_SHELTER: (P.SHELTERED, P.ALERTED, P.CAUGHT),
    P.SHELTERED: _NEW_WORD,
    P.WITHOUT_PLACE: _NEW_WORD,
    P.COMING_IN: (P.STAYING, P.CAUGHT, *_NEW_WORD),
    P.RELEASED: (P.ROUTINE, P.LEAVING, P.ALERTED),
    P.RELOCATING: (P.AT_SITE,),
    P.AT_SITE: (P.HANDED_OVER, P.REFERRED),
    P.HANDED_OVER: (),
    P.REFERRED: (),
    P.AT_A_TASK: (P.STAYING, P.ROUTINE, *_NEW_WORD),
}


class IllegalMoveError(RuntimeError):
    """Something went from one state to another that may not follow it: a fault of a procedure."""


@cache
def legal_moves(kind: type[IntEnum]) -> NDArray[np.bool_]:
    """Return whether each state may be followed by each other one, shape (states, states).

    Parameters
    ----------
    kind : type
        `RoomState`, `DoorState` or `PersonState`.

    Examples
    --------
    >>> bool(legal_moves(RoomState)[RoomState.CLOSED, RoomState.LOCKED])
    True
    >>> bool(legal_moves(RoomState)[RoomState.OPEN, RoomState.SECURED])
    False
    """
    tables: dict[type[IntEnum], Mapping[Any, tuple[IntEnum, ...]]] = {
        RoomState: ROOM_MOVES,
        DoorState: DOOR_MOVES,
        PersonState: PERSON_MOVES,
    }
    legal = np.zeros((len(kind), len(kind)), dtype=np.bool_)
    for before, following in tables[kind].items():
        for after in following:
            legal[before, after] = True
    legal.setflags(write=False)
    return legal


class StateBoard:
    """The present state of every room, door or person, and each change with its time.

    Parameters
    ----------
    kind : type
        `RoomState`, `DoorState` or `PersonState`.
    now : callable
        Returns the simulated time in seconds.
    start : ndarray of int
        State of each entity at the start.
    """

    def __init__(self, kind: type[IntEnum], now: Callable[[], float], start: Ints) -> None:
        self.kind = kind
        self.state = start.copy()
        self.start = start.copy()
        self.last_s = 0.0
        self._now = now
        self._legal = legal_moves(kind)
        self._changes: list[tuple[Any, Ints, IntEnum]] = []

    def enter(self, entity: int, state: IntEnum, *, at_s: float | None = None) -> None:
        """Let one entity go into a state, now or at a time that has passed.

        Raises
        ------
        IllegalMoveError
            If that state may not follow the present one.
        """
        self.enter_all([entity], state, at_s=at_s)

    def enter_all(
        self, entities: Sequence[int] | Ints, state: IntEnum, *, at_s: float | None = None
    ) -> None:
        """Let several entities go into the same state at the same time."""
        who = np.asarray(entities, dtype=np.int64)
        if not len(who):
            return
        self._check(who, state)
        self.state[who] = state
        time_s = self._now() if at_s is None else at_s
        self.last_s = max(self.last_s, time_s)
        self._changes.append((time_s, who, state))

    def enter_each(self, entities: Ints, state: IntEnum, times_s: NDArray[np.float64]) -> None:
        """Let several entities go into a state, each at a time of its own that has passed."""
        if len(entities):
            self._check(entities, state)
            self.state[entities] = state
            self.last_s = max(self.last_s, float(times_s.max()))
            self._changes.append((times_s, entities, state))

    def _check(self, who: Ints, state: IntEnum) -> None:
        before = self.state[who]
        legal = self._legal[before, state]
        if not legal.all():
            first = int(np.flatnonzero(~legal)[0])
            raise IllegalMoveError(
                f"{self.kind.__name__} {who[first]}: {state.name} may not follow "
                f"{self.kind(before[first]).name}"
            )

    def changes(self) -> tuple[NDArray[np.float64], Ints, Ints]:
        """Return time, entity and new state of every change, in order of time.

        Changes at one time stay in the order in which they were made.
        """
        if not self._changes:
            none = np.zeros(0, dtype=np.int64)
            return np.zeros(0), none, none
        n = [len(who) for _, who, _ in self._changes]
        who = np.concatenate([who for _, who, _ in self._changes])
        states = np.repeat([int(state) for _, _, state in self._changes], n)
        times = np.concatenate(
            [np.broadcast_to(at, k) for (at, _, _), k in zip(self._changes, n, strict=True)]
        )
        order = np.argsort(times, kind="stable")
        return times[order], who[order], states[order]
