"""The verb ``hallways demo``: the whole loop on a built-in school, from simulation to debrief."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scenarios import Ensemble

EPILOG = """\
examples:
  hallways demo
  hallways demo --replicas 50 --out demo-run

exit code: 0 the report is written, 2 bad input"""

SCENARIO: Final = "builtin:cedar-middle-evacuation"
REPLICAS: Final = 200
DRILL: Final = Path(__file__).parent / "drills" / "cedar-middle-evacuation"


def main(argv: list[str] | None = None) -> int:
    """Simulate the built-in school's fire drill, compare the built-in drill log, write it all.

    Returns
    -------
    int
        0; bad input raises an `InputError`.
    """
    asked = _parser().parse_args(argv)
    folder: Path = asked.out
    from scenarios.run_folder import check_may_write

    check_may_write(folder)
    ensemble = _simulate(asked.replicas, asked.workers, quiet=asked.json)
    _say("Writing tables", quiet=asked.json)
    from scenarios import queue_figure, summarize, write_run

    write_run(ensemble, folder)
    _say("Comparing the drill log (synthetic) and drawing", quiet=asked.json)
    from buildings.picture_file import save_figure
    from debrief.cli import comparison_json, print_comparison, write_debrief
    from debrief.comparison import compare
    from debrief.drill_folder import load_drill
    from debrief.report import arrival_figure

    comparison = compare(load_drill(DRILL, ensemble.plan), ensemble)
    write_debrief(comparison, folder)
    save_figure(queue_figure(ensemble), folder / "plan_queues.png", dpi=110)
    save_figure(arrival_figure(comparison), folder / "arrival_curve.png")
    if asked.json:
        import json

        print(json.dumps(comparison_json(comparison), indent=2, sort_keys=True))
        return 0
    from scenarios.run_report import print_report

    print_report(ensemble, summarize(ensemble), folder)
    print()
    print_comparison(comparison)
    print(f"Report: {folder / 'report.html'}")
    return 0


def _simulate(replicas: int, workers: int | None, *, quiet: bool) -> Ensemble:
    from scenarios import load_scenario, replica_bar, run_ensemble

    _say(
        "Cedar Middle School, invented: 606 people, one fire drill. The first run on a machine "
        "compiles the engine (some ten seconds).",
        quiet=quiet,
    )
    with replica_bar(quiet=quiet) as bar:
        task = bar.add_task("Simulating", total=replicas)
        return run_ensemble(
            load_scenario(SCENARIO),
            replicas=replicas,
            workers=workers,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _say(words: str, *, quiet: bool) -> None:
    if not quiet:
        print(words, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hallways demo",
        description="The whole loop on a built-in school: simulate its fire drill, read a "
        "synthetic drill log, compare, and leave a folder with report, pictures and tables.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--out", type=Path, default=Path("demo-run"), metavar="DIR", help="folder (demo-run)"
    )
    parser.add_argument(
        "--replicas", type=int, default=REPLICAS, metavar="N", help=f"simulated drills ({REPLICAS})"
    )
    parser.add_argument("--workers", type=int, metavar="W", help="processes; same results")
    parser.add_argument("--json", action="store_true", help="print comparison.json, nothing else")
    return parser
