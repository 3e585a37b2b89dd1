"""How many people are in every space, followed through the event log of one replica."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from scenarios.ensemble import Ensemble
from sim import EVENT_KINDS, RunResult


def cell_moves(
    compiled: CompiledPlan, result: RunResult
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Read from an event log who left which cell for which, through a gate or by lift.

    Returns
    -------
    cells : ndarray, shape (n, 2)
        The cell left and the cell entered; -1 for a lift car.
    times_s : ndarray, shape (n,)
    """
    log = result.events
    pass_, board, alight = (EVENT_KINDS.index(kind) for kind in ("pass", "board", "alight"))
    counted = log.person < len(result.out_s)  # responders are no occupants
    moved = np.flatnonzero(np.isin(log.kind, (pass_, board, alight)) & counted)
    kind, subject = log.kind[moved], log.subject[moved].astype(np.int64)
    side = np.where(kind == pass_, subject, 0)
    left = np.where(kind == pass_, compiled.side_cell[side], subject)
    entered = np.where(kind == pass_, compiled.side_cell[side ^ 1], subject)
    left[kind == alight] = -1
    entered[kind == board] = -1
    return np.column_stack([left, entered]), log.time_s[moved]


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
    people = ensemble.roster.people_in(len(compiled.space_ids))
    held = np.flatnonzero(people)
    at_start = people[held]
    cells, moved_s = cell_moves(compiled, result)
    inside = np.append(compiled.cell_space, -1)[cells]  # -1 stands for itself
    times, spaces, change = [], [], []
    for time_s, (left, entered) in zip(moved_s.tolist(), inside.tolist(), strict=True):
        if left == entered:
            continue
        for space, step in ((left, -1), (entered, 1)):
            if space >= 0:
                times.append(time_s)
                spaces.append(space)
                people[space] += step
                change.append(int(people[space]))
    return (
        np.concatenate([np.zeros(len(held)), times]),
        np.concatenate([held, np.array(spaces, dtype=np.int64)]),
        np.concatenate([at_start, np.array(change, dtype=np.int64)]),
    )
