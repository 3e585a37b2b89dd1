"""What people can do and how they choose their way: the columns of a roster beside who they are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEAREST: Final = 0
"""The exit that is nearest on foot; of equally near ones each person takes one at random."""
LOCALLY_QUICKEST: Final = 1
"""The quickest way by what is in sight: queues in the present space count, those beyond do not."""
QUEUE_CHANGE_GAIN_S: Final = 5.0
"""Whoever takes the locally quickest way leaves a queue for another only if it saves so many
seconds (ours: without it people would change for the smallest gain)."""
EXIT_CHOICES: Final = ("nearest", "locally_quickest")
"""Names of the rules of exit choice, by code."""


@dataclass(frozen=True, slots=True, eq=False)
class Abilities:
    """One entry for each person of a roster.

    Attributes
    ----------
    size : ndarray of int
        Places that the person takes up on the floor, and headways in a door; 1 for most.
    level_only : ndarray of bool
        Cannot use a stair alone.
    helpers_needed : ndarray of int
        Helpers who have to come before the person can leave their floor; 0 for most.
    can_help : ndarray of bool
        May be asked to help once their own class, if they lead one, is out.
    exit_choice : ndarray of int
        `NEAREST` or `LOCALLY_QUICKEST`.
    familiar_gate : ndarray of int
        The exit that the person knows from every day; -1 none.
    familiar_share : ndarray
        Probability that the person takes the familiar exit, whichever is nearer; a class goes
        where its leader goes.
    waits_at_closed : ndarray of bool
        Waits at a closed door until it opens, instead of looking for another way.
    """

    size: Ints
    level_only: Flags
    helpers_needed: Ints
    can_help: Flags
    exit_choice: Ints
    familiar_gate: Ints
    familiar_share: Floats
    waits_at_closed: Flags

    def __post_init__(self) -> None:
        n = len(self.size)
        for entry in fields(self):
            if getattr(self, entry.name).shape != (n,):
                raise ValueError(f"abilities.{entry.name}: expected {n} entries")
        if n and self.size.min() < 1:
            raise ValueError(f"abilities.size: expected >= 1, got {self.size.min()}")
        share = self.familiar_share
        if not ((share >= 0) & (share <= 1)).all():
            raise ValueError("abilities.familiar_share: expected 0 to 1")

    @classmethod
    def plain(cls, n: int) -> Abilities:
        """Return n people who walk by themselves to the exit that is nearest on foot."""
        return cls(
            size=np.ones(n, dtype=np.int64),
            level_only=np.zeros(n, dtype=np.bool_),
            helpers_needed=np.zeros(n, dtype=np.int64),
            can_help=np.zeros(n, dtype=np.bool_),
            exit_choice=np.zeros(n, dtype=np.int64),
            familiar_gate=np.full(n, -1, dtype=np.int64),
            familiar_share=np.zeros(n),
            waits_at_closed=np.zeros(n, dtype=np.bool_),
        )
