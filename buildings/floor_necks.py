"""Rooms of a floor that is drawn as one area: parted where it is narrow, as at doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely import LineString, Polygon, STRtree

from buildings.ifc_geometry import GRID_M, parts_of
from buildings.walking_distance import WalkingFloor

SINGLE_DOOR_M: Final = 1.3
"""Passages up to this width part rooms: single doors, clear width with some room (ours)."""
DOUBLE_DOOR_M: Final = 2.2
"""So do passages up to this width between floors that are wider on both sides (ours)."""
OWN_ROOM_M2: Final = 2.0
"""A piece of narrow floor smaller than this, such as a doorway in its wall, joins its neighbour."""
_SQUARE: Final = 0.05
"""Cosine of the angle at the end of a neck below which it counts as square to the wall."""
_SHORTEST_M: Final = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Neck:
    """A narrow passage between two rooms: their places in the list, and the line across it."""

    first: int
    second: int
    line: LineString


def part_at_necks(
    floor: Polygon, widths_m: Sequence[float] = (SINGLE_DOOR_M, DOUBLE_DOOR_M)
) -> tuple[tuple[Polygon, ...], tuple[Neck, ...]]:
    """Part a floor into rooms where it is narrow.

    A neck is a line across the floor that is square or more to the walls at both of its ends: the
    shortest one that can be drawn there. Of all necks those stay that part two pieces of which
    either is wider than the neck, or large enough to be a narrow corridor. Lines in both faces of a
    wall make one doorway: the strip between them joins the room on one side. Narrow floor with two
    necks to the same room is an aisle of it, around columns or between rows of seats.

    Parameters
    ----------
    floor : Polygon
        On the millimetre grid; holes are walls and columns.
    widths_m : sequence of float
        The widest neck of the first pass, and of passes that part its rooms further. After the
        first one both sides must be wider than the neck. Empty: nothing is parted.

    Returns
    -------
    rooms : tuple of Polygon
        From top to bottom of the drawing, then left to right; their areas sum to the floor's.
    necks : tuple of Neck
        In order of the rooms they join, narrowest first.

    Examples
    --------
    >>> rooms = [shapely.box(0, 0, 4, 3), shapely.box(2, 3, 2.9, 3.2), shapely.box(0, 3.2, 9, 6)]
    >>> parts, necks = part_at_necks(shapely.union_all(rooms))
    >>> [round(part.area, 2) for part in parts], [round(neck.line.length, 2) for neck in necks]
    ([25.38, 12.0], [0.9])
    """
    rooms, lines = [floor], []
    for number, width_m in enumerate(widths_m):
        ahead: list[Polygon] = []
        for room in rooms:
            parts, found = _parted(room, width_m, narrow_rooms=number == 0)
            ahead += parts
            lines += found
        rooms = ahead
    rooms.sort(key=lambda room: (-round(room.bounds[3], 2), round(room.bounds[0], 2), room.bounds))
    return tuple(rooms), _joined(rooms, lines)


def _joined(rooms: Sequence[Polygon], lines: Sequence[LineString]) -> tuple[Neck, ...]:
    """Return the lines with the two rooms that each lies between."""
    tree = STRtree(rooms)
    necks = []
    for line in lines:
        middle = line.interpolate(0.5, normalized=True)
        beside = sorted(int(k) for k in tree.query(middle, predicate="dwithin", distance=GRID_M))
        if len(beside) == 2:
            necks.append(Neck(beside[0], beside[1], line))
    return tuple(sorted(necks, key=lambda n: (n.first, n.second, n.line.length, n.line.bounds)))


def _parted(
    floor: Polygon, width_m: float, *, narrow_rooms: bool
) -> tuple[list[Polygon], list[LineString]]:
    """Return a floor parted at necks up to one width, and the necks."""
    wide = parts_of(floor.buffer(-width_m / 2, join_style="mitre"))
    if len(wide) < 2 and not (narrow_rooms and floor.area > 2 * OWN_ROOM_M2):
        return [floor], []
    lines = _uncrossed(floor, _candidates(floor, width_m))
    if not lines:
        return [floor], []
    edges = shapely.union_all([floor.boundary, *lines], grid_size=GRID_M)
    pieces = [
        piece
        for piece in parts_of(shapely.polygonize(list(shapely.get_parts(edges))))
        if floor.contains(piece.representative_point())
    ]
    beside = _beside(pieces, lines)
    cored = np.zeros(len(pieces), dtype=bool)
    tree = STRtree(pieces)
    for core in wide:
        cored[tree.query(core.representative_point(), predicate="intersects")] = True
    group = _grouped(pieces, cored, [pair[:2] for pair in beside], narrow_rooms=narrow_rooms)
    rooms = [
        Polygon(shapely.normalize(parts_of(union)[0]))
        for key in sorted(set(group))
        for union in [
            shapely.union_all([p for p, g in zip(pieces, group, strict=True) if g == key])
        ]
    ]
    kept = [lines[k] for first, second, k in beside if group[first] != group[second]]
    return rooms, kept


def _beside(pieces: Sequence[Polygon], lines: Sequence[LineString]) -> list[tuple[int, int, int]]:
    """Return (piece, piece, line) for lines with a piece on both sides, the longest line first."""
    tree = STRtree(pieces)
    found = []
    for k, line in enumerate(lines):
        middle = line.interpolate(0.5, normalized=True)
        near = tree.query(middle, predicate="dwithin", distance=1.5 * GRID_M)
        if len(near) == 2:
            found.append((int(min(near)), int(max(near)), k))
    return sorted(found, key=lambda entry: (-lines[entry[2]].length, entry))


def _grouped(
    pieces: Sequence[Polygon],
    cored: NDArray[np.bool_],
    pairs: Sequence[tuple[int, int]],
    *,
    narrow_rooms: bool,
) -> list[int]:
    """Join pieces over the widest lines first, until what is left parts rooms."""
    group = list(range(len(pieces)))
    core = cored.tolist()
    area = [piece.area for piece in pieces]

    def join(first: int, second: int) -> None:
        keep, drop = sorted((group[first], group[second]))
        group[:] = [keep if own == drop else own for own in group]
        core[keep] = core[keep] or core[drop]
        area[keep] += area[drop]

    for first, second in pairs:  # narrow floor stays together
        a, b = group[first], group[second]
        if a != b and not core[a] and not core[b]:
            join(first, second)
    changed = True
    while changed:
        changed = False
        for first, second in pairs:
            a, b = group[first], group[second]
            if a == b or (core[a] and core[b]):
                continue
            alone = [area[g] for g in (a, b) if not core[g]]
            aisle = sum({group[i], group[j]} == {a, b} for i, j in pairs) > 1
            if not narrow_rooms or min(alone) < OWN_ROOM_M2 or aisle:
                join(first, second)
                changed = True
                break
    return group


def _uncrossed(floor: Polygon, lines: Sequence[LineString]) -> list[LineString]:
    """Return the lines that run through the floor, the shortest first, without crossings."""
    ground = floor.buffer(GRID_M, join_style="mitre")
    shapely.prepare(ground)
    middles = [line.interpolate(0.5, normalized=True) for line in lines]
    inside = shapely.covers(ground, list(lines)) if lines else []
    off_wall = shapely.distance(middles, floor.boundary) if lines else []
    kept: list[LineString] = []
    order = sorted(range(len(lines)), key=lambda k: (round(lines[k].length, 4), lines[k].bounds))
    tree = STRtree(lines)
    taken: set[int] = set()
    for k in order:
        if not inside[k] or off_wall[k] < 2 * GRID_M:
            continue
        near = [int(j) for j in tree.query(lines[k], predicate="intersects") if int(j) in taken]
        ends = shapely.points(shapely.get_coordinates(lines[k]))
        if all(_only_touch(lines[k], lines[j], ends) for j in near):
            kept.append(lines[k])
            taken.add(k)
    return kept


def _only_touch(line: LineString, other: LineString, ends: NDArray[np.object_]) -> bool:
    """Say whether two lines share no more than a corner that is an end of both."""
    shared = line.intersection(other)
    if shared.geom_type != "Point":
        return False
    others = shapely.points(shapely.get_coordinates(other))
    return bool(
        shapely.distance(ends, shared).min() < GRID_M
        and shapely.distance(others, shared).min() < GRID_M
    )


def _candidates(floor: Polygon, width_m: float) -> list[LineString]:
    """Return the lines from inner corners to inner corners and walls that are square to both."""
    corners = WalkingFloor(floor).corners
    if not len(corners):
        return []
    rings = [shapely.get_coordinates(r) for r in (floor.exterior, *floor.interiors)]
    walls = np.concatenate([np.stack((r[:-1], r[1:]), axis=1) for r in rings])
    arms = _arms(rings)
    found: dict[tuple[float, ...], LineString] = {}

    def add(start: NDArray[np.float64], end: NDArray[np.float64]) -> None:
        start, end = np.round(start, 3) + 0.0, np.round(end, 3) + 0.0
        if np.hypot(*(end - start)) < _SHORTEST_M:
            return
        ends = sorted((tuple(start.tolist()), tuple(end.tolist())))
        found[(*ends[0], *ends[1])] = LineString(ends)

    for i, j in sorted(cKDTree(corners).query_pairs(width_m)):
        if all(_square(corners[a], corners[b], arms) for a, b in ((i, j), (j, i))):
            add(corners[i], corners[j])
    tree = STRtree(shapely.linestrings(walls))
    points = shapely.points(corners)
    for i, wall in tree.query(points, predicate="dwithin", distance=width_m).T.tolist():
        start, end = walls[wall]
        step = end - start
        share = float((corners[i] - start) @ step / max(float(step @ step), 1e-18))
        foot = start + share * step
        if 0.0 <= share <= 1.0 and _square(corners[i], foot, arms):
            add(corners[i], foot)
    return list(found.values())


def _arms(
    rings: Sequence[NDArray[np.float64]],
) -> dict[tuple[float, float], list[NDArray[np.float64]]]:
    """Return for each corner the directions of the walls that end there."""
    arms: dict[tuple[float, float], list[NDArray[np.float64]]] = {}
    for ring in rings:
        points = ring[:-1]
        for k, point in enumerate(points):
            for other in (points[k - 1], points[(k + 1) % len(points)]):
                step = other - point
                length = float(np.hypot(*step))
                if length > 0:
                    key = (float(point[0]), float(point[1]))
                    arms.setdefault(key, []).append(step / length)
    return arms


def _square(
    corner: NDArray[np.float64],
    end: NDArray[np.float64],
    arms: dict[tuple[float, float], list[NDArray[np.float64]]],
) -> bool:
    """Say whether a line leaves a corner at a right angle or more to both of its walls."""
    step = end - corner
    length = float(np.hypot(*step))
    own = arms[float(corner[0]), float(corner[1])]
    return length > 0 and all(float(arm @ step) / length < _SQUARE for arm in own)
