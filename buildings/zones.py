"""Pieces of floor that share one density: rooms as they are, corridors and halls cut up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.ops import substring

from buildings.plan import Space
from buildings.wall_frame import wall_frame
from buildings.zone_cuts import cut_along_line, cut_at_corner

ROOM_LIMIT_M2: Final = 100.0
"""A room or hall larger than this is cut into zones of 50 to 100 m2."""
OUTDOOR_LIMIT_M2: Final = 250.0
"""The same for yards and walks in the open, where nothing queues but at gates."""
UNCUT_ROOM_M2: Final = 30.0
"""A room up to this size is one zone whatever its shape."""
ROOM_FULLNESS: Final = 0.85
"""A room is cut at its corners while its area is at most this share of its convex hull's."""
CORRIDOR_FULLNESS: Final = 0.93
"""The same for corridors."""
CORRIDOR_LIMIT_M: Final = 8.0
CORRIDOR_PIECE_M: Final = 7.0
"""A corridor longer than the limit is cut into equal pieces of at most this length (over 4 m)."""
SLIVER_M2: Final = 2.0
"""Smaller pieces are joined to the neighbour with the longest shared edge."""
COLUMN_M2: Final = 4.0
"""Holes up to this size are columns: zones keep them; larger ones (yards) are cut through."""
NARROWEST_PASSAGE_M: Final = 0.4
"""Shared edges narrower than this are no way through, unless they are the only one."""
WIDEST_PASSAGE_M: Final = 3.0
"""Wider shared edges become several passages side by side: few walk via the middle of a hall."""
WIDEST_CORRIDOR_M: Final = 6.0
"""The same in corridors, which keep their width as one stream: walls bound it only once."""
TOUCH_M: Final = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """One piece of a space, with its id ("S-C1/03", or the space's own id if it is uncut)."""

    id: str
    space_id: str
    polygon: Polygon


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """The open boundary between two zones of one space, by their places in the list of zones."""

    id: str
    first: int
    second: int
    line: LineString


def cut_space(
    space: Space, *, keep_clear: Sequence[LineString] = ()
) -> tuple[tuple[Zone, ...], tuple[Passage, ...]]:
    """Cut a space into zones.

    Rooms up to 100 m2 that fill 85 % of their convex hull stay whole, and so do stairs, landings
    and ramps. Corridors are cut at corners, junctions and changes of width over 0.3 m, then into
    pieces of 4 to 8 m; larger rooms and halls at their corners and then into zones of 50 to 100 m2.
    Furniture (``obstacle_of``) takes no floor away: it hides people, but to walk around it is left
    to the slowness of people in rooms.

    Parameters
    ----------
    space : Space
        The space; its polygon may have holes.
    keep_clear : sequence of LineString
        Doors of the space: cuts keep off them where they can.

    Returns
    -------
    zones : tuple of Zone
        Their areas sum to that of the space; in order along the long direction of the space.
    passages : tuple of Passage
        The shared edges, in order of the zones they join; an edge wider than 3 m (6 m in a
        corridor) is split into equal parts. The zones are connected through them.

    Examples
    --------
    >>> corridor = Space("C1", "L1", "corridor", "circulation", shapely.box(0, 0, 21, 2.4))
    >>> zones, passages = cut_space(corridor)
    >>> [(zone.id, round(zone.polygon.area, 2)) for zone in zones]
    [('C1/01', 16.8), ('C1/02', 16.8), ('C1/03', 16.8)]
    >>> [(passage.id, passage.line.length) for passage in passages]
    [('C1/01|C1/02', 2.4), ('C1/02|C1/03', 2.4)]
    """
    pieces = _join_slivers(_cut_pieces(space, keep_clear))
    if len(pieces) == 1:
        return (Zone(space.id, space.id, space.polygon),), ()
    frame = wall_frame(space.polygon)
    centres = frame.coordinates(shapely.get_coordinates(shapely.centroid(pieces))).round(3)
    order = sorted(range(len(pieces)), key=lambda i: (*centres[i].tolist(), i))
    digits = max(2, len(str(len(pieces))))
    zones = tuple(
        Zone(f"{space.id}/{n + 1:0{digits}d}", space.id, pieces[i]) for n, i in enumerate(order)
    )
    widest_m = WIDEST_CORRIDOR_M if space.kind == "corridor" else WIDEST_PASSAGE_M
    return zones, _passages(zones, widest_m)


def _cut_pieces(space: Space, keep_clear: Sequence[LineString]) -> list[Polygon]:
    polygon = space.polygon
    if space.kind in ("stair", "landing", "ramp"):
        return [polygon]
    corridor = space.kind == "corridor"
    limit_m2 = OUTDOOR_LIMIT_M2 if space.kind == "outdoor" else ROOM_LIMIT_M2
    if not corridor and polygon.area <= UNCUT_ROOM_M2:
        return [polygon]
    pieces = _cut_yards(polygon, keep_clear)
    pieces = _cut_corners(pieces, CORRIDOR_FULLNESS if corridor else ROOM_FULLNESS)
    edges = [piece.exterior for piece in pieces] if len(pieces) > 1 else []
    mouths = [line for edge in edges for line in _inner_edges(edge, polygon)]
    avoid = [*keep_clear, *mouths]
    if corridor:
        pieces = [part for piece in pieces for part in _slice_corridor(piece, avoid)]
    return [part for piece in pieces for part in _halve_hall(piece, limit_m2, avoid)]


def _cut_yards(polygon: Polygon, keep_clear: Sequence[LineString]) -> list[Polygon]:
    """Cut through every hole that is larger than a column, across the frame of the polygon."""
    for hole in polygon.interiors:
        yard = Polygon(hole)
        if yard.area > COLUMN_M2:
            frame = wall_frame(polygon)
            centre = shapely.get_coordinates(yard.representative_point())
            position_m = float(frame.coordinates(centre)[0, 0])
            parts = cut_along_line(polygon, frame, position_m, keep_clear=keep_clear)
            if len(parts) > 1:
                return [piece for part in parts for piece in _cut_yards(part, keep_clear)]
    return [polygon]


def _cut_corners(pieces: list[Polygon], fullness: float) -> list[Polygon]:
    waiting = list(reversed(pieces))
    done: list[Polygon] = []
    while waiting:
        piece = waiting.pop()
        full = Polygon(piece.exterior).area / piece.convex_hull.area
        parts = None if full > fullness else cut_at_corner(piece)
        if parts is None:
            done.append(piece)
        else:
            waiting.extend(reversed(parts))
    return done


def _inner_edges(ring: LineString, polygon: Polygon) -> list[LineString]:
    """Return the edges of a piece that do not lie on the walls of the space."""
    corners = shapely.get_coordinates(ring)
    edges = shapely.linestrings(np.stack((corners[:-1], corners[1:]), axis=1))
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    off_wall = shapely.distance(middles, polygon.boundary) > TOUCH_M
    return list(edges[off_wall])


def _slice_corridor(piece: Polygon, keep_clear: Sequence[LineString]) -> list[Polygon]:
    frame = wall_frame(piece)
    if frame.length_m <= CORRIDOR_LIMIT_M:
        return [piece]
    n = math.ceil(frame.length_m / CORRIDOR_PIECE_M - 1e-9)
    rest = [piece]
    done: list[Polygon] = []
    for i in range(1, n):
        position_m = frame.length_m * i / n
        ahead: list[Polygon] = []
        for part in rest:
            far = frame.coordinates(shapely.get_coordinates(part))[:, 0].max()
            parts = cut_along_line(part, frame, position_m, keep_clear=keep_clear)
            for cut in parts:
                reach = frame.coordinates(shapely.get_coordinates(cut))[:, 0].max()
                (ahead if reach > far - 1e-6 else done).append(cut)
        rest = ahead
    return [*done, *rest]


def _halve_hall(piece: Polygon, limit_m2: float, keep_clear: Sequence[LineString]) -> list[Polygon]:
    n = math.ceil(piece.area / limit_m2 - 1e-6)
    if n <= 1:
        return [piece]
    frame = wall_frame(piece)
    parts = cut_along_line(piece, frame, frame.length_m * (n // 2) / n, keep_clear=keep_clear)
    if len(parts) < 2:
        return [piece]
    return [small for part in parts for small in _halve_hall(part, limit_m2, keep_clear)]


def _join_slivers(pieces: list[Polygon]) -> list[Polygon]:
    pieces = list(pieces)
    hopeless: set[int] = set()
    while len(pieces) > 1:
        small = [
            (piece.area, i)
            for i, piece in enumerate(pieces)
            if piece.area < SLIVER_M2 and id(piece) not in hopeless
        ]
        if not small:
            break
        _, i = min(small)
        shared = [
            (-sum(math.dist(*edge) for edge in shared_edges(pieces[i], other)), j)
            for j, other in enumerate(pieces)
            if j != i
        ]
        length, j = min(shared)
        union = shapely.union(pieces[i], pieces[j], grid_size=1e-6)
        if length == 0.0 or union.geom_type != "Polygon":
            hopeless.add(id(pieces[i]))
            continue
        pieces[j] = union
        del pieces[i]
    return pieces


def shared_edges(
    first: Polygon, second: Polygon
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the straight stretches of boundary that two touching polygons share.

    Vertices need not match; stretches shorter than 1 mm are left out.

    Examples
    --------
    >>> shared_edges(shapely.box(0, 0, 2, 2), shapely.box(2, 1, 4, 5))
    [((2.0, 1.0), (2.0, 2.0))]
    """
    low, high = np.array(first.bounds[:2]), np.array(first.bounds[2:])
    if np.any(np.array(second.bounds[:2]) > high + TOUCH_M) or np.any(
        np.array(second.bounds[2:]) < low - TOUCH_M
    ):
        return []
    a, b = _edges(first), _edges(second)
    step = a[:, 1] - a[:, 0]
    length = np.hypot(step[:, 0], step[:, 1])
    unit = step / np.maximum(length, 1e-12)[:, None]
    offset = b[None, :, :, :] - a[:, None, None, 0, :]  # (edges of a, edges of b, 2 ends, xy)
    along = (offset * unit[:, None, None, :]).sum(axis=3)
    aside = offset[..., 1] * unit[:, None, None, 0] - offset[..., 0] * unit[:, None, None, 1]
    start = np.maximum(along.min(axis=2), 0.0)
    end = np.minimum(along.max(axis=2), length[:, None])
    found = (np.abs(aside).max(axis=2) < TOUCH_M) & (end - start > 1e-3)
    edges = []
    for i, j in zip(*np.nonzero(found), strict=True):
        ends = [a[i, 0] + unit[i] * reach for reach in (start[i, j], end[i, j])]
        points = sorted((float(x), float(y)) for x, y in np.round(ends, 6) + 0.0)
        edges.append((points[0], points[1]))
    return sorted(edges)


def _edges(polygon: Polygon) -> NDArray[np.float64]:
    rings = [shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)]
    return np.concatenate([np.stack((ring[:-1], ring[1:]), axis=1) for ring in rings])


def _passages(zones: tuple[Zone, ...], widest_m: float) -> tuple[Passage, ...]:
    found: list[tuple[int, int, LineString]] = []
    for i, first in enumerate(zones):
        for j in range(i + 1, len(zones)):
            edges = shared_edges(first.polygon, zones[j].polygon)
            if edges:
                merged = shapely.line_merge(shapely.multilinestrings(edges))
                lines = sorted(shapely.get_parts(merged), key=lambda line: line.bounds)
                found.extend((i, j, line) for line in lines)
    group = list(range(len(zones)))
    kept = []
    wide = [entry for entry in found if entry[2].length >= NARROWEST_PASSAGE_M]
    narrow = [entry for entry in found if entry[2].length < NARROWEST_PASSAGE_M]
    for i, j, line in (*wide, *sorted(narrow, key=lambda e: (-e[2].length, e[0], e[1]))):
        joined = group[i] == group[j]
        if line.length >= NARROWEST_PASSAGE_M or not joined:
            kept.append((i, j, line))
            old, new = group[j], group[i]
            group = [new if value == old else value for value in group]
    kept.sort(key=lambda entry: (entry[0], entry[1], entry[2].bounds))
    passages: list[Passage] = []
    pairs = sorted({(i, j) for i, j, _ in kept})
    for i, j in pairs:
        parts = [
            part
            for a, b, line in kept
            if (a, b) == (i, j)
            for part in _side_by_side(line, widest_m)
        ]
        for n, line in enumerate(parts):
            suffix = f"#{n + 1}" if len(parts) > 1 else ""
            passages.append(Passage(f"{zones[i].id}|{zones[j].id}{suffix}", i, j, line))
    return tuple(passages)


def _side_by_side(line: LineString, widest_m: float) -> list[LineString]:
    n = math.ceil(line.length / widest_m - 1e-9)
    if n <= 1:
        return [line]
    return [substring(line, i / n, (i + 1) / n, normalized=True) for i in range(n)]
