"""The tables that the movement kernel reads and writes, one line of meaning for each field.

A table is a NumPy structured array when compiled, and a list of plain objects with the same fields
when interpreted: ``st.persons[i].status`` reads alike in both. C cells (the open air last) and one
pseudo cell ``C`` in which people wait for their start; G gates; S = 2 G sides; N persons.
"""

from __future__ import annotations

from dataclasses import make_dataclass
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Table: TypeAlias = Any  # a structured ndarray when compiled, a list of records when interpreted
Vector: TypeAlias = Any  # a contiguous ndarray when compiled, a list when interpreted

# What a person is doing; the order is that of `sim.results.FINAL_STATES`.
NOT_STARTED: Final = 0
WALKING: Final = 1
QUEUEING: Final = 2
NO_ROUTE: Final = 3
IN_PLACE: Final = 4
OUT: Final = 5
JOINED: Final = 6  # goes with somebody, as a helper does
RIDING: Final = 7  # in a lift car

# Kinds of logged event, in the order of `sim.results.EVENT_KINDS`.
EVENT_START: Final = 0  # subject: the cell
EVENT_QUEUE: Final = 1  # subject: the side where the person begins to wait
EVENT_PASS: Final = 2  # subject: the side passed from
EVENT_PLACE: Final = 3  # subject: the place reached
EVENT_NO_ROUTE: Final = 4  # subject: the cell
EVENT_TURN: Final = 5  # subject: the side headed for from now on, -1 none
EVENT_JOIN: Final = 6  # subject: the person gone with from now on
EVENT_PART: Final = 7  # subject: the person gone with until now
EVENT_BOARD: Final = 8  # subject: the cell left
EVENT_ALIGHT: Final = 9  # subject: the cell reached

# Kinds of signal that stop the kernel early.
SIGNAL_GROUP: Final = 0  # the last member of a watched group reached its place
SIGNAL_CELL: Final = 1  # a watched cell became empty
SIGNAL_PERSON: Final = 2  # a watched person reached a place, or has no way
SIGNAL_LOG: Final = 3  # the log needs more room
SIGNAL_ROWS: Final = 4  # the routing tables need more rows
SIGNAL_STALLED: Final = 5  # too much has happened at one instant

# Entries of State.counters.
COUNT_EVENTS: Final = 0
COUNT_SIGNALS: Final = 1
COUNT_RECORD: Final = 2
COUNT_STAMP: Final = 3
COUNT_WAKES: Final = 4
COUNT_STALE: Final = 5
COUNT_ROWS: Final = 6  # routing rows in use
COUNT_SHUT: Final = 7  # changes of doors so far
COUNT_LOST: Final = 8  # things that could not be learned for want of a row
COUNT_STALLS: Final = 9  # events at the present instant
COUNT_STOOD: Final = 10  # 1 when somebody has come to stand somewhere
N_COUNTERS: Final = 11

NOBODY: Final = -1
TOLD: Final = -2  # the side of a person whose start is set


def _record(fields: str) -> np.dtype[np.void]:
    """Return a record type from lines of ``name code  # meaning``."""
    named = [line.split("#")[0].split() for line in fields.strip().splitlines()]
    return np.dtype([(name, code) for name, code in named])


CELL_FACTS: Final = _record("""
    space i8         # space of the cell, -1 outside
    first_side i8    # offset of its sides in Network.cell_sides
    n_sides i8       # k, how many there are
    hop_start i8     # offset of its k x k block in Network.hops
    table_start i8   # offset of its speed and supply tables, by number of people
    table_last i8    # last entry of those tables; it holds for larger numbers too
    capacity i8      # people it can hold
    single_file i8   # 1 where nobody overtakes: a narrow stair
""")
SIDE_FACTS: Final = _record("""
    cell i8          # cell in which the side lies
    local i8         # index of the side among those of its cell
    merge_weight f8  # share of a freed place that people waiting at this side get
""")
GATE_FACTS: Final = _record("""
    headway_s f8     # least time between two people
    counterflow f8   # factor >= 1 on the headway while people wait on the other side
    minor_share f8   # share of the passages that the smaller of two opposed queues gets at least
    is_exit i8       # 1 where people may evacuate through
    place i8         # goal place to which an exit discharges, -1 none
    first_part i8    # first of the gates that are parts of the same wide opening, or itself
    n_parts i8       # how many there are, one after the other
""")
HOP_FACTS: Final = _record("""
    metres f8        # walking metres (stairs: length over the stair's speed factor)
    kind i8          # 0 level, 1 down, 2 up
""")
PLACE_FACTS: Final = _record("""
    walk i8          # offset of the place in Network.walk_m
    cell i8
""")
ROW_FACTS: Final = _record("""
    place i8         # goal place of a routing row, -1 where the goal is the open air
    gate i8          # the only exit allowed, -1 any
    level_only i8    # 1 for people who cannot use stairs
    root i8          # row of the same goal that knows of no closed door
    parent i8        # row that knows of one closed side less, -1 at the root
    shut i8          # the side known to be closed, beyond those of the parent; -1 at the root
    n_shut i8        # how many are known
    child i8         # first row that knows of one closed side more
    after i8         # next row of the same parent
    routed i8        # 1 once its ways have been found
""")

CELL_STATE: Final = _record("""
    pace f8          # share of the free speed at present
    progress f8      # virtual time V at the time `since`
    since f8         # when pace last changed
    last_share f8    # merging account of the side served last
    last_down f8     # target of whoever entered last to walk down, where it is single file
    last_up f8       # the same, up
    occupants i8     # places taken in the cell
    aside i8         # of these, by people who stand in a marked place
    shut i8          # sides of the cell that let nobody pass
    reserved i8      # side whose wide head waits for several places, -1 none
    root i8          # walker with the nearest target
    blocked_into i8  # sides that wait for room in the cell
    on_stack i8      # 1 while the cell is on the wake stack
    visited i8       # stamp of the last search for a ring
    reached_by i8    # side through which that search came
    watched i8       # signal when the cell becomes empty
    stale i8         # 1 while the station of the cell has to be set again
    changed i8       # 1 while people in the cell have to think again
    stood i8         # 1 when somebody has come to stand there without a way or at a closed door
    standers i8      # 1 while somebody may stand there so, 0 where nobody does
""")
GATE_STATE: Final = _record("""
    free_at f8       # when the next person may pass
    owed f8          # passages that the first side is owed while both wait
""")
SIDE_STATE: Final = _record("""
    share f8           # merging account
    queue_person_s f8  # seconds that people have waited here, together
    first_pass_s f8
    last_pass_s f8
    first i8           # head of the queue
    last i8            # tail of the queue
    waiting i8         # length of the queue
    blocked i8         # 1 while the head waits for room in the next cell
    passed i8
    peak_queue i8
    is_open i8         # 1 while people may pass from this side
    bound i8           # people who walk to the side or wait at it
""")
WALK_STATE: Final = _record("""
    target f8        # virtual time at which the present walk ends
    child i4         # pairing heap: first child
    after i4         # pairing heap: next sibling; queue: next in line
""")
# first what every step touches, so that it lies together
PERSON_STATE: Final = _record("""
    queued_at f8     # when the present wait began
    waited_s f8
    walked_m f8
    length_m f8      # metres of the present walk
    inside_m f8      # metres to a goal in the cell in which the person stands when sent there
    status i8
    cell i8
    side i4          # side walked to or waited at, -1 none
    row i4           # routing row
    place i4         # goal place, -1 where the exit taken decides
    home i4          # space at the start
    origin i4        # side where the present walk began, -1 the anchor, -2 the middle of the floor
    size i4          # places taken up
    kind i4          # kind of the present walk: 0 level, 1 down, 2 up
    mate i4          # who goes with them (or the next of these), -1 nobody
    quick i4         # 1 for the locally quickest way, 0 for the shortest
    patient i4       # 1 for waiting at closed doors
    detours i4       # ways away from the goal taken so far because of queues
    anchor i4        # offset in Network.walk_m of where the person stood first, or last had a place
    group i4         # class, -1 none
    missing i4       # 1 until the class counts the person as arrived
    watched i4       # 1: signal when the person reaches a place, 2: also when there is no way
    changed i4       # 1 while the person has to think again, 2 once they turn round
    leader i4        # with whom they go, -1 nobody
    exit_gate i8
    tie f8           # in [0, 1): which of equally good ways the person takes
    started_s f8
    left_room_s f8
    out_s f8
    placed_s f8
""")
GROUP_STATE: Final = _record("""
    missing i8       # members not yet in place
    watched i8       # signal when none is missing
""")
SIGNAL: Final = _record("""
    kind i8
    subject i8
""")
EVENT: Final = _record("""
    time_s f8
    kind i4
    person i4
    subject i4
""")


class Network(NamedTuple):
    """What does not change during a run."""

    n_cells: int  # C, the open air included
    n_gates: int  # G
    cells: Table  # (C + 1,) CELL_FACTS
    sides: Table  # (S,) SIDE_FACTS
    gates: Table  # (G,) GATE_FACTS
    cell_sides: Vector  # (S,) sides of each cell, ascending
    hops: Table  # HOP_FACTS, a k x k block for each cell
    walk_m: Vector  # metres from a standing place, or a goal place, to each side of its cell
    speed_table: Vector  # share of the free speed left when n people are in the cell
    supply_table: Vector  # factor >= 1 on the headway of people who enter at n people
    places: Table  # (P,) PLACE_FACTS
    rows: Table  # ROW_FACTS of the goals that people set out for
    turn_gain_s: float  # seconds that a change of queue has to save


class State(NamedTuple):
    """Everything that changes during a run."""

    clock: Vector  # (1,) simulated time
    counters: Vector  # (N_COUNTERS,)
    # stations: cells 0..C-1, the starts C, gates C+1..C+G; M is the next power of four
    key: Vector  # (L + M,) time of the next event below each node, inf when none; leaves from L on
    winner: Vector  # (L + M,) its station; see `stations`, node 1 is the next of all
    cells: Table  # (C + 1,) CELL_STATE
    gates: Table  # (G,) GATE_STATE
    sides: Table  # (S,) SIDE_STATE
    walks: Table  # (N,) WALK_STATE, apart from the rest because it is read most
    persons: Table  # (N,) PERSON_STATE
    speed_mps: Vector  # (3 N,) level, down, up
    groups: Table  # (K,) GROUP_STATE
    signals: Table  # SIGNAL
    stale: Vector  # (C + 1,) cells whose station has to be set again
    wake_stack: Vector  # (C,) cells that have room again
    ring: Vector  # (C,) work space of the search for rings
    rows: Table  # (R,) ROW_FACTS: goals, and what is known about closed doors
    potential: Vector  # (R S,) metres from side s, through its gate, to the goal
    next_side: Vector  # (R S,) side to head for from side s of the same cell, -1 none
    alike: Vector  # (R S,) how many sides are as good as that one
    todo: Vector  # (S,) work space of the search for ways: sides to look at
    queued: Vector  # (S,) 1 while a side is among them
    closed: Vector  # (S,) 1 for the sides that a row knows to be closed
    path: Vector  # (S + 1,) the sides that a row knows to be closed, ascending
    shelf: Vector  # (N,) people set aside while a cell thinks again
    log: Table  # EVENT


@cache
def _record_class(names: tuple[str, ...]) -> type:
    return make_dataclass("Record", [(name, Any) for name in names], slots=True)


def as_list(value: Any) -> Any:
    """Return an array as a list of numbers, a structured array as a list of records.

    Anything else is returned as it is.
    """
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.names is None:
        return value.tolist()
    record = _record_class(value.dtype.names)
    return [record(*row) for row in value.tolist()]


def rows(table: Table, n: int) -> list[tuple[Any, ...]]:
    """Return the first n records of a table as plain tuples."""
    if isinstance(table, np.ndarray):
        return [tuple(row) for row in table[:n].tolist()]
    return [tuple(getattr(row, name) for name in row.__slots__) for row in table[:n]]


def column(table: Table, record: np.dtype[np.void], name: str, dtype: Any = None) -> NDArray[Any]:
    """Return a copy of one field of a table of records, in either of its shapes."""
    if isinstance(table, np.ndarray):
        return np.array(table[name], dtype=dtype)
    return np.array([getattr(row, name) for row in table], dtype=dtype or record[name])


def filled(dtype: np.dtype[np.void], n: int, **values: Any) -> NDArray[np.void]:
    """Return a structured array of zeros with some fields set.

    Raises
    ------
    ValueError
        If a field is unknown.
    """
    table = np.zeros(n, dtype=dtype)
    for name, value in values.items():
        table[name] = value
    return table
