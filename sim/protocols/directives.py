"""What is announced: an action in plain language, when, and to whom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal, TypeAlias

from sim.protocols.relocation_orders import Relocation


class Action(IntEnum):
    """What people are asked to do; the names are those of the Standard Response Protocol.

    ``RELEASE`` ends what is going on; ``RELOCATE`` and ``REUNIFY`` follow an evacuation.
    """

    HOLD = 0
    SECURE = 1
    LOCKDOWN = 2
    EVACUATE = 3
    SHELTER = 4
    RELEASE = 5
    RELOCATE = 6
    REUNIFY = 7


NO_ACTION: Final = -1
"""What a place understands in which nothing, or nothing of use, was heard (a mark of ours)."""

ReleasedBy: TypeAlias = Literal["announcement", "door_to_door"]
Shelter: TypeAlias = Literal["weather", "hazardous_material", "earthquake"]


@dataclass(frozen=True, slots=True)
class Directive:
    """One announced action.

    Attributes
    ----------
    at_s : float
        When the announcement starts, in seconds from the start of the scenario.
    action : Action
    spaces : tuple of int, optional
        Spaces of the compiled plan whose people it concerns; None for everybody.
    released_by : {"announcement", "door_to_door"}
        For a release: by a word to all, or by a team that unlocks room after room.
    shelter : {"weather", "hazardous_material", "earthquake"}, optional
        For a shelter: against what.
    lasts_s : float
        For a shelter from an earthquake: how long the shaking lasts.
    relocation : Relocation, optional
        For a relocation: where to, and how.
    to_leave : bool
        For an evacuation during a lockdown: whether people are told outright to leave; else a
        fire alarm just sounds, and what they do is a matter of what they were taught.
    after_report : bool
        Whether ``at_s`` is counted from the first report of a hazard: without one it never comes.
    """

    at_s: float
    action: Action
    spaces: tuple[int, ...] | None = None
    released_by: ReleasedBy = "announcement"
    shelter: Shelter | None = None
    to_leave: bool = True
    after_report: bool = False
    lasts_s: float = 0.0
    relocation: Relocation | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.at_s) and self.at_s >= 0):
            raise ValueError(f"at_s must be finite and >= 0, got {self.at_s}")
        if (self.shelter is not None) != (self.action == Action.SHELTER):
            raise ValueError(f"{self.action.name}: only a shelter says against what, and it has to")
        if (self.relocation is not None) != (self.action == Action.RELOCATE):
            raise ValueError(f"{self.action.name}: only a relocation says where to, and it has to")
        if not 0.0 <= self.lasts_s < math.inf or (self.lasts_s and self.shelter != "earthquake"):
            raise ValueError(f"{self.action.name}: only an earthquake lasts, for a finite time")

    def concerns(self, space: int) -> bool:
        """Whether the people of a space are meant."""
        return self.spaces is None or space in self.spaces
