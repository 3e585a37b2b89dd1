"""Tables of numbers that come with the package, each with its source and its quality."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from scenarios.distribution_file import AnyDistributionFile, DistributionFile, to_distribution
from scenarios.population_defaults import Sourced
from sim import Distribution

Number: TypeAlias = float | Distribution


@cache
def sourced_numbers(file: str) -> Mapping[str, tuple[Number, Sourced]]:
    """Return the numbers of a TOML file of this package, by table (or tables) and key.

    Examples
    --------
    >>> sourced_numbers("reunification_defaults.toml")["step.greet_s"][1].quality
    'chosen'
    >>> sourced_numbers("protocol_defaults.toml")["locks.push_button.seconds"][0].values
    (2.0, 0.4)
    """
    text = files("scenarios").joinpath(file).read_text(encoding="utf-8")
    return _numbers_of(tomllib.loads(text), "")


def _numbers_of(table: Mapping[str, Any], name: str) -> dict[str, tuple[Number, Sourced]]:
    found: dict[str, tuple[Number, Sourced]] = {}
    for key, entry in table.items():
        if not isinstance(entry, dict):
            continue
        if "quality" not in entry:
            found |= _numbers_of(entry, f"{name}{key}.")
            continue
        number: Number
        if "distribution" in entry:
            adapter = TypeAdapter[AnyDistributionFile](DistributionFile)
            number = to_distribution(adapter.validate_python(entry["distribution"]))
        else:
            number = float(entry["value"])
        found[f"{name}{key}"] = (number, Sourced(entry["source"], entry["quality"]))
    return found
