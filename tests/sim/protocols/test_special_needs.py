"""Special needs in every protocol: room at the corner, somebody beside, more time, no stairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lockdowns import CONSTANT, classrooms, incident, orders, people, times

from sim import Roster
from sim.protocols import PersonState, SpecialNeeds

PLAN = classrooms(4)
COMPILED, CORNERS = PLAN[1], PLAN[2]
ROOM = COMPILED.space_index("N00")


def needs(n: int, *, places: dict[int, int] | None = None, beside: tuple[int, ...] = (),
          sensory: tuple[int, ...] = (), **factors: float) -> SpecialNeeds:  # fmt: skip
    size = np.ones(n, dtype=np.int64)
    for person, number in (places or {}).items():
        size[person] = number
    return SpecialNeeds(
        corner_places=size,
        beside=np.isin(np.arange(n), beside),
        sensory=np.isin(np.arange(n), sensory),
        **factors,
    )


def lockdown(roster: Roster, **said):
    return times(incident(COMPILED, roster, orders(PLAN, roster, **said)))


def test_a_corner_holds_fewer_people_where_wheelchair_users_need_their_places():
    capacity = int(CORNERS.capacity_low[0, ROOM])
    roster = people(COMPILED, {"N00": capacity})
    everybody = lockdown(roster)
    assert (everybody.person_state == PersonState.CONCEALED).all()
    got = lockdown(roster, needs=needs(capacity, places={1: 3, 2: 3}))
    hidden = got.person_state == PersonState.CONCEALED
    taken = hidden.sum() + 2 * hidden[1:3].sum()
    assert taken <= capacity
    assert hidden.sum() >= capacity - 4
    assert (got.person_state == PersonState.VISIBLE).sum() == capacity - hidden.sum()


def test_the_way_to_the_corner_is_longer_beside_a_helper_and_both_arrive_together():
    roster = people(COMPILED, {"N00": 3})
    roster = replace(roster, role=("teacher", "aide", "student"))
    alone = lockdown(roster).in_room_s
    helped = lockdown(roster, needs=needs(3, beside=(2,), beside_factor=2.0)).in_room_s
    assert helped[2] == pytest.approx(2.0 * alone[2])
    assert helped[1] == pytest.approx(max(alone[1], helped[2]))
    assert helped[0] == pytest.approx(alone[0])


def test_without_a_second_adult_whoever_needs_one_waits_for_the_teacher():
    roster = people(COMPILED, {"N00": 3})
    seconds = {"lights": CONSTANT(20.0)}
    alone = lockdown(roster, seconds=seconds).in_room_s
    helped = lockdown(roster, seconds=seconds, needs=needs(3, beside=(2,))).in_room_s
    assert alone[2] < 20.0 < helped[2]
    assert helped[1] == alone[1]
    assert helped[0] >= helped[2]


def test_a_sensory_profile_makes_a_room_slower_by_its_factors_and_no_other_room():
    roster = people(COMPILED, {"N00": 2, "S00": 2})
    seconds = {"recognise": CONSTANT(10.0), "quiet": CONSTANT(8.0)}
    usual = lockdown(roster, seconds=seconds)
    slow = lockdown(
        roster,
        seconds=seconds,
        needs=needs(4, sensory=(1,), recognise_factor=1.5, quiet_factor=2.0),
    )
    other = COMPILED.space_index("S00")
    assert slow.room_recognised_s[ROOM] == usual.room_recognised_s[ROOM] + 5.0 == 15.0
    assert slow.room_secured_s[ROOM] == pytest.approx(usual.room_secured_s[ROOM] + 5.0 + 8.0)
    assert slow.room_secured_s[other] == usual.room_secured_s[other]


def test_somebody_of_a_sensory_profile_in_the_hall_reacts_later():
    roster = people(COMPILED, {"N00": 1, "C1": 1})
    seconds = {"react": CONSTANT(6.0)}
    usual = lockdown(roster, seconds=seconds, lock=None).people
    slow = lockdown(
        roster, seconds=seconds, lock=None, needs=needs(2, sensory=(1,), react_factor=1.5)
    ).people

    def first_s(changes):
        return changes.time_s[changes.entity == 1][0]

    assert first_s(slow) == pytest.approx(1.5 * first_s(usual))


@given(
    metres=st.lists(st.floats(0.0, 30.0), min_size=1, max_size=8),
    beside=st.sets(st.integers(0, 7)),
    adults=st.sets(st.integers(0, 7)),
    factor=st.floats(1.0, 4.0),
)
def test_nobody_is_quicker_for_a_helper_and_pairs_arrive_together(metres, beside, adults, factor):
    n = len(metres)
    who, speed = np.arange(n), np.linspace(0.6, 1.4, n)
    said = needs(n, beside=tuple(beside), beside_factor=factor)
    adult = np.isin(who, tuple(adults))
    got = said.metres(who, np.array(metres), speed, adult)
    assert (got >= np.array(metres) - 1e-12).all()
    for person, helper in said.pairs(who, adult):
        assert got[helper] / speed[helper] >= got[person] / speed[person] - 1e-9
    plain = np.setdiff1d(who, [one for pair in said.pairs(who, adult) for one in pair])
    plain = plain[~said.beside[plain]]
    assert got[plain].tolist() == np.array(metres)[plain].tolist()


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_factors_have_to_be_above_nothing(factor: float):
    with pytest.raises(ValueError, match="quiet_factor must be finite and > 0"):
        needs(1, quiet_factor=factor)
