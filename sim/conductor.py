"""SimPy conducts what decides; the kernel walks whoever walks, between any two SimPy events."""

from __future__ import annotations

from collections.abc import Sequence

import simpy

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
        self._moved_to = -1.0

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

    def release(self, people: Sequence[int]) -> None:
        """Let people set off now."""
        self.movement.release(people, [float(self.now)] * len(people))

    def release_at(self, people: Sequence[int], times_s: Sequence[float]) -> None:
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
        self._change_gate(gate, is_open=False)

    def open(self, gate: int) -> None:
        """Open a gate now."""
        self._change_gate(gate, is_open=True)

    def _change_gate(self, gate: int, *, is_open: bool) -> None:
        self.movement.advance(self.now)  # the kernel is here already, unless nothing ran before
        self.movement.set_gate(gate, is_open=is_open)
