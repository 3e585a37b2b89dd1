"""The verb ``hallways run``: many replicas of one scenario, a short table, a run folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenarios.whole_number import at_least

if TYPE_CHECKING:
    from scenarios.assembled import Assembled
    from scenarios.ensemble import Ensemble

EPILOG = """\
examples:
  hallways run builtin:cedar-middle-evacuation
  hallways run fire.yaml --replicas 500 --out runs/fire
  hallways run fire.yaml --set protocol.evacuate.alarm_s=30 --set movement.law=weidmann --json

exit code: 0 everybody is out in every replica (in a lockdown every room is secured, in a hold or
secure every room has settled, in a shelter everybody is in shelter within 13 minutes), 1 somebody
or some room is not, 2 bad input, 3 the watchdog stopped a replica in which people held each other
up for ever"""

STOPPED = 3


def main(argv: list[str] | None = None) -> int:
    """Run a scenario and write its run folder.

    Returns
    -------
    int
        0 if everybody is out at the end of every replica, or every room secured, 1 if somebody or
        some room is not, 3 if the watchdog stopped a replica.
    """
    asked = _parser().parse_args(argv)
    from scenarios.assembled import assemble
    from scenarios.batch import FrozenReplicaError
    from scenarios.find_scenario import load_scenario
    from scenarios.frozen_file import write_frozen
    from scenarios.protocol_page import write_page
    from scenarios.run_folder import as_json, check_may_write, write_run
    from scenarios.run_report import print_report
    from scenarios.summary import summarize

    folder = Path("runs", _slug(asked.scenario)) if asked.out is None else asked.out
    check_may_write(folder)
    ready = assemble(load_scenario(asked.scenario, changes=asked.set))
    try:
        ensemble = _run(ready, asked)
    except FrozenReplicaError as error:
        path = write_frozen(ready, error, folder)
        words = f"hallways: {error}. What it takes to run it again is in {path}: please report it"
        sys.stderr.write(f"{words}\n")
        return STOPPED
    write_run(ensemble, folder)
    summary = summarize(ensemble)
    page = write_page(ensemble, summary, folder)
    if asked.json:
        sys.stdout.write(as_json(summary).decode())
    else:
        print_report(ensemble, summary, folder, page=page)
    return 0 if _reached(summary) else 1


def _reached(summary: dict[str, Any]) -> bool:
    """Whether every replica comes to what is asked for: rooms secured or settled, people out."""
    protocol = summary["protocol"]
    if protocol is not None and protocol["aim"] is not None:
        return bool(protocol["all_done"] == 1.0)
    if protocol is not None and protocol["shelter"] is not None:
        return bool(protocol["shelter"]["by_lead_time"][-1]["share"] == 1.0)
    return bool(summary["ledger"]["out"] == summary["people"])


def _run(ready: Assembled, asked: argparse.Namespace) -> Ensemble:
    """Run the replicas with a progress bar on stderr."""
    from scenarios.batch import run_ensemble
    from scenarios.replica_bar import replica_bar

    with replica_bar() as bar:
        task = bar.add_task("Running", total=None)
        return run_ensemble(
            ready,
            replicas=asked.replicas,
            seed=asked.seed,
            workers=asked.workers,
            keep_events=asked.keep_events,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _slug(source: str) -> str:
    name = source.removeprefix("builtin:") if source.startswith("builtin:") else Path(source).stem
    return name or "run"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hallways run",
        description="Run a scenario many times: how long until everybody is out and where they "
        "wait, or how long until rooms are secured and which are not. Writes a run folder with a "
        "summary, tables and the plan, and of announced actions a page to read (protocol.html).",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("scenario", help="a scenario file, or builtin:<name>")
    parser.add_argument("--replicas", type=at_least(1), metavar="N", help="how many replicas")
    parser.add_argument("--seed", type=at_least(0), metavar="S", help="seed of the randomness")
    parser.add_argument(
        "--workers", type=at_least(1), metavar="W", help="processes; the results are the same"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="run folder (default: runs/<name of scenario>)"
    )
    parser.add_argument(
        "--keep-events",
        type=at_least(0),
        default=1,
        metavar="K",
        help="replicas that keep their event log: median, slowest, quickest, then others "
        "(default: 1)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a key of the scenario, such as protocol.evacuate.alarm_s=30; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="print summary.json, nothing else")
    return parser
