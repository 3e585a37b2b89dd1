"""Relocate: classes that have been counted walk or ride to a safe haven away from campus."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.kernels.arrays import QUEUEING, WALKING
from sim.keyed_draws import entity_keys, uniforms
from sim.protocols.bus_fleet import BusFleet
from sim.protocols.hearing import Hearing
from sim.protocols.leaving import assembled
from sim.protocols.relocation_orders import Buses, OnFoot
from sim.protocols.reunion import arrives_at_site, leaves_campus
from sim.protocols.run import Procedure, ProtocolRun
from sim.protocols.states import PersonState

Ints = NDArray[np.int64]


def relocate(run: ProtocolRun, turn: int, heard: Hearing) -> None:
    """Let every class that is meant go to the site once it hears of it and has been counted.

    People without a class go last, all together, once every class has been counted; those who are
    not outdoors by then stay.
    """
    directive = run.orders.timeline[turn]
    if directive.relocation is None:
        raise ValueError("a relocation says where to")
    way = directive.relocation.way
    journey = _Walk(run, turn, way) if isinstance(way, OnFoot) else _Ride(run, turn, way)
    groups = run.roster.groups
    ready = []
    for group in range(len(groups.ids)):
        if (run.roster.group == group).any() and directive.concerns(int(groups.space[group])):
            ready.append(run.incident.process(_class(run, group, heard, journey)))
    run.incident.process(_others(run, ready, heard, journey, to_all=directive.spaces is None))


def outdoors_s(run: ProtocolRun, place: int, heard: Hearing) -> float:
    """Return when people who gather at a place hear a directive; anywhere outdoors for -1."""
    return float(heard.outdoors_s[place] if place >= 0 else heard.outdoors_s.min(initial=np.inf))


def _class(run: ProtocolRun, group: int, heard: Hearing, journey: _Walk | _Ride) -> Procedure:
    yield from until_counted(run, group, heard)
    members = np.flatnonzero(run.roster.group == group)
    here = still_there(run, members)
    if len(here):
        journey.sets_off(here, group)


def until_counted(run: ProtocolRun, group: int, heard: Hearing) -> Procedure:
    """Wait until a class has heard a directive outdoors and has been counted."""
    hears_s = outdoors_s(run, int(run.roster.groups.place[group]), heard)
    if np.isinf(hears_s):
        yield run.incident.event()  # never heard: nothing follows
    yield run.incident.timeout(max(0.0, hears_s - run.incident.now))
    yield run.away.counted[group]


def others_outdoors(run: ProtocolRun) -> Ints:
    """Return the people without a class who are at an assembly area now."""
    alone = np.flatnonzero(run.roster.group < 0)
    assembled(run, alone)
    return still_there(run, alone)


def still_there(run: ProtocolRun, people: Ints) -> Ints:
    """Return those who stand at an assembly area, and were told nothing else in the meantime."""
    stand = ~np.isin(run.movement.person("status")[people], (WALKING, QUEUEING))
    outdoors = run.space_now()[people] < 0
    waits = np.isin(run.people.state[people], (PersonState.ASSEMBLED, PersonState.ACCOUNTED))
    return np.asarray(people[stand & outdoors & waits & ~run.on_duty[people]])


def _others(
    run: ProtocolRun,
    classes: Sequence[simpy.Process],
    heard: Hearing,
    journey: _Walk | _Ride,
    *,
    to_all: bool,
) -> Procedure:
    yield run.incident.all_of(classes)
    hears_s = outdoors_s(run, -1, heard)
    if to_all and np.isfinite(hears_s):
        yield run.incident.timeout(max(0.0, hears_s - run.incident.now))
        here = others_outdoors(run)
        if len(here):
            journey.sets_off(here, -1)
    journey.nobody_else()


class _Walk:
    """Each party walks together, and waits at every road that it crosses."""

    def __init__(self, run: ProtocolRun, turn: int, way: OnFoot) -> None:
        self.run, self.turn, self.way = run, turn, way

    def sets_off(self, people: Ints, group: int) -> None:
        """Let a party begin to walk now."""
        leaves_campus(self.run, people)
        self.run.incident.process(self._walks(people, group))

    def nobody_else(self) -> None:
        """Nothing waits for another party."""

    def _walks(self, people: Ints, group: int) -> Procedure:
        run, way = self.run, self.way
        seconds = way.metres / float(run.speed_mps[people, 0].min())
        party = run.roster.groups.ids[group] if group >= 0 else "without a class"
        for crossing in range(way.crossings):
            purpose = f"cross_road {self.turn} {crossing}"
            drawn = uniforms(run.draws.seed, run.draws.replica, purpose, entity_keys((party,)))
            seconds += float(run.orders.seconds["cross_road"].ppf(drawn)[0])
        yield run.incident.timeout(seconds)
        arrives_at_site(run, people)


class _Ride:
    """Each party waits at the kerb for a bus; people in wheelchairs for one with a lift."""

    def __init__(self, run: ProtocolRun, turn: int, way: Buses) -> None:
        self.run, self.turn, self.way = run, turn, way
        kerb = simpy.Resource(run.incident, way.loading_places)
        on_foot = [run.draws.seconds("person", step, turn) for step in ("board", "alight")]
        lifted = run.draws.seconds("person", "lift", turn)
        self.buses = self._fleet("bus", kerb, way.number, way.capacity, *on_foot)
        self.lifts = self._fleet(
            "wheelchair bus", kerb, way.wheelchair_buses, way.wheelchair_places, lifted, lifted
        )

    def _fleet(
        self,
        name: str,
        kerb: simpy.Resource,
        number: int,
        capacity: int,
        board_s: NDArray[np.float64],
        alight_s: NDArray[np.float64],
    ) -> BusFleet:
        run, way, turn = self.run, self.way, self.turn

        def ride_s(bus: int, ride: int) -> float:
            key = entity_keys((f"{name} {bus}",))
            drawn = uniforms(run.draws.seed, run.draws.replica, f"ride {turn} {ride}", key)
            return float(way.ride_s.ppf(drawn)[0])

        def boards(people: Sequence[int]) -> list[int]:
            there = still_there(run, np.array(people, dtype=np.int64))
            leaves_campus(run, there)
            return list(there.tolist())

        def arrives(person: int) -> None:
            arrives_at_site(run, np.array([person]))

        return BusFleet(
            run.incident,
            kerb,
            capacity=capacity,
            there_s=[
                max(0.0, run.announced_s[turn] + way.first_s + n * way.headway_s - run.incident.now)
                for n in range(number)
            ],
            ride_s=ride_s,
            board_s=board_s,
            alight_s=alight_s,
            waits_s=way.waits_s,
            boards=boards,
            arrives=arrives,
        )

    def sets_off(self, people: Ints, group: int) -> None:
        """Let a party wait at the kerb from now on."""
        chairs = np.isin(people, self.run.orders.wheelchairs)
        self.buses.join(people[~chairs].tolist())
        for person in people[chairs].tolist():
            self.lifts.join([person])

    def nobody_else(self) -> None:
        """Let no bus wait for another party."""
        self.buses.nobody_else()
        self.lifts.nobody_else()
