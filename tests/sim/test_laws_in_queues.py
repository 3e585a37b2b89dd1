"""What a flow law comes to in a run: speed in a queue that moves up, and flow down a full stair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from support.hand_buildings import hand_building, hand_orders, hand_roster

from buildings import CompiledPlan
from buildings.compiled import CELL_CORRIDOR, CELL_LANDING, GATE_CUT
from sim import Distribution, Simulation, flow_law, measurements
from sim.network import Goal, build_network

WIDTH_M, PIECE_M, PIECES = 2.0, 6.0, 5
PEOPLE = 1000
FREE_MPS = {"sfpe": 1.199, "weidmann": 1.34, "experiments": 1.34}


@dataclass(frozen=True)
class Queue:
    """The middle of a corridor while the queue in it moves up."""

    density_per_m2: float
    speed_mps: float


def queue_before(exit_m: float, law: str) -> Queue:
    """Let a crowd leave by a corridor of 2 m whose end is narrower, and watch its middle piece."""
    areas = {"hall": float(PEOPLE)}
    areas |= {f"piece {i}": WIDTH_M * PIECE_M for i in range(PIECES)}
    names = [*areas]
    gates = [(a, b, WIDTH_M) for a, b in pairwise(names)]
    building = hand_building(
        areas, [*gates, (names[-1], "outside", exit_m)], walk_m=PIECE_M, start_m=1.0, slots=PEOPLE
    )
    kind, gate_kind = building.cell_kind.copy(), building.gate_kind.copy()
    kind[1 : PIECES + 1] = CELL_CORRIDOR
    gate_kind[:PIECES] = GATE_CUT
    building = replace(building, cell_kind=kind, gate_kind=gate_kind)
    speed = Distribution.constant(FREE_MPS[law])
    roster = hand_roster(building, {"hall": PEOPLE}, speed=speed)
    run = Simulation(building, roster, flow_law(law), hand_orders(building), seed=1).run(
        0, record_events=True
    )
    passes = run.events.kind == 2
    middle = PIECES // 2
    times = [
        np.sort(run.events.time_s[passes & (run.events.subject >> 1 == gate)])
        for gate in (middle, middle + 1)
    ]
    start, end = np.quantile(run.out_s, [0.55, 0.8])  # the queue reaches back to the hall
    instants = np.linspace(start, end, 1000)
    inside = np.searchsorted(times[0], instants) - np.searchsorted(times[1], instants)
    density = float(inside.mean()) / (WIDTH_M * PIECE_M)
    flow = float(((times[1] > start) & (times[1] < end)).sum()) / float(end - start) / WIDTH_M
    return Queue(density, flow / density)


@pytest.mark.parametrize("exit_m", [1.0, 1.2, 1.5, 2.0])
@pytest.mark.parametrize(
    ("law", "least", "most"),
    [("sfpe", 0.8, 1.01), ("weidmann", 0.98, 1.05), ("experiments", 0.98, 1.65)],
)
def test_a_queue_moves_up_at_the_speed_of_the_law(
    law: str, least: float, most: float, exit_m: float
):
    """Over a chain of cells the law comes out, though each cell alone keeps up its largest flow.

    How exactly depends on what the corridor may pass beside what people can walk: the same under
    weidmann; under sfpe less, as the corridor loses 0.2 m on each side; under experiments more
    (1.9 beside 1.22 /(s m)), so that people close up faster in front of a narrow exit.
    """
    queue = queue_before(exit_m, law)
    by_law = FREE_MPS[law] * float(flow_law(law).pace(queue.density_per_m2))
    assert least <= queue.speed_mps / by_law <= most


@pytest.mark.parametrize("exit_m", [1.0, 1.2, 2.0])
@pytest.mark.parametrize("law", ["sfpe", "weidmann", "experiments"])
def test_a_queue_moves_up_as_fast_as_was_measured(law: str, exit_m: float):
    queue, found = queue_before(exit_m, law), measurements()
    middles = [(row.low_per_m2 + row.high_per_m2) / 2 for row in found.speed_rows]
    nearest = np.argmin([abs(queue.density_per_m2 - middle) for middle in middles])
    low, high = found.speed_rows[nearest].envelope_mps(*found.envelope)
    assert low <= queue.speed_mps <= high


def down_a_stair(landing_m2: float) -> CompiledPlan:
    """Two flights of 1.5 m with a landing between them, below a hall with 200 people.

    The way over the landing is 2 m; of 3 m2 it is as wide as the flights.
    """
    width, rise, tread, slope_m = 1.5, 0.175, 0.28, 3.96
    flight = (rise, tread, width, slope_m)
    flight_m2 = width * 12 * tread
    building = hand_building(
        {
            "hall": 250.0,
            "upper": flight_m2,
            "landing": landing_m2,
            "lower": flight_m2,
            "foot": 30.0,
        },
        [
            ("hall", "upper", width),
            ("upper", "landing", width),
            ("landing", "lower", width),
            ("lower", "foot", width),
            ("foot", "outside", 2.4),
        ],
        walk_m=2.0,
        stairs={"upper": flight, "lower": flight},
    )
    kind = building.cell_kind.copy()
    kind[2] = CELL_LANDING
    return replace(building, cell_kind=kind)


@pytest.mark.parametrize("landing_m2", [3.0, 5.0, 12.0])
@pytest.mark.parametrize("law", ["sfpe", "weidmann", "experiments", "children_school_age"])
@pytest.mark.parametrize("free_mps", [1.32, 0.68])
def test_a_full_stair_keeps_passing_what_its_flights_carry(
    law: str, landing_m2: float, free_mps: float
):
    """Small landings and slow people do not make the flow collapse.

    What a flight carries is the smaller of its gates' capacity and the largest flow of people who
    walk at the given speed.
    """
    building, numbers = down_a_stair(landing_m2), flow_law(law)
    roster = hand_roster(building, {"hall": 200}, speed=Distribution.constant(free_mps))
    run = Simulation(building, roster, numbers, hand_orders(building), seed=1).run()
    out_s = np.sort(run.out_s)
    flow = 150 / (out_s[179] - out_s[29])
    gate = 1.0 / build_network(building, numbers, goals=[Goal()]).arrays.gates["headway_s"][1]
    density = np.linspace(0.05, numbers.jam_density_per_m2, 2000)
    walking = 1.5 * free_mps * numbers.stair_factor(0.175, 0.28)
    carried = walking * float((density * numbers.pace(density))[density < 3.0].max())
    assert flow == pytest.approx(min(gate, carried), rel=0.08)
