"""Ways to a goal: for every side the remaining walk, and the next side to head for.

The potential of a side is the walk that remains once its gate is passed; it is found by label
correcting from the goals outwards. Ties go to the side with the lower number.
"""

from __future__ import annotations

import math

from sim.kernels.arrays import Network, State, Vector


def find_routes(net: Network, st: State, row: int, queue: Vector, queued: Vector) -> None:
    """Fill ``potential`` and ``next_side`` of one routing row.

    ``queue`` and ``queued`` are work space of length S; ``queued`` is all zero before and after.
    """
    n_sides = 2 * net.n_gates
    base = row * n_sides
    goal = net.row_place[row]
    only = net.row_gate[row]
    head = 0
    length = 0
    for side in range(n_sides):
        st.potential[base + side] = math.inf
        st.next_side[base + side] = -1
        gate = side >> 1
        beyond = net.side_cell[side ^ 1]
        start = math.inf
        if st.is_open[gate] == 0:
            continue
        if goal < 0 or net.place_cell[goal] == net.n_cells - 1:
            if beyond == net.n_cells - 1 and net.gate_exit[gate] and only in (-1, gate):
                start = 0.0
        elif beyond == net.place_cell[goal]:
            start = net.walk_m[net.place_walk[goal] + net.side_local[side ^ 1]]
        if start < math.inf:
            st.potential[base + side] = start
            queue[length] = side
            queued[side] = 1
            length += 1
    while length > 0:
        side = queue[head]
        head = (head + 1) % n_sides
        length -= 1
        queued[side] = 0
        cell = net.side_cell[side]
        if cell == net.n_cells - 1:
            continue  # nobody is led out of the building and in again
        first = net.cell_sides_start[cell]
        k = net.cell_sides_start[cell + 1] - first
        for i in range(k):
            other = net.cell_sides[first + i]
            before = other ^ 1
            if other == side or st.is_open[before >> 1] == 0:
                continue
            walk = net.hop_m[net.hop_start[cell] + i * k + net.side_local[side]]
            walk += st.potential[base + side]
            if walk < st.potential[base + before]:
                st.potential[base + before] = walk
                if queued[before] == 0:
                    queued[before] = 1
                    queue[(head + length) % n_sides] = before
                    length += 1
    for here in range(n_sides):
        cell = net.side_cell[here]
        if cell == net.n_cells - 1:
            continue
        first = net.cell_sides_start[cell]
        k = net.cell_sides_start[cell + 1] - first
        shortest = math.inf
        for j in range(k):
            side = net.cell_sides[first + j]
            walk = net.hop_m[net.hop_start[cell] + net.side_local[here] * k + j]
            walk += st.potential[base + side]
            if walk < shortest:
                shortest = walk
                st.next_side[base + here] = side


def first_side(net: Network, st: State, person: int) -> int:
    """Return the side to head for from where a person stands, -1 when no way is open."""
    cell = st.cell[person]
    base = st.row[person] * 2 * net.n_gates
    first = net.cell_sides_start[cell]
    k = net.cell_sides_start[cell + 1] - first
    shortest = math.inf
    best = -1
    for j in range(k):
        side = net.cell_sides[first + j]
        walk = net.walk_m[st.anchor[person] + j] + st.potential[base + side]
        if walk < shortest:
            shortest = walk
            best = side
    return int(best)
