"""The random times of one replica, drawn at once for all rooms, doors, people or classes."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.keyed_draws import entity_keys, uniforms
from sim.protocols.orders import ProtocolOrders

Floats = NDArray[np.float64]


@cache
def _keys(ids: tuple[str, ...]) -> NDArray[np.uint64]:
    """Return the keys of some ids, worked out once for all replicas."""
    return entity_keys(ids)


class Draws:
    """The draws of a replica; each purpose is drawn once, when it is first asked for.

    Parameters
    ----------
    orders : ProtocolOrders
    seed, replica : int
    spaces, gates, people, groups : tuple of str
        Ids by which the draws are keyed: adding an entity moves nobody else's.
    """

    def __init__(
        self,
        orders: ProtocolOrders,
        seed: int,
        replica: int,
        *,
        spaces: tuple[str, ...],
        gates: tuple[str, ...],
        people: tuple[str, ...],
        groups: tuple[str, ...],
    ) -> None:
        self._orders = orders
        self.seed, self.replica = seed, replica
        self._ids = {"space": spaces, "gate": gates, "person": people, "group": groups}
        self._ids["building"] = ("building",)
        self._drawn: dict[tuple[str, str], Floats] = {}

    def uniform(self, kind: str, purpose: str) -> Floats:
        """Return a number in [0, 1) for each entity of a kind, for one purpose."""
        key = (kind, purpose)
        if key not in self._drawn:
            keys = _keys(self._ids[kind])
            self._drawn[key] = uniforms(self.seed, self.replica, purpose, keys)
        return self._drawn[key]

    def seconds(self, kind: str, step: str, turn: int) -> Floats:
        """Return the time of a step for each entity, anew at each turn of the timeline."""
        key = (f"{kind} seconds", f"{step} {turn}")
        if key not in self._drawn:
            quantiles = self.uniform(kind, f"{step} {turn}")
            self._drawn[key] = self._orders.seconds[step].ppf(quantiles)
        return self._drawn[key]

    def lock_seconds(self, turn: int, attempt: int) -> Floats:
        """Return the time to lock each gate; inf where there is no lock."""
        key = ("lock", f"{turn} {attempt}")
        if key not in self._drawn:
            quantiles = self.uniform("gate", f"lock {turn} {attempt}")
            self._drawn[key] = self._orders.doors.drawn_seconds(quantiles)
        return self._drawn[key]
