"""Measures of a protocol: known answers, and laws under any censoring."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from sim.protocols import (
    MARKS_S,
    PLACE_KINDS,
    BoundedTimes,
    corner_coverage,
    hall_clearance,
    latest,
    secured_time,
    share_by,
    stranded,
    time_to_share,
)

TIMES = st.lists(st.one_of(st.floats(0.0, 600.0), st.just(float("inf"))), min_size=1, max_size=30)


def exact(*times: float) -> BoundedTimes:
    return BoundedTimes(times, times)


@st.composite
def hidden(draw: st.DrawFn) -> tuple[np.ndarray, BoundedTimes]:
    """Return true times, and what an observer who was not everywhere knows of them."""
    truth = np.array(draw(TIMES))
    low, high = truth.copy(), truth.copy()
    for n in range(len(truth)):
        kind = draw(st.sampled_from(["exact", "left", "right", "interval", "missing"]))
        before, after = draw(st.floats(0.0, 200.0)), draw(st.floats(0.0, 200.0))
        if np.isinf(truth[n]):
            low[n], high[n] = 600.0 + before, np.inf
        if kind == "left":
            low[n], high[n] = -np.inf, truth[n] + after
        elif kind == "right":
            low[n], high[n] = min(truth[n], 600.0) - before, np.inf
        elif kind == "interval":
            low[n], high[n] = min(truth[n], 600.0) - before, truth[n] + after
        elif kind == "missing":
            low[n] = high[n] = np.nan
    return truth, BoundedTimes(low, high)


@given(hidden())
def test_bounds_hold_the_true_share_whatever_is_censored(case):
    truth, known = case
    low, high = share_by(known, MARKS_S)
    true = [(truth <= mark).mean() for mark in MARKS_S]
    assert (low <= np.array(true) + 1e-12).all()
    assert (np.array(true) <= high + 1e-12).all()
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) >= 0).all()


@given(hidden(), st.floats(0.01, 1.0))
def test_bounds_hold_the_true_time_to_a_share(case, share):
    truth, known = case
    reached = time_to_share(known, share)
    needed = int(np.ceil(share * len(truth) * (1 - 1e-12)))
    true = np.sort(truth)[max(needed, 1) - 1]
    assert reached.lo_s <= true <= reached.hi_s


@given(TIMES)
def test_times_to_shares_grow_with_the_share(times):
    seen = BoundedTimes.watched(times, 600.0)
    half, most, whole = (time_to_share(seen, share).hi_s for share in (0.5, 0.9, 1.0))
    assert half <= most <= whole
    assert whole == max(times)


@given(hidden())
def test_every_time_is_counted_once(case):
    truth, known = case
    assert known.n_observed + known.n_censored + known.n_missing == len(truth)


def test_shares_are_exact_where_everything_was_timed():
    low, high = share_by(exact(20.0, 60.0, 61.0, np.inf), [60.0, 300.0], [1, 1, 1, 5])
    assert_array_equal(low, high)
    assert low.tolist() == [0.25, 0.375]


def test_a_share_of_no_rooms_is_not_a_number():
    low, _ = share_by(exact(10.0), [60.0], [0.0])
    assert np.isnan(low).all()
    assert np.isnan(time_to_share(exact(10.0), 0.5, [0.0]).lo_s)


def test_a_share_is_above_nothing_and_at_most_all():
    with pytest.raises(ValueError, match="share must be above 0 and at most 1, got 0"):
        time_to_share(exact(10.0), 0.0)


def test_a_room_is_secured_with_the_last_of_its_parts():
    parts = secured_time(exact(30.0), exact(45.0), exact(40.0), exact(50.0))
    assert parts.lo_s.tolist() == parts.hi_s.tolist() == [50.0]


def test_a_missing_part_leaves_a_lower_bound_only():
    secured = secured_time(exact(30.0), exact(np.nan), exact(40.0))
    assert (secured.lo_s.tolist(), secured.hi_s.tolist()) == ([40.0], [np.inf])


def test_a_check_that_finds_the_room_secured_bounds_it_from_above():
    nothing = exact(np.nan)
    secured = secured_time(nothing, nothing, nothing, seen_secured_by_s=[90.0])
    assert (secured.lo_s.tolist(), secured.hi_s.tolist()) == ([-np.inf], [90.0])
    assert (secured.n_observed, secured.n_censored, secured.n_missing) == (0, 1, 0)


def test_a_lock_that_failed_censors_the_room_at_the_end():
    secured = secured_time(exact(30.0), exact(40.0), exact(40.0), unsecured_at_s=[600.0])
    assert (secured.lo_s.tolist(), secured.hi_s.tolist()) == ([600.0], [np.inf])


def test_nothing_known_stays_missing():
    assert secured_time(exact(np.nan), exact(np.nan), exact(np.nan)).n_missing == 1
    with pytest.raises(ValueError, match="at least one part"):
        latest()


def test_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="at most hi_s"):
        BoundedTimes([20.0], [10.0])
    with pytest.raises(ValueError, match="one shape"):
        BoundedTimes([20.0], [30.0, 40.0])


def test_latency_is_missing_where_neither_end_happened():
    never = BoundedTimes([np.inf], [np.inf])
    assert never.since(never).n_missing == 1
    assert exact(30.0).since(exact(10.0)).lo_s.tolist() == [20.0]


def test_halls_are_clear_when_the_last_student_has_left_them():
    students = np.array([True, True, False])
    assert hall_clearance(exact(20.0, 35.0, 300.0), students).hi_s == 35.0
    assert hall_clearance(exact(20.0, np.inf, 1.0), students).hi_s == np.inf
    assert hall_clearance(exact(20.0, 35.0, 300.0), ~students & students).hi_s == 0.0


def test_coverage_and_shortfall_of_a_corner():
    coverage, shortfall = corner_coverage([0, 24, 30], [24, 24, 24])
    assert coverage.tolist() == [0.0, 1.0, 1.0]
    assert shortfall.tolist() == [24, 0, 0]


ROOM, HALL, RESTROOM = (PLACE_KINDS.index(kind) for kind in ("room", "hall", "restroom"))


def test_stranded_people_are_counted_where_they_are():
    """One in a room, one who walks from hall to room, one in a restroom, two who get out."""
    never = np.inf
    counted = stranded(
        [0.0, 30.0, 60.0],
        start_space=np.array([0, 1, 2, 0, -1]),
        space_kind=np.array([ROOM, HALL, RESTROOM]),
        secured_s=np.array([[50.0, never, never]]),
        left_start_s=np.array([[never, 20.0, never, 10.0, never]]),
        out_s=np.array([[never, never, never, 40.0, -5.0]]),
        in_room_s=np.array([[5.0, 35.0, never, never, never]]),
        in_room=np.array([[0, 0, -1, -1, -1]]),
    )[0]
    by_kind = counted[:, [ROOM, HALL, RESTROOM]].tolist()
    assert by_kind == [[2, 1, 1], [1, 2, 1], [0, 0, 1]]


@given(st.lists(st.floats(0.0, 300.0), min_size=1, max_size=20), st.floats(0.0, 300.0))
def test_nobody_is_stranded_where_every_room_is_secured(secured, at_s):
    rooms = len(secured)
    counted = stranded(
        [at_s],
        start_space=np.arange(rooms),
        space_kind=np.full(rooms, ROOM),
        secured_s=np.array([secured]),
        left_start_s=np.full((1, rooms), np.inf),
        out_s=np.full((1, rooms), np.inf),
        in_room_s=np.zeros((1, rooms)),
        in_room=np.arange(rooms)[None, :],
    )
    assert counted.sum() == sum(time > at_s for time in secured)
