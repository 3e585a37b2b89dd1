"""Rooms released one after the other: when each is, in which order, and what its people do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lockdowns import CONSTANT, times
from support.responding import (
    COMPILED,
    DOOR_SLOTS,
    RELEASE_S,
    SPEED_MPS,
    STEPS,
    WEST,
    full,
    responders,
    room,
    run,
    run_with,
    teams,
    unit,
    way_m,
    with_units,
)

from scenarios.responders import slot_at
from sim import Roster
from sim.protocols import (
    Action,
    Directive,
    DoorState,
    DoorToDoor,
    LockKind,
    PersonState,
    ReleaseTeam,
    Responders,
    RoomState,
)

NAMES = ("N01", "S00", "N02", "S02", "N00", "S01")
ORDER = tuple(room(name) for name in NAMES)
UNLOCK = {"unlock": CONSTANT(4.0)}


def two_teams(*, n: int = 2, people: int = 2, hall: int = 0, **changes: object) -> tuple[
    Roster, Responders
]:  # fmt: skip
    """Return a full wing and up to two units that release it."""
    roster, rows = with_units(full(hall=hall), *[people] * n)
    units = [unit(own, travel_s=CONSTANT(10.0)) for own in rows]
    how = {"teams": teams(*units), "then": "stay"} | changes
    return roster, responders(units, release=DoorToDoor(**how), knock_s=CONSTANT(6.0))


def test_one_team_needs_the_sum_of_walking_knocking_and_unlocking() -> None:
    roster, [rows] = with_units(full(), 1)
    one = unit(rows)
    how = DoorToDoor(teams(one), order=ORDER, then="stay")
    coming = responders([one], release=how, knock_s=CONSTANT(6.0))
    _, got = run(roster, coming, seconds=UNLOCK)
    at, now_s = slot_at(COMPILED, WEST), RELEASE_S
    for space in ORDER:
        slot = DOOR_SLOTS[space][0]
        now_s += way_m(at, slot) / SPEED_MPS
        assert got.room_reached_s[space] == pytest.approx(now_s)
        now_s, at = now_s + 6.0 + 4.0, slot
        assert got.room_released_s[space] == pytest.approx(now_s)
    assert got.last_release_s == pytest.approx(now_s)
    assert got.rooms_per_minute == pytest.approx(60.0 * len(ORDER) / (now_s - RELEASE_S))


def test_without_an_order_the_nearest_room_is_next() -> None:
    roster, coming = two_teams(n=1, people=1)
    _, got = run(roster, coming)
    left, at = {*ORDER}, slot_at(COMPILED, WEST)
    for space in np.argsort(got.room_released_s)[: len(ORDER)].tolist():
        metres = {other: way_m(at, DOOR_SLOTS[other][0]) for other in left}
        assert metres[space] == pytest.approx(min(metres.values()))
        left.remove(space)
        at = DOOR_SLOTS[space][0]


def test_a_room_that_is_not_locked_takes_no_unlocking() -> None:
    roster, coming = two_teams(n=1)
    _, locked = run(roster, coming, seconds=UNLOCK)
    _, open_ = run(roster, coming, seconds=UNLOCK, lock=None)
    assert locked.last_release_s - open_.last_release_s == pytest.approx(4.0 * len(ORDER))


def test_without_a_key_one_is_fetched_at_the_first_locked_room() -> None:
    roster, [rows] = with_units(full(), 1)

    def last(keys: bool) -> float:
        one = unit(rows, keys=keys)
        coming = responders(
            [one], release=DoorToDoor(teams(one), ORDER, "stay"), fetch_key_s=CONSTANT(75.0)
        )
        return run(roster, coming, seconds=UNLOCK)[1].last_release_s

    assert last(False) - last(True) == pytest.approx(75.0)


def test_until_a_team_comes_a_room_stays_as_it_is() -> None:
    roster, coming = two_teams(n=1, order=ORDER)
    result, got = run(roster, coming, seconds=UNLOCK)
    changes = times(result).rooms
    for space in ORDER:
        own = changes.entity == space
        released = changes.time_s[own & (changes.state == RoomState.RELEASED)]
        assert released.tolist() == [got.room_released_s[space]]
        between = own & (changes.time_s > RELEASE_S) & (changes.time_s < released[0])
        assert not between.any()
    assert (times(result).room_state[list(ORDER)] == RoomState.OPEN).all()
    assert (times(result).door_state != DoorState.LOCKED).all()
    occupants = np.array(roster.role) != "responder"
    assert (times(result).person_state[occupants] == PersonState.ROUTINE).all()


def test_an_escorted_class_walks_out_and_is_counted() -> None:
    roster, coming = two_teams(n=1, then="escort")
    result, got = run(roster, coming, seconds={"count": CONSTANT(20.0)})
    occupants = np.array(roster.role) != "responder"
    state = times(result).person_state
    assert (state[occupants] == PersonState.ACCOUNTED).all()
    assert got.escorted[occupants].all()
    assert not got.escorted[~occupants].any()
    assert (times(result).room_state[list(ORDER)] == RoomState.EMPTY).all()
    for group, space in enumerate(roster.groups.space.tolist()):
        assert result.group_accounted_s[group] > got.room_released_s[space] + 20.0
    out_s = result.out_s[occupants]
    assert (out_s > got.room_released_s[roster.space[occupants]]).all()


def test_people_caught_in_the_hall_are_taken_along() -> None:
    roster, coming = two_teams(n=1, then="escort", hall=5, order=ORDER)
    at_once = LockKind("at once", CONSTANT(0.0), fails=0.0, unnoticed=0.0)
    result, got = run(roster, coming, lock=at_once, hold_door_s=0.0)
    hall = np.flatnonzero(roster.space == room("C1"))
    assert np.isfinite(times(result).caught_s[hall]).all()
    assert got.escorted[hall].all()
    assert (times(result).person_state[hall] == PersonState.ASSEMBLED).all()
    assert (result.out_s[hall] > RELEASE_S).all()


def test_a_release_of_some_rooms_leaves_the_others() -> None:
    roster, coming = two_teams(n=1)
    some = (room("N00"), room("S01"))
    steps = (
        STEPS[0],
        Directive(RELEASE_S, Action.RELEASE, spaces=some, released_by="door_to_door"),
    )
    result, got = run(roster, coming, steps=steps)
    assert np.flatnonzero(got.to_release).tolist() == sorted(some)
    assert np.flatnonzero(np.isfinite(got.room_released_s)).tolist() == sorted(some)
    state = times(result).room_state
    assert all((state[space] == RoomState.OPEN) == (space in some) for space in ORDER)
    assert math.isfinite(got.last_release_s)


def test_a_team_of_staff_releases_rooms_in_a_drill_and_goes_back_to_its_day() -> None:
    roster = full(hall=2)
    staff = tuple(np.flatnonzero(roster.space == room("C1")).tolist())
    keys = np.array([role == "teacher" for role in roster.role])
    coming = responders([], release=DoorToDoor((ReleaseTeam(staff, keys=True),), then="stay"))
    result, got = run(roster, coming, seconds=UNLOCK, keys=keys)
    assert got.to_release[list(ORDER)].all()
    assert math.isfinite(got.last_release_s)
    assert (times(result).person_state == PersonState.ROUTINE).all()


def test_rooms_are_locked_down_again_after_they_were_released() -> None:
    roster, coming = two_teams(n=2)
    again = (*STEPS, Directive(1500.0, Action.LOCKDOWN))
    result, got = run(roster, coming, steps=again)
    assert got.last_release_s < 1500.0
    assert (times(result).room_state[list(ORDER)] == RoomState.SECURED).all()


@settings(max_examples=15, deadline=None)
@given(
    n=st.integers(1, 2),
    people=st.integers(1, 3),
    hall=st.integers(0, 4),
    then=st.sampled_from(["stay", "escort"]),
    order=st.permutations(ORDER).map(lambda rooms: tuple(rooms[:3])),
)
def test_nobody_is_lost_and_no_room_is_released_before_somebody_is_there(
    n: int, people: int, hall: int, then: str, order: tuple[int, ...]
) -> None:
    roster, coming = two_teams(n=n, people=people, hall=hall, then=then, order=order)
    result, got = run(roster, coming, seconds=UNLOCK)
    assert sum(result.ledger.values()) == roster.n_people
    listed = np.flatnonzero(got.to_release)
    assert (got.room_reached_s[listed] + 6.0 <= got.room_released_s[listed] + 1e-9).all()
    assert (got.room_released_s[listed] >= RELEASE_S).all()
    assert got.room_released_s[listed] == pytest.approx(times(result).room_released_s[listed])
    assert not got.escorted[np.array(roster.role) == "responder"].any()


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(ORDER), unlock_s=st.floats(0.0, 60.0))
def test_a_second_team_makes_the_last_release_no_later(
    order: tuple[int, ...], unlock_s: float
) -> None:
    seconds = {"unlock": CONSTANT(unlock_s)}
    last = [
        run(*two_teams(n=n, people=1, order=tuple(order)), seconds=seconds)[1].last_release_s
        for n in (1, 2)
    ]
    assert last[1] <= last[0] + 1e-9


def test_both_kernels_give_the_same_bytes() -> None:
    roster, coming = two_teams(n=2, people=3, hall=3, then="escort")
    one, other = (run_with(backend, roster, coming) for backend in ("python", "compiled"))
    mine, theirs = times(one).responders, times(other).responders
    assert mine is not None
    assert theirs is not None
    assert mine.room_released_s.tobytes() == theirs.room_released_s.tobytes()
    assert mine.unit_entered_s.tobytes() == theirs.unit_entered_s.tobytes()
    assert one.out_s.tobytes() == other.out_s.tobytes()


def test_a_release_needs_somebody_who_goes() -> None:
    with pytest.raises(ValueError, match="at least one team"):
        DoorToDoor(())


DAY = st.lists(
    st.tuples(
        st.floats(0.0, 400.0),
        st.sampled_from(["hold", "secure", "lockdown", "evacuate", "release", "door_to_door"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(
    day=DAY,
    then=st.sampled_from(["stay", "escort"]),
    hall=st.integers(0, 4),
    travel_s=st.floats(0.0, 300.0),
    staff=st.booleans(),
)
def test_whatever_is_announced_while_teams_go_nobody_is_lost(
    day: list[tuple[float, str]], then: str, hall: int, travel_s: float, staff: bool
) -> None:
    steps = []
    for at_s, name in sorted(day):
        by = "door_to_door" if name == "door_to_door" else "announcement"
        action = Action.RELEASE if name == "door_to_door" else Action[name.upper()]
        steps.append(Directive(at_s, action, released_by=by))
    roster, [rows] = with_units(full(hall=hall), 2)
    coming = unit(rows, travel_s=CONSTANT(travel_s))
    some = [*teams(coming)]
    in_hall = tuple(np.flatnonzero(roster.space == room("C1")).tolist())
    if staff and in_hall:
        some.append(ReleaseTeam(in_hall, keys=True))
    how = DoorToDoor(tuple(some), then=then)
    result, got = run(
        roster,
        responders([coming], release=how, knock_s=CONSTANT(6.0)),
        steps=steps,
        seconds=UNLOCK | {"recognise": CONSTANT(5.0), "react": CONSTANT(3.0)},
    )
    assert sum(result.ledger.values()) == roster.n_people
    assert (times(result).person_state[list(rows)] == PersonState.AT_A_TASK).all()
    released = np.isfinite(got.room_released_s)
    assert (got.room_reached_s[released] <= got.room_released_s[released]).all()
    assert not (released & ~got.to_release).any()
