"""Times of day: which there are, and the shares that hold where a scenario says nothing."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Literal, TypeAlias, get_args

from scenarios.population_defaults import Sourced

MomentName: TypeAlias = Literal["class", "passing", "recess", "lunch", "assembly", "arrival"]
MOMENTS: Final[tuple[MomentName, ...]] = get_args(MomentName)


@cache
def moment_defaults() -> dict[str, dict[str, tuple[float, Sourced]]]:
    """Return the numbers of each time of day with their sources; none where people are in class.

    Examples
    --------
    >>> moment_defaults()["lunch"]["classes_in_cafeteria"][0]
    0.33
    >>> moment_defaults()["class"]
    {}
    """
    text = files("scenarios").joinpath("moment_defaults.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return {
        moment: {
            key: (float(entry["value"]), Sourced(entry["source"], entry["quality"]))
            for key, entry in table.get(moment, {}).items()
        }
        for moment in MOMENTS
    }
