"""One incident with protocols: who is where, in which state, and who follows which procedure."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy import Event

from buildings import CompiledPlan
from sim.abilities import Abilities
from sim.conductor import Incident
from sim.kernels.arrays import IN_PLACE, NO_ROUTE, NOT_STARTED, OUT, QUEUEING, WALKING
from sim.movement import walking_metres
from sim.network import Goal
from sim.protocols.draws import Draws
from sim.protocols.hearing import Hearing
from sim.protocols.needs import SpecialNeeds
from sim.protocols.orders import ProtocolOrders
from sim.protocols.refuge_times import Away, Refuge
from sim.protocols.responders import RESPONDER
from sim.protocols.rules import Response, Situation
from sim.protocols.states import (
    DOOR_CLOSED,
    DOOR_LOCKED,
    DOOR_STANDS_OPEN,
    PERSON_ALERTED,
    PERSON_CONCEALED,
    ROOM_ALERTED,
    DoorState,
    PersonState,
    RoomState,
    StateBoard,
)
from sim.roster import Roster

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Procedure: TypeAlias = Generator[Event, Any, None]

IN_CHARGE: Final = ("teacher", "substitute", "aide", "office")
"""Roles that take charge of a room, the first one present before the others."""

AGE_ORDER: Final = (
    "prekindergarten", "grades_k_2", "grades_3_5", "grades_6_8", "grades_9_12", "adult",
)  # fmt: skip
"""Age bands from the youngest."""


class ProtocolRun:
    """The rooms, doors and people of one replica, and the procedures that run in it.

    Parameters
    ----------
    incident : Incident
    orders : ProtocolOrders
    compiled : CompiledPlan
    roster : Roster
    abilities : Abilities
    goals : mapping of Goal to routing row
    places : mapping of standing place to place of the network
    slots : ndarray of int, shape (N,)
        Standing place of each person at the start; -1 for people outdoors.
    draws : Draws
    speed_mps : ndarray, shape (N, 3)
    """

    def __init__(
        self,
        incident: Incident,
        orders: ProtocolOrders,
        compiled: CompiledPlan,
        roster: Roster,
        abilities: Abilities,
        *,
        goals: Mapping[Goal, int],
        places: Mapping[int, int],
        slots: Ints,
        draws: Draws,
        speed_mps: Floats,
    ) -> None:
        self.incident, self.orders, self.compiled = incident, orders, compiled
        self.roster, self.abilities, self.draws = roster, abilities, draws
        self.speed_mps = speed_mps
        self.needs = orders.needs or SpecialNeeds.none(abilities.size)
        self.movement = incident.movement
        n_spaces = len(compiled.space_ids)

        def now() -> float:
            return float(incident.now)

        self.rooms = StateBoard(RoomState, now, np.zeros(n_spaces, dtype=np.int64))
        self.doors = StateBoard(DoorState, now, self._doors_at_first())
        self.people = StateBoard(PersonState, now, np.zeros(roster.n_people, dtype=np.int64))
        self.times = {name: np.full(n_spaces, np.inf) for name in ROOM_TIMES}
        self.group_assembled_s = np.full(len(roster.groups.ids), np.inf)
        self.group_accounted_s = np.full(len(roster.groups.ids), np.inf)
        self.caught_s = np.full(roster.n_people, np.inf)
        self.in_room_s = np.full(roster.n_people, np.inf)
        self.room_of = np.full(roster.n_people, -1, dtype=np.int64)
        self._inside = self._insides()
        self.announced_s = np.full(len(orders.timeline), np.inf)
        self.last_room = np.full(roster.n_people, -1, dtype=np.int64)
        self.occupied = np.zeros(n_spaces, dtype=np.bool_)
        self.concealed = np.zeros(n_spaces, dtype=np.int64)
        self.believes_locked = np.zeros(n_spaces, dtype=np.bool_)
        self._goals, self._places = goals, places
        self._slots = {place: slot for slot, place in places.items()}
        self.on_duty = np.array([role == RESPONDER for role in roster.role], dtype=np.bool_)
        self.kept_free: set[int] = set()
        self._slot = slots.copy()
        self._space = np.append(compiled.cell_space, -1)
        self._errand = np.zeros(roster.n_people, dtype=np.int64)
        self._at_work: dict[int, _Duty] = {}
        corners = orders.corners
        self.corner_place = np.array(
            [places.get(int(s), -1) for s in corners.goal_slot], dtype=np.int64
        )
        self.room_spaces = np.flatnonzero(corners.is_room & (self.corner_place >= 0))
        self.room_rows = {
            level_only: np.array(
                [
                    self.row_of(int(self.corner_place[s]), level_only=level_only)
                    for s in self.room_spaces
                ],
                dtype=np.int64,
            )
            for level_only in sorted({*abilities.level_only.tolist()})
        }
        self.tried: dict[int, set[int]] = {}
        self.hazard_known = np.zeros(n_spaces, dtype=np.bool_)
        self.thrown_remotely: dict[int, simpy.Process] = {}
        self.hazard_in = np.zeros(n_spaces, dtype=np.bool_)
        self.hazard_reported = incident.event()
        self.refuge = Refuge.of(roster.n_people, n_spaces)
        self.away = Away.of(incident, roster.n_people, len(roster.groups.ids))
        self.came_in: Callable[[int, int, int], None] = _nobody_comes
        self.counts_arrival: Callable[[int], None] | None = None
        self._rank = np.array(
            [IN_CHARGE.index(role) if role in IN_CHARGE else len(IN_CHARGE) for role in roster.role]
        )
        self.adult = self._rank < len(IN_CHARGE)

    # what is where

    def _doors_at_first(self) -> Ints:
        doors = self.orders.doors
        stands_open = self.draws.uniform("gate", "stands open") < doors.stands_open
        state = np.where(doors.locked, DOOR_LOCKED, DOOR_CLOSED).astype(np.int64)
        state[stands_open | ~doors.can_close] = DOOR_STANDS_OPEN
        return state

    def begin(self) -> None:
        """Shut the doors that are locked from the beginning for those who come from outside."""
        for gate in np.flatnonzero(self.doors.state == DOOR_LOCKED).tolist():
            self.movement.shut_unseen(2 * gate + 1 - self.inside_of(gate))

    def present_in(self, space: int) -> Ints:
        """Return the people who are in a space now, in order of the roster.

        Responders, and staff while they release rooms, do not belong to the room they are in.
        """
        return np.flatnonzero((self.space_now() == space) & ~self.on_duty)

    def waiting_in(self, space: int) -> Ints:
        """Return the people in a space who have heard something and do nothing about it yet."""
        present = self.present_in(space)
        return np.asarray(present[self.people.state[present] == PERSON_ALERTED])

    def space_now(self) -> Ints:
        """Return the space in which each person is; -1 outdoors."""
        return np.asarray(self._space[self.movement.person("cell")])

    def is_outside(self, people: Ints) -> NDArray[np.bool_]:
        """Whether people are out of the building: they have left it, or were never in it."""
        status = self.movement.person("status")[people]
        since_the_start = (self.roster.outdoors[people] >= 0) & (status == NOT_STARTED)
        return np.asarray((status == OUT) | since_the_start)

    def in_charge(self, present: Ints) -> int:
        """Return who takes charge among some people; -1 without staff."""
        ranks = self._rank[present]
        if not len(ranks) or ranks.min() == len(IN_CHARGE):
            return -1
        return int(present[np.argmin(ranks)])

    def doors_of(self, space: int) -> list[tuple[int, int]]:
        """Return the gates that lead into a room, each with the side that lies in it."""
        corners = self.orders.corners
        own = slice(int(corners.door_start[space]), int(corners.door_start[space + 1]))
        return list(
            zip(corners.door_gate[own].tolist(), corners.door_inside[own].tolist(), strict=True)
        )

    def row_of(self, place: int, *, level_only: bool) -> int:
        """Return the routing row to a place, on foot or on the level only."""
        return self._goals[Goal(place=place, level_only=level_only)]

    def row_to(self, person: int, place: int) -> int:
        """Return the routing row by which a person gets to a place; -1: out of doors."""
        level_only = bool(self.abilities.level_only[person])
        if place < 0:
            return self._goals[Goal(int(self.roster.exit_gate[person]), level_only=level_only)]
        return self._goals[Goal(place=place, level_only=level_only)]

    # what people know

    def alert(self, people: Ints) -> Ints:
        """Let people hear something new; what they did before ends with it. Returns them."""
        hear = people[self.people.state[people] != PERSON_ALERTED]
        self.forget(hear)
        self.people.enter_all(hear, PERSON_ALERTED)
        return people

    def forget(self, people: Ints) -> None:
        """Let nothing more come of what people were sent for, and give up their places."""
        hidden = people[self.people.state[people] == PERSON_CONCEALED]
        np.subtract.at(self.concealed, self.room_of[hidden], self.needs.corner_places[hidden])
        self.room_of[people] = -1
        self._errand[people] += 1

    def room_hears(self, space: int) -> None:
        """Note that something new is heard in a room."""
        self.note("heard_s", space)
        if self.rooms.state[space] != ROOM_ALERTED:
            self.rooms.enter(space, ROOM_ALERTED)

    def response(self, situation: Situation) -> Response:
        """Return what the rules of the scenario say."""
        return self.orders.rules.response(situation)

    def hazard_near(self, space: int) -> bool:
        """Whether people in a space know of a hazard in it or next to it."""
        return space >= 0 and bool(self.hazard_known[space])

    def knows_a_way_out(self, person: int) -> bool:
        """Whether somebody knows of a way out of the building that is not closed."""
        row = self._goals[Goal(level_only=bool(self.abilities.level_only[person]))]
        return bool(np.isfinite(self.movement.metres_to_goal(person, row)))

    def age_band_of(self, person: int) -> str:
        """Return the age band of somebody; empty where it is not known."""
        return self.orders.age_bands[person] if self.orders.age_bands else ""

    def age_band_in(self, space: int) -> str:
        """Return the youngest age band in a space; empty where none is known."""
        bands = {self.age_band_of(person) for person in self.present_in(space).tolist()} - {""}
        return min(bands, key=AGE_ORDER.index, default="")

    def hears_outdoors(self, person: int, heard: Hearing) -> float:
        """Return when somebody outdoors hears a directive; inf never."""
        place = int(self.movement.of_person(person, "place"))
        if not 0 <= place < len(heard.outdoors_s):
            place = int(self.roster.outdoors[person])
        if place < 0:
            return float(heard.outdoors_s.min(initial=np.inf))
        return float(heard.outdoors_s[place])

    def metres_out(self, space: int) -> float:
        """Return the walking distance from the corner of a room to the nearest exterior door."""
        slot = int(self.orders.corners.goal_slot[space])
        network, goal = self.movement.network, self._goals[Goal()]
        return walking_metres(
            network,
            self.movement.kernel,
            cell=int(self.compiled.slot_cell[slot]),
            anchor=int(self.compiled.slot_start[slot]),
            row=goal,
        )

    def metres_out_of(self, person: int) -> float:
        """Return the walking distance from somebody to the nearest exterior door."""
        row = self._goals[Goal(level_only=bool(self.abilities.level_only[person]))]
        return float(self.movement.metres_to_goals(person, np.array([row]))[0])

    def metres_to_rooms(self, person: int) -> Floats:
        """Return the walking distance from somebody to each of ``room_spaces``."""
        rows = self.room_rows[bool(self.abilities.level_only[person])]
        return self.movement.metres_to_goals(person, rows)

    def metres_to_places(self, person: int, places: Sequence[int]) -> Floats:
        """Return the walking distance from somebody to each of some places."""
        rows = np.array([self.row_to(person, place) for place in places], dtype=np.int64)
        return self.movement.metres_to_goals(person, rows)

    # doors

    def bar(self, gate: int) -> None:
        """Let nobody come in through a locked door; whoever is inside can still leave."""
        if gate in self.kept_free:
            return
        inside = self.inside_of(gate)
        self.incident.set_gate(gate, passes=(inside == 0, inside == 1))

    def unbar(self, gate: int) -> None:
        """Let people through a door again."""
        if gate in self.kept_free:
            self.let_in_only(gate)
            return
        self.incident.set_gate(gate, passes=(True, True))

    def let_in_only(self, gate: int) -> None:
        """Let people in by a door that is not locked, and nobody out."""
        shut = self.doors.state[gate] == DoorState.LOCKED
        inside = self.inside_of(gate)
        self.incident.set_gate(gate, passes=(inside == 1 and not shut, inside == 0 and not shut))

    def place_at(self, slot: int) -> int:
        """Return the place of the network at a standing place."""
        return self._places[slot]

    def slot_at(self, place: int) -> int:
        """Return the standing place at a place of the network; -1 for an assembly area."""
        return self._slots.get(place, -1)

    def inside_of(self, gate: int) -> int:
        """Return the side of a gate, 0 or 1, from which people may still pass when it is locked.

        Indoors of an exterior door, in the room of the door of one; of a door between two rooms the
        first, of any other door the first side.
        """
        return self._inside.get(gate, 0)

    def _insides(self) -> dict[int, int]:
        corners, compiled = self.orders.corners, self.compiled
        inside: dict[int, int] = {}
        for space in np.flatnonzero(corners.is_room | corners.is_restroom).tolist():
            for gate, side in self.doors_of(space):
                inside.setdefault(gate, side)
        for side in np.flatnonzero(compiled.side_cell == compiled.outside).tolist():
            inside[side >> 1] = 1 - (side & 1)
        return inside

    # moving people

    def muster_of(self, space: int) -> int:
        """Return the group that counts the people of a room as they come to its corner."""
        return len(self.roster.groups.ids) + space

    def slots_of(self, people: Ints) -> Ints:
        """Return where people have stood since the start, as standing places; -1 who has left."""
        waiting = self.movement.person("status")[people] == NOT_STARTED
        return np.where(waiting, self._slot[people], -1)

    def go(self, people: Sequence[int] | Ints, place: int, inside_m: Floats | None = None) -> None:
        """Send people to a place, or out of doors with -1, and let them set off now.

        Each gets a new errand: what was to come of the one before is forgotten.
        """
        who = np.asarray(people, dtype=np.int64)
        self._send(who, self._rows_to(who, place), place, inside_m)

    def leave_by(self, people: Sequence[int] | Ints, place: int = -1) -> None:
        """Send people out of doors: to an assembly area, or where the exit they take leads."""
        who = np.asarray(people, dtype=np.int64)
        self._send(who, self._rows_to(who, -1), place, None)

    def _send(self, who: Ints, rows: Ints, place: int, inside_m: Floats | None) -> None:
        if not len(who):
            return
        waiting = self.movement.person("status")[who] == NOT_STARTED
        self.movement.send(who, rows, np.full(len(who), place), inside_m=inside_m)
        self.incident.release(who[waiting].tolist())
        self._errand[who] += 1

    def _rows_to(self, who: Ints, place: int) -> Ints:
        """Return the routing row by which each of some people gets to a place; -1: out of doors."""
        level_only = self.abilities.level_only[who]
        if place < 0:
            own = zip(self.roster.exit_gate[who].tolist(), level_only.tolist(), strict=True)
            return np.array(
                [self._goals[Goal(gate, level_only=able)] for gate, able in own], dtype=np.int64
            )
        rows = np.empty(len(who), dtype=np.int64)
        for kind in (False, True):
            if (level_only == kind).any():
                rows[level_only == kind] = self._goals[Goal(place=place, level_only=kind)]
        return rows

    def turn_back(self, space: int) -> None:
        """Let people of a room who are on their way out of it, or through it, come back into it."""
        present, place = self.present_in(space), int(self.corner_place[space])
        afoot = np.isin(self.movement.person("status")[present], (WALKING, QUEUEING))
        elsewhere = self.movement.person("place")[present] != place
        self.go(present[afoot & elsewhere], place)

    def then(self, person: int, do: Callable[[], None]) -> None:
        """Have something done once a person who was sent stops: at the place, or without a way.

        Nothing is done if they are sent anew before.
        """
        errand = int(self._errand[person])

        def stopped() -> None:
            if self._errand[person] != errand:
                return
            if self.has_stopped(person):
                do()
            else:
                self.incident.when_stopped(person, stopped)

        if self.has_stopped(person):
            self.incident.at(float(self.incident.now), stopped)
        else:
            self.incident.when_stopped(person, stopped)

    def later(self, person: int, seconds: float, do: Callable[[], None]) -> None:
        """Have something done for a person after a time, unless they are sent anew before."""
        errand = int(self._errand[person])

        def now() -> None:
            if self._errand[person] == errand:
                do()

        self.incident.at(float(self.incident.now) + seconds, now)

    def has_stopped(self, person: int) -> bool:
        """Whether somebody stands where they were sent, or knows of no way there."""
        return self.movement.of_person(person, "status") in (IN_PLACE, OUT, NO_ROUTE)

    def has_arrived(self, person: int, place: int) -> bool:
        """Whether a person stands at a place."""
        movement = self.movement
        return bool(
            movement.of_person(person, "status") == IN_PLACE
            and movement.of_person(person, "place") == place
        )

    # time

    def takes(self, kind: str, which: int, step: str, turn: int) -> simpy.Timeout:
        """Return the event that a step is done: its drawn time from now, with special needs."""
        seconds = float(self.draws.seconds(kind, step, turn)[which])
        if kind == "space":
            seconds *= self.needs.room_factor(step, self.present_in(which))
        elif kind == "person":
            seconds *= self.needs.person_factor(step, which)
        return self.incident.timeout(seconds)

    def note(self, name: str, space: int) -> None:
        """Write down when something happened to a room, the first time that it does."""
        times = self.times[name]
        times[space] = min(times[space], float(self.incident.now))

    def shelters(self, people: Ints, space: int) -> None:
        """Note that people are in shelter from now on, in a space; -1 outdoors."""
        self.people.enter_all(people, PersonState.SHELTERED)
        self.refuge.sheltered_s[people] = float(self.incident.now)
        self.refuge.space[people] = space

    # procedures

    def follow(self, space: int, procedure: Procedure) -> None:
        """Let the people of a room follow a procedure from now on, instead of the one before."""
        before = self._at_work.get(space)
        if before is not None:
            before.stop()
        self._at_work[space] = _Duty(self.incident, procedure)


def _nobody_comes(person: int, space: int, turn: int) -> None:
    """Stand for what happens when somebody comes into a room, before anything is announced."""
    raise RuntimeError(f"person {person} came into space {space} before turn {turn} began")


class _Duty:
    """A procedure that is followed to its end, or until something else is to be done instead."""

    def __init__(self, incident: Incident, procedure: Procedure) -> None:
        self._procedure = procedure
        self._begun = self._given_up = False
        self._process = incident.process(self._follow())

    def _follow(self) -> Procedure:
        if self._given_up:
            return
        self._begun = True
        try:
            yield from self._procedure
        except simpy.Interrupt:
            self._procedure.close()

    def stop(self) -> None:
        """Give the procedure up, wherever it is."""
        self._given_up = True
        if self._begun and self._process.is_alive:
            self._process.interrupt()


ROOM_TIMES: Final = (
    "heard_s", "recognised_s", "closed_s", "locked_s", "believed_locked_s", "dark_s", "covered_s",
    "out_of_sight_s", "quiet_s", "secured_s", "unsecured_s", "left_s", "empty_s", "released_s",
    "settled_s", "no_key_s", "sealed_s",
)  # fmt: skip
"""What is timed for every room; inf where it did not happen."""
