"""Laws of assisted evacuation over random buildings with stairs, refuges, chairs and lifts."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hand_buildings import hand_building
from support.helped import CONSTANT, helped, lift_between, ran, two_floors

from buildings import CompiledPlan
from sim import (
    BESIDE,
    CARRIED,
    CHAIR,
    EVENT_KINDS,
    FINAL_STATES,
    NO_HELP,
    Distribution,
    Lift,
    RunResult,
    Simulation,
    Stop,
    flow_law,
)

PASS, JOIN, PART, BOARD, ALIGHT = (
    EVENT_KINDS.index(kind) for kind in ("pass", "join", "part", "board", "alight")
)


def tower(floors: int, *, rooms: int, exit_above: bool, walk_m: float) -> CompiledPlan:
    """Floors joined by flights; a hall on each with rooms beside it; out of the lowest."""
    areas: dict[str, float] = {}
    gates: list[tuple[str, str, float]] = []
    stairs = {}
    for floor in range(floors):
        areas[f"hall-{floor}"] = 12.0
        for room in range(rooms):
            areas[f"room-{floor}-{room}"] = 20.0
    for floor in range(1, floors):
        areas[f"flight-{floor}"] = 8.0
        stairs[f"flight-{floor}"] = (0.17, 0.28, 1.1 if floor % 2 else 1.4, 9.0)
        gates.append((f"flight-{floor}", f"hall-{floor - 1}", 1.2))
        gates.append((f"flight-{floor}", f"hall-{floor}", 1.2))
    for floor in range(floors):
        gates += [(f"room-{floor}-{room}", f"hall-{floor}", 0.9) for room in range(rooms)]
    gates.append(("hall-0", "outside", 1.5))
    if exit_above:
        gates.append((f"hall-{floors - 1}", "outside", 0.9))
    return hand_building(
        areas, gates, walk_m=walk_m, start_m=2.0, slots=30, stairs=stairs, assembly_m=15.0
    )


@st.composite
def drills(draw: Any) -> dict[str, Any]:
    """A tower, people who need help in it, and whatever helps them."""
    floors = draw(st.integers(2, 3))
    rooms = draw(st.integers(1, 2))
    building = tower(
        floors,
        rooms=rooms,
        exit_above=draw(st.booleans()),
        walk_m=draw(st.sampled_from([1.0, 6.0])),
    )
    names = [name for name in building.space_ids if name.startswith("room")]
    people = {name: draw(st.integers(0, 8)) for name in names}
    ways = {
        name: draw(st.lists(st.sampled_from([CHAIR, CARRIED, BESIDE]), max_size=min(2, count)))
        for name, count in people.items()
    }
    helpers = {
        name: draw(st.integers(0, min(2, count - len(ways[name]))))
        for name, count in people.items()
    }
    classes = tuple(name for name in names if people[name] and draw(st.booleans()))
    lifts: list[Lift] = []
    if draw(st.booleans()):
        stops = tuple(
            Stop(building.space_index(f"hall-{floor}"), 3.5 * floor) for floor in range(floors)
        )
        lifts = [
            lift_between(
                building,
                stops=stops,
                places=draw(st.integers(1, 4)),
                from_s=draw(st.sampled_from([0.0, 60.0])),
                order=draw(st.sampled_from(["top_down", "nearest"])),
                attended=draw(st.booleans()),
                boarding_s=Distribution("uniform", (2.0, 6.0)),
            )
        ]
    halls = [f"hall-{floor}" for floor in range(floors)]
    return {
        "building": building,
        "people": people,
        "ways": ways,
        "helpers": helpers,
        "needed": draw(st.integers(1, 2)),
        "refuges": draw(st.lists(st.sampled_from(halls), unique=True)),
        "chairs": draw(st.lists(st.sampled_from(halls), min_size=1, max_size=3)),
        "classes": classes,
        "lifts": lifts,
        "size": draw(st.integers(1, 3)),
        "law": flow_law("sfpe", storage_per_m2=draw(st.sampled_from([1.0, 3.5]))),
        "report_s": CONSTANT(draw(st.sampled_from([0.0, 20.0]))),
        "return_for_next": draw(st.booleans()),
        "pre_movement": Distribution("uniform", (0.0, 30.0)),
    }


def made(drill: dict[str, Any], **changed: Any) -> Simulation:
    said = drill | changed
    building, people = said.pop("building"), said.pop("people")
    return helped(building, people, **said)


def check_help(simulation: Simulation, run: RunResult) -> None:
    assistance = simulation.orders.assistance
    assert assistance is not None
    n = simulation.roster.n_people
    assert sum(run.ledger.values()) == n
    of_helper: dict[int, list[Any]] = {}
    for task in run.help.tasks:
        assert task.helper in assistance.helpers
        assert task.called_s <= task.arrived_s <= task.done_s or math.isinf(task.done_s)
        of_helper.setdefault(task.helper, []).append(task)
    for tasks in of_helper.values():
        for first, second in pairwise(sorted(tasks, key=lambda task: task.called_s)):
            assert second.called_s >= first.done_s, "a helper is in two tasks"
    check_chairs(simulation, run)
    check_log(simulation, run)
    assert (run.help.waits_from_s <= run.help.help_s).all()
    assert (run.help.help_s <= run.help.set_off_s).all()
    helped_out = run.out_s[run.help.person]
    assert (run.help.set_off_s <= helped_out).all()
    gone = np.isfinite(run.help.set_off_s)
    assert ((run.help.way != NO_HELP) == gone).all()
    waits = np.isin(
        run.final_state[run.help.person],
        [FINAL_STATES.index("waits_in_refuge"), FINAL_STATES.index("waits_for_help")],
    )
    assert not (waits & gone).any()
    if not assistance.helpers and not assistance.lifts:
        assert waits.all()


def check_chairs(simulation: Simulation, run: RunResult) -> None:
    """No more people are fetched by chair at a time than there are chairs."""
    assistance = simulation.orders.assistance
    assert assistance is not None
    spans = {}
    for task in run.help.tasks:
        by_chair = assistance.way[task.person] == CHAIR and run.help.way[
            run.help.person.tolist().index(task.person)
        ] in (CHAIR, NO_HELP)
        if by_chair and not assistance.lifts:
            begin, end = spans.get(task.person, (task.called_s, task.done_s))
            spans[task.person] = (min(begin, task.called_s), end)
    for begin, _ in spans.values():
        at_once = sum(first <= begin < last for first, last in spans.values())
        assert at_once <= len(assistance.chairs), "a chair is in two places"


def check_log(simulation: Simulation, run: RunResult) -> None:
    """Nobody who cannot use stairs is on one alone; no car is overloaded; people stay people."""
    building, able = simulation.compiled, simulation.abilities
    where = simulation._placement.cell.copy()
    with_whom: dict[int, set[int]] = {}
    riding: set[int] = set()
    lifts = simulation.orders.assistance.lifts if simulation.orders.assistance else ()
    log = zip(run.events.kind, run.events.person.tolist(), run.events.subject.tolist(), strict=True)
    for kind, person, subject in log:
        if kind == JOIN:
            assert where[person] == where[subject]
            with_whom.setdefault(subject, set()).add(person)
        elif kind == PART:
            with_whom[subject].remove(person)
        elif kind == BOARD:
            riding.add(person)
            assert sum(int(able.size[one]) for one in riding) <= lifts[0].places
        elif kind == ALIGHT:
            riding.remove(person)
            where[person] = subject
        elif kind == PASS:
            assert person not in riding
            assert where[person] == building.side_cell[subject]
            where[person] = building.side_cell[subject ^ 1]
            on_stair = building.cell_kind[where[person]] == 2
            if on_stair and able.level_only[person]:
                assert with_whom.get(person), "somebody who cannot use stairs is on one alone"


@settings(max_examples=150, deadline=None)
@given(drills())
def test_the_laws_of_help_hold(drill: dict[str, Any]) -> None:
    simulation = made(drill)
    check_help(simulation, ran(simulation))


@settings(max_examples=60, deadline=None)
@given(drills())
def test_without_helpers_and_lifts_all_who_need_help_wait(drill: dict[str, Any]) -> None:
    simulation = made(drill, helpers={}, lifts=())
    run = ran(simulation)
    check_help(simulation, run)
    others = np.setdiff1d(np.arange(simulation.roster.n_people), run.help.person)
    assert np.isfinite(run.out_s[others]).all()


@settings(max_examples=60, deadline=None)
@given(drills(), st.integers(1, 4))
def test_with_enough_helpers_everybody_gets_out(drill: dict[str, Any], spare: int) -> None:
    """Two helpers who go back in are enough for any number of people, however few chairs."""
    people = drill["people"] | {"room-0-0": drill["people"]["room-0-0"] + 2 + spare}
    helpers = {"room-0-0": 2 + spare}
    simulation = made(drill, people=people, helpers=helpers, return_for_next=True)
    run = ran(simulation)
    check_help(simulation, run)
    assert run.ledger["out"] == simulation.roster.n_people


@settings(max_examples=25, deadline=None)
@given(drills())
def test_both_ways_of_running_the_kernel_give_the_same_bits(drill: dict[str, Any]) -> None:
    a, b = (ran(made(drill, backend=backend)) for backend in ("python", "compiled"))
    for name in ("out_s", "assembled_s", "final_state", "walked_m", "queue_s", "exit_gate"):
        assert getattr(a, name).tobytes() == getattr(b, name).tobytes(), name
    for name in ("time_s", "kind", "person", "subject"):
        assert getattr(a.events, name).tobytes() == getattr(b.events, name).tobytes(), name
    for name in ("waits_from_s", "help_s", "set_off_s", "way"):
        assert getattr(a.help, name).tobytes() == getattr(b.help, name).tobytes(), name
    assert a.help.tasks == b.help.tasks


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(1, 2), st.sampled_from([CARRIED, CHAIR]))
def test_more_helpers_never_make_it_later(people: int, needed: int, way: int) -> None:
    """Where nobody is in anybody's way: all wait in one refuge, helpers start in one place.

    Times are constant, density slows nobody, and there is a chair for everybody.
    """
    last = []
    for helpers in range(needed, people * needed + 2):
        simulation = helped(
            two_floors(), {"room": people, "office": helpers}, ways={"room": [way] * people},
            helpers={"office": helpers}, needed=needed, chairs=("refuge",) * people,
        )  # fmt: skip
        run = ran(simulation)
        assert run.ledger["out"] == people + helpers
        last.append(run.out_s[:people].max())
    assert all(later <= sooner + 0.01 for sooner, later in pairwise(last))


def test_the_same_replica_gives_the_same_run_whatever_ran_before() -> None:
    simulation = helped(
        two_floors(), {"room": 4, "office": 2}, ways={"room": [CHAIR, BESIDE]},
        helpers={"office": 2}, chairs=("refuge",), pre_movement=Distribution("uniform", (0, 60)),
    )  # fmt: skip
    first = [ran(simulation, replica).out_s.tobytes() for replica in (0, 1, 2)]
    again = [ran(simulation, replica).out_s.tobytes() for replica in (2, 1, 0)]
    assert first == again[::-1]
    assert len(set(first)) == 3


def test_a_call_that_nobody_can_answer_keeps_nobody_waiting() -> None:
    """Somebody needs two helpers and there is one: the one leaves, the person waits."""
    run = ran(
        helped(
            two_floors(), {"room": 1, "office": 1}, ways={"room": [CARRIED]},
            helpers={"office": 1}, needed=2,
        )
    )  # fmt: skip
    assert run.ledger == run.ledger | {"waits_in_refuge": 1, "out": 1}
    assert run.help.tasks == ()
    assert run.out_s[1] == pytest.approx(12.0)
