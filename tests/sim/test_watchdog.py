"""The watchdog: a run in which people hold each other up for ever is stopped, and says so."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support.hand_buildings import hand_building

from sim import FrozenError, flow_law
from sim.kernels import passing
from sim.kernels.arrays import NOBODY
from sim.movement import Movement, Placement
from sim.network import Goal, build_network


def two_full_rooms() -> Movement:
    """Two rooms as full as they can be, everybody bound for the exit of the other room."""
    building = hand_building(
        {"a": 4.0, "b": 4.0},
        [("a", "b", 1.0), ("a", "outside", 1.0), ("b", "outside", 1.0)],
        walk_m=1.0,
        start_m=1.0,
    )
    law = flow_law("sfpe", storage_per_m2=1.0)
    network = build_network(building, law, goals=[Goal(1), Goal(2)])
    cell = np.repeat([0, 1], 4).astype(np.int64)
    anchor = building.slot_start[building.slot_space_start[cell]]
    nobody = np.full(8, -1, dtype=np.int64)
    placement = Placement(cell, anchor, cell, 1 - cell, nobody, nobody)
    movement = Movement(network, placement, np.ones((8, 3)), n_groups=0, backend="python")
    movement.release(range(8), [0.0] * 8)
    return movement


def test_opposed_full_rooms_change_places() -> None:
    movement = two_full_rooms()
    movement.advance(math.inf)
    movement.check_that_nothing_is_frozen()
    assert np.isfinite(movement.person("out_s")).all()


def test_without_rings_they_freeze_and_the_watchdog_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passing, "find_ring", lambda net, st, side: NOBODY)
    movement = two_full_rooms()
    movement.advance(math.inf)
    with pytest.raises(FrozenError, match=r"8 people wait for ever, .* at D0, at 1\.\d+ s") as info:
        movement.check_that_nothing_is_frozen()
    assert info.value.held_up == tuple((person, "D0") for person in range(8))


def test_too_much_at_one_instant_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """People who reach a door and are always sent to it again, without time going by."""
    import sim.kernels.movement as kernel

    movement = two_full_rooms()

    def again(net: object, st: object, person: int, side: int) -> tuple[int, bool]:
        kernel.push_walker(st, net.sides[side].cell, person, 0.0)  # type: ignore[attr-defined]
        return NOBODY, False

    monkeypatch.setattr(kernel, "arrive", again)
    with pytest.raises(FrozenError, match="too much happens at one instant at 1"):
        movement.advance(math.inf)
