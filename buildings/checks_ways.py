"""Are the ways wide, short and gentle enough: narrow doors, dead ends, steep stairs, one door."""

from __future__ import annotations

from collections.abc import Iterator

from buildings.check_limits import CheckLimits
from buildings.dead_ends import dead_ends
from buildings.finding import Finding
from buildings.nav_graph import NavGraph
from buildings.plan import Plan, Space
from buildings.plan_reading import look_at


def check_ways(plan: Plan, limits: CheckLimits) -> Iterator[Finding]:
    """Yield what makes ways hard that are there: doors, stairs, ramps, rooms with one door."""
    for portal in plan.portals.values():
        if portal.kind in ("door", "exit") and portal.width_m < limits.wheelchair_door_m:
            yield Finding(
                "building", "warning", "narrow_for_wheelchair", (portal.id,),
                f"{portal.id} is {portal.width_m:.2f} m wide, a wheelchair needs "
                f"{limits.wheelchair_door_m:.3f} m",
                "measure the clear width", portal.level, *look_at(portal),
            )  # fmt: skip
    for space in plan.spaces.values():
        if space.walkable == "no":
            continue
        where = (space.level, *look_at(space))
        people = space.occupants_default or space.capacity or 0
        doors = [p for p in plan.portals_of(space.id) if p.kind != "window"]
        if (
            space.kind in ("room", "hall")
            and len(doors) == 1
            and people > limits.one_door_people
        ):  # fmt: skip
            yield Finding(
                "building", "warning", "one_door", (space.id, doors[0].id),
                f"{space.called} has one door for {people} people, more than "
                f"{limits.one_door_people:.0f}",
                "confirm the second door", *where,
            )  # fmt: skip
        yield from _steps(space, where, limits)


def _steps(space: Space, where: tuple[str, float, float], limits: CheckLimits) -> Iterator[Finding]:
    if space.stair is not None:
        for name, value, low, high in (
            ("riser", space.stair.riser_m, limits.riser_low_m, limits.riser_high_m),
            ("tread", space.stair.tread_m, limits.tread_low_m, limits.tread_high_m),
        ):
            if not low <= value <= high:
                yield Finding(
                    "building", "warning", f"{name}_unusual", (space.id,),
                    f"{space.called} has a {name} of {value:.3f} m, usual are "
                    f"{low:.3f} to {high:.3f} m",
                    f"measure the {name}; feet or inches are a common slip", *where,
                )  # fmt: skip
    if space.ramp is not None and space.ramp.rise_m / space.ramp.run_m > limits.ramp_slope + 1e-6:
        yield Finding(
            "building", "warning", "ramp_steep", (space.id,),
            f"{space.called} rises 1 in {space.ramp.run_m / space.ramp.rise_m:.1f}, usual is at "
            f"most 1 in {1 / limits.ramp_slope:.0f}",
            "check rise and run", *where,
        )  # fmt: skip


def check_dead_ends(nav: NavGraph, limits: CheckLimits) -> Iterator[Finding]:
    """Yield the corridors that lead nowhere and are longer than they should be."""
    for end in dead_ends(nav):
        long_m = end.length_m
        if long_m <= limits.dead_end_m or long_m < limits.dead_end_widths * end.width_m:
            continue
        names = ", ".join(nav.plan.spaces[id_].called for id_ in end.spaces)
        with_sprinklers = long_m <= limits.dead_end_sprinklered_m
        limit = limits.dead_end_m if with_sprinklers else limits.dead_end_sprinklered_m
        yield Finding(
            "building", "note" if with_sprinklers else "warning", "dead_end", end.spaces,
            f"dead end of {long_m:.1f} m in {names}, expected at most {limit:.1f} m"
            + (" without sprinklers" if with_sprinklers else " even with sprinklers"),
            "confirm that no door leads on at its end, or plan a second way", end.level, *end.xy,
        )  # fmt: skip
