"""An indoor map of any format becomes a proposal for a plan, and a report of what to check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from buildings.facts import apply_facts
from buildings.ifc_borders import border_portals, wall_free_borders
from buildings.ifc_floors import renumber
from buildings.ifc_geometry import parts_of, to_grid
from buildings.ifc_names import Ids, plan_slug, shared_labels
from buildings.import_overlaps import FloorCounts, settle_overlaps
from buildings.import_reach import connected_spaces, remark_exits
from buildings.import_report import (
    ImportedPlan,
    ImportFault,
    ImportReport,
    MessageLog,
    Place,
    counted,
)
from buildings.import_widths import remark_default_width
from buildings.map_climbs import ClimbWork, join_climbs, remark_climbs, without_stated
from buildings.map_doors import DoorWork, place_doors
from buildings.map_records import ASSUMED_DOOR_M, MapBuilding, MapRoom
from buildings.plan import Fact, Level, Plan, Space
from buildings.plan_writer import plan_sha256

NOTICED_OVERLAP_M2: Final = 0.05
_SLIVER_M2: Final = 0.5
_WALL_M: Final = 0.6


def plan_of_map(
    building: MapBuilding,
    path: Path,
    *,
    plan_id: str | None,
    facts: Sequence[Fact],
    log: MessageLog,
) -> ImportedPlan:
    """Propose a plan for a building drawn on an indoor map.

    Parameters
    ----------
    building : MapBuilding
        The map as read.
    path : Path
        The file or folder, for its name.
    plan_id : str, optional
        Id of the plan; by default made of the file's name.
    facts : sequence of Fact
        Statements by a person; they win over what the map says.
    log : MessageLog
        What has been noted so far.

    Raises
    ------
    ImportFault
        If no room has a usable floor.
    PlanError
        If a fact speaks of something that the plan does not have.
    """
    counts = FloorCounts()
    rooms, of = _rooms(building, counts, log)
    if not rooms:
        raise ImportFault(f"{path}: {len(building.rooms)} rooms, none with a usable floor")
    overlapping = _overlapping(rooms)
    keys = {id_: id_ for id_ in rooms}
    settle_overlaps(rooms, keys, counts, log)
    homes = sorted(rooms)
    used = {space.level for space in rooms.values()}
    levels = [level for level in building.levels if level.id in used]
    empty = [level.name for level in building.levels if level.id not in used]
    if empty:
        log.note("LEVEL", f"levels without rooms left out: {', '.join(empty)}")
    outlines = {level.id: _outline(level, rooms, building.outlines) for level in levels}
    placed = [door for door in building.doors if door.level in used]
    doors = place_doors(placed, levels, rooms, outlines, log=log)
    stairs = [name for name in homes if of[name].climbs == "stair"]
    lifts = [name for name in homes if of[name].climbs == "lift"]
    climbs = join_climbs(rooms, levels, stairs, lifts)
    borders = wall_free_borders(
        [rooms[name] for name in homes if of[name].open_floor], levels, walls=()
    )
    openings = border_portals(borders)
    portals = {portal.id: portal for portal in (*doors.portals, *openings, *climbs.portals)}
    outside = Counter(portal.level for portal in doors.portals if portal.leads_outside)
    plan = Plan(
        id=plan_id or plan_slug(path.stem),
        name=building.name or path.stem,
        version="1",
        levels=renumber(levels, outside) if outside else _from_ground(levels),
        spaces=MappingProxyType(dict(sorted(climbs.spaces.items()))),
        portals=MappingProxyType(dict(sorted(portals.items()))),
        points=MappingProxyType({}),
        georef=building.georef,
        sources=(building.source,),
    )
    plan = without_stated(apply_facts(plan, facts))
    plan = replace(plan, sha256=plan_sha256(plan))
    _remark(plan, building, homes, doors, log)
    remark_climbs(plan, climbs, stairs, lifts, log)
    if borders:
        log.note(
            "OPENING",
            f"{counted(len(openings), 'opening')} without door added between "
            f"{counted(len(borders), 'pair')} of rooms that no wall parts",
        )
    report = ImportReport(
        source=path.name,
        sha256=building.sha256,
        file_format=building.file_format,
        found={
            **building.found,
            **_found(building, doors, climbs, overlapping, len(borders)),
        },
        repaired={
            **building.repaired,
            "outlines_made_simple": counts.cracks,
            "overlaps_cut": counts.overlaps_cut,
            "copies_dropped": counts.duplicates,
            "doors_snapped": doors.snapped,
            "widths_assumed": doors.assumed_widths,
        },
        refused={**building.refused, "spaces": counts.refused, "doors": doors.lost},
        connected=connected_spaces(plan, homes),
        messages=log.in_order(),
    )
    return ImportedPlan(plan, report)


def _rooms(
    building: MapBuilding, counts: FloorCounts, log: MessageLog
) -> tuple[dict[str, Space], dict[str, MapRoom]]:
    """Return the rooms by id, and the record that each was made of."""
    first: dict[str, MapRoom] = {}
    for room in building.rooms:
        first.setdefault(room.key, room)
    ids = Ids("S-", [_labels(room) for room in first.values()])
    id_of = {key: ids.give(_labels(first[key]), key) for key in sorted(first)}
    rooms: dict[str, Space] = {}
    of: dict[str, MapRoom] = {}
    order = {level.id: k for k, level in enumerate(building.levels)}
    for room in sorted(building.rooms, key=lambda r: (r.key, order[r.level])):
        name = id_of[room.key]
        if name in rooms:
            name = f"{name}.{room.level}"
        found = parts_of(shapely.make_valid(room.polygon))
        at = [Place.inside(room.level, part) for part in found[:1]]
        if not found or found[0].area < _SLIVER_M2:
            area = found[0].area if found else 0.0
            log.warning("ROOM", f"{name}: {area:.2f} m2 of floor, too small; left out", name, at=at)
            counts.refused += 1
            continue
        if not room.polygon.is_valid:
            rest = sum(part.area for part in found[1:])
            text = f"{name}: outline crosses itself; made simple"
            log.warning("ROOM", f"{text}, {rest:.2f} m2 left out" if rest > 0.01 else text, name)
            counts.cracks += 1
        rooms[name] = Space(
            id=name,
            level=room.level,
            kind=room.kind,
            use=room.use,
            polygon=to_grid(found[0]),
            number=room.number,
            name=room.name,
            height_m=room.height_m,
        )
        of[name] = room
    shared = shared_labels(room.number for room in first.values())
    if shared:
        log.warning(
            "ROOM",
            f"{counted(len(shared), 'number')} used more than once: {', '.join(shared)}; the ids "
            "of these rooms are the map's own",
        )
    unknown = sorted(name for name, space in rooms.items() if space.use == "other")
    if unknown:
        log.warning(
            "USE",
            f"{counted(len(unknown), 'room')} of unknown use (set use in facts.csv)",
            *unknown,
        )
    return rooms, of


def _labels(room: MapRoom) -> tuple[str, ...]:
    return (room.number,) if room.number else ()


def _overlapping(rooms: Mapping[str, Space]) -> int:
    """Count the pairs of rooms on one level that share more than 0.05 m2."""
    pairs = 0
    for level in sorted({room.level for room in rooms.values()}):
        here = [room.polygon for _, room in sorted(rooms.items()) if room.level == level]
        first, second = STRtree(here).query(here, predicate="intersects")
        pairs += sum(
            here[i].intersection(here[j]).area > NOTICED_OVERLAP_M2
            for i, j in zip(first.tolist(), second.tolist(), strict=True)
            if i < j
        )
    return pairs


def _outline(
    level: Level, rooms: Mapping[str, Space], drawn: Mapping[str, BaseGeometry]
) -> BaseGeometry:
    """Return the outer edge of the building on a level: drawn, and around its rooms."""
    here = [room.polygon for _, room in sorted(rooms.items()) if room.level == level.id]
    if level.id in drawn:
        here.append(drawn[level.id])
    closed = shapely.union_all(here).buffer(_WALL_M, join_style="mitre")
    return closed.buffer(-_WALL_M, join_style="mitre")


def _from_ground(levels: Sequence[Level]) -> tuple[Level, ...]:
    """Return the levels numbered in steps of one, 0 the lowest that is not below ground."""
    ground = next((k for k, level in enumerate(levels) if level.ordinal >= 0), len(levels) - 1)
    return tuple(replace(level, ordinal=k - ground) for k, level in enumerate(levels))


def _remark(
    plan: Plan, building: MapBuilding, homes: Sequence[str], doors: DoorWork, log: MessageLog
) -> None:
    """Add what the whole import shows to the log."""
    remark_exits(plan, homes, log)
    if not building.doors:
        log.error("DOOR", "the map has no doors: rooms are not joined")
        return
    log.note("WIDTH", "door widths are those of the map; a measured clear width may be less")
    assumed = sorted(
        portal.id for portal in plan.portals.values() if portal.extra.get("x_width") == "assumed"
    )
    if assumed:
        log.warning(
            "WIDTH",
            f"{counted(len(assumed), 'door')} without a width: {ASSUMED_DOOR_M} m assumed; state "
            "width in facts.csv",
            *assumed,
        )
    remark_default_width(
        [door.width_m for door in building.doors if door.width_m is not None], log, digits=2
    )


def _found(
    building: MapBuilding, doors: DoorWork, climbs: ClimbWork, overlapping: int, borders: int
) -> dict[str, int]:
    """Count what the map holds and what of it could be placed."""
    return {
        "spaces": len({room.key for room in building.rooms}),
        "doors": len({door.key for door in building.doors if not door.opening}),
        "doors_between_two_spaces": doors.two_sided,
        "doors_to_outside": doors.outside,
        "doors_inside_one_space": doors.same_room,
        **{f"doors_touching_{number}": many for number, many in doors.touching.items()},
        "overlapping_pairs": overlapping,
        "wall_free_pairs": borders,
        "stairs": sum(room.climbs == "stair" for room in building.rooms),
        "stair_links": len(climbs.stair_links),
        "lifts": sum(room.climbs == "lift" for room in building.rooms),
        "lift_links": len(climbs.lift_links),
    }
