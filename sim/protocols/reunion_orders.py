"""The reunification in which an incident ends, as it is planned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.protocols.reunification_orders import ReunificationOrders

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ReunionOrders:
    """The reunification that an incident ends in.

    Attributes
    ----------
    orders : ReunificationOrders
        Of as many students; when they leave and arrive is for the incident to say (inf there).
        Times count from the start of the scenario.
    students : ndarray of int
        Rows of the roster, one for each student of the orders.
    family_keys : ndarray of uint64
        By which each family draws.
    """

    orders: ReunificationOrders
    students: Ints
    family_keys: NDArray[np.uint64]

    def __post_init__(self) -> None:
        if len(self.students) != self.orders.n_students:
            raise ValueError(
                f"reunion: {len(self.students)} students, orders for {self.orders.n_students}"
            )
        if np.isfinite(self.orders.ready_s).any() or np.isfinite(self.orders.leaves_s).any():
            raise ValueError("reunion: when students arrive is for the incident to say")
