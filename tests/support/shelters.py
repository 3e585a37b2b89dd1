"""Refuge areas and reunifications of known size for a wing of classrooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from support.lockdowns import classrooms, incident, orders, people
from support.reunifications import orders as reunification

from buildings import CompiledPlan
from sim import Roster, RunResult
from sim.keyed_draws import entity_keys
from sim.protocols import Action, Directive, PersonState, ReunionOrders, RoomState, ShelterOrders
from sim.protocols.times import ProtocolTimes

PLAN = classrooms(3)
COMPILED = PLAN[1]
WEATHER = Directive(10.0, Action.SHELTER, shelter="weather")


def areas(
    places: Mapping[str, int], roster: Roster, compiled: CompiledPlan = COMPILED
) -> ShelterOrders:
    """Return areas that hold so many people each, one square metre for everybody.

    The places of an area are spread over its bays, the first of them first.
    """
    bays = []
    for row, (name, number) in enumerate(places.items()):
        slots = compiled.slots_of(compiled.space_index(name))
        cells, first = np.unique(compiled.slot_cell[slots], return_index=True)
        share, more = divmod(number, len(cells))
        bays += [(row, slot, share + (n < more)) for n, slot in enumerate(slots[first].tolist())]
    columns = np.array(bays, dtype=np.int64).reshape(-1, 3)
    return ShelterOrders(
        areas=tuple(compiled.space_index(name) for name in places),
        bay_area=columns[:, 0],
        bay_slot=columns[:, 1],
        bay_m2=columns[:, 2].astype(np.float64),
        needs_m2=np.ones(roster.n_people),
    )


def sheltered(
    in_rooms: Mapping[str, int],
    places: Mapping[str, int],
    *timeline: Directive,
    outdoors: int = 0,
    **changes: Any,
) -> tuple[Roster, RunResult]:
    """Run a shelter from weather, or another timeline, with every step taking no time."""
    roster = people(COMPILED, in_rooms, outdoors=outdoors)
    said = orders(PLAN, roster, timeline or (WEATHER,), shelter=areas(places, roster), **changes)
    return roster, incident(COMPILED, roster, said)


def inside(times: ProtocolTimes, name: str) -> int:
    """Return how many people are in shelter in a space."""
    here = times.shelter_space == COMPILED.space_index(name)
    return int((here & (times.person_state == PersonState.SHELTERED)).sum())


def room(times: ProtocolTimes, name: str) -> RoomState:
    """Return the state of a room at the end."""
    return RoomState(times.room_state[COMPILED.space_index(name)])


def reunion(roster: Roster, **changes: object) -> ReunionOrders:
    """Every student alone in a family; nothing takes time unless it is said."""
    students = np.flatnonzero(np.array(roster.role) == "student")
    never = np.full(len(students), np.inf)
    said = replace(reunification([*range(len(students))]), leaves_s=never, ready_s=never, **changes)
    keys = entity_keys(tuple(f"family {n}" for n in range(len(students))))
    return ReunionOrders(said, students, keys)
