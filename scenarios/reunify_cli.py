"""The verb ``hallways reunify``: a reunification plan over many replicas, to staff its desks."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from scenarios.whole_number import at_least

if TYPE_CHECKING:
    from scenarios.reunification_said import ReunificationPlan

EPILOG = """\
examples:
  hallways reunify builtin:school-of-450
  hallways reunify hall.yaml --set desks.checkers=8 --set walk.metres=120
  hallways reunify hall.yaml --try checkers=3,4,5,6,8

exit code: 0 every student is released or referred in every replica (with --try: for one of the
numbers), 1 somebody is not, 2 bad input"""

DESKS = ("greeters", "checkers", "reunifiers", "private_desk", "accountants")


def main(argv: list[str] | None = None) -> int:
    """Run a reunification plan and print what it answers.

    Returns
    -------
    int
        0 if every student is released or referred in every replica, 1 if somebody is not. With
        ``--try``, 0 if so with one of the numbers that were tried.
    """
    asked = _parser().parse_args(argv)
    from dataclasses import replace

    from scenarios.find_reunification import load_reunification
    from scenarios.reunification_runs import summarize_reunification
    from scenarios.run_folder import as_json

    plan = load_reunification(asked.plan, changes=asked.set)
    plan = replace(
        plan,
        replicas=plan.replicas if asked.replicas is None else asked.replicas,
        seed=plan.seed if asked.seed is None else asked.seed,
    )
    desk, numbers = asked.tried or (None, ())
    plans = [plan] if desk is None else [_with_staff(plan, desk, number) for number in numbers]
    done = _run(plans)
    summaries = [summarize_reunification(runs) for runs in done]
    if asked.json:
        content: Any = summaries[0] if desk is None else {"tried": desk, "plans": summaries}
        sys.stdout.write(as_json(content).decode())
    else:
        _print(desk, summaries)
    return 0 if any(runs.all_settled for runs in done) else 1


def _with_staff(plan: ReunificationPlan, desk: str, staff: int) -> ReunificationPlan:
    from buildings import InputError
    from scenarios.reunification_runs import with_staff

    try:
        return with_staff(plan, desk, staff)
    except ValueError as error:
        raise InputError(f"--try {desk}: {error}") from None


def _run(plans: list[ReunificationPlan]) -> list[Any]:
    """Run the replicas of every plan with a progress bar on stderr."""
    from scenarios.replica_bar import replica_bar
    from scenarios.reunification_runs import run_reunification

    with replica_bar() as bar:
        task = bar.add_task("Running", total=sum(plan.replicas for plan in plans))
        return [
            run_reunification(plan, progress=lambda done, total: bar.advance(task))
            for plan in plans
        ]


def _print(desk: str | None, summaries: list[dict[str, Any]]) -> None:
    from rich.console import Console

    from scenarios.reunify_report import print_reunification, print_tried

    console = Console(highlight=False)
    if desk is None:
        print_reunification(summaries[0], console)
    else:
        print_tried(desk, summaries, console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hallways reunify",
        description="Run a reunification plan many times: when students are with their families, "
        "how long families wait, and which desk is short of staff.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("plan", help="a reunification plan, or builtin:<name>")
    parser.add_argument("--replicas", type=at_least(1), metavar="N", help="how many replicas")
    parser.add_argument("--seed", type=at_least(0), metavar="S", help="seed of the randomness")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a key of the plan, such as desks.checkers=8; may be repeated",
    )
    parser.add_argument(
        "--try",
        type=_staffing,
        dest="tried",
        metavar="DESK=N,N,...",
        help="compare numbers of staff at one desk, with the same families each time",
    )
    parser.add_argument("--json", action="store_true", help="print the summary, nothing else")
    return parser


def _staffing(text: str) -> tuple[str, tuple[int, ...]]:
    """Read ``checkers=3,4,5``, for argparse."""
    desk, _, numbers = text.partition("=")
    found = numbers.split(",")
    if desk not in DESKS or not all(one.isdecimal() for one in found):
        raise argparse.ArgumentTypeError(
            f"should be a desk and numbers, such as checkers=3,4,5 (got {text!r}); desks are "
            f"{', '.join(DESKS)}"
        )
    return desk, tuple(int(one) for one in found)
