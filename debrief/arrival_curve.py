"""How many are out by when: the observed steps against the curves of the simulated drills."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from debrief.drill_log import Observation

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ObservedSteps:
    """People counted out up to each time, over all exits that were watched."""

    times_s: Floats
    counts: Floats
    exits: tuple[str, ...]


def observed_steps(observations: Sequence[Observation]) -> ObservedSteps:
    """Add up the counts of the exits: cumulative ones as they stand, increments one on another.

    Only exact times of ``exit_count`` that are not set aside count. The sum speaks of the watched
    exits alone; it is a lower bound for the building.
    """
    events: list[tuple[float, str, int]] = []
    total: dict[str, int] = {}
    rows = [
        o for o in observations
        if o.event == "exit_count" and o.is_exact and o.quality != "excluded" and o.count
        and o.place.kind == "exit"
    ]  # fmt: skip
    for o in sorted(rows, key=lambda o: (o.t_s, o.obs_id)):
        count = o.count or 0
        before = total.get(o.place.id, 0)
        after = before + count if o.count_kind == "increment" else max(before, count)
        total[o.place.id] = after
        events.append((o.t_s, o.place.id, after - before))
    times = [time for time, _, _ in events]
    steps = np.cumsum([step for _, _, step in events], dtype=np.float64)
    return ObservedSteps(np.array(times), steps, tuple(sorted(total)))


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """Where simulated curves run, point by point and all at once.

    Attributes
    ----------
    median, low, high : ndarray, shape (T,)
        Point by point: middle and central 90 %.
    outer_low, outer_high : ndarray, shape (T,)
        Global envelope: 95 % of the simulated curves stay inside it everywhere.
    p : float
        Share of curves, the observed one among them, that are as extreme as the observed one; nan
        where none was given.
    """

    median: Floats
    low: Floats
    high: Floats
    outer_low: Floats
    outer_high: Floats
    p: float


def curve_envelope(simulated: Floats, observed: Floats | None = None) -> Envelope:
    """Return the pointwise band and the global envelope of curves by extreme rank length.

    Parameters
    ----------
    simulated : ndarray, shape (R, T)
        Counts of each replica at T times.
    observed : ndarray, shape (T,), optional
        The observed curve at the same times.

    Notes
    -----
    A curve's extremeness is the sorted vector of its pointwise two-sided ranks; curves are ordered
    by it lexicographically (extreme rank length; Myllymaki, Mrkvicka, Grabarnik, Seijo and Hahn,
    J. R. Stat. Soc. B 79, 2017).

    Examples
    --------
    >>> curves = np.arange(100.0)[:, None] + np.zeros(5)
    >>> curve_envelope(curves, np.full(5, 200.0)).p
    0.019801980198019802
    """
    rows = simulated if observed is None else np.vstack([observed, simulated])
    n = len(rows)
    from scipy.stats import rankdata  # only where curves are ranked

    up = rankdata(rows, axis=0, method="average")
    two_sided = np.sort(np.minimum(up, n + 1 - up), axis=1)
    order = np.lexsort(two_sided.T[::-1])
    extreme = np.empty(n, dtype=np.int64)
    extreme[order] = np.arange(n)
    p = math.nan
    if observed is not None:
        same = (two_sided == two_sided[0]).all(axis=1)
        p = float(max(extreme[0] + 1, int(extreme[same].max()) + 1) / n)
    own = extreme if observed is None else extreme[1:]
    inside = simulated[np.argsort(own, kind="stable")[int(0.05 * len(simulated)) :]]
    ordered = np.sort(simulated, axis=0)
    k = max(1, math.floor(0.05 * (len(simulated) + 1) + 1e-9))
    return Envelope(
        median=ordered[(len(ordered) - 1) // 2],
        low=ordered[k - 1],
        high=ordered[len(ordered) - k],
        outer_low=inside.min(axis=0),
        outer_high=inside.max(axis=0),
        p=p,
    )
