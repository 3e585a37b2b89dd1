"""Which classes are away from their rooms at a time of day, and where each of them is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenarios.floor_left import FloorLeft
from sim import Groups

Floats = NDArray[np.float64]


def classes_at(
    groups: Groups,
    places_needed: Floats,
    *,
    share: float,
    order: Floats,
    which: Floats,
    rooms: Sequence[Sequence[int]],
    places: Sequence[int],
    floor: FloorLeft,
) -> dict[int, tuple[int, int]]:
    """Share classes among large rooms, or places outdoors.

    A class goes as a whole and only with somebody who leads it. As many go as the share of all
    classes says, rounded up, in the order of their draws; a class that fits nowhere stays.

    Parameters
    ----------
    groups : Groups
        K classes.
    places_needed : ndarray, shape (K,)
        Places that the people of each class take up.
    share : float
        Share of the classes that are away.
    order, which : ndarray, shape (K,)
        Draws in [0, 1): who goes first, and to which of several places outdoors.
    rooms : sequence of sequence of int
        Spaces, those of the first list before those of the second; in each the one with most floor
        left.
    places : sequence of int
        Places outdoors, which hold everybody; the spaces count among them.
    floor : FloorLeft
        What is left in the spaces, which goes down.

    Returns
    -------
    mapping of class to (space, place outdoors)
        One of the two is -1.
    """
    wanted = math.ceil(share * len(groups.ids) - 1e-9)
    first = sorted(range(len(groups.ids)), key=lambda k: (order[k], groups.ids[k]))
    gone: dict[int, tuple[int, int]] = {}
    for k in first:
        if len(gone) == wanted:
            break
        if groups.leader[k] < 0:
            continue
        need = math.ceil(places_needed[k])
        spaces = [row for own in rooms for row in own]
        if places:
            everywhere = [*((-1, place) for place in places), *((row, -1) for row in spaces)]
            row, place = everywhere[int(which[k] * len(everywhere))]
            if row >= 0 and not floor.holds(row, need):
                row, place = -1, places[int(which[k] * len(places))]
            gone[k] = (row, place)
        else:
            fitting = [
                max(own, key=lambda row: (floor.left(row), -row))
                for own in rooms
                if any(floor.holds(row, need) for row in own)
            ]
            if not fitting or int(groups.space[k]) in spaces:
                continue
            gone[k] = (fitting[0], -1)
        if gone[k][0] >= 0:
            floor.take(gone[k][0], need)
    return gone
