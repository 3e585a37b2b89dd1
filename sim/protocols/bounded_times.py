"""Times that are known exactly, only within bounds, or not at all: observed and simulated alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class BoundedTimes:
    """When something happened, in seconds after T0, as far as it is known.

    Attributes
    ----------
    lo_s, hi_s : ndarray
        Of one shape, places along the last axis. Equal where the time is exact; ``hi_s`` is inf
        where it had not happened by ``lo_s`` (right-censored); both are nan where nothing is
        known (missing). Negative times lie before T0.

    Examples
    --------
    Exact, between two times, not before 300 s, nobody looked:

    >>> times = BoundedTimes([40.0, 60.0, 300.0, np.nan], [40.0, 90.0, np.inf, np.nan])
    >>> times.n_observed, times.n_censored, times.n_missing
    (1, 2, 1)
    """

    lo_s: Floats
    hi_s: Floats

    def __init__(self, lo_s: ArrayLike, hi_s: ArrayLike) -> None:
        low = np.array(lo_s, dtype=np.float64)
        high = np.array(hi_s, dtype=np.float64)
        if low.shape != high.shape:
            raise ValueError(f"lo_s and hi_s must have one shape, got {low.shape}, {high.shape}")
        if (np.isnan(low) != np.isnan(high)).any() or (low > high).any():
            raise ValueError("lo_s must be at most hi_s, and both nan where nothing is known")
        low.setflags(write=False)
        high.setflags(write=False)
        object.__setattr__(self, "lo_s", low)
        object.__setattr__(self, "hi_s", high)

    @classmethod
    def watched(cls, times_s: ArrayLike, until_s: ArrayLike) -> BoundedTimes:
        """Return times that were watched until an end, as every simulated one is.

        Parameters
        ----------
        times_s : array_like
            inf for what had not happened at the end.
        until_s : array_like
            The end, of a shape that can be broadcast to that of ``times_s``.

        Examples
        --------
        >>> BoundedTimes.watched([40.0, np.inf], 300.0).lo_s.tolist()
        [40.0, 300.0]
        """
        times = np.asarray(times_s, dtype=np.float64)
        return cls(np.where(np.isfinite(times), times, until_s), times)

    @property
    def is_exact(self) -> Flags:
        """Whether each time is known exactly."""
        return np.asarray(np.isfinite(self.hi_s) & (self.lo_s == self.hi_s))

    @property
    def is_missing(self) -> Flags:
        """Whether nothing is known of each time."""
        return np.isnan(self.lo_s)

    @property
    def n_observed(self) -> int:
        """How many times are exact."""
        return int(self.is_exact.sum())

    @property
    def n_censored(self) -> int:
        """How many are known within bounds only, or not to have happened by some time."""
        return self.lo_s.size - self.n_observed - self.n_missing

    @property
    def n_missing(self) -> int:
        """How many are not known at all."""
        return int(self.is_missing.sum())

    def of(self, which: NDArray[np.bool_] | slice) -> BoundedTimes:
        """Return some of the times, flat where they are chosen by flags."""
        return BoundedTimes(self.lo_s[which], self.hi_s[which])

    def after(self, zero_s: ArrayLike) -> BoundedTimes:
        """Return the times counted from another zero."""
        zero = np.asarray(zero_s, dtype=np.float64)
        return BoundedTimes(self.lo_s - zero, self.hi_s - zero)

    def since(self, earlier: BoundedTimes) -> BoundedTimes:
        """Return how long after something else it happened, within the bounds of both.

        A part that is missing makes the difference missing; so does one where neither happened.

        Examples
        --------
        >>> said = BoundedTimes([10.0, 10.0], [20.0, 10.0])
        >>> heard = BoundedTimes([30.0, 60.0], [30.0, np.inf])
        >>> delay = heard.since(said)
        >>> delay.lo_s.tolist(), delay.hi_s.tolist()
        ([10.0, 50.0], [20.0, inf])
        """
        with np.errstate(invalid="ignore"):
            low, high = self.lo_s - earlier.hi_s, self.hi_s - earlier.lo_s
        unknown = np.isnan(low) | np.isnan(high)
        return BoundedTimes(np.where(unknown, np.nan, low), np.where(unknown, np.nan, high))


def latest(*parts: BoundedTimes) -> BoundedTimes:
    """Return when the last of several things had happened at each place.

    A part that is missing leaves only what the others say: not before the latest of them, and no
    upper bound. Where all are missing the result is missing.

    Examples
    --------
    >>> locked = BoundedTimes([30.0, 30.0], [30.0, 30.0])
    >>> dark = BoundedTimes([45.0, np.nan], [45.0, np.nan])
    >>> secured = latest(locked, dark)
    >>> secured.lo_s.tolist(), secured.hi_s.tolist()
    ([45.0, 30.0], [45.0, inf])
    """
    if not parts:
        raise ValueError("latest: expected at least one part")
    missing = np.stack([part.is_missing for part in parts])
    low = np.stack([np.where(part.is_missing, -np.inf, part.lo_s) for part in parts]).max(axis=0)
    high = np.stack([np.where(part.is_missing, np.inf, part.hi_s) for part in parts]).max(axis=0)
    unknown = missing.all(axis=0)
    return BoundedTimes(np.where(unknown, np.nan, low), np.where(unknown, np.nan, high))
