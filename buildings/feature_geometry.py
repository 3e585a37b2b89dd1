"""Read the coordinates of a feature: finite metres, closed rings, simple polygons."""

from __future__ import annotations

import math
from typing import Any, Final

from shapely import LineString, Point, Polygon

MAX_COORDINATE_M: Final = 1e7
"""Beyond this no building lies, even in national grid coordinates."""


def no_constant(name: str) -> float:
    """Refuse NaN and Infinity, which JSON does not have and Python reads."""
    raise ValueError(f"{name} is not a number that a plan may hold")


def feature_lines(text: str, count: int) -> list[int]:
    """Return the line on which each feature begins, as written one a line; 1 where it is not."""
    lines = [n for n, line in enumerate(text.splitlines(), 1) if '"Feature"' in line]
    return lines if len(lines) == count else [1] * count


def build_geometry(kind: str, coordinates: Any) -> Polygon | LineString | Point:
    """Make a geometry of coordinates, all of them finite."""
    if kind == "Point":
        return Point(_pair(coordinates))
    if kind == "LineString":
        line = LineString(_pairs(coordinates, at_least=2))
        if line.length == 0.0:
            raise ValueError("line has no length")
        return line
    if not isinstance(coordinates, list) or not coordinates:
        raise ValueError("expected a list of rings")
    rings = [_pairs(ring, at_least=4) for ring in coordinates]
    for ring in rings:
        if ring[0] != ring[-1]:
            raise ValueError(f"ring is open: begins at {ring[0]}, ends at {ring[-1]}")
    polygon = Polygon(rings[0], rings[1:])
    if not polygon.is_valid or polygon.area <= 0.0:
        from shapely import is_valid_reason  # only to put a fault into words

        raise ValueError(f"not a simple polygon: {is_valid_reason(polygon)}")
    return polygon


def _pairs(coordinates: Any, *, at_least: int) -> list[tuple[float, float]]:
    if not isinstance(coordinates, list) or len(coordinates) < at_least:
        raise ValueError(f"expected at least {at_least} points")
    return [_pair(entry) for entry in coordinates]


def _pair(entry: Any) -> tuple[float, float]:
    if not isinstance(entry, list) or len(entry) not in (2, 3):
        raise ValueError(f"expected [x, y], found {str(entry)[:40]}")
    for value in entry:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or abs(value) > MAX_COORDINATE_M:
            raise ValueError(f"expected metres, found {str(value)[:40]}")
    return float(entry[0]), float(entry[1])


def first_pair(coordinates: Any) -> tuple[float, float] | None:
    """Return the first point that stands in coordinates, however broken the rest is.

    Examples
    --------
    >>> first_pair([[[1, 2], [3, "x"]]]), first_pair([])
    ((1.0, 2.0), None)
    """
    entry = coordinates
    while isinstance(entry, list) and entry and isinstance(entry[0], list):
        entry = entry[0]
    try:
        return _pair(entry)
    except ValueError:
        return None
