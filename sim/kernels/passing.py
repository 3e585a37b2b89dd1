"""Gates as servers: who may pass, who waits, who merges, and how opposed heads change places.

A gate passes one person per headway, both directions together. A person passes at once when the
gate is idle and the next cell has room; otherwise they wait at their side, first come first
served. When a cell has room again, the sides that wait for it are served in the merging ratio.
Full cells whose heads wait for each other in a ring all move on at the same instant, so no ring
can freeze; two opposed heads are the shortest ring.
"""

from __future__ import annotations

from sim.kernels.arrays import (
    COUNT_STAMP,
    COUNT_WAKES,
    EVENT_NO_ROUTE,
    NO_ROUTE,
    NOBODY,
    Network,
    State,
)
from sim.kernels.queues import (
    block,
    has_room,
    join_queue,
    set_gate_station,
    take_head,
    unblock,
    vacate,
)
from sim.kernels.steps import enter, head_for, leave, log


def find_ring(net: Network, st: State, side: int) -> int:
    """Look for a ring of full cells whose heads wait for each other.

    From a blocked side the search follows blocked heads at idle gates from full cell to full cell.
    If it comes back to the cell of ``side``, the side that closes the ring is returned and
    ``reached_by`` leads back from there; otherwise -1.
    """
    now = st.clock[0]
    home = net.sides[side].cell
    beyond = net.sides[side ^ 1].cell
    stamp = st.counters[COUNT_STAMP] + 1
    st.counters[COUNT_STAMP] = stamp
    st.cells[beyond].visited = stamp
    st.cells[beyond].reached_by = side
    st.ring[0] = beyond
    depth = 1
    while depth > 0:
        depth -= 1
        cell = st.ring[depth]
        first = net.cells[cell].first_side
        for i in range(first, first + net.cells[cell].n_sides):
            out = net.cell_sides[i]
            gate = st.gates[out >> 1]
            if st.sides[out].blocked and gate.free_at <= now and gate.is_open:
                following = net.sides[out ^ 1].cell
                if following == home:
                    return int(out)
                if st.cells[following].visited != stamp:
                    st.cells[following].visited = stamp
                    st.cells[following].reached_by = out
                    st.ring[depth] = following
                    depth += 1
    return NOBODY


def turn_ring(net: Network, st: State, side: int, last: int) -> None:
    """Let the blocked heads of a ring, from ``side`` round to ``last``, move on together."""
    # first everybody leaves, then everybody enters: no cell ever holds one too many
    length = 0
    step = last
    while True:
        unblock(net, st, step)
        person = take_head(st, step)
        leave(net, st, person, step)
        st.persons[person].side = step
        st.ring[length] = person
        length += 1
        if step == side:
            break
        step = st.cells[net.sides[step].cell].reached_by
    for i in range(length):
        person = st.ring[i]
        step = st.persons[person].side
        enter(net, st, person, step)
        st.ring[i] = step >> 1
    for i in range(length):
        set_gate_station(net, st, st.ring[i])


def serve(net: Network, st: State, gate: int) -> None:
    """Let one person pass a gate that is free, or note what the heads wait for."""
    if st.gates[gate].is_open and st.gates[gate].free_at <= st.clock[0]:
        a = 2 * gate
        b = a + 1
        can_a = can_b = False
        if st.sides[a].waiting > 0:
            can_a = has_room(net, st, a)
            if not can_a:
                block(net, st, a)
        if st.sides[b].waiting > 0:
            can_b = has_room(net, st, b)
            if not can_b:
                block(net, st, b)
        if can_a or can_b:
            side = a if can_a and (not can_b or st.gates[gate].turn == 1) else b
            account_for_merging(net, st, side)
            unblock(net, st, side)
            st.gates[gate].turn = side & 1
            person = take_head(st, side)
            leave(net, st, person, side)
            enter(net, st, person, side)
            vacate(net, st, side)
        else:
            ring = find_ring(net, st, a) if st.sides[a].blocked else NOBODY
            start = a
            if ring == NOBODY and st.sides[b].blocked:
                ring = find_ring(net, st, b)
                start = b
            if ring != NOBODY:
                turn_ring(net, st, start, ring)
    set_gate_station(net, st, gate)


def account_for_merging(net: Network, st: State, side: int) -> None:
    """Charge a side for a place in a cell that others wait for, by the inverse of its weight."""
    beyond = st.cells[net.sides[side ^ 1].cell]
    if beyond.blocked_into > 0:
        queue = st.sides[side]
        queue.share = max(queue.share, beyond.last_share) + 1.0 / net.sides[side].merge_weight
        beyond.last_share = queue.share - 1.0 / net.sides[side].merge_weight


def arrive(net: Network, st: State, person: int, side: int) -> int:
    """Let a person who has come to a gate pass it, wait there, or turn back if it is closed.

    Returns the gate where they wait if it has to be served at once, otherwise -1.
    """
    gate = side >> 1
    if st.gates[gate].is_open == 0:
        turn_back(net, st, person, side)
        return NOBODY
    idle = st.gates[gate].free_at <= st.clock[0]
    first_in_line = st.sides[side].waiting == 0
    opposed = st.sides[side ^ 1].waiting > 0 and st.sides[side ^ 1].blocked == 0
    if idle and first_in_line and not opposed and has_room(net, st, side):
        leave(net, st, person, side)
        enter(net, st, person, side)
        vacate(net, st, side)
    else:
        join_queue(st, person, side)
        if idle and st.sides[side].blocked == 0:
            return int(gate)
    set_gate_station(net, st, gate)
    return NOBODY


def turn_back(net: Network, st: State, person: int, side: int) -> None:
    """Let a person who finds a gate closed look for another way from where they stand."""
    there = st.next_side[st.persons[person].row * 2 * net.n_gates + side]
    if there == side or there < 0:
        st.persons[person].status = NO_ROUTE
        st.persons[person].side = side
        log(st, EVENT_NO_ROUTE, person, net.sides[side].cell)
    else:
        head_for(net, st, person, side)


def next_to_serve(net: Network, st: State) -> int:
    """Return the gate whose turn it is to fill a cell that has room again, -1 when none is left.

    Of the sides that wait for the cell, the one with the smallest merging account comes first; one
    whose gate is still busy is served when the gate is free.
    """
    while st.counters[COUNT_WAKES] > 0:
        cell = st.wake_stack[st.counters[COUNT_WAKES] - 1]
        if st.cells[cell].blocked_into == 0 or (
            st.cells[cell].occupants >= net.cells[cell].capacity
        ):
            st.counters[COUNT_WAKES] -= 1
            st.cells[cell].on_stack = 0
            continue
        first = net.cells[cell].first_side
        best = NOBODY
        for i in range(first, first + net.cells[cell].n_sides):
            side = net.cell_sides[i] ^ 1
            if st.sides[side].blocked and (
                best == NOBODY or st.sides[side].share < st.sides[best].share
            ):
                best = side
        if st.gates[best >> 1].free_at <= st.clock[0]:
            return int(best >> 1)
        unblock(net, st, best)
        set_gate_station(net, st, best >> 1)
    return NOBODY
