"""Make of a plan what may be shown to anybody: floor, doors and stairs, and nothing that protects.

What is kept is listed here; whatever is not listed is left out, also what later versions of the
format may add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import shapely
from shapely.affinity import translate

from buildings.plan import (
    OUTSIDE,
    AssemblyFacts,
    Level,
    LiftFacts,
    Plan,
    Portal,
    RampFacts,
    Space,
    SpaceUse,
    StairFacts,
)

KEPT_SPACES: Final = frozenset(
    {
        "room", "corridor", "hall", "stair", "landing", "ramp", "lift", "outdoor", "void",
        "assembly",
    }
)  # fmt: skip
KEPT_PORTALS: Final = frozenset({"door", "opening", "gate", "exit", "virtual"})
COARSE_USE: Final[Mapping[SpaceUse, SpaceUse]] = {
    "classroom": "classroom",
    "lab": "classroom",
    "office": "office",
    "main_office": "office",
    "nurse": "office",
    "circulation": "circulation",
    "vestibule": "circulation",
}
"""What a space is called that was used for this; for anything else "other"."""


def redacted(plan: Plan, *, numbers: bool = False) -> Plan:
    """Return a plan of its own with the floor, the doors and the stairs of another.

    Parameters
    ----------
    plan : Plan
        Left as it is.
    numbers : bool
        Whether room numbers and exterior door numbers are kept.

    Returns
    -------
    Plan
        Spaces with outline, level, kind, a coarse use, whether they are walked and what furniture
        stands in them; the measures of stairs, ramps and lifts; doors and openings with line,
        width, leaves, what they join and whether they are exits; evacuation assembly areas.
        Everything has a new id in the order of the old ones; coordinates begin at (0, 0), heights
        at the level of the main entrance. No windows, points, facts, defaults or sources.
    """
    levels = {level.id: f"L{index}" for index, level in enumerate(plan.levels)}
    kept = [space for space in plan.spaces.values() if _is_kept(space)]
    names = {space.id: f"S{n:05d}" for n, space in enumerate(kept, 1)} | {OUTSIDE: OUTSIDE}
    kept = [s for s in kept if s.obstacle_of is None or s.obstacle_of in names]
    doors = [
        p for p in plan.portals.values()
        if p.kind in KEPT_PORTALS and {p.from_space, p.to_space} <= set(names)
    ]  # fmt: skip
    x, y = _origin([*(s.polygon for s in kept), *(p.line for p in doors)])
    spaces = [_space(space, names, levels, (x, y), numbers=numbers) for space in kept]
    portals = [
        _portal(portal, f"D{n:05d}", names, levels, (x, y), numbers=numbers)
        for n, portal in enumerate(doors, 1)
    ]
    return Plan(
        id="redacted",
        name="Redacted plan",
        version="1",
        levels=_levels(plan.levels, levels),
        spaces=_by_id(spaces),
        portals=_by_id(portals),
        points=MappingProxyType({}),
        sources=("redacted from a plan that is not public",),
    )


def _is_kept(space: Space) -> bool:
    if space.kind == "assembly":
        return space.assembly is not None and space.assembly.role == "evac_assembly"
    return space.kind in KEPT_SPACES


def _origin(shapes: Iterable[Any]) -> tuple[float, float]:
    """Return the corner that becomes (0, 0), in whole millimetres."""
    x, y, _, _ = shapely.total_bounds(list(shapes))
    return round(float(x), 3), round(float(y), 3)


def _levels(levels: tuple[Level, ...], names: Mapping[str, str]) -> tuple[Level, ...]:
    ground = min(levels, key=lambda level: abs(level.ordinal)).elevation_m
    return tuple(
        Level(
            id=names[level.id],
            ordinal=level.ordinal,
            name=f"Level {level.ordinal}",
            elevation_m=round(level.elevation_m - ground, 6),
            height_m=level.height_m,
            short=str(level.ordinal),
        )
        for level in levels
    )


def _space(
    space: Space,
    names: Mapping[str, str],
    levels: Mapping[str, str],
    origin: tuple[float, float],
    *,
    numbers: bool,
) -> Space:
    return Space(
        id=names[space.id],
        level=levels[space.level],
        kind=space.kind,
        use=COARSE_USE.get(space.use, "other"),
        polygon=translate(space.polygon, -origin[0], -origin[1]),
        number=space.number if numbers else None,
        walkable=space.walkable,
        obstacle_of=names[space.obstacle_of] if space.obstacle_of is not None else None,
        stair=_stair(space.stair, levels) if space.stair is not None else None,
        ramp=RampFacts(space.ramp.rise_m, space.ramp.run_m, space.ramp.width_m)
        if space.ramp is not None
        else None,
        lift=LiftFacts(tuple(levels[id_] for id_ in space.lift.levels), space.lift.car_capacity)
        if space.lift is not None
        else None,
        assembly=AssemblyFacts("evac_assembly") if space.assembly is not None else None,
    )


def _stair(stair: StairFacts, levels: Mapping[str, str]) -> StairFacts:
    return StairFacts(
        riser_m=stair.riser_m,
        tread_m=stair.tread_m,
        steps=stair.steps,
        width_m=stair.width_m,
        up_deg=stair.up_deg,
        from_level=levels[stair.from_level],
        to_level=levels[stair.to_level],
    )


def _portal(
    portal: Portal,
    name: str,
    names: Mapping[str, str],
    levels: Mapping[str, str],
    origin: tuple[float, float],
    *,
    numbers: bool,
) -> Portal:
    return Portal(
        id=name,
        level=levels[portal.level],
        kind=portal.kind,
        from_space=names[portal.from_space],
        to_space=names[portal.to_space],
        width_m=portal.width_m,
        line=translate(portal.line, -origin[0], -origin[1]),
        leaves=portal.leaves,
        exterior_no=portal.exterior_no if numbers else None,
        is_exit=portal.is_exit,
    )


def _by_id(features: Iterable[Any]) -> Mapping[str, Any]:
    return MappingProxyType({feature.id: feature for feature in features})
