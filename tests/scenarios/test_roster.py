"""People are where the scenario says, in an order that never changes, and count exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box
from support.two_rooms import PLAN, compiled_two_rooms, two_rooms_scenario

from buildings import Space
from scenarios import ScenarioError, assemble, build_roster, run_ensemble
from scenarios.head_count import head_count, largest_remainder
from sim import Distribution

COMPILED = compiled_two_rooms()


def roster_of(**changes):
    return build_roster(two_rooms_scenario(**changes), PLAN, COMPILED)


def faults_of(**changes) -> str:
    with pytest.raises(ScenarioError) as caught:
        assemble(two_rooms_scenario(**changes), PLAN, COMPILED)
    return str(caught.value)


def with_rooms(**rooms):
    return {"rooms": {room.removeprefix("r"): people for room, people in rooms.items()}}


def test_known_roster():
    roster = roster_of()
    assert roster.n_people == 29
    assert roster.person_ids[0] == "R1/student-01"
    assert roster.person_ids[25:27] == ("R1/teacher-01", "R2/office-01")
    assert roster.role.count("student") == 25
    assert [COMPILED.space_ids[row] for row in roster.space] == ["R1"] * 26 + ["R2"] * 3
    assert roster.groups.ids == ("class R1",)
    assert roster.groups.leader.tolist() == [25]
    assert roster.group.tolist() == [0] * 26 + [-1] * 3
    assert roster.exit_gate.tolist() == [-1] * 29
    assert roster.speeds == (Distribution.constant(1.0),)
    assert roster.pre_movements == (Distribution.constant(0.0),)
    assert np.isnan(roster.start_xy).all()


def test_speeds_take_the_most_particular_statement():
    population = {
        "rooms": {
            "101": {"students": 1, "teachers": 1, "visitors": 1, "speed_mps": 0.7},
            "102": {"students": 1, "teachers": 1, "visitors": 1, "office": 1},
        },
        "age_band": "grades_6_8",
    }
    movement = {
        "speed_mps": {
            "everyone": 1.0,
            "by_role": {"teacher": 1.1},
            "by_age_band": {"grades_6_8": 1.2, "adult": 1.3},
        }
    }
    roster = roster_of(population=population, movement=movement)
    drawn = {
        name: roster.speeds[row].values[0]
        for name, row in zip(roster.person_ids, roster.speed_of.tolist(), strict=True)
    }
    assert drawn == {
        "R1/student-01": 0.7,
        "R1/teacher-01": 0.7,
        "R1/visitor-01": 0.7,
        "R2/student-01": 1.2,
        "R2/teacher-01": 1.1,
        "R2/office-01": 1.3,
        "R2/visitor-01": 1.3,
    }


def test_pre_movement_takes_the_most_particular_statement():
    population = with_rooms(
        r101={"students": 1, "teachers": 1}, r102={"students": 1, "teachers": 1, "office": 1}
    )
    pre_movement = {
        "everyone": 1,
        "by_role": {"teacher": 2, "student": 3},
        "by_use": {"office": 4},
        "by_role_and_use": {"teacher": {"office": 5}},
    }
    roster = roster_of(population=population, pre_movement=pre_movement)
    values = [roster.pre_movements[row].values[0] for row in roster.pre_movement_of]
    assert dict(zip(roster.person_ids, values, strict=True)) == {
        "R1/student-01": 3.0,
        "R1/teacher-01": 2.0,
        "R2/student-01": 4.0,
        "R2/teacher-01": 5.0,
        "R2/office-01": 4.0,
    }


def test_listed_pre_movement_in_order_of_person_id():
    population = with_rooms(r102={"office": 1}, r101={"students": 2})
    roster = roster_of(population=population, pre_movement={"listed": [10, 20, 30]})
    assert roster.person_ids == ("R1/student-01", "R1/student-02", "R2/office-01")
    assert roster.listed_pre_movement_s.tolist() == [10.0, 20.0, 30.0]


def test_given_standing_places_exits_and_assembly():
    population = with_rooms(r101={"students": 2, "teachers": 1, "at": [[1, 4], [2, 5], [8, 11]]})
    roster = roster_of(
        population=population,
        assign_exits={"101": "2"},
        protocol={"evacuate": {"assembly": {"rooms": {"101": "Field"}}}},
    )
    assert roster.start_xy.tolist() == [[1.0, 4.0], [2.0, 5.0], [8.0, 11.0]]
    assert roster.exit_gate.tolist() == [3, 3, 3]
    assert roster.groups.place.tolist() == [0]


def test_default_speeds_follow_the_age_band_and_say_their_source():
    scenario = two_rooms_scenario(
        population={"from_plan": "occupants_default", "age_band": "grades_3_5"},
        movement={},
        pre_movement={},
    )
    ready = assemble(scenario, PLAN, COMPILED)
    sources = {choice.name: choice.source for choice in ready.choices}
    assert "Weidmann" in sources["speed_mps: grades_3_5"]
    assert "[figure]" in sources["speed_mps: grades_3_5"]
    assert "[read]" in sources["speed_mps: adult"]
    assert ready.roster.speeds[0].values == (1.14, 0.23)


def test_from_plan_counts_staff_by_use():
    rooms, faults = head_count(
        two_rooms_scenario(
            population={
                "from_plan": "occupants_default",
                "staff": {"classroom": {"role": "teacher", "one_per": 13}},
            }
        ),
        PLAN,
    )
    assert not faults
    assert {room.space: dict(room.people.count) for room in rooms} == {
        "R1": {"student": 24, "teacher": 2},
        "R2": {"office": 3},
    }


def test_without_a_classroom_everybody_is_staff():
    spaces = {**PLAN.spaces, "R1": replace(PLAN.spaces["R1"], use="cafeteria")}
    scenario = two_rooms_scenario(population={"from_plan": "occupants_default"})
    rooms, _ = head_count(scenario, replace(PLAN, spaces=spaces))
    assert [dict(room.people.count) for room in rooms] == [{"office": 26}, {"office": 3}]


def test_total_is_shared_by_use_and_area():
    rooms, _ = head_count(two_rooms_scenario(population={"total": 60}), PLAN)
    # 64 m2 / 1.86 = 34.41 and 64 m2 / 9.29 = 6.89 of 41.30: 49.99 and 10.01 of 60
    counts = {room.space: sum(room.people.count.values()) for room in rooms}
    assert counts == {"R1": 50, "R2": 10}


def test_total_leaves_listed_rooms_alone():
    rooms, _ = head_count(
        two_rooms_scenario(population={"total": 60, "rooms": {"101": {"visitors": 7}}}), PLAN
    )
    counts = {room.space: dict(room.people.count) for room in rooms}
    assert counts == {"R1": {"visitor": 7}, "R2": {"office": 53}}


@given(
    weights=st.lists(st.floats(0.0, 1e6), min_size=1, max_size=40).filter(lambda w: max(w) > 0),
    total=st.integers(0, 5000),
)
def test_largest_remainder_keeps_the_total_and_every_quota(weights: list[float], total: int):
    shares = largest_remainder(weights, total)
    assert sum(shares) == total
    for weight, share in zip(weights, shares, strict=True):
        exact = weight / sum(weights) * total
        assert exact - 1 - 1e-6 <= share <= exact + 1 + 1e-6
        assert weight > 0 or share == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"population": with_rooms(r999={"students": 1})},
            "population.rooms.999: no such room in plan 'two-rooms'",
        ),
        ({"population": with_rooms(r10={"students": 1})}, "did you mean '10"),
        (
            {"population": with_rooms(r101={"students": 1}, rR1={"students": 1})},
            "population.rooms.R1: is the same room as '101'",
        ),
        ({"population": with_rooms(rShaft={"students": 1})}, "is a void where nobody can stand"),
        ({"population": with_rooms(r101={"students": 0})}, "every room listed is empty"),
        ({"population": {"total": 0}}, "the total is 0"),
        (
            {"population": {"total": 3, "rooms": {"101": {"visitors": 7}}}},
            "population.total: should be at least the 7 people listed in rooms (got 3)",
        ),
        (
            {"population": with_rooms(r101={"visitors": 1, "at": [[1, 1]]})},
            "population.rooms.101.at.0: (1, 1) is not inside 101 (R1)",
        ),
        ({"pre_movement": {"listed": [1]}}, "should list 29 times, one for each person (got 1)"),
        ({"assign_exits": {"101": "9"}}, "no exit '9' in plan 'two-rooms'"),
        ({"assign_exits": {"101": "D0"}}, "D0 is not a confirmed exit"),
        ({"assign_exits": {"105": "D3"}}, "assign_exits.105: no such room"),
        (
            {"protocol": {"evacuate": {"assembly": {"everyone": "Feld"}}}},
            "no assembly area 'Feld' in plan 'two-rooms' (did you mean 'Field'?)",
        ),
        (
            {"protocol": {"evacuate": {"assembly": {"rooms": {"102": "Field"}}}}},
            "R2 holds no class",
        ),
        (
            {"protocol": {"evacuate": {"announcement": {"zones": {"north": 5}}}}},
            "no zone 'north' in plan 'two-rooms'; it has east, west",
        ),
        (
            {"protocol": {"evacuate": {"announcement": {"spaces": {"500": 5}}}}},
            "announcement.spaces.500: no such room",
        ),
        ({"movement": {}}, "population.age_band: is required: 25 students"),
        ({"population": {**with_rooms(r101={"students": 1}), "accept_no_route": ["7"]}}, "7: no"),
    ],
)
def test_faults_against_the_plan(changes: dict, words: str):
    message = faults_of(**changes)
    assert message.startswith("hand.yaml: ")
    assert words in message


def test_every_missing_fact_is_named_at_once():
    message = faults_of(
        population=with_rooms(r998={"students": 1}),
        assign_exits={"101": "9"},
        protocol={"evacuate": {"announcement": {"zones": {"north": 5}}}},
    )
    assert len(message.splitlines()) == 3


def test_a_plan_without_a_confirmed_exit():
    portals = {k: replace(p, is_exit="unknown") for k, p in PLAN.portals.items()}
    compiled = replace(
        COMPILED, exit_gates=np.array([], dtype=np.int64), exit_place=np.array([], dtype=np.int64)
    )
    with pytest.raises(ScenarioError) as caught:
        assemble(two_rooms_scenario(), replace(PLAN, portals=portals), compiled)
    assert "plan 'two-rooms' has no confirmed exit" in str(caught.value)
    assert "D2,is_exit,yes" in str(caught.value)


def test_two_rooms_of_one_number_ask_which():
    twin = Space("R9", "L1", "room", "office", box(30, 3, 34, 11), number="101")
    plan = replace(PLAN, spaces={**PLAN.spaces, "R9": twin})
    with pytest.raises(ScenarioError, match=r"2 rooms .* say which: R1, R9"):
        assemble(two_rooms_scenario(), plan, COMPILED)


def test_a_room_without_a_way_out_needs_a_word():
    cells = COMPILED.side_cell.copy()
    cells[1] = COMPILED.cell_ids.index("R2")  # R1 now leads only into R2 ...
    cells[3] = COMPILED.cell_ids.index("R1")  # ... and R2 only into R1
    compiled = replace(COMPILED, side_cell=cells)
    scenario = two_rooms_scenario()
    with pytest.raises(ScenarioError) as caught:
        assemble(scenario, PLAN, compiled)
    assert "no exit can be reached from 101 (R1), where 26 people are" in str(caught.value)
    people = {"101": {"students": 25, "teachers": 1}, "102": {"office": 3}}
    accepted = two_rooms_scenario(population={"rooms": people, "accept_no_route": ["101", "102"]})
    assert build_roster(accepted, PLAN, compiled).n_people == 29


def test_too_many_people_for_a_room():
    scenario = two_rooms_scenario(
        population=with_rooms(r101={"visitors": 300}), movement={"speed_mps": {"everyone": 1}}
    )
    with pytest.raises(ScenarioError, match=r"hand.yaml: R1: 300 people to begin with, room for"):
        run_ensemble(assemble(scenario, PLAN, COMPILED))


def test_announcement_by_zone_and_space():
    announcement = {"everywhere_s": 5, "zones": {"west": 8}, "spaces": {"102": "never"}}
    scenario = two_rooms_scenario(protocol={"evacuate": {"announcement": announcement}})
    orders = assemble(scenario, PLAN, COMPILED).orders
    assert orders.hears_delay_s.tolist() == [5.0, 8.0, np.inf]
