"""The ground around the buildings, on which people walk from the exits to assembly areas."""

from __future__ import annotations

from typing import Final

import shapely
from shapely import Point, Polygon

from buildings.plan import Plan, Space
from buildings.walking_distance import WalkingFloor

WALLS_M: Final = 0.35
"""Gaps between rooms up to twice this width are walls."""
ROUGHNESS_M: Final = 0.1
"""Bays and bumps of the outline up to this depth are left out."""
GROUNDS_M: Final = 30.0
"""How far the ground reaches beyond the last building, assembly area or exit."""


def open_ground(plan: Plan) -> WalkingFloor:
    """Return the open ground of a plan: everything but the footprints of the buildings.

    Footprints are made of the indoor spaces of every level that has a door to the outside; walls
    between rooms are filled in. Yards that are closed off on all sides are not part of the ground;
    ``outdoor`` spaces lie open and may be walked across.
    """
    levels = {portal.level for portal in plan.portals.values() if portal.leads_outside}
    indoor = [
        space.polygon
        for space in plan.spaces.values()
        if space.level in levels and space.kind not in ("outdoor", "assembly", "hard_corner")
    ]
    doors = [portal.midpoint for portal in plan.portals.values() if portal.leads_outside]
    fields = [space.polygon for space in plan.assembly_areas]
    everything = shapely.union_all([*indoor, *doors, *fields])
    if everything.is_empty:
        return WalkingFloor(shapely.box(-GROUNDS_M, -GROUNDS_M, GROUNDS_M, GROUNDS_M))
    west, south, east, north = everything.bounds
    grounds = shapely.box(west - GROUNDS_M, south - GROUNDS_M, east + GROUNDS_M, north + GROUNDS_M)
    built = shapely.union_all(indoor) if indoor else Polygon()
    built = built.buffer(WALLS_M, join_style="mitre").buffer(-WALLS_M, join_style="mitre")
    ground = grounds.difference(built.simplify(ROUGHNESS_M))
    parts = shapely.get_parts(ground)
    return WalkingFloor(max(parts, key=lambda part: part.area))


def gathering_point(area: Space) -> Point:
    """Return the point of an assembly area that walks are measured to.

    It is the centroid, or, where that lies off the area (an L-shaped field), a point inside it.

    Examples
    --------
    >>> from shapely import box
    >>> field = Space("A1", "L1", "assembly", "other", box(0, 0, 20, 10))
    >>> gathering_point(field)
    <POINT (10 5)>
    """
    centroid = area.polygon.centroid
    if area.polygon.covers(centroid):
        return centroid
    return area.polygon.representative_point()
