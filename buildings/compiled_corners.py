"""Hard corners as flat read-only arrays: what a lockdown needs to know about every room."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from buildings.compiled import Floats, Ints

Flags: TypeAlias = NDArray[np.bool_]

COVERS_DEFAULT: Final = 0
"""Row of the covers as the plan says they usually are."""
COVERS_DRAWN: Final = 1
"""Row of every cover drawn that the plan has."""

APERTURE_DOORWAY: Final = 0
"""The whole clear width of a door that stands open."""
APERTURE_GLASS: Final = 1
"""The glass of a closed door, one entry for each leaf of a pair."""
APERTURE_WINDOW: Final = 2
APERTURE_OPENING: Final = 3
"""An opening or a line across the floor that nothing closes."""

BEYOND_OUTSIDE: Final = -1
"""The open air lies on the far side."""
BEYOND_UNWALKED: Final = -2
"""A space lies on the far side in which nobody walks: a shaft, a void."""


@dataclass(frozen=True, slots=True, eq=False)
class CompiledCorners:
    """Rooms, their doors, and which standing places are out of sight.

    Spaces, gates and slots are those of the `CompiledPlan` it was made for. Spaces of kind room and
    hall are looked into; of all others (corridors, stairs, yards) every place counts as seen.
    A slot counts as seen where it lies in seen floor or within 5 cm of it. Concealment is line of
    sight, not protection from anything that passes a wall.

    Shapes: S' spaces, G gates, L slots, D doors of rooms, A apertures, T entries of slots that are
    looked at through apertures. Rows of arrays of shape (2, S') are ``COVERS_DEFAULT`` and
    ``COVERS_DRAWN``, doors closed in both.
    """

    plan_id: str
    plan_sha256: str

    is_room: Flags  # (S',) people stay there behind doors; never a restroom
    is_restroom: Flags  # (S',) a toilet
    looked_into: Flags  # (S',) of kind room or hall: the arrays below say something about it
    can_close: Flags  # (S',) every way in is a door, gate or exit; windows are no ways in
    known: Flags  # (S',) no fact is missing that could add a view; else more may be seen
    can_cover: Flags  # (S',) some glass has a cover that is usually open
    cover_close_s: Floats  # (S',) seconds to draw these, one after the other; 0 none; nan not known

    concealed_m2: Floats  # (2, S') floor out of sight on which people can stand
    capacity_low: Ints  # (2, S') adults it holds at the roomy area per person
    capacity_high: Ints  # (2, S') adults it holds at the tight area per person

    slot: Ints  # (S',) the slot that stands for the hard corner, -1 where no slot is concealed
    slot_needs_cover: Flags  # (S',) that slot is out of sight only once covers are drawn
    fallback_slot: Ints  # (S',) the least seen slot, of equals the farthest from the ways in
    metres_m: Floats  # (L,) walking metres to the space's goal slot (see `goal_slot`)
    corner_start: Ints  # (S' + 1,) CSR offsets into corner_slots
    corner_slots: Ints  # concealed slots in spread order, those that need no cover drawn first
    corner_default: Ints  # (S',) how many of the space's corner_slots need no cover drawn

    seen_open: Flags  # (L,) seen with the room's doors open, covers default
    seen_closed: Flags  # (L,) seen with doors closed, covers default
    seen_covered: Flags  # (L,) seen with doors closed, every cover drawn

    door_start: Ints  # (S' + 1,) CSR offsets into door_gate
    door_gate: Ints  # (D,) gates with a leaf that lead into the space, ascending
    door_inside: Ints  # (D,) 0 or 1: side 2 * gate + this lies in the space

    aperture_start: Ints  # (S' + 1,) CSR offsets into the apertures, by portal id and kind
    aperture_portal: tuple[str, ...]  # (A,) portal looked through
    aperture_kind: Ints  # (A,) APERTURE_*
    aperture_space: Ints  # (A,) space looked into
    aperture_beyond: Ints  # (A,) space on the far side, or BEYOND_*
    aperture_gate: Ints  # (A,) first gate of the portal, -1 where nobody passes (windows)
    aperture_coverable: Flags  # (A,) a blind, film or paper hangs there
    aperture_covered: Flags  # (A,) it is usually drawn, so that nothing is seen
    aperture_close_s: Floats  # (A,) seconds to draw it, nan where not stated
    aperture_seen_start: Ints  # (A + 1,) CSR offsets into aperture_seen
    aperture_seen: Flags  # (T,) for each slot of the room in order: seen through it, uncovered

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def goal_slot(self) -> Ints:
        """The slot people of each space make for, shape (S',): the corner's, else the fallback."""
        return np.where(self.slot >= 0, self.slot, self.fallback_slot)

    def doors_of(self, space: int) -> Ints:
        """Return the gates with a leaf that lead into a space (by index), ascending."""
        return self.door_gate[self.door_start[space] : self.door_start[space + 1]]

    def corner_slots_of(self, space: int) -> Ints:
        """Return the concealed slots of a space, those that need no cover drawn first."""
        return self.corner_slots[self.corner_start[space] : self.corner_start[space + 1]]

    def apertures_of(self, space: int) -> Ints:
        """Return the apertures through which a space is looked into."""
        return np.arange(self.aperture_start[space], self.aperture_start[space + 1])

    def seen_through(self, aperture: int) -> Flags:
        """Return for each slot of the aperture's room whether it is seen through it, uncovered."""
        first, end = self.aperture_seen_start[aperture : aperture + 2]
        return self.aperture_seen[first:end]
