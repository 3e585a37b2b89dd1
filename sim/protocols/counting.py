"""Roll calls of an evacuation: a class gathers, calls its roll, and the command post resolves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from sim.keyed_draws import entity_keys
from sim.protocols.accountability import Accountability
from sim.protocols.accountability_orders import (
    AccountabilityOrders,
    AccountabilityTimes,
    accountability_draws,
)
from sim.protocols.leaving import assembled, outside_since
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import PERSON_ASSEMBLED, PersonState

Ints = NDArray[np.int64]


class Counting:
    """The roll calls of one run, for everybody who belongs to a class.

    Parameters
    ----------
    run : ProtocolRun
    orders : AccountabilityOrders
        For the people who belong to a class, in order of the roster.
    gather_s : float
        How long a class waits for the others once whoever calls its roll is there.
    seed, replica : int
    """

    def __init__(
        self,
        run: ProtocolRun,
        orders: AccountabilityOrders,
        gather_s: float,
        *,
        seed: int,
        replica: int,
    ) -> None:
        self._run, self._gather_s = run, gather_s
        self._caller_there: dict[int, Event] = {}
        people = np.flatnonzero(run.roster.group >= 0)
        self._row = np.full(run.roster.n_people, -1, dtype=np.int64)
        self._row[people] = np.arange(len(people))
        ids = [run.roster.person_ids[person] for person in people.tolist()]
        draws = accountability_draws(
            seed,
            replica,
            people=entity_keys(ids),
            classes=entity_keys(run.roster.groups.ids),
        )
        self._accountability = Accountability(run.incident, orders, draws)

    def arrives(self, person: int) -> None:
        """Note that somebody who left stands with their class, if they are outside."""
        if self._row[person] >= 0 and self._run.is_outside(np.array([person])).all():
            self._accountability.at_place(int(self._row[person]))
            there = self._caller_there.get(person)
            if there is not None and not there.triggered:
                there.succeed()

    def count(self, group: int) -> Procedure:
        """Call the roll of a class: once all are there, or some time after who calls it is."""
        incident = self._run.incident
        members = np.flatnonzero(self._run.roster.group == group)
        leader = int(self._run.roster.groups.leader[group])
        caller = leader if leader >= 0 else int(members[0])
        there = self._caller_there.setdefault(caller, incident.event())
        complete = incident.process(self._complete(group, members))
        yield complete | there
        if complete.is_alive:
            yield complete | incident.timeout(self._gather_s)
        self._accountability.begin(group)
        yield self._accountability.reported[group]
        assembled(self._run, members)
        self.account()
        if not self._run.away.counted[group].triggered:
            self._run.away.counted[group].succeed()

    def _complete(self, group: int, members: Ints) -> Procedure:
        """Wait until everybody of a class is outside."""
        run = self._run
        while True:
            out = run.is_outside(members)
            if out.all():
                break
            run.movement.muster(members[~out], group)
            yield run.incident.gathered(group)
        run.group_assembled_s[group] = float(run.incident.now)

    def account(self) -> None:
        """Give those who were counted, or found, the state of it, as of when the post knew."""
        run, times = self._run, self.times()
        people = np.flatnonzero(self._row >= 0)
        known_s = np.where(times.counted, times.reported_s[run.roster.group[people]], np.inf)
        known_s = np.minimum(known_s, times.resolved_s)
        since = np.maximum(known_s, outside_since(run, people))
        there = (run.people.state[people] == PERSON_ASSEMBLED) & np.isfinite(since)
        run.people.enter_each(people[there], PersonState.ACCOUNTED, since[there])

    def times(self) -> AccountabilityTimes:
        """Return what has happened until now."""
        return self._accountability.times()
