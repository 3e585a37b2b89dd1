"""No run beats the quickest flow: what the building could do if everybody did the best thing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from support.hand_buildings import hand_building
from support.quickest_flow import QuickestFlow
from support.random_crowds import Crowd, crowds

from sim import Distribution, flow_law

backends = pytest.mark.parametrize("backend", ["python", "compiled"])
SPEEDS = Distribution("uniform", (0.8, 1.25))
FASTEST_MPS = 1.25


def quickest(crowd: Crowd, speed_mps: float, started_s: np.ndarray) -> QuickestFlow:
    """Return the bounds for a crowd whose people set off when they did."""
    building = crowd.building
    starts = []
    for room, count in crowd.people.items():
        cell = building.space_index(room)
        k = int(building.cell_sides_start[cell + 1] - building.cell_sides_start[cell])
        for slot in building.slots_of(cell)[:count]:
            at = building.slot_start[slot]
            walks = tuple(building.slot_m[at : at + k].tolist())
            starts.append((cell, float(started_s[len(starts)]), walks))
    return QuickestFlow(building, crowd.network(), starts, speed_mps)


@settings(max_examples=30, deadline=None)
@given(crowds(most_rooms=4, most_people=12))
def test_no_run_brings_people_out_faster_than_the_quickest_flow(crowd: Crowd) -> None:
    """At any time no more people are out than can be, so the last is out no earlier either."""
    assume(crowd.n_people > 0)
    run = crowd.run(speed=SPEEDS, pre_movement=Distribution("uniform", (0.0, 10.0)))
    bound = quickest(crowd, FASTEST_MPS, run.started_s)
    steps = np.sort([bound.step_of(time_s) for time_s in run.out_s.tolist()])
    for share in (0.3, 0.7, 1.0):
        step = int(steps[int(share * (len(steps) - 1))])
        out = int((steps <= step).sum())
        assert out <= bound.most_out(step), f"{out} are out by {step * bound.step_s:.2f} s"


@backends
def test_a_door_that_is_never_idle_reaches_the_bound(backend: Any) -> None:
    """50 people at a door of one a second: the last leaves in the step that the bound says."""
    law = flow_law("sfpe", door_specific_flow=1.0, door_boundary_m=0.0, speed_law="none")
    building = hand_building({"room": 60.0}, [("room", "outside", 1.0)], start_m=3.0, slots=50)
    crowd = Crowd(building, {"room": 50}, law)
    constant = Distribution.constant
    run = crowd.run(backend=backend, speed=constant(1.0), pre_movement=constant(0.0))
    bound = quickest(crowd, 1.0, run.started_s)
    assert bound.step_s == 1.0
    assert run.out_s.max() == 52.0
    assert bound.first_step_with_all_out(200) == bound.step_of(52.0) == 52
    assert [bound.most_out(step) for step in (2, 3, 4, 20)] == [0, 1, 2, 18]


@backends
def test_the_nearest_exit_is_not_the_quickest_for_all(backend: Any) -> None:
    """40 people, doors of one a second 3 m and 9 m away: in balance 23 leave by the nearer one.

    3 + 23 - 1 = 9 + 17 - 1 = 25 s, where the nearest exit for all takes 3 + 39 = 42 s.
    """
    law = flow_law("sfpe", door_specific_flow=1.0, door_boundary_m=0.0, speed_law="none")
    building = hand_building(
        {"room": 60.0},
        [("room", "outside", 1.0), ("room", "outside", 1.0)],
        start_m={("room", 0): 3.0, ("room", 1): 9.0},
        slots=40,
    )
    crowd = Crowd(building, {"room": 40}, law)
    constant = Distribution.constant
    run = crowd.run(backend=backend, speed=constant(1.0), pre_movement=constant(0.0))
    assert run.out_s.max() == 42.0
    assert quickest(crowd, 1.0, run.started_s).first_step_with_all_out(200) == 25
