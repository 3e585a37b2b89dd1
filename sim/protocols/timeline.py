"""Carry out what is announced, one directive after the other, wherever it is heard."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.protocols.arriving import Responding
from sim.protocols.counting import Counting
from sim.protocols.directives import NO_ACTION, Action, Directive
from sim.protocols.door_to_door import DoorToDoorRelease
from sim.protocols.halls import find_a_room
from sim.protocols.hazards import HazardWatch
from sim.protocols.hearing import Announcer, Hearing
from sim.protocols.leaving import assembled, count_class, evacuate, leave_alone, out_already
from sim.protocols.lockdown import lock_down, settle
from sim.protocols.locking import lock_remotely
from sim.protocols.release import release_people, release_room
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.secure import come_in, hold, lock_outside_doors, stay_inside
from sim.protocols.states import (
    PERSON_AT_A_TASK,
    PERSON_HANDED_OVER,
    PERSON_REFERRED,
    PERSON_ROUTINE,
    PERSON_SEEKING_ROOM,
    PERSON_STAYING,
    ROOM_OPEN,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROOM_PROCEDURES = {
    Action.HOLD: hold,
    Action.SECURE: stay_inside,
    Action.LOCKDOWN: lock_down,
    Action.EVACUATE: evacuate,
    Action.RELEASE: release_room,
}
"""What the people of a room do at each action."""


class Timeline:
    """The directives of one run, and what becomes of them in every place.

    Parameters
    ----------
    run : ProtocolRun
    announcer : Announcer
    watch : HazardWatch
    counting : Counting, optional
        Roll calls that may be wrong, after an evacuation.
    """

    def __init__(
        self,
        run: ProtocolRun,
        announcer: Announcer,
        watch: HazardWatch,
        counting: Counting | None = None,
    ) -> None:
        self.run, self.announcer, self.watch = run, announcer, watch
        self.counting = counting
        self._begun = False
        if counting is not None:
            run.counts_arrival = counting.arrives
        self._in_force: dict[int, Action] = {}
        run.came_in = self._came_in
        responders = run.orders.responders
        self.responding = None if responders is None else Responding(run, responders)

    def begin(self) -> None:
        """Set everything going."""
        self.run.begin()
        self.watch.begin()
        if self.responding is not None:
            self.responding.begin(self.announcer.alerted)
        for turn, directive in enumerate(self.run.orders.timeline):
            self.run.incident.process(self._announce(directive, turn))

    def _announce(self, directive: Directive, turn: int) -> Procedure:
        """Announce one action: rooms, doors and people outside rooms hear it in their own time."""
        run = self.run
        decided_s = yield from self.announcer.wait_for(directive, turn)
        if np.isinf(decided_s):
            return
        heard = self.announcer.hearing(directive, turn, decided_s)
        run.announced_s[turn] = heard.zero_s
        if not self._begun:
            self._begun = True
            present = run.space_now()[~run.on_duty]
            run.occupied[np.intersect1d(present[present >= 0], run.room_spaces)] = True
        if directive.released_by == "door_to_door":
            self._go_door_to_door(directive, turn)
            return
        for space in run.room_spaces.tolist():
            if not directive.concerns(space):
                continue
            if np.isfinite(heard.right_s[space]):
                run.incident.process(
                    self._room_hears(space, directive, turn, float(heard.right_s[space]))
                )
            wrong = _misunderstood(directive, int(heard.action[space]))
            if wrong is not None and heard.time_s[space] < heard.right_s[space]:
                run.incident.process(
                    self._room_hears(space, wrong, turn, float(heard.time_s[space]))
                )
        if directive.action in (Action.LOCKDOWN, Action.HOLD):
            lock_remotely(run, turn)
        if directive.action == Action.SECURE:
            lock_outside_doors(run, turn)
        if directive.action == Action.EVACUATE:
            self._count_classes(directive, turn)
        self._others_hear(directive, turn, heard)

    def _room_hears(self, space: int, directive: Directive, turn: int, at_s: float) -> Procedure:
        run = self.run
        yield run.incident.timeout(max(0.0, at_s - run.incident.now))
        if not self._is_new(space, directive, turn):
            return
        if not len(run.present_in(space)) and run.rooms.state[space] == ROOM_OPEN:
            return
        self._in_force[space] = directive.action
        run.follow(space, ROOM_PROCEDURES[directive.action](run, space, turn))

    def _is_new(self, space: int, directive: Directive, turn: int) -> bool:
        """Whether a room does anything about a directive: not twice the same, nor a mere alarm."""
        run, before = self.run, self._in_force.get(space)
        in_hazard = run.hazard_in[space] and run.hazard_known[space]
        if in_hazard and directive.action not in (Action.EVACUATE, Action.RELEASE):
            return False  # its people are leaving it, and nobody is to stay
        if before == directive.action and run.rooms.state[space] != ROOM_OPEN:
            return False
        if directive.action == Action.RELEASE:
            return bool(run.rooms.state[space] != ROOM_OPEN)
        alarm_only = directive.action == Action.EVACUATE and not directive.to_leave
        if alarm_only and before == Action.LOCKDOWN:
            leaves = run.draws.uniform("space", f"leaves on alarm {turn}")[space]
            return bool(leaves >= run.orders.stays_in_lockdown)
        return True

    def _go_door_to_door(self, directive: Directive, turn: int) -> None:
        """Let teams release room after room; nobody else is told."""
        run, responding = self.run, self.responding
        if responding is None or responding.responders.release is None:
            raise ValueError("a release door to door needs somebody who goes")

        how = responding.responders.release

        def released(space: int) -> None:
            self._in_force[space] = Action.RELEASE
            if how.then == "escort":
                for group in np.flatnonzero(run.roster.groups.space == space).tolist():
                    self._count_class(group, turn)

        DoorToDoorRelease(responding, how, directive, turn, released).begin()

    def _others_hear(self, directive: Directive, turn: int, heard: Hearing) -> None:
        """Let people in halls, restrooms and outdoors hear it, each after a time to react."""
        run = self.run
        spaces = run.space_now()
        outside = ~np.isin(spaces, run.room_spaces) & ~run.on_duty
        react = run.draws.seconds("person", "react", turn)
        now = float(run.incident.now)
        for person in np.flatnonzero(outside).tolist():
            space = int(spaces[person])
            if not directive.concerns(space):
                continue
            hears_s = heard.right_s[space] if space >= 0 else run.hears_outdoors(person, heard)
            if np.isfinite(hears_s):
                reacts_s = float(react[person]) * run.needs.person_factor("react", person)
                at_s = max(now, float(hears_s)) + reacts_s
                run.incident.at(at_s, partial(self._person_acts, person, directive, turn))

    def _person_acts(self, person: int, directive: Directive, turn: int) -> None:
        """Let one person outside any room do what was announced, unless they are in one by now."""
        run = self.run
        state = run.people.state[person]
        in_a_room = bool(np.isin(run.space_now()[person], run.room_spaces))
        busy = run.on_duty[person] or state in (PERSON_HANDED_OVER, PERSON_REFERRED)
        at_a_task = state == PERSON_AT_A_TASK
        busy = busy or (at_a_task and directive.action in (Action.HOLD, Action.SECURE))
        if (
            in_a_room
            or busy
            or (person in run.orders.door_crew and directive.action == Action.SECURE)
        ):
            return
        outdoors = int(run.space_now()[person]) < 0
        if directive.action == Action.RELEASE:
            release_people(run, np.array([person]))
            return
        if state == PERSON_SEEKING_ROOM and directive.action != Action.EVACUATE:
            return
        if outdoors and directive.action in (Action.EVACUATE, Action.HOLD):
            if directive.action == Action.EVACUATE and state == PERSON_ROUTINE:
                out_already(run, person)
            return
        run.alert(np.array([person]))
        if directive.action == Action.SECURE and outdoors:
            come_in(run, person, turn)
        elif directive.action == Action.SECURE:
            run.people.enter(person, PERSON_STAYING)
        elif directive.action == Action.EVACUATE:
            leave_alone(run, person)
        else:
            find_a_room(run, person, turn)

    def _came_in(self, person: int, space: int, turn: int) -> None:
        """Let somebody who comes into a room do as the room does; begin there if nobody did."""
        run = self.run
        action = run.orders.timeline[turn].action if turn >= 0 else self._in_force.get(space)
        run.in_room_s[person] = min(run.in_room_s[person], float(run.incident.now))
        if action == Action.LOCKDOWN:
            settle(run, space)
            if run.rooms.state[space] == ROOM_OPEN and turn >= 0:
                self._in_force[space] = action
                run.follow(space, lock_down(run, space, turn))
        else:
            run.people.enter(person, PERSON_STAYING)

    def _count_classes(self, directive: Directive, turn: int) -> None:
        """Let every class that is told to leave be counted outside."""
        groups = self.run.roster.groups
        for group in range(len(groups.ids)):
            members = np.flatnonzero(self.run.roster.group == group)
            if len(members) and directive.concerns(int(groups.space[group])):
                self._count_class(group, turn)

    def _count_class(self, group: int, turn: int) -> None:
        """Let one class be counted outside."""
        count = (
            count_class(self.run, group, turn)
            if self.counting is None
            else self.counting.count(group)
        )
        self.run.incident.process(count)

    def finish(self) -> None:
        """Give everybody the state they are in when the run ends."""
        run = self.run
        for space in np.unique(run.room_of[run.room_of >= 0]).tolist():
            if self._in_force.get(space) == Action.LOCKDOWN:
                settle(run, space)
        assembled(run, np.arange(run.roster.n_people))
        if self.counting is not None:
            self.counting.account()

    def last_change_s(self) -> float:
        """Return when a room, a door or a person last changed its state; 0 if nothing did."""
        boards = (self.run.rooms, self.run.doors, self.run.people)
        return max((float(board.last_s) for board in boards), default=0.0)


def _misunderstood(directive: Directive, action: int) -> Directive | None:
    """Return what a place does that takes a directive for another action; None for nothing."""
    if action in (NO_ACTION, directive.action) or action not in ROOM_PROCEDURES:
        return None
    return Directive(directive.at_s, Action(action), directive.spaces)
