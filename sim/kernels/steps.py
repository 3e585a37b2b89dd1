"""One person's step: out of a cell, through a gate, into the next cell, on towards the goal."""

from __future__ import annotations

import math

from sim.kernels.arrays import (
    COUNT_EVENTS,
    COUNT_RECORD,
    COUNT_SIGNALS,
    COUNT_STOOD,
    EVENT_NO_ROUTE,
    EVENT_PASS,
    EVENT_PLACE,
    EVENT_START,
    IN_PLACE,
    NO_ROUTE,
    NOBODY,
    OUT,
    SIGNAL_GROUP,
    SIGNAL_PERSON,
    WALKING,
    Network,
    State,
)
from sim.kernels.beliefs import ask, look
from sim.kernels.choice import MOST_DETOURS, compare_ways, shortest_m, walk_to, way_on
from sim.kernels.routes import goal_cell
from sim.kernels.walkers import add_walker, change_occupants, wake


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


def aim_at(st: State, person: int, side: int) -> None:
    """Let a person head for a side (-1 none), and no longer for the one before."""
    who = st.persons[person]
    if who.side >= 0:
        st.sides[who.side].bound -= 1
    who.side = side
    if side >= 0:
        st.sides[side].bound += 1


def count_pass(net: Network, st: State, person: int, side: int) -> None:
    """Write one person's passage of a gate into the accounts."""
    now = st.clock[0]
    counts = st.sides[side]
    if counts.passed == 0:
        counts.first_pass_s = now
    counts.passed += 1
    counts.last_pass_s = now
    who = st.persons[person]
    cell = net.sides[side].cell
    beyond = net.sides[side ^ 1].cell
    if net.cells[cell].space == who.home and net.cells[beyond].space != who.home:
        who.left_room_s = now
    if beyond == net.n_cells - 1:
        who.out_s = now
        who.exit_gate = side >> 1
    elif cell == net.n_cells - 1:
        who.out_s = math.inf
        who.exit_gate = NOBODY
    log(st, EVENT_PASS, person, side)


def leave(net: Network, st: State, person: int, side: int) -> None:
    """Take a person who passes a gate, and those who go with them, out of the cell they are in."""
    beyond = net.sides[side ^ 1].cell
    now = st.clock[0]
    server = st.gates[side >> 1]
    facts = net.gates[side >> 1]
    table = net.cells[beyond]
    who = st.persons[person]
    n = min(st.cells[beyond].occupants, table.table_last)
    headway = facts.headway_s * net.supply_table[table.table_start + n] * who.size
    if st.sides[side ^ 1].waiting > 0 and st.sides[side ^ 1].is_open == 1:
        headway *= facts.counterflow
    server.free_at = max(now, server.free_at) + headway
    aim_at(st, person, NOBODY)
    count_pass(net, st, person, side)
    mate = who.mate
    while mate != NOBODY:
        count_pass(net, st, mate, side)
        mate = st.persons[mate].mate
    change_occupants(net, st, net.sides[side].cell, -who.size)


def enter(net: Network, st: State, person: int, side: int) -> None:
    """Put a person who passed a gate from ``side`` into the cell beyond."""
    here = side ^ 1
    cell = net.sides[here].cell
    who = st.persons[person]
    who.cell = cell
    mate = who.mate
    while mate != NOBODY:
        st.persons[mate].cell = cell
        mate = st.persons[mate].mate
    change_occupants(net, st, cell, who.size)
    head_for(net, st, person, here)


def start_walking(net: Network, st: State, person: int) -> None:
    """Let a person set off from where they stand, which is the anchor."""
    who = st.persons[person]
    cell = who.cell
    who.origin = -1
    if who.started_s == math.inf:
        who.started_s = st.clock[0]
        log(st, EVENT_START, person, cell)
    if cell == goal_cell(net, st, who.row):
        goal = st.rows[who.row].place
        if goal < 0:
            goal = who.place
        if who.inside_m > 0.0 and goal >= 0:
            walk_inside(net, st, person, cell, goal)
            return
        reach(net, st, person, goal, cell == net.n_cells - 1)
        return
    if st.cells[cell].shut > 0 or st.rows[who.row].n_shut > 0:
        look(net, st, person, cell)
    side = compare_ways(net, st, person, cell, -1, 0.0, 0.0, NOBODY)
    if side < 0 and ask(net, st, person):
        side = compare_ways(net, st, person, cell, -1, 0.0, 0.0, NOBODY)
    if side < 0:
        stop_without_way(st, person)
        return
    metres, kind = walk_to(net, st, person, cell, -1, side)
    aim_at(st, person, side)
    who.status = WALKING
    set_off(net, st, person, cell, metres, kind)


def head_for(net: Network, st: State, person: int, here: int) -> None:
    """Let a person who stands at side ``here`` walk on within the cell of that side."""
    who = st.persons[person]
    cell = net.sides[here].cell
    outside = cell == net.n_cells - 1
    who.origin = here
    if cell == goal_cell(net, st, who.row):
        if outside and who.place < 0:
            who.place = net.gates[here >> 1].place
        if who.place < 0:
            reach(net, st, person, -1, outside)
            return
        who.anchor = net.places[who.place].walk
        metres = net.walk_m[who.anchor + net.sides[here].local]
        aim_at(st, person, NOBODY)
        who.status = WALKING
        set_off(net, st, person, cell, metres, 0)
        return
    if st.cells[cell].shut > 0 or st.rows[who.row].n_shut > 0:
        look(net, st, person, cell)
    there = way_on(net, st, person, here)
    if there < 0 and ask(net, st, person):
        there = way_on(net, st, person, here)
    closed = there == here and st.sides[here].is_open == 0 and who.patient == 0
    if there < 0 or closed:
        stop_without_way(st, person)
        return
    if who.quick and who.detours < MOST_DETOURS:
        beyond = st.potential[who.row * 2 * net.n_gates + there]
        if beyond > shortest_m(net, st, person, cell, here, 0.0, 0.0, NOBODY):
            who.detours += 1
    metres, kind = walk_to(net, st, person, cell, here, there)
    aim_at(st, person, there)
    who.status = WALKING
    set_off(net, st, person, cell, metres, kind)


def walk_inside(net: Network, st: State, person: int, cell: int, place: int) -> None:
    """Let a person walk to a place in the cell in which they stand."""
    who = st.persons[person]
    metres = who.inside_m
    who.inside_m = 0.0
    who.origin = -2
    who.place = place
    who.anchor = net.places[place].walk
    aim_at(st, person, NOBODY)
    who.status = WALKING
    set_off(net, st, person, cell, metres, 0)


def set_off(net: Network, st: State, person: int, cell: int, metres: float, kind: int) -> None:
    """Let a person begin a walk within a cell."""
    who = st.persons[person]
    who.length_m = metres
    who.kind = kind
    who.walked_m += metres
    add_walker(net, st, cell, person, metres / st.speed_mps[3 * person + kind], kind)


def stand(st: State, cell: int) -> None:
    """Note that somebody has come to stand in a cell, so that others may squeeze past."""
    st.cells[cell].stood = 1
    st.cells[cell].standers = 1
    st.counters[COUNT_STOOD] = 1


def stop_without_way(st: State, person: int) -> None:
    """Let a person who knows of no way stay where they are."""
    who = st.persons[person]
    aim_at(st, person, NOBODY)
    if who.status != NO_ROUTE:
        who.status = NO_ROUTE
        log(st, EVENT_NO_ROUTE, person, who.cell)
        if who.watched == 2:
            signal(st, SIGNAL_PERSON, person)
    stand(st, who.cell)


def reach(net: Network, st: State, person: int, place: int, outside: bool) -> None:
    """Let a person stop at their goal."""
    who = st.persons[person]
    who.status = OUT if outside else IN_PLACE
    aim_at(st, person, NOBODY)
    if not outside:
        st.cells[who.cell].aside += who.size
        wake(st, who.cell)
    if place >= 0:
        who.place = place
        who.anchor = net.places[place].walk
        who.placed_s = st.clock[0]
        log(st, EVENT_PLACE, person, place)
    arrive_in_group(st, person)


def arrive_in_group(st: State, person: int) -> None:
    """Tell the class of a person, and whoever waits for them, that they are in place."""
    who = st.persons[person]
    if who.group >= 0 and who.missing:
        who.missing = 0
        group = st.groups[who.group]
        group.missing -= 1
        if group.missing == 0 and group.watched:
            signal(st, SIGNAL_GROUP, who.group)
    if who.watched:
        signal(st, SIGNAL_PERSON, person)
