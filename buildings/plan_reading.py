"""One pass over the files of a plan: everything wrong in them becomes a finding with a place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from buildings.borders import did_you_mean, read_text
from buildings.feature_geometry import build_geometry, feature_lines, first_pair, no_constant
from buildings.file_model import check_file
from buildings.finding import Finding, Stage
from buildings.plan import OUTSIDE, Level, Plan, PlanError, PlanPoint, Portal, Space
from buildings.plan_features import Feature, feature_from, is_own_key
from buildings.plan_models import FEATURE_FILES, BuildingFile
from buildings.plan_writer import BUILDING_FILE
from buildings.yaml_file import YamlFile, read_yaml

MAX_FEATURES: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Spot:
    """Which feature a fault is about, and a point to look at."""

    id: str
    level: str | None = None
    xy: tuple[float, float] | None = None


@dataclass(slots=True)
class Reading:
    """One pass over a plan folder, collecting faults.

    ``faulty`` are the ids of features that stand in the files and cannot be read: what refers to
    them is no fault of its own. ``unread`` are the files that cannot be read at all: while there
    are any, references are not checked.
    """

    folder: Path
    faults: list[Finding] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    unread: list[Path] = field(default_factory=list)

    def _add(
        self,
        code: str,
        words: str,
        spot: _Spot | None = None,
        *,
        stage: Stage = "schema",
        repair: str = "write what is expected there",
    ) -> None:
        x, y = (spot.xy if spot is not None else None) or (None, None)
        level = spot.level if spot is not None else None
        ids = (spot.id,) if spot is not None else ()
        self.faults.append(Finding(stage, "error", code, ids, words, repair, level, x, y))

    def plan(self) -> Plan:
        """Read the files; what is wrong in them stands in ``faults`` afterwards."""
        file = read_yaml(self.folder / BUILDING_FILE, kind="plan")
        said, faults = check_file(file, BuildingFile)
        for fault in faults:
            self._add("building_file", fault)
        read = {kind: dict(self._features(kind)) for kind in FEATURE_FILES}
        if said is None:
            lines = tuple(fault.message for fault in self.faults)
            raise PlanError(f"{self.folder}: {len(self.faults)} faults", lines)
        levels = self._levels(said, file)
        spaces: dict[str, Space] = read["spaces"]
        portals: dict[str, Portal] = read["portals"]
        points: dict[str, PlanPoint] = read["points"]
        self._references({level.id for level in levels}, spaces, portals, points)
        return Plan(
            id=said.id,
            name=said.name,
            version=said.version,
            levels=levels,
            spaces=_sorted(spaces),
            portals=_sorted(portals),
            points=_sorted(points),
            crs=said.crs,
            georef=said.georef,
            north_deg=said.north_deg,
            defaults=MappingProxyType(dict(sorted(said.defaults.items()))),
            sources=tuple(said.sources),
            reviewed_by=said.reviewed_by,
            reviewed_on=said.reviewed_on,
        )

    def _levels(self, said: BuildingFile, file: YamlFile) -> tuple[Level, ...]:
        levels = [
            Level(e.id, e.ordinal, e.name, e.elevation, e.height, e.short or e.id)
            for e in said.levels
        ]
        for key in ("id", "ordinal", "name"):
            seen: dict[Any, int] = {}
            for i, level in enumerate(levels):
                value = getattr(level, key)
                if value in seen:
                    self._add(
                        "levels",
                        f"{file.place(('levels', i, key))}: {value!r} is also level "
                        f"{seen[value] + 1}, expected one of its own",
                    )
                seen[value] = i
        levels.sort(key=lambda level: level.ordinal)
        for below, above in pairwise(levels):
            if not below.elevation_m < above.elevation_m:
                self._add(
                    "levels",
                    f"{file.name}: levels: {above.id} (ordinal {above.ordinal}) is at "
                    f"{above.elevation_m:g} m, expected higher than {below.id} at "
                    f"{below.elevation_m:g} m",
                )
        return tuple(levels)

    def _features(self, kind: str) -> Iterator[tuple[str, Any]]:
        name, model, geometry = FEATURE_FILES[kind]
        path = self.folder / name
        if kind == "points" and not path.exists():
            return
        seen: dict[str, Any] = {}
        for line, entry in self._entries(path):
            at = f"{path}:{line}"
            properties = entry.get("properties") if isinstance(entry, dict) else None
            if not isinstance(properties, dict):
                self._add("feature", f"{at}: expected a feature with properties")
                continue
            spot = _spot(properties, entry.get("geometry"))
            place = f"{at}: {spot.id}" if spot is not None else at
            given = {k: v for k, v in properties.items() if v is not None and not is_own_key(k)}
            extra = {k: v for k, v in properties.items() if v is not None and is_own_key(k)}
            checked, faults = check_file(YamlFile(place, given, {}), model)
            shape = self._shape(entry.get("geometry"), geometry, place, spot)
            for fault in faults:
                self._add("feature", fault, spot)
            for key, value in extra.items():
                if not isinstance(value, str | int | float) or isinstance(value, bool):
                    self._add("feature", f"{place}: {key}: should be text or a number", spot)
                    shape = None
            if checked is None or shape is None:
                self.faulty.update([spot.id] if spot is not None else [])
                continue
            if checked.id in seen:
                self._twice(place, spot, same=seen[checked.id] == entry)
                continue
            seen[checked.id] = entry
            yield checked.id, feature_from(checked, shape, extra)

    def _twice(self, place: str, spot: _Spot | None, *, same: bool) -> None:
        if same:
            words = f"{place}: id stands twice in the file, both alike"
            self._add("exact_duplicate", words, spot, repair="drop the second (--fix does)")
        else:
            words = f"{place}: id stands twice in the file"
            self._add("duplicate_id", words, spot, repair="give one of them an id of its own")

    def _entries(self, path: Path) -> Iterator[tuple[int, Any]]:
        """Yield the features of a GeoJSON file with the line that each begins on."""
        text = read_text(path, kind="plan")
        try:
            content = json.loads(text, parse_constant=no_constant)
        except json.JSONDecodeError as error:
            cut = " (cut off?)" if error.pos >= len(text.rstrip()) else ""
            self._unreadable(path, f"{path}:{error.lineno}: not readable as JSON: {error.msg}{cut}")
            return
        except (ValueError, RecursionError) as error:
            self._unreadable(path, f"{path}: not readable as JSON: {error}")
            return
        features = content.get("features") if isinstance(content, dict) else None
        if not isinstance(features, list):
            self._unreadable(path, f"{path}:1: expected a GeoJSON FeatureCollection")
            return
        if len(features) > MAX_FEATURES:
            words = f"{path}: {len(features)} features, expected at most {MAX_FEATURES}"
            self._unreadable(path, words)
            return
        lines = feature_lines(text, len(features))
        yield from zip(lines, features, strict=True)

    def _unreadable(self, path: Path, words: str) -> None:
        self.unread.append(path)
        self._add("json", words, repair="write it again whole, from where it came")

    def _shape(self, geometry: Any, wanted: str, place: str, spot: _Spot | None) -> Any:
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind != wanted:
            words = f"{place}: geometry is {kind or 'missing'}, expected {wanted}"
            self._add("outline", words, spot)
            return None
        try:
            shape = build_geometry(wanted, geometry.get("coordinates"))
        except (TypeError, ValueError, OverflowError) as error:
            self._add("outline", f"{place}: geometry: {error}", spot)
            return None
        return shape

    def _references(
        self,
        levels: set[str],
        spaces: Mapping[str, Space],
        portals: Mapping[str, Portal],
        points: Mapping[str, PlanPoint],
    ) -> None:
        """Check that everything spoken of exists."""
        if self.unread:
            return
        features: list[tuple[str, Feature]] = []
        for kind, found in (("spaces", spaces), ("portals", portals), ("points", points)):
            features += [(FEATURE_FILES[kind][0], feature) for feature in found.values()]
        ids: dict[str, str] = {}
        for name, feature in features:
            if feature.id == OUTSIDE:
                words = f"{name}: {OUTSIDE!r} is the open air, expected another id"
                self._point_out("reserved_id", words, feature, "give it another id")
            if feature.id in ids and ids[feature.id] != name:
                words = f"{name}: {feature.id} stands in {ids[feature.id]} too"
                repair = "give one of them an id of its own"
                self._point_out("duplicate_id", words, feature, repair)
            ids.setdefault(feature.id, name)
            self._refer(name, feature, "level", feature.level, levels)
        for space in spaces.values():
            name = FEATURE_FILES["spaces"][0]
            self._refer(name, space, "obstacle_of", space.obstacle_of, spaces)
            self._refer(name, space, "in", space.in_space, spaces)
            if space.stair is not None:
                self._refer(name, space, "from_level", space.stair.from_level, levels)
                self._refer(name, space, "to_level", space.stair.to_level, levels)
            for level in space.lift.levels if space.lift is not None else ():
                self._refer(name, space, "levels", level, levels)
        for portal in portals.values():
            name = FEATURE_FILES["portals"][0]
            for key, id_ in (("from", portal.from_space), ("to", portal.to_space)):
                self._refer(name, portal, key, id_, [*spaces, OUTSIDE])
            if portal.from_space == portal.to_space:
                words = (
                    f"{name}: {portal.id}: joins {portal.from_space} with itself, "
                    "expected two spaces"
                )
                self._point_out("joins_itself", words, portal, "name the space on either side")
            self._refer(name, portal, "discharges_to", portal.discharges_to, spaces)
        for point in points.values():
            self._refer(FEATURE_FILES["points"][0], point, "controls", point.controls, portals)

    def _refer(self, name: str, feature: Feature, key: str, value: str | None, known: Any) -> None:
        if value is None or value in known or value in self.faulty:
            return
        words = (
            f"{self.folder / name}: {feature.id}: {key}: {value!r} is not in the plan"
            f"{did_you_mean(value, known)}"
        )
        self._point_out("no_such_id", words, feature, f"name what {key} means")

    def _point_out(self, code: str, words: str, feature: Feature, repair: str) -> None:
        spot = _Spot(feature.id, feature.level, look_at(feature))
        self._add(code, words, spot, stage="references", repair=repair)


def look_at(feature: Feature) -> tuple[float, float]:
    """Return a point to look at: inside a space, the middle of a portal, the point itself."""
    if isinstance(feature, Space):
        point = feature.polygon.representative_point()
    else:
        point = feature.midpoint if isinstance(feature, Portal) else feature.point
    return float(point.x), float(point.y)


def _spot(properties: Mapping[str, Any], geometry: Any) -> _Spot | None:
    """Return where a feature lies as far as its file lets it be seen."""
    id_, level = properties.get("id"), properties.get("level")
    if not isinstance(id_, str | int) or isinstance(id_, bool):
        return None
    xy = first_pair(geometry.get("coordinates")) if isinstance(geometry, dict) else None
    return _Spot(str(id_), level if isinstance(level, str) else None, xy)


def _sorted(features: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({id_: features[id_] for id_ in sorted(features)})
