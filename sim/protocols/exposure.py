"""How long each person could be seen from outside a room: seconds in line of sight of an opening.

It is a matter of sight only, after the definition of line-of-sight exposure in the project's list
of measures: occupant-seconds in view of an opening that is not secured, or in a hall. Where
somebody stands is taken to be the standing place of their start until they reach the corner.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledCorners

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def seconds_in_sight(
    corners: CompiledCorners,
    *,
    slot: Ints,
    space: Ints,
    doors_open_until_s: Floats,
    covered_s: Floats,
    left_room_s: Floats,
    settled_s: Floats,
    visible: Flags,
    from_s: float,
    until_s: Floats,
) -> Floats:
    """Return for how long each person is in sight.

    From ``from_s`` to ``left_room_s`` somebody is seen as their standing place is: through open
    doors, then through the glass of closed ones, then past drawn covers. From there to
    ``settled_s`` they are in the open, and always seen; afterwards as ``visible`` says.

    Parameters
    ----------
    corners : CompiledCorners
    slot : ndarray of int, shape (N,)
        Standing place at the start; -1 for people outdoors.
    space : ndarray of int, shape (N,)
        Space at the start.
    doors_open_until_s, covered_s : ndarray, shape (S',)
        When the last door of each space closes and its last cover is drawn; inf never.
    left_room_s, settled_s : ndarray, shape (N,)
        inf where it does not happen; people in a hall have left a room at ``from_s``.
    visible : ndarray of bool, shape (N,)
    from_s : float
    until_s : ndarray, shape (N,)

    Returns
    -------
    ndarray, shape (N,)
        Seconds, at least 0 and at most ``until_s - from_s``.
    """
    at = np.maximum(slot, 0)
    end = np.maximum(until_s, from_s)
    first = np.clip(left_room_s, from_s, end)
    second = np.clip(settled_s, first, end)
    shut = np.clip(np.where(space >= 0, doors_open_until_s[space], np.inf), from_s, first)
    drawn = np.clip(np.where(space >= 0, covered_s[space], np.inf), shut, first)
    in_room = (
        corners.seen_open[at] * (shut - from_s)
        + corners.seen_closed[at] * (drawn - shut)
        + corners.seen_covered[at] * (first - drawn)
    )
    in_room = np.where(slot >= 0, in_room, 0.0)
    return np.asarray(in_room + (second - first) + visible * (end - second))
