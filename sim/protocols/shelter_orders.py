"""Where people shelter from weather: the best available refuge areas, and who fits into them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAD_TIMES_S = (180.0, 300.0, 600.0, 780.0)
"""Warning lead times by which the share in shelter is told: 3, 5, 10 and 13 minutes (ours; the
last is near the mean lead time of tornado warnings, recalled)."""


@dataclass(frozen=True, slots=True, eq=False)
class ShelterOrders:
    """The refuge areas of a building; A areas, B bays, N people.

    A bay is the piece of one area around one standing place: a room is one bay, a corridor several.
    Areas are the *best available* ones; that anybody is protected in them is not said.

    Attributes
    ----------
    areas : tuple of int
        Spaces of the compiled plan, in the order in which the planner wrote them.
    bay_area : ndarray of int, shape (B,)
        The area of each bay, index into ``areas``.
    bay_slot : ndarray of int, shape (B,)
        The standing place that stands for it.
    bay_m2 : ndarray, shape (B,)
        Floor on which people can sit or stand.
    needs_m2 : ndarray, shape (N,)
        Floor that each person takes.
    lead_s : float, optional
        The warning lead time that the scenario asks about.
    """

    areas: tuple[int, ...]
    bay_area: Ints
    bay_slot: Ints
    bay_m2: Floats
    needs_m2: Floats
    lead_s: float | None = None

    def __post_init__(self) -> None:
        n = len(self.bay_area)
        for name in ("bay_slot", "bay_m2"):
            if getattr(self, name).shape != (n,):
                raise ValueError(f"shelter.{name}: expected one entry for each of {n} bays")
        if len({*self.areas}) < len(self.areas):
            raise ValueError("shelter.areas: one space is there twice")
        if n and not ((self.bay_area >= 0) & (self.bay_area < len(self.areas))).all():
            raise ValueError(f"shelter.bay_area: expected 0 to {len(self.areas) - 1}")
        if not (self.bay_m2 >= 0.0).all() or not (self.needs_m2 > 0.0).all():
            raise ValueError("shelter: floor areas must be >= 0, and what people need > 0")

    def places(self) -> Ints:
        """Return how many people of the smallest need each area holds, shape (A,)."""
        least = float(self.needs_m2.min(initial=np.inf))
        held = np.floor(self.bay_m2 / least + 1e-9).astype(np.int64)
        return np.bincount(self.bay_area, weights=held, minlength=len(self.areas)).astype(np.int64)


class RefugePlaces:
    """Who has which place in a refuge area, kept so that no bay ever holds more than its floor.

    Parameters
    ----------
    orders : ShelterOrders

    Attributes
    ----------
    bay_of : ndarray of int, shape (N,)
        The bay kept for each person; -1 none.
    asked : ndarray of bool, shape (N,)
        For whom a place has been asked.

    Examples
    --------
    >>> one = ShelterOrders((7,), np.array([0]), np.array([3]), np.array([1.0]), np.full(3, 0.46))
    >>> places = RefugePlaces(one)
    >>> places.keep([0, 1, 2], [np.array([0.0])]), places.bay_of.tolist()
    (False, [-1, -1, -1])
    >>> places.keep([0, 1], [np.array([0.0])]), places.bay_of.tolist()
    (True, [0, 0, -1])
    >>> places.full(0)
    False
    >>> places.arrive(0), places.arrive(1), places.full(0)
    (False, True, True)
    """

    def __init__(self, orders: ShelterOrders) -> None:
        self.orders = orders
        self.bay_of = np.full(len(orders.needs_m2), -1, dtype=np.int64)
        self.asked = np.zeros(len(orders.needs_m2), dtype=np.bool_)
        self._left_m2 = orders.bay_m2.copy()
        self._free_m2 = orders.bay_m2.copy()
        self._least_m2 = float(orders.needs_m2.min(initial=np.inf))

    def keep(self, people: list[int], metres: list[Floats]) -> bool:
        """Keep places for people who stay together, in the nearest area that holds them all.

        Parameters
        ----------
        people : list of int
            In the order in which they take their places; each bay is filled before the next one.
        metres : list of ndarray, shape (B,)
            Walking distance to each bay, once for every kind of walker among them; the first
            decides which area is nearest, all have to be finite. Of equally near areas the one
            written first.

        Returns
        -------
        bool
            Whether there is such an area; else nothing is kept.
        """
        orders = self.orders
        self.asked[people] = True
        reached = np.logical_and.reduce([np.isfinite(one) for one in metres])
        nearest = np.full(len(orders.areas), np.inf)
        np.minimum.at(nearest, orders.bay_area[reached], metres[0][reached])
        for area in np.argsort(nearest, kind="stable").tolist():
            if not np.isfinite(nearest[area]):
                break
            bays = np.flatnonzero((orders.bay_area == area) & reached)
            found = self._packed(people, bays[np.argsort(metres[0][bays], kind="stable")])
            if found is not None:
                self.bay_of[people] = found
                np.subtract.at(self._left_m2, found, orders.needs_m2[people])
                return True
        return False

    def _packed(self, people: list[int], bays: Ints) -> Ints | None:
        """Return the bay of each person; None where somebody finds no place."""
        left = self._left_m2[bays].tolist()
        found = np.empty(len(people), dtype=np.int64)
        for n, person in enumerate(people):
            needs = float(self.orders.needs_m2[person])
            at = next((i for i, m2 in enumerate(left) if needs <= m2 + 1e-9), -1)
            if at < 0:
                return None
            left[at] -= needs
            found[n] = bays[at]
        return found

    def area_of(self, person: int) -> int:
        """Return the space in which a place is kept for a person; -1 where none is."""
        bay = int(self.bay_of[person])
        return self.orders.areas[int(self.orders.bay_area[bay])] if bay >= 0 else -1

    def arrive(self, person: int) -> bool:
        """Note that a person has come to their place; return whether their area is full now."""
        bay = int(self.bay_of[person])
        self._free_m2[bay] -= self.orders.needs_m2[person]
        return self.full(int(self.orders.bay_area[bay]))

    def full(self, area: int) -> bool:
        """Whether nobody else finds a place beside those who have come to an area (by index)."""
        own = self._free_m2[self.orders.bay_area == area]
        return bool((own + 1e-9 < self._least_m2).all())
