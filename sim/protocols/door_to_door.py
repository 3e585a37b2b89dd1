"""Release door to door: teams share a list of rooms, knock, unlock, and lead people out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from sim.kernels.arrays import OUT
from sim.protocols.arriving import Responding
from sim.protocols.directives import Directive
from sim.protocols.leaving import leave, walk_out
from sim.protocols.locking import unlock
from sim.protocols.release import release_people
from sim.protocols.responders import DoorToDoor, ReleaseTeam
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import DoorState, PersonState, RoomState
from sim.protocols.walk_together import cells_on_way

Ints = NDArray[np.int64]

GONE = (RoomState.RELEASED, RoomState.LEAVING, RoomState.EMPTY)
"""Rooms that nobody has to release any more."""

WAITING = (PersonState.ROUTINE, PersonState.CAUGHT, PersonState.STAYING)
"""People beside the rooms who wait for somebody to come."""


@dataclass(slots=True)
class _Rooms:
    """The rooms that are left, and what the teams know of ways that were shut."""

    left: list[int]
    changed: Event
    released: int = 0
    at_work: int = 0
    no_way_at: dict[int, int] = field(default_factory=dict)

    def open_to(self) -> list[int]:
        """Return the rooms that are worth a try: none that was out of reach and nothing changed."""
        return [room for room in self.left if self.no_way_at.get(room) != self.released]


class DoorToDoorRelease:
    """One release from room to room.

    Parameters
    ----------
    responding : Responding
    orders : DoorToDoor
    directive : Directive
    turn : int
        Number of the directive in the timeline.
    released : callable
        Called with each room as it is released.
    """

    def __init__(
        self,
        responding: Responding,
        orders: DoorToDoor,
        directive: Directive,
        turn: int,
        released: Callable[[int], None],
    ) -> None:
        self.responding, self.run = responding, responding.run
        self._orders, self._turn, self._released = orders, turn, released
        rooms = [space for space in self._in_question() if directive.concerns(space)]
        self._rooms = _Rooms(rooms, self.run.incident.event())
        self._rank = {space: rank for rank, space in enumerate(orders.order)}

    def begin(self) -> None:
        """Let the teams set out; a unit joins in once it is inside."""
        responding, now_s = self.responding, float(self.run.incident.now)
        responding.release_from_s = min(responding.release_from_s, now_s)
        responding.to_release[self._rooms.left] = True
        rounds = responding.rounds
        for team in self._orders.teams:
            before = rounds.get(team.people)
            rounds[team.people] = self.run.incident.process(self._round(team, before))

    def _in_question(self) -> list[int]:
        """Return the rooms with people in them, and other places behind doors where some wait."""
        run = self.run
        waits = np.isin(run.people.state, WAITING) & ~run.on_duty
        others = np.setdiff1d(run.space_now()[waits], run.room_spaces)
        rooms = [
            space
            for space in run.room_spaces.tolist()
            if run.rooms.state[space] not in GONE and len(run.present_in(space))
        ]
        asked = [*rooms, *others.tolist()]
        return [space for space in asked if space in self.responding.door_slots]

    # one team

    def _round(self, team: ReleaseTeam, before: Event | None) -> Procedure:
        """Go from room to room until none is left that can be reached.

        A team that is on such a round already ends it first.
        """
        run, rooms = self.run, self._rooms
        if before is not None:
            yield before
        if team.unit >= 0:
            yield self.responding.inside[team.unit]
        else:
            _call_away(run, np.array(team.people))
        has_key = team.keys
        while rooms.left:
            room = self._next(team)
            if room < 0 and not rooms.at_work:
                break
            if room < 0:
                yield rooms.changed
                continue
            rooms.left.remove(room)
            rooms.at_work += 1
            slot, _ = self.responding.door_slot(team.people[0], room)
            way = cells_on_way(run, team.people[0], slot)
            there = yield from self.responding.walk_to_room(team.people, room)
            if there:
                self._meet(way)
                has_key = yield from self._release(room, has_key)
            else:
                rooms.left.append(room)
                rooms.no_way_at[room] = rooms.released
            rooms.at_work -= 1
            rooms.changed, told = run.incident.event(), rooms.changed
            told.succeed()
        if team.unit < 0:
            _call_back(run, np.array(team.people))

    def _next(self, team: ReleaseTeam) -> int:
        """Return the room that a team goes to next, by the order said or the nearest; -1: none."""
        rooms = self._rooms.open_to()
        metres = [self.responding.door_slot(team.people[0], room)[1] for room in rooms]
        best = [
            (self._rank.get(room, len(self._rank)), far, room)
            for room, far in zip(rooms, metres, strict=True)
            if np.isfinite(far)
        ]
        if any(rank < len(self._rank) for rank, _, _ in best):
            return min((rank, room) for rank, _, room in best)[1]
        return min(best)[2] if best else -1

    def _release(self, room: int, has_key: bool) -> Generator[Event, Any, bool]:
        """Knock, unlock and release one room; returns whether the team has a key now."""
        run, responders = self.run, self.responding.responders
        if run.rooms.state[room] in GONE:
            return has_key
        quantile = run.draws.uniform("space", f"knock {self._turn}")[room]
        yield run.incident.timeout(float(responders.knock_s.ppf(quantile)))
        if _is_shut(run, room):
            if not has_key:
                quantile = run.draws.uniform("space", f"key is fetched {self._turn}")[room]
                yield run.incident.timeout(float(responders.fetch_key_s.ppf(quantile)))
                has_key = True
            yield run.takes("space", room, "unlock", self._turn)
        if run.rooms.state[room] in GONE:
            return has_key
        gone = run.incident.event()
        run.follow(room, self._let_go(room, gone))
        yield gone
        return has_key

    def _let_go(self, room: int, gone: Event) -> Procedure:
        """Say that a room is released, and what its people do then."""
        run = self.run
        now_s = float(run.incident.now)
        self.responding.room_released_s[room] = now_s
        self._rooms.released += 1
        self._released(room)
        run.note("released_s", room)
        if run.rooms.state[room] == RoomState.OPEN:
            run.rooms.enter(room, RoomState.ALERTED)
        run.rooms.enter(room, RoomState.RELEASED)
        unlock(run, room)
        present = run.present_in(room)
        if self._orders.then == "stay":
            release_people(run, present)
            run.rooms.enter(room, RoomState.OPEN)
            gone.succeed()
            return
        _free(run, present)
        self.responding.escorted[present] = True
        inside = [p for p in np.flatnonzero(run.on_duty).tolist() if run.space_now()[p] == room]
        if inside:
            gone.succeed()
        yield from walk_out(run, room)
        if not inside:
            gone.succeed()

    def _meet(self, way: list[int]) -> None:
        """Take along people who were caught outside a room, from the halls on a way."""
        run = self.run
        state, cells = run.people.state, run.movement.person("cell")
        waits = (state == PersonState.CAUGHT) & np.isin(cells, way) & ~run.on_duty
        waits &= (run.movement.person("status") != OUT) & (run.space_now() >= 0)
        met = np.flatnonzero(waits & ~np.isin(run.space_now(), run.room_spaces))
        if not len(met):
            return
        if self._orders.then == "stay":
            release_people(run, met)
            return
        _free(run, met)
        self.responding.escorted[met] = True
        leave(run, met)


def _free(run: ProtocolRun, people: Ints) -> None:
    """Let people know that they are released."""
    run.forget(people)
    run.people.enter_all(people, PersonState.RELEASED)


def _is_shut(run: ProtocolRun, room: int) -> bool:
    """Whether nobody comes into a room by any of its doors."""
    doors = run.doors_of(room)
    return bool(doors) and all(run.doors.state[gate] == DoorState.LOCKED for gate, _ in doors)


def _call_away(run: ProtocolRun, people: Ints) -> None:
    """Let staff leave what they do for the release."""
    run.alert(people)
    run.people.enter_all(people, PersonState.AT_A_TASK)
    run.on_duty[people] = True


def _call_back(run: ProtocolRun, people: Ints) -> None:
    """Let staff go back to their day once every room is released."""
    run.on_duty[people] = False
    run.people.enter_all(people, PersonState.ROUTINE)
