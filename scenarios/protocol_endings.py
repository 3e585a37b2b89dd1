"""How an incident ends: all accounted for, at the site away from campus, with their families."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.protocol_outcome import ProtocolOutcome
from scenarios.protocol_shelter import after
from scenarios.run_words import between, minutes, number_between
from scenarios.spread import spread, timing
from sim import protocols

if TYPE_CHECKING:
    from scenarios.ensemble import Ensemble

Floats = NDArray[np.float64]

MARKS: Final = {"p50_s": 0.5, "p90_s": 0.9, "p100_s": 1.0}
"""Shares of students, or of classes, by which an ending is read, as an evacuation is (ours)."""


REPORTED_S: Final = (180.0, 300.0, 600.0)
"""Times after the announcement at which reports of classes are counted (ours)."""

NUMBERS_SHOWN: Final = 3
"""Numbers with which the page begins (ours)."""


def accounted(ensemble: Ensemble, outcome: ProtocolOutcome) -> dict[str, Any] | None:
    """Return how everybody is accounted for; None without an evacuation, or without classes.

    ``all_accounted_s`` counts from the start of the scenario, ``reported_by`` from the announcement
    of the first evacuation; ``all_present_false_s`` is of the replicas in which "all present" was
    said while it was false, None where it never was.
    """
    classes = len(ensemble.roster.groups.ids)
    if protocols.Action.EVACUATE not in outcome.actions or not classes:
        return None
    times, step = outcome.times, outcome.actions.index(protocols.Action.EVACUATE)
    reported_s = after(ensemble.group_accounted_s, times.announced_s[:, [step]])
    all_s, false = times.all_accounted_s[:, 0], times.hidden[:, 0] > 0
    return {
        "all_accounted_s": timing(all_s),
        "all_accounted": float(np.isfinite(all_s).mean()),
        "classes": classes,
        "reported_by": [
            {"at_s": at_s, "classes": spread((reported_s <= at_s).sum(axis=1))}
            for at_s in REPORTED_S
        ],
        "false_missing": spread(times.false_missing[:, 0]),
        "hidden": spread(times.hidden[:, 0]),
        "said_falsely": float(false.mean()),
        "all_present_false_s": timing(times.all_present_false_s[false, 0]) if false.any() else None,
    }


def relocated(ensemble: Ensemble, outcome: ProtocolOutcome) -> dict[str, Any] | None:
    """Return when people are at the site away from campus; None where nobody is sent there.

    ``half_s`` is when half of those who come to it in a replica are there, ``last_s`` the last. A
    class is there with the last of its people who comes.
    """
    if protocols.Action.RELOCATE not in outcome.actions:
        return None
    there, ids = outcome.times.at_site_s, ensemble.roster.groups.ids
    classes = [_nth(there[:, ensemble.roster.group == group], 1.0) for group in range(len(ids))]
    by_class = np.stack(classes, axis=1) if classes else np.zeros((len(there), 0))
    return {
        "people": spread(np.isfinite(there).sum(axis=1)),
        "half_s": timing(_nth(there, 0.5)),
        "last_s": timing(_nth(there, 1.0)),
        "classes": len(ids),
        "classes_p50_s": timing(_share_of_all(by_class, MARKS["p50_s"])),
        "classes_p90_s": timing(_share_of_all(by_class, MARKS["p90_s"])),
        "per_class": {name: timing(by_class[:, group]) for group, name in enumerate(ids)},
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
        "share_referred": float(referred.mean() / max(1, student.sum())),
        "share_open": float((student.sum() - done - referred).mean() / max(1, student.sum())),
        "p50_s": timing(_share_of_all(given, MARKS["p50_s"])),
        "p90_s": timing(_share_of_all(given, MARKS["p90_s"])),
        "p100_s": timing(_share_of_all(given, 1.0)),
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
    return [*_accounted_words(summary), *_site_words(summary), *_family_words(summary)]


def ending_numbers(summary: dict[str, Any]) -> list[dict[str, str]]:
    """Return the few numbers with which the page of a run begins, in which no rooms are asked for.

    Each has ``value`` and ``words``; they are `NUMBERS_SHOWN` at most.
    """
    numbers = []
    shelter, accounted_for = summary["shelter"], summary["accounted"]
    if shelter is not None:
        entry = shelter["lead"] or shelter["by_lead_time"][-1]
        after_s = f"in shelter {minutes(entry['at_s'])} after the announcement"
        numbers.append((f"{entry['share']:.0%}", f"of the people {after_s}"))
        if shelter["without_place"]["mean"]:
            number = shelter["without_place"]
            words = f"people without a place in a refuge area ({_range(number)})"
            numbers.append((f"{number['mean']:.0f}", words))
    if accounted_for is not None:
        numbers.append(_number(accounted_for["all_accounted_s"], "all classes accounted for"))
    if summary["relocated"] is not None:
        numbers.append(_number(summary["relocated"]["last_s"], "the last at the site"))
    if summary["reunified"] is not None:
        words = "90 % of the students with their families"
        numbers.append(_number(summary["reunified"]["p90_s"], words))
    return [{"value": value, "words": words} for value, words in numbers[:NUMBERS_SHOWN]]


def _number(entry: dict[str, Any], words: str) -> tuple[str, str]:
    if entry["median"] is None:
        return "not reached", words
    return minutes(entry["median"]), f"{words} ({between(entry['interval'])})"


def _range(entry: dict[str, Any]) -> str:
    return "{:.0f} to {:.0f}".format(*entry["interval"])


def _accounted_words(summary: dict[str, Any]) -> list[str]:
    entry = summary["accounted"]
    if entry is None:
        return []
    lines = [f"All classes accounted for: {_when(entry['all_accounted_s'], ' after the start')}."]
    if 0.0 < entry["all_accounted"] < 1.0:
        lines[0] = f"{lines[0][:-1]}; at all in {entry['all_accounted']:.0%} of the runs."
    by_five = next(one for one in entry["reported_by"] if one["at_s"] == REPORTED_S[1])
    lines.append(
        f"Classes that have reported {minutes(by_five['at_s'])} after the evacuation is announced: "
        f"{number_between(by_five['classes'])} of {entry['classes']}."
    )
    if entry["false_missing"]["mean"]:
        number = number_between(entry["false_missing"])
        lines.append(f"Reported missing although they stood there: {number} people.")
    if entry["said_falsely"]:
        false = entry["all_present_false_s"]
        lasted = "to the end of the run"
        if false["median"] is not None:
            lasted = f"for {minutes(false['median'])} ({between(false['interval'])})"
        share = f"{entry['said_falsely']:.0%} of the runs"
        lines.append(f"'All present' was said while somebody was not, in {share}, {lasted}.")
    return lines


def _site_words(summary: dict[str, Any]) -> list[str]:
    site = summary["relocated"]
    if site is None:
        return []
    lines = [
        f"At the site, times from the start: {number_between(site['people'])} people, half of "
        f"them by {_when(site['half_s'])}, the last {_when(site['last_s'])}."
    ]
    if site["classes"]:
        lines.append(
            f"Classes at the site: half of {site['classes']} by {_when(site['classes_p50_s'])}, "
            f"90 % by {_when(site['classes_p90_s'])}."
        )
    return lines


def _family_words(summary: dict[str, Any]) -> list[str]:
    families = summary["reunified"]
    if families is None:
        return []
    whole = families["p100_s"]
    every = "" if whole["median"] is None else f", all by {_when(whole)}"
    return [
        f"With their families, times from the start: {number_between(families['handed_over'])} of "
        f"{families['students']} students, half of all by {_when(families['p50_s'])}, 90 % by "
        f"{_when(families['p90_s'])}{every}; the last hand-over "
        f"{_when(families['handed_over_last_s'])}.",
        f"Referred to staff: {number_between(families['referred'])}, "
        f"{families['share_referred']:.1%}; still open at the end: "
        f"{number_between(families['open'])}, {families['share_open']:.1%}.",
    ]


def _when(entry: dict[str, Any], since: str = "") -> str:
    if entry["median"] is None:
        return "not reached"
    return f"{minutes(entry['median'])} ({between(entry['interval'])}){since}"
