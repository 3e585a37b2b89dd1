"""Every published test of the suite, under each of its names, in the order of the page."""

from __future__ import annotations

import re

from verification import (
    bottlenecks,
    corridor_densities,
    evacuationz,
    imo_walking,
    nist_choices,
    nist_crowds,
    nist_lifts,
    nist_walking,
    rimea_walking,
    rimea_ways,
    sfpe_worked,
)
from verification.published import SETS, Case

CASES: tuple[Case, ...] = (
    *rimea_walking.CASES,
    *imo_walking.CASES,
    *corridor_densities.CASES,
    *bottlenecks.CASES,
    *rimea_ways.CASES,
    *nist_walking.CASES,
    *nist_lifts.CASES,
    *nist_crowds.CASES,
    *nist_choices.CASES,
    *evacuationz.CASES,
    *sfpe_worked.CASES,
)
"""All tests; a module of tests is added here."""


def order(name: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return the place of a published name: sets in order, numbers as numbers.

    Examples
    --------
    >>> sorted(["IMO 2", "RiMEA 12a", "RiMEA 9", "RiMEA 12"], key=order)
    ['RiMEA 9', 'RiMEA 12', 'RiMEA 12a', 'IMO 2']
    """
    chosen, number = name.split(maxsplit=1)
    parts = re.findall(r"\d+|[^\d]+", number)
    key = tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
    return SETS.index(chosen), key


def by_name() -> dict[str, Case]:
    """Return every test by every one of its published names.

    Raises
    ------
    ValueError
        If two tests have the same name.
    """
    found: dict[str, Case] = {}
    for case in CASES:
        for name in case.names:
            if name in found:
                raise ValueError(f"{name} is both {found[name].title!r} and {case.title!r}")
            found[name] = case
    return dict(sorted(found.items(), key=lambda entry: order(entry[0])))
