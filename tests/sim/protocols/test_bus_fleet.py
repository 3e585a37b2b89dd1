"""Buses that shuttle parties to a site: known answers and laws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.protocols import BusFleet


class Shuttle:
    """A fleet with constant times, and who arrives when."""

    def __init__(
        self,
        people: int,
        *,
        capacity: int,
        there_s: Sequence[float] = (0.0,),
        board_s: float = 2.0,
        alight_s: float = 1.0,
        ride_s: float = 100.0,
        waits_s: float = 0.0,
        loading_places: int = 1,
    ) -> None:
        self.env = simpy.Environment()
        self.left_s: dict[int, float] = {}
        self.there_s: dict[int, float] = {}
        self.fleet = BusFleet(
            self.env,
            simpy.Resource(self.env, loading_places),
            capacity=capacity,
            there_s=there_s,
            ride_s=lambda bus, ride: ride_s,
            board_s=np.full(people, board_s),
            alight_s=np.full(people, alight_s),
            waits_s=waits_s,
            boards=self._boards,
            arrives=lambda one: self.there_s.update({one: self.env.now}),
        )

    def _boards(self, party: Sequence[int]) -> Sequence[int]:
        self.left_s.update(dict.fromkeys(party, self.env.now))
        return party

    def joins_at(self, time_s: float, party: list[int]) -> None:
        def come() -> Any:
            yield self.env.timeout(time_s)
            self.fleet.join(party)

        self.env.process(come())

    def closes_at(self, time_s: float) -> None:
        def close() -> Any:
            yield self.env.timeout(time_s)
            self.fleet.nobody_else()

        self.env.process(close())


@pytest.mark.parametrize(("people", "capacity"), [(1, 4), (8, 4), (10, 4), (12, 1)])
def test_one_bus_makes_as_many_trips_as_it_takes_and_each_takes_a_cycle(people: int, capacity: int):
    shuttle = Shuttle(people, capacity=capacity)
    shuttle.fleet.join([*range(people)])
    shuttle.fleet.nobody_else()
    shuttle.env.run()
    trips = math.ceil(people / capacity)
    cycle_s = capacity * 2.0 + 100.0 + capacity * 1.0 + 100.0
    last = people - (trips - 1) * capacity
    assert shuttle.fleet.trips == trips
    assert max(shuttle.there_s.values()) == (trips - 1) * cycle_s + last * 2.0 + 100.0 + last * 1.0
    assert shuttle.fleet.peak == min(people, capacity)


def test_classes_board_whole_and_nobody_overtakes():
    shuttle = Shuttle(9, capacity=5)
    for party in ([0, 1, 2], [3, 4, 5], [6, 7, 8]):
        shuttle.fleet.join(party)
    shuttle.fleet.nobody_else()
    shuttle.env.run()
    assert shuttle.fleet.trips == 3
    assert [shuttle.left_s[one] for one in range(9)] == sorted(shuttle.left_s.values())
    assert shuttle.left_s[0] == shuttle.left_s[2] < shuttle.left_s[3] == shuttle.left_s[5]


def test_with_as_many_buses_as_trips_the_headway_decides():
    shuttle = Shuttle(8, capacity=4, there_s=(60.0, 360.0))
    shuttle.fleet.join([0, 1, 2, 3])
    shuttle.fleet.join([4, 5, 6, 7])
    shuttle.fleet.nobody_else()
    shuttle.env.run()
    # the first bus is back after 60 + 8 + 100 + 4 + 100 s, before the second one comes
    assert shuttle.there_s[3] == 172.0
    assert shuttle.there_s[7] == 272.0 + 8.0 + 100.0 + 4.0


def test_two_loading_places_load_two_buses_at_once():
    for places, last_s in ((1, 16.0 + 100.0 + 4.0), (2, 8.0 + 100.0 + 4.0)):
        shuttle = Shuttle(8, capacity=4, there_s=(0.0, 0.0), loading_places=places)
        shuttle.fleet.join([0, 1, 2, 3])
        shuttle.fleet.join([4, 5, 6, 7])
        shuttle.fleet.nobody_else()
        shuttle.env.run()
        assert max(shuttle.there_s.values()) == last_s


@pytest.mark.parametrize(("waits_s", "trips"), [(0.0, 2), (29.0, 2), (31.0, 1)])
def test_a_bus_waits_for_another_class_for_so_long(waits_s: float, trips: int):
    shuttle = Shuttle(4, capacity=4, waits_s=waits_s)
    shuttle.joins_at(0.0, [0, 1])
    shuttle.joins_at(4.0 + 30.0, [2, 3])
    shuttle.closes_at(40.0)
    shuttle.env.run()
    assert shuttle.fleet.trips == trips
    assert len(shuttle.there_s) == 4


def test_without_a_bus_nobody_leaves():
    shuttle = Shuttle(4, capacity=4, there_s=())
    shuttle.fleet.join([0, 1, 2, 3])
    shuttle.env.run()
    assert not shuttle.left_s


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 12)), min_size=1, max_size=8),
    st.integers(1, 10),
    st.lists(st.integers(0, 400), min_size=1, max_size=4),
    st.integers(1, 3),
    st.sampled_from([0.0, 30.0, 1000.0]),
)
def test_everybody_arrives_once_and_no_bus_is_ever_overfull(
    parties: list[tuple[int, int]],
    capacity: int,
    buses: list[int],
    loading_places: int,
    waits_s: float,
):
    people = sum(size for _, size in parties)
    shuttle = Shuttle(
        people,
        capacity=capacity,
        there_s=[float(one) for one in buses],
        waits_s=waits_s,
        loading_places=loading_places,
    )
    first, members = 0, []
    for time_s, size in parties:
        members.append([*range(first, first + size)])
        shuttle.joins_at(float(time_s), members[-1])
        first += size
    shuttle.closes_at(500.0)
    shuttle.env.run()
    assert sorted(shuttle.there_s) == sorted(shuttle.left_s) == [*range(people)]
    assert shuttle.fleet.peak <= capacity
    assert shuttle.fleet.trips >= math.ceil(people / capacity)
    for one in range(people):
        assert shuttle.there_s[one] >= shuttle.left_s[one] + 2.0 + 100.0 + 1.0
    for (time_s, size), own in zip(parties, members, strict=True):
        left = {shuttle.left_s[one] for one in own}
        assert min(left) >= time_s
        assert len(left) == 1 or size > capacity
