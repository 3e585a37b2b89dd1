"""Small floor plans drawn with ezdxf, with known rooms and doors, in any unit and place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ezdxf
from ezdxf.enums import TextEntityAlignment

XY = tuple[float, float]
CODES = {"none": 0, "in": 1, "ft": 2, "mm": 4, "cm": 5, "m": 6}
METRES = {"none": 1.0, "in": 0.0254, "ft": 0.3048, "mm": 0.001, "cm": 0.01, "m": 1.0}
THICK = 0.2


class TinyDxf:
    """Draws in metres; what is written is in ``unit``, moved by ``shift`` metres.

    ``header`` is the unit that the file claims, by default the true one.
    """

    def __init__(
        self, unit: str = "mm", *, header: str | None = None, shift: XY = (0.0, 0.0)
    ) -> None:
        self.doc: Any = ezdxf.new("R2010")
        self.doc.header["$INSUNITS"] = CODES[unit if header is None else header]
        self.space: Any = self.doc.modelspace()
        self._scale = 1.0 / METRES[unit]
        self._shift = shift
        for name in ("A-WALL", "A-DOOR", "A-AREA-IDEN", "A-FURN"):
            self.doc.layers.add(name)

    def at(self, point: XY) -> XY:
        """Return a point in metres as it is drawn."""
        return (
            (point[0] + self._shift[0]) * self._scale,
            (point[1] + self._shift[1]) * self._scale,
        )

    def long(self, metres: float) -> float:
        """Return a length in units of the drawing."""
        return metres * self._scale

    def line(self, a: XY, b: XY, layer: str = "A-WALL", space: Any = None) -> None:
        target = self.space if space is None else space
        target.add_line(self.at(a), self.at(b), dxfattribs={"layer": layer})

    def ring(self, points: Sequence[XY], layer: str = "A-WALL") -> Any:
        return self.space.add_lwpolyline(
            [self.at(p) for p in points], close=True, dxfattribs={"layer": layer}
        )

    def wall(self, a: XY, b: XY, gaps: Sequence[tuple[float, float]] = ()) -> None:
        """Draw a wall of 0.2 m along an axis (its middle), with openings from-to metres along it.

        Each piece is a closed outline, as CAD programs draw walls.
        """
        horizontal = a[1] == b[1]
        start, end = (a[0], b[0]) if horizontal else (a[1], b[1])
        across = a[1] if horizontal else a[0]
        edges = [start, *(edge for gap in sorted(gaps) for edge in gap), end]
        for low, high in zip(edges[::2], edges[1::2], strict=True):
            box = [
                (low, across - THICK / 2), (high, across - THICK / 2),
                (high, across + THICK / 2), (low, across + THICK / 2),
            ]  # fmt: skip
            self.ring(box if horizontal else [(y, x) for x, y in box])

    def door(self, hinge: XY, closed: XY, *, side: int = 1, layer: str = "A-DOOR") -> None:
        """Draw a leaf that stands open at a right angle, and its swing."""
        ux, uy = closed[0] - hinge[0], closed[1] - hinge[1]
        opened = (hinge[0] - side * uy, hinge[1] + side * ux)
        self.line(hinge, opened, layer)
        import math

        start = math.degrees(math.atan2(uy, ux))
        self.space.add_arc(
            self.at(hinge),
            self.long(math.hypot(ux, uy)),
            start if side > 0 else start - 90,
            start + 90 if side > 0 else start,
            dxfattribs={"layer": layer},
        )

    def text(self, point: XY, words: str, layer: str = "A-AREA-IDEN") -> None:
        text = self.space.add_text(words, height=self.long(0.25), dxfattribs={"layer": layer})
        text.set_placement(self.at(point), align=TextEntityAlignment.MIDDLE_CENTER)

    def write(self, path: Path, *, binary: bool = False) -> Path:
        self.doc.saveas(path, fmt="bin" if binary else "asc")
        return path


def school(unit: str = "mm", *, header: str | None = None, shift: XY = (0.0, 0.0)) -> TinyDxf:
    """Return three classrooms over a corridor with an outside door at its west end.

    Rooms 101, 102, 103 of 6.8 x 5.8 m (39.44 m2), corridor 20.8 x 2.8 m (58.24 m2); a door of
    0.9 m into each, a double door of 2 x 0.9 m to the outside, walls of 0.2 m.
    """
    draw = TinyDxf(unit, header=header, shift=shift)
    draw.wall((0.0 - 0.1, 0.0), (21.0 + 0.1, 0.0))
    draw.wall((0.0, 0.1), (0.0, 2.9), [(0.6, 2.4)])
    draw.wall((21.0, 0.1), (21.0, 2.9))
    draw.wall((-0.1, 3.0), (21.1, 3.0), [(1.0, 1.9), (8.0, 8.9), (15.0, 15.9)])
    draw.wall((-0.1, 9.0), (21.1, 9.0))
    for x in (0.0, 7.0, 14.0, 21.0):
        draw.wall((x, 3.1), (x, 8.9))
    for x in (1.0, 8.0, 15.0):
        draw.door((x, 3.1), (x + 0.9, 3.1))
    draw.door((0.1, 0.6), (0.1, 1.5), side=-1)
    draw.door((0.1, 2.4), (0.1, 1.5), side=1)
    for x, number in ((3.5, "101"), (10.5, "102"), (17.5, "103")):
        draw.text((x, 6.5), number)
        draw.text((x, 6.0), "Classroom")
    draw.text((10.0, 1.5), "Corridor")
    return draw
