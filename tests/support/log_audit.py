"""An audit of the event log: replay it, and hold it to what must be true at every instant."""

from __future__ import annotations

from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from sim import Events
from sim.kernels.arrays import (
    EVENT_NO_ROUTE,
    EVENT_PASS,
    EVENT_PLACE,
    EVENT_QUEUE,
    EVENT_START,
    EVENT_TURN,
    Network,
)

BEFORE: Final = {
    EVENT_START: {None},
    EVENT_QUEUE: {EVENT_START, EVENT_PASS, EVENT_TURN, EVENT_NO_ROUTE, EVENT_QUEUE},
    EVENT_PASS: {EVENT_START, EVENT_PASS, EVENT_TURN, EVENT_NO_ROUTE, EVENT_QUEUE},
    EVENT_PLACE: {EVENT_START, EVENT_PASS, EVENT_TURN},
    EVENT_NO_ROUTE: {EVENT_START, EVENT_PASS, EVENT_TURN, EVENT_NO_ROUTE, EVENT_QUEUE},
    EVENT_TURN: {EVENT_START, EVENT_PASS, EVENT_TURN, EVENT_NO_ROUTE, EVENT_QUEUE},
}
"""Kinds of event that a person's last one may have been, for each kind of the next."""
ROUNDING_S: Final = 1e-9


def audit_log(
    building: CompiledPlan, network: Network, start_cell: NDArray[np.int64], events: Events
) -> None:
    """Replay a log of people of size 1: nobody is lost, jumps, goes back in time or has no place.

    Raises
    ------
    AssertionError
        If somebody passes a gate of another cell, does things out of order, or a cell holds more
        than its capacity at the end of any instant.
    """
    assert (np.diff(events.time_s) >= 0).all(), "time runs backwards"
    where = start_cell.copy()
    inside = np.bincount(where, minlength=building.n_cells)
    capacity = network.cells["capacity"][: building.n_cells]
    last: list[int | None] = [None] * len(where)
    waits_at = np.full(len(where), -1)
    log = zip(
        *(getattr(events, name).tolist() for name in ("time_s", "kind", "person", "subject")),
        strict=True,
    )
    for time_s, instant in groupby(log, key=lambda event: event[0]):
        for _, kind, person, subject in instant:
            assert last[person] in BEFORE[kind], f"person {person}: {kind} after {last[person]}"
            if kind in (EVENT_QUEUE, EVENT_PASS):
                assert where[person] == building.side_cell[subject], f"person {person} is elsewhere"
            elif kind in (EVENT_START, EVENT_NO_ROUTE):
                assert where[person] == subject, f"person {person} is elsewhere"
            if kind == EVENT_PASS:
                assert waits_at[person] in (-1, subject, subject ^ 1), "leaves another queue"
                inside[where[person]] -= 1
                where[person] = building.side_cell[subject ^ 1]
                inside[where[person]] += 1
            waits_at[person] = subject if kind == EVENT_QUEUE else -1
            last[person] = kind
        assert inside.min() >= 0
        assert (inside <= capacity).all(), f"a cell holds too many at {time_s} s"
        assert inside.sum() == len(where), "somebody is lost"


def audit_gates(network: Network, events: Events, size: NDArray[np.int64] | None = None) -> None:
    """Check that no gate passes more than 1 + C t people in any window t, both ways together.

    Two who change places pass at one instant, and the gate then rests for both: the second counts
    as passing one headway later. Somebody of size n counts as n, one after the other.

    Raises
    ------
    AssertionError
        If a window of any gate holds more.
    """
    passes = events.kind == EVENT_PASS
    side, time_s, person = (
        getattr(events, name)[passes] for name in ("subject", "time_s", "person")
    )
    places = np.ones(len(side)) if size is None else size[person].astype(np.float64)
    headway_s = network.gates["headway_s"]
    for gate in np.unique(side >> 1):
        own = np.flatnonzero(side >> 1 == gate)
        counted_s = time_s[own].copy()
        together = np.flatnonzero(np.diff(counted_s) == 0.0)
        opposed = side[own[together]] != side[own[together + 1]]
        assert opposed.all(), f"gate {gate}: two pass the same way at one instant"
        assert (np.diff(together) > 1).all(), f"gate {gate}: three pass at one instant"
        counted_s[together + 1] += headway_s[gate] * places[own[together]]
        assert excess(counted_s, places[own], headway_s[gate]) <= ROUNDING_S, f"gate {gate}"


def audit_queues(events: Events) -> None:
    """Check that every queue is first come, first served, and that nobody passes while others wait.

    Whoever turns away leaves the queue. For people who do not wait at closed doors: those let
    others past.

    Raises
    ------
    AssertionError
        If somebody passes before another who came to the same side earlier and still waits there.
    """
    queues: dict[int, list[int]] = {}
    waits_at: dict[int, int] = {}
    for kind, person, side in zip(
        events.kind.tolist(), events.person.tolist(), events.subject.tolist(), strict=True
    ):
        own = queues.setdefault(waits_at.pop(person, -1), [])
        if kind == EVENT_QUEUE:
            queues.setdefault(side, []).append(person)
            waits_at[person] = side
        elif kind == EVENT_PASS:
            line = queues.get(side, [])
            assert not line or line[0] == person, f"person {person} passes {side} out of turn"
        if person in own and kind != EVENT_QUEUE:
            own.remove(person)


def excess(time_s: NDArray[np.float64], places: NDArray[np.float64], headway_s: float) -> float:
    """Return by how many seconds the worst window is too short for those who pass in it.

    From the i-th to the j-th who pass a gate, all but the j-th have taken up their headways: the
    largest ``headway * places[i:j].sum() - (time[j] - time[i])`` over all i <= j.

    Examples
    --------
    >>> excess(np.array([0.0, 2.0, 4.0]), np.ones(3), 2.0)
    0.0
    >>> excess(np.array([0.0, 2.0, 3.0]), np.ones(3), 2.0)
    1.0
    """
    taken_s = headway_s * np.concatenate(([0.0], np.cumsum(places)[:-1]))
    slack_s = taken_s - time_s  # a window from i to j is too short by slack[j] - slack[i]
    return float((slack_s - np.minimum.accumulate(slack_s)).max(initial=0.0))
