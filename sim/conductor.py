"""SimPy conducts what decides; the kernel walks whoever walks, between any two SimPy events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import simpy
from simpy.events import URGENT

from sim.movement import Movement


class Incident(simpy.Environment):
    """A SimPy environment in which people move.

    Before the first SimPy event of an instant the movement kernel runs up to that instant. When
    something watched happens on the way, the kernel stops there and the SimPy event that waits for
    it is triggered at that time. So at equal times movement comes before decisions, and decisions
    taken at one instant come before the first steps that they cause.

    Parameters
    ----------
    movement : Movement
        The people and the building.

    Examples
    --------
    A process reads like the procedure: ``yield incident.timeout(30)``, then
    ``incident.release(people)``, then ``yield incident.gathered(group)``.
    """

    def __init__(self, movement: Movement) -> None:
        super().__init__()
        self.movement = movement
        self._waiting: dict[tuple[str, int], simpy.Event] = {}
        self._when_stopped: dict[int, Callable[[], None]] = {}
        self._moved_to = -1.0
        self._passes: dict[int, tuple[bool, bool]] = {}
        self._held_shut: Counter[int] = Counter()

    def step(self) -> None:
        """Process the next event, of whichever clock comes first."""
        until = self.peek()
        happened = self.movement.advance(until) if until > self._moved_to else []
        if not happened:
            self._moved_to = until
            super().step()
            return
        self._now = self._moved_to = self.movement.now_s
        for what in happened:
            event = self._waiting.pop(what, None)
            if event is not None:
                event.succeed()
            if what[0] == "person" and what[1] in self._when_stopped:
                self._when_stopped.pop(what[1])()

    def release(self, people: Sequence[int]) -> None:
        """Let people set off now."""
        self.movement.release(people, [float(self.now)] * len(people))

    def release_at(self, people: Sequence[int], times_s: Sequence[float]) -> None:
        """Let people set off at times of their own."""
        self.movement.release(people, times_s)

    def gathered(self, group: int) -> simpy.Event:
        """Return the event that the last member of a group has reached its place."""
        if self.movement.missing_from(group) == 0:
            return self.event().succeed()
        self.movement.watch_groups([group])
        return self._waiting.setdefault(("group", group), self.event())

    def emptied(self, cell: int) -> simpy.Event:
        """Return the event that the last person leaves a cell."""
        self.movement.watch_cell(cell)
        return self._waiting.setdefault(("cell", cell), self.event())

    def arrived(self, person: int) -> simpy.Event:
        """Return the event that a person reaches a place."""
        self.movement.watch_person(person)
        return self._waiting.setdefault(("person", person), self.event())

    def when_stopped(self, person: int, do: Callable[[], None]) -> None:
        """Have something done once, as soon as a person reaches a place or finds no way to it."""
        self.movement.watch_person(person, or_no_way=True)
        self._when_stopped[person] = do

    def at(self, time_s: float, do: Callable[[], None]) -> None:
        """Have something done at a time, before anything else that is decided at that instant.

        What is asked for first is done first.
        """
        event = _Order(self, time_s - self.now)
        event.callbacks.append(lambda _: do())

    def set_gate(self, gate: int, *, passes: tuple[bool, bool]) -> None:
        """Let people pass a gate from its first side, and from its second, or not, from now on.

        A side that is held shut (`hold_shut`) opens only once nothing holds it any more.
        """
        self._passes[gate] = passes
        first, second = (not self._held_shut[2 * gate + side] for side in (0, 1))
        self.movement.set_gate(gate, passes=(passes[0] and first, passes[1] and second))

    def hold_shut(self, sides: Iterable[int]) -> None:
        """Let nobody pass from some sides of gates, whatever else is said of them, from now on.

        Whoever stands beside such a gate sees it, as when a door closes. A side may be held shut by
        several causes at once, each of which calls this once.
        """
        self._hold(sides, 1)

    def let_go(self, sides: Iterable[int]) -> None:
        """End what `hold_shut` began, once for each cause; gates are as was said of them."""
        self._hold(sides, -1)

    def _hold(self, sides: Iterable[int], change: int) -> None:
        own = list(sides)
        for gate in sorted({side >> 1 for side in own}):
            if gate not in self._passes:
                is_open = self.movement.side("is_open")
                self._passes[gate] = bool(is_open[2 * gate]), bool(is_open[2 * gate + 1])
        for side in own:
            self._held_shut[side] += change
        for gate in sorted({side >> 1 for side in own}):
            self.set_gate(gate, passes=self._passes[gate])

    def inform(self, people: Sequence[int], gate: int) -> None:
        """Tell people now whether they may pass a gate."""
        if len(people):
            self.movement.inform(people, gate)

    def send(self, people: Sequence[int], row: int, place: int | None = None) -> None:
        """Give people another goal now.

        Parameters
        ----------
        people : sequence of int
            None of them goes with somebody or is in a lift.
        row : int
            Routing row of the network.
        place : int, optional
            The place to stop at; by default the one that each of them has.
        """
        if len(people):
            places = self.movement.person("place")[np.asarray(people, dtype=np.int64)]
            if place is not None:
                places[:] = place
            self.movement.send(people, np.full(len(people), row), places)


class _Order(simpy.Event):
    """A time at which something is done that was settled beforehand."""

    def __init__(self, env: simpy.Environment, delay: float) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, priority=URGENT, delay=delay)
