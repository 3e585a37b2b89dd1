"""An indoor map in IMDF becomes a proposal for a plan: units, openings and levels of a building."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from shapely import LineString, MultiPolygon, Polygon

from buildings.ifc_geometry import parts_of
from buildings.ifc_names import guess_use, plan_slug
from buildings.imdf_buildings import chosen_building
from buildings.imdf_features import Feature, Folder, label, read_folder
from buildings.imdf_levels import level_shape, levels_of
from buildings.import_report import ImportedPlan, ImportFault, MessageLog, counted
from buildings.local_metres import LocalMetres, local_metres
from buildings.map_plan import plan_of_map
from buildings.map_records import Climbs, MapBuilding, MapDoor, MapRoom
from buildings.plan import Fact, SpaceKind, SpaceUse

CATEGORIES: Final[Mapping[str, tuple[SpaceKind, SpaceUse]]] = {
    "administration": ("room", "office"),
    "auditorium": ("room", "auditorium"),
    "classroom": ("room", "classroom"),
    "conferenceroom": ("room", "office"),
    "elevator": ("room", "mechanical"),
    "escalator": ("landing", "circulation"),
    "firstaid": ("room", "nurse"),
    "foodservice": ("room", "cafeteria"),
    "kitchen": ("room", "kitchen"),
    "laboratory": ("room", "lab"),
    "library": ("room", "library"),
    "lobby": ("hall", "vestibule"),
    "office": ("room", "office"),
    "ramp": ("corridor", "circulation"),
    "restroom": ("room", "toilet"),
    "security": ("room", "office"),
    "stairs": ("landing", "circulation"),
    "storage": ("room", "storage"),
    "theater": ("room", "auditorium"),
    "walkway": ("corridor", "circulation"),
    "wardrobe": ("room", "storage"),
}
"""What a category of unit is in a plan; ``restroom.female`` is read as ``restroom``."""
_VOID: Final = frozenset({"nonpublic", "opentobelow", "structure", "column", "brick"})
_CLIMBS: Final[Mapping[str, Climbs]] = {"stairs": "stair", "elevator": "lift"}
_NUMBER: Final = re.compile(r"(?:^|\s)([A-Z]{0,3}[-.]?\d[\w.\-/]*)$")
_SHOWN: Final = 12


def import_imdf(
    path: Path,
    *,
    plan_id: str | None = None,
    facts: Sequence[Fact] = (),
    building: str | None = None,
) -> ImportedPlan:
    """Propose a plan for a building described by an IMDF folder.

    Rooms come from ``unit.geojson``, doors from ``opening.geojson``, levels from
    ``level.geojson``. Everything else in the folder (addresses, occupants, opening hours) is not
    read. IMDF says nothing of locks, exits and steps: they stay unknown until somebody states them
    in ``facts.csv``.

    Parameters
    ----------
    path : Path
        The folder.
    plan_id : str, optional
        Id of the plan; by default made of the folder's name.
    facts : sequence of Fact
        Statements by a person; they win over what the map says.
    building : str, optional
        Id or name of the building, where the archive holds several; "all" for one plan of all.

    Raises
    ------
    ImportFault
        If the folder cannot be read, holds no units, or spans more than a campus; if it holds
        several buildings and the one that is meant is not named.
    PlanError
        If a fact speaks of something that the plan does not have.
    """
    path = Path(path)
    log = MessageLog()
    folder, chosen = chosen_building(read_folder(path), str(path), asked=building, log=log)
    units = folder.features["unit"]
    if not units:
        raise ImportFault(f"{path}: 0 units, expected the rooms of a building in unit.geojson")
    degrees = np.array([point for unit in units for part in unit.parts for point in part[0]])
    try:
        place = local_metres(degrees)
    except ValueError as error:
        raise ImportFault(f"{path}: unit.geojson: {error}") from None
    record = _Reading(folder, place, path, log).building()
    if chosen is not None and plan_id is None:
        plan_id = plan_slug(f"{path.resolve().stem} {chosen.name or chosen.id}")
    return plan_of_map(record, path.resolve(), plan_id=plan_id, facts=facts, log=log)


@dataclass(slots=True)
class _Reading:
    """One pass over the features of a folder."""

    folder: Folder
    place: LocalMetres
    path: Path
    log: MessageLog
    unknown: Counter[str] = field(default_factory=Counter)
    adrift: list[str] = field(default_factory=list)

    def building(self) -> MapBuilding:
        """Return the map in metres."""
        levels, level_of = levels_of(self.folder, self.log)
        shapes: dict[str, list[Polygon]] = {}
        bad = 0
        for feature in self.folder.features["level"]:
            shape, detached = level_shape(feature, self.place)
            bad += detached > 0
            if detached:
                name = label(feature.properties["name"], self.folder.language) or feature.id
                self.log.note(
                    "LEVEL",
                    f"{name}: {counted(detached, 'detached part')} "
                    f"{'was' if detached == 1 else 'were'} stored as holes",
                )
            shapes.setdefault(level_of.get(feature.id, ""), []).extend(parts_of(shape))
        rooms = tuple(
            r for unit in self.folder.features["unit"] for r in self._room(unit, level_of)
        )
        doors = tuple(
            d for one in self.folder.features["opening"] for d in self._door(one, level_of)
        )
        for text in self.folder.faults[:_SHOWN]:
            self.log.error("FILE", text)
        if len(self.folder.faults) > _SHOWN:
            self.log.error("FILE", f"and {len(self.folder.faults) - _SHOWN} more features")
        if self.adrift:
            shown = ", ".join(self.adrift[:_SHOWN])
            self.log.error("LEVEL", f"{len(self.adrift)} features on no known level: {shown}")
        for category, many in sorted(self.unknown.items()):
            self.log.note("USE", f"{counted(many, 'unit')} of category {category} read as room")
        if self.folder.dropped:
            self.log.note(
                "PRIVATE", f"{counted(self.folder.dropped, 'other property value')} dropped"
            )
        at = f"{self.place.latitude_deg:.3f}, {self.place.longitude_deg:.3f}"
        self.log.note("ORIGIN", f"local metres east and north of ({at}), WGS 84")
        return MapBuilding(
            file_format=f"IMDF {self.folder.version}",
            sha256=self.folder.sha256,
            source=f"{self.path.name} (IMDF, sha256 {self.folder.sha256})",
            name=self._name(),
            levels=levels,
            rooms=rooms,
            doors=doors,
            outlines={key: MultiPolygon(parts) for key, parts in sorted(shapes.items()) if key},
            found={"levels": len(self.folder.features["level"])},
            repaired={"level_outlines": bad},
            refused={"features": len(self.folder.faults) + len(self.adrift)},
        )

    def _name(self) -> str | None:
        """Return the name of the building, if the map holds levels of a single one."""
        ids = {
            id_
            for level in self.folder.features["level"]
            if isinstance(level.properties["building_ids"], list)
            for id_ in level.properties["building_ids"]
            if isinstance(id_, str)
        }
        names = [
            label(one.properties["name"], self.folder.language)
            for one in self.folder.features["building"]
            if one.id in ids
        ]
        return names[0] if len(names) == 1 else None

    def _level(self, feature: Feature, level_of: Mapping[str, str]) -> str | None:
        level_id = feature.properties["level_id"]
        level = level_of.get(level_id) if isinstance(level_id, str) else None
        if level is None:
            self.adrift.append(feature.place)
        return level

    def _room(self, unit: Feature, level_of: Mapping[str, str]) -> list[MapRoom]:
        level = self._level(unit, level_of)
        if level is None:
            return []
        full = unit.properties["category"]
        category = full if isinstance(full, str) else "unspecified"
        base = category.partition(".")[0].lower()
        name = label(unit.properties["name"], self.folder.language)
        short = label(unit.properties["alt_name"], self.folder.language)
        kind: SpaceKind = "room"
        use: SpaceUse = "other"
        if base in _VOID:
            kind = "void"
        elif base in CATEGORIES:
            kind, use = CATEGORIES[base]
        else:
            guess = guess_use(name) or guess_use(base)
            self.unknown[category[:40]] += guess is None
            kind, use = guess or (kind, use)
        polygons = [
            Polygon(self._metres(part[0]), [self._metres(ring) for ring in part[1:]])
            for part in unit.parts
        ]
        whole = max(polygons, key=lambda polygon: polygon.area)
        if len(polygons) > 1:
            self.log.warning("ROOM", f"{unit.place}: {len(polygons)} parts; the largest kept")
        return [
            MapRoom(
                key=unit.id,
                level=level,
                number=_number(short) or _number(name),
                name=name,
                kind=kind,
                use=use,
                polygon=whole,
                climbs=_CLIMBS.get(base),
            )
        ]

    def _door(self, opening: Feature, level_of: Mapping[str, str]) -> list[MapDoor]:
        level = self._level(opening, level_of)
        if level is None:
            return []
        points = self._metres(opening.parts[0][0])
        line = LineString(points)
        if line.length < 1e-3:
            self.log.error("DOOR", f"{opening.place}: its line has no length; left out")
            return []
        width = round(float(np.linalg.norm(points[-1] - points[0])), 3)
        said = opening.properties["category"]
        entrance = isinstance(said, str) and said.startswith("entrance")
        return [MapDoor(opening.id, level, None, line, width or None, entrance=entrance)]

    def _metres(self, ring: Sequence[tuple[float, float]]) -> np.ndarray:
        return self.place.to_metres(np.array(ring))


def _number(text: str | None) -> str | None:
    """Return the door plate in a label, or None.

    Examples
    --------
    >>> _number("Classroom 104"), _number("100.1"), _number("Cafe")
    ('104', '100.1', None)
    """
    found = _NUMBER.search(text or "")
    return found.group(1) if found else None
