"""Units that come from outside: how long until they are in, and until they are at a room."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lockdowns import CONSTANT, people, times
from support.responding import (
    COMPILED,
    DOOR_SLOTS,
    EAST,
    SPEED_MPS,
    STEPS,
    WEST,
    full,
    responders,
    room,
    run,
    unit,
    way_in_m,
    way_m,
    with_units,
)

from scenarios.responders import slot_at
from sim import Distribution
from sim.protocols import Action, Directive, PersonState

NOBODY = people(COMPILED, {})
ANNOUNCED = STEPS[:1]


def test_the_way_in_takes_path_over_speed_in_an_empty_building() -> None:
    roster, [rows] = with_units(NOBODY, 1)
    coming = responders([unit(rows, goes_to=room("S02"))], dispatched_s=30.0)
    _, got = run(roster, coming, steps=ANNOUNCED)
    in_s = 30.0 + way_in_m(WEST) / SPEED_MPS
    there_s = in_s + way_m(slot_at(COMPILED, WEST), DOOR_SLOTS[room("S02")][0]) / SPEED_MPS
    assert got.unit_arrived_s == pytest.approx([30.0])
    assert got.unit_entered_s == pytest.approx([in_s])
    assert got.first_entry_s == pytest.approx(in_s)
    assert got.unit_at_room_s == pytest.approx([there_s])
    assert got.room_reached_s[room("S02")] == got.unit_at_room_s[0]
    assert got.unit_to_room_s[0, room("S02")] == pytest.approx(there_s, abs=0.1)
    assert np.isnan(got.unit_to_room_s[0, room("C1")]), "the corridor is no room"


@pytest.mark.parametrize("method", ["key", "fob", "remote", "opened_inside"])
def test_travel_finding_the_door_access_and_finding_the_room_add_up(method: str) -> None:
    roster, [rows] = with_units(NOBODY, 1)
    one = unit(
        rows, travel_s=CONSTANT(100.0), find_door_s=CONSTANT(7.0), access=method,
        access_s=CONSTANT(12.5), goes_to=room("N01"),
    )  # fmt: skip
    plain = responders([replace(one, find_door_s=CONSTANT(0.0))])
    _, open_door = run(roster, plain, steps=ANNOUNCED)
    coming = responders([one], find_room_s=(CONSTANT(20.0), CONSTANT(3.0)))
    _, got = run(roster, coming, steps=ANNOUNCED, locked=True)
    assert got.unit_entered_s == pytest.approx(open_door.unit_entered_s + 7.0 + 12.5)
    assert got.unit_at_room_s == pytest.approx(open_door.unit_at_room_s + 7.0 + 12.5 + 3.0)


def test_a_door_that_is_not_locked_takes_no_access() -> None:
    roster, [rows] = with_units(NOBODY, 1)
    slow = responders([unit(rows, access_s=CONSTANT(500.0))])
    _, got = run(roster, slow, steps=ANNOUNCED)
    assert got.unit_entered_s == pytest.approx([way_in_m(WEST) / SPEED_MPS])


def test_a_unit_without_access_waits_outside_until_another_one_has_opened() -> None:
    roster, [first, second] = with_units(NOBODY, 1, 1)
    none = unit(second, access="none", access_s=None)
    _, alone = run(
        roster,
        responders([unit(first, entry_gate=EAST), none]),
        steps=ANNOUNCED,
        locked=True,
    )
    assert np.isfinite(alone.unit_entered_s).tolist() == [True, False]
    assert alone.unit_arrived_s.tolist() == [0.0, 0.0]
    opens = unit(first, access_s=CONSTANT(40.0))
    _, both = run(roster, responders([opens, none]), steps=ANNOUNCED, locked=True)
    assert both.unit_entered_s[0] == pytest.approx(40.0 + way_in_m(WEST) / SPEED_MPS)
    assert 0.0 < both.unit_entered_s[1] - both.unit_entered_s[0] < 1.0, "one behind the other"


def test_a_unit_without_an_entry_waits_in_the_staging_area() -> None:
    roster, [rows] = with_units(NOBODY, 3)
    waits = unit(rows, entry_gate=-1, entry_slot=-1, travel_s=CONSTANT(90.0))
    result, got = run(roster, responders([waits]), steps=ANNOUNCED)
    assert got.unit_arrived_s.tolist() == [90.0]
    assert math.isinf(got.first_entry_s)
    assert (times(result).person_state == PersonState.AT_A_TASK).all()
    assert (result.walked_m == 0.0).all()


def test_a_dispatch_that_never_comes_sends_nobody() -> None:
    roster, [rows] = with_units(NOBODY, 1)
    _, got = run(roster, responders([unit(rows)], dispatched_s=math.inf), steps=ANNOUNCED)
    assert np.isinf(got.unit_arrived_s).all()


@settings(max_examples=20, deadline=None)
@given(
    quick=st.floats(0.0, 60.0),
    slower=st.floats(0.0, 60.0),
    numbered=st.floats(0.0, 30.0),
    longer=st.floats(0.0, 30.0),
)
def test_quicker_access_and_a_number_make_nobody_later(
    quick: float, slower: float, numbered: float, longer: float
) -> None:
    roster, [rows] = with_units(NOBODY, 2)

    def at_room(access_s: float, find_s: float, *, has_number: bool) -> float:
        one = unit(rows, access_s=CONSTANT(access_s), goes_to=room("N02"))
        find = (CONSTANT(numbered + longer), CONSTANT(numbered))
        flags = np.full(len(COMPILED.space_ids), has_number)
        coming = responders([one], find_room_s=find, numbered=flags)
        return float(run(roster, coming, steps=ANNOUNCED, locked=True)[1].unit_at_room_s[0])

    best = at_room(quick, numbered, has_number=True)
    assert best <= at_room(quick + slower, numbered, has_number=True) + 1e-9
    assert best <= at_room(quick, numbered, has_number=False) + 1e-9


def test_people_who_come_out_slow_those_who_go_in() -> None:
    def entered(number: int) -> float:
        everybody, [rows] = with_units(full(number), 2)
        coming = responders([unit(rows, goes_to=room("S02"))])
        steps = (Directive(45.0, Action.EVACUATE),)
        return float(run(everybody, coming, steps=steps)[1].unit_at_room_s[0])

    assert entered(25) > entered(1)


def test_responders_belong_to_no_room_and_nobody_tells_them_to_hide() -> None:
    roster, [rows] = with_units(full(), 2)
    result, got = run(roster, responders([unit(rows, goes_to=room("N00"))]), steps=ANNOUNCED)
    state = times(result).person_state
    assert np.isfinite(got.unit_at_room_s).all()
    assert (state[list(rows)] == PersonState.AT_A_TASK).all()
    assert (times(result).in_sight_s[list(rows)] == 0.0).all()
    alone, _ = run(full(), responders([]), steps=ANNOUNCED)
    assert (state[: rows[0]] == times(alone).person_state).all()
    assert (times(result).room_secured_s == times(alone).room_secured_s).all()


def test_an_officer_on_site_is_there_from_the_start() -> None:
    roster, [rows] = with_units(full(), 1)
    space, place = roster.space.copy(), roster.outdoors.copy()
    space[list(rows)], place[list(rows)] = room("N00"), -1
    roster = replace(roster, space=space, start_place=place)
    on_site = unit(rows, on_site=True, entry_gate=-1, entry_slot=-1, goes_to=room("N02"))
    _, got = run(roster, responders([on_site]), steps=ANNOUNCED)
    assert got.unit_entered_s.tolist() == [0.0]
    assert math.isinf(got.first_entry_s), "nobody has come in from outside"
    assert 9.0 / SPEED_MPS < got.unit_at_room_s[0] < 60.0 / SPEED_MPS


def test_nobody_leaves_by_a_door_that_is_kept_free() -> None:
    roster, [rows] = with_units(full(10), 1)
    coming = responders([unit(rows)], kept_free={WEST: 0.0})
    steps = (Directive(5.0, Action.EVACUATE),)
    result, got = run(roster, coming, steps=steps)
    assert (result.exit_gate[: rows[0]] == EAST).all()
    assert np.isfinite(got.unit_entered_s).all()
    freely, _ = run(roster, responders([unit(rows)]), steps=steps)
    assert (freely.exit_gate[: rows[0]] == WEST).any()


def test_a_unit_needs_people_and_a_time_for_its_access() -> None:
    with pytest.raises(ValueError, match="at least one person"):
        unit(())
    with pytest.raises(ValueError, match="belongs to every method but none"):
        unit((0,), access="none")
    with pytest.raises(ValueError, match="dispatched_s"):
        responders([], dispatched_s=-1.0)
    assert isinstance(unit((0,)).access_s, Distribution)
