"""Ways to a goal: for every side the remaining walk, and the next side to head for.

The potential of a side is the walk that remains once its gate is passed; it is found by label
correcting from the goals outwards. Ties go to the side with the lower number.
"""

from __future__ import annotations

import math
from typing import Final

from sim.kernels.arrays import Network, State, Vector

GATE_COST_M: Final = 0.01
"""Passing a gate counts as this much walking when ways are compared, so that of equally long ways
the one with fewer gates is taken and every step brings the goal nearer."""


def find_routes(net: Network, st: State, row: int, queue: Vector, queued: Vector) -> None:
    """Fill ``potential`` and ``next_side`` of one routing row.

    ``queue`` and ``queued`` are work space of length S; ``queued`` is all zero before and after.
    """
    n_sides = 2 * net.n_gates
    base = row * n_sides
    goal = net.rows[row].place
    only = net.rows[row].gate
    head = 0
    length = 0
    for side in range(n_sides):
        st.potential[base + side] = math.inf
        st.next_side[base + side] = -1
        gate = side >> 1
        beyond = net.sides[side ^ 1].cell
        start = math.inf
        if st.gates[gate].is_open == 0:
            continue
        if goal < 0 or net.places[goal].cell == net.n_cells - 1:
            if beyond == net.n_cells - 1 and net.gates[gate].is_exit and only in (-1, gate):
                start = 0.0
        elif beyond == net.places[goal].cell:
            start = net.walk_m[net.places[goal].walk + net.sides[side ^ 1].local]
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
        cell = net.sides[side].cell
        if cell == net.n_cells - 1:
            continue  # nobody is led out of the building and in again
        first = net.cells[cell].first_side
        k = net.cells[cell].n_sides
        for i in range(k):
            other = net.cell_sides[first + i]
            before = other ^ 1
            if other == side or st.gates[before >> 1].is_open == 0:
                continue
            walk = net.hops[net.cells[cell].hop_start + i * k + net.sides[side].local].metres
            walk += st.potential[base + side] + GATE_COST_M
            if walk < st.potential[base + before]:
                st.potential[base + before] = walk
                if queued[before] == 0:
                    queued[before] = 1
                    queue[(head + length) % n_sides] = before
                    length += 1
    for here in range(n_sides):
        cell = net.sides[here].cell
        if cell == net.n_cells - 1:
            continue
        first = net.cells[cell].first_side
        k = net.cells[cell].n_sides
        shortest = math.inf
        for j in range(k):
            side = net.cell_sides[first + j]
            walk = net.hops[net.cells[cell].hop_start + net.sides[here].local * k + j].metres
            walk += st.potential[base + side]
            if walk < shortest:
                shortest = walk
                st.next_side[base + here] = side


def first_side(net: Network, st: State, person: int) -> int:
    """Return the side to head for from where a person stands, -1 when no way is open."""
    cell = st.persons[person].cell
    base = st.persons[person].row * 2 * net.n_gates
    first = net.cells[cell].first_side
    k = net.cells[cell].n_sides
    shortest = math.inf
    best = -1
    for j in range(k):
        side = net.cell_sides[first + j]
        walk = net.walk_m[st.persons[person].anchor + j] + st.potential[base + side]
        if walk < shortest:
            shortest = walk
            best = side
    return int(best)
