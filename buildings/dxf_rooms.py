"""Rooms of a drawing, found in two ways: by closed linework, and by closing gaps in the walls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from buildings.ifc_geometry import parts_of

SMALLEST_M2: Final = 1.5
NARROWEST_M: Final = 0.9
"""A face narrower than this is the body of a wall, not a room."""
CLOSING_M: Final = 0.65
"""Half of the widest gap that the second way closes."""
_FRAME_SHARE: Final = 0.8
_AT_DOOR_M: Final = 0.3
_SAME: Final = 0.5
_HAIR_M: Final = 0.001
_TOUCH_M: Final = 0.0003
_CONTACT_M: Final = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class FoundRooms:
    """The floors that one way finds, and how many faces were no rooms.

    ``frames`` are faces around the whole building (the sheet's frame, the site), ``solid`` those
    inside columns and obstacles; ``gaps`` the lines across openings that closing has closed.
    """

    rooms: tuple[Polygon, ...]
    frames: int = 0
    solid: int = 0
    gaps: tuple[LineString, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RoomPair:
    """A room as both ways see it; one of them may not find it.

    ``agreement`` is the shared floor divided by the floor of both together, 0 with one only.
    """

    lines: Polygon | None
    closing: Polygon | None
    agreement: float

    @property
    def shape(self) -> Polygon:
        """The floor by lines, else by closing."""
        found = self.lines if self.lines is not None else self.closing
        if found is None:
            raise ValueError("a room that neither way found")
        return found


def rooms_by_lines(
    lines: BaseGeometry, solids: Sequence[Polygon], doors: Sequence[LineString]
) -> FoundRooms:
    """Return the faces of closed linework that are large and wide enough to be rooms.

    Parameters
    ----------
    lines : geometry
        Noded wall lines with the openings of doors closed.
    solids : sequence of Polygon
        Outlines of columns and obstacles.
    doors : sequence of LineString
        Doors; the frame of a sheet has none in its outer edge.
    """
    faces = list(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))))
    return _usable(faces, solids, doors)


def rooms_by_closing(
    lines: BaseGeometry,
    solids: Sequence[Polygon],
    doors: Sequence[LineString],
    *,
    radius_m: float = CLOSING_M,
) -> FoundRooms:
    """Return the parts of the free floor that hang together over more than twice the radius.

    Wall lines are grown by the radius; what stays free falls into parts, and each part is grown
    back (morphological opening of the floor). An opening up to twice the radius wide separates;
    a room narrower than that is lost.

    Parameters
    ----------
    lines : geometry
        Noded wall lines with the openings of doors closed.
    solids : sequence of Polygon
        Outlines of columns and obstacles.
    doors : sequence of LineString
        Doors; the frame of a sheet has none in its outer edge.
    radius_m : float
        Half of the widest gap to close.
    """
    around = shapely.box(*lines.bounds).buffer(4 * radius_m, join_style="mitre")
    free = around.difference(_thick(lines, radius_m))
    parts = parts_of(free)
    outer = [part for part in parts if part.exterior.distance(around.exterior) < _HAIR_M]
    walls = _thick(lines, _HAIR_M)
    grown = [_grown(part, walls, radius_m) for part in parts if part not in outer]
    grown = [part for part in grown if part.area >= SMALLEST_M2]
    outside = [_grown(part, walls, radius_m) for part in outer]
    parted, gaps = _parted([*grown, *outside], len(grown), lines, radius_m)
    gaps += _channels(parted, len(grown), around, walls, lines, radius_m)
    found = _usable(_apart(parted[: len(grown)]), solids, doors)
    return FoundRooms(found.rooms, found.frames, found.solid, tuple(gaps))


def pair_rooms(by_lines: Sequence[Polygon], by_closing: Sequence[Polygon]) -> list[RoomPair]:
    """Return the rooms of both ways joined where they share more than half of their floor.

    Pairs and single rooms, from the largest down.
    """
    shares: list[tuple[float, int, int]] = []
    if by_lines and by_closing:
        tree = STRtree(by_closing)
        for i, room in enumerate(by_lines):
            for j in (int(k) for k in tree.query(room, predicate="intersects")):
                shared = float(room.intersection(by_closing[j]).area)
                both = room.area + by_closing[j].area - shared
                if shared / both > _SAME:
                    shares.append((round(shared / both, 4), i, j))
    pairs: list[RoomPair] = []
    left, right = set(range(len(by_lines))), set(range(len(by_closing)))
    for share, i, j in sorted(shares, key=lambda entry: (-entry[0], entry[1], entry[2])):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            pairs.append(RoomPair(by_lines[i], by_closing[j], share))
    pairs += [RoomPair(by_lines[i], None, 0.0) for i in sorted(left)]
    pairs += [RoomPair(None, by_closing[j], 0.0) for j in sorted(right)]
    return sorted(pairs, key=lambda p: (-round(p.shape.area, 3), p.shape.bounds))


def _usable(
    faces: Sequence[Polygon], solids: Sequence[Polygon], doors: Sequence[LineString]
) -> FoundRooms:
    """Return the faces that are rooms, largest first."""
    large = [face for face in faces if face.area >= SMALLEST_M2]
    wide = [face for face in large if not face.buffer(-NARROWEST_M / 2).is_empty]
    columns = STRtree(solids)
    floors = [
        face
        for face in wide
        if not len(columns.query(face.representative_point(), predicate="intersects"))
    ]
    solid = len(wide) - len(floors)
    total = sum(face.area for face in floors)
    rooms, frames = [], 0
    for face in floors:
        holes = sum(
            other.area
            for ring in face.interiors
            for hole in (Polygon(ring),)
            for other in floors
            if other is not face and hole.contains(other.representative_point())
        )
        rest = total - face.area
        if holes > _FRAME_SHARE * rest > 0 and not any(
            door.distance(face.exterior) < _AT_DOOR_M for door in doors
        ):
            frames += 1
        else:
            rooms.append(face)
    rooms.sort(key=lambda p: (-round(p.area, 6), p.bounds))
    return FoundRooms(tuple(rooms), frames, solid)


def _thick(lines: BaseGeometry, radius_m: float) -> BaseGeometry:
    """Return everything within a distance of lines; piece by piece, which dense lines need."""
    return shapely.union_all(shapely.buffer(shapely.get_parts(lines), radius_m, quad_segs=8))


def _grown(part: Polygon, walls: BaseGeometry, radius_m: float) -> Polygon:
    """Return a part of the free floor grown back to the walls, not through them."""
    wide = part.buffer(radius_m, join_style="mitre", mitre_limit=2.0).difference(walls)
    seed = part.representative_point()
    for piece in parts_of(wide):
        if piece.distance(seed) < _HAIR_M:
            closed = parts_of(piece.buffer(_HAIR_M, join_style="mitre"))
            return closed[0] if closed else piece
    return part


def _apart(rooms: Sequence[Polygon]) -> list[Polygon]:
    """Return rooms without overlaps: what two share is cut from the larger."""
    order = sorted(rooms, key=lambda p: (round(p.area, 6), p.bounds))
    kept: list[Polygon] = []
    tree = STRtree(order)
    for k, room in enumerate(order):
        smaller = [order[int(j)] for j in sorted(tree.query(room)) if int(j) < k]
        rest = parts_of(room.difference(shapely.union_all(smaller))) if smaller else [room]
        if rest:
            kept.append(rest[0])
    return kept


def _parted(
    rooms: Sequence[Polygon], inner: int, lines: BaseGeometry, radius_m: float
) -> tuple[list[Polygon], list[LineString]]:
    """Return the floors parted in the openings where two of them meet, and a line across each.

    ``inner`` says how many of the floors lie inside; the others are the outside.
    """
    parted = list(rooms)
    found = []
    tree = STRtree(rooms)
    for i in range(inner):
        for j in sorted(int(k) for k in tree.query(rooms[i], predicate="intersects") if k > i):
            for lens in parts_of(rooms[i].intersection(rooms[j])):
                gap = _across(lens, lines, radius_m)
                if gap is None:
                    continue
                found.append(gap)
                for k, other in ((i, j), (j, i)):
                    theirs = _beyond(lens, gap, rooms[k], rooms[other])
                    rest = parts_of(parted[k].difference(theirs))
                    parted[k] = rest[0] if rest else parted[k]
    return parted, sorted(found, key=lambda line: line.bounds)


def _channels(
    rooms: Sequence[Polygon],
    inner: int,
    around: Polygon,
    walls: BaseGeometry,
    lines: BaseGeometry,
    radius_m: float,
) -> list[LineString]:
    """Return a line across every passage through a thick wall: floor of no room between two."""
    left = parts_of(around.difference(shapely.union_all([walls, *rooms])))
    tree = STRtree(rooms)
    found = []
    for piece in left:
        reach = piece.buffer(_TOUCH_M)
        near = [int(k) for k in tree.query(reach, predicate="intersects")]
        beside = [k for k in near if reach.intersection(rooms[k]).area > _CONTACT_M * _TOUCH_M]
        if len(beside) == 2 and min(beside) < inner:
            gap = _across(piece, lines, radius_m)
            if gap is not None:
                found.append(gap)
    return found


def _beyond(lens: Polygon, gap: LineString, own: Polygon, other: Polygon) -> BaseGeometry:
    """Return the part of what two floors share that lies on the other's side of a gap."""
    a, b = shapely.get_coordinates(gap)
    reach = b - a
    across = np.array([-reach[1], reach[0]])
    half = Polygon([a - reach, b + reach, b + reach + 2 * across, a - reach + 2 * across])
    sides = (half, Polygon([a - reach, b + reach, b + reach - 2 * across, a - reach - 2 * across]))
    near = [
        float(side.intersection(other.difference(own).buffer(0)).area)
        - float(side.intersection(own.difference(other).buffer(0)).area)
        for side in sides
    ]
    return lens.intersection(sides[0] if near[0] >= near[1] else sides[1])


def _across(lens: Polygon, lines: BaseGeometry, radius_m: float) -> LineString | None:
    """Return the line between the wall ends on both sides of a narrow place."""
    middle = np.array(lens.representative_point().coords[0])
    beside = lines.intersection(Point(middle).buffer(1.2 * radius_m))
    if beside.is_empty:
        return None
    first = np.array(shapely.shortest_line(Point(middle), beside).coords[-1])
    away = first - middle
    length = float(np.linalg.norm(away))
    if length < 0.05:
        return None
    along = away / length
    square = np.array([-along[1], along[0]])
    reach = 2 * radius_m
    side = 0.6 * reach * square
    near, end = middle - 0.05 * along, middle - reach * along
    far = Polygon([near + side, near - side, end - side, end + side])
    other = beside.intersection(far)
    if other.is_empty:
        return None
    second = np.array(shapely.shortest_line(Point(middle), other).coords[-1])
    width = float(np.linalg.norm(second - first))
    if not 0.3 <= width <= 2 * radius_m + 0.05:
        return None
    return LineString(np.round([first, second], 3))
