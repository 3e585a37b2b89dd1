"""Medians and central intervals of replicas, taken from the data and never beyond it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

LEVEL: Final = 0.9
"""Share of replicas that an interval is meant to hold."""


def central_interval(values: ArrayLike, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the central interval of replicas by order statistics.

    The ends are the k-th smallest and k-th largest value with ``k = floor((1 - level)/2 (R + 1))``,
    at least the first. A further replica falls inside with probability ``(R + 1 - 2 k)/(R + 1)``,
    which is at least the level from 19 replicas on (for 0.9); `interval_covers` says how much.

    Parameters
    ----------
    values : array_like, shape (R,)
        inf for what never happened; at least one value.
    level : float
        Between 0 and 1.

    Returns
    -------
    (float, float)
        Two of the values; the same one twice where there is only one.

    Raises
    ------
    ValueError
        If there are no values, or the level is not between 0 and 1.

    Examples
    --------
    >>> central_interval(np.arange(1, 20))
    (1.0, 19.0)
    >>> central_interval(np.arange(1, 200))
    (10.0, 190.0)
    >>> central_interval([4.0])
    (4.0, 4.0)
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    k = _rank(len(ordered), level)
    return float(ordered[k - 1]), float(ordered[len(ordered) - k])


def interval_covers(replicas: int, *, level: float = LEVEL) -> float:
    """Return the probability that one further replica lies in `central_interval`.

    Examples
    --------
    >>> interval_covers(199), interval_covers(19), interval_covers(1)
    (0.9, 0.9, 0.0)
    """
    k = _rank(replicas, level)
    return max(0.0, (replicas + 1 - 2 * k) / (replicas + 1))


def _rank(replicas: int, level: float) -> int:
    if replicas < 1 or not 0.0 < level < 1.0:
        raise ValueError(f"expected values and a level in (0, 1), got {replicas} and {level}")
    # 0.05 * 20 must be 1: the product of two binary fractions may fall short by a hair
    return max(1, math.floor((1.0 - level) / 2.0 * (replicas + 1) + 1e-9))


def median(values: ArrayLike) -> float:
    """Return the median; inf where half of the replicas or more never got there.

    Examples
    --------
    >>> median([3.0, 1.0, np.inf]), median([1.0, np.inf]), median([np.inf, np.inf])
    (3.0, inf, inf)
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return float(low if low == high else low + (high - low) / 2.0)
