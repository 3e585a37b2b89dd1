"""Lengths of ways by the walking graph beside those of a taut string, for whole levels."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from support.taut_strings import TautStrings, level_floor

from buildings import NavGraph, Plan, Space

SHORT_M = 3.0
"""Shorter ways count as this long: a fifth of a metre in half a metre is no error of a tenth."""


@dataclass(frozen=True, eq=False)
class Lengths:
    """Metres by the walking graph and by the taut string, of the same ways."""

    ours_m: NDArray[np.float64]
    taut_m: NDArray[np.float64]

    @property
    def longer(self) -> NDArray[np.float64]:
        """How much longer ours are, as a share of the taut string."""
        return (self.ours_m - self.taut_m) / np.maximum(self.taut_m, SHORT_M)

    def share(self, quantile: float) -> float:
        """Return a quantile of the difference either way."""
        return float(np.quantile(np.abs(self.longer), quantile))


def joined(found: list[Lengths]) -> Lengths:
    """Return several as one."""
    ours = np.concatenate([lengths.ours_m for lengths in found])
    return Lengths(ours, np.concatenate([lengths.taut_m for lengths in found]))


def ways_out(graph: NavGraph, *, half_body_m: float) -> Lengths:
    """Compare the way from the middle of each room to the nearest exit of its level."""
    found = [Lengths(np.empty(0), np.empty(0))]
    for level_id, floor, rooms in _floors(graph.plan):
        doors = [
            portal.midpoint
            for portal in graph.plan.exits
            if portal.level == level_id and portal.midpoint.distance(floor) < 0.01
        ]
        if not doors:
            continue
        homes = [room for room in rooms if _stays(graph, room, level_id)]
        if not homes:
            continue
        ours = [graph.route(r.id, start_xy=_middle(r)).length_m for r in homes]
        strings = TautStrings(floor, half_body_m=half_body_m)
        starts = np.array([_middle(room) for room in homes])
        taut = strings.distances(starts, shapely.get_coordinates(doors)).min(axis=1)
        found.append(Lengths(np.array(ours), taut))
    return joined(found)


def ways_between(graph: NavGraph, *, half_body_m: float, pairs: int, seed: int) -> Lengths:
    """Compare ways between the middles of random pairs of rooms of one floor."""
    rng = np.random.default_rng(seed)
    found = [Lengths(np.empty(0), np.empty(0))]
    for _, floor, rooms in _floors(graph.plan):
        if len(rooms) < 3:
            continue
        strings = TautStrings(floor, half_body_m=half_body_m)
        middles = np.array([_middle(room) for room in rooms])
        taut = strings.distances(middles, middles)
        ours = np.array([_to_all(graph, room, rooms) for room in rooms])
        first, second = rng.integers(0, len(rooms), (2, pairs))
        other = (first != second) & np.isfinite(taut[first, second])
        first, second = first[other], second[other]
        found.append(Lengths(ours[first, second], taut[first, second]))
    return joined(found)


def _floors(plan: Plan) -> list[tuple[str, Polygon, list[Space]]]:
    """Return the connected floors of each level with the rooms whose middle lies on them."""
    floors = []
    for level in plan.levels:
        for floor in shapely.get_parts(level_floor(plan, level.id)):
            rooms = [
                space
                for space in plan.spaces_on(level.id)
                if space.kind in ("room", "hall", "corridor")
                and space.walkable == "yes"
                and space.obstacle_of is None
                and floor.covers(shapely.Point(_middle(space)))
            ]
            if rooms:
                floors.append((level.id, floor, rooms))
    return floors


def _middle(space: Space) -> tuple[float, float]:
    """Return the centre of a room, or a point in it where that lies outside."""
    inside = space.polygon.covers(space.polygon.centroid)
    point = space.polygon.centroid if inside else space.polygon.representative_point()
    return (point.x, point.y)


def _stays(graph: NavGraph, room: Space, level_id: str) -> bool:
    route = graph.route(room.id, start_xy=_middle(room))
    return route is not None and all(
        leg.level == level_id and graph.plan.spaces[leg.cell_id.split("/")[0]].kind != "stair"
        for leg in route.legs
    )


def _to_all(graph: NavGraph, start: Space, rooms: list[Space]) -> list[float]:
    """Return metres by the walking graph from the middle of one room to those of others."""
    home = _cell(graph, start)
    metres: dict[int, float] = {}
    first = graph.walks[home].from_points([_middle(start)])[0]
    heap = [(float(first[i]), side) for i, side in enumerate(graph.sides[home])]
    heapq.heapify(heap)
    while heap:
        walked, side = heapq.heappop(heap)
        if side in metres:
            continue
        metres[side] = walked
        beyond = graph.gates[side >> 1].cells[1 - (side & 1)]
        if beyond == graph.outside:
            continue
        row = graph.sides[beyond].index(side ^ 1)
        for j, onward in enumerate(graph.sides[beyond]):
            if onward != side ^ 1 and onward not in metres:
                hop = float(graph.walks[beyond].hops_m[row, j])
                heapq.heappush(heap, (walked + hop, onward))
    found = []
    for room in rooms:
        cell = _cell(graph, room)
        last = graph.walks[cell].from_points([_middle(room)])[0]
        ways = [
            metres.get(side ^ 1, math.inf) + float(last[i])
            for i, side in enumerate(graph.sides[cell])
        ]
        found.append(0.0 if room is start else min(ways, default=math.inf))
    return found


def _cell(graph: NavGraph, room: Space) -> int:
    point = shapely.Point(_middle(room))
    return min(
        graph.cells_of[room.id], key=lambda c: (float(graph.cells[c].polygon.distance(point)), c)
    )
