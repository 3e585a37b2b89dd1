"""Ranks, words and the shift of a drill: known answers, and calibration on exchangeable rows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from debrief.arrival_curve import curve_envelope, observed_steps
from debrief.drill_log import BUILDING, Observation, Place
from debrief.placement import place_observation, rank_range, with_error
from debrief.worst_place import drill_shift

SIMULATED = np.arange(1.0, 200.0)  # 199 drills: 1 s, 2 s, ... 199 s


def seen(low: float, high: float | None = None, **more: object) -> Observation:
    high = low if high is None else high
    censor = "none" if low == high else "right" if math.isinf(high) else "interval"
    return Observation("o1", "exit_last", BUILDING, low, high, censor, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (100.0, 100.0, "as predicted"),
        (10.0, 10.0, "as predicted"),
        (9.0, 9.0, "earlier"),
        (190.0, 190.0, "as predicted"),
        (191.0, 191.0, "later"),
        (150.0, math.inf, "cannot tell"),
        (195.0, math.inf, "later"),
        (0.0, 5.0, "earlier"),
        (0.0, 100.0, "cannot tell"),
        (60.0, 119.0, "as predicted"),
        (180.0, 239.0, "cannot tell"),
    ],
)
def test_the_word_follows_from_the_ninety_percent_by_order_statistics(low, high, verdict):
    placement = place_observation(seen(low, high), SIMULATED)
    assert (placement.low_s, placement.high_s) == (10.0, 190.0)
    assert placement.verdict == verdict
    assert placement.sentence.endswith(".")


def test_ranks_count_ties_and_bounds():
    assert rank_range(np.array([1.0, 2.0, 2.0, 3.0]), 2.0, 2.0) == (0.2, 0.8)
    assert rank_range(SIMULATED, 150.0, math.inf) == (149 / 200, 1.0)
    assert rank_range(SIMULATED, 0.0, 50.5) == (0.0, 51 / 200)


def test_too_few_drills_or_no_such_event_cannot_tell():
    assert place_observation(seen(5.0), np.arange(18.0)).verdict == "cannot tell"
    assert place_observation(seen(5.0), None).verdict == "cannot tell"
    assert place_observation(seen(5.0), np.full(100, math.inf)).verdict == "later"


def test_what_nobody_timed_or_was_set_aside_is_not_observed():
    nothing = Observation("o", "exit_last", BUILDING, math.nan, math.nan, "missing")
    placement = place_observation(nothing, SIMULATED)
    assert placement.verdict == "not observed"
    assert placement.high_s == 190.0
    aside = seen(500.0, quality="excluded")
    assert place_observation(aside, SIMULATED).verdict == "not observed"


def test_a_timing_error_widens_the_interval_by_key():
    exact, rough = seen(5.0), seen(5.0, u_s=20.0)
    assert with_error(SIMULATED, exact, seed=1) is SIMULATED
    first, again = (with_error(SIMULATED, rough, seed=1) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert first.std() > SIMULATED.std()
    assert (first != with_error(SIMULATED, rough, seed=2)).all()


def drills(rng: np.random.Generator, rows: int, places: int) -> np.ndarray:
    """Drills whose places share a delay of the whole drill."""
    shared = rng.normal(0.0, 0.2, size=(rows, 1))
    return np.exp(4.0 + shared + rng.normal(0.0, 0.15, size=(rows, places)))


def test_a_drill_like_the_simulated_ones_raises_alarm_in_one_of_twenty():
    rng = np.random.default_rng(20261124)
    alarms = shifts = 0
    for _ in range(400):
        rows = drills(rng, 200, 12)
        shift = drill_shift(rows[0], rows[1:])
        alarms += shift.worst_p <= 0.05
        shifts += shift.factor_p <= 0.05
    assert 0.02 <= alarms / 400 <= 0.08
    assert 0.02 <= shifts / 400 <= 0.08


def test_one_room_five_times_late_is_the_one_that_stands_out():
    rng = np.random.default_rng(7)
    found = 0
    for _ in range(60):
        rows = drills(rng, 200, 20)
        rows[0, 4] *= 5.0
        shift = drill_shift(rows[0], rows[1:])
        found += shift.worst == 4 and shift.worst_p <= 0.05
    assert found >= 0.8 * 60


def test_a_whole_drill_twice_as_late_is_a_shift_and_no_odd_room():
    rng = np.random.default_rng(8)
    shifted = odd = 0
    for _ in range(60):
        rows = drills(rng, 200, 20)
        rows[0] *= 2.0
        shift = drill_shift(rows[0], rows[1:])
        shifted += shift.factor_p <= 0.05
        odd += shift.worst_p <= 0.05
    assert shifted >= 0.7 * 60
    assert odd <= 0.2 * 60


def test_two_times_are_too_few_for_a_shift():
    shift = drill_shift([10.0, 20.0], np.ones((50, 2)))
    assert math.isnan(shift.factor)
    assert shift.worst == -1


def test_the_global_envelope_is_left_by_one_curve_in_twenty():
    rng = np.random.default_rng(3)
    left = 0
    for _ in range(200):
        curves = rng.normal(size=(100, 1)) + 0.3 * rng.normal(size=(100, 12)).cumsum(axis=1)
        left += curve_envelope(curves[1:], curves[0]).p <= 0.05
    assert left / 200 <= 0.09
    assert curve_envelope(curves, np.full(12, 50.0)).p <= 0.02


def counted(obs_id: str, t_s: float, count: int, kind: str, place: str) -> Observation:
    return Observation(
        obs_id, "exit_count", Place("exit", place, place), t_s, t_s, "none", count=count,
        count_kind=kind,
    )  # type: ignore[arg-type]  # fmt: skip


def test_counts_of_exits_add_up_cumulative_or_one_by_one():
    steps = observed_steps(
        [
            counted("a", 10.0, 5, "cumulative", "E1"),
            counted("b", 30.0, 12, "cumulative", "E1"),
            counted("c", 20.0, 4, "increment", "E2"),
            counted("d", 40.0, 6, "increment", "E2"),
        ]
    )
    assert steps.times_s.tolist() == [10.0, 20.0, 30.0, 40.0]
    assert steps.counts.tolist() == [5.0, 9.0, 16.0, 22.0]
    assert steps.exits == ("E1", "E2")
