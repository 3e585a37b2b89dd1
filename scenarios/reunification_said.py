"""What a file says about a reunification, as checked values, made into what is simulated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scenarios.behaviour import Choice
from scenarios.chosen_numbers import chosen_numbers
from scenarios.head_count import largest_remainder
from scenarios.scenario import SAID_BY_SCENARIO
from scenarios.sourced_numbers import Number, sourced_numbers
from sim import Distribution
from sim.protocols.arrivals import Arrivals
from sim.protocols.reunification_orders import (
    DRAWN,
    DeskChange,
    ExceptionRule,
    PathWalk,
    ReunificationOrders,
    Walk,
)

DEFAULTS = "reunification_defaults.toml"


@dataclass(frozen=True, slots=True)
class ReunificationSaid:
    """A reunification site; ``numbers`` ("step.check_s" and the like) is over the defaults.

    ``children_per_family`` is for a scenario, whose roster says how many students there are: shares
    of the families with one child, two, ...
    """

    opens_s: float
    arrivals: Arrivals
    staff: Mapping[str, int]
    changes: tuple[DeskChange, ...] = ()
    numbers: Mapping[str, Number] = field(default_factory=dict)
    children_per_family: tuple[float, ...] = (1.0,)


@dataclass(frozen=True, slots=True)
class ReunificationPlan:
    """A reunification by itself.

    Attributes
    ----------
    name : str
    seed, replicas : int
    end_s : float
        When to stop at the latest; inf when nothing more can happen.
    students, families : int or None
        How many, one of the two.
    children_per_family : tuple of float
        Shares of the families with one child, two, ...
    students_arrive_s : Distribution or None
        When students are in the assembly area; None: all from the start.
    absent_share : float
    said : ReunificationSaid
    """

    name: str
    seed: int
    replicas: int
    end_s: float
    students: int | None
    families: int | None
    children_per_family: tuple[float, ...]
    students_arrive_s: Distribution | None
    absent_share: float
    said: ReunificationSaid

    def family_of_students(self) -> NDArray[np.int64]:
        """Return the family of each student; the same in every replica."""
        if self.families is not None:
            return _family(_sizes(self.families, self.children_per_family))
        return family_of(self.students or 0, self.children_per_family)


def family_of(students: int, shares: tuple[float, ...]) -> NDArray[np.int64]:
    """Return the family of each student, where so many families have one child, two, ...

    Examples
    --------
    >>> family_of(4, (0.5, 0.5)).tolist()
    [0, 1, 1, 2]
    """
    mean = sum((k + 1) * share for k, share in enumerate(shares))
    sizes = _sizes(math.floor(students / mean), shares)
    while sum(sizes) > students:
        sizes[-1] -= 1
        sizes = [size for size in sizes if size]
    return _family(sizes + [1] * (students - sum(sizes)))


def reunification_of(
    said: ReunificationSaid,
    *,
    family: NDArray[np.int64],
    leaves_s: NDArray[np.float64],
    ready_s: NDArray[np.float64],
    expected: NDArray[np.bool_],
) -> tuple[ReunificationOrders, tuple[Choice, ...]]:
    """Return a reunification as it is simulated, and every number of it with its source.

    Parameters
    ----------
    said : ReunificationSaid
    family, leaves_s, ready_s, expected : ndarray, shape (N,)
        As in `ReunificationOrders`.

    Raises
    ------
    ValueError
        If the arrays do not fit together.
    """
    choices = chosen_numbers(sourced_numbers(DEFAULTS), said.numbers)
    number = {choice.name: choice.distribution for choice in choices}
    metres = _one(number["walk.metres"])
    walks: list[Walk] = []
    for way in ("there", "back"):
        seconds = said.numbers.get(f"walk.{way}_s")
        if seconds is None:
            walks.append(PathWalk(metres, number[f"walk.{way}_mps"]))
        else:
            one = seconds if isinstance(seconds, Distribution) else Distribution.constant(seconds)
            walks.append(one)
            choices = (*choices, Choice(f"walk.{way}_s", one, SAID_BY_SCENARIO))
    if "walk.there_s" in said.numbers:
        path = ("walk.metres", "walk.there_mps", "walk.back_mps")
        choices = tuple(choice for choice in choices if choice.name not in path)
    orders = ReunificationOrders(
        family=family,
        leaves_s=leaves_s,
        ready_s=ready_s,
        expected=expected,
        arrivals=said.arrivals,
        staff=dict(said.staff),
        greet_s=number["step.greet_s"],
        form_s=number["step.form_s"],
        check_s=number["step.check_s"],
        hand_over_s=number["step.hand_over_s"],
        record_s=number["step.record_s"],
        absence_s=number["step.absence_s"],
        walk_there=walks[0],
        walk_back=walks[1],
        exceptions=tuple(
            ExceptionRule(
                kind,
                _one(number[f"{kind}.share"]),
                number[f"{kind}.desk_s"],
                _one(number[f"{kind}.resolved_share"]),
            )
            for kind in DRAWN
        ),
        opens_s=said.opens_s,
        changes=said.changes,
    )
    return orders, choices


def _one(number: Distribution) -> float:
    return float(number.ppf(0.5))


def _sizes(families: int, shares: tuple[float, ...]) -> list[int]:
    """Return the number of children of each family, the small ones first."""
    counts = largest_remainder(shares, families)
    return [k + 1 for k, count in enumerate(counts) for _ in range(count)]


def _family(sizes: list[int]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
