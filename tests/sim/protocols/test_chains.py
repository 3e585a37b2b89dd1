"""One action after the other, as real days chain them, and every move that any of them makes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.lockdowns import (
    CONSTANT,
    classrooms,
    exterior,
    incident,
    orders,
    people,
    rooms_of,
    times,
)

from sim.protocols import (
    Action,
    Directive,
    DoorState,
    PersonState,
    RoomState,
)

PLAN = classrooms(3)
COMPILED = PLAN[1]
ROOMS = np.array(rooms_of(COMPILED))
FULL = {COMPILED.space_ids[room]: 5 for room in ROOMS}
SLOW = {
    "recognise": CONSTANT(5.0), "sweep": CONSTANT(5.0), "lights": CONSTANT(2.0),
    "quiet": CONSTANT(5.0), "react": CONSTANT(3.0), "unlock": CONSTANT(4.0),
    "count": CONSTANT(30.0), "look_around": CONSTANT(2.0), "close": CONSTANT(1.0),
}  # fmt: skip


def staged(*steps: Directive, hall: int = 0, outdoors: int = 0, **changes: Any) -> Any:
    """Run a timeline and return the roster and what came of it."""
    roster = people(COMPILED, FULL | ({"C1": hall} if hall else {}), outdoors=outdoors)
    seconds = SLOW | changes.pop("seconds", {})
    said = orders(PLAN, roster, steps, seconds=seconds, **(exterior(COMPILED) | changes))
    return roster, incident(COMPILED, roster, said)


def test_a_hold_clears_the_hall_and_ends_by_a_word_to_all() -> None:
    roster, result = staged(Directive(0.0, Action.HOLD), Directive(300.0, Action.RELEASE), hall=4)
    got = times(result)
    hall = np.flatnonzero(roster.space == COMPILED.space_index("C1"))
    assert (got.in_room_s[hall] < 60.0).all()
    assert (got.room_settled_s[ROOMS] < 60.0).all()
    assert got.room_released_s[ROOMS] == pytest.approx(np.full(len(ROOMS), 300.0))
    assert (got.room_state[ROOMS] == RoomState.OPEN).all()
    assert (got.person_state == PersonState.ROUTINE).all()
    assert (got.door_state != DoorState.LOCKED).all()


def test_a_secure_brings_in_who_is_outdoors_and_locks_the_outside_doors() -> None:
    roster = people(COMPILED, FULL | {"C1": 1}, outdoors=8)
    crew = int(np.flatnonzero(roster.space == COMPILED.space_index("C1"))[0])
    keys = np.array([role == "teacher" for role in roster.role])
    keys[crew] = True
    said = orders(
        PLAN, roster, (Directive(0.0, Action.SECURE),),
        seconds=SLOW, keys=keys, door_crew=(crew,), **exterior(COMPILED),
    )  # fmt: skip
    result = incident(COMPILED, roster, said)
    got = times(result)
    out = np.flatnonzero(roster.outdoors >= 0)
    assert np.isfinite(got.in_room_s[out]).all()
    assert (got.door_state[COMPILED.exit_gates] == DoorState.LOCKED).all()
    # each door is kept for those who are still coming in through it
    assert got.door_locked_s[COMPILED.exit_gates].max() > got.in_room_s[out].min()
    assert (got.room_state[ROOMS] == RoomState.BUSINESS_AS_USUAL).all()
    assert (got.person_state[crew]) == PersonState.STAYING


def test_a_secure_becomes_a_lockdown() -> None:
    roster, result = staged(Directive(0.0, Action.SECURE), Directive(120.0, Action.LOCKDOWN))
    got = times(result)
    assert (got.room_settled_s[ROOMS] < 120.0).all()
    assert (got.room_locked_s[ROOMS] > 120.0).all()
    assert (got.room_state[ROOMS] == RoomState.SECURED).all()
    assert (got.person_state[roster.space >= 0] == PersonState.CONCEALED).all()


def test_a_lockdown_that_comes_in_the_middle_of_a_secure_takes_over() -> None:
    _, result = staged(Directive(0.0, Action.SECURE), Directive(2.0, Action.LOCKDOWN))
    got = times(result)
    assert np.isinf(got.room_settled_s[ROOMS]).all()
    assert (got.room_state[ROOMS] == RoomState.SECURED).all()


def test_two_directives_at_the_same_instant_leave_the_later_one_in_force() -> None:
    _, result = staged(Directive(0.0, Action.SECURE), Directive(0.0, Action.LOCKDOWN))
    assert (times(result).room_state[ROOMS] == RoomState.SECURED).all()


def test_a_class_leaves_gathers_and_is_counted() -> None:
    roster, result = staged(Directive(10.0, Action.EVACUATE), hall=2)
    got = times(result)
    assert np.isfinite(result.out_s).all()
    assert np.isfinite(got.room_empty_s[ROOMS]).all()
    counted = result.group_accounted_s - result.group_assembled_s
    assert counted == pytest.approx(np.full(len(counted), 30.0))
    in_class = roster.group >= 0
    assert (got.person_state[in_class] == PersonState.ACCOUNTED).all()
    assert (got.person_state[~in_class] == PersonState.ASSEMBLED).all()


@pytest.mark.parametrize("stays", [1.0, 0.0])
def test_a_fire_alarm_in_a_lockdown_empties_only_rooms_that_do_not_stay(stays: float) -> None:
    _, result = staged(
        Directive(0.0, Action.LOCKDOWN),
        Directive(200.0, Action.EVACUATE, to_leave=False),
        stays_in_lockdown=stays,
    )
    got = times(result)
    if stays:
        assert np.isinf(got.room_empty_s[ROOMS]).all()
        assert (got.room_state[ROOMS] == RoomState.SECURED).all()
    else:
        assert np.isfinite(got.room_empty_s[ROOMS]).all()


def test_people_who_are_told_to_leave_in_a_lockdown_leave() -> None:
    _, result = staged(Directive(0.0, Action.LOCKDOWN), Directive(200.0, Action.EVACUATE))
    assert np.isfinite(result.out_s).all()


def test_a_directive_for_some_rooms_concerns_nobody_else() -> None:
    own = int(ROOMS[0])
    _, result = staged(Directive(0.0, Action.LOCKDOWN, spaces=(own,)))
    got = times(result)
    assert got.room_state[own] == RoomState.SECURED
    assert (got.room_state[ROOMS[1:]] == RoomState.OPEN).all()


def test_nobody_sets_foot_in_a_locked_room_after_it_is_locked() -> None:
    _, result = staged(
        Directive(0.0, Action.LOCKDOWN), hall=12, hold_door_s=0.0,
        seconds={"react": CONSTANT(15.0)},
    )  # fmt: skip
    got = times(result)
    events = result.events
    doors = {gate: got.door_locked_s[gate] for gate in range(COMPILED.n_gates)}
    inside = {}
    corners = PLAN[2]
    for room in ROOMS.tolist():
        own = slice(int(corners.door_start[room]), int(corners.door_start[room + 1]))
        for gate, side in zip(corners.door_gate[own], corners.door_inside[own], strict=True):
            inside[int(gate)] = int(side)
    for time_s, kind, side in zip(events.time_s, events.kind, events.subject, strict=True):
        gate = int(side) >> 1
        if kind == 2 and gate in inside and (int(side) & 1) != inside[gate]:
            assert time_s <= doors[gate]
