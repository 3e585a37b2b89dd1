"""Standing places in a room, in an order in which any first few are spread over the floor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from buildings.wall_frame import wall_frame

SLOT_M2: Final = 0.45
"""Floor for one standing place: about the 5 sq ft per person of shelter standards."""
MOST_SLOTS: Final = 2000
"""Spaces that would have more places get a wider lattice; people beyond share places."""
FROM_WALL_M: Final = 0.3
SPREAD: Final = (0.7548776662466927, 0.5698402909980532)
"""Powers of the plastic number: multiples of them fill the unit square evenly."""


def standing_places(polygon: Polygon, *, furniture: Sequence[Polygon] = ()) -> NDArray[np.float64]:
    """Return places to stand on a floor, shape (n, 2), in spread order.

    The places are a square lattice along the walls, 0.67 m apart (0.45 m2 each), centred on the
    floor and 0.3 m off its walls; where a floor is too narrow for that, nearer to the walls; at
    least one. The first place is near the middle, and any first few lie spread over the floor: the
    places are taken by the fractional part of a linear function of their lattice numbers.

    Parameters
    ----------
    polygon : Polygon
        The floor.
    furniture : sequence of Polygon
        What stands on it: nobody else stands there, unless no place would be left.

    Examples
    --------
    >>> places = standing_places(shapely.box(0, 0, 9, 7))
    >>> len(places), places[0].tolist()
    (130, [4.5, 3.835])
    >>> len(standing_places(shapely.box(0, 0, 9, 7), furniture=[shapely.box(0, 0, 4.5, 7)]))
    60
    >>> standing_places(shapely.box(0, 0, 0.5, 0.5)).tolist()
    [[0.25, 0.25]]
    """
    frame = wall_frame(polygon)
    step_m = math.sqrt(max(SLOT_M2, polygon.area / MOST_SLOTS))
    columns, rows = (_lattice(size, step_m) for size in (frame.length_m, frame.width_m))
    i, j = (grid.ravel() for grid in np.meshgrid(*map(np.arange, map(len, (columns, rows)))))
    places = frame.points(np.column_stack((columns[i], rows[j])))
    i, j = i - len(columns) // 2, j - len(rows) // 2
    for inset_m in (FROM_WALL_M, FROM_WALL_M / 3, 0.01):
        free = polygon.buffer(1e-6 - inset_m, join_style="mitre")
        shapely.prepare(free)
        inside = np.asarray(shapely.contains_xy(free, places))
        if inside.any():
            break
    else:
        inner = polygon.representative_point()
        return np.array([[inner.x, inner.y]], dtype=np.float64)
    if furniture:
        taken = shapely.union_all(list(furniture))
        shapely.prepare(taken)
        clear = inside & ~np.asarray(shapely.intersects_xy(taken, places))
        inside = clear if clear.any() else inside
    keys = np.round((SPREAD[0] * i + SPREAD[1] * j) % 1.0, 12)
    order = np.lexsort((j, i, keys))
    return np.asarray(np.round(places[order[inside[order]]], 3) + 0.0, dtype=np.float64)


def _lattice(size_m: float, step_m: float) -> NDArray[np.float64]:
    """Return lattice lines over a width, symmetric about its middle, 0.3 m off both ends."""
    n = max(1, math.floor((size_m - 2 * FROM_WALL_M) / step_m + 1e-9) + 1)
    lines = size_m / 2 + step_m * (np.arange(n) - (n - 1) / 2)
    return np.asarray(lines, dtype=np.float64)


def cells_of_places(places: NDArray[np.float64], polygons: Sequence[Polygon]) -> NDArray[np.int64]:
    """Return for each place the index of the polygon it lies in (the first of several).

    Raises
    ------
    ValueError
        If a place lies in none of them.
    """
    found = np.full(len(places), -1, dtype=np.int64)
    for index, polygon in enumerate(polygons):
        waiting = np.flatnonzero(found < 0)
        if len(waiting) == 0:
            break
        shapely.prepare(polygon)
        found[waiting[shapely.intersects_xy(polygon, places[waiting])]] = index
    lost = np.flatnonzero(found < 0)
    if len(lost):
        points = shapely.points(places[lost])
        apart = shapely.distance(np.array(polygons, dtype=object)[:, None], points[None, :])
        if apart.min(axis=0).max() > 0.002:  # places are rounded to whole millimetres
            x, y = places[lost[int(np.argmax(apart.min(axis=0)))]]
            raise ValueError(f"the place ({x:.3f}, {y:.3f}) lies in none of the polygons")
        found[lost] = np.argmin(apart, axis=0)
    return found
