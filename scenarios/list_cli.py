"""The command ``hallways scenarios``: which scenarios come with hallways, and what each teaches."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap

EPILOG = """example:
  hallways scenarios
  hallways scenarios --json

Each of them runs as it is (hallways run builtin:<name>), and is a start for your own: a file that
says `based_on: builtin:<name>` says only what is different."""


def main(argv: list[str] | None = None) -> int:
    """List the scenarios that come with hallways.

    Returns
    -------
    int
        0.
    """
    parser = argparse.ArgumentParser(
        prog="hallways scenarios",
        description="List the scenarios that come with hallways, and what each of them teaches.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="for machines")
    asked = parser.parse_args(argv)
    from scenarios.find_scenario import load_scenario
    from scenarios.scenario_library import builtin_scenarios

    listed = [
        {"scenario": name, "name": said.name, "plan": said.plan_as_said, "teaches": said.teaches}
        for name in builtin_scenarios()
        for said in [load_scenario(name)]
    ]
    if asked.json:
        sys.stdout.write(json.dumps(listed, indent=2, ensure_ascii=False) + "\n")
        return 0
    width = min(shutil.get_terminal_size().columns, 100)
    for row in listed:
        words = textwrap.fill(row["teaches"] or row["name"], width - 4)
        sys.stdout.write(f"{row['scenario']}\n{textwrap.indent(words, '    ')}\n")
    return 0
