"""SimPy conducts what decides; the kernel walks whoever walks, between any two SimPy events."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.movement import Movement


class Incident(simpy.Environment):
    """A SimPy environment in which people move.

    Before each SimPy event the movement kernel runs up to the time of that event. When something
    watched happens on the way, the kernel stops there and the SimPy event that waits for it is
    triggered at that time. At equal times movement comes before decisions.

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

    def step(self) -> None:
        """Process the next event, of whichever clock comes first."""
        happened = self.movement.advance(self.peek())
        if not happened:
            super().step()
            return
        self._now = self.movement.now_s
        for what in happened:
            event = self._waiting.pop(what, None)
            if event is not None:
                event.succeed()

    def release(self, people: Sequence[int] | NDArray[np.int64]) -> None:
        """Let people set off now."""
        self.movement.release(people, np.full(len(people), self.now))

    def release_at(self, people: NDArray[np.int64], times_s: NDArray[np.float64]) -> None:
        """Let people set off at times of their own."""
        self.movement.release(people, times_s)

    def gathered(self, group: int) -> simpy.Event:
        """Return the event that the last member of a class has reached its place."""
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

    def close(self, gate: int) -> None:
        """Close a gate now."""
        self.movement.set_gate(gate, is_open=False)

    def open(self, gate: int) -> None:
        """Open a gate now."""
        self.movement.set_gate(gate, is_open=True)
