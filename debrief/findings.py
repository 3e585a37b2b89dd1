"""What a comparison says in a few sentences, the drill as a whole first."""

from __future__ import annotations

import math
from typing import Final

from debrief.comparison import Comparison
from debrief.figures import clock
from debrief.room_measures import SharesSecured
from debrief.wording import event_words, percent_later, place_words
from sim.protocols import MARKS_S

UNUSUAL: Final = 0.05
"""A rank among simulated drills below this is called unusual."""


SECURED_SAID_S: Final = MARKS_S[1]
"""The time at which the share of rooms secured is put into words: two minutes."""


def findings(comparison: Comparison) -> list[str]:
    """Return the findings as sentences for people who were there.

    The shift of the whole drill comes first, then the place that stands out most, then the
    arrival curve; each says "no difference shown" or "cannot tell" where that is the result.
    """
    return [
        *_secured(comparison),
        _shift(comparison),
        _worst(comparison),
        *_curve(comparison),
        _not_observed(comparison),
    ]


def secured_words(one: SharesSecured) -> str:
    """Return the share of rooms secured by a time, as far as it is known: "60 % to 75 %"."""
    low, high = one.observed.low, one.observed.high
    return f"{low:.0%}" if low == high else f"{low:.0%} to {high:.0%}"


def _secured(comparison: Comparison) -> list[str]:
    lines = []
    for one in comparison.secured:
        if one.at_s != SECURED_SAID_S:
            continue
        if one.observed.high < one.simulated_low:
            verdict = "fewer than in 9 of 10 simulated drills"
        elif one.observed.low > one.simulated_high:
            verdict = "more than in 9 of 10 simulated drills"
        elif one.observed.low >= one.simulated_low and one.observed.high <= one.simulated_high:
            verdict = "as predicted"
        else:
            verdict = "cannot tell: the log leaves it open"
        lines.append(
            f"Rooms secured by {clock(one.at_s)}: {secured_words(one)} in the drill, "
            f"{one.simulated_low:.0%} to {one.simulated_high:.0%} in simulated ones: {verdict}. "
            f"{one.observed.n_observed} rooms were timed, {one.observed.n_censored} are known "
            f"within bounds, {one.observed.n_missing} nobody looked at."
        )
    return lines


def _shift(comparison: Comparison) -> str:
    shift = comparison.shift
    if math.isnan(shift.factor):
        return (
            "Whether the drill as a whole ran earlier or later cannot be told: fewer than three "
            "exact times were logged."
        )
    words = percent_later(shift.factor)
    among = f"Among {comparison.ensemble.replicas} simulated drills"
    if shift.factor_p > UNUSUAL:
        return (
            f"The drill as a whole: no difference shown. Its times lie {words} than the middle "
            f"of the simulated drills; {_share(shift.factor_p)} of them lie as far off."
        )
    return (
        f"The drill as a whole ran {words} than predicted. {among}, only "
        f"{_share(shift.factor_p)} lie as far off. A late alarm, a slow start everywhere or a "
        "model that is too quick would all look like this."
    )


def _worst(comparison: Comparison) -> str:
    worst, shift = comparison.worst, comparison.shift
    if worst is None:
        return "Whether one place stands out cannot be told from so few exact times."
    plan = comparison.ensemble.plan
    what = f"{event_words(worst.observation)}, {place_words(plan, worst.observation)}"
    later = "later" if shift.residual[shift.worst] > 0 else "earlier"
    if shift.worst_p > UNUSUAL:
        return (
            f"Beside that, no place stands out: the largest deviation ({what}, {later}) is one "
            f"that {_share(shift.worst_p)} of simulated drills show somewhere too."
        )
    return (
        f"One place stands out, {later} than the rest of this drill: {what}. Only "
        f"{_share(shift.worst_p)} of simulated drills have any place that stands out as much. "
        "Ask what was different there, and whether the scenario describes it rightly."
    )


def _curve(comparison: Comparison) -> list[str]:
    envelope = comparison.envelope
    if envelope is None:
        return []
    exits = len(comparison.steps.exits)
    if envelope.p > UNUSUAL:
        return [
            f"The counts at {exits} watched {'exit' if exits == 1 else 'exits'} run inside the "
            "simulated curves: no difference shown."
        ]
    return [
        f"The counts at {exits} watched {'exit' if exits == 1 else 'exits'} leave the range of "
        f"the simulated curves; {_share(envelope.p)} of the curves are as far out."
    ]


def _not_observed(comparison: Comparison) -> str:
    counts = comparison.verdicts
    parts = [f"{number} {verdict}" for verdict, number in counts.items() if number]
    return f"Of {len(comparison.placements)} compared observations: {', '.join(parts) or 'none'}."


def _share(p: float) -> str:
    return f"{100 * p:.0f} %" if p >= 0.01 else f"{100 * p:.1f} %"
