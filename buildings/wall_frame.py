"""Which way a room runs: its long direction along the walls, and how long and wide it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon


@dataclass(frozen=True, slots=True)
class WallFrame:
    """A rectangle around a polygon whose sides run along most of its walls.

    ``along`` is the unit vector of the longer side, ``across`` the one of the shorter side (90
    degrees counter-clockwise from it); ``start_m`` and ``cross_start_m`` are the smallest
    coordinates of the polygon in these directions.
    """

    along: tuple[float, float]
    across: tuple[float, float]
    start_m: float
    cross_start_m: float
    length_m: float
    width_m: float

    def coordinates(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points, shape (n, 2), as (along, across) in metres from the near corner."""
        along = xy @ np.array(self.along) - self.start_m
        across = xy @ np.array(self.across) - self.cross_start_m
        return np.column_stack((along, across))

    def points(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (along, across) coordinates, shape (n, 2), as points of the plan."""
        shifted = coordinates + np.array([self.start_m, self.cross_start_m])
        return np.asarray(shifted @ np.array([self.along, self.across]), dtype=np.float64)

    def turned(self) -> WallFrame:
        """Return the same rectangle measured from its far corner, both directions reversed."""
        return WallFrame(
            along=(-self.along[0] + 0.0, -self.along[1] + 0.0),
            across=(-self.across[0] + 0.0, -self.across[1] + 0.0),
            start_m=-(self.start_m + self.length_m),
            cross_start_m=-(self.cross_start_m + self.width_m),
            length_m=self.length_m,
            width_m=self.width_m,
        )


def wall_frame(polygon: Polygon) -> WallFrame:
    """Return the frame along the direction in which most of the wall runs.

    Directions are counted modulo 90 degrees in steps of one degree, weighted by wall length; the
    longest wall of the winning step gives the exact direction. In a square the direction nearest
    to +x counts as the long one.

    Examples
    --------
    >>> frame = wall_frame(Polygon([(0, 0), (3, 0), (3, 9), (0, 9)]))
    >>> frame.along, frame.length_m, frame.width_m
    ((0.0, 1.0), 9.0, 3.0)
    """
    ring = shapely.get_coordinates(polygon.exterior)
    steps = np.diff(ring, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    angles = np.degrees(np.arctan2(steps[:, 1], steps[:, 0])) % 90.0
    bins = np.rint(angles).astype(np.int64) % 90
    weights = np.bincount(bins, weights=np.round(lengths, 6), minlength=90)
    inside = np.flatnonzero(bins == np.argmax(weights))
    longest = steps[inside[np.argmax(np.round(lengths[inside], 6))]]
    x, y = (float(value) for value in longest / math.hypot(*longest))
    for _ in range(4):  # turn into the first quadrant, [0, 90) degrees
        if x > 1e-12 and y >= -1e-12:
            break
        x, y = -y, x
    x, y = (1.0, 0.0) if abs(y) <= 1e-12 else (x, y)
    first, second = (x, y), (-y + 0.0, x)
    extent = [ring @ np.array(axis) for axis in (first, second)]
    spans = [float(values.max() - values.min()) for values in extent]
    if spans[1] > spans[0] + 1e-6:
        third = (-second[0] + 0.0, -second[1] + 0.0)  # along, turned until it points up or right
        along = second if second[1] > 0 else third
        across = (-along[1] + 0.0, along[0])
    else:
        along, across = first, second
    lows = [ring @ np.array(axis) for axis in (along, across)]
    return WallFrame(
        along=along,
        across=across,
        start_m=float(lows[0].min()),
        cross_start_m=float(lows[1].min()),
        length_m=float(np.ptp(lows[0])),
        width_m=float(np.ptp(lows[1])),
    )
