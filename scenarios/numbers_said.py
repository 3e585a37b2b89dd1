"""The numbers that a part of a file says, under the names of the tables of defaults."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from buildings import FilePart
from scenarios.distribution_file import to_distribution
from scenarios.sourced_numbers import Number


def numbers_said(
    part: FilePart | None, table: str, *, known: Container[str] | None = None
) -> dict[str, Number]:
    """Return the numbers and distributions that a part says, by "table.key".

    Parameters
    ----------
    part : FilePart or None
        Its keys are those of the table; None says nothing.
    table : str
    known : container of str, optional
        Names that are numbers, where the part has other keys too; by default all are.
    """
    if part is None:
        return {}
    said: dict[str, Number] = {}
    for key in type(part).model_fields:
        name = f"{table}.{key}"
        value: Any = getattr(part, key)
        if value is not None and (known is None or name in known):
            plain = isinstance(value, int | float)
            said[name] = float(value) if plain else to_distribution(value)
    return said
