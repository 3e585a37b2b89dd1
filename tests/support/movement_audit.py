"""An audit of people on the move: whoever is anywhere is counted there, once."""

from __future__ import annotations

import numpy as np

from sim.kernels.arrays import (
    IN_PLACE,
    JOINED,
    NO_ROUTE,
    NOT_STARTED,
    OUT,
    QUEUEING,
    RIDING,
    WALKING,
)
from sim.movement import Movement


def audit(movement: Movement, *, capacities: bool = True) -> None:
    """Check every account of a run against the people themselves, at whatever instant it stands.

    Parameters
    ----------
    movement : Movement
    capacities : bool
        Whether no cell may hold more than it can. Where people of different sizes change places, or
        people set off again from a marked place, it may for a while.

    Raises
    ------
    AssertionError
        If somebody is counted twice, or nowhere; or a cell holds more than it can.
    """
    person, side, cell = movement.person, movement.side, movement.cell
    facts = movement.network.arrays.cells
    n_cells = movement.network.arrays.n_cells
    n_sides = len(movement.network.arrays.sides)
    status, where, size = person("status"), person("cell"), person("size")
    known = (NOT_STARTED, WALKING, QUEUEING, NO_ROUTE, IN_PLACE, OUT, JOINED, RIDING)
    assert np.isin(status, known).all(), "somebody is in no state"
    alone = status != JOINED  # the places of those who go with somebody are counted with them
    taken = np.bincount(where[alone], weights=size[alone], minlength=n_cells + 1)
    np.testing.assert_array_equal(cell("occupants")[:n_cells], taken[:n_cells], "places taken")
    aside = np.bincount(where, weights=np.where(status == IN_PLACE, size, 0), minlength=n_cells + 1)
    np.testing.assert_array_equal(cell("aside")[:n_cells], aside[:n_cells], "places aside")
    if capacities:
        over = np.flatnonzero((taken - aside)[:n_cells] > facts["capacity"][:n_cells])
        assert len(over) == 0, f"cells {over} hold too many"
    headed = np.isin(status, (WALKING, QUEUEING)) & (person("side") >= 0)
    bound = np.bincount(person("side")[headed], minlength=n_sides)
    np.testing.assert_array_equal(side("bound"), bound, "people bound for a side")
    queueing = status == QUEUEING
    waiting = np.bincount(person("side")[queueing], minlength=n_sides)
    np.testing.assert_array_equal(side("waiting"), waiting, "people waiting at a side")
    side_cell = movement.network.arrays.sides["cell"]
    assert (side_cell[person("side")[headed]] == where[headed]).all(), "bound from elsewhere"
    outside = n_cells - 1
    np.testing.assert_array_equal(
        np.isfinite(person("out_s")), (where == outside) & (status != NOT_STARTED), "out, or not"
    )
    blocked = side("blocked") == 1
    beyond = side_cell[np.arange(n_sides) ^ 1]
    held_up = np.bincount(beyond[blocked], minlength=n_cells + 1)[:n_cells]
    np.testing.assert_array_equal(cell("blocked_into")[:n_cells], held_up, "sides held up")
    assert (side("waiting")[blocked] > 0).all(), "nobody is held up"
    now = movement.now_s
    for name in ("started_s", "left_room_s", "out_s", "placed_s"):
        times = person(name)
        assert (times[np.isfinite(times)] <= now).all(), f"{name} lies ahead"
