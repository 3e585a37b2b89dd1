"""A wing of classrooms with chosen locks and people, and incidents in it with known times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from support.graph_plans import plan as drawn
from support.graph_plans import wing

from buildings import CompiledCorners, CompiledPlan, Plan, compile_corners, compile_plan
from sim import (
    Distribution,
    DoorOrder,
    EvacuationOrders,
    Groups,
    Roster,
    RunResult,
    Simulation,
    flow_law,
)
from sim.kernels.backend import Backend
from sim.protocols import (
    STEPS,
    TRADITIONAL,
    Action,
    Directive,
    Doors,
    LockKind,
    ProtocolOrders,
    ProtocolTimes,
)

CONSTANT = Distribution.constant
ZERO = {step: CONSTANT(0.0) for step in STEPS}
THUMBTURN = LockKind("thumbturn", CONSTANT(3.0), fails=0.0, unnoticed=0.0)


@cache
def classrooms(
    pairs: int = 10, *, cramped: bool = False
) -> tuple[Plan, CompiledPlan, CompiledCorners]:
    """Return a corridor with classrooms on both sides, none with glass, and a yard beyond.

    Cramped ones are 1.2 m deep, with glass in their doors and covers for it.
    """
    bare = wing(pairs, depth_m=1.2) if cramped else wing(pairs)
    spaces = [
        replace(one, use="classroom") if one.kind == "room" else one for one in bare.spaces.values()
    ]
    glass: dict[str, Any] = {"glazing": "none"}
    if cramped:
        glass = {
            "glazing": "half", "glazing_w_m": 0.6, "glazing_off_m": 0.0, "cover": "film",
            "cover_default": "open", "cover_close_s": 8.0,
        }  # fmt: skip
    portals = [
        replace(one, swing="in", **glass) if one.kind == "door" else one
        for one in bare.portals.values()
    ]
    plan = drawn(spaces, portals)
    compiled = compile_plan(plan)
    return plan, compiled, compile_corners(plan, compiled)


def rooms_of(compiled: CompiledPlan) -> list[int]:
    """Return the classrooms, by index."""
    return [n for n, name in enumerate(compiled.space_ids) if name[0] in "NS"]


def people(
    compiled: CompiledPlan,
    in_rooms: Mapping[str, int],
    *,
    with_teacher: bool = True,
    outdoors: int = 0,
) -> Roster:
    """Return students in spaces, in a room the first of them a teacher; some at the yard."""
    ids, roles, space, group, names, leader = [], [], [], [], [], []
    for name, number in in_rooms.items():
        is_class = name[0] in "NS" and with_teacher
        for n in range(number):
            ids.append(f"{name}/{n:03d}")
            is_leader = is_class and n == 0
            roles.append("teacher" if is_leader else "student")
            if is_leader:
                leader.append(len(ids) - 1)
                names.append(name)
            space.append(compiled.space_index(name))
            group.append(len(names) - 1 if is_class else -1)
    place = [-1] * len(ids) + [0] * outdoors
    for n in range(outdoors):
        ids.append(f"yard/{n:03d}")
        roles.append("student")
        space.append(-1)
        group.append(-1)
    n_people = len(ids)
    return Roster(
        person_ids=tuple(ids),
        role=tuple(roles),
        profile=("unimpaired",) * n_people,
        space=np.array(space, dtype=np.int64),
        group=np.array(group, dtype=np.int64),
        start_xy=np.full((n_people, 2), np.nan),
        exit_gate=np.full(n_people, -1),
        speeds=(CONSTANT(1.25),),
        speed_of=np.zeros(n_people, dtype=np.int64),
        pre_movements=(CONSTANT(0.0),),
        pre_movement_of=np.zeros(n_people, dtype=np.int64),
        listed_pre_movement_s=np.full(n_people, np.nan),
        stair_down=np.ones(n_people),
        stair_up=np.ones(n_people),
        groups=Groups(
            ids=tuple(f"class {name}" for name in names),
            space=np.array([compiled.space_index(name) for name in names], dtype=np.int64),
            place=np.full(len(names), -1),
            leader=np.array(leader, dtype=np.int64),
        ),
        start_place=np.array(place, dtype=np.int64),
    )


def doors(
    compiled: CompiledPlan, kind: LockKind | None = THUMBTURN, *, stands_open: float = 0.0
) -> Doors:
    """Return the same lock on every classroom door; exits with a key lock from inside."""
    is_door = np.array([name.startswith("D") for name in compiled.gate_portal])
    is_exit = np.array([name.startswith("X") for name in compiled.gate_portal])
    kinds = (kind or THUMBTURN, LockKind("exit", CONSTANT(5.0), 0.0, 0.0, needs_key=True))
    return Doors(
        kind=np.where(is_door & (kind is not None), 0, np.where(is_exit, 1, -1)),
        kinds=kinds,
        can_close=is_door | is_exit,
        stands_open=np.where(is_door, stands_open, 0.0),
        locked=np.zeros(compiled.n_gates, dtype=np.bool_),
    )


def orders(
    plan: tuple[Plan, CompiledPlan, CompiledCorners],
    roster: Roster,
    timeline: Sequence[Directive] = (Directive(0.0, Action.LOCKDOWN),),
    *,
    lock: LockKind | None = THUMBTURN,
    stands_open: float = 0.0,
    seconds: Mapping[str, Distribution] | None = None,
    **changes: Any,
) -> ProtocolOrders:
    """Return orders under which every step takes no time unless it is given one."""
    _, compiled, corners = plan
    said: dict[str, Any] = {
        "timeline": tuple(timeline),
        "hears_delay_s": np.zeros(len(compiled.space_ids)),
        "hears_outdoors_s": np.zeros(len(compiled.place_ids)),
        "corners": corners,
        "doors": doors(compiled, lock, stands_open=stands_open),
        "seconds": ZERO | dict(seconds or {}),
        "rules": TRADITIONAL,
        "hold_door_s": 10.0,
        "hold_outside_door_s": 120.0,
        "room_tries": 3,
        "in_sight_until_s": 300.0,
        "keys": np.array([role in ("teacher", "office") for role in roster.role]),
    }
    return ProtocolOrders(**(said | changes))


def simulation(
    compiled: CompiledPlan,
    roster: Roster,
    protocol: ProtocolOrders,
    *,
    end_s: float = 900.0,
    backend: Backend = "python",
    doors_change: Sequence[DoorOrder] = (),
) -> Simulation:
    """Return a simulation of an incident, seed 1, interpreted unless it is asked otherwise."""
    return Simulation(
        compiled,
        roster,
        flow_law("sfpe"),
        EvacuationOrders(
            alarm_s=0.0,
            hears_delay_s=np.zeros(len(compiled.space_ids)),
            class_release="together",
            roll_call_s=CONSTANT(0.0),
            end_s=end_s,
            protocol=protocol,
            orders=tuple(doors_change),
        ),
        seed=1,
        backend=backend,
    )


def incident(
    compiled: CompiledPlan,
    roster: Roster,
    protocol: ProtocolOrders,
    *,
    end_s: float = 900.0,
    replica: int = 0,
    doors_change: Sequence[DoorOrder] = (),
) -> RunResult:
    """Run one replica and keep every change of state."""
    return simulation(compiled, roster, protocol, end_s=end_s, doors_change=doors_change).run(
        replica, record_events=True
    )


def times(result: RunResult) -> ProtocolTimes:
    """Return what became of rooms, doors and people."""
    assert result.protocol is not None
    return result.protocol


def exterior(compiled: CompiledPlan) -> dict[str, Any]:
    """Return the exterior doors, and places beside them, as orders name them."""
    gates = compiled.exit_gates.tolist()
    hall = compiled.slots_of(compiled.space_index("C1"))
    xy = compiled.slot_xy.reshape(-1, 2)[hall]
    at = [compiled.gate_xy[2 * gate : 2 * gate + 2] for gate in gates]
    slots = [int(hall[np.argmin(((xy - point) ** 2).sum(axis=1))]) for point in at]
    return {"exterior_gates": tuple(gates), "exterior_slots": tuple(slots)}
