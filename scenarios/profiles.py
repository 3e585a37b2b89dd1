"""Mobility profiles: how people walk, how much room they take and what help they need."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, get_args

from sim import Distribution, flow_law

ProfileName: TypeAlias = Literal[
    "stick", "crutches", "walker", "wheelchair", "electric_wheelchair", "sensory", "needs_helper"
]
PROFILES: Final[tuple[ProfileName, ...]] = get_args(ProfileName)
UNIMPAIRED: Final = "unimpaired"
"""The profile of everybody else."""

ORDINARY_RISER_M: Final = 0.178
"""Riser of the stair on which a measured speed is taken to hold: 7 inches (ours)."""
ORDINARY_TREAD_M: Final = 0.279
"""Tread of that stair: 11 inches (ours)."""
MOST_PLACES: Final = 10
"""More places than this a person does not take up (ours)."""
MOST_HELPERS: Final = 8
"""More helpers than this nobody needs (ours)."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One mobility profile.

    Attributes
    ----------
    speed_mps : Distribution or None
        Free speed on the level; None walks as others of their role and age do.
    stair_down_mps, stair_up_mps : float or None
        Mean speed along the slope of an ordinary stair; None as others, from the own speed on the
        level.
    size : int
        Places taken up on the floor, and headways in a door.
    level_only : bool
        Cannot use a stair alone.
    helpers_needed : int
        Helpers who have to come before the person can leave their floor.
    pre_movement_factor : float
        Factor on the own delay between the alarm and the first step.
    """

    speed_mps: Distribution | None = None
    stair_down_mps: float | None = None
    stair_up_mps: float | None = None
    size: int = 1
    level_only: bool = False
    helpers_needed: int = 0
    pre_movement_factor: float = 1.0

    def __post_init__(self) -> None:
        stairs = [v for v in (self.stair_down_mps, self.stair_up_mps) if v is not None]
        if stairs and self.speed_mps is None:
            raise ValueError("a speed on stairs needs one on the level: give speed_mps")
        if not all(math.isfinite(value) and value > 0 for value in stairs):
            raise ValueError(f"a speed on stairs should be finite and > 0 m/s (got {stairs})")
        if not 1 <= self.size <= MOST_PLACES:
            raise ValueError(f"size should be 1 to {MOST_PLACES} places (got {self.size})")
        if not 0 <= self.helpers_needed <= MOST_HELPERS:
            raise ValueError(f"helpers_needed: 0 to {MOST_HELPERS} (got {self.helpers_needed})")
        if not (math.isfinite(self.pre_movement_factor) and self.pre_movement_factor > 0):
            raise ValueError(f"pre_movement_factor: > 0 (got {self.pre_movement_factor})")

    @property
    def stair_factors(self) -> tuple[float, float]:
        """Factors on the speed down and up stairs, beside that of the stair itself.

        On an ordinary stair, whoever has the median speed on the level walks at the measured speed.

        Examples
        --------
        >>> stick = Profile(Distribution.constant(0.81), stair_down_mps=0.32, stair_up_mps=0.35)
        >>> [round(factor, 2) for factor in stick.stair_factors]
        [0.51, 0.56]
        >>> Profile().stair_factors
        (1.0, 1.0)
        """
        if self.speed_mps is None:
            return 1.0, 1.0
        ordinary = flow_law("sfpe").stair_factor(ORDINARY_RISER_M, ORDINARY_TREAD_M)
        level = float(self.speed_mps.ppf(0.5)) * ordinary
        down, up = self.stair_down_mps, self.stair_up_mps
        return (1.0 if down is None else down / level), (1.0 if up is None else up / level)


def scaled(distribution: Distribution, factor: float) -> Distribution:
    """Return the distribution of a quantity that is multiplied by a factor.

    Examples
    --------
    >>> scaled(Distribution("lognormal", (20.0, 0.5), 3.0, 60.0), 1.5)
    Distribution(kind='lognormal', values=(30.0, 0.5), lower=4.5, upper=90.0)
    >>> scaled(Distribution("uniform", (10.0, 20.0)), 2.0).values
    (20.0, 40.0)
    """
    values = [value * factor for value in distribution.values]
    if distribution.kind in ("lognormal", "weibull", "gamma"):
        values[1] = distribution.values[1]  # the shape stays
    return replace(
        distribution,
        values=tuple(values),
        lower=distribution.lower * factor,
        upper=distribution.upper * factor,
    )
