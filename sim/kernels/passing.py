"""Gates as servers: who may pass, who waits, who merges, and how opposed heads swap.

A gate passes one person per headway, both directions together. A person passes at once when the
gate is idle and the next cell has room; otherwise they wait in the queue of their side, first come
first served. When a cell has room again, the sides that wait for it are served in the merging
ratio. Full cells whose heads wait for each other in a ring all move on at the same instant, so no
ring can freeze.
"""

from __future__ import annotations

import math

from sim.kernels.arrays import (
    COUNT_EVENTS,
    COUNT_RECORD,
    COUNT_SIGNALS,
    COUNT_STAMP,
    COUNT_WAKES,
    EVENT_NO_ROUTE,
    EVENT_PASS,
    EVENT_PLACE,
    EVENT_QUEUE,
    IN_PLACE,
    NO_ROUTE,
    NOBODY,
    OUT,
    QUEUEING,
    SIGNAL_CELL,
    SIGNAL_GROUP,
    SIGNAL_PERSON,
    WALKING,
    Network,
    State,
)
from sim.kernels.stations import set_station
from sim.kernels.walkers import add_walker, change_people


def log(st: State, kind: int, person: int, subject: int) -> None:
    """Write one event, if events are recorded."""
    if st.counters[COUNT_RECORD]:
        n = st.counters[COUNT_EVENTS]
        st.log_time_s[n] = st.clock[0]
        st.log_kind[n] = kind
        st.log_person[n] = person
        st.log_subject[n] = subject
        st.counters[COUNT_EVENTS] = n + 1


def signal(st: State, kind: int, subject: int) -> None:
    """Note that something watched has happened."""
    n = st.counters[COUNT_SIGNALS]
    st.signal_kind[n] = kind
    st.signal_subject[n] = subject
    st.counters[COUNT_SIGNALS] = n + 1


def wake_later(st: State, cell: int) -> None:
    """Remember that a cell has room for people who wait to enter it."""
    if st.blocked_into[cell] > 0 and st.wake_mark[cell] == 0:
        st.wake_mark[cell] = 1
        st.wake_stack[st.counters[COUNT_WAKES]] = cell
        st.counters[COUNT_WAKES] += 1


def leave(net: Network, st: State, person: int, side: int) -> None:
    """Take a person who passes a gate out of the cell they come from."""
    cell = net.side_cell[side]
    beyond = net.side_cell[side ^ 1]
    now = st.clock[0]
    gate = side >> 1
    n = min(st.people[beyond], net.table_start[beyond + 1] - net.table_start[beyond] - 1)
    headway = net.headway_s[gate] * net.supply_table[net.table_start[beyond] + n]
    if st.waiting[side ^ 1] > 0:
        headway *= net.counterflow[gate]
    st.free_at[gate] = max(now, st.free_at[gate]) + headway
    if st.passed[side] == 0:
        st.first_pass_s[side] = now
    st.passed[side] += 1
    st.last_pass_s[side] = now
    if net.cell_space[cell] == st.home[person] and net.cell_space[beyond] != st.home[person]:
        st.left_room_s[person] = now
    log(st, EVENT_PASS, person, side)
    change_people(net, st, cell, -1)


def reach(st: State, person: int, place: int, outside: bool) -> None:
    """Let a person stop at their goal."""
    st.status[person] = OUT if outside else IN_PLACE
    st.side[person] = -1
    if place >= 0:
        st.placed_s[person] = st.clock[0]
        log(st, EVENT_PLACE, person, place)
    group = st.group[person]
    if group >= 0:
        st.group_missing[group] -= 1
        if st.group_missing[group] == 0 and st.watch_group[group]:
            signal(st, SIGNAL_GROUP, group)
    if st.watch_person[person]:
        signal(st, SIGNAL_PERSON, person)


def head_for(net: Network, st: State, person: int, here: int) -> None:
    """Let a person who stands at side ``here`` walk on within the cell of that side."""
    cell = net.side_cell[here]
    row = st.row[person]
    goal = net.row_place[row]
    outside = cell == net.n_cells - 1
    if outside or (goal >= 0 and net.place_cell[goal] == cell):
        place = st.place[person]
        if outside and place < 0:
            place = net.gate_place[here >> 1]
            st.place[person] = place
        if place < 0:
            reach(st, person, place, outside)
            return
        metres = net.walk_m[net.place_walk[place] + net.side_local[here]]
        st.side[person] = -1
        st.status[person] = OUT if outside else WALKING
        st.walked_m[person] += metres
        add_walker(st, cell, person, metres / st.speed_mps[3 * person])
        return
    there = st.next_side[row * 2 * net.n_gates + here]
    if there < 0:
        st.status[person] = NO_ROUTE
        st.side[person] = here
        log(st, EVENT_NO_ROUTE, person, cell)
        return
    k = net.cell_sides_start[cell + 1] - net.cell_sides_start[cell]
    hop = net.hop_start[cell] + net.side_local[here] * k + net.side_local[there]
    st.status[person] = WALKING
    st.side[person] = there
    st.walked_m[person] += net.hop_m[hop]
    add_walker(st, cell, person, net.hop_m[hop] / st.speed_mps[3 * person + net.hop_kind[hop]])


def enter(net: Network, st: State, person: int, side: int) -> None:
    """Put a person who passed a gate from ``side`` into the cell beyond."""
    here = side ^ 1
    cell = net.side_cell[here]
    st.cell[person] = cell
    change_people(net, st, cell, 1)
    if cell == net.n_cells - 1:
        st.out_s[person] = st.clock[0]
        st.exit_gate[person] = side >> 1
    head_for(net, st, person, here)


def take_head(st: State, side: int) -> int:
    """Take the first person out of a queue and close their account of waiting."""
    person = st.first[side]
    st.first[side] = st.after[person]
    if st.first[side] == NOBODY:
        st.last[side] = NOBODY
    st.after[person] = NOBODY
    st.waiting[side] -= 1
    waited = st.clock[0] - st.queued_at[person]
    st.queue_person_s[side] += waited
    st.waited_s[person] += waited
    return int(person)


def join_queue(st: State, person: int, side: int) -> None:
    """Put a person at the end of a queue."""
    st.status[person] = QUEUEING
    st.side[person] = side
    st.queued_at[person] = st.clock[0]
    st.after[person] = NOBODY
    if st.last[side] == NOBODY:
        st.first[side] = person
    else:
        st.after[st.last[side]] = person
    st.last[side] = person
    st.waiting[side] += 1
    st.peak_queue[side] = max(st.peak_queue[side], st.waiting[side])
    log(st, EVENT_QUEUE, person, side)


def block(net: Network, st: State, side: int) -> None:
    """Note that the head of a queue waits for room in the next cell."""
    if st.blocked[side] == 0:
        beyond = net.side_cell[side ^ 1]
        st.blocked[side] = 1
        st.blocked_into[beyond] += 1
        st.share[side] = max(st.share[side], st.last_share[beyond])


def unblock(net: Network, st: State, side: int) -> None:
    """Note that the head of a queue no longer waits for room."""
    if st.blocked[side]:
        st.blocked[side] = 0
        st.blocked_into[net.side_cell[side ^ 1]] -= 1


def set_gate_station(net: Network, st: State, gate: int, now: float) -> None:
    """Wake the gate when it is free again, if somebody waits who is not held up already."""
    a = 2 * gate
    time = math.inf
    if st.is_open[gate] and (st.waiting[a] > 0 or st.waiting[a + 1] > 0):
        free = st.free_at[gate]
        ready = (st.waiting[a] > 0 and st.blocked[a] == 0) or (
            st.waiting[a + 1] > 0 and st.blocked[a + 1] == 0
        )
        if free > now or ready:
            time = max(free, now)
    set_station(st, net.n_cells + 1 + gate, time)


def turn_ring(net: Network, st: State, side: int) -> bool:
    """Look for a ring of full cells whose heads wait for each other, and let it turn.

    Starting from a blocked side, the search follows blocked heads at idle gates from full cell to
    full cell. If it comes back to where it began, every head of the ring passes at this instant.
    """
    now = st.clock[0]
    home = net.side_cell[side]
    beyond = net.side_cell[side ^ 1]
    stamp = st.counters[COUNT_STAMP] + 1
    st.counters[COUNT_STAMP] = stamp
    st.visited[beyond] = stamp
    st.reached_by[beyond] = side
    st.search_stack[0] = beyond
    depth = 1
    found = NOBODY
    while depth > 0 and found == NOBODY:
        depth -= 1
        cell = st.search_stack[depth]
        for i in range(net.cell_sides_start[cell], net.cell_sides_start[cell + 1]):
            out = net.cell_sides[i]
            if st.blocked[out] == 0 or st.free_at[out >> 1] > now or st.is_open[out >> 1] == 0:
                continue
            following = net.side_cell[out ^ 1]
            if following == home:
                found = out
                break
            if st.visited[following] != stamp:
                st.visited[following] = stamp
                st.reached_by[following] = out
                st.search_stack[depth] = following
                depth += 1
    if found == NOBODY:
        return False
    # first everybody leaves, then everybody enters: no cell ever holds one too many
    depth = 0
    step = found
    while True:
        unblock(net, st, step)
        person = take_head(st, step)
        leave(net, st, person, step)
        st.side[person] = step
        st.search_stack[depth] = person
        depth += 1
        if step == side:
            break
        step = st.reached_by[net.side_cell[step]]
    for i in range(depth):
        person = st.search_stack[i]
        step = st.side[person]
        enter(net, st, person, step)
        st.search_stack[i] = step >> 1
    for i in range(depth):
        set_gate_station(net, st, st.search_stack[i], now)
    return True


def vacate(net: Network, st: State, side: int) -> None:
    """Follow up on a cell that somebody left through ``side``: who waits for it, who watches it."""
    cell = net.side_cell[side]
    wake_later(st, cell)
    if st.people[cell] == 0 and st.watch_cell[cell]:
        signal(st, SIGNAL_CELL, cell)


def serve(net: Network, st: State, gate: int) -> None:
    """Let one person pass a gate that is free, or note what the heads wait for."""
    now = st.clock[0]
    chosen = -1
    a = 2 * gate
    b = a + 1
    can_a = can_b = False
    if st.is_open[gate]:
        if st.waiting[a] > 0:
            can_a = st.people[net.side_cell[b]] < net.capacity[net.side_cell[b]]
            if not can_a:
                block(net, st, a)
        if st.waiting[b] > 0:
            can_b = st.people[net.side_cell[a]] < net.capacity[net.side_cell[a]]
            if not can_b:
                block(net, st, b)
    if can_a and can_b:
        chosen = b if st.turn[gate] == 0 else a
    elif can_a:
        chosen = a
    elif can_b:
        chosen = b
    if chosen >= 0:
        if st.blocked[chosen]:
            st.share[chosen] += 1.0 / net.merge_weight[chosen]
            st.last_share[net.side_cell[chosen ^ 1]] = st.share[chosen]
            unblock(net, st, chosen)
        st.turn[gate] = chosen & 1
        person = take_head(st, chosen)
        leave(net, st, person, chosen)
        enter(net, st, person, chosen)
        vacate(net, st, chosen)
    else:
        for side in (a, b):
            if st.blocked[side] and turn_ring(net, st, side):
                break
    set_gate_station(net, st, gate, now)


def arrive(net: Network, st: State, person: int, side: int) -> None:
    """Let a person who has come to a gate pass it, wait there, or turn back if it is closed."""
    gate = side >> 1
    if st.is_open[gate] == 0:
        turn_back(net, st, person, side)
        return
    beyond = net.side_cell[side ^ 1]
    now = st.clock[0]
    if (
        st.waiting[side] == 0
        and (st.waiting[side ^ 1] == 0 or st.blocked[side ^ 1])
        and st.free_at[gate] <= now
        and st.people[beyond] < net.capacity[beyond]
    ):
        leave(net, st, person, side)
        enter(net, st, person, side)
        vacate(net, st, side)
        set_gate_station(net, st, gate, now)
        return
    join_queue(st, person, side)
    if st.free_at[gate] <= now and st.blocked[side] == 0:
        serve(net, st, gate)
    else:
        set_gate_station(net, st, gate, now)


def turn_back(net: Network, st: State, person: int, side: int) -> None:
    """Let a person who finds a gate closed look for another way from where they stand."""
    there = st.next_side[st.row[person] * 2 * net.n_gates + side]
    if there == side or there < 0:
        st.status[person] = NO_ROUTE
        st.side[person] = side
        log(st, EVENT_NO_ROUTE, person, net.side_cell[side])
    else:
        head_for(net, st, person, side)


def settle(net: Network, st: State) -> None:
    """Serve those who wait for cells that have room again, in the merging ratio."""
    now = st.clock[0]
    while st.counters[COUNT_WAKES] > 0:
        st.counters[COUNT_WAKES] -= 1
        cell = st.wake_stack[st.counters[COUNT_WAKES]]
        st.wake_mark[cell] = 0
        while st.blocked_into[cell] > 0 and st.people[cell] < net.capacity[cell]:
            best = -1
            for i in range(net.cell_sides_start[cell], net.cell_sides_start[cell + 1]):
                side = net.cell_sides[i] ^ 1
                if st.blocked[side] and (best < 0 or st.share[side] < st.share[best]):
                    best = side
            gate = best >> 1
            if st.free_at[gate] > now:
                unblock(net, st, best)
                set_gate_station(net, st, gate, now)
            else:
                serve(net, st, gate)
                if st.blocked[best]:  # the other direction had its turn
                    unblock(net, st, best)
                    set_gate_station(net, st, gate, now)
