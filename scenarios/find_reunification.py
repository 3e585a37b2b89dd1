"""Find, read and check one reunification plan: a file, or one that comes with hallways."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from buildings import InputError, YamlFile, check_file, did_you_mean, parse_yaml, read_yaml
from scenarios.find_scenario import changed
from scenarios.reunification_file import ReunificationPlanFile
from scenarios.reunification_said import ReunificationPlan
from scenarios.scenario_library import BUILTIN


def builtin_reunifications() -> tuple[str, ...]:
    """Return the names of the reunification plans that come with hallways, sorted.

    Examples
    --------
    >>> builtin_reunifications()
    ('builtin:school-of-450',)
    """
    folder = files("scenarios").joinpath("library", "reunification")
    names = (entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return tuple(sorted(f"{BUILTIN}{name.removesuffix('.yaml')}" for name in names))


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
    file = _read(str(source))
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


def _read(source: str) -> YamlFile:
    if not source.startswith(BUILTIN):
        return read_yaml(Path(source), kind="reunification plan")
    known = builtin_reunifications()
    if source not in known:
        raise InputError(
            f"{source}: no such reunification plan{did_you_mean(source, known)}; "
            f"there are {', '.join(known)}"
        )
    name = f"{source.removeprefix(BUILTIN)}.yaml"
    entry = files("scenarios").joinpath("library", "reunification", name)
    return parse_yaml(entry.read_text(encoding="utf-8"), name=source)
