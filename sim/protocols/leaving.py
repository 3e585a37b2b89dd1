"""Evacuate: a room empties, its people gather outside, and each class is counted there."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.kernels.arrays import OUT
from sim.protocols.halls import caught
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import (
    PERSON_ACCOUNTED,
    PERSON_ASSEMBLED,
    PERSON_LEAVING,
    ROOM_EMPTY,
    ROOM_LEAVING,
)

Ints = NDArray[np.int64]


def evacuate(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Let the people of one room leave together, and say when it is empty."""
    run.room_hears(space)
    run.alert(run.present_in(space))
    yield run.takes("space", space, "recognise", turn)
    run.note("recognised_s", space)
    yield from walk_out(run, space)


def walk_out(run: ProtocolRun, space: int) -> Procedure:
    """Send everybody in a room out of the building, and wait until it is empty."""
    run.note("left_s", space)
    run.rooms.enter(space, ROOM_LEAVING)
    people = run.alert(run.present_in(space))
    leave(run, people)
    for person in people[run.abilities.level_only[people]].tolist():
        run.then(person, partial(_outside_or_caught, run, person))
    yield from until_empty(run, space)
    run.note("empty_s", space)
    run.rooms.enter(space, ROOM_EMPTY)


def until_empty(run: ProtocolRun, space: int) -> Procedure:
    """Wait until nobody is in a space but people on duty."""
    for cell in np.flatnonzero(run.compiled.cell_space == space).tolist():
        yield from _empties(run, cell)


def _empties(run: ProtocolRun, cell: int) -> Procedure:
    """Wait until nobody is in a cell but people on duty."""
    if not run.movement.cell("occupants")[cell]:
        return
    if not (run.movement.person("cell")[run.on_duty] == cell).any():
        yield run.incident.emptied(cell)
        return
    while (run.movement.person("cell")[~run.on_duty] == cell).any():
        yield run.incident.timeout(LOOK_STEP_S)


LOOK_STEP_S = 1.0
"""How often somebody on duty in a room looks whether all others have left it (ours)."""


def leave(run: ProtocolRun, people: Ints) -> None:
    """Send people out of doors, those of a class to its assembly area."""
    run.people.enter_all(people, PERSON_LEAVING)
    groups = run.roster.group[people]
    place = np.full(len(people), -1, dtype=np.int64)
    place[groups >= 0] = run.roster.groups.place[groups[groups >= 0]]
    for target in np.unique(place).tolist():
        run.leave_by(people[place == target], target)
    if run.counts_arrival is not None:
        for person in people[groups >= 0].tolist():
            run.then(person, partial(run.counts_arrival, person))


def out_already(run: ProtocolRun, person: int) -> None:
    """Let somebody who is outdoors when an evacuation is announced stay there."""
    run.alert(np.array([person]))
    run.people.enter(person, PERSON_LEAVING)
    run.people.enter(person, PERSON_ASSEMBLED)
    if run.counts_arrival is not None:
        run.counts_arrival(person)


def leave_alone(run: ProtocolRun, person: int) -> None:
    """Send somebody who is in no room out of doors."""
    leave(run, np.array([person]))
    run.then(person, partial(_outside_or_caught, run, person))


def _outside_or_caught(run: ProtocolRun, person: int) -> None:
    if run.counts_arrival is not None:
        run.counts_arrival(person)
    if run.movement.of_person(person, "status") != OUT:
        caught(run, person)


def count_class(run: ProtocolRun, group: int, turn: int) -> Procedure:
    """Wait until everybody of a class is outside, and count them."""
    members = np.flatnonzero(run.roster.group == group)
    while True:
        out = run.is_outside(members)
        if out.all():
            break
        run.movement.muster(members[~out], group)
        yield run.incident.gathered(group)
    run.group_assembled_s[group] = float(run.incident.now)
    assembled(run, members)
    yield run.takes("group", group, "count", turn)
    run.group_accounted_s[group] = float(run.incident.now)
    count_as_here(run, group)


def count_as_here(run: ProtocolRun, group: int) -> None:
    """Note that a class has been counted, with everybody of it who is outside."""
    members = np.flatnonzero(run.roster.group == group)
    assembled(run, members)
    here = members[run.people.state[members] == PERSON_ASSEMBLED]
    run.people.enter_all(here, PERSON_ACCOUNTED)
    if not run.away.counted[group].triggered:
        run.away.counted[group].succeed()


def assembled(run: ProtocolRun, people: Ints) -> None:
    """Say of people who have come outside that they are at their assembly area, and since when."""
    movement = run.movement
    there = people[
        (run.people.state[people] == PERSON_LEAVING) & (movement.person("status")[people] == OUT)
    ]
    since = outside_since(run, there)
    run.people.enter_each(there, PERSON_ASSEMBLED, np.minimum(since, run.incident.now))


def outside_since(run: ProtocolRun, people: Ints) -> NDArray[np.float64]:
    """Return since when people have been at their assembly area, or else outside."""
    placed_s = run.movement.person("placed_s")[people]
    out_s = run.movement.person("out_s")[people]
    return np.where(np.isfinite(placed_s) & (placed_s >= out_s), placed_s, out_s)
