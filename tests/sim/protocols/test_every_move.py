"""Every state of a room, a door and a person follows legally, whatever is announced and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support import responding
from support.graph_plans import two_storeys
from support.lockdowns import CONSTANT, classrooms, exterior, incident, orders, people, rooms_of
from support.lockdowns import times as times_of
from support.shelters import areas, reunion

from buildings import compile_corners, compile_plan
from sim import Abilities, Distribution, DoorOrder, RunResult
from sim.protocols import (
    OPTIONS,
    TRADITIONAL,
    Action,
    Buses,
    Directive,
    DoorState,
    DoorToDoor,
    LockKind,
    OnFoot,
    PersonState,
    ProtocolTimes,
    ReleaseTeam,
    Relocation,
    RoomState,
    StateChanges,
    legal_moves,
)
from sim.protocols.reunification_orders import ExceptionRule

OPEN_PLAN = classrooms(3)
COMPILED = OPEN_PLAN[1]
ROOMS = rooms_of(COMPILED)
STEPS = (
    "recognise", "sweep", "close", "lights", "quiet", "react", "look_around", "unlock", "seal",
    "ventilation", "drop", "board",
)  # fmt: skip
SPREAD = {step: Distribution("uniform", (0.0, 20.0)) for step in STEPS}
WORDS = (
    Action.HOLD, Action.SECURE, Action.LOCKDOWN, Action.EVACUATE, Action.RELEASE, Action.SHELTER,
    Action.SHELTER, Action.RELOCATE,
)  # fmt: skip
DECLINE = ExceptionRule("not_authorised", 0.3, CONSTANT(20.0), 0.5)
WAYS = (OnFoot(200.0, 1), Buses(2, 7, CONSTANT(60.0), waits_s=30.0))


@st.composite
def directives(draw: st.DrawFn, at_s: float) -> Directive:
    """Draw what is announced at a time."""
    action = draw(st.sampled_from(WORDS))
    against = draw(st.sampled_from(["weather", "hazardous_material", "earthquake"]))
    shelter = against if action == Action.SHELTER else None
    return Directive(
        at_s,
        action,
        spaces=draw(st.sampled_from([None, None, None, (ROOMS[0], ROOMS[3])])),
        to_leave=draw(st.booleans()),
        shelter=shelter,
        lasts_s=draw(st.sampled_from([0.0, 15.0])) if shelter == "earthquake" else 0.0,
        relocation=Relocation("hall", draw(st.sampled_from(WAYS)))
        if action == Action.RELOCATE
        else None,
    )


@st.composite
def days(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a timeline, locks, rules and people."""
    n = draw(st.integers(1, 5))
    at = sorted(
        draw(st.lists(st.sampled_from([0, 1, 5, 20, 60, 200, 400]), min_size=n, max_size=n))
    )
    timeline = [draw(directives(float(time_s))) for time_s in at]
    reunify_s = draw(st.sampled_from([None, None, 60.0, 400.0]))
    if reunify_s is not None:
        timeline.append(Directive(reunify_s, Action.REUNIFY))
        timeline.sort(key=lambda one: one.at_s)
    lock = LockKind(
        "some",
        Distribution("uniform", (0.0, 30.0)),
        fails=draw(st.sampled_from([0.0, 0.3, 1.0])),
        unnoticed=draw(st.sampled_from([0.0, 0.5, 1.0])),
        needs_key=draw(st.booleans()),
        automatic=draw(st.booleans()),
        remote=draw(st.booleans()),
    )
    return {
        "timeline": tuple(timeline),
        "lock": draw(st.sampled_from([None, lock, lock, lock])),
        "rules": draw(st.sampled_from([TRADITIONAL, OPTIONS])),
        "in_rooms": draw(st.integers(1, 4)),
        "teacher": draw(st.booleans()),
        "hall": draw(st.integers(0, 8)),
        "outdoors": draw(st.integers(0, 5)),
        "stands_open": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "replica": draw(st.integers(0, 1000)),
        "stays": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "crew": draw(st.booleans()),
        "places": draw(st.sampled_from([0, 9, 60])),
    }


def run_day(day: dict[str, Any]) -> tuple[Any, RunResult]:
    """Run a drawn day."""
    plan = day.get("plan", OPEN_PLAN)
    compiled = plan[1]
    rooms = {compiled.space_ids[room]: day["in_rooms"] for room in ROOMS}
    hall = {"C1": day["hall"]} if day["hall"] else {}
    roster = people(compiled, rooms | hall, with_teacher=day["teacher"], outdoors=day["outdoors"])
    in_hall = np.flatnonzero(roster.space == compiled.space_index("C1"))
    said = orders(
        plan,
        roster,
        day["timeline"],
        lock=day["lock"],
        rules=day["rules"],
        seconds=SPREAD | {"count": CONSTANT(10.0)},
        stands_open=day["stands_open"],
        stays_in_lockdown=day["stays"],
        door_crew=tuple(in_hall[:1].tolist()) if day["crew"] else (),
        reunion=reunion(roster, exceptions=(DECLINE,), check_s=CONSTANT(5.0)),
        shelter=areas({"N01": day["places"], "C1": 8}, roster, compiled),
        **exterior(compiled),
    )
    return roster, incident(compiled, roster, said, replica=day["replica"], end_s=1200.0)


def moves(changes: StateChanges, start: np.ndarray[Any, Any]) -> Counter[tuple[int, int]]:
    """Return how often each state was followed by each other one."""
    now = start.copy()
    seen: Counter[tuple[int, int]] = Counter()
    for entity, state in zip(changes.entity.tolist(), changes.state.tolist(), strict=True):
        seen[int(now[entity]), state] += 1
        now[entity] = state
    return seen


@given(days())
@settings(deadline=None, max_examples=60)
def test_every_change_in_order_of_time_is_legal_and_nobody_is_lost(day: dict[str, Any]) -> None:
    roster, result = run_day(day)
    got = times_of(result)
    assert sum(result.ledger.values()) == roster.n_people
    for changes, kind, final in (
        (got.rooms, RoomState, got.room_state),
        (got.people, PersonState, got.person_state),
    ):
        assert (np.diff(changes.time_s) >= 0).all()
        start = np.zeros(len(final), dtype=np.int64)
        for before, after in moves(changes, start):
            assert legal_moves(kind)[before, after], (kind, before, after)
        last = start.copy()
        last[changes.entity] = -1
        for entity, state in zip(changes.entity, changes.state, strict=True):
            last[entity] = state
        assert np.array_equal(last, final)


CRAMPED = classrooms(3, cramped=True)


def day_number(number: int) -> dict[str, Any]:
    """Return a day made up from a number, with times and crowds that are seldom drawn."""
    dice = np.random.default_rng(number)

    def one_of(choices: Any) -> Any:
        return choices[int(dice.integers(len(choices)))]

    timeline = []
    for at_s in np.sort(dice.uniform(0.0, 150.0, size=int(dice.integers(2, 6)))).tolist():
        action = one_of(WORDS)
        shelter = None
        if action == Action.SHELTER:
            shelter = one_of(["weather", "hazardous_material", "earthquake"])
        timeline.append(
            Directive(
                at_s,
                action,
                spaces=one_of([None, None, (ROOMS[0], ROOMS[3])]),
                to_leave=bool(dice.random() < 0.5),
                shelter=shelter,
                lasts_s=15.0 if shelter == "earthquake" else 0.0,
                relocation=Relocation("hall", one_of(WAYS)) if action == Action.RELOCATE else None,
            )
        )
    if dice.random() < 0.3:
        timeline.append(Directive(one_of([150.0, 400.0]), Action.REUNIFY))
    lock = LockKind(
        "some",
        Distribution("uniform", (0.0, 30.0)),
        fails=one_of([0.0, 0.5, 1.0]),
        unnoticed=one_of([0.0, 0.5, 1.0]),
        needs_key=bool(dice.random() < 0.3),
    )
    cramped = bool(dice.random() < 0.6)
    return {
        "plan": CRAMPED if cramped else OPEN_PLAN,
        "timeline": tuple(timeline),
        "lock": one_of([None, lock, lock]),
        "rules": one_of([TRADITIONAL, OPTIONS]),
        "in_rooms": one_of([1, 4, 12] if cramped else [1, 4]),
        "teacher": bool(dice.random() < 0.7),
        "hall": one_of([0, 4, 8]),
        "outdoors": one_of([0, 3]),
        "stands_open": one_of([0.0, 1.0]),
        "replica": number,
        "stays": one_of([0.0, 1.0]),
        "crew": bool(dice.random() < 0.5),
        "places": one_of([0, 9, 60]),
    }


def moves_of(got: ProtocolTimes) -> set[tuple[str, str, str]]:
    """Return every move that somebody or something made in a recorded run.

    No door is locked at first here: one whose first change is to be closed stood open.
    """
    seen = set()
    first = np.full(len(got.door_state), DoorState.CLOSED)
    for entity, state in reversed(list(zip(got.doors.entity, got.doors.state, strict=True))):
        first[entity] = DoorState.STANDS_OPEN if state == DoorState.CLOSED else DoorState.CLOSED
    for changes, kind, start in (
        (got.rooms, RoomState, np.zeros(len(got.room_state), dtype=np.int64)),
        (got.doors, DoorState, first),
        (got.people, PersonState, np.zeros(len(got.person_state), dtype=np.int64)),
    ):
        for before, after in moves(changes, start):
            seen.add((kind.__name__, kind(before).name, kind(after).name))
    return seen


SELDOM = (
    1049,
    2048,
    940,
    2033,
    1137,
    100,
    1141,
    1168,
    1011,
    1071,
    1075,
    1124,
    2004,
    2137,
    244,
    354,
)
"""Numbers of days that make, together, every move that some day of two thousand made."""


def seldom_days() -> Iterator[ProtocolTimes]:
    """Run days that make what made-up days hardly ever do."""
    for number in SELDOM:
        yield times_of(run_day(day_number(number))[1])
    # people who cannot use stairs, on a landing and upstairs
    plan = two_storeys()
    compiled = compile_plan(plan)
    own = (plan, compiled, compile_corners(plan, compiled))
    roster = people(compiled, {"LA": 1, "C2": 1})
    able = replace(Abilities.plain(2), level_only=np.ones(2, dtype=np.bool_))
    roster = replace(roster, abilities=able)
    for action in (Action.LOCKDOWN, Action.EVACUATE):
        said = orders(own, roster, (Directive(0.0, action),))
        yield times_of(incident(compiled, roster, said))
    # a crowd that stays visible, and is released
    compiled = CRAMPED[1]
    roster = people(compiled, {"N00": 36})
    word = (Directive(0.0, Action.LOCKDOWN), Directive(200.0, Action.RELEASE))
    yield times_of(incident(compiled, roster, orders(CRAMPED, roster, word)))
    # a refuge area is closed while people are on their way to it
    roster = people(COMPILED, {"N00": 3})
    storm = (Directive(0.0, Action.SHELTER, shelter="weather"),)
    said = orders(OPEN_PLAN, roster, storm, shelter=areas({"N02": 9}, roster))
    closed = DoorOrder(4.0, COMPILED.gate_index("DN02"), (False, False))
    yield times_of(incident(COMPILED, roster, said, doors_change=(closed,)))
    # teams go door to door: with an escort, in a drill, and while something else is announced
    hall = responding.room("C1")
    roster, [rows] = responding.with_units(responding.full(hall=5), 1)
    team = responding.unit(rows)
    at_once = LockKind("at once", CONSTANT(0.0), fails=0.0, unnoticed=0.0)
    loose = LockKind("loose", CONSTANT(1.0), fails=1.0, unnoticed=1.0)
    escort = responding.responders(
        [team], release=DoorToDoor(responding.teams(team), then="escort")
    )
    news = (*responding.STEPS, Directive(204.0, Action.LOCKDOWN), Directive(215.0, Action.EVACUATE))
    for lock, steps in ((at_once, responding.STEPS), (loose, news)):
        yield times_of(responding.run(roster, escort, lock=lock, steps=steps, hold_door_s=0.0)[0])
    roster = responding.full(hall=2)
    staff = tuple(np.flatnonzero(roster.space == hall).tolist())
    drill = responding.responders([], release=DoorToDoor((ReleaseTeam(staff, keys=True),), "stay"))
    deaf = np.zeros(len(COMPILED.space_ids))
    deaf[responding.room("N02")] = np.inf
    yield times_of(responding.run(roster, drill, hears_delay_s=deaf)[0])


def test_every_legal_move_is_made_by_some_day_and_no_other() -> None:
    seen = set().union(*(moves_of(day) for day in seldom_days()))
    legal = {
        (kind.__name__, kind(before).name, kind(after).name)
        for kind in (RoomState, DoorState, PersonState)
        for before, after in zip(*np.nonzero(legal_moves(kind)), strict=True)
    }
    assert seen == legal
