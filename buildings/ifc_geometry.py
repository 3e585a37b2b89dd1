"""Floor outlines and stair treads out of the solids of an IFC file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

GRID_M: Final = 0.001
"""Plans are kept to the millimetre."""
CRACK_M: Final = 0.001
"""Parts of one outline that lie closer than twice this are the same floor."""
_UNION_GRID_M: Final = 1e-4
FAR_M: Final = 1000.0
"""A building farther than this from the origin is moved to it."""
_FACING: Final = 0.99
_SAME_HEIGHT_M: Final = 0.02
_TREAD_SHARE: Final = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """A solid as triangles: vertices (n, 3) in metres and vertex numbers (m, 3)."""

    vertices: NDArray[np.float64]
    triangles: NDArray[np.int64]

    @property
    def z_low_m(self) -> float:
        """Lowest height of the solid."""
        return float(self.vertices[:, 2].min())

    @property
    def z_high_m(self) -> float:
        """Greatest height of the solid."""
        return float(self.vertices[:, 2].max())

    def moved(self, shift: NDArray[np.float64]) -> Mesh:
        """Return the mesh moved by a vector."""
        return Mesh(self.vertices + shift, self.triangles)

    def _upward(self) -> NDArray[np.float64]:
        """Return for every triangle the upward part of its unit normal, 0 for a sliver."""
        a, b, c = (self.vertices[self.triangles[:, k]] for k in range(3))
        normal = np.cross(b - a, c - a)
        length = np.linalg.norm(normal, axis=1)
        upward: NDArray[np.float64] = np.zeros(len(length))
        np.divide(normal[:, 2], length, out=upward, where=length > 1e-12)
        return upward

    def _flat(self, chosen: NDArray[np.bool_]) -> BaseGeometry:
        """Return the union of the chosen triangles seen from above."""
        corners = self.vertices[self.triangles[chosen]][:, :, :2]
        return shapely.union_all(shapely.polygons(corners), grid_size=_UNION_GRID_M)

    def footprint(self) -> BaseGeometry:
        """Return the outline of the faces that look down, or of everything if none does."""
        upward = self._upward()
        down = upward < -_FACING
        return self._flat(down if down.any() else np.abs(upward) > 1e-9)

    def shadow(self) -> BaseGeometry:
        """Return the outline of the whole solid seen from above."""
        return self._flat(np.abs(self._upward()) > 1e-9)

    def treads(self) -> tuple[Tread, ...]:
        """Return the level faces that a foot can stand on, from the lowest up.

        Faces within 2 cm of height are one tread; those with less than 40 % of the largest area
        (tops of riser boards, nosings) are left out.
        """
        up = np.flatnonzero(self._upward() > _FACING)
        if not up.size:
            return ()
        heights = self.vertices[self.triangles[up]][:, :, 2].mean(axis=1)
        order = np.argsort(heights, kind="stable")
        breaks = np.flatnonzero(np.diff(heights[order]) > _SAME_HEIGHT_M) + 1
        found = []
        for group in np.split(order, breaks):
            chosen = np.zeros(len(self.triangles), dtype=np.bool_)
            chosen[up[group]] = True
            found.append(Tread(float(heights[group].max()), self._flat(chosen)))
        largest = max(tread.shape.area for tread in found)
        return tuple(tread for tread in found if tread.shape.area >= _TREAD_SHARE * largest)


def prism(outline: Polygon, z_low_m: float, z_high_m: float) -> Mesh:
    """Return the floor and the ceiling of a room with this outline as a mesh, without its walls.

    Examples
    --------
    >>> from shapely import box
    >>> room = prism(box(0, 0, 3, 2), 1.0, 3.5)
    >>> round(room.footprint().area, 6), room.z_low_m, room.z_high_m
    (6.0, 1.0, 3.5)
    """
    pieces = shapely.constrained_delaunay_triangles(outline)
    flat = np.array(
        [shapely.orient_polygons(p).exterior.coords[:3] for p in shapely.get_parts(pieces)]
    )
    flat = flat[:, :, :2]
    low = np.dstack((flat[:, ::-1], np.full(flat.shape[:2], z_low_m)))
    high = np.dstack((flat, np.full(flat.shape[:2], z_high_m)))
    vertices = np.vstack((low, high)).reshape(-1, 3)
    return Mesh(vertices, np.arange(len(vertices), dtype=np.int64).reshape(-1, 3))


def joined_meshes(meshes: Sequence[Mesh]) -> Mesh:
    """Return several solids as one."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    return Mesh(
        np.vstack([mesh.vertices for mesh in meshes]),
        np.vstack([mesh.triangles + s for mesh, s in zip(meshes, starts, strict=True)]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Tread:
    """One level face of a stair: its height and its outline."""

    z_m: float
    shape: BaseGeometry

    @property
    def centre(self) -> NDArray[np.float64]:
        """Middle of the tread as (x, y)."""
        return np.array(self.shape.centroid.coords[0])


def close_cracks(shape: BaseGeometry) -> BaseGeometry:
    """Join parts of an outline that are separated by a crack of at most 2 mm.

    Examples
    --------
    >>> from shapely import MultiPolygon, box
    >>> close_cracks(MultiPolygon([box(0, 0, 1, 1), box(1.001, 0, 2, 1)])).geom_type
    'Polygon'
    """
    return shape.buffer(CRACK_M, join_style="mitre").buffer(-CRACK_M, join_style="mitre")


def parts_of(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a shape, largest first, lines and points left out.

    Examples
    --------
    >>> from shapely import MultiPolygon, box
    >>> [part.area for part in parts_of(MultiPolygon([box(0, 0, 1, 1), box(2, 0, 5, 1)]))]
    [3.0, 1.0]
    """
    polygons = [p for p in shapely.get_parts(shape) if isinstance(p, Polygon) and not p.is_empty]
    return sorted(polygons, key=lambda p: (-round(p.area, 6), p.bounds))


def to_grid(polygon: Polygon) -> Polygon:
    """Return a polygon on the millimetre grid, outer ring anticlockwise, first corner fixed.

    Spikes that vanish on the grid are dropped; if it falls apart the largest part is kept.
    """
    straight = polygon.simplify(GRID_M / 2)
    snapped = parts_of(shapely.set_precision(straight, GRID_M))
    if not snapped:
        return polygon
    return Polygon(shapely.normalize(snapped[0])).reverse()


def regular(shape: BaseGeometry, *, share: float = 0.97) -> Polygon:
    """Return the smallest rectangle around a shape if it nearly fills it, else its outline."""
    whole = close_cracks(shape)
    outline = parts_of(whole)[0]
    rectangle = whole.minimum_rotated_rectangle
    if isinstance(rectangle, Polygon) and outline.area >= share * rectangle.area > 0:
        return rectangle
    return outline


def without_strips(shape: BaseGeometry, narrower_than_m: float) -> list[Polygon]:
    """Return what is left of a floor without strips too narrow to walk, largest part first."""
    half = narrower_than_m / 2
    kept = shape.buffer(-half, join_style="mitre").buffer(half, join_style="mitre")
    return parts_of(kept.intersection(shape))


def straight_runs(lines: BaseGeometry, *, at_least_m: float) -> list[LineString]:
    """Return the straight pieces of a line work that are long enough, in a fixed order.

    Corners of more than 5 degrees end a piece.
    """
    merged = shapely.line_merge(shapely.set_precision(lines, GRID_M))
    pieces: list[LineString] = []
    for line in shapely.get_parts(merged):
        if isinstance(line, LineString) and not line.is_empty:
            pieces.extend(_at_corners(np.array(line.coords)))
    long_enough = [_eastward(piece) for piece in pieces if piece.length >= at_least_m]
    return sorted(long_enough, key=lambda line: line.bounds)


def split_evenly(line: LineString, *, longest_m: float) -> list[LineString]:
    """Return a straight line as equal pieces, none longer than asked.

    Examples
    --------
    >>> [piece.length for piece in split_evenly(LineString([(0, 0), (3, 0)]), longest_m=1.2)]
    [1.0, 1.0, 1.0]
    """
    count = max(1, int(np.ceil(line.length / longest_m - 1e-9)))
    ends = np.linspace(line.coords[0], line.coords[-1], count + 1)
    return [LineString(ends[k : k + 2]) for k in range(count)]


def line_through(
    middle: NDArray[np.float64], direction: NDArray[np.float64], length_m: float
) -> LineString:
    """Return a line on the millimetre grid with this middle, direction and length."""
    half = direction / np.linalg.norm(direction) * length_m / 2
    return LineString(np.round([middle - half, middle + half], 3))


def extent_along(
    points: Iterable[Iterable[float]], axis: NDArray[np.float64]
) -> tuple[float, float]:
    """Return the least and greatest position of points along an axis."""
    along = np.array([tuple(point)[:2] for point in points]) @ axis
    return float(along.min()), float(along.max())


def corners_of(shape: BaseGeometry) -> NDArray[np.float64]:
    """Return all corners of a shape as (n, 2)."""
    return np.asarray(shapely.get_coordinates(shape), dtype=np.float64)


def shift_to_origin(meshes: Sequence[Mesh]) -> NDArray[np.float64]:
    """Return the move (whole metres) that brings a far-away building to the origin, else zero."""
    if not meshes:
        return np.zeros(3)
    low = np.min([mesh.vertices[:, :2].min(axis=0) for mesh in meshes], axis=0)
    high = np.max([mesh.vertices[:, :2].max(axis=0) for mesh in meshes], axis=0)
    if max(np.abs(low).max(), np.abs(high).max()) <= FAR_M:
        return np.zeros(3)
    return np.array([-np.floor(low[0]), -np.floor(low[1]), 0.0])


def _at_corners(points: NDArray[np.float64]) -> list[LineString]:
    """Return a polyline cut where it turns by more than 5 degrees."""
    steps = np.diff(points, axis=0)
    bearings = np.degrees(np.arctan2(steps[:, 1], steps[:, 0]))
    turns = np.abs((np.diff(bearings) + 180) % 360 - 180)
    cuts = [0, *(np.flatnonzero(turns > 5) + 1).tolist(), len(points) - 1]
    return [LineString([points[a], points[b]]) for a, b in pairwise(cuts)]


def _eastward(line: LineString) -> LineString:
    """Return the line running from its smaller to its larger end."""
    return LineString(sorted(line.coords))
