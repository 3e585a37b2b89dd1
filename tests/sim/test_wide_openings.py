"""People at a wide opening, which is several gates: the laws hold, and a crowd uses all of it."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box
from support.graph_plans import plan, portal, space
from support.hand_buildings import hand_orders, hand_roster
from support.log_audit import audit_gates, audit_queues

from buildings import OUTSIDE, CompiledPlan, compile_plan
from sim import Distribution, RunResult, Simulation, flow_law
from sim.network import Goal, build_network

LAWS = ("sfpe", "weidmann", "experiments")


def lobby(width_m: float) -> CompiledPlan:
    """Return room A, joined by an opening O to B, which leads to C; A and C have wide exits."""
    half_m = width_m / 2
    return compile_plan(
        plan(
            [
                space("A", box(0, 0, 9, 9)),
                space("B", box(0, 9, 9, 18)),
                space("C", box(9, 0, 18, 18)),
            ],
            [
                portal("O", "A", "B", [(4.5 - half_m, 9), (4.5 + half_m, 9)], "opening"),
                portal("Q", "B", "C", [(9, 10), (9, 17)], "door"),
                portal("X", "C", OUTSIDE, [(18, 1), (18, 17)], "exit"),
                portal("Y", "A", OUTSIDE, [(0, 1), (0, 8)], "exit"),
            ],
        )
    )


def cross(
    building: CompiledPlan,
    north: int,
    south: int,
    *,
    law: str = "sfpe",
    seed: int = 1,
    backend: Literal["auto", "python", "compiled"] = "auto",
    **numbers: object,
) -> RunResult:
    """Send people of A out at X and people of B out at Y, all through the opening."""
    roster = hand_roster(
        building,
        {"A": north, "B": south},
        speed=Distribution.constant(1.0),
        exit_of={"A": "X", "B": "Y"},
    )
    orders = hand_orders(building)
    simulation = Simulation(
        building, roster, flow_law(law, **numbers), orders, seed=seed, backend=backend
    )
    return simulation.run(0, record_events=True)


def northward(building: CompiledPlan) -> slice:
    """Return the sides from which people of A pass the parts of the opening."""
    parts = building.portal_gates["O"]
    return slice(2 * parts.start, 2 * parts.stop, 2)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("width_m", [2.7, 3.6, 5.4, 7.2])
def test_the_parts_pass_together_what_the_whole_would(law: str, width_m: float) -> None:
    building, numbers = lobby(width_m), flow_law(law)
    goals = [Goal(exit_gate=int(building.exit_gates[0]))]
    headway_s = build_network(building, numbers, goals=goals).arrays.gates["headway_s"]
    parts = building.portal_gates["O"]
    assert len(parts) > 1
    whole_per_s = numbers.door_specific_flow * (width_m - 2 * numbers.door_boundary_m)
    assert (1 / headway_s[parts.start : parts.stop]).sum() == pytest.approx(whole_per_s)


@pytest.mark.parametrize("width_m", [2.7, 5.4])
def test_a_crowd_uses_the_whole_width(width_m: float) -> None:
    building, n = lobby(width_m), 120
    free = {"speed_law": "none", "storage_per_m2": np.inf, "door_specific_flow": 0.5}
    result = cross(building, n, 0, **free)
    own = northward(building)
    per_s = 0.5 * (width_m - 0.3)
    assert result.side_passed[own].sum() == n
    last_s = result.side_last_s[own].max()
    assert last_s > (n - len(building.portal_gates["O"])) / per_s  # no more than the whole passes
    assert last_s < 1.15 * n / per_s + 9.0  # and hardly less, once the first have come


def test_whoever_is_alone_takes_the_part_that_is_on_the_way() -> None:
    building = lobby(7.2)
    alone = cross(building, 1, 0)
    assert alone.side_passed[northward(building)].sum() == 1
    x, y = building.slot_xy.reshape(-1, 2)[building.slots_of(building.space_index("A"))[0]]
    straight_m = np.hypot(9 - x, 13.5 - y) + 9.0
    assert straight_m - 0.1 < alone.walked_m[0] < straight_m + 1.5


@settings(max_examples=20, deadline=None)
@given(
    st.floats(2.5, 8.0), st.integers(0, 60), st.integers(0, 60), st.sampled_from(LAWS),
    st.integers(0, 9),
)  # fmt: skip
def test_opposed_crowds_get_through_by_the_laws_of_gates_and_queues(
    width_m: float, north: int, south: int, law: str, seed: int
) -> None:
    building = lobby(round(width_m, 2))
    slow, fast = (
        cross(building, north, south, law=law, seed=seed, backend=backend)
        for backend in ("python", "compiled")
    )
    for name in ("out_s", "walked_m", "queue_s"):
        np.testing.assert_array_equal(getattr(slow, name), getattr(fast, name), err_msg=name)
    assert slow.ledger["out"] == north + south
    assert slow.events is not None
    network = build_network(building, flow_law(law), goals=[Goal()]).arrays
    audit_gates(network, slow.events)
    audit_queues(slow.events)
