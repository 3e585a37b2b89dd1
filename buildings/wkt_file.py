"""A file of well-known text with the walkable area of a level, read as floor in metres."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from shapely import GEOSException, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from buildings.ifc_geometry import GRID_M, parts_of
from buildings.import_report import ImportFault, MessageLog, counted

MAX_WKT_BYTES: Final = 8 * 2**20
"""A walkable area larger than this is refused rather than read."""
MAX_WKT_CORNERS: Final = 20_000
FARTHEST_M: Final = 10_000.0
"""Floor farther than this from the origin is moved to it."""
LARGEST_M: Final = 100_000.0
USUAL_SIZES_M: Final = (5.0, 1000.0)
"""Longest side of a building's floor: outside of this the unit is probably not the metre (ours)."""
_NOTICED_M2: Final = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class WktFloor:
    """The floor of a file: separate polygons with holes on the millimetre grid, largest first.

    ``moved_m`` is what was subtracted from the coordinates of the file. ``polygons`` counts the
    polygons as written, ``holes`` the holes left in the floor, ``mended`` outlines that crossed
    themselves, ``ignored`` geometries that are not areas.
    """

    parts: tuple[Polygon, ...]
    moved_m: tuple[float, float]
    sha256: str
    polygons: int
    mended: int
    ignored: int

    @property
    def holes(self) -> int:
        """How many holes the floor has."""
        return sum(len(part.interiors) for part in self.parts)


def read_wkt_floor(path: Path, log: MessageLog) -> WktFloor:
    """Read the polygons of a file as one floor; those that touch are joined.

    Raises
    ------
    ImportFault
        If the file cannot be read, is larger than 8 MiB or has more than 20,000 corners, is not
        well-known text, or holds no area.
    """
    content = _content(path)
    shape = _shape(path, content)
    areas: list[Polygon] = []
    other: Counter[str] = Counter()
    _gather(shape, areas, other)
    if not areas:
        kinds = ", ".join(counted(n, kind) for kind, n in sorted(other.items())) or "nothing"
        raise ImportFault(f"{path}: holds {kinds}, expected a POLYGON that is the walkable area")
    if other:
        kinds = ", ".join(counted(n, kind) for kind, n in sorted(other.items()))
        log.warning("FILE", f"{kinds} left out: only polygons are floor")
    corners = sum(shapely.get_num_coordinates(area) for area in areas)
    if corners > MAX_WKT_CORNERS:
        raise ImportFault(f"{path}: {corners} corners, expected at most {MAX_WKT_CORNERS}")
    if not np.isfinite(shapely.get_coordinates(areas)).all():
        raise ImportFault(f"{path}: a coordinate is not a number, expected metres")
    areas = _flat(areas, log)
    areas, moved = _near(path, areas, log)
    mended: list[BaseGeometry] = []
    for area in areas:
        mended.append(area if area.is_valid else _made_simple(area, log))
    floor = shapely.union_all(mended, grid_size=GRID_M)
    twice = sum(shape.area for shape in mended) - floor.area
    if twice > _NOTICED_M2:
        log.note("OVERLAP", f"polygons overlap by {twice:.2f} m2; joined")
    parts = parts_of(floor)
    if not parts:
        raise ImportFault(f"{path}: its polygons have no area, expected walkable floor")
    return WktFloor(
        parts=tuple(parts),
        moved_m=moved,
        sha256=hashlib.sha256(content).hexdigest(),
        polygons=len(areas),
        mended=sum(not area.is_valid for area in areas),
        ignored=sum(other.values()),
    )


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_WKT_BYTES:
            raise ImportFault(
                f"{path}: {size / 2**20:.0f} MiB, expected a walkable area of at most "
                f"{MAX_WKT_BYTES // 2**20} MiB"
            )
        return path.read_bytes()
    except OSError as error:
        raise ImportFault(f"{path}: cannot be read ({error.strerror})") from None


def _shape(path: Path, content: bytes) -> BaseGeometry:
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise ImportFault(f"{path}: byte {error.start} is not text, expected WKT") from None
    if not text:
        raise ImportFault(f"{path}: is empty, expected POLYGON ((x y, ...)) in metres")
    try:
        with np.errstate(invalid="ignore", over="ignore"):  # numbers are checked by the caller
            return shapely.from_wkt(text)
    except (GEOSException, ValueError) as error:
        said = " ".join(str(error).split())
        raise ImportFault(
            f"{path}: is not whole well-known text ({said}), expected POLYGON, MULTIPOLYGON or "
            "GEOMETRYCOLLECTION"
        ) from None


def _gather(shape: BaseGeometry, areas: list[Polygon], other: Counter[str]) -> None:
    """Sort what a geometry holds into polygons and the rest, however deep it is nested."""
    waiting = [shape]
    while waiting:
        part = waiting.pop()
        if part.is_empty:
            continue
        if isinstance(part, Polygon):
            areas.append(part)
        elif hasattr(part, "geoms"):
            waiting.extend(reversed(part.geoms))
        else:
            other[part.geom_type.upper()] += 1


def _flat(areas: list[Polygon], log: MessageLog) -> list[Polygon]:
    """Return the polygons without their heights, and say which those were."""
    if not any(area.has_z for area in areas):
        return areas
    heights = shapely.get_coordinates(areas, include_z=True)[:, 2]
    known = heights[np.isfinite(heights)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    if high - low > _NOTICED_M2:
        log.warning(
            "LEVEL",
            f"heights from {low:g} to {high:g} m dropped: a plan's level is flat; give each level "
            "a file of its own",
        )
    else:
        log.note("LEVEL", f"height {low:g} m dropped: a plan's level is flat")
    return [shapely.force_2d(area) for area in areas]


def _near(
    path: Path, areas: list[Polygon], log: MessageLog
) -> tuple[list[Polygon], tuple[float, float]]:
    """Return the polygons near the origin, and by how much they were moved."""
    west, south, east, north = MultiPolygon(areas).bounds
    size = max(east - west, north - south)
    if size > LARGEST_M:
        raise ImportFault(
            f"{path}: the floor is {size:.0f} m long, expected metres and at most {LARGEST_M:.0f}"
        )
    low, high = USUAL_SIZES_M
    text = f"coordinates taken as metres: the floor is {east - west:.1f} x {north - south:.1f} m"
    if low <= size <= high:
        log.note("UNIT", text)
    else:
        log.warning("UNIT", f"{text}; is it drawn in another unit?")
    if max(abs(west), abs(south), abs(east), abs(north)) <= FARTHEST_M:
        return areas, (0.0, 0.0)
    moved = (float(np.floor(west)), float(np.floor(south)))
    log.note("ORIGIN", f"Origin moved by {moved[0]:.0f}, {moved[1]:.0f} m")
    return [shapely.transform(area, lambda xy: xy - np.array(moved)) for area in areas], moved


def _made_simple(area: Polygon, log: MessageLog) -> BaseGeometry:
    """Return a crossing outline as simple parts, and say what it lost."""
    x, y = shapely.get_coordinates(area)[0]
    parts = parts_of(shapely.make_valid(area))
    log.warning(
        "FLOOR",
        f"the outline that begins at ({x:.2f}, {y:.2f}) crosses itself: "
        f"{shapely.is_valid_reason(area)}; made simple, {counted(len(parts), 'part')}",
    )
    return MultiPolygon(parts)
