"""An IFC building model becomes a proposal for a plan, and a report of what to check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from buildings.facts import apply_facts
from buildings.ifc_borders import border_portals, wall_free_borders
from buildings.ifc_floors import build_levels, build_rooms, cut_stairs, renumber
from buildings.ifc_inferred import infer_rooms
from buildings.ifc_names import plan_slug
from buildings.ifc_openings import OpeningWork, build_openings
from buildings.ifc_reading import read_ifc
from buildings.ifc_records import IfcBuilding
from buildings.ifc_remarks import remark
from buildings.ifc_stairs import StairWork, build_stairs, join_stairs
from buildings.ifc_units import check_unit
from buildings.import_overlaps import FloorCounts
from buildings.import_reach import connected_spaces
from buildings.import_report import ImportedPlan, ImportFault, ImportReport, MessageLog
from buildings.plan import Fact, Level, Plan, Space
from buildings.plan_writer import plan_sha256

__all__ = ["ImportFault", "ImportedPlan", "import_ifc"]


def import_ifc(
    path: Path,
    *,
    plan_id: str | None = None,
    facts: Sequence[Fact] = (),
    units: str | None = None,
    read: Callable[..., IfcBuilding] = read_ifc,
) -> ImportedPlan:
    """Propose a plan for a building described in an IFC file.

    Rooms come from IfcSpace, doors from IfcDoor (the sides are found by looking from the door into
    the floors beside it), openings from wall-free borders and unfilled holes in walls, stairs from
    IfcStair and its flights. On a storey with walls but no IfcSpace, rooms are inferred from what
    the walls enclose and marked (``x_inferred``, ``x_confidence``). Everything that the file cannot
    know (locks, confirmed exits, posted capacity) stays unknown until somebody states it in
    ``facts.csv``.

    Parameters
    ----------
    path : Path
        The ``.ifc`` file (IFC2x3 or IFC4, STEP text).
    plan_id : str, optional
        Id of the plan; by default made of the file's name.
    facts : sequence of Fact
        Statements by a person; they win over what the file says.
    units : {"m", "cm", "mm", "in", "ft"}, optional
        The length unit, where the file's own is missing or wrong.
    read : callable
        What reads the file: `read_ifc` in this process, or `ifc_apart.read_apart` in another.

    Returns
    -------
    ImportedPlan
        The plan with ids that stay the same at the next import, and the report.

    Raises
    ------
    ImportFault
        If the file cannot be read, is cut off, or holds no rooms and no walls that
        enclose any; if its size is no building's in its unit; also without ifcopenshell.
    PlanError
        If a fact speaks of something that the plan does not have.
    """
    path = Path(path)
    log = MessageLog()
    building = read(path, units=units)
    check_unit(building, str(path), asked=units, log=log)
    inferred = infer_rooms(building, str(path))
    building = replace(building, rooms=(*building.rooms, *inferred.rooms))
    levels, level_of = build_levels(building, log=log)
    inferred.remark(level_of, log=log)
    if not levels:
        raise ImportFault(f"{path}: {len(building.rooms)} rooms, none with a storey and a floor")
    rooms, id_of, counts = build_rooms(building, level_of, log=log)
    if not rooms:
        raise ImportFault(f"{path}: {len(building.rooms)} rooms, none with a usable floor")
    stairs = build_stairs(building.stairs, levels, rooms, unit_m=building.unit_m, log=log)
    floors, replaced = cut_stairs(rooms, stairs, levels, building.of_kind("door"), counts, log=log)
    flights = _with_plates(stairs, rooms, replaced)
    floors.update((landing.id, landing) for landing in stairs.landings)
    joints = join_stairs(stairs, levels, floors, log=log)
    doors = build_openings(building.openings, level_of, floors, log=log)
    borders = wall_free_borders(_at_level_height(floors, stairs, levels), levels, building.walls)
    virtual = border_portals(borders)
    spaces = {**floors, **flights}
    portals = {portal.id: portal for portal in (*doors.portals, *virtual, *joints)}
    outside = Counter(p.level for p in doors.portals if p.leads_outside and p.kind != "window")
    plan = Plan(
        id=plan_id or plan_slug(path.stem),
        name=building.name or path.stem,
        version="1",
        levels=renumber(levels, outside),
        spaces=MappingProxyType(dict(sorted(spaces.items()))),
        portals=MappingProxyType(dict(sorted(portals.items()))),
        points=MappingProxyType({}),
        north_deg=building.north_deg,
        sources=(f"{path.name} ({building.schema}, sha256 {building.sha256})",),
    )
    plan = apply_facts(plan, facts)
    plan = replace(plan, sha256=plan_sha256(plan))
    named = (id_of[room.key] for room in building.rooms if room.key in id_of)
    homes = sorted({replaced.get(name, name) for name in named})
    connected = connected_spaces(plan, homes)
    remark(building, plan, homes, doors, pairs=len(borders), openings=len(virtual), log=log)
    report = ImportReport(
        source=path.name,
        sha256=building.sha256,
        file_format=building.schema,
        found=_found(building, doors, len(borders), stairs),
        repaired=_repaired(counts),
        refused={
            "spaces": counts.refused,
            "doors": doors.lost,
            "stair_ends": 2 * len(stairs.flights) - len(joints),
        },
        connected=connected,
        messages=log.in_order(),
    )
    return ImportedPlan(plan, report)


def _with_plates(
    stairs: StairWork, rooms: Mapping[str, Space], replaced: Mapping[str, str]
) -> dict[str, Space]:
    """Return the flights, with the door plate of a room that one took the place of."""
    flights = {flight.id: flight for flight in stairs.flights}
    for room, flight in sorted(replaced.items(), reverse=True):
        flights[flight] = replace(flights[flight], number=rooms[room].number)
    return flights


def _at_level_height(
    floors: Mapping[str, Space], stairs: StairWork, levels: Sequence[Level]
) -> list[Space]:
    """Return the floors that lie at the height of their level; landings between levels do not."""
    elevation = {level.id: level.elevation_m for level in levels}
    return [
        space
        for space in floors.values()
        if abs(stairs.landing_z_m.get(space.id, elevation[space.level]) - elevation[space.level])
        < 0.1
    ]


def _found(
    building: IfcBuilding, doors: OpeningWork, pairs: int, stairs: StairWork
) -> dict[str, int]:
    """Count what the file holds and what of it could be placed."""
    return {
        "storeys": len(building.storeys),
        "spaces": sum(room.confidence is None for room in building.rooms),
        "spaces_inferred": sum(room.confidence is not None for room in building.rooms),
        "doors": len(building.of_kind("door")),
        "doors_between_two_spaces": doors.two_sided,
        "doors_to_outside": doors.one_sided,
        "doors_inside_one_space": doors.same_room,
        "holes_in_walls": doors.holes,
        "windows": doors.windows,
        "wall_free_pairs": pairs,
        "stairs": len(building.stairs),
        "stair_flights": len(stairs.flights),
        "stair_landings": len(stairs.landings),
    }


def _repaired(counts: FloorCounts) -> dict[str, int]:
    """Count what was put right without asking."""
    return {
        "cracks_closed": counts.cracks,
        "overlaps_cut": counts.overlaps_cut,
        "copies_dropped": counts.duplicates,
        "rooms_cut_by_stairs": counts.cut_by_stairs,
        "uses_guessed": counts.guessed,
    }
