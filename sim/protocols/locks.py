"""Locks as a door schedule knows them: from which side, how long it takes, how often it fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Distribution

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LockKind:
    """One kind of lock, and what it asks of whoever locks it.

    Attributes
    ----------
    name : str
    seconds : Distribution
        Time to lock the closed door, fetching the key included.
    fails : float
        Probability that the door is not locked afterwards.
    unnoticed : float
        Share of these failures that nobody in the room notices: the door is believed locked.
    needs_key : bool
        Whether somebody without a key cannot lock it.
    automatic : bool
        Whether it locks by itself when the door closes.
    remote : bool
        Whether it is locked from the office, and not in the room.
    """

    name: str
    seconds: Distribution
    fails: float
    unnoticed: float
    needs_key: bool = False
    automatic: bool = False
    remote: bool = False

    def __post_init__(self) -> None:
        for name in ("fails", "unnoticed"):
            share = getattr(self, name)
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"lock {self.name!r}: {name} must be in [0, 1], got {share}")


@dataclass(frozen=True, slots=True, eq=False)
class Doors:
    """The doors of a building, one entry for each of G gates of the compiled plan.

    Attributes
    ----------
    kind : ndarray of int, shape (G,)
        Index into ``kinds``; -1 for a gate that cannot be locked.
    kinds : tuple of LockKind
    can_close : ndarray of bool, shape (G,)
        Whether there is a leaf to close: not so for plain openings and cuts.
    stands_open : ndarray, shape (G,)
        Probability that the door stands open at the start.
    locked : ndarray of bool, shape (G,)
        Whether a closed door is locked at the start.
    """

    kind: Ints
    kinds: tuple[LockKind, ...]
    can_close: NDArray[np.bool_]
    stands_open: NDArray[np.float64]
    locked: NDArray[np.bool_]

    def __post_init__(self) -> None:
        n = len(self.kind)
        for name in ("can_close", "stands_open", "locked"):
            if getattr(self, name).shape != (n,):
                raise ValueError(f"doors.{name}: expected one entry for each of {n} gates")
        if len(self.kind) and not (self.kind.min() >= -1 and self.kind.max() < len(self.kinds)):
            raise ValueError(f"doors.kind: expected -1 to {len(self.kinds) - 1}")

    def lock_of(self, gate: int) -> LockKind | None:
        """Return the lock of a gate; None where it has none."""
        kind = int(self.kind[gate])
        return None if kind < 0 else self.kinds[kind]

    def drawn_seconds(self, quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the time to lock each gate, for draws in [0, 1) by gate; inf without a lock."""
        drawn = np.full(len(self.kind), np.inf)
        for index, kind in enumerate(self.kinds):
            own = np.flatnonzero(self.kind == index)
            if len(own):
                drawn[own] = kind.seconds.ppf(quantiles[own])
        return drawn
