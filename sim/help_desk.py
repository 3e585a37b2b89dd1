"""The help desk of one run: who waits for help, who can come, and where the chairs are.

Who is served first is settled by rule. People who wait are served in the order in which they were
reported. The nearest free helper on foot goes, of equally near ones the first of the roster, and
goes at once even if a second one is not free yet; nobody who was reported later gets a helper whom
somebody earlier could use. Where an evacuation chair is needed, the first helper fetches it: that
helper and that chair are taken together, so that the walk to the chair and on to the person is
shortest.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from simpy import Event

from sim.assistance import CHAIR, LIFT, Assistance, HelpTask
from sim.conductor import Incident
from sim.kernels.arrays import NOT_STARTED
from sim.movement import walking_metres
from sim.network import Goal, MovementError
from sim.waiting_places import WaitingPlaces


@dataclass(slots=True, eq=False)
class Chair:
    """An evacuation chair: at a place of the network, unless a helper has it."""

    number: int
    place: int
    in_use: bool = False


@dataclass(slots=True, eq=False)
class Call:
    """Somebody who was reported as waiting for help.

    ``coming`` are the helpers given to them so far, ``here`` those who have arrived. ``answered``
    happens when all are there, or when a lift can be had; ``lift`` is its number then.
    """

    person: int
    place: int
    needed: int
    way: int
    answered: Event
    coming: list[int] = field(default_factory=list)
    here: list[int] = field(default_factory=list)
    chair: Chair | None = None
    lift: int = -1


@dataclass(slots=True, eq=False)
class _Task:
    helper: int
    person: int
    called_s: float
    arrived_s: float = math.inf
    done_s: float = math.inf


class HelpDesk:
    """Gives helpers and chairs to people who wait.

    Parameters
    ----------
    incident : Incident
    assistance : Assistance
    waiting : WaitingPlaces
    rows : mapping of Goal to routing row
    """

    def __init__(
        self,
        incident: Incident,
        assistance: Assistance,
        waiting: WaitingPlaces,
        rows: Mapping[Goal, int],
    ) -> None:
        self.assistance = assistance
        self.busy: dict[int, _Task] = {}
        self._incident = incident
        self._movement = incident.movement
        self._rows = rows
        self._free: set[int] = set()
        self._calls: list[Call] = []
        self._tasks: list[_Task] = []
        self._chairs = [
            Chair(number, waiting.place(slot)) for number, slot in enumerate(waiting.chairs)
        ]
        enough = len(assistance.helpers)
        self._expected = {
            int(person) for person in waiting.people if assistance.helpers_needed[person] <= enough
        }

    @property
    def tasks(self) -> tuple[HelpTask, ...]:
        """Every task so far, in order of the call."""
        return tuple(
            HelpTask(t.helper, t.person, t.called_s, t.arrived_s, t.done_s) for t in self._tasks
        )

    def call(self, person: int, place: int) -> Call:
        """Report somebody who waits at a place; helpers come with the next `give_out`."""
        assistance = self.assistance
        call = Call(
            person,
            place,
            int(assistance.helpers_needed[person]),
            int(assistance.way[person]),
            self._incident.event(),
        )
        if person in self._expected:
            self._calls.append(call)
        return call

    def send_by_lift(self, call: Call, lift: int, *, attended: bool) -> None:
        """Let somebody to whom nobody comes yet leave by lift: alone, or with one helper."""
        call.lift, call.way = lift, LIFT
        call.needed = 1 if attended else 0
        if not attended:
            self._settle(call)
            call.answered.succeed()
        elif call not in self._calls and self.assistance.helpers:
            self._calls.append(call)
        self.give_out()

    def free(self, helper: int) -> None:
        """Note that a helper is there for others, as staff are who have seen to their class."""
        if helper in self._free or helper in self.busy:
            raise MovementError(f"person {helper} is free or at work already")
        self._free.add(helper)
        self.give_out()

    def done(self, call: Call) -> None:
        """Note that somebody has been brought out: helpers and chair stand where they are."""
        now = float(self._incident.now)
        if call.chair is not None:
            call.chair.place = int(self._movement.of_person(call.person, "place"))
            call.chair.in_use = False
        for helper in call.here:
            self.busy.pop(helper).done_s = now
            if self.assistance.return_for_next:
                self._free.add(helper)
        self.give_out()

    def give_out(self) -> None:
        """Give free helpers to those who wait; whoever is not needed leaves like everybody else."""
        for call in list(self._calls):
            while len(call.coming) < call.needed:
                found = self._nearest(call)
                if found is None:
                    break
                self._give(call, *found)
            if len(call.coming) == call.needed:
                self._settle(call)
        if not self._expected:
            at_their_post = [h for h in sorted(self._free) if self._has_not_started(h)]
            self._incident.release(at_their_post)

    def _settle(self, call: Call) -> None:
        """Note that somebody needs no more helpers than they have."""
        if call in self._calls:
            self._calls.remove(call)
        self._expected.discard(call.person)

    def _has_not_started(self, helper: int) -> bool:
        return bool(self._movement.of_person(helper, "status") == NOT_STARTED)

    def _nearest(self, call: Call) -> tuple[int, Chair | None] | None:
        """Return the free helper who is there first on foot, with the chair to fetch on the way."""
        best: tuple[float, int, int] | None = None
        chosen: Chair | None = None
        wants_chair = call.way == CHAIR and call.chair is None
        for helper in sorted(self._free):
            for chair in self._chairs if wants_chair else [None]:
                metres = self._metres(helper, call.place, chair)
                key = (metres, helper, -1 if chair is None else chair.number)
                if math.isfinite(metres) and (best is None or key < best):
                    best, chosen = key, chair
        return None if best is None else (best[1], chosen)

    def _metres(self, helper: int, place: int, chair: Chair | None) -> float:
        """Return the metres a helper walks to a place, by way of a chair where one is fetched."""
        movement = self._movement
        if chair is None:
            return movement.metres_to_goal(helper, self._row(place))
        if chair.in_use:
            return math.inf
        if self._is_outside(chair.place):  # whoever has brought it out may take it in again
            at_hand = movement.stands_at(helper, chair.place)
            return movement.metres_to_goal(helper, self._row(place)) if at_hand else math.inf
        arrays = movement.network.arrays
        onward = walking_metres(
            movement.network,
            movement.kernel,
            cell=int(arrays.places["cell"][chair.place]),
            anchor=int(arrays.places["walk"][chair.place]),
            row=self._row(place),
        )
        return movement.metres_to_goal(helper, self._row(chair.place)) + onward

    def _is_outside(self, place: int) -> bool:
        return (
            place < 0
            or self._movement.cell_of_place(place) == self._movement.network.compiled.outside
        )

    def _row(self, place: int) -> int:
        return self._rows[Goal(place=place)]

    def _give(self, call: Call, helper: int, chair: Chair | None) -> None:
        self._free.remove(helper)
        if helper in self.busy:
            raise MovementError(f"person {helper} is called to two people at once")
        task = _Task(helper, call.person, float(self._incident.now))
        self.busy[helper] = task
        self._tasks.append(task)
        call.coming.append(helper)
        if chair is not None:
            chair.in_use = True
            call.chair = chair
        self._incident.process(self._come(call, task, chair))

    def _come(self, call: Call, task: _Task, chair: Chair | None) -> Generator[Event, Any, None]:
        """Walk to somebody who waits, by way of the chair."""
        helper = task.helper
        if chair is not None and not self._is_outside(chair.place):
            yield from self.walk(helper, Goal(place=chair.place))
        yield from self.walk(helper, Goal(place=call.place))
        task.arrived_s = float(self._incident.now)
        call.here.append(helper)
        if len(call.here) == call.needed:
            call.answered.succeed()

    def walk(self, person: int, goal: Goal, *, place: int = -1) -> Generator[Event, Any, None]:
        """Send somebody off and wait until they are there, however long doors keep them.

        ``place`` is where somebody who leaves the building stops; -1 where the exit decides.
        """
        movement = self._movement
        place = goal.place if goal.place >= 0 else place
        if not movement.stands_at(person, place) or place < 0:
            movement.send([person], [self._rows[goal]], [place])
            self._incident.release([person])
        yield from self.arrival(person, place)

    def arrival(self, person: int, place: int) -> Generator[Event, Any, None]:
        """Wait until somebody stands at a place; -1 for anywhere outside."""
        while not self._movement.stands_at(person, place):
            yield self._incident.arrived(person)
