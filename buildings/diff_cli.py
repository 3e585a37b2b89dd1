"""The verb ``hallways plan diff``: what changed between two plans."""

from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("before", metavar="A", help="plan folder, or builtin:<name>")
    parser.add_argument("after", metavar="B", help="the plan to set beside it")
    parser.add_argument("--json", action="store_true", help="print the changes as JSON")


def run(asked: argparse.Namespace) -> int:
    """Print what changed; 1 if anything did."""
    from buildings.import_report import counted
    from buildings.plan_diff import plan_changes
    from buildings.plan_file import load_plan

    before, after = load_plan(asked.before), load_plan(asked.after)
    changes = plan_changes(before, after)
    if asked.json:
        content = {
            "schema_version": 1,
            "kind": "plan_diff",
            "before": {"id": before.id, "version": before.version, "sha256": before.sha256},
            "after": {"id": after.id, "version": after.version, "sha256": after.sha256},
            "changes": [change.as_json() for change in changes],
        }
        print(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        for change in changes:
            print(change.line())
        print(counted(len(changes), "change") if changes else "no difference")
    return 1 if changes else 0
