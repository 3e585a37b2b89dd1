"""Exits that a person states as lines: checked, and the floor beyond them taken off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely import GEOSException, LineString, Polygon
from shapely.ops import split

from buildings.borders import InputError
from buildings.ifc_geometry import GRID_M, parts_of
from buildings.import_report import MessageLog

NEAR_M: Final = 0.25
"""How far the middle of an exit may lie from the edge of the floor."""
NARROWEST_M: Final = 0.5
"""A way out narrower than this is taken for a slip of the pen (ours)."""
THRESHOLD_M: Final = 1.0
"""Floor that reaches no farther than this beyond an exit belongs to the open air."""
_OVERSHOOT_M: Final = 0.02


def read_exit_lines(texts: Sequence[str]) -> tuple[LineString, ...]:
    """Return the lines of exits given as well-known text.

    Raises
    ------
    InputError
        If a text is not a LINESTRING of two points in metres, at least 0.5 m long.

    Examples
    --------
    >>> round(read_exit_lines(["LINESTRING (0 1, 0 2.8)"])[0].length, 3)
    1.8
    """
    lines = []
    for text in texts:
        try:
            with np.errstate(invalid="ignore", over="ignore"):  # told below
                line = shapely.from_wkt(text)
        except (GEOSException, ValueError):
            line = None
        whole = isinstance(line, LineString) and len(line.coords) == 2 and not line.has_z
        if not whole or not np.isfinite(shapely.get_coordinates(line)).all():
            raise InputError(
                f'--exit: {text!r} is not an exit, expected "LINESTRING (x y, x y)" in metres'
            )
        if line.length < NARROWEST_M:
            raise InputError(
                f"--exit: {text!r} is {line.length:.2f} m wide, expected at least {NARROWEST_M} m"
            )
        lines.append(line)
    return tuple(lines)


def place_exits(
    floor: Sequence[Polygon], lines: Sequence[LineString], log: MessageLog
) -> tuple[Polygon, ...]:
    """Return the floor without what lies beyond exits: a threshold of up to a metre.

    Raises
    ------
    InputError
        If an exit does not lie at the edge of the floor.
    """
    parts = list(floor)
    for line in lines:
        middle = line.interpolate(0.5, normalized=True)
        k = min(range(len(parts)), key=lambda i: (parts[i].distance(line), i))
        cut = _beyond(parts[k], line)
        if cut is not None:
            parts[k], taken_m2 = cut
            log.note("EXIT", f"{taken_m2:.2f} m2 of floor beyond {_said(line)} left out: outside")
        gap = float(parts[k].boundary.distance(middle))
        if gap > NEAR_M:
            where = "inside the floor" if parts[k].contains(middle) else "outside the floor"
            raise InputError(
                f"--exit: {_said(line)} lies {where}, {gap:.2f} m from its edge, expected at most "
                f"{NEAR_M} m"
            )
    return tuple(parts)


def _beyond(floor: Polygon, line: LineString) -> tuple[Polygon, float] | None:
    """Return a floor cut off at an exit and the area taken; None if nothing small is beyond."""
    ends = shapely.get_coordinates(line)
    step = (ends[1] - ends[0]) / line.length * _OVERSHOOT_M
    cutter = LineString([ends[0] - step, ends[1] + step])
    pieces = parts_of(split(floor, cutter))
    if len(pieces) < 2:
        return None
    rest = [parts_of(shapely.set_precision(piece, GRID_M)) for piece in pieces[1:]]
    area = sum(part.area for parts in rest for part in parts)
    left = parts_of(shapely.set_precision(pieces[0], GRID_M))
    if area > THRESHOLD_M * line.length or not left:
        return None
    return left[0], area


def _said(line: LineString) -> str:
    return str(shapely.to_wkt(line, rounding_precision=3))
