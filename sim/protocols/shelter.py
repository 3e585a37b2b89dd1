"""Shelter from weather: each room walks to its place in the best available refuge area."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.protocols.directives import Directive
from sim.protocols.halls import caught
from sim.protocols.leaving import until_empty
from sim.protocols.locking import unlock
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.shelter_orders import RefugePlaces
from sim.protocols.states import PersonState, RoomState

Ints = NDArray[np.int64]


def keep_places(run: ProtocolRun, directive: Directive, turn: int) -> None:
    """Keep a place for everybody who is meant, as a plan made beforehand does.

    People who are in an area already stay in it; then the rooms choose in the order of the plan,
    the classes outside rooms in theirs, and whoever is left one by one. The people of a room stay
    together: they all find place in one area, or none of them does. Those who reach no area that
    the others reach, such as people who cannot use a stair, are taken one by one. Areas that are
    locked are opened for it.
    """
    shelter = run.orders.shelter
    if shelter is None:
        raise ValueError("a shelter from weather needs refuge areas")
    places = run.refuge.places[turn] = RefugePlaces(shelter)
    for area in shelter.areas:
        unlock(run, area)
    spaces, groups = run.space_now(), run.roster.group
    meant = np.array([directive.concerns(int(space)) for space in spaces], dtype=np.bool_)
    meant &= ~run.on_duty
    in_room = np.isin(spaces, run.room_spaces)
    areas = np.isin(spaces, shelter.areas)
    units = [
        np.flatnonzero(meant & at & (spaces == space))
        for at in (areas & in_room, in_room & ~areas)
        for space in np.unique(spaces[meant & at]).tolist()
    ]
    outside = meant & ~in_room
    units += [
        np.flatnonzero(outside & (groups == group) & (spaces == space))
        for group in np.unique(groups[outside & (groups >= 0)]).tolist()
        for space in np.unique(spaces[outside & (groups == group)]).tolist()
    ]
    units += [np.array([person]) for person in np.flatnonzero(outside & (groups < 0)).tolist()]
    for unit in units:
        _keep(run, places, leader_first(run, unit))


def _keep(run: ProtocolRun, places: RefugePlaces, people: list[int]) -> None:
    """Keep places for people who stay together, and for those alone who cannot come along."""
    if not people:
        return
    level_only = run.abilities.level_only
    walkers = [next((one for one in people if level_only[one] == kind), -1) for kind in (0, 1)]
    metres = {one: _metres(run, places, one) for one in walkers if one >= 0}
    if places.keep(people, [*metres.values()]):
        return
    apart = [one for one in people if level_only[one]]
    together = [one for one in people if not level_only[one]]
    if not apart or not together or _some_area_for_all(places, [*metres.values()]):
        return
    places.keep(together, [metres[walkers[0]]])
    for one in apart:
        places.keep([one], [metres[walkers[1]]])


def _some_area_for_all(places: RefugePlaces, metres: list[NDArray[np.float64]]) -> bool:
    """Whether an area can be reached by every kind of walker; then only its floor is missing."""
    return bool(np.logical_and.reduce([np.isfinite(one) for one in metres]).any())


def _metres(run: ProtocolRun, places: RefugePlaces, person: int) -> NDArray[np.float64]:
    at = [run.place_at(slot) for slot in places.orders.bay_slot.tolist()]
    return run.metres_to_places(person, at)


def leader_first(run: ProtocolRun, people: Ints) -> list[int]:
    """Return people with who is in charge of them in front."""
    leader = run.in_charge(people)
    rest = [one for one in people.tolist() if one != leader]
    return [leader, *rest] if leader >= 0 else rest


def go_to_refuge(run: ProtocolRun, space: int, turn: int) -> Procedure:
    """Lead the people of one room to the places kept for them."""
    run.room_hears(space)
    run.alert(_not_on_their_way(run, space))
    yield run.takes("space", space, "recognise", turn)
    run.note("recognised_s", space)
    places = run.refuge.places[turn]
    present = leader_first(run, run.alert(_not_on_their_way(run, space)))
    _join_the_others(run, places, present)
    area = np.array([places.area_of(person) for person in present], dtype=np.int64)
    people = np.array(present, dtype=np.int64)
    walk(run, people[(area >= 0) & (area != space)], turn)
    for person in people[area == space].tolist():
        arrived(run, person, turn)
    stay = people[area < 0]
    _stay_without(run, stay)
    if space in places.orders.areas:
        run.note("settled_s", space)
        run.rooms.enter(space, RoomState.SHELTERED)
        return
    if len(stay):
        run.rooms.enter(space, RoomState.WITHOUT_PLACE)
        return
    run.note("left_s", space)
    run.rooms.enter(space, RoomState.LEAVING)
    yield from until_empty(run, space)
    run.note("empty_s", space)
    run.rooms.enter(space, RoomState.EMPTY)


def _not_on_their_way(run: ProtocolRun, space: int) -> Ints:
    """Return the people in a room, without those who are passing through or coming to shelter."""
    present = run.present_in(space)
    there = (PersonState.TO_SHELTER, PersonState.SHELTERED)
    return np.asarray(present[~np.isin(run.people.state[present], there)])


def _join_the_others(run: ProtocolRun, places: RefugePlaces, present: list[int]) -> None:
    """Find places for who came in after the announcement: with the others if that holds them."""
    late = [one for one in present if not places.asked[one]]
    if not late or len(late) == len(present):
        _keep(run, places, late)
        return
    areas = {places.area_of(one) for one in present if places.bay_of[one] >= 0}
    theirs = np.isin(np.array(places.orders.areas)[places.orders.bay_area], sorted(areas))
    for person in late if areas else []:
        metres = _metres(run, places, person)
        if not places.keep([person], [np.where(theirs, metres, np.inf)]):
            places.keep([person], [metres])


def walk(run: ProtocolRun, people: Ints, turn: int) -> None:
    """Let people set off together for their places, at the pace of the slowest of them."""
    if not len(people):
        return
    places = run.refuge.places[turn]
    pace = run.speed_mps[people].min(axis=0).tolist()
    for person in people.tolist():
        run.movement.set_speed(person, (pace[0], pace[1], pace[2]))
    run.people.enter_all(people, PersonState.TO_SHELTER)
    bays = places.bay_of[people]
    for bay in dict.fromkeys(bays.tolist()):
        run.go(people[bays == bay], run.place_at(int(places.orders.bay_slot[bay])))
    for person in people.tolist():
        run.then(person, partial(_at_refuge, run, person, turn))


def go_alone(run: ProtocolRun, person: int, turn: int) -> None:
    """Let somebody outside rooms go to the place kept for them, or stay without one."""
    places = run.refuge.places[turn]
    if places.bay_of[person] < 0:
        _stay_without(run, np.array([person]))
    elif places.area_of(person) == int(run.space_now()[person]):
        arrived(run, person, turn)
    else:
        walk(run, np.array([person]), turn)


def _stay_without(run: ProtocolRun, people: Ints) -> None:
    """Note that people stay where they are, as there is no place for them."""
    run.people.enter_all(people, PersonState.WITHOUT_PLACE)
    run.refuge.without_place_s[people] = float(run.incident.now)


def _at_refuge(run: ProtocolRun, person: int, turn: int) -> None:
    """Note that somebody has come to their place, or stands where there is no way to it."""
    if run.people.state[person] != PersonState.TO_SHELTER:
        return  # has heard something else by now
    pace = run.speed_mps[person].tolist()
    run.movement.set_speed(person, (pace[0], pace[1], pace[2]))
    places = run.refuge.places[turn]
    slot = int(places.orders.bay_slot[places.bay_of[person]])
    if run.has_arrived(person, run.place_at(slot)):
        arrived(run, person, turn)
    else:
        caught(run, person)


def arrived(run: ProtocolRun, person: int, turn: int) -> None:
    """Note that somebody is in a refuge area."""
    refuge, places = run.refuge, run.refuge.places[turn]
    area = places.area_of(person)
    if run.rooms.state[area] == RoomState.OPEN and area in run.room_spaces:
        run.rooms.enter(area, RoomState.ALERTED)
        run.rooms.enter(area, RoomState.SHELTERED)
    run.shelters(np.array([person]), area)
    if places.arrive(person):
        refuge.full_s[area] = min(refuge.full_s[area], float(run.incident.now))
