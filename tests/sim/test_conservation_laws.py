"""Laws of the ledger: people are conserved at every event, and time never runs backwards."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.full_houses import KINDS, full_house
from support.log_audit import audit_log
from support.movement_audit import audit
from support.random_crowds import Crowd, crowds

from sim import flow_law

backends = pytest.mark.parametrize("backend", ["python", "compiled"])


@backends
@settings(max_examples=60, deadline=None)
@given(crowds())
def test_everybody_gets_out_and_nobody_is_lost_on_the_way(backend: Any, crowd: Crowd) -> None:
    run = crowd.run(backend=backend)
    assert run.ledger["out"] == crowd.n_people
    home = np.repeat(
        [crowd.building.space_index(room) for room in crowd.people], [*crowd.people.values()]
    )
    audit_log(crowd.building, crowd.network(), home.astype(np.int64), run.events)
    outside = crowd.building.side_cell == crowd.building.outside
    through_exits = run.side_passed[np.flatnonzero(outside) ^ 1].sum()
    assert through_exits == crowd.n_people
    assert run.side_passed.sum() == (run.events.kind == 2).sum()
    assert run.side_queue_person_s.sum() == pytest.approx(run.queue_s.sum(), abs=1e-6)


@backends
@settings(max_examples=40, deadline=None)
@given(crowds())
def test_what_happens_to_a_person_happens_in_order(backend: Any, crowd: Crowd) -> None:
    run = crowd.run(backend=backend)
    assert (run.started_s >= run.pre_movement_s).all()
    assert (run.left_room_s >= run.started_s).all()
    assert (run.out_s >= run.left_room_s).all()
    assert (run.assembled_s >= run.out_s).all()
    assert run.end_s >= run.out_s.max(initial=0.0)


@backends
@settings(max_examples=40, deadline=None)
@given(crowds())
def test_without_density_time_is_walking_and_waiting_and_nothing_else(
    backend: Any, crowd: Crowd
) -> None:
    law = flow_law("sfpe", speed_law="none", storage_per_m2=crowd.law.storage_per_m2)
    run = Crowd(crowd.building, crowd.people, law).run(backend=backend)
    moving_s = np.where(np.isfinite(run.assembled_s), run.assembled_s, run.out_s) - run.started_s
    np.testing.assert_allclose(moving_s, run.walked_m / run.speed_mps + run.queue_s, atol=1e-8)


stops = st.lists(st.floats(0.0, 90.0), max_size=6).map(sorted)


@backends
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(KINDS), stops)
def test_every_account_agrees_with_the_people_at_any_instant(
    backend: Any, seed: int, kind: str, stops_s: list[float]
) -> None:
    house = full_house(np.random.default_rng(seed), kind)
    movement = house.begin(backend)
    due = [*house.changes]
    for stop_s in [*stops_s, 200.0]:
        while due and due[0].at_s <= stop_s:
            movement.advance(due[0].at_s)
            due.pop(0).apply(movement)
            audit(movement, capacities=house.keeps_capacities)
        movement.advance(stop_s)
        audit(movement, capacities=house.keeps_capacities)


@backends
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), stops)
def test_stopping_to_look_changes_nothing(backend: Any, seed: int, stops_s: list[float]) -> None:
    house = full_house(np.random.default_rng(seed), "plain")
    straight, stopped = (house.begin(backend, record_events=True) for _ in range(2))
    for stop_s in stops_s:
        stopped.advance(stop_s)
    for movement in (straight, stopped):
        movement.advance(math.inf)
    for name in ("time_s", "kind", "person", "subject"):
        np.testing.assert_array_equal(
            getattr(straight.events(), name), getattr(stopped.events(), name), err_msg=name
        )
