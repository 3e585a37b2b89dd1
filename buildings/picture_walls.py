"""The walls of a level as the dark mass between its spaces, with the openings cut out of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from buildings.plan import OUTSIDE, Plan, Portal, Space

OUTER_WALL_M: Final = 0.24
"""Drawn thickness of the outside walls, which no plan file states."""
THIN_WALL_M: Final = 0.12
"""Drawn thickness of a wall between two spaces that are stored without a gap."""
GAP_M: Final = 0.9
"""Gaps between spaces up to this width are taken for walls and shafts and drawn solid."""
CUT_DEPTH_M: Final = 0.45
"""How far to each side of a portal's line its opening is cut through the wall."""

_NOT_BUILDING: Final = frozenset({"outdoor", "assembly", "hard_corner"})


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a portal passes the wall, as the picture needs it.

    ``left`` and ``right`` are the ends of the clear line as seen by someone in ``from`` who looks
    at it; ``ahead`` is the unit vector from ``from`` to ``to``. The wall reaches from ``near_m``
    (towards ``from``, <= 0) to ``far_m`` (>= 0) along ``ahead``.
    """

    portal: Portal
    left: tuple[float, float]
    right: tuple[float, float]
    ahead: tuple[float, float]
    near_m: float
    far_m: float

    @property
    def middle(self) -> tuple[float, float]:
        """Middle of the clear line."""
        return ((self.left[0] + self.right[0]) / 2, (self.left[1] + self.right[1]) / 2)

    def at(self, across: float, along_m: float) -> tuple[float, float]:
        """Return the point ``across`` (0 left end, 1 right end) and ``along_m`` ahead of it."""
        return (
            self.left[0] + across * (self.right[0] - self.left[0]) + along_m * self.ahead[0],
            self.left[1] + across * (self.right[1] - self.left[1]) + along_m * self.ahead[1],
        )

    @property
    def outward(self) -> Literal[-1, 0, 1]:
        """1 if the open air lies ahead, -1 if behind, 0 if the portal joins two spaces."""
        if self.portal.to_space == OUTSIDE:
            return 1
        return -1 if self.portal.from_space == OUTSIDE else 0


@dataclass(frozen=True, slots=True, eq=False)
class LevelShape:
    """The building mass of one level: footprint, solid walls, and its openings."""

    footprint: BaseGeometry
    walls: BaseGeometry
    openings: tuple[Opening, ...]


def inside_spaces(plan: Plan, level_id: str) -> tuple[Space, ...]:
    """Return the spaces of a level that lie in the building and are floor of their own."""
    return tuple(
        space
        for space in plan.spaces_on(level_id)
        if space.kind not in _NOT_BUILDING and space.obstacle_of is None
    )


def stairs_from_below(plan: Plan, level_id: str) -> tuple[Space, ...]:
    """Return the flights that arrive at a level from below, and the landings between them.

    A flight is stored on its lower level; the picture of its upper level shows it too, unless
    that level has floor of its own at the same place (a stair that goes on upwards).
    """
    own = shapely.union_all([space.polygon for space in inside_spaces(plan, level_id)])
    flights = [
        space
        for space in plan.spaces.values()
        if space.stair is not None and space.stair.to_level == level_id and space.level != level_id
    ]
    landings = [
        space
        for space in plan.spaces.values()
        if space.kind == "landing"
        and any(
            space.level == flight.level and space.polygon.distance(flight.polygon) < 0.3
            for flight in flights
        )
    ]
    return tuple(
        space
        for space in (*flights, *landings)
        if space.polygon.intersection(own).area < 0.3 * space.area_m2
    )


def level_shape(plan: Plan, level_id: str) -> LevelShape:
    """Return footprint, walls and openings of a level.

    Parameters
    ----------
    plan : Plan
        The building.
    level_id : str
        One of its levels.

    Returns
    -------
    LevelShape
        Geometry in metres; stairs that arrive from below count as floor of the level.
    """
    spaces = inside_spaces(plan, level_id) + stairs_from_below(plan, level_id)
    floor = shapely.union_all([space.polygon for space in spaces])
    half_gap = GAP_M / 2
    # mitred joins keep corners square; the limit stops long spikes at acute corners
    closed = floor.buffer(half_gap, join_style="mitre", mitre_limit=2.0).buffer(
        -half_gap, join_style="mitre", mitre_limit=2.0
    )
    footprint = closed.union(floor).buffer(OUTER_WALL_M, join_style="mitre", mitre_limit=2.0)
    solid = shapely.union_all([footprint.difference(floor), *_contact_walls(plan, spaces)])
    openings = tuple(
        _opening(plan, portal, solid)
        for portal in plan.portals.values()
        if portal.line.length >= 0.05 and _is_shown(plan, portal, level_id, spaces)
    )
    cuts = [_cut(opening) for opening in openings]
    walls = shapely.difference(solid, shapely.union_all(cuts)) if cuts else solid
    return LevelShape(footprint, walls, openings)


def _contact_walls(plan: Plan, spaces: tuple[Space, ...]) -> Iterator[BaseGeometry]:
    """Yield thin walls along the lines where two spaces touch and nothing says they are open."""
    open_pairs = {
        frozenset((portal.from_space, portal.to_space))
        for portal in plan.portals.values()
        if portal.kind == "virtual"
    }
    polygons = [space.polygon for space in spaces]
    tree = shapely.STRtree(polygons)
    pairs = tree.query(polygons, predicate="dwithin", distance=0.02)
    for first, second in sorted(zip(*pairs.tolist(), strict=True)):
        if first >= second:
            continue
        if frozenset((spaces[first].id, spaces[second].id)) in open_pairs:
            continue
        shared = polygons[first].boundary.intersection(polygons[second].buffer(0.03))
        if shared.length > 0.1:
            yield shared.buffer(THIN_WALL_M / 2, cap_style="square", join_style="mitre")


def _is_shown(plan: Plan, portal: Portal, level_id: str, spaces: tuple[Space, ...]) -> bool:
    """Tell whether a portal belongs to the picture of a level.

    The way from a flight to the corridor above belongs to the upper level, wherever it is stored.
    """
    sides = [plan.spaces[s] for s in (portal.from_space, portal.to_space) if s in plan.spaces]
    floors = {space.level for space in sides if space.kind != "stair"} or {portal.level}
    if level_id in floors:
        return True
    shown = {space.id for space in spaces if space.level != level_id}
    return bool(shown) and all(space.id in shown for space in sides)


def _opening(plan: Plan, portal: Portal, solid: BaseGeometry) -> Opening:
    start, end = portal.line.coords[0], portal.line.coords[-1]
    length = max(math.dist(start, end), 1e-9)
    # the line turned by +90 degrees: whoever looks that way has the start at the left
    ahead = (-(end[1] - start[1]) / length, (end[0] - start[0]) / length)
    left, right = (start[0], start[1]), (end[0], end[1])
    if _from_lies_ahead(plan, portal, ahead):
        ahead = (-ahead[0], -ahead[1])
        left, right = right, left
    flat = Opening(portal, left, right, ahead, -CUT_DEPTH_M, CUT_DEPTH_M)
    near_m, far_m = _wall_depth(flat, solid)
    return Opening(portal, left, right, ahead, near_m, far_m)


def _from_lies_ahead(plan: Plan, portal: Portal, ahead: tuple[float, float]) -> bool:
    """Tell on which side of a portal's line its ``from`` space lies, by two probes."""
    middle = portal.midpoint
    for space_id, sign in ((portal.from_space, 1.0), (portal.to_space, -1.0)):
        space = plan.spaces.get(space_id)
        if space is None:
            continue
        for step_m in (0.15, 0.35, 0.6, 1.0):
            dx, dy = ahead[0] * step_m, ahead[1] * step_m
            front = space.polygon.distance(shapely.Point(middle.x + dx, middle.y + dy))
            back = space.polygon.distance(shapely.Point(middle.x - dx, middle.y - dy))
            if abs(front - back) > 1e-6:
                return bool((back - front) * sign > 0)
    return False


def _wall_depth(opening: Opening, solid: BaseGeometry) -> tuple[float, float]:
    """Measure along ``ahead`` how much wall lies at the middle of an opening."""
    probe = LineString([opening.at(0.5, opening.near_m), opening.at(0.5, opening.far_m)])
    inside = probe.intersection(solid)
    nearest = [
        part
        for part in shapely.get_parts(inside)
        if part.length > 1e-6 and part.distance(shapely.Point(opening.middle)) < 0.2
    ]
    if not nearest:
        return -THIN_WALL_M / 2, THIN_WALL_M / 2
    offsets = [
        (x - opening.middle[0]) * opening.ahead[0] + (y - opening.middle[1]) * opening.ahead[1]
        for part in nearest
        for x, y in part.coords
    ]
    return min(*offsets, 0.0), max(*offsets, 0.0)


def _cut(opening: Opening) -> Polygon:
    """Return the rectangle that an opening takes out of the walls."""
    slack_m = 0.01
    near_m, far_m = opening.near_m - slack_m, opening.far_m + slack_m
    return Polygon(
        [
            opening.at(0.0, near_m),
            opening.at(1.0, near_m),
            opening.at(1.0, far_m),
            opening.at(0.0, far_m),
        ]
    )
