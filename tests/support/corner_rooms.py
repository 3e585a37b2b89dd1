"""One classroom beside a corridor, with whatever glass, covers and furniture a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shapely import LineString, Polygon, box

from buildings import Level, Plan, Portal, Space

ROOM = box(0.0, 0.0, 8.0, 6.0)


def door(**facts: Any) -> Portal:
    """Return a door of 0.9 m in the middle of the wall to the corridor, wall 0.2 m thick."""
    given: dict[str, Any] = {
        "id": "P-1", "level": "L1", "kind": "door", "from_space": "S-1", "to_space": "S-C",
        "width_m": 0.9, "line": LineString([(3.55, -0.1), (4.45, -0.1)]), "wall_t_m": 0.2,
        "glazing": "panel", "glazing_w_m": 0.1, "glazing_off_m": 0.0, "cover": "none",
        "hinge": "left",
    }  # fmt: skip
    return Portal(**(given | facts))


def window(id_: str, start: float, end: float, **facts: Any) -> Portal:
    """Return a window to the open air in the far wall, 0.3 m thick."""
    given: dict[str, Any] = {
        "id": id_, "level": "L1", "kind": "window", "from_space": "S-1", "to_space": "outside",
        "width_m": end - start, "line": LineString([(end, 6.15), (start, 6.15)]),
        "wall_t_m": 0.3, "cover": "none", "sill_m": 0.9, "head_m": 2.4,
    }  # fmt: skip
    return Portal(**(given | facts))


def piece(id_: str, ground: Polygon, height_m: float | None) -> Space:
    """Return a piece of furniture in the classroom."""
    return Space(
        id_, "L1", "void", "other", ground, name=f"Piece {id_}", height_m=height_m,
        walkable="no", obstacle_of="S-1",
    )  # fmt: skip


def school(
    *portals: Portal,
    furniture: tuple[Space, ...] = (),
    room: Polygon = ROOM,
    people: int | None = 24,
    more: tuple[Space, ...] = (),
    defaults: Mapping[str, Any] | None = None,
    ordinal: int = 0,
) -> Plan:
    """Return a plan of one classroom "101" (S-1) and a corridor (S-C)."""
    spaces = {
        "S-1": Space("S-1", "L1", "room", "classroom", room, number="101",
                     occupants_default=people),
        "S-C": Space("S-C", "L1", "corridor", "circulation", box(-2.0, -3.2, 10.0, -0.2)),
    } | {space.id: space for space in (*furniture, *more)}  # fmt: skip
    return Plan(
        "test-school", "Test school", "1", (Level("L1", ordinal, "Ground", 0.0, 3.2, "1"),),
        MappingProxyType(dict(sorted(spaces.items()))),
        MappingProxyType({portal.id: portal for portal in portals}),
        MappingProxyType({}),
        defaults=MappingProxyType(dict(defaults or {})),
    )  # fmt: skip
