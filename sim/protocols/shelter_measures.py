"""How a shelter went: who was in a refuge area by when, and how much floor was left in each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.protocols.shelter_orders import LEAD_TIMES_S, ShelterOrders
from sim.protocols.times import ProtocolTimes

Floats = NDArray[np.float64]


def sheltered_by(
    sheltered_s: ArrayLike, announced_s: float, lead_s: Sequence[float] = LEAD_TIMES_S
) -> Floats:
    """Return the share of people in shelter when a warning lead time is over.

    Parameters
    ----------
    sheltered_s : array_like, shape (N,)
        Since when each person is in shelter; inf never.
    announced_s : float
        When the warning was announced.
    lead_s : sequence of float, shape (L,)
        Seconds from the announcement.

    Returns
    -------
    ndarray, shape (L,)
        nan for nobody at all; never less for a longer lead time.

    Examples
    --------
    >>> sheltered_by([100.0, 250.0, float("inf"), 400.0], 60.0, [60.0, 190.0, 600.0]).tolist()
    [0.25, 0.5, 0.75]
    >>> sheltered_by([], 0.0, [60.0]).tolist()
    [nan]
    """
    since = np.sort(np.asarray(sheltered_s, dtype=np.float64))
    if not len(since):
        return np.full(len(lead_s), np.nan)
    by = announced_s + np.asarray(lead_s, dtype=np.float64)
    return np.searchsorted(since[np.isfinite(since)], by, side="right") / len(since)


def without_place(times: ProtocolTimes) -> int:
    """Return how many people found no place in a refuge area, by the last shelter announced."""
    return int(np.isfinite(times.without_place_s).sum())


def area_margins(times: ProtocolTimes, orders: ShelterOrders) -> dict[int, float]:
    """Return the floor left in each refuge area at the end, by space, in square metres; never < 0.

    Parameters
    ----------
    times : ProtocolTimes
        Of an incident that ends in a shelter from weather.
    orders : ShelterOrders
    """
    floor = np.bincount(orders.bay_area, weights=orders.bay_m2, minlength=len(orders.areas))
    inside = np.isfinite(times.sheltered_s)
    return {
        space: float(floor[row] - orders.needs_m2[inside & (times.shelter_space == space)].sum())
        for row, space in enumerate(orders.areas)
    }
