"""Two queues that face each other at one door: who passes, and how often."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from support.hand_buildings import hand_building, hand_orders, hand_roster

from sim import Simulation, flow_law

HEADWAY_S = 1 / (1.3 * 0.7)


@pytest.fixture(params=["python", "compiled"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def passages(here: int, there: int, backend: Any, **numbers: float) -> list[str]:
    """Let two groups who stand at a door pass it in opposite directions; return who passed."""
    building = hand_building(
        {"a": 200.0, "b": 200.0},
        [("a", "b", 1.0), ("a", "outside", 9.0), ("b", "outside", 9.0)],
        walk_m=1.0,
        start_m=1.0,
    )
    law = flow_law("sfpe", speed_law="none", storage_per_m2=math.inf, **numbers)
    exits = {"a": "D2", "b": "D1"}
    roster = hand_roster(building, {"a": here, "b": there}, exit_of=exits)
    simulation = Simulation(building, roster, law, hand_orders(building), seed=1, backend=backend)
    events = simulation.run(0, record_events=True).events
    through = (events.kind == 2) & (events.subject >> 1 == 0)
    assert np.diff(events.time_s[through]).min() >= HEADWAY_S - 1e-9
    return ["a" if side == 0 else "b" for side in events.subject[through]]


def test_the_smaller_queue_keeps_its_least_share(backend: str):
    """96 against 4: in proportion the few would get 4 %, they keep 17 %."""
    order = passages(96, 4, backend)
    last = len(order) - order[::-1].index("b")
    assert 4 / last == pytest.approx(0.17, abs=0.02)
    assert passages(4, 96, backend).index("b") <= 1


def test_the_least_share_can_be_set(backend: str):
    order = passages(96, 4, backend, counterflow_minor_share=0.10)
    assert 4 / (len(order) - order[::-1].index("b")) == pytest.approx(0.10, abs=0.02)


def test_larger_queues_share_in_proportion(backend: str):
    order = passages(60, 30, backend)
    assert order[:45].count("b") == pytest.approx(15, abs=1)
    assert passages(30, 30, backend)[:20].count("a") == 10


def test_half_lets_them_pass_in_turn(backend: str):
    order = passages(96, 4, backend, counterflow_minor_share=0.5)
    assert order[1:9] in (["b", "a"] * 4, ["a", "b"] * 4)


def test_nobody_is_left_waiting(backend: str):
    for least in (0.0, 0.17, 0.5):
        order = passages(70, 3, backend, counterflow_minor_share=least)
        assert (order.count("a"), order.count("b")) == (70, 3)
