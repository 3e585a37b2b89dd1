"""The movement kernel: run to a time or to something watched, start people, open and close gates.

Order of simultaneous events: arrivals of walkers by cell, then starts, then gates, each by number;
walkers with the same target by their row in the roster. Movement comes before decisions taken at
the same instant.
"""

from __future__ import annotations

import math

from sim.kernels.arrays import (
    COUNT_EVENTS,
    COUNT_RECORD,
    COUNT_SIGNALS,
    EVENT_NO_ROUTE,
    EVENT_START,
    NO_ROUTE,
    NOT_STARTED,
    SIGNAL_LOG,
    WALKING,
    Network,
    State,
    Vector,
)
from sim.kernels.passing import (
    arrive,
    head_for,
    log,
    reach,
    serve,
    set_gate_station,
    settle,
    signal,
    take_head,
    turn_back,
    unblock,
)
from sim.kernels.routes import find_routes, first_side
from sim.kernels.walkers import add_walker, pop_walker, push_walker


def start_walking(net: Network, st: State, person: int) -> None:
    """Let a person set off from where they stand."""
    cell = st.cell[person]
    if st.started_s[person] == math.inf:
        st.started_s[person] = st.clock[0]
        log(st, EVENT_START, person, cell)
    goal = net.row_place[st.row[person]]
    if goal >= 0 and net.place_cell[goal] == cell:
        reach(st, person, goal, False)
        return
    side = first_side(net, st, person)
    if side < 0:
        st.status[person] = NO_ROUTE
        st.side[person] = -1
        log(st, EVENT_NO_ROUTE, person, cell)
        return
    metres = net.walk_m[st.anchor[person] + net.side_local[side]]
    st.status[person] = WALKING
    st.side[person] = side
    st.walked_m[person] += metres
    add_walker(st, cell, person, metres / st.speed_mps[3 * person])


def advance(net: Network, st: State, until: float) -> int:
    """Run all movement up to and at a time, or up to the first signal.

    Parameters
    ----------
    net, st : Network, State
        The building and the run.
    until : float
        Time in seconds; inf to run until nobody moves.

    Returns
    -------
    int
        Number of signals waiting in the state; 0 when ``until`` was reached.
    """
    reserve = 2 * net.n_gates + len(st.status) + 64
    starts = net.n_cells
    while st.counters[COUNT_SIGNALS] == 0:
        station = st.heap[0]
        time = st.key[station]
        if time > until or time == math.inf:
            if until < math.inf:
                st.clock[0] = max(st.clock[0], until)
            break
        if st.counters[COUNT_RECORD] and len(st.log_time_s) - st.counters[COUNT_EVENTS] < reserve:
            signal(st, SIGNAL_LOG, 0)
            break
        st.clock[0] = max(st.clock[0], time)
        if station < starts:
            person = pop_walker(st, station)
            side = st.side[person]
            if side >= 0:
                arrive(net, st, person, side)
            else:
                reach(st, person, st.place[person], station == net.n_cells - 1)
        elif station == starts:
            start_walking(net, st, pop_walker(st, station))
        else:
            serve(net, st, station - starts - 1)
        settle(net, st)
    return int(st.counters[COUNT_SIGNALS])


def release(net: Network, st: State, people: Vector, times_s: Vector) -> None:
    """Let people set off at given times, not before now."""
    for i in range(len(people)):
        person = people[i]
        if st.status[person] == NOT_STARTED:
            push_walker(st, net.n_cells, person, max(times_s[i], st.clock[0]))


def find_all_routes(net: Network, st: State, queue: Vector, queued: Vector) -> None:
    """Fill the routing tables of every row."""
    for row in range(len(net.row_place)):
        find_routes(net, st, row, queue, queued)


def set_gate(
    net: Network, st: State, gate: int, is_open: int, queue: Vector, queued: Vector
) -> None:
    """Open or close a gate now; people who wait at it, or had no way, look again."""
    if st.is_open[gate] == is_open:
        return
    st.is_open[gate] = is_open
    find_all_routes(net, st, queue, queued)
    for side in (2 * gate, 2 * gate + 1):
        unblock(net, st, side)
        if is_open == 0:
            while st.waiting[side] > 0:
                turn_back(net, st, take_head(st, side), side)
    for person in range(len(st.status)):
        if st.status[person] == NO_ROUTE:
            side = st.side[person]
            if side < 0:
                if first_side(net, st, person) >= 0:
                    start_walking(net, st, person)
            elif st.next_side[st.row[person] * 2 * net.n_gates + side] >= 0:
                head_for(net, st, person, side)
    set_gate_station(net, st, gate, st.clock[0])
    settle(net, st)
