"""Numbers that somebody typed into a hand calculation, refused by name where they make no sense."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray


def require_positive(**numbers: float) -> None:
    """Refuse numbers that are not finite and above 0.

    Raises
    ------
    ValueError
        With the name of the first that is not.

    Examples
    --------
    >>> require_positive(width_m=0.0)
    Traceback (most recent call last):
    ValueError: width_m: expected finite and > 0, got 0.0
    """
    for name, value in numbers.items():
        if not 0.0 < value < math.inf:
            raise ValueError(f"{name}: expected finite and > 0, got {value}")


def require_not_negative(**numbers: float) -> None:
    """Refuse numbers that are not finite and at least 0.

    Raises
    ------
    ValueError
        With the name of the first that is not.

    Examples
    --------
    >>> require_not_negative(people=0, specific_flow=float("inf"))
    Traceback (most recent call last):
    ValueError: specific_flow: expected finite and >= 0, got inf
    """
    for name, value in numbers.items():
        if not 0.0 <= value < math.inf:
            raise ValueError(f"{name}: expected finite and >= 0, got {value}")


def densities(density_per_m2: ArrayLike) -> NDArray[np.float64]:
    """Return densities as an array, refusing what is negative or not finite.

    Raises
    ------
    ValueError
        With the first density that is refused.

    Examples
    --------
    >>> densities([0.5, -1.0])
    Traceback (most recent call last):
    ValueError: density_per_m2: expected finite and >= 0, got -1.0
    """
    density = np.asarray(density_per_m2, dtype=np.float64)
    bad = ~np.isfinite(density) | (density < 0)
    if bad.any():
        raise ValueError(f"density_per_m2: expected finite and >= 0, got {density[bad].flat[0]}")
    return density
