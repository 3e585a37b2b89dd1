"""What a reunification is judged by, from times alone: simulated or observed, in the same way."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.protocols.reunification_times import ReunificationTimes

WINDOW_S = 900.0
"""Throughput is counted in windows of 15 minutes; a choice, ours."""


def throughput(released_s: ArrayLike, *, window_s: float = WINDOW_S) -> NDArray[np.int64]:
    """Return how many students were handed over in each window from the start on.

    Parameters
    ----------
    released_s : array_like, shape (N,)
        inf for those who were not.
    window_s : float

    Returns
    -------
    ndarray of int, shape (W,)
        Up to the window of the last hand-over; a hand-over on a bound belongs to the later one.

    Examples
    --------
    >>> throughput([10.0, 899.0, 900.0, np.inf]).tolist()
    [2, 1]
    >>> throughput([]).tolist()
    []
    """
    if not 0.0 < window_s < math.inf:
        raise ValueError(f"window_s: expected finite and > 0, got {window_s}")
    times = np.asarray(released_s, dtype=np.float64)
    return np.bincount((times[np.isfinite(times)] // window_s).astype(np.int64))


def time_to_share_s(happened_s: ArrayLike, share: float) -> float:
    """Return when a share of all had got there; inf if they never did.

    Parameters
    ----------
    happened_s : array_like, shape (N,)
        inf for those to whom it did not happen; they count among all.
    share : float
        In (0, 1]; of N, the first ``ceil(share N)`` are waited for.

    Examples
    --------
    >>> time_to_share_s([30.0, 10.0, 20.0, np.inf], 0.75), time_to_share_s([1.0, np.inf], 0.9)
    (30.0, inf)
    """
    if not 0.0 < share <= 1.0:
        raise ValueError(f"share: expected in (0, 1], got {share}")
    ordered = np.sort(np.asarray(happened_s, dtype=np.float64))
    if not len(ordered):
        return 0.0
    needed = math.ceil(share * len(ordered) - 1e-9)
    return float(ordered[max(needed, 1) - 1])


def parent_sojourn_s(times: ReunificationTimes, share: float) -> float:
    """Return within which time a share of the families who came had left again.

    The time runs from coming in to leaving, with students or without; inf where too many are
    still there at the end, nan where nobody came.
    """
    came = np.isfinite(times.family_in_s)
    if not came.any():
        return math.nan
    return time_to_share_s(times.family_left_s[came] - times.family_in_s[came], share)


def exception_share(times: ReunificationTimes) -> float:
    """Return the share of families with an exception, of those who came; nan where nobody did."""
    came = np.isfinite(times.family_in_s)
    return float((times.family_exception[came] > 0).mean()) if came.any() else math.nan


def custody_gaps(
    verified_s: ArrayLike, called_s: ArrayLike, fetched_s: ArrayLike, released_s: ArrayLike
) -> int:
    """Count students handed over without an unbroken chain: verified, called, fetched, released.

    Must be 0. A step that is missing or out of order breaks the chain.

    Parameters
    ----------
    verified_s, called_s, fetched_s, released_s : array_like, shape (N,)
        inf for what did not happen or was not noted.

    Examples
    --------
    >>> custody_gaps([10, 10, np.inf], [20, 20, 20], [30, 15, 30], [40, 40, 40])
    2
    >>> custody_gaps([10, np.inf], [20, np.inf], [30, np.inf], [40, np.inf])
    0
    """
    steps = [
        np.asarray(one, dtype=np.float64) for one in (verified_s, called_s, fetched_s, released_s)
    ]
    handed_over = np.isfinite(steps[-1])
    unbroken = np.ones(len(handed_over), dtype=bool)
    for before, after in itertools.pairwise(steps):
        unbroken &= before <= after
    return int((handed_over & ~unbroken).sum())
