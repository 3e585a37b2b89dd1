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
    NOBODY,
    NOT_STARTED,
    SIGNAL_LOG,
    TOLD,
    WALKING,
    Network,
    State,
    Vector,
)
from sim.kernels.passing import arrive, next_to_serve, serve, turn_back
from sim.kernels.queues import set_gate_station, take_head, unblock
from sim.kernels.routes import find_routes, first_side
from sim.kernels.steps import head_for, log, reach, signal
from sim.kernels.walkers import add_walker, pop_walker, push_walker, set_cell_stations


def start_walking(net: Network, st: State, person: int) -> None:
    """Let a person set off from where they stand."""
    cell = st.persons[person].cell
    if st.persons[person].started_s == math.inf:
        st.persons[person].started_s = st.clock[0]
        log(st, EVENT_START, person, cell)
    goal = net.rows[st.persons[person].row].place
    if goal >= 0 and net.places[goal].cell == cell:
        reach(st, person, goal, False)
        return
    side = first_side(net, st, person)
    if side < 0:
        st.persons[person].status = NO_ROUTE
        st.persons[person].side = -1
        log(st, EVENT_NO_ROUTE, person, cell)
        return
    metres = net.walk_m[st.persons[person].anchor + net.sides[side].local]
    st.persons[person].status = WALKING
    st.persons[person].side = side
    st.persons[person].walked_m += metres
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
    reserve = 2 * net.n_gates + len(st.persons) + 64
    starts = net.n_cells
    while st.counters[COUNT_SIGNALS] == 0:
        station = st.winner[1]
        time = st.key[1]
        if time > until or time == math.inf:
            if until < math.inf:
                st.clock[0] = max(st.clock[0], until)
            break
        if st.counters[COUNT_RECORD] and len(st.log) - st.counters[COUNT_EVENTS] < reserve:
            signal(st, SIGNAL_LOG, 0)
            break
        st.clock[0] = max(st.clock[0], time)
        gate = NOBODY
        if station <= starts:
            person = pop_walker(st, station)
            side = st.persons[person].side
            if station == starts:
                start_walking(net, st, person)
            elif side >= 0:
                gate = arrive(net, st, person, side)
            else:
                reach(st, person, st.persons[person].place, station == net.n_cells - 1)
        else:
            gate = station - starts - 1
        while True:
            if gate != NOBODY:
                serve(net, st, gate)
            gate = next_to_serve(net, st)
            if gate == NOBODY:
                break
        set_cell_stations(st)
    return int(st.counters[COUNT_SIGNALS])


def release(net: Network, st: State, people: Vector, times_s: Vector) -> None:
    """Let people set off at given times, not before now; whoever was told already stays told.

    People who set off now do so in the order given.
    """
    for i in range(len(people)):
        person = people[i]
        who = st.persons[person]
        if who.status == NOT_STARTED and who.side == NOBODY:
            if times_s[i] > st.clock[0]:
                who.side = TOLD
                push_walker(st, net.n_cells, person, times_s[i])
            else:
                start_walking(net, st, person)
    set_cell_stations(st)


def find_all_routes(net: Network, st: State, queue: Vector, queued: Vector) -> None:
    """Fill the routing tables of every row."""
    for row in range(len(net.rows)):
        find_routes(net, st, row, queue, queued)


def set_gate(
    net: Network, st: State, gate: int, is_open: int, queue: Vector, queued: Vector
) -> None:
    """Open or close a gate now; people who wait at it, or had no way, look again."""
    if st.gates[gate].is_open == is_open:
        return
    st.gates[gate].is_open = is_open
    find_all_routes(net, st, queue, queued)
    for side in (2 * gate, 2 * gate + 1):
        unblock(net, st, side)
        if is_open == 0:
            while st.sides[side].waiting > 0:
                turn_back(net, st, take_head(st, side), side)
    for person in range(len(st.persons)):
        if st.persons[person].status == NO_ROUTE:
            side = st.persons[person].side
            if side < 0:
                if first_side(net, st, person) >= 0:
                    start_walking(net, st, person)
            elif st.next_side[st.persons[person].row * 2 * net.n_gates + side] >= 0:
                head_for(net, st, person, side)
    set_gate_station(net, st, gate)
    set_cell_stations(st)


def close_accounts(st: State) -> None:
    """Add the waiting so far of everybody who still queues."""
    for side in range(len(st.sides)):
        person = st.sides[side].first
        while person != NOBODY:
            who = st.persons[person]
            waited = st.clock[0] - who.queued_at
            st.sides[side].queue_person_s += waited
            who.waited_s += waited
            who.queued_at = st.clock[0]
            person = st.walks[person].after
