"""Lockdown of rooms: known answers, and what has to make which difference."""

from __future__ import annotations

import numpy as np
import pytest
from support.lockdowns import (
    CONSTANT,
    THUMBTURN,
    classrooms,
    incident,
    orders,
    people,
    rooms_of,
    simulation,
    times,
)

from sim import Distribution
from sim.protocols import (
    OPTIONS,
    Action,
    Directive,
    DoorState,
    LockKind,
    PersonState,
    RoomState,
)

PLAN = classrooms(10)
COMPILED = PLAN[1]
ROOMS = rooms_of(COMPILED)
FULL = {COMPILED.space_ids[room]: 4 for room in ROOMS}
STEPS_S = {"recognise": 5.0, "sweep": 7.0, "close": 2.0, "lights": 3.0, "quiet": 11.0}


def test_a_room_is_secured_after_the_sum_of_its_steps() -> None:
    roster = people(COMPILED, {"N00": 1})
    said = orders(
        PLAN,
        roster,
        (Directive(10.0, Action.LOCKDOWN),),
        seconds={step: CONSTANT(value) for step, value in STEPS_S.items()},
        stands_open=1.0,
    )
    result = incident(COMPILED, roster, said)
    room = COMPILED.space_index("N00")
    got = times(result)
    assert got.room_heard_s[room] == 10.0
    assert got.room_recognised_s[room] == 15.0
    assert got.room_closed_s[room] == pytest.approx(10.0 + 5.0 + 7.0 + 2.0)
    assert got.room_locked_s[room] == pytest.approx(10.0 + 5.0 + 7.0 + 2.0 + 3.0)
    assert got.room_dark_s[room] == pytest.approx(10.0 + 5.0 + 7.0 + 2.0 + 3.0 + 3.0)
    # the teacher walks to the corner last
    walk_s = got.room_out_of_sight_s[room] - got.room_dark_s[room]
    slot = COMPILED.slots_of(room)[0]
    assert walk_s == pytest.approx(PLAN[2].metres_m[slot] / 1.25)
    assert got.room_secured_s[room] == pytest.approx(got.room_out_of_sight_s[room] + 11.0)
    assert got.room_state[room] == RoomState.SECURED


def test_twenty_rooms_with_exponential_lock_times_follow_order_statistics() -> None:
    """Mean of the k-th of n exponential times: mean times the sum of 1/(n - i), i < k."""
    lock = LockKind("exponential", Distribution("weibull", (20.0, 1.0)), fails=0.0, unnoticed=0.0)
    roster = people(COMPILED, {COMPILED.space_ids[room]: 1 for room in ROOMS})
    run = simulation(COMPILED, roster, orders(PLAN, roster, lock=lock), backend="compiled")
    replicas = 200
    locked = np.sort(
        [times(run.run(replica)).room_locked_s[ROOMS] for replica in range(replicas)], axis=1
    )
    n = len(ROOMS)
    assert n == 20
    for k in (1, 10, 18, 20):
        parts = np.array([1.0 / (n - i) for i in range(k)])
        mean, sd = 20.0 * parts.sum(), 20.0 * np.sqrt((parts**2).sum())
        assert abs(locked[:, k - 1].mean() - mean) < 4.0 * sd / np.sqrt(replicas), k


def test_a_room_that_never_hears_stays_as_it_is() -> None:
    roster = people(COMPILED, FULL)
    said = orders(PLAN, roster)
    silent = said.hears_delay_s.copy()
    deaf = COMPILED.space_index("N03")
    silent[deaf] = np.inf
    late = COMPILED.space_index("S03")
    silent[late] = 60.0
    normal = times(incident(COMPILED, roster, said))
    got = times(incident(COMPILED, roster, orders(PLAN, roster, hears_delay_s=silent)))
    assert np.isinf(got.room_heard_s[deaf])
    assert got.room_state[deaf] == RoomState.OPEN
    assert got.room_secured_s[late] == pytest.approx(normal.room_secured_s[late] + 60.0)
    others = [room for room in ROOMS if room not in (deaf, late)]
    assert np.array_equal(got.room_secured_s[others], normal.room_secured_s[others])


def test_a_failure_that_nobody_notices_is_believed_locked_and_not_secured() -> None:
    lock = LockKind("loose", CONSTANT(3.0), fails=1.0, unnoticed=1.0)
    roster = people(COMPILED, FULL)
    got = times(incident(COMPILED, roster, orders(PLAN, roster, lock=lock)))
    assert np.isfinite(got.room_believed_locked_s[ROOMS]).all()
    assert np.isinf(got.room_locked_s[ROOMS]).all()
    assert np.isinf(got.room_secured_s[ROOMS]).all()
    assert (got.room_state[ROOMS] == RoomState.UNSECURED).all()
    own = [gate for gate, name in enumerate(COMPILED.gate_portal) if name.startswith("D")]
    assert (got.door_state[own] == DoorState.BELIEVED_LOCKED).all()


def test_a_failure_that_is_noticed_is_tried_again_once() -> None:
    lock = LockKind("loose", CONSTANT(3.0), fails=1.0, unnoticed=0.0)
    roster = people(COMPILED, {"N00": 1})
    got = times(incident(COMPILED, roster, orders(PLAN, roster, lock=lock)))
    room = COMPILED.space_index("N00")
    assert got.room_dark_s[room] == pytest.approx(6.0)
    assert np.isinf(got.room_believed_locked_s[room])


@pytest.mark.parametrize("keys", [True, False])
def test_only_who_has_the_key_locks_a_door_that_needs_one(keys: bool) -> None:
    lock = LockKind("key", CONSTANT(3.0), fails=0.0, unnoticed=0.0, needs_key=True)
    roster = people(COMPILED, FULL)
    said = orders(PLAN, roster, lock=lock, keys=np.full(roster.n_people, keys))
    got = times(incident(COMPILED, roster, said))
    assert np.isfinite(got.room_locked_s[ROOMS]).all() == keys
    assert np.isfinite(got.room_secured_s[ROOMS]).any() == keys


def test_a_remote_lock_is_thrown_for_all_rooms_at_its_own_time() -> None:
    lock = LockKind("remote", CONSTANT(25.0), fails=0.0, unnoticed=0.0, remote=True)
    roster = people(COMPILED, FULL)
    got = times(incident(COMPILED, roster, orders(PLAN, roster, lock=lock)))
    assert got.room_locked_s[ROOMS] == pytest.approx(np.full(len(ROOMS), 25.0))


def test_an_automatic_lock_takes_only_the_closing_of_the_door() -> None:
    lock = LockKind("automatic", CONSTANT(99.0), fails=0.0, unnoticed=0.0, automatic=True)
    roster = people(COMPILED, FULL)
    said = orders(PLAN, roster, lock=lock, stands_open=1.0, seconds={"close": CONSTANT(4.0)})
    got = times(incident(COMPILED, roster, said))
    assert got.room_locked_s[ROOMS] == pytest.approx(np.full(len(ROOMS), 4.0))


def test_who_is_in_the_hall_goes_into_a_room_before_its_door_is_locked() -> None:
    roster = people(COMPILED, {**FULL, "C1": 6})
    said = orders(PLAN, roster, lock=LockKind("slow", CONSTANT(60.0), 0.0, 0.0))
    result = incident(COMPILED, roster, said)
    got = times(result)
    hall = [n for n, name in enumerate(roster.person_ids) if name.startswith("C1")]
    assert np.isfinite(got.in_room_s[hall]).all()
    assert (got.person_state[hall] == PersonState.CONCEALED).all()


def test_who_finds_every_door_locked_is_caught_in_the_hall() -> None:
    roster = people(COMPILED, {**FULL, "C1": 6})
    late = {"react": CONSTANT(120.0), "look_around": CONSTANT(1.0)}
    said = orders(PLAN, roster, seconds=late, hold_door_s=0.0)
    hears = said.hears_delay_s
    hears[COMPILED.space_index("C1")] = 0.0
    # the teachers look up and down the hall, but nobody is near the doors yet
    got = times(incident(COMPILED, roster, said))
    hall = [n for n, name in enumerate(roster.person_ids) if name.startswith("C1")]
    called = np.isfinite(got.in_room_s[hall])
    assert (got.person_state[np.array(hall)[~called]] == PersonState.CAUGHT).all()
    assert np.isfinite(got.caught_s[np.array(hall)[~called]]).all()


def test_more_people_than_the_corner_holds_stay_visible() -> None:
    corners = PLAN[2]
    room = COMPILED.space_index("N00")
    places = int(corners.capacity_low[0, room])
    roster = people(COMPILED, {"N00": places + 3})
    got = times(incident(COMPILED, roster, orders(PLAN, roster)))
    own = got.person_state[roster.space == room]
    assert (own == PersonState.CONCEALED).sum() == places
    assert (own == PersonState.VISIBLE).sum() == 3
    assert got.room_visible[room] == 3
    assert np.isinf(got.room_secured_s[room])


def test_people_leave_a_room_that_cannot_be_locked_where_the_rules_give_options() -> None:
    roster = people(COMPILED, {"N00": 4, "N05": 4})
    said = orders(PLAN, roster, lock=None, rules=OPTIONS)
    got = times(incident(COMPILED, roster, said))
    near = COMPILED.space_index("N00")
    far = COMPILED.space_index("N05")
    assert np.isfinite(got.room_empty_s[near])  # an exterior door is within 15 m
    assert np.isinf(got.room_empty_s[far])
    assert (got.person_state[roster.space == near] == PersonState.ASSEMBLED).all()


def test_quicker_locks_secure_no_room_later() -> None:
    roster = people(COMPILED, FULL)
    slow = LockKind("slow", Distribution("lognormal", (20.0, 0.5)), 0.1, 0.5)
    quick = LockKind("quick", Distribution("lognormal", (5.0, 0.5)), 0.1, 0.5)
    results = [
        np.array([times(run.run(replica)).room_secured_s[ROOMS] for replica in range(5)])
        for run in (
            simulation(COMPILED, roster, orders(PLAN, roster, lock=lock)) for lock in (slow, quick)
        )
    ]
    assert (results[1] <= results[0]).all()
    assert (results[1] < results[0]).any()


def test_the_same_replica_gives_the_same_bytes_whatever_ran_before() -> None:
    roster = people(COMPILED, {**FULL, "C1": 5})
    lock = LockKind("key", Distribution("lognormal", (9.0, 0.6)), 0.2, 0.5)
    said = orders(PLAN, roster, lock=lock, stands_open=0.5)
    run = simulation(COMPILED, roster, said)
    run.run(3)
    again, first = (
        times(run.run(4, record_events=True)),
        times(simulation(COMPILED, roster, said).run(4)),
    )
    for name in ("room_secured_s", "door_state", "person_state", "in_sight_s", "caught_s"):
        assert np.array_equal(getattr(again, name), getattr(first, name)), name


def test_nobody_is_lost_and_everybody_is_in_a_named_state() -> None:
    roster = people(COMPILED, {**FULL, "C1": 9}, outdoors=5)
    result = incident(COMPILED, roster, orders(PLAN, roster, lock=THUMBTURN))
    assert sum(result.ledger.values()) == roster.n_people
    assert {PersonState(code) for code in times(result).person_state} <= {*PersonState}
