"""The verb ``hallways plan check``: what is wrong with a plan or missing from it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from buildings.check_limits import CheckLimits
    from buildings.checks import CheckedPlan
    from buildings.repairs import Repair


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("plan", help="plan folder, or builtin:<name>")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="check against another number, such as dead_end_m=15.24 (--json lists all)",
    )
    parser.add_argument(
        "--fix",
        action="store_true",
        help="apply the safe repairs to the folder, list them, and check what they left",
    )
    parser.add_argument(
        "--number-doors",
        metavar="DOOR",
        help="with --fix: number unnumbered outside doors clockwise from this main entrance",
    )


def run(asked: argparse.Namespace) -> int:
    """Print the findings about a plan; 1 if there are errors."""
    from buildings.borders import InputError
    from buildings.check_limits import CheckLimits
    from buildings.checks import check_folder

    limits = CheckLimits().with_words(asked.limit)
    if asked.number_doors and not asked.fix:
        raise InputError("--number-doors: changes the folder, expected together with --fix")
    repairs: list[Repair] = []
    refused = ""
    checked = check_folder(asked.plan, limits)
    if asked.fix:
        if asked.plan.startswith("builtin:"):
            raise InputError(f"{asked.plan}: a built-in plan is not changed, expected a folder")
        repairs, refused = _mend(Path(asked.plan), checked, limits, asked.number_doors)
        checked = check_folder(asked.plan, limits)
    if asked.json:
        print(json.dumps(_as_json(checked, limits, repairs, refused), indent=2))
    else:
        _print(checked, repairs, refused)
    return 1 if checked.count("error") else 0


def _mend(
    folder: Path, checked: CheckedPlan, limits: CheckLimits, main_entrance: str | None
) -> tuple[list[Repair], str]:
    """Write the repaired plan; return what was done, or why nothing was."""
    from buildings.borders import write_private
    from buildings.checks import check_loaded
    from buildings.import_report import counted
    from buildings.plan_writer import plan_files
    from buildings.repairs import Repair, number_doors, repaired

    faults = [f for f in checked.findings if f.stage in ("schema", "references")]
    others = [f for f in faults if f.code != "exact_duplicate"]
    if others:
        return (
            [],
            f"nothing was changed: {counted(len(others), 'fault')} in the files to mend first",
        )
    plan, done = repaired(checked.plan)
    repairs = [
        Repair("exact_duplicate", f.subjects, f"dropped the second {f.subjects[0]}, both alike")
        for f in faults
    ] + list(done)
    if main_entrance:
        plan, numbers = number_doors(plan, main_entrance)
        repairs += numbers
    before = {(f.code, f.subjects) for f in checked.findings if f.severity == "error"}
    worse = [
        f for f in check_loaded(plan, limits).findings
        if f.severity == "error" and f.stage == "geometry" and (f.code, f.subjects) not in before
    ]  # fmt: skip
    if worse:
        return [], f"nothing was changed: the repairs would make an error ({worse[0].message})"
    files = plan_files(plan)
    unlike = [n for n, c in files.items() if not _holds(folder / n, c)]
    plain = plan_files(checked.plan)
    form = [n for n in unlike if not faults and not _holds(folder / n, plain[n])]
    if form:
        words = f"canonical form: {', '.join(form)}"
        repairs.append(Repair("canonical_form", (), words))
    for name in unlike:
        write_private(folder / name, files[name])
    return repairs, ""


def _holds(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() == content


def _as_json(
    checked: CheckedPlan, limits: CheckLimits, repairs: list[Repair], refused: str
) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "kind": "plan_check",
        "plan": {"id": checked.plan.id, "sha256": checked.plan.sha256},
        "errors": checked.count("error"),
        "warnings": checked.count("warning"),
        "notes": checked.count("note"),
        "reach": checked.reach.as_json() if checked.reach else None,
        "limits": limits.as_json(),
        "repairs": [repair.as_json() for repair in repairs],
        "repairs_refused": refused or None,
        "findings": [finding.as_json() for finding in checked.findings],
    }


def _print(checked: CheckedPlan, repairs: list[Repair], refused: str) -> None:
    from buildings.finding import SEVERITIES
    from buildings.import_report import counted

    plan, reach = checked.plan, checked.reach
    walkable = sum(space.walkable == "yes" for space in plan.spaces.values())
    print(
        f"{plan.name}: {len(plan.levels)} levels, {walkable} walkable spaces, "
        f"{len(plan.portals)} portals, {len(plan.exits)} exits"
    )
    if reach is not None:
        print(
            f"a confirmed exit is reached from {reach.spaces_out} of {reach.spaces} spaces "
            f"({reach.share_of_spaces:.0%}) and {reach.share_of_area:.0%} of "
            f"{reach.area_m2:.0f} m2 of floor"
        )
    if refused:
        print(refused)
    for repair in repairs:
        print(f"repaired: {repair.words}")
    _print_findings(checked)
    print(", ".join(counted(checked.count(kind), kind) for kind in SEVERITIES))


def _print_findings(checked: CheckedPlan) -> None:
    from rich.console import Console
    from rich.table import Table

    if not checked.findings:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("no", justify="right")
    table.add_column("", no_wrap=True)
    table.add_column("stage", no_wrap=True)
    table.add_column("where", no_wrap=True)
    table.add_column("what and how to mend it")
    for finding in checked.findings:
        where = finding.level or ""
        if finding.x_m is not None and finding.y_m is not None:
            where += f" ({finding.x_m:.1f}, {finding.y_m:.1f})"
        table.add_row(
            str(finding.number),
            finding.severity,
            finding.stage,
            where,
            f"{finding.message}. {finding.repair}",
        )
    Console(highlight=False, markup=False).print(table)
