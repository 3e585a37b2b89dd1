"""Read a plan folder: every fault in its five files listed at once, none passed over."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from shapely import LineString, Point, Polygon

from buildings.borders import InputError, did_you_mean, read_text
from buildings.facts import apply_facts, read_facts
from buildings.file_model import check_file
from buildings.plan import OUTSIDE, Level, Plan, PlanError, PlanPoint, Portal, Space
from buildings.plan_features import Feature, feature_from, is_own_key
from buildings.plan_models import FEATURE_FILES, BuildingFile
from buildings.plan_writer import BUILDING_FILE, FACTS_FILE, plan_sha256
from buildings.yaml_file import YamlFile, read_yaml

BUILTIN: Final = "builtin:"
SCHOOLS: Final = Path(__file__).parent / "schools"
MAX_COORDINATE_M: Final = 1e7
"""Beyond this no building lies, even in national grid coordinates."""
MAX_FEATURES: Final = 100_000
SHOWN_FINDINGS: Final = 200


def builtin_plans() -> tuple[str, ...]:
    """Return the names of the schools that come with the program."""
    return tuple(sorted(entry.parent.name for entry in SCHOOLS.glob(f"*/{BUILDING_FILE}")))


def load_plan(source: str | Path) -> Plan:
    """Read a plan folder, or one of the built-in schools.

    Parameters
    ----------
    source : str or Path
        A folder with ``building.yaml``, or ``builtin:NAME``.

    Returns
    -------
    Plan
        With ``facts.csv`` applied and its hash set.

    Raises
    ------
    PlanError
        If anything in the files is wrong; the findings name file, line, feature, what was found
        and what was expected.
    """
    folder = _folder(source)
    reading = _Reading(folder)
    plan = reading.plan()
    if reading.faults:
        shown = reading.faults[:SHOWN_FINDINGS]
        more = len(reading.faults) - len(shown)
        lines = (*shown, f"and {more} more") if more else tuple(shown)
        raise PlanError(f"{folder}: {len(reading.faults)} faults in the plan", lines)
    facts = folder / FACTS_FILE
    if facts.exists():
        plan = apply_facts(plan, read_facts(facts), name=str(facts))
    return replace(plan, sha256=plan_sha256(plan))


def _folder(source: str | Path) -> Path:
    text = str(source)
    if text.startswith(BUILTIN):
        name = text.removeprefix(BUILTIN)
        if name not in builtin_plans():
            hint = did_you_mean(name, builtin_plans())
            raise PlanError(
                f"{text}: no built-in school of that name{hint}, "
                f"expected one of {', '.join(builtin_plans())}"
            )
        return SCHOOLS / name
    folder = Path(source)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "no such folder"
        raise PlanError(f"{folder}: {what}, expected a plan folder with {BUILDING_FILE}")
    if not (folder / BUILDING_FILE).is_file():
        raise PlanError(f"{folder}: no {BUILDING_FILE} in it, expected a plan folder")
    return folder


@dataclass(slots=True)
class _Reading:
    """One pass over a plan folder, collecting faults."""

    folder: Path
    faults: list[str] = field(default_factory=list)

    def plan(self) -> Plan:
        file = read_yaml(self.folder / BUILDING_FILE, kind="plan")
        said, faults = check_file(file, BuildingFile)
        self.faults += faults
        read = {kind: dict(self._features(kind)) for kind in FEATURE_FILES}
        if said is None:
            raise PlanError(f"{self.folder}: {len(self.faults)} faults", tuple(self.faults))
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
                    self.faults.append(
                        f"{file.place(('levels', i, key))}: {value!r} is also level "
                        f"{seen[value] + 1}, expected one of its own"
                    )
                seen[value] = i
        levels.sort(key=lambda level: level.ordinal)
        for below, above in pairwise(levels):
            if not below.elevation_m < above.elevation_m:
                self.faults.append(
                    f"{file.name}: levels: {above.id} (ordinal {above.ordinal}) is at "
                    f"{above.elevation_m:g} m, expected higher than {below.id} at "
                    f"{below.elevation_m:g} m"
                )
        return tuple(levels)

    def _features(self, kind: str) -> Iterator[tuple[str, Any]]:
        name, model, geometry = FEATURE_FILES[kind]
        path = self.folder / name
        if kind == "points" and not path.exists():
            return
        seen: set[str] = set()
        for line, entry in self._entries(path):
            at = f"{path}:{line}"
            properties = entry.get("properties") if isinstance(entry, dict) else None
            if not isinstance(properties, dict):
                self.faults.append(f"{at}: expected a feature with properties")
                continue
            id_ = properties.get("id")
            place = f"{at}: {id_}" if isinstance(id_, str | int) else at
            given = {k: v for k, v in properties.items() if v is not None and not is_own_key(k)}
            extra = {k: v for k, v in properties.items() if v is not None and is_own_key(k)}
            checked, faults = check_file(YamlFile(place, given, {}), model)
            shape = self._shape(entry.get("geometry"), geometry, place)
            self.faults += faults
            for key, value in extra.items():
                if not isinstance(value, str | int | float) or isinstance(value, bool):
                    self.faults.append(f"{place}: {key}: should be text or a number")
                    shape = None
            if checked is None or shape is None:
                continue
            if checked.id in seen:
                self.faults.append(f"{place}: id stands twice in the file")
            seen.add(checked.id)
            yield checked.id, feature_from(checked, shape, extra)

    def _entries(self, path: Path) -> Iterator[tuple[int, Any]]:
        """Yield the features of a GeoJSON file with the line that each begins on."""
        text = read_text(path, kind="plan")
        try:
            content = json.loads(text, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            cut = " (cut off?)" if error.pos >= len(text.rstrip()) else ""
            self.faults.append(f"{path}:{error.lineno}: not readable as JSON: {error.msg}{cut}")
            return
        except (ValueError, RecursionError) as error:
            self.faults.append(f"{path}: not readable as JSON: {error}")
            return
        features = content.get("features") if isinstance(content, dict) else None
        if not isinstance(features, list):
            self.faults.append(f"{path}:1: expected a GeoJSON FeatureCollection")
            return
        if len(features) > MAX_FEATURES:
            self.faults.append(f"{path}: {len(features)} features, expected at most {MAX_FEATURES}")
            return
        lines = _feature_lines(text, len(features))
        yield from zip(lines, features, strict=True)

    def _shape(self, geometry: Any, wanted: str, place: str) -> Any:
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind != wanted:
            self.faults.append(f"{place}: geometry is {kind or 'missing'}, expected {wanted}")
            return None
        try:
            shape = _build(wanted, geometry.get("coordinates"))
        except (TypeError, ValueError, OverflowError) as error:
            self.faults.append(f"{place}: geometry: {error}")
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
        features: list[tuple[str, Feature]] = []
        for kind, found in (("spaces", spaces), ("portals", portals), ("points", points)):
            features += [(FEATURE_FILES[kind][0], feature) for feature in found.values()]
        ids: dict[str, str] = {}
        for name, feature in features:
            if feature.id == OUTSIDE:
                self.faults.append(f"{name}: {OUTSIDE!r} is the open air, expected another id")
            if feature.id in ids and ids[feature.id] != name:
                self.faults.append(f"{name}: {feature.id} stands in {ids[feature.id]} too")
            ids.setdefault(feature.id, name)
            self._refer(name, feature.id, "level", feature.level, levels)
        for space in spaces.values():
            name = FEATURE_FILES["spaces"][0]
            self._refer(name, space.id, "obstacle_of", space.obstacle_of, spaces)
            self._refer(name, space.id, "in", space.in_space, spaces)
            if space.stair is not None:
                self._refer(name, space.id, "from_level", space.stair.from_level, levels)
                self._refer(name, space.id, "to_level", space.stair.to_level, levels)
            for level in space.lift.levels if space.lift is not None else ():
                self._refer(name, space.id, "levels", level, levels)
        for portal in portals.values():
            name = FEATURE_FILES["portals"][0]
            for key, id_ in (("from", portal.from_space), ("to", portal.to_space)):
                self._refer(name, portal.id, key, id_, [*spaces, OUTSIDE])
            if portal.from_space == portal.to_space:
                self.faults.append(
                    f"{name}: {portal.id}: joins {portal.from_space} with itself, "
                    "expected two spaces"
                )
            self._refer(name, portal.id, "discharges_to", portal.discharges_to, spaces)
        for point in points.values():
            self._refer(FEATURE_FILES["points"][0], point.id, "controls", point.controls, portals)

    def _refer(self, name: str, id_: str, key: str, value: str | None, known: Any) -> None:
        if value is not None and value not in known:
            self.faults.append(
                f"{self.folder / name}: {id_}: {key}: {value!r} is not in the plan"
                f"{did_you_mean(value, known)}"
            )


def _sorted(features: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({id_: features[id_] for id_ in sorted(features)})


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a plan may hold")


def _feature_lines(text: str, count: int) -> list[int]:
    """Return the line on which each feature begins, as written one a line; 1 where it is not."""
    lines = [n for n, line in enumerate(text.splitlines(), 1) if '"Feature"' in line]
    return lines if len(lines) == count else [1] * count


def _build(kind: str, coordinates: Any) -> Polygon | LineString | Point:
    """Make a geometry of coordinates, all of them finite."""
    if kind == "Point":
        return Point(_pair(coordinates))
    if kind == "LineString":
        line = LineString(_pairs(coordinates, at_least=2))
        if line.length == 0.0:
            raise ValueError("line has no length")
        return line
    if not isinstance(coordinates, list) or not coordinates:
        raise ValueError("expected a list of rings")
    rings = [_pairs(ring, at_least=4) for ring in coordinates]
    for ring in rings:
        if ring[0] != ring[-1]:
            raise ValueError(f"ring is open: begins at {ring[0]}, ends at {ring[-1]}")
    polygon = Polygon(rings[0], rings[1:])
    if not polygon.is_valid or polygon.area <= 0.0:
        from shapely import is_valid_reason  # only to put a fault into words

        raise ValueError(f"not a simple polygon: {is_valid_reason(polygon)}")
    return polygon


def _pairs(coordinates: Any, *, at_least: int) -> list[tuple[float, float]]:
    if not isinstance(coordinates, list) or len(coordinates) < at_least:
        raise ValueError(f"expected at least {at_least} points")
    return [_pair(entry) for entry in coordinates]


def _pair(entry: Any) -> tuple[float, float]:
    if not isinstance(entry, list) or len(entry) not in (2, 3):
        raise ValueError(f"expected [x, y], found {str(entry)[:40]}")
    for value in entry:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or abs(value) > MAX_COORDINATE_M:
            raise ValueError(f"expected metres, found {str(value)[:40]}")
    return float(entry[0]), float(entry[1])


__all__ = ["InputError", "builtin_plans", "load_plan"]
