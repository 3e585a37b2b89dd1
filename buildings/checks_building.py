"""Can the building be left, and does the plan say what responders and drills need to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from buildings.finding import Finding
from buildings.nav_graph import NavGraph
from buildings.plan import Plan, Space

WHEELCHAIR_DOOR_M = 0.81
PEOPLE_PER_EXIT_METRE = 100
ONE_DOOR_PEOPLE = 49
LOOKS_LIKE_A_DEFAULT = 20


def check_building(plan: Plan) -> Iterator[Finding]:
    """Yield what keeps people in: no exits, rooms without a way out, levels without stairs."""
    doors = [p for p in plan.portals.values() if p.leads_outside and p.kind != "window"]
    unknown = [p for p in doors if p.is_exit in (None, "unknown")]
    if not plan.exits:
        yield Finding(
            "building", "error", "no_exit", tuple(p.id for p in unknown),
            f"no confirmed exit: {_walkable(plan)} spaces cannot be left"
            + (f"; {len(unknown)} doors lead outside" if unknown else ""),
            "state is_exit yes for each door that is one, in facts.csv"
            if unknown else "draw the exits",
        )  # fmt: skip
    else:
        yield from _unreachable(plan)
        if len(plan.exits) == 1:
            yield Finding(
                "building", "warning", "one_exit", (plan.exits[0].id,),
                "one exit only: nothing is left if it is out of service",
                "confirm the other exits, or plan for this one to be blocked",
            )  # fmt: skip
        people = sum(space.occupants_default or 0 for space in plan.spaces.values())
        width = sum(portal.width_m for portal in plan.exits)
        if people > PEOPLE_PER_EXIT_METRE * width:
            yield Finding(
                "building", "warning", "exit_width", tuple(p.id for p in plan.exits),
                f"{people} people for {width:.1f} m of exits, {people / width:.0f} per metre",
                "confirm that all exits are in the plan",
            )  # fmt: skip
    for portal in unknown:
        middle = portal.midpoint
        yield Finding(
            "building", "warning", "unconfirmed_exit", (portal.id,),
            f"{portal.id} leads outside: is it an exit?",
            f"add to facts.csv: {portal.id},is_exit,yes or no",
            portal.level, float(middle.x), float(middle.y),
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


def _walkable(plan: Plan) -> int:
    kinds = ("assembly", "void", "hard_corner")
    return sum(s.walkable == "yes" and s.kind not in kinds for s in plan.spaces.values())


def _unreachable(plan: Plan) -> Iterator[Finding]:
    for id_ in NavGraph.from_plan(plan).unreachable_spaces():
        space = plan.spaces[id_]
        point = space.polygon.representative_point()
        yield Finding(
            "building", "error", "unreachable", (id_,),
            f"{_called(space)} has no way to an exit",
            f"draw its door, or add to facts.csv: {id_},walkable,no",
            space.level, float(point.x), float(point.y),
        )  # fmt: skip


def _called(space: Space) -> str:
    return f"{space.label} ({space.id})" if space.label != space.id else space.id


def _levels(plan: Plan) -> Iterator[Finding]:
    for level in plan.levels:
        floors = [s for s in plan.spaces_on(level.id) if s.walkable == "yes"]
        if not any(s.kind not in ("assembly", "void", "hard_corner") for s in floors):
            continue
        stairs = any(
            s.stair is not None and level.id in (s.stair.from_level, s.stair.to_level)
            for s in plan.spaces.values()
        )
        if not stairs and not any(p.level == level.id for p in plan.exits):
            yield Finding(
                "building", "error", "level_cut_off", (level.id,),
                f"level {level.name} has neither a stair nor an exit",
                "draw its stairs", level.id,
            )  # fmt: skip


def check_facts(plan: Plan) -> Iterator[Finding]:
    """Yield facts that a drill or responders need and the plan does not state."""
    numbers = Counter(
        p.exterior_no for p in plan.portals.values() if p.leads_outside and p.exterior_no
    )
    silent: list[str] = []
    for portal in plan.portals.values():
        middle = portal.midpoint
        at = (portal.level, float(middle.x), float(middle.y))
        if portal.usable_as_exit and portal.exterior_no is None:
            yield Finding(
                "facts", "warning", "no_door_number", (portal.id,),
                f"exit {portal.id} has no exterior door number",
                f"add to facts.csv: {portal.id},exterior_no,<number on the door>", *at,
            )  # fmt: skip
        if portal.leads_outside and portal.exterior_no and numbers[portal.exterior_no] > 1:
            yield Finding(
                "facts", "error", "door_number_twice", (portal.id,),
                f"exterior door number {portal.exterior_no} stands on "
                f"{numbers[portal.exterior_no]} doors",
                "number the doors clockwise from the main entrance", *at,
            )  # fmt: skip
        if portal.kind in ("door", "exit") and portal.width_m < WHEELCHAIR_DOOR_M:
            yield Finding(
                "facts", "note", "narrow_for_wheelchair", (portal.id,),
                f"{portal.id} is {portal.width_m:.2f} m wide, a wheelchair needs "
                f"{WHEELCHAIR_DOOR_M} m",
                "measure the clear width", *at,
            )  # fmt: skip
    for space in plan.spaces.values():
        if space.walkable == "no":
            continue
        point = space.polygon.representative_point()
        where = (space.level, float(point.x), float(point.y))
        if space.kind == "room" and space.use == "classroom":
            yield from _classroom(plan, space, where)
        if space.public_address == "no":
            yield Finding(
                "facts", "warning", "no_public_address", (space.id,),
                f"announcements are not heard in {_called(space)}",
                "state in the scenario how people there are told", *where,
            )  # fmt: skip
        if space.public_address in (None, "unknown") and space.kind == "room":
            silent.append(space.id)
    if silent:
        yield Finding(
            "facts", "note", "public_address_unknown", tuple(silent),
            f"{len(silent)} rooms: not stated whether announcements are heard",
            "state public_address yes or no",
        )  # fmt: skip
    yield from _defaults(plan)


def _classroom(plan: Plan, space: Space, where: tuple[str, float, float]) -> Iterator[Finding]:
    doors = [p for p in plan.portals_of(space.id) if p.kind in ("door", "exit")]
    lockable = ("inside", "both", "remote")
    if doors and not all(door.lock in lockable for door in doors):
        which = [door.id for door in doors if door.lock not in lockable]
        states = ", ".join(
            sorted({door.lock or "not stated" for door in doors if door.id in which})
        )
        yield Finding(
            "facts", "warning", "lock", (space.id, *which),
            f"{_called(space)} cannot be locked from inside at {', '.join(which)} ({states})",
            "fit a lock that works from inside, or state the lock", *where,
        )  # fmt: skip
    if len(doors) == 1 and (space.occupants_default or space.capacity or 0) > ONE_DOOR_PEOPLE:
        yield Finding(
            "facts", "note", "one_door", (space.id,),
            f"{_called(space)} has one door for more than {ONE_DOOR_PEOPLE} people",
            "confirm the second door", *where,
        )  # fmt: skip


def _defaults(plan: Plan) -> Iterator[Finding]:
    widths = [p.width_m for p in plan.portals.values() if p.kind in ("door", "exit")]
    if len(widths) <= LOOKS_LIKE_A_DEFAULT or not plan.sources:
        return
    width, count = Counter(widths).most_common(1)[0]
    if count > len(widths) / 2 and abs(width * 2 - round(width * 2)) < 1e-9:
        yield Finding(
            "facts", "note", "looks_like_a_default", (),
            f"{count} of {len(widths)} door widths are exactly {width:.2f} m: look like a default",
            "measure a few",
        )  # fmt: skip
