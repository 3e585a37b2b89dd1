"""Runs that can be worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from support.hand_buildings import hand_building, hand_orders, hand_roster

from buildings import CompiledPlan
from sim import Distribution, FlowLaw, MovementError, Simulation, flow_law
from sim.movement import Movement, Placement
from sim.network import Goal, build_network

QUEUE_ONLY = {"speed_law": "none", "storage_per_m2": math.inf}


@pytest.fixture(params=["python", "compiled"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def queueing_law(**numbers: Any) -> FlowLaw:
    return flow_law("sfpe", **(QUEUE_ONLY | numbers))


def out_of_room(building: CompiledPlan, people: int, law: FlowLaw, backend: Any) -> np.ndarray:
    roster = hand_roster(building, {"room": people})
    return np.sort(
        Simulation(building, roster, law, hand_orders(building), seed=1, backend=backend)
        .run()
        .out_s
    )


def test_one_person_walks_forty_metres_in_forty_seconds(backend: str) -> None:
    building = hand_building({"room": 80.0}, [("room", "outside", 2.0)], start_m=40.0)
    assert out_of_room(building, 1, flow_law("sfpe"), backend).tolist() == [40.0]


@pytest.mark.parametrize(("width", "boundary"), [(1.0, 0.15), (2.0, 0.15), (3.0, 0.15), (1.0, 0.0)])
@pytest.mark.parametrize("people", [1, 10, 100])
def test_a_door_passes_the_last_of_n_after_n_minus_one_headways(
    backend: str, width: float, boundary: float, people: int
) -> None:
    building = hand_building({"room": 40.0}, [("room", "outside", width)], start_m=5.0)
    law = queueing_law(door_specific_flow=1.33, door_boundary_m=boundary)
    capacity = 1.33 * (width - 2 * boundary)
    expected = 5.0 + np.arange(people) / capacity
    np.testing.assert_allclose(out_of_room(building, people, law, backend), expected, rtol=1e-12)


def test_density_slows_a_crowd_as_the_law_says(backend: str) -> None:
    """150 people at 1.5 per m2 walk 20 m at 1.4 (1 - 0.266 1.5) m/s."""
    building = hand_building({"room": 100.0}, [("room", "outside", 100.0)], start_m=20.0)
    law = flow_law("sfpe", free_density_per_m2=0.0, jam_density_per_m2=1 / 0.266)
    roster = hand_roster(building, {"room": 150}, speed=Distribution.constant(1.4))
    run = Simulation(building, roster, law, hand_orders(building), seed=1, backend=backend).run()
    assert run.out_s.min() == pytest.approx(20.0 / (1.4 * (1 - 0.399)), rel=1e-9)


def test_a_dense_crowd_in_front_of_a_free_way_keeps_up_the_largest_flow(backend: str) -> None:
    """300 people at 3 per m2: 1.4 / (4 0.266) per s and m, over 3 per m2."""
    building = hand_building({"room": 100.0}, [("room", "outside", 100.0)], start_m=20.0, slots=300)
    law = flow_law("sfpe", free_density_per_m2=0.0, jam_density_per_m2=1 / 0.266)
    roster = hand_roster(building, {"room": 300}, speed=Distribution.constant(1.4))
    run = Simulation(building, roster, law, hand_orders(building), seed=1, backend=backend).run()
    assert run.out_s.min() == pytest.approx(20.0 / (1.4 / (4 * 0.266) / 3.0), rel=1e-6)


def test_a_stair_of_18_by_28_takes_its_closed_form(backend: str) -> None:
    """EvacuatioNZ E2: 10 m of 180/280 mm steps; k = 51.8 sqrt(T/R), speed k (1 - 0.266 0.54)."""
    building = hand_building(
        {"stair": 10.0, "landing": 10.0},
        [("stair", "outside", 1.0), ("stair", "landing", 1.0)],
        stairs={"stair": (0.18, 0.28, 1.0, 10.0)},
        start_m=0.0,
    )
    roster = hand_roster(
        building, {"landing": 1}, speed=Distribution.constant(1.4 * (1 - 0.266 * 0.54))
    )
    run = Simulation(
        building, roster, flow_law("sfpe"), hand_orders(building), seed=1, backend=backend
    ).run()
    assert run.out_s[0] == pytest.approx(10.84, abs=0.01)


def test_merging_streams_share_freed_places_by_their_weights(backend: str) -> None:
    """A full cell takes people in from two crowds in the ratio of their doors' capacities."""
    building = hand_building(
        {"hall": 10.0, "narrow": 100.0, "wide": 100.0},
        [("hall", "outside", 1.0), ("narrow", "hall", 0.8), ("wide", "hall", 1.8)],
        walk_m=1.0,
        start_m=1.0,
    )
    law = flow_law("sfpe", storage_per_m2=2.0, speed_law="none")
    roster = hand_roster(building, {"narrow": 150, "wide": 150})
    run = Simulation(building, roster, law, hand_orders(building), seed=1, backend=backend).run()
    assert run.ledger["out"] == 300
    by_200_s = [int((run.left_room_s[roster.space == i] < 150).sum()) for i in (1, 2)]
    assert by_200_s[1] / by_200_s[0] == pytest.approx(1.5 / 0.5, rel=0.15)


def test_opposed_people_share_one_door(backend: str) -> None:
    building = hand_building(
        {"a": 50.0, "b": 50.0},
        [("a", "b", 1.0), ("a", "outside", 2.0), ("b", "outside", 2.0)],
        walk_m=1.0,
        start_m=1.0,
    )
    law = queueing_law(counterflow_factor=1.0)
    exits = {"a": "D2", "b": "D1"}
    both = Simulation(
        building, hand_roster(building, {"a": 30, "b": 30}, exit_of=exits), law,
        hand_orders(building), seed=1, backend=backend,
    ).run()  # fmt: skip
    headway = 1 / (1.3 * 0.7)
    assert both.side_last_s[:2].max() == pytest.approx(1.0 + 59 * headway)
    assert both.side_passed[:2].tolist() == [30, 30]
    slower = Simulation(
        building, hand_roster(building, {"a": 30, "b": 30}, exit_of=exits),
        queueing_law(counterflow_factor=0.84), hand_orders(building), seed=1, backend=backend,
    ).run()  # fmt: skip
    assert slower.side_last_s[:2].max() > both.side_last_s[:2].max()


def test_a_class_leaves_together_gathers_and_is_counted(backend: str) -> None:
    building = hand_building(
        {"room": 60.0}, [("room", "outside", 1.0)], start_m=6.0, assembly_m=30.0
    )
    roster = hand_roster(
        building, {"room": 11}, pre_movement=Distribution.constant(20.0), classes=["room"]
    )
    orders = hand_orders(building, alarm_s=10.0, roll_call_s=15.0)
    run = Simulation(building, roster, queueing_law(), orders, seed=1, backend=backend).run()
    headway = 1 / (1.3 * 0.7)
    assert run.group_released_s.tolist() == [30.0]
    assert run.out_s.max() == pytest.approx(36.0 + 10 * headway)
    assert run.group_assembled_s[0] == pytest.approx(66.0 + 10 * headway)
    assert run.group_accounted_s[0] == pytest.approx(81.0 + 10 * headway)


def test_individuals_start_at_their_own_times(backend: str) -> None:
    building = hand_building({"room": 60.0}, [("room", "outside", 1.0)], start_m=0.0)
    roster = hand_roster(building, {"room": 10})
    listed = np.arange(10.0, 101.0, 10.0)
    object.__setattr__(roster, "listed_pre_movement_s", listed)
    run = Simulation(
        building, roster, queueing_law(), hand_orders(building), seed=1, backend=backend
    ).run()
    assert run.started_s.tolist() == listed.tolist()
    assert run.out_s.tolist() == listed.tolist()


def moving(
    building: CompiledPlan, people: int, *, backend: Any = "python", law: FlowLaw | None = None
) -> Movement:
    network = build_network(building, law or queueing_law(), goals=[Goal(-1)])
    zero = np.zeros(people, dtype=np.int64)
    anchor = np.full(people, building.slot_start[0])
    placement = Placement(zero, anchor, zero, zero, zero - 1, zero - 1)
    movement = Movement(network, placement, np.ones((people, 3)), n_groups=0, backend=backend)
    movement.release(np.arange(people), np.zeros(people))
    return movement


def test_people_who_queue_at_a_door_that_closes_take_another(backend: str) -> None:
    building = hand_building(
        {"room": 60.0},
        [("room", "outside", 1.0), ("room", "outside", 1.0)],
        walk_m=12.0,
        start_m=5.0,
    )
    movement = moving(building, 20, backend=backend)
    movement.advance(10.0)
    gone = int(movement.side("passed")[0])
    assert gone > 0
    movement.set_gate(0, passes=(False, False))
    movement.advance(math.inf)
    assert movement.side("passed")[[0, 2]].tolist() == [gone, 20 - gone]
    assert (movement.person("out_s")[gone:] >= 22.0).all()


def test_no_way_out_is_a_state_and_ends_when_a_door_opens(backend: str) -> None:
    building = hand_building({"room": 60.0}, [("room", "outside", 1.0)], start_m=5.0)
    movement = moving(building, 5, backend=backend)
    movement.set_gate(0, passes=(False, False))
    movement.advance(60.0)
    assert movement.person("status").tolist() == [3] * 5
    movement.set_gate(0, passes=(True, True))
    movement.advance(math.inf)
    assert np.isfinite(movement.person("out_s")).all()
    assert movement.person("out_s").min() == 60.0  # they had walked to the door already


def test_the_log_grows_when_it_is_full(monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    monkeypatch.setattr("sim.movement.EVENTS_PER_PERSON", 0)
    areas = {"room": 60.0, **{f"cell-{i:02d}": 60.0 for i in range(30)}}
    names = [*areas]
    gates = [(a, b, 2.0) for a, b in zip(names, [*names[1:], "outside"], strict=True)]
    movement = moving(hand_building(areas, gates), 40, backend=backend)
    movement.advance(math.inf)
    events = movement.events()
    assert (events.kind == 2).sum() == 40 * 31
    assert (np.diff(events.time_s) >= 0).all()


def test_more_people_than_a_room_can_hold_is_an_error() -> None:
    building = hand_building({"room": 4.0}, [("room", "outside", 1.0)])
    with pytest.raises(MovementError, match=r"room: 20 people to begin with, room for 14 at 3\.5"):
        moving(building, 20, law=flow_law("sfpe"))


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan, math.inf])
def test_a_speed_that_is_none_is_an_error(speed: float) -> None:
    building = hand_building({"room": 4.0}, [("room", "outside", 1.0)])
    network = build_network(building, queueing_law(), goals=[Goal(-1)])
    zero = np.zeros(1, dtype=np.int64)
    with pytest.raises(MovementError, match="expected > 0"):
        Movement(
            network,
            Placement(zero, zero, zero, zero, zero - 1, zero - 1),
            np.full((1, 3), speed),
            n_groups=0,
        )
