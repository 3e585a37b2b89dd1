"""What became of responders over all replicas: entries, rooms, and releases door to door."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim import RunResult

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PREFIX: Final = "responders_"
"""What the arrays are called beside those of the ensemble: prefix and field."""
OF_UNITS: Final = ("arrived_s", "entered_s", "at_room_s", "half_of_rooms_s", "most_rooms_s")
SHARES_OF_ROOMS: Final = {"half_of_rooms_s": 0.5, "most_rooms_s": 0.9}
"""Shares of the rooms that are told of: half, and nine in ten, the usual spread (ours)."""
OF_ROOMS: Final = ("reached_s", "released_s")


@dataclass(frozen=True, slots=True, eq=False)
class ResponderOutcome:
    """R replicas, U units, M rooms that were to be released in any of them.

    Times are seconds from the start of the scenario, inf where something did not happen.

    Attributes
    ----------
    arrived_s, entered_s, at_room_s : ndarray, shape (R, U)
        At the staging area; inside the exterior door; at the room the unit goes to.
    half_of_rooms_s, most_rooms_s : ndarray, shape (R, U)
        By when the unit would be at any one of half, and of 9 in 10, of all rooms, had it gone
        there as soon as it was inside.
    space : ndarray of int, shape (M,)
        Rooms, ascending, by index of the compiled plan.
    to_release : ndarray of bool, shape (R, M)
        Whether a room was to be released in a replica.
    reached_s, released_s : ndarray, shape (R, M)
        A team has found its door; it was released.
    from_s : ndarray, shape (R,)
        When the release began.
    """

    arrived_s: Floats
    entered_s: Floats
    at_room_s: Floats
    half_of_rooms_s: Floats
    most_rooms_s: Floats
    space: Ints
    to_release: NDArray[np.bool_]
    reached_s: Floats
    released_s: Floats
    from_s: Floats

    def __post_init__(self) -> None:
        for entry in fields(self):
            getattr(self, entry.name).setflags(write=False)

    def first_entry_s(self, on_site: Sequence[bool]) -> Floats:
        """When the first unit comes in from outside, shape (R,); inf if none does."""
        outside = ~np.array(on_site, dtype=np.bool_)
        return np.asarray(self.entered_s[:, outside].min(axis=1, initial=np.inf))

    def last_release_s(self) -> Floats:
        """When the last room is released, shape (R,); inf where one never is, or none was to be."""
        last = np.where(self.to_release, self.released_s, -np.inf).max(axis=1, initial=-np.inf)
        return np.where(self.to_release.any(axis=1), last, np.inf)

    def rooms_per_minute(self) -> Floats:
        """Rooms released per minute from the beginning of the release to the last, shape (R,)."""
        done = np.isfinite(self.released_s)
        last = np.where(done, self.released_s, -np.inf).max(axis=1, initial=-np.inf)
        took_s = np.where(done.any(axis=1), last - self.from_s, np.inf)
        return np.asarray(60.0 * done.sum(axis=1) / took_s)


def stack_responders(results: Sequence[RunResult]) -> dict[str, NDArray[Any]]:
    """Return the arrays of several results on top of each other; none without responders."""
    rows = [
        one.protocol.responders
        for one in results
        if one.protocol is not None and one.protocol.responders is not None
    ]
    if not rows:
        return {}
    names = [name for name in OF_UNITS if name not in SHARES_OF_ROOMS]
    stacked = {name: np.stack([getattr(row, f"unit_{name}") for row in rows]) for name in names}
    for name, share in SHARES_OF_ROOMS.items():
        stacked[name] = np.stack([_by_share(row.unit_to_room_s, share) for row in rows])
    stacked |= {name: np.stack([getattr(row, f"room_{name}") for row in rows]) for name in OF_ROOMS}
    stacked["to_release"] = np.stack([row.to_release for row in rows])
    stacked["from_s"] = np.array([row.release_from_s for row in rows])
    return {f"{PREFIX}{name}": values for name, values in stacked.items()}


def _by_share(to_room_s: Floats, share: float) -> Floats:
    """Return for each unit by when it would be at a share of the rooms; inf without rooms.

    Examples
    --------
    >>> _by_share(np.array([[np.nan, 20.0, 10.0, np.inf, 30.0]]), 0.5).tolist()
    [20.0]
    """
    rooms = np.sort(to_room_s[:, ~np.isnan(to_room_s).all(axis=0)], axis=1)
    if not rooms.shape[1]:
        return np.full(len(to_room_s), np.inf)
    return np.asarray(rooms[:, max(0, math.ceil(share * rooms.shape[1]) - 1)])


def responders_from(stacked: Mapping[str, NDArray[Any]]) -> ResponderOutcome | None:
    """Return the outcome from the arrays of `stack_responders`; None without responders."""
    if f"{PREFIX}from_s" not in stacked:
        return None
    found = {name: stacked[f"{PREFIX}{name}"] for name in (*OF_UNITS, "from_s")}
    to_release = stacked[f"{PREFIX}to_release"]
    space = np.flatnonzero(to_release.any(axis=0))
    rooms = {name: stacked[f"{PREFIX}{name}"][:, space] for name in OF_ROOMS}
    return ResponderOutcome(**found, **rooms, space=space, to_release=to_release[:, space])


def no_responders(replicas: int) -> ResponderOutcome:
    """Return the outcome of runs in which nobody comes to help or releases rooms."""
    nothing = np.zeros((replicas, 0))
    return ResponderOutcome(
        **dict.fromkeys((*OF_UNITS, *OF_ROOMS), nothing),
        space=np.zeros(0, dtype=np.int64),
        to_release=np.zeros((replicas, 0), dtype=np.bool_),
        from_s=np.full(replicas, np.inf),
    )
