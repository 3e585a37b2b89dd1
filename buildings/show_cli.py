"""The verb ``hallways plan show``: a picture of a plan to print or to hang up."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("plan", help="plan folder, or builtin:<name>")
    parser.add_argument("--out", type=Path, metavar="FILE", help=".png, .svg or .pdf (<id>.png)")
    parser.add_argument("--level", metavar="ID", help="this level only")
    parser.add_argument("--sheet", choices=("fit", "A4", "A3", "A2", "A1"), default="fit")
    parser.add_argument("--points", action="store_true", help="draw devices too")


def run(asked: argparse.Namespace) -> int:
    """Draw a plan."""
    from buildings.borders import InputError
    from buildings.picture import draw_plan
    from buildings.picture_file import save_figure
    from buildings.plan_file import load_plan

    plan = load_plan(asked.plan)
    if asked.level is not None and asked.level not in [level.id for level in plan.levels]:
        known = ", ".join(level.id for level in plan.levels)
        raise InputError(f"--level: {asked.level!r} is not in the plan, expected one of {known}")
    path = asked.out or Path(f"{plan.id}.png")
    save_figure(draw_plan(plan, level=asked.level, sheet=asked.sheet, points=asked.points), path)
    print(f"Picture: {path}")
    return 0
