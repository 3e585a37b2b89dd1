"""The shortest way from a place in the building to an exit, as lines on the plan."""

from __future__ import annotations

import heapq
import math
from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from buildings.compiled import Floats
from buildings.plan import Space

if TYPE_CHECKING:
    from buildings.nav_graph import NavGraph


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """The part of a way that lies in one cell: a polyline in plan, shape (n, 2), and its length.

    On stairs and ramps the length is that of the incline, longer than the line in plan.
    """

    cell_id: str
    level: str
    line_xy: Floats
    length_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """The shortest way from a place in the building to an exit."""

    legs: tuple[Leg, ...]
    gate_ids: tuple[str, ...]

    @property
    def length_m(self) -> float:
        """Walking metres from the start to the middle of the exit."""
        return math.fsum(leg.length_m for leg in self.legs)


def shortest_way(
    graph: NavGraph, space_id: str, start_xy: tuple[float, float] | None, goals: Set[str]
) -> Route | None:
    """Return the shortest way from a space to the nearest of some exits, without going outside.

    Parameters
    ----------
    graph : NavGraph
        The building.
    space_id : str
        Where to start.
    start_xy : tuple of float or None
        The point to start at; None means the centroid of the space, or a point inside it.
    goals : set of str
        Gate ids of exits.

    Returns
    -------
    Route or None
        None if no way leads to any of them.
    """
    start = start_xy or _inside(graph.plan.spaces[space_id])
    point = shapely.Point(start)
    own = graph.cells_of[space_id]
    home = min(own, key=lambda cell: (float(graph.cells[cell].polygon.distance(point)), cell))
    metres: dict[int, float] = {}
    came: dict[int, int] = {}
    first = graph.walks[home].from_points([start])[0]
    heap = [(float(first[i]), side, -1) for i, side in enumerate(graph.sides[home])]
    heapq.heapify(heap)
    while heap:
        walked, side, before = heapq.heappop(heap)
        if side in metres:
            continue
        metres[side], came[side] = walked, before
        gate = graph.gates[side >> 1]
        beyond = gate.cells[1 - (side & 1)]
        if beyond == graph.outside:
            if gate.id in goals:
                order = [side]
                while came[order[-1]] >= 0:
                    order.append(came[order[-1]])
                return _drawn(graph, order[::-1], metres, start)
            continue
        row = graph.sides[beyond].index(side ^ 1)
        for j, onward in enumerate(graph.sides[beyond]):
            if onward != side ^ 1 and onward not in metres:
                hop = float(graph.walks[beyond].hops_m[row, j])
                heapq.heappush(heap, (walked + hop, onward, side))
    return None


def _drawn(
    graph: NavGraph, order: list[int], metres: dict[int, float], start: tuple[float, float]
) -> Route:
    """Draw the way that passes these sides, from the start to the middle of the last gate."""
    legs = []
    walked, here, begin = 0.0, start, start
    for side in order:
        gate = graph.gates[side >> 1]
        index = gate.cells[side & 1]
        inner = graph.walks[index].path(begin, gate.side_xy[side & 1])
        line = np.concatenate(([here], inner, [gate.crossing_xy]))
        moved = np.hypot(*np.diff(line, axis=0).T) > 1e-9
        moved[-1] |= not moved.any()  # a leg has two points, though it may be without length
        line = line[np.concatenate(([True], moved))]
        cell = graph.cells[index]
        legs.append(Leg(cell.id, cell.level, line, metres[side] - walked))
        walked, here, begin = metres[side], gate.crossing_xy, gate.side_xy[1 - (side & 1)]
    return Route(tuple(legs), tuple(graph.gates[side >> 1].id for side in order))


def _inside(space: Space) -> tuple[float, float]:
    centre = space.polygon.centroid
    if not space.polygon.covers(centre):
        centre = space.polygon.representative_point()
    return (centre.x, centre.y)
