"""Buses that take parties of people to a site, trip after trip, as processes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import Event

Floats = NDArray[np.float64]
Steps = Generator[Event, Any, None]


class BusFleet:
    """Buses of one kind that load parties in the order in which they come to the kerb.

    A party boards whole. One that does not fit into what is left of a bus waits for the next one,
    and nobody overtakes it; one larger than a bus is split. People board one after the other, and
    alight so at the site. A bus leaves when it is full, when the next party does not fit, or when
    it has waited long enough for one that is not there. It returns while somebody may still come.

    Parameters
    ----------
    env : simpy.Environment
    kerb : simpy.Resource
        The loading places; fleets may share them.
    capacity : int
        People whom one bus takes.
    there_s : sequence of float
        When each bus is at the kerb for the first time, from now; inf never.
    ride_s : callable
        Seconds of one ride: of which bus, and which ride of it.
    board_s, alight_s : ndarray, shape (N,)
        Seconds for each person.
    waits_s : float
        How long a bus with people and free seats waits for another party.
    boards : callable
        Told of a party that may board now; returns those of it who are there, who do.
    arrives : callable
        Told of each person who has alighted.

    Attributes
    ----------
    trips : int
        Rides with people in them until now.
    peak : int
        The most people in one bus.

    Examples
    --------
    >>> env, there = simpy.Environment(), {}
    >>> fleet = BusFleet(
    ...     env, simpy.Resource(env, 1), capacity=2, there_s=[10.0], ride_s=lambda bus, ride: 100.0,
    ...     board_s=np.full(3, 5.0), alight_s=np.full(3, 1.0), waits_s=0.0,
    ...     boards=lambda people: people, arrives=lambda one: there.update({one: env.now}))
    >>> fleet.join([0, 1]), fleet.join([2]), fleet.nobody_else()
    (None, None, None)
    >>> env.run(); there, fleet.trips
    ({0: 121.0, 1: 122.0, 2: 328.0}, 2)
    """

    def __init__(
        self,
        env: simpy.Environment,
        kerb: simpy.Resource,
        *,
        capacity: int,
        there_s: Sequence[float],
        ride_s: Callable[[int, int], float],
        board_s: Floats,
        alight_s: Floats,
        waits_s: float,
        boards: Callable[[Sequence[int]], Sequence[int]],
        arrives: Callable[[int], None],
    ) -> None:
        self._env, self._kerb, self._capacity = env, kerb, capacity
        self._ride_s, self._board_s, self._alight_s = ride_s, board_s, alight_s
        self._waits_s, self._boards, self._arrives = waits_s, boards, arrives
        self._queue: deque[list[int]] = deque()
        self._more = env.event()
        self._closed = False
        self.trips = 0
        self.peak = 0
        for bus, time_s in enumerate(there_s):
            if time_s < math.inf:
                env.process(self._bus(bus, time_s))

    def join(self, party: Sequence[int]) -> None:
        """Let a party wait at the kerb from now on."""
        if party:
            self._queue.append([*party])
            self._wake()

    def nobody_else(self) -> None:
        """Say that no other party comes, so that buses need not wait for one."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        before, self._more = self._more, self._env.event()
        before.succeed()

    def _bus(self, bus: int, first_s: float) -> Steps:
        yield self._env.timeout(first_s)
        ride = 0
        while True:
            while not self._queue:
                if self._closed:
                    return
                yield self._more
            aboard: list[int] = []
            with self._kerb.request() as place:
                yield place
                yield from self._load(aboard)
            if not aboard:
                continue  # another bus has taken them
            self.trips += 1
            self.peak = max(self.peak, len(aboard))
            yield self._env.timeout(self._ride_s(bus, ride))
            for person in aboard:
                yield self._env.timeout(float(self._alight_s[person]))
                self._arrives(person)
            if self._closed and not self._queue:
                return
            yield self._env.timeout(self._ride_s(bus, ride + 1))
            ride += 2

    def _load(self, aboard: list[int]) -> Steps:
        """Take parties on board until the bus leaves; nobody where none is there any more."""
        while len(aboard) < self._capacity:
            if not self._queue:
                if self._closed or not aboard:
                    return
                more = self._more
                yield more | self._env.timeout(self._waits_s)
                if not more.triggered:
                    return
                continue
            free = self._capacity - len(aboard)
            if len(self._queue[0]) <= free:
                party = self._queue.popleft()
            elif not aboard:
                party, self._queue[0] = self._queue[0][:free], self._queue[0][free:]
            else:
                return
            party = [*self._boards(party)]
            aboard += party
            yield self._env.timeout(float(self._board_s[party].sum()))
