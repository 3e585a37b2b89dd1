"""What happens to people who shelter or leave the campus: when, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.protocols.shelter_orders import RefugePlaces

if TYPE_CHECKING:  # a reunion knows the run that this is part of
    from sim.protocols.reunion import Reunion

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Refuge:
    """What is so of everybody who shelters, in one run; S' spaces, N people.

    Attributes
    ----------
    sheltered_s : ndarray, shape (N,)
        Since when each person is in shelter, by the last shelter announced to them; inf not.
    without_place_s : ndarray, shape (N,)
        When somebody finds no place in a refuge area, by the same.
    space : ndarray of int, shape (N,)
        Where; -1 outdoors, or not.
    full_s : ndarray, shape (S',)
        When a refuge area is full.
    places : mapping of turn to RefugePlaces
        Of each shelter from weather.
    ventilation_off : mapping of turn to Event
        Of each shelter from a hazardous material.
    ventilation_off_s : float
    shaking_until_s : float
        Until when nobody gets up during an earthquake.
    """

    sheltered_s: Floats
    without_place_s: Floats
    space: Ints
    full_s: Floats
    places: dict[int, RefugePlaces] = field(default_factory=dict)
    ventilation_off: dict[int, simpy.Event] = field(default_factory=dict)
    ventilation_off_s: float = np.inf
    shaking_until_s: float = 0.0

    def forget(self, people: NDArray[np.bool_]) -> None:
        """Let people not be in shelter any more, as another one is announced to them."""
        self.sheltered_s[people] = np.inf
        self.without_place_s[people] = np.inf
        self.space[people] = -1

    @classmethod
    def of(cls, n_people: int, n_spaces: int) -> Refuge:
        """Return the state in which nobody shelters."""
        return cls(
            sheltered_s=np.full(n_people, np.inf),
            without_place_s=np.full(n_people, np.inf),
            space=np.full(n_people, -1, dtype=np.int64),
            full_s=np.full(n_spaces, np.inf),
        )


@dataclass(slots=True, eq=False)
class Away:
    """What is so of people who leave the campus; N people, K classes.

    Attributes
    ----------
    counted : list of Event, length K
        Happens when a class has been counted outdoors.
    reunion : Reunion or None
        The reunification, once it has begun.
    relocating_s, at_site_s, handed_over_s, referred_s : ndarray, shape (N,)
    """

    counted: list[simpy.Event]
    relocating_s: Floats
    at_site_s: Floats
    handed_over_s: Floats
    referred_s: Floats
    reunion: Reunion | None = None

    @classmethod
    def of(cls, env: simpy.Environment, n_people: int, n_groups: int) -> Away:
        """Return the state in which everybody is on campus."""
        return cls([env.event() for _ in range(n_groups)], *np.full((4, n_people), np.inf))
