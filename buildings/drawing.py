"""Draw a building to scale: rooms between walls, doors and windows in them, exits numbered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

import shapely
from shapely import Polygon

from buildings.door_hardware import Hardware
from buildings.drawing_floor import Box, Shape, floor_polygon
from buildings.drawing_walls import Side, Wall, outside_wall, wall_between
from buildings.plan import (
    OUTSIDE,
    AssemblyFacts,
    Level,
    Plan,
    PlanPoint,
    Portal,
    PortalKind,
    Space,
    SpaceKind,
    SpaceUse,
)

Where: TypeAlias = float | Literal["low", "middle", "high"]

INTERIOR_WALL_M: Final = 0.15
EXTERIOR_WALL_M: Final = 0.30
JAMB_M: Final = 0.30
"""Wall left between a corner of a room and a door placed at the "low" or "high" end."""
SINGLE_M: Final = 0.915
PAIR_M: Final = 1.83


@dataclass(frozen=True, slots=True)
class Bay:
    """One room of a row: its door plate, the width of its floor along the row, and its use."""

    number: str
    frontage_m: float
    use: SpaceUse = "classroom"
    name: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class Drawing:
    """A sheet on which a building is drawn, space by space, and read off as a :class:`Plan`.

    Spaces are drawn to the finish face of their walls, in metres. A door is placed by naming the
    two spaces it joins; the wall between them is found, and ``at`` says where along that wall the
    middle of the door lies: a coordinate (x on walls that run east-west, y on the others) or
    "low", "middle", "high" for the ends and the middle of the stretch.

    Examples
    --------
    >>> drawing = Drawing((Level("L1", 0, "Ground", 0.0, 3.2, "1"),))
    >>> room = drawing.room("101", "L1", (0.0, 3.15, 8.85, 10.8))
    >>> hall = drawing.space("S-C1", "L1", "corridor", "circulation", (0.0, 0.0, 20.0, 3.0))
    >>> drawing.door(room, hall, at="low")
    'P-101-A'
    >>> drawing.portals["P-101-A"].hinge
    'right'
    """

    def __init__(self, levels: Sequence[Level]) -> None:
        self.levels = tuple(levels)
        self.spaces: dict[str, Space] = {}
        self.portals: dict[str, Portal] = {}
        self.points: dict[str, PlanPoint] = {}

    def space(
        self,
        space_id: str,
        level: str,
        kind: SpaceKind,
        use: SpaceUse,
        shape: Shape,
        **facts: Any,
    ) -> str:
        """Draw a space as a box, as several boxes that touch, or as a polygon; return its id."""
        if space_id in self.spaces:
            raise ValueError(f"space {space_id!r} is drawn twice")
        self.spaces[space_id] = Space(space_id, level, kind, use, floor_polygon(shape), **facts)
        return space_id

    def room(
        self,
        number: str,
        level: str,
        shape: Shape,
        use: SpaceUse = "classroom",
        *,
        kind: SpaceKind = "room",
        **facts: Any,
    ) -> str:
        """Draw a numbered room; its id is ``S-`` and the number."""
        facts.setdefault("public_address", "yes")
        return self.space(f"S-{number}", level, kind, use, shape, number=number, **facts)

    def row(
        self,
        level: str,
        corner: tuple[float, float],
        toward: Literal["E", "N"],
        depth_m: float,
        bays: Iterable[Bay],
        **facts: Any,
    ) -> list[str]:
        """Draw rooms side by side with walls between them; return their ids.

        Parameters
        ----------
        level : str
            Level of the rooms.
        corner : tuple of float
            South-west corner of the first room.
        toward : {"E", "N"}
            Direction in which the row runs.
        depth_m : float
            Clear depth of every room, across the row.
        bays : iterable of Bay
            The rooms, in order.
        **facts
            Facts that all rooms share; those of a bay win.
        """
        x, y = corner
        ids = []
        for bay in bays:
            along, across = bay.frontage_m, depth_m
            box = (x, y, x + along, y + across) if toward == "E" else (x, y, x + across, y + along)
            shared = {"name": bay.name, **facts, **bay.facts}
            ids.append(self.room(bay.number, level, box, bay.use, **shared))
            if toward == "E":
                x += along + INTERIOR_WALL_M
            else:
                y += along + INTERIOR_WALL_M
        return ids

    def change(self, space_id: str, **facts: Any) -> None:
        """Set facts of a space that is already drawn."""
        self.spaces[space_id] = replace(self.spaces[space_id], **facts)

    def door(
        self,
        from_space: str,
        to_space: str,
        *,
        at: Where = "middle",
        width_m: float = SINGLE_M,
        hardware: Hardware | None = None,
        hinge: Literal["left", "right"] | None = None,
        near: tuple[float, float] | None = None,
        level: str | None = None,
        **facts: Any,
    ) -> str:
        """Hang a door between two spaces and return its id, ``P-<space>-A`` and so on.

        Parameters
        ----------
        from_space, to_space : str
            The two spaces; swing and hinge are meant as seen from the first.
        at : float or {"low", "middle", "high"}
            Where in the wall.
        width_m : float
            Clear width.
        hardware : Hardware, optional
            A plain interior door without a lock, if absent.
        hinge : {"left", "right"}, optional
            The end nearer to a corner of the wall, if absent.
        near : tuple of float, optional
            A point that tells which wall is meant where the spaces share several.
        level : str, optional
            Level of the door where it differs from that of the first space.
        **facts
            Further facts of the portal, which win over the hardware.
        """
        wall = wall_between(self._polygon_of(from_space), self._polygon_of(to_space), near=near)
        return self._hang(wall, from_space, to_space, at, width_m, hardware, hinge, level, facts)

    def exit(
        self,
        from_space: str,
        side: Side,
        *,
        at: Where = "middle",
        width_m: float = PAIR_M,
        hardware: Hardware | None = None,
        hinge: Literal["left", "right"] | None = None,
        near: tuple[float, float] | None = None,
        **facts: Any,
    ) -> str:
        """Hang a door to the open air in the outside wall on one side of a space."""
        wall = outside_wall(self._polygon_of(from_space), side, EXTERIOR_WALL_M, near=near)
        facts = {"is_exit": "yes", "accessible": "yes", **facts}
        return self._hang(wall, from_space, OUTSIDE, at, width_m, hardware, hinge, None, facts)

    def _hang(
        self,
        wall: Wall,
        from_space: str,
        to_space: str,
        at: Where,
        width_m: float,
        hardware: Hardware | None,
        hinge: Literal["left", "right"] | None,
        level: str | None,
        facts: Mapping[str, Any],
    ) -> str:
        fitted = hardware or Hardware()
        middle = wall.place(at, width_m, JAMB_M)
        hung_at = (hinge or wall.nearer_end(middle)) if fitted.leaves == 1 else None
        given = {
            **fitted.facts(width_m, hung_at),
            "hinge": hung_at,
            "wall_t_m": round(wall.thickness_m, 3),
        }
        return self.portal(
            "door", from_space, to_space, wall, middle, width_m, level=level, **{**given, **facts}
        )

    def opening(
        self,
        from_space: str,
        to_space: str,
        *,
        at: Where = "middle",
        width_m: float | None = None,
        kind: PortalKind = "opening",
        near: tuple[float, float] | None = None,
        **facts: Any,
    ) -> str:
        """Leave an opening without a door between two spaces: by default the whole stretch."""
        wall = wall_between(self._polygon_of(from_space), self._polygon_of(to_space), near=near)
        width = wall.length_m if width_m is None else width_m
        middle = wall.place(at, width, 0.0)
        return self.portal(kind, from_space, to_space, wall, middle, width, **facts)

    def windows(
        self,
        from_space: str,
        toward: Side | str,
        count: int,
        width_m: float,
        *,
        sill_m: float = 0.9,
        head_m: float = 2.4,
        at: Where | None = None,
        near: tuple[float, float] | None = None,
        **facts: Any,
    ) -> list[str]:
        """Set equal windows, evenly spaced, in an outside wall or in the wall to another space.

        ``toward`` is a side ("N", "E", "S", "W": the open air) or the id of the other space;
        ``at`` places a single window.
        """
        polygon = self._polygon_of(from_space)
        if toward in self.spaces:
            wall, to_space = wall_between(polygon, self._polygon_of(toward), near=near), toward
        else:
            side: Side = toward  # type: ignore[assignment]  # checked by outside_wall
            wall, to_space = outside_wall(polygon, side, EXTERIOR_WALL_M, near=near), OUTSIDE
        pitch = (wall.high - wall.low) / count
        made = []
        for step in range(count):
            middle = wall.low + (step + 0.5) * pitch
            if at is not None:
                middle = wall.place(at, width_m, JAMB_M)
            given = {"sill_m": sill_m, "head_m": head_m, "wall_t_m": round(wall.thickness_m, 3)}
            given_all: dict[str, Any] = {"cover": "none", "egress": "no", **given, **facts}
            made.append(
                self.portal("window", from_space, to_space, wall, middle, width_m, **given_all)
            )
        return made

    def portal(
        self,
        kind: PortalKind,
        from_space: str,
        to_space: str,
        wall: Wall,
        middle: float,
        width_m: float,
        *,
        level: str | None = None,
        **facts: Any,
    ) -> str:
        """Add a portal in a wall; lines run from left to right as seen from the first space."""
        stem = from_space.removeprefix("S-")
        if kind == "window":
            portal_id = _next_id(self.portals, f"P-{stem}-W", numbers=True)
        else:
            portal_id = _next_id(self.portals, f"P-{stem}-", numbers=False)
        line = wall.line(middle, width_m)
        self.portals[portal_id] = Portal(
            portal_id, level or self.spaces[from_space].level, kind, from_space, to_space,
            round(width_m, 3), line, **facts,
        )  # fmt: skip
        return portal_id

    def furniture(
        self, room: str, side: Side, start_m: float, length_m: float, depth_m: float, name: str
    ) -> str:
        """Stand tall furniture along a wall of a room, ``start_m`` from the low end of the wall."""
        wall = outside_wall(self._polygon_of(room), side, 0.0)
        low, high = wall.low + start_m, wall.low + start_m + length_m
        face = wall.face
        inner = face - depth_m if side in ("N", "E") else face + depth_m
        lo, hi = min(face, inner), max(face, inner)
        box = (low, lo, high, hi) if side in ("N", "S") else (lo, low, hi, high)
        piece = _next_id(self.spaces, f"{room}-F", numbers=True)
        return self.space(
            piece, self.spaces[room].level, "void", "other", box, name=name, walkable="no",
            obstacle_of=room, height_m=2.1,
        )  # fmt: skip

    def assembly(
        self,
        space_id: str,
        level: str,
        box: Box,
        name: str,
        role: Literal["evac_assembly", "reunification", "staging"],
        capacity: int,
    ) -> str:
        """Mark a gathering place outside."""
        use: SpaceUse = "reunification" if role == "reunification" else "other"
        return self.space(
            space_id, level, "assembly", use, box, name=name,
            assembly=AssemblyFacts(role, capacity),
        )  # fmt: skip

    def point(self, kind: str, level: str, x: float, y: float, **facts: Any) -> str:
        """Mark a device or a place; ids count up within a kind, ``D-AED-1``."""
        point_id = _next_id(self.points, f"D-{kind.upper().replace('_', '-')}-", numbers=True)
        spot = shapely.Point(round(x, 3), round(y, 3))
        self.points[point_id] = PlanPoint(point_id, level, kind, spot, **facts)
        return point_id

    def plan(self, plan_id: str, name: str, **facts: Any) -> Plan:
        """Return what is drawn as a plan, everything sorted by id."""
        return Plan(
            plan_id, name, facts.pop("version", "1.0"), self.levels,
            _sorted(self.spaces), _sorted(self.portals), _sorted(self.points), **facts,
        )  # fmt: skip

    def _polygon_of(self, space_id: str) -> Polygon:
        if space_id not in self.spaces:
            raise ValueError(f"space {space_id!r} is not drawn yet")
        return self.spaces[space_id].polygon


def _next_id(taken: Mapping[str, object], stem: str, *, numbers: bool) -> str:
    for count in range(1, 1000):
        letters = chr(64 + count) if count <= 26 else f"{chr(64 + count // 26)}{count % 26}"
        candidate = f"{stem}{count if numbers else letters}"
        if candidate not in taken:
            return candidate
    raise ValueError(f"more than 999 ids begin with {stem!r}")


def _sorted(entries: dict[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({key: entries[key] for key in sorted(entries)})
