"""How an incident ends: all accounted for, at the site away from campus, with their families."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.ensemble import Ensemble
from scenarios.protocol_outcome import ProtocolOutcome
from scenarios.run_words import between, minutes
from scenarios.spread import spread, timing
from sim import protocols

Floats = NDArray[np.float64]

MARKS: Final = {"p50_s": 0.5, "p90_s": 0.9, "p100_s": 1.0}
"""Shares of all students by which a reunification is read, as an evacuation is (ours)."""


def relocated(outcome: ProtocolOutcome) -> dict[str, Any] | None:
    """Return when people are at the site away from campus; None where nobody is sent there.

    ``half_s`` is when half of those who come to it in a replica are there, ``last_s`` the last.
    """
    if protocols.Action.RELOCATE not in outcome.actions:
        return None
    there = outcome.times.at_site_s
    return {
        "people": spread(np.isfinite(there).sum(axis=1)),
        "half_s": timing(_nth(there, 0.5)),
        "last_s": timing(_nth(there, 1.0)),
    }


def reunified(ensemble: Ensemble, outcome: ProtocolOutcome) -> dict[str, Any] | None:
    """Return when students are with their families; None where nobody is handed over.

    ``p50_s``, ``p90_s`` and ``p100_s`` are when so many of all students are, null where that is not
    reached; ``handed_over_last_s`` is the last hand-over there is.
    """
    if protocols.Action.REUNIFY not in outcome.actions:
        return None
    student = np.array([role == "student" for role in ensemble.roster.role], dtype=np.bool_)
    given = outcome.times.handed_over_s[:, student]
    state = outcome.times.person_state[:, student]
    referred = (state == protocols.PersonState.REFERRED).sum(axis=1)
    done = np.isfinite(given).sum(axis=1)
    return {
        "students": int(student.sum()),
        "handed_over": spread(done),
        "referred": spread(referred),
        "open": spread(student.sum() - done - referred),
        **{name: timing(_share_of_all(given, share)) for name, share in MARKS.items()},
        "handed_over_last_s": timing(_nth(given, 1.0)),
    }


def _nth(times_s: Floats, share: float) -> Floats:
    """Return when a share of those to whom it happens at all are done, by replica; inf: nobody."""
    ordered, n = np.sort(times_s, axis=1), np.isfinite(times_s).sum(axis=1)
    at = np.maximum(np.ceil(share * n).astype(np.int64) - 1, 0)
    if not times_s.shape[1]:
        return np.full(len(times_s), np.inf)
    return np.asarray(ordered[np.arange(len(ordered)), at])


def _share_of_all(times_s: Floats, share: float) -> Floats:
    """Return when a share of everybody is done, by replica; inf where that is not reached."""
    n = times_s.shape[1]
    if not n:
        return np.full(len(times_s), np.inf)
    return np.asarray(np.sort(times_s, axis=1)[:, max(int(np.ceil(share * n)), 1) - 1])


def ending_words(summary: dict[str, Any]) -> list[str]:
    """Return what a person reads of it; ``summary`` is the part ``protocol`` of a summary."""
    lines = []
    accounted = summary["accounted"]
    if accounted is not None:
        times = accounted["all_accounted_s"]
        lines.append(f"Everybody accounted for: {_when(times)} after the start.")
        if accounted["false_missing"]["mean"]:
            lines.append(
                f"Reported missing although they stood there: {_mean(accounted['false_missing'])}."
            )
        if accounted["said_falsely"]:
            share = f"{accounted['said_falsely']:.0%}"
            lines.append(f"'All present' was said while somebody was not, in {share} of the runs.")
    site = summary["relocated"]
    if site is not None:
        lines.append(
            f"At the site: {_mean(site['people'])} people, half by {_when(site['half_s'])}, the "
            f"last {_when(site['last_s'])}."
        )
    families = summary["reunified"]
    if families is not None:
        lines.append(
            f"With their families: {_mean(families['handed_over'])} of {families['students']} "
            f"students, half of all by {_when(families['p50_s'])}, 90 % by "
            f"{_when(families['p90_s'])}, the last {_when(families['handed_over_last_s'])}."
        )
        lines.append(
            f"Referred to staff: {_mean(families['referred'])}; still open at the end: "
            f"{_mean(families['open'])}."
        )
    return lines


def _when(entry: dict[str, Any]) -> str:
    if entry["median"] is None:
        return "not reached"
    return f"{minutes(entry['median'])} ({between(entry['interval'])})"


def _mean(entry: dict[str, Any]) -> str:
    low, high = entry["interval"]
    return f"{entry['mean']:.1f} ({low:.0f} to {high:.0f})"
