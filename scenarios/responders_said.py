"""What a scenario says of responders and of releases door to door, as checked values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal, TypeAlias, get_args

from scenarios.population_defaults import Role, Sourced
from scenarios.sourced_numbers import sourced_numbers
from sim import Distribution

Access: TypeAlias = Literal["key", "fob", "remote", "opened_inside", "none"]
AfterRelease: TypeAlias = Literal["escort", "stay"]
WAYS_IN: Final[tuple[Access, ...]] = get_args(Access)[:-1]
"""Ways through a locked door that take a time of their own."""


@dataclass(frozen=True, slots=True)
class UnitSaid:
    """A number of responders who arrive and walk together.

    Attributes
    ----------
    name : str
    people : int
    starts_in : str or None
        The room of a unit that is on site from the start.
    staging : str or None
        The assembly area at which a unit from outside arrives and waits.
    travel_s : Distribution or None
        From the dispatch until it is there.
    entry : str or None
        The exterior door by which it enters; None: it stays in the staging area.
    access : str or None
        How it gets through that door if it is locked.
    keys : bool
        Whether it has a key to the rooms.
    goes_to : str or None
        The room it goes to once it is inside.
    """

    name: str
    people: int
    starts_in: str | None = None
    staging: str | None = None
    travel_s: Distribution | None = None
    entry: str | None = None
    access: Access | None = None
    keys: bool = False
    goes_to: str | None = None


@dataclass(frozen=True, slots=True)
class StaffTeamSaid:
    """Members of staff who release rooms, as in a drill: the first so many of some roles."""

    roles: tuple[Role, ...]
    people: int


@dataclass(frozen=True, slots=True)
class ReleaseSaid:
    """Who releases rooms door to door, in which order, and what follows.

    Attributes
    ----------
    units : tuple of str
    staff : tuple of StaffTeamSaid
    order : tuple of str
        Rooms in the order of their release; the nearest next where none is named.
    then : {"escort", "stay"}
    """

    units: tuple[str, ...] = ()
    staff: tuple[StaffTeamSaid, ...] = ()
    order: tuple[str, ...] = ()
    then: AfterRelease = "escort"


@dataclass(frozen=True, slots=True)
class RespondersSaid:
    """Everything a scenario says of responders.

    Attributes
    ----------
    dispatched_s : float or None
        When units are sent; None: when the alert of the communication says.
    units : tuple of UnitSaid
    release : ReleaseSaid or None
    kept_free : mapping of door to seconds
        Exterior doors that only people who come in use, and from when on.
    numbers : mapping of "table.key" to Distribution, over the defaults
    """

    dispatched_s: float | None = None
    units: tuple[UnitSaid, ...] = ()
    release: ReleaseSaid | None = None
    kept_free: Mapping[str, float] = field(default_factory=dict)
    numbers: Mapping[str, Distribution] = field(default_factory=dict)

    @property
    def says_anything(self) -> bool:
        """Whether anybody comes, releases rooms, or has a door kept free."""
        return bool(self.units or self.release is not None or self.kept_free)


@cache
def responder_defaults() -> Mapping[str, tuple[Distribution, Sourced]]:
    """Return every number of ``responder_defaults.toml`` with its source, by "table.key".

    Examples
    --------
    >>> responder_defaults()["access.fob"][0].values
    (2.0, 4.0, 12.0)
    >>> responder_defaults()["release.fetch_key"][1].quality
    'chosen'
    """
    table = sourced_numbers("responder_defaults.toml")
    return {
        key: (one if isinstance(one, Distribution) else Distribution.constant(one), source)
        for key, (one, source) in table.items()
    }
