"""Carry out what is announced, one directive after the other, wherever it is heard."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.protocols.arriving import Responding
from sim.protocols.counting import Counting
from sim.protocols.directives import NO_ACTION, Action, Directive, Shelter
from sim.protocols.door_to_door import DoorToDoorRelease
from sim.protocols.halls import find_a_room
from sim.protocols.hazards import HazardWatch
from sim.protocols.hearing import Announcer, Hearing
from sim.protocols.leaving import assembled, count_class, evacuate, leave_alone, out_already
from sim.protocols.lockdown import lock_down, settle
from sim.protocols.locking import lock_remotely
from sim.protocols.release import release_people, release_room
from sim.protocols.relocation import relocate
from sim.protocols.reunite import reunify_here
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.secure import come_in, hold, lock_outside_doors, stay_inside
from sim.protocols.shelter import go_alone, go_to_refuge, keep_places
from sim.protocols.shelter_in_place import (
    come_inside,
    hold_on,
    hold_on_alone,
    joins,
    seal,
    switch_ventilation_off,
)
from sim.protocols.states import (
    PERSON_AT_A_TASK,
    PERSON_ROUTINE,
    PERSON_SEEKING_ROOM,
    PERSON_STAYING,
    ROOM_OPEN,
    PersonState,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def take_shelter(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Shelter from what was announced; who hears a shelter where none was meant takes cover."""
    against = run.orders.timeline[turn].shelter
    if against == "weather":
        return go_to_refuge(run, space, turn)
    return (seal if against == "hazardous_material" else hold_on)(run, space, turn)


ROOM_PROCEDURES = {
    Action.HOLD: hold,
    Action.SECURE: stay_inside,
    Action.LOCKDOWN: lock_down,
    Action.EVACUATE: evacuate,
    Action.SHELTER: take_shelter,
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
        self._against: dict[int, Shelter | None] = {}
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
        if directive.shelter == "earthquake":
            yield run.incident.timeout(directive.at_s)
            heard = _felt(run, directive)
        else:
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
        if directive.action == Action.RELOCATE:
            relocate(run, turn, heard)
            return
        if directive.action == Action.REUNIFY:
            reunify_here(run, turn, heard)
            return
        self._prepare_shelter(directive, turn)
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

    def _prepare_shelter(self, directive: Directive, turn: int) -> None:
        """Do what has to be done for a shelter before anybody hears of it."""
        run = self.run
        if directive.action == Action.SHELTER:
            meant = [directive.concerns(int(space)) for space in run.space_now()]
            run.refuge.forget(np.array(meant, dtype=np.bool_))
        if directive.shelter == "weather":
            keep_places(run, directive, turn)
        elif directive.shelter == "hazardous_material":
            switch_ventilation_off(run, turn)
        elif directive.shelter == "earthquake":
            ends_s = float(run.incident.now) + directive.lasts_s
            run.refuge.shaking_until_s = max(run.refuge.shaking_until_s, ends_s)

    def _not_before_it_is_still(self, directive: Directive, at_s: float) -> float:
        """Return when people can act on a directive that they hear at a time."""
        if directive.shelter == "earthquake":
            return at_s
        return max(at_s, self.run.refuge.shaking_until_s)

    def _room_hears(self, space: int, directive: Directive, turn: int, at_s: float) -> Procedure:
        run = self.run
        yield run.incident.timeout(max(0.0, at_s - run.incident.now))
        still_s = self._not_before_it_is_still(directive, at_s)
        if still_s > run.incident.now:
            yield run.incident.timeout(still_s - run.incident.now)
        if not self._is_new(space, directive, turn):
            return
        if not len(run.present_in(space)) and run.rooms.state[space] == ROOM_OPEN:
            return
        self._in_force[space], self._against[space] = directive.action, directive.shelter
        run.follow(space, ROOM_PROCEDURES[directive.action](run, space, turn))

    def _is_new(self, space: int, directive: Directive, turn: int) -> bool:
        """Whether a room does anything about a directive: not twice the same, nor a mere alarm."""
        run, before = self.run, self._in_force.get(space)
        in_hazard = run.hazard_in[space] and run.hazard_known[space]
        if in_hazard and directive.action not in (Action.EVACUATE, Action.RELEASE):
            return False  # its people are leaving it, and nobody is to stay
        again = before == directive.action and self._against.get(space) == directive.shelter
        if again and run.rooms.state[space] != ROOM_OPEN:
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
                at_s = self._not_before_it_is_still(directive, max(now, float(hears_s)))
                at_s += float(react[person]) * run.needs.person_factor("react", person)
                run.incident.at(at_s, partial(self._person_acts, person, directive, turn))

    def _person_acts(self, person: int, directive: Directive, turn: int) -> None:
        """Let one person outside any room do what was announced, unless they are in one by now."""
        run = self.run
        state = run.people.state[person]
        in_a_room = bool(np.isin(run.space_now()[person], run.room_spaces))
        busy = run.on_duty[person] or state in OFF_CAMPUS
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
        if directive.shelter == "earthquake":
            hold_on_alone(run, person)
            return
        go_on = directive.action not in (Action.EVACUATE, Action.SHELTER)
        if state == PERSON_SEEKING_ROOM and go_on:
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
        elif directive.shelter == "weather":
            go_alone(run, person, turn)
        elif directive.action == Action.SHELTER:
            come_inside(run, person, turn)
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
        elif run.orders.timeline[turn].shelter and run.rooms.state[space] == ROOM_OPEN:
            self._in_force[space] = Action.SHELTER
            self._against[space] = run.orders.timeline[turn].shelter
            run.follow(space, take_shelter(run, space, turn))
        else:
            joins(run, person, space)

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
    shelter: Shelter | None = "earthquake" if action == Action.SHELTER else None
    return Directive(directive.at_s, Action(action), directive.spaces, shelter=shelter)


def _felt(run: ProtocolRun, directive: Directive) -> Hearing:
    """Return when an earthquake is felt: everywhere at once, whoever announces it."""
    now = float(run.incident.now)
    everywhere = np.full(len(run.compiled.space_ids), now)
    return Hearing(
        time_s=everywhere,
        action=np.full(len(everywhere), int(directive.action)),
        right_s=everywhere,
        outdoors_s=np.full(len(run.compiled.place_ids), now),
        zero_s=now,
    )


OFF_CAMPUS = (
    PersonState.RELOCATING, PersonState.AT_SITE, PersonState.HANDED_OVER, PersonState.REFERRED,
)  # fmt: skip
"""People who hear nothing that is announced at the school."""
