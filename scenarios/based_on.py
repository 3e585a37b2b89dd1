"""A scenario that says only what is different from another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from buildings import YamlFile, read_yaml
from scenarios.scenario import ScenarioError
from scenarios.scenario_library import BUILTIN, read_builtin

KEY: Final = "based_on"
DEEPEST: Final = 5
"""Scenarios on top of each other, at most (ours: nobody follows more)."""


def with_base(file: YamlFile, folder: Path, *, depth: int = 0) -> tuple[YamlFile, Path]:
    """Return a scenario file with what it is based on filled in, and where its plan path starts.

    Mappings are filled in key by key; everything else that the file says, lists among it, stands
    instead of what the base says.

    Parameters
    ----------
    file : YamlFile
    folder : Path
        Where paths in the file start.
    depth : int
        How many scenarios lie above this one.

    Raises
    ------
    ScenarioError
        If the base is no text, or too many scenarios are based on each other.
    InputError
        If the base cannot be read.

    Examples
    --------
    >>> from buildings import parse_yaml
    >>> text = "based_on: builtin:cedar-middle-evacuation" + chr(10) + "name: Cedar, at night"
    >>> file, _ = with_base(parse_yaml(text, name="night.yaml"), Path("."))
    >>> file.value["name"], file.value["plan"]
    ('Cedar, at night', 'builtin:cedar-middle')
    """
    if KEY not in file.value:
        return file, folder
    named = file.value[KEY]
    if not isinstance(named, str) or not named:
        raise ScenarioError((f"{file.place((KEY,))}: expected a scenario file or builtin:<name>",))
    if depth == DEEPEST:
        words = f"more than {DEEPEST} scenarios are based on each other, this one the last"
        raise ScenarioError((f"{file.place((KEY,))}: {words}",))
    if named.startswith(BUILTIN):
        base, at = read_builtin(named), folder
    else:
        path = folder / named
        base, at = read_yaml(path, kind="scenario"), path.parent
    base, base_folder = with_base(base, at, depth=depth + 1)
    own = {key: value for key, value in file.value.items() if key != KEY}
    value = _over(own, {key: base.value[key] for key in base.value if key != "teaches"})
    return replace(file, value=value), folder if "plan" in own else base_folder


def _over(own: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """Lay a mapping over another one."""
    laid = dict(base)
    for key, value in own.items():
        below = base.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        laid[key] = _over(value, below) if both else value  # type: ignore[arg-type]
    return laid
