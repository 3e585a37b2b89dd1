"""Doors that are shut at first, as everybody knows: as if the building were built so."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from support.hand_buildings import hand_building, hand_orders, hand_roster

from sim import FINAL_STATES, Abilities, DoorOrder, RunResult, Simulation, flow_law

BUILDING = hand_building(
    {"room": 60.0, "west": 40.0, "east": 40.0},
    [
        ("room", "west", 0.9),
        ("room", "east", 0.9),
        ("west", "outside", 0.9),
        ("east", "outside", 1.8),
    ],
    walk_m={("room", 0, 1): 10.0, ("west", 0, 2): 5.0, ("east", 1, 3): 20.0},
    start_m=5.0,
)
WEST_DOOR, EAST_DOOR, WEST_EXIT, EAST_EXIT = range(4)
HARMLESS = DoorOrder(0.0, EAST_DOOR, (True, True), ())
"""Changes nothing, and is told to nobody: what follows it is carried out, not built in."""


def run(
    *orders: DoorOrder, patient: bool = False, backend: Literal["python", "compiled"] = "compiled"
) -> RunResult:
    roster = hand_roster(BUILDING, {"room": 20})
    able = replace(Abilities.plain(20), waits_at_closed=np.full(20, patient))
    simulation = Simulation(
        BUILDING,
        replace(roster, abilities=able),
        flow_law("sfpe"),
        replace(hand_orders(BUILDING), orders=orders),
        seed=3,
        backend=backend,
    )
    return simulation.run(record_events=True)


@pytest.mark.parametrize("backend", ["python", "compiled"])
def test_built_in_and_carried_out_are_the_same(backend: Literal["python", "compiled"]):
    shut = (
        DoorOrder(0.0, WEST_DOOR, (False, True), None),
        DoorOrder(0.0, WEST_EXIT, (False, False), None),
    )
    built, told = run(*shut, backend=backend), run(HARMLESS, *shut, backend=backend)
    assert set(built.exit_gate.tolist()) == {EAST_EXIT}
    assert np.array_equal(built.out_s, told.out_s)
    assert np.array_equal(built.side_passed, told.side_passed)
    assert built.orders == shut


def test_the_last_order_of_a_door_holds():
    shut, reopened = (DoorOrder(0.0, WEST_DOOR, (passes, passes), None) for passes in (False, True))
    assert set(run(shut, reopened).exit_gate.tolist()) == {WEST_EXIT}
    assert set(run(shut).exit_gate.tolist()) == {EAST_EXIT}


def test_people_who_wait_at_closed_doors_know_how_the_building_is():
    shut = DoorOrder(0.0, WEST_DOOR, (False, False), None)
    ended = run(shut, patient=True)
    assert set(ended.exit_gate.tolist()) == {EAST_EXIT}
    unknown = run(replace(shut, told=()), patient=True)
    assert set(unknown.final_state.tolist()) == {FINAL_STATES.index("queueing")}


def test_a_door_that_was_shut_at_first_can_open_later():
    shut = DoorOrder(0.0, WEST_DOOR, (False, False), None)
    opened = run(shut, DoorOrder(1.0, WEST_DOOR, (True, True), None))
    assert set(opened.exit_gate.tolist()) == {WEST_EXIT}
