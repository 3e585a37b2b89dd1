"""The 1,000-person two-storey school on which movement models are compared, as a plan.

On each floor a 3 m corridor runs for 105 m from lobby to lobby; ten classrooms of 9 m by 8 m stand
on each side, with a gap of 3 m in the middle. Ground exits of 1.8 m lie at both ends and, through a
cross corridor of 2.8 m, in the north and the south. A stair of 1.5 m joins the lobbies at each end.
"""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from shapely import LineString, Polygon, box

from buildings import CompiledPlan, Level, Plan, Portal, Space
from buildings.plan import StairFacts
from sim import Distribution, EvacuationOrders, Groups, Roster

ROOM_W_M, ROOM_D_M, CORRIDOR_W_M, GAP_M = 9.0, 8.0, 3.0, 3.0
STOREY_M = 4.0
RISER_M, TREAD_M = STOREY_M / 24, 0.28
STAIR_LENGTH_M = 24 * math.hypot(RISER_M, TREAD_M)


def two_storey_school(copies: int = 1) -> Plan:
    """Return the school, or several of it side by side as one plan of independent buildings."""
    spaces: dict[str, Space] = {}
    portals: dict[str, Portal] = {}
    for copy in range(copies):
        _one_school(spaces, portals, f"{copy:03d}-" if copies > 1 else "", 300.0 * copy)
    return Plan(
        id=f"two-storey-school-{copies}",
        name="Two-storey school",
        version="1",
        levels=(
            Level("L1", 0, "Ground", 0.0, 3.2, "1"),
            Level("L2", 1, "Upper", STOREY_M, 3.2, "2"),
        ),
        spaces=MappingProxyType(dict(sorted(spaces.items()))),
        portals=MappingProxyType(dict(sorted(portals.items()))),
        points=MappingProxyType({}),
        sha256=f"{copies:064d}",
    )


def _one_school(
    spaces: dict[str, Space], portals: dict[str, Portal], prefix: str, dy: float
) -> None:
    """Add one building, moved north by ``dy``."""
    half = 10 * ROOM_W_M / 2 + GAP_M / 2

    def space(name: str, level: str, kind: str, use: str, polygon: Polygon) -> None:
        key = prefix + name
        spaces[key] = Space(key, level, kind, use, polygon)  # type: ignore[arg-type]

    def portal(
        name: str, level: str, a: str, b: str, ends: tuple[float, float, float, float]
    ) -> None:
        x0, y0, x1, y1 = ends
        line = LineString([(x0, y0 + dy), (x1, y1 + dy)])
        outside = b == "outside"
        portals[prefix + name] = Portal(
            prefix + name, level, "exit" if outside else "door" if "D" in name else "opening",
            prefix + a, b if outside else prefix + b, float(line.length), line,
            is_exit="yes" if outside else None,
        )  # fmt: skip

    for level in ("L1", "L2"):
        corridor = f"{level}-C"
        floor = box(-6, 0 + dy, 2 * half + 6, CORRIDOR_W_M + dy)
        if level == "L1":
            cross = box(half - 1.4, -ROOM_D_M + dy, half + 1.4, CORRIDOR_W_M + ROOM_D_M + dy)
            floor = floor.union(cross)
            middle = CORRIDOR_W_M / 2
            portal("E1", "L1", corridor, "outside", (-6, middle - 0.9, -6, middle + 0.9))
            east = 2 * half + 6
            portal("E2", "L1", corridor, "outside", (east, middle - 0.9, east, middle + 0.9))
            north, south = CORRIDOR_W_M + ROOM_D_M, -ROOM_D_M
            portal("E3", "L1", corridor, "outside", (half - 0.9, north, half + 0.9, north))
            portal("E4", "L1", corridor, "outside", (half - 0.9, south, half + 0.9, south))
        space(corridor, level, "corridor", "circulation", floor)
        for i in range(20):
            row, column = divmod(i, 10)
            x = column * ROOM_W_M + (GAP_M if column >= 5 else 0.0)
            y = CORRIDOR_W_M if row else -ROOM_D_M
            room = f"{level}-R{i:02d}"
            space(room, level, "room", "classroom", box(x, y + dy, x + ROOM_W_M, y + ROOM_D_M + dy))
            wall = CORRIDOR_W_M if row else 0.0
            portal(f"{level}-D{i:02d}", level, room, corridor, (x + 4.05, wall, x + 4.95, wall))
    for end, x0, x1 in (("W", -5.9, -4.4), ("E", 2 * half + 4.4, 2 * half + 5.9)):
        stair = f"stair-{end}"
        run = 24 * TREAD_M
        space(
            stair, "L1", "stair", "circulation",
            box(x0, CORRIDOR_W_M + dy, x1, CORRIDOR_W_M + run + dy),
        )  # fmt: skip
        key = prefix + stair
        spaces[key] = replace(
            spaces[key],
            stair=StairFacts(RISER_M, TREAD_M, 24, 1.5, 0.0, "L1", "L2"),
        )
        portal(f"{stair}-foot", "L1", "L1-C", stair, (x0, CORRIDOR_W_M, x1, CORRIDOR_W_M))
        # the head of the stair opens into a landing strip that leads back to the upper corridor
        head = CORRIDOR_W_M + run
        space(
            f"landing-{end}", "L2", "landing", "circulation",
            box(x0, CORRIDOR_W_M + dy, x1, head + 1.5 + dy),
        )  # fmt: skip
        portal(f"{stair}-head", "L2", stair, f"landing-{end}", (x0, head, x1, head))
        portal(f"landing-{end}-mouth", "L2", f"landing-{end}", "L2-C",
               (x0, CORRIDOR_W_M, x1, CORRIDOR_W_M))  # fmt: skip


def roster_of(compiled: CompiledPlan, people_per_room: int = 25, *, classes: bool = True) -> Roster:
    """Put a class into every classroom: speeds N(1.25, 0.2) m/s in [0.7, 1.8], nobody waits."""
    rooms = [i for i, name in enumerate(compiled.space_ids) if "-R" in name]
    space = np.repeat(rooms, people_per_room)
    n = len(space)
    group = np.repeat(np.arange(len(rooms)), people_per_room) if classes else np.full(n, -1)
    ids = [compiled.space_ids[i] for i in rooms]
    return Roster(
        person_ids=tuple(f"{room}/person-{i:02d}" for room in ids for i in range(people_per_room)),
        role=("student",) * n,
        profile=("unimpaired",) * n,
        space=space,
        group=group,
        start_xy=np.full((n, 2), np.nan),
        exit_gate=np.full(n, -1),
        speeds=(Distribution("normal", (1.25, 0.2), 0.7, 1.8),),
        speed_of=np.zeros(n, dtype=np.int64),
        pre_movements=(Distribution.constant(0.0),),
        pre_movement_of=np.zeros(n, dtype=np.int64),
        listed_pre_movement_s=np.full(n, np.nan),
        stair_down=np.ones(n),
        stair_up=np.ones(n),
        groups=Groups(
            ids=tuple(f"class {room}" for room in ids) if classes else (),
            space=np.array(rooms if classes else [], dtype=np.int64),
            place=np.full(len(rooms) if classes else 0, -1),
            leader=np.arange(0, n, people_per_room) if classes else np.array([], dtype=np.int64),
        ),
    )


def orders_for(compiled: CompiledPlan) -> EvacuationOrders:
    """Return orders under which everybody hears the alarm at once."""
    return EvacuationOrders(
        0.0, np.zeros(len(compiled.space_ids)), "together", Distribution.constant(0.0)
    )
