"""Doors of an indoor map, joined to the rooms on their two sides although walls have thickness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, STRtree
from shapely.geometry.base import BaseGeometry

from buildings.ifc_geometry import line_through
from buildings.ifc_names import Ids
from buildings.import_report import MessageLog, counted
from buildings.map_records import ASSUMED_DOOR_M, MapDoor
from buildings.plan import OUTSIDE, Level, Portal, Space

TOUCH_M: Final = 0.05
"""A door lies on a room's wall if more than half of it is within this of the room."""
SNAP_M: Final = 0.25
"""Beyond this a door is not carried to a room."""
_SHARE: Final = 0.5
_STRAIGHT_AHEAD_M: Final = 1.0
_SEARCH_M: Final = 3.0
_NO_EXIT_USES: Final = ("mechanical",)


@dataclass(frozen=True, slots=True, eq=False)
class DoorWork:
    """The doors of a map as portals, and how many joined what."""

    portals: tuple[Portal, ...]
    two_sided: int
    outside: int
    same_room: int
    snapped: int
    lost: int
    assumed_widths: int
    touching: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
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
class _Side:
    """The room on one side of a door and the gap between door and floor."""

    space: Space
    gap_m: float


def place_doors(
    doors: Sequence[MapDoor],
    levels: Sequence[Level],
    spaces: Mapping[str, Space],
    outlines: Mapping[str, BaseGeometry],
    *,
    log: MessageLog,
) -> DoorWork:
    """Join rooms by the doors between them; a door on the outer edge leads outside.

    A door that touches two rooms (within 5 cm over more than half of its length) joins them; one
    that does not is carried to rooms within 0.25 m, at right angles to itself. Of several rooms on
    one side, that which shares most of its length is taken.

    Parameters
    ----------
    doors : sequence of MapDoor
        The doors as the map has them.
    levels : sequence of Level
        The levels of the plan.
    spaces : mapping of str to Space
        The rooms of the plan.
    outlines : mapping of str to geometry
        The outer edge of the building on each level.
    log : MessageLog
        Where faults are noted.
    """
    floors = {
        level.id: _Floor(
            [s for s in spaces.values() if s.level == level.id], outlines.get(level.id)
        )
        for level in levels
    }
    names = {level.id: level.name for level in levels}
    ids = Ids("D-", [(door.label,) if door.label else () for door in doors])
    portals: dict[str, Portal] = {}
    counts: Counter[str] = Counter()
    touching: Counter[int] = Counter()
    crowded: list[str] = []
    same: list[str] = []
    for door in sorted(doors, key=lambda d: (d.level, d.key)):
        floor = floors[door.level]
        name = _own_id(ids, door, portals)
        placed = floor.placed(door)
        if placed is None:
            counts["lost"] += 1
            _say_lost(name, door, names[door.level], floor, log)
            continue
        touched = floor.touched(placed)
        touching[len(touched)] += 1
        if len(touched) > 2:
            crowded.append(f"{name} ({', '.join(touched)})")
        ahead, behind = floor.sides(placed)
        found = [side for side in (ahead, behind) if side is not None]
        if ahead is not None and behind is not None and ahead.space is behind.space:
            same.append(name)
            continue
        if not found or (len(found) == 1 and not floor.leads_out(placed, found[0], door)):
            counts["lost"] += 1
            _say_lost(name, door, names[door.level], floor, log, beside=found)
            continue
        counts["two" if len(found) == 2 else "outside"] += 1
        counts["snapped"] += max(side.gap_m for side in found) > TOUCH_M
        counts["assumed"] += door.width_m is None
        portals[name] = _portal(name, door, placed, ahead, behind)
    if same:
        log.note(
            "DOOR", f"{counted(len(same), 'door')} inside one room ignored (partitions)", *same
        )
    for text in crowded:
        log.note("DOOR", f"{text} touches more than two rooms; the two it shares most with taken")
    if counts["snapped"]:
        log.note(
            "DOOR",
            f"{counted(counts['snapped'], 'door')} carried to rooms at most {SNAP_M} m away, "
            "through the wall",
        )
    return DoorWork(
        portals=tuple(portals[name] for name in sorted(portals)),
        two_sided=counts["two"],
        outside=counts["outside"],
        same_room=len(same),
        snapped=counts["snapped"],
        lost=counts["lost"],
        assumed_widths=counts["assumed"],
        touching={str(number): touching[number] for number in sorted(touching, reverse=True)},
    )


class _Floor:
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

    def placed(self, door: MapDoor) -> _Placed | None:
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

    def touched(self, placed: _Placed) -> list[str]:
        """Return the rooms within 5 cm of more than half of a door."""
        line = placed.line
        return [
            space.id for space in self.near(line, TOUCH_M) if _share(line, space, TOUCH_M) > _SHARE
        ]

    def sides(self, placed: _Placed) -> tuple[_Side | None, _Side | None]:
        """Return what lies ahead of a door and behind it, at most 0.25 m away."""
        line = placed.line
        for reach in (TOUCH_M, SNAP_M):
            close = [s for s in self.near(line, reach) if _share(line, s, reach) > _SHARE]
            ahead, behind = (_best(close, placed, sign, reach) for sign in (1.0, -1.0))
            if ahead is not None and behind is not None:
                break
        return ahead, behind

    def leads_out(self, placed: _Placed, side: _Side, door: MapDoor) -> bool:
        """Whether nothing of the building lies on the far side of a door with one room."""
        if door.entrance:
            return True
        towards = _sign(side.space, placed, SNAP_M)
        far = Point(placed.middle - towards * _STRAIGHT_AHEAD_M * placed.across)
        ray = LineString([placed.middle - towards * 0.3 * placed.across, far])
        if any(space is not side.space for space in self.near(ray, 0.0)):
            return False
        return self._outline is None or not bool(self._outline.covers(far))


def _best(close: Sequence[Space], placed: _Placed, sign: float, reach_m: float) -> _Side | None:
    """Return the room on one side of a door that shares most of its length."""
    found = []
    for space in close:
        if _depth(space, placed, sign, reach_m) > 0.05:
            start = Point(placed.middle)
            gap = float(space.polygon.distance(start))
            share = round(_share(placed.line, space, reach_m), 2)
            found.append((-share, round(gap, 3), space.id, _Side(space, gap)))
    return min(found, key=lambda entry: entry[:3])[3] if found else None


def _depth(space: Space, placed: _Placed, sign: float, reach_m: float) -> float:
    """Return the length of floor met when walking straight away from a door on one side."""
    end = placed.middle + sign * (reach_m + 0.25) * placed.across
    return float(LineString([placed.middle, end]).intersection(space.polygon).length)


def _sign(space: Space, placed: _Placed, reach_m: float) -> float:
    """Return the side of a door on which a room lies: 1 ahead, -1 behind."""
    ahead, behind = (_depth(space, placed, sign, reach_m) for sign in (1.0, -1.0))
    return 1.0 if ahead >= behind else -1.0


def _share(line: LineString, space: Space, reach_m: float) -> float:
    """Return the share of a line that lies within a distance of a room."""
    return float(line.intersection(space.polygon.buffer(reach_m)).length / line.length)


def _placed(middle: NDArray[np.float64], along: NDArray[np.float64], length_m: float) -> _Placed:
    if along[0] < -1e-9 or (abs(along[0]) <= 1e-9 and along[1] < 0):
        along = -along
    return _Placed(middle, along, np.array([-along[1], along[0]]), length_m)


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


def _own_id(ids: Ids, door: MapDoor, taken: Mapping[str, Portal]) -> str:
    """Return the id of a door; its copies on other levels carry the level."""
    name = ids.give((door.label,) if door.label else (), door.key)
    return name if name not in taken else f"{name}.{door.level}"


def _say_lost(
    name: str,
    door: MapDoor,
    level: str,
    floor: _Floor,
    log: MessageLog,
    *,
    beside: Sequence[_Side] = (),
) -> None:
    """Report a door that joins nothing: how far the nearest room is, or what it lies beside."""
    middle = (
        door.shape.interpolate(0.5, normalized=True)
        if isinstance(door.shape, LineString)
        else door.shape
    )
    place = f"{name} on {level} at ({middle.x:.2f}, {middle.y:.2f})"
    if beside:
        one = beside[0].space.id
        log.error(
            "DOOR",
            f"{place} lies beside {one} only, inside the building: no second room within "
            f"{SNAP_M} m",
            name,
            one,
        )
        return
    gap = floor.nearest_m(door.shape)
    if gap is None:
        log.error("DOOR", f"{place}: no room on this level", name)
    elif gap <= SNAP_M:
        log.error("DOOR", f"{place} lies across the walls of the rooms around it", name)
    else:
        log.error("DOOR", f"{place} lies {gap:.2f} m from the nearest room", name)


def _portal(
    name: str, door: MapDoor, placed: _Placed, ahead: _Side | None, behind: _Side | None
) -> Portal:
    """Return the portal of a door, its line in the middle of the wall."""
    found = [side for side in (ahead, behind) if side is not None]
    ordered = sorted(found, key=lambda side: _rank(side.space))
    first = ordered[0].space
    second = ordered[1].space if len(ordered) == 2 else None
    middle = placed.middle
    wall_m: float | None = None
    if ahead is not None and behind is not None:
        middle = middle + placed.across * (ahead.gap_m - behind.gap_m) / 2
        wall_m = round(ahead.gap_m + behind.gap_m, 3) or None
    technical = first.use in _NO_EXIT_USES
    facts: dict[str, Any] = {}
    if second is None:
        facts["is_exit"] = "no" if technical and not door.entrance else "unknown"
    if door.width_m is None and isinstance(door.shape, Point):
        facts["extra"] = {"x_width": "assumed"}
    return Portal(
        id=name,
        level=door.level,
        kind="exit" if second is None else "door",
        from_space=first.id,
        to_space=second.id if second is not None else OUTSIDE,
        width_m=round(placed.length_m, 3),
        line=line_through(middle, placed.along, placed.length_m),
        lock="unknown",
        wall_t_m=wall_m,
        head_m=door.height_m,
        **facts,
    )


def _rank(space: Space) -> tuple[int, float, str]:
    """Return an order that puts rooms before corridors, small before large."""
    return (int(space.use == "circulation"), round(space.area_m2, 3), space.id)
