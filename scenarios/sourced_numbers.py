"""Tables of numbers that come with the package, each with its source and its quality."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from pydantic import TypeAdapter

from scenarios.distribution_file import AnyDistributionFile, DistributionFile, to_distribution
from scenarios.population_defaults import Sourced
from sim import Distribution

Number: TypeAlias = float | Distribution


@cache
def sourced_numbers(file: str) -> Mapping[str, tuple[Number, Sourced]]:
    """Return the numbers of a TOML file of this package, by table and key.

    Examples
    --------
    >>> sourced_numbers("reunification_defaults.toml")["step.greet_s"][1].quality
    'chosen'
    """
    text = files("scenarios").joinpath(file).read_text(encoding="utf-8")
    found: dict[str, tuple[Number, Sourced]] = {}
    for table, entries in tomllib.loads(text).items():
        if not isinstance(entries, dict):
            continue
        for key, entry in entries.items():
            number: Number
            if "distribution" in entry:
                said: AnyDistributionFile = TypeAdapter[AnyDistributionFile](
                    DistributionFile
                ).validate_python(entry["distribution"])
                number = to_distribution(said)
            else:
                number = float(entry["value"])
            found[f"{table}.{key}"] = number, Sourced(entry["source"], entry["quality"])
    return found
