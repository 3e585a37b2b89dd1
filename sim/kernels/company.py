"""People who go with somebody: helpers with the person they help, and people in a lift car."""

from __future__ import annotations

from sim.kernels.arrays import (
    EVENT_ALIGHT,
    EVENT_BOARD,
    EVENT_JOIN,
    EVENT_PART,
    IN_PLACE,
    JOINED,
    NOBODY,
    RIDING,
    SIGNAL_CELL,
    Network,
    State,
)
from sim.kernels.steps import log, reach, signal
from sim.kernels.walkers import change_occupants, wake


def join(net: Network, st: State, person: int, leader: int, extra: int) -> None:
    """Let a person go with another one from now on, as one with what they carry.

    Both have stopped in the same cell. The leader takes up the places of both, and ``extra`` more.
    """
    who = st.persons[person]
    other = st.persons[leader]
    cell = who.cell
    if who.status == IN_PLACE:
        st.cells[cell].aside -= who.size
    if other.status == IN_PLACE:
        st.cells[cell].aside += who.size + extra
    who.status = JOINED
    who.leader = leader
    who.mate = other.mate
    other.mate = person
    other.size += who.size + extra
    log(st, EVENT_JOIN, person, leader)
    change_occupants(net, st, cell, extra)


def part(net: Network, st: State, person: int, extra: int) -> None:
    """Let a person who went with another one, who has stopped, stand by themselves again.

    ``extra`` places are given back with them.
    """
    who = st.persons[person]
    leader = who.leader
    other = st.persons[leader]
    before = leader
    while st.persons[before].mate != person:
        before = st.persons[before].mate
    st.persons[before].mate = who.mate
    who.mate = NOBODY
    who.leader = NOBODY
    other.size -= who.size + extra
    if other.status == IN_PLACE:
        st.cells[other.cell].aside -= who.size + extra
    who.cell = other.cell
    who.place = other.place
    who.anchor = other.anchor
    who.origin = other.origin
    log(st, EVENT_PART, person, leader)
    change_occupants(net, st, who.cell, -extra)
    reach(net, st, person, who.place, who.cell == net.n_cells - 1)
    wake(st, who.cell)


def board(net: Network, st: State, person: int) -> None:
    """Take a person who has stopped, and those who go with them, into a lift car."""
    who = st.persons[person]
    cell = who.cell
    if who.status == IN_PLACE:
        st.cells[cell].aside -= who.size
    who.status = RIDING
    move(st, person, net.n_cells, EVENT_BOARD, cell)
    change_occupants(net, st, cell, -who.size)
    wake(st, cell)
    if st.cells[cell].occupants == 0 and st.cells[cell].watched:
        signal(st, SIGNAL_CELL, cell)


def alight(net: Network, st: State, person: int, place: int) -> None:
    """Let a person in a lift car, and those who go with them, stop at a place."""
    who = st.persons[person]
    move(st, person, net.places[place].cell, EVENT_ALIGHT, net.places[place].cell)
    change_occupants(net, st, who.cell, who.size)
    reach(net, st, person, place, False)


def move(st: State, person: int, cell: int, kind: int, subject: int) -> None:
    """Put a person and those who go with them into another cell, and write that for each."""
    while person != NOBODY:
        st.persons[person].cell = cell
        log(st, kind, person, subject)
        person = st.persons[person].mate
