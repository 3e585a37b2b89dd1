"""Where a floor is cut: across corridors at corners and junctions, and along straight lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from buildings.wall_frame import WallFrame, wall_frame

IGNORED_RECESS_M: Final = 0.3
"""Niches, pilasters and changes of width up to this depth do not make a corner."""
SMALLEST_CUT_M2: Final = 4.0
"""A cut at a corner leaves at least this much floor on either side."""
CORNER_TURN: Final = math.sin(math.radians(12.0))
CONE_TOLERANCE: Final = math.radians(2.0)
CORNER_TO_CORNER: Final = 0.75
"""A cut that serves two corners may be this much longer: its length counts only so far."""
KEEP_CLEAR_M: Final = 0.15
"""Cuts keep this distance from the jambs of doors where they can."""
LARGEST_SHIFT_M: Final = 2.0
SHIFT_M: Final = 0.25
CORRIDOR_LIMIT_M: Final = 8.0
CORRIDOR_PIECE_M: Final = 7.0
TYPICAL_PIECE_M: Final = 6.0
"""A corridor longer than the limit is cut: into pieces of half the limit to the limit."""


def cut_at_corner(piece: Polygon) -> tuple[Polygon, Polygon] | None:
    """Cut a polygon in two along the shortest chord from one of its inner corners.

    An inner (reflex) corner is where a wall turns into the floor: the corner of an L, the two
    mouths of a T. The chord must leave no inner corner at its start, run inside the floor and leave
    at least ``SMALLEST_CUT_M2`` on both sides. Of all such chords the shortest wins, a chord that
    joins two inner corners counting as shorter; of equally long ones the one that halves the floor
    most evenly, then the first along the outline.

    Returns
    -------
    tuple of two Polygon, or None
        None if no corner can be cut.

    Examples
    --------
    >>> ell = Polygon([(0, 0), (10, 0), (10, 2), (2, 2), (2, 10), (0, 10)])
    >>> [part.area for part in cut_at_corner(ell)]
    [20.0, 16.0]
    """
    piece = shapely.orient_polygons(piece)
    ring = shapely.get_coordinates(piece.exterior)[:-1]
    corners = _inner_corners(piece, ring)
    if not corners:
        return None
    cuts = []
    inner = {index for index, _, _ in corners}
    for index, before, after in corners:
        for length_m, _, edge, target in _chords_from(ring, index, before, after, inner):
            parts = _split_ring(ring, index, edge, target)
            smaller_m2 = min(_ring_area(part) for part in parts)
            if smaller_m2 >= SMALLEST_CUT_M2:
                order = (round(length_m, 6), -round(smaller_m2, 6), index, edge)
                cuts.append((order, LineString([ring[index], target]), parts))
    tolerant = piece.buffer(1e-6, join_style="mitre")
    shapely.prepare(tolerant)
    for _, chord, parts in sorted(cuts, key=lambda cut: cut[0]):
        if tolerant.covers(chord):
            return _with_holes(parts, piece)
    return None


def cutting_frame(piece: Polygon, keep_clear: Sequence[LineString]) -> WallFrame:
    """Return the frame of a piece of floor, begun from the end that its own shape decides.

    Positions of cuts are sought from one end to the other. Which end that is follows from where
    the walls turn and the doors are, so that a floor and its mirror image are cut alike.
    """
    frame = wall_frame(piece)
    corners = shapely.get_coordinates(piece)
    ends = []
    for sense in (frame, frame.turned()):
        spans = sorted(_door_spans(piece, sense, keep_clear))
        turns = np.sort(sense.coordinates(corners)[:, 0])
        ends.append([*np.ravel(spans).round(6).tolist(), *turns.round(6).tolist()])
    return frame if ends[0] <= ends[1] else frame.turned()


def cut_along_line(piece: Polygon, frame: WallFrame, position_m: float) -> list[Polygon]:
    """Cut a polygon along the line across its frame at a position along it.

    Returns
    -------
    list of Polygon
        The pieces on either side, those on the near side first.
    """
    reach = frame.length_m + frame.width_m + 1.0
    sides: list[Polygon] = []
    for start, end in ((position_m - reach, position_m), (position_m, position_m + reach)):
        corners = [(start, -reach), (end, -reach), (end, reach), (start, reach)]
        half = Polygon(frame.points(np.array(corners)))
        parts = shapely.get_parts(piece.intersection(half))
        sides.extend(part for part in parts if part.geom_type == "Polygon" and part.area > 1e-9)
    return sides


def clear_position_m(
    piece: Polygon, frame: WallFrame, position_m: float, keep_clear: Sequence[LineString]
) -> float:
    """Return the position nearest to the given one at which a cut leaves doors whole.

    The line moves by up to ``LARGEST_SHIFT_M``; if no place is clear it stays where it was.
    """
    spans = _door_spans(piece, frame, keep_clear)
    steps = int(LARGEST_SHIFT_M / SHIFT_M)
    shifts = [0.0, *(sign * SHIFT_M * n for n in range(1, steps + 1) for sign in (1, -1))]
    for shift in shifts:
        if _is_clear(position_m + shift, spans):
            return position_m + shift
    return position_m


def slice_positions_m(
    piece: Polygon, frame: WallFrame, keep_clear: Sequence[LineString]
) -> list[float]:
    """Return where to cut a corridor into pieces of 4 to 8 m, ascending along its frame.

    The fewest equal pieces of at most 7 m are taken if their borders keep clear of all doors and
    mouths; else, on a raster of 0.25 m, the borders that meet the fewest of them, and of these
    the ones whose pieces are most nearly 6 m long.
    """
    length_m = frame.length_m
    if length_m <= CORRIDOR_LIMIT_M:
        return []
    n = math.ceil(length_m / CORRIDOR_PIECE_M - 1e-9)
    equal = [length_m * i / n for i in range(1, n)]
    spans = _door_spans(piece, frame, keep_clear)
    if all(_is_clear(position, spans) for position in equal):
        return equal
    stops = [*(SHIFT_M * i for i in range(math.ceil(length_m / SHIFT_M))), length_m]
    meets = [0 if _is_clear(stop, spans) else 1 for stop in stops]
    best: list[tuple[int, float, int]] = [(0, 0.0, -1)]  # doors met, unevenness, stop before
    shortest_m, longest_m = CORRIDOR_LIMIT_M / 2, CORRIDOR_LIMIT_M
    for here in range(1, len(stops)):
        options = [(1 << 30, math.inf, -1)]
        for before in range(here):
            piece_m = stops[here] - stops[before]
            if shortest_m - 1e-9 <= piece_m <= longest_m + 1e-9:
                met, uneven, _ = best[before]
                met += meets[here] if here < len(stops) - 1 else 0
                options.append((met, round(uneven + (piece_m - TYPICAL_PIECE_M) ** 2, 9), before))
        best.append(min(options))
    order = [len(stops) - 1]
    while order[-1] > 0:
        order.append(best[order[-1]][2])
    return equal if order[-1] < 0 else [stops[i] for i in order[-2:0:-1]]


def _door_spans(
    piece: Polygon, frame: WallFrame, keep_clear: Sequence[LineString]
) -> list[tuple[float, float]]:
    """Return the stretches of the frame that doors and mouths of a piece take up."""
    near = piece.buffer(0.5)
    spans = []
    for line in keep_clear:
        if near.intersects(line):
            along = frame.coordinates(shapely.get_coordinates(line))[:, 0]
            if np.ptp(along) > 0.05:
                spans.append((float(along.min()), float(along.max())))
    return spans


def _is_clear(position_m: float, spans: Sequence[tuple[float, float]]) -> bool:
    return not any(low - KEEP_CLEAR_M < position_m < high + KEEP_CLEAR_M for low, high in spans)


def _inner_corners(
    piece: Polygon, ring: NDArray[np.float64]
) -> list[tuple[int, NDArray[np.float64], NDArray[np.float64]]]:
    """Return (index in the ring, direction in, direction out) of every inner corner that counts."""
    outline = shapely.orient_polygons(Polygon(piece.exterior).simplify(IGNORED_RECESS_M))
    coarse = shapely.get_coordinates(outline.exterior)[:-1]
    place = {(x, y): i for i, (x, y) in reversed(list(enumerate(ring.tolist())))}
    corners = []
    for i, point in enumerate(coarse):
        came = point - coarse[i - 1]
        goes = coarse[(i + 1) % len(coarse)] - point
        turn = came[0] * goes[1] - came[1] * goes[0]
        if turn < -CORNER_TURN * math.hypot(*came) * math.hypot(*goes):
            corners.append((place[point[0], point[1]], came, goes))
    return corners


def _chords_from(
    ring: NDArray[np.float64],
    index: int,
    came: NDArray[np.float64],
    goes: NDArray[np.float64],
    inner: set[int],
) -> list[tuple[float, int, int, NDArray[np.float64]]]:
    """Return (weighted length, index, edge it ends on, end) of the chords that open the corner."""
    start = ring[index]
    n = len(ring)
    ends = np.roll(ring, -1, axis=0)
    steps = ends - ring
    squares = np.maximum((steps**2).sum(axis=1), 1e-18)
    share = np.clip(((start - ring) * steps).sum(axis=1) / squares, 0.0, 1.0)
    feet = ring + share[:, None] * steps
    targets = np.vstack((feet, ring))
    edges = np.tile(np.arange(n), 2)
    at_corner = np.concatenate((share <= 0.0, np.ones(n, dtype=bool)))
    at_end = np.concatenate((share >= 1.0, np.zeros(n, dtype=bool)))
    vectors = targets - start
    lengths = np.hypot(vectors[:, 0], vectors[:, 1])
    turned = np.arctan2(vectors[:, 1], vectors[:, 0]) - math.atan2(goes[1], goes[0])
    turned = np.mod(turned, 2 * math.pi)
    back = math.atan2(-came[1], -came[0]) - math.atan2(goes[1], goes[0])
    opening = back % (2 * math.pi)  # the angle of the floor at the corner, over 180 degrees
    good = (turned >= opening - math.pi - CONE_TOLERANCE) & (turned <= math.pi + CONE_TOLERANCE)
    good &= (lengths > 0.3) & ~at_end
    chords = []
    for row in np.flatnonzero(good):
        edge = int(edges[row])
        weight = CORNER_TO_CORNER if at_corner[row] and edge in inner else 1.0
        chords.append((float(lengths[row]) * weight, index, edge, targets[row]))
    return chords


def _split_ring(
    ring: NDArray[np.float64], index: int, edge: int, target: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Split a ring by the chord from vertex ``index`` to a point on the edge after ``edge``."""
    n = len(ring)
    on_vertex = bool(np.all(ring[edge] == target))
    order = [(index + i) % n for i in range(n)]
    reach = (edge - index) % n
    first = ring[order[: reach + 1]]
    second = ring[[*order[reach + (0 if on_vertex else 1) :], index]]
    if on_vertex:
        return first, second
    return np.vstack((first, target)), np.vstack((target, second))


def _ring_area(ring: NDArray[np.float64]) -> float:
    x, y = (ring - ring[0]).T
    return float(0.5 * (x * np.roll(y, -1) - y * np.roll(x, -1)).sum())


def _with_holes(
    parts: tuple[NDArray[np.float64], NDArray[np.float64]], piece: Polygon
) -> tuple[Polygon, Polygon]:
    """Give the holes of the polygon (columns) to the part that they lie in."""
    shells = [Polygon(part) for part in parts]
    holes: list[list[object]] = [[], []]
    for hole in piece.interiors:
        inside = Polygon(hole).representative_point()
        holes[0 if shells[0].contains(inside) else 1].append(hole)
    first, second = (
        Polygon(shell.exterior, own) if own else shell
        for shell, own in zip(shells, holes, strict=True)
    )
    return first, second
