"""Roll calls that can be wrong: known answers, laws, and whether "all present" was true."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import Distribution
from sim.protocols.accountability import Accountability, account_for_all
from sim.protocols.accountability_orders import (
    IN_REFUGE,
    INSIDE,
    OFF_SITE,
    WHEREABOUTS,
    WITH_ANOTHER_CLASS,
    WITH_OWN_CLASS,
    AccountabilityOrders,
    AccountabilityTimes,
    accountability_draws,
)
from sim.protocols.roll_call import CountingErrors, call_the_roll

constant = Distribution.constant
NO_ERRORS = CountingErrors(0.0, 0.0, 0.0)
NOBODY_THERE_IS_SEEN = CountingErrors(missed=0.0, counted_wrongly=1.0, extra_unnoticed=0.0)


def orders(group: list[int], n_classes: int, **changes: Any) -> AccountabilityOrders:
    """Return classes that stand complete at 60 s and call at 100 s, without errors."""
    n = len(group)
    usual = AccountabilityOrders(
        group=np.array(group, dtype=np.int64),
        at_place_s=np.full(n, 60.0),
        whereabouts=np.full(n, INSIDE),
        stands_with=np.full(n, -1),
        surfaces_s=np.full(n, math.inf),
        roll_from_s=np.full(n_classes, 100.0),
        roll_call_s=constant(60.0),
        report_s=constant(30.0),
        record_s=constant(10.0),
        recheck_s=constant(20.0),
        search_s={
            "with_another_class": constant(40.0),
            "inside": constant(300.0),
            "in_refuge": constant(50.0),
            "off_site": constant(600.0),
        },
        errors=NO_ERRORS,
        recorders=1,
        searchers=1,
    )
    return replace(usual, **changes)


def run(plan: AccountabilityOrders, seed: int = 1) -> AccountabilityTimes:
    n, k = len(plan.group), len(plan.roll_from_s)
    keys = np.arange(n + k, dtype=np.uint64)
    return account_for_all(plan, accountability_draws(seed, 0, people=keys[:n], classes=keys[n:]))


def absent(person: int, n: int) -> np.ndarray:
    return np.where(np.arange(n) == person, math.inf, 60.0)


def test_complete_classes_are_accounted_for_when_the_last_report_is_noted():
    times = run(orders([0, 0, 1, 1, 2], 3))
    assert times.roll_ended_s.tolist() == [160.0] * 3
    assert times.reported_s.tolist() == [200.0, 210.0, 220.0]  # one recorder, 10 s each
    assert times.all_accounted_s == 220.0
    assert (times.said_falsely, times.false_missing) == (False, 0)
    assert times.first_pass_completeness(205.0) == pytest.approx(1 / 3)
    assert times.first_pass_completeness(300.0) == 1.0
    assert times.reasons() == ()


@pytest.mark.parametrize(
    ("where", "takes_s"), [(INSIDE, 300.0), (IN_REFUGE, 50.0), (OFF_SITE, 600.0)]
)
def test_a_missing_person_is_asked_for_again_and_then_looked_for(where, takes_s):
    plan = orders([0, 0], 1, at_place_s=absent(1, 2), whereabouts=np.full(2, where))
    times = run(plan)
    assert times.missing_s.tolist() == [math.inf, 200.0]
    assert times.resolved_s[1] == 200.0 + 20.0 + takes_s
    assert times.resolved_as.tolist() == [-1, where]
    assert times.all_accounted_s == times.resolved_s[1]
    assert not times.said_falsely


def test_one_searcher_looks_for_one_after_the_other_and_two_for_two_at_once():
    plan = orders([0, 0], 1, at_place_s=np.full(2, math.inf))
    assert run(plan).all_accounted_s == 200.0 + 2 * 320.0
    assert run(replace(plan, searchers=2)).all_accounted_s == 200.0 + 320.0


def test_somebody_who_is_there_and_missed_is_found_by_asking_again():
    times = run(orders([0, 0], 1, errors=CountingErrors(1.0, 0.0, 0.0)))
    assert times.false_missing == 2
    assert times.resolved_as.tolist() == [WITH_OWN_CLASS] * 2
    assert times.all_accounted_s == 200.0 + 2 * 20.0


def test_somebody_with_another_class_is_found_by_its_report_without_a_search():
    plan = orders(
        [0, 0, 1],
        2,
        at_place_s=absent(1, 3),
        whereabouts=np.array([INSIDE, WITH_ANOTHER_CLASS, INSIDE]),
        stands_with=np.array([-1, 1, -1]),
    )
    times = run(plan)
    assert times.extra.tolist() == [False, True, False]
    assert times.resolved_s[1] == 210.0  # when the second report is noted
    assert times.resolved_as[1] == WITH_ANOTHER_CLASS
    unnoticed = run(replace(plan, errors=CountingErrors(0.0, 0.0, 1.0)))
    assert not unnoticed.extra.any()
    assert unnoticed.resolved_s[1] == 200.0 + 20.0 + 40.0


def test_all_present_is_said_falsely_when_somebody_inside_was_counted():
    plan = orders([0, 0], 1, at_place_s=absent(1, 2), errors=NOBODY_THERE_IS_SEEN)
    times = run(plan)
    assert times.all_accounted_s == 200.0
    assert times.hidden.tolist() == [1]
    assert times.said_falsely
    assert times.false_for_s == math.inf
    surfaces = np.array([math.inf, 500.0])
    assert run(replace(plan, surfaces_s=surfaces)).false_for_s == 300.0
    arrives = np.array([60.0, 230.0])
    assert run(replace(plan, at_place_s=arrives)).false_for_s == 30.0


def test_somebody_counted_by_error_is_not_hidden_if_another_class_reports_them():
    plan = orders(
        [0, 1],
        2,
        at_place_s=absent(0, 2),
        whereabouts=np.array([WITH_ANOTHER_CLASS, INSIDE]),
        stands_with=np.array([1, -1]),
        errors=NOBODY_THERE_IS_SEEN,
    )
    times = run(plan)
    assert times.counted.all()
    assert not times.said_falsely


def test_a_latecomer_is_counted_if_there_when_the_own_name_is_called():
    # three names in 60 s: called at 120, 140 and 160 s
    plan = orders([0, 0, 0], 1, at_place_s=np.array([60.0, 140.0, 161.0]))
    assert run(plan).counted.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recorders": 0}, "no recorder: 2 reports were not noted"),
        ({"searchers": 0, "at_place_s": absent(1, 2)}, "no searcher: 1 missing people"),
        ({"roll_from_s": np.array([100.0, math.inf])}, "1 classes called no roll"),
    ],
)
def test_what_never_happens_is_said(changes, words):
    times = run(orders([0, 1], 2, **changes))
    assert times.all_accounted_s == math.inf
    assert any(reason.startswith(words) for reason in times.reasons())
    assert (times.said_falsely, times.false_for_s) == (False, 0.0)


def test_a_class_and_a_latecomer_can_be_told_while_it_runs():
    plan = orders([0], 1, roll_from_s=np.array([math.inf]), at_place_s=np.array([math.inf]))
    env = simpy.Environment()
    key = np.arange(1, dtype=np.uint64)
    live = Accountability(env, plan, accountability_draws(1, 0, people=key, classes=key))
    env.run(until=500.0)
    live.at_place(0)
    live.begin(0)
    live.begin(0)
    env.run(until=live.post.all_accounted)
    assert live.times().all_accounted_s == 600.0
    assert live.times().counted.tolist() == [True]


def test_nobody_is_accounted_for_at_once():
    assert run(orders([], 0)).all_accounted_s == 0.0


@pytest.mark.parametrize(
    ("errors", "there", "share"),
    [(CountingErrors(0.03, 0.2, 0.0), True, 0.03), (CountingErrors(0.03, 0.2, 0.0), False, 0.2)],
)
def test_errors_are_as_frequent_as_said(errors, there, share):
    n = 20_000
    keys = np.arange(n, dtype=np.uint64)
    drawn = accountability_draws(5, 0, people=keys, classes=keys[:1])
    env = simpy.Environment()
    report = env.run(
        env.process(
            call_the_roll(
                env,
                0,
                np.arange(n),
                lambda people, times_s: np.full(len(people), there),
                takes_s=60.0,
                errors=errors,
                uniforms=drawn.person_counted,
            )
        )
    )
    wrong = report.falsely_missing if there else report.falsely_present
    deviation = math.sqrt(share * (1 - share) / n)
    assert len(wrong) / n == pytest.approx(share, abs=4 * deviation)


def test_one_more_person_changes_nobody_elses_draws():
    keys = np.arange(6, dtype=np.uint64)
    few = accountability_draws(1, 2, people=keys[:3], classes=keys[:2])
    more = accountability_draws(1, 2, people=keys, classes=keys[:2])
    for one in fields(few):
        a = getattr(few, one.name)
        assert (a == getattr(more, one.name)[: len(a)]).all()


@st.composite
def random_days(draw: st.DrawFn) -> tuple[AccountabilityOrders, int]:
    k = draw(st.integers(1, 5))
    group = draw(st.lists(st.integers(0, k - 1), max_size=30))
    n = len(group)
    time = st.sampled_from([0.0, 110.0, 130.0, 400.0, math.inf])
    where = np.array(draw(st.lists(st.integers(1, 4), min_size=n, max_size=n)), dtype=np.int64)
    if k == 1:
        where = np.where(where == WITH_ANOTHER_CLASS, INSIDE, where)
    own = np.array(group, dtype=np.int64)
    chance = st.sampled_from([0.0, 0.2, 1.0])
    steps = Distribution("uniform", (0.0, 90.0))
    plan = orders(
        group,
        k,
        at_place_s=np.array(draw(st.lists(time, min_size=n, max_size=n))),
        whereabouts=where,
        stands_with=np.where(where == WITH_ANOTHER_CLASS, (own + 1) % k, -1),
        surfaces_s=np.array(draw(st.lists(time, min_size=n, max_size=n))),
        roll_from_s=np.array(draw(st.lists(time, min_size=k, max_size=k))),
        roll_call_s=steps,
        report_s=steps,
        record_s=steps,
        recheck_s=steps,
        search_s=dict.fromkeys(WHEREABOUTS[1:], steps),
        errors=CountingErrors(draw(chance), draw(chance), draw(chance)),
        recorders=draw(st.integers(0, 2)),
        searchers=draw(st.integers(0, 2)),
    )
    return plan, draw(st.integers(0, 1000))


@settings(max_examples=80, deadline=None)
@given(random_days())
def test_all_accounted_means_every_report_is_noted_and_everybody_missing_is_resolved(case):
    plan, seed = case
    times = run(plan, seed)
    missing = np.isfinite(times.missing_s)
    done = np.isfinite(times.reported_s).all() and np.isfinite(times.resolved_s[missing]).all()
    assert (times.all_accounted_s < math.inf) == bool(done)
    assert bool(times.reasons()) == (not done)
    if done:
        last = max(times.reported_s.max(), times.resolved_s[missing].max(initial=0.0))
        assert times.all_accounted_s == last
    noted = np.isfinite(times.reported_s)[plan.group]
    assert (missing == (noted & ~times.counted)).all()
    assert (times.missing_s[missing] <= times.resolved_s[missing]).all()
    assert ((times.resolved_as >= 0) == np.isfinite(times.resolved_s)).all()
    assert times.false_missing <= missing.sum()
    hidden = times.hidden
    assert (times.counted[hidden] & ~times.there[hidden]).all()
    assert times.said_falsely == (times.false_for_s > 0.0)
    for order in ((times.roll_begun_s, times.roll_ended_s), (times.roll_ended_s, times.reported_s)):
        happened = np.isfinite(order[1])
        assert (order[0][happened] <= order[1][happened]).all()


@settings(max_examples=40, deadline=None)
@given(random_days())
def test_without_counting_errors_all_present_is_never_false(case):
    plan, seed = case
    plan = replace(plan, errors=CountingErrors(0.0, 0.0, 0.0))
    times = run(plan, seed)
    assert not times.said_falsely
    assert times.false_missing == 0


@settings(max_examples=30, deadline=None)
@given(random_days())
def test_the_same_day_gives_the_same_bytes(case):
    one, again = run(*case), run(*case)
    for part in fields(AccountabilityTimes):
        a, b = getattr(one, part.name), getattr(again, part.name)
        assert np.asarray(a).tobytes() == np.asarray(b).tobytes(), part.name


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"roll_from_s": np.array([])}, "group: expected 0 to -1"),
        ({"at_place_s": np.zeros(3)}, r"at_place_s: expected shape \(2,\)"),
        ({"surfaces_s": np.array([0.0, -1.0])}, "surfaces_s: expected times >= 0"),
        ({"whereabouts": np.array([0, 2])}, "whereabouts: expected codes 1 to 4"),
        ({"whereabouts": np.array([1, 2])}, "stands_with: expected another class"),
        ({"stands_with": np.array([0, -1])}, "stands_with: expected -1"),
        ({"search_s": {}}, "search_s: expected"),
        ({"searchers": 0.5}, "searchers: expected a whole number"),
    ],
)
def test_orders_that_make_no_sense_are_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        orders([0, 0], 1, **changes)
    with pytest.raises(ValueError, match=r"missed: expected 0 to 1, got 1\.5"):
        CountingErrors(1.5, 0.0, 0.0)
