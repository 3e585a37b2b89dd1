"""Ways to a goal: for every side the remaining walk, and the next side to head for.

The potential of a side is the walk that remains once its gate is passed; it is found by label
correcting from the goals outwards. A routing row holds the ways to one goal for people who know of
the same closed doors.
"""

from __future__ import annotations

import math
from typing import Final

from sim.kernels.arrays import NOBODY, Network, State

GATE_COST_M: Final = 0.01
"""Passing a gate counts as this much walking when ways are compared, so that of equally long ways
the one with fewer gates is taken and every step brings the goal nearer (ours)."""

TIE_M: Final = 1e-6
"""Ways that differ by less are equally long: which one a person takes is drawn (ours)."""


def goal_cell(net: Network, st: State, row: int) -> int:
    """Return the cell in which the goal of a row lies; an exit leads to the open air, the last."""
    place = st.rows[row].place
    return net.n_cells - 1 if place < 0 else net.places[place].cell


def mark_closed(st: State, row: int, mark: int) -> None:
    """Set or clear ``closed`` at the sides that a row knows to be closed."""
    while st.rows[row].parent != NOBODY:
        st.closed[st.rows[row].shut] = mark
        row = st.rows[row].parent


def find_routes(net: Network, st: State, row: int) -> None:
    """Fill ``potential``, ``next_side`` and ``alike`` of one routing row."""
    n_sides = 2 * net.n_gates
    base = row * n_sides
    goal = st.rows[row].place
    aim = goal_cell(net, st, row)
    outside = net.n_cells - 1
    only = st.rows[row].gate
    level_only = st.rows[row].level_only
    head = 0
    length = 0
    mark_closed(st, row, 1)
    for side in range(n_sides):
        st.potential[base + side] = math.inf
        st.next_side[base + side] = -1
        st.alike[base + side] = 0
        gate = side >> 1
        beyond = net.sides[side ^ 1].cell
        start = math.inf
        if st.closed[side]:
            continue
        if aim == outside:
            if beyond == outside and net.gates[gate].is_exit and only in (-1, gate):
                start = 0.0
        elif beyond == aim:
            start = net.walk_m[net.places[goal].walk + net.sides[side ^ 1].local]
        if start < math.inf:
            st.potential[base + side] = start
            st.todo[length] = side
            st.queued[side] = 1
            length += 1
    while length > 0:
        side = st.todo[head]
        head = (head + 1) % n_sides
        length -= 1
        st.queued[side] = 0
        cell = net.sides[side].cell
        if cell == outside:
            continue  # nobody is led out of the building and in again
        first = net.cells[cell].first_side
        k = net.cells[cell].n_sides
        for i in range(k):
            other = net.cell_sides[first + i]
            before = other ^ 1
            if other == side or st.closed[before]:
                continue
            hop = net.hops[net.cells[cell].hop_start + i * k + net.sides[side].local]
            if level_only and hop.kind != 0:
                continue
            walk = hop.metres + st.potential[base + side] + GATE_COST_M
            if walk < st.potential[base + before]:
                st.potential[base + before] = walk
                if st.queued[before] == 0:
                    st.queued[before] = 1
                    st.todo[(head + length) % n_sides] = before
                    length += 1
    mark_closed(st, row, 0)
    for here in range(n_sides):
        cell = net.sides[here].cell
        if cell == outside and aim == outside:
            continue
        first = net.cells[cell].first_side
        k = net.cells[cell].n_sides
        shortest = math.inf
        for j in range(k):
            side = net.cell_sides[first + j]
            hop = net.hops[net.cells[cell].hop_start + net.sides[here].local * k + j]
            if level_only and hop.kind != 0:
                continue
            walk = hop.metres + st.potential[base + side]
            if walk < shortest - TIE_M:
                shortest = walk
                st.next_side[base + here] = side
                st.alike[base + here] = 1
            elif walk <= shortest + TIE_M and walk < math.inf:
                st.alike[base + here] += 1
