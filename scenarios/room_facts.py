"""What the plan says of the rooms of a lockdown: who is in them, their doors, who fits in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan, Plan, Space
from sim import Roster, protocols

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LARGE_USES: Final = ("gym", "cafeteria", "library", "auditorium")
WAYS: Final = ("corridor", "stair", "landing", "ramp", "lift")


@dataclass(frozen=True, slots=True, eq=False)
class RoomFacts:
    """One entry for each of S' spaces of the compiled plan.

    Attributes
    ----------
    is_room : ndarray of bool
        Whether people stay there behind doors.
    meant : ndarray of bool
        Whether the step that is asked about concerns the space.
    people : ndarray of int
        People at the start.
    capacity_low, capacity_high : ndarray of int
        Places out of sight at the roomy and at the tight area per person, with covers as the
        scenario has them.
    places : ndarray of int
        Those of the two that the scenario goes by.
    can_close : ndarray of bool
        Whether every way in has a door.
    no_lock : ndarray of bool
        Whether a door of it has no lock, or none that is known.
    place_kind : ndarray of int
        Index into ``sim.protocols.PLACE_KINDS``.
    """

    is_room: Flags
    meant: Flags
    people: Ints
    capacity_low: Ints
    capacity_high: Ints
    places: Ints
    can_close: Flags
    no_lock: Flags
    place_kind: Ints

    def __post_init__(self) -> None:
        for entry in fields(self):
            getattr(self, entry.name).setflags(write=False)

    @property
    def occupied_at_first(self) -> Flags:
        """Rooms with people in them at the start."""
        return np.asarray(self.is_room & (self.people > 0))


def room_facts(
    plan: Plan, compiled: CompiledPlan, roster: Roster, orders: protocols.ProtocolOrders
) -> RoomFacts:
    """Return what is known of the rooms before anything happens."""
    corners, doors = orders.corners, orders.doors
    n_spaces = len(compiled.space_ids)
    covered = (corners.can_cover & orders.covers_drawn).astype(np.int64)
    rows = np.arange(n_spaces)
    low, high = corners.capacity_low[covered, rows], corners.capacity_high[covered, rows]
    space_of_door = np.repeat(rows, np.diff(corners.door_start))
    no_lock = np.zeros(n_spaces, dtype=np.bool_)
    no_lock[space_of_door[doors.kind[corners.door_gate] < 0]] = True
    indoors = roster.space[roster.outdoors < 0]
    return RoomFacts(
        is_room=corners.is_room.copy(),
        meant=meant_by(orders.timeline, n_spaces),
        people=np.bincount(indoors, minlength=n_spaces).astype(np.int64),
        capacity_low=low.astype(np.int64),
        capacity_high=high.astype(np.int64),
        places=(high if orders.crowded else low).astype(np.int64),
        can_close=corners.can_close.copy(),
        no_lock=no_lock,
        place_kind=np.array([place_kind(plan.spaces[id_]) for id_ in compiled.space_ids]),
    )


def meant_by(timeline: Sequence[protocols.Directive], n_spaces: int) -> Flags:
    """Return which spaces a lockdown concerns, or without one a hold or secure, at any step."""
    for actions in (
        (protocols.Action.LOCKDOWN,),
        (protocols.Action.HOLD, protocols.Action.SECURE),
    ):
        steps = [directive for directive in timeline if directive.action in actions]
        if steps:
            return np.array([any(d.concerns(space) for d in steps) for space in range(n_spaces)])
    return np.zeros(n_spaces, dtype=np.bool_)


def place_kind(space: Space) -> int:
    """Return the kind of place that a space is, an index into ``sim.protocols.PLACE_KINDS``.

    Examples
    --------
    >>> import shapely
    >>> protocols.PLACE_KINDS[place_kind(Space("G", "L1", "room", "gym", shapely.box(0, 0, 9, 9)))]
    'large_room'
    """
    kind = "other"
    if space.kind in WAYS:
        kind = "hall"
    elif space.use == "toilet":
        kind = "restroom"
    elif space.use in LARGE_USES:
        kind = "large_room"
    elif space.kind == "hall" or space.use in ("vestibule", "circulation"):
        kind = "hall"
    elif space.kind == "room":
        kind = "room"
    return protocols.PLACE_KINDS.index(kind)
