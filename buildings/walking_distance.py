"""How far people walk on one piece of floor, around its corners and columns."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely import Polygon

TOLERANCE_M: Final = 1e-3
"""A straight walk may leave the floor by this much: doors and cuts lie on its very edge."""
STRAIGHT: Final = 1e-6
"""Sine of the turn of a wall below which it counts as straight: 0.1 mm in 100 m."""


class WalkingFloor:
    """A polygon to walk on: shortest ways between its points, without leaving it.

    A walk is the straight line if that lies on the floor, else the shortest of all ways over the
    inner corners of the polygon (its visibility graph). Nobody keeps a distance from walls: ways
    hug the corners, as a taut string would.

    Parameters
    ----------
    polygon : Polygon
        The floor; holes are columns or yards that are walked around.

    Examples
    --------
    >>> ell = Polygon([(0, 0), (6, 0), (6, 2), (2, 2), (2, 10), (0, 10)])
    >>> floor = WalkingFloor(ell)
    >>> floor.distances([(5, 2)], [(0, 0), (2, 10), (5, 2)]).round(3).tolist()
    [[5.385, 11.0, 0.0]]
    >>> floor.path((5, 2), (2, 10)).tolist()
    [[5.0, 2.0], [2.0, 2.0], [2.0, 10.0]]
    """

    def __init__(self, polygon: Polygon) -> None:
        self.polygon = polygon
        hull = polygon.convex_hull.area
        self.is_convex = bool(hull - polygon.area <= 1e-9 * max(hull, 1.0))

    @cached_property
    def _tolerant(self) -> Polygon:
        tolerant = self.polygon.buffer(TOLERANCE_M, join_style="mitre")
        shapely.prepare(tolerant)
        return tolerant

    @cached_property
    def corners(self) -> NDArray[np.float64]:
        """The inner (reflex) corners of the floor, shape (r, 2): where ways bend."""
        oriented = shapely.orient_polygons(self.polygon)
        found = []
        for ring in (oriented.exterior, *oriented.interiors):
            points = shapely.get_coordinates(ring)[:-1]
            points = points[np.hypot(*(points - np.roll(points, -1, axis=0)).T) > 1e-9]
            came = points - np.roll(points, 1, axis=0)
            goes = np.roll(points, -1, axis=0) - points
            turn = came[:, 0] * goes[:, 1] - came[:, 1] * goes[:, 0]
            sharp = np.hypot(*came.T) * np.hypot(*goes.T) * STRAIGHT
            found.append(points[turn < -sharp])
        return np.concatenate(found).astype(np.float64)

    @cached_property
    def _between_corners(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Shortest walks between corners, and for each pair the corner that comes next."""
        n = len(self.corners)
        walks = self._straight(self.corners, self.corners)
        following = np.tile(np.arange(n), (n, 1))
        for via in range(n):
            longer = walks[:, via, None] + walks[None, via, :]
            better = longer < walks - 1e-12
            walks = np.where(better, longer, walks)
            following = np.where(better, following[:, via, None], following)
        return walks, following

    def _straight(
        self, start_xy: NDArray[np.float64], end_xy: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return straight distances, inf where the line leaves the floor."""
        lengths = _apart(start_xy, end_xy)
        if self.is_convex or lengths.size == 0:
            return lengths
        pairs = np.empty((*lengths.shape, 2, 2))
        pairs[:, :, 0] = start_xy[:, None]
        pairs[:, :, 1] = end_xy[None, :]
        free = np.asarray(shapely.covers(self._tolerant, shapely.linestrings(pairs)))
        lengths[~free & (lengths >= TOLERANCE_M)] = np.inf
        return lengths

    def distances(self, start_xy: ArrayLike, end_xy: ArrayLike) -> NDArray[np.float64]:
        """Return the walking distance from every start to every end.

        Parameters
        ----------
        start_xy : array_like, shape (n, 2)
            Points on the floor or its edge (one outside is moved to the nearest point of it).
        end_xy : array_like, shape (m, 2)
            The same.

        Returns
        -------
        ndarray, shape (n, m)
            Metres. Where the floor hangs together by a single point only, so that no way has any
            width, the straight distance stands in.
        """
        start, end = self._on_floor(start_xy), self._on_floor(end_xy)
        walks = self._straight(start, end)
        blocked = np.isinf(walks)
        if not blocked.any():
            return walks
        rows, columns = np.flatnonzero(blocked.any(axis=1)), np.flatnonzero(blocked.any(axis=0))
        between, _ = self._between_corners
        near_end = self._straight(self.corners, end[columns])
        onward = np.min(between[:, :, None] + near_end[None, :, :], axis=1, initial=np.inf)
        near_start = self._straight(start[rows], self.corners)
        around = np.full((len(rows), len(columns)), np.inf)
        for corner in range(len(self.corners)):
            np.minimum(around, near_start[:, corner, None] + onward[None, corner, :], out=around)
        block = np.ix_(rows, columns)
        walks[block] = np.where(blocked[block], around, walks[block])
        lost = np.isinf(walks)
        if lost.any():
            walks[lost] = _apart(start, end)[lost]
        return walks

    def path(self, start_xy: ArrayLike, end_xy: ArrayLike) -> NDArray[np.float64]:
        """Return the corners of the shortest way between two points, both ends included.

        Returns
        -------
        ndarray, shape (n, 2)
            At least two points; its length is what `distances` returns.
        """
        start, end = self._on_floor(start_xy), self._on_floor(end_xy)
        direct = np.concatenate((start, end))
        if np.isfinite(self._straight(start, end)[0, 0]) or len(self.corners) == 0:
            return direct
        between, following = self._between_corners
        near_start = self._straight(start, self.corners)[0]
        near_end = self._straight(self.corners, end)[:, 0]
        total = near_start[:, None] + between + near_end[None, :]
        first, last = (int(i) for i in np.unravel_index(np.argmin(total), total.shape))
        if np.isinf(total[first, last]):
            return direct
        order = [first]
        while order[-1] != last:
            order.append(int(following[order[-1], last]))
        return np.concatenate((start, self.corners[order], end))

    def _on_floor(self, xy: ArrayLike) -> NDArray[np.float64]:
        points = np.array(xy, dtype=np.float64).reshape(-1, 2)
        if self.is_convex:
            return points
        outside = np.flatnonzero(~shapely.intersects_xy(self._tolerant, points))
        for row in outside:
            points[row] = nearest_point(self.polygon, points[row])
        return points


def _apart(start_xy: NDArray[np.float64], end_xy: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = start_xy[:, None] - end_xy[None, :]
    lengths: NDArray[np.float64] = np.hypot(steps[..., 0], steps[..., 1])
    return lengths


def nearest_point(polygon: Polygon, xy: ArrayLike) -> NDArray[np.float64]:
    """Return the point of a polygon that is nearest to a point, shape (2,).

    Examples
    --------
    >>> nearest_point(shapely.box(0, 0, 2, 2), (1.0, -0.2)).tolist()
    [1.0, 0.0]
    """
    line = shapely.shortest_line(polygon, shapely.Point(np.asarray(xy, dtype=np.float64)))
    return np.asarray(shapely.get_coordinates(line)[0], dtype=np.float64)


def polyline_length_m(xy: ArrayLike) -> float:
    """Return the length of a polyline, shape (n, 2).

    Examples
    --------
    >>> polyline_length_m([(0, 0), (3, 4), (3, 5)])
    6.0
    >>> polyline_length_m([(0, 0)])
    0.0
    """
    steps = np.diff(np.asarray(xy, dtype=np.float64), axis=0)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())
