"""What people do when things change: known answers for closures, choices, company and lifts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from support.hand_buildings import hand_building, hand_orders, hand_roster

from buildings import CompiledPlan
from sim import (
    LOCALLY_QUICKEST,
    Abilities,
    DirectionOrder,
    Distribution,
    DoorOrder,
    FlowLaw,
    MovementError,
    Order,
    RunResult,
    Simulation,
    flow_law,
)
from sim.kernels.arrays import EVENT_PASS, IN_PLACE, NO_ROUTE, OUT, QUEUEING
from sim.movement import Movement, Placement
from sim.network import Goal, build_network

CLOSED = (False, False)


@pytest.fixture(params=["python", "compiled"])
def backend(request: pytest.FixtureRequest) -> Any:
    return request.param


def free_law(**numbers: Any) -> FlowLaw:
    """No effect of density and no limit of storage; doors of 1 m let one person pass a second."""
    settled = {
        "speed_law": "none",
        "storage_per_m2": math.inf,
        "door_specific_flow": 1.0,
        "door_boundary_m": 0.0,
    }
    return flow_law("sfpe", **(settled | numbers))


def simulate(
    building: CompiledPlan,
    people: dict[str, int],
    *,
    backend: Any,
    orders: Sequence[Order] = (),
    law: FlowLaw | None = None,
    **able: Any,
) -> RunResult:
    roster = hand_roster(building, people)
    n = roster.n_people
    plain = Abilities.plain(n)
    filled = {
        name: np.broadcast_to(np.asarray(value, dtype=getattr(plain, name).dtype), (n,)).copy()
        for name, value in able.items()
    }
    roster = replace(roster, abilities=replace(plain, **filled))
    orders = replace(hand_orders(building), orders=tuple(orders))
    simulation = Simulation(building, roster, law or free_law(), orders, seed=1, backend=backend)
    return simulation.run(0, record_events=True)


def two_exits(**walks: Any) -> CompiledPlan:
    """One room; D0 is 10 m away and D1 20 m, and from door to door it is 15 m."""
    return hand_building(
        {"room": 600.0},
        [("room", "outside", 1.0), ("room", "outside", 1.0)],
        walk_m=walks.get("between", 15.0),
        start_m=walks.get("start", {("room", 0): 10.0, ("room", 1): 20.0}),
    )


def test_whoever_sees_a_door_close_turns_round_on_the_spot(backend: Any) -> None:
    """4 m done and 6 m left: back and across is 24 m, on and across 21 m."""
    run = simulate(two_exits(), {"room": 1}, backend=backend, orders=[DoorOrder(4.0, 0, CLOSED)])
    assert run.out_s.tolist() == [25.0]
    assert run.exit_gate.tolist() == [1]
    assert run.walked_m.tolist() == [25.0]


def test_whoever_has_just_set_off_goes_back(backend: Any) -> None:
    """1 m done: back and across is 21 m, on and across 24 m."""
    run = simulate(two_exits(), {"room": 1}, backend=backend, orders=[DoorOrder(1.0, 0, CLOSED)])
    assert run.out_s.tolist() == [22.0]


def corridor_with_a_room() -> CompiledPlan:
    """A room 5 m from its door D0; beyond, exits D1 after 10 m and D2 after 30 m, 40 m apart."""
    return hand_building(
        {"room": 60.0, "hall": 100.0},
        [("room", "hall", 1.0), ("hall", "outside", 1.0), ("hall", "outside", 1.0)],
        walk_m={("hall", 0, 1): 10.0, ("hall", 0, 2): 30.0, ("hall", 1, 2): 40.0},
    )


def test_a_closure_is_known_once_it_is_seen(backend: Any) -> None:
    """The exit closes while everybody is in the room: they see it when they come into the hall."""
    orders = [DoorOrder(1.0, 1, CLOSED)]
    run = simulate(corridor_with_a_room(), {"room": 1}, backend=backend, orders=orders)
    assert run.out_s.tolist() == [35.0]
    assert run.walked_m.tolist() == [35.0]


def far_exits() -> CompiledPlan:
    """Room, hall, lobby: D2 leads out of the lobby, D3 is 50 m off on the other side of the hall.

    Two exits of which the near one lies behind a door: who does not know walks into the lobby.
    """
    return hand_building(
        {"room": 60.0, "hall": 100.0, "lobby": 20.0},
        [
            ("room", "hall", 1.0),
            ("hall", "lobby", 1.0),
            ("lobby", "outside", 1.0),
            ("hall", "outside", 1.0),
        ],
        walk_m={
            ("hall", 0, 1): 10.0, ("hall", 0, 3): 50.0, ("hall", 1, 3): 60.0,
            ("lobby", 1, 2): 4.0,
        },
    )  # fmt: skip


def test_whoever_is_told_does_not_walk_there_first(backend: Any) -> None:
    blocked = [DoorOrder(1.0, 2, CLOSED)]
    unaware = simulate(far_exits(), {"room": 1}, backend=backend, orders=blocked)
    # to the lobby's door, sees it there, waits for the second that the door takes, and back
    assert unaware.out_s.tolist() == [5.0 + 10.0 + 1.0 + 60.0]
    told = simulate(
        far_exits(), {"room": 1}, backend=backend, orders=[replace(blocked[0], told=(0,))]
    )
    assert told.out_s.tolist() == [5.0 + 50.0]
    elsewhere = simulate(
        far_exits(), {"room": 1}, backend=backend, orders=[replace(blocked[0], told=(2,))]
    )
    assert elsewhere.out_s.tolist() == unaware.out_s.tolist()
    everybody = simulate(
        far_exits(), {"room": 1}, backend=backend, orders=[replace(blocked[0], told=None)]
    )
    assert everybody.out_s.tolist() == told.out_s.tolist()


def test_whoever_waits_at_closed_doors_waits_until_it_opens(backend: Any) -> None:
    orders = [DoorOrder(1.0, 0, CLOSED), DoorOrder(100.0, 0, (True, True))]
    run = simulate(two_exits(), {"room": 3}, backend=backend, orders=orders, waits_at_closed=True)
    assert sorted(run.out_s.tolist()) == [100.0, 101.0, 102.0]
    assert sorted(run.queue_s.tolist()) == [90.0, 91.0, 92.0]


def test_a_door_that_stays_closed_keeps_those_who_wait_and_no_others(backend: Any) -> None:
    orders = [DoorOrder(1.0, 0, CLOSED)]
    run = simulate(
        two_exits(), {"room": 4}, backend=backend, orders=orders,
        waits_at_closed=[True, True, False, False],
    )  # fmt: skip
    assert run.ledger["queueing"] == 2
    assert run.ledger["out"] == 2
    assert (run.exit_gate[2:] == 1).all()


def test_without_a_way_people_are_told_when_a_door_opens(backend: Any) -> None:
    orders = [
        DoorOrder(0.0, 1, CLOSED, told=None),
        DoorOrder(2.0, 2, CLOSED, told=None),
        DoorOrder(60.0, 2, (True, True)),
    ]
    run = simulate(corridor_with_a_room(), {"room": 2}, backend=backend, orders=orders)
    assert run.ledger["out"] == 2
    # they had walked on to the door of their room, and set off from there: 30 m more
    assert sorted(run.out_s.tolist()) == [90.0, 91.0]


def test_a_door_can_let_people_out_and_not_in(backend: Any) -> None:
    run = simulate(
        two_exits(), {"room": 2}, backend=backend, orders=[DoorOrder(0.0, 0, (True, False))]
    )
    assert (run.exit_gate == 0).all()
    other = simulate(
        two_exits(), {"room": 2}, backend=backend, orders=[DoorOrder(0.0, 0, (False, True))]
    )
    assert (other.exit_gate == 1).all()


def test_staff_send_people_to_another_exit_and_free_them_again(backend: Any) -> None:
    sent = [DirectionOrder(4.0, None, 1)]
    run = simulate(two_exits(), {"room": 1}, backend=backend, orders=sent)
    assert (run.out_s.tolist(), run.exit_gate.tolist()) == ([25.0], [1])
    # 6 m of the 21 m to D1 done when they may choose again: 15 m on are nearer than 21 m back
    freed = [*sent, DirectionOrder(10.0, (0,), -1)]
    run = simulate(two_exits(), {"room": 1}, backend=backend, orders=freed)
    assert (run.out_s.tolist(), run.exit_gate.tolist()) == ([25.0], [1])
    elsewhere = [DirectionOrder(0.0, (), 1)]
    run = simulate(two_exits(), {"room": 1}, backend=backend, orders=elsewhere)
    assert (run.out_s.tolist(), run.exit_gate.tolist()) == ([10.0], [0])


def test_two_equal_exits_share_the_people(backend: Any) -> None:
    """200 fair draws: 70 to 130 at each exit but once in ten thousand times."""
    run = simulate(two_exits(start=10.0), {"room": 200}, backend=backend)
    first = int((run.exit_gate == 0).sum())
    assert 70 <= first <= 130
    assert first + int((run.exit_gate == 1).sum()) == 200


def test_a_class_takes_one_of_two_equal_exits_together(backend: Any) -> None:
    building = two_exits(start=10.0)
    roster = hand_roster(building, {"room": 30}, classes=("room",))
    simulation = Simulation(
        building, roster, free_law(), hand_orders(building), seed=3, backend=backend
    )
    taken = [set(simulation.run(replica).exit_gate.tolist()) for replica in range(12)]
    assert all(len(exits) == 1 for exits in taken)
    assert {exit_gate for exits in taken for exit_gate in exits} == {0, 1}


def test_a_familiar_exit_is_taken_by_its_share(backend: Any) -> None:
    building = two_exits()
    people = {"room": 400}
    run = simulate(building, people, backend=backend, familiar_gate=1, familiar_share=0.8)
    # 320 expected, sd 8
    assert 285 <= int((run.exit_gate == 1).sum()) <= 355
    everybody = simulate(building, people, backend=backend, familiar_gate=1, familiar_share=1.0)
    assert (everybody.exit_gate == 1).all()


def test_queues_in_sight_send_people_to_the_farther_exit(backend: Any) -> None:
    """100 people, doors of one a second, 10 m against 20 m: balanced within a few people."""
    building, people = two_exits(), {"room": 100}
    nearest = simulate(building, people, backend=backend)
    quick = simulate(building, people, backend=backend, exit_choice=LOCALLY_QUICKEST)
    assert nearest.out_s.max() == 10.0 + 99.0
    used = [int((quick.exit_gate == gate).sum()) for gate in (0, 1)]
    assert used[0] > used[1] > 0
    # 10 + n0 - 1 = 20 + n1 - 1 and n0 + n1 = 100: 55 and 45
    assert used[0] == pytest.approx(55, abs=6)
    assert quick.out_s.max() < 75.0


def stair(width_m: float) -> CompiledPlan:
    """A landing above a flight of 10 m whose foot leads outside."""
    return hand_building(
        {"flight": 40.0, "landing": 40.0},
        [("flight", "outside", 1.0), ("flight", "landing", 1.0)],
        stairs={"flight": (0.18, 0.28, width_m, 10.0)},
        start_m=0.0,
    )


@pytest.mark.parametrize(("width_m", "overtakes"), [(1.0, False), (1.2, True)])
def test_nobody_overtakes_on_a_stair_that_is_single_file(
    backend: Any, width_m: float, overtakes: bool
) -> None:
    building = stair(width_m)
    network = build_network(building, free_law(stair_speed_factor=1.0), goals=[Goal()])
    cell, zero = np.ones(2, dtype=np.int64), np.zeros(2, dtype=np.int64)
    anchor = np.full(2, building.slot_start[building.slot_space_start[1]])
    placement = Placement(cell, anchor, cell, zero, zero - 1, zero - 1)
    speeds = np.array([[0.5] * 3, [2.0] * 3])
    movement = Movement(network, placement, speeds, n_groups=0, backend=backend)
    movement.release([0, 1], [0.0, 0.0])
    movement.advance(math.inf)
    slow, fast = movement.person("out_s").tolist()
    assert slow == 20.0
    assert (fast < slow) == overtakes


def test_somebody_wide_takes_a_door_for_longer(backend: Any) -> None:
    run = simulate(two_exits(), {"room": 3}, backend=backend, size=[3, 1, 1])
    assert run.out_s.tolist() == [10.0, 13.0, 14.0]


def test_room_is_kept_for_somebody_wide(backend: Any) -> None:
    """A lobby for 4: the wide head needs 3 of the places and is not passed over for ever."""
    building = hand_building(
        {"lobby": 4.0, "wide": 60.0, "narrow": 60.0},
        [("lobby", "outside", 1.0), ("wide", "lobby", 1.0), ("narrow", "lobby", 1.0)],
        walk_m=1.0,
        start_m={("wide", 1): 8.0, ("narrow", 2): 1.0, ("lobby", 0): 1.0},
    )
    run = simulate(
        building, {"wide": 1, "narrow": 60}, backend=backend,
        law=free_law(storage_per_m2=1.0), size=[3] + [1] * 60,
    )  # fmt: skip
    assert run.ledger["out"] == 61
    assert run.out_s[0] < 25.0


def moving(
    building: CompiledPlan,
    cells: Sequence[int],
    goals: Sequence[Goal],
    rows: Sequence[int],
    *,
    backend: Any,
    law: FlowLaw | None = None,
    spaces: Sequence[int] = (),
    places: Sequence[int] | None = None,
    size: Sequence[int] | None = None,
) -> Movement:
    network = build_network(building, law or free_law(), goals=goals, spaces=spaces)
    cell = np.array(cells, dtype=np.int64)
    nobody = np.full(len(cell), -1, dtype=np.int64)
    placement = Placement(
        cell=cell,
        anchor=building.slot_start[building.slot_space_start[cell]],
        home=cell,
        row=np.array(rows, dtype=np.int64),
        place=nobody if places is None else np.array(places, dtype=np.int64),
        group=nobody,
        size=None if size is None else np.array(size, dtype=np.int64),
    )
    return Movement(network, placement, np.ones((len(cell), 3)), n_groups=0, backend=backend)


def test_people_who_cannot_use_stairs_have_no_way_over_them(backend: Any) -> None:
    building = stair(1.2)
    movement = moving(building, [1, 1], [Goal(), Goal(level_only=True)], [0, 1], backend=backend)
    movement.release([0, 1], [0.0, 0.0])
    movement.advance(math.inf)
    assert movement.person("status").tolist() == [OUT, NO_ROUTE]


def in_a_row(n: int) -> CompiledPlan:
    """Rooms in a row with an exit at the far end; 10 m through each, doors of one a second."""
    names = [f"room-{i}" for i in range(n)]
    gates = [(a, b, 1.0) for a, b in zip(names, [*names[1:], "outside"], strict=True)]
    return hand_building(dict.fromkeys(names, 60.0), gates, walk_m=10.0, start_m=5.0)


def test_a_helper_comes_joins_and_leaves_with_somebody(backend: Any) -> None:
    """Both walk to the middle room, go on together as one of three places, and part outside."""
    building = in_a_row(3)
    goals = [Goal(), Goal(place=0)]
    movement = moving(
        building, [0, 2, 1], goals, [1, 1, 0], backend=backend, spaces=[1], places=[0, 0, -1]
    )
    movement.release([0, 1], [0.0, 0.0])
    movement.watch_person(0)
    movement.watch_person(1)
    happened = movement.advance(math.inf)
    while len(happened) < 2:
        happened += movement.advance(math.inf)
    assert sorted(happened) == [("person", 0), ("person", 1)]
    assert movement.now_s == 10.0
    assert movement.person("status")[:2].tolist() == [IN_PLACE, IN_PLACE]
    assert movement.cell("aside")[1] == 2
    movement.join(1, 0, extra=1)
    assert movement.cell("occupants")[1] == 4
    assert movement.cell("aside")[1] == 3
    movement.send([0], [0], [-1])
    movement.release([2], [10.0])
    while movement.advance(math.inf):
        pass  # it stops once for each watched person who is out
    # 5 m from the standing place to the door, 10 m through the last room
    assert movement.person("out_s").tolist()[:2] == [25.0, 25.0]
    assert movement.person("out_s")[2] == 10.0 + 5.0 + 3.0 + 10.0  # three headways behind them
    movement.part(1, extra=1)
    assert movement.person("status").tolist() == [OUT, OUT, OUT]
    assert movement.person("size").tolist() == [1, 1, 1]
    assert movement.cell("occupants")[-2] == 3
    passed = movement.events()
    by_helper = (passed.kind == EVENT_PASS) & (passed.person == 1)
    assert by_helper.sum() == 3


def test_joining_needs_two_who_have_stopped_in_one_place(backend: Any) -> None:
    movement = moving(in_a_row(3), [0, 2], [Goal()], [0, 0], backend=backend)
    with pytest.raises(MovementError, match="have to stop before they join"):
        movement.join(0, 1)
    with pytest.raises(MovementError, match="goes with nobody"):
        movement.part(0)
    with pytest.raises(MovementError, match="has to stop before a lift"):
        movement.board(0)
    with pytest.raises(MovementError, match="is in no lift car"):
        movement.alight(0, 0)


def test_a_lift_takes_people_from_place_to_place(backend: Any) -> None:
    building = in_a_row(4)
    goals = [Goal(), Goal(place=0)]
    movement = moving(
        building, [0, 0], goals, [1, 1], backend=backend, spaces=[0, 3], places=[0, 0]
    )
    movement.release([0, 1], [0.0, 0.0])
    movement.advance(5.0)
    assert movement.person("status").tolist() == [IN_PLACE, IN_PLACE]
    movement.board(0)
    assert movement.cell("occupants")[0] == 1
    movement.advance(20.0)
    movement.alight(0, 1)
    assert movement.person("cell")[0] == 3
    movement.send([0], [0], [-1])
    movement.advance(math.inf)
    assert movement.person("out_s")[0] == 25.0
    assert movement.cell("occupants").sum() == 2  # one waits in the first room, one is out


def test_people_from_outside_walk_in_against_the_flow(backend: Any) -> None:
    """A responder who is outside is sent to the second room and meets those who come out."""
    building = hand_building(
        {"room": 60.0, "hall": 60.0},
        [("room", "hall", 1.0), ("hall", "outside", 1.0)],
        walk_m=10.0,
        start_m={("room", 0): 5.0, ("hall", 1): 1.0},
        assembly_m=20.0,
    )
    goals = [Goal(), Goal(place=1)]
    law = free_law(counterflow_factor=1.0)
    movement = moving(
        building, [1, *([0] * 30)], goals, [0] * 31, backend=backend, spaces=[0],
        places=[0] * 31, law=law,
    )  # fmt: skip
    movement.release(range(31), [0.0] * 31)
    movement.watch_person(0)
    assert movement.advance(math.inf) == [("person", 0)]
    assert movement.now_s == 21.0
    assert math.isfinite(movement.person("out_s")[0])
    movement.send([0], [1], [1])
    assert movement.advance(math.inf) == [("person", 0)]
    movement.advance(math.inf)
    assert movement.person("out_s")[0] == math.inf
    assert movement.person("status")[0] == IN_PLACE
    assert movement.person("cell")[0] == 0
    assert (movement.person("status")[1:] == OUT).all()
    # 20 m back, then through the stream: it passes in turn with those who come out
    assert (
        21.0 + 20.0 + 10.0 + 5.0 <= movement.person("placed_s")[0] <= 21.0 + 20.0 + 10.0 + 5.0 + 4.0
    )


def test_people_squeeze_past_those_who_stand_in_a_full_cell(backend: Any) -> None:
    """A passage for 2 is full of people whose exit is closed; others have to get through it."""
    building = hand_building(
        {"back": 60.0, "passage": 2.0, "front": 60.0},
        [
            ("back", "passage", 1.0),
            ("passage", "front", 1.0),
            ("passage", "outside", 1.0),
            ("front", "outside", 1.0),
        ],
        walk_m=1.0,
        start_m=1.0,
    )
    goals = [Goal(2), Goal(3)]
    rows = [0] * 8 + [1] * 8
    movement = moving(
        building, [0] * 16, goals, rows, backend=backend, law=free_law(storage_per_m2=1.0)
    )
    movement.set_gate(2, passes=CLOSED)
    movement.release(range(16), [0.0] * 16)
    movement.advance(math.inf)
    status = movement.person("status")
    assert (status[8:] == OUT).all()
    assert np.isin(status[:8], (NO_ROUTE, QUEUEING)).all()
    assert movement.cell("occupants")[1] <= 2
    assert movement.cell("occupants").sum() == 16


def test_orders_are_kept_in_the_result_in_order_of_time(backend: Any) -> None:
    late, early = DoorOrder(9.0, 0, (True, True)), DoorOrder(3.0, 0, CLOSED)
    run = simulate(two_exits(), {"room": 1}, backend=backend, orders=[late, early])
    assert run.orders == (early, late)


def test_a_class_that_keeps_together_arrives_together(backend: Any) -> None:
    """NIST TN 1822, Verif.2.9: four at 1.25 m/s and one at 0.5 m/s, here over 50 m."""
    building = hand_building({"room": 600.0}, [("room", "outside", 5.0)], start_m=50.0)
    roster = hand_roster(building, {"room": 5}, classes=("room",))
    fast, slow = Distribution.constant(1.25), Distribution.constant(0.5)
    roster = replace(roster, speeds=(fast, slow), speed_of=np.array([0, 0, 0, 0, 1]))
    orders = hand_orders(building)
    apart = Simulation(building, roster, free_law(), orders, seed=1, backend=backend).run()
    assert np.ptp(apart.out_s) == pytest.approx(60.0)
    groups = replace(roster.groups, keep_together=np.array([True]))
    roster = replace(roster, groups=groups)
    together = Simulation(building, roster, free_law(), orders, seed=1, backend=backend).run()
    assert np.ptp(together.out_s) < 1.0
    assert together.out_s.min() == 100.0
