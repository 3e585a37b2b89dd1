"""Rooms where a building model draws walls only: the floor that walls and doors enclose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from buildings.ifc_geometry import Mesh, line_through, parts_of
from buildings.ifc_records import IfcOpening

WALL_HEIGHT_M: Final = 1.8
"""What is lower divides a room (a toilet partition, a parapet) but does not make one."""
BREAST_M: Final = 1.0
BRIDGED_M: Final = 0.05
"""Gaps between walls up to this are closed without asking."""
WIDEST_GAP_M: Final = 1.3
"""Gaps up to this are looked for where walls enclose nothing, and told."""
SMALLEST_ROOM_M2: Final = 1.5
NARROWEST_ROOM_M: Final = 0.9
_SMALLEST_CLOSET_M2: Final = 0.8
_AT_DOOR_M: Final = 0.35
_STARTS_NEAR_M: Final = 0.6
_LEAF_M: Final = 0.1
_GAP_STEP_M: Final = 0.1
_CUT_SHORT: Final = 1.05
_MEETS_M: Final = 0.02
_MOST_GAPS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class WallGap:
    """A place where walls would have to meet to close a room: its middle, its width at most."""

    x_m: float
    y_m: float
    width_m: float
    area_m2: float


@dataclass(frozen=True, slots=True, eq=False)
class Enclosed:
    """A floor closed by walls: its outline, whether a door leads to it, whether gaps were closed.

    ``bridged`` says that it is closed only over gaps of at most 5 cm.
    """

    outline: Polygon
    has_door: bool
    bridged: bool


@dataclass(frozen=True, slots=True, eq=False)
class WallWork:
    """What the walls of one storey enclose: rooms, what is too small for one, and open places."""

    walls: int
    rooms: tuple[Enclosed, ...]
    cavities: int
    gaps: tuple[WallGap, ...]


def standing_walls(walls: Sequence[Mesh], elevation_m: float) -> list[Mesh]:
    """Return the walls that part rooms on a storey: breast-high there, and as tall as a person."""
    breast = elevation_m + BREAST_M
    return [
        wall
        for wall in walls
        if wall.z_low_m < breast < wall.z_high_m
        and wall.z_high_m - max(wall.z_low_m, elevation_m) >= WALL_HEIGHT_M
    ]


def begins_on(walls: Sequence[Mesh], elevation_m: float) -> bool:
    """Return whether a wall stands on a storey, rather than passing through it from below."""
    return any(
        abs(wall.z_low_m - elevation_m) <= _STARTS_NEAR_M
        for wall in standing_walls(walls, elevation_m)
    )


def enclosed_floors(
    walls: Sequence[Mesh],
    columns: Sequence[Mesh],
    openings: Sequence[IfcOpening],
    elevation_m: float,
) -> WallWork:
    """Return the floors that the walls of a storey enclose.

    Walls are taken without the holes that doors and windows cut into them; a door or window that
    stands in no wall closes the gap that it stands in. What remains of the ground inside, in one
    piece without a way to the open, is a floor. One that is smaller than 1.5 m2 or narrower than
    0.9 m and has no door is a shaft or a cavity.

    Parameters
    ----------
    walls, columns : sequence of Mesh
        Solids of the whole building.
    openings : sequence of IfcOpening
        Its doors, holes in walls and windows.
    elevation_m : float
        Height of the storey.
    """
    standing = standing_walls(walls, elevation_m)
    if not standing:
        return WallWork(0, (), 0, ())
    bare = shapely.union_all(
        [mesh.shadow() for mesh in (*standing, *standing_walls(columns, elevation_m))]
    )
    here = [o for o in openings if -0.5 <= o.z_m - elevation_m <= WALL_HEIGHT_M]
    leaves = [leaf for leaf in map(_leaf, here) if not bare.buffer(0.01).covers(leaf)]
    solid = shapely.union_all(
        [bare, *(leaf.buffer(_LEAF_M / 2, cap_style="square") for leaf in leaves)]
    )
    ways = [_leaf(o) for o in here if o.kind != "window"]
    rooms, cavities = [], 0
    unbridged = shapely.STRtree(_ground(solid, 0.0).enclosed)
    for face in _ground(solid, BRIDGED_M / 2).enclosed:
        has_door = any(face.distance(way) <= _AT_DOOR_M for way in ways)
        if not _is_room(face) and not (has_door and _is_closet(face)):
            cavities += 1
            continue
        before = [
            unbridged.geometries[k].area
            for k in unbridged.query(face.representative_point(), predicate="within")
        ]
        bridged = not before or before[0] > _CUT_SHORT * face.area
        rooms.append(Enclosed(face, has_door, bridged))
    return WallWork(len(standing), tuple(rooms), cavities, tuple(_gaps(solid)))


def _leaf(opening: IfcOpening) -> LineString:
    """Return the line across an opening."""
    return line_through(opening.middle, opening.along, max(opening.width_m, 0.01))


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """The ground between walls, taken apart where it is narrower than twice a radius.

    ``cores`` are the enclosed pieces without the strip of that radius along walls, ``enclosed``
    the same with it; ``open_core`` is the ground around the building without the strip.
    """

    enclosed: list[Polygon]
    cores: list[Polygon]
    open_core: BaseGeometry


def _ground(solid: BaseGeometry, radius_m: float) -> _Ground:
    """Take apart the ground between walls."""
    sheet = shapely.box(*solid.bounds).buffer(2.0, join_style="mitre")
    free = sheet.difference(solid)
    cores = parts_of(sheet.difference(solid.buffer(radius_m) if radius_m else solid))
    inside = sorted(
        (core for core in cores if core.distance(sheet.exterior) > 1e-6), key=lambda p: p.bounds
    )
    whole = [parts_of(_grown(core, radius_m).intersection(free))[0] for core in inside]
    outside = [core for core in cores if core.distance(sheet.exterior) <= 1e-6]
    return _Ground(whole, inside, shapely.union_all(outside))


def _grown(shape: BaseGeometry, radius_m: float) -> BaseGeometry:
    """Return a shape wider by a radius, its corners kept."""
    return shape.buffer(radius_m, join_style="mitre", mitre_limit=2.0) if radius_m else shape


def _is_room(face: Polygon) -> bool:
    """Return whether a floor is large and wide enough for a room."""
    return bool(face.area >= SMALLEST_ROOM_M2 and _width_m(face) >= NARROWEST_ROOM_M)


def _is_closet(face: Polygon) -> bool:
    return bool(face.area >= _SMALLEST_CLOSET_M2 and _width_m(face) >= NARROWEST_ROOM_M / 2)


def _width_m(face: Polygon) -> float:
    """Return the width of the widest circle on a floor."""
    return 2.0 * float(shapely.maximum_inscribed_circle(face, tolerance=0.02).length)


def _gaps(solid: BaseGeometry) -> list[WallGap]:
    """Return the places where walls leave a room open to the outside, the narrowest first.

    Gaps are closed step by step, 0.1 m wider each time; a floor that becomes enclosed shows where.
    """
    outside = _ground(solid, BRIDGED_M / 2).open_core
    found: list[WallGap] = []
    known: list[Polygon] = []
    for width in np.arange(_GAP_STEP_M, WIDEST_GAP_M + 1e-9, _GAP_STEP_M):
        radius = float(width) / 2
        ground = _ground(solid, radius)
        for face, core in zip(ground.enclosed, ground.cores, strict=True):
            if (
                not _is_room(face)
                or not outside.covers(core.representative_point())
                or any(core.intersects(other) for other in known)
            ):
                continue
            known.append(face)
            reach = radius + _MEETS_M
            between = core.buffer(reach).intersection(ground.open_core.buffer(reach))
            for piece in parts_of(between.difference(solid))[:_MOST_GAPS]:
                at = piece.representative_point()
                found.append(
                    WallGap(round(at.x, 2), round(at.y, 2), round(2 * radius, 1), face.area)
                )
    return found
