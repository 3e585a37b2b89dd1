"""Orders given while an incident runs: a door closes or opens, people are sent to another exit."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class DoorOrder:
    """A door, exit or opening lets people pass or not, from a time on.

    People in the two spaces that it joins see it at once, people who come there later see it then,
    and people in the spaces that are told know it at once wherever it is; nobody else knows.

    Attributes
    ----------
    at_s : float
        Time since the incident began.
    gate : int
        Gate of the compiled plan.
    passes : (bool, bool)
        Whether people may pass from its first side, and from its second.
    told : tuple of int, optional
        Spaces of the compiled plan in which people are told; None for everybody, wherever they
        are.
    """

    at_s: float
    gate: int
    passes: tuple[bool, bool]
    told: tuple[int, ...] | None = ()

    def __post_init__(self) -> None:
        _check_time(self.at_s)


@dataclass(frozen=True, slots=True)
class DirectionOrder:
    """Staff send people to an exit: from now on they know of no other.

    Attributes
    ----------
    at_s : float
        Time since the incident began.
    spaces : tuple of int or None
        Spaces of the compiled plan; whoever is in one of them at that time is told. None for
        everybody who is still inside.
    exit_gate : int
        The exit to use; -1 to let people choose among all exits again.
    """

    at_s: float
    spaces: tuple[int, ...] | None
    exit_gate: int

    def __post_init__(self) -> None:
        _check_time(self.at_s)


Order: TypeAlias = DoorOrder | DirectionOrder


def _check_time(at_s: float) -> None:
    if not (math.isfinite(at_s) and at_s >= 0):
        raise ValueError(f"at_s must be finite and >= 0, got {at_s}")


def from_the_start(orders: Sequence[Order]) -> tuple[DoorOrder, ...]:
    """Return the first of some orders, by time, that hold from the start and that everybody knows.

    A door that is shut so is no different from one that was built so.
    """
    holding = itertools.takewhile(
        lambda order: isinstance(order, DoorOrder) and order.at_s == 0.0 and order.told is None,
        sorted(orders, key=lambda order: order.at_s),
    )
    return tuple(order for order in holding if isinstance(order, DoorOrder))


def shut_from_the_start(orders: Sequence[Order]) -> frozenset[int]:
    """Return the sides of gates from which nobody passes from the start, as everybody knows."""
    return shut_sides(from_the_start(orders))


def shut_sides(orders: Iterable[DoorOrder]) -> frozenset[int]:
    """Return the sides from which nobody passes after orders that are given one after the other."""
    passes: dict[int, bool] = {}
    for order in orders:
        passes |= {2 * order.gate + side: order.passes[side] for side in (0, 1)}
    return frozenset(side for side, may in passes.items() if not may)
