"""Does the plan say what a drill and responders need: locks, door numbers, announcements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from buildings.finding import Finding
from buildings.plan import Plan, Space
from buildings.plan_reading import look_at

LOOKS_LIKE_A_DEFAULT = 20
LOCKABLE = ("inside", "both", "remote")


def check_scenario(plan: Plan) -> Iterator[Finding]:
    """Yield facts that a drill or responders need and the plan does not state."""
    yield from _door_numbers(plan)
    silent: list[str] = []
    for space in plan.spaces.values():
        if space.walkable == "no" or space.obstacle_of is not None:
            continue
        where = (space.level, *look_at(space))
        if space.kind == "room" and space.use in ("classroom", "lab"):
            yield from _classroom(plan, space, where)
        if space.public_address == "no":
            yield Finding(
                "scenario", "warning", "no_public_address", (space.id,),
                f"announcements are not heard in {space.called}",
                "state in the scenario how people there are told", *where,
            )  # fmt: skip
        if space.public_address in (None, "unknown") and space.kind == "room":
            silent.append(space.id)
        posted, usual = space.capacity, space.occupants_default
        if posted is not None and usual is not None and usual > posted:
            yield Finding(
                "scenario", "warning", "over_capacity", (space.id,),
                f"{space.called} usually holds {usual} people, {posted} are posted",
                "correct occupants_default or capacity", *where,
            )  # fmt: skip
    if silent:
        first = plan.spaces[silent[0]]
        yield Finding(
            "scenario", "note", "public_address_unknown", tuple(silent),
            f"{len(silent)} rooms: not stated whether announcements are heard, "
            f"first {first.called}",
            "state public_address yes or no", first.level, *look_at(first),
        )  # fmt: skip
    for portal in plan.exits:
        area = plan.spaces.get(portal.discharges_to or "")
        if area is not None and area.kind != "assembly":
            yield Finding(
                "scenario", "error", "discharges_to", (portal.id, area.id),
                f"exit {portal.id} discharges to {area.called}, a {area.kind}",
                "name an assembly area", portal.level, *look_at(portal),
            )  # fmt: skip
    yield from _defaults(plan)


def _door_numbers(plan: Plan) -> Iterator[Finding]:
    outer = [p for p in plan.portals.values() if p.leads_outside and p.kind != "window"]
    numbers = Counter(p.exterior_no for p in outer if p.exterior_no)
    for portal in outer:
        at = (portal.level, *look_at(portal))
        if portal.exterior_no is None:
            what = "exit" if portal.usable_as_exit else "outside door"
            yield Finding(
                "scenario", "warning" if portal.usable_as_exit else "note", "no_door_number",
                (portal.id,),
                f"{what} {portal.id} has no exterior door number",
                f"add to facts.csv: {portal.id},exterior_no,<number on the door>", *at,
            )  # fmt: skip
        elif numbers[portal.exterior_no] > 1:
            yield Finding(
                "scenario", "error", "door_number_twice", (portal.id,),
                f"exterior door number {portal.exterior_no} stands on "
                f"{numbers[portal.exterior_no]} doors",
                "number the doors clockwise from the main entrance", *at,
            )  # fmt: skip


def _classroom(plan: Plan, space: Space, where: tuple[str, float, float]) -> Iterator[Finding]:
    doors = [p for p in plan.portals_of(space.id) if p.kind in ("door", "exit")]
    which = [door for door in doors if door.lock not in LOCKABLE]
    if which:
        states = ", ".join(sorted({door.lock or "not stated" for door in which}))
        ids = [door.id for door in which]
        yield Finding(
            "scenario", "warning", "lock", (space.id, *ids),
            f"{space.called} cannot be locked from inside at {', '.join(ids)} ({states})",
            "fit a lock that works from inside, or state the lock", *where,
        )  # fmt: skip


def _defaults(plan: Plan) -> Iterator[Finding]:
    widths = [p.width_m for p in plan.portals.values() if p.kind in ("door", "exit")]
    if len(widths) <= LOOKS_LIKE_A_DEFAULT or not plan.sources:
        return
    width, count = Counter(widths).most_common(1)[0]
    if count > len(widths) / 2 and abs(width * 2 - round(width * 2)) < 1e-9:
        yield Finding(
            "scenario", "note", "looks_like_a_default", (),
            f"{count} of {len(widths)} door widths are exactly {width:.2f} m: look like a default",
            "measure a few",
        )  # fmt: skip
