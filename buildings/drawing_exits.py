"""Finish a drawing for safety work: exterior door numbers, gathering places, call points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import shapely
from shapely import Polygon

from buildings.drawing import Drawing
from buildings.open_air import gathering_point, open_ground
from buildings.plan import Portal, Space

_NOT_BUILDING: Final = frozenset({"outdoor", "assembly", "hard_corner", "void"})


def number_exterior_doors(
    drawing: Drawing,
    main_door: str,
    *,
    prefix: str = "",
    among: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Give the doors to the open air numbers, clockwise from the main one; return their ids.

    Parameters
    ----------
    drawing : Drawing
        What is drawn so far.
    main_door : str
        The portal that gets number 1.
    prefix : str
        Letter of the building, before every number.
    among : sequence of str, optional
        Spaces of the building, where the drawing holds several.
    """
    members = [
        space
        for space in drawing.spaces.values()
        if space.kind not in _NOT_BUILDING and (among is None or space.id in among)
    ]
    inside = {space.id for space in members}
    doors = [
        portal
        for portal in drawing.portals.values()
        if portal.leads_outside and portal.kind != "window" and portal.from_space in inside
    ]
    ring = _outline([s for s in members if s.level == drawing.portals[main_door].level])
    start = _clockwise(ring, drawing.portals[main_door])
    doors.sort(key=lambda door: ((_clockwise(ring, door) - start) % 1.0, door.id))
    for count, door in enumerate(doors, start=1):
        drawing.portals[door.id] = replace(door, exterior_no=f"{prefix}{count}")
    return tuple(door.id for door in doors)


def _outline(spaces: list[Space]) -> Polygon:
    floor = shapely.union_all([space.polygon for space in spaces])
    closed = floor.buffer(0.5, join_style="mitre")
    return max(shapely.get_parts(closed), key=lambda part: part.area)


def _clockwise(outline: Polygon, door: Portal) -> float:
    """Return how far round the outline a door lies, clockwise seen from above, from 0 to 1."""
    ring = shapely.orient_polygons(outline).exterior
    return 1.0 - float(ring.project(door.midpoint, normalized=True))


def discharge_to_nearest(drawing: Drawing) -> None:
    """Let every exit that names no gathering place discharge to the one with the shortest walk.

    Walks go round the buildings, from the middle of the exit to the middle of the place.
    """
    places = [
        space
        for space in drawing.spaces.values()
        if space.assembly is not None and space.assembly.role == "evac_assembly"
    ]
    exits = [
        portal
        for portal in drawing.portals.values()
        if portal.usable_as_exit and portal.discharges_to is None
    ]
    if not places or not exits:
        return
    ground = open_ground(drawing.plan("drawing", "drawing"))
    goals = [gathering_point(place) for place in places]
    walks_m = ground.distances(
        [(portal.midpoint.x, portal.midpoint.y) for portal in exits],
        [(goal.x, goal.y) for goal in goals],
    )
    for portal, row in zip(exits, walks_m, strict=True):
        nearest = places[int(row.argmin())].id
        drawing.portals[portal.id] = replace(portal, discharges_to=nearest)


def pull_stations_at_exits(drawing: Drawing) -> None:
    """Mark a manual fire alarm box inside every door people leave the building by."""
    for portal in list(drawing.portals.values()):
        inside = drawing.spaces[portal.from_space]
        if not portal.usable_as_exit or portal.kind != "door" or inside.kind == "ramp":
            continue
        (x0, y0), (x1, y1) = portal.line.coords
        length = portal.line.length
        along = ((x1 - x0) / length, (y1 - y0) / length)
        inward = (along[1], -along[0])  # lines run left to right as seen from inside
        for end_x, end_y, sign in ((x1, y1, 1.0), (x0, y0, -1.0)):
            x = end_x + sign * 0.35 * along[0] + 0.3 * inward[0]
            y = end_y + sign * 0.35 * along[1] + 0.3 * inward[1]
            if inside.polygon.covers(shapely.Point(x, y)):
                drawing.point(
                    "pull_station", portal.level, x, y, name=f"at door {portal.exterior_no}"
                )
                break
