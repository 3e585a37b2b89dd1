"""Which locked doors stand between an exterior door and the rooms: vestibules, mostly."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from buildings import CompiledCorners, CompiledPlan, Plan
from scenarios.door_states import doors_of_plan
from sim import shut_sides

ENOUGH: Final = 0.1
"""Share of all rooms that have to be in reach: more than the office beside a vestibule, and no
more than one building of a campus (ours)."""


def inner_doors(
    plan: Plan, compiled: CompiledPlan, corners: CompiledCorners, entry: int
) -> tuple[int, ...]:
    """Return the doors that have to be opened beyond an exterior door, as sides passed from.

    Parameters
    ----------
    plan, compiled, corners
    entry : int
        Gate of the exterior door.

    Returns
    -------
    tuple of int
        Sides of locked doors in the order in which they are come to, until `ENOUGH` of the rooms
        can be reached. Doors of rooms are left out: they are no way in. Empty where none is
        needed.
    """
    shut = {*shut_sides(doors_of_plan(plan, compiled))}
    inside = next(
        side for side in (2 * entry, 2 * entry + 1) if compiled.side_cell[side] != compiled.outside
    )
    found: list[int] = []
    while True:
        cells = _reached(compiled, int(compiled.side_cell[inside]), shut)
        spaces = {int(compiled.cell_space[cell]) for cell in cells}
        rooms = np.flatnonzero(corners.is_room).tolist()
        if sum(room in spaces for room in rooms) >= ENOUGH * len(rooms):
            return tuple(found)
        locked = [
            side
            for side in sorted(shut)
            if int(compiled.side_cell[side]) in cells
            and _leads_to_a_hall(compiled, corners, side)
            and int(compiled.side_cell[side ^ 1]) not in cells
        ]
        if not locked:
            return tuple(found)
        xy = compiled.side_xy.reshape(-1, 2)
        metres = [float(np.hypot(*(xy[side] - xy[inside]))) for side in locked]
        found.append(locked[int(np.argmin(metres))])
        shut -= {found[-1], found[-1] ^ 1}


def _leads_to_a_hall(compiled: CompiledPlan, corners: CompiledCorners, side: int) -> bool:
    beyond = int(compiled.side_cell[side ^ 1])
    return beyond != compiled.outside and not corners.is_room[compiled.cell_space[beyond]]


def _reached(compiled: CompiledPlan, start: int, shut: Collection[int]) -> set[int]:
    """Return the cells that can be reached from one indoors."""
    reached, todo = {start}, [start]
    while todo:
        cell = todo.pop()
        for side in compiled.cell_sides[
            compiled.cell_sides_start[cell] : compiled.cell_sides_start[cell + 1]
        ].tolist():
            beyond = int(compiled.side_cell[side ^ 1])
            if side not in shut and beyond != compiled.outside and beyond not in reached:
                reached.add(beyond)
                todo.append(beyond)
    return reached
