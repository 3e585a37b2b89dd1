"""The files of an IMDF folder as plain features: checked, bounded, without anything personal."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from buildings.borders import InputError, read_text
from buildings.import_report import ImportFault
from buildings.map_records import MAX_CORNERS, MAX_DOORS, MAX_ROOMS

NEEDED: Final = ("level", "unit", "opening")
"""Without these an IMDF folder holds no building."""
OPTIONAL: Final = ("building",)
KEPT: Final[Mapping[str, tuple[str, ...]]] = {
    "level": ("name", "short_name", "ordinal", "outdoor", "building_ids"),
    "unit": ("category", "name", "alt_name", "level_id"),
    "opening": ("category", "door", "level_id"),
    "building": ("name",),
}
"""The properties that are read of each kind of feature; every other one stays in the file."""
_NOT_PERSONAL: Final = frozenset(
    {"display_point", "restriction", "accessibility", "rotation", "address_id", "alt_name", "name",
     "category", "unit_categoty", "unit_restriction", "access_control"}
)  # fmt: skip
_GEOMETRIES: Final = {
    "level": ("Polygon", "MultiPolygon"),
    "unit": ("Polygon", "MultiPolygon"),
    "opening": ("LineString",),
    "building": ("Polygon", "MultiPolygon"),
}
_LONGEST_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its id, the properties that are kept, and rings or a line in degrees.

    ``parts`` holds polygons, each a list of rings, or one line as ``[[points]]``.
    """

    id: str
    place: str
    properties: Mapping[str, Any]
    parts: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """What an IMDF folder holds."""

    features: Mapping[str, tuple[Feature, ...]]
    language: str
    version: str
    sha256: str
    dropped: int
    faults: tuple[str, ...]


def read_folder(path: Path) -> Folder:
    """Read the files of an IMDF folder that a plan is made of.

    Raises
    ------
    ImportFault
        If a needed file is missing, is not GeoJSON, or holds more than an import takes.
    """
    if not path.is_dir():
        what = "is a file" if path.exists() else "no such folder"
        raise ImportFault(f"{path}: {what}, expected a folder with {_files()}")
    digest = hashlib.sha256()
    faults: list[str] = []
    dropped: Counter[str] = Counter()
    features: dict[str, tuple[Feature, ...]] = {}
    corners = 0
    for kind in (*NEEDED, *OPTIONAL):
        file = path / f"{kind}.geojson"
        if kind in OPTIONAL and not file.exists():
            features[kind] = ()
            continue
        text = _text(file, digest)
        found = tuple(_features(kind, _json(file, text), file, faults, dropped))
        limit = MAX_DOORS if kind == "opening" else MAX_ROOMS
        if len(found) > limit:
            raise ImportFault(f"{file}: {len(found)} features, expected at most {limit}")
        corners += sum(len(ring) for one in found for part in one.parts for ring in part)
        if corners > MAX_CORNERS:
            raise ImportFault(f"{path}: more than {MAX_CORNERS} corners, expected one building")
        features[kind] = found
    manifest: Any = {}
    file = path / "manifest.json"
    if file.exists():
        manifest = _json(file, _text(file, digest))
    said = manifest if isinstance(manifest, dict) else {}
    language, version = said.get("language"), said.get("version")
    return Folder(
        features=features,
        language=language if isinstance(language, str) else "en",
        version=version[:20] if isinstance(version, str) else "1.0",
        sha256=digest.hexdigest(),
        dropped=sum(dropped.values()),
        faults=tuple(faults),
    )


def label(value: Any, language: str) -> str | None:
    """Return a label of a map: in its language, else in English, else the first by code.

    Examples
    --------
    >>> label({"ru": "Кабинет 104", "en": "Classroom 104"}, "en")
    'Classroom 104'
    >>> label({"en": "Classroom "}, "de"), label(None, "en"), label({"en": ""}, "en")
    ('Classroom', None, None)
    """
    if isinstance(value, dict):
        texts = {code: text for code, text in value.items() if isinstance(text, str)}
        value = (
            texts.get(language)
            or texts.get("en")
            or next((texts[code] for code in sorted(texts) if texts[code]), None)
        )
    if not isinstance(value, str):
        return None
    clean = "".join(c for c in value if c.isprintable()).strip()
    return clean[:_LONGEST_TEXT] or None


def _files() -> str:
    return ", ".join(f"{kind}.geojson" for kind in NEEDED)


def _text(file: Path, digest: Any) -> str:
    try:
        text = read_text(file, kind="IMDF")
    except InputError as error:
        raise ImportFault(str(error)) from None
    digest.update(file.name.encode() + b"\0" + text.encode() + b"\0")
    return text


def _json(file: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        cut = " (cut off?)" if error.pos >= len(text.rstrip()) else ""
        raise ImportFault(
            f"{file}:{error.lineno}: not readable as JSON: {error.msg}{cut}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ImportFault(f"{file}: not readable as JSON: {error}") from None


def _features(
    kind: str, content: Any, file: Path, faults: list[str], dropped: Counter[str]
) -> Iterator[Feature]:
    entries = content.get("features") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise ImportFault(f"{file}: expected a GeoJSON FeatureCollection")
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        place = f"{file.name} feature {number}"
        if not isinstance(entry, dict) or not isinstance(entry.get("properties"), dict):
            faults.append(f"{place}: expected a feature with properties")
            continue
        id_ = entry.get("id")
        if not isinstance(id_, str) or not 0 < len(id_) <= _LONGEST_TEXT or id_ in seen:
            why = "stands twice" if isinstance(id_, str) and id_ in seen else "is missing"
            faults.append(f"{place}: its id {why}, expected one of its own")
            continue
        try:
            parts = _parts(entry.get("geometry"), _GEOMETRIES[kind])
        except (TypeError, ValueError, OverflowError) as error:
            faults.append(f"{place}: {error}")
            continue
        seen.add(id_)
        properties = entry["properties"]
        for key, value in properties.items():
            if value not in (None, "", [], {}) and key not in (*KEPT[kind], *_NOT_PERSONAL):
                dropped[key] += 1
        kept = {key: properties.get(key) for key in KEPT[kind]}
        yield Feature(id_, place, kept, parts)


def _parts(
    geometry: Any, wanted: tuple[str, ...]
) -> tuple[tuple[tuple[tuple[float, float], ...], ...], ...]:
    """Return the coordinates of a geometry, all of them finite numbers."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in wanted:
        shown = str(kind)[:40] if kind else "missing"
        raise ValueError(f"geometry is {shown}, expected {' or '.join(wanted)}")
    coordinates = geometry.get("coordinates")
    if kind == "LineString":
        return ((_points(coordinates, at_least=2),),)
    polygons = coordinates if kind == "MultiPolygon" else [coordinates]
    if not isinstance(polygons, list) or not polygons:
        raise ValueError("expected polygons")
    return tuple(_rings(polygon) for polygon in polygons)


def _rings(polygon: Any) -> tuple[tuple[tuple[float, float], ...], ...]:
    if not isinstance(polygon, list) or not polygon:
        raise ValueError("expected a list of rings")
    return tuple(_points(ring, at_least=4) for ring in polygon)


def _points(points: Any, *, at_least: int) -> tuple[tuple[float, float], ...]:
    if not isinstance(points, list) or len(points) < at_least:
        raise ValueError(f"expected at least {at_least} points")
    return tuple(_point(point) for point in points)


def _point(point: Any) -> tuple[float, float]:
    if not isinstance(point, list) or len(point) not in (2, 3):
        raise ValueError(f"expected [longitude, latitude], found {str(point)[:40]}")
    for value, limit in zip(point[:2], (180.0, 90.0), strict=True):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or abs(value) > limit:
            raise ValueError(f"expected degrees up to {limit:g}, found {str(value)[:40]}")
    return float(point[0]), float(point[1])
