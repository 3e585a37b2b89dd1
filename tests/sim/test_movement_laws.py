"""Laws of movement over random buildings, the same for both ways of running the kernel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.hand_buildings import hand_building, hand_orders, hand_roster

from buildings import CompiledPlan
from sim import Distribution, FlowLaw, RunResult, Simulation, flow_law
from sim.movement import Movement, Placement
from sim.network import Goal, build_network


@st.composite
def crowds(draw: Any) -> tuple[CompiledPlan, dict[str, int], FlowLaw]:
    """A random connected building with at least one exit, its people and a law."""
    n = draw(st.integers(1, 7))
    areas = {f"room-{i}": draw(st.sampled_from([2.0, 6.0, 20.0, 60.0])) for i in range(n)}
    names = [*areas]
    gates = [
        (names[draw(st.integers(0, i - 1))], names[i], draw(st.sampled_from([0.8, 1.2, 2.4])))
        for i in range(1, n)
    ]
    for _ in range(draw(st.integers(0, 3))):
        a, b = draw(st.integers(0, n - 1)), draw(st.integers(0, n - 1))
        if a != b:
            gates.append((names[a], names[b], draw(st.sampled_from([0.8, 1.5]))))
    for i in draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=3)):
        gates.append((names[i], "outside", draw(st.sampled_from([0.8, 1.0, 1.8]))))
    law = flow_law(
        draw(st.sampled_from(["sfpe", "weidmann", "experiments"])),
        storage_per_m2=draw(st.sampled_from([1.0, 3.0, math.inf])),
    )
    building = hand_building(
        areas,
        gates,
        walk_m=draw(st.sampled_from([0.0, 1.0, 7.0])),
        start_m=draw(st.sampled_from([0.0, 2.0, 5.0])),
        assembly_m=draw(st.sampled_from([None, 20.0])),
        slots=60,
    )
    room = {name: int(min(area * law.storage_per_m2, 60)) for name, area in areas.items()}
    people = {name: draw(st.integers(0, room[name])) for name in names}
    return building, people, law


def simulate(
    building: CompiledPlan,
    people: dict[str, int],
    law: FlowLaw,
    *,
    backend: Any = "python",
    record: bool = True,
    seed: int = 1,
    speed: Distribution | None = None,
    pre_movement: Distribution | None = None,
) -> RunResult:
    roster = hand_roster(
        building,
        people,
        speed=speed or Distribution("normal", (1.2, 0.2), 0.6, 1.8),
        pre_movement=pre_movement or Distribution("uniform", (0.0, 20.0)),
    )
    orders = hand_orders(building)
    simulation = Simulation(building, roster, law, orders, seed=seed, backend=backend)
    return simulation.run(0, record_events=record)


def check_log(building: CompiledPlan, people: dict[str, int], law: FlowLaw, run: RunResult) -> None:
    """Replay the log: people conserved, cells within their capacity, headways kept."""
    events = run.events
    assert (np.diff(events.time_s) >= 0).all(), "time runs backwards"
    where = np.repeat([building.space_index(s) for s in people], list(people.values())).astype(int)
    network = build_network(building, law, goals=[Goal()])
    capacity = network.arrays.cells["capacity"]
    inside = np.bincount(where, minlength=building.n_cells)
    passes: list[list[float]] = [[] for _ in range(building.n_gates)]
    at = 0
    while at < len(events):
        until = at
        while until < len(events) and events.time_s[until] == events.time_s[at]:
            until += 1
        for i in range(at, until):
            if events.kind[i] == 2:
                side, person = int(events.subject[i]), int(events.person[i])
                assert where[person] == building.side_cell[side], "passed from elsewhere"
                where[person] = building.side_cell[side ^ 1]
                inside[building.side_cell[side]] -= 1
                inside[where[person]] += 1
                passes[side >> 1].append(float(events.time_s[i]))
        assert (inside >= 0).all()
        assert (inside <= capacity[: building.n_cells]).all(), "a cell holds too many"
        assert inside.sum() == sum(people.values())
        at = until
    for gate, times in enumerate(passes):
        headway = network.arrays.gates["headway_s"][gate]
        assert (np.diff(times) >= headway - 1e-9).all() or _only_swaps(np.diff(times), headway)


def _only_swaps(gaps: np.ndarray, headway: float) -> bool:
    """Two opposed heads pass at one instant and then the gate rests for two headways."""
    together = gaps < headway - 1e-9
    after = np.append(gaps[1:], np.inf)
    return bool((gaps[together] == 0.0).all() and (after[together] >= 2 * headway - 1e-9).all())


@settings(max_examples=150, deadline=None)
@given(crowds())
def test_everybody_gets_out_and_every_law_holds(
    crowd: tuple[CompiledPlan, dict[str, int], FlowLaw],
) -> None:
    building, people, law = crowd
    run = simulate(building, people, law)
    assert run.ledger["out"] == sum(people.values())
    assert run.side_passed[1::2].sum() + run.side_passed[::2].sum() >= run.ledger["out"]
    if law.storage_per_m2 < math.inf:
        check_log(building, people, law, run)
    assert (run.out_s >= run.started_s).all()
    waited = run.side_queue_person_s.sum()
    assert waited == pytest.approx(run.queue_s.sum(), abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(crowds(), st.integers(0, 5))
def test_both_ways_of_running_give_the_same_bits(
    crowd: tuple[CompiledPlan, dict[str, int], FlowLaw], seed: int
) -> None:
    building, people, law = crowd
    slow = simulate(building, people, law, seed=seed)
    fast = simulate(building, people, law, seed=seed, backend="compiled")
    for name in ("out_s", "started_s", "left_room_s", "assembled_s", "queue_s", "walked_m"):
        np.testing.assert_array_equal(getattr(slow, name), getattr(fast, name), err_msg=name)
    for name in ("time_s", "kind", "person", "subject"):
        np.testing.assert_array_equal(getattr(slow.events, name), getattr(fast.events, name))


@settings(max_examples=30, deadline=None)
@given(crowds())
def test_recording_changes_nothing(crowd: tuple[CompiledPlan, dict[str, int], FlowLaw]) -> None:
    recorded = simulate(*crowd, record=True)
    silent = simulate(*crowd, record=False)
    assert len(silent.events) == 0
    np.testing.assert_array_equal(recorded.out_s, silent.out_s)
    np.testing.assert_array_equal(recorded.side_queue_person_s, silent.side_queue_person_s)


@settings(max_examples=30, deadline=None)
@given(crowds())
def test_a_later_start_for_all_shifts_everything_by_exactly_that(
    crowd: tuple[CompiledPlan, dict[str, int], FlowLaw],
) -> None:
    """Without walks of no length: there, people tie exactly, and rounding decides who is first."""
    building = crowd[0]
    assume(building.slot_m.min() > 0 and building.hop_m.max() > 0)
    early = simulate(*crowd, pre_movement=Distribution.constant(0.0))
    late = simulate(*crowd, pre_movement=Distribution.constant(64.0))
    np.testing.assert_allclose(np.sort(late.out_s), np.sort(early.out_s) + 64.0, rtol=0, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(crowds(), st.sampled_from([0.5, 2.0]))
def test_faster_people_and_doors_divide_every_time(
    crowd: tuple[CompiledPlan, dict[str, int], FlowLaw], factor: float
) -> None:
    building, people, law = crowd
    plain = simulate(
        building, people, law, speed=Distribution.constant(1.0),
        pre_movement=Distribution.constant(0.0),
    )  # fmt: skip
    scaled_law = flow_law(
        law.name,
        storage_per_m2=law.storage_per_m2,
        door_specific_flow=law.door_specific_flow * factor,
        corridor_specific_flow=law.corridor_specific_flow * factor,
    )
    scaled = simulate(
        building, people, scaled_law, speed=Distribution.constant(factor),
        pre_movement=Distribution.constant(0.0),
    )  # fmt: skip
    np.testing.assert_allclose(scaled.out_s * factor, plain.out_s, rtol=1e-9)


@st.composite
def opposed_crowds(draw: Any) -> tuple[CompiledPlan, FlowLaw, Placement]:
    """Small rooms as full as can be, everybody bound for a place of their own choice of exit."""
    n = draw(st.integers(2, 6))
    areas = {f"room-{i}": draw(st.sampled_from([1.0, 2.0, 4.0])) for i in range(n)}
    names = [*areas]
    gates = [(names[i], names[i + 1], 1.0) for i in range(n - 1)]
    if n > 2 and draw(st.booleans()):
        gates.append((names[0], names[-1], 1.0))
    for _ in range(draw(st.integers(0, 3))):
        a, b = draw(st.integers(0, n - 1)), draw(st.integers(0, n - 1))
        if a != b:
            gates.append((names[a], names[b], 0.8))
    gates += [(names[0], "outside", 1.0), (names[-1], "outside", 0.8)]
    building = hand_building(areas, gates, walk_m=1.0, start_m=1.0, slots=8)
    law = flow_law("sfpe", storage_per_m2=draw(st.sampled_from([1.0, 2.0])))
    cells = np.repeat(
        np.arange(n), [int(area * law.storage_per_m2) for area in areas.values()]
    ).astype(np.int64)
    rows = np.array(draw(st.lists(st.integers(0, 1), min_size=len(cells), max_size=len(cells))))
    exits = building.exit_gates
    anchor = building.slot_start[building.slot_space_start[cells]]
    nobody = np.full(len(cells), -1, dtype=np.int64)
    placement = Placement(cells, anchor, cells, exits[rows], nobody, nobody)
    return building, law, placement


@settings(max_examples=300, deadline=None)
@given(opposed_crowds())
def test_full_rooms_with_opposed_streams_never_freeze(
    case: tuple[CompiledPlan, FlowLaw, Placement],
) -> None:
    building, law, placement = case
    exits = sorted(set(placement.row.tolist()))
    network = build_network(building, law, goals=[Goal(gate) for gate in exits])
    row = np.searchsorted(exits, placement.row)
    placed = Placement(
        placement.cell, placement.anchor, placement.home, row, placement.place, placement.group
    )
    n = len(placed.cell)
    movement = Movement(network, placed, np.ones((n, 3)), n_groups=0, backend="python")
    movement.release(np.arange(n), np.zeros(n))
    assert movement.advance(math.inf) == []
    assert (movement.person("out_s") < math.inf).all(), "somebody is stuck"
    np.testing.assert_array_equal(movement.person("exit_gate"), placement.row)
