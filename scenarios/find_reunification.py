"""Find, read and check one reunification plan: a file, or one that comes with hallways."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from buildings import InputError, YamlFile, check_file, read_yaml
from scenarios.find_scenario import changed
from scenarios.reunification_file import ReunificationPlanFile
from scenarios.reunification_said import ReunificationPlan
from scenarios.scenario_library import BUILTIN, builtin_names, read_builtin

SHELF: Final = "reunification"
"""Where these plans lie in the library."""


def builtin_reunifications() -> tuple[str, ...]:
    """Return the names of the reunification plans that come with hallways, sorted.

    Examples
    --------
    >>> builtin_reunifications()
    ('builtin:school-of-450',)
    """
    return builtin_names(SHELF)


def load_reunification(source: str | Path, *, changes: Sequence[str] = ()) -> ReunificationPlan:
    """Read and check a reunification plan.

    Parameters
    ----------
    source : str or Path
        A YAML file, or ``builtin:<name>``.
    changes : sequence of str
        ``key.path=value`` each, over what the file says.

    Raises
    ------
    InputError
        With one line for every fault: file, line, key, what was expected, what was found.
    """
    if str(source).startswith(BUILTIN):
        file = read_builtin(str(source), SHELF, what="reunification plan")
    else:
        file = read_yaml(Path(source), kind="reunification plan")
    for change in changes:
        file = changed(file, change)
    return check_reunification(file)


def check_reunification(file: YamlFile) -> ReunificationPlan:
    """Check the content of a reunification plan.

    Raises
    ------
    InputError
        With one line for every fault.
    """
    said, faults = check_file(file, ReunificationPlanFile)
    if said is None:
        raise InputError("\n".join(faults))
    return said.to_plan()
