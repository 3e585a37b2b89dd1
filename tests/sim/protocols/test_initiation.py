"""From the event to the decision, and to the dispatcher: by hand, as a process, and by law."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from support.channels import CONSTANT, chances, draws, times

from sim.protocols.dispatch_alert import (
    AlertWay,
    DispatchAlert,
    alert_times,
    lognormal_with_mark,
)
from sim.protocols.initiation import (
    Initiation,
    InitiationTimes,
    draw_initiation,
    initiate,
    initiation_times,
)
from sim.protocols.message_way import MessageWay

NEVER = math.inf
RADIO = MessageWay(name="radio", takes_s=CONSTANT(8.0))
ON_FOOT = MessageWay(name="runner", takes_s=CONSTANT(5.0), walk_m=60.0, speed_mps=CONSTANT(1.5))
TEACHER = Initiation(
    event_s=10.0,
    space=0,
    role="teacher",
    may_initiate=("office",),
    recognise_s=CONSTANT(20.0),
    decide_s=CONSTANT(15.0),
    ways=(RADIO, ON_FOOT),
)

ways = st.builds(
    MessageWay,
    name=st.sampled_from(["radio", "phone", "runner"]),
    takes_s=times,
    fails=chances,
    walk_m=st.sampled_from([0.0, 17.3, 208.6, NEVER]),
    speed_mps=st.sampled_from([CONSTANT(1.3), CONSTANT(1.9)]),
)
initiations = st.builds(
    Initiation,
    event_s=st.floats(0.0, 100.0),
    space=st.just(0),
    role=st.sampled_from(["teacher", "office"]),
    may_initiate=st.sampled_from([("office",), ("office", "teacher")]),
    recognise_s=times,
    decide_s=times,
    ways=st.lists(ways, max_size=3, unique_by=lambda way: way.name).map(tuple),
)


def times_of(initiation: Initiation, *, replica: int = 0) -> InitiationTimes:
    return initiation_times(initiation, draw_initiation(initiation, draws(1, replica=replica)))


def test_who_may_not_announce_tells_somebody_who_may():
    assert times_of(TEACHER) == InitiationTimes(10.0, 30.0, 38.0, 53.0, way=0)


def test_who_may_announce_decides_at_once():
    alone = replace(TEACHER, may_initiate=("office", "teacher"))
    assert times_of(alone) == InitiationTimes(10.0, 30.0, 30.0, 45.0, way=-1)


def test_where_one_way_fails_the_next_is_tried():
    deaf = replace(TEACHER, ways=(replace(RADIO, fails=1.0), ON_FOOT))
    assert times_of(deaf) == InitiationTimes(10.0, 30.0, 38.0 + 40.0 + 5.0, 98.0, way=1)


def test_a_way_that_cannot_be_walked_costs_no_time():
    ways = (replace(ON_FOOT, walk_m=NEVER), RADIO)
    assert times_of(replace(TEACHER, ways=ways)).told_s == 38.0


@pytest.mark.parametrize("ways", [(), (replace(RADIO, fails=1.0),)])
def test_where_nobody_can_be_told_nothing_is_announced(ways: tuple[MessageWay, ...]):
    found = times_of(replace(TEACHER, ways=ways))
    assert (found.recognised_s, found.told_s, found.decided_s) == (30.0, NEVER, NEVER)


def test_ways_fail_as_often_as_stated():
    unsure = replace(TEACHER, ways=(replace(RADIO, fails=0.25), ON_FOOT))
    used = [times_of(unsure, replica=replica).way for replica in range(3000)]
    assert np.mean(used) == pytest.approx(0.25, abs=0.025)


@settings(max_examples=200, deadline=None)
@given(initiation=initiations, replica=st.integers(0, 10_000))
def test_the_process_and_the_calculation_agree_to_the_last_bit(
    initiation: Initiation, replica: int
):
    drawn = draw_initiation(initiation, draws(1, replica=replica))
    env = simpy.Environment()
    process = env.process(initiate(env, initiation, drawn))
    env.run()
    assert process.value == initiation_times(initiation, drawn)


@settings(max_examples=100, deadline=None)
@given(initiation=initiations, replica=st.integers(0, 10_000))
def test_steps_come_in_order(initiation: Initiation, replica: int):
    found = times_of(initiation, replica=replica)
    steps = [found.event_s, found.recognised_s, found.told_s, found.decided_s]
    assert steps == sorted(steps)


# --- the dispatcher

BUTTON = AlertWay(way=MessageWay(name="panic_button", takes_s=CONSTANT(4.0)), after="recognised")
CALL = AlertWay(way=MessageWay(name="phone", takes_s=CONSTANT(25.0)), after="told")
CENTRE = DispatchAlert(ways=(CALL,), answer_s=CONSTANT(6.0), process_s=CONSTANT(40.0))
STEPS = times_of(TEACHER)


def test_a_call_is_made_once_the_office_knows():
    found = alert_times(CENTRE, STEPS, draws(1))
    assert (found.alert_s, found.answered_s, found.dispatched_s) == (63.0, 69.0, 109.0)


def test_a_button_does_not_wait_for_the_office():
    found = alert_times(replace(CENTRE, ways=(CALL, BUTTON)), STEPS, draws(1))
    assert (found.alert_s, found.answered_s, found.dispatched_s, found.way) == (34, 40, 80, 1)


def test_an_alert_that_goes_straight_to_the_dispatcher_is_not_answered_first():
    straight = replace(BUTTON, answered=False)
    found = alert_times(replace(CENTRE, ways=(straight,)), STEPS, draws(1))
    assert (found.alert_s, found.answered_s, found.dispatched_s) == (34.0, 34.0, 74.0)


def test_where_every_way_fails_nobody_is_sent():
    broken = replace(CALL, way=replace(CALL.way, fails=1.0))
    found = alert_times(replace(CENTRE, ways=(broken,)), STEPS, draws(1))
    assert (found.alert_s, found.dispatched_s, found.way) == (NEVER, NEVER, -1)


def test_the_alert_goes_out_although_nobody_can_announce_anything():
    steps = times_of(replace(TEACHER, ways=()))
    found = alert_times(replace(CENTRE, ways=(CALL, BUTTON)), steps, draws(1))
    assert steps.decided_s == NEVER
    assert found.dispatched_s == 80.0


alert_ways = st.builds(
    AlertWay,
    way=ways,
    after=st.sampled_from(["recognised", "told", "decided"]),
    answered=st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(
    ways=st.lists(alert_ways, min_size=1, max_size=4, unique_by=lambda one: one.way.name),
    answer=times, process=times, replica=st.integers(0, 1000), data=st.data(),
)  # fmt: skip
def test_one_more_way_makes_no_alert_later(
    ways: Any, answer: Any, process: Any, replica: int, data: Any
):
    left_out = data.draw(st.integers(0, len(ways) - 1))
    fewer = tuple(ways[:left_out] + ways[left_out + 1 :])
    one, more = (
        alert_times(
            DispatchAlert(ways=tuple(w), answer_s=answer, process_s=process),
            STEPS,
            draws(1, replica=replica),
        )
        for w in (fewer, ways)
    )
    for name in ("alert_s", "answered_s", "dispatched_s"):
        assert getattr(more, name) <= getattr(one, name)
    assert more.alert_s <= more.answered_s <= more.dispatched_s


@pytest.mark.parametrize("sigma", [0.2, 0.5, 1.0])
@pytest.mark.parametrize("mark_s", [10.0, 60.0])
def test_nine_of_ten_calls_are_within_the_mark(mark_s: float, sigma: float):
    made = lognormal_with_mark(mark_s, share=0.9, sigma=sigma)
    replicas = [
        alert_times(replace(CENTRE, answer_s=made), STEPS, draws(1, replica=r)) for r in range(3000)
    ]
    within = [one.answered_s - one.alert_s <= mark_s for one in replicas]
    assert np.mean(within) == pytest.approx(0.9, abs=0.02)


def test_a_mark_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="got 10 and 1"):
        lognormal_with_mark(10, share=1.0, sigma=0.5)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"event_s": -1.0}, "event_s"), ({"may_initiate": ()}, "at least one role")],
)
def test_an_initiation_that_makes_no_sense_is_refused(changes: dict[str, Any], words: str):
    with pytest.raises(ValueError, match=words):
        replace(TEACHER, **changes)
    with pytest.raises(ValueError, match="walk_m"):
        replace(RADIO, walk_m=-1.0)
