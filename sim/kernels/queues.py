"""Waiting at a gate: queues by side, first come first served, and who is held up by a full cell."""

from __future__ import annotations

import math

from sim.kernels.arrays import (
    EVENT_QUEUE,
    NOBODY,
    QUEUEING,
    SIGNAL_CELL,
    Network,
    State,
)
from sim.kernels.stations import set_station
from sim.kernels.steps import log, signal
from sim.kernels.walkers import wake


def join_queue(st: State, person: int, side: int) -> None:
    """Put a person at the end of a queue."""
    who = st.persons[person]
    who.status = QUEUEING
    who.queued_at = st.clock[0]
    st.walks[person].after = NOBODY
    queue = st.sides[side]
    if queue.last == NOBODY:
        queue.first = person
    else:
        st.walks[queue.last].after = person
    queue.last = person
    queue.waiting += 1
    queue.peak_queue = max(queue.peak_queue, queue.waiting)
    log(st, EVENT_QUEUE, person, side)


def take_head(st: State, side: int) -> int:
    """Take the first person out of a queue and close their account of waiting."""
    queue = st.sides[side]
    person = queue.first
    queue.first = st.walks[person].after
    if queue.first == NOBODY:
        queue.last = NOBODY
    st.walks[person].after = NOBODY
    queue.waiting -= 1
    close_wait(st, person, side)
    return int(person)


def take_out(net: Network, st: State, person: int, side: int) -> None:
    """Take somebody out of a queue, wherever in it they wait."""
    queue = st.sides[side]
    if queue.first == person:
        unblock(net, st, side)
        take_head(st, side)
        return
    before = queue.first
    while st.walks[before].after != person:
        before = st.walks[before].after
    st.walks[before].after = st.walks[person].after
    if queue.last == person:
        queue.last = before
    st.walks[person].after = NOBODY
    queue.waiting -= 1
    close_wait(st, person, side)


def close_wait(st: State, person: int, side: int) -> None:
    """Add a wait that ends now to the accounts of the person and the side."""
    who = st.persons[person]
    waited = st.clock[0] - who.queued_at
    st.sides[side].queue_person_s += waited
    who.waited_s += waited


def block(net: Network, st: State, side: int) -> None:
    """Note that the head of a queue waits for room in the next cell."""
    queue = st.sides[side]
    if queue.blocked == 0:
        beyond = st.cells[net.sides[side ^ 1].cell]
        queue.blocked = 1
        beyond.blocked_into += 1
        queue.share = max(queue.share, beyond.last_share)


def unblock(net: Network, st: State, side: int) -> None:
    """Note that the head of a queue no longer waits for room."""
    if st.sides[side].blocked:
        cell = net.sides[side ^ 1].cell
        st.sides[side].blocked = 0
        st.cells[cell].blocked_into -= 1
        if st.cells[cell].reserved == side:
            st.cells[cell].reserved = NOBODY
            wake(st, cell)


def has_room(net: Network, st: State, side: int, size: int) -> bool:
    """Whether the cell beyond a side can take somebody of a size.

    People who stand in a marked place, such as a refuge, leave the way free. A cell that nobody
    else is in takes anybody. Where somebody wide waits for several places, nobody else takes them.
    """
    cell = net.sides[side ^ 1].cell
    beyond = st.cells[cell]
    kept_for = beyond.reserved
    if kept_for >= 0 and kept_for != side:
        return False
    taken = beyond.occupants - beyond.aside
    return bool(taken + size <= net.cells[cell].capacity or taken == 0)


def set_gate_station(net: Network, st: State, gate: int) -> None:
    """Wake the gate when it is free again, if somebody waits who is not held up already."""
    time = math.inf
    a = st.sides[2 * gate]
    b = st.sides[2 * gate + 1]
    at_a = a.waiting > 0 and a.is_open == 1
    at_b = b.waiting > 0 and b.is_open == 1
    if at_a or at_b:
        now = st.clock[0]
        free = st.gates[gate].free_at
        if free > now or (at_a and a.blocked == 0) or (at_b and b.blocked == 0):
            time = max(free, now)
    set_station(st, net.n_cells + 1 + gate, time)


def vacate(net: Network, st: State, side: int) -> None:
    """Follow up on a cell that somebody left through ``side``: who waits for it, who watches it."""
    cell = net.sides[side].cell
    wake(st, cell)
    if st.cells[cell].occupants == 0 and st.cells[cell].watched:
        signal(st, SIGNAL_CELL, cell)
