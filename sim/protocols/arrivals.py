"""When people come who were sent for: shares of them in intervals, or a distribution."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.distributions import Distribution


@dataclass(frozen=True, slots=True)
class ArrivalInterval:
    """A share of all who may come arrives between two times, evenly."""

    from_s: float
    to_s: float
    share: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.from_s <= self.to_s < math.inf:
            raise ValueError(f"expected 0 <= from_s <= to_s, got {self.from_s} and {self.to_s}")
        if not 0.0 <= self.share <= 1.0:
            raise ValueError(f"share: expected 0 to 1, got {self.share}")


@dataclass(frozen=True, slots=True)
class ArrivalIntervals:
    """Arrivals at a rate that changes: the intervals follow each other and may leave gaps.

    What the shares leave of one is the share of those who never come. Given how many come in an
    interval, they come at independent times spread evenly over it, as in a Poisson process.

    Raises
    ------
    ValueError
        If an interval begins before the one before it ends, or the shares exceed 1.

    Examples
    --------
    >>> half = ArrivalIntervals((ArrivalInterval(0, 600, 0.25), ArrivalInterval(900, 1200, 0.25)))
    >>> half.times_s([0.0, 0.125, 0.3, 0.9]).tolist()
    [0.0, 300.0, 960.0, inf]
    """

    intervals: tuple[ArrivalInterval, ...]

    def __post_init__(self) -> None:
        for one, then in itertools.pairwise(self.intervals):
            if then.from_s < one.to_s:
                raise ValueError(
                    f"intervals must follow each other: {then.from_s:g} is before {one.to_s:g}"
                )
        total = sum(one.share for one in self.intervals)
        if total > 1.0 + 1e-9:
            raise ValueError(f"shares of arrivals must not exceed 1, got {total:g}")

    def times_s(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Return when those come who have drawn a number between 0 and 1; inf for never."""
        u = np.asarray(probability, dtype=np.float64)
        times = np.full(u.shape, np.inf)
        below = 0.0
        for number, one in enumerate(self.intervals):
            above = below + one.share
            if number == len(self.intervals) - 1 and abs(above - 1.0) < 1e-9:
                above = np.inf  # shares that add up to one leave nobody out by a rounded sum
            inside = (u >= below) & (u < above)
            if one.share > 0.0:
                part = np.minimum((u[inside] - below) / one.share, 1.0)
                times[inside] = one.from_s + part * (one.to_s - one.from_s)
            below += one.share
        return times


Arrivals: TypeAlias = ArrivalIntervals | Distribution


def arrival_times_s(arrivals: Arrivals, probability: ArrayLike) -> NDArray[np.float64]:
    """Return arrival times, one for each number between 0 and 1."""
    if isinstance(arrivals, Distribution):
        return arrivals.ppf(probability)
    return arrivals.times_s(probability)
