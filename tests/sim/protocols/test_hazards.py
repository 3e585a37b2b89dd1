"""A hazard closes ways, is noticed, reported and left; whoever is inside can always go out."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lockdowns import CONSTANT, classrooms, doors, orders, people, simulation, times

from sim import EVENT_KINDS, MOST_HAZARDS, Hazard, HazardTimes, Roster, RunResult
from sim.conductor import Incident
from sim.protocols import OPTIONS, Action, Directive, ProtocolOrders, RoomState

PLAN = classrooms(2)
COMPILED = PLAN[1]
ROOMS = {"N00": 5, "N01": 5, "S00": 5, "S01": 5}
EVERYBODY = people(COMPILED, {**ROOMS, "C1": 4})
LEAVES = (Directive(0.0, Action.EVACUATE),)
NOBODY_KNOWS = CONSTANT(1e6)


def cells_of(*names: str) -> tuple[int, ...]:
    """Return the cells of spaces, or of pieces such as C1/01."""
    spaces = [COMPILED.space_ids[space] if space >= 0 else "" for space in COMPILED.cell_space]
    return tuple(
        cell
        for cell, name in enumerate(COMPILED.cell_ids)
        if name in names or spaces[cell] in names
    )


def hazard(*where: str, **changes: Any) -> Hazard:
    """Return a hazard from 10 to 100 s that is noticed at once."""
    said: dict[str, Any] = {"kind": "smoke", "cells": cells_of(*where), "from_s": 10.0}
    return Hazard(**(said | {"until_s": 100.0} | changes))


def run(
    roster: Roster, *hazards: Hazard, protocol: ProtocolOrders | None = None, end_s: float = 400.0
) -> RunResult:
    """Run one replica, by default with nothing announced that would be heard before its end."""
    protocol = protocol or orders(PLAN, roster, (Directive(1e5, Action.LOCKDOWN),))
    ready = simulation(COMPILED, roster, protocol, end_s=end_s)
    ready.orders = replace(ready.orders, hazards=hazards)
    return ready.run(0, record_events=True)


def outcome(result: RunResult) -> HazardTimes:
    """Return what became of hazards."""
    assert result.hazards is not None
    return result.hazards


def entered(result: RunResult) -> list[tuple[float, int, int]]:
    """Return when people passed a gate, from which cell into which."""
    log = result.events
    passed = np.flatnonzero(log.kind == EVENT_KINDS.index("pass"))
    side = log.subject[passed].astype(np.int64)
    return [
        *zip(
            log.time_s[passed].tolist(),
            COMPILED.side_cell[side].tolist(),
            COMPILED.side_cell[side ^ 1].tolist(),
            strict=True,
        )
    ]


# closing ways


@settings(deadline=None, max_examples=15)
@given(
    where=st.sets(st.sampled_from(["C1/01", "C1/02", "C1/03", "N00", "S01"]), min_size=1),
    from_s=st.floats(0.0, 20.0),
    lasts_s=st.floats(1.0, 60.0),
    told=st.sampled_from([(), None]),
)
def test_nobody_goes_into_a_region_during_its_span(
    where: set[str], from_s: float, lasts_s: float, told: tuple[int, ...] | None
):
    until_s = from_s + lasts_s
    closed = hazard(*where, from_s=from_s, until_s=until_s, told=told)
    result = run(EVERYBODY, closed, protocol=orders(PLAN, EVERYBODY, LEAVES))
    inside = set(closed.cells)
    for time_s, left, into in entered(result):
        assert not (from_s < time_s < until_s and into in inside and left not in inside)
    assert result.ledger["out"] == EVERYBODY.n_people, "the ways are free again at the end"


def test_whoever_is_inside_can_leave_and_whoever_is_outside_stays_until_it_is_over():
    closed = hazard("C1", from_s=0.0, until_s=100.0, told=None, notice_s=NOBODY_KNOWS)
    result = run(EVERYBODY, closed, protocol=orders(PLAN, EVERYBODY, LEAVES))
    in_hall = EVERYBODY.space == COMPILED.space_index("C1")
    assert (result.out_s[in_hall] < 30.0).all()
    assert (result.out_s[~in_hall] > 100.0).all()


def test_a_hazard_without_end_leaves_people_where_their_only_way_is_closed():
    closed = hazard("C1", from_s=0.0, until_s=math.inf)
    result = run(EVERYBODY, closed, protocol=orders(PLAN, EVERYBODY, LEAVES))
    assert result.ledger["out"] == 4
    assert result.ledger["no_route"] == 20


def test_people_go_out_by_the_other_end():
    closed = hazard("C1/01", from_s=0.0, until_s=math.inf, told=None)
    result = run(EVERYBODY, closed, protocol=orders(PLAN, EVERYBODY, LEAVES))
    in_rooms = EVERYBODY.space != COMPILED.space_index("C1")
    # DN00 lies in the western piece, whose people are cut off; all others go out in the east
    cut_off = EVERYBODY.space == COMPILED.space_index("N00")
    assert (result.exit_gate[in_rooms & ~cut_off] == COMPILED.gate_index("X2")).all()
    assert np.isinf(result.out_s[cut_off]).all()


def test_ways_stay_free_where_the_hazard_does_not_close_them():
    walked_through = hazard("C1", from_s=0.0, until_s=math.inf, closes_ways=False)
    protocol = orders(PLAN, EVERYBODY, LEAVES)
    free, said = (
        run(EVERYBODY, protocol=protocol),
        run(EVERYBODY, walked_through, protocol=protocol),
    )
    rooms = EVERYBODY.space != COMPILED.space_index("C1")
    np.testing.assert_array_equal(free.out_s[rooms], said.out_s[rooms])


def test_a_side_opens_only_when_nothing_holds_it_and_its_door_lets_people_pass(
    monkeypatch: pytest.MonkeyPatch,
):
    seen: list[tuple[int, tuple[bool, bool]]] = []

    class StandIn:
        def side(self, name: str) -> np.ndarray:
            assert name == "is_open"
            return np.ones(2, dtype=np.int64)

        def set_gate(self, gate: int, *, passes: tuple[bool, bool]) -> None:
            seen.append((gate, passes))

    incident = Incident(StandIn())  # type: ignore[arg-type]
    incident.hold_shut([0])
    incident.hold_shut([0])
    incident.let_go([0])
    incident.set_gate(0, passes=(True, False))
    incident.let_go([0])
    both, first, none = (False, True), (True, False), (False, False)
    assert [passes for _, passes in seen] == [both, both, both, none, first]


def test_a_door_that_was_locked_meanwhile_stays_locked_after_the_hazard():
    closed = hazard("N00", from_s=0.0, until_s=50.0, notice_s=NOBODY_KNOWS)
    result = run(EVERYBODY, closed, protocol=orders(PLAN, EVERYBODY))
    gate = COMPILED.gate_index("DN00")
    assert math.isfinite(times(result).door_locked_s[gate])
    assert not [1 for _, _, into in entered(result) if into == cells_of("N00")[0]]


# noticed and left


def test_people_in_the_region_leave_the_building_when_they_notice():
    result = run(EVERYBODY, hazard("N00", notice_s=CONSTANT(7.0)))
    own = EVERYBODY.space == COMPILED.space_index("N00")
    assert result.started_s[own] == pytest.approx(17.0)
    assert np.isfinite(result.out_s[own]).all()
    assert np.isinf(result.out_s[~own]).all()
    assert times(result).room_state[COMPILED.space_index("N00")] == RoomState.EMPTY


def test_people_in_the_region_go_into_another_room_where_the_rules_say_so():
    result = run(EVERYBODY, hazard("N00", leaves_by="by_rules"))
    own = EVERYBODY.space == COMPILED.space_index("N00")
    assert np.isinf(result.out_s[own]).all()
    assert np.isfinite(times(result).in_room_s[own]).all()
    assert times(result).room_state[COMPILED.space_index("N00")] == RoomState.EMPTY


def test_people_in_halls_leave_the_region_and_others_stay():
    result = run(EVERYBODY, hazard("C1", notice_s=CONSTANT(3.0)))
    in_hall = EVERYBODY.space == COMPILED.space_index("C1")
    assert result.started_s[in_hall] == pytest.approx(13.0)
    assert np.isfinite(result.out_s[in_hall]).all()
    assert np.isinf(result.started_s[~in_hall]).all()


def test_the_region_and_what_is_next_to_it_notice_and_nobody_else():
    found = outcome(run(EVERYBODY, hazard("N00", notice_s=CONSTANT(7.0)))).noticed_s[0]
    knows = {COMPILED.space_ids[space] for space in np.flatnonzero(np.isfinite(found))}
    assert knows == {"N00", "C1"}
    assert found[np.isfinite(found)] == pytest.approx(17.0)


def test_nobody_notices_what_is_over_before():
    result = run(EVERYBODY, hazard("N00", notice_s=CONSTANT(90.0), reported=True))
    assert np.isinf(outcome(result).noticed_s).all()
    assert np.isinf(outcome(result).reported_s).all()


def test_people_who_leave_already_go_on():
    protocol = orders(PLAN, EVERYBODY, LEAVES)
    alone = run(EVERYBODY, protocol=protocol)
    noticed = run(EVERYBODY, hazard("N00", from_s=1.0, until_s=math.inf), protocol=protocol)
    own = EVERYBODY.space == COMPILED.space_index("N00")
    np.testing.assert_array_equal(alone.out_s[own], noticed.out_s[own])


def test_rules_know_of_a_hazard_near_but_nobody_leaves_into_a_closed_way():
    """With options a room that cannot be locked leaves; not where its only way is the region."""
    roster = people(COMPILED, ROOMS)
    protocol = orders(
        PLAN, roster, (Directive(30.0, Action.LOCKDOWN),), lock=None, rules=OPTIONS,
        doors=doors(COMPILED, None),
    )  # fmt: skip
    rooms = [COMPILED.space_index(name) for name in ROOMS]
    free = times(run(roster, protocol=protocol)).room_left_s[rooms]
    closed = times(run(roster, hazard("C1", until_s=math.inf), protocol=protocol))
    assert np.isfinite(free).any()
    assert np.isinf(closed.room_left_s[rooms]).all()


def test_a_room_in_the_region_is_left_although_a_lockdown_is_announced():
    protocol = orders(PLAN, EVERYBODY, (Directive(11.0, Action.LOCKDOWN),))
    result = run(EVERYBODY, hazard("N00", until_s=math.inf), protocol=protocol)
    state = times(result).room_state
    assert state[COMPILED.space_index("N00")] == RoomState.EMPTY
    assert state[COMPILED.space_index("N01")] == RoomState.SECURED


# reported


def test_a_report_sets_off_an_announcement():
    step = Directive(30.0, Action.LOCKDOWN, after_report=True)
    reported = hazard("N00", notice_s=CONSTANT(7.0), reported=True)
    result = run(EVERYBODY, reported, protocol=orders(PLAN, EVERYBODY, (step,)))
    assert outcome(result).reported_s.tolist() == [17.0]
    assert times(result).announced_s.tolist() == [47.0]
    assert times(result).room_state[COMPILED.space_index("S01")] == RoomState.SECURED
    assert times(result).room_occupied.sum() == 3, "one room has been left by then"


def test_without_a_report_nothing_is_announced():
    step = Directive(4.0, Action.LOCKDOWN, after_report=True)
    silent = run(EVERYBODY, hazard("N00"), protocol=orders(PLAN, EVERYBODY, (step,)))
    assert np.isinf(times(silent).announced_s).all()
    nobody_near = people(COMPILED, {"S01": 3})
    unseen = run(
        nobody_near,
        hazard("N00", reported=True),
        protocol=orders(PLAN, nobody_near, (step,)),
    )
    assert np.isinf(outcome(unseen).reported_s).all()
    assert np.isinf(times(unseen).announced_s).all()


# exposure


def test_without_anybody_near_there_is_no_exposure():
    nobody_near = people(COMPILED, {"S01": 3})
    assert not outcome(run(nobody_near, hazard("N00"))).exposure_person_s.any()
    assert run(nobody_near).hazards is None


def test_five_people_who_stay_half_a_minute_are_150_person_seconds():
    found = outcome(run(EVERYBODY, hazard("N00", until_s=40.0, notice_s=NOBODY_KNOWS)))
    expected = np.zeros(len(COMPILED.space_ids))
    expected[COMPILED.space_index("N00")] = 5 * 30.0
    np.testing.assert_allclose(found.inside_person_s[0], expected)
    assert not found.in_sight_person_s.any()


def test_people_elsewhere_in_the_space_of_a_region_are_in_sight_of_it():
    hall = people(COMPILED, {"C1": 6})
    found = outcome(run(hall, hazard("C1/01", until_s=40.0, notice_s=NOBODY_KNOWS)))
    assert found.exposure_person_s.sum() == pytest.approx(6 * 30.0)
    assert found.in_sight_person_s.sum() > 0


def seen_in(space: str, number: int) -> int:
    """Return how many of the first standing places of a room are seen through its door."""
    room = COMPILED.space_index(space)
    (aperture,) = PLAN[2].apertures_of(room)
    return int(PLAN[2].seen_through(int(aperture))[:number].sum())


def test_an_open_door_shows_those_who_stand_in_its_line_of_sight():
    """The hazard lies in the hall from 10 to 40 s; doors stand open, nobody does anything."""
    crowd = people(COMPILED, {"N00": 60})
    protocol = orders(PLAN, crowd, (Directive(1e5, Action.LOCKDOWN),), stands_open=1.0)
    smoke = hazard("C1", until_s=40.0, notice_s=NOBODY_KNOWS)
    found = outcome(run(crowd, smoke, protocol=protocol))
    seen = seen_in("N00", 60)
    assert 0 < seen <= 60
    assert found.in_sight_person_s.sum() == pytest.approx(seen * 30.0)
    assert not found.inside_person_s.any()
    shut = orders(PLAN, crowd, (Directive(1e5, Action.LOCKDOWN),), stands_open=0.0)
    assert not outcome(run(crowd, smoke, protocol=shut)).exposure_person_s.any()


def test_a_door_that_is_closed_ends_the_line_of_sight():
    crowd = people(COMPILED, {"N00": 60})
    step = (Directive(0.0, Action.HOLD),)
    protocol = orders(PLAN, crowd, step, stands_open=1.0, seconds={"close": CONSTANT(25.0)})
    found = outcome(
        run(crowd, hazard("C1", until_s=40.0, notice_s=NOBODY_KNOWS), protocol=protocol)
    )
    assert found.in_sight_person_s.sum() == pytest.approx(seen_in("N00", 60) * 15.0)


def test_only_an_opening_directly_before_the_region_counts():
    crowd = people(COMPILED, {"N00": 60})
    protocol = orders(PLAN, crowd, (Directive(1e5, Action.LOCKDOWN),), stands_open=1.0)
    far = hazard("C1/03", until_s=40.0, notice_s=NOBODY_KNOWS)
    assert not outcome(run(crowd, far, protocol=protocol)).exposure_person_s.any()


def test_the_event_log_is_kept_only_where_it_is_asked_for():
    protocol = orders(PLAN, EVERYBODY, LEAVES)
    ready = simulation(COMPILED, EVERYBODY, protocol)
    ready.orders = replace(ready.orders, hazards=(hazard("N00"),))
    recorded, plain = ready.run(0, record_events=True), ready.run(0)
    assert len(recorded.events) > 0
    assert len(plain.events) == 0
    np.testing.assert_array_equal(
        outcome(plain).exposure_person_s, outcome(recorded).exposure_person_s
    )
    np.testing.assert_array_equal(plain.out_s, recorded.out_s)


# what a planner may type


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "storm"}, "kind should be one of"),
        ({"cells": ()}, "cells should be ascending, one at least"),
        ({"cells": (2, 1)}, "cells should be ascending"),
        ({"from_s": 100.0}, "expected 0 <= from_s < until_s"),
        ({"from_s": -1.0}, "expected 0 <= from_s < until_s"),
    ],
)
def test_a_hazard_that_is_none_is_refused(changes: dict[str, Any], words: str):
    with pytest.raises(ValueError, match=words):
        hazard("N00", **changes)


def test_the_engine_takes_no_more_hazards_than_a_planner_types():
    protocol = orders(PLAN, EVERYBODY, LEAVES)
    ready = simulation(COMPILED, EVERYBODY, protocol).orders
    most = replace(ready, hazards=(hazard("N00"),) * MOST_HAZARDS)
    with pytest.raises(ValueError, match="at most 20 hazards, got 21"):
        replace(most, hazards=(hazard("N00"),) * (MOST_HAZARDS + 1))


# whatever happens


ANY_STEP = st.builds(
    Directive,
    at_s=st.floats(0.0, 200.0),
    action=st.sampled_from(
        [Action.HOLD, Action.SECURE, Action.LOCKDOWN, Action.EVACUATE, Action.RELEASE]
    ),
    after_report=st.booleans(),
)


@settings(deadline=None, max_examples=40)
@given(
    steps=st.lists(ANY_STEP, min_size=1, max_size=4),
    hazards=st.lists(
        st.builds(
            lambda where, from_s, lasts_s, **rest: hazard(
                *where, from_s=from_s, until_s=from_s + lasts_s, **rest
            ),
            where=st.sets(
                st.sampled_from(["C1/01", "C1/02", "C1/03", "N00", "N01", "S00", "S01"]),
                min_size=1,
            ),
            from_s=st.floats(0.0, 150.0),
            lasts_s=st.one_of(st.just(math.inf), st.floats(1.0, 150.0)),
            closes_ways=st.booleans(),
            told=st.sampled_from([(), None]),
            notice_s=st.sampled_from([CONSTANT(0.0), CONSTANT(20.0)]),
            leaves_by=st.sampled_from(["exit", "by_rules"]),
            reported=st.booleans(),
        ),
        min_size=1,
        max_size=3,
    ),
    options=st.booleans(),
    open_doors=st.booleans(),
)
def test_whatever_is_announced_every_change_of_state_is_legal_and_exposure_within_bounds(
    steps: list[Directive], hazards: list[Hazard], options: bool, open_doors: bool
):
    """A change that is not legal ends the run with an error; so do people who are lost."""
    roster = people(COMPILED, {"N00": 3, "N01": 3, "S00": 2, "C1": 3}, outdoors=1)
    protocol = orders(
        PLAN,
        roster,
        sorted(steps, key=lambda step: step.at_s),
        stands_open=float(open_doors),
        seconds={"recognise": CONSTANT(4.0), "close": CONSTANT(3.0), "unlock": CONSTANT(2.0)},
        **({"rules": OPTIONS} if options else {}),
    )
    result = run(roster, *hazards, protocol=protocol)
    found = outcome(result)
    assert sum(result.ledger.values()) == roster.n_people
    for number, one in enumerate(hazards):
        spans = min(one.until_s, 400.0) - one.from_s
        assert 0.0 <= found.exposure_person_s[number].sum() <= roster.n_people * spans + 1e-6
        noticed = found.noticed_s[number][np.isfinite(found.noticed_s[number])]
        assert ((noticed >= one.from_s) & (noticed < one.until_s)).all()
