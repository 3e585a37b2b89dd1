"""The verb ``hallways readiness``: the gaps of a building, ranked by what mending them does."""

from __future__ import annotations

import argparse
import sys

from scenarios.whole_number import at_least

EPILOG = """\
examples:
  hallways readiness builtin:maple-elementary-lockdown
  hallways readiness lockdown.yaml --replicas 100 --json

exit code: 0 the table is printed, 2 bad input"""


def main(argv: list[str] | None = None) -> int:
    """Find the gaps of a building, simulate each one mended, and print the table.

    Returns
    -------
    int
        0; bad input raises an `InputError`.
    """
    asked = _parser().parse_args(argv)
    from rich.console import Console
    from rich.progress import Progress

    from scenarios.find_scenario import load_scenario
    from scenarios.readiness import readiness
    from scenarios.readiness_report import print_readiness, readiness_values
    from scenarios.run_folder import as_json

    scenario = load_scenario(asked.scenario, changes=asked.set)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Running", total=None)
        found = readiness(
            scenario,
            replicas=asked.replicas,
            workers=asked.workers,
            progress=lambda what, done, total: bar.update(
                task, description=what, completed=done, total=total
            ),
        )
    if asked.json:
        sys.stdout.write(as_json(readiness_values(found)).decode())
    else:
        print_readiness(found)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hallways readiness",
        description="Look for gaps in locks, coverings, corners and public address (and six more "
        "kinds that are listed only), simulate a lockdown with each one mended against the plan as "
        "it is, and rank them by rooms secured and seconds in sight.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("scenario", help="a scenario file with a lockdown, or builtin:<name>")
    parser.add_argument("--replicas", type=at_least(1), metavar="N", help="how many replicas")
    parser.add_argument(
        "--workers", type=at_least(1), metavar="W", help="processes; the results are the same"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE",
        help="change a key of the scenario; may be repeated",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print plain values, nothing else")
    return parser
