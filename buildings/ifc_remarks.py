"""What a person must confirm after an IFC import, and what was done without being asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from buildings.ifc_openings import OpeningWork
from buildings.ifc_records import IfcBuilding
from buildings.import_report import MessageLog, counted
from buildings.plan import OUTSIDE, Plan, Portal


def reach(portals: Iterable[Portal], starts: Iterable[str]) -> set[str]:
    """Return the spaces that can be reached from some spaces through these portals.

    Examples
    --------
    >>> reach([], ["outside"])
    {'outside'}
    """
    beside: dict[str, list[str]] = {}
    for portal in portals:
        beside.setdefault(portal.from_space, []).append(portal.to_space)
        beside.setdefault(portal.to_space, []).append(portal.from_space)
    reached = set(starts)
    waiting = sorted(reached)
    while waiting:
        for space in beside.get(waiting.pop(), ()):
            if space not in reached:
                reached.add(space)
                waiting.append(space)
    return reached


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
    _on_exits(plan, homes, log)
    if pairs:
        log.note(
            "OPENING",
            f"{counted(openings, 'opening')} without door added between "
            f"{counted(pairs, 'pair')} of rooms that no wall parts",
        )
    if doors.holes:
        log.note("OPENING", f"{counted(doors.holes, 'unfilled hole')} in walls joined rooms")
    _on_widths(building, log)
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


def _on_exits(plan: Plan, homes: Sequence[str], log: MessageLog) -> None:
    """Say which doors lead outside without a statement, and which rooms cannot leave."""
    outside = [p for p in plan.portals.values() if p.leads_outside and p.kind != "window"]
    unstated = [portal.id for portal in outside if portal.is_exit == "unknown"]
    technical = [portal.id for portal in outside if portal.is_exit == "no"]
    if unstated:
        log.warning(
            "EXIT",
            f"{counted(len(outside), 'door')} to the outside, {len(unstated)} not stated; "
            "mark which are exits",
            *unstated,
        )
    if technical:
        count = counted(len(technical), "outside door")
        log.warning(
            "EXIT",
            f"{count} marked no exit ({', '.join(technical)}); state yes where it is the only "
            "way out of its room",
            *technical,
        )
    if not outside:
        count = counted(len(homes), "room")
        log.error("EXIT", f"No exit on any level: {count} cannot leave. Add exits")
        return
    reached = reach((p for p in plan.portals.values() if p.kind != "window"), [OUTSIDE])
    lost = [
        plan.spaces[name]
        for name in homes
        if name not in reached and plan.spaces[name].walkable == "yes"
    ]
    if lost:
        labels = ", ".join(f"{space.label} {space.name or ''}".strip() for space in lost)
        log.warning(
            "UNREACHABLE",
            f"{len(lost)} of {counted(len(homes), 'space')} unreachable: {labels}; "
            "set walkable to no in facts.csv where nobody can be",
            *(space.id for space in lost),
        )


def _on_widths(building: IfcBuilding, log: MessageLog) -> None:
    """Say what door widths are, and whether they look like a default."""
    doors = building.of_kind("door")
    if not doors:
        return
    log.note("WIDTH", "door widths are the leaf widths of the file; a measured clear width is less")
    widths = Counter(door.width_m for door in doors)
    width, many = max(widths.items(), key=lambda item: (item[1], item[0]))
    if many > len(doors) / 2 and len(doors) > 3:
        log.note(
            "WIDTH",
            f"{many} of {len(doors)} door widths are exactly {width:.3f} m: look like a default",
        )
