"""The verb ``hallways plan redact``: a version of a plan that can be shared."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("plan", help="plan folder, or builtin:<name>")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="new folder to write")
    parser.add_argument(
        "--numbers", action="store_true", help="keep room numbers and exterior door numbers"
    )
    parser.add_argument("--json", action="store_true", help="print what was kept as JSON")


def run(asked: argparse.Namespace) -> int:
    """Write the redacted plan and say how much of the plan it holds."""
    from buildings.new_folder import require_new, write_new_plan
    from buildings.plan_file import load_plan
    from buildings.redaction import redacted

    out = Path(asked.out)
    require_new(out)
    plan = load_plan(asked.plan)
    public = write_new_plan(redacted(plan, numbers=asked.numbers), out)
    counts = {
        kind: {"kept": len(getattr(public, kind)), "of": len(getattr(plan, kind))}
        for kind in ("spaces", "portals", "points")
    }
    if asked.json:
        content = {
            "schema_version": 1,
            "kind": "plan_redact",
            "folder": asked.out,
            "sha256": public.sha256,
            "numbers": asked.numbers,
            **counts,
        }
        print(json.dumps(content, indent=2))
    else:
        kept = ", ".join(f"{n['kept']} of {n['of']} {kind}" for kind, n in counts.items())
        print(f"kept {kept}; no locks, glass, devices, names or facts")
        print(f"wrote {out}; look at it before you share it")
    return 0
