"""Random school wings as plans: corridors with a branch, rooms on both sides, exits at the ends."""

from __future__ import annotations

import numpy as np
from shapely import box, union_all
from support.graph_plans import plan, portal, space

from buildings import OUTSIDE, Plan

WALL_M = 0.2


def school_wing(rng: np.random.Generator) -> Plan:
    """Draw a corridor of 9 to 50 m, perhaps with a branch, and rooms of up to 96 m2 along it.

    No two lengths are alike, so that no two ways are; rooms are single zones, corridors are cut.
    """

    def metres(least: float, most: float) -> float:
        return float(np.round(rng.uniform(least, most), 3))

    width, length = metres(1.8, 4.0), metres(9.0, 50.0)
    floors = [box(0, 0, length, width)]
    spaces, portals = [], []
    branch = None
    if rng.random() < 0.5:
        branch_width, reach = metres(1.8, 3.5), metres(5.0, 20.0)
        west = metres(0.0, length - branch_width)
        branch = (west - WALL_M, west + branch_width + WALL_M)
        floors.append(box(west, -reach, west + branch_width, 0.0))
        line = [(west + 0.3, -reach), (west + branch_width - 0.3, -reach)]
        portals.append(portal("X3", "C", OUTSIDE, line, "exit"))
    for side in (-1, 1):
        west = 0.0
        while west < length - 2.6:
            east = west + min(metres(2.6, 8.0), length - west)
            depth = metres(3.0, 12.0)
            meets_branch = side < 0 and branch and west < branch[1] and east > branch[0]
            if not meets_branch:
                wall = width if side > 0 else 0.0
                near, far = wall + side * WALL_M, wall + side * (WALL_M + depth)
                name = f"R{len(spaces):02d}"
                floor = box(west + 0.1, min(near, far), east - 0.1, max(near, far))
                door = metres(west + 0.3, east - 1.3)
                line = [(door, wall + side * WALL_M / 2), (door + 0.9, wall + side * WALL_M / 2)]
                spaces.append(space(name, floor))
                portals.append(portal(f"D{name}", name, "C", line))
            west = east
    for name, x in (("X1", 0.0), ("X2", length))[: 2 if rng.random() < 0.7 else 1]:
        y = metres(0.2, width - 1.2)
        portals.append(portal(name, "C", OUTSIDE, [(x, y), (x, y + 1.0)], "exit"))
    spaces.append(space("C", union_all(floors, grid_size=1e-6), "corridor"))
    spaces.append(space("YARD", box(length + 20, 40, length + 31, 47), "assembly"))
    return plan(spaces, portals)
