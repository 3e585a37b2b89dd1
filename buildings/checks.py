"""What is wrong with a plan or missing from it, in the order in which it should be mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from buildings.check_limits import CheckLimits
from buildings.checks_building import check_exits, check_reach
from buildings.checks_geometry import check_geometry
from buildings.checks_outlines import check_outlines
from buildings.checks_scenario import check_scenario
from buildings.checks_ways import check_dead_ends, check_ways
from buildings.finding import Finding, numbered
from buildings.nav_graph import NavGraph
from buildings.plan import Plan, PlanError
from buildings.plan_file import read_plan
from buildings.plan_reading import look_at
from buildings.reach import Reach

USUAL: Final = CheckLimits()


@dataclass(frozen=True, slots=True, eq=False)
class CheckedPlan:
    """A plan as far as it could be read, what was found, and how much of it can be left.

    ``reach`` is None where the plan could not be walked: the findings say why.
    """

    plan: Plan
    findings: tuple[Finding, ...]
    reach: Reach | None

    def count(self, severity: str) -> int:
        """Return how many findings have this severity."""
        return sum(finding.severity == severity for finding in self.findings)


def check_folder(source: str | Path, limits: CheckLimits = USUAL) -> CheckedPlan:
    """Check a plan folder: schema, references, geometry, building, scenario-readiness.

    Where files or references are faulty, only the geometry of what could be read is checked
    besides: anything later would be a consequence.

    Raises
    ------
    PlanError
        If there is no such folder or its ``building.yaml`` cannot be read.
    """
    plan, faults = read_plan(source)
    if faults:
        found = [*faults, *_drawing(plan, limits)]
        note = Finding(
            "building", "note", "not_checked", (),
            "building and scenario-readiness are not checked while files or references are faulty",
            "mend those first, then check again",
        )  # fmt: skip
        return CheckedPlan(plan, numbered([*found, note]), None)
    return check_loaded(plan, limits)


def check_loaded(plan: Plan, limits: CheckLimits = USUAL) -> CheckedPlan:
    """Check a plan that could be read: geometry, building, scenario-readiness."""
    found = [*_drawing(plan, limits), *check_exits(plan, limits), *check_ways(plan, limits)]
    reach = None
    try:
        nav = NavGraph.from_plan(plan)
    except PlanError as error:
        told = {id_ for f in found if f.severity == "error" for id_ in f.subjects}
        found += _unwalkable(plan, error, told)
    else:
        reach = Reach.of(nav)
        found += check_reach(nav)
        if plan.exits:  # while no exit is confirmed, every corridor would look like a dead end
            found += check_dead_ends(nav, limits)
    return CheckedPlan(plan, numbered([*found, *check_scenario(plan)]), reach)


def check_plan(plan: Plan) -> tuple[Finding, ...]:
    """Check a plan that could be read: its geometry, the building, the facts it should state.

    Parameters
    ----------
    plan : Plan
        As `load_plan` returns it; faults of the files themselves were errors there.

    Returns
    -------
    tuple of Finding
        By stage, errors first; each with a place and a suggested repair.
    """
    return check_loaded(plan).findings


def _drawing(plan: Plan, limits: CheckLimits) -> list[Finding]:
    return [*check_geometry(plan), *check_outlines(plan, limits)]


def _unwalkable(plan: Plan, error: PlanError, told: set[str]) -> Iterator[Finding]:
    """Put into findings why the walking graph cannot be made, unless geometry said so already."""
    for words in error.findings:
        id_ = words.partition(":")[0].rpartition(" ")[2]
        feature = plan.spaces.get(id_) or plan.portals.get(id_)
        if feature is None or id_ not in told:
            x, y = look_at(feature) if feature is not None else (None, None)
            yield Finding(
                "building", "error", "not_walkable", (id_,) if feature is not None else (),
                words, "correct its place, spaces or measures",
                feature.level if feature is not None else None, x, y,
            )  # fmt: skip


def require_sound(plan: Plan) -> None:
    """Refuse a plan whose drawing does not hold together: no run over it would mean anything.

    Raises
    ------
    PlanError
        Naming every error of geometry, with its place and a suggested repair.
    """
    errors = [finding for finding in check_geometry(plan) if finding.severity == "error"]
    if errors:
        raise PlanError(
            f"plan {plan.id}: {len(errors)} errors in the drawing (hallways plan check lists all)",
            tuple(
                f"{e.level} ({e.x_m:.1f}, {e.y_m:.1f}): {e.message}; {e.repair}"
                if e.x_m is not None and e.y_m is not None
                else f"{e.message}; {e.repair}"
                for e in errors
            ),
        )
