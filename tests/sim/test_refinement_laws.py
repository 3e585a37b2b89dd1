"""Cells are bookkeeping: where nothing is dense a cut changes nothing, and finer cells converge.

In the limit of many people and small cells the model is the kinematic wave of Lighthill, Whitham
(1955) and Richards (1956) for the speed law at hand, of which two cases are worked out here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from support.hand_buildings import hand_building, hand_orders, hand_roster

from buildings import CompiledPlan
from buildings.compiled import CELL_CORRIDOR, GATE_CUT
from sim import FlowLaw, RunResult, Simulation, flow_law
from sim.kernels.arrays import EVENT_PASS, EVENT_QUEUE

LENGTH_M = 32.0
WIDTH_M = 20.0
backends = pytest.mark.parametrize("backend", ["python", "compiled"])


def law_without_storage(name: str, **numbers: Any) -> FlowLaw:
    return flow_law(name, storage_per_m2=np.inf, **numbers)


def corridor(pieces: int, width_m: float, door_m: float) -> CompiledPlan:
    """Return a large room, a door, and a corridor of so many pieces that is open at its end."""
    names = [f"piece-{i}" for i in range(pieces)]
    areas = {"room": 1e4} | dict.fromkeys(names, LENGTH_M * width_m / pieces)
    cuts = [(a, b, width_m) for a, b in zip(names, [*names[1:], "outside"], strict=True)]
    building = hand_building(
        areas, [("room", names[0], door_m), *cuts], walk_m=LENGTH_M / pieces, start_m=2.0, slots=1
    )
    gate_kind, cell_kind = building.gate_kind.copy(), building.cell_kind.copy()
    gate_kind[1:] = GATE_CUT
    cell_kind[1:-1] = CELL_CORRIDOR
    return replace(building, gate_kind=gate_kind, cell_kind=cell_kind)


def walk(
    building: CompiledPlan, people: dict[str, int], law: FlowLaw, backend: Any = "compiled"
) -> RunResult:
    """Evacuate at 1 m/s."""
    roster = hand_roster(building, people)
    simulation = Simulation(building, roster, law, hand_orders(building), seed=1, backend=backend)
    return simulation.run(0, record_events=True)


@backends
@pytest.mark.parametrize("pieces", [2, 4, 16])
@pytest.mark.parametrize("speed_law", ["none", "linear"])
def test_a_corridor_that_is_cut_where_nobody_is_slowed_changes_nothing_but_one_event_each(
    backend: Any, speed_law: str, pieces: int
) -> None:
    """One a second through the door: 0.05 persons per m2 at 1 m/s, and nobody waits at a cut."""
    law = law_without_storage(
        "sfpe", speed_law=speed_law, door_specific_flow=1.0, door_boundary_m=0.0
    )
    whole = walk(corridor(1, WIDTH_M, 1.0), {"room": 60}, law, backend)
    cut = walk(corridor(pieces, WIDTH_M, 1.0), {"room": 60}, law, backend)
    for name in ("left_room_s", "out_s", "queue_s", "walked_m"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(whole, name), err_msg=name)
    counts = [np.bincount(run.events.kind, minlength=6) for run in (whole, cut)]
    assert counts[1][EVENT_PASS] - counts[0][EVENT_PASS] == 60 * (pieces - 1)
    assert counts[1][EVENT_QUEUE] == counts[0][EVENT_QUEUE]


def densities(law: FlowLaw) -> tuple[float, float]:
    """Return the density of the largest flow, per m2, and that flow per metre of width at 1 m/s."""
    grid = np.linspace(1e-3, 0.9 * law.jam_density_per_m2, 40001)
    flow = grid * law.pace(grid)
    best = int(np.argmax(flow))
    return float(grid[best]), float(flow[best])


def assert_first_order(errors_s: list[float], *, least_s: float) -> None:
    """Check that each error is about half of the one before, on cells half as long."""
    sizes = np.abs(errors_s)
    assert (sizes[1:] < sizes[:-1]).all(), errors_s
    ratios = sizes[1:] / sizes[:-1]
    assert (ratios < 0.65).all(), errors_s
    assert sizes[-1] < least_s, errors_s


@pytest.mark.parametrize(("name", "least_s"), [("sfpe", 0.3), ("weidmann", 0.3)])
def test_a_stream_through_a_corridor_converges_on_the_kinematic_wave(
    name: str, least_s: float
) -> None:
    """A door feeds 0.8 of what the corridor can carry: the last walks at the pace of the stream.

    The rear of a stream that is followed by nobody is a shock that moves at the speed of the
    stream, so the last of N people is out at 2 + (N - 1)/q + L/(v f(D)) where D f(D) w = q.
    """
    law = law_without_storage(name)
    people = 2000
    critical, most = densities(law)
    flow = 0.8 * most * WIDTH_M
    density = brentq(lambda d: d * float(law.pace(d)) * WIDTH_M - flow, 1e-6, critical)
    expected_s = 2.0 + (people - 1) / flow + LENGTH_M / float(law.pace(density))
    door_m = flow / law.door_specific_flow + 2 * law.door_boundary_m
    errors_s = [
        float(walk(corridor(pieces, WIDTH_M, door_m), {"room": people}, law).out_s.max())
        - expected_s
        for pieces in (4, 8, 16, 32)
    ]
    assert_first_order(errors_s, least_s=least_s)
    assert abs(errors_s[1]) < 0.01 * expected_s  # pieces of 4 m


def crowded(pieces: int, per_m2: float) -> tuple[CompiledPlan, dict[str, int]]:
    """Return a corridor that is open at its end, with people all over it, equally far apart."""
    names = [f"piece-{i}" for i in range(pieces)]
    each = int(LENGTH_M * WIDTH_M * per_m2) // pieces
    gates = [(a, b, WIDTH_M) for a, b in zip(names, [*names[1:], "outside"], strict=True)]
    piece_m = LENGTH_M / pieces
    building = hand_building(
        dict.fromkeys(names, piece_m * WIDTH_M), gates, walk_m=piece_m, slots=each
    )
    slot_m = building.slot_m.copy()
    for slot, start in enumerate(building.slot_start.tolist()):
        behind_m = (slot % each + 0.5) / each * piece_m
        ahead_m = piece_m - behind_m
        first = building.slot_cell[slot] == 0  # a single gate: the one in front
        slot_m[start : start + 2 - first] = [ahead_m] if first else [behind_m, ahead_m]
    cell_kind = building.cell_kind.copy()
    cell_kind[:-1] = CELL_CORRIDOR
    building = replace(
        building,
        slot_m=slot_m,
        gate_kind=np.full(building.n_gates, GATE_CUT),
        cell_kind=cell_kind,
    )
    return building, dict.fromkeys(names, each)


@pytest.mark.parametrize(("name", "per_m2"), [("sfpe", 2.0), ("sfpe", 3.2), ("weidmann", 3.0)])
def test_a_dense_crowd_before_an_open_end_leaves_at_the_largest_flow_in_the_limit(
    name: str, per_m2: float
) -> None:
    """The rarefaction that starts at the open end has the largest flow there until all are out."""
    law = law_without_storage(name)
    _, most = densities(law)
    errors_s = []
    for pieces in (4, 8, 16, 32):
        building, people = crowded(pieces, per_m2)
        expected_s = sum(people.values()) / (most * WIDTH_M)
        errors_s.append(float(walk(building, people, law).out_s.max()) - expected_s)
    assert_first_order(errors_s, least_s=0.01 * expected_s)
    assert abs(errors_s[1]) < 0.03 * expected_s  # pieces of 4 m
    assert abs(errors_s[0]) < 0.06 * expected_s  # pieces of 8 m, the longest that plans are cut to
