"""The clock of the movement: an indexed binary heap of cells and gates by their next event.

Ties are broken by the number of the station: cells in plan order, then starts, then gates.
"""

from __future__ import annotations

from sim.kernels.arrays import State


def set_station(st: State, station: int, time: float) -> None:
    """Move a station to its new time."""
    heap = st.heap
    at = st.heap_at
    key = st.key
    old = key[station]
    if time == old:
        return
    key[station] = time
    i = at[station]
    if time < old:
        while i > 0:
            up = (i - 1) >> 1
            other = heap[up]
            k = key[other]
            if k < time or (k == time and other < station):
                break
            heap[i] = other
            at[other] = i
            i = up
    else:
        n = len(heap)
        while True:
            down = 2 * i + 1
            if down >= n:
                break
            other = heap[down]
            if down + 1 < n:
                right = heap[down + 1]
                if key[right] < key[other] or (key[right] == key[other] and right < other):
                    down += 1
                    other = right
            k = key[other]
            if time < k or (time == k and station < other):
                break
            heap[i] = other
            at[other] = i
            i = down
    heap[i] = station
    at[station] = i
