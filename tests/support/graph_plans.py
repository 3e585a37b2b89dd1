"""Small plans drawn in code, for known answers of the walking graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st
from shapely import LineString, Polygon, box, union_all
from shapely.affinity import scale

from buildings import OUTSIDE, Level, Plan, Portal, Space
from buildings.plan import RampFacts, StairFacts

GROUND = Level("L1", 0, "Ground", 0.0, 3.2, "1")
UPPER = Level("L2", 1, "Upper", 3.6, 3.2, "2")

Ring = Sequence[tuple[float, float]]


def space(name: str, outline: Ring | Polygon, kind: str = "room", **facts: Any) -> Space:
    """Return a space on the ground level unless ``level`` says otherwise."""
    polygon = outline if isinstance(outline, Polygon) else Polygon(outline)
    use = "circulation" if kind in ("corridor", "stair", "landing", "ramp") else "other"
    facts.setdefault("level", "L1")
    facts.setdefault("use", use)
    return Space(id=name, kind=kind, polygon=polygon, **facts)  # type: ignore[arg-type]


def portal(name: str, a: str, b: str, line: Ring, kind: str = "door", **facts: Any) -> Portal:
    """Return a portal whose width is the length of its line; to the outside it is an exit."""
    across = LineString(line)
    facts.setdefault("level", "L1")
    facts.setdefault("width_m", across.length)
    if OUTSIDE in (a, b) and kind != "window":
        facts.setdefault("is_exit", "yes")
    return Portal(id=name, kind=kind, from_space=a, to_space=b, line=across, **facts)  # type: ignore[arg-type]


def plan(
    spaces: Iterable[Space], portals: Iterable[Portal], *, levels: Sequence[Level] = (GROUND, UPPER)
) -> Plan:
    """Return a plan of these, sorted as a loader sorts them."""
    return Plan(
        id="drawn",
        name="drawn for a test",
        version="1",
        levels=tuple(levels),
        spaces=MappingProxyType({s.id: s for s in sorted(spaces, key=lambda s: s.id)}),
        portals=MappingProxyType({p.id: p for p in sorted(portals, key=lambda p: p.id)}),
        points=MappingProxyType({}),
        sha256="0" * 64,
    )


def mirrored(original: Plan) -> Plan:
    """Return the plan reflected in the y axis, stairs with their bearing."""
    spaces = []
    for s in original.spaces.values():
        stair = s.stair and replace(s.stair, up_deg=(360.0 - s.stair.up_deg) % 360.0)
        flipped = scale(s.polygon, xfact=-1.0, origin=(0, 0))
        spaces.append(replace(s, polygon=flipped, stair=stair))
    portals = [
        replace(p, line=scale(p.line, xfact=-1.0, origin=(0, 0))) for p in original.portals.values()
    ]
    return plan(spaces, portals, levels=original.levels)


def flight_facts(up_deg: float = 90.0, steps: int = 12, lower: str = "L1") -> StairFacts:
    """Return a flight with steps of 0.15 m by 0.30 m."""
    return StairFacts(0.15, 0.30, steps, 1.5, up_deg, lower, "L2")


def wing(classrooms: int = 4, *, depth_m: float = 8.0) -> Plan:
    """Return a corridor with rooms of 9 m on both sides, exits at its ends, and a yard beyond.

    Walls are 0.2 m thick between rooms and the corridor; the corridor is 3 m wide.
    """
    length = 9.0 * classrooms
    spaces = [
        space("C1", box(0, 0, length, 3), "corridor"),
        space("AREA", box(length / 2 - 10, 60, length / 2 + 10, 75), "assembly"),
    ]
    portals = [
        portal("X1", "C1", OUTSIDE, [(0, 0.6), (0, 2.4)], "exit"),
        portal("X2", "C1", OUTSIDE, [(length, 0.6), (length, 2.4)], "exit"),
    ]
    for n in range(classrooms):
        x = 9.0 * n
        spaces.append(space(f"N{n:02d}", box(x + 0.1, 3.2, x + 8.9, 3.2 + depth_m)))
        spaces.append(space(f"S{n:02d}", box(x + 0.1, -0.2 - depth_m, x + 8.9, -0.2)))
        portals.append(portal(f"DN{n:02d}", f"N{n:02d}", "C1", [(x + 1, 3.1), (x + 2, 3.1)]))
        portals.append(portal(f"DS{n:02d}", f"S{n:02d}", "C1", [(x + 7, -0.1), (x + 8, -0.1)]))
    return plan(spaces, portals)


def two_storeys() -> Plan:
    """Return two corridors one above the other, joined by a stair of two flights and a landing.

    The lower flight climbs east from the lower corridor, the upper one back west to the upper
    corridor; both have 12 steps of 0.15 m by 0.30 m.
    """
    spaces = [
        space("C1", box(-20, 0, 0, 3), "corridor"),
        space("C2", box(-20, 0, 0, 3), "corridor", level="L2"),
        space("ST1", box(0, 0, 3.6, 1.5), "stair", stair=flight_facts(90.0)),
        space("LA", box(3.6, 0, 5.2, 3), "landing"),
        space("ST2", box(0, 1.5, 3.6, 3), "stair", stair=flight_facts(270.0)),
        space("R2", box(-20, 3.2, -10, 10), level="L2"),
    ]
    portals = [
        portal("X1", "C1", OUTSIDE, [(-20, 0.5), (-20, 2.5)], "exit"),
        portal("F1", "C1", "ST1", [(0, 0), (0, 1.5)], "opening"),
        portal("F2", "ST1", "LA", [(3.6, 0), (3.6, 1.5)], "opening"),
        portal("F3", "LA", "ST2", [(3.6, 1.5), (3.6, 3)], "opening"),
        portal("F4", "ST2", "C2", [(0, 1.5), (0, 3)], "opening", level="L2"),
        portal("D2", "R2", "C2", [(-12, 3.1), (-11, 3.1)], level="L2"),
    ]
    return plan(spaces, portals)


def ramp_plan(rise_m: float = 0.6, run_m: float = 8.0) -> Plan:
    """Return two rooms at either end of a ramp that is as long as its run."""
    facts = RampFacts(rise_m, run_m, 1.5)
    spaces = [
        space("A", box(-5, 0, 0, 4)),
        space("B", box(run_m, 0, run_m + 5, 4)),
        space("R", box(0, 0, run_m, 1.5), "ramp", ramp=facts),
    ]
    portals = [
        portal("P1", "A", "R", [(0, 0), (0, 1.5)], "opening"),
        portal("P2", "R", "B", [(run_m, 0), (run_m, 1.5)], "opening"),
        portal("X1", "B", OUTSIDE, [(run_m + 5, 1), (run_m + 5, 2)], "exit"),
    ]
    return plan(spaces, portals)


def winding(width_m: float, legs_m: Sequence[float], turns: Sequence[int]) -> Polygon:
    """Return a corridor of right angles: turn 1 is to the left, 3 to the right."""
    x = y = 0.0
    heading = 0
    half = width_m / 2
    parts = []
    for length, turn in zip(legs_m, turns, strict=True):
        dx, dy = [(1, 0), (0, 1), (-1, 0), (0, -1)][heading]
        to_x, to_y = x + dx * length, y + dy * length
        low, high = (min(x, to_x) - half, min(y, to_y) - half), (max(x, to_x), max(y, to_y))
        parts.append(box(*low, high[0] + half, high[1] + half))
        x, y = to_x, to_y
        heading = (heading + turn) % 4
    outline = union_all(parts, grid_size=1e-6)
    assert isinstance(outline, Polygon)
    return outline


@st.composite
def corridors(draw: st.DrawFn) -> Polygon:
    """Draw a winding corridor: 1.8 to 3.5 m wide, one to six legs of 4 to 22 m."""
    n = draw(st.integers(1, 6))
    legs = draw(st.lists(st.integers(40, 220), min_size=n, max_size=n))
    turns = draw(st.lists(st.sampled_from([1, 3]), min_size=n, max_size=n))
    return winding(draw(st.integers(18, 35)) / 10, [leg / 10 for leg in legs], turns)
