"""The verb ``hallways plan export``: a plan for other programs, so that others can check ours."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

FORMATS: Final = ("jupedsim-wkt", "jupedsim-json", "jupedsim-network")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("plan", help="plan folder, or builtin:<name>")
    parser.add_argument("--to", choices=FORMATS, required=True, help="the format")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="the file; of several levels, jupedsim-wkt and jupedsim-json write FILE with -LEVEL "
        "before its end",
    )
    parser.add_argument(
        "--level", metavar="ID", help="jupedsim-wkt, jupedsim-json: this level only"
    )


def run(asked: argparse.Namespace) -> int:
    """Write a plan in another format."""
    from buildings.borders import InputError, write_private
    from buildings.checks import require_sound
    from buildings.plan_file import load_plan

    plan = load_plan(asked.plan)
    known = [level.id for level in plan.levels]
    if asked.to == "jupedsim-network":
        from buildings.compile import compile_plan
        from buildings.jupedsim_network_file import network_json

        if asked.level is not None:
            raise InputError(
                "--level: only for --to jupedsim-wkt or jupedsim-json, the network is of all levels"
            )
        require_sound(plan)
        write_private(asked.out, network_json(plan, compile_plan(plan)).encode())
        print(f"Network for jupedsim-network: {asked.out}")
        return 0
    if asked.level is not None and asked.level not in known:
        raise InputError(
            f"--level: {asked.level!r} is not in the plan, expected one of {', '.join(known)}"
        )
    if asked.to == "jupedsim-wkt":
        from buildings.jupedsim_wkt import walkable_wkt

        what, missing, texts = "Walkable area", "walkable floor", walkable_wkt(plan)
    else:
        from buildings.jupedsim_scenario_file import scenario_files

        require_sound(plan)
        files = scenario_files(plan)
        what, missing, texts = "Scenario", "people with a way out", dict(files.texts)
        for line in files.left_out:
            print(f"Left out: {line}")
    if asked.level is not None:
        texts = {name: t for name, t in texts.items() if level_of(name, known) == asked.level}
    if not texts:
        raise InputError(f"{asked.plan}: no {missing} to write")
    for name, text in texts.items():
        alone = len(texts) == 1
        path = asked.out if alone else asked.out.with_stem(f"{asked.out.stem}-{name}")
        write_private(path, text.encode())
        print(f"{what} of {plan.level(level_of(name, known)).name}: {path}")
    return 0


def level_of(name: str, levels: Sequence[str]) -> str:
    """Return the level of a text: its name, or that without the number of a piece of floor.

    Examples
    --------
    >>> level_of("L1", ["L1"]), level_of("L-1-2", ["L-1", "L"])
    ('L1', 'L-1')
    """
    return name if name in levels else name.rpartition("-")[0]
