"""What came out of one incident with protocols: times of rooms and doors, states of everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.protocols.responder_times import ResponderTimes
from sim.protocols.reunification_times import ReunificationTimes
from sim.protocols.states import StateBoard

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class StateChanges:
    """Every change of state in order of time: when, of what (its index), into which state."""

    time_s: Floats
    entity: Ints
    state: Ints

    @classmethod
    def of(cls, board: StateBoard) -> StateChanges:
        """Return what a board has seen."""
        return cls(*board.changes())

    @classmethod
    def none(cls) -> StateChanges:
        """Return the changes of a run that was not recorded."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(np.zeros(0), nothing, nothing.copy())


@dataclass(frozen=True, slots=True, eq=False)
class ProtocolTimes:
    """One replica of an incident with protocols; S' spaces, G gates, N people.

    Times are seconds from the start of the scenario, inf where something did not happen.

    Attributes
    ----------
    room_occupied : ndarray of bool, shape (S',)
        Rooms with people in them when the first directive is given.
    room_heard_s, room_recognised_s, room_closed_s, room_locked_s, room_believed_locked_s,
    room_dark_s, room_covered_s, room_out_of_sight_s, room_quiet_s, room_secured_s,
    room_unsecured_s, room_left_s, room_empty_s, room_released_s, room_settled_s,
    room_no_key_s, room_sealed_s : ndarray
        Shape (S',). ``locked`` is what is so, ``believed_locked`` what the people of the room
        think; ``secured`` is locked, dark, out of sight and quiet; ``unsecured`` is the end of a
        lockdown that falls short of it; ``settled`` is the end of a hold, secure or shelter;
        ``no_key`` is when somebody stood at a door of the room that they had no key to.
    room_state : ndarray of int, shape (S',)
        Index into `RoomState` at the end.
    room_visible : ndarray of int, shape (S',)
        People in each room at the end who can be seen from outside.
    door_state : ndarray of int, shape (G,)
        Index into `DoorState` at the end.
    door_locked_s : ndarray, shape (G,)
        First time at which each door is locked; 0 where it is at the start.
    person_state : ndarray of int, shape (N,)
        Index into `PersonState` at the end.
    caught_s, in_room_s : ndarray, shape (N,)
        First time that somebody finds no room, and first time in the room that they stay in.
    in_room : ndarray of int, shape (N,)
        Space of that room; -1 without one.
    in_sight_s : ndarray, shape (N,)
        Seconds in sight (`seconds_in_sight`) after the first lockdown; 0 without one.
    announced_s : ndarray, shape (number of directives,)
        What times are counted from for each directive: its first word, or its last.
    alert_s : ndarray, shape (3,)
        The dispatcher is alerted, has answered, has sent units.
    all_accounted_s : ndarray, shape (1,)
        When every class had reported and every missing person was resolved.
    false_missing, hidden : ndarray of int, shape (1,)
        People reported missing who stood there; people counted as present who were nowhere known
        of when all were said to be accounted for.
    all_present_false_s : ndarray, shape (1,)
        For how long that was false.
    sheltered_s : ndarray, shape (N,)
        Since when each person is in shelter, by the last shelter that was announced to them.
    without_place_s : ndarray, shape (N,)
        When somebody finds no place in a refuge area, by the same.
    shelter_space : ndarray of int, shape (N,)
        Space in which they are in shelter; -1 outdoors, or not at all.
    area_full_s : ndarray, shape (S',)
        When a refuge area is full: nobody else finds a place in it.
    ventilation_off_s : ndarray, shape (1,)
        When the ventilation is off.
    relocating_s, at_site_s : ndarray, shape (N,)
        Departure from the campus (on foot, or boarding), and arrival at the site.
    handed_over_s, referred_s : ndarray, shape (N,)
        When a student is with the family, or in the care of the private desk.
    rooms, doors, people : StateChanges
        Empty unless the run was recorded.
    responders : ResponderTimes, optional
        What became of those who came to help, and of releases door to door.
    reunification : ReunificationTimes, optional
        Students, families and desks, where the incident ends in a reunification.
    """

    room_occupied: Flags
    room_heard_s: Floats
    room_recognised_s: Floats
    room_closed_s: Floats
    room_locked_s: Floats
    room_believed_locked_s: Floats
    room_dark_s: Floats
    room_covered_s: Floats
    room_out_of_sight_s: Floats
    room_quiet_s: Floats
    room_secured_s: Floats
    room_unsecured_s: Floats
    room_left_s: Floats
    room_empty_s: Floats
    room_released_s: Floats
    room_settled_s: Floats
    room_no_key_s: Floats
    room_sealed_s: Floats
    room_state: Ints
    room_visible: Ints
    door_state: Ints
    door_locked_s: Floats
    person_state: Ints
    caught_s: Floats
    in_room_s: Floats
    in_room: Ints
    in_sight_s: Floats
    announced_s: Floats
    alert_s: Floats
    all_accounted_s: Floats
    false_missing: Ints
    hidden: Ints
    all_present_false_s: Floats
    sheltered_s: Floats
    without_place_s: Floats
    shelter_space: Ints
    area_full_s: Floats
    ventilation_off_s: Floats
    relocating_s: Floats
    at_site_s: Floats
    handed_over_s: Floats
    referred_s: Floats
    rooms: StateChanges
    doors: StateChanges
    people: StateChanges
    responders: ResponderTimes | None = None
    reunification: ReunificationTimes | None = None
