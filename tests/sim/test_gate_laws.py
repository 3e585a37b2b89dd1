"""Laws of gates: no door passes more than 1 + C t people in any window t, and queues have turns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.full_houses import KINDS, full_house
from support.log_audit import audit_gates, audit_queues, excess
from support.random_crowds import Crowd, crowds

from sim.kernels.arrays import EVENT_PASS

backends = pytest.mark.parametrize("backend", ["python", "compiled"])


@backends
@settings(max_examples=60, deadline=None)
@given(crowds())
def test_no_gate_passes_more_than_one_and_c_t_people_in_any_window(
    backend: Any, crowd: Crowd
) -> None:
    """All are bound for the nearest exit: nobody changes places, and nothing is to be excused."""
    events = crowd.run(backend=backend).events
    audit_gates(crowd.network(), events)
    passes = events.kind == EVENT_PASS
    for gate, headway_s in enumerate(crowd.network().gates["headway_s"]):
        time_s = events.time_s[passes & (events.subject >> 1 == gate)]
        assert excess(time_s, np.ones(len(time_s)), headway_s) <= 1e-9


@backends
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_who_change_places_and_who_are_wide_take_up_their_headways_too(
    backend: Any, kind: str, seed: int
) -> None:
    house = full_house(np.random.default_rng(seed), kind)
    movement = house.begin(backend, record_events=True)
    for change in house.changes:
        movement.advance(change.at_s)
        change.apply(movement)
    movement.advance(600.0)
    audit_gates(movement.network.arrays, movement.events(), house.placement.size)


@backends
@pytest.mark.parametrize("kind", ["plain", "doors", "mixed"])
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_queues_are_first_come_first_served(backend: Any, kind: str, seed: int) -> None:
    house = full_house(np.random.default_rng(seed), kind)
    movement = house.begin(backend, record_events=True)
    for change in house.changes:
        movement.advance(change.at_s)
        change.apply(movement)
    movement.advance(600.0)
    audit_queues(movement.events())


def test_the_audit_sees_a_gate_that_passes_one_too_many() -> None:
    time_s = np.array([0.0, 1.0, 2.0, 2.9])
    assert excess(time_s, np.ones(4), 1.0) == pytest.approx(0.1)
    assert excess(time_s, np.array([1.0, 1.0, 0.5, 1.0]), 1.0) == 0.0
    assert math.isclose(excess(time_s, np.array([2.0, 1.0, 1.0, 1.0]), 1.0), 1.1)
