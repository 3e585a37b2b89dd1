"""Students handed over to their families, step by step, as a queueing network of processes."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import simpy
from simpy.events import Event

from sim.protocols.arrivals import arrival_times_s
from sim.protocols.custody import (
    ASSEMBLY,
    AT_SCHOOL,
    CALLED,
    IN_TRANSIT,
    REFERRED,
    RELEASED,
    WITH_REUNIFIER,
    Custody,
)
from sim.protocols.desk import Desk
from sim.protocols.reunification_orders import (
    AT_THE_CHECK,
    DESKS,
    EXCEPTIONS,
    ReunificationDraws,
    ReunificationOrders,
)
from sim.protocols.reunification_times import (
    AT_PRIVATE_DESK,
    AT_REUNIFIERS,
    FILLING_FORM,
    LEFT,
    WAITS_FOR_STUDENT,
    WITH_CHECKER,
    WITH_GREETER,
    ReunificationTimes,
)

NOT_THERE_YET: Final = EXCEPTIONS.index("student_not_there_yet")
NOT_COMING: Final = EXCEPTIONS.index("student_not_coming")
DECLINES: Final = EXCEPTIONS.index("student_declines")
CHECKED: Final = tuple(EXCEPTIONS.index(kind) for kind in AT_THE_CHECK)

Steps = Generator[Event, Any, None]


def _nobody_asks(students: Sequence[int], state: int) -> None:
    """Tell nobody of students who are handed over or referred."""


class Reunification:
    """A reunification that runs in a SimPy environment; it begins when it is made.

    A family comes in, is greeted, fills the card, has identity and custody checked, waits for a
    reunifier who fetches all its students who are in the assembly area in one trip, takes them
    over, and leaves; the accountant enters the hand-over. Whatever is out of the ordinary is
    settled at the private desk. At every desk whoever came first is served first; at equal times
    the family of the smaller number.

    Parameters
    ----------
    env : simpy.Environment
        Times of the orders count from its start, not from when this is made.
    orders : ReunificationOrders
    draws : ReunificationDraws
        For as many families.
    record : bool
        Whether to log the length of each queue.
    settled : callable, optional
        Told of students who are handed over or referred, when they are, and as which of both.

    Attributes
    ----------
    custody : Custody
        Who has each student now.
    desks : mapping of name to Desk
    parent_state : ndarray of int8, shape (F,)
        Codes of `PARENT_STATES` now.
    finished : simpy.Event
        Happens when every student is released or referred.

    Raises
    ------
    ValueError
        If the draws are not for as many families.
    """

    def __init__(
        self,
        env: simpy.Environment,
        orders: ReunificationOrders,
        draws: ReunificationDraws,
        *,
        record: bool = False,
        settled: Callable[[Sequence[int], int], None] = _nobody_asks,
    ) -> None:
        n_families = orders.n_families
        if len(draws.arrive) != n_families:
            raise ValueError(f"draws for {len(draws.arrive)} families, expected {n_families}")
        self._env, self._orders = env, orders
        self._draw_times(orders, draws)
        self.custody = Custody(orders.n_students)
        self.parent_state = np.zeros(n_families, dtype=np.int8)
        self.finished = env.event()
        self._open = orders.n_students
        self._tell = settled
        self._students: list[list[int]] = [[] for _ in range(n_families)]
        for student, family in enumerate(orders.family.tolist()):
            self._students[family].append(student)
        self._in_s, self._greeted_s, self._verified_s, self._left_s, self._recorded_s = (
            np.full(n_families, math.inf) for _ in range(5)
        )
        self._exception = np.zeros(n_families, dtype=np.int8)
        self._awaited: dict[int, Event] = {}
        self._held = 0
        self.desks = {name: Desk(env, name, 0, record=record) for name in DESKS}
        self._last_change_s = orders.opens_s
        self._at(orders.opens_s, self._open_desks)
        for change in sorted(orders.changes, key=lambda one: one.at_s):
            self._last_change_s = max(self._last_change_s, change.at_s)
            if change.at_s > orders.opens_s:
                self._at(change.at_s, partial(self.set_staff, change.desk, change.staff))
        env.process(self._journeys())
        for family in range(n_families):
            if self._arrive_s[family] < math.inf:
                env.process(self._visit(family))

    def set_staff(self, desk: str, staff: float) -> None:
        """Change the number of staff at a desk now.

        Raises
        ------
        ValueError
            If there is no such desk, or the number is negative or not whole.
        """
        if desk not in self.desks:
            raise ValueError(f"unknown desk {desk!r}, expected one of {[*DESKS]}")
        self.desks[desk].set_staff(staff)

    def student_leaves(self, student: int) -> None:
        """Note that a student sets off for the site now; referred students stay so."""
        if self.custody.state[student] == AT_SCHOOL:
            self.custody.enter(student, IN_TRANSIT, float(self._env.now))

    def student_at_site(self, student: int) -> None:
        """Note that a student has reached the assembly area now; referred students stay so."""
        self.student_leaves(student)
        if self.custody.state[student] == IN_TRANSIT:
            self.custody.enter(student, ASSEMBLY, float(self._env.now))
            awaited = self._awaited.pop(student, None)
            if awaited is not None:
                awaited.succeed()

    def times(self) -> ReunificationTimes:
        """Return what has happened until now."""
        orders, entered = self._orders, self.custody.entered_s
        known = np.concatenate([self._arrive_s, orders.ready_s, orders.leaves_s, [0.0]])
        last = max(float(known[np.isfinite(known)].max()), self._last_change_s)
        by_student = orders.family
        return ReunificationTimes(
            end_s=float(self._env.now),
            closed=bool(self._env.now >= last and self._nothing_under_way()),
            student_state=self.custody.state.copy(),
            parent_in_s=self._in_s[by_student],
            greeted_s=self._greeted_s[by_student],
            verified_s=self._verified_s[by_student],
            called_s=entered[CALLED].copy(),
            fetched_s=entered[WITH_REUNIFIER].copy(),
            released_s=entered[RELEASED].copy(),
            referred_s=entered[REFERRED].copy(),
            recorded_s=np.where(
                np.isfinite(entered[RELEASED]), self._recorded_s[by_student], math.inf
            ),
            family=orders.family.copy(),
            family_in_s=self._in_s.copy(),
            family_left_s=self._left_s.copy(),
            family_exception=self._exception.copy(),
            parent_state=self.parent_state.copy(),
            desks=tuple(desk.times() for desk in self.desks.values()),
        )

    # --- the procedure

    def _visit(self, family: int) -> Steps:
        """Come for the students of one family, and leave with them or without."""
        env, desks, students = self._env, self.desks, self._students[family]
        yield env.timeout(max(0.0, self._arrive_s[family] - env.now))
        self._in_s[family] = env.now
        self.parent_state[family] = WITH_GREETER
        yield from desks["greeters"].serve(self._greet_s[family])
        self._greeted_s[family] = env.now
        self.parent_state[family] = FILLING_FORM
        if self._form_s[family] > 0.0:
            yield env.timeout(self._form_s[family])
        self.parent_state[family] = WITH_CHECKER
        yield from desks["checkers"].serve(self._check_s[family])
        if self._drawn[family] in CHECKED:
            self._exception[family] = self._drawn[family]
            yield from self._at_private_desk(family, self._private_s[family])
            if not self._resolved[family]:
                self._refer(students)
                self._leave(family)
                return
        self._verified_s[family] = env.now
        coming = [one for one in students if self.custody.state[one] == ASSEMBLY]
        if len(coming) < len(students):
            coming = yield from self._not_at_site(family, students)
        if coming:
            yield from self._fetch(family, coming)
        self._leave(family)
        if any(self.custody.state[one] == RELEASED for one in students):
            yield from desks["accountants"].serve(self._record_s[family])
            self._recorded_s[family] = env.now

    def _not_at_site(
        self, family: int, students: Sequence[int]
    ) -> Generator[Event, Any, list[int]]:
        """Hear at the private desk that a student is not there, and wait for those who will be."""
        state, expected = self.custody.state, self._orders.expected
        absent = any(state[one] != ASSEMBLY and not expected[one] for one in students)
        if not self._exception[family]:
            self._exception[family] = NOT_COMING if absent else NOT_THERE_YET
        yield from self._at_private_desk(family, self._absence_s[family])
        coming = [one for one in students if state[one] == ASSEMBLY or expected[one]]
        self._refer([one for one in students if one not in coming])
        self.parent_state[family] = WAITS_FOR_STUDENT
        for one in coming:
            if state[one] != ASSEMBLY:
                self._awaited[one] = self._env.event()
                yield self._awaited[one]
        return coming

    def _fetch(self, family: int, students: Sequence[int]) -> Steps:
        """Have the students fetched in one trip, and take them over."""
        env, reunifiers = self._env, self.desks["reunifiers"]
        self.parent_state[family] = AT_REUNIFIERS
        yield from reunifiers.take()
        self._enter(students, CALLED)
        if self._there_s[family] > 0.0:
            yield env.timeout(self._there_s[family])
        self._enter(students, WITH_REUNIFIER)
        back_s = self._back_s[family] + self._hand_over_s[family]
        if back_s > 0.0:
            yield env.timeout(back_s)
        released = True
        if self._drawn[family] == DECLINES:
            if not self._exception[family]:
                self._exception[family] = DECLINES
            self._held += 1
            yield from self._at_private_desk(family, self._private_s[family])
            self._held -= 1
            released = bool(self._resolved[family])
        if released:
            self._enter(students, RELEASED)
            self._settle(students, RELEASED)
        else:
            self._refer(students)
        reunifiers.leave()

    def _at_private_desk(self, family: int, seconds: float) -> Steps:
        self.parent_state[family] = AT_PRIVATE_DESK
        yield from self.desks["private_desk"].serve(seconds)

    def _leave(self, family: int) -> None:
        self.parent_state[family] = LEFT
        self._left_s[family] = self._env.now

    def _enter(self, students: Sequence[int], state: int) -> None:
        now = float(self._env.now)
        for one in students:
            self.custody.enter(one, state, now)

    def _refer(self, students: Sequence[int]) -> None:
        self._enter(students, REFERRED)
        self._settle(students, REFERRED)

    def _settle(self, students: Sequence[int], state: int) -> None:
        self._open -= len(students)
        self._tell(students, state)
        if students and not self._open:
            self.finished.succeed()

    def _journeys(self) -> Steps:
        """Let students leave the school and reach the site at the times of the orders."""
        orders = self._orders
        moves = [
            (float(time_s), step, student)
            for step, times in enumerate((orders.leaves_s, orders.ready_s))
            for student, time_s in enumerate(times.tolist())
            if time_s < math.inf
        ]
        for time_s, step, student in sorted(moves):
            if time_s > self._env.now:
                yield self._env.timeout(time_s - self._env.now)
            (self.student_leaves, self.student_at_site)[step](student)

    # --- desks and draws

    def _open_desks(self) -> None:
        staff = dict(self._orders.staff)
        for change in sorted(self._orders.changes, key=lambda one: one.at_s):
            if change.at_s <= self._orders.opens_s:
                staff[change.desk] = change.staff
        for name, desk in self.desks.items():
            desk.set_staff(staff[name])

    def _at(self, time_s: float, do: Callable[[], None]) -> None:
        """Have something done at a time; asked for at the start, it comes before what families do.

        SimPy takes events of one instant in the order in which they were scheduled.
        """
        due = self._env.timeout(max(0.0, time_s - self._env.now))
        due.callbacks.append(lambda _: do())

    def _nothing_under_way(self) -> bool:
        """Whether nobody is served, walks or fills a card; some may wait for each other."""
        busy = sum(desk.busy for desk in self.desks.values())
        private = self.desks["private_desk"]
        held = self._held if not private.busy else 0
        return busy == held and not (self.parent_state == FILLING_FORM).any()

    def _draw_times(self, orders: ReunificationOrders, draws: ReunificationDraws) -> None:
        """Turn the numbers drawn into seconds and exceptions, one for each family."""
        self._arrive_s: list[float] = arrival_times_s(orders.arrivals, draws.arrive).tolist()
        self._greet_s: list[float] = orders.greet_s.ppf(draws.greet).tolist()
        self._form_s: list[float] = orders.form_s.ppf(draws.form).tolist()
        self._check_s: list[float] = orders.check_s.ppf(draws.check).tolist()
        self._there_s: list[float] = orders.walk_there.ppf(draws.walk).tolist()
        self._back_s: list[float] = orders.walk_back.ppf(draws.walk).tolist()
        self._hand_over_s: list[float] = orders.hand_over_s.ppf(draws.hand_over).tolist()
        self._record_s: list[float] = orders.record_s.ppf(draws.record).tolist()
        self._absence_s: list[float] = orders.absence_s.ppf(draws.absence).tolist()
        drawn = np.zeros(len(draws.exception), dtype=np.int8)
        private = np.zeros(len(drawn))
        resolved = np.ones(len(drawn), dtype=bool)
        below = 0.0
        for rule in orders.exceptions:
            met = (draws.exception >= below) & (draws.exception < below + rule.share)
            drawn[met] = EXCEPTIONS.index(rule.kind)
            private[met] = rule.desk_s.ppf(draws.private[met])
            resolved[met] = draws.resolved[met] < rule.resolved_share
            below += rule.share
        self._drawn: list[int] = drawn.tolist()
        self._private_s: list[float] = private.tolist()
        self._resolved: list[bool] = resolved.tolist()


def reunify(
    orders: ReunificationOrders,
    draws: ReunificationDraws,
    *,
    end_s: float = math.inf,
    record: bool = False,
) -> ReunificationTimes:
    """Run a reunification by itself until nothing more can happen, or until a time.

    Zero staff at a desk end no run: whoever waits there waits, and the result says so.

    Parameters
    ----------
    orders, draws
    end_s : float
        When to stop at the latest.
    record : bool
        Whether to log the length of each queue.
    """
    env = simpy.Environment()
    reunification = Reunification(env, orders, draws, record=record)
    if end_s < math.inf:
        env.run(until=end_s)
    else:
        env.run()
    return reunification.times()
