"""One class called over by its teacher: who is there, who is not, and who is taken for somebody."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import Event

Present: TypeAlias = Callable[[NDArray[np.int64], NDArray[np.float64]], NDArray[np.bool_]]
"""Whether people stood with a class when their names were called: ``present(people, times_s)``."""


@dataclass(frozen=True, slots=True)
class CountingErrors:
    """How often a roll call is wrong, as probabilities for each person.

    Attributes
    ----------
    missed : float
        Somebody who is there is put down as missing: no answer, hidden by others.
    counted_wrongly : float
        Somebody who is not there is put down as present: a classmate answers, a head counted
        twice, taken for somebody else.
    extra_unnoticed : float
        Somebody of another class stands there and is not reported as extra.
    """

    missed: float
    counted_wrongly: float
    extra_unnoticed: float

    def __post_init__(self) -> None:
        for name in ("missed", "counted_wrongly", "extra_unnoticed"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name}: expected 0 to 1, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True, eq=False)
class RollCall:
    """What one class reports.

    Attributes
    ----------
    group : int
    begun_s, ended_s : float
        When the first name was called, and when the list was complete.
    members : ndarray of int, shape (m,)
    there : ndarray of bool, shape (m,)
        Who truly stood there when their name was called.
    counted : ndarray of bool, shape (m,)
        Who was put down as present.
    extras : ndarray of int, shape (e,)
        People of other classes who were noticed.
    """

    group: int
    begun_s: float
    ended_s: float
    members: NDArray[np.int64]
    there: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    extras: NDArray[np.int64]

    @property
    def missing(self) -> NDArray[np.int64]:
        """Who is reported as missing."""
        return self.members[~self.counted]

    @property
    def falsely_missing(self) -> NDArray[np.int64]:
        """Who is reported as missing and stood there."""
        return self.members[self.there & ~self.counted]

    @property
    def falsely_present(self) -> NDArray[np.int64]:
        """Who is put down as present and was not there."""
        return self.members[self.counted & ~self.there]


def call_the_roll(
    env: simpy.Environment,
    group: int,
    members: NDArray[np.int64],
    present: Present,
    *,
    takes_s: float,
    errors: CountingErrors,
    uniforms: NDArray[np.float64],
    others: NDArray[np.int64] | None = None,
    others_uniforms: NDArray[np.float64] | None = None,
) -> Generator[Event, None, RollCall]:
    """Call the names of one class one after the other, evenly over the time it takes.

    Parameters
    ----------
    env : simpy.Environment
    group : int
        The class.
    members : ndarray of int, shape (m,)
        Its people in the order of the list.
    present : callable
        Asked once, when the list is complete, about every name and the time it was called.
    takes_s : float
    errors : CountingErrors
    uniforms : ndarray, shape (m,)
        A number in (0, 1) for each member: below the probability of an error it is made.
    others, others_uniforms : ndarray, shape (o,), optional
        People of other classes who may stand with this one; ``present`` says whether they do.

    Returns
    -------
    RollCall
        As the value of the process.

    Examples
    --------
    >>> env = simpy.Environment()
    >>> late = lambda people, times_s: (people != 7) | (times_s >= 100.0)
    >>> call = call_the_roll(env, 0, np.array([5, 7, 9]), late, takes_s=60.0,
    ...     errors=CountingErrors(0.0, 0.0, 0.0), uniforms=np.full(3, 0.5))
    >>> found = env.run(env.process(call))
    >>> found.missing.tolist(), found.ended_s
    ([7], 60.0)
    """
    if takes_s < 0.0 or uniforms.shape != members.shape:
        raise ValueError("expected takes_s >= 0 and a number for each member")
    begun_s = float(env.now)
    yield env.timeout(takes_s)
    ranks = np.arange(1, len(members) + 1) / max(len(members), 1)
    there = present(members, begun_s + takes_s * ranks)
    wrong = uniforms < np.where(there, errors.missed, errors.counted_wrongly)
    extras = np.empty(0, dtype=np.int64)
    if others is not None and others_uniforms is not None:
        beside = present(others, np.full(len(others), float(env.now)))
        extras = others[beside & (others_uniforms >= errors.extra_unnoticed)]
    return RollCall(group, begun_s, float(env.now), members, there, there ^ wrong, extras)
