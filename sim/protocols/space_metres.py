"""How far it is on foot from room to room, and which rooms are next to each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan

Floats = NDArray[np.float64]


def space_metres(
    compiled: CompiledPlan, starts: Sequence[int], *, shut: Collection[int] = ()
) -> Floats:
    """Return walking metres from some spaces to every space.

    From the first standing place of one to the first of the other, over the walking distances of
    the compiled plan: around corners, along the slope of stairs, and through the open air where
    that is shorter. A space with itself is 0 m.

    Parameters
    ----------
    compiled : CompiledPlan
    starts : sequence of int, length k
        Spaces to start in.
    shut : collection of int
        Gates that nobody passes.

    Returns
    -------
    ndarray, shape (k, S')
        inf where there is no way, and where a space has no standing place.

    Notes
    -----
    Shortest paths by Dijkstra's algorithm over the sides of all gates.
    """
    from scipy import sparse  # heavy: only where distances are worked out
    from scipy.sparse import csgraph

    n_sides, n_spaces = 2 * compiled.n_gates, len(compiled.space_ids)
    # Nodes: before gates and come through them, by side; leaving and entering a space.
    before, come = 0, n_sides
    leaving, entering = 2 * n_sides, 2 * n_sides + n_spaces
    edges: dict[tuple[int, int], float] = {}
    for cell in range(compiled.n_cells):
        sides = _sides_of(compiled, cell)
        hops = compiled.hop_m[compiled.hop_start[cell] :][: len(sides) ** 2].tolist()
        for i, a in enumerate(sides):
            for j, b in enumerate(sides):
                if a != b:
                    edges[come + a, before + b] = hops[i * len(sides) + j]
    for gate in range(compiled.n_gates):
        if gate not in shut:
            edges[before + 2 * gate, come + 2 * gate + 1] = 0.0
            edges[before + 2 * gate + 1, come + 2 * gate] = 0.0
    for space, slot in _first_slots(compiled).items():
        sides = _sides_of(compiled, int(compiled.slot_cell[slot]))
        walks = compiled.slot_m[compiled.slot_start[slot] :][: len(sides)].tolist()
        for side, walk in zip(sides, walks, strict=True):
            edges[leaving + space, before + side] = walk
            edges[come + side, entering + space] = walk
    ends = np.array([*edges], dtype=np.int64).reshape(-1, 2)
    n = 2 * n_sides + 2 * n_spaces
    graph = sparse.csr_matrix((np.array([*edges.values()]), (ends[:, 0], ends[:, 1])), (n, n))
    found = csgraph.dijkstra(graph, indices=[leaving + space for space in starts])
    metres = np.array(found[:, entering : entering + n_spaces], dtype=np.float64)
    for row, space in enumerate(starts):
        metres[row, space] = 0.0
    return metres


def tour_metres(
    compiled: CompiledPlan, start: int, order: Sequence[int], *, shut: Collection[int] = ()
) -> Floats:
    """Return the metres that somebody has walked when they get to each space of a tour.

    Parameters
    ----------
    compiled : CompiledPlan
    start : int
        Space in which the tour begins.
    order : sequence of int, length k
        Spaces in the order in which they are visited.
    shut : collection of int
        Gates that nobody passes.

    Returns
    -------
    ndarray, shape (k,)
        inf from the first space to which there is no way.
    """
    if not len(order):
        return np.zeros(0)
    stops = [start, *order]
    metres = space_metres(compiled, stops[:-1], shut=shut)
    return np.cumsum(metres[np.arange(len(order)), stops[1:]])


def next_to(compiled: CompiledPlan, space: int) -> NDArray[np.bool_]:
    """Return which spaces are a space itself or share a door or opening with it, shape (S',)."""
    a, b = (compiled.cell_space[compiled.side_cell[end::2]] for end in (0, 1))
    found = np.zeros(len(compiled.space_ids), dtype=np.bool_)
    beside = np.concatenate([b[a == space], a[b == space]])
    found[beside[beside >= 0]] = True
    found[space] = True
    return found


def _sides_of(compiled: CompiledPlan, cell: int) -> list[int]:
    start, end = compiled.cell_sides_start[cell : cell + 2]
    return [int(side) for side in compiled.cell_sides[start:end]]


def _first_slots(compiled: CompiledPlan) -> dict[int, int]:
    """Return the first standing place of every space that has one."""
    starts = compiled.slot_space_start.tolist()
    return {s: first for s, first in enumerate(starts[:-1]) if first < starts[s + 1]}
