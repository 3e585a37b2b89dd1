"""Small hand-written indoor maps in metres: OpenStreetMap XML and IMDF folders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

LAT, LON = 50.0, 8.0
LAT_M, LON_M = 111_229.0, 71_696.0
"""Metres in a degree of latitude and of longitude at 50 degrees north."""

XY = tuple[float, float]


def degrees(x: float, y: float) -> XY:
    """Return the longitude and latitude of a point in metres."""
    return LON + x / LON_M, LAT + y / LAT_M


def rect(x: float, y: float, width: float, depth: float) -> list[XY]:
    """Return the corners of a rectangle, closed."""
    return [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth), (x, y)]


class TinyOsm:
    """Writes OpenStreetMap XML; shared corners become shared nodes."""

    def __init__(self) -> None:
        self._nodes: dict[XY, int] = {}
        self._tags: dict[int, Mapping[str, str]] = {}
        self._ways: list[tuple[int, list[int], Mapping[str, str]]] = []
        self._relations: list[tuple[int, list[tuple[int, str]], Mapping[str, str]]] = []

    def node(self, at: XY, **tags: str) -> int:
        number = self._nodes.setdefault(at, len(self._nodes) + 1)
        if tags:
            self._tags[number] = {key.replace("__", ":"): value for key, value in tags.items()}
        return number

    def way(self, points: Sequence[XY], **tags: str) -> int:
        number = 1000 + len(self._ways)
        refs = [self.node(at) for at in points]
        self._ways.append((number, refs, {k.replace("__", ":"): v for k, v in tags.items()}))
        return number

    def multipolygon(self, members: Sequence[tuple[int, str]], **tags: str) -> None:
        self._relations.append((5000 + len(self._relations), list(members), tags))

    def text(self) -> str:
        lines = ["<?xml version='1.0' encoding='UTF-8'?>", "<osm version='0.6'>"]
        for at, number in self._nodes.items():
            lon, lat = degrees(*at)
            lines.append(f"<node id='{number}' lat='{lat:.9f}' lon='{lon:.9f}' user='somebody'>")
            lines += _tags(self._tags.get(number, {}))
            lines.append("</node>")
        for number, refs, tags in self._ways:
            lines.append(f"<way id='{number}'>")
            lines += [f"<nd ref='{ref}'/>" for ref in refs]
            lines += _tags(tags)
            lines.append("</way>")
        for number, members, tags in self._relations:
            lines.append(f"<relation id='{number}'>")
            lines += [f"<member type='way' ref='{way}' role='{role}'/>" for way, role in members]
            lines += _tags({"type": "multipolygon", **tags})
            lines.append("</relation>")
        return "\n".join([*lines, "</osm>", ""])

    def write(self, path: Path) -> Path:
        path.write_text(self.text(), encoding="utf-8")
        return path


def _tags(tags: Mapping[str, str]) -> list[str]:
    return [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]


class TinyImdf:
    """Writes an IMDF folder."""

    def __init__(self) -> None:
        self.files: dict[str, list[dict[str, Any]]] = {
            kind: [] for kind in ("level", "unit", "opening", "building")
        }

    def add(self, kind: str, id_: str, shape: str, parts: Any, **properties: Any) -> None:
        convert = (
            [list(degrees(*at)) for at in parts]
            if shape == "LineString"
            else [[list(degrees(*at)) for at in ring] for ring in parts]
        )
        self.files[kind].append(
            {
                "id": id_,
                "type": "Feature",
                "feature_type": kind,
                "geometry": {"type": shape, "coordinates": convert},
                "properties": properties,
            }
        )

    def level(
        self, id_: str, ordinal: int, *rings: list[XY], building: str = "B", **said: Any
    ) -> None:
        name = said.pop("name", f"Level {ordinal}")
        self.add(
            "level", id_, "Polygon", rings, name={"en": name}, short_name=None, ordinal=ordinal,
            building_ids=[building], **said,
        )  # fmt: skip

    def unit(self, id_: str, level: str, ring: list[XY], category: str, **said: Any) -> None:
        self.add("unit", id_, "Polygon", [ring], category=category, level_id=level, **said)

    def opening(self, id_: str, level: str, a: XY, b: XY, **said: Any) -> None:
        said = {"category": "pedestrian", **said}
        self.add("opening", id_, "LineString", [a, b], level_id=level, **said)

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, features in self.files.items():
            content = {"type": "FeatureCollection", "features": features}
            (folder / f"{kind}.geojson").write_text(json.dumps(content), encoding="utf-8")
        manifest = json.dumps({"version": "1.0.0", "language": "en"})
        (folder / "manifest.json").write_text(manifest, encoding="utf-8")
        return folder
