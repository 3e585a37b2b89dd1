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
        anybody, then one row for each change. The open air and lift cars are left out.
    """
    compiled = ensemble.compiled
    people = np.bincount(ensemble.roster.space, minlength=len(compiled.space_ids))
    held = np.flatnonzero(people)
    pass_, board, alight = (EVENT_KINDS.index(kind) for kind in ("pass", "board", "alight"))
    moved = np.flatnonzero(np.isin(result.events.kind, (pass_, board, alight)))
    times, spaces, change = [], [], []
    log = result.events
    for time_s, kind, subject in zip(
        log.time_s[moved].tolist(), log.kind[moved].tolist(), log.subject[moved].tolist(),
        strict=True,
    ):  # fmt: skip
        if kind == pass_:
            cells = compiled.side_cell[[subject, subject ^ 1]].tolist()
        else:
            cells = [subject, -1] if kind == board else [-1, subject]  # into a lift car, or out
        left, entered = (int(compiled.cell_space[cell]) if cell >= 0 else -1 for cell in cells)
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
