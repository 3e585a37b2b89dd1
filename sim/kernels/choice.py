"""Which way a person takes from where they are: the shortest, or the quickest by what is in sight.

The shortest way is in the routing table. The quickest one counts, beside the walk, the people who
head for each gate of the cell at the gate's pace: a queue in sight, not one behind the next wall.
Of equally good ways a person takes the one that their own draw says. Queues send nobody away
from their goal more often than a few times, so that nobody walks in circles.
"""

from __future__ import annotations

import math
from typing import Final

from sim.kernels.arrays import NO_ROUTE, NOBODY, QUEUEING, WALKING, Network, State
from sim.kernels.routes import TIE_M, goal_cell

TO_PLACE: Final = -2
"""Stands for the side of people who walk to a place."""

MOST_DETOURS: Final = 3
"""How often queues can send a person to a gate beyond which the goal is farther (ours)."""


def pick(n: int, tie: float) -> int:
    """Return which of n equal ways a draw in [0, 1) means."""
    return min(int(tie * n), n - 1)


def way_on(net: Network, st: State, person: int, here: int) -> int:
    """Return the side to head for from a side of the same cell, -1 where there is no way."""
    who = st.persons[person]
    at = who.row * 2 * net.n_gates + here
    cell = net.sides[here].cell
    if who.quick or st.alike[at] > 1:
        return compare_ways(net, st, person, cell, here, math.inf, 0.0, NOBODY)
    return part_for(net, st, person, cell, here, math.inf, 0.0, NOBODY, int(st.next_side[at]))


def walk_to(
    net: Network, st: State, person: int, cell: int, here: int, side: int
) -> tuple[float, int]:
    """Return the metres, and the kind of walk, from a side or the anchor (-1) to a side."""
    local = net.sides[side].local
    if here < 0:
        return net.walk_m[st.persons[person].anchor + local], 0
    k = net.cells[cell].n_sides
    hop = net.hops[net.cells[cell].hop_start + net.sides[here].local * k + local]
    return hop.metres, hop.kind


def way_from(
    net: Network,
    st: State,
    person: int,
    cell: int,
    here: int,
    done_m: float,
    left_m: float,
    there: int,
    side: int,
) -> tuple[float, int]:
    """Return the metres, and the kind of walk, to a side from the middle of a walk.

    The walk led from ``here`` (-2 where that is not known) to ``there``, of which ``done_m`` are
    done and ``left_m`` left; the way is the shorter of going back and going on. With ``there`` -1
    the person stands at ``here``; with -2 the walk led to a place, which is the anchor.
    """
    if there == NOBODY:
        return walk_to(net, st, person, cell, here, side)
    if there < 0:
        onward = left_m + walk_to(net, st, person, cell, -1, side)[0]
        if here >= 0:
            onward = min(onward, done_m + walk_to(net, st, person, cell, here, side)[0])
        return onward, 0
    if side == there:
        return left_m, st.persons[person].kind
    metres, on = walk_to(net, st, person, cell, there, side)
    metres += left_m
    if here >= -1:
        back = done_m
        if side != here:
            back += walk_to(net, st, person, cell, here, side)[0]
        if back < metres:
            return back, on
    return metres, on


def metres_left(st: State, person: int) -> float:
    """Return the metres that are left of the present walk of a person."""
    who = st.persons[person]
    here = st.cells[who.cell]
    now = here.progress + here.pace * (st.clock[0] - here.since)
    left = max(st.walks[person].target - now, 0.0) * st.speed_mps[3 * person + who.kind]
    return float(min(left, who.length_m))


def cost_of(
    net: Network,
    st: State,
    person: int,
    cell: int,
    here: int,
    done_m: float,
    left_m: float,
    there: int,
    side: int,
) -> float:
    """Return what a way costs: metres, or seconds for those who take the quickest.

    See `way_from` for where the person is. The side that they head for or wait at already has
    ``turn_gain_s`` in its favour.
    """
    who = st.persons[person]
    rest = st.potential[who.row * 2 * net.n_gates + side]
    metres, kind = way_from(net, st, person, cell, here, done_m, left_m, there, side)
    if st.rows[who.row].level_only and kind != 0:
        return math.inf
    if who.quick == 0 or rest == math.inf:
        return float(metres + rest)
    return seconds_by(net, st, person, side, metres, kind)


def seconds_by(net: Network, st: State, person: int, side: int, metres: float, kind: int) -> float:
    """Return what a way costs in seconds: to the gate or until it is free, and on from there."""
    who = st.persons[person]
    rest = st.potential[who.row * 2 * net.n_gates + side]
    ahead = st.sides[side].bound + st.sides[side ^ 1].waiting
    bonus_s = 0.0
    if who.side == side:
        ahead -= 1
        bonus_s = net.turn_gain_s
    gate = side >> 1
    backlog = max(st.gates[gate].free_at - st.clock[0], 0.0) + ahead * net.gates[gate].headway_s
    seconds = max(metres / st.speed_mps[3 * person + kind], backlog)
    return float(seconds + rest / st.speed_mps[3 * person] - bonus_s)


def part_for(
    net: Network,
    st: State,
    person: int,
    cell: int,
    here: int,
    done_m: float,
    left_m: float,
    there: int,
    side: int,
) -> int:
    """Return by which part of a wide opening a person passes who would take this side.

    The parts are in sight of one another, so a stream that is denser than one part can pass uses
    all of them, whatever people know of queues elsewhere. Whoever heads for a part, or waits there,
    keeps to it. Parts from which the way leads back through the opening are left out.
    """
    who = st.persons[person]
    if side < 0 or who.quick or net.gates[side >> 1].n_parts == 1:
        return side
    base = who.row * 2 * net.n_gates
    first = net.gates[side >> 1].first_part
    last = first + net.gates[side >> 1].n_parts
    kept = who.side
    if kept >= 0 and first <= kept >> 1 < last and net.sides[kept].cell == cell:
        return int(kept) if st.potential[base + kept] < math.inf else side
    inside = net.sides[side ^ 1].cell == goal_cell(net, st, who.row)
    metres, kind = way_from(net, st, person, cell, here, done_m, left_m, there, side)
    best = side
    soonest = seconds_by(net, st, person, side, metres, kind) - TIE_M
    for part in range(first, last):
        other = 2 * part + (side & 1)
        onward = st.next_side[base + (other ^ 1)] >> 1
        if st.potential[base + other] < math.inf and (inside or not first <= onward < last):
            metres, kind = way_from(net, st, person, cell, here, done_m, left_m, there, other)
            seconds = seconds_by(net, st, person, other, metres, kind)
            if seconds < soonest:
                soonest = seconds
                best = other
    return best


def shortest_m(
    net: Network,
    st: State,
    person: int,
    cell: int,
    here: int,
    done_m: float,
    left_m: float,
    there: int,
) -> float:
    """Return the shortest walk to the goal from where a person is; see `way_from`."""
    base = st.persons[person].row * 2 * net.n_gates
    first = net.cells[cell].first_side
    shortest = math.inf
    for i in range(first, first + net.cells[cell].n_sides):
        side = net.cell_sides[i]
        metres = way_from(net, st, person, cell, here, done_m, left_m, there, side)[0]
        shortest = min(shortest, metres + st.potential[base + side])
    return shortest


def compare_ways(
    net: Network,
    st: State,
    person: int,
    cell: int,
    here: int,
    done_m: float,
    left_m: float,
    there: int,
) -> int:
    """Return the best side of a cell to head for; see `way_from` for where the person is."""
    side = best_side(net, st, person, cell, here, done_m, left_m, there)
    return part_for(net, st, person, cell, here, done_m, left_m, there, side)


def best_side(
    net: Network,
    st: State,
    person: int,
    cell: int,
    here: int,
    done_m: float,
    left_m: float,
    there: int,
) -> int:
    """Return the side that costs least, of equal ones the one that the person's draw says."""
    first = net.cells[cell].first_side
    k = net.cells[cell].n_sides
    best = NOBODY
    lowest = math.inf
    alike = 0
    farthest = math.inf  # how far the goal may be beyond the gate
    if st.persons[person].quick and st.persons[person].detours >= MOST_DETOURS:
        farthest = shortest_m(net, st, person, cell, here, done_m, left_m, there)
    base = st.persons[person].row * 2 * net.n_gates
    for i in range(first, first + k):
        side = net.cell_sides[i]
        if st.potential[base + side] > farthest:
            continue
        cost = cost_of(net, st, person, cell, here, done_m, left_m, there, side)
        if cost < lowest - TIE_M:
            lowest = cost
            best = side
            alike = 1
        elif cost <= lowest + TIE_M and cost < math.inf:
            alike += 1
    if alike > 1:
        wanted = pick(alike, st.persons[person].tie)
        for i in range(first, first + k):
            side = net.cell_sides[i]
            if st.potential[base + side] > farthest:
                continue
            cost = cost_of(net, st, person, cell, here, done_m, left_m, there, side)
            if cost <= lowest + TIE_M and cost < math.inf:
                if wanted == 0:
                    return int(side)
                wanted -= 1
    return int(best)


def metres_to(net: Network, st: State, person: int, row: int) -> float:
    """Return the metres from where a person is to the goal of a routing row; inf without a way.

    The row says which doors count as closed. Stairs count as long as they take. In the same cell
    it is 0.
    """
    who = st.persons[person]
    cell = who.cell
    if cell == goal_cell(net, st, row):
        return 0.0
    here = -1
    there = NOBODY
    done = 0.0
    left = 0.0
    if who.status == QUEUEING:
        here = who.side
    elif who.status == WALKING:
        here = who.origin
        there = who.side if who.side >= 0 else TO_PLACE
        left = metres_left(st, person)
        done = who.length_m - left
    elif who.origin >= 0 and (who.status == NO_ROUTE or who.place < 0):
        here = who.origin
    lowest = math.inf
    first = net.cells[cell].first_side
    for i in range(first, first + net.cells[cell].n_sides):
        side = net.cell_sides[i]
        metres, kind = way_from(net, st, person, cell, here, done, left, there, side)
        if kind == 0 or st.rows[row].level_only == 0:
            lowest = min(lowest, metres + st.potential[row * 2 * net.n_gates + side])
    return float(lowest)
