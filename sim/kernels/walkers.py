"""Walking inside a cell: one virtual time for all, so a change of density re-times everyone.

A cell keeps ``V(t)``, the integral of its pace. A walker with free speed ``v`` and distance ``d``
arrives when ``V`` has grown by ``d / v``; only the walker with the nearest target has an event.
The walkers of a cell form a pairing heap (Fredman et al. 1986) over ``(target, person)``.
Where a stair is single file nobody reaches its end before those who entered ahead in their
direction: targets only grow.
"""

from __future__ import annotations

import math

from sim.kernels.arrays import COUNT_STALE, COUNT_WAKES, NOBODY, Network, State
from sim.kernels.stations import set_station


def meld(st: State, a: int, b: int) -> int:
    """Join two pairing heaps and return the root.

    Written without branches, as `stations.set_station` is.
    """
    in_a = st.walks[a].target
    in_b = st.walks[b].target
    b_first = (in_b < in_a) | ((in_b == in_a) & (b < a))
    shift = (b - a) * b_first
    root = a + shift
    other = b - shift
    st.walks[other].after = st.walks[root].child
    st.walks[root].child = other
    return int(root)


def retime(st: State, cell: int) -> None:
    """Note that the nearest walker of a cell, or their pace, has changed."""
    if st.cells[cell].stale == 0:
        st.cells[cell].stale = 1
        st.stale[st.counters[COUNT_STALE]] = cell
        st.counters[COUNT_STALE] += 1


def set_cell_stations(st: State) -> None:
    """Set the station of every cell that changed to the arrival of its nearest walker."""
    for i in range(st.counters[COUNT_STALE]):
        cell = st.stale[i]
        here = st.cells[cell]
        here.stale = 0
        time = math.inf
        if here.root != NOBODY:
            time = here.since + (st.walks[here.root].target - here.progress) / here.pace
            time = max(time, st.clock[0])
        set_station(st, cell, time)
    st.counters[COUNT_STALE] = 0


def add_walker(net: Network, st: State, cell: int, person: int, amount: float, kind: int) -> None:
    """Let a person walk ``amount`` seconds at free speed in a cell; kind 1 is down, 2 is up."""
    here = st.cells[cell]
    target = here.progress + here.pace * (st.clock[0] - here.since) + amount
    if kind != 0 and net.cells[cell].single_file:
        if kind == 1:
            target = max(target, here.last_down)
            here.last_down = target
        else:
            target = max(target, here.last_up)
            here.last_up = target
    push_walker(st, cell, person, target)


def push_walker(st: State, cell: int, person: int, target: float) -> None:
    """Let a person arrive when the virtual time of a cell reaches ``target``."""
    walker = st.walks[person]
    walker.target = target
    walker.child = NOBODY
    walker.after = NOBODY
    root = st.cells[cell].root
    root = person if root == NOBODY else meld(st, root, person)
    st.cells[cell].root = root
    if root == person:
        retime(st, cell)


def pop_walker(st: State, cell: int) -> int:
    """Take the walker with the nearest target out of a cell and return it."""
    head = st.cells[cell].root
    node = st.walks[head].child
    pairs = NOBODY  # pairs of siblings, last one first
    while node != NOBODY:
        joined = node
        second = st.walks[node].after
        following = NOBODY
        if second != NOBODY:
            following = st.walks[second].after
            joined = meld(st, node, second)
        st.walks[joined].after = pairs
        pairs = joined
        node = following
    root = pairs
    if root != NOBODY:
        pairs = st.walks[root].after
        while pairs != NOBODY:
            following = st.walks[pairs].after
            root = meld(st, root, pairs)
            pairs = following
        st.walks[root].after = NOBODY
    st.cells[cell].root = root
    st.walks[head].child = NOBODY
    retime(st, cell)
    return int(head)


def change_occupants(net: Network, st: State, cell: int, change: int) -> None:
    """Add to the places taken in a cell and re-time its walkers if the pace changes."""
    here = st.cells[cell]
    here.occupants += change
    facts = net.cells[cell]
    pace = net.speed_table[facts.table_start + min(here.occupants, facts.table_last)]
    if pace != here.pace:
        now = st.clock[0]
        here.progress += here.pace * (now - here.since)
        here.since = now
        here.pace = pace
        if here.root != NOBODY:
            retime(st, cell)


def wake(st: State, cell: int) -> None:
    """Note that a cell may have room for those who wait for it."""
    if st.cells[cell].blocked_into > 0 and st.cells[cell].on_stack == 0:
        st.cells[cell].on_stack = 1
        st.wake_stack[st.counters[COUNT_WAKES]] = cell
        st.counters[COUNT_WAKES] += 1
