"""From a plan to the flat arrays that the engine walks on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from shapely import Polygon

from buildings.borders import did_you_mean
from buildings.compiled import CELL_OUTSIDE, CompiledPlan, Floats, Ints
from buildings.nav_graph import NavGraph
from buildings.open_air import gathering_point
from buildings.plan import OUTSIDE, Plan, PlanError, Space
from buildings.slots import cells_of_places, standing_places


def compile_plan(plan: Plan) -> CompiledPlan:
    """Compile a plan into cells, gates, walking distances and standing places.

    The same plan gives the same arrays, byte for byte. Walking distances run from the middle of a
    gate to the middle of the next, so the depth of walls is walked too; in the open air they go
    around the buildings.

    Parameters
    ----------
    plan : Plan
        The building. Spaces that reach no exit are compiled like all others: people in them find
        no route, which the engine reports.

    Returns
    -------
    CompiledPlan

    Raises
    ------
    PlanError
        If the plan cannot be walked (see `NavGraph.from_plan`), has no walkable space, or an exit
        discharges to something that is not an assembly area.
    """
    graph = NavGraph.from_plan(plan)
    faults = _discharge_faults(plan)
    if not graph.cells:
        faults.append("no space is walkable: expected rooms, corridors or halls")
    if faults:
        raise PlanError(f"plan {plan.id!r} cannot be compiled", tuple(faults))
    space_ids = tuple(sorted(graph.cells_of))
    sides = [side for own in graph.sides for side in own]
    counts = [len(own) for own in graph.sides]
    side_cell = [cell for gate in graph.gates for cell in gate.cells]
    side_local = np.zeros(len(sides), dtype=np.int64)
    side_local[sides] = [i for own in graph.sides for i in range(len(own))]
    places = _places(graph)
    slots = _slots(graph, space_ids)
    exits = [g for g, gate in enumerate(graph.gates) if gate.is_exit]
    spaces = [plan.spaces[cell.space_id] for cell in graph.cells]
    level_of = {level.id: index for index, level in enumerate(plan.levels)}
    space_of = {space_id: index for index, space_id in enumerate(space_ids)}
    return CompiledPlan(
        plan_id=plan.id,
        plan_sha256=plan.sha256,
        space_ids=space_ids,
        cell_ids=(*(cell.id for cell in graph.cells), OUTSIDE),
        cell_space=_ints([*(space_of[cell.space_id] for cell in graph.cells), -1]),
        cell_kind=_ints([*(cell.kind for cell in graph.cells), CELL_OUTSIDE]),
        cell_level=_ints([*(level_of[cell.level] for cell in graph.cells), -1]),
        cell_area_m2=_floats([*(cell.polygon.area for cell in graph.cells), math.inf]),
        cell_riser_m=_floats([*(s.stair.riser_m if s.stair else np.nan for s in spaces), np.nan]),
        cell_tread_m=_floats([*(s.stair.tread_m if s.stair else np.nan for s in spaces), np.nan]),
        cell_width_m=_floats([*(_clear_width_m(space) for space in spaces), np.nan]),
        gate_ids=tuple(gate.id for gate in graph.gates),
        gate_portal=tuple(gate.portal_id for gate in graph.gates),
        gate_kind=_ints([gate.kind for gate in graph.gates]),
        gate_width_m=_floats([gate.width_m for gate in graph.gates]),
        gate_leaves=_ints([gate.leaves for gate in graph.gates]),
        gate_jambs=_ints([gate.jambs for gate in graph.gates]),
        gate_xy=_floats([gate.xy for gate in graph.gates]).ravel(),
        side_cell=_ints(side_cell),
        side_local=side_local,
        side_xy=_floats([xy for gate in graph.gates for xy in gate.side_xy]).ravel(),
        cell_sides_start=np.cumsum([0, *counts], dtype=np.int64),
        cell_sides=_ints(sides),
        hop_start=np.cumsum([0, *(k * k for k in counts)], dtype=np.int64)[:-1],
        hop_m=_joined([walks.hops_m for walks in graph.walks], np.float64),
        hop_kind=_joined([walks.hop_kinds for walks in graph.walks], np.int64),
        place_ids=places.ids,
        place_cell=np.full(len(places.ids), graph.outside, dtype=np.int64),
        place_xy=places.xy.ravel(),
        place_start=np.arange(len(places.ids), dtype=np.int64) * counts[-1],
        place_m=places.walks_m.ravel(),
        slot_space_start=slots.space_start,
        slot_cell=slots.cell,
        slot_xy=slots.xy.ravel(),
        slot_start=slots.start,
        slot_m=slots.walks_m,
        exit_gates=_ints(exits),
        exit_place=_exit_places(graph, places, exits),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Assembly areas with metres from every side of the outside, shape (places, sides)."""

    ids: tuple[str, ...]
    xy: Floats
    walks_m: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Slots:
    """Standing places of all spaces in order; metres to the sides of each one's cell, in rows."""

    space_start: Ints
    cell: Ints
    xy: Floats
    start: Ints
    walks_m: Floats


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _floats(values: ArrayLike) -> Floats:
    return np.array(values, dtype=np.float64)


def _joined(blocks: Sequence[ArrayLike], kind: type) -> np.ndarray:
    return np.concatenate([np.asarray(block, dtype=kind).ravel() for block in blocks])


def _clear_width_m(space: Space) -> float:
    if space.stair is not None:
        return space.stair.width_m
    return space.ramp.width_m if space.ramp is not None else math.nan


def _slots(graph: NavGraph, space_ids: Sequence[str]) -> _Slots:
    counts, cells, points = [], [], []
    furniture: dict[str, list[Polygon]] = {}
    for space in graph.plan.spaces.values():
        if space.obstacle_of is not None:
            furniture.setdefault(space.obstacle_of, []).append(space.polygon)
    for space_id in space_ids:
        own = graph.cells_of[space_id]
        floor = graph.plan.spaces[space_id].polygon
        places = standing_places(floor, furniture=furniture.get(space_id, ()))
        inside = cells_of_places(places, [graph.cells[cell].polygon for cell in own])
        counts.append(len(places))
        cells.append(own[0] + inside)
        points.append(places)
    cell, xy = np.concatenate(cells), np.concatenate(points)
    ways = _ints([len(own) for own in graph.sides])[cell]
    start = np.concatenate(([0], np.cumsum(ways)))
    walks_m = np.zeros(int(start[-1]))
    order = np.argsort(cell, kind="stable")
    firsts = np.searchsorted(cell[order], np.arange(len(graph.cells) + 1))
    for index in range(len(graph.cells)):
        rows = order[firsts[index] : firsts[index + 1]]
        k = len(graph.sides[index])
        if k and len(rows):
            walks = graph.walks[index].from_points(xy[rows])
            walks_m[start[rows][:, None] + np.arange(k)] = walks
    return _Slots(
        space_start=np.cumsum([0, *counts], dtype=np.int64),
        cell=cell.astype(np.int64),
        xy=xy,
        start=start[:-1].astype(np.int64),
        walks_m=walks_m,
    )


def _places(graph: NavGraph) -> _Places:
    areas = sorted(graph.plan.assembly_areas, key=lambda space: space.id)
    middles = [gathering_point(area) for area in areas]
    xy = _floats([(point.x, point.y) for point in middles]).reshape(-1, 2)
    walks_m = graph.walks[-1].from_points(xy)
    return _Places(tuple(area.id for area in areas), xy, walks_m)


def _discharge_faults(plan: Plan) -> list[str]:
    areas = [area.id for area in plan.assembly_areas]
    return [
        f"exit {portal.id}: discharges to {portal.discharges_to!r}, which is not an assembly area"
        f"{did_you_mean(portal.discharges_to, areas)}"
        for portal in sorted(plan.exits, key=lambda portal: portal.id)
        if portal.discharges_to is not None and portal.discharges_to not in areas
    ]


def _exit_places(graph: NavGraph, places: _Places, exits: Sequence[int]) -> Ints:
    """Choose each exit's assembly area: the one it names, else the nearest for evacuation."""
    spaces = graph.plan.spaces
    meant = []
    for index, area_id in enumerate(places.ids):
        facts = spaces[area_id].assembly
        if facts is None or facts.role == "evac_assembly":
            meant.append(index)
    outside = graph.sides[-1]
    chosen = []
    for g in exits:
        named = graph.plan.portals[graph.gates[g].portal_id].discharges_to
        if named is not None:
            chosen.append(places.ids.index(named))
            continue
        side = 2 * g + (1 if graph.gates[g].cells[1] == graph.outside else 0)
        walks = places.walks_m[:, outside.index(side)]
        chosen.append(min(meant, key=lambda place: (walks[place], place), default=-1))
    return _ints(chosen)
