"""Can the building be left: exits, ways to them, levels with stairs, width for its people."""

from __future__ import annotations

from collections.abc import Iterator

from buildings.check_limits import CheckLimits
from buildings.finding import Finding
from buildings.nav_graph import NavGraph
from buildings.plan import OUTSIDE, Plan, Space
from buildings.plan_reading import look_at
from buildings.reach import Reach

NOT_FLOOR = ("assembly", "void", "hard_corner")


def check_exits(plan: Plan, limits: CheckLimits) -> Iterator[Finding]:
    """Yield what the doors to the outside leave open: none, one, unstated, too narrow."""
    doors = [p for p in plan.portals.values() if p.leads_outside and p.kind != "window"]
    unknown = [p for p in doors if p.is_exit in (None, "unknown")]
    if not plan.exits:
        place = (unknown[0].level, *look_at(unknown[0])) if unknown else (None, None, None)
        walkable = sum(s.walkable == "yes" and s.kind not in NOT_FLOOR for s in _spaces(plan))
        yield Finding(
            "building", "error", "no_exit", tuple(p.id for p in unknown),
            f"no confirmed exit: {walkable} spaces cannot be left"
            + (f"; {len(unknown)} doors lead outside" if unknown else ""),
            "state is_exit yes for each door that is one, in facts.csv"
            if unknown else "draw the exits",
            *place,
        )  # fmt: skip
    else:
        if len(plan.exits) == 1:
            only = plan.exits[0]
            yield Finding(
                "building", "warning", "one_exit", (only.id,),
                "one exit only: nothing is left if it is out of service",
                "confirm the other exits, or plan for this one to be blocked",
                only.level, *look_at(only),
            )  # fmt: skip
        yield from _exit_width(plan, limits)
    for portal in unknown:
        yield Finding(
            "building", "warning", "unconfirmed_exit", (portal.id,),
            f"{portal.id} leads outside: is it an exit?",
            f"add to facts.csv: {portal.id},is_exit,yes or no",
            portal.level, *look_at(portal),
        )  # fmt: skip
    yield from _levels(plan)
    if not any(
        s.assembly is not None and s.assembly.role == "evac_assembly" for s in plan.assembly_areas
    ):
        yield Finding(
            "building", "note", "no_assembly", (),
            "no assembly area: people are out at the exits and gather nowhere",
            "draw a space of kind assembly with role evac_assembly",
        )  # fmt: skip


def check_reach(nav: NavGraph) -> Iterator[Finding]:
    """Yield the spaces without a way to a confirmed exit."""
    plan = nav.plan
    if not plan.exits:
        return
    lost = nav.unreachable_spaces()
    share = 1.0 - Reach.of(nav).share_of_area
    for id_ in lost:
        space = plan.spaces[id_]
        more = f" (with {len(lost) - 1} others, {share:.0%} of the floor)" if len(lost) > 1 else ""
        yield Finding(
            "building", "error", "unreachable", (id_,),
            f"{space.called} has no way to an exit{more}",
            f"draw its door, or add to facts.csv: {id_},walkable,no",
            space.level, *look_at(space),
        )  # fmt: skip


def _spaces(plan: Plan) -> list[Space]:
    return list(plan.spaces.values())


def _exit_width(plan: Plan, limits: CheckLimits) -> Iterator[Finding]:
    people = sum(space.occupants_default or 0 for space in _spaces(plan))
    width = sum(portal.width_m for portal in plan.exits)
    if people <= limits.people_per_exit_m * width:
        return
    most = max(_spaces(plan), key=lambda space: space.occupants_default or 0)
    yield Finding(
        "building", "warning", "exit_width", (most.id, *(p.id for p in plan.exits)),
        f"{people} people for {width:.1f} m of exits, {people / width:.0f} per metre, expected at "
        f"most {limits.people_per_exit_m:.0f}; most of them, {most.occupants_default}, in "
        f"{most.called}",
        "confirm that all exits are in the plan, and the number of people",
        most.level, *look_at(most),
    )  # fmt: skip


def _levels(plan: Plan) -> Iterator[Finding]:
    """Yield the levels that nothing leads out of, or one thing only."""
    shafts = _stairwells(plan)
    with_exits = {portal.level for portal in plan.exits}
    for level in plan.levels:
        floors = [s for s in plan.spaces_on(level.id) if s.walkable == "yes"]
        floors = [s for s in floors if s.kind not in NOT_FLOOR and s.obstacle_of is None]
        if not [s for s in floors if s.kind not in ("stair", "landing")]:
            continue
        exits = [p for p in plan.exits if p.level == level.id]
        stairs = [levels for levels in shafts if level.id in levels and len(levels) > 1]
        where = (level.id, *look_at(floors[0]))
        if not stairs and not exits:
            yield Finding(
                "building", "error", "level_cut_off", (level.id,),
                f"level {level.name} has neither a stair nor an exit",
                "draw its stairs", *where,
            )  # fmt: skip
            continue
        ways = len(exits) + sum(bool((levels - {level.id}) & with_exits) for levels in stairs)
        if ways == 1 and len(plan.exits) > 1:
            yield Finding(
                "building", "warning", "one_way_off_level",
                (level.id, *(p.id for p in exits)),
                f"level {level.name} has one way out ({'an exit' if exits else 'a stair'}): "
                "nothing is left if it is out of service",
                "confirm its other exits and stairs, or plan for this one to be blocked", *where,
            )  # fmt: skip


def _stairwells(plan: Plan) -> list[set[str]]:
    """Return the levels that each stairwell serves: flights and landings that hang together."""
    parts = {s.id for s in _spaces(plan) if s.kind in ("stair", "landing", "ramp")}
    group = {id_: id_ for id_ in parts}

    def root(id_: str) -> str:
        while group[id_] != id_:
            id_ = group[id_]
        return id_

    joined = [p for p in plan.portals.values() if p.kind != "window"]
    for portal in joined:
        if portal.from_space in parts and portal.to_space in parts:
            group[root(portal.from_space)] = root(portal.to_space)
    levels: dict[str, set[str]] = {}
    for portal in joined:
        for side, other in (
            (portal.from_space, portal.to_space),
            (portal.to_space, portal.from_space),
        ):
            if side in parts and other not in parts:
                level = portal.level if other == OUTSIDE else plan.spaces[other].level
                levels.setdefault(root(side), set()).add(level)
    return [levels[key] for key in sorted(levels)]
