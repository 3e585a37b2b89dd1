"""What became of those who came to help: when they were there, and when rooms were released."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ResponderTimes:
    """One replica: U units, S' spaces, N people. Seconds from the start of the scenario, or inf.

    Attributes
    ----------
    unit_names : tuple of str
    unit_arrived_s : ndarray, shape (U,)
        At the staging area; 0 on site.
    unit_entered_s : ndarray, shape (U,)
        The first of the unit stands inside its exterior door; 0 on site.
    unit_at_room_s : ndarray, shape (U,)
        The whole unit is at the room it goes to.
    unit_to_room_s : ndarray, shape (U, S')
        The whole unit would be at each room, had it gone there as soon as it was inside, on an
        empty way; nan for spaces that are no room.
    unit_on_site : ndarray of bool, shape (U,)
    room_reached_s : ndarray, shape (S',)
        A unit or team has first found the door of the room.
    room_released_s : ndarray, shape (S',)
        The room was released door to door.
    to_release : ndarray of bool, shape (S',)
        Rooms that were to be released door to door.
    release_from_s : float
        When the first release door to door began.
    escorted : ndarray of bool, shape (N,)
        People who were led out by a team.
    """

    unit_names: tuple[str, ...]
    unit_arrived_s: Floats
    unit_entered_s: Floats
    unit_at_room_s: Floats
    unit_to_room_s: Floats
    unit_on_site: Flags
    room_reached_s: Floats
    room_released_s: Floats
    to_release: Flags
    release_from_s: float
    escorted: Flags

    @property
    def first_entry_s(self) -> float:
        """When the first unit came in from outside; inf if none did."""
        return float(self.unit_entered_s[~self.unit_on_site].min(initial=np.inf))

    @property
    def last_release_s(self) -> float:
        """When the last room was released; inf if one never was, or none was to be."""
        if not self.to_release.any():
            return np.inf
        return float(self.room_released_s[self.to_release].max())

    @property
    def rooms_per_minute(self) -> float:
        """Rooms released per minute, from the beginning of the release to the last; 0 if none."""
        done = self.room_released_s[np.isfinite(self.room_released_s)]
        if not len(done):
            return 0.0
        took_s = float(done.max()) - self.release_from_s
        return 60.0 * len(done) / took_s if took_s > 0 else np.inf
