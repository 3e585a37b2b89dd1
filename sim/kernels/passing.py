"""Gates as servers: who may pass, who waits, who merges, and how opposed heads change places.

A gate passes one person per headway, both directions together. A person passes at once when the
gate is idle and the next cell has room; otherwise they wait at their side, first come first
served. When a cell has room again, the sides that wait for it are served in the merging ratio.
Full cells whose heads wait for each other in a ring all move on at the same instant, so no ring
can freeze; two opposed heads are the shortest ring. Where a cell is full of people who stand and
wait, the head of a queue squeezes past one of them, who takes the place left behind.
"""

from __future__ import annotations

import math
from typing import Final

from sim.kernels.arrays import (
    COUNT_SHUT,
    COUNT_STAMP,
    COUNT_WAKES,
    NO_ROUTE,
    NOBODY,
    QUEUEING,
    Network,
    State,
)
from sim.kernels.beliefs import look
from sim.kernels.choice import compare_ways, way_on
from sim.kernels.queues import (
    block,
    has_room,
    join_queue,
    set_gate_station,
    take_head,
    take_out,
    unblock,
    vacate,
)
from sim.kernels.routes import goal_cell
from sim.kernels.steps import enter, head_for, leave, stand

KEPT_FOR: Final = 0.25
"""Share of its headway that a gate may still be busy, and yet have a freed place kept for the side
whose turn it is (ours): without it two doors share by chance, not by their weights, where places
become free about as fast as one of the doors passes people."""


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
            if st.sides[out].blocked and gate.free_at <= now:
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
        st.persons[person].origin = step
        st.ring[length] = person
        length += 1
        if step == side:
            break
        step = st.cells[net.sides[step].cell].reached_by
    for i in range(length):
        person = st.ring[i]
        step = st.persons[person].origin
        enter(net, st, person, step)
        st.ring[i] = step >> 1
    for i in range(length):
        set_gate_station(net, st, st.ring[i])


def gets_on(net: Network, st: State, person: int, side: int) -> bool:
    """Whether the way of a person from a side on is open, as far as they would ever find out.

    Whoever waits at closed doors gets on if no door of their way is closed; everybody else finds
    out and turns. Of those who wait and also go by queues no way is known beforehand: they get on
    if no closed side lies nearer to their goal.
    """
    who = st.persons[person]
    if who.patient == 0:
        return True
    base = who.row * 2 * net.n_gates
    if who.quick:
        if st.sides[side].is_open == 0:
            return False
        for other in range(2 * net.n_gates):
            if (
                st.sides[other].is_open == 0
                and st.potential[base + other] < st.potential[base + side]
            ):
                return False
        return True
    aim = goal_cell(net, st, who.row)
    for _ in range(2 * net.n_gates):
        if st.sides[side].is_open == 0:
            return False
        if net.sides[side ^ 1].cell == aim:
            break
        side = way_on(net, st, person, side ^ 1)
        if side < 0:
            break
    return True


def find_stander(net: Network, st: State, cell: int) -> int:
    """Return somebody who stands in a cell without a way, or waits there for a closed door.

    Of several the one who is first in the roster; -1 where nobody does.
    """
    if st.cells[cell].standers:
        for person in range(len(st.persons)):
            who = st.persons[person]
            if who.cell == cell and (
                who.status == NO_ROUTE
                or (who.status == QUEUEING and not gets_on(net, st, person, who.side))
            ):
                return person
        st.cells[cell].standers = 0
    return NOBODY


def find_mover(net: Network, st: State, side: int) -> int:
    """Return the first in a queue who gets on, -1 if all of them wait for closed doors."""
    person = st.sides[side].first
    while person != NOBODY:
        if gets_on(net, st, person, side):
            return int(person)
        person = st.walks[person].after
    return NOBODY


def call_again(net: Network, st: State, cell: int) -> None:
    """Let those whom a full cell holds up try again, now that somebody has come to stand there."""
    st.cells[cell].stood = 0
    first = net.cells[cell].first_side
    for i in range(first, first + net.cells[cell].n_sides):
        side = net.cell_sides[i] ^ 1
        if st.sides[side].blocked:
            unblock(net, st, side)
            set_gate_station(net, st, side >> 1)


def squeeze_past(net: Network, st: State, side: int) -> bool:
    """Let the head of a queue change places with somebody who stands in the full cell beyond."""
    if st.gates[side >> 1].free_at > st.clock[0] or st.sides[side].is_open == 0:
        return False
    beyond = net.sides[side ^ 1].cell
    person = find_mover(net, st, side)
    other = find_stander(net, st, beyond) if person != NOBODY else NOBODY
    if other == NOBODY:
        return False
    if st.persons[other].status == QUEUEING:
        take_out(net, st, other, st.persons[other].side)
    take_out(net, st, person, side)
    leave(net, st, person, side)
    leave(net, st, other, side ^ 1)
    enter(net, st, person, side)
    enter(net, st, other, side ^ 1)
    return True


def serve(net: Network, st: State, gate: int) -> int:
    """Return the side of a gate whose head passes now, or note what the heads wait for (-1)."""
    if st.gates[gate].free_at > st.clock[0]:
        return NOBODY
    a = 2 * gate
    b = a + 1
    at_a = st.sides[a].waiting > 0 and st.sides[a].is_open == 1
    at_b = st.sides[b].waiting > 0 and st.sides[b].is_open == 1
    can_a = can_b = False
    if at_a:
        can_a = has_room(net, st, a, st.persons[st.sides[a].first].size)
        if not can_a:
            block(net, st, a)
    if at_b:
        can_b = has_room(net, st, b, st.persons[st.sides[b].first].size)
        if not can_b:
            block(net, st, b)
    if can_a or can_b:
        if can_a and can_b:
            return opposed_turn(net, st, gate)
        return a if can_a else b
    if at_a or at_b:
        move_held_up(net, st, gate, at_a, at_b)
    return NOBODY


def call_head(net: Network, st: State, side: int) -> int:
    """Take the head of a queue, whose turn it is to pass, out of it and return it."""
    account_for_merging(net, st, side)
    unblock(net, st, side)
    return take_head(st, side)


def pass_gate(net: Network, st: State, person: int, side: int) -> None:
    """Let a person pass a gate from a side."""
    leave(net, st, person, side)
    enter(net, st, person, side)
    vacate(net, st, side)


def opposed_turn(net: Network, st: State, gate: int) -> int:
    """Return the side whose head passes a gate at which both heads could.

    Each side gets passages in proportion to its queue, but the smaller one never less than
    ``minor_share``; what it is owed is carried on from passage to passage.
    """
    a = 2 * gate
    least = net.gates[gate].minor_share
    share = st.sides[a].waiting / (st.sides[a].waiting + st.sides[a + 1].waiting)
    share = min(max(share, least), 1.0 - least)
    owed = st.gates[gate].owed + share
    if owed >= 0.5:
        st.gates[gate].owed = owed - 1.0
        return a
    st.gates[gate].owed = owed
    return a + 1


def move_held_up(net: Network, st: State, gate: int, at_a: bool, at_b: bool) -> None:
    """Let heads that a full cell holds up move on in a ring, or past somebody who stands there."""
    a = 2 * gate
    ring = find_ring(net, st, a) if at_a else NOBODY
    start = a
    if ring == NOBODY and at_b:
        ring = find_ring(net, st, a + 1)
        start = a + 1
    if ring != NOBODY:
        turn_ring(net, st, start, ring)
    elif not (at_a and squeeze_past(net, st, a)) and at_b:
        squeeze_past(net, st, a + 1)


def account_for_merging(net: Network, st: State, side: int) -> None:
    """Charge a side for a place in a cell that others wait for, by the inverse of its weight."""
    beyond = st.cells[net.sides[side ^ 1].cell]
    if beyond.blocked_into > 0:
        queue = st.sides[side]
        queue.share = max(queue.share, beyond.last_share) + 1.0 / net.sides[side].merge_weight
        beyond.last_share = queue.share - 1.0 / net.sides[side].merge_weight


def arrive(net: Network, st: State, person: int, side: int) -> tuple[int, bool]:
    """Let a person who has come to a gate wait there, or turn back if it is closed.

    Returns the gate if they pass it now or it has to be served at once, otherwise -1; and whether
    they pass.
    """
    gate = side >> 1
    who = st.persons[person]
    who.origin = side
    is_open = st.sides[side].is_open == 1
    if not is_open and who.patient == 0:
        turn_back(net, st, person, side)
        return NOBODY, False
    idle = st.gates[gate].free_at <= st.clock[0]
    first_in_line = st.sides[side].waiting == 0
    opposite = st.sides[side ^ 1]
    opposed = opposite.waiting > 0 and opposite.blocked == 0 and opposite.is_open == 1
    if is_open and idle and first_in_line and not opposed and has_room(net, st, side, who.size):
        return gate, True
    if who.quick and is_open and turn_aside(net, st, person, side):
        return NOBODY, False
    join_queue(st, person, side)
    if who.patient:
        stand(st, net.sides[side].cell)
    if is_open and idle and (st.sides[side].blocked == 0 or st.counters[COUNT_SHUT] > 0):
        return gate, False
    set_gate_station(net, st, gate)
    return NOBODY, False


def turn_aside(net: Network, st: State, person: int, side: int) -> bool:
    """Let a person who would have to wait go elsewhere if that is quicker by now."""
    other = compare_ways(net, st, person, net.sides[side].cell, side, math.inf, 0.0, NOBODY)
    if other < 0 or other == side:
        return False
    head_for(net, st, person, side)
    return True


def turn_back(net: Network, st: State, person: int, side: int) -> None:
    """Let a person who finds a gate closed look for another way from where they stand."""
    look(net, st, person, net.sides[side].cell)
    head_for(net, st, person, side)


def soon(net: Network, st: State, side: int) -> bool:
    """Whether somebody waits at a side whose gate is busy, but all but free."""
    busy_s = st.gates[side >> 1].free_at - st.clock[0]
    kept_s = KEPT_FOR * net.gates[side >> 1].headway_s
    return bool(st.sides[side].waiting > 0 and st.sides[side].is_open == 1 and 0 < busy_s <= kept_s)


def next_to_serve(net: Network, st: State) -> int:
    """Return the gate whose turn it is to fill a cell that has room again, -1 when none is left.

    Of the sides that wait for the cell, the one with the smallest merging account comes first; one
    whose gate is busy for long is served when the gate is free, and the next one comes first. Where
    the head of the first side is wider than the room there is, or its gate is all but free, the
    room is kept for them.
    """
    while st.counters[COUNT_WAKES] > 0:
        cell = st.wake_stack[st.counters[COUNT_WAKES] - 1]
        if st.cells[cell].blocked_into == 0 or (
            st.cells[cell].occupants - st.cells[cell].aside >= net.cells[cell].capacity
        ):
            st.counters[COUNT_WAKES] -= 1
            st.cells[cell].on_stack = 0
            continue
        first = net.cells[cell].first_side
        best = st.cells[cell].reserved
        smallest = 0.0
        if best == NOBODY:
            for i in range(first, first + net.cells[cell].n_sides):
                side = net.cell_sides[i] ^ 1
                queue = st.sides[side]
                if queue.blocked or soon(net, st, side):
                    share = max(queue.share, st.cells[cell].last_share)
                    if best == NOBODY or share < smallest:
                        best = side
                        smallest = share
        if not has_room(net, st, best, st.persons[st.sides[best].first].size):
            st.cells[cell].reserved = best
            st.counters[COUNT_WAKES] -= 1
            st.cells[cell].on_stack = 0
            continue
        busy_s = st.gates[best >> 1].free_at - st.clock[0]
        if busy_s <= 0.0:
            return int(best >> 1)
        if soon(net, st, best):
            block(net, st, best)
            st.cells[cell].reserved = best
            st.counters[COUNT_WAKES] -= 1
            st.cells[cell].on_stack = 0
            set_gate_station(net, st, best >> 1)
            continue
        unblock(net, st, best)
        set_gate_station(net, st, best >> 1)
    return NOBODY
