"""Levels and floors out of an IFC file: one clean polygon per room, nothing lying over another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import shapely

from buildings.ifc_geometry import close_cracks, parts_of, to_grid, without_strips
from buildings.ifc_names import Ids, guess_use, is_stairwell, shared_labels
from buildings.ifc_records import IfcBuilding, IfcOpening, IfcRoom, Storey
from buildings.ifc_stairs import StairWork
from buildings.import_overlaps import FloorCounts, settle_overlaps
from buildings.import_report import MessageLog, Place, counted
from buildings.plan import Level, Space, SpaceKind, SpaceUse

_SLIVER_M2: Final = 0.5
_STRIP_M: Final = 0.6
_STAIR_CUT_M2: Final = 0.05
_REACHES_OVER: Final = 0.25
_NO_HEIGHT_M: Final = 3.0


def build_levels(
    building: IfcBuilding, *, log: MessageLog
) -> tuple[tuple[Level, ...], dict[str, Level]]:
    """Return the levels that hold rooms, lowest first, and the level of every storey kept.

    Ordinal 0 is the level with most doors in outer walls as far as storeys tell; it is set later
    by `renumber` once the doors are known.
    """
    storeys = sorted(building.storeys, key=lambda s: (s.elevation_m, s.key))
    used = {storey_of(room, storeys) for room in building.rooms if room.mesh is not None}
    kept = [storey for storey in storeys if storey.key in used]
    empty = [storey.name or storey.key for storey in storeys if storey.key not in used]
    if empty:
        log.note("LEVEL", f"storeys without rooms left out: {', '.join(empty)}")
    for name in shared_labels(storey.name for storey in kept):
        count = sum(storey.name == name for storey in kept)
        log.warning("LEVEL", f'{count} levels named "{name}"; they are told apart by height')
    levels: list[Level] = []
    level_of: dict[str, Level] = {}
    for storey in kept:
        if levels and storey.elevation_m - levels[-1].elevation_m < 0.5:
            log.note("LEVEL", f"storey {storey.name} joined to {levels[-1].name} at its height")
            level_of[storey.key] = levels[-1]
            continue
        above = [s.elevation_m for s in storeys if s.elevation_m > storey.elevation_m + 0.5]
        height = above[0] - storey.elevation_m if above else _NO_HEIGHT_M
        number = len(levels) + 1
        levels.append(
            Level(
                id=f"L{number}",
                ordinal=number - 1,
                name=storey.name or f"Level {number}",
                elevation_m=storey.elevation_m,
                height_m=round(height, 3),
                short=str(number),
            )
        )
        level_of[storey.key] = levels[-1]
    return tuple(levels), level_of


def renumber(levels: Sequence[Level], outside_doors: Mapping[str, int]) -> tuple[Level, ...]:
    """Return the levels with ordinal 0 on the one with most doors to the outside, lowest first.

    Examples
    --------
    >>> floors = [Level(f"L{n}", n, str(n), 3.0 * n, 3.0, str(n)) for n in (1, 2)]
    >>> [level.ordinal for level in renumber(floors, {"L2": 4})]
    [-1, 0]
    """
    most = max((outside_doors.get(level.id, 0) for level in levels), default=0)
    ground = next(k for k, level in enumerate(levels) if outside_doors.get(level.id, 0) == most)
    return tuple(replace(level, ordinal=k - ground) for k, level in enumerate(levels))


def build_rooms(
    building: IfcBuilding, level_of: Mapping[str, Level], *, log: MessageLog
) -> tuple[dict[str, Space], dict[str, str], FloorCounts]:
    """Return the rooms by id, the id of each room's global id, and what was repaired."""
    counts = FloorCounts()
    storeys = sorted(building.storeys, key=lambda s: (s.elevation_m, s.key))
    ids = Ids("S-", [_labels(room) for room in building.rooms])
    rooms: dict[str, Space] = {}
    id_of: dict[str, str] = {}
    guesses: dict[SpaceUse, list[str]] = {}
    unknown: list[str] = []
    for room in sorted(building.rooms, key=lambda r: (r.number or "", r.key)):
        name = ids.give(_labels(room), room.key)
        if room.mesh is None:
            log.error("ROOM", f"{name} has no solid, so no floor; left out", name)
            counts.refused += 1
            continue
        level = level_of[storey_of(room, storeys)]
        found = parts_of(room.mesh.footprint())
        parts = parts_of(close_cracks(shapely.union_all(found)))
        at = [Place.inside(level.id, part) for part in parts[:1]]
        if not parts or parts[0].area < _SLIVER_M2:
            area = parts[0].area if parts else 0.0
            log.warning("ROOM", f"{name}: {area:.2f} m2 of floor, too small; left out", name, at=at)
            counts.refused += 1
            continue
        if len(parts) < len(found):
            counts.cracks += 1
            words = f"{name}: {len(found)} parts joined over a gap < 2 mm"
            log.note("ROOM", words, name, at=at)
        if len(parts) > 1:
            rest = sum(part.area for part in parts[1:])
            log.warning(
                "ROOM", f"{name}: {len(parts)} parts; the largest kept, {rest:.2f} m2 not", name
            )
        guess = guess_use(room.name)
        kind: SpaceKind
        use: SpaceUse
        kind, use = guess if guess is not None else ("room", "other")
        counts.guessed += guess is not None
        (unknown if guess is None else guesses.setdefault(use, [])).append(name)
        rooms[name] = Space(
            id=name,
            level=level.id,
            kind=kind,
            use=use,
            polygon=to_grid(parts[0]),
            number=room.number,
            name=room.name,
            height_m=round(room.mesh.z_high_m - room.mesh.z_low_m, 3),
            extra=MappingProxyType(
                {"x_confidence": room.confidence, "x_inferred": "walls"} if room.confidence else {}
            ),
        )
        id_of[room.key] = name
    for number in shared_labels(room.number for room in building.rooms):
        log.warning("ROOM", f'number "{number}" is used more than once; ids are made of global ids')
    for use in sorted(guesses):
        log.note(
            "USE", f"{counted(len(guesses[use]), 'room')} read as {use} by name", *guesses[use]
        )
    if unknown:
        log.warning(
            "USE",
            f"{counted(len(unknown), 'room')} of unknown use (set use in facts.csv)",
            *unknown,
        )
    settle_overlaps(rooms, id_of, counts, log)
    return rooms, id_of, counts


def cut_stairs(
    rooms: Mapping[str, Space],
    work: StairWork,
    levels: Sequence[Level],
    doors: Sequence[IfcOpening],
    counts: FloorCounts,
    *,
    log: MessageLog,
) -> tuple[dict[str, Space], dict[str, str]]:
    """Cut the stairs out of the rooms of every level that they pass.

    A room that the stair fills (but for strips that nobody can stand on) is replaced by its flight;
    a stair well keeps the floor in front of the stair as a landing.

    Returns
    -------
    rooms : dict of str to Space
        The rooms that remain.
    replaced : dict of str to str
        Rooms that a flight took the place of.
    """
    order = {level.id: k for k, level in enumerate(levels)}
    remaining: dict[str, Space] = {}
    replaced: dict[str, str] = {}
    for room in rooms.values():
        flights = [flight for flight in work.flights if _passes(flight, room, order)]
        shapes = [flight.polygon for flight in flights]
        stems = {flight.id.rpartition("-flight-")[0] for flight in flights}
        shapes += [s.polygon for s in work.landings if s.id.rpartition("-landing-")[0] in stems]
        solid = shapely.union_all(shapes)
        covered = room.polygon.intersection(solid).area if shapes else 0.0
        lies_in = any(work.well.get(flight.id) == room.id for flight in flights)
        if covered < _STAIR_CUT_M2 and not lies_in:
            remaining[room.id] = room
            continue
        rest = [
            p
            for p in without_strips(room.polygon.difference(solid), _STRIP_M)
            if p.area >= _SLIVER_M2
        ]
        counts.cut_by_stairs += 1
        if not rest:
            first = next((f.id for f in flights if work.well.get(f.id) == room.id), flights[0].id)
            replaced[room.id] = first
            log.note("STAIR", f"room {room.id} is filled by the stair {first}", room.id, first)
            continue
        rest.sort(
            key=lambda part: (-_door_ends(part, doors, levels[order[room.level]]), -part.area)
        )
        lost = sum(part.area for part in rest[1:])
        if lost > _SLIVER_M2:
            log.warning(
                "STAIR",
                f"{room.id}: {lost:.1f} m2 cut off behind the stair are not walkable",
                room.id,
            )
        kind = "landing" if is_stairwell(room.name) or lies_in else room.kind
        remaining[room.id] = replace(room, polygon=to_grid(rest[0]), kind=kind)
    return remaining, replaced


def _passes(flight: Space, room: Space, order: Mapping[str, int]) -> bool:
    """Return whether a flight takes floor from a room on one of the levels that it joins.

    A room above that merely reaches over the first steps keeps its floor.
    """
    if flight.stair is None:
        return False
    low, high = order[flight.stair.from_level], order[flight.stair.to_level]
    if not low <= order[room.level] <= high:
        return False
    over = flight.polygon.intersection(room.polygon).area
    return bool(over > (0.0 if order[room.level] == low else _REACHES_OVER * flight.area_m2))


def _door_ends(part: shapely.Polygon, doors: Sequence[IfcOpening], level: Level) -> int:
    """Return how many doors of a level open within 0.8 m of a piece of floor."""
    return sum(
        abs(door.z_m - level.elevation_m) <= 0.6
        and part.distance(shapely.Point(door.middle)) <= 0.8
        for door in doors
    )


def _labels(room: IfcRoom) -> tuple[str, ...]:
    """Return the door plate; an inferred room has its place instead."""
    if room.confidence is not None:
        return (room.key,)
    return (room.number,) if room.number else ()


def storey_of(room: IfcRoom, storeys: Sequence[Storey]) -> str:
    """Return the storey a room belongs to: as written, else the highest one below its floor."""
    if room.storey is not None and any(storey.key == room.storey for storey in storeys):
        return room.storey
    if not storeys:
        return ""
    floor = room.mesh.z_low_m if room.mesh is not None else 0.0
    below = [storey for storey in storeys if storey.elevation_m <= floor + 0.5]
    return (below or list(storeys))[-1 if below else 0].key
