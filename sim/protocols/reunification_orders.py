"""A reunification as planned: who is collected, who works at which desk, how long each step takes.

The steps are those of the Standard Reunification Method of the I Love U Guys Foundation, as taught
in the toolkit of the Texas School Safety Center (SRM 3.4). No throughput standard was found: every
time is the planner's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.distributions import Distribution
from sim.keyed_draws import uniforms
from sim.protocols.arrivals import Arrivals
from sim.protocols.desk import require_staff

DESKS: Final = ("greeters", "checkers", "reunifiers", "private_desk", "accountants")
"""Desks in the order in which a family meets them."""
ROLE_AT: Final[Mapping[str, str]] = {
    "greeters": "greeter",
    "checkers": "checker",
    "reunifiers": "reunifier",
    "private_desk": "private desk",
    "accountants": "accountant",
}
"""What is missing where nobody works at a desk, in words."""

EXCEPTIONS: Final = (
    "none", "no_id", "not_authorised", "custody_hold", "student_declines",
    "student_not_there_yet", "student_not_coming",
)  # fmt: skip
"""What may be out of the ordinary with a family, by code. The first three are found at the check
of identity and custody, ``student_declines`` at the hand-over, when students are asked whether
they are comfortable to leave with this adult; the last two when the student is not in the assembly
area: still on the way, or absent or with responders. All go to the private desk."""
AT_THE_CHECK: Final = ("no_id", "not_authorised", "custody_hold")
DRAWN: Final = (*AT_THE_CHECK, "student_declines")


@dataclass(frozen=True, slots=True)
class PathWalk:
    """Walking a path of known length at a speed that differs from trip to trip."""

    metres: float
    speed_mps: Distribution

    def __post_init__(self) -> None:
        if not 0.0 <= self.metres < math.inf:
            raise ValueError(f"metres: expected finite and >= 0, got {self.metres}")
        if not self.speed_mps.ppf(0.0) > 0.0:
            raise ValueError("speed_mps: expected speeds above 0 only")

    def ppf(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Return the seconds of trips that have drawn numbers between 0 and 1."""
        seconds: NDArray[np.float64] = self.metres / self.speed_mps.ppf(probability)
        return seconds


Walk: TypeAlias = Distribution | PathWalk


@dataclass(frozen=True, slots=True)
class ExceptionRule:
    """How one kind of exception is handled at the private desk.

    Attributes
    ----------
    kind : str
        One of `DRAWN`.
    share : float
        Share of families to whom it happens.
    desk_s : Distribution
        Time at the private desk.
    resolved_share : float
        Share of them for whom it is settled there, so that the student is handed over after all;
        the students of the others are referred.
    """

    kind: str
    share: float
    desk_s: Distribution
    resolved_share: float

    def __post_init__(self) -> None:
        if self.kind not in DRAWN:
            raise ValueError(f"unknown exception {self.kind!r}, expected one of {[*DRAWN]}")
        for name in ("share", "resolved_share"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{self.kind}: {name}: expected 0 to 1, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class DeskChange:
    """From a time on, so many work at a desk."""

    at_s: float
    desk: str
    staff: float

    def __post_init__(self) -> None:
        _require_desk(self.desk)
        require_staff(self.desk, self.staff)
        if not 0.0 <= self.at_s < math.inf:
            raise ValueError(f"at_s: expected finite and >= 0, got {self.at_s}")


@dataclass(frozen=True, slots=True, eq=False)
class ReunificationOrders:
    """What the planner decides about a reunification; N students of F families.

    Attributes
    ----------
    family : ndarray of int, shape (N,)
        The family of each student; siblings share one. Families are numbered from 0, all are used.
    leaves_s, ready_s : ndarray, shape (N,)
        When each student leaves the school and is in the assembly area of the site; inf for never.
    expected : ndarray of bool, shape (N,)
        Whether the site knows that the student will come; not so for those who are absent or with
        responders.
    arrivals : Arrivals
        When families come.
    staff : mapping of desk to number
        One entry for each of `DESKS`.
    greet_s, form_s, check_s, hand_over_s, record_s : Distribution
        Greeting; filling the card; the check of identity and custody; the hand-over; the
        accountant's entry.
    absence_s : Distribution
        Explaining at the private desk that a student is not there yet, or does not come.
    walk_there, walk_back : Walk
        The reunifier's way to the assembly area, and back with the students of one family.
    exceptions : tuple of ExceptionRule
    opens_s : float
        When the desks open; families who are early wait.
    changes : tuple of DeskChange
        In any order; of changes of one desk at one time the last one holds.

    Raises
    ------
    ValueError
        If lengths, families, desks, shares or times do not fit together.
    """

    family: NDArray[np.int64]
    leaves_s: NDArray[np.float64]
    ready_s: NDArray[np.float64]
    expected: NDArray[np.bool_]
    arrivals: Arrivals
    staff: Mapping[str, float]
    greet_s: Distribution
    form_s: Distribution
    check_s: Distribution
    hand_over_s: Distribution
    record_s: Distribution
    absence_s: Distribution
    walk_there: Walk
    walk_back: Walk
    exceptions: tuple[ExceptionRule, ...] = ()
    opens_s: float = 0.0
    changes: tuple[DeskChange, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.family)
        for name in ("leaves_s", "ready_s", "expected"):
            if getattr(self, name).shape != (n,):
                raise ValueError(f"{name}: expected shape ({n},), got {getattr(self, name).shape}")
        if n and sorted({*self.family.tolist()}) != [*range(int(self.family.max()) + 1)]:
            raise ValueError("family: expected every number from 0 to the largest")
        if not ((self.leaves_s >= 0.0) & (self.leaves_s <= self.ready_s)).all():
            raise ValueError("expected 0 <= leaves_s <= ready_s for every student")
        for desk in self.staff:
            _require_desk(desk)
        for desk in DESKS:
            if desk not in self.staff:
                raise ValueError(f"staff: {desk} is missing")
            require_staff(desk, self.staff[desk])
        kinds = [rule.kind for rule in self.exceptions]
        if len({*kinds}) < len(kinds):
            raise ValueError(f"exceptions: one kind is there twice: {kinds}")
        total = sum(rule.share for rule in self.exceptions)
        if total > 1.0 + 1e-9:
            raise ValueError(f"shares of exceptions must not exceed 1, got {total:g}")
        if not 0.0 <= self.opens_s < math.inf:
            raise ValueError(f"opens_s: expected finite and >= 0, got {self.opens_s}")

    @property
    def n_students(self) -> int:
        """How many students are to be collected."""
        return len(self.family)

    @property
    def n_families(self) -> int:
        """How many families may come for them."""
        return int(self.family.max()) + 1 if len(self.family) else 0


@dataclass(frozen=True, slots=True, eq=False)
class ReunificationDraws:
    """One number in (0, 1) for each family and purpose, shape (F,) each.

    ``walk`` is used for both ways of one trip. Draws go with families, not with desks, so plans
    with other desks share their chance (common random numbers).
    """

    arrive: NDArray[np.float64]
    greet: NDArray[np.float64]
    form: NDArray[np.float64]
    check: NDArray[np.float64]
    exception: NDArray[np.float64]
    private: NDArray[np.float64]
    resolved: NDArray[np.float64]
    absence: NDArray[np.float64]
    walk: NDArray[np.float64]
    hand_over: NDArray[np.float64]
    record: NDArray[np.float64]

    def __post_init__(self) -> None:
        for one in fields(self):
            values = getattr(self, one.name)
            if values.shape != self.arrive.shape or not ((values > 0.0) & (values < 1.0)).all():
                raise ValueError(f"{one.name}: expected numbers in (0, 1), one for each family")


def reunification_draws(
    seed: int, replica: int, families: NDArray[np.uint64]
) -> ReunificationDraws:
    """Draw what a reunification needs.

    Parameters
    ----------
    seed, replica : int
    families : ndarray of uint64, shape (F,)
        A key for each family, from `entity_keys`.
    """
    return ReunificationDraws(
        **{
            one.name: uniforms(seed, replica, f"reunification {one.name}", families)
            for one in fields(ReunificationDraws)
        }
    )


def _require_desk(desk: str) -> None:
    if desk not in DESKS:
        raise ValueError(f"unknown desk {desk!r}, expected one of {[*DESKS]}")
