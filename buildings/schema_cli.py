"""The verb ``hallways plan schema``: the JSON Schemas of the plan files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--out", type=Path, metavar="DIR", help="write them there instead")


def run(asked: argparse.Namespace) -> int:
    """Write or print the JSON Schemas of the plan files."""
    from buildings.borders import write_private
    from buildings.schema import schema_files

    for name, content in schema_files().items():
        if asked.out is None:
            sys.stdout.write(content)
        else:
            write_private(asked.out / name, content.encode())
            print(f"Schema: {asked.out / name}")
    return 0
