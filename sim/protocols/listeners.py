"""Who can be told something: the spaces of a building, its staff, and what is drawn for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.keyed_draws import entity_keys, uniforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

_INCIDENT: Final = entity_keys(["incident"])


@dataclass(frozen=True, slots=True, eq=False)
class Listeners:
    """The S' spaces and P places outdoors of a compiled plan, and M members of staff in them.

    Where something is said of "every space" of a channel, the places come after the spaces.

    Attributes
    ----------
    space_keys : ndarray of uint64, shape (S' + P,)
        From `entity_keys` of ``CompiledPlan.space_ids``, then of ``CompiledPlan.place_ids``.
    staff_keys : ndarray of uint64, shape (M,)
        From `entity_keys` of their person ids.
    staff_space : ndarray of int, shape (M,)
        Where each of them is when the incident begins.
    n_places : int
        Number of places outdoors.
    """

    space_keys: Keys
    staff_keys: Keys
    staff_space: Ints
    n_places: int = 0

    def __post_init__(self) -> None:
        if self.staff_space.shape != self.staff_keys.shape:
            raise ValueError(
                f"listeners: {len(self.staff_keys)} keys of staff and {len(self.staff_space)} "
                "spaces of staff"
            )
        if not 0 <= self.n_places <= self.n_spaces:
            raise ValueError(f"listeners.n_places: expected 0 to {self.n_spaces}")
        wrong = (self.staff_space < 0) | (self.staff_space >= self.n_spaces)
        if wrong.any():
            found = int(self.staff_space[wrong][0])
            raise ValueError(f"listeners.staff_space: no space {found} among {self.n_spaces}")

    @property
    def n_spaces(self) -> int:
        """Number of spaces, places outdoors among them."""
        return len(self.space_keys)

    @property
    def n_staff(self) -> int:
        """Number of members of staff."""
        return len(self.staff_keys)

    def by_space(self, staff_s: Floats) -> Floats:
        """Return when the first member of staff in each space knows.

        Parameters
        ----------
        staff_s : ndarray, shape (M,)
            When each of them knows; inf for never.

        Returns
        -------
        ndarray, shape (S' + P,)
            inf where there is nobody of the staff.
        """
        first = np.full(self.n_spaces, np.inf)
        np.minimum.at(first, self.staff_space, staff_s)
        return first


@dataclass(frozen=True, slots=True, eq=False)
class CommunicationDraws:
    """Shares in (0, 1) of one replica, each by what it is for and whom it concerns.

    Attributes
    ----------
    listeners : Listeners
    seed, replica : int
        As for `sim.uniforms`; two variants of a building share their draws by id.
    """

    listeners: Listeners
    seed: int
    replica: int

    def once(self, purpose: str) -> float:
        """Return one share for the whole incident."""
        return float(uniforms(self.seed, self.replica, purpose, _INCIDENT)[0])

    def for_spaces(self, purpose: str) -> Floats:
        """Return a share for each space, shape (S' + P,)."""
        return uniforms(self.seed, self.replica, purpose, self.listeners.space_keys)

    def for_staff(self, purpose: str) -> Floats:
        """Return a share for each member of staff, shape (M,)."""
        return uniforms(self.seed, self.replica, purpose, self.listeners.staff_keys)
