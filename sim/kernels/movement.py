"""The movement kernel: run to a time or to something watched, and the orders it takes on the way.

Order of simultaneous events: arrivals of walkers by cell, then starts, then gates, each by number;
walkers with the same target by their row in the roster. Movement comes before decisions taken at
the same instant.
"""

from __future__ import annotations

import math

from sim.kernels.arrays import (
    COUNT_EVENTS,
    COUNT_RECORD,
    COUNT_ROWS,
    COUNT_SHUT,
    COUNT_SIGNALS,
    COUNT_STALLS,
    COUNT_STOOD,
    NOBODY,
    NOT_STARTED,
    SIGNAL_LOG,
    SIGNAL_ROWS,
    SIGNAL_STALLED,
    TOLD,
    Network,
    State,
    Vector,
)
from sim.kernels.beliefs import with_goal
from sim.kernels.choice import metres_to
from sim.kernels.company import alight, board, join, part
from sim.kernels.passing import (
    arrive,
    call_again,
    call_head,
    gets_on,
    next_to_serve,
    pass_gate,
    serve,
)
from sim.kernels.queues import close_wait, set_gate_station
from sim.kernels.rethinking import change_gate, redirect, rethink_all, tell
from sim.kernels.routes import find_routes, goal_cell
from sim.kernels.steps import reach, signal, start_walking
from sim.kernels.walkers import pop_walker, push_walker, set_cell_stations

SPARE_ROWS = 16
"""Routing rows that have to be free before the next event once doors have changed, and two more for
each change so far: somebody who comes into a cell may see as many closed doors at once."""


def spare_rows(net: Network, st: State) -> int:
    """Return how many routing rows have to be free before the next event."""
    return int(SPARE_ROWS + 2 * min(st.counters[COUNT_SHUT], 2 * net.n_gates))


def settle(net: Network, st: State, gate: int, person: int, side: int) -> None:
    """Let a person pass a gate from a side (-1 nobody: serve the gate; -1 none).

    Then serve every gate whose turn it is to fill a cell with room.
    """
    while True:
        if gate != NOBODY:
            if person == NOBODY:
                side = serve(net, st, gate)
                if side != NOBODY:
                    person = call_head(net, st, side)
            if person != NOBODY:
                pass_gate(net, st, person, side)
                person = NOBODY
            set_gate_station(net, st, gate)
        gate = next_to_serve(net, st)
        if gate == NOBODY:
            break
    if st.counters[COUNT_STOOD]:
        let_others_pass(net, st)
    set_cell_stations(st)


def let_others_pass(net: Network, st: State) -> None:
    """Wherever somebody has come to stand, let those whom the full cell holds up try again."""
    st.counters[COUNT_STOOD] = 0
    for cell in range(net.n_cells):
        if st.cells[cell].stood:
            call_again(net, st, cell)


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
    n_people = len(st.persons)
    reserve = 2 * net.n_gates + 2 * n_people + 64
    most_stalls = 1000 + 64 * n_people
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
        free = len(st.rows) - st.counters[COUNT_ROWS]
        if st.counters[COUNT_SHUT] and free < spare_rows(net, st):
            signal(st, SIGNAL_ROWS, 0)
            break
        if time > st.clock[0]:
            st.counters[COUNT_STALLS] = 0
            st.clock[0] = time
        else:
            st.counters[COUNT_STALLS] += 1
            if st.counters[COUNT_STALLS] > most_stalls:
                signal(st, SIGNAL_STALLED, 0)
                break
        gate = passing = side = NOBODY
        if station <= starts:
            person = pop_walker(st, station)
            side = st.persons[person].side
            if station == starts:
                st.persons[person].side = NOBODY
                start_walking(net, st, person)
            elif side >= 0:
                gate, passes = arrive(net, st, person, side)
                if passes:
                    passing = person
            else:
                who = st.persons[person]
                if station == goal_cell(net, st, who.row):
                    reach(net, st, person, who.place, station == net.n_cells - 1)
                else:
                    start_walking(net, st, person)  # sent elsewhere on the way, without a way then
        else:
            gate = station - starts - 1
        settle(net, st, gate, passing, side)
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


def find_all_routes(net: Network, st: State) -> None:
    """Fill the routing tables of every row in use."""
    for row in range(st.counters[COUNT_ROWS]):
        find_routes(net, st, row)


def set_gate(net: Network, st: State, gate: int, open_a: int, open_b: int) -> None:
    """Let people pass a gate from its two sides, or not, from now on."""
    change_gate(net, st, gate, open_a, open_b)
    rethink_all(net, st)
    settle(net, st, NOBODY, NOBODY, NOBODY)


def inform(net: Network, st: State, people: Vector, gate: int) -> None:
    """Tell people whether they may pass a gate."""
    tell(net, st, people, gate)
    rethink_all(net, st)
    settle(net, st, NOBODY, NOBODY, NOBODY)


def send(net: Network, st: State, people: Vector, rows: Vector, places: Vector) -> None:
    """Give people another goal: a row of the first ones, and a place or -1."""
    redirect(net, st, people, rows, places)
    rethink_all(net, st)
    settle(net, st, NOBODY, NOBODY, NOBODY)


def bind(net: Network, st: State, person: int, leader: int, extra: int) -> None:
    """Let a person go with another one from now on; see `company.join`."""
    join(net, st, person, leader, extra)
    settle(net, st, NOBODY, NOBODY, NOBODY)


def unbind(net: Network, st: State, person: int, extra: int) -> None:
    """Let a person who went with another one stand by themselves again; see `company.part`."""
    part(net, st, person, extra)
    settle(net, st, NOBODY, NOBODY, NOBODY)


def take_aboard(net: Network, st: State, person: int) -> None:
    """Take a person who has stopped into a lift car."""
    board(net, st, person)
    settle(net, st, NOBODY, NOBODY, NOBODY)


def set_down(net: Network, st: State, person: int, place: int) -> None:
    """Let a person in a lift car stop at a place."""
    alight(net, st, person, place)
    settle(net, st, NOBODY, NOBODY, NOBODY)


def distance(net: Network, st: State, person: int, row: int) -> float:
    """Return the metres that a person has to walk to the goal of a row, by what they know."""
    return metres_to(net, st, person, with_goal(net, st, st.persons[person].row, row))


def waits_for_a_door(net: Network, st: State, person: int) -> bool:
    """Whether somebody who queues waits for a closed door somewhere on their way."""
    return not gets_on(net, st, person, st.persons[person].side)


def close_accounts(st: State) -> None:
    """Add the waiting so far of everybody who still queues."""
    for side in range(len(st.sides)):
        person = st.sides[side].first
        while person != NOBODY:
            close_wait(st, person, side)
            st.persons[person].queued_at = st.clock[0]
            person = st.walks[person].after
