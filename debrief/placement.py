"""Where one observation lies among simulated drills: by rank, with its error, in plain words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from debrief.drill_log import Observation
from scenarios import central_interval, median
from sim import entity_keys, uniforms

Verdict: TypeAlias = Literal["as predicted", "earlier", "later", "not observed", "cannot tell"]

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
"""The five words, in the order in which they are listed."""

LEVEL: Final = 0.9
"""Share of simulated drills inside the interval that decides on the words."""
FEWEST_REPLICAS: Final = 19
"""With fewer replicas an interval of 90 % reaches beyond the data."""


@dataclass(frozen=True, slots=True)
class Placement:
    """One observation among R simulated drills.

    Attributes
    ----------
    observation : Observation
    verdict : str
        as predicted, earlier, later, not observed, or cannot tell.
    sentence : str
        The verdict in one plain sentence.
    rank_low, rank_high : float
        Share of simulated drills (with this one among them) that were earlier: the range that the
        bounds of the observation and ties allow; nan where nothing can be said.
    median_s, low_s, high_s : float
        Middle and central 90 % of the simulated times with the observation's error added; inf
        where it never happens.
    log_ratio : float
        Natural logarithm of observed over simulated median time; nan where that has no meaning.
    """

    observation: Observation
    verdict: Verdict
    sentence: str
    rank_low: float
    rank_high: float
    median_s: float
    low_s: float
    high_s: float
    log_ratio: float


def with_error(
    simulated_s: NDArray[np.float64], observation: Observation, *, seed: int
) -> NDArray[np.float64]:
    """Add the observation's timing error to the simulated times, drawn by key.

    The draws depend on the seed and the observation alone; an error of 0 changes nothing.
    """
    if observation.u_s <= 0:
        return simulated_s
    from scipy import special  # only where an error is drawn

    keys = entity_keys([f"{observation.obs_id}/{r}" for r in range(len(simulated_s))])
    draws = special.ndtri(uniforms(seed, 0, "timing error", keys))
    return np.asarray(simulated_s + observation.u_s * draws)


def rank_range(
    simulated_s: NDArray[np.float64], low_s: float, high_s: float
) -> tuple[float, float]:
    """Return the share of simulated drills below an observed time or span, ties and all.

    With R simulated drills and the observed one among them, the share is ``(below + 1)/(R + 1)``
    at most and ``below/(R + 1)`` at least, where it is known exactly.

    Examples
    --------
    >>> rank_range(np.arange(1.0, 20.0), 0.5, 0.5)
    (0.0, 0.05)
    >>> rank_range(np.arange(1.0, 20.0), 10.5, math.inf)
    (0.5, 1.0)
    """
    n = len(simulated_s) + 1
    below = int((simulated_s < low_s).sum())
    up_to = len(simulated_s) if high_s == math.inf else int((simulated_s <= high_s).sum())
    return below / n, (up_to + 1) / n


def place_observation(
    observation: Observation, simulated_s: NDArray[np.float64] | None, *, seed: int = 0
) -> Placement:
    """Place one observation in the distribution over simulated drills.

    Parameters
    ----------
    observation : Observation
        What was seen, with its bounds and error.
    simulated_s : ndarray, shape (R,), or None
        The same event in each replica, from `debrief.measures.simulated_times`.
    seed : int
        Key of the draws of the timing error.
    """
    nothing = (math.nan, math.nan, math.nan, math.nan, math.nan, math.nan)
    if not observation.has_time or observation.quality == "excluded":
        why = "Set aside in the log." if observation.quality == "excluded" else "Nobody timed it."
        if simulated_s is None:
            return Placement(observation, "not observed", why, *nothing)
        low, high = central_interval(simulated_s, level=LEVEL)
        return Placement(
            observation, "not observed", why, math.nan, math.nan, median(simulated_s), low, high,
            math.nan,
        )  # fmt: skip
    if simulated_s is None:
        return Placement(
            observation, "cannot tell", "The simulation has no such event at this place.", *nothing
        )
    blurred = with_error(simulated_s, observation, seed=seed)
    low, high = central_interval(blurred, level=LEVEL)
    middle = median(blurred)
    rank_low, rank_high = rank_range(blurred, observation.t_lo_s, observation.t_hi_s)
    verdict, sentence = _words(observation, blurred, low, high, rank_low, rank_high)
    ratio = math.nan
    if observation.is_exact and observation.t_s > 0 and 0 < middle < math.inf:
        ratio = math.log(observation.t_s / middle)
    return Placement(observation, verdict, sentence, rank_low, rank_high, middle, low, high, ratio)


def _words(
    observation: Observation,
    simulated_s: NDArray[np.float64],
    low: float,
    high: float,
    rank_low: float,
    rank_high: float,
) -> tuple[Verdict, str]:
    replicas = len(simulated_s)
    if replicas < FEWEST_REPLICAS:
        return "cannot tell", f"Only {replicas} simulated drills: too few for an interval."
    if not np.isfinite(simulated_s).any():
        return "later" if observation.is_exact else "cannot tell", (
            "It happened in no simulated drill; the scenario may not fit this drill."
        )
    if observation.t_lo_s > high:
        sooner = int((simulated_s < observation.t_lo_s).sum())
        bound = "" if observation.is_exact else "At least "
        words = f"later than {sooner} of {replicas} simulated drills."
        return "later", bound + (words if bound else words.capitalize())
    if observation.t_hi_s < low:
        slower = int((simulated_s > observation.t_hi_s).sum())
        return "earlier", f"Earlier than {slower} of {replicas} simulated drills."
    if observation.t_lo_s >= low and observation.t_hi_s <= high:
        if observation.is_exact:
            below = int((simulated_s < observation.t_s).sum())
            return "as predicted", (
                f"Inside what 9 of 10 simulated drills show; {below} of {replicas} were earlier."
            )
        return "as predicted", "The whole span lies inside what 9 of 10 simulated drills show."
    return "cannot tell", (
        "The log gives only a bound, and simulated drills lie on both sides of it "
        f"(rank between {rank_low:.0%} and {rank_high:.0%})."
    )
