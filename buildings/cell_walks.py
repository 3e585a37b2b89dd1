"""Walking distances inside one cell: level floor, a ramp's slope, a stair flight's incline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from buildings.compiled import HOP_DOWN, HOP_LEVEL, HOP_UP, Floats, Ints
from buildings.plan import RampFacts, StairFacts
from buildings.walking_distance import WalkingFloor


class CellWalks:
    """Ways between the sides of a cell, and to them from any point of it.

    Every way ends in the middle of the gate, so the step through a wall counts half in the room on
    this side and half in the one beyond.

    Parameters
    ----------
    floor : WalkingFloor
        The cell's polygon.
    side_xy : array_like, shape (k, 2)
        Where ways end on the edge of the cell.
    gate_xy : array_like, shape (k, 2)
        The points of the gates that ways pass.
    ramp : RampFacts, optional
        Of a ramp: ways along it are longer by its slope; with two gates, the way between them is
        ``sqrt(rise^2 + run^2)``.
    """

    def __init__(
        self,
        floor: WalkingFloor,
        side_xy: ArrayLike,
        gate_xy: ArrayLike,
        *,
        ramp: RampFacts | None = None,
    ) -> None:
        self.floor = floor
        self.side_xy = np.asarray(side_xy, dtype=np.float64).reshape(-1, 2)
        apart = np.asarray(gate_xy, dtype=np.float64).reshape(-1, 2) - self.side_xy
        self.wall_m = np.hypot(apart[:, 0], apart[:, 1])
        self.ramp = ramp
        self.slope = 1.0 if ramp is None else math.hypot(ramp.rise_m, ramp.run_m) / ramp.run_m

    @cached_property
    def hops_m(self) -> Floats:
        """Metres from side to side, shape (k, k): symmetric, zero on the diagonal."""
        k = len(self.side_xy)
        walks = self.floor.distances(self.side_xy, self.side_xy) * self.slope
        walks = (walks + walks.T) / 2
        if self.ramp is not None and k == 2:
            walks[:] = math.hypot(self.ramp.rise_m, self.ramp.run_m)
        walks = walks + self.wall_m[:, None] + self.wall_m[None, :]
        np.fill_diagonal(walks, 0.0)
        return walks

    @property
    def hop_kinds(self) -> Ints:
        """``HOP_*`` from side to side, shape (k, k)."""
        k = len(self.side_xy)
        return np.full((k, k), HOP_LEVEL, dtype=np.int64)

    def from_points(self, xy: ArrayLike) -> Floats:
        """Return metres from points, shape (n, 2), to every side, shape (n, k)."""
        return self.floor.distances(xy, self.side_xy) * self.slope + self.wall_m[None, :]

    def path(self, start_xy: ArrayLike, end_xy: ArrayLike) -> Floats:
        """Return the way between two points of the cell as a polyline in plan, shape (n, 2)."""
        return self.floor.path(start_xy, end_xy)


class FlightWalks(CellWalks):
    """Ways on a stair flight: its length on the incline between foot and head, up and down apart.

    Parameters
    ----------
    floor, side_xy, gate_xy
        As for `CellWalks`.
    stair : StairFacts
        Steps and bearing of ascent.
    at_head : sequence of bool
        For each side whether it lies at the head of the flight.
    """

    def __init__(
        self,
        floor: WalkingFloor,
        side_xy: ArrayLike,
        gate_xy: ArrayLike,
        *,
        stair: StairFacts,
        at_head: Sequence[bool],
    ) -> None:
        super().__init__(floor, side_xy, gate_xy)
        self.stair = stair
        self.at_head = np.array(at_head, dtype=bool)

    @cached_property
    def hops_m(self) -> Floats:
        """Metres from side to side: the incline between the ends, the straight line at one end."""
        level = super().hops_m
        climbs = self.at_head[:, None] != self.at_head[None, :]
        return np.where(climbs, self.stair.incline_m, level)

    @property
    def hop_kinds(self) -> Ints:
        """``HOP_UP`` from a foot to a head, ``HOP_DOWN`` the other way, else ``HOP_LEVEL``."""
        head = self.at_head
        kinds = np.where(head[None, :] & ~head[:, None], HOP_UP, HOP_LEVEL)
        return np.where(~head[None, :] & head[:, None], HOP_DOWN, kinds).astype(np.int64)

    def from_points(self, xy: ArrayLike) -> Floats:
        """Return metres from points on the flight to its sides: their share of the incline."""
        share = climb_share(self.floor, self.stair.up_deg, xy)
        to_head = np.where(self.at_head[None, :], 1.0 - share[:, None], share[:, None])
        return to_head * self.stair.incline_m


def climb_share(floor: WalkingFloor, up_deg: float, xy: ArrayLike) -> Floats:
    """Return how far up a flight points lie, 0 at its foot and 1 at its head, shape (n,).

    ``up_deg`` is the bearing of ascent, clockwise from +y.

    Examples
    --------
    >>> flight = WalkingFloor(shapely.box(0, 0, 4, 1.2))
    >>> climb_share(flight, 90.0, [(0, 0.6), (3, 0.6), (5, 0.6)]).tolist()
    [0.0, 0.75, 1.0]
    """
    bearing = math.radians(up_deg)
    up = np.array([math.sin(bearing), math.cos(bearing)])
    corners: NDArray[np.float64] = shapely.get_coordinates(floor.polygon) @ up
    low, high = corners.min(), corners.max()
    points = np.asarray(xy, dtype=np.float64).reshape(-1, 2) @ up
    share = (points - low) / max(float(high - low), 1e-9)
    return np.asarray(np.clip(share, 0.0, 1.0).round(9) + 0.0, dtype=np.float64)
