"""What is wrong with a plan or missing from it, in the order in which it should be mended."""

from __future__ import annotations

from buildings.checks_building import check_building, check_facts
from buildings.checks_geometry import check_geometry
from buildings.finding import Finding, numbered
from buildings.plan import Plan


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
