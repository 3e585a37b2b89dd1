"""What of a room's floor can be seen through a door's glass or a window, by straight lines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

Point2: TypeAlias = tuple[float, float]
Points: TypeAlias = NDArray[np.float64]

VIEWPOINTS: Final = 25
"""Viewpoints along an aperture at least, both ends among them."""
SPACING_M: Final = 0.025
"""Viewpoints stand no further apart. Too few of them report floor as hidden that can be seen: in
a room of 9 m by 7.5 m with four obstacles, two viewpoints 4.9 % too much, thirteen 0.29 %."""
FAR_M: Final = 1000.0
"""Sight reaches this far: across any room."""
SHALLOWEST_M: Final = 0.001
"""Depth given to an aperture in a wall without thickness, so that every viewpoint has a side."""
GRID_M: Final = 1e-10
"""Overlays of what many viewpoints see round to this grid. Sight lines through one corner differ
in their last bit; without a grid, overlays of them can lose whole pieces of floor."""
RAYS_AT_ONCE: Final = 4e6
"""Viewpoints are taken together while viewpoints times edges squared stays below this."""

_SAME_ANGLE: Final = 1e-12
_ON_LINE_M: Final = 1e-9
_NEAR_M: Final = 1e-6
_POLYGON: Final = 3


@dataclass(frozen=True, slots=True)
class Tunnel:
    """The way that sight takes through a wall: its face in the room and its far face.

    Left and right are meant as seen by somebody outside who looks into the room.

    Examples
    --------
    >>> tunnel = Tunnel((3.75, 0.0), (4.25, 0.0), (3.75, -0.25), (4.25, -0.25))
    >>> tunnel.inward, tunnel.width_m, tunnel.depth_m
    ((0.0, 1.0), 0.5, 0.25)
    """

    near_left: Point2
    near_right: Point2
    far_left: Point2
    far_right: Point2

    def __post_init__(self) -> None:
        if self.width_m <= 0.0:
            raise ValueError(f"an aperture has a width, got {self.width_m} m")

    @property
    def width_m(self) -> float:
        """Width of the near face."""
        return math.dist(self.near_left, self.near_right)

    @property
    def depth_m(self) -> float:
        """Distance between the two faces."""
        (x, y), (fx, fy), (nx, ny) = self.near_left, self.far_left, self.inward
        return (x - fx) * nx + (y - fy) * ny

    @property
    def inward(self) -> Point2:
        """Unit vector across the wall into the room."""
        dx = self.near_right[0] - self.near_left[0]
        dy = self.near_right[1] - self.near_left[1]
        length = math.hypot(dx, dy)
        return (-dy / length + 0.0, dx / length + 0.0)


def glass_viewpoints(
    tunnel: Tunnel, *, spacing_m: float = SPACING_M, at_least: int = VIEWPOINTS
) -> Points:
    """Return the places of an eye at the glass, evenly along the far face, both ends included.

    Examples
    --------
    >>> tunnel = Tunnel((0.0, 0.0), (1.0, 0.0), (0.0, -0.2), (1.0, -0.2))
    >>> len(glass_viewpoints(tunnel)), glass_viewpoints(tunnel)[[0, -1]].tolist()
    (41, [[0.0, -0.2], [1.0, -0.2]])
    """
    left, right = np.array(tunnel.far_left), np.array(tunnel.far_right)
    length = float(np.hypot(*(right - left)))
    count = max(2, at_least, math.ceil(length / spacing_m - 1e-9) + 1)
    return np.asarray(left + np.linspace(0.0, 1.0, count)[:, None] * (right - left))


class SightFloor:
    """The floor of a room on which nothing high stands, prepared to be looked into.

    Parameters
    ----------
    floor : Polygon or MultiPolygon
        Floor of the room less everything that cannot be looked over.
    """

    def __init__(self, floor: BaseGeometry) -> None:
        self.floor = shapely.orient_polygons(floor)
        starts, ends = [], []
        for part in shapely.get_parts(self.floor):
            for ring in (part.exterior, *part.interiors) if part.geom_type == "Polygon" else ():
                xy = shapely.get_coordinates(ring)
                starts.append(xy[:-1])
                ends.append(xy[1:])
        self.starts: Points = np.concatenate(starts) if starts else np.zeros((0, 2))
        self.ends: Points = np.concatenate(ends) if ends else np.zeros((0, 2))
        along = self.ends - self.starts
        keep = np.hypot(along[:, 0], along[:, 1]) > 0.0
        self.starts, self.ends, along = self.starts[keep], self.ends[keep], along[keep]
        # floor lies to the left of every edge, so this vector points into it
        self.normals: Points = np.column_stack((-along[:, 1], along[:, 0]))
        self.normals /= np.hypot(along[:, 0], along[:, 1])[:, None]
        offsets = np.einsum("ij,ij->i", self.starts, self.normals)
        depths = self.starts @ self.normals.T - offsets
        self.inner = (depths < -_ON_LINE_M).any(axis=0)
        """Edges with floor on both sides of their line: only these can hide floor."""
        self.grid_m = overlay_grid_m(floor)
        """Grid to which overlays round, coarser where coordinates are huge."""

    def stars(self, tunnel: Tunnel, viewpoints: Points) -> NDArray[np.object_]:
        """Return what is seen from each viewpoint through the tunnel, as polygons.

        A ray ends where it first leaves the floor. Between the directions of neighbouring corners
        that is always one edge, so every polygon is exact to rounding.
        """
        inward = np.array(tunnel.inward)
        near = np.array(tunnel.near_left)
        low, high = _limits(tunnel, viewpoints)
        starts, ends = self._beyond(near, inward)
        if len(starts) == 0:
            return np.array([], dtype=object)
        first, second = _angles(viewpoints, starts, inward), _angles(viewpoints, ends, inward)
        # a ray leaves the floor through the edges that have the viewpoint on their floor side;
        # seen from there, they run from right to left, which is from smaller to larger angle
        leaves = second - first > _SAME_ANGLE
        corners = np.concatenate((first, second), axis=1)
        wanted = np.concatenate((leaves, leaves), axis=1)
        wanted &= (corners > low[:, None]) & (corners < high[:, None])
        corners = np.where(wanted, corners, low[:, None])
        turns = np.sort(np.column_stack((low, corners, high)), axis=1)
        eye, step = np.nonzero(np.diff(turns, axis=1) > _SAME_ANGLE)
        along = ends - starts
        offset = starts[None, :, :] - viewpoints[:, None, :]
        reach = offset[:, :, 0] * along[:, 1] - offset[:, :, 1] * along[:, 0]
        middle = (turns[eye, step] + turns[eye, step + 1]) / 2
        hit = leaves[eye] & (first[eye] <= middle[:, None]) & (second[eye] >= middle[:, None])
        distance = np.where(
            hit, reach[eye] / np.where(hit, _sine(middle, along, inward), 1.0), np.inf
        )
        edge = np.argmin(distance, axis=1)
        seen = np.isfinite(distance[np.arange(len(edge)), edge])
        eye, step, edge = eye[seen], step[seen], edge[seen]
        if len(eye) == 0:
            return np.array([], dtype=object)
        angles = np.stack((turns[eye, step], turns[eye, step + 1]), axis=1)
        ahead = _directions(angles, inward)
        sine = ahead[..., 0] * along[edge, None, 1] - ahead[..., 1] * along[edge, None, 0]
        tips = viewpoints[eye][:, None, :] + ahead * (reach[eye, edge][:, None] / sine)[..., None]
        # each polygon begins at its eye and goes along the tips, two for every step
        looking, begins = np.unique(eye, return_index=True)
        points = np.insert(tips.reshape(-1, 2), 2 * begins, viewpoints[looking], axis=0)
        ring = np.insert(np.repeat(eye, 2), 2 * begins, looking)
        points = np.round(points / self.grid_m) * self.grid_m
        again = np.zeros(len(ring), dtype=bool)
        again[1:] = (ring[1:] == ring[:-1]) & (points[1:] == points[:-1]).all(axis=1)
        points, ring = points[~again], ring[~again]
        counts = np.bincount(ring)
        enough = counts[ring] >= 3
        points, ring = points[enough], np.unique(ring[enough], return_inverse=True)[1]
        if len(ring) == 0:
            return np.array([], dtype=object)
        made: NDArray[np.object_] = shapely.polygons(shapely.linearrings(points, indices=ring))
        crossed = ~shapely.is_valid(made)
        if crossed.any():
            made[crossed] = shapely.make_valid(made[crossed], method="structure")
        return made

    def _beyond(self, near: Points, inward: Points) -> tuple[Points, Points]:
        """Return the edges, cut where they come out of the wall that holds the aperture."""
        start_depth = (self.starts - near) @ inward
        end_depth = (self.ends - near) @ inward
        keep = np.maximum(start_depth, end_depth) > _ON_LINE_M
        starts, ends = self.starts[keep].copy(), self.ends[keep].copy()
        d0, d1 = start_depth[keep], end_depth[keep]
        for mine, other, here, there in ((starts, ends, d0, d1), (ends, starts, d1, d0)):
            behind = here < 0.0
            share = here[behind] / (here[behind] - there[behind])
            mine[behind] += share[:, None] * (other[behind] - mine[behind])
        return starts, ends


def visible_floor(
    floor: SightFloor, tunnel: Tunnel, viewpoints: Points | None = None
) -> BaseGeometry:
    """Return the part of a floor that is seen from any of the viewpoints through a tunnel.

    Parameters
    ----------
    floor : SightFloor
        The floor looked into.
    tunnel : Tunnel
        The aperture looked through.
    viewpoints : array, shape (n, 2), optional
        Where eyes are, on the far side of the wall; by default at the glass, along the far face
        (:func:`glass_viewpoints`), which nobody further away can outdo.

    Returns
    -------
    geometry
        Polygons within the floor; empty where nothing is seen.

    Notes
    -----
    At the glass, the whole is first bounded by the two lines that cross in the tunnel from end to
    end. Where no edge stands inside these bounds every point between them is seen from some
    viewpoint, and they are the answer. Otherwise viewpoints are taken in rounds, ends and middle
    first, until nothing between the bounds is left to be hidden or all have looked.

    Examples
    --------
    >>> room = SightFloor(shapely.box(0, 0, 8, 6))
    >>> tunnel = Tunnel((3.75, 0.0), (4.25, 0.0), (3.75, -0.25), (4.25, -0.25))
    >>> round(48.0 - visible_floor(room, tunnel).area, 9)
    7.03125
    """
    if viewpoints is None:
        if tunnel.depth_m < SHALLOWEST_M / 2:
            raise ValueError(f"an eye at the glass needs a wall, got {tunnel.depth_m} m of depth")
        bounds = shapely.intersection(_bounds(tunnel), floor.floor, grid_size=floor.grid_m)
        bounds = only_polygons(bounds)
        edges = shapely.linestrings(
            np.stack((floor.starts[floor.inner], floor.ends[floor.inner]), axis=1)
        )
        if not shapely.dwithin(edges, bounds, _NEAR_M).any():
            return bounds
        viewpoints = glass_viewpoints(tunnel)
    else:
        bounds = floor.floor
    dark = bounds
    at_once = max(1, int(RAYS_AT_ONCE / max(len(floor.starts), 1) ** 2))
    for some in _batches(_rounds(len(viewpoints)), at_once):
        stars = floor.stars(tunnel, viewpoints[some])
        if len(stars):
            lit = polygons_of(shapely.intersection(stars, dark, grid_size=floor.grid_m))
            all_lit = shapely.union_all(lit, grid_size=floor.grid_m)
            dark = only_polygons(shapely.difference(dark, all_lit, grid_size=floor.grid_m))
        if dark.area < 1e-12:
            return bounds
    return only_polygons(shapely.difference(bounds, dark, grid_size=floor.grid_m))


def overlay_grid_m(geometry: BaseGeometry) -> float:
    """Return the grid for overlays of a geometry: coarser where coordinates are huge."""
    largest = float(np.abs(shapely.get_coordinates(geometry)).max(initial=1.0))
    return float(GRID_M * 10.0 ** max(0, math.ceil(math.log10(largest / 1e4))))


def polygons_of(geometries: BaseGeometry | NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the polygons that geometries consist of; lines and points have no floor."""
    parts: NDArray[np.object_] = shapely.get_parts(shapely.get_parts(geometries))
    keep: NDArray[np.bool_] = (shapely.get_type_id(parts) == _POLYGON) & ~shapely.is_empty(parts)
    return np.asarray(parts[keep])


def only_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry without the lines and points that an overlay left in it."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    return shapely.multipolygons(polygons_of(geometry))


def _rounds(count: int) -> list[list[int]]:
    """Return viewpoint numbers in rounds: ends and middle, eight between them, all others.

    Examples
    --------
    >>> _rounds(5)
    [[0, 2, 4], [1, 3]]
    """
    left = set(range(count))
    rounds = []
    for parts in (2, 10):
        some = sorted({round(k * (count - 1) / parts) for k in range(parts + 1)} & left)
        left -= set(some)
        rounds.append(some)
    return [some for some in (*rounds, sorted(left)) if some]


def _batches(rounds: list[list[int]], at_once: int) -> Iterator[list[int]]:
    """Yield each round in pieces that fit into memory."""
    for some in rounds:
        for first in range(0, len(some), at_once):
            yield some[first : first + at_once]


def _limits(tunnel: Tunnel, viewpoints: Points) -> tuple[Points, Points]:
    """Return the directions between which each viewpoint sees through both faces."""
    inward = np.array(tunnel.inward)
    sides = []
    for ends, open_ended in (
        ((tunnel.near_right, tunnel.far_right), -math.pi / 2),
        ((tunnel.near_left, tunnel.far_left), math.pi / 2),
    ):
        found = []
        for end in ends:
            at_end = np.hypot(*(np.array(end) - viewpoints).T) < _ON_LINE_M
            angle = _angles(viewpoints, np.array([end]), inward)[:, 0]
            found.append(np.where(at_end, open_ended, angle))
        sides.append(np.stack(found))
    return sides[0].max(axis=0), sides[1].min(axis=0)


def _angles(viewpoints: Points, points: Points, inward: Points) -> Points:
    """Return the direction of each point from each viewpoint, to the left of inward positive."""
    offset = points[None, :, :] - viewpoints[:, None, :]
    ahead = offset @ inward
    aside = inward[0] * offset[:, :, 1] - inward[1] * offset[:, :, 0]
    return np.asarray(np.arctan2(aside, ahead), dtype=np.float64)


def _directions(angles: Points, inward: Points) -> Points:
    """Return unit vectors at angles to the left of inward; the last axis is x, y."""
    cos, sin = np.cos(angles), np.sin(angles)
    return np.stack((cos * inward[0] - sin * inward[1], cos * inward[1] + sin * inward[0]), axis=-1)


def _sine(angles: Points, along: Points, inward: Points) -> Points:
    """Return the cross product of the direction at each angle with each edge."""
    ahead = _directions(angles, inward)
    return np.asarray(ahead[:, :1] * along[:, 1] - ahead[:, 1:] * along[:, 0])


def _bounds(tunnel: Tunnel) -> Polygon:
    """Return everything between the two lines from end to end of the tunnel, and the tunnel."""
    inward = np.array(tunnel.inward)
    near_left, near_right = np.array(tunnel.near_left), np.array(tunnel.near_right)
    far_left, far_right = np.array(tunnel.far_left), np.array(tunnel.far_right)
    left, right = near_left - far_right, near_right - far_left
    tip_left = near_left + FAR_M * left / np.hypot(*left)
    tip_right = near_right + FAR_M * right / np.hypot(*right)
    return Polygon(
        np.array(
            [far_left, far_right, near_right, tip_right, tip_right + FAR_M * inward,
             tip_left + FAR_M * inward, tip_left, near_left]
        )
    )  # fmt: skip
