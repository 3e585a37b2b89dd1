"""Who is neither in a secured room nor out of the building, at a time, and where."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PLACE_KINDS: Final = ("room", "large_room", "restroom", "hall", "other")
"""Kinds of place where people may be stranded: a classroom or office, a gym, cafeteria or library,
a restroom, a hall or stair, anywhere else."""
HALL: Final = PLACE_KINDS.index("hall")


def stranded(
    at_s: ArrayLike,
    *,
    start_space: Ints,
    space_kind: Ints,
    secured_s: Floats,
    left_start_s: Floats,
    out_s: Floats,
    in_room_s: Floats,
    in_room: Ints,
    sheltered_s: Floats | None = None,
) -> Ints:
    """Count the people who are stranded at some times, by the kind of place.

    Somebody counts who is not outside, not in shelter and not in a room that is secured by then.
    Between two
    places they count as in a hall. Times share one zero; inf where something did not happen.

    Parameters
    ----------
    at_s : array_like, shape (T,)
    start_space : ndarray of int, shape (N,)
        Space at the start; -1 outdoors.
    space_kind : ndarray of int, shape (S',)
        Index into `PLACE_KINDS`.
    secured_s : ndarray, shape (R, S')
        When each room is secured.
    left_start_s : ndarray, shape (R, N)
        Last time out of the space of the start.
    out_s : ndarray, shape (R, N)
        Through the final exit; at most T0 for those who begin outdoors.
    in_room_s, in_room : ndarray, shape (R, N)
        When they are in the room they stay in, and which (-1 none).
    sheltered_s : ndarray, shape (R, N), optional
        Since when they are in shelter.

    Returns
    -------
    ndarray of int, shape (R, T, len(PLACE_KINDS))

    Examples
    --------
    Two people: one in a room that is secured at 50 s, one in a hall who gets there at 80 s.

    >>> stranded([40.0, 60.0, 90.0], start_space=np.array([0, 1]),
    ...     space_kind=np.array([0, HALL]), secured_s=np.array([[50.0, np.inf]]),
    ...     left_start_s=np.array([[np.inf, 70.0]]), out_s=np.full((1, 2), np.inf),
    ...     in_room_s=np.array([[10.0, 80.0]]), in_room=np.array([[0, 0]])).sum(axis=2).tolist()
    [[2, 1, 0]]
    """
    times = np.atleast_1d(np.asarray(at_s, dtype=np.float64))
    replicas = len(secured_s)
    counted = np.zeros((replicas, len(times), len(PLACE_KINDS)), dtype=np.int64)
    rows = np.arange(replicas)[:, None]
    kinds = np.append(space_kind, HALL)
    secured = np.concatenate([secured_s, np.full((replicas, 1), np.inf)], axis=1)
    starts_out = (start_space < 0)[None, :]
    for n, at in enumerate(times.tolist()):
        in_place = (in_room_s <= at) & (in_room >= 0)
        gone = ~in_place & (left_start_s <= at)
        place = np.where(in_place, in_room, np.where(gone, -1, start_space[None, :]))
        safe = (out_s <= at) | (starts_out & ~in_place) | (secured[rows, place] <= at)
        if sheltered_s is not None:
            safe |= sheltered_s <= at
        kind = kinds[place]
        for code in range(len(PLACE_KINDS)):
            counted[:, n, code] = (~safe & (kind == code)).sum(axis=1)
    return counted
