"""How many people are in every space, followed through the event log of one replica."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenarios.ensemble import Ensemble
from sim import EVENT_KINDS, RunResult


def occupancy_changes(
    ensemble: Ensemble, result: RunResult
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Follow the number of people in every space through the event log of one replica.

    Returns
    -------
    times_s, spaces, people : ndarray
        At each time a space holds so many people from then on: first, at 0, every space that has
        anybody, then one row for each change. The open air is left out.
    """
    compiled = ensemble.compiled
    people = np.bincount(ensemble.roster.space, minlength=len(compiled.space_ids))
    held = np.flatnonzero(people)
    passed = np.flatnonzero(result.events.kind == EVENT_KINDS.index("pass"))
    sides = result.events.subject[passed].astype(np.int64)
    times, spaces, change = [], [], []
    for time_s, side in zip(result.events.time_s[passed].tolist(), sides.tolist(), strict=True):
        left, entered = (
            int(compiled.cell_space[compiled.side_cell[one]]) for one in (side, side ^ 1)
        )
        if left == entered:
            continue
        for space, step in ((left, -1), (entered, 1)):
            if space >= 0:
                times.append(time_s)
                spaces.append(space)
                people[space] += step
                change.append(int(people[space]))
    at_start = np.bincount(ensemble.roster.space, minlength=len(compiled.space_ids))[held]
    return (
        np.concatenate([np.zeros(len(held)), times]),
        np.concatenate([held, np.array(spaces, dtype=np.int64)]),
        np.concatenate([at_start, np.array(change, dtype=np.int64)]),
    )
