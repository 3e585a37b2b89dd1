"""The verb ``hallways plan fmt``: a plan folder in its canonical form."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("plan", help="plan folder")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if it would")


def run(asked: argparse.Namespace) -> int:
    """Rewrite a plan folder in its canonical form; with --check only say whether it is."""
    from buildings.borders import InputError, write_private
    from buildings.plan_file import load_plan
    from buildings.plan_writer import plan_files

    if asked.plan.startswith("builtin:"):
        raise InputError(f"{asked.plan}: a built-in plan is not rewritten, expected a folder")
    folder = Path(asked.plan)
    files = plan_files(load_plan(folder))
    changed = [
        name
        for name, content in files.items()
        if not (folder / name).exists() or (folder / name).read_bytes() != content
    ]
    for name in changed:
        if not asked.check:
            write_private(folder / name, files[name])
        print(f"{'would change' if asked.check else 'changed'} {folder / name}")
    if not changed:
        print(f"{folder}: canonical already")
    return 1 if asked.check and changed else 0
