"""Reunite: students who are at the site are handed over to their families, within the incident."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.protocols.custody import REFERRED, RELEASED
from sim.protocols.reunification import Reunification
from sim.protocols.reunification_orders import reunification_draws
from sim.protocols.run import ProtocolRun
from sim.protocols.states import PersonState

Ints = NDArray[np.int64]


class Reunion:
    """A reunification that runs in an incident, from the moment it is made.

    Parameters
    ----------
    run : ProtocolRun
    """

    def __init__(self, run: ProtocolRun) -> None:
        if run.orders.reunion is None:
            raise ValueError("a reunification needs to be planned")
        self._run, self._said = run, run.orders.reunion
        self._number = {person: n for n, person in enumerate(self._said.students.tolist())}
        draws = reunification_draws(run.draws.seed, run.draws.replica, self._said.family_keys)
        self.reunification = Reunification(
            run.incident, self._said.orders, draws, settled=self._settled
        )
        for person in self._said.students.tolist():
            if np.isfinite(run.away.relocating_s[person]):
                self.reunification.student_leaves(self._number[person])
            if run.people.state[person] == PersonState.AT_SITE:
                self.reunification.student_at_site(self._number[person])

    def leaves(self, people: Ints) -> None:
        """Note that people are on their way to the site from now on."""
        for person in people.tolist():
            if person in self._number:
                self.reunification.student_leaves(self._number[person])

    def arrives(self, people: Ints) -> None:
        """Note that people have come to the site; whoever was referred before is so from now on."""
        for person in people.tolist():
            if person not in self._number:
                continue
            number = self._number[person]
            if self.reunification.custody.state[number] == REFERRED:
                self._enter(person, PersonState.REFERRED)
            else:
                self.reunification.student_at_site(number)

    def _settled(self, students: Sequence[int], state: int) -> None:
        for number in students:
            person = int(self._said.students[number])
            if self._run.people.state[person] == PersonState.AT_SITE:
                released = state == RELEASED
                self._enter(person, PersonState.HANDED_OVER if released else PersonState.REFERRED)

    def _enter(self, person: int, state: PersonState) -> None:
        run = self._run
        run.people.enter(person, state)
        away = run.away
        times = away.handed_over_s if state == PersonState.HANDED_OVER else away.referred_s
        times[person] = float(run.incident.now)


def leaves_campus(run: ProtocolRun, people: Ints) -> None:
    """Note that people are on their way to the site from now on."""
    run.people.enter_all(people, PersonState.RELOCATING)
    run.away.relocating_s[people] = float(run.incident.now)
    if run.away.reunion is not None:
        run.away.reunion.leaves(people)


def arrives_at_site(run: ProtocolRun, people: Ints) -> None:
    """Note that people are at the site of the reunification from now on."""
    run.people.enter_all(people, PersonState.AT_SITE)
    run.away.at_site_s[people] = float(run.incident.now)
    if run.away.reunion is not None:
        run.away.reunion.arrives(people)
