"""A DXF model space as plain lines, arcs and texts: blocks taken apart, everything in the world."""

from __future__ import annotations

import hashlib
import math
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from buildings.dxf_file import DAMAGE, checked_dxf, open_dxf
from buildings.dxf_records import (
    MAX_THINGS,
    Drawing,
    DrawnArc,
    DrawnLayer,
    DrawnLine,
    DrawnText,
    Vector,
)
from buildings.import_report import ImportFault

if TYPE_CHECKING:
    from ezdxf.document import Drawing as Document

DEEPEST: Final = 16
"""Blocks within blocks beyond this are left out: no drawing nests so deep, a circle does."""
_STEP_DEG: Final = 5.0
_FARTHEST: Final = 1e9
_MAX_TEXT: Final = 200
_LETTER_SHARE: Final = 0.6
"""Width of a letter as a share of its height, roughly."""
_ROUND: Final = 0.03
"""An ellipse whose axes differ by less than this share is taken for a circle."""


def read_dxf(path: Path) -> Drawing:
    """Read the lines, arcs and texts of a DXF file (text or binary), in world coordinates.

    Only the model space is read. Blocks are taken apart with what lies in them; things on layer 0
    of a block lie on the layer of the block. Heights are dropped.

    Raises
    ------
    ImportFault
        If the file is not DXF, cut off, damaged, empty or holds more than 200,000 things.
    """
    content = checked_dxf(path)
    document, repairs = open_dxf(path)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return _Explosion(path, document).drawing(
                hashlib.sha256(content).hexdigest(), repairs=repairs
            )
        except ImportFault:
            raise
        except DAMAGE as error:
            reason = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
            raise ImportFault(f"{path}: is damaged DXF ({reason}), expected a whole file") from None


class _Explosion:
    """One pass over the model space."""

    def __init__(self, path: Path, document: Document) -> None:
        import ezdxf

        self._path = path
        self._document = document
        self._damage = (ezdxf.DXFError, *DAMAGE)  # type: ignore[attr-defined]
        self._lines: list[DrawnLine] = []
        self._arcs: list[DrawnArc] = []
        self._texts: list[DrawnText] = []
        self._skipped: Counter[str] = Counter()
        self._things: Counter[str] = Counter()
        self._missing: set[str] = set()
        self._external: set[str] = set()
        self._damaged = 0
        self._deep = 0
        self._left = MAX_THINGS
        self._low, self._high = math.inf, -math.inf

    def drawing(self, sha256: str, *, repairs: int) -> Drawing:
        """Return everything that was found."""
        document = self._document
        names = {layer.dxf.name.lower(): layer for layer in document.layers}
        space = document.modelspace()
        self._spend(len(space))
        for entity in space:
            self._add(entity, None, "", 0)
        on_paper = sum(
            1
            for layout in document.layouts
            if layout.name != "Model"
            for entity in layout
            if entity.dxftype() != "VIEWPORT"
        )
        if not len(space):
            if on_paper:
                raise ImportFault(
                    f"{self._path}: the model space is empty, {on_paper} things lie on paper "
                    "sheets; expected the plan in the model space"
                )
            raise ImportFault(f"{self._path}: 0 entities: file damaged, or nothing was drawn")
        layers = {
            key: DrawnLayer(
                str(names[key].dxf.name) if key in names else key,
                key in names and bool(names[key].is_off() or names[key].is_frozen()),
                self._things[key],
            )
            for key in sorted(names.keys() | self._things.keys())
        }
        flat = self._low > self._high
        return Drawing(
            name=self._path.name,
            sha256=sha256,
            version=str(document.acad_release),
            unit_code=_whole(document.header.get("$INSUNITS", 0)),
            layers=MappingProxyType(layers),
            lines=tuple(self._lines),
            arcs=tuple(self._arcs),
            texts=tuple(self._texts),
            skipped=MappingProxyType(dict(sorted(self._skipped.items()))),
            missing=tuple(sorted(self._missing)),
            external=tuple(sorted(self._external)),
            damaged=self._damaged,
            deep=self._deep,
            on_paper=on_paper,
            repairs=repairs,
            heights=(0.0, 0.0) if flat else (self._low, self._high),
        )

    def _spend(self, things: int) -> None:
        self._left -= things
        if self._left < 0:
            raise ImportFault(
                f"{self._path}: more than {MAX_THINGS:,} things once blocks are taken apart, "
                "expected the drawing of one storey: delete furniture and hatches, or save the "
                "wall and door layers alone"
            )

    def _add(self, entity: Any, above: str | None, block: str, depth: int) -> None:
        """Add one thing; what cannot be read is counted, never a reason to stop."""
        try:
            kind = entity.dxftype()
            own = str(entity.dxf.get("layer", "0")).lower()
            layer = above if above is not None and own == "0" else own
            if entity.dxf.get("invisible", 0):
                self._skipped["hidden things"] += 1
            elif kind == "INSERT":
                self._insert(entity, layer, depth)
            else:
                self._thing(kind, entity, layer, block)
        except ImportFault:
            raise
        except self._damage:
            self._damaged += 1

    def _insert(self, insert: Any, layer: str, depth: int) -> None:
        """Take a block apart, its copies in rows and columns too."""
        name = str(insert.dxf.get("name", ""))
        content = insert.block()
        for attribute in insert.attribs:
            if not attribute.is_invisible:
                self._text(attribute, layer if attribute.dxf.layer == "0" else
                           str(attribute.dxf.layer).lower())  # fmt: skip
        if content is None:
            self._missing.add(name)
            return
        if content.block is not None and (content.block.is_xref or content.block.is_xref_overlay):
            self._external.add(name)
            return
        if depth >= DEEPEST:
            self._deep += 1
            return
        self._spend(max(1, insert.mcount) * max(1, len(content)))
        copies = insert.multi_insert() if insert.mcount > 1 else (insert,)
        for copy in copies:
            for entity in copy.virtual_entities(skipped_entity_callback=self._skip):
                self._add(entity, layer, name, depth + 1)

    def _skip(self, entity: Any, reason: str) -> None:
        self._skipped[f"{entity.dxftype()} ({reason[:40]})"] += 1

    def _thing(self, kind: str, entity: Any, layer: str, block: str) -> None:
        if kind == "LINE":
            self._line(layer, [entity.dxf.start, entity.dxf.end])
        elif kind == "LWPOLYLINE":
            if entity.has_arc:
                self._pieces(entity, layer, block)
            else:
                self._line(layer, list(entity.vertices_in_wcs()), closed=bool(entity.closed))
        elif kind == "POLYLINE":
            self._polyline(entity, layer, block)
        elif kind == "ARC":
            self._arc(entity, layer, block)
        elif kind == "CIRCLE":
            self._line(layer, list(entity.vertices(_angles(0.0, 360.0))), closed=True)
        elif kind == "ELLIPSE":
            self._ellipse(entity, layer, block)
        elif kind == "SPLINE":
            spline = entity.construction_tool()
            many = min(400, 4 * max(4, len(spline.control_points)))
            self._line(layer, list(spline.approximate(many)), closed=bool(entity.closed))
        elif kind == "MLINE":
            self._pieces(entity, layer, block)
        elif kind in ("SOLID", "TRACE", "3DFACE"):
            corners = list(entity.wcs_vertices())
            self._line(layer, [*corners, corners[0]], closed=True)
        elif kind in ("TEXT", "MTEXT"):
            self._text(entity, layer)
        else:
            self._skipped[kind] += 1
            self._things[layer] += 1

    def _polyline(self, entity: Any, layer: str, block: str) -> None:
        if entity.is_poly_face_mesh or entity.is_polygon_mesh:
            self._skipped["POLYLINE mesh"] += 1
        elif entity.is_2d_polyline and entity.has_arc:
            self._pieces(entity, layer, block)
        else:
            self._line(layer, list(entity.points_in_wcs()), closed=bool(entity.is_closed))

    def _pieces(self, entity: Any, layer: str, block: str) -> None:
        """Add the lines and arcs that a thing is made of, as one piece each."""
        pieces = list(entity.virtual_entities())
        self._spend(len(pieces))
        for piece in pieces:
            self._add(piece, layer, block, 0)

    def _arc(self, arc: Any, layer: str, block: str) -> None:
        """Add an arc; its centre is in the system of the object, its ends in the world."""
        start, end = float(arc.dxf.start_angle), float(arc.dxf.end_angle)
        sweep = (end - start) % 360.0 or 360.0
        points = list(arc.vertices(_angles(start, sweep)))
        centre = arc.ocs().to_wcs(arc.dxf.center)
        self._swing(layer, centre, points, float(arc.dxf.radius), sweep, block)

    def _ellipse(self, ellipse: Any, layer: str, block: str) -> None:
        """Add an ellipse; one that is nearly round is an arc."""
        shape = ellipse.construction_tool()
        start = math.degrees(shape.start_param)
        sweep = (math.degrees(shape.end_param) - start) % 360.0 or 360.0
        points = list(shape.vertices([math.radians(a) for a in _angles(start, sweep)]))
        if sweep > 359.99:
            self._line(layer, points, closed=True)
        elif abs(1.0 - shape.ratio) <= _ROUND:
            radius = float(shape.major_axis.magnitude)
            self._swing(layer, shape.center, points, radius, sweep, block)
        else:
            self._line(layer, points)

    def _swing(
        self, layer: str, centre: Any, points: list[Any], radius: float, sweep: float, block: str
    ) -> None:
        if self._line(layer, points, arc=len(self._arcs)):
            flat = _flat([centre, points[0], points[-1]])
            self._arcs.append(DrawnArc(layer, flat[0], flat[1], flat[2], radius, sweep, block))

    def _line(
        self, layer: str, points: list[Any], *, closed: bool = False, arc: int | None = None
    ) -> bool:
        """Add a line unless it is a point, or has no place in the world."""
        if closed and len(points) > 2:
            points = [*points, points[0]]
        flat = _flat(points)
        if not np.isfinite(flat).all() or np.abs(flat).max(initial=0.0) > _FARTHEST:
            self._damaged += 1
            return False
        keep = np.ones(len(flat), dtype=np.bool_)
        keep[1:] = (np.diff(flat, axis=0) != 0.0).any(axis=1)
        flat = flat[keep]
        self._things[layer] += 1
        if len(flat) < 2:
            self._skipped["points without length"] += 1
            return False
        for point in (points[0], points[-1]):
            z = float(point[2]) if len(point) > 2 else 0.0
            if math.isfinite(z):
                self._low, self._high = min(self._low, z), max(self._high, z)
        self._lines.append(DrawnLine(layer, flat, closed, arc))
        return True

    def _text(self, entity: Any, layer: str) -> None:
        if entity.dxftype() == "MTEXT":
            text = entity.plain_text()
            at = entity.dxf.insert
            shift = (0.0, 0.0)
        else:
            text = entity.plain_text()
            placed = entity.get_placement()
            local = placed[1]
            width = float(entity.dxf.get("height", 0.0)) * _LETTER_SHARE * len(text)
            turn = math.radians(float(entity.dxf.get("rotation", 0.0)))
            left = "LEFT" in placed[0].name
            shift = (width / 2 * math.cos(turn), width / 2 * math.sin(turn)) if left else (0.0, 0.0)
            at = entity.ocs().to_wcs(local)
        self._things[layer] += 1
        here = _flat([at])[0]
        if not np.isfinite(here).all() or np.abs(here).max() > _FARTHEST:
            self._damaged += 1
            return
        clean = " ".join(text.split())
        if clean and all(c.isprintable() for c in clean):
            lines = tuple(" ".join(line.split()) for line in text.splitlines())
            for line in (line for line in lines if line):
                self._texts.append(DrawnText(layer, here, here + np.array(shift), line[:_MAX_TEXT]))


def _flat(points: Iterable[Any]) -> Vector:
    return np.array([(point[0], point[1]) for point in points], dtype=np.float64).reshape(-1, 2)


def _angles(start_deg: float, sweep_deg: float) -> list[float]:
    """Return angles from start over the sweep in equal steps of at most 5 degrees."""
    steps = max(2, math.ceil(sweep_deg / _STEP_DEG - 1e-9))
    return [start_deg + sweep_deg * k / steps for k in range(steps + 1)]


def _whole(value: Any) -> int:
    try:
        return int(value)
    except DAMAGE:
        return 0
