"""How far it is from room to room: by hand, by law, and as the movement kernel has it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_plans import school_wing
from support.two_rooms import compiled_two_rooms

from buildings import CompiledPlan, compile_plan, load_plan
from sim import flow_law
from sim.kernels.backend import load_kernel
from sim.kernels.routes import GATE_COST_M
from sim.movement import walking_metres
from sim.network import Goal, build_network, first_slot
from sim.protocols.space_metres import next_to, space_metres, tour_metres

HALL, ONE, TWO = range(3)


def test_from_one_classroom_to_the_other_by_hand():
    compiled = compiled_two_rooms()  # 5 m to each door, 8 m from door to door in the hall
    assert space_metres(compiled, [ONE]).tolist() == [[10.0, 0.0, 18.0]]


def test_a_tour_adds_up():
    compiled = compiled_two_rooms()
    assert tour_metres(compiled, HALL, [ONE, TWO, HALL]).tolist() == [10.0, 28.0, 38.0]
    assert tour_metres(compiled, HALL, []).tolist() == []


def test_a_shut_door_ends_a_tour():
    compiled = compiled_two_rooms()
    shut = [compiled.gate_index("D1")]
    assert tour_metres(compiled, ONE, [HALL, TWO, ONE], shut=shut).tolist() == [
        10.0, np.inf, np.inf,
    ]  # fmt: skip


def test_next_to_a_room_is_what_shares_a_door_with_it():
    compiled = compiled_two_rooms()
    assert next_to(compiled, ONE).tolist() == [True, True, False]
    assert next_to(compiled, HALL).tolist() == [True, True, True]


def kernel_metres(compiled: CompiledPlan, start: int) -> list[float]:
    """Return the same distances from the routing tables of the movement kernel."""
    spaces = range(len(compiled.space_ids))
    slots = [first_slot(compiled, space) for space in spaces]
    first = len(compiled.place_ids)
    goals = [Goal(place=first + space) for space in spaces]
    network = build_network(compiled, flow_law("sfpe"), goals=goals, slots=slots)
    return [
        walking_metres(
            network,
            load_kernel("python"),
            cell=int(compiled.slot_cell[slots[start]]),
            anchor=int(compiled.slot_start[slots[start]]),
            row=space,
        )
        for space in spaces
    ]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_in_random_wings_it_is_as_far_as_people_walk(seed: int):
    compiled = compile_plan(school_wing(np.random.default_rng(seed)))
    start = seed % len(compiled.space_ids)
    found = space_metres(compiled, [start])[0]
    away = compiled.slot_cell[compiled.slot_space_start[:-1]]
    other = away != away[start]  # the kernel counts 0 m within one cell
    beyond = (np.array(kernel_metres(compiled, start)) - found)[other]
    assert (beyond >= -1e-9).all()  # the kernel adds a centimetre for every gate
    assert (beyond <= GATE_COST_M * compiled.n_gates).all()


def test_in_a_school_ways_are_as_long_back_as_there():
    compiled = compile_plan(load_plan("builtin:maple-elementary"))
    metres = space_metres(compiled, range(len(compiled.space_ids)))
    assert np.isfinite(metres).all()
    assert metres == pytest.approx(metres.T)
    through = metres[:, :, None] + metres[None, :, :]  # from a by b to c
    assert (metres[:, None, :] <= through + 1e-9).all()
