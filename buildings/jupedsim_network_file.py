"""The walking graph of a plan as a scenario file of jupedsim-network, an outside check on ours."""

from __future__ import annotations

import heapq
import json
import math
from typing import Any, Final

import numpy as np

from buildings.compiled import CELL_STAIR, GATE_CUT, GATE_OPENING, CompiledPlan
from buildings.plan import Plan, PlanError

FORMAT_VERSION: Final = 1
"""Of the files that jupedsim-network 0.5 reads."""
TIME_STEP_S: Final = 0.5
SPEED_MPS: Final = 1.19
"""Unimpeded speed on the level: SFPE Handbook, k (1 - 0.266 D) with k = 1.4 at D = 0.54."""


def network_json(plan: Plan, compiled: CompiledPlan) -> str:
    """Return the text of a scenario file in jupedsim-network's format version 1.

    Each cell is a node with its floor area, each gate a connection with its clear width. A
    connection has one length for both directions: the mean walk to its gate in the direction that
    leads to the nearest exit, from the other gates of the cell, or from its standing places where
    it has no other gate. People are those that the plan says are usually
    in a room (``occupants_default``). What the format cannot hold is left out: locks, swing,
    assembly areas, lifts.

    Parameters
    ----------
    plan : Plan
        The building.
    compiled : CompiledPlan
        The same building compiled.

    Raises
    ------
    PlanError
        If there is no exit, or the plan says nowhere how many people are in a room.
    """
    exits = set(compiled.exit_gates.tolist())
    faults = []
    if not exits:
        faults.append("no confirmed exit: state is_exit yes for the doors that are exits")
    populations = _populations(plan, compiled)
    if not populations:
        faults.append("nobody is in it: state occupants_default for the rooms in facts.csv")
    if faults:
        raise PlanError(f"plan {plan.id!r} cannot be exported as a network", tuple(faults))
    content = {
        "format_version": FORMAT_VERSION,
        "description": f"{plan.name}: plan {plan.id}, content {plan.sha256[:12]}. "
        "A planning estimate, not a code-compliance document.",
        "nodes": [*(_node(compiled, cell) for cell in range(compiled.outside)), _safe(compiled)],
        "connections": _connections(compiled, exits),
        "populations": populations,
        "simulation": {"dt": TIME_STEP_S},
        "run": {"seed": 1},
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _node(compiled: CompiledPlan, cell: int) -> dict[str, Any]:
    node: dict[str, Any] = {
        "name": compiled.cell_ids[cell],
        "kind": "room",
        "area": round(float(compiled.cell_area_m2[cell]), 3),
    }
    if compiled.cell_kind[cell] == CELL_STAIR:
        node |= {
            "kind": "stair",
            "riser": round(float(compiled.cell_riser_m[cell]), 4),
            "tread": round(float(compiled.cell_tread_m[cell]), 4),
        }
    return node


def _safe(compiled: CompiledPlan) -> dict[str, Any]:
    return {"name": compiled.cell_ids[compiled.outside], "kind": "safe"}


def _connections(compiled: CompiledPlan, exits: set[int]) -> list[dict[str, Any]]:
    """Return the gates that people may use: inner ones both ways, exits outwards only."""
    to_go_m = _way_out_m(compiled, exits)
    links = []
    for gate in range(compiled.n_gates):
        sides = sorted((2 * gate, 2 * gate + 1), key=lambda side: (to_go_m[side], side))
        outward = compiled.outside in (int(compiled.side_cell[side]) for side in sides)
        if outward and gate not in exits:
            continue
        source, target = (int(compiled.side_cell[side]) for side in sides)
        stairs = [compiled.cell_kind[cell] == CELL_STAIR for cell in (source, target)]
        plain = compiled.gate_kind[gate] in (GATE_OPENING, GATE_CUT)
        links.append(
            {
                "source": compiled.cell_ids[source],
                "target": compiled.cell_ids[target],
                "width": round(float(compiled.gate_width_m[gate]), 3),
                "kind": "stair" if any(stairs) else "opening" if plain else "door",
                "length": round(_walk_m(compiled, sides[0]), 3),
                "bidirectional": not outward,
                "name": compiled.gate_ids[gate],
            }
        )
    return links


def _way_out_m(compiled: CompiledPlan, exits: set[int]) -> list[float]:
    """Return for each side the walk that is left to the nearest exit once its gate is passed."""
    left = [math.inf] * (2 * compiled.n_gates)
    waiting = []
    for gate in sorted(exits):
        side = 2 * gate + int(compiled.side_cell[2 * gate] == compiled.outside)
        left[side] = 0.0
        waiting.append((0.0, side))
    heapq.heapify(waiting)
    while waiting:
        metres, side = heapq.heappop(waiting)
        cell = int(compiled.side_cell[side])
        if metres > left[side] or cell == compiled.outside:
            continue
        start, end = (int(compiled.cell_sides_start[cell + k]) for k in (0, 1))
        for row, arrived in enumerate(compiled.cell_sides[start:end].tolist()):
            hop = compiled.hop_start[cell] + row * (end - start) + compiled.side_local[side]
            through, total = arrived ^ 1, metres + float(compiled.hop_m[hop])
            if arrived != side and total < left[through]:
                left[through] = total
                heapq.heappush(waiting, (total, through))
    return left


def _walk_m(compiled: CompiledPlan, side: int) -> float:
    """Return the mean walk to one side of a gate from the other gates of its cell."""
    cell = int(compiled.side_cell[side])
    start, end = (int(compiled.cell_sides_start[cell + k]) for k in (0, 1))
    k, local = end - start, int(compiled.side_local[side])
    block = compiled.hop_m[compiled.hop_start[cell] : compiled.hop_start[cell] + k * k]
    if k > 1:
        return float(block.reshape(k, k)[:, local].sum() / (k - 1))
    slots = np.flatnonzero(compiled.slot_cell == cell)
    if not len(slots):
        return 0.0
    return float(compiled.slot_m[compiled.slot_start[slots] + local].mean())


def _populations(plan: Plan, compiled: CompiledPlan) -> list[dict[str, Any]]:
    """Return the usual people of each room, spread over its cells by area."""
    found = []
    for index, space_id in enumerate(compiled.space_ids):
        people = plan.spaces[space_id].occupants_default or 0
        cells = np.flatnonzero(compiled.cell_space == index)
        areas = compiled.cell_area_m2[cells]
        shares = np.diff(np.rint(np.cumsum([0.0, *areas]) / areas.sum() * people).astype(int))
        found += [
            {"node": compiled.cell_ids[cell], "count": int(count), "speed": SPEED_MPS}
            for cell, count in zip(cells.tolist(), shares.tolist(), strict=True)
            if count
        ]
    return found
