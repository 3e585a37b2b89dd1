"""One person more never makes an evacuation shorter where that is provable; where it is false.

Let nobody be slowed by density, no cell be limited, all walk at one speed, and all ways lead
through one tree of gates to one exit. Then each gate serves in the order of arrival, so the k-th of
those who pass it leaves at max over j <= k of (j-th arrival + (k - j) headways). If by any time no
fewer and at most one more have arrived, the same holds for those who have passed; a walk of fixed
length shifts it, and where streams meet only one of them has the extra person. So by any time no
fewer are out, and at most one more: the last of n + 1 is out no earlier than the last of n was.

Each condition is needed. Like list schedules (Graham 1969), queues that are first come, first
served do worse when their order changes for the worse: in two examples below somebody who holds up
a person with a short way lets one with a long way go first. In random trees with density (``sfpe``)
about 1 case in 140 is shorter with one person more, by up to 1.2 s; with full cells, where merging
streams take turns, 1 in 750.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hand_buildings import hand_building, hand_orders, hand_roster
from support.random_crowds import Crowd, irregular

from buildings import CompiledPlan
from sim import Distribution, FlowLaw, RunResult, Simulation, flow_law

backends = pytest.mark.parametrize("backend", ["python", "compiled"])
LAW = flow_law(
    "sfpe",
    speed_law="none",
    storage_per_m2=np.inf,
    door_specific_flow=1.0,
    door_boundary_m=0.0,
)


@st.composite
def trees(draw: Any, *, law: FlowLaw = LAW) -> Crowd:
    """Rooms that all lead by one way to one exit, with up to 12 people in each."""
    n = draw(st.integers(1, 6))
    names = [f"room-{i}" for i in range(n)]
    gates = [
        (names[draw(st.integers(0, i - 1))], names[i], draw(st.sampled_from([0.5, 1.0, 2.0])))
        for i in range(1, n)
    ]
    gates.append((names[0], "outside", draw(st.sampled_from([0.5, 1.0]))))
    building = hand_building(
        dict.fromkeys(names, 20.0),
        gates,
        walk_m=draw(st.sampled_from([1.0, 2.0, 8.0])),
        start_m=draw(st.sampled_from([0.0, 3.0])),
        slots=13,
    )
    people = {name: draw(st.integers(0, 12)) for name in names}
    return Crowd(irregular(building) if draw(st.booleans()) else building, people, law)


@backends
@settings(max_examples=80, deadline=None)
@given(trees(), st.integers(0, 5), st.sampled_from([0.0, 10.0, 40.0]))
def test_with_one_person_more_no_fewer_are_out_by_any_time_and_at_most_one_more(
    backend: Any, crowd: Crowd, room: int, within_s: float
) -> None:
    name = f"room-{room % len(crowd.people)}"
    more = replace(crowd, people=crowd.people | {name: crowd.people[name] + 1})
    before, after = (
        np.sort(
            case.run(
                backend=backend,
                record=False,
                speed=Distribution.constant(1.25),
                pre_movement=Distribution("uniform", (0.0, within_s)),
            ).out_s
        )
        for case in (crowd, more)
    )
    assert (after[:-1] <= before + 1e-9).all()
    assert (after[1:] >= before - 1e-9).all()


def walk(
    building: CompiledPlan,
    people: dict[str, int],
    *,
    speeds_mps: list[float],
    starts_s: list[float],
    exits: list[int],
    backend: Any,
) -> RunResult:
    roster = hand_roster(building, people)
    roster = replace(
        roster,
        speeds=tuple(Distribution.constant(speed) for speed in speeds_mps),
        speed_of=np.arange(len(speeds_mps)),
        listed_pre_movement_s=np.array(starts_s),
        exit_gate=np.array(exits),
    )
    return Simulation(building, roster, LAW, hand_orders(building), seed=1, backend=backend).run()


@backends
def test_people_of_different_speed_can_be_out_sooner_with_one_more(backend: Any) -> None:
    """Back room, hall, lobby, one a second through each door; 20 m through the lobby.

    Slow (0.5 m/s) is at the lobby's door at 5.0 s, Fast (2 m/s) at 4.9 s: Slow waits until 5.9 s
    and is out at 45.9 s. One more (1.75 m/s) passes the back room's door right before Fast, who
    comes 1 s later to the lobby's: Slow goes first and is out at 45.0 s, the last of all.
    """
    building = hand_building(
        {"back": 50.0, "hall": 50.0, "lobby": 50.0},
        [("back", "hall", 1.0), ("hall", "lobby", 1.0), ("lobby", "outside", 5.0)],
        walk_m={("hall", 0, 1): 4.0, ("lobby", 1, 2): 20.0},
        start_m={("back", 0): 0.0, ("hall", 1): 0.0},
    )
    slow, fast, extra = (5.0, 0.5), (2.9, 2.0), (2.85, 1.75)
    without = walk(
        building, {"back": 1, "hall": 1},
        speeds_mps=[fast[1], slow[1]], starts_s=[fast[0], slow[0]], exits=[-1, -1], backend=backend,
    )  # fmt: skip
    with_one = walk(
        building, {"back": 2, "hall": 1},
        speeds_mps=[fast[1], extra[1], slow[1]], starts_s=[fast[0], extra[0], slow[0]],
        exits=[-1, -1, -1], backend=backend,
    )  # fmt: skip
    assert without.out_s.max() == pytest.approx(45.9)
    assert with_one.out_s.max() == pytest.approx(45.0)


@backends
def test_people_bound_for_different_exits_can_be_out_sooner_with_one_more(backend: Any) -> None:
    """The same at one speed: Near and Far share the lobby's door, and the lobby has two exits.

    Far is at the lobby's door at 5.0 s and has 40 m to go, Near at 4.9 s and has 1 m: Far waits
    until 5.9 s and is out at 45.9 s. One more holds up Near at the back room's door and leaves by
    the hall's own exit: Far goes first and is out at 45.0 s.
    """
    building = hand_building(
        {"back": 50.0, "hall": 50.0, "lobby": 50.0},
        [
            ("back", "hall", 1.0),
            ("hall", "lobby", 1.0),
            ("hall", "outside", 1.0),
            ("lobby", "outside", 1.0),
            ("lobby", "outside", 1.0),
        ],
        walk_m={
            ("hall", 0, 1): 2.0,
            ("hall", 0, 2): 2.0,
            ("hall", 1, 2): 2.0,
            ("lobby", 1, 3): 1.0,
            ("lobby", 1, 4): 40.0,
            ("lobby", 3, 4): 40.0,
        },
        start_m={("back", 0): 0.0, ("hall", 1): 0.0, ("hall", 2): 2.0},
    )
    near, far, extra = (2.9, 3), (5.0, 4), (2.85, 2)
    without = walk(
        building, {"back": 1, "hall": 1},
        speeds_mps=[1.0, 1.0], starts_s=[near[0], far[0]], exits=[near[1], far[1]],
        backend=backend,
    )  # fmt: skip
    with_one = walk(
        building, {"back": 2, "hall": 1},
        speeds_mps=[1.0, 1.0, 1.0], starts_s=[near[0], extra[0], far[0]],
        exits=[near[1], extra[1], far[1]], backend=backend,
    )  # fmt: skip
    assert without.out_s.max() == pytest.approx(45.9)
    assert with_one.out_s.max() == pytest.approx(45.0)
