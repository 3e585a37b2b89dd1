"""Find the wall between two drawn spaces, or to the open air, and places along it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import shapely
from shapely import LineString, Polygon

Side: TypeAlias = Literal["N", "E", "S", "W"]

THICKEST_WALL_M: Final = 0.5
"""Faces further apart than this are not the two faces of one wall."""

_OPPOSITE: Final = {"N": "S", "S": "N", "E": "W", "W": "E"}


@dataclass(frozen=True, slots=True)
class Wall:
    """A straight stretch of wall on one side of a space, parallel to an axis.

    ``low`` and ``high`` bound the stretch along its own axis (x for walls to the north and south
    of a space, y for those to the east and west); ``face`` is the coordinate of its near face
    across that axis.
    """

    side: Side
    face: float
    low: float
    high: float
    thickness_m: float

    @property
    def length_m(self) -> float:
        """Length of the stretch."""
        return self.high - self.low

    @property
    def middle_line(self) -> float:
        """Coordinate of the middle of the wall, where doors and windows are drawn."""
        sign = 1.0 if self.side in ("N", "E") else -1.0
        return self.face + sign * self.thickness_m / 2

    def place(
        self, at: float | Literal["low", "middle", "high"], width_m: float, jamb_m: float
    ) -> float:
        """Return the coordinate along the wall of the middle of something ``width_m`` wide.

        Raises
        ------
        ValueError
            If it does not fit in the stretch.
        """
        if at == "low":
            middle = self.low + jamb_m + width_m / 2
        elif at == "high":
            middle = self.high - jamb_m - width_m / 2
        elif at == "middle":
            middle = (self.low + self.high) / 2
        else:
            middle = float(at)
        if middle - width_m / 2 < self.low - 1e-6 or middle + width_m / 2 > self.high + 1e-6:
            raise ValueError(
                f"{width_m:.2f} m at {middle:.2f} does not fit in the wall to the {self.side} "
                f"from {self.low:.2f} to {self.high:.2f}"
            )
        return middle

    def nearer_end(self, middle: float) -> Literal["left", "right"]:
        """Return the end of the wall nearer to a place on it, as seen from the space."""
        low_is_left = self.side in ("N", "W")
        near_low = middle - self.low <= self.high - middle
        return "left" if near_low == low_is_left else "right"

    def line(self, middle: float, width_m: float) -> LineString:
        """Return the line across an opening, from left to right as seen from the space."""
        ends = [middle - width_m / 2, middle + width_m / 2]
        if self.side in ("S", "E"):
            ends.reverse()
        across = self.middle_line
        if self.side in ("N", "S"):
            points = [(end, across) for end in ends]
        else:
            points = [(across, end) for end in ends]
        return LineString([(round(x, 3), round(y, 3)) for x, y in points])

    def distance_to(self, point: tuple[float, float]) -> float:
        """Return how far a point is from the middle line of the wall."""
        return float(
            self.line((self.low + self.high) / 2, self.length_m).distance(shapely.Point(point))
        )


def wall_between(
    first: Polygon, second: Polygon, *, near: tuple[float, float] | None = None
) -> Wall:
    """Return the wall between two spaces as seen from the first.

    The longest shared stretch, or the one nearest to a point if one is given.

    Raises
    ------
    ValueError
        If no two faces lie opposite one another within half a metre.

    Examples
    --------
    >>> wall_between(shapely.box(0, 3.15, 9, 10), shapely.box(0, 0, 20, 3)).side
    'S'
    """
    found = []
    for side, face, low, high in _faces(first):
        for other_side, other_face, other_low, other_high in _faces(second):
            sign = 1.0 if side in ("N", "E") else -1.0
            gap = sign * (other_face - face)
            start, end = max(low, other_low), min(high, other_high)
            if other_side == _OPPOSITE[side] and -1e-6 <= gap <= THICKEST_WALL_M and end > start:
                found.append(Wall(side, face, start, end, max(gap, 0.0)))
    if not found:
        raise ValueError(
            f"no wall between the spaces {_where(first)} and {_where(second)}: "
            f"their faces are not opposite within {THICKEST_WALL_M} m"
        )
    return _choose(found, near)


def outside_wall(
    polygon: Polygon,
    side: str,
    thickness_m: float,
    *,
    near: tuple[float, float] | None = None,
) -> Wall:
    """Return the outside wall on one side of a space: the longest, or the one nearest a point."""
    found = [
        Wall(face_side, face, low, high, thickness_m)
        for face_side, face, low, high in _faces(polygon)
        if face_side == side
    ]
    if not found:
        raise ValueError(f"the space {_where(polygon)} has no wall on side {side!r}")
    return _choose(found, near)


def _choose(walls: list[Wall], near: tuple[float, float] | None) -> Wall:
    if near is not None:
        return min(walls, key=lambda wall: wall.distance_to(near))
    return max(walls, key=lambda wall: wall.length_m)


def _where(polygon: Polygon) -> str:
    return "({:.2f}, {:.2f}, {:.2f}, {:.2f})".format(*polygon.bounds)


def _faces(polygon: Polygon) -> Iterator[tuple[Side, float, float, float]]:
    """Yield side, coordinate across, and range along of every axis-parallel face."""
    ring = list(shapely.orient_polygons(polygon).exterior.coords)
    for (x0, y0), (x1, y1) in itertools.pairwise(ring):
        # the ring runs counter-clockwise, so the floor lies to the left of every edge
        if abs(y0 - y1) < 1e-9 and abs(x0 - x1) > 1e-9:
            yield ("S" if x1 > x0 else "N"), y0, min(x0, x1), max(x0, x1)
        elif abs(x0 - x1) < 1e-9 and abs(y0 - y1) > 1e-9:
            yield ("E" if y1 > y0 else "W"), x0, min(y0, y1), max(y0, y1)
