"""Laws of movement over random buildings: what changes nothing, and what changes all alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.full_houses import full_house
from support.random_crowds import Crowd, crowds

from sim import Distribution, RunResult

backends = pytest.mark.parametrize("backend", ["python", "compiled"])
TIMES = ("started_s", "left_room_s", "out_s", "assembled_s")
CLASS_TIMES = ("group_released_s", "group_assembled_s", "group_accounted_s")
SPEED = (1.2, 0.2, 0.6, 1.8)
"""Mean, spread, least and greatest free speed, m/s."""


def rooms_with_people(crowd: Crowd) -> list[str]:
    return [room for room, count in crowd.people.items() if count]


def speeds(factor: float) -> Distribution:
    mean, spread, least, greatest = (factor * value for value in SPEED)
    return Distribution("normal", (mean, spread), least, greatest)


@settings(max_examples=25, deadline=None)
@given(crowds(), st.integers(0, 5))
def test_both_ways_of_running_give_the_same_bits(crowd: Crowd, seed: int) -> None:
    slow = crowd.run(seed=seed)
    fast = crowd.run(seed=seed, backend="compiled")
    for name in (*TIMES, "queue_s", "walked_m"):
        np.testing.assert_array_equal(getattr(slow, name), getattr(fast, name), err_msg=name)
    for name in ("time_s", "kind", "person", "subject"):
        np.testing.assert_array_equal(getattr(slow.events, name), getattr(fast.events, name))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_both_ways_of_running_give_the_same_bits_whatever_changes(seed: int) -> None:
    logs = []
    for backend in ("python", "compiled"):
        house = full_house(np.random.default_rng(seed), "patient")
        movement = house.begin(backend, record_events=True)
        for change in house.changes:
            movement.advance(change.at_s)
            change.apply(movement)
        movement.advance(300.0)
        logs.append(movement.events())
    for name in ("time_s", "kind", "person", "subject"):
        np.testing.assert_array_equal(getattr(logs[0], name), getattr(logs[1], name))


@backends
@settings(max_examples=30, deadline=None)
@given(crowds())
def test_recording_changes_nothing(backend: Any, crowd: Crowd) -> None:
    recorded = crowd.run(backend=backend, record=True)
    silent = crowd.run(backend=backend, record=False)
    assert len(silent.events) == 0
    for name in (*TIMES, "exit_gate", "queue_s", "walked_m", "side_queue_person_s", "side_passed"):
        np.testing.assert_array_equal(getattr(recorded, name), getattr(silent, name), err_msg=name)


def assert_shifted(early: RunResult, late: RunResult, by_s: float, names: tuple[str, ...]) -> None:
    for name in names:
        np.testing.assert_allclose(
            getattr(late, name), getattr(early, name) + by_s, rtol=0, atol=1e-9, err_msg=name
        )


@backends
@settings(max_examples=30, deadline=None)
@given(crowds(ties=False), st.sampled_from([0.1, 64.0, 1000.0]))
def test_a_later_start_for_all_shifts_everything_by_exactly_that(
    backend: Any, crowd: Crowd, later_s: float
) -> None:
    """Where people tie exactly, rounding may decide who is first: here no two walks are alike."""
    early, late = (
        crowd.run(backend=backend, pre_movement=Distribution.constant(wait_s))
        for wait_s in (0.0, later_s)
    )
    assert_shifted(early, late, later_s, TIMES)
    np.testing.assert_array_equal(late.exit_gate, early.exit_gate)
    np.testing.assert_array_equal(late.side_passed, early.side_passed)
    np.testing.assert_allclose(late.queue_s, early.queue_s, atol=1e-8)


@backends
@settings(max_examples=30, deadline=None)
@given(crowds(ties=False), st.sampled_from([0.1, 64.0, 1000.0]), st.booleans())
def test_classes_that_wait_longer_are_out_gathered_and_counted_later_by_exactly_that(
    backend: Any, crowd: Crowd, later_s: float, together: bool
) -> None:
    early, late = (
        crowd.run(
            backend=backend,
            pre_movement=Distribution("uniform", (wait_s, wait_s + 16.0)),
            classes=rooms_with_people(crowd),
            together=together,
        )
        for wait_s in (0.0, later_s)
    )
    assert_shifted(early, late, later_s, (*TIMES, *CLASS_TIMES))


@backends
@settings(max_examples=30, deadline=None)
@given(crowds(), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_twice_as_fast_people_and_doors_take_exactly_half_of_every_time(
    backend: Any, crowd: Crowd, factor: float
) -> None:
    """Powers of two lose no bit, so that even ties are the same."""
    plain = crowd.run(
        backend=backend, speed=speeds(1.0), pre_movement=Distribution("uniform", (0.0, 16.0))
    )
    scaled = crowd.faster(factor).run(
        backend=backend,
        speed=speeds(factor),
        pre_movement=Distribution("uniform", (0.0, 16.0 / factor)),
    )
    for name in (*TIMES, "queue_s"):
        np.testing.assert_array_equal(
            getattr(scaled, name) * factor, getattr(plain, name), err_msg=name
        )
    np.testing.assert_array_equal(scaled.walked_m, plain.walked_m)


@backends
@settings(max_examples=30, deadline=None)
@given(crowds(ties=False), st.floats(0.2, 5.0))
def test_people_and_doors_that_are_c_times_as_fast_divide_every_time_by_c(
    backend: Any, crowd: Crowd, factor: float
) -> None:
    plain = crowd.run(
        backend=backend, speed=speeds(1.0), pre_movement=Distribution("uniform", (0.0, 16.0))
    )
    scaled = crowd.faster(factor).run(
        backend=backend,
        speed=speeds(factor),
        pre_movement=Distribution("uniform", (0.0, 16.0 / factor)),
    )
    for name in (*TIMES, "queue_s"):
        np.testing.assert_allclose(
            getattr(scaled, name) * factor, getattr(plain, name), rtol=1e-9, atol=1e-9, err_msg=name
        )
