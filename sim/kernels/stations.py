"""The clock of the movement: which cell or gate has the next event, kept in a tournament.

Stations are the leaves of a complete binary tree in which every node holds the station with the
earlier time of the two below it, and that time. A station that changes its time plays its way up
until the outcome stays as it was. Of equal times the station with the lower number wins: cells in
plan order, then starts, then gates.
"""

from __future__ import annotations

from sim.kernels.arrays import State


def set_station(st: State, station: int, time: float) -> None:
    """Move a station to its new time."""
    key = st.key
    winner = st.winner
    node = (len(key) >> 1) + station
    if time == key[node]:
        return
    key[node] = time
    best = station
    while node > 1:
        rival = node ^ 1
        other = key[rival]
        if other < time or (other == time and rival < node):
            time = other
            best = winner[rival]
        node >>= 1
        if key[node] == time and winner[node] == best:
            break
        key[node] = time
        winner[node] = best
