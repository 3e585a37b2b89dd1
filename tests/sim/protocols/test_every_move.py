"""Every state of a room, a door and a person follows legally, whatever is announced and when."""

from __future__ import annotations

from collections import Counter
from enum import IntEnum
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lockdowns import CONSTANT, classrooms, exterior, incident, orders, people, rooms_of
from support.lockdowns import times as times_of

from sim import Distribution, RunResult, protocols
from sim.protocols import (
    OPTIONS,
    TRADITIONAL,
    Action,
    Directive,
    LockKind,
    StateChanges,
    legal_moves,
)

PLAN = classrooms(3)
COMPILED = PLAN[1]
ROOMS = rooms_of(COMPILED)
SPREAD = {
    step: Distribution("uniform", (0.0, 20.0))
    for step in ("recognise", "sweep", "close", "lights", "quiet", "react", "look_around", "unlock")
}
WORDS = (Action.HOLD, Action.SECURE, Action.LOCKDOWN, Action.EVACUATE, Action.RELEASE)


@st.composite
def days(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a timeline, locks, rules and people."""
    n = draw(st.integers(1, 5))
    at = sorted(
        draw(st.lists(st.sampled_from([0, 1, 5, 20, 60, 200, 400]), min_size=n, max_size=n))
    )
    timeline = tuple(
        Directive(
            float(time_s),
            draw(st.sampled_from(WORDS)),
            spaces=draw(st.sampled_from([None, None, None, (ROOMS[0], ROOMS[3])])),
            to_leave=draw(st.booleans()),
        )
        for time_s in at
    )
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
        "timeline": timeline,
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
    }


def run_day(day: dict[str, Any]) -> tuple[Any, RunResult]:
    """Run a drawn day."""
    rooms = {COMPILED.space_ids[room]: day["in_rooms"] for room in ROOMS}
    hall = {"C1": day["hall"]} if day["hall"] else {}
    roster = people(COMPILED, rooms | hall, with_teacher=day["teacher"], outdoors=day["outdoors"])
    in_hall = np.flatnonzero(roster.space == COMPILED.space_index("C1"))
    said = orders(
        PLAN,
        roster,
        day["timeline"],
        lock=day["lock"],
        rules=day["rules"],
        seconds=SPREAD | {"count": CONSTANT(10.0)},
        stands_open=day["stands_open"],
        stays_in_lockdown=day["stays"],
        door_crew=tuple(in_hall[:1].tolist()) if day["crew"] else (),
        **exterior(COMPILED),
    )
    return roster, incident(COMPILED, roster, said, replica=day["replica"], end_s=1200.0)


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
        (got.rooms, "RoomState", got.room_state),
        (got.people, "PersonState", got.person_state),
    ):
        assert (np.diff(changes.time_s) >= 0).all()
        start = np.zeros(len(final), dtype=np.int64)
        for before, after in moves(changes, start):
            assert legal_moves(_kind(kind))[before, after], (kind, before, after)
        last = start.copy()
        last[changes.entity] = -1
        for entity, state in zip(changes.entity, changes.state, strict=True):
            last[entity] = state
        assert np.array_equal(last, final)


def _kind(name: str) -> type[IntEnum]:
    kind: type[IntEnum] = getattr(protocols, name)
    return kind
