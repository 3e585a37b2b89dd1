"""The whole drill and its places: what all times share first, then the one that stands out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST_PLACES: Final = 3
"""With fewer exact times a shift of the whole drill cannot be told from one odd place."""
SMALLEST_SPREAD: Final = 0.01
"""A place whose simulated times vary by less than 1 % is taken to vary by 1 %."""


@dataclass(frozen=True, slots=True, eq=False)
class DrillShift:
    """The drill as a whole against the simulated drills, and its places beside that.

    Attributes
    ----------
    factor : float
        Median over places of observed over simulated median time: 1.35 means everything ran 35 %
        later than predicted; nan with too few times.
    factor_p : float
        Share of simulated drills, the observed one among them, with a factor as far from 1.
    residual : ndarray, shape (P,)
        Standardised deviation of each place after the common factor is taken out.
    worst : int
        Place with the largest residual in absolute value; -1 with too few times.
    worst_p : float
        Share of simulated drills, the observed one among them, whose own worst place stands out
        as much: one statistic for all places, so that many places raise no false alarm.
    """

    factor: float
    factor_p: float
    residual: Floats
    worst: int
    worst_p: float


def drill_shift(observed_s: Sequence[float] | Floats, simulated_s: Floats) -> DrillShift:
    """Split a drill into what all places share and what is special to one.

    Parameters
    ----------
    observed_s : array_like, shape (P,)
        Exact observed times, all above 0.
    simulated_s : ndarray, shape (R, P)
        The same events in each replica, with timing errors, all finite and above 0.

    Notes
    -----
    The observed drill and the R replicas are R + 1 exchangeable rows if the model is right. Every
    row is treated alike: its deviations from the column medians of log time, its own common shift
    (their median), its residuals over the column's spread, and their largest absolute value. The
    p-values are ranks among the R + 1 rows, so they hold whatever the dependence between places.
    Method after the maximum statistic of Westfall and Young, Resampling-Based Multiple Testing,
    1993.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> simulated = np.exp(rng.normal(4.0, 0.1, size=(199, 8)))
    >>> observed = np.exp(np.full(8, 4.0)); observed[2] *= 3.0
    >>> shift = drill_shift(observed, simulated)
    >>> shift.worst, shift.worst_p
    (2, 0.005)
    """
    observed = np.asarray(observed_s, dtype=np.float64)
    places = len(observed)
    if places < FEWEST_PLACES or len(simulated_s) == 0:
        return DrillShift(math.nan, math.nan, np.full(places, math.nan), -1, math.nan)
    rows = np.log(np.vstack([observed, simulated_s]))
    deviation = rows - np.median(rows, axis=0)
    shift = np.median(deviation, axis=1)
    residual = deviation - shift[:, None]
    quartiles = np.quantile(residual, [0.25, 0.75], axis=0)
    spread = np.maximum((quartiles[1] - quartiles[0]) / 1.349, SMALLEST_SPREAD)
    standard = residual / spread
    largest = np.abs(standard).max(axis=1)
    rows_in_all = len(rows)
    return DrillShift(
        factor=float(np.exp(shift[0])),
        factor_p=float((np.abs(shift) >= abs(shift[0])).sum() / rows_in_all),
        residual=standard[0],
        worst=int(np.abs(standard[0]).argmax()),
        worst_p=float((largest >= largest[0]).sum() / rows_in_all),
    )
