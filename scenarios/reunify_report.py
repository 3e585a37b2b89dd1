"""What a person reads first after a reunification was run: when, how long, which desk is short."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scenarios.run_words import minutes

DESK_WORDS = {
    "greeters": "greeters",
    "checkers": "checkers (identity and custody)",
    "reunifiers": "reunifiers (fetch students)",
    "private_desk": "private desk",
    "accountants": "accountants",
}


def print_reunification(summary: dict[str, Any], console: Console) -> None:
    """Print the short tables of a reunification."""
    console.print(
        f"[bold]{escape(summary['name'])}[/bold]: {summary['students']} students of "
        f"{summary['families']} families, {summary['replicas']} replicas, seed {summary['seed']}",
        soft_wrap=True,
    )
    level = f"central {summary['interval_level']:.0%}"
    table = _table("Time from the start", "", "median", level)
    rows = (
        ("half of the students released", "time_to_half_released_s"),
        ("90 % released", "time_to_90_released_s"),
        ("everybody released or referred", "finish_s"),
    )
    for label, key in rows:
        table.add_row(label, *_timed(summary[key]))
    console.print(table)
    table = _table("How long a family is there", "", "median", level)
    table.add_row("half of the families at most", *_timed(summary["parent_sojourn_p50_s"]))
    table.add_row("90 % of the families at most", *_timed(summary["parent_sojourn_p90_s"]))
    console.print(table)
    table = _table("Desks", "", "staff", "busy", "longest queue", level)
    for name, desk in summary["desks"].items():
        low, high = desk["queue_max"]["interval"]
        table.add_row(
            DESK_WORDS[name],
            str(desk["staff"]),
            f"{desk['utilisation']['mean']:.0%}",
            f"{desk['queue_max']['mean']:.0f}",
            f"{low:.0f} to {high:.0f}",
        )
    console.print(table)
    console.print(_released(summary), soft_wrap=True)
    for reason, replicas in summary["not_settled"].items():
        words = f"In {replicas} of {summary['replicas']} replicas, {reason}."
        console.print(escape(words), soft_wrap=True)
    console.print(
        f"Hand-overs without an unbroken chain of custody: {summary['custody_gaps']}",
        soft_wrap=True,
    )
    chosen = sum("[chosen]" in one["source"] for one in summary["parameters"])
    if chosen:
        console.print(
            f"{chosen} of {len(summary['parameters'])} numbers are defaults of ours, not measured: "
            "time a few families and write your own (--json lists them).",
            soft_wrap=True,
        )
    console.print(f"[dim]{escape(summary['note'])}[/dim]", soft_wrap=True)


def print_tried(desk: str, tried: list[dict[str, Any]], console: Console) -> None:
    """Print one line for each number of staff that was tried at a desk."""
    heads = ("90 % released", "central 90%", "a family is there", "longest queue", "busy")
    table = _table(f"Trying {desk.replace('_', ' ')}", "staff", *heads)
    for one in tried:
        at_desk = one["desks"][desk]
        table.add_row(
            str(at_desk["staff"]),
            *_timed(one["time_to_90_released_s"]),
            minutes(one["parent_sojourn_p90_s"]["median"]),
            f"{at_desk['queue_max']['mean']:.0f}",
            f"{at_desk['utilisation']['mean']:.0%}",
        )
    table.caption = "a family is there: 90 % of the families at most, median of the replicas"
    table.caption_justify = "left"
    console.print(table)


def _released(summary: dict[str, Any]) -> str:
    share = summary["exception_share"]["mean"]
    kinds = [
        f"{entry['mean']:.1f} {kind.replace('_', ' ')}"
        for kind, entry in summary["exceptions"].items()
        if entry["mean"]
    ]
    words = (
        f"On average {summary['released']['mean']:.1f} students released, "
        f"{summary['referred']['mean']:.1f} referred"
    )
    if share is not None and kinds:
        words += f"; {share:.1%} of the families by the private desk ({', '.join(kinds)})"
    return f"{words}."


def _timed(entry: dict[str, Any]) -> tuple[str, str]:
    low, high = entry["interval"]
    return minutes(entry["median"]), f"{minutes(low)} to {minutes(high)}"


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column(heads[0])
    for head in heads[1:]:
        table.add_column(head, justify="right")
    return table
