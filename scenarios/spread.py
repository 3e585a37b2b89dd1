"""Medians, means and intervals of replicas as ``summary.json`` has them: None for not reached."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from scenarios.intervals import central_interval, median


def timing(values: ArrayLike) -> dict[str, Any]:
    """Return the median of some times and their central 90 %."""
    return {"median": number(median(values)), "interval": interval(values)}


def spread(values: ArrayLike) -> dict[str, Any]:
    """Return the mean of some numbers and their central 90 %.

    Examples
    --------
    >>> spread([1.0, 2.0, 3.0])
    {'mean': 2.0, 'interval': [1.0, 3.0]}
    """
    mean = float(np.asarray(values, dtype=np.float64).mean())
    return {"mean": number(mean), "interval": interval(values)}


def interval(values: ArrayLike) -> list[float | None]:
    """Return the central 90 % of some numbers."""
    return [number(end) for end in central_interval(values)]


def number(value: float) -> float | None:
    """Return a number as it is; None where it is not finite."""
    return value if math.isfinite(value) else None
