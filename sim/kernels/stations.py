"""The clock of the movement: which cell or gate has the next event, kept in a tournament.

Stations are the leaves of a complete binary tree in which every node holds the station with the
earlier time of the two below it. A station that changes its time plays its way up until the
outcome stays as it was. Of equal times the station with the lower number wins: cells in plan order,
then starts, then gates.
"""

from __future__ import annotations

from sim.kernels.arrays import State


def set_station(st: State, station: int, time: float) -> None:
    """Move a station to its new time."""
    key = st.key
    if time == key[station]:
        return
    key[station] = time
    winner = st.winner
    node = (len(key) + station) >> 1
    while node > 0:
        left = winner[2 * node]
        right = winner[2 * node + 1]
        best = right if key[right] < key[left] else left
        if best == winner[node] and best != station:
            break
        winner[node] = best
        node >>= 1
