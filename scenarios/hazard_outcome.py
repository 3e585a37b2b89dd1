"""What became of hazards over all replicas: noticed, reported, and exposure by room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import RunResult

Floats = NDArray[np.float64]

PREFIX: Final = "hazard_"
"""What the arrays are called beside those of the ensemble: prefix and field."""


@dataclass(frozen=True, slots=True, eq=False)
class HazardOutcome:
    """R replicas, H hazards in the order of the scenario, S' spaces.

    Attributes
    ----------
    noticed_s : ndarray, shape (R, H, S')
        When the people of each space know of it; inf never, and without a timeline.
    reported_s : ndarray, shape (R, H)
        When it is first reported; inf never.
    inside_person_s, in_sight_person_s : ndarray, shape (R, H, S')
        Person-seconds in the region, and in sight of it elsewhere.
    """

    noticed_s: Floats
    reported_s: Floats
    inside_person_s: Floats
    in_sight_person_s: Floats

    def __post_init__(self) -> None:
        for entry in fields(self):
            getattr(self, entry.name).setflags(write=False)

    @property
    def exposure_person_s(self) -> Floats:
        """Person-seconds of exposure in each space, shape (R, H, S')."""
        return self.inside_person_s + self.in_sight_person_s

    def first_noticed_s(self) -> Floats:
        """When anybody first knows of each hazard, shape (R, H); inf never."""
        return np.asarray(self.noticed_s.min(axis=2, initial=np.inf))

    def spaces_of(self, hazard: int) -> NDArray[np.int64]:
        """Return the spaces in which there is exposure to a hazard in any replica, ascending."""
        return np.flatnonzero(self.exposure_person_s[:, hazard].any(axis=0))


def stack_hazards(results: Iterable[RunResult]) -> dict[str, NDArray[Any]]:
    """Return the arrays of several results on top of each other, by prefixed name; none without."""
    rows = [row.hazards for row in results if row.hazards is not None]
    if not rows:
        return {}
    return {
        f"{PREFIX}{entry.name}": np.stack([getattr(row, entry.name) for row in rows])
        for entry in fields(HazardOutcome)
    }


def hazards_from(stacked: Mapping[str, NDArray[Any]]) -> HazardOutcome | None:
    """Return the outcome from the arrays of `stack_hazards`; None without hazards."""
    names = [entry.name for entry in fields(HazardOutcome)]
    if f"{PREFIX}{names[0]}" not in stacked:
        return None
    return HazardOutcome(**{name: stacked[f"{PREFIX}{name}"] for name in names})
