"""What is wrong with a plan or missing from it, in the order in which it should be mended."""

from __future__ import annotations

from buildings.checks_building import check_building, check_facts
from buildings.checks_geometry import check_geometry
from buildings.finding import Finding, numbered
from buildings.plan import Plan, PlanError


def check_plan(plan: Plan) -> tuple[Finding, ...]:
    """Check a plan that could be read: its geometry, the building, the facts it should state.

    Parameters
    ----------
    plan : Plan
        As `load_plan` returns it; faults of the files themselves were errors there.

    Returns
    -------
    tuple of Finding
        Errors first, then warnings, then notes; each with a place and a suggested repair.
    """
    geometry = list(check_geometry(plan))
    building = list(check_building(plan))
    return numbered([*geometry, *building, *check_facts(plan)])


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
