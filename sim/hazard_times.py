"""What became of hazards in one run: when they were noticed and reported, and exposure by room."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class HazardTimes:
    """What became of H hazards in one replica, in the S' spaces of the plan.

    Attributes
    ----------
    noticed_s : ndarray, shape (H, S')
        When the people of each space know of it; inf never, and without a timeline.
    reported_s : ndarray, shape (H,)
        When it is first reported; inf never.
    inside_person_s : ndarray, shape (H, S')
        Person-seconds in the region.
    in_sight_person_s : ndarray, shape (H, S')
        Person-seconds elsewhere in a space that the region lies in, and in rooms in line of sight
        of an unsecured opening to it. The latter are counted only with a timeline.
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
        """Person-seconds of exposure in each space, shape (H, S')."""
        return self.inside_person_s + self.in_sight_person_s
