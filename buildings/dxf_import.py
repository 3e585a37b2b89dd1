"""A floor plan drawn in CAD (DXF) becomes a proposal for a plan: two ways to find its rooms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from buildings.dxf_accept import ROOMS_FILE, check_asked, rooms_table
from buildings.dxf_choice import Candidate, candidates, decide, place_word
from buildings.dxf_entities import read_dxf
from buildings.dxf_labels import Labels
from buildings.dxf_layers import LayerRoles, layer_roles
from buildings.dxf_level import LevelWork, in_metres, level_work, without_strays
from buildings.dxf_options import DxfOptions, dxf_options
from buildings.dxf_records import Drawing, Vector
from buildings.dxf_remarks import (
    remark_choice,
    remark_drawing,
    remark_left_out,
    remark_level,
    remark_opening,
)
from buildings.dxf_units import UnitFound, find_unit, usual_extent
from buildings.ifc_geometry import FAR_M, parts_of
from buildings.ifc_names import Ids, guess_use, is_lift_shaft, is_stairwell
from buildings.import_report import ImportedPlan, ImportFault, MessageLog
from buildings.map_door_sides import SNAP_M
from buildings.map_plan import plan_of_map
from buildings.map_records import Climbs, MapBuilding, MapDoor, MapRoom
from buildings.plan import Fact, Plan, SpaceKind, SpaceUse

__all__ = ["import_dxf"]

PROPOSALS_PICTURE: Final = "rooms_found.png"
_CORRIDOR_DOORS: Final = 3
_SHARE: Final = 0.5
_SAME_GAP_M: Final = 0.45
_SHORTEST_EXIT_M: Final = 0.5
_EXIT_REACH_M: Final = 1.5


def import_dxf(
    path: Path,
    *,
    plan_id: str | None = None,
    facts: Sequence[Fact] = (),
    before: Path | None = None,
    **asked: Any,
) -> ImportedPlan:
    """Propose a plan for a building drawn in one DXF file a level.

    Walls are lines on wall layers; door swings become doors. Rooms are found in two ways, by
    closed linework and by closing gaps, laid beside each other in the report, in
    ``rooms_found.csv`` and in ``rooms_found.png``, and taken room by room as a person accepts.

    Parameters
    ----------
    path : Path
        The drawing (DXF as text or binary).
    plan_id : str, optional
        Id of the plan; by default made of the file's name.
    facts : sequence of Fact
        Statements by a person; they win over the drawing.
    before : Path, optional
        The plan folder that is replaced: its ``rooms_found.csv`` keeps names and choices.
    **asked
        Options of the command, see `dxf_options`.

    Raises
    ------
    ImportFault
        If a file cannot be read, is no DXF, holds no walls, or its unit is not certain.
    InputError
        If an option or the table of rooms cannot be understood.
    PlanError
        If a fact speaks of something that the plan does not have.
    """
    path = Path(path)
    options = dxf_options(path, asked, before)
    log = MessageLog()
    works = _works(options, log)
    labels = {work.level.id: Labels(work.texts) for work in works}
    found = candidates(works, labels, options.accepted.rows)
    if not found:
        raise _no_rooms(path, works)
    check_asked(options.accepted, [one.room for one in found])
    chosen = decide(found, options.accepted)
    for work in works:
        taken = [one for one in chosen if one.level == work.level.id and one.taken == "closing"]
        unclosed = sum(one.pair.lines is None for one in taken)
        remark_level(work, labels[work.level.id], unclosed, log)
    remark_choice(chosen, options, log)
    building = _building(works, chosen, log)
    if not building.rooms:
        raise ImportFault(f"{path.name}: none of {len(found)} rooms is accepted, expected one")
    imported = plan_of_map(building, path, plan_id=plan_id, facts=facts, log=log)
    spaces = _space_ids(building, imported.plan)
    rows = [one.as_dict(spaces.get(one.key, "")) for one in chosen]
    report = replace(imported.report, proposals=tuple(MappingProxyType(row) for row in rows))
    return ImportedPlan(imported.plan, report, MappingProxyType(_files(rows, works, chosen)))


def _no_rooms(path: Path, works: Sequence[LevelWork]) -> ImportFault:
    """Return the fault of drawings in which nothing closes, with the layers that were not seen."""
    ends = sum(len(work.open_ends) for work in works)
    hidden = sorted(
        {
            layer.name
            for work in works
            for layer in work.drawing.layers.values()
            if layer.hidden and layer.things
        }
    )
    also = f"; layers not shown: {', '.join(hidden[:20])}" if hidden else ""
    return ImportFault(
        f"{path.name}: 0 rooms: the wall lines close nowhere ({ends} open wall ends{also}), "
        "neither as drawn nor over gaps. Name other layers with --walls, or a wider --gap"
    )


def _works(options: DxfOptions, log: MessageLog) -> list[LevelWork]:
    """Return what was found on each level, lowest first, in one system of metres."""
    read: list[tuple[Drawing, LayerRoles, UnitFound]] = []
    for file in options.files:
        drawing = read_dxf(file)
        roles = layer_roles(
            drawing, walls=options.walls, doors=options.doors, labels=options.labels, log=log
        )
        walls = [line for line in drawing.lines if line.layer in roles.walls]
        unit = find_unit(drawing, walls, options.units, log)
        low, high = usual_extent(walls)
        reach = 0.05 * float((high - low).max())
        drawing, strays = without_strays(drawing, low - reach, high + reach)
        remark_drawing(drawing, strays, log)
        read.append((drawing, roles, unit))
    shift = _shift(read, log)
    works = [
        level_work(
            in_metres(drawing, unit.metres, shift), roles, level, widest_gap_m=options.widest_gap_m
        )
        for (drawing, roles, unit), level in zip(read, options.levels, strict=True)
    ]
    works.sort(key=lambda work: work.level.elevation_m)
    if options.assumed_heights:
        log.warning(
            "LEVEL",
            "storeys are assumed 3.5 m high, in the order of the files; state --level for each",
        )
    return works


def _shift(read: Sequence[tuple[Drawing, LayerRoles, UnitFound]], log: MessageLog) -> Vector:
    """Return the move in whole metres that brings drawings far from the origin to it."""
    lows, highs = [], []
    for drawing, roles, unit in read:
        low, high = usual_extent([ln for ln in drawing.lines if ln.layer in roles.walls])
        lows.append(low * unit.metres)
        highs.append(high * unit.metres)
    low, high = np.min(lows, axis=0), np.max(highs, axis=0)
    if max(np.abs(low).max(), np.abs(high).max()) <= FAR_M:
        return np.zeros(2)
    shift: Vector = -np.floor(low)
    log.note(
        "ORIGIN",
        f"Origin moved by {float(np.hypot(*shift)):,.0f} m: the drawing's "
        f"({-shift[0]:.0f}, {-shift[1]:.0f}) m is (0, 0) here",
    )
    return shift


def _building(
    works: Sequence[LevelWork], chosen: Sequence[Candidate], log: MessageLog
) -> MapBuilding:
    """Return the accepted rooms, the doors and openings as a map."""
    doors = [door for work in works for door in _doors(work, chosen, log)]
    digests = [work.drawing.sha256 for work in works]
    sha256 = (
        digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    )
    versions = sorted({work.drawing.version for work in works})
    names = ", ".join(work.drawing.name for work in works)
    return MapBuilding(
        file_format=f"DXF {', '.join(versions)}",
        sha256=sha256,
        source=f"{names} (DXF, sha256 {sha256})",
        name=None,
        levels=tuple(work.level for work in works),
        rooms=tuple(_room(one, doors) for one in chosen if one.floor is not None),
        doors=tuple(doors),
        outlines={work.level.id: _outline(work) for work in works},
        found={
            "wall_lines": sum(int(shapely.get_num_geometries(work.lines)) for work in works),
            "door_swings": sum(len(door.arcs) for work in works for door in work.doors),
            "double_doors": sum(door.double for work in works for door in work.doors),
            "openings_without_door": sum(door.opening for door in doors),
            "rooms_by_lines": sum(len(work.by_lines.rooms) for work in works),
            "rooms_by_closing": sum(len(work.by_closing.rooms) for work in works),
            "open_wall_ends": sum(len(work.open_ends) for work in works),
        },
        repaired={
            "gaps_bridged": sum(work.bridged for work in works),
            "copies_of_lines": sum(work.copies for work in works),
        },
        refused={"things": sum(work.drawing.damaged for work in works)},
        georef="none",
    )


def _room(one: Candidate, doors: Sequence[MapDoor]) -> MapRoom:
    """Return an accepted room with kind and use by its words, else by its doors."""
    if one.floor is None:
        raise ValueError(f"{one.room} is not taken")
    name = one.label.name
    kind: SpaceKind
    use: SpaceUse
    kind, use = guess_use(name) or ("room", "other")
    if name is None and one.label.number is None:
        beside = sum(
            door.level == one.level and door.shape.distance(one.floor) <= SNAP_M for door in doors
        )
        if beside >= _CORRIDOR_DOORS:
            kind, use = "corridor", "circulation"
    climbs: Climbs = "stair" if is_stairwell(name) else "lift" if is_lift_shaft(name) else None
    return MapRoom(
        key=one.key,
        level=one.level,
        number=one.label.number if one.room == f"R-{one.label.number}" else None,
        name=name,
        kind=kind,
        use=use,
        polygon=one.floor,
        climbs=climbs,
    )


def _doors(work: LevelWork, chosen: Sequence[Candidate], log: MessageLog) -> list[MapDoor]:
    """Return the doors of a level, exits drawn as areas, and openings between accepted rooms."""
    floors = [one for one in chosen if one.level == work.level.id and one.floor is not None]
    refused = [one for one in chosen if one.level == work.level.id and one.take == "none"]
    lines: list[tuple[LineString, bool, bool]] = []
    for door in work.doors:
        into = [one.room for one in refused if _beside(door.line, one.pair.shape)]
        if into and sum(_beside(door.line, one.floor) for one in floors) < 2:
            remark_left_out(door.line, into[0], work.level, log)
        else:
            lines.append((door.line, False, False))
    opened: list[LineString] = []
    for gap in work.by_closing.gaps:
        near = _on_both_sides(gap, floors)
        parted = any(one.taken == "closing" for one in near)
        middle = gap.interpolate(0.5, normalized=True)
        again = any(middle.distance(other) <= _SAME_GAP_M for other in opened)
        if not parted or again or any(gap.distance(d.line) <= SNAP_M for d in work.doors):
            continue
        opened.append(gap)
        if len(near) > 1:
            lines.append((gap, False, True))
        remark_opening(gap, [one.room for one in near], work.level, log)
    for area in work.exits:
        edge = _exit_line(area, [one.floor for one in floors if one.floor is not None])
        if edge is not None:
            lines.append((edge, True, False))
    seen: dict[str, int] = {}
    doors = []
    for line, entrance, opening in lines:
        middle = line.interpolate(0.5, normalized=True)
        key = f"{work.level.id}.{place_word(middle)}"
        seen[key] = seen.get(key, 0) + 1
        doors.append(
            MapDoor(
                key=key if seen[key] == 1 else f"{key}.{seen[key]}",
                level=work.level.id,
                label=None,
                shape=line,
                width_m=round(line.length, 3),
                entrance=entrance,
                opening=opening,
            )
        )
    return doors


def _on_both_sides(gap: LineString, floors: Sequence[Candidate]) -> list[Candidate]:
    """Return the rooms met 0.3 m away on the two sides of a gap: two, one or none."""
    a, b = shapely.get_coordinates(gap)
    square = np.array([a[1] - b[1], b[0] - a[0]]) / gap.length
    found: list[Candidate] = []
    for side in (0.3, -0.3):
        point = Point((a + b) / 2 + side * square)
        near = [
            (round(float(one.floor.distance(point)), 3), k)
            for k, one in enumerate(floors)
            if one.floor is not None and _beside(gap, one.floor)
        ]
        away, k = min(near, default=(1.0, 0))
        if away <= 0.1 and floors[k] not in found:
            found.append(floors[k])
    return found


def _beside(line: LineString, floor: Polygon | None) -> bool:
    """Whether more than half of a door lies within 0.25 m of a floor."""
    if floor is None or floor.distance(line) > SNAP_M:
        return False
    near = float(line.intersection(floor.buffer(SNAP_M)).length)
    return near > _SHARE * float(line.length)


def _exit_line(area: Polygon, floors: Sequence[Polygon]) -> LineString | None:
    """Return the line over which an exit area crosses the edge of a floor, or lies beside it.

    An area within a floor (as drawn for simulations) gives the part of the nearest straight edge
    beside it, if that is at most 1.5 m away.
    """
    for floor in floors:
        crossed = floor.exterior.intersection(area)
        if crossed.length > _SHORTEST_EXIT_M:
            corners = shapely.get_coordinates(crossed)
            apart = np.linalg.norm(corners[:, None] - corners[None, :], axis=2)
            first, second = np.unravel_index(int(np.argmax(apart)), apart.shape)
            return LineString(np.round([corners[first], corners[second]], 3))
    corners = shapely.get_coordinates(area)
    beside: list[tuple[float, float, Vector]] = []
    for floor in floors:
        for a, b in pairwise(shapely.get_coordinates(floor.exterior)):
            away = float(area.distance(LineString([a, b])))
            length = float(np.linalg.norm(b - a))
            if away <= _EXIT_REACH_M and length > _SHORTEST_EXIT_M:
                along = np.clip((corners - a) @ (b - a) / length, 0.0, length)
                low, high = float(along.min()), float(along.max())
                if high - low > _SHORTEST_EXIT_M:
                    way = (b - a) / length
                    ends = np.round([a + low * way, a + high * way], 3)
                    beside.append((round(away, 3), low - high, ends))
    return LineString(min(beside, key=lambda entry: entry[:2])[2]) if beside else None


def _outline(work: LevelWork) -> MultiPolygon:
    """Return the outer edge of all closed walls of a level."""
    faces = [*work.by_lines.rooms, *work.by_closing.rooms]
    return MultiPolygon(parts_of(shapely.union_all([Polygon(face.exterior) for face in faces])))


def _space_ids(building: MapBuilding, plan: Plan) -> dict[str, str]:
    """Return the id in the plan of every room, by its key."""
    label = {room.key: (room.number,) if room.number else () for room in building.rooms}
    ids = Ids("S-", list(label.values()))
    given = {key: ids.give(label[key], key) for key in sorted(label)}
    return {key: name for key, name in given.items() if name in plan.spaces}


def _files(
    rows: Sequence[Mapping[str, Any]], works: Sequence[LevelWork], chosen: Sequence[Candidate]
) -> dict[str, bytes]:
    """Return the table of rooms and the picture of both ways."""
    from buildings.dxf_picture import draw_proposals
    from buildings.picture_file import figure_bytes

    table = [["" if value is None else str(value) for value in row.values()] for row in rows]
    picture = figure_bytes(draw_proposals(works, chosen), ".png", name=PROPOSALS_PICTURE)
    return {ROOMS_FILE: rooms_table(table), PROPOSALS_PICTURE: picture}
