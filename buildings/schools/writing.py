"""The built-in schools as drawn, and their plan folders written anew after a change."""

from __future__ import annotations

from pathlib import Path

from buildings.plan import Plan
from buildings.plan_writer import write_plan
from buildings.schools import elementary, high, middle


def drawn_schools() -> tuple[Plan, ...]:
    """Draw every built-in school, in order of id.

    Examples
    --------
    >>> [plan.id for plan in drawn_schools()]
    ['birch-high', 'cedar-middle', 'maple-elementary']
    """
    return high.draw(), middle.draw(), elementary.draw()


def write_schools(folder: Path | None = None) -> None:
    """Write each school to a plan folder of its id, beside this module unless told otherwise.

    Run it after a change to a drawing: ``python -c "from buildings.schools.writing import
    write_schools; write_schools()"``.
    """
    for plan in drawn_schools():
        write_plan(plan, (folder or Path(__file__).parent) / plan.id)
