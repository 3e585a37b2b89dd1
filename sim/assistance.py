"""Assisted evacuation as planned: refuges, helpers, evacuation chairs, and how people are moved."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Distribution
from sim.lifts import Lift

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NO_HELP: Final = 0
CHAIR: Final = 1
CARRIED: Final = 2
BESIDE: Final = 3
LIFT: Final = 4
WAYS_OUT: Final = ("none", "chair", "carried", "beside", "lift")
"""How somebody is helped out, by code: not (yet), in an evacuation chair, carried by helpers,
walking with a helper beside them, by lift."""


AT_ONCE: Final = Distribution.constant(0.0)


@dataclass(frozen=True, slots=True)
class Means:
    """One way of moving somebody who needs help.

    Attributes
    ----------
    speeds_mps : (float, float, float) or None
        Speed on the level, down and up a stair, the latter two as free speeds that the stair's own
        factor slows; None for the person's own. Nobody goes faster than the slowest helper walks.
    prepare_s : Distribution
        Time from when all the helpers are there until they set off.
    places : int
        Places that person and device take up on the floor, beside those of the helpers; a person
        who takes up more keeps them.
    """

    speeds_mps: tuple[float, float, float] | None
    prepare_s: Distribution
    places: int = 1

    def __post_init__(self) -> None:
        speeds = self.speeds_mps or ()
        if not all(math.isfinite(speed) and speed > 0 for speed in speeds):
            raise ValueError(f"speeds_mps must be finite and > 0, got {self.speeds_mps}")
        if self.places < 1:
            raise ValueError(f"places must be >= 1, got {self.places}")


@dataclass(frozen=True, slots=True, eq=False)
class Assistance:
    """How people who cannot leave by themselves are helped.

    Attributes
    ----------
    refuges : tuple of int
        Spaces of the compiled plan in which people wait for help.
    helpers : tuple of int
        Rows of the roster of those who help, ascending: staff without a class as soon as they are
        ready, others once their class has been counted.
    way : ndarray of int, shape (N,)
        How each person is moved: `CHAIR`, `CARRIED`, `BESIDE`, or `NO_HELP`.
    helpers_needed : ndarray of int, shape (N,)
        Helpers who have to come to each person; at least one where help is needed.
    means : mapping of way to Means
    chairs : tuple of int
        The space in which each evacuation chair is kept.
    report_s : Distribution
        Time from when somebody begins to wait until helpers are called.
    return_for_next : bool
        Whether helpers who are out go back in for the next person.
    lifts : tuple of Lift
        Lifts under fire-service control.
    """

    refuges: tuple[int, ...]
    helpers: tuple[int, ...]
    way: Ints
    helpers_needed: Ints
    means: Mapping[int, Means]
    chairs: tuple[int, ...] = ()
    report_s: Distribution = AT_ONCE
    return_for_next: bool = True
    lifts: tuple[Lift, ...] = ()

    def __post_init__(self) -> None:
        if self.way.shape != self.helpers_needed.shape:
            raise ValueError(
                f"assistance: {len(self.way)} ways and {len(self.helpers_needed)} helpers_needed"
            )
        used = {int(way) for way in self.way} - {NO_HELP}
        unknown = sorted(used - self.means.keys())
        if unknown:
            raise ValueError(f"assistance.way: {unknown[0]} has no entry in means")
        if CHAIR in used and not self.chairs:
            raise ValueError("assistance.chairs: somebody needs an evacuation chair; there is none")
        if (self.helpers_needed[self.way != NO_HELP] < 1).any():
            raise ValueError("assistance.helpers_needed: expected >= 1 for whoever needs help")
        if list(self.helpers) != sorted(set(self.helpers)):
            raise ValueError("assistance.helpers: expected rows of the roster, ascending")
        for helper in self.helpers:
            if not 0 <= helper < len(self.way) or self.way[helper] != NO_HELP:
                raise ValueError(f"assistance.helpers: person {helper} cannot help")


@dataclass(frozen=True, slots=True)
class HelpTask:
    """One helper's task: called to somebody, there, done; inf for what did not happen."""

    helper: int
    person: int
    called_s: float
    arrived_s: float
    done_s: float


@dataclass(frozen=True, slots=True, eq=False)
class HelpTimes:
    """What became of the A people who need help to leave, in order of the roster.

    Attributes
    ----------
    person : ndarray of int, shape (A,)
        Row of the roster.
    waits_from_s : ndarray, shape (A,)
        Begins to wait: in a refuge, a lift lobby, or where they were.
    help_s : ndarray, shape (A,)
        Help begins: all the helpers are there, or the lift stands open for them.
    set_off_s : ndarray, shape (A,)
        Leaves with the helpers, or in the lift.
    way : ndarray of int, shape (A,)
        How they leave; an index into `WAYS_OUT`.
    tasks : tuple of HelpTask
        In order of the call.
    """

    person: Ints
    waits_from_s: Floats
    help_s: Floats
    set_off_s: Floats
    way: Ints
    tasks: tuple[HelpTask, ...] = ()

    @classmethod
    def of_nobody(cls) -> HelpTimes:
        """Return the times of a run in which nobody needs help."""
        return cls.of(np.zeros(0, dtype=np.int64))

    @classmethod
    def of(cls, people: Ints) -> HelpTimes:
        """Return the times of people to whom nothing has happened yet."""
        never = np.full(len(people), np.inf)
        return cls(people, never, never.copy(), never.copy(), np.zeros(len(people), dtype=np.int64))

    def most_at_once(self) -> int:
        """Return the largest number of helpers on a task at the same time."""
        ends = sorted((task.done_s, -1) for task in self.tasks)
        steps = sorted([*((task.called_s, 1) for task in self.tasks), *ends])
        most = now = 0
        for _, step in steps:  # a task that ends at an instant makes room for one that begins
            now += step
            most = max(most, now)
        return most

    def helpers_used(self) -> int:
        """Return the number of different people who were called to help."""
        return len({task.helper for task in self.tasks})
