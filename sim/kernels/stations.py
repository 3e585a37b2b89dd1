"""The clock of the movement: which cell or gate has the next event, kept in a tournament.

Stations are the leaves of a complete tree in which every node holds the station with the earliest
time of the four below it, and that time. Below node ``i`` are ``4 i - 2`` to ``4 i + 1``; node 1 is
the top. A station that changes its time plays its way up until the outcome stays as it was. Of
equal times the station with the lower number wins: cells in plan order, then starts, then gates.

The rounds are written with `min` and sums instead of branches: which station wins is a toss-up, and
a processor that guesses wrong loses more time than the whole round takes.
"""

from __future__ import annotations

from sim.kernels.arrays import State


def set_station(st: State, station: int, time: float) -> None:
    """Move a station to its new time."""
    key = st.key
    winner = st.winner
    node = ((len(key) + 2) >> 2) + station
    if time == key[node]:
        return
    key[node] = time
    while node > 1:
        node = (node + 2) >> 2
        a = 4 * node - 2
        time_a = key[a]
        time_b = key[a + 1]
        time_c = key[a + 2]
        time_d = key[a + 3]
        time_ab = min(time_a, time_b)
        time_cd = min(time_c, time_d)
        ab = a + (time_b < time_a)
        cd = a + 2 + (time_d < time_c)
        best = winner[cd if time_cd < time_ab else ab]
        time = min(time_ab, time_cd)
        if key[node] == time and winner[node] == best:
            break
        key[node] = time
        winner[node] = best
