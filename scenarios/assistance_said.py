"""What a scenario says about assisted evacuation, and the numbers it has where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

from scenarios.population_defaults import Role, Sourced
from scenarios.profiles import ProfileName
from scenarios.sourced_numbers import Number, sourced_numbers

Way: TypeAlias = Literal["chair", "carried", "beside"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
LiftOrder: TypeAlias = Literal["top_down", "nearest"]


@dataclass(frozen=True, slots=True)
class AssistanceSaid:
    """How people are helped, as a scenario says it.

    Attributes
    ----------
    refuges : tuple of str or None
        Rooms in which people wait, instead of the plan's; None: those of the plan.
    roles : tuple of str or None
        Roles of those who help; None: all staff who can.
    most : int or None
        Only so many of them, in order of person id.
    chairs : mapping of room to number of evacuation chairs kept there
    ways : mapping of mobility profile to the way its people are moved
    numbers : mapping of "chair.down_mps" and the like to a number, over the defaults
    return_for_next : bool
    """

    refuges: tuple[str, ...] | None = None
    roles: tuple[Role, ...] | None = None
    most: int | None = None
    chairs: Mapping[str, int] = field(default_factory=dict)
    ways: Mapping[ProfileName, Way] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)
    return_for_next: bool = True


@dataclass(frozen=True, slots=True)
class LiftSaid:
    """How one lift is run, as a scenario says it; ``numbers`` is over the defaults."""

    from_s: float
    order: LiftOrder = "top_down"
    attended: bool = False
    places: int | None = None
    numbers: Mapping[str, Number] = field(default_factory=dict)


def assistance_defaults() -> Mapping[str, tuple[Number, Sourced]]:
    """Return the numbers that come with the package, by table and key.

    Examples
    --------
    >>> assistance_defaults()["chair.level_mps"][0]
    1.0
    >>> assistance_defaults()["lift.boarding_s"][0].values
    (4.0, 12.0)
    """
    return sourced_numbers("assistance_defaults.toml")
