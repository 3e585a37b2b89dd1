"""People who walk together from place to place, and whom they pass on the way."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from sim.kernels.arrays import IN_PLACE, NOT_STARTED
from sim.movement import routes_of
from sim.protocols.run import ProtocolRun

Floats = NDArray[np.float64]


def walk_together(
    run: ProtocolRun, people: Sequence[int], slot: int
) -> Generator[Event, Any, tuple[bool, float]]:
    """Let people walk to a standing place; ends when each of them is there, or finds no way.

    Returns
    -------
    bool
        Whether all are there.
    float
        When the first one got there; inf if nobody did.
    """
    place = run.place_at(slot)
    inside_m = np.array([_metres_within(run, person, slot) for person in people])
    stopped = run.incident.event()
    missing, first_s = set(people), np.inf

    def stop(person: int) -> None:
        nonlocal first_s
        if run.has_arrived(person, place):
            first_s = min(first_s, float(run.incident.now))
        missing.discard(person)
        if not missing:
            stopped.succeed()

    run.go(people, place, inside_m)
    for person in people:
        run.then(person, partial(stop, person))
    yield stopped
    return all(run.has_arrived(person, place) for person in people), float(first_s)


def stands_on(run: ProtocolRun, person: int) -> int:
    """Return the standing place on which somebody stands; -1 outdoors and on the way."""
    status = run.movement.of_person(person, "status")
    if status == NOT_STARTED:
        return int(run.slots_of(np.array([person]))[0])
    return run.slot_at(int(run.movement.of_person(person, "place"))) if status == IN_PLACE else -1


def metres_to_slots(run: ProtocolRun, person: int, slots: Sequence[int]) -> Floats:
    """Return the walking metres from somebody to each standing place, as on any day; inf: no way.

    Within a cell it is the straight line.
    """
    metres = run.metres_to_places(person, [run.place_at(slot) for slot in slots])
    cell = int(run.movement.of_person(person, "cell"))
    for i, slot in enumerate(slots):
        if int(run.compiled.slot_cell[slot]) == cell:
            metres[i] = _metres_within(run, person, slot)
    return metres


def _metres_within(run: ProtocolRun, person: int, slot: int) -> float:
    """Return the straight line from somebody to a standing place of their cell; else 0."""
    here, compiled = stands_on(run, person), run.compiled
    if here < 0 or compiled.slot_cell[here] != compiled.slot_cell[slot]:
        return 0.0
    xy = compiled.slot_xy.reshape(-1, 2)
    return float(np.hypot(*(xy[here] - xy[slot])))


def slots_to_go_on_from(
    run: ProtocolRun, door_slots: Mapping[int, tuple[int, ...]]
) -> dict[int, tuple[int, ...]]:
    """Return, of the standing places before the doors of each room, those that are no trap.

    From some places before a door, such as the outer part of an entrance whose inner door is
    locked, there is no way on to other rooms. Of each room the places are kept from which most
    places before doors can be reached, as on any day.
    """
    network, key = run.movement.network, "door slots to go on from"
    if key not in network.cache:
        slots = sorted({slot for own in door_slots.values() for slot in own})
        rows = [
            int(network.first_row[run.row_of(run.place_at(slot), level_only=False)])
            for slot in slots
        ]
        arrays = network.arrays
        potential = routes_of(network, run.movement.kernel)[0].reshape(-1, 2 * arrays.n_gates)
        reach = {}
        for slot in slots:
            cell = int(run.compiled.slot_cell[slot])
            first, n = (int(arrays.cells[name][cell]) for name in ("first_side", "n_sides"))
            sides = arrays.cell_sides[first : first + n]
            reach[slot] = int(np.isfinite(potential[np.ix_(rows, sides)]).any(axis=1).sum())
        network.cache[key] = {
            space: tuple(s for s in own if reach[s] == max(reach[other] for other in own))
            for space, own in door_slots.items()
        }
    kept: dict[int, tuple[int, ...]] = network.cache[key]
    return kept


def cells_on_way(run: ProtocolRun, person: int, slot: int) -> list[int]:
    """Return the cells on the shortest way from somebody to a standing place, both ends included.

    It is the way of any day: doors that have changed since the start do not count.
    """
    movement, arrays = run.movement, run.movement.network.arrays
    network = movement.network
    cell, goal = int(movement.of_person(person, "cell")), int(run.compiled.slot_cell[slot])
    row = int(network.first_row[run.row_to(person, run.place_at(slot))])
    potential, next_side, _ = (
        table.reshape(-1, 2 * arrays.n_gates)[row] for table in routes_of(network, movement.kernel)
    )
    first, n = (int(arrays.cells[name][cell]) for name in ("first_side", "n_sides"))
    sides = arrays.cell_sides[first : first + n]
    here = stands_on(run, person)
    anchor = int(run.compiled.slot_start[here]) if here >= 0 else -1
    to_sides = arrays.walk_m[anchor : anchor + n] if anchor >= 0 else np.zeros(n)
    way = [cell]
    side = int(sides[np.argmin(to_sides + potential[sides])]) if n else -1
    while cell != goal and side >= 0 and np.isfinite(potential[side]):
        cell = int(arrays.sides["cell"][side ^ 1])
        way.append(cell)
        side = int(next_side[side ^ 1])
    return way
