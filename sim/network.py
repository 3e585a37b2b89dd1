"""A building under a flow law: capacities, headways and speed tables, ready for the kernel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from buildings.compiled import (
    CELL_CORRIDOR,
    CELL_STAIR,
    GATE_CUT,
    GATE_STAIR,
)
from sim.flow_laws import FlowLaw
from sim.kernels.arrays import (
    CELL_FACTS,
    GATE_FACTS,
    HOP_FACTS,
    PLACE_FACTS,
    ROW_FACTS,
    SIDE_FACTS,
    Network,
    as_list,
    filled,
)
from sim.kernels.backend import Kernel

UNLIMITED: Final = 1 << 40
"""Capacity of a cell without a limit."""
MIN_EFFECTIVE_WIDTH_M: Final = 0.10
"""A gate narrower than its boundary layers still passes one person at a time (ours)."""


class MovementError(ValueError):
    """A building or a roster on which people cannot be moved, with what is wrong and where."""


@dataclass(frozen=True, slots=True, eq=False)
class MovementNetwork:
    """The building, the flow law and the routing rows of one scenario, shared by its replicas.

    Attributes
    ----------
    compiled : CompiledPlan
    flow_law : FlowLaw
    arrays : Network
        The kernel's arrays; ``walk_m`` holds the standing places first, then the goal places, then
        the given starting points.
    point_walk : ndarray of int
        Offset into ``walk_m`` for each given starting point, in the order in which they came.
    """

    compiled: CompiledPlan
    flow_law: FlowLaw
    arrays: Network
    point_walk: NDArray[np.int64]
    cache: dict[str, Any] = field(default_factory=dict)

    def for_kernel(self, kernel: Kernel) -> Network:
        """Return the arrays in the shape the kernel runs over."""
        if kernel.backend == "compiled":
            return self.arrays
        if "lists" not in self.cache:
            self.cache["lists"] = Network(*(as_list(array) for array in self.arrays))
        lists: Network = self.cache["lists"]
        return lists


def build_network(
    compiled: CompiledPlan,
    flow_law: FlowLaw,
    *,
    exit_rows: Sequence[int],
    points: Sequence[tuple[int, NDArray[np.float64]]] = (),
) -> MovementNetwork:
    """Put numbers on a building.

    Parameters
    ----------
    compiled : CompiledPlan
        The building.
    flow_law : FlowLaw
        The laws of walking and queueing.
    exit_rows : sequence of int
        One routing row each: a gate that alone may be used as exit, or -1 for any exit.
    points : sequence of (cell, distances)
        Given starting points: the cell and the metres to each of its sides.

    Raises
    ------
    MovementError
        If a gate has no width, a stair no riser or tread, or a row names a gate that is no exit.
    """
    n_cells, n_gates = compiled.n_cells, compiled.n_gates
    stair = _stair_factors(compiled, flow_law)
    hop_m = compiled.hop_m.copy()
    for cell in np.flatnonzero(stair != 1.0):
        k = int(compiled.cell_sides_start[cell + 1] - compiled.cell_sides_start[cell])
        start = int(compiled.hop_start[cell])
        hop_m[start : start + k * k] /= stair[cell]
    starts, speed, supply, capacity = _tables(compiled, flow_law)
    gate_exit = np.zeros(n_gates, dtype=np.int64)
    gate_exit[compiled.exit_gates] = 1
    gate_place = np.full(n_gates, -1, dtype=np.int64)
    gate_place[compiled.exit_gates] = compiled.exit_place
    for gate in exit_rows:
        if gate >= 0 and not gate_exit[gate]:
            raise MovementError(f"{compiled.gate_ids[gate]} is assigned as exit but is not one")
    headway = _headways(compiled, flow_law)
    place_walk = compiled.place_start + len(compiled.slot_m)
    rows = [distances for _, distances in points]
    offset = len(compiled.slot_m) + len(compiled.place_m)
    point_walk = offset + np.cumsum([0, *(len(row) for row in rows)])[:-1]
    arrays = Network(
        n_cells=n_cells,
        n_gates=n_gates,
        cells=filled(
            CELL_FACTS,
            n_cells + 1,
            space=np.append(compiled.cell_space, -2),
            first_side=compiled.cell_sides_start,
            n_sides=np.append(np.diff(compiled.cell_sides_start), 0),
            hop_start=np.append(compiled.hop_start, 0),
            table_start=starts[:-1],
            table_last=np.diff(starts) - 1,
            capacity=capacity,
        ),
        sides=filled(
            SIDE_FACTS,
            2 * n_gates,
            cell=compiled.side_cell,
            local=compiled.side_local,
            merge_weight=np.repeat(1.0 / np.maximum(headway, 1e-9), 2),
        ),
        gates=filled(
            GATE_FACTS,
            n_gates,
            headway_s=headway,
            counterflow=1.0 / flow_law.counterflow_factor,
            is_exit=gate_exit,
            place=gate_place,
        ),
        cell_sides=compiled.cell_sides.astype(np.int64),
        hops=filled(HOP_FACTS, len(hop_m), metres=hop_m, kind=compiled.hop_kind),
        walk_m=np.concatenate([compiled.slot_m, compiled.place_m, *rows]).astype(np.float64),
        speed_table=speed,
        supply_table=supply,
        places=filled(PLACE_FACTS, len(place_walk), walk=place_walk, cell=compiled.place_cell),
        rows=filled(ROW_FACTS, len(exit_rows), place=-1, gate=np.asarray(exit_rows)),
    )
    return MovementNetwork(compiled, flow_law, arrays, point_walk.astype(np.int64))


def _stair_factors(compiled: CompiledPlan, law: FlowLaw) -> NDArray[np.float64]:
    factors = np.ones(compiled.n_cells)
    for cell in np.flatnonzero(compiled.cell_kind == CELL_STAIR):
        riser, tread = compiled.cell_riser_m[cell], compiled.cell_tread_m[cell]
        if not (riser > 0 and tread > 0):
            raise MovementError(
                f"stair {compiled.cell_ids[cell]}: riser {riser} m and tread {tread} m, "
                "expected both > 0"
            )
        factors[cell] = law.stair_factor(float(riser), float(tread))
    return factors


def _tables(
    compiled: CompiledPlan, law: FlowLaw
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Tabulate pace and supply of every cell by its number of people; the last entry goes on."""
    starts, speeds, supplies, capacities = [0], [], [], []
    areas = [*compiled.cell_area_m2.tolist(), math.inf]  # the last one: people not started yet
    for area in areas:
        if math.isinf(area):
            capacity, densities = UNLIMITED, np.zeros(1)
        else:
            limited = math.isfinite(law.storage_per_m2)
            capacity = max(1, int(area * law.storage_per_m2 + 1e-9)) if limited else UNLIMITED
            most = capacity if limited else math.ceil(area * law.jam_density_per_m2)
            densities = np.arange(most + 1) / area
        speeds.append(law.pace(densities))
        supplies.append(law.supply(densities))
        capacities.append(capacity)
        starts.append(starts[-1] + len(densities))
    return (
        np.array(starts, dtype=np.int64),
        np.concatenate(speeds),
        np.concatenate(supplies),
        np.array(capacities, dtype=np.int64),
    )


def _headways(compiled: CompiledPlan, law: FlowLaw) -> NDArray[np.float64]:
    """Seconds between two people through each gate: one over specific flow and effective width."""
    headway = np.empty(compiled.n_gates)
    for gate in range(compiled.n_gates):
        width = float(compiled.gate_width_m[gate])
        if not width > 0:
            raise MovementError(f"{compiled.gate_ids[gate]}: clear width {width} m, expected > 0")
        kind = compiled.gate_kind[gate]
        cells = [int(compiled.side_cell[2 * gate + side]) for side in (0, 1)]
        if kind == GATE_CUT:
            flow, boundary = law.corridor_specific_flow, law.corridor_boundary_m
            if compiled.cell_kind[cells[0]] != CELL_CORRIDOR:
                boundary = 0.0  # a cut through a hall or the open air has no walls
        else:
            flow, boundary = law.door_specific_flow, law.door_boundary_m
        rate = flow * max(width - 2.0 * boundary, MIN_EFFECTIVE_WIDTH_M)
        if kind == GATE_STAIR or any(compiled.cell_kind[cell] == CELL_STAIR for cell in cells):
            for cell in cells:
                if compiled.cell_kind[cell] == CELL_STAIR:
                    flow = law.stair_flow(
                        float(compiled.cell_riser_m[cell]), float(compiled.cell_tread_m[cell])
                    )
                    clear = min(width, float(compiled.cell_width_m[cell]))
                    effective = max(clear - 2.0 * law.stair_boundary_m, MIN_EFFECTIVE_WIDTH_M)
                    rate = min(rate, flow * effective)
        headway[gate] = 1.0 / rate
    return headway
