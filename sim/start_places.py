"""Where people stand when the incident begins: a standing place of their room, or a given point."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from sim.network import MovementError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class StartPlaces(NamedTuple):
    """Where N people stand at the start."""

    cells: Ints  # (N,) cell of each person
    slots: Ints  # (N,) standing place; -1 at a given point and outdoors
    near: Ints  # (N,) standing place, of a given point the nearest one; -1 outdoors
    points: list[tuple[int, Floats]]  # cell of each given point, and metres to the sides of it


def start_places(
    compiled: CompiledPlan, space: Ints, *, start_xy: Floats, outdoors: Ints
) -> StartPlaces:
    """Give everybody a cell and a standing place of their room, in order; or their given point.

    Parameters
    ----------
    compiled : CompiledPlan
    space : ndarray of int, shape (N,)
        Space of each person; not looked at for people outdoors.
    start_xy : ndarray, shape (N, 2)
        Given points in metres; nan where the standing places of the space are used.
    outdoors : ndarray of int, shape (N,)
        Place outdoors; -1 for people indoors.

    Raises
    ------
    MovementError
        If somebody is in a space without a standing place.
    """
    n_people = len(space)
    cells = np.empty(n_people, dtype=np.int64)
    slots = np.full(n_people, -1, dtype=np.int64)
    near = np.full(n_people, -1, dtype=np.int64)
    points: list[tuple[int, Floats]] = []
    taken: dict[int, int] = {}
    slot_xy = compiled.slot_xy.reshape(-1, 2)
    side_xy = compiled.side_xy.reshape(-1, 2)
    for person in range(n_people):
        if outdoors[person] >= 0:
            cells[person] = compiled.place_cell[outdoors[person]]
            continue
        here = int(space[person])
        own = compiled.slots_of(here)
        if len(own) == 0:
            raise MovementError(f"{compiled.space_ids[here]} has no standing place")
        given = start_xy[person]
        if np.isnan(given).any():
            n = taken.get(here, 0)
            taken[here] = n + 1
            slots[person] = near[person] = own[n % len(own)]
            cells[person] = compiled.slot_cell[slots[person]]
        else:
            near[person] = own[np.argmin(((slot_xy[own] - given) ** 2).sum(axis=1))]
            cell = int(compiled.slot_cell[near[person]])
            first, last = compiled.cell_sides_start[cell], compiled.cell_sides_start[cell + 1]
            sides = compiled.cell_sides[first:last]
            cells[person] = cell
            points.append((cell, np.hypot(*(side_xy[sides] - given).T)))
    return StartPlaces(cells, slots, near, points)
