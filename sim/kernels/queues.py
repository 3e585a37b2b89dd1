"""Waiting at a gate: queues by side, first come first served, and who is held up by a full cell."""

from __future__ import annotations

import math

from sim.kernels.arrays import (
    COUNT_WAKES,
    EVENT_QUEUE,
    NOBODY,
    QUEUEING,
    SIGNAL_CELL,
    Network,
    State,
)
from sim.kernels.stations import set_station
from sim.kernels.steps import log, signal


def join_queue(st: State, person: int, side: int) -> None:
    """Put a person at the end of a queue."""
    who = st.persons[person]
    who.status = QUEUEING
    who.side = side
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
    who = st.persons[person]
    queue.first = st.walks[person].after
    if queue.first == NOBODY:
        queue.last = NOBODY
    st.walks[person].after = NOBODY
    queue.waiting -= 1
    waited = st.clock[0] - who.queued_at
    queue.queue_person_s += waited
    who.waited_s += waited
    return int(person)


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
        st.sides[side].blocked = 0
        st.cells[net.sides[side ^ 1].cell].blocked_into -= 1


def has_room(net: Network, st: State, side: int) -> bool:
    """Whether the cell beyond a side can take one more person."""
    beyond = net.sides[side ^ 1].cell
    return bool(st.cells[beyond].occupants < net.cells[beyond].capacity)


def set_gate_station(net: Network, st: State, gate: int) -> None:
    """Wake the gate when it is free again, if somebody waits who is not held up already."""
    time = math.inf
    if st.gates[gate].is_open:
        a = st.sides[2 * gate]
        b = st.sides[2 * gate + 1]
        if a.waiting > 0 or b.waiting > 0:
            now = st.clock[0]
            free = st.gates[gate].free_at
            ready = (a.waiting > 0 and a.blocked == 0) or (b.waiting > 0 and b.blocked == 0)
            if free > now or ready:
                time = max(free, now)
    set_station(st, net.n_cells + 1 + gate, time)


def vacate(net: Network, st: State, side: int) -> None:
    """Follow up on a cell that somebody left through ``side``: who waits for it, who watches it."""
    cell = net.sides[side].cell
    left = st.cells[cell]
    if left.blocked_into > 0 and left.on_stack == 0:
        left.on_stack = 1
        st.wake_stack[st.counters[COUNT_WAKES]] = cell
        st.counters[COUNT_WAKES] += 1
    if left.occupants == 0 and left.watched:
        signal(st, SIGNAL_CELL, cell)
