"""From the properties of a feature to a space, portal or point, and back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from shapely import LineString, Point, Polygon

from buildings.file_model import FilePart
from buildings.plan import (
    AssemblyFacts,
    LiftFacts,
    PlanPoint,
    Portal,
    RampFacts,
    Space,
    StairFacts,
)
from buildings.plan_models import (
    EXTRA_PREFIX,
    FEATURE_FILES,
    FeatureFile,
    file_keys,
    inside_name,
)

Feature = Space | Portal | PlanPoint

_PARTS: Final[Mapping[str, tuple[type, tuple[str, ...]]]] = {
    "stair": (
        StairFacts,
        (
            "riser",
            "tread",
            "steps",
            "width",
            "up",
            "from_level",
            "to_level",
            "handrail",
            "handrail_gap",
        ),
    ),
    "ramp": (RampFacts, ("rise", "run", "width")),
    "lift": (LiftFacts, ("levels", "car_capacity", "usable_in")),
    "assembly": (AssemblyFacts, ("role", "capacity")),
}
"""The keys that only one kind of space has, gathered there into an object of their own."""

_PART_KEYS: Final = frozenset(key for _, keys in _PARTS.values() for key in keys) - {"capacity"}


def is_own_key(key: str) -> bool:
    """Whether a key is a user's own, kept and never read."""
    return key.startswith(EXTRA_PREFIX)


def feature_from(
    properties: FeatureFile, geometry: Polygon | LineString | Point, extra: Mapping[str, Any]
) -> Feature:
    """Make a space, portal or point of checked properties and a geometry."""
    given = {
        key: value
        for key, value in properties.model_dump(by_alias=True).items()
        if value is not None
    }
    own = MappingProxyType(dict(sorted(extra.items())))
    if isinstance(geometry, Polygon):
        part = _PARTS.get(given["kind"])
        plain = {inside_name(k): v for k, v in given.items() if k not in _PART_KEYS}
        if part is not None:
            made, keys = part
            values = {inside_name(key): given[key] for key in keys if key in given}
            if made is LiftFacts:
                values["levels"] = tuple(part.strip() for part in given["levels"].split(";"))
            plain[given["kind"]] = made(**values)
        return Space(polygon=geometry, extra=own, **plain)
    plain = {inside_name(key): value for key, value in given.items()}
    if isinstance(geometry, LineString):
        return Portal(line=geometry, extra=own, **plain)
    return PlanPoint(point=geometry, extra=own, **plain)


def shape_of(feature: Feature) -> Polygon | LineString | Point:
    """Return the outline of a space, the line of a portal, the place of a point."""
    if isinstance(feature, Space):
        return feature.polygon
    return feature.line if isinstance(feature, Portal) else feature.point


def properties_of(feature: Feature) -> dict[str, Any]:
    """Return the properties of a feature as they stand in its file, absent ones left out."""
    kind = {Space: "spaces", Portal: "portals", PlanPoint: "points"}[type(feature)]
    model: type[FilePart] = FEATURE_FILES[kind][1]
    part = getattr(feature, feature.kind, None) if feature.kind in _PARTS else None
    properties: dict[str, Any] = {}
    for key in file_keys(model):
        value = None
        if part is not None and key in _PARTS[feature.kind][1]:
            value = getattr(part, inside_name(key))
        elif key not in _PART_KEYS or kind != "spaces":
            value = getattr(feature, inside_name(key))
        if isinstance(value, tuple):
            value = ";".join(value)
        if value is not None and not (key == "walkable" and value == "yes"):
            properties[key] = value
    return properties | dict(sorted(feature.extra.items()))
