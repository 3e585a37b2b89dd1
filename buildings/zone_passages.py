"""The open boundaries between the zones of one space: where a floor was cut, people walk on."""

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

NARROWEST_PASSAGE_M: Final = 0.4
"""Shared edges narrower than this are no way through, unless they are the only one."""
WIDEST_PASSAGE_M: Final = 3.0
"""Wider shared edges become several passages side by side: few walk via the middle of a hall."""
WIDEST_CORRIDOR_M: Final = 6.0
"""The same in corridors, which keep their width as one stream: walls bound it only once."""
WIDEST_IN_THE_OPEN_M: Final = 8.0
"""The same in yards, where nothing queues at a cut."""
FROM_CORNER_M: Final = 0.5
"""How far from an inner corner people turn around it: half a body and some room (ours)."""
TOUCH_M: Final = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """One piece of a space, with its id ("S-C1/03", or the space's own id if it is uncut)."""

    id: str
    space_id: str
    polygon: Polygon


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """The open boundary between two zones of one space, by their places in the list of zones.

    ``crossing_xy`` is the point of the line through which ways are measured: its middle, or, where
    the line ends at an inner corner of the space, half a metre from that corner, because people
    who turn keep to the inside.
    """

    id: str
    first: int
    second: int
    line: LineString
    crossing_xy: tuple[float, float]


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


def find_passages(
    zones: Sequence[Zone], *, widest_m: float, corners: NDArray[np.float64]
) -> tuple[Passage, ...]:
    """Return the open boundaries between the zones of one space, in order of the zones they join.

    Parameters
    ----------
    zones : sequence of Zone
        All zones of the space.
    widest_m : float
        Longer shared edges are split into equal parts.
    corners : ndarray, shape (r, 2)
        Inner corners of the space, which people turn around.
    """
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
            for part in side_by_side(line, math.ceil(line.length / widest_m - 1e-9))
        ]
        for n, line in enumerate(parts):
            suffix = f"#{n + 1}" if len(parts) > 1 else ""
            name = f"{zones[i].id}|{zones[j].id}{suffix}"
            passages.append(Passage(name, i, j, line, _crossing(line, corners)))
    return tuple(passages)


def _crossing(line: LineString, corners: NDArray[np.float64]) -> tuple[float, float]:
    """Return where a cut is crossed: see `Passage`."""
    ends = shapely.get_coordinates(line)[[0, -1]]
    apart = np.hypot(*(ends[:, None] - corners[None, :]).transpose(2, 0, 1))
    first, last = (apart.min(axis=1, initial=np.inf) < 1e-3).tolist()
    along_m = line.length / 2
    if first != last:
        near_m = min(FROM_CORNER_M, along_m)
        along_m = near_m if first else line.length - near_m
    point = line.interpolate(along_m)
    return (float(point.x), float(point.y))


def side_by_side(line: LineString, n: int) -> list[LineString]:
    """Return a line as n equal parts, in order; the line itself where n is at most 1."""
    if n <= 1:
        return [line]
    return [substring(line, i / n, (i + 1) / n, normalized=True) for i in range(n)]
