"""Reunification: known answers, nobody is lost, and every hand-over follows the procedure."""

from __future__ import annotations

import heapq
import itertools
import math
from dataclasses import fields, replace

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from support.reunifications import AT_ONCE, UNLIMITED, busy_plans, draws, orders

from sim import Distribution
from sim.protocols.arrivals import ArrivalInterval, ArrivalIntervals
from sim.protocols.custody import LEGAL, REFERRED, RELEASED, STUDENT_STATES, Custody, CustodyError
from sim.protocols.reunification import Reunification, reunify
from sim.protocols.reunification_measures import (
    custody_gaps,
    exception_share,
    parent_sojourn_s,
    throughput,
    time_to_share_s,
)
from sim.protocols.reunification_orders import (
    DESKS,
    DeskChange,
    ExceptionRule,
    PathWalk,
    ReunificationDraws,
)
from sim.protocols.reunification_times import PARENT_STATES, ReunificationTimes

constant = Distribution.constant


def evenly(n: int, every_s: float) -> tuple[ArrivalIntervals, np.ndarray]:
    """Return arrivals and draws such that family i comes at exactly (i + 1/2) every_s."""
    return (
        ArrivalIntervals((ArrivalInterval(0.0, n * every_s, 1.0),)),
        (np.arange(n) + 0.5) / n,
    )


# --- known answers


def test_one_family_takes_the_sum_of_its_steps():
    plan = orders(
        [0],
        arrivals=constant(100.0),
        staff=dict.fromkeys(DESKS, 1),
        greet_s=constant(20.0),
        form_s=constant(120.0),
        check_s=constant(60.0),
        walk_there=PathWalk(60.0, constant(1.2)),
        walk_back=PathWalk(60.0, constant(1.0)),
        hand_over_s=constant(30.0),
        record_s=constant(15.0),
    )
    times = reunify(plan, draws(1))
    assert times.parent_in_s == pytest.approx([100.0])
    assert times.greeted_s == pytest.approx([120.0])
    assert times.verified_s == pytest.approx([300.0])
    assert times.called_s == pytest.approx([300.0])
    assert times.fetched_s == pytest.approx([350.0])
    assert times.released_s == pytest.approx([440.0])
    assert times.recorded_s == pytest.approx([455.0])
    assert parent_sojourn_s(times, 0.5) == pytest.approx(340.0)
    assert times.reasons() == ()
    assert {d.name: d.busy_s for d in times.desks} == pytest.approx(
        {"greeters": 20, "checkers": 60, "reunifiers": 140, "private_desk": 0, "accountants": 15}
    )


def test_ten_families_at_once_and_one_checker_queue_for_the_check():
    plan = orders(range(10), staff={**UNLIMITED, "checkers": 1}, check_s=constant(60.0))
    times = reunify(plan, draws(10), record=True)
    assert times.verified_s.tolist() == [60.0 * (i + 1) for i in range(10)]
    checkers = times.desks[DESKS.index("checkers")]
    assert (checkers.queue_max, checkers.utilisation) == (9, 1.0)
    assert checkers.queue_person_s == 60.0 * 45
    assert checkers.log_s.tolist() == [60.0 * i for i in range(10)]
    assert checkers.log_queue.tolist() == [*range(9, -1, -1)]


def test_the_walk_of_a_runner_takes_as_long_as_the_path():
    walk = PathWalk(84.0, Distribution("uniform", (0.8, 1.6)))
    plan = orders(range(50), walk_there=walk)
    drawn = draws(50)
    times = reunify(plan, drawn)
    assert times.fetched_s - times.called_s == pytest.approx(84.0 / (0.8 + 0.8 * drawn.walk))


def test_siblings_are_fetched_together_in_one_trip():
    plan = orders([0, 0, 0, 1], staff={**UNLIMITED, "reunifiers": 1}, walk_there=constant(100.0))
    times = reunify(plan, draws(2))
    assert times.released_s.tolist() == [100.0, 100.0, 100.0, 200.0]
    assert times.desks[DESKS.index("reunifiers")].served == 2


def test_early_families_wait_until_the_site_opens():
    plan = orders([0, 1], opens_s=600.0, greet_s=constant(10.0))
    assert reunify(plan, draws(2)).released_s.tolist() == [610.0, 610.0]


def test_a_student_who_is_still_on_the_bus_is_waited_for_by_way_of_the_private_desk():
    plan = orders(
        [0, 0],
        ready_s=np.array([0.0, 500.0]),
        absence_s=constant(60.0),
        walk_there=constant(50.0),
    )
    times = reunify(plan, draws(1))
    assert times.released_s.tolist() == [550.0, 550.0]
    assert times.exceptions()["student_not_there_yet"] == 1
    assert exception_share(times) == 1.0
    assert times.desks[DESKS.index("private_desk")].busy_s == 60.0


def test_a_student_who_does_not_come_is_referred_and_the_sibling_goes_home():
    plan = orders(
        [0, 0],
        leaves_s=np.array([0.0, math.inf]),
        ready_s=np.array([0.0, math.inf]),
        expected=np.array([True, False]),
        absence_s=constant(60.0),
    )
    times = reunify(plan, draws(1))
    assert times.released_s.tolist() == [60.0, math.inf]
    assert times.referred_s.tolist() == [math.inf, 60.0]
    assert times.exceptions()["student_not_coming"] == 1
    assert times.finish_s == 60.0


@pytest.mark.parametrize("kind", ["no_id", "not_authorised", "custody_hold", "student_declines"])
@pytest.mark.parametrize("resolved", [0.0, 1.0])
def test_an_exception_goes_to_the_private_desk_and_ends_as_it_is_settled(kind, resolved):
    rule = ExceptionRule(kind, 1.0, constant(300.0), resolved)
    times = reunify(orders([0, 1], exceptions=(rule,)), draws(2))
    assert times.exceptions()[kind] == 2
    assert times.students()["released" if resolved else "referred"] == 2
    assert (times.released_s if resolved else times.referred_s).tolist() == [300.0, 300.0]
    if kind == "student_declines":
        assert times.fetched_s.tolist() == [0.0, 0.0]
    elif not resolved:
        assert np.isinf(times.called_s).all()


def test_whoever_is_never_collected_stays_in_the_assembly_area_and_that_is_said():
    times = reunify(orders([0, 0, 1], arrivals=ArrivalIntervals(())), draws(2))
    assert times.students()["assembly"] == 3
    assert times.reasons() == ("never: nobody came for 3 students",)
    assert math.isnan(parent_sojourn_s(times, 0.5))
    assert math.isnan(exception_share(times))


def test_nobody_to_collect_is_done_at_once():
    times = reunify(orders([]), draws(0))
    assert (times.finish_s, times.reasons()) == (0.0, ())


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        ("greeters", "never: no greeter"),
        ("checkers", "never: no checker"),
        ("reunifiers", "never: no reunifier"),
    ],
)
def test_without_staff_at_a_desk_nobody_is_ever_released_and_the_outcome_says_so(desk, words):
    plan = orders(range(20), staff={**UNLIMITED, desk: 0}, check_s=constant(10.0))
    times = reunify(plan, draws(20))
    assert np.isinf(times.released_s).all()
    assert times.finish_s == math.inf
    assert times.reasons() == (words,)
    assert time_to_share_s(times.released_s, 0.9) == math.inf


def test_without_an_accountant_students_go_home_and_nothing_is_recorded():
    times = reunify(orders([0], staff={**UNLIMITED, "accountants": 0}), draws(1))
    assert times.released_s.tolist() == [0.0]
    assert np.isinf(times.recorded_s).all()


def test_a_run_that_is_cut_short_says_not_yet_instead_of_never():
    plan = orders(range(4), staff={**UNLIMITED, "checkers": 1}, check_s=constant(60.0))
    assert reunify(plan, draws(4), end_s=100.0).reasons() == (
        "not by 0:01:40: 3 families still at the checkers",
    )


# --- desks that change


def test_a_change_of_desks_that_was_ordered_changes_the_finish():
    plan = orders(range(40), staff={**UNLIMITED, "checkers": 1}, check_s=constant(60.0))
    more = replace(plan, changes=(DeskChange(600.0, "checkers", 3),))
    assert reunify(plan, draws(40)).finish_s == 2400.0
    assert reunify(more, draws(40)).finish_s == 1200.0


def test_a_change_of_desks_while_running_changes_the_finish_as_if_ordered():
    plan = orders(range(40), staff={**UNLIMITED, "checkers": 1}, check_s=constant(60.0))
    env = simpy.Environment()
    live = Reunification(env, plan, draws(40))
    env.run(until=600.0)
    live.set_staff("checkers", 3)
    env.run()
    ordered = replace(plan, changes=(DeskChange(600.0, "checkers", 3),))
    assert live.times().released_s.tolist() == reunify(ordered, draws(40)).released_s.tolist()
    with pytest.raises(ValueError, match="unknown desk 'chekers'"):
        live.set_staff("chekers", 1)


def test_staff_who_leave_finish_with_whom_they_serve():
    plan = orders(range(6), staff={**UNLIMITED, "checkers": 3}, check_s=constant(60.0))
    fewer = replace(plan, changes=(DeskChange(30.0, "checkers", 1),))
    assert reunify(fewer, draws(6)).verified_s.tolist() == [60.0] * 3 + [120.0, 180.0, 240.0]


def test_a_desk_that_is_staffed_late_serves_those_who_waited():
    plan = orders(range(3), staff={**UNLIMITED, "checkers": 0}, check_s=constant(60.0))
    late = replace(plan, changes=(DeskChange(1000.0, "checkers", 3),))
    assert reunify(late, draws(3)).finish_s == 1060.0


def test_a_student_who_arrives_in_a_live_incident_is_handed_over_then():
    never = np.array([math.inf])
    plan = orders([0], leaves_s=never, ready_s=never)
    env = simpy.Environment()
    live = Reunification(env, plan, draws(1))
    env.run(until=250.0)
    assert live.times().reasons() == ("never: 1 student not at the site, waited for by 1 family",)
    live.student_at_site(0)
    env.run(until=live.finished)
    assert live.times().released_s.tolist() == [250.0]


# --- theory


def waits_by_recursion(arrive_s: np.ndarray, serve_s: np.ndarray, servers: int) -> np.ndarray:
    """Return waiting times first come first served (Kiefer and Wolfowitz 1955), one by one."""
    free = [0.0] * servers
    waits = np.empty(len(arrive_s))
    for i, (comes, takes) in enumerate(zip(arrive_s.tolist(), serve_s.tolist(), strict=True)):
        begins = max(comes, heapq.heappop(free))
        waits[i] = begins - comes
        heapq.heappush(free, begins + takes)
    return waits


def erlang_c_wait_s(servers: int, load: float, mean_s: float) -> float:
    """Return the mean wait in an M/M/c queue (Erlang 1917)."""
    full = load**servers / math.factorial(servers) * servers / (servers - load)
    idle = sum(load**k / math.factorial(k) for k in range(servers))
    return full / (idle + full) * mean_s / (servers - load)


def many_at_the_check(n: int, servers: int, load: float, seed: int):
    """Return families who come as a Poisson process and are checked for exponential times."""
    mean_s = 60.0
    arrivals = ArrivalIntervals((ArrivalInterval(0.0, n * mean_s / load, 1.0),))
    plan = orders(
        range(n),
        arrivals=arrivals,
        staff={**UNLIMITED, "checkers": servers},
        check_s=Distribution("gamma", (mean_s, 1.0)),
    )
    return plan, draws(n, seed)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (3, 2.1), (6, 4.8)])
def test_every_wait_is_that_of_the_recursion_for_many_servers(servers, load):
    plan, drawn = many_at_the_check(3_000, servers, load, seed=3)
    times = reunify(plan, drawn)
    order = np.argsort(times.parent_in_s, kind="stable")
    serve_s = plan.check_s.ppf(drawn.check)[order]
    waits = (times.verified_s - times.greeted_s)[order] - serve_s
    assert waits == pytest.approx(
        waits_by_recursion(times.parent_in_s[order], serve_s, servers), abs=1e-6
    )


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (2, 1.0), (3, 1.8)])
def test_the_mean_wait_is_that_of_erlang_within_two_percent(servers, load):
    plan, drawn = many_at_the_check(800_000, servers, load, seed=7)
    arrive_s = np.sort(plan.arrivals.times_s(drawn.arrive))
    waits = waits_by_recursion(arrive_s, plan.check_s.ppf(drawn.check), servers)
    assert waits.mean() == pytest.approx(erlang_c_wait_s(servers, load, 60.0), rel=0.02)


def test_the_mean_time_at_the_check_is_that_of_erlang_within_two_percent():
    plan, drawn = many_at_the_check(30_000, 2, 1.0, seed=7)
    times = reunify(plan, drawn)
    theory_s = erlang_c_wait_s(2, 1.0, 60.0) + 60.0
    assert (times.verified_s - times.greeted_s).mean() == pytest.approx(theory_s, rel=0.02)
    checkers = times.desks[DESKS.index("checkers")]
    assert checkers.utilisation == pytest.approx(0.5, rel=0.02)


# --- laws


@settings(max_examples=40, deadline=None)
@given(busy_plans())
def test_students_and_families_are_conserved_at_every_event(case):
    plan, drawn = case
    env = simpy.Environment()
    live = Reunification(env, plan, drawn)
    came = np.isfinite(plan.arrivals.times_s(drawn.arrive)).sum()
    settled = 0
    while env.peek() < math.inf:
        env.step()
        counts = np.bincount(live.custody.state, minlength=len(STUDENT_STATES)).tolist()
        assert counts == live.custody.counts
        assert sum(counts) == plan.n_students
        assert counts[RELEASED] + counts[REFERRED] >= settled
        settled = counts[RELEASED] + counts[REFERRED]
        at = dict(
            zip(
                PARENT_STATES,
                np.bincount(live.parent_state, minlength=len(PARENT_STATES)).tolist(),
                strict=True,
            )
        )
        assert sum(at.values()) == plan.n_families
        desks = live.desks
        for desk, state in (("greeters", "with_greeter"), ("checkers", "with_checker")):
            assert desks[desk].waiting + desks[desk].busy == at[state]
        inside = desks["reunifiers"].waiting + desks["reunifiers"].busy
        assert at["with_reunifier"] <= inside <= at["with_reunifier"] + at["at_private_desk"]
        for name, desk in desks.items():
            free = desk.staff - desk.busy
            assert desk.waiting == 0 or free <= 0, name
    assert live.finished.triggered == (settled == plan.n_students)
    times = live.times()
    assert (np.isfinite(times.family_in_s)).sum() == came
    assert times.closed
    assert bool(times.reasons()) == (settled < plan.n_students)


@settings(max_examples=40, deadline=None)
@given(busy_plans())
def test_every_hand_over_has_its_chain_and_steps_never_run_backwards(case):
    times = reunify(*case, record=True)
    chain = (times.verified_s, times.called_s, times.fetched_s, times.released_s)
    assert custody_gaps(*chain) == 0
    steps = (times.parent_in_s, times.greeted_s, *chain)
    for before, after in itertools.pairwise(steps):
        done = np.isfinite(after)
        assert (before[done] <= after[done]).all()
    assert not (np.isfinite(times.released_s) & np.isfinite(times.referred_s)).any()
    assert throughput(times.released_s).sum() == times.students()["released"]
    for desk in times.desks:
        assert 0.0 <= desk.utilisation <= 1.0 + 1e-9
        assert desk.log_queue.max(initial=0) <= desk.queue_max
        area = (desk.log_queue[:-1] * np.diff(desk.log_s)).sum()
        area += desk.log_queue[-1] * (times.end_s - desk.log_s[-1])
        assert area == pytest.approx(desk.queue_person_s, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(busy_plans())
def test_the_same_plan_gives_the_same_bytes(case):
    one, again = reunify(*case), reunify(*case)
    for part in fields(ReunificationTimes):
        a, b = getattr(one, part.name), getattr(again, part.name)
        if isinstance(a, np.ndarray):
            assert a.tobytes() == b.tobytes(), part.name
    assert [d.busy_s for d in one.desks] == [d.busy_s for d in again.desks]


@settings(max_examples=40, deadline=None)
@given(busy_plans(), st.integers(1, 3), st.integers(1, 3))
def test_more_checkers_make_no_family_later_where_nothing_else_is_short(case, few, more):
    """With one desk short, every family begins no later with more staff: queues keep their order.

    It holds for each family by itself, because service times go with families. Everybody is at
    the site: whoever is checked before the student is there has to go to the private desk first.
    """
    plan, drawn = case
    there = np.zeros(plan.n_students)
    plan = replace(plan, changes=(), staff={**UNLIMITED, "checkers": few})
    plan = replace(plan, leaves_s=there, ready_s=there)
    finish = reunify(plan, drawn)
    sooner = reunify(replace(plan, staff={**UNLIMITED, "checkers": few + more}), drawn)
    for name in ("verified_s", "called_s", "released_s", "referred_s"):
        assert (getattr(sooner, name) <= getattr(finish, name) + 1e-9).all(), name
    assert (sooner.family_left_s <= finish.family_left_s + 1e-9).all()


def test_who_is_checked_before_the_bus_comes_can_be_later_than_who_is_checked_after_it():
    plan = orders([0], ready_s=np.array([100.0]), absence_s=constant(600.0))
    assert reunify(replace(plan, check_s=constant(90.0)), draws(1)).finish_s == 690.0
    assert reunify(replace(plan, check_s=constant(110.0)), draws(1)).finish_s == 110.0


def test_more_greeters_can_make_one_family_later_who_is_overtaken_in_the_next_queue():
    """Where two desks are short the law is false: with two greeters the second family is overtaken.

    The one with the long check comes first to the only checker instead of last.
    """
    arrivals, arrive = evenly(3, 1.0)
    drawn = replace(
        draws(3),
        arrive=arrive,
        greet=np.array([0.9, 0.5, 0.1]),
        check=np.array([0.5, 0.5, 0.9]),
    )
    plan = orders(
        range(3),
        arrivals=arrivals,
        staff={**UNLIMITED, "greeters": 1, "checkers": 1},
        greet_s=Distribution("uniform", (0.0, 100.0)),
        check_s=Distribution("uniform", (0.0, 1000.0)),
    )
    one = reunify(plan, drawn)
    two = reunify(replace(plan, staff={**plan.staff, "greeters": 2}), drawn)
    assert two.greeted_s[0] == one.greeted_s[0]
    assert two.verified_s[0] > one.verified_s[0] + 100.0
    assert (np.sort(two.greeted_s) <= np.sort(one.greeted_s)).all()


@given(
    st.lists(st.integers(0, len(STUDENT_STATES) - 1), max_size=12),
)
def test_only_legal_transitions_can_be_made(wanted):
    custody = Custody(1)
    for state in wanted:
        before = int(custody.state[0])
        if state in LEGAL[before]:
            custody.enter(0, state, 1.0)
            assert custody.state[0] == state
        else:
            with pytest.raises(CustodyError, match="cannot go from"):
                custody.enter(0, state, 1.0)
            assert custody.state[0] == before


def test_every_state_can_be_reached_and_only_the_last_two_are_ends():
    reached, open_ones = {0}, [0]
    while open_ones:
        for state in LEGAL[open_ones.pop()]:
            if state not in reached:
                reached.add(state)
                open_ones.append(state)
    assert reached == {*range(len(STUDENT_STATES))}
    assert [state for state in LEGAL if not LEGAL[state]] == [RELEASED, REFERRED]


# --- arrivals and orders that make no sense


@given(st.lists(st.floats(0.0, 1.0, exclude_max=True), min_size=1, max_size=50))
def test_families_arrive_within_their_intervals_in_order_of_their_draw(numbers):
    arrivals = ArrivalIntervals((ArrivalInterval(0, 600, 0.5), ArrivalInterval(900, 1800, 0.4)))
    times = arrivals.times_s(np.sort(numbers))
    assert (np.diff(times[np.isfinite(times)]) >= 0.0).all()
    assert (np.isinf(times) == (np.sort(numbers) >= 0.9)).all()
    inside = ((times >= 0) & (times <= 600)) | ((times >= 900) & (times <= 1800))
    assert (inside | np.isinf(times)).all()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"family": np.array([0, 2])}, "every number from 0"),
        ({"ready_s": np.zeros(3)}, r"ready_s: expected shape \(2,\)"),
        ({"leaves_s": np.array([0.0, 5.0])}, "leaves_s <= ready_s"),
        ({"staff": {**UNLIMITED, "chekers": 1}}, "unknown desk 'chekers'"),
        ({"staff": {"greeters": 1}}, "checkers is missing"),
        ({"staff": {**UNLIMITED, "checkers": -1}}, "whole number of staff >= 0, got -1"),
        ({"opens_s": math.inf}, "opens_s: expected finite"),
        (
            {"exceptions": (ExceptionRule("no_id", 0.1, AT_ONCE, 1.0),) * 2},
            "one kind is there twice",
        ),
        (
            {
                "exceptions": (
                    ExceptionRule("no_id", 0.6, AT_ONCE, 1.0),
                    ExceptionRule("custody_hold", 0.6, AT_ONCE, 1.0),
                )
            },
            "must not exceed 1, got 1.2",
        ),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        orders([0, 1], **changes)


def test_parts_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="unknown exception 'noid'"):
        ExceptionRule("noid", 0.1, AT_ONCE, 1.0)
    with pytest.raises(ValueError, match="share: expected 0 to 1, got 2"):
        ExceptionRule("no_id", 2.0, AT_ONCE, 1.0)
    with pytest.raises(ValueError, match="must follow each other"):
        ArrivalIntervals((ArrivalInterval(0, 60, 0.5), ArrivalInterval(30, 90, 0.5)))
    with pytest.raises(ValueError, match="must not exceed 1"):
        ArrivalIntervals((ArrivalInterval(0, 60, 0.7), ArrivalInterval(60, 90, 0.7)))
    with pytest.raises(ValueError, match="speeds above 0 only"):
        PathWalk(10.0, AT_ONCE)
    with pytest.raises(ValueError, match="draws for 3 families, expected 1"):
        reunify(orders([0]), draws(3))
    with pytest.raises(ValueError, match=r"numbers in \(0, 1\)"):
        ReunificationDraws(**{one.name: np.array([1.0]) for one in fields(ReunificationDraws)})
