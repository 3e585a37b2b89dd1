"""Every number of a table as a run uses it, and who said it."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.behaviour import Choice
from scenarios.scenario import SAID_BY_SCENARIO
from scenarios.sourced_numbers import Number, sourced_numbers
from sim import Distribution


def chosen_numbers(file: str, said: Mapping[str, Number]) -> tuple[Choice, ...]:
    """Return every number of a file as it is used: as said, or else as the file has it."""
    choices = []
    for key, (default, source) in sourced_numbers(file).items():
        number = said.get(key, default)
        if not isinstance(number, Distribution):
            number = Distribution.constant(number)
        choices.append(Choice(key, number, SAID_BY_SCENARIO if key in said else source.text))
    return tuple(choices)
