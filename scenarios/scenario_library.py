"""The scenarios that come with hallways: three schools, and what each of them teaches."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from buildings import InputError, YamlFile, did_you_mean, parse_yaml

BUILTIN: Final = "builtin:"


def builtin_scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios that come with hallways, sorted.

    Examples
    --------
    >>> "builtin:cedar-middle-evacuation" in builtin_scenarios()
    True
    """
    library = files("scenarios").joinpath("library")
    names = (entry.name for entry in library.iterdir())
    return tuple(
        sorted(f"{BUILTIN}{n.removesuffix('.yaml')}" for n in names if n.endswith(".yaml"))
    )


def read_builtin(name: str) -> YamlFile:
    """Return the file of a scenario that comes with hallways.

    Raises
    ------
    InputError
        If there is none of that name; the message lists those there are.
    """
    if name not in builtin_scenarios():
        known = ", ".join(builtin_scenarios())
        hint = did_you_mean(name, builtin_scenarios())
        raise InputError(f"{name}: no such scenario{hint}; there are {known}")
    entry = files("scenarios").joinpath("library", f"{name.removeprefix(BUILTIN)}.yaml")
    return parse_yaml(entry.read_text(encoding="utf-8"), name=name)
