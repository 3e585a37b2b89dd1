"""A building under a flow law: capacities, headways and speed tables, ready for the kernel."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from buildings.compiled import (
    CELL_CORRIDOR,
    CELL_LANDING,
    CELL_STAIR,
    GATE_CUT,
    GATE_STAIR,
)
from sim.abilities import QUEUE_CHANGE_GAIN_S
from sim.flow_laws import FlowLaw
from sim.kernels.arrays import (
    CELL_FACTS,
    GATE_FACTS,
    HOP_FACTS,
    NOBODY,
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
    shut : ndarray of int
        Sides from which nobody passes at first, as everybody knows; ascending.
    first_row : ndarray of int
        The routing row of each goal for people who know these sides.
    """

    compiled: CompiledPlan
    flow_law: FlowLaw
    arrays: Network
    point_walk: NDArray[np.int64]
    shut: NDArray[np.int64]
    first_row: NDArray[np.int64]
    cache: dict[str, Any] = field(default_factory=dict)

    def for_kernel(self, kernel: Kernel) -> Network:
        """Return the arrays in the shape the kernel runs over."""
        if kernel.backend == "compiled":
            return self.arrays
        if "lists" not in self.cache:
            self.cache["lists"] = Network(*(as_list(array) for array in self.arrays))
        lists: Network = self.cache["lists"]
        return lists


@dataclass(frozen=True, slots=True)
class Goal:
    """What people set out for.

    Attributes
    ----------
    exit_gate : int
        The only exit that may be used, -1 any; of no meaning with a place indoors.
    place : int
        Place to reach, in the numbering of the network; -1 for the open air.
    level_only : bool
        For people who cannot use stairs.
    """

    exit_gate: int = -1
    place: int = -1
    level_only: bool = False


def build_network(
    compiled: CompiledPlan,
    flow_law: FlowLaw,
    *,
    goals: Sequence[Goal],
    spaces: Sequence[int] = (),
    slots: Sequence[int] = (),
    merge_weights: Mapping[int, float] | None = None,
    points: Sequence[tuple[int, NDArray[np.float64]]] = (),
    shut: Collection[int] = (),
) -> MovementNetwork:
    """Put numbers on a building.

    Parameters
    ----------
    compiled : CompiledPlan
        The building.
    flow_law : FlowLaw
        The laws of walking and queueing.
    goals : sequence of Goal
        One routing row each.
    spaces : sequence of int
        Spaces that people may be sent to; each becomes a place, at the first standing place of the
        space, after the places of the plan.
    slots : sequence of int
        Standing places that people may be sent to, which become places after those of the spaces.
    merge_weights : mapping of gate to weight, optional
        Shares of a freed place in a full cell, instead of those that the law gives.
    points : sequence of (cell, distances)
        Given starting points: the cell and the metres to each of its sides.
    shut : collection of int
        Sides from which nobody passes at first, and everybody knows.

    Raises
    ------
    MovementError
        If a gate has no width, a stair no riser or tread, a goal names a gate that is no exit, a
        space has no standing place, or a weight is not positive.
    """
    n_cells, n_gates = compiled.n_cells, compiled.n_gates
    shut_sides = np.array(sorted(shut), dtype=np.int64)
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
    for goal in goals:
        if goal.exit_gate >= 0 and not gate_exit[goal.exit_gate]:
            name = compiled.gate_ids[goal.exit_gate]
            raise MovementError(f"{name} is assigned as exit but is not one")
    first_part, n_parts = _parts(compiled)
    headway = _headways(compiled, flow_law)
    weight = _merge_weights(compiled, flow_law, headway)
    for gate, given in (merge_weights or {}).items():
        if not (math.isfinite(given) and given > 0):
            name = compiled.gate_ids[gate]
            raise MovementError(f"{name}: merge weight {given}, expected > 0")
        weight[2 * gate : 2 * gate + 2] = given
    stood = [*(first_slot(compiled, space) for space in spaces), *slots]
    place_walk = np.concatenate(
        [compiled.place_start + len(compiled.slot_m), compiled.slot_start[stood]]
    ).astype(np.int64)
    place_cell = np.concatenate([compiled.place_cell, compiled.slot_cell[stood]]).astype(np.int64)
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
            single_file=_single_file(compiled, flow_law),
        ),
        sides=filled(
            SIDE_FACTS,
            2 * n_gates,
            cell=compiled.side_cell,
            local=compiled.side_local,
            merge_weight=weight,
        ),
        gates=filled(
            GATE_FACTS,
            n_gates,
            headway_s=headway,
            counterflow=1.0 / flow_law.counterflow_factor,
            minor_share=flow_law.counterflow_minor_share,
            is_exit=gate_exit,
            place=gate_place,
            first_part=first_part,
            n_parts=n_parts,
        ),
        cell_sides=compiled.cell_sides.astype(np.int64),
        hops=filled(HOP_FACTS, len(hop_m), metres=hop_m, kind=compiled.hop_kind),
        walk_m=np.concatenate([compiled.slot_m, compiled.place_m, *rows]).astype(np.float64),
        speed_table=speed,
        supply_table=supply,
        places=filled(PLACE_FACTS, len(place_walk), walk=place_walk, cell=place_cell),
        rows=_rows(goals, shut_sides),
        turn_gain_s=QUEUE_CHANGE_GAIN_S,
    )
    own = np.arange(len(goals))
    first_row = own if not len(shut_sides) else len(goals) + (own + 1) * len(shut_sides) - 1
    return MovementNetwork(
        compiled, flow_law, arrays, point_walk.astype(np.int64), shut_sides, first_row
    )


def _rows(goals: Sequence[Goal], shut: NDArray[np.int64]) -> NDArray[np.void]:
    """Return a row for each goal, then for each of them those that know of the shut sides.

    See ``sim.kernels.beliefs``: every row knows of one side more than its parent.
    """
    n, k = len(goals), len(shut)
    of = np.concatenate([np.arange(n), np.repeat(np.arange(n), k)])
    rows = filled(
        ROW_FACTS,
        n * (1 + k),
        place=np.array([goal.place for goal in goals], dtype=np.int64)[of],
        gate=np.array([goal.exit_gate for goal in goals], dtype=np.int64)[of],
        level_only=np.array([goal.level_only for goal in goals], dtype=np.int64)[of],
        root=of,
        parent=NOBODY,
        shut=NOBODY,
        child=NOBODY,
        after=NOBODY,
    )
    for goal in range(n):
        above = goal
        for number, side in enumerate(shut.tolist()):
            row = n + goal * k + number
            rows["parent"][row], rows["child"][above] = above, row
            rows["shut"][row], rows["n_shut"][row] = side, number + 1
            above = row
    return rows


def first_slot(compiled: CompiledPlan, space: int) -> int:
    """Return the first standing place of a space.

    Raises
    ------
    MovementError
        If it has none.
    """
    own = compiled.slots_of(space)
    if len(own) == 0:
        raise MovementError(f"{compiled.space_ids[space]} has no standing place to be sent to")
    return int(own[0])


def _merge_weights(
    compiled: CompiledPlan, law: FlowLaw, headway: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share out places that become free in a full cell among the sides that lead into it.

    By the capacities of the gates; on landings, where the law gives a share to the stair, that
    share to those who come off flights, and the rest to those who come from the floor.
    """
    weight = np.repeat(1.0 / np.maximum(headway, 1e-9), 2)
    share = law.stair_merge_share
    if share > 0:
        kind = compiled.cell_kind
        for cell in np.flatnonzero(kind == CELL_LANDING):
            start, end = compiled.cell_sides_start[cell], compiled.cell_sides_start[cell + 1]
            into = compiled.cell_sides[start:end] ^ 1
            off_stair = kind[compiled.side_cell[into]] == CELL_STAIR
            for these, part in ((into[off_stair], share), (into[~off_stair], 1.0 - share)):
                if len(these):
                    weight[these] *= part / weight[these].sum()
    return weight


def _single_file(compiled: CompiledPlan, law: FlowLaw) -> NDArray[np.int64]:
    narrow = (compiled.cell_kind == CELL_STAIR) & (compiled.cell_width_m < law.overtaking_width_m)
    return np.append(narrow, False).astype(np.int64)


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
    """Tabulate pace and supply of every cell by its number of people; the last entry goes on.

    On a stair people are counted per square metre of slope, along which they walk, so that flow is
    density times speed there too; what a flight can hold goes by its plan area, its treads.
    """
    starts, speeds, supplies, capacities = [0], [], [], []
    areas = [*compiled.cell_area_m2.tolist(), math.inf]  # the last one: people not started yet
    slopes = [*np.hypot(1.0, compiled.cell_riser_m / compiled.cell_tread_m).tolist(), 1.0]
    for area, slope in zip(areas, slopes, strict=True):
        if math.isinf(area):
            capacity, densities = UNLIMITED, np.zeros(1)
        else:
            limited = math.isfinite(law.storage_per_m2)
            capacity = max(1, int(area * law.storage_per_m2 + 1e-9)) if limited else UNLIMITED
            most = capacity if limited else math.ceil(area * law.jam_density_per_m2)
            slope_m2 = area if math.isnan(slope) else area * slope
            densities = np.arange(most + 1) / slope_m2
        speeds.append(law.walking_pace(densities))
        supplies.append(law.supply(densities))
        capacities.append(capacity)
        starts.append(starts[-1] + len(densities))
    return (
        np.array(starts, dtype=np.int64),
        np.concatenate(speeds),
        np.concatenate(supplies),
        np.array(capacities, dtype=np.int64),
    )


def _parts(compiled: CompiledPlan) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each gate the first part of its portal and how many there are."""
    first_part, n_parts = np.arange(compiled.n_gates), np.ones(compiled.n_gates, dtype=np.int64)
    for gates in compiled.portal_gates.values():
        first_part[gates.start : gates.stop] = gates.start
        n_parts[gates.start : gates.stop] = len(gates)
    return first_part, n_parts


def _headways(compiled: CompiledPlan, law: FlowLaw) -> NDArray[np.float64]:
    """Seconds between two people through each gate: one over specific flow and effective width.

    A boundary layer is left free at each jamb, so the parts of a wide opening pass together as many
    people as the whole of it would.
    """
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
        free_m = width - int(compiled.gate_jambs[gate]) * boundary
        rate = flow * max(free_m, MIN_EFFECTIVE_WIDTH_M)
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
