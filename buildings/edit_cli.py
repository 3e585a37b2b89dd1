"""The verb ``hallways plan edit``: a variant of a plan with some things changed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from buildings.finding import Finding
    from buildings.plan import Plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("plan", help="plan folder, or builtin:<name>")
    parser.add_argument(
        "edits",
        nargs="+",
        metavar="EDIT",
        help="'set ID KEY=VALUE', 'widen DOOR METRES', 'close DOOR' or 'move ID DX DY'",
    )
    parser.add_argument("--out", required=True, metavar="FOLDER", help="new folder of the variant")
    parser.add_argument("--json", action="store_true", help="print the changes as JSON")


def run(asked: argparse.Namespace) -> int:
    """Write the variant and print what changed; 1 if it has errors that the plan had not."""
    from buildings.borders import InputError
    from buildings.checks import check_plan
    from buildings.new_folder import require_new, write_new_plan
    from buildings.plan_diff import plan_changes
    from buildings.plan_edits import edited
    from buildings.plan_file import load_plan

    out = Path(asked.out)
    require_new(out)
    plan = load_plan(asked.plan)
    before = {(f.code, f.subjects) for f in check_plan(plan)}
    found: list[Finding] = []

    def accept(variant: Plan) -> None:
        found.extend(f for f in check_plan(variant) if (f.code, f.subjects) not in before)
        torn = [f for f in found if f.stage == "geometry" and f.severity == "error"]
        if torn:
            lines = "\n".join(f"  {f.message}; {f.repair}" for f in torn)
            raise InputError(f"nothing was written; the edits leave faults in the drawing\n{lines}")

    variant = write_new_plan(edited(plan, asked.edits), out, accept)
    changes = plan_changes(plan, variant)
    if asked.json:
        content = {
            "schema_version": 1,
            "kind": "plan_edit",
            "parent": {"id": plan.id, "version": plan.version, "sha256": plan.sha256},
            "variant": {"folder": asked.out, "sha256": variant.sha256},
            "changes": [change.as_json() for change in changes],
            "findings": [finding.as_json() for finding in found],
        }
        print(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        for change in changes:
            print(change.line())
        for finding in found:
            print(f"new {finding.severity}: {finding.message}. {finding.repair}")
        print(f"wrote {out}")
    return 1 if any(finding.severity == "error" for finding in found) else 0
