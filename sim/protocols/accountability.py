"""Everybody accounted for: classes call their rolls, a post collects, the missing are found."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import Event

from sim.protocols.accountability_orders import (
    WHEREABOUTS,
    WITH_ANOTHER_CLASS,
    WITH_OWN_CLASS,
    AccountabilityDraws,
    AccountabilityOrders,
    AccountabilityTimes,
)
from sim.protocols.desk import Desk
from sim.protocols.roll_call import RollCall, call_the_roll


class CommandPost:
    """Where reports come in, and from where missing people are looked for.

    A report is noted by a recorder. For everybody whom it calls missing, a searcher first asks the
    class again, then looks where people may be. Whoever another class reports as extra is known to
    be there from the moment that report is noted, whether missing or not.

    Parameters
    ----------
    env : simpy.Environment
    orders : AccountabilityOrders
    draws : AccountabilityDraws
    at_place_s : ndarray, shape (N,)
        When each person stands with the own class; may change while this runs.

    Attributes
    ----------
    all_accounted : simpy.Event
        Happens when every class has reported and every missing person is resolved.
    """

    def __init__(
        self,
        env: simpy.Environment,
        orders: AccountabilityOrders,
        draws: AccountabilityDraws,
        at_place_s: NDArray[np.float64],
    ) -> None:
        n, k = len(orders.group), len(orders.roll_from_s)
        self._env, self._at_place_s = env, at_place_s
        self._record_s = orders.record_s.ppf(draws.class_record)
        self._recheck_s = orders.recheck_s.ppf(draws.person_recheck)
        self._search_s = np.zeros(n)
        for code, name in enumerate(WHEREABOUTS[1:], start=1):
            there = orders.whereabouts == code
            self._search_s[there] = orders.search_s[name].ppf(draws.person_search[there])
        self._whereabouts = orders.whereabouts
        self.recorders = Desk(env, "recorders", orders.recorders)
        self.searchers = Desk(env, "searchers", orders.searchers)
        self.reported_s = np.full(k, math.inf)
        self.missing_s, self.resolved_s, self.known_s = (np.full(n, math.inf) for _ in range(3))
        self.resolved_as = np.full(n, -1, dtype=np.int8)
        self.all_accounted = env.event()
        self.all_accounted_s = math.inf
        if not k:
            self._settle()

    def receive(self, report: RollCall) -> Generator[Event, Any, None]:
        """Note one report, and have the missing looked for."""
        yield from self.recorders.serve(float(self._record_s[report.group]))
        now = float(self._env.now)
        self.reported_s[report.group] = now
        for person in report.extras.tolist():
            self.known_s[person] = min(self.known_s[person], now)
            if math.isfinite(self.missing_s[person]):
                self._resolve(person, WITH_ANOTHER_CLASS)
        for person in report.missing.tolist():
            self.missing_s[person] = now
            if math.isfinite(self.known_s[person]):
                self._resolve(person, WITH_ANOTHER_CLASS)
            else:
                self._env.process(self._look_for(person))
        self._settle()

    def _look_for(self, person: int) -> Generator[Event, Any, None]:
        yield from self.searchers.take()
        if not math.isfinite(self.resolved_s[person]):
            yield self._env.timeout(float(self._recheck_s[person]))
            found = WITH_OWN_CLASS
            if self._at_place_s[person] > self._env.now:
                found = int(self._whereabouts[person])
                yield self._env.timeout(float(self._search_s[person]))
            self._resolve(person, found)
        self.searchers.leave()
        self._settle()

    def _resolve(self, person: int, found: int) -> None:
        if not math.isfinite(self.resolved_s[person]):
            self.resolved_s[person] = float(self._env.now)
            self.resolved_as[person] = found
            self.known_s[person] = min(self.known_s[person], float(self._env.now))

    def _settle(self) -> None:
        missing = np.isfinite(self.missing_s)
        done = np.isfinite(self.reported_s).all() and np.isfinite(self.resolved_s[missing]).all()
        if done and not self.all_accounted.triggered:
            self.all_accounted_s = float(self._env.now)
            self.all_accounted.succeed()


class Accountability:
    """Roll calls and command post in a SimPy environment; it begins when it is made.

    Parameters
    ----------
    env : simpy.Environment
        Times of the orders count from its start.
    orders : AccountabilityOrders
    draws : AccountabilityDraws

    Attributes
    ----------
    post : CommandPost

    Raises
    ------
    ValueError
        If the draws are not for as many people and classes.
    """

    def __init__(
        self, env: simpy.Environment, orders: AccountabilityOrders, draws: AccountabilityDraws
    ) -> None:
        n, k = len(orders.group), len(orders.roll_from_s)
        if len(draws.person_counted) != n or len(draws.class_roll) != k:
            raise ValueError(f"expected draws for {n} people and {k} classes")
        self._env, self._orders, self._draws = env, orders, draws
        self._at_place_s = orders.at_place_s.astype(np.float64)
        self.post = CommandPost(env, orders, draws, self._at_place_s)
        self._roll_s = orders.roll_call_s.ppf(draws.class_roll)
        self._report_s = orders.report_s.ppf(draws.class_report)
        self._begun = [False] * k
        self.reported = [env.event() for _ in range(k)]
        self._rolls: list[RollCall | None] = [None] * k
        self._begun_s = np.full(k, math.inf)
        for group, from_s in enumerate(orders.roll_from_s.tolist()):
            if from_s < math.inf:
                env.process(self._begin_at(group, from_s))

    def at_place(self, person: int) -> None:
        """Note that somebody stands with the own class from now on, if not before."""
        self._at_place_s[person] = min(self._at_place_s[person], float(self._env.now))

    def begin(self, group: int) -> None:
        """Let a class call its roll now; each does so once."""
        if not self._begun[group]:
            self._begun[group] = True
            self._env.process(self._class(group))

    def _begin_at(self, group: int, from_s: float) -> Generator[Event, Any, None]:
        yield self._env.timeout(max(0.0, from_s - self._env.now))
        self.begin(group)

    def _class(self, group: int) -> Generator[Event, Any, None]:
        """Call the roll of one class and bring the report to the post."""
        orders, draws = self._orders, self._draws
        members = np.flatnonzero(orders.group == group)
        others = np.flatnonzero(orders.stands_with == group)
        self._begun_s[group] = self._env.now

        def present(people: NDArray[np.int64], times_s: NDArray[np.float64]) -> NDArray[np.bool_]:
            with_own = self._at_place_s[people] <= times_s
            return np.where(orders.group[people] == group, with_own, ~with_own)

        roll = yield from call_the_roll(
            self._env,
            group,
            members,
            present,
            takes_s=float(self._roll_s[group]),
            errors=orders.errors,
            uniforms=draws.person_counted[members],
            others=others,
            others_uniforms=draws.person_noticed[others],
        )
        self._rolls[group] = roll
        yield self._env.timeout(float(self._report_s[group]))
        yield from self.post.receive(roll)
        self.reported[group].succeed()

    def times(self) -> AccountabilityTimes:
        """Return what has happened until now."""
        orders, post = self._orders, self.post
        n, k = len(orders.group), len(orders.roll_from_s)
        there, counted, extra = (np.zeros(n, dtype=bool) for _ in range(3))
        ended_s = np.full(k, math.inf)
        for roll in self._rolls:
            if roll is not None:
                ended_s[roll.group] = roll.ended_s
                there[roll.members], counted[roll.members] = roll.there, roll.counted
                extra[roll.extras] = True
        said_s = post.all_accounted_s
        true_from_s = np.minimum(np.minimum(self._at_place_s, orders.surfaces_s), post.known_s)
        hidden = counted & ~there & (true_from_s > said_s)
        false_for_s = float(true_from_s[hidden].max() - said_s) if hidden.any() else 0.0
        return AccountabilityTimes(
            end_s=float(self._env.now),
            roll_begun_s=self._begun_s.copy(),
            roll_ended_s=ended_s,
            reported_s=post.reported_s.copy(),
            there=there,
            counted=counted,
            extra=extra,
            missing_s=post.missing_s.copy(),
            resolved_s=post.resolved_s.copy(),
            resolved_as=post.resolved_as.copy(),
            all_accounted_s=said_s,
            hidden=np.flatnonzero(hidden),
            false_for_s=false_for_s,
            recorders=post.recorders.staff,
            searchers=post.searchers.staff,
        )


def account_for_all(
    orders: AccountabilityOrders, draws: AccountabilityDraws, *, end_s: float = math.inf
) -> AccountabilityTimes:
    """Run the roll calls and the command post by themselves, until nothing more can happen.

    Parameters
    ----------
    orders, draws
    end_s : float
        When to stop at the latest.
    """
    env = simpy.Environment()
    accountability = Accountability(env, orders, draws)
    if end_s < math.inf:
        env.run(until=end_s)
    else:
        env.run()
    return accountability.times()
