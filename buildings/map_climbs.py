"""Stairs and lifts of an indoor map: which of them stand over each other on the next level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import numpy as np
from shapely import LineString

from buildings.ifc_geometry import line_through
from buildings.import_report import MessageLog, counted
from buildings.plan import Level, Plan, Portal, Space

COVERED: Final = 0.5
"""Two stairs stand over each other if they share more than this of the smaller one."""
MISSING_FACTS: Final = ("riser", "tread", "steps", "width", "up", "from_level", "to_level")
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class ClimbWork:
    """The ways between levels: portals of stairs, pairs of lifts, and the spaces marked."""

    portals: tuple[Portal, ...]
    stair_links: tuple[tuple[str, str], ...]
    lift_links: tuple[tuple[str, str], ...]
    alone: tuple[str, ...]
    spaces: Mapping[str, Space]


def join_climbs(
    spaces: Mapping[str, Space],
    levels: Sequence[Level],
    stairs: Sequence[str],
    lifts: Sequence[str],
) -> ClimbWork:
    """Join stairs with those above them, and mark what a map does not say of them.

    A map draws the place of a stair, not its steps. Each stair stays a landing with the id of the
    one above in ``x_stair_to`` and the missing facts in ``x_missing``; once a person states kind
    ``stair`` and these facts in ``facts.csv``, it is a flight.

    Parameters
    ----------
    spaces : mapping of str to Space
        The rooms of the plan.
    levels : sequence of Level
        Lowest first.
    stairs, lifts : sequence of str
        The ids of the spaces that are stairs and lifts.
    """
    links = _over(spaces, levels, stairs)
    lift_links = _over(spaces, levels, lifts)
    changed = dict(spaces)
    portals = []
    for lower, upper in links:
        first, second = changed[lower], changed[upper]
        line = _across(first, second)
        portals.append(
            Portal(
                id=f"V-{lower}~{upper}",
                level=second.level,
                kind="virtual",
                from_space=lower,
                to_space=upper,
                width_m=round(line.length, 3),
                line=line,
            )
        )
        extra = {"x_missing": ";".join(MISSING_FACTS), "x_stair_to": upper}
        changed[lower] = replace(first, extra=MappingProxyType({**first.extra, **extra}))
    joined = {name for link in links for name in link}
    alone = tuple(name for name in sorted(stairs) if name not in joined)
    return ClimbWork(
        portals=tuple(sorted(portals, key=lambda portal: portal.id)),
        stair_links=tuple(links),
        lift_links=tuple(lift_links),
        alone=alone,
        spaces=MappingProxyType(changed),
    )


def without_stated(plan: Plan) -> Plan:
    """Return a plan in which stairs whose facts have been stated are no longer marked."""
    spaces = {
        space.id: replace(
            space,
            extra=MappingProxyType({k: v for k, v in space.extra.items() if k != "x_missing"}),
        )
        if space.stair is not None and "x_missing" in space.extra
        else space
        for space in plan.spaces.values()
    }
    return replace(plan, spaces=MappingProxyType(spaces))


def remark_climbs(
    plan: Plan, work: ClimbWork, stairs: Sequence[str], lifts: Sequence[str], log: MessageLog
) -> None:
    """Say which stairs and lifts lack facts, with an example of how to state them.

    Parameters
    ----------
    plan : Plan
        The plan, facts applied.
    work : ClimbWork
        The ways between levels.
    stairs, lifts : sequence of str
        The ids of the spaces that are stairs and lifts.
    log : MessageLog
        Where it is noted.
    """
    open_links = [link for link in work.stair_links if plan.spaces[link[0]].stair is None]
    if open_links:
        lower, upper = open_links[0]
        stated = {
            "kind": "stair",
            "riser": "0.17",
            "tread": "0.28",
            "steps": "20",
            "width": "1.2",
            "up": "90",
            "from_level": plan.spaces[lower].level,
            "to_level": plan.spaces[upper].level,
        }
        example = ", ".join(f"{key} {value}" for key, value in stated.items())
        log.warning(
            "STAIR",
            f"{counted(len(open_links), 'stair')} that lead up: the map has no riser, tread, "
            "steps, width and direction. Measure them and state each in facts.csv (a line for each "
            f"key), for example for {lower}: {example}",
            *(name for name, _ in open_links),
        )
    if work.alone:
        shown = ", ".join(work.alone[:_SHOWN]) + (" ..." if len(work.alone) > _SHOWN else "")
        log.warning(
            "STAIR",
            f"{len(work.alone)} of {counted(len(stairs), 'stair')} have no partner above or below: "
            f"{shown}",
            *work.alone,
        )
    unstated = [name for name in sorted(lifts) if plan.spaces[name].lift is None]
    if unstated:
        log.warning(
            "LIFT",
            f"{counted(len(unstated), 'lift')} ({counted(len(work.lift_links), 'pair')} over each "
            "other): state kind lift, levels and car_capacity where people may be taken by lift",
            *unstated,
        )


def _over(
    spaces: Mapping[str, Space], levels: Sequence[Level], names: Sequence[str]
) -> list[tuple[str, str]]:
    """Return pairs of spaces that stand over each other on neighbouring levels, lower one first."""
    found = []
    for low, high in pairwise(levels):
        above = [spaces[name] for name in sorted(names) if spaces[name].level == high.id]
        for lower in (spaces[name] for name in sorted(names) if spaces[name].level == low.id):
            for upper in above:
                shared = float(lower.polygon.intersection(upper.polygon).area)
                if shared > COVERED * min(lower.area_m2, upper.area_m2):
                    found.append((lower.id, upper.id))
    return found


def _across(lower: Space, upper: Space) -> LineString:
    """Return a line across the floor that two stairs share, at its middle, along its short side."""
    shared = lower.polygon.intersection(upper.polygon)
    corners = np.array(shared.minimum_rotated_rectangle.exterior.coords)[:3]
    sides = np.diff(corners, axis=0)
    lengths = np.linalg.norm(sides, axis=1)
    short = int(np.argmin(np.round(lengths, 3)))
    middle = np.array(shared.representative_point().coords[0])
    return line_through(middle, sides[short] / lengths[short], float(lengths[short]))
