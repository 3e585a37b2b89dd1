"""Is one variant better than another: differences replica by replica, with an interval.

Two variants that are run with the same seed share their random numbers: replica r has the same
people with the same speeds and delays in both, as far as both have them. What is left between them
is the difference that the variant makes, so few replicas tell it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenarios.ensemble import Ensemble
from scenarios.intervals import LEVEL

Floats = NDArray[np.float64]
Scalar: TypeAlias = Callable[[Ensemble], ArrayLike]
"""One number for each replica of an ensemble."""
Better: TypeAlias = Literal["more", "less"]

FEWEST_PAIRS: Final = 10
"""With fewer pairs no verdict is given (ours)."""

Verdict: TypeAlias = Literal["better", "worse", "no difference shown", "too few replicas"]


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How much a variant changes one number, over R pairs of replicas.

    Attributes
    ----------
    before, after : float
        Means without and with the change.
    difference : float
        Mean of after minus before.
    low, high : float
        Interval of that mean at ``level``.
    level : float
    pairs : int
    share_more, share_less : float
        Share of the pairs in which the number grows, and shrinks.
    variance_ratio : float
        Variance of the difference if the two were independent, over the variance as paired: how
        many times as many replicas unpaired runs would need; nan without any spread.
    """

    before: float
    after: float
    difference: float
    low: float
    high: float
    level: float
    pairs: int
    share_more: float
    share_less: float
    variance_ratio: float

    def verdict(self, better: Better) -> Verdict:
        """Return in words whether the change helps.

        Parameters
        ----------
        better : {"more", "less"}
            Whether more of the number is better, or less.

        Examples
        --------
        >>> paired_difference([5.0] * 12, [5.0] * 12).verdict("more")
        'no difference shown'
        >>> paired_difference([5.0] * 12, [4.0] * 12).verdict("less")
        'better'
        """
        if self.pairs < FEWEST_PAIRS:
            return "too few replicas"
        if self.low <= 0.0 <= self.high:
            return "no difference shown"
        return "better" if (self.difference > 0) == (better == "more") else "worse"


def paired_difference(
    before: ArrayLike, after: ArrayLike, *, level: float = LEVEL
) -> PairedDifference:
    """Return the mean difference of two rows of replicas that share their random numbers.

    Parameters
    ----------
    before, after : array_like, shape (R,)
        One number for each replica, the same replica at the same place in both.
    level : float
        In (0, 1).

    Raises
    ------
    ValueError
        If the rows differ in length or are empty, or a number is not finite: a time that is never
        reached has no difference, so ask for a count or a share instead.

    Notes
    -----
    The interval is Student's t interval of the mean of R differences with R - 1 degrees of
    freedom; it has no width where all differences are equal. With one pair it is unbounded.

    Examples
    --------
    >>> one = paired_difference([10.0, 12.0, 14.0], [11.0, 14.0, 15.0])
    >>> round(one.difference, 3), round(one.low, 3), round(one.high, 3), one.share_more
    (1.333, 0.36, 2.307, 1.0)
    """
    first = np.asarray(before, dtype=np.float64)
    second = np.asarray(after, dtype=np.float64)
    if first.shape != second.shape or first.ndim != 1 or not len(first):
        raise ValueError(
            f"paired_difference: expected two rows of one length, got {first.shape}, {second.shape}"
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("paired_difference: every number must be finite, got inf or nan")
    if not 0.0 < level < 1.0:
        raise ValueError(f"paired_difference: level must be in (0, 1), got {level}")
    change = second - first
    pairs = len(change)
    mean = float(change.mean())
    low, high, ratio = -math.inf, math.inf, math.nan
    if pairs > 1:
        spread = float(change.var(ddof=1))
        reach = _t_quantile(level, pairs - 1) * math.sqrt(spread / pairs)
        low, high = mean - reach, mean + reach
        if spread > 0:
            ratio = float((first.var(ddof=1) + second.var(ddof=1)) / spread)
    return PairedDifference(
        before=float(first.mean()),
        after=float(second.mean()),
        difference=mean,
        low=low,
        high=high,
        level=level,
        pairs=pairs,
        share_more=float((change > 0).mean()),
        share_less=float((change < 0).mean()),
        variance_ratio=ratio,
    )


def compare_ensembles(
    before: Ensemble, after: Ensemble, scalar: Scalar, *, level: float = LEVEL
) -> PairedDifference:
    """Return how much one number of two ensembles differs, replica by replica.

    Parameters
    ----------
    before, after : Ensemble
        Run with the same seed and number of replicas.
    scalar : callable
        Takes an ensemble and returns one number for each replica.

    Raises
    ------
    ValueError
        If seed or replicas differ, or a number is not finite.
    """
    if (before.seed, before.replicas) != (after.seed, after.replicas):
        raise ValueError(
            "compare_ensembles: the two share no random numbers: seed and replicas are "
            f"{before.seed}, {before.replicas} and {after.seed}, {after.replicas}"
        )
    return paired_difference(scalar(before), scalar(after), level=level)


def _t_quantile(level: float, freedom: int) -> float:
    from scipy import special  # only where an interval is asked for

    return float(special.stdtrit(freedom, 0.5 + level / 2.0))
