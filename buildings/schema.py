"""The JSON Schemas of the plan files, generated from the models that check them."""

from __future__ import annotations

import json
from typing import Any, Final

from buildings.plan_models import EXTRA_PREFIX, FEATURE_FILES, BuildingFile

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_files() -> dict[str, str]:
    """Return the content of every published schema of a plan, by file name."""
    files = {
        "building.schema.json": _text({"$schema": DIALECT, **BuildingFile.model_json_schema()})
    }
    for kind, (_, _, geometry) in FEATURE_FILES.items():
        files[f"{kind}.schema.json"] = _text(_collection(kind, geometry))
    return files


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _collection(kind: str, geometry: str) -> dict[str, Any]:
    """Return the schema of one GeoJSON file."""
    properties = FEATURE_FILES[kind][1].model_json_schema(by_alias=True)
    definitions = properties.pop("$defs", {})
    properties["patternProperties"] = {f"^{EXTRA_PREFIX}": {"type": ["string", "number"]}}
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "title": f"{kind}.plan.geojson",
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "name": {"type": "string"},
            "crs": {"type": "object"},
            "features": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["type", "properties", "geometry"],
                    "properties": {
                        "type": {"const": "Feature"},
                        "properties": properties,
                        "geometry": {
                            "type": "object",
                            "required": ["type", "coordinates"],
                            "properties": {
                                "type": {"const": geometry},
                                "coordinates": {"type": "array"},
                            },
                        },
                    },
                },
            },
        },
    }
    if definitions:
        schema["$defs"] = definitions
    return schema
