"""The sheet that a building is drawn on: floors, furniture, gathering places, devices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

import shapely
from shapely import Polygon

from buildings.drawing_floor import Box, Shape, floor_polygon
from buildings.drawing_walls import Side, outside_wall
from buildings.plan import AssemblyFacts, Level, Plan, PlanPoint, Portal, Space, SpaceKind, SpaceUse

INTERIOR_WALL_M: Final = 0.15


Room: TypeAlias = tuple[str, Box, SpaceUse, str]
"""A numbered room on a list of rooms: door plate, floor, use, name."""


@dataclass(frozen=True, slots=True)
class Bay:
    """One room of a row: its door plate, the width of its floor along the row, and its use."""

    number: str
    frontage_m: float
    use: SpaceUse = "classroom"
    name: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class Sheet:
    """What is drawn so far, and the floors on it; doors come with :class:`Drawing`.

    Spaces are drawn to the finish face of their walls, in metres.
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

    def furniture(
        self, room: str, side: Side, start_m: float, length_m: float, depth_m: float, name: str
    ) -> str:
        """Stand tall furniture along a wall of a room, ``start_m`` from the low end of the wall."""
        wall = outside_wall(self.polygon_of(room), side, 0.0)
        low, high = wall.low + start_m, wall.low + start_m + length_m
        face = wall.face
        inner = face - depth_m if side in ("N", "E") else face + depth_m
        lo, hi = min(face, inner), max(face, inner)
        box = (low, lo, high, hi) if side in ("N", "S") else (lo, low, hi, high)
        piece = next_id(self.spaces, f"{room}-F", numbers=True)
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
        point_id = next_id(self.points, f"D-{kind.upper().replace('_', '-')}-", numbers=True)
        spot = shapely.Point(round(x, 3), round(y, 3))
        self.points[point_id] = PlanPoint(point_id, level, kind, spot, **facts)
        return point_id

    def plan(self, plan_id: str, name: str, **facts: Any) -> Plan:
        """Return what is drawn as a plan, everything sorted by id."""
        return Plan(
            plan_id, name, facts.pop("version", "1.0"), self.levels,
            _sorted(self.spaces), _sorted(self.portals), _sorted(self.points), **facts,
        )  # fmt: skip

    def polygon_of(self, space_id: str) -> Polygon:
        """Return the floor of a space that is drawn already."""
        if space_id not in self.spaces:
            raise ValueError(f"space {space_id!r} is not drawn yet")
        return self.spaces[space_id].polygon


def next_id(taken: Mapping[str, object], stem: str, *, numbers: bool) -> str:
    """Return the first free id that begins with a stem and counts 1, 2, 3 or A, B, C."""
    for count in range(1, 1000):
        letters = chr(64 + count) if count <= 26 else f"{chr(64 + count // 26)}{count % 26}"
        candidate = f"{stem}{count if numbers else letters}"
        if candidate not in taken:
            return candidate
    raise ValueError(f"more than 999 ids begin with {stem!r}")


def _sorted(entries: dict[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({key: entries[key] for key in sorted(entries)})
