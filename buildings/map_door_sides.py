"""What lies on the two sides of a door: the rooms within reach of it, straight through the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, STRtree
from shapely.geometry.base import BaseGeometry

from buildings.ifc_geometry import line_through
from buildings.map_records import ASSUMED_DOOR_M, MapDoor
from buildings.plan import Space

TOUCH_M: Final = 0.05
"""A door lies on a room's wall if more than half of it is within this of the room."""
SNAP_M: Final = 0.25
"""Beyond this a door is not carried to a room."""
_SHARE: Final = 0.5
_STRAIGHT_AHEAD_M: Final = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class PlacedDoor:
    """A door as a line, with the direction square to it."""

    middle: NDArray[np.float64]
    along: NDArray[np.float64]
    across: NDArray[np.float64]
    length_m: float

    @property
    def line(self) -> LineString:
        """The line across the opening."""
        return line_through(self.middle, self.along, self.length_m)


@dataclass(frozen=True, slots=True, eq=False)
class DoorSide:
    """The room on one side of a door and the gap between door and floor."""

    space: Space
    gap_m: float


class DoorFloor:
    """The rooms of one level, for asking what lies beside a door."""

    def __init__(self, spaces: Sequence[Space], outline: BaseGeometry | None) -> None:
        self._spaces = sorted(spaces, key=lambda space: space.id)
        self._tree = STRtree([space.polygon for space in self._spaces])
        self._outline = outline

    def near(self, shape: BaseGeometry, within_m: float) -> list[Space]:
        """Return the rooms within a distance of a shape, in order of id."""
        hits = self._tree.query(shape, predicate="dwithin", distance=within_m)
        return [self._spaces[k] for k in sorted(int(hit) for hit in hits)]

    def nearest_m(self, shape: BaseGeometry) -> float | None:
        """Return the distance to the nearest room; None on a level without rooms."""
        return min((float(s.polygon.distance(shape)) for s in self._spaces), default=None)

    def placed(self, door: MapDoor) -> PlacedDoor | None:
        """Return a door as a line; one drawn as a point lies along the nearest wall."""
        if isinstance(door.shape, LineString):
            ends = np.array([door.shape.coords[0], door.shape.coords[-1]])
            length = float(np.linalg.norm(ends[1] - ends[0]))
            if length < 1e-3:
                return None
            return _placed(ends.mean(axis=0), (ends[1] - ends[0]) / length, door.width_m or length)
        walls = [
            (round(float(space.polygon.boundary.distance(door.shape)), 4), space.id, space)
            for space in self.near(door.shape, SNAP_M)
        ]
        walls = [wall for wall in walls if wall[0] <= SNAP_M]
        if not walls:
            return None
        space = min(walls, key=lambda wall: wall[:2])[2]
        along = _wall_direction(space, door.shape)
        middle = np.array(door.shape.coords[0])
        return _placed(middle, along, door.width_m or ASSUMED_DOOR_M)

    def touched(self, placed: PlacedDoor) -> list[str]:
        """Return the rooms within 5 cm of more than half of a door."""
        line = placed.line
        return [
            space.id for space in self.near(line, TOUCH_M) if _share(line, space, TOUCH_M) > _SHARE
        ]

    def sides(self, placed: PlacedDoor) -> tuple[DoorSide | None, DoorSide | None]:
        """Return what lies ahead of a door and behind it, at most 0.25 m away."""
        line = placed.line
        for reach in (TOUCH_M, SNAP_M):
            close = [s for s in self.near(line, reach) if _share(line, s, reach) > _SHARE]
            ahead, behind = (_best(close, placed, sign, reach) for sign in (1.0, -1.0))
            if ahead is not None and behind is not None:
                break
        return ahead, behind

    def leads_out(self, placed: PlacedDoor, side: DoorSide, door: MapDoor) -> bool:
        """Whether nothing of the building lies on the far side of a door with one room."""
        if door.entrance:
            return True
        towards = _sign(side.space, placed, SNAP_M)
        far = Point(placed.middle - towards * _STRAIGHT_AHEAD_M * placed.across)
        ray = LineString([placed.middle - towards * 0.3 * placed.across, far])
        if any(space is not side.space for space in self.near(ray, 0.0)):
            return False
        return self._outline is None or not bool(self._outline.covers(far))


def _best(
    close: Sequence[Space], placed: PlacedDoor, sign: float, reach_m: float
) -> DoorSide | None:
    """Return the room on one side of a door that shares most of its length."""
    found = []
    for space in close:
        if _depth(space, placed, sign, reach_m) > 0.05:
            start = Point(placed.middle)
            gap = float(space.polygon.distance(start))
            share = round(_share(placed.line, space, reach_m), 2)
            found.append((-share, round(gap, 3), space.id, DoorSide(space, gap)))
    return min(found, key=lambda entry: entry[:3])[3] if found else None


def _depth(space: Space, placed: PlacedDoor, sign: float, reach_m: float) -> float:
    """Return the length of floor met when walking straight away from a door on one side."""
    end = placed.middle + sign * (reach_m + 0.25) * placed.across
    return float(LineString([placed.middle, end]).intersection(space.polygon).length)


def _sign(space: Space, placed: PlacedDoor, reach_m: float) -> float:
    """Return the side of a door on which a room lies: 1 ahead, -1 behind."""
    ahead, behind = (_depth(space, placed, sign, reach_m) for sign in (1.0, -1.0))
    return 1.0 if ahead >= behind else -1.0


def _share(line: LineString, space: Space, reach_m: float) -> float:
    """Return the share of a line that lies within a distance of a room."""
    return float(line.intersection(space.polygon.buffer(reach_m)).length / line.length)


def _placed(middle: NDArray[np.float64], along: NDArray[np.float64], length_m: float) -> PlacedDoor:
    if along[0] < -1e-9 or (abs(along[0]) <= 1e-9 and along[1] < 0):
        along = -along
    return PlacedDoor(middle, along, np.array([-along[1], along[0]]), length_m)


def _wall_direction(space: Space, point: Point) -> NDArray[np.float64]:
    """Return the direction of the wall nearest to a point; of two equally near the longer."""
    best: tuple[float, float, NDArray[np.float64]] | None = None
    for ring in (space.polygon.exterior, *space.polygon.interiors):
        corners = shapely.get_coordinates(ring)
        for a, b in pairwise(corners):
            length = float(np.linalg.norm(b - a))
            if length < 1e-6:
                continue
            away = round(float(LineString([a, b]).distance(point)), 3)
            if best is None or (away, -length) < best[:2]:
                best = (away, -length, (b - a) / length)
    return best[2] if best is not None else np.array([1.0, 0.0])
