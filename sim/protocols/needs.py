"""Special needs in every protocol: who takes more room, needs somebody beside them, or more time.

A wheelchair user takes more than one place at a hard corner. Whoever walks only with somebody
beside them goes to the corner with an adult of the room, at one pace, and both take longer; without
a second adult they wait for the one in charge. In a room with somebody of a sensory profile it
takes longer until an announcement is acted on, and until the room is quiet.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class SpecialNeeds:
    """What N people need beyond the rest.

    Attributes
    ----------
    corner_places : ndarray of int, shape (N,)
        Places for one adult that each takes up out of sight.
    beside : ndarray of bool, shape (N,)
        Who walks only with somebody beside them.
    sensory : ndarray of bool, shape (N,)
        Who does not hear or see well, or is upset by an alarm.
    beside_factor : float
        Factor on the way to the corner of whoever has somebody beside them, and of the helper.
    recognise_factor, quiet_factor : float
        Factors on these steps of a room with somebody of a sensory profile in it.
    react_factor : float
        Factor on the time to react of somebody of a sensory profile outside any room.
    """

    corner_places: Ints
    beside: Flags
    sensory: Flags
    beside_factor: float = 1.0
    recognise_factor: float = 1.0
    quiet_factor: float = 1.0
    react_factor: float = 1.0

    def __post_init__(self) -> None:
        for name in ("beside_factor", "recognise_factor", "quiet_factor", "react_factor"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) > 0):
                raise ValueError(f"{name} must be finite and > 0, got {getattr(self, name)}")
        if not len(self.corner_places) == len(self.beside) == len(self.sensory):
            raise ValueError("special needs: expected one entry for each person")

    @classmethod
    def none(cls, size: Ints) -> SpecialNeeds:
        """Return that nobody needs anything beyond the room that they take up."""
        nobody = np.zeros(len(size), dtype=np.bool_)
        return cls(size, nobody, nobody)

    def room_factor(self, step: str, present: Ints) -> float:
        """Return the factor on a step of a room in which some people are.

        Examples
        --------
        >>> nobody = np.zeros(2, dtype=bool)
        >>> needs = SpecialNeeds(np.ones(2, int), nobody, np.array([False, True]), quiet_factor=1.5)
        >>> needs.room_factor("quiet", np.array([0, 1])), needs.room_factor("quiet", np.array([0]))
        (1.5, 1.0)
        """
        factor = {"recognise": self.recognise_factor, "quiet": self.quiet_factor}.get(step, 1.0)
        return factor if factor != 1.0 and self.sensory[present].any() else 1.0

    def person_factor(self, step: str, person: int) -> float:
        """Return the factor on a step of one person."""
        return self.react_factor if step == "react" and self.sensory[person] else 1.0

    def pairs(self, people: Ints, adult: Flags) -> list[tuple[int, int]]:
        """Return who of some people goes with whom: those who need it, each with one adult.

        Parameters
        ----------
        people : ndarray of int
        adult : ndarray of bool, shape (N,)
            Who may go beside somebody.
        """
        need = people[self.beside[people]].tolist()
        free = people[adult[people] & ~self.beside[people]].tolist()
        return list(zip(need, free, strict=False))

    def may_go(self, people: Ints, adult: Flags) -> Ints:
        """Return those of some people who need nobody, or have somebody beside them."""
        led = [person for person, _ in self.pairs(people, adult)]
        return people[~self.beside[people] | np.isin(people, led)]

    def metres(self, people: Ints, metres_m: Floats, speed_mps: Floats, adult: Flags) -> Floats:
        """Return how far people walk to the corner in effect: pairs arrive together, and later.

        Parameters
        ----------
        people : ndarray of int, shape (n,)
        metres_m : ndarray, shape (n,)
            Metres of each to the corner.
        speed_mps : ndarray, shape (N,)
        adult : ndarray of bool, shape (N,)
        """
        if not self.beside[people].any():
            return metres_m
        longer = np.where(self.beside[people], metres_m * self.beside_factor, metres_m)
        at = {person: k for k, person in enumerate(people.tolist())}
        for person, helper in self.pairs(people, adult):
            seconds = longer[at[person]] / speed_mps[person]
            longer[at[helper]] = max(longer[at[helper]], seconds * speed_mps[helper])
        return longer
