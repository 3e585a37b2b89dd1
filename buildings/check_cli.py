"""The verb ``hallways plan check``: what is wrong with a plan or missing from it."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from buildings.finding import Finding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("plan", help="plan folder, or builtin:<name>")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(asked: argparse.Namespace) -> int:
    """Print the findings about a plan; 1 if there are errors."""
    from buildings.checks import check_plan
    from buildings.plan_file import load_plan

    plan = load_plan(asked.plan)
    findings = check_plan(plan)
    counts = Counter(finding.severity for finding in findings)
    if asked.json:
        content = {
            "schema_version": 1,
            "kind": "plan_check",
            "plan": {"id": plan.id, "sha256": plan.sha256},
            "errors": counts["error"],
            "warnings": counts["warning"],
            "notes": counts["note"],
            "findings": [finding.as_json() for finding in findings],
        }
        print(json.dumps(content, indent=2))
    else:
        walkable = sum(space.walkable == "yes" for space in plan.spaces.values())
        print(
            f"{plan.name}: {len(plan.levels)} levels, {walkable} walkable spaces, "
            f"{len(plan.portals)} portals, {len(plan.exits)} exits"
        )
        _print_findings(findings)
        print(f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes")
    return 1 if counts["error"] else 0


def _print_findings(findings: tuple[Finding, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not findings:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("no", justify="right")
    table.add_column("", no_wrap=True)
    table.add_column("where", no_wrap=True)
    table.add_column("what and how to mend it")
    for finding in findings:
        where = finding.level or ""
        if finding.x_m is not None and finding.y_m is not None:
            where += f" ({finding.x_m:.1f}, {finding.y_m:.1f})"
        table.add_row(
            str(finding.number), finding.severity, where, f"{finding.message}. {finding.repair}"
        )
    Console(highlight=False, markup=False).print(table)
