"""Many replicas of one reunification plan, and what they answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.behaviour import Choice
from scenarios.distribution_file import distribution_as_said
from scenarios.intervals import LEVEL, central_interval, interval_covers, median
from scenarios.manifest import NOTE
from scenarios.reunification_said import ReunificationPlan, reunification_of
from sim import entity_keys, uniforms
from sim.protocols.reunification import reunify
from sim.protocols.reunification_measures import (
    WINDOW_S,
    custody_gaps,
    exception_share,
    parent_sojourn_s,
    throughput,
    time_to_share_s,
)
from sim.protocols.reunification_orders import DESKS, reunification_draws
from sim.protocols.reunification_times import ReunificationTimes

SUMMARY_VERSION: Final = 1
NINETY: Final = 0.9
"""The share of students and of families by which plans are compared; a choice, ours."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Answers:
    """What one replica answers; inf for a time that is not reached, nan where nobody came."""

    half_released_s: float
    ninety_released_s: float
    finish_s: float
    sojourn_half_s: float
    sojourn_ninety_s: float
    exception_share: float
    custody_gaps: int
    released: int
    referred: int
    exceptions: Mapping[str, int]
    per_window: tuple[int, ...]
    queue_max: tuple[int, ...]
    utilisation: tuple[float, ...]
    reasons: tuple[str, ...]


def answers_of(times: ReunificationTimes) -> Answers:
    """Return what one replica answers."""
    students = times.students()
    return Answers(
        half_released_s=time_to_share_s(times.released_s, 0.5),
        ninety_released_s=time_to_share_s(times.released_s, NINETY),
        finish_s=times.finish_s,
        sojourn_half_s=parent_sojourn_s(times, 0.5),
        sojourn_ninety_s=parent_sojourn_s(times, NINETY),
        exception_share=exception_share(times),
        custody_gaps=custody_gaps(
            times.verified_s, times.called_s, times.fetched_s, times.released_s
        ),
        released=students["released"],
        referred=students["referred"],
        exceptions=times.exceptions(),
        per_window=tuple(throughput(times.released_s).tolist()),
        queue_max=tuple(desk.queue_max for desk in times.desks),
        utilisation=tuple(desk.utilisation for desk in times.desks),
        reasons=times.reasons(),
    )


@dataclass(frozen=True, slots=True)
class ReunificationRuns:
    """The replicas of a plan, in order, and every number they used with its source."""

    plan: ReunificationPlan
    students: int
    families: int
    answers: tuple[Answers, ...]
    choices: tuple[Choice, ...]

    @property
    def all_settled(self) -> bool:
        """Whether every student was released or referred in every replica."""
        return all(math.isfinite(one.finish_s) for one in self.answers)


def run_reunification(
    plan: ReunificationPlan, *, progress: Progress = lambda done, total: None
) -> ReunificationRuns:
    """Run the replicas of a plan.

    Draws are keyed by family and student, so plans with other desks share their chance.

    Parameters
    ----------
    plan : ReunificationPlan
    progress : callable
        Called with the replicas done and their number.
    """
    family = plan.family_of_students()
    n = len(family)
    families = entity_keys([f"family {number}" for number in range(int(family.max()) + 1)])
    students = entity_keys([f"student {number}" for number in range(n)])
    answers: list[Answers] = []
    choices: tuple[Choice, ...] = ()
    for replica in range(plan.replicas):
        there = uniforms(plan.seed, replica, "reunification absent", students) >= plan.absent_share
        ready_s = np.zeros(n)
        if plan.students_arrive_s is not None:
            drawn = uniforms(plan.seed, replica, "reunification at site", students)
            ready_s = plan.students_arrive_s.ppf(drawn)
        absent_s = np.where(there, 0.0, math.inf)
        orders, choices = reunification_of(
            plan.said,
            family=family,
            leaves_s=absent_s,
            ready_s=np.maximum(ready_s, absent_s),
            expected=there,
        )
        draws = reunification_draws(plan.seed, replica, families)
        answers.append(answers_of(reunify(orders, draws, end_s=plan.end_s)))
        progress(replica + 1, plan.replicas)
    return ReunificationRuns(plan, n, len(families), tuple(answers), choices)


def with_staff(plan: ReunificationPlan, desk: str, staff: int) -> ReunificationPlan:
    """Return a plan with another number of staff at one desk, from the opening on.

    Raises
    ------
    ValueError
        If the plan changes that desk later: then one number says nothing.
    """
    if any(change.desk == desk for change in plan.said.changes):
        raise ValueError(f"the plan changes {desk} while it runs")
    return replace(plan, said=replace(plan.said, staff={**plan.said.staff, desk: staff}))


def summarize_reunification(runs: ReunificationRuns) -> dict[str, Any]:
    """Return what the replicas answer, as plain values.

    Times are medians and counts means, each with the central 90 % of the replicas; a time that is
    not reached is None.
    """
    plan, answers = runs.plan, runs.answers
    windows = _windows(answers)
    reasons = Counter(
        reason for one in answers for reason in sorted({*map(_without_counts, one.reasons)})
    )
    return {
        "schema_version": SUMMARY_VERSION,
        "kind": "reunification_summary",
        "note": NOTE,
        "name": plan.name,
        "seed": plan.seed,
        "replicas": plan.replicas,
        "interval_level": LEVEL,
        "interval_covers": interval_covers(plan.replicas),
        "students": runs.students,
        "families": runs.families,
        "released": _mean([one.released for one in answers]),
        "referred": _mean([one.referred for one in answers]),
        "time_to_half_released_s": _timing([one.half_released_s for one in answers]),
        "time_to_90_released_s": _timing([one.ninety_released_s for one in answers]),
        "finish_s": _timing([one.finish_s for one in answers]),
        "parent_sojourn_p50_s": _timing([one.sojourn_half_s for one in answers]),
        "parent_sojourn_p90_s": _timing([one.sojourn_ninety_s for one in answers]),
        "exception_share": _mean([one.exception_share for one in answers]),
        "exceptions": {
            kind: _mean([one.exceptions[kind] for one in answers]) for kind in answers[0].exceptions
        },
        "custody_gaps": sum(one.custody_gaps for one in answers),
        "released_per_15_min": [
            {"from_s": number * WINDOW_S, **_mean(windows[:, number])}
            for number in range(windows.shape[1])
        ],
        "desks": {
            name: {
                "staff": plan.said.staff[name],
                "utilisation": _mean([one.utilisation[row] for one in answers]),
                "queue_max": _mean([one.queue_max[row] for one in answers]),
            }
            for row, name in enumerate(DESKS)
        },
        "not_settled": dict(sorted(reasons.items())),
        "parameters": [
            {
                "name": choice.name,
                "value": distribution_as_said(choice.distribution),
                "source": choice.source,
            }
            for choice in runs.choices
        ],
    }


def _windows(answers: Sequence[Answers]) -> NDArray[np.int64]:
    """Return the throughput of every replica, shape (R, W)."""
    longest = max(len(one.per_window) for one in answers)
    rows = [[*one.per_window, *[0] * (longest - len(one.per_window))] for one in answers]
    return np.array(rows, dtype=np.int64).reshape(len(answers), longest)


def _without_counts(reason: str) -> str:
    """Return a reason without its numbers, so that replicas can be counted by it."""
    return " ".join("some" if word.isdecimal() else word for word in reason.split())


def _timing(values: Sequence[float]) -> dict[str, Any]:
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return {"median": None, "interval": [None, None]}
    return {
        "median": _finite(median(known)),
        "interval": [_finite(end) for end in central_interval(known)],
    }


def _mean(values: Any) -> dict[str, Any]:
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    if not len(known):
        return {"mean": None, "interval": [None, None]}
    return {"mean": float(known.mean()), "interval": [*central_interval(known)]}


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
