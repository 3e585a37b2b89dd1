"""Every number of a table as a run uses it, and who said it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from scenarios.behaviour import Choice
from scenarios.population_defaults import Sourced
from scenarios.scenario import SAID_BY_SCENARIO
from scenarios.sourced_numbers import Number
from sim import Distribution

Defaults: TypeAlias = Mapping[str, tuple[Number, Sourced]]


def chosen_number(
    defaults: Defaults, said: Mapping[str, Number], key: str, *, name: str | None = None
) -> Choice:
    """Return one number as it is used: as said, or else as the defaults have it.

    Parameters
    ----------
    defaults : mapping of "table.key" to a number and its source
    said : mapping of "table.key" to number
        What stands instead of them.
    key : str
    name : str, optional
        What to call it in the manifest; by default its key.
    """
    default, source = defaults[key]
    number = said.get(key, default)
    if not isinstance(number, Distribution):
        number = Distribution.constant(number)
    return Choice(name or key, number, SAID_BY_SCENARIO if key in said else source.text)


def chosen_numbers(defaults: Defaults, said: Mapping[str, Number]) -> tuple[Choice, ...]:
    """Return every number of some defaults as it is used."""
    return tuple(chosen_number(defaults, said, key) for key in defaults)
