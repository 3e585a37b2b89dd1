"""Units arrive, find the door, get in and walk to where they are needed."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from sim.distributions import Distribution
from sim.protocols.responder_times import ResponderTimes
from sim.protocols.responders import Responders, Unit
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import DoorState, PersonState
from sim.protocols.walk_together import metres_to_slots, slots_to_go_on_from, walk_together

Floats = NDArray[np.float64]


class Responding:
    """The units of one replica, where they are in what they do, and when they did it.

    Parameters
    ----------
    run : ProtocolRun
    responders : Responders
    """

    def __init__(self, run: ProtocolRun, responders: Responders) -> None:
        self.run, self.responders = run, responders
        n_units, n_spaces = len(responders.units), len(run.compiled.space_ids)
        self.arrived_s = np.full(n_units, np.inf)
        self.entered_s = np.full(n_units, np.inf)
        self.at_room_s = np.full(n_units, np.inf)
        self.to_room_s = np.full((n_units, n_spaces), np.nan)
        self.to_room_s[:, run.room_spaces] = np.inf
        self.room_reached_s = np.full(n_spaces, np.inf)
        self.room_released_s = np.full(n_spaces, np.inf)
        self.to_release = np.zeros(n_spaces, dtype=np.bool_)
        self.release_from_s = np.inf
        self.escorted = np.zeros(run.roster.n_people, dtype=np.bool_)
        self.inside = [run.incident.event() for _ in responders.units]
        self.rounds: dict[tuple[int, ...], Event] = {}
        self._opened: dict[int, Event] = {}
        self.door_slots = slots_to_go_on_from(run, responders.door_slots)

    def begin(self, alerted: Event) -> None:
        """Let the units come, and keep free the doors that are kept for them.

        Parameters
        ----------
        alerted : Event
            Happens when it is known when the dispatcher sends units, which is its value.
        """
        run = self.run
        for number, unit in enumerate(self.responders.units):
            people = np.array(unit.people)
            run.on_duty[people] = True
            run.people.enter_all(people, PersonState.AT_A_TASK)
            run.incident.process(self._come(number, unit, alerted))
        for gate, from_s in sorted(self.responders.kept_free.items()):
            run.incident.at(from_s, partial(keep_free, run, gate))

    def _come(self, number: int, unit: Unit, alerted: Event) -> Procedure:
        """Take one unit from the dispatch to the room it goes to."""
        run = self.run
        if unit.on_site:
            self.arrived_s[number] = self.entered_s[number] = 0.0
        else:
            dispatched_s = self.responders.dispatched_s
            if dispatched_s is None:
                dispatched_s = yield alerted
            arrives_s = dispatched_s + self._drawn(unit, "travels", unit.travel_s)
            if not np.isfinite(arrives_s):
                return
            yield run.incident.timeout(max(0.0, arrives_s - run.incident.now))
            self.arrived_s[number] = float(run.incident.now)
            if unit.entry_gate < 0:
                return
            yield run.incident.timeout(self._drawn(unit, "finds the door", unit.find_door_s))
            yield from self._open(unit, unit.entry_gate, "gets access")
            are_in, first_s = yield from walk_together(run, unit.people, unit.entry_slot)
            self.entered_s[number] = first_s
            for gate, slot in unit.inner_doors:
                if are_in:
                    yield from self._open(unit, gate, f"gets through {gate}")
                    are_in, _ = yield from walk_together(run, unit.people, slot)
            if not are_in:
                return
        self._look_ahead(number, unit)
        if unit.goes_to >= 0:
            there = yield from self.walk_to_room(unit.people, unit.goes_to)
            if there:
                self.at_room_s[number] = float(run.incident.now)
        self.inside[number].succeed()

    def _open(self, unit: Unit, gate: int, what: str) -> Procedure:
        """Wait until a door is open for a unit: by its own means, or by another unit."""
        run = self.run
        if run.doors.state[gate] != DoorState.LOCKED:
            return
        opened = self._opened.get(gate)
        if opened is None or opened.triggered:
            opened = self._opened[gate] = run.incident.event()
        if unit.access_s is None:
            yield opened
            return
        own = run.incident.timeout(self._drawn(unit, what, unit.access_s))
        yield own | opened
        if not opened.triggered:
            opened.succeed()
            if run.doors.state[gate] == DoorState.LOCKED:
                run.doors.enter(gate, DoorState.CLOSED)
                run.unbar(gate)

    def _drawn(self, unit: Unit, what: str, distribution: Distribution) -> float:
        """Return a time of a unit, keyed by the first of its people."""
        quantile = self.run.draws.uniform("person", f"unit {what}")[unit.people[0]]
        return float(distribution.ppf(quantile))

    def _look_ahead(self, number: int, unit: Unit) -> None:
        """Note when a unit would be at each room if it went there from here, and unhindered."""
        run = self.run
        rooms = [space for space in run.room_spaces.tolist() if space in self.door_slots]
        slots = [slot for space in rooms for slot in self.door_slots[space]]
        metres = metres_to_slots(run, unit.people[0], slots)
        owner = np.repeat(rooms, [len(self.door_slots[space]) for space in rooms])
        nearest = np.full(len(run.compiled.space_ids), np.inf)
        np.minimum.at(nearest, owner, metres)
        pace = float(run.speed_mps[list(unit.people), 0].min())
        find = np.zeros(len(nearest))
        quantile = run.draws.uniform("space", "room is found")
        for numbered, distribution in enumerate(self.responders.find_room_s):
            own = self.responders.numbered == bool(numbered)
            find[own] = distribution.ppf(quantile[own])
        at_s = float(run.incident.now) + nearest / pace + find
        self.to_room_s[number, rooms] = at_s[rooms]

    def door_slot(self, person: int, space: int) -> tuple[int, float]:
        """Return the standing place before the nearest door of a room, and the metres to there."""
        slots = self.door_slots[space]
        metres = metres_to_slots(self.run, person, slots)
        nearest = int(np.argmin(metres))
        return slots[nearest], float(metres[nearest])

    def walk_to_room(self, people: Sequence[int], space: int) -> Generator[Event, Any, bool]:
        """Let people walk to the door of a room and find it; returns whether all are there."""
        run = self.run
        slot, metres = self.door_slot(people[0], space)
        if not np.isfinite(metres):
            return False
        there, _ = yield from walk_together(run, people, slot)
        if not there:
            return False
        find_s = self.responders.find_room_s[int(self.responders.numbered[space])]
        quantile = run.draws.uniform("space", "room is found")[space]
        yield run.incident.timeout(float(find_s.ppf(quantile)))
        self.room_reached_s[space] = min(self.room_reached_s[space], float(run.incident.now))
        return True

    def times(self) -> ResponderTimes:
        """Return what came out of it so far."""
        units = self.responders.units
        return ResponderTimes(
            unit_names=tuple(unit.name for unit in units),
            unit_arrived_s=self.arrived_s.copy(),
            unit_entered_s=self.entered_s.copy(),
            unit_at_room_s=self.at_room_s.copy(),
            unit_to_room_s=self.to_room_s.copy(),
            unit_on_site=np.array([unit.on_site for unit in units], dtype=np.bool_),
            room_reached_s=self.room_reached_s.copy(),
            room_released_s=self.room_released_s.copy(),
            to_release=self.to_release.copy(),
            release_from_s=self.release_from_s,
            escorted=self.escorted.copy(),
        )


def keep_free(run: ProtocolRun, gate: int) -> None:
    """Let a door be used from outside only from now on, and let everybody know."""
    run.kept_free.add(gate)
    run.let_in_only(gate)
    run.incident.inform(np.arange(run.roster.n_people).tolist(), gate)
