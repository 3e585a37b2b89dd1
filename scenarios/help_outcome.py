"""What became of those who need help, over all replicas: waiting, help, setting off, helpers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import WAYS_OUT, RunResult

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PREFIX: Final = "help_of_"
"""What the arrays are called beside those of the ensemble: prefix and field."""


@dataclass(frozen=True, slots=True, eq=False)
class HelpOutcome:
    """R replicas, A people who need help to leave: the same people in each.

    Attributes
    ----------
    person : ndarray of int, shape (R, A)
        Row of the roster.
    waits_from_s, help_s, set_off_s : ndarray, shape (R, A)
        Begins to wait; all helpers are there, or the lift stands open; leaves. inf if never.
    way : ndarray of int, shape (R, A)
        Index into ``sim.WAYS_OUT``.
    helpers_used, helpers_at_once : ndarray of int, shape (R,)
        How many people were called to help, and at most at the same time.
    """

    person: Ints
    waits_from_s: Floats
    help_s: Floats
    set_off_s: Floats
    way: Ints
    helpers_used: Ints
    helpers_at_once: Ints

    def __post_init__(self) -> None:
        for entry in fields(self):
            getattr(self, entry.name).setflags(write=False)

    @property
    def people(self) -> Ints:
        """Rows of the roster of those who need help, shape (A,)."""
        return self.person[0] if len(self.person) else self.person.reshape(-1)

    def wait_s(self) -> Floats:
        """Time from beginning to wait until help begins, shape (R, A); inf if it never does."""
        with np.errstate(invalid="ignore"):
            wait = self.help_s - self.waits_from_s
        return np.where(np.isfinite(wait), wait, np.inf)


def stack_help(results: Iterable[RunResult]) -> dict[str, NDArray[Any]]:
    """Return the arrays of several results on top of each other, by prefixed name."""
    rows = list(results)
    stacked: dict[str, NDArray[Any]] = {
        name: np.stack([getattr(row.help, name) for row in rows])
        for name in ("person", "waits_from_s", "help_s", "set_off_s", "way")
    }
    used = [(row.help.helpers_used(), row.help.most_at_once()) for row in rows]
    stacked["helpers_used"] = np.array([n for n, _ in used], dtype=np.int64)
    stacked["helpers_at_once"] = np.array([n for _, n in used], dtype=np.int64)
    return {f"{PREFIX}{name}": values for name, values in stacked.items()}


def help_from(stacked: Mapping[str, NDArray[Any]]) -> HelpOutcome:
    """Return the outcome from the arrays of `stack_help`."""
    return HelpOutcome(**{e.name: stacked[f"{PREFIX}{e.name}"] for e in fields(HelpOutcome)})


def no_help(replicas: int) -> HelpOutcome:
    """Return the outcome of runs in which nobody needs help."""
    nobody, none = np.zeros((replicas, 0)), np.zeros(replicas, dtype=np.int64)
    people = nobody.astype(np.int64)
    return HelpOutcome(
        people, nobody, nobody.copy(), nobody.copy(), people.copy(), none, none.copy()
    )


def way_shares(outcome: HelpOutcome, column: int) -> dict[str, float]:
    """Return the share of the replicas in which somebody leaves in each way that occurs.

    Examples
    --------
    >>> way_shares(no_help(2), 0) if no_help(2).people.size else {}
    {}
    """
    ways = outcome.way[:, column]
    return {
        name: float((ways == code).mean())
        for code, name in enumerate(WAYS_OUT)
        if (ways == code).any()
    }
