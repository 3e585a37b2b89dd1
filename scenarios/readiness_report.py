"""The building readiness table: what to mend first, as lines for people and as plain values."""

from __future__ import annotations

import math
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from scenarios.manifest import NOTE
from scenarios.paired import Better, PairedDifference
from scenarios.readiness import BY_S, Effect, Readiness
from scenarios.readiness_gaps import Gap
from scenarios.report_table import report_table
from scenarios.run_words import minutes

VERSION: Final = 1
ROOMS: Final[Better] = "more"
SIGHT: Final[Better] = "less"


def print_readiness(found: Readiness, *, console: Console | None = None) -> None:
    """Print the table: gaps by effect, then those that cannot be simulated and why."""
    console = console or Console(highlight=False)
    ensemble = found.as_is
    console.print(
        f"[bold]{escape(ensemble.plan.name)}[/bold], {escape(ensemble.scenario.name)}: "
        f"{ensemble.n_people} people, {ensemble.replicas} replicas, seed {ensemble.seed}",
        soft_wrap=True,
    )
    if found.ranked:
        one = found.ranked[0][1]
        console.print(
            f"As it is, {one.rooms.before:.1f} rooms are secured by {minutes(BY_S)}, and people "
            f"are in sight for {one.in_sight_s.before:.0f} seconds each.",
            soft_wrap=True,
        )
    by = f"rooms by {minutes(BY_S)}"
    table = report_table(
        "What to mend, the largest effect first", "", "places", by, "seconds in sight"
    )
    for gap, effect in found.ranked:
        table.add_row(escape(f"{gap.words}: {gap.remedy}"), str(len(gap.places)), *_cells(effect))
    if found.together is not None:
        table.add_row("all of these", "", *_cells(found.together))
    if found.ranked:
        console.print(table)
        console.print(
            "Change per replica and, in brackets, the 90 % interval of its mean. ? marks an effect "
            "that these replicas do not show.",
            soft_wrap=True,
        )
    else:
        console.print("Nothing was found that a run could weigh.")
    if found.not_simulated:
        rest = report_table("Not simulated", "", "places", "why", words=("why",))
        for gap in found.not_simulated:
            number = str(len(gap.places)) if gap.places else ""
            rest.add_row(escape(f"{gap.kind}: {gap.words}"), number, escape(gap.why_not))
        console.print(rest)
    console.print(f"[dim]{escape(NOTE)}[/dim]", soft_wrap=True)


def _cells(effect: Effect) -> tuple[str, str]:
    return _cell(effect.rooms, ROOMS, 1), _cell(effect.in_sight_s, SIGHT, 0)


def _cell(one: PairedDifference, better: Better, digits: int) -> str:
    """Return a difference with its interval; a question mark where it is not shown."""
    unsure = "" if one.verdict(better) in ("better", "worse") else " ?"
    span = f"{_signed(one.low, digits)} to {_signed(one.high, digits)}"
    return f"{_signed(one.difference, digits)} ({span}){unsure}"


def _signed(value: float, digits: int) -> str:
    """Return a number with its sign; no sign for nothing.

    Examples
    --------
    >>> _signed(2.04, 1), _signed(-0.04, 1), _signed(-31.2, 0)
    ('+2.0', '0.0', '-31')
    """
    if not math.isfinite(value):
        return "any"
    rounded = round(value, digits)
    return f"{0.0:.{digits}f}" if rounded == 0 else f"{rounded:+.{digits}f}"


def readiness_values(found: Readiness) -> dict[str, Any]:
    """Return the table as plain values."""
    ensemble = found.as_is
    return {
        "schema_version": VERSION,
        "kind": "readiness",
        "note": NOTE,
        "plan": {"id": ensemble.plan.id, "sha256": ensemble.plan.sha256},
        "scenario": ensemble.scenario.name,
        "seed": ensemble.seed,
        "replicas": ensemble.replicas,
        "rooms_by_s": BY_S,
        "gaps": [_entry(gap, effect) for gap, effect in found.ranked]
        + [_entry(gap, None) for gap in found.not_simulated],
        "together": None if found.together is None else _effect(found.together),
    }


def _entry(gap: Gap, effect: Effect | None) -> dict[str, Any]:
    return {
        "kind": gap.kind,
        "words": gap.words,
        "places": list(gap.places),
        "remedy": gap.remedy,
        "effect": None if effect is None else _effect(effect),
        "not_simulated": gap.why_not or None,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "rooms": _values(effect.rooms, ROOMS),
        "in_sight_s": _values(effect.in_sight_s, SIGHT),
    }


def _values(one: PairedDifference, better: Better) -> dict[str, Any]:
    return {
        "before": one.before,
        "after": one.after,
        "difference": one.difference,
        "interval": [end if math.isfinite(end) else None for end in (one.low, one.high)],
        "level": one.level,
        "verdict": one.verdict(better),
    }
