"""An indoor map in OpenStreetMap XML becomes a proposal for a plan, in both tagging schemes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Point, Polygon

from buildings.ifc_geometry import parts_of
from buildings.import_report import ImportedPlan, ImportFault, MessageLog, counted
from buildings.local_metres import LocalMetres, local_metres
from buildings.map_plan import plan_of_map
from buildings.map_records import MAX_DOORS, MAX_ROOMS, Climbs, MapBuilding, MapDoor, MapRoom
from buildings.osm_levels import OsmLevels
from buildings.osm_tags import is_lift, is_stair, length_m, levels_said, room_kind
from buildings.osm_xml import OsmElement, OsmFile, read_osm
from buildings.plan import Fact

_SHOWN: Final = 12


def import_osm(
    path: Path, *, plan_id: str | None = None, facts: Sequence[Fact] = ()
) -> ImportedPlan:
    """Propose a plan for a building on an OpenStreetMap indoor map.

    Rooms are closed ways (or multipolygons) with ``indoor=room|area|corridor`` or
    ``buildingpart=*``; doors are nodes or ways with ``door=*``, ``entrance=*`` or ``indoor=door``,
    carried to the rooms on both sides of the wall. A room that repeats on other levels
    (``repeat_on``, stairs on several levels) gives one space on each.

    Parameters
    ----------
    path : Path
        The ``.osm`` or ``.xml`` file.
    plan_id : str, optional
        Id of the plan; by default made of the file's name.
    facts : sequence of Fact
        Statements by a person; they win over what the map says.

    Raises
    ------
    ImportFault
        If the file cannot be read, holds no rooms, or spans more than a campus.
    PlanError
        If a fact speaks of something that the plan does not have.
    """
    path = Path(path)
    file = read_osm(path)
    log = MessageLog()
    building = _Reading(file, path, log).building()
    return plan_of_map(building, path, plan_id=plan_id, facts=facts, log=log)


@dataclass(frozen=True, slots=True)
class _Part:
    """A room, outline or door as tagged: its rings of node ids (outer and inner)."""

    element: OsmElement
    key: str
    outer: tuple[tuple[str, ...], ...]
    inner: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class _Reading:
    """One pass over the elements of a file."""

    file: OsmFile
    path: Path
    log: MessageLog
    faults: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def building(self) -> MapBuilding:
        """Return the map in metres."""
        self.faults = list(self.file.faults)
        areas = list(self._areas())
        rooms = [part for part in areas if room_kind(part.element.tags) is not None]
        if not rooms:
            raise ImportFault(
                f"{self.path}: 0 rooms among {len(self.file.ways)} ways, expected closed ways with "
                "indoor=room or buildingpart=room"
            )
        edges = [
            part
            for part in areas
            if room_kind(part.element.tags) is None
            and "level" in part.element.tags
            and part.element.tags.get("indoor", "level") == "level"
        ]
        doors = list(self._doors())
        for many, limit, noun in (
            (len(rooms), MAX_ROOMS, "rooms"),
            (len(doors), MAX_DOORS, "doors"),
        ):
            if many > limit:
                raise ImportFault(f"{self.path}: {many} {noun}, expected at most {limit}")
        place = self._place(rooms)
        shapes = {part.key: self._shape(part, place) for part in (*rooms, *edges)}
        edges = [part for part in edges if shapes[part.key] is not None]
        levels = OsmLevels(
            [(part.key, part.element.tags, shapes[part.key]) for part in (*rooms, *edges)],
            [(part.key, part.element.tags, shapes[part.key]) for part in edges],
            self.log,
        )
        found = [r for part in rooms for r in self._rooms(part, shapes[part.key], levels)]
        placed = self._placed(doors, place, levels, found)
        self._say(rooms, place)
        outlines: dict[str, list[Polygon]] = {}
        for part in edges:
            for level in levels.of(part.key):
                outlines.setdefault(level, []).extend(parts_of(shapes[part.key]))
        schemes = {
            "buildingpart" if "buildingpart" in part.element.tags else "Simple Indoor Tagging"
            for part in rooms
        }
        return MapBuilding(
            file_format=f"OpenStreetMap XML, {' and '.join(sorted(schemes))}",
            sha256=self.file.sha256,
            source=f"{self.path.name} (OpenStreetMap XML, (c) OpenStreetMap contributors, sha256 "
            f"{self.file.sha256})",
            name=None,
            levels=levels.levels,
            rooms=tuple(found),
            doors=tuple(placed),
            outlines={
                key: MultiPolygon(parts_of(shapely.union_all(o))) for key, o in outlines.items()
            },
            found={"levels": len(levels.levels), "level_outlines": len(edges)}
            | {f"doors_on_{n}_outlines": many for n, many in self._on_outlines(doors, rooms)},
            repaired={},
            refused={"elements": len(self.faults)},
        )

    def _areas(self) -> Iterable[_Part]:
        """Yield closed ways and multipolygons, in the order of the file."""
        for way in self.file.ways.values():
            if way.tags and len(way.refs) > 3 and way.refs[0] == way.refs[-1]:
                yield _Part(way, f"w{way.id}", (tuple(way.refs),))
            elif room_kind(way.tags) is not None:
                self.faults.append(
                    f"{self.path.name}:{way.line}: room {way.id} is not closed: its outline has no "
                    "inside"
                )
        for relation in self.file.relations.values():
            if relation.tags.get("type") != "multipolygon":
                continue
            rings: dict[str, list[tuple[str, ...]]] = {"outer": [], "inner": []}
            for kind, ref, role in relation.members:
                member = self.file.ways.get(ref)
                if kind == "way" and member is not None and role in (*rings, ""):
                    rings[role or "outer"].append(tuple(member.refs))
            yield _Part(relation, f"r{relation.id}", tuple(rings["outer"]), tuple(rings["inner"]))

    def _doors(self) -> Iterable[OsmElement]:
        for element in (*self.file.nodes.values(), *self.file.ways.values()):
            tags = element.tags
            said = tags.get("door", "no") != "no" or tags.get("indoor") == "door"
            if said or tags.get("entrance", "no") != "no":
                yield element

    def _place(self, rooms: Sequence[_Part]) -> LocalMetres:
        used = {ref for part in rooms for ring in part.outer for ref in ring}
        degrees = [self.file.nodes[ref].lon_lat for ref in sorted(used & self.file.nodes.keys())]
        try:
            return local_metres(np.array(degrees, dtype=np.float64).reshape(-1, 2))
        except ValueError as error:
            raise ImportFault(f"{self.path}: {error}") from None

    def _points(self, refs: Sequence[str], place: LocalMetres) -> NDArray[np.float64] | None:
        """Return the corners of a way in metres, or None if a node is missing."""
        nodes = [self.file.nodes.get(ref) for ref in refs]
        if any(node is None for node in nodes):
            return None
        degrees = [node.lon_lat for node in nodes if node is not None]
        return place.to_metres(np.array(degrees, dtype=np.float64).reshape(-1, 2))

    def _shape(self, part: _Part, place: LocalMetres) -> Polygon | None:
        """Return a part as one polygon, its largest piece; None, with a fault, if it has none."""
        rings: dict[str, list[Polygon]] = {}
        for role, all_refs in (("outer", part.outer), ("inner", part.inner)):
            lines = [self._points(refs, place) for refs in all_refs]
            if any(line is None or len(line) < 2 for line in lines):
                self._fault(part, "refers to nodes that the file does not hold")
                return None
            merged = [LineString(line) for line in lines if line is not None]
            closed = shapely.polygonize([shapely.node(shapely.union_all(merged))])
            rings[role] = parts_of(closed)
        if len(part.outer) == 1:  # a crossing outline is mended, and said, where the floor is made
            corners = self._points(part.outer[0], place)
            if corners is not None and len(corners) > 3:
                rings["outer"] = [Polygon(corners)]
        if not rings["outer"]:
            self._fault(part, "has no closed outline")
            return None
        whole = max(rings["outer"], key=lambda ring: ring.area)
        if not rings["inner"]:
            return whole
        left = parts_of(shapely.make_valid(whole).difference(shapely.union_all(rings["inner"])))
        return left[0] if left else whole

    def _fault(self, part: _Part, what: str) -> None:
        self.faults.append(f"{self.path.name}:{part.element.line}: {part.key} {what}")

    def _rooms(self, part: _Part, shape: Polygon | None, levels: OsmLevels) -> Iterable[MapRoom]:
        """Yield a room on each level that it has floor on."""
        made = room_kind(part.element.tags)
        if shape is None or made is None:
            return
        tags = part.element.tags
        climbs: Climbs = "stair" if is_stair(tags) else "lift" if is_lift(tags) else None
        on = levels.of(part.key)
        repeated = levels.repeated(part.key)
        if climbs is None and len(on) > 1 and not repeated:
            self.log.note(
                "ROOM",
                f"{tags.get('name') or part.key} spans {len(on)} levels; its floor is on the "
                "lowest",
            )
            on = on[:1]
        number = tags.get("ref") or (
            tags["name"] if any(c.isdigit() for c in tags.get("name", "")) else None
        )
        for level in on:
            yield MapRoom(
                key=part.key,
                level=level,
                number=number,
                name=tags.get("name"),
                kind=made[0],
                use=made[1],
                polygon=shape,
                height_m=self._length(part.element, "height"),
                climbs=climbs,
                open_floor=tags.get("indoor") in ("area", "corridor"),
            )

    def _placed(
        self,
        doors: Sequence[OsmElement],
        place: LocalMetres,
        levels: OsmLevels,
        rooms: Sequence[MapRoom],
    ) -> Iterable[MapDoor]:
        """Yield the doors in metres on each of their levels."""
        tree = shapely.STRtree([room.polygon for room in rooms])
        for element in doors:
            kind = "n" if element.lon_lat is not None else "w"
            shape: Point | LineString
            if element.lon_lat is not None:
                degrees = np.array([element.lon_lat])
                shape = Point(place.to_metres(degrees)[0])
            else:
                points = self._points(element.refs, place)
                if points is None or len(points) < 2 or LineString(points).length < 1e-3:
                    self.faults.append(f"{self.path.name}:{element.line}: door without a line")
                    continue
                shape = LineString([points[0], points[-1]])
                if shape.length < 1e-3:  # drawn as a closed outline
                    shape = Point(LineString(points).centroid)
            near = tree.query(shape, predicate="dwithin", distance=0.25)
            beside = sorted({rooms[int(k)].level for k in near})
            said = self._length(element, "width") or self._length(element, "door:width")
            for level in levels.of_door(f"{kind}{element.id}", element.tags, beside):
                yield MapDoor(
                    key=f"{kind}{element.id}",
                    level=level,
                    label=element.tags.get("ref"),
                    shape=shape,
                    width_m=said,
                    entrance=element.tags.get("entrance", "no") != "no",
                    height_m=self._length(element, "height"),
                )

    def _length(self, element: OsmElement, key: str) -> float | None:
        """Return a length written as text, and say what was made of it."""
        text = element.tags.get(key)
        if text is None:
            return None
        value = length_m(text)
        said = f"{key}={text!r} on line {element.line}"
        if said in self.unread:
            return value
        try:
            float(text)
        except ValueError:
            self.unread.add(said)
            if value is not None:
                self.log.note("WIDTH" if "width" in key else "HEIGHT", f"{said} read as {value:g}")
        if value is None:
            self.unread.add(said)
            self.log.warning(
                "WIDTH" if "width" in key else "HEIGHT",
                f"{said}: expected a length such as 0.9, 90 cm or 3 ft; not used",
            )
        return value

    def _on_outlines(
        self, doors: Sequence[OsmElement], rooms: Sequence[_Part]
    ) -> list[tuple[int, int]]:
        """Return how many door nodes lie on the outlines of how many rooms."""
        on: dict[str, int] = {}
        for part in rooms:
            for ref in {ref for ring in part.outer for ref in ring}:
                on[ref] = on.get(ref, 0) + 1
        counts: dict[int, int] = {}
        for door in doors:
            if door.lon_lat is not None:
                counts[on.get(door.id, 0)] = counts.get(on.get(door.id, 0), 0) + 1
        return sorted(counts.items(), reverse=True)

    def _say(self, rooms: Sequence[_Part], place: LocalMetres) -> None:
        for text in self.faults[:_SHOWN]:
            self.log.error("FILE", text)
        if len(self.faults) > _SHOWN:
            self.log.error("FILE", f"and {len(self.faults) - _SHOWN} more elements")
        for part in rooms:
            tags = part.element.tags
            said = tags.get("buildingpart:verticalpassage:floorrange")
            if said:
                self.log.note(
                    "STAIR",
                    f"{part.key} leads to levels {said} by the map; levels that the file does not "
                    "hold stay out"
                    if levels_said(said)
                    else f"{part.key}: floor range {said!r} not understood",
                )
        if self.file.dropped:
            self.log.note("PRIVATE", f"{counted(self.file.dropped, 'other tag')} dropped")
        at = f"{place.latitude_deg:.3f}, {place.longitude_deg:.3f}"
        self.log.note("ORIGIN", f"local metres east and north of ({at}), WGS 84")
