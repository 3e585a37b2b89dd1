"""Nothing freezes: full rooms, opposed streams, doors that change, and everybody gets there.

``benchmarks/gridlock_search.py`` looks for a counter-example in as many cases as one likes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.full_houses import KINDS, case, play
from support.hand_buildings import hand_building

from sim import FrozenError, flow_law
from sim.kernels.arrays import NO_ROUTE, OUT
from sim.movement import Movement, Placement
from sim.network import Goal, build_network

backends = pytest.mark.parametrize("backend", ["python", "compiled"])
CLOSED, OPEN = (False, False), (True, True)


@pytest.mark.parametrize(("backend", "cases"), [("python", 25), ("compiled", 800)])
@pytest.mark.parametrize("kind", KINDS)
def test_everybody_gets_there_or_has_no_way_or_waits_for_a_closed_door(
    kind: str, backend: Any, cases: int
) -> None:
    for seed in range(cases):
        try:
            play(case(seed, kind), backend)
        except (AssertionError, FrozenError) as fault:
            raise AssertionError(f"{kind} case {seed}: {fault}") from fault


def moving(
    building: Any,
    cells: list[int],
    goals: list[Goal],
    rows: list[int],
    backend: Any,
    *,
    rooms: tuple[int, ...] = (),
    **able: Any,
) -> Movement:
    """Return people who set off at once at 1 m/s, one place for each square metre."""
    law = flow_law("sfpe", storage_per_m2=1.0)
    network = build_network(building, law, goals=goals, spaces=rooms)
    cell = np.array(cells, dtype=np.int64)
    nobody = np.full(len(cell), -1, dtype=np.int64)
    anchor = building.slot_start[building.slot_space_start[cell]]
    placement = Placement(cell, anchor, cell, np.array(rows), nobody, nobody, **able)
    movement = Movement(network, placement, np.ones((len(cell), 3)), n_groups=0, backend=backend)
    movement.release(np.arange(len(cell)), np.zeros(len(cell)))
    return movement


@backends
def test_two_who_wait_for_the_same_closed_door_do_not_change_places_for_ever(backend: Any) -> None:
    """The hall holds one; of its two equally near doors both have chosen the closed one."""
    building = hand_building(
        {"back": 4.0, "hall": 1.0, "front": 9.0},
        [
            ("back", "hall", 1.0),
            ("hall", "front", 1.0),
            ("hall", "front", 1.0),
            ("front", "outside", 1.0),
        ],
        walk_m=1.0,
        start_m=1.0,
        slots=1,
    )
    movement = moving(
        building, [0, 0], [Goal()], [0, 0], backend,
        patient=np.ones(2, dtype=bool), tie=np.array([0.9, 0.9]),
    )  # fmt: skip
    movement.set_gate(2, passes=CLOSED)
    movement.advance(1000.0)
    assert len(movement.events()) < 12


@backends
def test_somebody_wide_gets_past_people_in_full_rooms_though_a_room_is_overfull_for_a_while(
    backend: Any,
) -> None:
    """Rooms for 3, full: one of size 3 wants out through the other room, three of size 1 likewise.

    When the wide one has changed places with one of the others there are 5 in that room. To let
    nobody change places who does not fit would keep some waiting for ever.
    """
    building = hand_building(
        {"a": 3.0, "b": 3.0},
        [("a", "b", 1.0), ("a", "outside", 1.0), ("b", "outside", 1.0)],
        walk_m=1.0,
        start_m=1.0,
        slots=1,
    )
    movement = moving(
        building, [0, 1, 1, 1], [Goal(1), Goal(2)], [1, 0, 0, 0], backend,
        size=np.array([3, 1, 1, 1]),
    )  # fmt: skip
    taken = []
    for time_s in np.arange(0.0, 30.0, 0.1):
        movement.advance(float(time_s))
        taken.append(movement.cell("occupants")[:2].tolist())
    assert (movement.person("status") == OUT).all()
    assert taken[0] == [3, 3]
    assert [1, 5] in taken
    assert max(a for a, _ in taken) == 3


@backends
def test_whoever_is_sent_to_a_place_and_on_to_a_closed_exit_waits_for_it_to_open(
    backend: Any,
) -> None:
    building = hand_building(
        {"room": 9.0}, [("room", "outside", 1.0)], walk_m=1.0, start_m=5.0, slots=1
    )
    movement = moving(building, [0], [Goal(), Goal(place=0)], [0], backend, rooms=(0,))
    movement.advance(2.0)
    movement.set_gate(0, passes=CLOSED)
    movement.advance(9.0)
    movement.send([0], [1], [0])
    movement.advance(10.0)
    movement.send([0], [0], [-1])
    movement.advance(30.0)
    assert movement.person("status").tolist() == [NO_ROUTE]
    movement.set_gate(0, passes=OPEN)
    movement.advance(1000.0)
    assert movement.person("status").tolist() == [OUT]
