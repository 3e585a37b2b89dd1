"""The verb ``hallways debrief``: a drill log beside simulated drills, as a report."""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from debrief.comparison import Comparison
    from scenarios import Ensemble

EPILOG = """\
examples:
  hallways debrief my-drill --run runs/fire --out my-drill-report
  hallways debrief my-drill --scenario fire.yaml --replicas 500

exit code: 0 the report is written, 2 bad input"""

SHOWN = 8
"""Observations listed in the terminal; the report has all."""


def main(argv: list[str] | None = None) -> int:
    """Compare a drill log with simulated drills and write the report.

    Returns
    -------
    int
        0; bad input raises an `InputError`.
    """
    asked = _parser().parse_args(argv)
    from debrief.comparison import compare
    from debrief.drill_folder import drill_conditions, load_drill

    conditions = drill_conditions(asked.drill)
    ensemble = _ensemble(asked, conditions.scenario_ref)
    comparison = compare(load_drill(asked.drill, ensemble.plan), ensemble)
    folder = asked.out or Path("reports", conditions.drill_id)
    write_debrief(comparison, folder)
    if asked.json:
        print(json.dumps(comparison_json(comparison), indent=2, sort_keys=True))
    else:
        print_comparison(comparison)
        print(f"Report: {folder / 'report.html'}")
    return 0


def _ensemble(asked: argparse.Namespace, scenario_ref: str | None) -> Ensemble:
    from buildings import InputError
    from scenarios import load_run, load_scenario, run_ensemble

    if asked.run is not None:
        return load_run(asked.run)
    scenario = asked.scenario or scenario_ref
    if scenario is None:
        raise InputError(
            f"{asked.drill}: names no scenario_ref, expected --run FOLDER or --scenario FILE"
        )
    return run_ensemble(load_scenario(scenario), replicas=asked.replicas)


def write_debrief(comparison: Comparison, folder: Path) -> None:
    """Write report.html, comparison.json and comparison.csv, each whole or not at all."""
    from buildings import write_private
    from debrief.report import render_report

    write_private(folder / "report.html", render_report(comparison).encode())
    text = json.dumps(comparison_json(comparison), indent=2, sort_keys=True) + "\n"
    write_private(folder / "comparison.json", text.encode())
    write_private(folder / "comparison.csv", _table(comparison).encode())


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain values; what is not a number or never happened is None."""
    shift, worst = comparison.shift, comparison.worst
    return {
        "schema_version": 1,
        "kind": "comparison",
        "drill": comparison.log.drill.drill_id,
        "synthetic": comparison.log.drill.synthetic,
        "plan": {
            "id": comparison.ensemble.plan.id,
            "sha256": comparison.ensemble.plan.sha256,
        },
        "replicas": comparison.ensemble.replicas,
        "seed": comparison.ensemble.seed,
        "verdicts": comparison.verdicts,
        "drill_shift": {"factor": _plain(shift.factor), "p": _plain(shift.factor_p)},
        "worst_place": {
            "obs_id": None if worst is None else worst.observation.obs_id,
            "p": _plain(shift.worst_p),
        },
        "arrival_curve_p": None if comparison.envelope is None else _plain(comparison.envelope.p),
        "secured_by": [
            {
                "at_s": one.at_s,
                "observed_low": _plain(one.observed.low),
                "observed_high": _plain(one.observed.high),
                "n_observed": one.observed.n_observed,
                "n_censored": one.observed.n_censored,
                "n_missing": one.observed.n_missing,
                "unit": one.observed.unit,
                "t0": one.observed.t0,
                "simulated_mean": _plain(one.simulated_mean),
                "simulated_low": _plain(one.simulated_low),
                "simulated_high": _plain(one.simulated_high),
            }
            for one in comparison.secured
        ],
        "observations": [_entry(p) for p in comparison.placements],
        "warnings": list(comparison.log.warnings),
    }


def _entry(placement: Any) -> dict[str, Any]:
    o = placement.observation
    return {
        "obs_id": o.obs_id,
        "event": o.event,
        "place": o.place.id or None,
        "group": o.group_id,
        "observed_low_s": _plain(o.t_lo_s),
        "observed_high_s": _plain(o.t_hi_s),
        "censor": o.censor,
        "u_s": _plain(o.u_s),
        "median_s": _plain(placement.median_s),
        "low_s": _plain(placement.low_s),
        "high_s": _plain(placement.high_s),
        "rank_low": _plain(placement.rank_low),
        "rank_high": _plain(placement.rank_high),
        "verdict": placement.verdict,
        "sentence": placement.sentence,
    }


def _plain(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None


def _table(comparison: Comparison) -> str:
    entries = [_entry(p) for p in comparison.placements]
    stream = io.StringIO()
    columns = list(entries[0]) if entries else ["obs_id"]
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for entry in entries:
        writer.writerow([_safe(entry[column]) for column in columns])
    return stream.getvalue()


def _safe(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in "=+-@":
        return f"'{value}"
    return "" if value is None else value


def print_comparison(comparison: Comparison) -> None:
    """Print the findings and the observations that deviate most."""
    from rich.console import Console
    from rich.table import Table

    from debrief.findings import findings
    from debrief.wording import between, event_words, observed_words, place_words

    console = Console(file=sys.stdout, highlight=False)
    drill = comparison.log.drill
    console.print(f"[bold]{drill.title}[/bold], {drill.date}")
    if drill.synthetic:
        console.print("Synthetic example: made by a program, not by a real drill.")
    for line in findings(comparison):
        console.print(line)
    table = Table(title="Observations that are not as predicted", title_justify="left", box=None)
    for head in ("what", "where", "observed", "simulated", "verdict"):
        table.add_column(head)
    unusual = [p for p in comparison.placements if p.verdict != "as predicted"]
    unusual.sort(key=_deviation)
    for p in unusual[:SHOWN]:
        table.add_row(
            event_words(p.observation),
            place_words(comparison.ensemble.plan, p.observation),
            observed_words(p.observation),
            "" if math.isnan(p.low_s) else between([p.low_s, p.high_s]),
            p.verdict,
        )
    if table.row_count:
        console.print(table)
    if len(unusual) > SHOWN:
        console.print(f"and {len(unusual) - SHOWN} more in the report")


def _deviation(placement: Any) -> tuple[float, str]:
    """Sort key: the largest distance outside the interval first, then bounds and gaps."""
    o = placement.observation
    outside = max(o.t_lo_s - placement.high_s, placement.low_s - o.t_hi_s)
    return (-outside if math.isfinite(outside) else math.inf, o.obs_id)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hallways debrief",
        description="Place every logged time of a drill among simulated drills and write a "
        "self-contained report.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("drill", type=Path, help="drill folder with drill.yaml, observations.csv")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--run", type=Path, metavar="DIR", help="run folder to compare with")
    source.add_argument(
        "--scenario", metavar="FILE", help="scenario to simulate (default: the drill's own)"
    )
    parser.add_argument(
        "--replicas", type=int, metavar="N", help="simulated drills, with --scenario"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the report")
    parser.add_argument("--json", action="store_true", help="print comparison.json, nothing else")
    return parser
