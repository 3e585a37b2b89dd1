"""What people do by what they know: one table of rules, the first that fits decides.

Two tables are built in. The *traditional* one is lockdown everywhere; the *options-based* one lets
people leave where their door cannot be locked and an exterior door is near. Every answer is to
shelter, to leave or to wait; there is no other. They are compared by protective outcomes only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Response(IntEnum):
    """What a rule says: go into a room and stay there, leave the building, or stay put."""

    SHELTER = 0
    LEAVE = 1
    WAIT = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """What somebody knows when they decide.

    Attributes
    ----------
    in_room, in_restroom, outdoors : bool
        Where they are; none of them in a hall, stair or other way.
    lockable : bool
        Whether every door of the room they are in, or of the nearest one, can be locked.
    exit_m : float
        Walking distance to the nearest exterior door; inf without one.
    room_m : float
        Walking distance to the nearest room that they may go into; 0 in one, inf without any.
    hazard_near : bool
        Whether they know of a hazard in the space they are in, or in one next to it.
    adult : bool
        Whether an adult is with them.
    age_band : str
        Age band of the youngest there; empty where not known.
    """

    in_room: bool = False
    in_restroom: bool = False
    outdoors: bool = False
    lockable: bool = True
    exit_m: float = float("inf")
    room_m: float = 0.0
    hazard_near: bool = False
    adult: bool = True
    age_band: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: what is asked, where None asks nothing, and the answer.

    Attributes
    ----------
    response : Response
    in_room, in_restroom, outdoors, lockable, hazard_near, adult : bool, optional
        What has to be so.
    exit_within_m : float, optional
        The nearest exterior door is at most this far.
    exit_nearer_than_room : bool
        The nearest exterior door is nearer than the nearest room.
    age_bands : tuple of str
        The youngest are in one of these; empty for any.
    """

    response: Response
    in_room: bool | None = None
    in_restroom: bool | None = None
    outdoors: bool | None = None
    lockable: bool | None = None
    hazard_near: bool | None = None
    adult: bool | None = None
    exit_within_m: float | None = None
    exit_nearer_than_room: bool = False
    age_bands: tuple[str, ...] = ()

    def fits(self, situation: Situation) -> bool:
        """Whether the rule speaks of a situation."""
        for name in ("in_room", "in_restroom", "outdoors", "lockable", "hazard_near", "adult"):
            asked = getattr(self, name)
            if asked is not None and asked != getattr(situation, name):
                return False
        if self.exit_within_m is not None and situation.exit_m > self.exit_within_m:
            return False
        if self.exit_nearer_than_room and not situation.exit_m < situation.room_m:
            return False
        return not self.age_bands or situation.age_band in self.age_bands


@dataclass(frozen=True, slots=True)
class ResponseRules:
    """A table of rules.

    Attributes
    ----------
    name : str
    rules : tuple of Rule
        Read from the top; the first that fits decides.
    source : str
    """

    name: str
    rules: tuple[Rule, ...]
    source: str

    def __post_init__(self) -> None:
        if not self.rules or self.rules[-1] != Rule(self.rules[-1].response):
            raise ValueError(f"rules {self.name!r}: the last one has to fit every situation")

    def response(self, situation: Situation) -> Response:
        """Return what people do.

        Examples
        --------
        >>> TRADITIONAL.response(Situation(in_room=True, lockable=False, exit_m=5.0)).name
        'SHELTER'
        >>> OPTIONS.response(Situation(in_room=True, lockable=False, exit_m=5.0)).name
        'LEAVE'
        """
        return next(rule.response for rule in self.rules if rule.fits(situation))


TRADITIONAL: Final = ResponseRules(
    "traditional",
    (
        Rule(Response.LEAVE, outdoors=True),
        Rule(Response.WAIT, in_restroom=True),
        Rule(Response.SHELTER),
    ),
    "lockdown everywhere; people outdoors go away from the building and those in restrooms stay: "
    "Standard Response Protocol as district pages and a lockdown checklist give it; variants exist",
)
"""Everybody goes into lockdown where they are."""

LEAVE_WITHIN_M: Final = 15.0
"""How far an exterior door may be for people in a room that cannot be locked (ours)."""

OPTIONS: Final = ResponseRules(
    "options",
    (
        Rule(Response.LEAVE, outdoors=True),
        Rule(Response.LEAVE, in_room=True, hazard_near=True, lockable=False),
        Rule(Response.LEAVE, in_room=True, lockable=False, adult=True,
             exit_within_m=LEAVE_WITHIN_M),
        Rule(Response.SHELTER, in_room=True),
        Rule(Response.WAIT, in_restroom=True),
        Rule(Response.LEAVE, exit_nearer_than_room=True,
             age_bands=("grades_6_8", "grades_9_12", "adult", "")),
        Rule(Response.SHELTER),
    ),
    "options-based practice as guidance describes it: lockdown stays the foundation, leaving is "
    "for those who cannot lock a door and are near a way out; the distances and the order are "
    "chosen by us",
)  # fmt: skip
"""Lockdown stays the foundation; people leave where a room cannot be locked and a door is near."""
