"""Where to tape the border of a hard corner on the floor: points measured from two walls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from buildings.hard_corner import HardCorner
from buildings.sightlines import polygons_of

WALL_AT_LEAST_M: Final = 0.5
"""Shorter pieces of wall are not measured from."""
SHORTEST_M: Final = 0.10
"""Shorter pieces of border are not taped."""
STRAIGHT_M: Final = 0.01
"""Bends of the border smaller than this are taped straight."""

_AT_WALL_M: Final = 0.02
_ANGLE_DEG: Final = 30.0


@dataclass(frozen=True, slots=True)
class StraightWall:
    """A straight piece of the room's wall, with the letter that it has on the picture."""

    letter: str
    start: tuple[float, float]
    end: tuple[float, float]

    @property
    def line(self) -> LineString:
        """The wall as a line."""
        return LineString([self.start, self.end])

    def distance_m(self, x: float, y: float) -> float:
        """Return the distance of a point from the straight line of the wall."""
        (ax, ay), (bx, by) = self.start, self.end
        return abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / math.dist(self.start, self.end)

    def faces(self, x: float, y: float) -> bool:
        """Tell whether a tape held square to the wall reaches a point."""
        (ax, ay), (bx, by) = self.start, self.end
        length = math.dist(self.start, self.end)
        along = ((bx - ax) * (x - ax) + (by - ay) * (y - ay)) / length
        return -0.05 <= along <= length + 0.05


@dataclass(frozen=True, slots=True)
class TapePoint:
    """A point of the border: its number, and how far it is from two walls."""

    number: int
    x_m: float
    y_m: float
    wall_1: StraightWall
    from_wall_1_m: float
    wall_2: StraightWall
    from_wall_2_m: float


@dataclass(frozen=True, slots=True)
class TapePlan:
    """What a carpenter needs: lines to tape from point to point, and the walls measured from."""

    lines: tuple[tuple[TapePoint, ...], ...]
    walls: tuple[StraightWall, ...]

    @property
    def points(self) -> tuple[TapePoint, ...]:
        """Every point once, in order of number."""
        return tuple(point for line in self.lines for point in line)


def tape_plan(corner: HardCorner) -> TapePlan:
    """Return the lines to tape on the floor of a room.

    The lines run along the border between floor that is out of sight (with its margin) and floor
    that is seen, in the pieces that hold people; along walls and furniture there is nothing to
    tape. Each point is measured square from two walls that are not parallel, the nearest first.

    Parameters
    ----------
    corner : HardCorner
        The hard corner of a room.
    """
    walls = straight_walls(corner.floor.room)
    parts = shapely.union_all(list(corner.hidden.parts))
    lines = []
    for piece in polygons_of(corner.hidden.margin):
        if shapely.intersection(piece, parts).area > 1e-6:
            lines += _border(piece, corner.hidden.free)
    found: list[tuple[TapePoint, ...]] = []
    number = 1
    for line in sorted(lines, key=lambda line: [(round(x, 3), round(y, 3)) for x, y in line]):
        points = []
        for x, y in line:
            pair = _two_walls(walls, x, y)
            if pair is None:
                break
            points.append(
                TapePoint(number, x, y, pair[0], pair[0].distance_m(x, y), pair[1],
                          pair[1].distance_m(x, y))
            )  # fmt: skip
            number += 1
        found.append(tuple(points))
    used = {w.letter for line in found for p in line for w in (p.wall_1, p.wall_2)}
    return TapePlan(tuple(found), tuple(wall for wall in walls if wall.letter in used))


def straight_walls(room: Polygon) -> tuple[StraightWall, ...]:
    """Return the straight walls of a room, lettered clockwise from the lowest left corner.

    Examples
    --------
    >>> [wall.letter for wall in straight_walls(shapely.box(0, 0, 8, 6))]
    ['A', 'B', 'C', 'D']
    """
    ring = shapely.get_coordinates(shapely.simplify(room.exterior, 0.005))[:-1]
    if not shapely.is_ccw(room.exterior):
        ring = ring[::-1]
    ring = ring[::-1]  # clockwise, as one reads around a room
    first = int(np.lexsort((np.round(ring[:, 1], 6), np.round(ring[:, 0] + ring[:, 1], 6)))[0])
    ring = np.roll(ring, -first, axis=0)
    walls: list[StraightWall] = []
    for k in range(len(ring)):
        start, end = ring[k], ring[(k + 1) % len(ring)]
        if math.dist(start, end) >= WALL_AT_LEAST_M:
            walls.append(
                StraightWall(
                    _letter(len(walls)),
                    (float(start[0]), float(start[1])),
                    (float(end[0]), float(end[1])),
                )
            )
    return tuple(walls)


def _letter(index: int) -> str:
    """Return A to Z, then AA, AB and so on.

    Examples
    --------
    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', 'AA')
    """
    high, low = divmod(index, 26)
    return (_letter(high - 1) if high else "") + chr(ord("A") + low)


def _border(piece: Polygon, free: BaseGeometry) -> list[list[tuple[float, float]]]:
    """Return the lines of a piece's outline that run over open floor, ends drawn to the wall."""
    edge = free.boundary
    open_line = shapely.difference(piece.boundary, edge.buffer(_AT_WALL_M))
    merged = shapely.line_merge(open_line)
    lines = []
    for line in shapely.get_parts(merged):
        if line.geom_type != "LineString" or line.length < SHORTEST_M:
            continue
        straight = shapely.simplify(line, STRAIGHT_M)
        points = [(float(x), float(y)) for x, y in straight.coords]
        for k in (0, -1):
            end = shapely.Point(points[k])
            if not straight.is_closed and end.distance(edge) < 3 * _AT_WALL_M:
                here = edge.interpolate(edge.project(end))
                points[k] = (float(here.x), float(here.y))
        lines.append(points)
    return lines


def _two_walls(
    walls: Sequence[StraightWall], x: float, y: float
) -> tuple[StraightWall, StraightWall] | None:
    """Return two walls to measure a point from: near, faced squarely, and not parallel."""
    ranked = sorted(
        walls, key=lambda w: (not w.faces(x, y), round(w.distance_m(x, y), 3), w.letter)
    )
    for k, first in enumerate(ranked):
        for second in ranked[k + 1 :]:
            if _between_deg(first, second) >= _ANGLE_DEG:
                return first, second
    return None


def _between_deg(first: StraightWall, second: StraightWall) -> float:
    (ax, ay), (bx, by) = first.start, first.end
    (cx, cy), (dx, dy) = second.start, second.end
    cross = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    dot = (bx - ax) * (dx - cx) + (by - ay) * (dy - cy)
    return math.degrees(math.atan2(abs(cross), abs(dot)))
