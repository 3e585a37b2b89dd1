"""A walkable area as JuPedSim has it becomes a proposal for a plan, parted where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import shapely
from shapely import LineString, Polygon

from buildings.exit_lines import place_exits, read_exit_lines
from buildings.facts import apply_facts
from buildings.floor_necks import Neck, part_at_necks
from buildings.ifc_names import plan_slug
from buildings.import_reach import connected_spaces, remark_exits
from buildings.import_report import ImportedPlan, ImportFault, ImportReport, MessageLog, counted
from buildings.map_records import ASSUMED_STOREY_M, MAX_ROOMS
from buildings.plan import OUTSIDE, Fact, Level, Plan, Portal, Space
from buildings.plan_writer import plan_sha256
from buildings.wkt_file import WktFloor, read_wkt_floor

SMALLEST_ROOM_M2: Final = 0.5
NARROWEST_M: Final = 0.5
"""A gap narrower than this is no way through: about the breadth of a body (ours)."""
_LEVEL: Final = Level("L1", 0, "Ground", 0.0, ASSUMED_STOREY_M, "1")


def import_wkt(
    path: Path,
    *,
    plan_id: str | None = None,
    facts: Sequence[Fact] = (),
    exits: Sequence[str] = (),
    whole: bool = False,
) -> ImportedPlan:
    """Propose a plan for a walkable area.

    A walkable area has no rooms, doors, levels, uses or exits. The floor is parted into rooms at
    narrow passages (`part_at_necks`), each of which becomes an opening as wide as it is; holes stay
    obstacles; the rest is said to be missing.

    Parameters
    ----------
    path : Path
        Text with a POLYGON, MULTIPOLYGON or GEOMETRYCOLLECTION in metres; polygons that touch are
        one floor.
    plan_id : str, optional
        Id of the plan; by default made of the file's name.
    facts : sequence of Fact
        Statements by a person; they win over what was proposed.
    exits : sequence of str
        Lines across exits as well-known text, in the coordinates of the file. Floor up to a metre
        beyond them is taken off.
    whole : bool
        Keep every polygon of floor as one space.

    Raises
    ------
    ImportFault
        If the file cannot be read, is too large, is not whole, or holds no floor.
    InputError
        If an exit does not lie at the edge of the floor.
    PlanError
        If a fact speaks of something that the plan does not have.
    """
    path = Path(path)
    log = MessageLog()
    lines = read_exit_lines(exits)
    floor = read_wkt_floor(path, log)
    x, y = floor.moved_m
    lines = tuple(shapely.transform(line, lambda xy: (xy - (x, y)).round(3)) for line in lines)
    placed = replace(floor, parts=place_exits(floor.parts, lines, log))
    parted = _parted(placed, log, whole=whole)
    if not parted.rooms:
        raise ImportFault(
            f"{path}: {counted(floor.polygons, 'polygon')}, none with {SMALLEST_ROOM_M2} m2 of "
            "floor"
        )
    if len(parted.rooms) > MAX_ROOMS:
        raise ImportFault(f"{path}: {len(parted.rooms)} rooms, expected at most {MAX_ROOMS}")
    spaces = _spaces(parted.rooms)
    homes = sorted(spaces)
    portals = {p.id: p for p in (*_openings(parted, homes), *_exits(parted, homes, lines))}
    plan = Plan(
        id=plan_id or plan_slug(path.stem),
        name=path.stem,
        version="1",
        levels=(_LEVEL,),
        spaces=MappingProxyType(spaces),
        portals=MappingProxyType(dict(sorted(portals.items()))),
        points=MappingProxyType({}),
        sources=(f"{path.name} (walkable area as WKT, sha256 {floor.sha256})",),
    )
    plan = apply_facts(plan, facts)
    plan = replace(plan, sha256=plan_sha256(plan))
    remark_exits(plan, homes, log)
    _remark(plan, parted, log)
    report = ImportReport(
        source=path.name,
        sha256=floor.sha256,
        file_format="WKT walkable area",
        found={
            "polygons": floor.polygons,
            "holes": floor.holes,
            "spaces": len(homes),
            "narrow_passages": len(parted.necks),
            "exits_given": len(lines),
        },
        repaired={"outlines_made_simple": floor.mended},
        refused={
            "other_geometries": floor.ignored,
            "scraps_of_floor": parted.scraps,
            "gaps": parted.gaps,
        },
        connected=connected_spaces(plan, homes),
        messages=log.in_order(),
    )
    return ImportedPlan(plan, report)


@dataclass(frozen=True, slots=True, eq=False)
class _Parted:
    """The rooms, the passages between them that a body fits through, and what was left out."""

    rooms: tuple[Polygon, ...]
    necks: tuple[Neck, ...]
    scraps: int
    gaps: int


def _parted(floor: WktFloor, log: MessageLog, *, whole: bool) -> _Parted:
    """Return the rooms of all pieces of floor and the passages between them."""
    rooms: list[Polygon] = []
    necks: list[Neck] = []
    scraps = [part for part in floor.parts if part.area < SMALLEST_ROOM_M2]
    for part in floor.parts:
        if part.area < SMALLEST_ROOM_M2:
            continue
        found, between = ((part,), ()) if whole else part_at_necks(part)
        necks += [Neck(n.first + len(rooms), n.second + len(rooms), n.line) for n in between]
        rooms += found
    gaps = [neck for neck in necks if neck.line.length < NARROWEST_M]
    if scraps:
        area = sum(scrap.area for scrap in scraps)
        log.note("FLOOR", f"{counted(len(scraps), 'scrap')} of floor, {area:.2f} m2, left out")
    for gap in gaps:
        x, y = gap.line.interpolate(0.5, normalized=True).coords[0]
        log.note(
            "DOOR",
            f"gap of {gap.line.length:.2f} m at ({x:.2f}, {y:.2f}) is no way through, expected "
            f"{NARROWEST_M} m",
        )
    kept = tuple(neck for neck in necks if neck.line.length >= NARROWEST_M)
    return _Parted(tuple(rooms), kept, len(scraps), len(gaps))


def _spaces(rooms: Sequence[Polygon]) -> dict[str, Space]:
    names = _numbered("S", len(rooms))
    return {
        name: Space(id=name, level=_LEVEL.id, kind="room", use="other", polygon=room)
        for name, room in zip(names, rooms, strict=True)
    }


def _openings(parted: _Parted, homes: Sequence[str]) -> list[Portal]:
    """Return an opening for each narrow passage."""
    return [
        Portal(
            id=name,
            level=_LEVEL.id,
            kind="opening",
            from_space=homes[neck.first],
            to_space=homes[neck.second],
            width_m=round(neck.line.length, 3),
            line=neck.line,
        )
        for name, neck in zip(_numbered("P", len(parted.necks)), parted.necks, strict=True)
    ]


def _exits(parted: _Parted, homes: Sequence[str], lines: Sequence[LineString]) -> list[Portal]:
    """Return the exits that were given, each of the room that it touches most."""
    found = []
    for name, line in zip(_numbered("X", len(lines)), lines, strict=True):
        middle = line.interpolate(0.5, normalized=True)
        near = [round(room.distance(middle), 3) for room in parted.rooms]
        found.append(
            Portal(
                id=name,
                level=_LEVEL.id,
                kind="exit",
                from_space=homes[near.index(min(near))],
                to_space=OUTSIDE,
                width_m=round(line.length, 3),
                line=line,
                lock="unknown",
                is_exit="yes",
            )
        )
    return found


def _numbered(letter: str, many: int) -> list[str]:
    digits = max(2, len(str(many)))
    return [f"{letter}-{n + 1:0{digits}d}" for n in range(many)]


def _remark(plan: Plan, parted: _Parted, log: MessageLog) -> None:
    """Say what a walkable area cannot know."""
    if not any(portal.leads_outside for portal in plan.portals.values()):
        log.note("EXIT", 'give exits with --exit "LINESTRING (x y, x y)", one for each')
    log.warning(
        "LEVEL",
        f"a walkable area has no levels: 1 level at 0 m, {ASSUMED_STOREY_M} m high, assumed; "
        "stairs and what they lead to are not in it",
    )
    openings = [p for p in plan.portals.values() if p.kind == "opening"]
    if openings:
        widths = [portal.width_m for portal in openings]
        log.warning(
            "DOOR",
            f"{counted(len(openings), 'narrow passage')} ({min(widths):.2f} to {max(widths):.2f} m "
            "wide) proposed as openings; set kind to door, and lock, in facts.csv where one hangs",
            *(portal.id for portal in openings),
        )
    unknown = [space.id for space in plan.spaces.values() if space.use == "other"]
    if unknown:
        log.warning(
            "USE",
            f"{counted(len(unknown), 'room')} of unknown use (set use in facts.csv)",
            *unknown,
        )
    holes = sum(len(room.interiors) for room in parted.rooms)
    if holes:
        log.note("OBSTACLE", f"{counted(holes, 'hole')} in rooms: nobody walks there")
