"""Paired differences: exact where nothing differs, right on average, honest about what is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lockdown_runs import lockdown

from scenarios import compare_ensembles, paired_difference

NUMBERS = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=40)


@given(NUMBERS)
def test_the_same_rows_differ_by_nothing(values):
    same = paired_difference(values, values)
    assert (same.difference, same.low, same.high) == (0.0, 0.0, 0.0)
    assert same.verdict("more") in ("no difference shown", "too few replicas")


@given(NUMBERS, st.integers(0, 10**6))
def test_turning_the_pair_round_turns_the_sign(values, seed):
    other = np.random.default_rng(seed).normal(size=len(values))
    there, back = paired_difference(values, other), paired_difference(other, values)
    assert there.difference == pytest.approx(-back.difference)
    assert there.low == pytest.approx(-back.high)
    assert there.share_more == back.share_less


def test_the_interval_is_that_of_student():
    """Differences 1 to 5: mean 3, s = 1.5811, t(4, 95 %) = 2.1318: 3 -+ 1.5074."""
    one = paired_difference(np.zeros(5), np.arange(1.0, 6.0))
    assert one.difference == 3.0
    assert (one.low, one.high) == pytest.approx((1.4926, 4.5074), abs=1e-4)


def test_nine_of_ten_intervals_hold_the_truth():
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(400):
        before = rng.normal(10.0, 3.0, size=20)
        after = before + rng.normal(0.7, 1.0, size=20)
        one = paired_difference(before, after)
        held += one.low <= 0.7 <= one.high
    assert 0.86 <= held / 400 <= 0.94


def test_shared_randomness_saves_replicas():
    rng = np.random.default_rng(5)
    before = rng.normal(10.0, 3.0, size=200)
    one = paired_difference(before, before + rng.normal(0.5, 0.5, size=200))
    assert one.variance_ratio > 5.0


def test_one_pair_says_nothing():
    one = paired_difference([1.0], [2.0])
    assert (one.low, one.high) == (-np.inf, np.inf)
    assert one.verdict("more") == "too few replicas"


def test_what_is_never_reached_has_no_difference():
    with pytest.raises(ValueError, match="must be finite"):
        paired_difference([1.0, np.inf], [1.0, 2.0])
    with pytest.raises(ValueError, match="one length"):
        paired_difference([1.0], [1.0, 2.0])


def test_ensembles_are_paired_by_replica():
    slow = lockdown(replicas=12, locks={"thumbturn_inside": {"seconds": 30}})
    quick = lockdown(replicas=12, locks={"thumbturn_inside": {"seconds": 3}})
    one = compare_ensembles(slow, quick, lambda e: e.protocol.rooms_by(60.0))
    assert one.difference > 0
    assert one.verdict("more") == "better"
    same = compare_ensembles(slow, slow, lambda e: e.protocol.sight_per_person_s())
    assert (same.difference, same.low, same.high) == (0.0, 0.0, 0.0)


def test_ensembles_that_share_no_randomness_are_refused():
    with pytest.raises(ValueError, match="share no random numbers"):
        compare_ensembles(lockdown(replicas=12), lockdown(replicas=6), lambda e: e.end_s)
