"""When people passed a door of a published test, and how many waited at it, from the event log."""

from __future__ import annotations

import numpy as np
from verification.trial import Trial

from sim import EVENT_KINDS


def passed_at_s(trial: Trial, portal: str) -> dict[int, float]:
    """Return when each person, by row of the roster, first passed a door; either way."""
    events = trial.ensemble.kept[0].events
    gate = trial.ensemble.compiled.gate_index(portal)
    here = (events.kind == EVENT_KINDS.index("pass")) & (events.subject >> 1 == gate)
    times: dict[int, float] = {}
    for person, time_s in zip(
        events.person[here].tolist(), events.time_s[here].tolist(), strict=True
    ):
        times.setdefault(person, time_s)
    return times


def waiting(trial: Trial, portal: str, at_s: float) -> int:
    """Return how many people wait at a door at a time, on both sides together."""
    events = trial.ensemble.kept[0].events
    gate = trial.ensemble.compiled.gate_index(portal)
    so_far = (events.time_s <= at_s) & (events.subject >> 1 == gate)
    came = events.person[so_far & (events.kind == EVENT_KINDS.index("queue"))]
    passed = events.person[so_far & (events.kind == EVENT_KINDS.index("pass"))]
    return len(np.setdiff1d(came, passed))
