"""What a person reads first after a run: clearance, exits, worst doors, who is not out, the law."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scenarios.ensemble import Ensemble
from scenarios.hazard_report import hazard_table, hazard_words
from scenarios.law_in_words import law_words
from scenarios.lifts import lift_words
from scenarios.protocol_report import protocol_report, step_words
from scenarios.report_table import report_table
from scenarios.responder_table import responder_table
from scenarios.run_words import (
    between,
    choice_words,
    minutes,
    mobility_words,
    order_words,
    shown,
)
from sim import FINAL_STATES

WORST_DOORS: Final = 5
ROOMS_NAMED: Final = 10
PEOPLE_SHOWN: Final = 12


def print_report(
    ensemble: Ensemble,
    summary: dict[str, Any],
    folder: Path,
    *,
    page: Path | None = None,
    console: Console | None = None,
) -> None:
    """Print the short table of a run, ending with the path of its folder.

    Parameters
    ----------
    ensemble : Ensemble
    summary : dict
        What `summarize` returned for it.
    folder : Path
        Where the run was written.
    page : Path, optional
        A page to read that was written too.
    console : rich.console.Console, optional
        Where to print; stdout by default.
    """
    console = console or Console(highlight=False)
    people, replicas = summary["people"], summary["replicas"]
    console.print(
        f"[bold]{escape(summary['scenario']['name'])}[/bold]: {people} people, "
        f"{replicas} replicas, seed {summary['seed']}",
        soft_wrap=True,
    )
    for line in special(ensemble):
        console.print(escape(line), soft_wrap=True)
    if summary["protocol"] is not None:
        for part in protocol_report(summary["protocol"]):
            console.print(part, soft_wrap=isinstance(part, str))
    if evacuates(ensemble):
        _print_evacuation(console, ensemble, summary)
    if summary["responders"] is not None:
        console.print(responder_table(summary["responders"]))
    if summary["hazards"]:
        console.print(hazard_table(summary["hazards"]))
    for line in summary["notes"]:
        console.print(escape(f"Note: {line}."), soft_wrap=True)
    for words in law_words(ensemble.scenario)[: None if evacuates(ensemble) else 1]:
        console.print(escape(words), soft_wrap=True)
    console.print(f"[dim]{escape(summary['note'])}[/dim]", soft_wrap=True)
    if page is not None:
        console.print(f"Page to read: {escape(str(page))}", soft_wrap=True)
    console.print(f"Run folder: {escape(str(folder))}", soft_wrap=True)


def evacuates(ensemble: Ensemble) -> bool:
    """Whether anybody is told to leave the building: a plain evacuation, or a step that says so."""
    timeline = ensemble.scenario.protocol.timeline
    return not timeline or any(step.action == "evacuate" for step in timeline)


def _print_evacuation(console: Console, ensemble: Ensemble, summary: dict[str, Any]) -> None:
    """Print when people are out, by which exits, where they wait and who is not out."""
    console.print(_clearance_table(summary))
    console.print(_exit_table(summary))
    waits = _door_table(ensemble, summary)
    if waits is not None:
        console.print(waits)
    if summary["assistance"] is not None:
        console.print(_help_table(summary["assistance"]))
    console.print(_states(summary), soft_wrap=True)
    for line in (*not_out(ensemble), *_waiting(ensemble, summary)):
        console.print(f"  {escape(line)}", soft_wrap=True)


def special(ensemble: Ensemble) -> list[str]:
    """Say what is special about a run: doors that change, directions, exit choice, mobility.

    Examples
    --------
    A line reads ``1:00 door 4 (P-STA-L1-B) closed, known to west-1``.
    """
    lines = step_words(ensemble.scenario)
    lines += shown(order_words(ensemble.plan, ensemble.compiled, ensemble.ordered))
    lines += [hazard_words(said) for said in ensemble.scenario.hazards]
    choice = choice_words(ensemble.scenario)
    if choice:
        lines.append(f"Exit choice: {choice}")
    if ensemble.scenario.keep_together and len(ensemble.roster.groups.ids):
        lines.append("Classes walk at the pace of their slowest member")
    lines += [lift_words(name, said) for name, said in sorted(ensemble.scenario.lifts.items())]
    mobility = mobility_words(ensemble.roster)
    if mobility:
        lines.append(f"Mobility: {mobility}")
    return lines


def not_out(ensemble: Ensemble) -> list[str]:
    """Say who is not out at the end: people by state and room, in the worst replica.

    Examples
    --------
    An entry reads ``room 101 (S-101): 3 no_route in replica 17``.
    """
    out = FINAL_STATES.index("out")
    missing = (ensemble.final_state != out).sum(axis=1)
    worst = int(np.argmax(missing))
    if not missing[worst]:
        return []
    states = ensemble.final_state[worst]
    lines = []
    for row in np.unique(ensemble.roster.space[states != out]).tolist():
        called = "outdoors"
        if row >= 0:
            space = ensemble.plan.spaces[ensemble.compiled.space_ids[row]]
            called = space.id if space.label == space.id else f"{space.label} ({space.id})"
        here = states[ensemble.roster.space == row]
        counts = [
            f"{int((here == code).sum())} {state}"
            for code, state in enumerate(FINAL_STATES)
            if code != out and (here == code).any()
        ]
        lines.append(f"from {called}: {', '.join(counts)}, in replica {worst}")
    if len(lines) > ROOMS_NAMED:
        rest = len(lines) - ROOMS_NAMED
        lines = [*lines[:ROOMS_NAMED], f"and people from {rest} more rooms"]
    return lines


def _waiting(ensemble: Ensemble, summary: dict[str, Any]) -> list[str]:
    """Say at which doors people still wait when the run ends, most first."""
    waiting = {portal: door["waiting_at_end"] for portal, door in summary["doors"].items()}
    most = sorted((portal for portal in waiting if waiting[portal]), key=lambda p: (-waiting[p], p))
    return [
        f"waiting at {portal}, {_between_spaces(ensemble, portal)}: {waiting[portal]:g} on average"
        for portal in most[:WORST_DOORS]
    ]


def _clearance_table(summary: dict[str, Any]) -> Table:
    level = summary["clearance_s"]["p50"]["interval_level"]
    table = report_table("Time until out", "", "median", f"central {level:.0%}")
    for name, label in (("p50", "half"), ("p90", "90 %"), ("p95", "95 %"), ("p100", "everybody")):
        entry = summary["clearance_s"][name]
        table.add_row(label, minutes(entry["median"]), between(entry["interval"]))
    accounted = summary["all_accounted_s"]
    if accounted is not None:
        row = (
            "all classes counted",
            minutes(accounted["median"]),
            between(accounted["interval"]),
        )
        table.add_row(*row)
    return table


def _exit_table(summary: dict[str, Any]) -> Table:
    """Return the exits in order of number; those that nobody took share the last line."""
    table = report_table("Exits", "", "people", "share", "first", "last")
    unused = []
    for portal in sorted(summary["exits"], key=lambda one: _natural(summary["exits"], one)):
        entry = summary["exits"][portal]
        if not entry["passed"]:
            unused.append(entry["number"] or portal)
            continue
        table.add_row(
            escape(f"{entry['number']} ({portal})" if entry["number"] else portal),
            f"{entry['passed']:.0f}",
            f"{entry['share']:.0%}",
            minutes(entry["first_s"]),
            minutes(entry["last_s"]),
        )
    if unused:
        table.caption = f"Used by nobody: {escape(', '.join(unused))}"
        table.caption_justify = "left"
    return table


def _natural(exits: dict[str, Any], portal: str) -> tuple[bool, int, str, str]:
    """Sort exit 2 before exit 10, and those without a number last."""
    number = exits[portal]["number"] or ""
    digits = int(number) if number.isdecimal() else 0
    return (not number, digits, number, portal)


def _door_table(ensemble: Ensemble, summary: dict[str, Any]) -> Table | None:
    doors = summary["doors"]
    worst = sorted(doors, key=lambda portal: (-doors[portal]["queue_person_s"], portal))
    worst = [portal for portal in worst if doors[portal]["queue_person_s"] > 0][:WORST_DOORS]
    if not worst:
        return None
    heads = ("", "width", "people", "longest queue", "person-minutes")
    table = report_table("Longest waits", *heads)
    for portal in worst:
        entry = doors[portal]
        low, high = entry["queue_person_s_interval"]
        table.add_row(
            escape(f"{portal}, {_between_spaces(ensemble, portal)}"),
            f"{entry['width_m']:.2f} m",
            f"{entry['passed']:.0f}",
            f"{entry['peak_queue']:.0f}",
            f"{entry['queue_person_s'] / 60:.1f} ({low / 60:.1f} to {high / 60:.1f})",
        )
    return table


def _help_table(assistance: dict[str, Any]) -> Table:
    """Return those who need help, in order of when help begins; the last ones share a line."""
    heads = ("", "waits from", "help begins", "sets off", "out", "by")
    table = report_table("People who need help to leave", *heads)
    people = assistance["people"]

    def late(person: str) -> tuple[float, str]:
        begins = people[person]["help_s"]["median"]
        return (math.inf if begins is None else begins), person

    order = sorted(people, key=late)
    for person in order[:PEOPLE_SHOWN]:
        entry = people[person]
        ways = [f"{way} {share:.0%}" if share < 1 else way for way, share in entry["ways"].items()]
        times = ("waits_from_s", "help_s", "set_off_s", "out_s")
        table.add_row(
            escape(f"{person}, {entry['profile']}"),
            *(minutes(entry[name]["median"]) for name in times),
            ", ".join(ways),
        )
    rest = len(order) - PEOPLE_SHOWN
    used, most = assistance["helpers_used"], assistance["helpers_at_once"]
    words = [
        f"{rest} more in summary.json" if rest > 0 else "",
        f"{assistance['helpers']} can help; {used:.1f} did, at most {most:.1f} at a time",
        f"{assistance['still_waiting']:.1f} still wait" if assistance["still_waiting"] else "",
    ]
    table.caption = "; ".join(word for word in words if word)
    table.caption_justify = "left"
    return table


def _between_spaces(ensemble: Ensemble, portal_id: str) -> str:
    portal, spaces = ensemble.plan.portals[portal_id], ensemble.plan.spaces
    ends = [
        spaces[end].label if end in spaces else end for end in (portal.from_space, portal.to_space)
    ]
    return f"{ends[0]} to {ends[1]}"


def _states(summary: dict[str, Any]) -> str:
    counts = [f"{n:g} {state}" for state, n in summary["ledger"].items() if n]
    if summary["ledger"]["out"] == summary["people"]:
        return f"At the end: all {summary['people']} people are out, in every replica."
    return f"At the end, [bold]not everybody is out[/bold]; on average: {', '.join(counts)}."
