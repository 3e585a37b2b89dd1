"""One person's step: out of a cell, through a gate, into the next cell, on towards the goal."""

from __future__ import annotations

from sim.kernels.arrays import (
    COUNT_EVENTS,
    COUNT_RECORD,
    COUNT_SIGNALS,
    EVENT_NO_ROUTE,
    EVENT_PASS,
    EVENT_PLACE,
    IN_PLACE,
    NO_ROUTE,
    OUT,
    SIGNAL_GROUP,
    SIGNAL_PERSON,
    WALKING,
    Network,
    State,
)
from sim.kernels.walkers import add_walker, change_occupants


def log(st: State, kind: int, person: int, subject: int) -> None:
    """Write one event, if events are recorded."""
    if st.counters[COUNT_RECORD]:
        n = st.counters[COUNT_EVENTS]
        entry = st.log[n]
        entry.time_s = st.clock[0]
        entry.kind = kind
        entry.person = person
        entry.subject = subject
        st.counters[COUNT_EVENTS] = n + 1


def signal(st: State, kind: int, subject: int) -> None:
    """Note that something watched has happened."""
    n = st.counters[COUNT_SIGNALS]
    st.signals[n].kind = kind
    st.signals[n].subject = subject
    st.counters[COUNT_SIGNALS] = n + 1


def leave(net: Network, st: State, person: int, side: int) -> None:
    """Take a person who passes a gate out of the cell they come from."""
    cell = net.sides[side].cell
    beyond = net.sides[side ^ 1].cell
    now = st.clock[0]
    server = st.gates[side >> 1]
    facts = net.gates[side >> 1]
    table = net.cells[beyond]
    n = min(st.cells[beyond].occupants, table.table_last)
    headway = facts.headway_s * net.supply_table[table.table_start + n]
    if st.sides[side ^ 1].waiting > 0:
        headway *= facts.counterflow
    server.free_at = max(now, server.free_at) + headway
    counts = st.sides[side]
    if counts.passed == 0:
        counts.first_pass_s = now
    counts.passed += 1
    counts.last_pass_s = now
    home = st.persons[person].home
    if net.cells[cell].space == home and table.space != home:
        st.persons[person].left_room_s = now
    log(st, EVENT_PASS, person, side)
    change_occupants(net, st, cell, -1)


def enter(net: Network, st: State, person: int, side: int) -> None:
    """Put a person who passed a gate from ``side`` into the cell beyond."""
    here = side ^ 1
    cell = net.sides[here].cell
    st.persons[person].cell = cell
    change_occupants(net, st, cell, 1)
    if cell == net.n_cells - 1:
        st.persons[person].out_s = st.clock[0]
        st.persons[person].exit_gate = side >> 1
    head_for(net, st, person, here)


def head_for(net: Network, st: State, person: int, here: int) -> None:
    """Let a person who stands at side ``here`` walk on within the cell of that side."""
    who = st.persons[person]
    cell = net.sides[here].cell
    goal = net.rows[who.row].place
    outside = cell == net.n_cells - 1
    if outside or (goal >= 0 and net.places[goal].cell == cell):
        if outside and who.place < 0:
            who.place = net.gates[here >> 1].place
        if who.place < 0:
            reach(st, person, -1, outside)
            return
        metres = net.walk_m[net.places[who.place].walk + net.sides[here].local]
        who.side = -1
        who.status = OUT if outside else WALKING
        who.walked_m += metres
        add_walker(st, cell, person, metres / st.speed_mps[3 * person])
        return
    there = st.next_side[who.row * 2 * net.n_gates + here]
    if there < 0:
        who.status = NO_ROUTE
        who.side = here
        log(st, EVENT_NO_ROUTE, person, cell)
        return
    k = net.cells[cell].n_sides
    hop = net.hops[net.cells[cell].hop_start + net.sides[here].local * k + net.sides[there].local]
    who.status = WALKING
    who.side = there
    who.walked_m += hop.metres
    add_walker(st, cell, person, hop.metres / st.speed_mps[3 * person + hop.kind])


def reach(st: State, person: int, place: int, outside: bool) -> None:
    """Let a person stop at their goal."""
    who = st.persons[person]
    who.status = OUT if outside else IN_PLACE
    who.side = -1
    if place >= 0:
        who.placed_s = st.clock[0]
        log(st, EVENT_PLACE, person, place)
    if who.group >= 0:
        group = st.groups[who.group]
        group.missing -= 1
        if group.missing == 0 and group.watched:
            signal(st, SIGNAL_GROUP, who.group)
    if who.watched:
        signal(st, SIGNAL_PERSON, person)
