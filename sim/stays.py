"""Who was in which cell from when until when, read from the event log of one run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from sim.kernels.arrays import EVENT_ALIGHT, EVENT_BOARD, EVENT_PASS
from sim.results import Events

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Stays(NamedTuple):
    """One row for each time that somebody was in a cell, by person, then in order of time."""

    person: Ints
    cell: Ints  # the cell; -1 in a lift car
    from_s: Floats
    until_s: Floats
    first: NDArray[np.bool_]  # whether it is where the person was at the start

    def of_people(self, who: NDArray[np.bool_]) -> Stays:
        """Return the stays of some people, told by a flag for each, shape (N,)."""
        own = who[self.person]
        return Stays(
            self.person[own], self.cell[own], self.from_s[own], self.until_s[own], self.first[own]
        )


def stays_of(compiled: CompiledPlan, events: Events, first_cell: Ints, end_s: float) -> Stays:
    """Follow everybody from cell to cell.

    Parameters
    ----------
    compiled : CompiledPlan
    events : Events
        Of a run that was recorded.
    first_cell : ndarray of int, shape (N,)
        Where each person was at the start.
    end_s : float
        When the last stay of everybody ends.

    Returns
    -------
    Stays
        Those of each person follow each other without a gap from 0 to ``end_s``.
    """
    n_people = len(first_cell)
    moved = np.flatnonzero(np.isin(events.kind, (EVENT_PASS, EVENT_BOARD, EVENT_ALIGHT)))
    kind, subject = events.kind[moved], events.subject[moved].astype(np.int64)
    passed = kind == EVENT_PASS
    entered = np.where(passed, compiled.side_cell[np.where(passed, subject, 0) ^ 1], subject)
    entered[kind == EVENT_BOARD] = -1
    person = np.concatenate([np.arange(n_people), events.person[moved].astype(np.int64)])
    order = np.argsort(person, kind="stable")  # the log is in order of time
    person = person[order]
    cell = np.concatenate([first_cell, entered])[order]
    from_s = np.minimum(np.concatenate([np.zeros(n_people), events.time_s[moved]])[order], end_s)
    last = np.append(person[1:] != person[:-1], np.ones(min(1, len(person)), dtype=np.bool_))
    until_s = np.where(last, end_s, np.append(from_s[1:], end_s)[: len(person)])
    return Stays(person, cell, from_s, until_s, order < n_people)
