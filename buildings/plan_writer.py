"""Write a plan: the same plan always gives the same bytes, one feature a line, millimetres."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from shapely import LineString, Point, Polygon, normalize

from buildings.borders import write_private
from buildings.plan import Fact, Plan
from buildings.plan_features import Feature, properties_of, shape_of
from buildings.plan_models import FEATURE_FILES

BUILDING_FILE: Final = "building.yaml"
FACTS_FILE: Final = "facts.csv"
FACT_COLUMNS: Final = ("id", "key", "value", "source", "date")


def write_plan(plan: Plan, folder: Path) -> None:
    """Write a plan folder in the native format.

    Parameters
    ----------
    plan : Plan
        The plan. Values that its facts state are written into the features too, and the facts stay
        in ``facts.csv``: reading the folder again gives the same plan.
    folder : Path
        Where the five files go; they are replaced one by one, each whole or not at all.

    Raises
    ------
    InputError
        If a file cannot be written.
    """
    for name, content in plan_files(plan).items():
        write_private(folder / name, content)


def plan_files(plan: Plan) -> dict[str, bytes]:
    """Return the canonical content of every file of a plan, by name."""
    files = {BUILDING_FILE: _building(plan)}
    for kind, (name, _, _) in FEATURE_FILES.items():
        features: Mapping[str, Feature] = getattr(plan, kind)
        files[name] = _features(kind, plan.crs, features.values())
    files[FACTS_FILE] = _facts(plan.facts)
    return files


def plan_sha256(plan: Plan) -> str:
    """Return the hash of the canonical files: it names exactly this geometry and these facts."""
    digest = hashlib.sha256()
    for name, content in plan_files(plan).items():
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def _building(plan: Plan) -> bytes:
    levels = [
        {
            "id": level.id,
            "ordinal": level.ordinal,
            "name": level.name,
            "elevation": plain_number(level.elevation_m),
            "height": plain_number(level.height_m),
            "short": level.short,
        }
        for level in plan.levels
    ]
    content: dict[str, Any] = {
        "kind": "building",
        "schema_version": 1,
        "id": plan.id,
        "name": plan.name,
        "version": plan.version,
        "crs": plan.crs,
        "georef": plan.georef,
        "north_deg": plain_number(plan.north_deg),
        "units": "m",
        "levels": levels,
        "defaults": dict(sorted(plan.defaults.items())),
        "sources": list(plan.sources),
        "reviewed_by": plan.reviewed_by,
        "reviewed_on": plan.reviewed_on,
    }
    kept = {key: value for key, value in content.items() if value not in (None, [], {})}
    text = yaml.safe_dump(
        kept, sort_keys=False, allow_unicode=True, default_flow_style=None, width=100
    )
    return text.encode()


def _features(kind: str, crs: str | None, features: Iterable[Feature]) -> bytes:
    lines = []
    for feature in sorted(features, key=lambda f: f.id):
        entry = {
            "type": "Feature",
            "properties": {k: plain_number(v) for k, v in properties_of(feature).items()},
            "geometry": geometry_of(shape_of(feature)),
        }
        lines.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
    head = f'{{"type":"FeatureCollection","name":"{kind}",'
    if crs:
        named = {"type": "name", "properties": {"name": crs}}
        head += f'"crs":{json.dumps(named, separators=(",", ":"))},'
    return (head + '"features":[\n' + ",\n".join(lines) + "\n]}\n").encode()


def geometry_of(geometry: Polygon | LineString | Point) -> dict[str, Any]:
    """Return a geometry as it stands in a file: millimetres, rings begun at the same corner."""
    if isinstance(geometry, Point):
        return {"type": "Point", "coordinates": _xy(geometry)[0]}
    if isinstance(geometry, LineString):
        return {"type": "LineString", "coordinates": _xy(geometry)}
    tidy = normalize(geometry)
    rings = [tidy.exterior, *tidy.interiors]
    return {"type": "Polygon", "coordinates": [_xy(ring) for ring in rings]}


def _xy(geometry: Any) -> list[list[float]]:
    return [[plain_number(round(x, 3)), plain_number(round(y, 3))] for x, y, *_ in geometry.coords]


def plain_number(value: Any) -> Any:
    """Return a number without a tail of rounding errors; whole ones as integers."""
    if not isinstance(value, float):
        return value
    value = round(value, 6)
    return int(value) if value == int(value) else value


def _facts(facts: Iterable[Fact]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FACT_COLUMNS)
    for fact in sorted(facts, key=lambda f: (f.id, f.key)):
        writer.writerow([getattr(fact, column) for column in FACT_COLUMNS])
    return stream.getvalue().encode()
