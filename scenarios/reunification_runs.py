"""Many replicas of one reunification plan, and what they answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

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

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ReunificationRuns:
    """The replicas of a plan, in order, and every number they used with its source."""

    plan: ReunificationPlan
    times: tuple[ReunificationTimes, ...]
    choices: tuple[Choice, ...]

    @property
    def all_settled(self) -> bool:
        """Whether every student was released or referred in every replica."""
        return all(math.isfinite(one.finish_s) for one in self.times)


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
    times: list[ReunificationTimes] = []
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
        times.append(reunify(orders, draws, end_s=plan.end_s))
        progress(replica + 1, plan.replicas)
    return ReunificationRuns(plan, tuple(times), choices)


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
    plan, times = runs.plan, runs.times
    windows = _windows(times)
    reasons = Counter(reason for one in times for reason in {*map(_without_counts, one.reasons())})
    return {
        "schema_version": 1,
        "kind": "reunification_summary",
        "note": NOTE,
        "name": plan.name,
        "seed": plan.seed,
        "replicas": plan.replicas,
        "interval_level": LEVEL,
        "interval_covers": interval_covers(plan.replicas),
        "students": len(times[0].family),
        "families": len(times[0].family_in_s),
        "released": _mean([one.students()["released"] for one in times]),
        "referred": _mean([one.students()["referred"] for one in times]),
        "time_to_half_released_s": _timing([time_to_share_s(o.released_s, 0.5) for o in times]),
        "time_to_90_released_s": _timing([_to_ninety(one) for one in times]),
        "finish_s": _timing([one.finish_s for one in times]),
        "parent_sojourn_p50_s": _timing([parent_sojourn_s(one, 0.5) for one in times]),
        "parent_sojourn_p90_s": _timing([_sojourn_ninety(one) for one in times]),
        "exception_share": _mean([exception_share(one) for one in times]),
        "exceptions": {
            kind: _mean([one.exceptions()[kind] for one in times]) for kind in times[0].exceptions()
        },
        "custody_gaps": sum(
            custody_gaps(one.verified_s, one.called_s, one.fetched_s, one.released_s)
            for one in times
        ),
        "released_per_15_min": [
            {"from_s": number * WINDOW_S, **_mean(windows[:, number])}
            for number in range(windows.shape[1])
        ],
        "desks": {
            name: {
                "staff": plan.said.staff[name],
                "utilisation": _mean([one.desks[row].utilisation for one in times]),
                "queue_max": _mean([one.desks[row].queue_max for one in times]),
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


def _to_ninety(times: ReunificationTimes) -> float:
    return time_to_share_s(times.released_s, 0.9)  # ours: the share that the measure names


def _sojourn_ninety(times: ReunificationTimes) -> float:
    return parent_sojourn_s(times, 0.9)  # ours: the share that the measure names


def _windows(times: Sequence[ReunificationTimes]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the throughput of every replica, shape (R, W)."""
    counted = [throughput(one.released_s) for one in times]
    longest = max(len(one) for one in counted)
    return np.array([np.pad(one, (0, longest - len(one))) for one in counted])


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
