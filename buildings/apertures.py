"""Every place where one can look into a room: door glass, windows, openings; covered or not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from buildings.plan import OUTSIDE, Plan, Portal, Space
from buildings.sightlines import SHALLOWEST_M, Point2, Tunnel

ApertureKind: TypeAlias = Literal["door glass", "window", "opening", "open door"]
Doors: TypeAlias = Literal["closed", "open"]
Covers: TypeAlias = Literal["as found", "closed", "open"]

WALL_T_M: Final = 0.15
"""Thickness of a wall where neither the portal nor the building says it. A thinner wall hides
less floor."""
REACH_M: Final = 0.6
"""A room lies no further than this from the line of its door or window."""
SIDELIGHT_REACH_M: Final = 1.0
"""A sidelight stands no further than this from its door."""

_DOORS: Final = ("door", "exit", "gate")


@dataclass(frozen=True, slots=True)
class SightRules:
    """What is open while a room is looked into.

    Parameters
    ----------
    doors : {"closed", "open"}
        With open doors the whole clear width of every door is looked through.
    covers : {"as found", "closed", "open"}
        Whether blinds, film and paper are as the plan says they usually are, or all closed, or
        all open.
    glass_depth_m : float, optional
        Depth of the tunnel through a door's glass; by default the wall's thickness. An eye can
        come nearer where the leaf is thinner than the wall and stands in its room-side face.
    upper_windows : bool
        Whether windows to the open air count on levels above the ground.
    """

    doors: Doors = "closed"
    covers: Covers = "as found"
    glass_depth_m: float | None = None
    upper_windows: bool = True

    def __post_init__(self) -> None:
        if self.glass_depth_m is not None and self.glass_depth_m < SHALLOWEST_M:
            raise ValueError(f"glass_depth_m is at least {SHALLOWEST_M}, got {self.glass_depth_m}")


@dataclass(frozen=True, slots=True)
class Aperture:
    """One place where a room can be looked into.

    ``id`` names it within the plan: the portal, and for the glass of one leaf of a pair which.
    ``cover`` is what hangs there; ``covered`` whether nothing is seen through it now.
    ``offset_m`` is how far the middle lies from the middle of its door, along the portal's line.
    """

    id: str
    portal_id: str
    kind: ApertureKind
    beyond: str
    tunnel: Tunnel
    cover: Literal["none", "blind", "film", "paper", "unknown"] = "none"
    covered: bool = False
    offset_m: float = 0.0

    @property
    def outward(self) -> bool:
        """Whether the open air lies on the far side."""
        return self.beyond == OUTSIDE

    @property
    def can_be_covered(self) -> bool:
        """Whether a cover could hang there: on glass, not in a doorway."""
        return self.kind in ("door glass", "window")


@dataclass(frozen=True, slots=True)
class RoomApertures:
    """Every aperture of a room, what is not known about it, and what had to be assumed."""

    apertures: tuple[Aperture, ...]
    unknown: tuple[str, ...]
    assumed: tuple[str, ...]


def room_apertures(plan: Plan, room: Space, rules: SightRules | None = None) -> RoomApertures:
    """Return every place where a room can be looked into.

    Parameters
    ----------
    plan : Plan
        The building.
    room : Space
        One of its spaces.
    rules : SightRules, optional
        What is open; by default doors are closed and covers are as found.

    Returns
    -------
    RoomApertures
        Covered ones too. Facts that are missing and would add an aperture are in ``unknown``: a
        room that has any is not judged. Facts that are missing and were replaced by the assumption
        that shows more are in ``assumed``.
    """
    rules = rules or SightRules()
    reading = _Reading(plan, room, rules)
    for portal in plan.portals_of(room.id):
        reading.take(portal)
    return RoomApertures(
        tuple(reading.apertures), tuple(reading.unknown), tuple(dict.fromkeys(reading.assumed))
    )


class _Reading:
    """One pass over the portals of a room."""

    def __init__(self, plan: Plan, room: Space, rules: SightRules) -> None:
        self.plan, self.room, self.rules = plan, room, rules
        self.apertures: list[Aperture] = []
        self.unknown: list[str] = []
        self.assumed: list[str] = []

    def take(self, portal: Portal) -> None:
        beyond = portal.to_space if portal.from_space == self.room.id else portal.from_space
        if portal.kind in ("opening", "virtual"):
            self._add(portal, beyond, "opening", 0.0, portal.line.length)
        elif portal.kind == "window":
            if beyond != OUTSIDE or self.rules.upper_windows or self._on_ground():
                self._add(portal, beyond, "window", 0.0, portal.line.length)
        elif portal.kind in _DOORS:
            if self.rules.doors == "open":
                self._add(portal, beyond, "open door", 0.0, portal.width_m)
            else:
                self._glass(portal, beyond)

    def _on_ground(self) -> bool:
        return self.plan.level(self.room.level).ordinal <= 0

    def _glass(self, portal: Portal, beyond: str) -> None:
        """Add the glass of a closed door, or say what is not known about it."""
        glazing = portal.glazing
        if glazing is None:
            self.unknown.append(f"glass of {portal.id} (glazing)")
            return
        if "sidelight" in glazing and not self._has_sidelight(portal):
            self.unknown.append(f"place of the sidelight of {portal.id} (draw it as a window)")
        if glazing in ("none", "sidelight"):
            return
        if portal.glazing_w_m is None or portal.glazing_w_m <= 0.0:
            self.unknown.append(f"width of the glass of {portal.id} (glazing_w)")
            return
        if portal.leaves == 2:
            aside = abs(portal.glazing_off_m or portal.line.length / 4)
            self._add(portal, beyond, "door glass", -aside, portal.glazing_w_m, "leaf 1")
            self._add(portal, beyond, "door glass", aside, portal.glazing_w_m, "leaf 2")
            return
        if portal.glazing_off_m is None:
            self.assumed.append(f"glass of {portal.id} in the middle of the leaf")
        self._add(portal, beyond, "door glass", portal.glazing_off_m or 0.0, portal.glazing_w_m)

    def _has_sidelight(self, door: Portal) -> bool:
        sides = {door.from_space, door.to_space}
        return any(
            portal.kind == "window"
            and {portal.from_space, portal.to_space} == sides
            and portal.line.distance(door.line) <= SIDELIGHT_REACH_M
            for portal in self.plan.portals_of(self.room.id)
        )

    def _add(
        self,
        portal: Portal,
        beyond: str,
        kind: ApertureKind,
        offset_m: float,
        width_m: float,
        which: str = "",
    ) -> None:
        tunnel = place_tunnel(
            self.room.polygon, portal.line, offset_m, width_m, self._depth_m(portal, kind)
        )
        if tunnel is None:
            self.unknown.append(f"place of {portal.id} (its line does not lie at the room's wall)")
            return
        cover, covered = self._cover(portal, kind)
        self.apertures.append(
            Aperture(
                f"{portal.id} {which}".rstrip(), portal.id, kind, beyond, tunnel, cover, covered,
                offset_m,
            )
        )  # fmt: skip

    def _depth_m(self, portal: Portal, kind: ApertureKind) -> float:
        if kind == "door glass" and self.rules.glass_depth_m is not None:
            return self.rules.glass_depth_m
        if portal.kind == "virtual":
            return SHALLOWEST_M
        if portal.wall_t_m is not None:
            return max(portal.wall_t_m, SHALLOWEST_M)
        thickness_m, said = default_wall_m(self.plan)
        self.assumed.append(f"walls not stated are {thickness_m:g} m thick ({said})")
        return max(thickness_m, SHALLOWEST_M)

    def _cover(
        self, portal: Portal, kind: ApertureKind
    ) -> tuple[Literal["none", "blind", "film", "paper", "unknown"], bool]:
        """Return what hangs at an aperture and whether it hides; what is unknown does not."""
        if kind not in ("door glass", "window"):
            return "none", False
        cover = portal.cover or "unknown"
        if cover in ("none", "unknown"):
            if cover == "unknown":
                self.assumed.append(f"no cover at {portal.id} (cover not stated)")
            return cover, False
        if self.rules.covers != "as found":
            return cover, self.rules.covers == "closed"
        if portal.cover_default is None and cover != "film":
            self.assumed.append(f"{cover} of {portal.id} open (cover_default not stated)")
            return cover, False
        return cover, (portal.cover_default or "closed") == "closed"


def default_wall_m(plan: Plan) -> tuple[float, str]:
    """Return the thickness of walls that no portal states, and who says so."""
    given = plan.defaults.get("wall_t")
    if isinstance(given, int | float) and given > 0:
        return float(given), "the building's default"
    return WALL_T_M, "assumed"


def place_tunnel(
    floor: BaseGeometry, line: LineString, offset_m: float, width_m: float, depth_m: float
) -> Tunnel | None:
    """Return the tunnel of an aperture on a portal's line, or None where no floor lies at it.

    The near face is where the floor begins across the line; where it begins unevenly, the place
    furthest into the room, from which more is seen. The far face lies ``depth_m`` behind it,
    wherever in the wall the line was drawn.

    Examples
    --------
    >>> line = LineString([(4.5, -0.1), (3.5, -0.1)])
    >>> tunnel = place_tunnel(shapely.box(0, 0, 8, 6), line, 0.2, 0.1, 0.2)
    >>> tunnel.near_left, tunnel.far_right
    ((3.75, 0.0), (3.85, -0.2))
    """
    (x0, y0), (x1, y1) = line.coords[0][:2], line.coords[-1][:2]
    length = shapely.Point(x0, y0).distance(shapely.Point(x1, y1))
    if length <= 0.0 or width_m <= 0.0:
        return None
    ux, uy = (x1 - x0) / length, (y1 - y0) / length

    def at(along_m: float, across_m: float, nx: float, ny: float) -> Point2:
        middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
        return (
            _clean(middle_x + ux * along_m + nx * across_m),
            _clean(middle_y + uy * along_m + ny * across_m),
        )

    best: tuple[float, float, float] | None = None
    inset = min(0.001, width_m / 4)
    places = (offset_m - width_m / 2 + inset, offset_m, offset_m + width_m / 2 - inset)
    for side in (1.0, -1.0):
        nx, ny = -uy * side, ux * side
        faces, depth = [], 0.0
        for place in places:
            probe = LineString([at(place, -REACH_M, nx, ny), at(place, REACH_M, nx, ny)])
            inside = shapely.intersection(probe, floor)
            if inside.is_empty or inside.length < 1e-6:
                continue
            ends = shapely.get_coordinates(inside)
            from_middle = (ends - at(place, 0.0, nx, ny)) @ (nx, ny)
            faces.append(float(from_middle.min()))
            depth += float(max(from_middle.max(), 0.0))
        face = max(faces, default=-REACH_M)
        if face > -REACH_M + 1e-6 and (best is None or depth > best[0] + 1e-9):
            best = (depth, face, side)
    if best is None:
        return None
    _, face, side = best
    nx, ny = -uy * side, ux * side
    low, high = offset_m - width_m / 2, offset_m + width_m / 2
    # whoever looks along (nx, ny) has the high end at the left where side is -1
    left, right = (low, high) if side > 0 else (high, low)
    return Tunnel(
        at(left, face, nx, ny),
        at(right, face, nx, ny),
        at(left, face - depth_m, nx, ny),
        at(right, face - depth_m, nx, ny),
    )


def _clean(value: float) -> float:
    """Drop the last bits, so that the same wall gives the same face wherever its line lies."""
    return round(value, 12) + 0.0


def covered(aperture: Aperture) -> Aperture:
    """Return an aperture with its glass covered."""
    return replace(aperture, covered=True)
