"""Who is in the building when the incident begins: people, their rooms and their classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.abilities import Abilities
from sim.distributions import Distribution

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Classes that leave and gather together; K of them.

    Attributes
    ----------
    ids : tuple of str
        Names such as "class S-101"; never a person's name.
    space : ndarray of int, shape (K,)
        Room of the class, index into ``CompiledPlan.space_ids``.
    place : ndarray of int, shape (K,)
        Assembly place of the class, index into ``CompiledPlan.place_ids``; -1 where the exit that
        each person takes decides.
    leader : ndarray of int, shape (K,)
        Person who leads and calls the roll, index into the roster; -1 where nobody does.
    keep_together : ndarray of bool, shape (K,), optional
        Whether everybody in the class walks at the pace of its slowest member; nobody does where
        it is not given.
    """

    ids: tuple[str, ...]
    space: Ints
    place: Ints
    leader: Ints
    keep_together: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        for name in ("space", "place", "leader"):
            if getattr(self, name).shape != (len(self.ids),):
                raise ValueError(f"groups.{name}: expected one entry for each of {len(self.ids)}")
        if self.keep_together is not None and self.keep_together.shape != (len(self.ids),):
            raise ValueError(
                f"groups.keep_together: expected one entry for each of {len(self.ids)}"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """The people of a scenario, the same in every replica; N of them.

    Attributes
    ----------
    person_ids : tuple of str
        Unique names made of room and role, such as "S-101/student-07".
    role : tuple of str
        student, teacher, substitute, aide, office, visitor, responder or parent.
    profile : tuple of str
        Mobility profile, "unimpaired" for most.
    space : ndarray of int, shape (N,)
        Where each person is at the start, index into ``CompiledPlan.space_ids``.
    group : ndarray of int, shape (N,)
        Class of the person, index into ``groups.ids``; -1 for none.
    start_xy : ndarray, shape (N, 2)
        Given standing place in metres; nan where the room's standing places are used.
    exit_gate : ndarray of int, shape (N,)
        Assigned exit, a gate of the compiled plan; -1 for the nearest on foot.
    speeds, pre_movements : tuple of Distribution
        The distributions in use: free walking speed on the level (m/s), and the delay (s) between
        the cue and the first step.
    speed_of, pre_movement_of : ndarray of int, shape (N,)
        Which distribution each person draws from.
    listed_pre_movement_s : ndarray, shape (N,)
        A pre-movement time given outright; nan where it is drawn.
    stair_down, stair_up : ndarray, shape (N,)
        Personal factors on the walking speed on stairs, beside the stair's own.
    groups : Groups
        The classes.
    abilities : Abilities, optional
        What each person can do and how they choose their way; plain people where not given.
    start_place : ndarray of int, shape (N,), optional
        Place outdoors where each person is at the start, index into ``CompiledPlan.place_ids``; -1
        for people indoors. For people outdoors ``space`` is -1.
    age_band : tuple of str
        Age band of each person, "adult" for staff; empty where none is known, for one or for all.
    """

    person_ids: tuple[str, ...]
    role: tuple[str, ...]
    profile: tuple[str, ...]
    space: Ints
    group: Ints
    start_xy: Floats
    exit_gate: Ints
    speeds: tuple[Distribution, ...]
    speed_of: Ints
    pre_movements: tuple[Distribution, ...]
    pre_movement_of: Ints
    listed_pre_movement_s: Floats
    stair_down: Floats
    stair_up: Floats
    groups: Groups
    abilities: Abilities | None = None
    start_place: Ints | None = None
    age_band: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.person_ids)
        if len(set(self.person_ids)) != n:
            raise ValueError("roster: every person needs an id of their own")
        for name in ("role", "profile"):
            if len(getattr(self, name)) != n:
                raise ValueError(f"roster.{name}: expected {n} entries")
        for name in (
            "space",
            "group",
            "exit_gate",
            "speed_of",
            "pre_movement_of",
            "listed_pre_movement_s",
            "stair_down",
            "stair_up",
        ):
            if getattr(self, name).shape != (n,):
                raise ValueError(f"roster.{name}: expected {n} entries")
        if self.start_xy.shape != (n, 2):
            raise ValueError(f"roster.start_xy: expected shape ({n}, 2)")
        if self.age_band and len(self.age_band) != n:
            raise ValueError(f"roster.age_band: expected {n} entries")
        if self.start_place is not None and self.start_place.shape != (n,):
            raise ValueError(f"roster.start_place: expected {n} entries")
        if ((self.space < 0) != (self.outdoors >= 0)).any():
            raise ValueError("roster: everybody is either in a space or at a place outdoors")
        if self.abilities is not None and len(self.abilities.size) != n:
            raise ValueError(f"roster.abilities: expected {n} entries")

    @property
    def outdoors(self) -> Ints:
        """Place outdoors where each person is at the start; -1 indoors."""
        if self.start_place is None:
            return np.full(len(self.person_ids), -1, dtype=np.int64)
        return self.start_place

    def people_in(self, n_spaces: int) -> Ints:
        """Count the people of each space at the start, shape (n_spaces,); nobody outdoors."""
        return np.bincount(self.space[self.space >= 0], minlength=n_spaces).astype(np.int64)

    @property
    def n_people(self) -> int:
        """Number of people."""
        return len(self.person_ids)
