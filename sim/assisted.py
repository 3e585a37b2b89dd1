"""What happens to somebody who needs help: wait, be helped or take the lift, get out."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from sim.assistance import LIFT, Assistance, HelpTimes, Means
from sim.conductor import Incident
from sim.help_desk import Call, HelpDesk
from sim.lift_car import LiftCar
from sim.lifts import Lift
from sim.movement import walking_metres
from sim.network import Goal, MovementError
from sim.waiting_places import LEVEL_OUT_OF_DOORS, OUT_OF_DOORS, WaitingPlaces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class HelpDraws:
    """What is drawn for each person who needs help, shape (A,) each.

    Attributes
    ----------
    report_s, prepare_s : ndarray
        Seconds until helpers are called, and to get ready once they are there.
    boarding : ndarray
        Share in (0, 1) of the boarding times of whichever lift they take.
    """

    report_s: Floats
    prepare_s: Floats
    boarding: Floats


class AssistedEvacuation:
    """Refuges, helpers, chairs and lifts of one run.

    Parameters
    ----------
    incident : Incident
    assistance : Assistance
    waiting : WaitingPlaces
        Somebody in it; see `waiting_places`.
    rows : mapping of Goal to routing row
    speed_mps : ndarray, shape (N, 3)
    place : ndarray of int, shape (N,)
        Assembly place of each person, -1 where the exit decides.
    draws : HelpDraws
    """

    def __init__(
        self,
        incident: Incident,
        assistance: Assistance,
        waiting: WaitingPlaces,
        rows: Mapping[Goal, int],
        speed_mps: Floats,
        place: Ints,
        draws: HelpDraws,
    ) -> None:
        self.desk = HelpDesk(incident, assistance, waiting, rows)
        self.times = HelpTimes.of(waiting.people)
        self._incident = incident
        self._movement = incident.movement
        self._assistance = assistance
        self._waiting = waiting
        self._rows = rows
        self._speed_mps = speed_mps
        self._place = place
        self._draws = draws
        self._open: list[Call] = []
        self._cars = [
            LiftCar(
                incident,
                lift,
                tuple(waiting.place(slot) for slot in waiting.stops[number]),
                partial(self._takes_over, number),
            )
            for number, lift in enumerate(assistance.lifts)
        ]
        for car in self._cars:
            self._check(car.lift, car.places[car.lift.exit_stop])
            incident.process(car.serve())
        for index in range(len(waiting.people)):
            incident.process(self._leave(index))

    def leave_alone(self) -> set[int]:
        """Return those who take no orders from others: who needs help, and who is helping."""
        return {*self._waiting.people.tolist(), *self.desk.busy}

    def _leave(self, index: int) -> Generator[Event, Any, None]:
        """Go to where one waits, be reported, and leave with help or by lift."""
        incident, times = self._incident, self.times
        person = int(self._waiting.people[index])
        place = self._waiting.place(int(self._waiting.slot[index]))
        yield from self.desk.arrival(person, place)
        times.waits_from_s[index] = incident.now
        yield incident.timeout(self._draws.report_s[index])
        call = self.desk.call(person, place)
        self._open.append(call)
        for number in range(len(self._cars)):
            self._offer(call, number)
        self.desk.give_out()
        yield call.answered
        self._open.remove(call)
        if call.lift >= 0:
            yield from self._ride(index, call)
        else:
            yield from self._go_with_helpers(index, call)
        for helper in reversed(call.here):
            self._movement.part(helper, extra=self._extra(call, helper))
        self.desk.done(call)

    def _go_with_helpers(self, index: int, call: Call) -> Generator[Event, Any, None]:
        """Get ready, set off together, and stop where everybody gathers."""
        self.times.help_s[index] = self._incident.now
        yield self._incident.timeout(self._draws.prepare_s[index])
        self._join(call)
        self.times.set_off_s[index] = self._incident.now
        self.times.way[index] = call.way
        yield from self._out(call.person, OUT_OF_DOORS)

    def _ride(self, index: int, call: Call) -> Generator[Event, Any, None]:
        """Go to the lift with whoever goes along, wait for it, ride, and leave on the level."""
        car = self._cars[call.lift]
        stop = self._options(call)[call.lift]
        self._join(call)
        lobby = Goal(place=car.places[stop], level_only=True)
        yield from self.desk.walk(call.person, lobby)
        boarding_s = float(car.lift.boarding_s.ppf(self._draws.boarding[index]))
        party = car.wait(call.person, stop, boarding_s)
        yield party.opened
        self.times.help_s[index] = self._incident.now
        yield party.aboard
        self.times.set_off_s[index] = self._incident.now
        self.times.way[index] = LIFT
        yield party.out
        yield from self._out(call.person, LEVEL_OUT_OF_DOORS)

    def _out(self, person: int, goal: Goal) -> Generator[Event, Any, None]:
        yield from self.desk.walk(person, goal, place=int(self._place[person]))

    def _means(self, call: Call) -> Means | None:
        return None if call.way == LIFT else self._assistance.means[call.way]

    def _extra(self, call: Call, helper: int) -> int:
        """Return the places that the device takes up beside the person, counted with one helper."""
        means = self._means(call)
        if means is None or helper != call.here[0]:
            return 0
        own = self._waiting.sizes[call.person]
        return max(0, means.places - own)

    def _join(self, call: Call) -> None:
        """Let the helpers go with the person, at the pace of the slowest or of the device."""
        means = self._means(call)
        speeds = self._speed_mps[[call.person, *call.here]]
        if means is not None and means.speeds_mps is not None:
            speeds[0] = means.speeds_mps
        for helper in call.here:
            self._movement.join(helper, call.person, extra=self._extra(call, helper))
        level, down, up = speeds.min(axis=0).tolist()
        self._movement.set_speed(call.person, (level, down, up))

    def _takes_over(self, number: int) -> None:
        """Offer a lift that runs from now on to everybody who waits and to whom nobody comes."""
        for call in list(self._open):
            self._offer(call, number)

    def _offer(self, call: Call, number: int) -> None:
        """Send somebody to a lift that runs, if nobody is on the way to them and it can be used."""
        car = self._cars[number]
        free = call.lift < 0 and not call.coming and not call.answered.triggered
        if car.runs and free and number in self._options(call):
            self.desk.send_by_lift(call, number, attended=car.lift.attended)

    def _options(self, call: Call) -> dict[int, int]:
        """Return the lifts that somebody gets to without stairs and fits into: the nearest stop."""
        found = {}
        for number, car in enumerate(self._cars):
            lift = car.lift
            places = self._waiting.sizes[call.person] + (1 if lift.attended else 0)
            stops = [
                (self._level_metres(call.place, car.places[stop]), stop)
                for stop in range(len(lift.stops))
                if stop != lift.exit_stop and places <= lift.places
            ]
            metres, stop = min(stops, default=(math.inf, -1))
            if math.isfinite(metres):
                found[number] = stop
        return found

    def _level_metres(self, place: int, goal: int, /) -> float:
        """Return the metres without stairs from a place to another, or out of doors (-1)."""
        arrays = self._movement.network.arrays
        aim = Goal(place=goal, level_only=True) if goal >= 0 else LEVEL_OUT_OF_DOORS
        return walking_metres(
            self._movement.network,
            self._movement.kernel,
            cell=int(arrays.places["cell"][place]),
            anchor=int(arrays.places["walk"][place]),
            row=self._rows[aim],
        )

    def _check(self, lift: Lift, exit_place: int) -> None:
        if not math.isfinite(self._level_metres(exit_place, -1)):
            raise MovementError(
                f"lift {lift.name}: no exit can be reached without stairs from where it lets "
                "people out"
            )
