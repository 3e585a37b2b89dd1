"""Shortest ways on a whole level, by a visibility graph that shares no code with the walking graph.

Floors are shrunk by half a body, so that ways keep off walls and jambs as a person does. The
corners around which ways bend, and the walls that block sight, come from two floors that lie a
twentieth of a millimetre apart: no line of sight ever touches a wall.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from buildings import OUTSIDE, Plan
from buildings.plan import Portal, Space

WALL_M = 0.3
"""How far the floor of a doorway reaches to both sides of its line."""
_SKIN_M = 1e-4

Points = NDArray[np.float64]


def level_floor(plan: Plan, level_id: str) -> BaseGeometry:
    """Return the floor of a level that is walked on the flat, its rooms joined through doors.

    Flights of stairs are left out, and so is furniture, which the walking graph leaves out too.
    """
    walked = {s.id: s for s in plan.spaces.values() if s.level == level_id and _flat(s)}
    doors = [
        portal.line.buffer(WALL_M, cap_style="flat")
        for portal in plan.portals.values()
        if portal.level == level_id and _joins(portal, walked.keys() | {OUTSIDE})
    ]
    return shapely.union_all([*(s.polygon for s in walked.values()), *doors], grid_size=0.001)


def _flat(space: Space) -> bool:
    kinds = ("room", "hall", "corridor", "landing", "ramp", "outdoor")
    return space.kind in kinds and space.walkable == "yes" and space.obstacle_of is None


def _joins(portal: Portal, ends: set[str]) -> bool:
    return portal.kind != "window" and {portal.from_space, portal.to_space} <= ends


class TautStrings:
    """Shortest ways between points on one connected floor for somebody of a breadth."""

    def __init__(self, floor: Polygon, *, half_body_m: float = 0.0) -> None:
        self.ground = floor.buffer(-half_body_m, join_style="mitre") if half_body_m else floor
        inner = self.ground.buffer(-_SKIN_M, join_style="mitre")
        self.corners = _bends(inner)
        self._walls = _edges(self.ground.buffer(-_SKIN_M / 2, join_style="mitre"))
        self._inner = inner
        self._between = _walks(self.corners, self.corners, self._walls)

    def distances(self, start: Points, end: Points) -> Points:
        """Return metres from every start to every end, inf where no way leads; shape (n, m)."""
        near_start, near_end = self._inside(start), self._inside(end)
        to_corners = _walks(near_start, self.corners, self._walls)
        from_corners = _walks(self.corners, near_end, self._walls)
        n, corners, m = len(near_start), len(self.corners), len(near_end)
        whole = np.full((n + corners + m, n + corners + m), np.inf)
        whole[:n, n : n + corners] = to_corners
        whole[n : n + corners, n : n + corners] = self._between
        whole[n : n + corners, n + corners :] = from_corners
        straight = _walks(near_start, near_end, self._walls)
        whole[:n, n + corners :] = straight
        whole[~np.isfinite(whole)] = 0.0  # no edge, for dijkstra
        around = dijkstra(whole, directed=True, indices=np.arange(n))[:, n + corners :]
        return np.minimum(around, straight)

    def _inside(self, points: Points) -> Points:
        moved = points.copy()
        for row in np.flatnonzero(~shapely.contains_xy(self._inner, points)):
            line = shapely.shortest_line(self._inner, shapely.Point(points[row]))
            moved[row] = shapely.get_coordinates(line)[0]
        return moved


def _edges(ground: BaseGeometry) -> Points:
    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(ground)
        for ring in (part.exterior, *part.interiors)
    ]
    return np.concatenate([np.stack((r[:-1], r[1:]), axis=1) for r in rings])


def _bends(ground: BaseGeometry) -> Points:
    """Return the corners that stick out into the floor."""
    found = []
    for part in shapely.get_parts(ground):
        turned = shapely.geometry.polygon.orient(part)
        for ring in (turned.exterior, *turned.interiors):
            own = shapely.get_coordinates(ring)[:-1]
            came, goes = own - np.roll(own, 1, axis=0), np.roll(own, -1, axis=0) - own
            found.append(own[came[:, 0] * goes[:, 1] - came[:, 1] * goes[:, 0] < 0])
    return np.concatenate(found)


def _walks(start: Points, end: Points, walls: Points) -> Points:
    """Return straight distances, inf where a wall crosses the line of sight."""
    metres = np.hypot(*(start[:, None] - end[None]).transpose(2, 0, 1))
    a, b = walls[:, 0], walls[:, 1]
    for row, point in enumerate(start):
        side_a, side_b = _turn(point, end[:, None], a), _turn(point, end[:, None], b)
        across = (side_a > 0) != (side_b > 0)
        wall_from = _turn(a, b, point)[None]
        wall_to = _turn(a, b, end[:, None])
        metres[row, (across & ((wall_from > 0) != (wall_to > 0))).any(axis=1)] = np.inf
    return metres


def _turn(p: Points, q: Points, r: Points) -> Points:
    """Return twice the signed area of triangles."""
    return (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (
        r[..., 0] - p[..., 0]
    )
