"""How many more people the halls and large rooms of a building take at a time of day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class FloorLeft:
    """Floor that is left in each space, in places for one person.

    Parameters
    ----------
    per_person_m2 : mapping of space to floor per person
        Spaces that are not named, or have 0, take nobody.
    area_m2 : sequence of float
        Floor area of each space.
    space, size : ndarray of int, shape (N,)
        Who is where at first, -1 outdoors, and how many places each person takes.

    Examples
    --------
    >>> floor = FloorLeft({0: 2.0}, [9.0, 9.0], np.array([0, 1]), np.array([1, 3]))
    >>> floor.left(0), floor.left(1), floor.holds(0, 3), floor.holds(0, 4)
    (3, 0, True, False)
    """

    def __init__(
        self,
        per_person_m2: Mapping[int, float],
        area_m2: Sequence[float],
        space: Ints,
        size: Ints,
    ) -> None:
        inside = space >= 0
        here = np.bincount(space[inside], weights=size[inside], minlength=len(area_m2))
        self._left = {
            row: int(area_m2[row] / m2 + 1e-9) - int(here[row])
            for row, m2 in per_person_m2.items()
            if m2 > 0
        }

    def left(self, row: int) -> int:
        """Return how many places are left in a space; never less than 0."""
        return max(0, self._left.get(row, 0))

    def holds(self, row: int, size: int) -> bool:
        """Whether so many places are left in a space."""
        return self.left(row) >= size

    def take(self, row: int, size: int) -> None:
        """Take places in a space."""
        if row in self._left:
            self._left[row] -= size

    def leave(self, row: int, size: int) -> None:
        """Give places in a space back."""
        if row in self._left:
            self._left[row] += size
