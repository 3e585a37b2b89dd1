"""What changed between two plans, thing by thing: a door widened, a lock fitted, a room moved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from shapely import LineString, Polygon

from buildings.plan import Level, Plan
from buildings.plan_features import Feature, properties_of, shape_of
from buildings.plan_models import IN_METRES
from buildings.plan_writer import geometry_of, plain_number

Kind: TypeAlias = Literal["building", "level", "space", "portal", "point", "fact"]

OUTLINE: Final = "geometry"
"""The key under which a change of coordinates is named; no property has it."""
ROUNDING_M: Final = 0.002
_KINDS: Final[Mapping[str, Kind]] = {"spaces": "space", "portals": "portal", "points": "point"}
_BUILDING_KEYS: Final = (
    "id", "name", "version", "crs", "georef", "north_deg", "sources", "reviewed_by", "reviewed_on",
)  # fmt: skip
_LEVEL_KEYS: Final = {
    "ordinal": "ordinal", "name": "name", "elevation": "elevation_m", "height": "height_m",
    "short": "short",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One key of one thing that is not the same in two plans.

    ``key`` is empty where the whole thing was added or removed. Values are as they stand in files,
    None where there is none; of a geometry they are its coordinates.
    """

    kind: Kind
    id: str
    key: str
    before: Any
    after: Any

    def line(self) -> str:
        """Return the change as a line for people.

        Examples
        --------
        >>> Change("portal", "P-3", "width", 0.91, 1.2).line()
        'portal P-3: width 0.91 -> 1.2 m'
        """
        what = f"{self.kind} {self.id}" if self.id else self.kind
        if self.key == "":
            return f"{what}: {'added' if self.before is None else 'removed'}"
        if self.key == OUTLINE:
            return f"{what}: geometry {_moved(self.before, self.after)}"
        if self.key == "sources":
            return f"{what}: sources {_listed(self.before or [], self.after or [])}"
        unit = " m" if self.key in IN_METRES and None not in (self.before, self.after) else ""
        return f"{what}: {self.key} {_shown(self.before)} -> {_shown(self.after)}{unit}"

    def as_json(self) -> dict[str, Any]:
        """Return the change as plain values."""
        return {
            "kind": self.kind,
            "id": self.id,
            "key": self.key or None,
            "before": self.before,
            "after": self.after,
        }


def plan_changes(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Name everything that differs between two plans, to the millimetre, and nothing else.

    Parameters
    ----------
    before, after : Plan
        Compared as their canonical files are: facts are applied, coordinates and numbers rounded
        as a file holds them. The order in which an outline is drawn makes no difference.

    Returns
    -------
    tuple of Change
        The building, then levels, spaces, portals and points by id and key, then facts. A fact
        that states a value shows as the changed value and as the fact.
    """
    return tuple(_changes(before, after))


def _changes(before: Plan, after: Plan) -> Iterator[Change]:
    yield from _differences("building", "", _building(before), _building(after))
    old = {level.id: _level(level) for level in before.levels}
    new = {level.id: _level(level) for level in after.levels}
    yield from _things("level", old, new)
    for name, kind in _KINDS.items():
        old = {id_: _feature(f) for id_, f in _features(before, name).items()}
        new = {id_: _feature(f) for id_, f in _features(after, name).items()}
        yield from _things(kind, old, new)
    old = {f"{f.id} {f.key}": _fact(f) for f in before.facts}
    new = {f"{f.id} {f.key}": _fact(f) for f in after.facts}
    yield from _things("fact", old, new)


def _things(
    kind: Kind, before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]]
) -> Iterator[Change]:
    for id_ in sorted({*before, *after}):
        if id_ not in after:
            yield Change(kind, id_, "", before[id_], None)
        elif id_ not in before:
            yield Change(kind, id_, "", None, after[id_])
        else:
            yield from _differences(kind, id_, before[id_], after[id_])


def _differences(
    kind: Kind, id_: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield Change(kind, id_, key, before.get(key), after.get(key))


def _features(plan: Plan, name: str) -> Mapping[str, Feature]:
    found: Mapping[str, Feature] = getattr(plan, name)
    return found


def _feature(feature: Feature) -> dict[str, Any]:
    values = {key: plain_number(value) for key, value in properties_of(feature).items()}
    del values["id"]
    return {**values, OUTLINE: geometry_of(shape_of(feature))["coordinates"]}


def _level(level: Level) -> dict[str, Any]:
    return {key: plain_number(getattr(level, name)) for key, name in _LEVEL_KEYS.items()}


def _building(plan: Plan) -> dict[str, Any]:
    values = {key: plain_number(getattr(plan, key)) for key in _BUILDING_KEYS}
    values["sources"] = list(plan.sources)
    defaults = {f"defaults.{key}": plain_number(value) for key, value in plan.defaults.items()}
    return {key: value for key, value in {**values, **defaults}.items() if value not in (None, [])}


def _fact(fact: Any) -> dict[str, Any]:
    return {"value": fact.value, "source": fact.source, "date": fact.date}


def _shown(value: Any) -> str:
    if value is None:
        return "not stated"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _listed(before: list[str], after: list[str]) -> str:
    """Say which entries of a list are gone and which are new."""
    gone = [f"- {text}" for text in before if text not in after]
    new = [f"+ {text}" for text in after if text not in before]
    return "; ".join([*gone, *new]) or "in another order"


def _moved(before: Any, after: Any) -> str:
    """Say how coordinates changed: moved as a whole, grown about the middle, or drawn anew."""
    old, new = _pairs(before), _pairs(after)
    if len(old) == len(new):
        by = {(round(b[0] - a[0], 3), round(b[1] - a[1], 3)) for a, b in zip(old, new, strict=True)}
        if len(by) == 1:
            x, y = by.pop()
            return f"moved by ({x:.3f}, {y:.3f}) m"
    if isinstance(before[0][0], list):
        areas = [Polygon(rings[0], rings[1:]).area for rings in (before, after)]
        return f"drawn anew, {areas[0]:.2f} -> {areas[1]:.2f} m2"
    lines = [LineString(coordinates) for coordinates in (before, after)]
    middles = [line.interpolate(0.5, normalized=True) for line in lines]
    how = "drawn anew" if middles[0].distance(middles[1]) > ROUNDING_M else "about the same middle"
    return f"{how}, {lines[0].length:.3f} -> {lines[1].length:.3f} m long"


def _pairs(coordinates: Any) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], list):
        return [pair for part in coordinates for pair in _pairs(part)]
    return [(coordinates[0], coordinates[1])]
