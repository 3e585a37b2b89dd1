"""A mirrored building with mirrored people gives the mirrored result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.graph_plans import mirrored, two_storeys
from support.hand_buildings import hand_orders, hand_roster
from support.random_plans import school_wing

from buildings import Plan, compile_plan
from sim import Distribution, FlowLaw, RunResult, Simulation, flow_law

ROUNDING_S = 1e-5
"""Ends of cuts are rounded to 1e-6 m, and a way may cross a dozen of them."""
GROUND_S = 0.05
"""Outside, the outline of the buildings is simplified by up to 0.1 m, from where it begins."""
PLACES_S = 0.002
"""Standing places are rounded to whole millimetres, which differ where one lies half-way."""
MIRROR = np.array([-1.0, 1.0])

Points = dict[str, np.ndarray]


def walk_out(plan: Plan, at: Points, law: FlowLaw, speed: Distribution, backend: Any) -> RunResult:
    """Evacuate people who start from given points of rooms."""
    compiled = compile_plan(plan)
    roster = hand_roster(compiled, {room: len(xy) for room, xy in at.items()}, speed=speed)
    roster = replace(roster, start_xy=np.concatenate([*at.values()]))
    orders = hand_orders(compiled)
    return Simulation(compiled, roster, law, orders, seed=1, backend=backend).run(0)


def points_in_rooms(plan: Plan, rng: np.random.Generator) -> Points:
    """Return up to 12 people in every room, at points of which no two are alike."""
    rooms = [space for space in plan.spaces.values() if space.kind == "room"]
    at = {}
    for room in rooms:
        west, south, east, north = room.polygon.bounds
        n = int(rng.integers(1, 13))
        at[room.id] = rng.uniform((west, south), (east, north), (n, 2))
    return at


def assert_mirrored(
    plan: Plan, at: Points, law: FlowLaw, speed: Distribution, backend: Any
) -> None:
    here = walk_out(plan, at, law, speed, backend)
    flipped = {room: xy * MIRROR for room, xy in at.items()}
    there = walk_out(mirrored(plan), flipped, law, speed, backend)
    for name in ("left_room_s", "out_s", "queue_s", "walked_m"):
        tolerance = GROUND_S if name == "walked_m" else ROUNDING_S
        np.testing.assert_allclose(
            getattr(here, name), getattr(there, name), rtol=0, atol=tolerance, err_msg=name
        )
    np.testing.assert_allclose(here.assembled_s, there.assembled_s, rtol=0, atol=GROUND_S)
    np.testing.assert_array_equal(here.exit_gate, there.exit_gate)


LAWS = (
    flow_law("sfpe"),
    flow_law("weidmann"),
    flow_law("sfpe", speed_law="none", storage_per_m2=np.inf),
)
SPEEDS = (Distribution.constant(1.2), Distribution("normal", (1.2, 0.2), 0.6, 1.8))


@pytest.mark.parametrize(("backend", "law"), [("python", 0), ("compiled", 1), ("compiled", 2)])
@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(SPEEDS))
def test_everybody_leaves_a_mirrored_wing_at_the_same_time_by_the_same_exit(
    backend: Any, law: int, seed: int, speed: Distribution
) -> None:
    rng = np.random.default_rng(seed)
    wing = school_wing(rng)
    assert_mirrored(wing, points_in_rooms(wing, rng), LAWS[law], speed, backend)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_rooms_full_of_people_empty_alike_in_a_mirror(seed: int) -> None:
    """All standing places are taken: who has which may differ, but not when the n-th is out."""
    wing = school_wing(np.random.default_rng(seed))
    times = []
    for version in (wing, mirrored(wing)):
        compiled = compile_plan(version)
        people = {
            room: len(compiled.slots_of(compiled.space_index(room)))
            for room in compiled.space_ids
            if room != "C"
        }
        roster = hand_roster(compiled, people, speed=SPEEDS[0])
        orders = hand_orders(compiled)
        simulation = Simulation(compiled, roster, LAWS[0], orders, seed=1, backend="compiled")
        times.append(np.sort(simulation.run(0).out_s))
    np.testing.assert_allclose(times[0], times[1], rtol=0, atol=PLACES_S)


@pytest.mark.parametrize("backend", ["python", "compiled"])
def test_stairs_are_climbed_down_in_a_mirror_as_they_are_here(backend: Any) -> None:
    storeys = two_storeys()
    at = points_in_rooms(storeys, np.random.default_rng(5))
    assert_mirrored(storeys, at, LAWS[0], SPEEDS[1], backend)
