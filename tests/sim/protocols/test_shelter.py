"""Shelter from weather, hazardous material and earthquake: known answers and laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lockdowns import CONSTANT, incident, orders, people, simulation, times
from support.shelters import COMPILED, PLAN, WEATHER, areas, inside, room, sheltered

from sim import Abilities, Distribution
from sim.protocols import (
    Action,
    Directive,
    DoorState,
    PersonState,
    RoomState,
    area_margins,
    sheltered_by,
    space_metres,
    without_place,
)

HAZMAT = Directive(10.0, Action.SHELTER, shelter="hazardous_material")
QUAKE = Directive(10.0, Action.SHELTER, shelter="earthquake", lasts_s=40.0)
ROOMS = ["N00", "N01", "N02", "S00", "S01", "S02"]


def index(name: str) -> int:
    return COMPILED.space_index(name)


# weather


def test_somebody_alone_is_in_shelter_after_the_walk_to_it():
    _, result = sheltered({"S00": 1}, {"N02": 5}, seconds={"recognise": CONSTANT(4.0)})
    metres = space_metres(COMPILED, [index("N02")])[0, index("S00")]
    got = times(result)
    assert got.sheltered_s[0] == pytest.approx(10.0 + 4.0 + metres / 1.25)
    assert got.shelter_space[0] == index("N02")
    assert room(got, "S00") == RoomState.EMPTY
    assert got.room_left_s[index("S00")] == 14.0
    assert room(got, "N02") == RoomState.SHELTERED


def test_a_class_walks_at_the_pace_of_its_slowest_and_walks_as_before_afterwards():
    roster = people(COMPILED, {"S00": 4})
    slow = replace(
        roster,
        speeds=(CONSTANT(1.25), CONSTANT(0.5)),
        speed_of=np.array([0, 0, 1, 0]),
    )
    said = orders(PLAN, slow, (WEATHER,), shelter=areas({"N02": 9}, slow))
    run = simulation(COMPILED, slow, said).run(0)
    alone_s = space_metres(COMPILED, [index("N02")])[0, index("S00")] / 1.25
    since = times(run).sheltered_s
    assert np.ptp(since) < 8.0
    assert since.min() > 10.0 + 2.0 * alone_s
    out = simulation(
        COMPILED, slow, replace(said, timeline=(WEATHER, Directive(200.0, Action.EVACUATE)))
    ).run(0)
    assert out.out_s[2] > out.out_s[[0, 1, 3]].max() + 5.0


def test_rooms_choose_in_the_order_of_the_plan_and_who_is_there_already_stays():
    _, result = sheltered({"N00": 3, "N01": 3, "S00": 3, "S02": 3}, {"S02": 6, "N02": 6})
    got = times(result)
    home = {name: got.shelter_space[3 * n] for n, name in enumerate(("N00", "N01", "S00", "S02"))}
    assert home["S02"] == index("S02")
    assert got.sheltered_s[9:].tolist() == [10.0] * 3
    assert home["N00"] == home["N01"] == index("N02")
    assert home["S00"] == index("S02")
    assert without_place(got) == 0


def test_a_class_that_fits_nowhere_as_a_whole_stays_and_is_counted():
    _, result = sheltered({"N00": 5, "S01": 3}, {"N02": 4})
    got = times(result)
    assert room(got, "N00") == RoomState.WITHOUT_PLACE
    assert without_place(got) == 5
    assert inside(got, "N02") == 3
    assert area_margins(got, areas({"N02": 4}, people(COMPILED, {"N00": 5, "S01": 3}))) == {
        index("N02"): 1.0
    }
    assert np.isinf(got.area_full_s).all()


def test_who_found_no_place_is_still_known_after_the_release():
    release = Directive(300.0, Action.RELEASE)
    _, result = sheltered({"N00": 5, "S01": 3}, {"N02": 4}, WEATHER, release)
    got = times(result)
    assert without_place(got) == 5
    assert got.without_place_s[:5].tolist() == [10.0] * 5
    assert (got.person_state == PersonState.ROUTINE).all()


def test_an_area_is_full_when_the_last_place_is_taken():
    _, result = sheltered({"N00": 3, "S01": 2}, {"N02": 5})
    got = times(result)
    assert got.area_full_s[index("N02")] == got.sheltered_s.max()
    assert np.isinf(np.delete(got.area_full_s, index("N02"))).all()


def test_a_corridor_takes_people_piece_by_piece():
    _, result = sheltered({"N00": 6, "S02": 6}, {"C1": 12})
    got = times(result)
    assert inside(got, "C1") == 12
    assert got.area_full_s[index("C1")] == got.sheltered_s.max()


def test_people_outdoors_and_in_halls_come_too():
    _, result = sheltered({"C1": 2, "N00": 2}, {"N02": 9}, outdoors=3)
    got = times(result)
    assert inside(got, "N02") == 7


def test_who_does_not_hear_stays_and_keeps_the_place():
    roster = people(COMPILED, {"N00": 3, "S00": 3})
    said = orders(PLAN, roster, (WEATHER,), shelter=areas({"N02": 3}, roster))
    deaf = said.hears_delay_s.copy()
    deaf[index("N00")] = np.inf
    got = times(incident(COMPILED, roster, replace(said, hears_delay_s=deaf)))
    assert (got.person_state[:3] == PersonState.ROUTINE).all()
    assert (got.person_state[3:] == PersonState.WITHOUT_PLACE).all()


def test_a_place_that_takes_more_floor_is_counted_so():
    roster = people(COMPILED, {"N00": 3})
    three = areas({"N02": 3}, roster)
    wide = replace(three, needs_m2=np.array([1.0, 2.0, 1.0]))
    got = times(incident(COMPILED, roster, orders(PLAN, roster, (WEATHER,), shelter=wide)))
    assert without_place(got) == 3
    four = replace(wide, bay_m2=np.array([4.0]))
    got = times(incident(COMPILED, roster, orders(PLAN, roster, (WEATHER,), shelter=four)))
    assert without_place(got) == 0
    assert np.isfinite(got.area_full_s[index("N02")])


def test_a_locked_area_is_opened_for_it():
    roster = people(COMPILED, {"S00": 3})
    said = orders(PLAN, roster, (WEATHER,), shelter=areas({"N02": 3}, roster))
    gate = COMPILED.gate_index("DN02")
    locked = said.doors.locked.copy()
    locked[gate] = True
    got = times(incident(COMPILED, roster, replace(said, doors=replace(said.doors, locked=locked))))
    assert inside(got, "N02") == 3
    assert got.door_state[gate] == DoorState.CLOSED


def test_who_is_called_into_lockdown_on_the_way_does_not_shelter():
    timeline = (WEATHER, Directive(13.0, Action.LOCKDOWN))
    _, result = sheltered({"S00": 4}, {"N02": 9}, *timeline)
    got = times(result)
    assert np.isinf(got.sheltered_s).all()
    assert not np.isin(got.person_state, (PersonState.TO_SHELTER, PersonState.SHELTERED)).any()


def test_a_release_ends_a_shelter():
    _, result = sheltered({"S00": 4}, {"N02": 9}, WEATHER, Directive(300.0, Action.RELEASE))
    got = times(result)
    assert (got.person_state == PersonState.ROUTINE).all()
    assert np.isfinite(got.sheltered_s).all()


def test_people_who_cannot_reach_an_area_do_not_keep_their_class_from_it():
    from support.graph_plans import two_storeys

    from buildings import compile_corners, compile_plan

    plan = two_storeys()
    compiled = compile_plan(plan)
    own = (plan, compiled, compile_corners(plan, compiled))
    roster = people(compiled, {"R2": 3}, with_teacher=False)
    able = Abilities.plain(3)
    roster = replace(roster, abilities=replace(able, level_only=np.array([False, True, False])))
    slot = compiled.slots_of(compiled.space_index("C1"))[:1]
    refuge = replace(
        areas({"N02": 9}, people(COMPILED, {"N00": 3})),
        areas=(compiled.space_index("C1"),),
        bay_slot=slot,
    )
    said = orders(own, roster, (WEATHER,), shelter=refuge)
    got = times(simulation(compiled, roster, said).run(0))
    assert got.person_state.tolist() == [
        PersonState.SHELTERED, PersonState.WITHOUT_PLACE, PersonState.SHELTERED,
    ]  # fmt: skip


@st.composite
def schools(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, int]]:
    names = draw(st.permutations([*ROOMS, "C1"]))
    in_rooms = {name: draw(st.integers(1, 9)) for name in names[: draw(st.integers(1, 7))]}
    chosen = draw(st.permutations([*ROOMS, "C1"]))[: draw(st.integers(1, 3))]
    return in_rooms, {name: draw(st.integers(0, 14)) for name in chosen}


@settings(max_examples=30, deadline=None)
@given(schools())
def test_classes_stay_together_and_no_area_ever_holds_more_than_its_floor(
    school: tuple[dict[str, int], dict[str, int]],
):
    in_rooms, places = school
    roster, result = sheltered(in_rooms, places)
    got = times(result)
    states = (PersonState.SHELTERED, PersonState.WITHOUT_PLACE)
    assert np.isin(got.person_state, states).all()
    assert len(got.person_state) == sum(in_rooms.values())
    for name, number in places.items():
        assert inside(got, name) <= number
        full = 0 < number == inside(got, name)
        assert np.isfinite(got.area_full_s[index(name)]) == full
    for group in range(len(roster.groups.ids)):
        assert len({*got.shelter_space[roster.group == group].tolist()}) == 1
    margins = area_margins(got, areas(places, roster))
    assert all(left >= 0.0 for left in margins.values())
    if without_place(got):
        assert max(margins.values()) < max(in_rooms.values())


@given(
    st.lists(st.floats(0.0, 900.0) | st.just(np.inf), min_size=1, max_size=20),
    st.lists(st.floats(0.0, 900.0), min_size=1, max_size=6),
)
def test_a_longer_lead_time_never_shelters_fewer(since: list[float], leads: list[float]):
    shares = sheltered_by(since, 5.0, sorted(leads))
    assert (np.diff(shares) >= 0.0).all()
    assert ((shares >= 0.0) & (shares <= 1.0)).all()


def test_the_same_scenario_gives_the_same_bytes_interpreted_and_compiled():
    roster = people(COMPILED, {"N00": 9, "S01": 7, "C1": 3}, outdoors=2)
    said = orders(
        PLAN,
        roster,
        (WEATHER,),
        shelter=areas({"N02": 12, "S02": 12}, roster),
        seconds={"recognise": Distribution("lognormal", (6.0, 0.5))},
    )
    results = [
        times(simulation(COMPILED, roster, said, backend=kind).run(3, record_events=True))
        for kind in ("python", "compiled", "python")
    ]
    for name in ("sheltered_s", "shelter_space", "area_full_s", "person_state"):
        first, *others = (getattr(one, name).tobytes() for one in results)
        assert all(one == first for one in others), name


# hazardous material


def test_a_room_is_in_shelter_once_it_is_sealed_and_the_ventilation_is_off():
    steps = {"recognise": 4.0, "close": 2.0, "seal": 50.0, "ventilation": 30.0}
    seconds = {step: CONSTANT(value) for step, value in steps.items()}
    roster = people(COMPILED, {"N00": 3})
    said = orders(PLAN, roster, (HAZMAT,), seconds=seconds, stands_open=1.0)
    got = times(incident(COMPILED, roster, said))
    here = index("N00")
    assert got.room_closed_s[here] == 16.0
    assert got.room_sealed_s[here] == got.room_settled_s[here] == 66.0
    assert got.ventilation_off_s.tolist() == [40.0]
    assert got.sheltered_s.tolist() == [66.0] * 3
    late = replace(said, seconds=dict(said.seconds) | {"ventilation": CONSTANT(90.0)})
    got = times(incident(COMPILED, roster, late))
    assert got.room_sealed_s[here] == 66.0
    assert got.sheltered_s.tolist() == [100.0] * 3
    assert room(got, "N00") == RoomState.SHELTERED
    assert got.door_state[COMPILED.gate_index("DN00")] == DoorState.CLOSED


def test_everybody_outdoors_and_in_halls_comes_into_a_room_that_is_sealed():
    roster = people(COMPILED, {"N00": 3, "C1": 2}, outdoors=4)
    got = times(incident(COMPILED, roster, orders(PLAN, roster, (HAZMAT,))))
    assert (got.person_state == PersonState.SHELTERED).all()
    assert np.isfinite(got.room_sealed_s[np.unique(got.shelter_space)]).all()
    assert (got.shelter_space >= 0).all()


def test_a_release_reaches_a_room_that_waits_for_the_ventilation():
    roster = people(COMPILED, {"N00": 3})
    said = orders(
        PLAN,
        roster,
        (HAZMAT, Directive(60.0, Action.RELEASE)),
        seconds={"ventilation": CONSTANT(600.0)},
    )
    got = times(incident(COMPILED, roster, said))
    assert room(got, "N00") == RoomState.OPEN
    assert np.isinf(got.sheltered_s).all()


# earthquake


def test_everybody_takes_cover_where_they_are_whoever_announces_it():
    roster = people(COMPILED, {"N00": 3, "C1": 2}, outdoors=2)
    said = orders(
        PLAN,
        roster,
        (QUAKE,),
        seconds={"drop": CONSTANT(3.0), "react": CONSTANT(2.0), "recognise": CONSTANT(99.0)},
        hears_delay_s=np.full(len(COMPILED.space_ids), np.inf),
    )
    got = times(incident(COMPILED, roster, said))
    assert got.sheltered_s.tolist() == [13.0] * 3 + [12.0] * 4
    assert got.shelter_space.tolist() == [index("N00")] * 3 + [index("C1")] * 2 + [-1] * 2
    assert np.isinf(got.room_left_s).all()


def test_nobody_leaves_before_the_shaking_is_over():
    timeline = (QUAKE, Directive(20.0, Action.EVACUATE))
    roster = people(COMPILED, {"N00": 3, "C1": 2})
    got = times(incident(COMPILED, roster, orders(PLAN, roster, timeline)))
    assert got.room_left_s[index("N00")] == 50.0
    result = incident(COMPILED, roster, orders(PLAN, roster, timeline))
    assert result.started_s.min() == 50.0
    assert np.isfinite(result.out_s).all()


def test_a_shelter_that_somebody_heard_by_mistake_is_cover_in_place():
    from sim.protocols.timeline import _misunderstood

    heard = _misunderstood(Directive(0.0, Action.HOLD), Action.SHELTER)
    assert heard is not None
    assert heard.shelter == "earthquake"


def test_only_a_shelter_says_against_what_and_weather_needs_areas():
    with pytest.raises(ValueError, match="only an earthquake lasts"):
        Directive(0.0, Action.SHELTER, shelter="weather", lasts_s=5.0)
    roster = people(COMPILED, {"N00": 1})
    with pytest.raises(ValueError, match="needs refuge areas"):
        orders(PLAN, roster, (WEATHER,))
    with pytest.raises(ValueError, match="one space is there twice"):
        replace(areas({"N00": 1, "N01": 1}, roster), areas=(1, 1))
