"""A lift car under way: it fetches those who wait, a load at a time, and takes them to the exit."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Final

from simpy import Event

from sim.conductor import Incident
from sim.lifts import Lift

LOOK_AGAIN_S: Final = 1.0
"""Where the floor before the doors is full, the operator looks again after so long (ours)."""


@dataclass(slots=True, eq=False)
class Party:
    """Somebody, with whoever goes with them, who waits for a lift at one of its stops."""

    person: int
    stop: int
    boarding_s: float
    opened: Event
    aboard: Event
    out: Event


class LiftCar:
    """One lift in one run: a server that takes a batch at a time from one floor to the exit.

    Parameters
    ----------
    incident : Incident
    lift : Lift
    places : sequence of int
        The place of the network before the doors of each stop.
    in_service : callable
        Called when the fire service takes the lift over.
    """

    def __init__(
        self, incident: Incident, lift: Lift, places: tuple[int, ...], in_service: Callable[[], Any]
    ) -> None:
        self.lift = lift
        self.places = places
        self.runs = False
        self._incident = incident
        self._in_service = in_service
        self._waiting: list[Party] = []
        self._called = incident.event()

    def wait(self, person: int, stop: int, boarding_s: float) -> Party:
        """Let somebody who has stopped before the doors wait for the car."""
        event = self._incident.event
        party = Party(person, stop, boarding_s, event(), event(), event())
        self._waiting.append(party)
        if not self._called.triggered:
            self._called.succeed()
        return party

    def serve(self) -> Generator[Event, Any, None]:
        """Fetch those who wait: one floor a trip, straight down to the exit."""
        incident, lift = self._incident, self.lift
        yield incident.timeout(lift.from_s)
        self.runs = True
        self._in_service()
        while True:
            while not self._waiting:
                self._called = incident.event()
                yield self._called
            stop = self.next_stop()
            yield incident.timeout(lift.ride_s(lift.exit_stop, stop))
            yield incident.timeout(lift.door_s)
            aboard = yield from self._load(stop)
            yield incident.timeout(lift.door_s)
            yield incident.timeout(lift.ride_s(stop, lift.exit_stop))
            yield incident.timeout(lift.door_s)
            for party in aboard:
                yield incident.timeout(party.boarding_s)
                yield from self._set_down(party)
            yield incident.timeout(lift.door_s)

    def next_stop(self) -> int:
        """Return the stop to serve next; of equally near ones the higher.

        The car stands at the exit stop.
        """
        stops = self.lift.stops
        wanted = sorted({party.stop for party in self._waiting})
        if self.lift.order == "top_down":
            return max(wanted, key=lambda stop: stops[stop].height_m)
        home = stops[self.lift.exit_stop].height_m
        return min(
            wanted, key=lambda stop: (abs(stops[stop].height_m - home), -stops[stop].height_m)
        )

    def _load(self, stop: int) -> Generator[Event, Any, list[Party]]:
        """Take in those who wait on a floor and still fit, in the order in which they came."""
        aboard: list[Party] = []
        room = self.lift.places
        while True:
            party = next(
                (p for p in self._waiting if p.stop == stop and self._size(p) <= room), None
            )
            if party is None:
                return aboard
            self._waiting.remove(party)
            room -= self._size(party)
            party.opened.succeed()
            yield self._incident.timeout(party.boarding_s)
            self._incident.movement.board(party.person)
            party.aboard.succeed()
            aboard.append(party)

    def _set_down(self, party: Party) -> Generator[Event, Any, None]:
        movement = self._incident.movement
        place = self.places[self.lift.exit_stop]
        while not movement.has_room(movement.cell_of_place(place), self._size(party)):
            yield self._incident.timeout(LOOK_AGAIN_S)
        movement.alight(party.person, place)
        party.out.succeed()

    def _size(self, party: Party) -> int:
        return int(self._incident.movement.of_person(party.person, "size"))
