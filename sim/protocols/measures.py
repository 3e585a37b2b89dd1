"""Measures of a protocol, defined once for simulated and for observed times.

A time may be exact, lie within bounds, be known only not to have happened yet, or be missing
(`BoundedTimes`). Every measure answers within the bounds that follow from that, and says how many
times stand behind it. Definitions: the project's list of metrics for drills, where S_r is the time
at which room r is secured and F(t) the share of rooms with S_r <= t.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.protocols.bounded_times import BoundedTimes, latest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MARKS_S: Final = (60.0, 120.0, 180.0, 300.0)
"""Times after T0 at which shares are given (ours; drills are often read at 1, 2 and 5 minutes)."""
SHARES: Final = (0.5, 0.9, 1.0)
"""Shares whose times are given (ours)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number out of a drill or a replica, with what stands behind it.

    Attributes
    ----------
    low, high : float
        What the bounds of the times allow; inf: not reached.
    n_observed, n_censored, n_missing : int
        Times that were exact, known within bounds or up to an end, and not known.
    unit : str
    t0 : str
        What times are counted from.
    """

    low: float
    high: float
    n_observed: int
    n_censored: int
    n_missing: int
    unit: str
    t0: str

    @property
    def value(self) -> float:
        """The number, nan where the bounds leave it open."""
        return self.low if self.low == self.high else math.nan


def secured_time(
    locked: BoundedTimes,
    lights: BoundedTimes,
    out_of_sight: BoundedTimes,
    quiet: BoundedTimes | None = None,
    *,
    seen_secured_by_s: ArrayLike = np.inf,
    unsecured_at_s: ArrayLike = np.nan,
) -> BoundedTimes:
    """Return when each room was secured: the latest of its parts.

    Parameters
    ----------
    locked, lights, out_of_sight : BoundedTimes
        Shape (S,). A part that is missing leaves the time bounded from below only.
    quiet : BoundedTimes, optional
        Where the school's policy asks for silence too.
    seen_secured_by_s : array_like, shape (S,)
        When somebody checked the door and found the room secured; inf for nobody.
    unsecured_at_s : array_like, shape (S,)
        When the room was seen not to be secured at the end (a lock that failed, say): the time is
        right-censored there; nan where not.

    Examples
    --------
    >>> known = BoundedTimes([30.0, 30.0], [30.0, 30.0])
    >>> dark = BoundedTimes([40.0, np.nan], [40.0, np.nan])
    >>> secured = secured_time(known, dark, known, seen_secured_by_s=[np.inf, 90.0])
    >>> secured.lo_s.tolist(), secured.hi_s.tolist()
    ([40.0, 30.0], [40.0, 90.0])
    """
    parts = (locked, lights, out_of_sight) + (() if quiet is None else (quiet,))
    together = latest(*parts)
    seen = np.broadcast_to(np.asarray(seen_secured_by_s, dtype=np.float64), together.lo_s.shape)
    failed = np.broadcast_to(np.asarray(unsecured_at_s, dtype=np.float64), together.lo_s.shape)
    low, high = np.array(together.lo_s), np.array(together.hi_s)
    unknown = np.isnan(low) & np.isfinite(seen)
    low[unknown], high[unknown] = -np.inf, np.inf
    high = np.where(np.isnan(high), high, np.minimum(high, np.maximum(seen, low)))
    ends_open = ~np.isnan(failed)
    return BoundedTimes(np.where(ends_open, failed, low), np.where(ends_open, np.inf, high))


def share_by(
    times: BoundedTimes, at_s: ArrayLike, weights: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """Return F(t): the share of places, or of their weights, at which it has happened.

    Parameters
    ----------
    times : BoundedTimes
        Shape (..., S).
    at_s : array_like, shape (T,)
    weights : array_like, shape (..., S), optional
        People of each room, say; places outside the question have 0. One for each by default.

    Returns
    -------
    low, high : ndarray, shape (..., T)
        Counting times that are certainly, and possibly, no later. A missing time counts in the
        upper bound only. nan where the weights are 0 altogether.

    Examples
    --------
    >>> times = BoundedTimes([20.0, 50.0, 100.0], [20.0, 90.0, np.inf])
    >>> low, high = share_by(times, [60.0, 120.0])
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.33, 0.67], [0.67, 1.0])
    """
    at = np.atleast_1d(np.asarray(at_s, dtype=np.float64))
    shape = times.lo_s.shape
    counted = np.ones(shape) if weights is None else np.broadcast_to(np.asarray(weights), shape)
    total = counted.sum(axis=-1)
    sure = np.where(times.is_missing, np.inf, times.hi_s)
    may = np.where(times.is_missing, -np.inf, times.lo_s)
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = (
            np.stack([(counted * (bound <= t)).sum(axis=-1) / total for t in at], axis=-1)
            for bound in (sure, may)
        )
    return low, high


def time_to_share(
    times: BoundedTimes, share: float, weights: ArrayLike | None = None
) -> BoundedTimes:
    """Return inf{t: F(t) >= share}: when that share of the places was done, within its bounds.

    Parameters
    ----------
    times : BoundedTimes
        Shape (..., S).
    share : float
        Above 0, at most 1.
    weights : array_like, shape (..., S), optional

    Returns
    -------
    BoundedTimes
        Shape (...); inf where the share is never reached, nan without any place.

    Raises
    ------
    ValueError
        If the share is not in (0, 1].

    Examples
    --------
    >>> times = BoundedTimes([20.0, 50.0, 100.0], [20.0, 90.0, np.inf])
    >>> half, whole = time_to_share(times, 0.5), time_to_share(times, 1.0)
    >>> half.lo_s.tolist(), half.hi_s.tolist(), whole.lo_s.tolist(), whole.hi_s.tolist()
    (50.0, 90.0, 100.0, inf)
    """
    if not 0.0 < share <= 1.0:
        raise ValueError(f"share must be above 0 and at most 1, got {share}")
    shape = times.lo_s.shape
    counted = np.ones(shape) if weights is None else np.broadcast_to(np.asarray(weights), shape)
    low = _reached(np.where(times.is_missing, -np.inf, times.lo_s), counted, share)
    high = _reached(np.where(times.is_missing, np.inf, times.hi_s), counted, share)
    return BoundedTimes(low, high)


def _reached(times: Floats, weights: NDArray[np.floating], share: float) -> Floats:
    order = np.argsort(times, axis=-1, kind="stable")
    ordered = np.take_along_axis(times, order, axis=-1)
    done = np.cumsum(np.take_along_axis(weights, order, axis=-1), axis=-1)
    total = weights.sum(axis=-1)
    # a share of whole people: 0.9 * 10 asks for 9, whatever the product of binary fractions says
    enough = done >= (share * total * (1.0 - 1e-12))[..., None]
    first = np.argmax(enough, axis=-1)
    reached = np.take_along_axis(ordered, first[..., None], axis=-1)[..., 0]
    return np.asarray(np.where(total > 0, reached, np.nan))


def over_places(low: float, high: float, times: BoundedTimes, *, unit: str, t0: str) -> Measure:
    """Return a measure over places, with the counts of their times.

    Examples
    --------
    >>> times = BoundedTimes([20.0, 50.0], [20.0, 90.0])
    >>> (low,), (high,) = share_by(times, 60.0)
    >>> one = over_places(low, high, times, unit="share of rooms", t0="announcement")
    >>> one.low, one.high, one.value, one.n_observed, one.n_censored
    (0.5, 1.0, nan, 1, 1)
    """
    counts = (times.n_observed, times.n_censored, times.n_missing)
    return Measure(float(low), float(high), *counts, unit=unit, t0=t0)


def hall_clearance(times: BoundedTimes, counts: NDArray[np.bool_]) -> BoundedTimes:
    """Return when the last person other than staff is in a hall.

    Parameters
    ----------
    times : BoundedTimes
        Shape (..., N): when each person who is in a hall after T0 has left it for good.
    counts : ndarray of bool, shape (..., N)
        Who is in a hall after T0 and is no staff.

    Returns
    -------
    BoundedTimes
        Shape (...); 0 where nobody counts.
    """
    low = np.where(counts, np.where(times.is_missing, 0.0, times.lo_s), 0.0)
    high = np.where(counts, np.where(times.is_missing, np.inf, times.hi_s), 0.0)
    return BoundedTimes(
        np.maximum(low.max(axis=-1, initial=0.0), 0.0),
        np.maximum(high.max(axis=-1, initial=0.0), 0.0),
    )


def corner_coverage(capacity: ArrayLike, people: ArrayLike) -> tuple[Floats, Ints]:
    """Return the share of a room's people for whom there is place out of sight, and the shortfall.

    Parameters
    ----------
    capacity : array_like of int, shape (S,)
        People for whom the hard corner has place.
    people : array_like of int, shape (S,)

    Returns
    -------
    coverage : ndarray, shape (S,)
        min(1, capacity / people); 1 for an empty room.
    shortfall : ndarray of int, shape (S,)
        max(0, people - capacity).

    Examples
    --------
    >>> coverage, shortfall = corner_coverage([30, 10, 0], [25, 25, 0])
    >>> coverage.tolist(), shortfall.tolist()
    ([1.0, 0.4, 1.0], [0, 15, 0])
    """
    places = np.asarray(capacity, dtype=np.float64)
    number = np.asarray(people, dtype=np.float64)
    coverage = np.where(number > 0, np.minimum(1.0, places / np.maximum(number, 1.0)), 1.0)
    return coverage, np.maximum(0.0, number - places).astype(np.int64)
