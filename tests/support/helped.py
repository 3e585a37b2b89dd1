"""A building with an upper floor, a stair and a refuge, and people in it who need help."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from support.hand_buildings import hand_building, hand_orders, hand_roster

from buildings import CompiledPlan
from sim import (
    BESIDE,
    CARRIED,
    CHAIR,
    NO_HELP,
    Abilities,
    Assistance,
    Distribution,
    FlowLaw,
    Lift,
    Means,
    RunResult,
    Simulation,
    Stop,
    flow_law,
)

CONSTANT = Distribution.constant
MEANS = {
    CHAIR: Means((0.8, 0.5, 0.25), CONSTANT(30.0), places=3),
    CARRIED: Means((0.5, 0.25, 0.2), CONSTANT(20.0), places=2),
    BESIDE: Means(None, CONSTANT(0.0)),
}


def free_law(**numbers: Any) -> FlowLaw:
    """No effect of density, no limit of storage, stairs at the free speed, quick doors."""
    settled: dict[str, Any] = {
        "speed_law": "none",
        "storage_per_m2": math.inf,
        "door_specific_flow": 1e4,
        "door_boundary_m": 0.0,
        "corridor_specific_flow": 1e4,
        "corridor_boundary_m": 0.0,
        "stair_specific_flow": 1e4,
        "stair_boundary_m": 0.0,
        "stair_speed_factor": 1.0,
    }
    return flow_law("sfpe", **(settled | numbers))


def two_floors() -> CompiledPlan:
    """Room, refuge and flight above; lobby and office below; out of the lobby.

    From the room's places 4 m to its door, 6 m across the refuge, 10 m of flight, 8 m of lobby,
    and 20 m from the exit to where people gather. The office is 5 m from its door. From the
    refuge's marked place it is 3 m to every door, from the lobby's 2 m.
    """
    return hand_building(
        {"flight": 30.0, "room": 60.0, "refuge": 20.0, "lobby": 40.0, "office": 40.0},
        [
            ("flight", "lobby", 2.0),
            ("flight", "refuge", 2.0),
            ("room", "refuge", 1.0),
            ("office", "lobby", 1.0),
            ("lobby", "outside", 2.0),
        ],
        walk_m={
            ("refuge", 1, 2): 6.0,
            ("lobby", 0, 3): 12.0,
            ("lobby", 0, 4): 8.0,
            ("lobby", 3, 4): 7.0,
        },
        start_m={
            ("flight", 0): 5.0, ("flight", 1): 5.0, ("room", 2): 4.0, ("refuge", 1): 3.0,
            ("refuge", 2): 3.0, ("lobby", 0): 2.0, ("lobby", 3): 2.0, ("lobby", 4): 2.0,
            ("office", 3): 5.0,
        },
        stairs={"flight": (0.18, 0.28, 2.0, 10.0)},
        assembly_m=20.0,
    )  # fmt: skip


def helped(
    building: CompiledPlan,
    people: Mapping[str, int],
    *,
    ways: Mapping[str, Sequence[int]],
    helpers: Mapping[str, int],
    needed: int = 1,
    refuges: Sequence[str] = ("refuge",),
    chairs: Sequence[str] = (),
    lifts: Sequence[Lift] = (),
    means: Mapping[int, Means] = MEANS,
    law: FlowLaw | None = None,
    backend: Any = "python",
    size: int = 1,
    classes: Sequence[str] = (),
    pre_movement: Distribution | None = None,
    **said: Any,
) -> Simulation:
    """Return a simulation in which the first people of some rooms need help, others can help.

    ``ways`` gives the way of each of the first people of a room, ``helpers`` how many of the last
    people of a room may help.
    """
    roster = hand_roster(building, people, classes=classes, pre_movement=pre_movement)
    n = roster.n_people
    way, first = np.zeros(n, dtype=np.int64), 0
    can_help: list[int] = []
    for room, count in people.items():
        own = list(ways.get(room, ()))
        way[first : first + len(own)] = own
        can_help += range(first + count - helpers.get(room, 0), first + count)
        first += count
    level_only = (way == CHAIR) | (way == CARRIED)
    abilities = replace(
        Abilities.plain(n),
        level_only=level_only,
        helpers_needed=np.where(way != NO_HELP, needed, 0),
        can_help=np.isin(np.arange(n), can_help),
        size=np.where(level_only, size, 1),
    )
    assistance = Assistance(
        refuges=tuple(building.space_index(name) for name in refuges),
        helpers=tuple(sorted(can_help)),
        way=way,
        helpers_needed=abilities.helpers_needed,
        means=means,
        chairs=tuple(building.space_index(name) for name in chairs),
        lifts=tuple(lifts),
        **said,
    )
    orders = replace(hand_orders(building), assistance=assistance)
    return Simulation(
        building,
        replace(roster, abilities=abilities),
        law or free_law(),
        orders,
        seed=1,
        backend=backend,
    )


def lift_between(building: CompiledPlan, **said: Any) -> Lift:
    """Return a lift from the refuge down to the lobby, 4 m at 1 m/s."""
    if "stops" not in said:
        below, above = building.space_index("lobby"), building.space_index("refuge")
        said["stops"] = (Stop(below, 0.0), Stop(above, 4.0))
    settled: dict[str, Any] = {
        "name": "A",
        "exit_stop": 0,
        "places": 2,
        "from_s": 0.0,
        "speed_mps": 1.0,
        "start_stop_s": 2.0,
        "door_s": 3.0,
        "boarding_s": CONSTANT(5.0),
    }
    return Lift(**(settled | said))


def ran(simulation: Simulation, replica: int = 0) -> RunResult:
    """Run with the log."""
    return simulation.run(replica, record_events=True)
