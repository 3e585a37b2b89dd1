"""Pieces of floor that share one density: rooms as they are, corridors and halls cut up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Polygon

from buildings.plan import Space
from buildings.walking_distance import WalkingFloor
from buildings.wall_frame import wall_frame
from buildings.zone_cuts import (
    clear_position_m,
    cut_along_line,
    cut_at_corner,
    cutting_frame,
    slice_positions_m,
)
from buildings.zone_passages import (
    TOUCH_M,
    WIDEST_CORRIDOR_M,
    WIDEST_IN_THE_OPEN_M,
    WIDEST_PASSAGE_M,
    Passage,
    Zone,
    find_passages,
    shared_edges,
)

ROOM_LIMIT_M2: Final = 100.0
"""A room or hall larger than this is cut into zones of 50 to 100 m2."""
OUTDOOR_LIMIT_M2: Final = 400.0
"""The same for yards and walks in the open, where nothing queues but at gates."""
UNCUT_ROOM_M2: Final = 30.0
"""A room up to this size is one zone whatever its shape."""
ROOM_FULLNESS: Final = 0.85
"""A room is cut at its corners while its area is at most this share of its convex hull's."""
CORRIDOR_FULLNESS: Final = 0.93
"""The same for corridors."""
SLIVER_M2: Final = 2.0
"""Smaller pieces are joined to the neighbour with the longest shared edge."""
COLUMN_M2: Final = 4.0
"""Holes up to this size are columns: zones keep them; larger ones (yards) are cut through."""


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
        corridor, 8 m in the open) is split into equal parts. The zones are connected through them.

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
    widest = {"corridor": WIDEST_CORRIDOR_M, "outdoor": WIDEST_IN_THE_OPEN_M}
    corners = WalkingFloor(space.polygon).corners
    return zones, find_passages(
        zones, widest_m=widest.get(space.kind, WIDEST_PASSAGE_M), corners=corners
    )


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
            frame = cutting_frame(polygon, keep_clear)
            centre = shapely.get_coordinates(yard.representative_point())
            position_m = float(frame.coordinates(centre)[0, 0])
            position_m = clear_position_m(polygon, frame, position_m, keep_clear)
            parts = cut_along_line(polygon, frame, position_m)
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
    frame = cutting_frame(piece, keep_clear)
    rest = [piece]
    done: list[Polygon] = []
    for position_m in slice_positions_m(piece, frame, keep_clear):
        ahead: list[Polygon] = []
        for part in rest:
            for cut in cut_along_line(part, frame, position_m):
                reach = frame.coordinates(shapely.get_coordinates(cut))[:, 0].max()
                (ahead if reach > position_m + 1e-6 else done).append(cut)
        rest = ahead
    return [*done, *rest]


def _halve_hall(piece: Polygon, limit_m2: float, keep_clear: Sequence[LineString]) -> list[Polygon]:
    n = math.ceil(piece.area / limit_m2 - 1e-6)
    if n <= 1:
        return [piece]
    frame = cutting_frame(piece, keep_clear)
    middle_m = clear_position_m(piece, frame, frame.length_m * (n // 2) / n, keep_clear)
    parts = cut_along_line(piece, frame, middle_m)
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
