"""How a time or a speed varies between people: a named distribution, inverted from one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

DistributionKind: TypeAlias = Literal[
    "constant", "uniform", "normal", "lognormal", "triangular", "weibull", "gamma"
]

PARAMETERS: Final[dict[str, tuple[str, ...]]] = {
    "constant": ("value",),
    "uniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "triangular": ("low", "mode", "high"),
    "weibull": ("scale", "shape"),
    "gamma": ("scale", "shape"),
}
"""The parameters of each kind, in order; `lower` and `upper` truncate any of them."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution of a positive quantity, truncated to ``[lower, upper]``.

    Parameters
    ----------
    kind : str
        One of `PARAMETERS`.
    values : tuple of float
        The parameters of that kind, in the order given there. ``lognormal`` takes the median and
        the standard deviation of the logarithm.
    lower, upper : float
        Truncation; the probability outside is spread over what remains.

    Raises
    ------
    ValueError
        If a parameter is missing, not finite or out of its range, or if nothing remains between
        the bounds.

    Examples
    --------
    >>> Distribution("constant", (1.2,)).ppf([0.1, 0.9]).tolist()
    [1.2, 1.2]
    >>> Distribution("uniform", (10.0, 100.0)).ppf([0.0, 0.5, 1.0]).tolist()
    [10.0, 55.0, 100.0]
    >>> float(Distribution("normal", (1.34, 0.26), 0.5, 2.2).ppf(0.5).round(3))
    1.34
    """

    kind: DistributionKind
    values: tuple[float, ...]
    lower: float = 0.0
    upper: float = np.inf

    def __post_init__(self) -> None:
        names = PARAMETERS.get(self.kind)
        if names is None:
            raise ValueError(f"unknown distribution {self.kind!r}, expected one of {[*PARAMETERS]}")
        if len(self.values) != len(names):
            raise ValueError(f"{self.kind} takes {', '.join(names)}; got {len(self.values)} values")
        if not all(np.isfinite(self.values)):
            raise ValueError(f"{self.kind}: values must be finite, got {self.values}")
        if not self.lower <= self.upper:
            raise ValueError(f"lower {self.lower} must not exceed upper {self.upper}")
        given = dict(zip(names, self.values, strict=True))
        if self.kind == "uniform" and given["low"] > given["high"]:
            raise ValueError(f"uniform: low {given['low']} must not exceed high {given['high']}")
        if self.kind == "triangular" and not given["low"] <= given["mode"] <= given["high"]:
            raise ValueError(f"triangular: expected low <= mode <= high, got {self.values}")
        if self.kind == "normal" and given["sd"] < 0:
            raise ValueError(f"normal: sd must be >= 0, got {given['sd']}")
        if self.kind == "lognormal" and (given["median"] <= 0 or given["sigma"] < 0):
            raise ValueError(f"lognormal: median > 0 and sigma >= 0, got {self.values}")
        if self.kind in ("weibull", "gamma") and min(self.values) <= 0:
            raise ValueError(f"{self.kind}: scale and shape must be > 0, got {self.values}")
        low, high = self._cdf(self.lower), self._cdf(self.upper)
        if self._spread() and not low < high:
            raise ValueError(f"{self.kind}{self.values} has nothing in {self.lower}..{self.upper}")

    @classmethod
    def constant(cls, value: float) -> Distribution:
        """Return the distribution that always gives ``value``."""
        return cls("constant", (value,), lower=-np.inf)

    def _spread(self) -> bool:
        """Whether there is more than one possible value before truncation."""
        if self.kind == "constant":
            return False
        if self.kind in ("normal", "lognormal"):
            return self.values[1] > 0
        if self.kind in ("uniform", "triangular"):
            return self.values[0] < self.values[-1]
        return True

    def _cdf(self, value: float) -> float:
        from scipy import special  # heavy: only where a distribution is really inverted

        a, b = self.values[0], self.values[-1]
        if not self._spread():
            return float(value >= a)
        if self.kind == "uniform":
            return float(np.clip((value - a) / (b - a), 0.0, 1.0))
        if self.kind == "normal":
            return float(special.ndtr((value - a) / b))
        if value <= 0 and self.kind != "triangular":
            return 0.0
        if self.kind == "lognormal":
            return float(special.ndtr(np.log(value / a) / b))
        if self.kind == "weibull":
            return float(-np.expm1(-((value / a) ** b)))
        if self.kind == "gamma":
            return float(special.gammainc(b, value / a))
        mode = self.values[1]
        value = float(np.clip(value, a, b))
        if value < mode:
            return (value - a) ** 2 / ((b - a) * (mode - a))
        return 1.0 - (b - value) ** 2 / ((b - a) * (b - mode)) if b > mode else 1.0

    def ppf(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Return the value below which a share of the distribution lies.

        Parameters
        ----------
        probability : array_like
            Shares in [0, 1] of the truncated distribution.

        Returns
        -------
        ndarray
            Values of the same shape, within ``[lower, upper]``.
        """
        from scipy import special  # heavy: only where a distribution is really inverted

        share = np.asarray(probability, dtype=np.float64)
        a, b = self.values[0], self.values[-1]
        if not self._spread():
            same: NDArray[np.float64] = np.clip(np.full(share.shape, a), self.lower, self.upper)
            return same
        low, high = self._cdf(self.lower), self._cdf(self.upper)
        u = low + share * (high - low)
        if self.kind == "uniform":
            value = a + u * (b - a)
        elif self.kind == "normal":
            value = a + b * special.ndtri(u)
        elif self.kind == "lognormal":
            value = a * np.exp(b * special.ndtri(u))
        elif self.kind == "weibull":
            value = a * (-np.log1p(-u)) ** (1.0 / b)
        elif self.kind == "gamma":
            value = a * special.gammaincinv(b, u)
        else:
            mode = self.values[1]
            knee = (mode - a) / (b - a)
            rising = a + np.sqrt(u * (b - a) * (mode - a))
            falling = b - np.sqrt((1.0 - u) * (b - a) * (b - mode))
            value = np.where(u < knee, rising, falling)
        drawn: NDArray[np.float64] = np.clip(np.asarray(value), self.lower, self.upper)
        return drawn
