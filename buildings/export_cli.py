"""The verb ``hallways plan export``: a plan for other programs, so that others can check ours."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

FORMATS: Final = ("jupedsim-wkt", "jupedsim-network")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("plan", help="plan folder, or builtin:<name>")
    parser.add_argument("--to", choices=FORMATS, required=True, help="the format")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="the file; jupedsim-wkt of several levels writes FILE with -LEVEL before its end",
    )
    parser.add_argument("--level", metavar="ID", help="jupedsim-wkt: this level only")


def run(asked: argparse.Namespace) -> int:
    """Write a plan in another format."""
    from buildings.borders import InputError, write_private
    from buildings.checks import require_sound
    from buildings.plan_file import load_plan

    plan = load_plan(asked.plan)
    if asked.to == "jupedsim-wkt":
        from buildings.jupedsim_wkt import walkable_wkt

        known = [level.id for level in plan.levels]
        if asked.level is not None and asked.level not in known:
            raise InputError(
                f"--level: {asked.level!r} is not in the plan, expected one of {', '.join(known)}"
            )
        texts = walkable_wkt(plan)
        if asked.level is not None:
            texts = {level: text for level, text in texts.items() if level == asked.level}
        if not texts:
            raise InputError(f"{asked.plan}: no walkable floor to write")
        for level, text in texts.items():
            alone = len(texts) == 1
            path = asked.out if alone else asked.out.with_stem(f"{asked.out.stem}-{level}")
            write_private(path, text.encode())
            print(f"Walkable area of {plan.level(level).name}: {path}")
        return 0
    from buildings.compile import compile_plan
    from buildings.jupedsim_network_file import network_json

    if asked.level is not None:
        raise InputError("--level: only for --to jupedsim-wkt, the network is of all levels")
    require_sound(plan)
    text = network_json(plan, compile_plan(plan))
    write_private(asked.out, text.encode())
    print(f"Network for jupedsim-network: {asked.out}")
    return 0
