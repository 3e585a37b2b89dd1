"""Does the drawing hold together: overlaps, doors in walls, widths, stairs that reach."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from shapely import STRtree

from buildings.finding import Finding
from buildings.plan import OUTSIDE, Plan, Portal, Space

OVERLAP_ERROR_M2 = 0.2
OVERLAP_WARNING_M2 = 0.01
WALL_GAP_M = 0.25
NARROWEST_M = 0.5
WIDTH_SLACK_M = 0.02
RISE_SLACK = 0.02


def check_geometry(plan: Plan) -> Iterator[Finding]:
    """Yield what is wrong with the shapes of a plan."""
    yield from _overlaps(plan)
    for portal in plan.portals.values():
        yield from _portal(plan, portal)
    yield from _stairs(plan)


def is_floor(space: Space) -> bool:
    """Whether a space takes floor of its own: no void, furniture, place or assembly area."""
    return space.kind not in ("void", "hard_corner", "assembly") and space.obstacle_of is None


def _overlaps(plan: Plan) -> Iterator[Finding]:
    for level in plan.levels:
        spaces = [space for space in plan.spaces_on(level.id) if is_floor(space)]
        if len(spaces) < 2:
            continue  # a level that only a stair leads to may have no floor of its own
        tree = STRtree([space.polygon for space in spaces])
        pairs = tree.query([space.polygon for space in spaces], predicate="intersects")
        for i, j in sorted({(min(a, b), max(a, b)) for a, b in pairs.T.tolist() if a != b}):
            a, b = spaces[i], spaces[j]
            shared = a.polygon.intersection(b.polygon)
            area = float(shared.area)
            if area < OVERLAP_WARNING_M2:
                continue
            point = shared.representative_point()
            severe = area > OVERLAP_ERROR_M2
            yield Finding(
                "geometry", "error" if severe else "warning", "overlap", (a.id, b.id),
                f"{a.label} and {b.label} overlap by {area:.2f} m2",
                "move one outline, or the wrong level is stated",
                level.id, float(point.x), float(point.y),
            )  # fmt: skip


def _portal(plan: Plan, portal: Portal) -> Iterator[Finding]:
    middle = portal.midpoint
    at = (portal.level, float(middle.x), float(middle.y))
    for id_ in (portal.from_space, portal.to_space):
        if id_ == OUTSIDE or portal.kind == "window":
            continue
        space = plan.spaces[id_]
        gap = float(space.polygon.distance(portal.line))
        if gap > WALL_GAP_M:
            yield Finding(
                "geometry", "error", "door_joins_nothing", (portal.id, id_),
                f"{portal.kind} {portal.id} lies {gap:.2f} m from {space.label}, "
                f"expected at most {WALL_GAP_M} m",
                f"move the line into the wall of {space.label}, or name {_touched(plan, portal)}",
                *at,
            )  # fmt: skip
    yield from _between_levels(plan, portal, at)
    length = float(portal.line.length)
    if portal.width_m > length + WIDTH_SLACK_M:
        yield Finding(
            "geometry", "error", "width", (portal.id,),
            f"{portal.id} is said to be {portal.width_m:.2f} m wide on a line of {length:.2f} m",
            f"state width {length:.2f}, or draw the line across the clear opening",
            *at,
        )  # fmt: skip
    if portal.kind != "window" and portal.width_m < NARROWEST_M:
        yield Finding(
            "geometry", "warning", "narrow", (portal.id,),
            f"{portal.id} is {portal.width_m:.2f} m wide: nobody passes it easily",
            "measure the clear width",
            *at,
        )  # fmt: skip


def _touched(plan: Plan, portal: Portal) -> str:
    """Name the spaces that a portal touches besides those that it says it joins."""
    said = (portal.from_space, portal.to_space)
    near = [
        space.id
        for space in plan.spaces_on(portal.level)
        if is_floor(space)
        and space.id not in said
        and space.polygon.distance(portal.line) <= WALL_GAP_M
    ]
    return f"what it touches ({', '.join(near)})" if near else "the right space"


def _between_levels(plan: Plan, portal: Portal, at: tuple[str, float, float]) -> Iterator[Finding]:
    """Find portals that lead to another level without a stair or ramp."""
    if portal.leads_outside or portal.kind == "window":
        return
    first, second = plan.spaces[portal.from_space], plan.spaces[portal.to_space]
    kinds = (first.kind, second.kind)
    climbs = any(kind in ("stair", "ramp", "lift") for kind in kinds)
    if first.level == second.level or climbs or "landing" not in kinds:
        return
    yield Finding(
        "geometry", "error", "level_without_stair", (portal.id, first.id, second.id),
        f"{portal.id} leads from {first.label} on {first.level} to {second.label} on "
        f"{second.level}, and neither is a stair",
        f"measure the stair and state kind stair, riser, tread, steps, width, up, from_level and "
        f"to_level for {first.id} in facts.csv",
        *at,
    )  # fmt: skip


def _stairs(plan: Plan) -> Iterator[Finding]:
    """Compare each flight, or the flights between two levels that add up, with the storey."""
    flights = [s for s in plan.spaces.values() if s.stair is not None]
    levels = {level.id for level in plan.levels}
    for space in flights:
        facts = space.stair
        if facts is None or not {facts.from_level, facts.to_level} <= levels:
            continue
        low, high = plan.level(facts.from_level), plan.level(facts.to_level)
        wanted = abs(high.elevation_m - low.elevation_m)
        if wanted == 0:
            continue
        share = facts.rise_m / wanted
        whole = max(1, round(1 / share)) if share > 0 else 1
        if abs(share * whole - 1) > RISE_SLACK and not _adds_up(space, flights, wanted):
            point = space.polygon.representative_point()
            yield Finding(
                "geometry", "error", "stair_rise", (space.id,),
                f"{space.label}: {facts.steps} steps of {facts.riser_m:.3f} m climb "
                f"{facts.rise_m:.2f} m, the storey is {wanted:.2f} m",
                "check riser and steps; feet or inches are a common slip",
                space.level, float(point.x), float(point.y),
            )  # fmt: skip


def _adds_up(space: Space, flights: list[Space], wanted_m: float) -> bool:
    """Whether this flight and one or two others of the same storey climb it together."""
    facts = space.stair
    if facts is None:
        return False
    others = [
        f.stair.rise_m
        for f in flights
        if f.id != space.id and f.stair is not None
        and (f.stair.from_level, f.stair.to_level) == (facts.from_level, facts.to_level)
        and f.polygon.distance(space.polygon) < 4.0
    ]  # fmt: skip
    sums = [facts.rise_m + rise for rise in others]
    sums += [facts.rise_m + a + b for a, b in combinations(others, 2)]
    return any(math.isclose(total, wanted_m, rel_tol=RISE_SLACK) for total in sums)
