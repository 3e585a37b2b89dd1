"""Wall lines of a drawing as clean linework: copies dropped, small gaps bridged, ends counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, STRtree
from shapely.geometry.base import BaseGeometry

from buildings.dxf_records import MAX_WALL_PIECES, Vector
from buildings.import_report import ImportFault

GRID_M: Final = 0.002
BRIDGED_M: Final = 0.05
"""An open wall end this close to another wall is joined to it without asking."""
WIDEST_GAP_M: Final = 1.3


@dataclass(frozen=True, slots=True, eq=False)
class WallWork:
    """Linework that crosses itself only at its ends.

    ``open_ends`` are the points where a wall line ends without meeting another, (n, 2), in order.
    """

    lines: BaseGeometry
    open_ends: Vector
    bridged: int
    copies: int


def wall_work(pieces: Vector, *, source: str) -> WallWork:
    """Return the linework of straight pieces.

    Parameters
    ----------
    pieces : ndarray, shape (n, 2, 2)
        Ends of the pieces in metres.
    source : str
        Name of the file, for the message.

    Raises
    ------
    ImportFault
        If there are more than 40,000 pieces, or they cross into more.
    """
    rounded = np.round(pieces / 0.001).astype(np.int64).reshape(-1, 4)
    turned = rounded[:, [2, 3, 0, 1]]
    later = (rounded[:, 0] > turned[:, 0]) | (
        (rounded[:, 0] == turned[:, 0]) & (rounded[:, 1] > turned[:, 1])
    )
    one_way = np.where(later[:, None], turned, rounded)
    one_way = one_way[(one_way[:, :2] != one_way[:, 2:]).any(axis=1)]
    distinct = np.unique(one_way, axis=0)
    if len(distinct) > MAX_WALL_PIECES:
        raise ImportFault(
            f"{source}: {len(distinct):,} pieces of wall lines, expected at most "
            f"{MAX_WALL_PIECES:,} on one level: name the wall layers with --walls"
        )
    lines = noded(shapely.linestrings(distinct.reshape(-1, 2, 2) * 0.001))
    many = int(shapely.get_num_geometries(lines))
    if many > MAX_WALL_PIECES:
        raise ImportFault(
            f"{source}: wall lines cross each other into {many:,} pieces, expected at most "
            f"{MAX_WALL_PIECES:,}: is a hatch among them? Name the wall layers with --walls"
        )
    ends = open_ends(lines)
    bridges = _bridges(lines, ends)
    if bridges:
        lines = noded([lines, *bridges])
        ends = open_ends(lines)
    return WallWork(lines, ends, len(bridges), len(one_way) - len(distinct))


def noded(lines: Sequence[BaseGeometry] | NDArray[np.object_]) -> BaseGeometry:
    """Return lines joined and cut where they meet, on a grid of 2 mm."""
    return shapely.union_all(lines, grid_size=GRID_M)


def open_ends(lines: BaseGeometry) -> Vector:
    """Return the points at which just one line ends, (n, 2), by x and y.

    Examples
    --------
    >>> from shapely import MultiLineString
    >>> open_ends(MultiLineString([[(0, 0), (1, 0)], [(1, 0), (1, 2)]])).tolist()
    [[0.0, 0.0], [1.0, 2.0]]
    """
    parts = [part for part in shapely.get_parts(lines) if isinstance(part, LineString)]
    if not parts:
        return np.empty((0, 2))
    ends = np.concatenate([shapely.get_coordinates(part)[[0, -1]] for part in parts])
    points, counts = np.unique(np.round(ends, 6), axis=0, return_counts=True)
    found: Vector = points[counts == 1]
    return found


def nearest_gap(ends: Vector) -> tuple[float, Vector] | None:
    """Return the shortest distance between two open ends of 5 cm to 1.3 m, and its middle."""
    best: tuple[float, Vector] | None = None
    points = shapely.points(ends)
    if len(points) < 2:
        return None
    first, second = STRtree(points).query(points, predicate="dwithin", distance=WIDEST_GAP_M)
    for i, j in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        if i < j:
            gap = round(float(np.linalg.norm(ends[i] - ends[j])), 3)
            if gap > BRIDGED_M and (best is None or gap < best[0]):
                best = (gap, (ends[i] + ends[j]) / 2)
    return best


def _bridges(lines: BaseGeometry, ends: Vector) -> list[LineString]:
    """Return the short pieces that join open ends to the nearest other line within 5 cm."""
    parts = shapely.get_parts(lines)
    tree = STRtree(parts)
    bridges = []
    for end in ends:
        point = shapely.Point(end)
        hits = sorted(int(k) for k in tree.query(point, predicate="dwithin", distance=BRIDGED_M))
        others = [
            parts[k]
            for k in hits
            if min(np.linalg.norm(shapely.get_coordinates(parts[k])[[0, -1]] - end, axis=1)) > 1e-6
        ]
        if others:
            nearest = min(others, key=lambda line: round(line.distance(point), 6))
            bridges.append(shapely.shortest_line(point, nearest))
    return [bridge for bridge in bridges if bridge.length > 0]
