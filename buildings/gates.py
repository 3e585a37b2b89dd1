"""What joins two cells: doors, openings, stair ends, exits, and the cuts inside a floor."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Polygon

from buildings.compiled import (
    CELL_CORRIDOR,
    CELL_LANDING,
    CELL_OUTDOOR,
    CELL_RAMP,
    CELL_ROOM,
    CELL_STAIR,
    GATE_CUT,
    GATE_DOOR,
    GATE_EXIT,
    GATE_OPENING,
    GATE_STAIR,
)
from buildings.plan import OUTSIDE, Plan, Portal, Space
from buildings.walking_distance import WalkingFloor, nearest_point
from buildings.zone_passages import Passage, Zone, side_by_side

FARTHEST_WALL_M: Final = 1.0
"""A portal must pass within this distance of both its spaces; checks of a plan are stricter."""
DOUBLE_LEAF_M: Final = 1.2
"""A door wider than this whose leaves are not stated counts as double."""
WIDEST_OPENING_M: Final = 2.4
"""Wider openings without leaves become several gates side by side, each passed in its own middle:
a way through the middle of a wide one is longer than people walk."""
SAMPLES: Final = 9

CELL_KINDS: Final[Mapping[str, int]] = {
    "room": CELL_ROOM,
    "hall": CELL_ROOM,
    "corridor": CELL_CORRIDOR,
    "stair": CELL_STAIR,
    "landing": CELL_LANDING,
    "ramp": CELL_RAMP,
    "outdoor": CELL_OUTDOOR,
}
"""The kinds of space in which people walk, and the kind of cell each becomes."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One node of the graph: a zone of a space with its kind (``CELL_*``) and level."""

    id: str
    space_id: str
    kind: int
    level: str
    polygon: Polygon


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """One edge of the graph: a passage between two cells.

    A portal is one gate, but an opening wider than ``WIDEST_OPENING_M`` several with ids like
    ``P-12/2``, counted along its line. ``jambs`` is the number of ends at which something bounds
    the gate: 2, and of such a part 1 or 0. A cut counts 2, whatever its ends.

    ``cells`` are indices; the number of cells stands for the outside. ``side_xy`` are the points
    on the edge of either cell at which walks end, ``xy`` is the middle of the gate: for a portal it
    lies between them, in the wall.
    """

    id: str
    portal_id: str
    kind: int
    width_m: float
    leaves: int
    jambs: int
    is_exit: bool
    level: str
    cells: tuple[int, int]
    xy: tuple[float, float]
    side_xy: tuple[tuple[float, float], tuple[float, float]]

    @property
    def crossing_xy(self) -> tuple[float, float]:
        """The point that ways through the gate pass: its middle, or where a cut is crossed."""
        return self.xy if self.portal_id else self.side_xy[0]


def is_walked(space: Space) -> bool:
    """Say whether people walk in a space, so that it becomes one or more cells.

    Lift shafts, voids and furniture do not, nor spaces marked ``walkable: no``. Lifts stay out
    whatever their ``usable_in``: nobody walks through a shaft. Drawn hard corners are places in
    another space, and assembly areas are places in the open air.
    """
    return space.walkable == "yes" and space.kind in CELL_KINDS and space.obstacle_of is None


def is_passable(plan: Plan, portal: Portal) -> bool:
    """Say whether a portal becomes a gate: no window, and people walk on both of its sides."""
    if portal.kind == "window" or portal.from_space == portal.to_space:
        return False
    sides = (portal.from_space, portal.to_space)
    return all(side == OUTSIDE or is_walked(plan.spaces[side]) for side in sides)


def portal_faults(plan: Plan) -> list[str]:
    """Return what makes portals unusable as gates: one line each, in order of portal id."""
    faults = []
    for portal in plan.portals.values():
        fault = _fault(plan, portal)
        if fault:
            faults.append(f"portal {portal.id}: {fault}")
    return faults


def _fault(plan: Plan, portal: Portal) -> str:
    sides = (portal.from_space, portal.to_space)
    for side in sides:
        if side != OUTSIDE and side not in plan.spaces:
            return f"joins space {side!r}, which the plan does not have"
    levels = [level.id for level in plan.levels]
    if portal.level not in levels:
        return f"is on level {portal.level!r}, expected one of {', '.join(levels)}"
    if portal.kind == "window":
        return ""
    for side in sides:
        if side != OUTSIDE and plan.spaces[side].kind == "assembly":
            return (
                f"joins assembly area {side!r}; assembly areas lie in the open air: join "
                f"{OUTSIDE!r} and name the area in discharges_to"
            )
    if not is_passable(plan, portal):
        return ""
    if not portal.width_m > 0:
        return f"has a clear width of {portal.width_m} m, expected more than 0"
    for side in sides:
        if side != OUTSIDE:
            away = float(plan.spaces[side].polygon.distance(portal.midpoint))
            if away > FARTHEST_WALL_M:
                x, y = portal.midpoint.x, portal.midpoint.y
                return (
                    f"its middle ({x:.2f}, {y:.2f}) lies {away:.2f} m from space {side!r}, which "
                    f"it joins; expected at most {FARTHEST_WALL_M} m"
                )
    return ""


def portal_gates(
    plan: Plan,
    portal: Portal,
    cells: Sequence[Cell],
    cells_of: Mapping[str, range],
    ground: WalkingFloor,
) -> tuple[Gate, ...]:
    """Return the gate of a portal, or those of a wide opening in order along its line.

    Of a cut space they join the cell that most of the width touches.
    """
    found = [
        len(cells) if side == OUTSIDE else _touched(portal.line, cells, cells_of[side])
        for side in (portal.from_space, portal.to_space)
    ]
    floors = [ground.polygon if c == len(cells) else cells[c].polygon for c in found]
    stairs = any(cell < len(cells) and cells[cell].kind == CELL_STAIR for cell in found)
    has_leaf = portal.kind in ("door", "exit", "gate")
    if portal.leads_outside:
        kind = GATE_EXIT
    elif stairs:
        kind = GATE_STAIR
    elif portal.kind == "virtual":
        kind = GATE_CUT  # a line across open floor: there are no jambs to keep away from
    else:
        kind = GATE_DOOR if has_leaf else GATE_OPENING
    leaves = portal.leaves or (2 if portal.width_m > DOUBLE_LEAF_M else 1)
    flat = all(c == len(cells) or cells[c].kind not in (CELL_STAIR, CELL_RAMP) for c in found)
    whole = has_leaf or portal.leads_outside or not flat
    n = 1 if whole else max(1, math.ceil(portal.width_m / WIDEST_OPENING_M - 1e-9))
    gates = []
    for i, line in enumerate(side_by_side(portal.line, n)):
        middle = shapely.get_coordinates(line.interpolate(0.5, normalized=True))[0]
        gates.append(
            Gate(
                id=portal.id if n == 1 else f"{portal.id}/{i + 1:0{len(str(n))}d}",
                portal_id=portal.id,
                kind=kind,
                width_m=portal.width_m / n,
                leaves=leaves if has_leaf else 0,
                jambs=(i == 0) + (i == n - 1),
                is_exit=portal.usable_as_exit,
                level=portal.level,
                cells=(found[0], found[1]),
                xy=_pair(middle),
                side_xy=(
                    _pair(nearest_point(floors[0], middle)),
                    _pair(nearest_point(floors[1], middle)),
                ),
            )
        )
    return tuple(gates)


def cut_gate(passage: Passage, zones: Sequence[Zone], first_cell: int, level: str) -> Gate:
    """Return the gate of a cut between two zones of one space; ways meet where it is crossed."""
    middle = _pair(shapely.get_coordinates(passage.line.interpolate(0.5, normalized=True))[0])
    pair = (zones[passage.first], zones[passage.second])
    ends = [_pair(nearest_point(zone.polygon, passage.crossing_xy)) for zone in pair]
    return Gate(
        id=passage.id,
        portal_id="",
        kind=GATE_CUT,
        width_m=float(passage.line.length),
        leaves=0,
        jambs=2,
        is_exit=False,
        level=level,
        cells=(first_cell + passage.first, first_cell + passage.second),
        xy=middle,
        side_xy=(ends[0], ends[1]),
    )


def _touched(line: LineString, cells: Sequence[Cell], own: range) -> int:
    """Return the cell nearest to most of a line; of equals, the one nearest to its middle."""
    if len(own) == 1:
        return own[0]
    shares = np.append((np.arange(SAMPLES) + 0.5) / SAMPLES, 0.5)
    points = shapely.line_interpolate_point(line, shares, normalized=True)
    polygons = np.array([cells[cell].polygon for cell in own], dtype=object)
    apart = np.round(shapely.distance(polygons[:, None], points[None, :]), 6)
    nearest = apart <= apart.min(axis=0, keepdims=True)
    votes = (nearest[:, :-1] / nearest[:, :-1].sum(axis=0)).sum(axis=1).round(6)
    return own[int(np.lexsort((np.arange(len(own)), apart[:, -1], -votes))[0])]


def _pair(point: object) -> tuple[float, float]:
    x, y = np.asarray(point, dtype=np.float64).tolist()
    return (x, y)
