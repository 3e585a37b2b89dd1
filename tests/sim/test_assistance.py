"""Assisted evacuation: known answers by hand for refuges, helpers, chairs and lifts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from support.hand_buildings import hand_building
from support.helped import CONSTANT, MEANS, helped, lift_between, ran, two_floors

from sim import (
    BESIDE,
    CARRIED,
    CHAIR,
    LIFT,
    NO_HELP,
    Assistance,
    DirectionOrder,
    Distribution,
    Lift,
    Means,
    MovementError,
    Stop,
)

OFFICE_TO_REFUGE_S = 5.0 + 12.0 + 10.0 + 3.0


@pytest.fixture(params=["python", "compiled"])
def backend(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_one_person_one_helper_one_stair_is_the_sum_of_the_legs(backend: Any) -> None:
    """7 m to the refuge; the helper 30 m; 20 s to get ready; 3 m, 10 m of stair, 8 m, 20 m."""
    run = ran(
        helped(
            two_floors(), {"room": 1, "office": 1}, ways={"room": [CARRIED]},
            helpers={"office": 1}, backend=backend,
        )
    )  # fmt: skip
    assert run.help.waits_from_s.tolist() == [7.0]
    assert run.help.help_s.tolist() == [7.0 + OFFICE_TO_REFUGE_S]
    assert run.help.set_off_s.tolist() == [57.0]
    out_s = 57.0 + 3.0 / 0.5 + 10.0 / 0.25 + 8.0 / 0.5
    assert run.out_s.tolist() == [out_s, out_s]
    assert run.assembled_s.tolist() == [out_s + 20.0 / 0.5] * 2
    assert run.help.way.tolist() == [CARRIED]
    task = run.help.tasks[0]
    assert (task.helper, task.person) == (1, 0)
    assert (task.called_s, task.arrived_s, task.done_s) == (7.0, 37.0, out_s + 40.0)


def test_without_helpers_everybody_waits_and_is_reported(backend: Any) -> None:
    run = ran(
        helped(
            two_floors(), {"room": 3}, ways={"room": [CARRIED, CARRIED]}, helpers={},
            backend=backend,
        )
    )  # fmt: skip
    assert run.ledger["waits_in_refuge"] == 2
    assert run.ledger["out"] == 1
    assert run.help.waits_from_s.tolist() == pytest.approx([7.0, 7.0], abs=0.01)
    assert np.isinf(run.help.help_s).all()
    assert run.help.way.tolist() == [NO_HELP, NO_HELP]


def test_without_a_refuge_people_wait_where_they_are_and_are_helped_there(backend: Any) -> None:
    run = ran(
        helped(
            two_floors(), {"room": 1, "office": 1}, ways={"room": [CARRIED]},
            helpers={"office": 1}, refuges=(), backend=backend,
        )
    )  # fmt: skip
    # on from the refuge's door, 6 m across it and 4 m into the room
    assert run.help.help_s.tolist() == [5.0 + 12.0 + 10.0 + 6.0 + 4.0]
    assert run.ledger["out"] == 2
    nobody = ran(
        helped(two_floors(), {"room": 1}, ways={"room": [CARRIED]}, helpers={}, refuges=())
    )
    assert nobody.ledger["waits_for_help"] == 1


def test_whoever_reaches_an_exit_on_the_level_leaves_alone(backend: Any) -> None:
    run = ran(
        helped(
            two_floors(), {"office": 2}, ways={"office": [CHAIR]}, helpers={}, chairs=("refuge",),
            backend=backend,
        )
    )  # fmt: skip
    assert run.out_s.tolist() == pytest.approx([12.0, 12.0], abs=0.01)
    assert len(run.help.person) == 0


def test_the_nearest_refuge_is_taken(backend: Any) -> None:
    run = ran(
        helped(
            two_floors(), {"room": 1}, ways={"room": [CARRIED]}, helpers={},
            refuges=("refuge", "room"), backend=backend,
        )
    )  # fmt: skip
    assert run.help.waits_from_s.tolist() == [0.0]
    assert run.ledger["waits_in_refuge"] == 1


def test_a_helper_who_walks_beside_sets_the_pace(backend: Any) -> None:
    """The person walks at 1 m/s like the helper; who goes beside comes to them in their room."""
    run = ran(
        helped(
            two_floors(), {"room": 1, "office": 1}, ways={"room": [BESIDE]},
            helpers={"office": 1}, backend=backend,
        )
    )  # fmt: skip
    came_s = 5.0 + 12.0 + 10.0 + 6.0 + 4.0
    assert run.help.help_s.tolist() == [came_s]
    assert run.out_s.tolist() == [came_s + 4.0 + 6.0 + 10.0 + 8.0] * 2


def test_two_helpers_are_waited_for_and_the_device_takes_places(backend: Any) -> None:
    """The second helper starts in the lobby's far office: both are there when they get ready."""
    run = ran(
        helped(
            two_floors(), {"room": 2, "office": 1}, ways={"room": [CHAIR]},
            helpers={"room": 1, "office": 1}, needed=2, chairs=("refuge",), backend=backend,
        )
    )  # fmt: skip
    assert run.help.help_s.tolist() == [37.0]
    assert sorted(task.arrived_s for task in run.help.tasks) == [14.0, 37.0]
    set_off_s = 37.0 + 30.0
    assert run.help.set_off_s.tolist() == [set_off_s]
    out_s = set_off_s + 3.0 / 0.8 + 10.0 / 0.5 + 8.0 / 0.8
    assert run.out_s.tolist() == [out_s] * 3
    joined = run.events.kind == 6
    assert sorted(run.events.person[joined].tolist()) == [1, 2]


def test_a_chair_is_fetched_from_where_it_is_kept(backend: Any) -> None:
    """From the office to the lobby's place, 5 m and 2 m; from there 2 m, 10 m, 3 m."""
    run = ran(
        helped(
            two_floors(), {"room": 1, "office": 1}, ways={"room": [CHAIR]},
            helpers={"office": 1}, chairs=("lobby",), backend=backend,
        )
    )  # fmt: skip
    assert run.help.help_s.tolist() == [7.0 + 5.0 + 2.0 + 2.0 + 10.0 + 3.0]


def test_one_chair_serves_two_people_one_after_the_other(backend: Any) -> None:
    """Two helpers, one chair: the second person waits until it is brought back."""
    simulation = helped(
        two_floors(), {"room": 2, "office": 2}, ways={"room": [CHAIR, CHAIR]},
        helpers={"office": 2}, chairs=("refuge",), backend=backend,
    )  # fmt: skip
    run = ran(simulation)
    # ready 30 s after the helper is there; then 3 m, 10 m of stair, 8 m, 20 m to gather
    first = 37.0 + 30.0 + 3.0 / 0.8 + 10.0 / 0.5 + 8.0 / 0.8 + 20.0 / 0.8
    assert run.assembled_s[0] == first
    # back in with the chair: 20 m, 8 m, 10 m, 3 m
    assert run.help.help_s.tolist() == [37.0, first + 20.0 + 8.0 + 10.0 + 3.0]
    assert [task.helper for task in run.help.tasks] == [2, 2]
    assert run.help.helpers_used() == 1
    assert run.help.most_at_once() == 1
    assert run.ledger["out"] == 4


def test_helpers_need_not_go_back_in(backend: Any) -> None:
    run = ran(
        helped(
            two_floors(), {"room": 2, "office": 1}, ways={"room": [CARRIED, CARRIED]},
            helpers={"office": 1}, return_for_next=False, backend=backend,
        )
    )  # fmt: skip
    assert run.ledger["out"] == 2
    assert run.ledger["waits_in_refuge"] == 1


def test_a_leader_helps_once_the_class_is_counted(backend: Any) -> None:
    """A class in the office: 12 m out, 20 m on, no time for the roll; then 41 m back in."""
    run = ran(
        helped(
            two_floors(), {"office": 3, "room": 1}, ways={"room": [CARRIED]},
            helpers={}, classes=("office",), backend=backend,
        )
    )  # fmt: skip
    assert run.ledger["waits_in_refuge"] == 1
    simulation = helped(
        two_floors(), {"room": 1, "office": 3}, ways={"room": [CARRIED]},
        helpers={"office": 3}, classes=("office",), backend=backend,
    )  # fmt: skip
    run = ran(simulation)
    assert run.group_accounted_s.tolist() == pytest.approx([32.0], abs=0.01)
    assert [task.helper for task in run.help.tasks] == [1]
    assert run.help.tasks[0].called_s == run.group_accounted_s[0]
    assert run.help.help_s.tolist() == pytest.approx([32.0 + 20.0 + 8.0 + 10.0 + 3.0], abs=0.01)


def test_a_class_is_counted_although_a_member_waits_in_a_refuge(backend: Any) -> None:
    """Three go out and one to the refuge; the roll is complete but for whoever waits, reported."""
    run = ran(
        helped(
            two_floors(), {"room": 4}, ways={"room": [CARRIED]}, helpers={}, classes=("room",),
            backend=backend,
        )
    )  # fmt: skip
    out_s = 4.0 + 6.0 + 10.0 + 8.0
    assert run.group_assembled_s.tolist() == pytest.approx([out_s + 20.0], abs=0.01)
    assert run.ledger == run.ledger | {"waits_in_refuge": 1, "out": 3}


def test_helpers_at_their_post_leave_once_nobody_needs_them(backend: Any) -> None:
    """One of two is called; the other sets off when the call has been answered for."""
    run = ran(
        helped(
            two_floors(), {"room": 1, "office": 2}, ways={"room": [CARRIED]},
            helpers={"office": 2}, backend=backend,
        )
    )  # fmt: skip
    assert run.started_s.tolist() == [0.0, 7.0, 7.0]
    assert run.out_s[2] == pytest.approx(7.0 + 5.0 + 7.0, abs=0.01)


def test_staff_are_not_sent_elsewhere_while_they_help(backend: Any) -> None:
    simulation = helped(
        two_floors(), {"room": 1, "office": 1}, ways={"room": [CARRIED]},
        helpers={"office": 1}, backend=backend,
    )  # fmt: skip
    plain = ran(simulation)
    orders = replace(simulation.orders, orders=(DirectionOrder(20.0, None, 4),))
    directed = type(simulation)(
        simulation.compiled, simulation.roster, simulation.flow_law, orders, seed=1,
        backend=backend,
    ).run(0)  # fmt: skip
    assert directed.out_s.tolist() == plain.out_s.tolist()


def test_a_report_takes_its_time(backend: Any) -> None:
    run = ran(
        helped(
            two_floors(), {"room": 1, "office": 1}, ways={"room": [CARRIED]},
            helpers={"office": 1}, report_s=CONSTANT(60.0), backend=backend,
        )
    )  # fmt: skip
    assert run.help.help_s.tolist() == [97.0]


def test_a_lift_for_two_makes_three_trips_for_five(backend: Any) -> None:
    """All five are before the doors at 7 s.

    Up 4 m: 4 + 2 s; doors 3 s; each boards in 5 s; doors 3 s; down 6 s; doors 3 s; each leaves in
    5 s; doors 3 s. A trip with two takes 6 + 3 + 10 + 3 + 6 + 3 + 10 + 3 = 44 s. From the lobby's
    place 2 m to the exit.
    """
    building = two_floors()
    run = ran(
        helped(
            building, {"room": 5}, ways={"room": [CARRIED] * 5}, helpers={},
            lifts=[lift_between(building)], backend=backend,
        )
    )  # fmt: skip
    opens = [7.0 + 44.0 * trip + 6.0 + 3.0 for trip in range(3)]
    aboard = [opens[0] + 5, opens[0] + 10, opens[1] + 5, opens[1] + 10, opens[2] + 5]
    assert run.help.set_off_s.tolist() == aboard
    lets_out = [at + 10.0 + 3.0 + 6.0 + 3.0 for at in opens[:2]] + [opens[2] + 5 + 3 + 6 + 3]
    leaves = [lets_out[0] + 5, lets_out[0] + 10, lets_out[1] + 5, lets_out[1] + 10, lets_out[2] + 5]
    assert run.out_s.tolist() == [at + 2.0 for at in leaves]
    assert run.help.way.tolist() == [LIFT] * 5
    assert run.help.tasks == ()


def test_a_lift_runs_from_when_the_fire_service_is_there(backend: Any) -> None:
    """Who is helped before that does not wait for it; who waits then takes it."""
    building = two_floors()
    run = ran(
        helped(
            building, {"room": 2, "office": 1}, ways={"room": [CARRIED, CARRIED]},
            helpers={"office": 1}, lifts=[lift_between(building, from_s=90.0)], backend=backend,
        )
    )  # fmt: skip
    assert run.help.way.tolist() == [CARRIED, LIFT]
    assert run.help.help_s.tolist() == [37.0, 90.0 + 6.0 + 3.0]


def test_somebody_too_large_for_the_car_waits_for_helpers(backend: Any) -> None:
    building = two_floors()
    run = ran(
        helped(
            building, {"room": 1, "office": 1}, ways={"room": [CARRIED]}, size=3,
            helpers={"office": 1}, lifts=[lift_between(building)], backend=backend,
        )
    )  # fmt: skip
    assert run.help.way.tolist() == [CARRIED]


def test_an_attended_lift_takes_the_helper_along(backend: Any) -> None:
    """The helper is there at 37 s; then the car comes, and they leave together."""
    building = two_floors()
    run = ran(
        helped(
            building, {"room": 1, "office": 1}, ways={"room": [CARRIED]},
            helpers={"office": 1}, lifts=[lift_between(building, attended=True)], backend=backend,
        )
    )  # fmt: skip
    assert run.help.help_s.tolist() == [37.0 + 6.0 + 3.0]
    out_s = 37.0 + 6.0 + 3.0 + 5.0 + 3.0 + 6.0 + 3.0 + 5.0 + 2.0
    assert run.out_s.tolist() == [out_s, out_s]
    assert run.ledger["out"] == 2


def three_floors() -> Any:
    """Rooms two floors and one floor above the lobby, with no stair: only the lift."""
    return hand_building(
        {"high": 30.0, "middle": 30.0, "lobby": 30.0},
        [("high", "middle", 1.0), ("lobby", "outside", 1.0)],
        start_m={("high", 0): 3.0, ("middle", 0): 4.0, ("lobby", 1): 2.0},
    )


@pytest.mark.parametrize(("order", "first"), [("top_down", 1), ("nearest", 0)])
def test_floors_are_served_by_the_rule(backend: Any, order: str, first: int) -> None:
    """One waits in the middle and one on top: who is fetched first is settled by the rule.

    The door between the floors leads nowhere for people who use no stairs: they stay.
    """
    building = three_floors()
    stops = (
        Stop(building.space_index("lobby"), 0.0),
        Stop(building.space_index("middle"), 3.0),
        Stop(building.space_index("high"), 6.0),
    )
    lift = lift_between(building, stops=stops, order=order, from_s=10.0)
    run = ran(
        helped(
            building, {"middle": 1, "high": 1}, ways={"middle": [CARRIED], "high": [CARRIED]},
            helpers={}, refuges=("middle", "high"), lifts=[lift], backend=backend,
        )
    )  # fmt: skip
    assert int(run.out_s.argmin()) == first
    assert run.ledger["out"] == 2


def test_what_does_not_fit_together_is_said() -> None:
    way, needed = np.array([CHAIR, NO_HELP]), np.array([1, 0])
    with pytest.raises(ValueError, match="somebody needs an evacuation chair; there is none"):
        Assistance((), (), way, needed, MEANS)
    with pytest.raises(ValueError, match="way: 1 has no entry in means"):
        Assistance((), (), way, needed, {})
    with pytest.raises(ValueError, match="person 0 cannot help"):
        Assistance((), (0,), way, needed, MEANS, chairs=(0,))
    with pytest.raises(ValueError, match="expected >= 1 for whoever needs help"):
        Assistance((), (), way, np.array([0, 0]), MEANS, chairs=(0,))
    with pytest.raises(ValueError, match="speeds_mps must be finite and > 0"):
        Means((0.0, 1.0, 1.0), CONSTANT(1.0))
    with pytest.raises(ValueError, match="places must be >= 1"):
        Means(None, CONSTANT(1.0), places=0)


def test_what_a_lift_cannot_be_is_said() -> None:
    building = two_floors()
    with pytest.raises(ValueError, match="expected two stops or more"):
        lift_between(building, stops=(Stop(0, 0.0), Stop(0, 4.0)))
    with pytest.raises(ValueError, match="no stop 7"):
        lift_between(building, exit_stop=7)
    with pytest.raises(ValueError, match="places must be >= 1"):
        lift_between(building, places=0)
    with pytest.raises(ValueError, match="speed_mps must be > 0"):
        lift_between(building, speed_mps=0.0)
    with pytest.raises(ValueError, match="door_s must be >= 0"):
        lift_between(building, door_s=math.nan)
    up = lift_between(building, exit_stop=1)
    with pytest.raises(MovementError, match="no exit can be reached without stairs"):
        ran(helped(building, {"room": 1}, ways={"room": [CARRIED]}, helpers={}, lifts=[up]))


def test_people_who_cannot_use_stairs_need_a_way(backend: Any) -> None:
    building = two_floors()
    simulation = helped(building, {"room": 1}, ways={"room": [CARRIED]}, helpers={})
    other = replace(
        simulation.orders,
        assistance=replace(
            simulation.orders.assistance, way=np.array([BESIDE]), helpers_needed=np.array([1])
        ),
    )
    with pytest.raises(MovementError, match="cannot walk down beside a helper"):
        type(simulation)(building, simulation.roster, simulation.flow_law, other, seed=1)


def test_a_lift_draws_its_boarding_times_by_person() -> None:
    building = two_floors()
    lift: Lift = lift_between(building, boarding_s=Distribution("uniform", (2.0, 8.0)), places=5)
    simulation = helped(
        building, {"room": 3}, ways={"room": [CARRIED] * 3}, helpers={}, lifts=[lift]
    )
    runs = [ran(simulation, replica).out_s.tolist() for replica in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2]
