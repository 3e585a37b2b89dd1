"""Which rooms of an imported building reach the outside, and which doors a person must confirm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from buildings.import_report import MessageLog, counted
from buildings.plan import OUTSIDE, Plan, Portal

MANY_ROOMS: Final = 50
"""A building with more rooms than this has more than one way out."""


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


def connected_spaces(plan: Plan, homes: Sequence[str]) -> dict[str, int]:
    """Count the rooms of a file that reach the outside, as one kind of link after another.

    Returns
    -------
    dict of str to int
        The counts of ``ImportReport.connected``.
    """
    stairs = {space.id for space in plan.spaces.values() if space.kind == "stair"}
    level_of = {space.id: space.level for space in plan.spaces.values()}
    doors, openings, joints = [], [], []
    for portal in plan.portals.values():
        first, second = portal.from_space, portal.to_space
        climbs = not portal.leads_outside and level_of[first] != level_of[second]
        if first in stairs or second in stairs or climbs:
            joints.append(portal)
        elif portal.kind in ("door", "exit"):
            doors.append(portal)
        elif portal.kind != "window":
            openings.append(portal)
    inside = [p for p in (*doors, *openings, *joints) if not p.leads_outside]
    ends = [p.to_space if p.from_space == OUTSIDE else p.from_space for p in plan.exits]

    def count(portals: Iterable[Portal], starts: Iterable[str]) -> int:
        return len(reach(portals, starts).intersection(homes))

    return {
        "spaces": len(homes),
        "outside_by_doors": count(doors, [OUTSIDE]),
        "outside_with_openings": count([*doors, *openings], [OUTSIDE]),
        "outside_with_stairs": count([*doors, *openings, *joints], [OUTSIDE]),
        "exit": count(inside, ends),
    }


def remark_exits(plan: Plan, homes: Sequence[str], log: MessageLog) -> None:
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
    if len(outside) == 1 and len(homes) > MANY_ROOMS:
        log.warning(
            "EXIT", f"1 exit for {len(homes)} rooms: wayfinding data?", *(p.id for p in outside)
        )
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
