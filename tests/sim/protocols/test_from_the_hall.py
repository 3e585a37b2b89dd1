"""Adults who stand in the hall when a lockdown is announced, and classes that are outdoors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.lockdowns import CONSTANT, classrooms, incident, orders, people, times

from sim.protocols import (
    OPTIONS,
    Action,
    Directive,
    LockKind,
    PersonState,
    Response,
    RoomState,
    Situation,
)

PLAN = classrooms(4)
COMPILED = PLAN[1]
ROOM, HALL = COMPILED.space_index("N02"), COMPILED.space_index("C1")
KEY = LockKind("key", CONSTANT(3.0), fails=0.0, unnoticed=0.0, needs_key=True)


def in_the_hall(role: str = "teacher"):
    """Return a class whose leader stands somewhere in the hall, and another class beside it."""
    roster = people(COMPILED, {"N00": 2, "N02": 4})
    space = roster.space.copy()
    space[2] = HALL
    return replace(roster, space=space, role=(*roster.role[:2], role, *roster.role[3:]))


def test_a_teacher_in_the_hall_goes_to_the_class_and_locks_its_door_with_the_key():
    got = times(incident(COMPILED, in_the_hall(), orders(PLAN, in_the_hall(), lock=KEY)))
    assert got.person_state[2] == PersonState.CONCEALED
    assert got.room_state[ROOM] == RoomState.SECURED
    assert np.isfinite(got.room_locked_s[ROOM])


def test_students_whose_teacher_comes_from_far_hold_the_door_no_longer_than_that():
    roster = in_the_hall()
    waits = times(incident(COMPILED, roster, orders(PLAN, roster)))
    hurry = times(incident(COMPILED, roster, orders(PLAN, roster, hold_door_s=0.0)))
    assert hurry.room_closed_s[ROOM] == 0.0 < waits.room_closed_s[ROOM] <= 10.0


def test_adults_alone_in_a_hall_leave_where_a_door_is_nearer_and_small_children_do_not():
    def does(band: str) -> Response:
        return OPTIONS.response(Situation(exit_m=5.0, room_m=9.0, age_band=band, adult=False))

    assert does("adult") == does("grades_9_12") == Response.LEAVE
    assert does("grades_k_2") == Response.SHELTER


@pytest.mark.parametrize("at_s", [0.0, 25.0])
def test_whoever_is_outdoors_already_is_assembled_when_the_others_are_told_to_leave(at_s: float):
    roster = people(COMPILED, {"N00": 2}, outdoors=3)
    said = orders(PLAN, roster, (Directive(at_s, Action.EVACUATE),))
    result = incident(COMPILED, roster, said)
    assert (times(result).person_state[2:] == PersonState.ASSEMBLED).all()
    assert (result.out_s[2:] == 0.0).all()


def test_a_class_of_which_some_are_outdoors_is_complete_when_the_others_have_come():
    roster = people(COMPILED, {"N00": 3}, outdoors=2)
    roster = replace(roster, group=np.zeros(5, dtype=np.int64))
    result = incident(COMPILED, roster, orders(PLAN, roster, (Directive(0.0, Action.EVACUATE),)))
    assert result.group_assembled_s[0] == pytest.approx(result.assembled_s.max())
    assert (times(result).person_state == PersonState.ACCOUNTED).all()
