"""People think again: a door has changed before their eyes, or they were told something.

Whoever walks turns round on the spot if another way is better now; whoever waits in a queue leaves
it; whoever had no way sets off if there is one.
"""

from __future__ import annotations

import math

from sim.kernels.arrays import (
    COUNT_SHUT,
    EVENT_TURN,
    IN_PLACE,
    JOINED,
    NO_ROUTE,
    NOBODY,
    NOT_STARTED,
    OUT,
    QUEUEING,
    RIDING,
    WALKING,
    Network,
    State,
    Vector,
)
from sim.kernels.beliefs import look, with_goal, with_knowledge
from sim.kernels.choice import TO_PLACE, compare_ways, metres_left, way_from
from sim.kernels.queues import set_gate_station, take_out, unblock
from sim.kernels.routes import goal_cell
from sim.kernels.steps import aim_at, head_for, log, set_off, stand, start_walking
from sim.kernels.walkers import pop_walker, push_walker


def change(st: State, person: int) -> None:
    """Note that a person, and the cell they are in, have to think again."""
    st.persons[person].changed = 1
    st.cells[st.persons[person].cell].changed = 1


def rethink_all(net: Network, st: State) -> None:
    """Let everybody who has to think again do so, cell by cell."""
    for cell in range(net.n_cells):
        if st.cells[cell].changed:
            st.cells[cell].changed = 0
            rethink_walkers(net, st, cell)
            for i in range(net.cells[cell].n_sides):
                rethink_queue(net, st, net.cell_sides[net.cells[cell].first_side + i])
    st.cells[net.n_cells].changed = 0
    for cell in range(net.n_cells):
        stand(st, cell)  # whoever waits may wait for something else now
    for person in range(len(st.persons)):
        who = st.persons[person]
        if who.changed:
            who.changed = 0
            if who.status == NO_ROUTE:
                if who.origin >= 0:
                    head_for(net, st, person, who.origin)
                else:
                    start_walking(net, st, person)


def rethink_walkers(net: Network, st: State, cell: int) -> None:
    """Let the walkers of a cell who have to think again turn round, or walk on."""
    n = 0
    while st.cells[cell].root != NOBODY:
        st.shelf[n] = pop_walker(st, cell)
        n += 1
    for i in range(n):
        person = st.shelf[i]
        who = st.persons[person]
        target = st.walks[person].target
        if not (who.changed and turn_round(net, st, person, cell)):
            push_walker(st, cell, person, target)
    # those who turned round walk once all others do again: a single file keeps its order
    for i in range(n):
        person = st.shelf[i]
        who = st.persons[person]
        if who.changed == 2:
            who.changed = 0
            set_off(net, st, person, cell, who.length_m, who.kind)


def turn_round(net: Network, st: State, person: int, cell: int) -> bool:
    """Choose again in the middle of a walk; return whether the person leaves it."""
    who = st.persons[person]
    there = who.side if who.side >= 0 else TO_PLACE
    left = metres_left(st, person)
    done = who.length_m - left
    if cell == goal_cell(net, st, who.row):
        if cell == net.n_cells - 1:
            return False
        goal = st.rows[who.row].place
        walk = net.places[goal].walk
        if who.anchor == walk and there == TO_PLACE:
            return False
        metres = left
        if there >= 0:
            metres += net.walk_m[walk + net.sides[there].local]
        if who.origin >= 0 and (there >= 0 or left > 0):
            metres = min(metres, done + net.walk_m[walk + net.sides[who.origin].local])
        side = NOBODY
        kind = 0
        who.place = goal
        who.anchor = walk
    else:
        side = compare_ways(net, st, person, cell, who.origin, done, left, there)
        if side < 0 or side == there:
            return False
        metres, kind = way_from(net, st, person, cell, who.origin, done, left, there, side)
    aim_at(st, person, side)
    who.walked_m -= left
    who.origin = -2
    who.length_m = metres
    who.kind = kind
    who.changed = 2
    log(st, EVENT_TURN, person, side)
    return True


def rethink_queue(net: Network, st: State, side: int) -> None:
    """Let those who wait at a side and have to think again leave the queue, if it is not their way.

    Where it still is, they keep their place.
    """
    person = st.sides[side].first
    cell = net.sides[side].cell
    while person != NOBODY:
        following = st.walks[person].after
        who = st.persons[person]
        if who.changed:
            who.changed = 0
            goal = st.rows[who.row].place
            there = compare_ways(net, st, person, cell, side, math.inf, 0.0, NOBODY)
            at_goal = goal >= 0 and net.places[goal].cell == cell
            if there != side or at_goal:
                take_out(net, st, person, side)
                who.origin = side
                log(st, EVENT_TURN, person, -1 if at_goal else there)
                head_for(net, st, person, side)
        person = following
    set_gate_station(net, st, side >> 1)


def set_side(net: Network, st: State, side: int, is_open: int) -> bool:
    """Let people pass from a side, or no longer; return whether that is a change."""
    if st.sides[side].is_open == is_open:
        return False
    st.sides[side].is_open = is_open
    st.cells[net.sides[side].cell].shut += 1 - 2 * is_open
    st.counters[COUNT_SHUT] += 1
    unblock(net, st, side)
    return True


def is_afoot(st: State, person: int) -> bool:
    """Whether a person has somewhere to go by themselves, and is not there yet."""
    status = st.persons[person].status
    stopped = status in (IN_PLACE, OUT)
    return bool(not (stopped or status in (JOINED, RIDING)))


def change_gate(net: Network, st: State, gate: int, open_a: int, open_b: int) -> None:
    """Let people pass a gate from either side, or not, and let those who see it think again.

    Who stands somewhere without a way is told of every door that opens.
    """
    a = 2 * gate
    changed_a = set_side(net, st, a, open_a)
    changed_b = set_side(net, st, a + 1, open_b)
    if changed_a or changed_b:
        cell_a = net.sides[a].cell
        cell_b = net.sides[a + 1].cell
        for person in range(len(st.persons)):
            who = st.persons[person]
            if not is_afoot(st, person):
                continue
            if who.cell == cell_a or who.cell == cell_b:
                look(net, st, person, who.cell)
                change(st, person)
            if who.status == NO_ROUTE:
                if open_a:
                    who.row = with_knowledge(net, st, who.row, a, 0)
                if open_b:
                    who.row = with_knowledge(net, st, who.row, a + 1, 0)
                change(st, person)
    set_gate_station(net, st, gate)


def tell(net: Network, st: State, people: Vector, gate: int) -> None:
    """Let people know whether they may pass a gate."""
    for i in range(len(people)):
        person = people[i]
        who = st.persons[person]
        if who.patient == 0:
            for side in (2 * gate, 2 * gate + 1):
                who.row = with_knowledge(net, st, who.row, side, 1 - st.sides[side].is_open)
            if who.status != NOT_STARTED and is_afoot(st, person):
                change(st, person)


def redirect(net: Network, st: State, people: Vector, rows: Vector, places: Vector) -> None:
    """Give people another goal: a row of the first ones, and a place or -1.

    Who walks turns round, who queues leaves the queue, and who has stopped sets off from there.
    """
    for i in range(len(people)):
        person = people[i]
        who = st.persons[person]
        who.row = with_goal(net, st, who.row, rows[i])
        before = who.place
        who.place = places[i]
        if who.status in (IN_PLACE, OUT):
            if who.status == IN_PLACE:
                st.cells[who.cell].aside -= who.size
            if before < 0 and who.origin >= 0:
                head_for(net, st, person, who.origin)
            else:
                start_walking(net, st, person)
        elif who.status in (WALKING, QUEUEING, NO_ROUTE):
            change(st, person)
