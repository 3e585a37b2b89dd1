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
from support.shelters import areas, reunion

from sim import Distribution, RunResult, protocols
from sim.protocols import (
    OPTIONS,
    TRADITIONAL,
    Action,
    Buses,
    Directive,
    LockKind,
    OnFoot,
    Relocation,
    StateChanges,
    legal_moves,
)
from sim.protocols.reunification_orders import ExceptionRule

PLAN = classrooms(3)
COMPILED = PLAN[1]
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
        reunion=reunion(roster, exceptions=(DECLINE,), check_s=CONSTANT(5.0)),
        shelter=areas({"N01": day["places"], "C1": 8}, roster),
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
