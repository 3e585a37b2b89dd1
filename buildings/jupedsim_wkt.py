"""The walkable area of each level as well-known text, as JuPedSim reads it."""

from __future__ import annotations

from typing import Final

import shapely
from shapely import GeometryCollection, Polygon
from shapely.geometry.base import BaseGeometry

from buildings.gates import is_passable, is_walked
from buildings.ifc_geometry import GRID_M, parts_of
from buildings.plan import Plan, Portal

_OVERLAP_M: Final = 0.01
_THRESHOLD_M: Final = 0.5
"""How far the floor reaches out of an exit, so that an exit area can be drawn there."""


def walkable_wkt(plan: Plan) -> dict[str, str]:
    """Return one geometry collection of polygons for each level that has walkable floor.

    Rooms are joined by a strip as wide as the clear opening of each door; furniture and voids are
    cut out. Outside an exit half a metre of floor is added. Rooms that nothing joins stay polygons
    of their own.

    Parameters
    ----------
    plan : Plan
        The building.

    Returns
    -------
    dict of str to str
        Level id and text, lowest level first; the same plan gives the same text. Coordinates in
        metres, on the millimetre.
    """
    texts = {}
    for level in plan.levels:
        area = walkable_area(plan, level.id)
        parts = [Polygon(shapely.normalize(part)) for part in parts_of(area)]
        if parts:
            texts[level.id] = shapely.to_wkt(GeometryCollection(parts), rounding_precision=3) + "\n"
    return texts


def walkable_area(plan: Plan, level_id: str) -> BaseGeometry:
    """Return the walkable floor of a level with its doorways."""
    floors = [s.polygon for s in plan.spaces_on(level_id) if is_walked(s) and s.kind != "assembly"]
    obstacles = [s.polygon for s in plan.spaces_on(level_id) if s.obstacle_of is not None]
    doorways = [
        _doorway(plan, portal)
        for portal in plan.portals.values()
        if portal.level == level_id and is_passable(plan, portal)
    ]
    area = shapely.union_all([*floors, *doorways], grid_size=GRID_M)
    if obstacles:
        area = area.difference(shapely.union_all(obstacles), grid_size=GRID_M)
    return area


def _doorway(plan: Plan, portal: Portal) -> BaseGeometry:
    """Return the strip of floor in the wall under a door, from one room to the other."""
    sides = [plan.spaces[i] for i in (portal.from_space, portal.to_space) if i in plan.spaces]
    reach = max(float(side.polygon.distance(portal.line)) for side in sides) + _OVERLAP_M
    if portal.leads_outside:
        reach = max(reach, _THRESHOLD_M)
    return portal.line.buffer(reach, cap_style="flat")
