"""What a person must confirm after an IFC import, and what was done without being asked."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

from buildings.ifc_openings import OpeningWork
from buildings.ifc_records import IfcBuilding
from buildings.import_reach import remark_exits
from buildings.import_report import MessageLog, counted
from buildings.import_widths import remark_default_width
from buildings.plan import Plan

_AREA_DIFFERS: Final = 0.02


def remark(
    building: IfcBuilding,
    plan: Plan,
    homes: Sequence[str],
    doors: OpeningWork,
    *,
    pairs: int,
    openings: int,
    log: MessageLog,
) -> None:
    """Add what the whole import shows to the log.

    Parameters
    ----------
    building : IfcBuilding
        The file as read.
    plan : Plan
        The plan, facts applied.
    homes : sequence of str
        The spaces of the plan that stand for rooms of the file.
    doors : DoorWork
        How the openings were placed.
    pairs, openings : int
        Pairs of rooms without a wall between them, and the openings made for them.
    log : MessageLog
        Where it is noted.
    """
    remark_exits(plan, homes, log)
    if pairs:
        log.note(
            "OPENING",
            f"{counted(openings, 'opening')} without door added between "
            f"{counted(pairs, 'pair')} of rooms that no wall parts",
        )
    if doors.holes:
        log.note("OPENING", f"{counted(doors.holes, 'unfilled hole')} in walls joined rooms")
    _on_widths(building, log)
    _on_areas(building, log)
    if any(building.moved_m):
        x, y = building.moved_m
        log.note("ORIGIN", f"origin moved by ({x:,.0f}, {y:,.0f}) m")
    else:
        log.note("ORIGIN", "coordinates kept as in the file")
    lost_windows = len(building.of_kind("window")) - doors.windows
    if lost_windows:
        log.note("WINDOW", f"{counted(lost_windows, 'window')} beside no room left out")
    if building.ramps:
        log.warning("RAMP", f"{counted(building.ramps, 'ramp')} not imported; to be drawn")
    for label in building.shapeless:
        log.warning("SHAPE", f"{label} has no usable solid or place; left out")
    if building.placeholders:
        log.note(
            "VALUE",
            f"{counted(building.placeholders, 'door value')} only repeat their own name: "
            "read as missing",
        )
    if building.private:
        log.note(
            "PRIVATE",
            f"{counted(building.private, 'person, organisation or address record')} not imported",
        )


def _on_areas(building: IfcBuilding, log: MessageLog) -> None:
    """Say how the areas that the file writes differ from the floors that it draws."""
    ratios = [
        room.published_m2 / floor
        for room in building.rooms
        if room.published_m2 is not None and room.mesh is not None
        for floor in [float(room.mesh.footprint().area)]
        if floor > 0
    ]
    if not ratios:
        return
    middle = median(ratios) - 1.0
    if abs(middle) > _AREA_DIFFERS:
        why = " (to wall centre?)" if middle > 0 else ""
        log.note(
            "AREA",
            f"areas written in the file differ from the floors drawn, {middle:+.0%} in the middle "
            f"of {counted(len(ratios), 'room')}{why}; the floors drawn are used",
        )


def _on_widths(building: IfcBuilding, log: MessageLog) -> None:
    """Say what door widths are, and whether they look like a default."""
    doors = building.of_kind("door")
    if not doors:
        return
    log.note("WIDTH", "door widths are the leaf widths of the file; a measured clear width is less")
    remark_default_width([door.width_m for door in doors], log)
