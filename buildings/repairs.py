"""Repairs that change nothing anybody meant: copies, cracks, small overlaps, doors beside walls."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from shapely import Polygon, STRtree, set_precision, union_all
from shapely.affinity import translate

from buildings.borders import did_you_mean
from buildings.checks_geometry import OVERLAP_ERROR_M2, OVERLAP_WARNING_M2, WALL_GAP_M, is_floor
from buildings.checks_outlines import copies, without_cracks
from buildings.plan import OUTSIDE, Plan, PlanError, Portal

FARTHEST_SNAP_M: Final = 0.25
"""A door is moved at most this far; 31 of 31 detached doors of a real plan lay nearer than that."""
SPLINTER_M2: Final = 0.01
"""Pieces smaller than this that a cut leaves go with it."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was mended: what it is called, which ids, and what was done."""

    code: str
    subjects: tuple[str, ...]
    words: str

    def as_json(self) -> dict[str, Any]:
        """Return the repair as plain values."""
        return {"code": self.code, "subjects": list(self.subjects), "words": self.words}


def repaired(plan: Plan) -> tuple[Plan, tuple[Repair, ...]]:
    """Apply every safe repair to a plan.

    Returns
    -------
    plan : Plan
        With second copies of outlines dropped where nothing refers to them, cracks of up to 1 mm
        closed, overlaps under 0.2 m2 cut from the larger space, and doors moved by up to 0.25 m
        along their normal where that brings them to both their walls.
    repairs : tuple of Repair
        What was done, in that order.
    """
    done: list[Repair] = []
    steps: tuple[Callable[[Plan], Iterator[tuple[Plan, Repair]]], ...] = (
        _drop_copies, _close_cracks, _cut_overlaps, _snap_doors,
    )  # fmt: skip
    for step in steps:
        for changed, repair in step(plan):
            plan = changed
            done.append(repair)
    return plan, tuple(done)


def _drop_copies(plan: Plan) -> Iterator[tuple[Plan, Repair]]:
    spoken_of = {fact.id for fact in plan.facts}
    for portal in plan.portals.values():
        spoken_of |= {portal.from_space, portal.to_space, portal.discharges_to or ""}
    for space in plan.spaces.values():
        spoken_of |= {space.obstacle_of or "", space.in_space or ""}
    for first, second in copies(plan):
        if (first.kind, first.use) != (second.kind, second.use) or second.id in spoken_of:
            continue
        left = {id_: space for id_, space in plan.spaces.items() if id_ != second.id}
        plan = replace(plan, spaces=MappingProxyType(left))
        words = f"dropped {second.id}, which has exactly the outline of {first.id}"
        yield plan, Repair("same_outline", (second.id, first.id), words)


def _close_cracks(plan: Plan) -> Iterator[tuple[Plan, Repair]]:
    for space in plan.spaces.values():
        closed = without_cracks(space.polygon)
        tidy = _on_millimetres(closed) if closed is not None else None
        if tidy is not None:
            plan = _with_outline(plan, space.id, tidy)
            words = f"closed a crack of at most 1 mm in {space.id}"
            yield plan, Repair("crack", (space.id,), words)


def _cut_overlaps(plan: Plan) -> Iterator[tuple[Plan, Repair]]:
    for level in plan.levels:
        ids = [space.id for space in plan.spaces_on(level.id) if is_floor(space)]
        if len(ids) < 2:
            continue
        outlines = [plan.spaces[id_].polygon for id_ in ids]
        pairs = STRtree(outlines).query(outlines, predicate="intersects").T.tolist()
        for i, j in sorted((a, b) for a, b in pairs if a < b):
            a, b = plan.spaces[ids[i]], plan.spaces[ids[j]]
            area = float(a.polygon.intersection(b.polygon).area)
            if not OVERLAP_WARNING_M2 <= area <= OVERLAP_ERROR_M2:
                continue
            large, small = (a, b) if a.area_m2 >= b.area_m2 else (b, a)
            cut = _on_millimetres(large.polygon.difference(small.polygon))
            if cut is not None:
                plan = _with_outline(plan, large.id, cut)
                words = f"cut the overlap of {area:.3f} m2 with {small.id} from {large.id}"
                yield plan, Repair("overlap", (large.id, small.id), words)


def _snap_doors(plan: Plan) -> Iterator[tuple[Plan, Repair]]:
    for portal in plan.portals.values():
        if portal.kind == "window":
            continue
        inside = [id_ for id_ in (portal.from_space, portal.to_space) if id_ != OUTSIDE]
        walls = [plan.spaces[id_].polygon for id_ in inside]
        if max(wall.distance(portal.line) for wall in walls) <= WALL_GAP_M:
            continue
        moved = _snapped(portal, walls)
        if moved is not None:
            by, line = moved
            portals = {**plan.portals, portal.id: replace(portal, line=line)}
            plan = replace(plan, portals=MappingProxyType(portals))
            words = f"moved {portal.id} by {by:.2f} m along its normal, to {' and '.join(inside)}"
            yield plan, Repair("door_joins_nothing", (portal.id,), words)


def _snapped(portal: Portal, walls: list[Polygon]) -> tuple[float, Any] | None:
    """Return the shortest move along the normal that brings a line to its walls, and the line."""
    (x0, y0), *_, (x1, y1) = portal.line.coords
    length = math.hypot(x1 - x0, y1 - y0)
    if length == 0.0:
        return None
    nx, ny = -(y1 - y0) / length, (x1 - x0) / length
    for step in range(1, round(FARTHEST_SNAP_M / 0.01) + 1):
        for sign in (1, -1):
            by = step * 0.01
            line = translate(portal.line, sign * by * nx, sign * by * ny)
            if max(wall.distance(line) for wall in walls) <= WALL_GAP_M:
                return by, line
    return None


def number_doors(plan: Plan, main_entrance: str) -> tuple[Plan, tuple[Repair, ...]]:
    """Give outside doors without a number the next free one, clockwise from the main entrance.

    Parameters
    ----------
    plan : Plan
        Doors that have a number keep it.
    main_entrance : str
        Id of the door to begin at.

    Raises
    ------
    PlanError
        If there is no such door to the outside.
    """
    doors = {p.id: p for p in plan.portals.values() if p.leads_outside and p.kind != "window"}
    if main_entrance not in doors:
        hint = did_you_mean(main_entrance, doors)
        raise PlanError(f"{main_entrance}: no door to the outside{hint}")
    taken = {door.exterior_no for door in doors.values() if door.exterior_no}
    along = _along_the_walls(plan, doors, main_entrance)
    done: list[Repair] = []
    portals = dict(plan.portals)
    number = 1
    for id_ in sorted(doors, key=lambda id_: (along[id_], id_)):
        if doors[id_].exterior_no is not None:
            continue
        while str(number) in taken:
            number += 1
        taken.add(str(number))
        portals[id_] = replace(doors[id_], exterior_no=str(number))
        done.append(Repair("no_door_number", (id_,), f"numbered {id_} as exterior door {number}"))
    return replace(plan, portals=MappingProxyType(portals)), tuple(done)


def _along_the_walls(
    plan: Plan, doors: Mapping[str, Portal], first: str
) -> dict[str, tuple[float, float]]:
    """Return where each door lies: how far its building is, and the way round it clockwise."""
    floors = [s.polygon for s in plan.spaces.values() if is_floor(s) and s.kind != "outdoor"]
    whole = union_all([floor.buffer(WALL_GAP_M, join_style="mitre") for floor in floors])
    buildings = [part.exterior for part in getattr(whole, "geoms", [whole])]
    start = doors[first].midpoint
    places = {}
    for id_, door in doors.items():
        walls = min(buildings, key=lambda ring: (ring.distance(door.midpoint), ring.length))
        way = walls.project(door.midpoint) - walls.project(start)
        turn = (-way if walls.is_ccw else way) % walls.length
        places[id_] = (round(float(walls.distance(start)), 3), round(float(turn), 3))
    places[first] = (-1.0, 0.0)
    return places


def _with_outline(plan: Plan, id_: str, polygon: Polygon) -> Plan:
    spaces: Mapping[str, Any] = {
        **plan.spaces,
        id_: replace(plan.spaces[id_], polygon=polygon),
    }
    return replace(plan, spaces=MappingProxyType(dict(spaces)))


def _on_millimetres(shape: Any) -> Polygon | None:
    """Round to millimetres as files do; None unless one polygon and no more than splinters left."""
    tidy = set_precision(shape, 0.001)
    parts = [p for p in getattr(tidy, "geoms", [tidy]) if p.area > SPLINTER_M2]
    if len(parts) != 1 or not isinstance(parts[0], Polygon) or not parts[0].is_valid:
        return None
    return set_precision(parts[0], 0.0)
