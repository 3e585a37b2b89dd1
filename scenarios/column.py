"""One column of a table: name, type, unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; ``kind`` is int32, float64 or text (dictionary-encoded).

    A column that came ``later`` may be missing from runs that were written before.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    later: bool = False


REPLICA: Final = Column("replica", "int32", "-", "number of the replica, from 0")
"""The first column of nearly every table."""
