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
    return builtin_names()


def builtin_names(*shelf: str) -> tuple[str, ...]:
    """Return the names of what lies on a shelf of the library, sorted; scenarios without one."""
    names = (entry.name for entry in files("scenarios").joinpath("library", *shelf).iterdir())
    return tuple(
        sorted(f"{BUILTIN}{n.removesuffix('.yaml')}" for n in names if n.endswith(".yaml"))
    )


def read_builtin(name: str, *shelf: str, what: str = "scenario") -> YamlFile:
    """Return a file that comes with hallways.

    Parameters
    ----------
    name : str
        ``builtin:<name>``.
    *shelf : str
        Where it lies in the library; scenarios lie at its top.
    what : str
        What it is, for the message.

    Raises
    ------
    InputError
        If there is none of that name; the message lists those there are.
    """
    known = builtin_names(*shelf)
    if name not in known:
        hint = did_you_mean(name, known)
        raise InputError(f"{name}: no such {what}{hint}; there are {', '.join(known)}")
    file = f"{name.removeprefix(BUILTIN)}.yaml"
    entry = files("scenarios").joinpath("library", *shelf, file)
    return parse_yaml(entry.read_text(encoding="utf-8"), name=name)
