"""Accounting for everybody as planned: who is where, who calls, records and searches, and when."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Distribution
from sim.keyed_draws import uniforms
from sim.protocols.desk import require_staff
from sim.protocols.roll_call import CountingErrors

WHEREABOUTS: Final = ("with_own_class", "with_another_class", "inside", "in_refuge", "off_site")
"""Where somebody turns out to be, by code: with the own class after all, standing with another one,
still inside, waiting in a refuge, not at the school at all."""
WITH_OWN_CLASS: Final = 0
WITH_ANOTHER_CLASS: Final = 1
INSIDE: Final = 2
IN_REFUGE: Final = 3
OFF_SITE: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class AccountabilityOrders:
    """What the planner decides, and where people truly are; N people of K classes.

    Attributes
    ----------
    group : ndarray of int, shape (N,)
        The class of each person, 0 to K-1.
    at_place_s : ndarray, shape (N,)
        When each person stands with the own class; inf for never.
    whereabouts : ndarray of int, shape (N,)
        Where each is until then, as a code of `WHEREABOUTS` other than the first.
    stands_with : ndarray of int, shape (N,)
        The class with which somebody stands until then whose code is ``with_another_class``; -1
        for everybody else.
    surfaces_s : ndarray, shape (N,)
        When somebody who is not with the own class, but was put down as present, is found all the
        same, as by a sweep of the building; inf for never. Whoever is reported missing is
        searched for instead.
    roll_from_s : ndarray, shape (K,)
        When each class begins its roll call; inf where it does not by itself.
    roll_call_s, report_s, record_s : Distribution
        The roll call of a class; until its report is at the command post; noting it there.
    recheck_s : Distribution
        Asking the class again about one who is reported missing.
    search_s : mapping of whereabouts to Distribution
        Finding one who is not with the own class, for each of `WHEREABOUTS` but the first.
    errors : CountingErrors
    recorders, searchers : float
        How many note reports at the post, and how many look for missing people.

    Raises
    ------
    ValueError
        If lengths, codes, classes or times do not fit together.
    """

    group: NDArray[np.int64]
    at_place_s: NDArray[np.float64]
    whereabouts: NDArray[np.int64]
    stands_with: NDArray[np.int64]
    surfaces_s: NDArray[np.float64]
    roll_from_s: NDArray[np.float64]
    roll_call_s: Distribution
    report_s: Distribution
    record_s: Distribution
    recheck_s: Distribution
    search_s: Mapping[str, Distribution]
    errors: CountingErrors
    recorders: float
    searchers: float

    def __post_init__(self) -> None:
        n, k = len(self.group), len(self.roll_from_s)
        for name in ("at_place_s", "whereabouts", "stands_with", "surfaces_s"):
            if getattr(self, name).shape != (n,):
                raise ValueError(f"{name}: expected shape ({n},), got {getattr(self, name).shape}")
        if ((self.group < 0) | (self.group >= k)).any():
            raise ValueError(f"group: expected 0 to {k - 1}")
        for name in ("at_place_s", "surfaces_s", "roll_from_s"):
            if not (getattr(self, name) >= 0.0).all():
                raise ValueError(f"{name}: expected times >= 0, or inf")
        if ((self.whereabouts < 1) | (self.whereabouts >= len(WHEREABOUTS))).any():
            raise ValueError(f"whereabouts: expected codes 1 to {len(WHEREABOUTS) - 1}")
        elsewhere = self.whereabouts == WITH_ANOTHER_CLASS
        with_some = (self.stands_with >= 0) & (self.stands_with < k)
        if (elsewhere & ~(with_some & (self.stands_with != self.group))).any():
            raise ValueError("stands_with: expected another class for with_another_class")
        if (~elsewhere & (self.stands_with != -1)).any():
            raise ValueError("stands_with: expected -1 except for with_another_class")
        if {*self.search_s} != {*WHEREABOUTS[1:]}:
            raise ValueError(f"search_s: expected {[*WHEREABOUTS[1:]]}, got {[*self.search_s]}")
        require_staff("recorders", self.recorders)
        require_staff("searchers", self.searchers)


@dataclass(frozen=True, slots=True, eq=False)
class AccountabilityDraws:
    """Numbers in (0, 1): one for each person (N) and for each class (K)."""

    person_counted: NDArray[np.float64]
    person_noticed: NDArray[np.float64]
    person_recheck: NDArray[np.float64]
    person_search: NDArray[np.float64]
    class_roll: NDArray[np.float64]
    class_report: NDArray[np.float64]
    class_record: NDArray[np.float64]


def accountability_draws(
    seed: int, replica: int, *, people: NDArray[np.uint64], classes: NDArray[np.uint64]
) -> AccountabilityDraws:
    """Draw what accounting for everybody needs, keyed by person and by class.

    Parameters
    ----------
    seed, replica : int
    people, classes : ndarray of uint64, shapes (N,) and (K,)
        Keys from `entity_keys`.
    """
    return AccountabilityDraws(
        **{
            one.name: uniforms(
                seed,
                replica,
                f"accountability {one.name}",
                people if one.name.startswith("person") else classes,
            )
            for one in fields(AccountabilityDraws)
        }
    )


@dataclass(frozen=True, slots=True, eq=False)
class AccountabilityTimes:
    """How everybody was accounted for; N people of K classes. inf where something did not happen.

    Attributes
    ----------
    end_s : float
        Until when it was simulated.
    roll_begun_s, roll_ended_s, reported_s : ndarray, shape (K,)
        Roll calls, and when their reports had been noted at the command post.
    there, counted : ndarray of bool, shape (N,)
        Who stood with the own class when called, and who was put down as present; False where the
        class never called.
    extra : ndarray of bool, shape (N,)
        Who was reported by another class.
    missing_s, resolved_s : ndarray, shape (N,)
        When the post learnt that somebody is missing, and when it knew where they are.
    resolved_as : ndarray of int8, shape (N,)
        Where they turned out to be, as a code of `WHEREABOUTS`; -1 for everybody else.
    all_accounted_s : float
        When every class had reported and every missing person was resolved: then "all present" is
        said.
    hidden : ndarray of int, shape (h,)
        Those who were put down as present and were nowhere known of when that was said.
    false_for_s : float
        For how long "all present" was false after it was said; 0 if it was true.
    recorders, searchers : float
        How many there were.
    """

    end_s: float
    roll_begun_s: NDArray[np.float64]
    roll_ended_s: NDArray[np.float64]
    reported_s: NDArray[np.float64]
    there: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    extra: NDArray[np.bool_]
    missing_s: NDArray[np.float64]
    resolved_s: NDArray[np.float64]
    resolved_as: NDArray[np.int8]
    all_accounted_s: float
    hidden: NDArray[np.int64]
    false_for_s: float
    recorders: float
    searchers: float

    @property
    def false_missing(self) -> int:
        """How many were reported missing although they stood there when called."""
        return int((np.isfinite(self.missing_s) & self.there).sum())

    @property
    def said_falsely(self) -> bool:
        """Whether "all present" was said while somebody was unaccounted for."""
        return len(self.hidden) > 0

    def first_pass_completeness(self, by_s: float) -> float:
        """Return the share of classes whose report had been noted by a time."""
        return float((self.reported_s <= by_s).mean()) if len(self.reported_s) else 1.0

    def reasons(self) -> tuple[str, ...]:
        """Say why not all are accounted for; empty where all are."""
        if self.all_accounted_s < math.inf:
            return ()
        found = []
        silent = int((~np.isfinite(self.roll_ended_s)).sum())
        if silent:
            found.append(f"{silent} classes called no roll")
        waiting = int((np.isfinite(self.roll_ended_s) & ~np.isfinite(self.reported_s)).sum())
        if waiting:
            nobody = "no recorder: " if self.recorders == 0 else ""
            found.append(f"{nobody}{waiting} reports were not noted")
        lost = int((np.isfinite(self.missing_s) & ~np.isfinite(self.resolved_s)).sum())
        if lost:
            nobody = "no searcher: " if self.searchers == 0 else ""
            found.append(f"{nobody}{lost} missing people were not found")
        return tuple(found)
