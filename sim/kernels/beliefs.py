"""What people know about closed doors, as routing rows that are shared by all who know the same.

Rows of one goal form a tree: the root knows of no closed side, and every child knows of one side
more than its parent, with a larger number than any known there. So each set of sides has one row,
made when somebody first knows just these.
"""

from __future__ import annotations

from sim.kernels.arrays import COUNT_LOST, COUNT_ROWS, NOBODY, Network, State
from sim.kernels.routes import find_routes


def row_of(net: Network, st: State, root: int, length: int) -> int:
    """Return the row of a goal that knows the first ``length`` sides of ``path`` to be closed.

    Rows that are missing are made; ways are found only for the row itself, since nobody may ever
    know just what the rows above it know. Where no more fit the last one that did is returned, and
    the loss is counted.
    """
    row = root
    for i in range(length):
        side = st.path[i]
        child = st.rows[row].child
        while child != NOBODY and st.rows[child].shut != side:
            child = st.rows[child].after
        if child == NOBODY:
            child = st.counters[COUNT_ROWS]
            if child >= len(st.rows):
                st.counters[COUNT_LOST] += 1
                break
            st.counters[COUNT_ROWS] = child + 1
            new = st.rows[child]
            above = st.rows[row]
            new.place = above.place
            new.gate = above.gate
            new.level_only = above.level_only
            new.root = root
            new.parent = row
            new.shut = side
            new.n_shut = above.n_shut + 1
            new.child = NOBODY
            new.after = above.child
            new.routed = 0
            above.child = child
        row = child
    if st.rows[row].routed == 0:
        st.rows[row].routed = 1
        find_routes(net, st, row)
    return int(row)


def known_sides(st: State, row: int) -> int:
    """Write the sides that a row knows to be closed into ``path``, ascending; return how many."""
    length = st.rows[row].n_shut
    i = length
    while st.rows[row].parent != NOBODY:
        i -= 1
        st.path[i] = st.rows[row].shut
        row = st.rows[row].parent
    return int(length)


def with_knowledge(net: Network, st: State, row: int, side: int, shut: int) -> int:
    """Return the row of people who, beyond what a row knows, know a side to be closed, or open."""
    length = known_sides(st, row)
    at = 0
    while at < length and st.path[at] < side:
        at += 1
    found = at < length and st.path[at] == side
    if found == (shut == 1):
        return row
    if shut:
        for i in range(length, at, -1):
            st.path[i] = st.path[i - 1]
        st.path[at] = side
        length += 1
    else:
        for i in range(at, length - 1):
            st.path[i] = st.path[i + 1]
        length -= 1
    return row_of(net, st, st.rows[row].root, length)


def with_goal(net: Network, st: State, row: int, root: int) -> int:
    """Return the row of another goal for people who know what a row knows."""
    return row_of(net, st, root, known_sides(st, row))


def look(net: Network, st: State, person: int, cell: int) -> None:
    """Let a person see which doors of a cell are closed and which are not."""
    who = st.persons[person]
    if who.patient:
        return
    length = known_sides(st, who.row)
    news = 0
    at = 0
    first = net.cells[cell].first_side
    for i in range(first, first + net.cells[cell].n_sides):  # ascending, as the path is
        side = net.cell_sides[i]
        while at < length and st.path[at] < side:
            at += 1
        known = at < length and st.path[at] == side
        if st.sides[side].is_open == 0 and not known:
            for j in range(length, at, -1):
                st.path[j] = st.path[j - 1]
            st.path[at] = side
            length += 1
            news = 1
        elif st.sides[side].is_open == 1 and known:
            for j in range(at, length - 1):
                st.path[j] = st.path[j + 1]
            length -= 1
            news = 1
    if news:
        who.row = row_of(net, st, st.rows[who.row].root, length)


def ask(net: Network, st: State, person: int) -> bool:
    """Let a person who knows of no way hear which closed doors are open again.

    Returns whether there are any.
    """
    who = st.persons[person]
    length = known_sides(st, who.row)
    kept = 0
    for i in range(length):
        side = st.path[i]
        if st.sides[side].is_open == 0:
            st.path[kept] = side
            kept += 1
    if kept == length:
        return False
    who.row = row_of(net, st, st.rows[who.row].root, kept)
    return True
