"""The arrays that the movement kernel reads and writes, one line of meaning each.

Every array is one-dimensional, so that the same text runs over NumPy arrays (compiled) and over
Python lists (interpreted). C cells (the open air last) and one pseudo cell ``C`` in which people
wait for their start; G gates; S = 2 G sides; N people; K groups; R routing rows.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeAlias

Vector: TypeAlias = Any  # a contiguous ndarray when compiled, a list when interpreted

# What a person is doing; the order is that of `sim.results.FINAL_STATES`.
NOT_STARTED: Final = 0
WALKING: Final = 1
QUEUEING: Final = 2
NO_ROUTE: Final = 3
IN_PLACE: Final = 4
OUT: Final = 5

# Kinds of logged event.
EVENT_START: Final = 0  # subject: the cell
EVENT_QUEUE: Final = 1  # subject: the side where the person begins to wait
EVENT_PASS: Final = 2  # subject: the side passed from
EVENT_PLACE: Final = 3  # subject: the place reached
EVENT_NO_ROUTE: Final = 4  # subject: the cell

# Kinds of signal that stop the kernel early.
SIGNAL_GROUP: Final = 0  # the last member of a watched group reached its place
SIGNAL_CELL: Final = 1  # a watched cell became empty
SIGNAL_PERSON: Final = 2  # a watched person reached a place
SIGNAL_LOG: Final = 3  # the log needs more room

# Entries of State.counters.
COUNT_EVENTS: Final = 0
COUNT_SIGNALS: Final = 1
COUNT_RECORD: Final = 2
COUNT_STAMP: Final = 3
COUNT_WAKES: Final = 4
N_COUNTERS: Final = 5

NOBODY: Final = -1


class Network(NamedTuple):
    """What does not change during a run."""

    n_cells: int  # C, the open air included
    n_gates: int  # G
    side_cell: Vector  # (S,) cell in which the side lies
    side_local: Vector  # (S,) index of the side among those of its cell
    cell_sides_start: Vector  # (C + 1,) offsets into cell_sides
    cell_sides: Vector  # (S,) sides of each cell, ascending
    cell_space: Vector  # (C,) space of the cell, -1 outside
    hop_start: Vector  # (C,) offset of the cell's k x k block
    hop_m: Vector  # equivalent walking metres between sides (stairs: length over speed factor)
    hop_kind: Vector  # 0 level, 1 down, 2 up
    walk_m: Vector  # metres from a standing place, or a goal place, to each local side of its cell
    place_walk: Vector  # (P,) offset of a goal place into walk_m
    place_cell: Vector  # (P,)
    table_start: Vector  # (C + 1,) offsets into speed_table and supply_table, by number of people
    speed_table: Vector  # share of the free speed left when n people are in the cell
    supply_table: Vector  # factor >= 1 on the headway of people who enter at n people
    capacity: Vector  # (C + 1,) people the cell can hold
    headway_s: Vector  # (G,) least time between two people through the gate
    counterflow: Vector  # (G,) factor >= 1 on the headway while the other direction waits
    merge_weight: Vector  # (S,) share of a freed place that people waiting at this side get
    gate_exit: Vector  # (G,) 1 where people may evacuate through
    gate_place: Vector  # (G,) goal place to which an exit discharges, -1 none
    row_place: Vector  # (R,) goal place of a routing row, -1 where the goal is the open air
    row_gate: Vector  # (R,) the only exit allowed in a row, -1 any


class State(NamedTuple):
    """Everything that changes during a run."""

    clock: Vector  # (1,) simulated time
    counters: Vector  # (N_COUNTERS,)
    # stations: cells 0..C-1, the starts C, gates C+1..C+G; an indexed binary heap
    key: Vector  # (C + 1 + G,) time of the station's next event, inf when none
    heap: Vector  # stations in heap order
    heap_at: Vector  # where each station is in the heap
    # cells
    people: Vector  # (C + 1,) number of people in the cell
    pace: Vector  # (C + 1,) share of the free speed at present
    progress: Vector  # (C + 1,) virtual time V when `since`
    since: Vector  # (C + 1,) time at which pace last changed
    root: Vector  # (C + 1,) walker with the nearest target
    blocked_into: Vector  # (C,) sides that wait for room in the cell
    last_share: Vector  # (C,) merging account of the side served last
    wake_mark: Vector  # (C,) 1 while the cell is on the wake stack
    wake_stack: Vector  # (C,)
    visited: Vector  # (C,) stamp of the last search
    reached_by: Vector  # (C,) side through which the search came
    search_stack: Vector  # (C,)
    # gates
    free_at: Vector  # (G,) time at which the next person may pass
    is_open: Vector  # (G,)
    turn: Vector  # (G,) direction served last when both wait
    # sides
    first: Vector  # (S,) head of the queue
    last: Vector  # (S,) tail of the queue
    waiting: Vector  # (S,) length of the queue
    blocked: Vector  # (S,) 1 while the head waits for room in the next cell
    share: Vector  # (S,) merging account
    passed: Vector  # (S,)
    peak_queue: Vector  # (S,)
    queue_person_s: Vector  # (S,)
    first_pass_s: Vector  # (S,)
    last_pass_s: Vector  # (S,)
    # people
    status: Vector  # (N,)
    cell: Vector  # (N,)
    side: Vector  # (N,) side walked or waited at, -1 when walking to a place
    row: Vector  # (N,) routing row
    place: Vector  # (N,) goal place, -1 where the exit taken decides
    group: Vector  # (N,) class, -1 none
    anchor: Vector  # (N,) offset into walk_m of where the person stands, -1 when walking
    home: Vector  # (N,) space at the start
    target: Vector  # (N,) virtual time at which the present walk ends
    child: Vector  # (N,) pairing heap
    after: Vector  # (N,) next sibling, or next in the queue
    queued_at: Vector  # (N,)
    speed_mps: Vector  # (3 N,) level, down, up
    started_s: Vector  # (N,)
    left_room_s: Vector  # (N,)
    out_s: Vector  # (N,)
    exit_gate: Vector  # (N,)
    placed_s: Vector  # (N,)
    waited_s: Vector  # (N,)
    walked_m: Vector  # (N,)
    # groups and watches
    group_missing: Vector  # (K,) members not yet in place
    watch_group: Vector  # (K,)
    watch_cell: Vector  # (C,)
    watch_person: Vector  # (N,)
    signal_kind: Vector
    signal_subject: Vector
    # routes
    potential: Vector  # (R S,) seconds-equivalent metres from side s, through its gate, to the goal
    next_side: Vector  # (R S,) side to head for from side s of the same cell, -1 none
    # log
    log_time_s: Vector
    log_kind: Vector
    log_person: Vector
    log_subject: Vector
