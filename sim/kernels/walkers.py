"""Walking inside a cell: one virtual time for all, so a change of density re-times everyone.

A cell keeps ``V(t)``, the integral of its pace. A walker with free speed ``v`` and distance ``d``
arrives when ``V`` has grown by ``d / v``; only the walker with the nearest target has an event.
The walkers of a cell form a pairing heap (Fredman et al. 1986) over ``(target, person)``.
"""

from __future__ import annotations

import math

from sim.kernels.arrays import NOBODY, Network, State
from sim.kernels.stations import set_station


def meld(st: State, a: int, b: int) -> int:
    """Join two pairing heaps and return the root."""
    if a == NOBODY:
        return b
    if b == NOBODY:
        return a
    if st.target[b] < st.target[a] or (st.target[b] == st.target[a] and b < a):
        a, b = b, a
    st.after[b] = st.child[a]
    st.child[a] = b
    return a


def retime(st: State, cell: int) -> None:
    """Set the station of a cell to the arrival of its nearest walker."""
    head = st.root[cell]
    if head == NOBODY:
        set_station(st, cell, math.inf)
    elif st.pace[cell] > 0.0:
        time = st.since[cell] + (st.target[head] - st.progress[cell]) / st.pace[cell]
        set_station(st, cell, max(time, st.clock[0]))
    else:
        set_station(st, cell, math.inf)


def add_walker(st: State, cell: int, person: int, amount: float) -> None:
    """Let a person walk ``amount`` seconds at free speed in a cell."""
    now = st.progress[cell] + st.pace[cell] * (st.clock[0] - st.since[cell])
    push_walker(st, cell, person, now + amount)


def push_walker(st: State, cell: int, person: int, target: float) -> None:
    """Let a person arrive when the virtual time of a cell reaches ``target``."""
    st.target[person] = target
    st.child[person] = NOBODY
    st.after[person] = NOBODY
    head = st.root[cell]
    st.root[cell] = meld(st, head, person)
    if st.root[cell] == person:
        retime(st, cell)


def pop_walker(st: State, cell: int) -> int:
    """Take the walker with the nearest target out of a cell and return it."""
    head = st.root[cell]
    node = st.child[head]
    pairs = NOBODY  # pairs of siblings, last one first
    while node != NOBODY:
        second = st.after[node]
        if second == NOBODY:
            st.after[node] = pairs
            pairs = node
            break
        following = st.after[second]
        st.after[node] = NOBODY
        st.after[second] = NOBODY
        joined = meld(st, node, second)
        st.after[joined] = pairs
        pairs = joined
        node = following
    root = NOBODY
    while pairs != NOBODY:
        following = st.after[pairs]
        st.after[pairs] = NOBODY
        root = meld(st, root, pairs)
        pairs = following
    st.root[cell] = root
    st.child[head] = NOBODY
    st.after[head] = NOBODY
    retime(st, cell)
    return int(head)


def change_people(net: Network, st: State, cell: int, change: int) -> None:
    """Add to the number of people in a cell and re-time its walkers if the pace changes."""
    n = st.people[cell] + change
    st.people[cell] = n
    start = net.table_start[cell]
    longest = net.table_start[cell + 1] - start - 1
    pace = net.speed_table[start + min(n, longest)]
    if pace != st.pace[cell]:
        now = st.clock[0]
        st.progress[cell] += st.pace[cell] * (now - st.since[cell])
        st.since[cell] = now
        st.pace[cell] = pace
        if st.root[cell] != NOBODY:
            retime(st, cell)
