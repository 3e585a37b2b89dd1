"""Draw a building to scale: rooms between walls, doors and windows in them, exits numbered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from buildings.door_hardware import Hardware
from buildings.drawing_sheet import Sheet, next_id
from buildings.drawing_walls import Side, Wall, outside_wall, wall_between
from buildings.plan import OUTSIDE, Portal, PortalKind

Where: TypeAlias = float | Literal["low", "middle", "high"]
Door: TypeAlias = tuple[str, str, Where, Hardware]
"""A door on a door schedule: from, to, where in the wall, hardware."""

EXTERIOR_WALL_M: Final = 0.30
JAMB_M: Final = 0.30
"""Wall left between a corner of a room and a door placed at the "low" or "high" end."""
SINGLE_M: Final = 0.915
PAIR_M: Final = 1.83


class Drawing(Sheet):
    """A sheet on which a building is drawn, space by space, and read off as a :class:`Plan`.

    A door is placed by naming the two spaces it joins; the wall between them is found, and ``at``
    says where along that wall the middle of the door lies: a coordinate (x on walls that run
    east-west, y on the others) or "low", "middle", "high" for the ends and the middle.

    Examples
    --------
    >>> from buildings.plan import Level
    >>> drawing = Drawing((Level("L1", 0, "Ground", 0.0, 3.2, "1"),))
    >>> room = drawing.room("101", "L1", (0.0, 3.15, 8.85, 10.8))
    >>> hall = drawing.space("S-C1", "L1", "corridor", "circulation", (0.0, 0.0, 20.0, 3.0))
    >>> drawing.door(room, hall, at="low")
    'P-101-A'
    >>> drawing.portals["P-101-A"].hinge
    'right'
    """

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
        wall = wall_between(self.polygon_of(from_space), self.polygon_of(to_space), near=near)
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
        wall = outside_wall(self.polygon_of(from_space), side, EXTERIOR_WALL_M, near=near)
        facts = {"is_exit": "yes", "accessible": "yes", **facts}
        return self._hang(wall, from_space, OUTSIDE, at, width_m, hardware, hinge, None, facts)

    def gate(
        self,
        from_space: str,
        side: Side,
        *,
        number: str,
        at: Where = "middle",
        width_m: float = PAIR_M,
        kind: PortalKind = "gate",
        **facts: Any,
    ) -> str:
        """Leave a numbered way from a yard, through its fence, to the open ground.

        With ``kind="opening"`` nothing hangs in it: the foot of a ramp.
        """
        wall = outside_wall(self.polygon_of(from_space), side, 0.0)
        middle = wall.place(at, width_m, 0.0)
        facts = {"is_exit": "yes", "accessible": "yes", "exterior_no": number, **facts}
        return self.portal(kind, from_space, OUTSIDE, wall, middle, width_m, **facts)

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
        wall = wall_between(self.polygon_of(from_space), self.polygon_of(to_space), near=near)
        width = wall.length_m if width_m is None else width_m
        middle = wall.place(at, width, 0.0)
        return self.portal(kind, from_space, to_space, wall, middle, width, **facts)

    def windows(
        self,
        from_space: str,
        toward: str,
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
        polygon = self.polygon_of(from_space)
        if toward in self.spaces:
            wall, to_space = wall_between(polygon, self.polygon_of(toward), near=near), toward
        else:
            wall, to_space = outside_wall(polygon, toward, EXTERIOR_WALL_M, near=near), OUTSIDE
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
            portal_id = next_id(self.portals, f"P-{stem}-W", numbers=True)
        else:
            portal_id = next_id(self.portals, f"P-{stem}-", numbers=False)
        line = wall.line(middle, width_m)
        self.portals[portal_id] = Portal(
            portal_id, level or self.spaces[from_space].level, kind, from_space, to_space,
            round(width_m, 3), line, **facts,
        )  # fmt: skip
        return portal_id
