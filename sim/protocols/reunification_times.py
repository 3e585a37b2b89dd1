"""What came out of a reunification: a row for each student, family and desk."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.protocols.custody import (
    AT_SCHOOL,
    IN_TRANSIT,
    REFERRED,
    RELEASED,
    STUDENT_STATES,
)
from sim.protocols.desk import DeskTimes
from sim.protocols.reunification_orders import EXCEPTIONS, ROLE_AT

PARENT_STATES = (
    "not_come", "with_greeter", "filling_form", "with_checker", "at_private_desk",
    "waits_for_student", "with_reunifier", "left",
)  # fmt: skip
"""Names of the states of whoever comes for a family, by code; waiting at a desk counts as being
there."""
(
    NOT_COME, WITH_GREETER, FILLING_FORM, WITH_CHECKER, AT_PRIVATE_DESK,
    WAITS_FOR_STUDENT, AT_REUNIFIERS, LEFT,
) = range(len(PARENT_STATES))  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ReunificationTimes:
    """One reunification; N students of F families. inf where something did not happen.

    Attributes
    ----------
    end_s : float
        Until when it was simulated.
    closed : bool
        Whether nothing more can happen by itself: nobody else comes, no desk is going to change.
    student_state : ndarray of int8, shape (N,)
        Codes of `STUDENT_STATES` at the end.
    parent_in_s, greeted_s, verified_s : ndarray, shape (N,)
        When whoever collects a student came in, had been greeted, and was found entitled: at the
        check, or at the private desk after an exception.
    called_s, fetched_s, released_s, referred_s : ndarray, shape (N,)
        When a reunifier set off for the student, met them in the assembly area, had handed them
        over; or when the student was referred.
    recorded_s : ndarray, shape (N,)
        When the accountant had entered the hand-over.
    family : ndarray of int, shape (N,)
    family_in_s, family_left_s : ndarray, shape (F,)
        When somebody came for a family, and when they left, with their students or without.
    family_exception : ndarray of int8, shape (F,)
        The first exception that was met, as a code of `EXCEPTIONS`.
    parent_state : ndarray of int8, shape (F,)
        Codes of `PARENT_STATES` at the end.
    desks : tuple of DeskTimes
        In the order of `DESKS`.
    """

    end_s: float
    closed: bool
    student_state: NDArray[np.int8]
    parent_in_s: NDArray[np.float64]
    greeted_s: NDArray[np.float64]
    verified_s: NDArray[np.float64]
    called_s: NDArray[np.float64]
    fetched_s: NDArray[np.float64]
    released_s: NDArray[np.float64]
    referred_s: NDArray[np.float64]
    recorded_s: NDArray[np.float64]
    family: NDArray[np.int64]
    family_in_s: NDArray[np.float64]
    family_left_s: NDArray[np.float64]
    family_exception: NDArray[np.int8]
    parent_state: NDArray[np.int8]
    desks: tuple[DeskTimes, ...]

    @property
    def finish_s(self) -> float:
        """When the last student was released or referred; inf if some never were."""
        settled = np.minimum(self.released_s, self.referred_s)
        return float(settled.max()) if len(settled) else 0.0

    def students(self) -> dict[str, int]:
        """Return how many students are in each state at the end."""
        counts = np.bincount(self.student_state, minlength=len(STUDENT_STATES))
        return dict(zip(STUDENT_STATES, counts.tolist(), strict=True))

    def exceptions(self) -> dict[str, int]:
        """Return how many families met each kind of exception first, of those who came."""
        counts = np.bincount(self.family_exception, minlength=len(EXCEPTIONS))
        return dict(zip(EXCEPTIONS[1:], counts[1:].tolist(), strict=True))

    def reasons(self) -> tuple[str, ...]:
        """Say why students are neither released nor referred; empty where all are.

        Examples
        --------
        Such as ``never: no checker``, ``never: nobody came for 3 students`` or ``not by 1:00:00:
        12 families still there``.
        """
        open_ones = ~np.isin(self.student_state, (RELEASED, REFERRED))
        if not open_ones.any():
            return ()
        never = "never" if self.closed else f"not by {_clock(self.end_s)}"
        found = [
            f"{never}: no {ROLE_AT[desk.name]}"
            for desk in self.desks
            if desk.waiting_at_end and desk.staff_at_end == 0
        ]
        for desk in self.desks:
            if desk.name == "accountants" or not (desk.waiting_at_end or desk.busy_at_end):
                continue
            if desk.staff_at_end > 0:
                total = desk.waiting_at_end + desk.busy_at_end
                found.append(
                    f"{never}: {total} families still at the {desk.name.replace('_', ' ')}"
                )
        waiting = int((self.parent_state == WAITS_FOR_STUDENT).sum())
        if waiting:
            away = int((np.isin(self.student_state, (AT_SCHOOL, IN_TRANSIT)) & open_ones).sum())
            who, whom = _count(waiting, "families"), _count(away, "students")
            found.append(f"{never}: {whom} not at the site, waited for by {who}")
        alone = int((open_ones & (self.parent_state[self.family] == NOT_COME)).sum())
        if alone:
            found.append(f"{never}: nobody came for {_count(alone, 'students')}")
        return tuple(found) or (f"{never}: families are between two desks",)


def _count(number: int, plural: str) -> str:
    """Return "1 family", "2 families", "1 student"."""
    one = plural.removesuffix("ies") + "y" if plural.endswith("ies") else plural.removesuffix("s")
    return f"{number} {one if number == 1 else plural}"


def _clock(seconds: float) -> str:
    if not math.isfinite(seconds):
        return "the end"
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
