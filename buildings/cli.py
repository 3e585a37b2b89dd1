"""The verbs ``hallways plan``: check, import, show, format, and print the schema of a plan."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from buildings.finding import Finding

PLAN_HELP: Final = "plan folder, or builtin:<name>"


def main(argv: list[str] | None = None) -> int:
    """Run one of the plan verbs.

    Returns
    -------
    int
        0 done; 1 the plan has errors, or is not in canonical form; bad input raises InputError.
    """
    asked = _parser().parse_args(argv)
    verb: Callable[[argparse.Namespace], int] = asked.verb
    return verb(asked)


def check(asked: argparse.Namespace) -> int:
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


def show(asked: argparse.Namespace) -> int:
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


def fmt(asked: argparse.Namespace) -> int:
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


def schema(asked: argparse.Namespace) -> int:
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


def import_plan(asked: argparse.Namespace) -> int:
    """Import a building; 1 if something must be put right before the plan can be used."""
    from buildings.plan_import import import_to_folder

    return import_to_folder(
        asked.file, asked.out, facts=asked.facts, force=asked.force, as_json=asked.json
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hallways plan", description="Check, import, show and format plans of buildings."
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(
        name: str, function: Callable[[argparse.Namespace], int], help_: str, example: str
    ) -> argparse.ArgumentParser:
        sub = verbs.add_parser(
            name,
            help=help_,
            description=help_[0].upper() + help_[1:] + ".",
            epilog=f"example:\n  {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.set_defaults(verb=function)
        return sub

    sub = verb("check", check, "name what is wrong or missing", "hallways plan check office")
    sub.add_argument("plan", help=PLAN_HELP)
    sub.add_argument("--json", action="store_true", help="print the findings as JSON")

    example = "hallways plan import office.ifc --out office --facts facts.csv"
    sub = verb("import", import_plan, "make a plan folder of an IFC file", example)
    sub.add_argument("file", type=Path, help="the .ifc file")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="the plan folder")
    sub.add_argument("--facts", type=Path, metavar="CSV", help="facts.csv to apply and keep")
    sub.add_argument(
        "--force", action="store_true", help="replace a plan folder; its facts.csv is kept"
    )
    sub.add_argument("--json", action="store_true", help="print import_report.json, nothing else")

    sub = verb("show", show, "draw a plan", "hallways plan show builtin:cedar-middle --out c.pdf")
    sub.add_argument("plan", help=PLAN_HELP)
    sub.add_argument("--out", type=Path, metavar="FILE", help=".png, .svg or .pdf (<id>.png)")
    sub.add_argument("--level", metavar="ID", help="this level only")
    sub.add_argument("--sheet", choices=("fit", "A4", "A3", "A2", "A1"), default="fit")
    sub.add_argument("--points", action="store_true", help="draw devices too")

    sub = verb("fmt", fmt, "write a plan folder in its canonical form", "hallways plan fmt office")
    sub.add_argument("plan", help="plan folder")
    sub.add_argument("--check", action="store_true", help="change nothing, exit 1 if it would")

    sub = verb("schema", schema, "print the JSON Schemas of the plan files", "hallways plan schema")
    sub.add_argument("--out", type=Path, metavar="DIR", help="write them there instead")
    return parser
