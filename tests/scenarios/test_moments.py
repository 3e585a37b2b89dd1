"""At every time of day everybody is somewhere, once, where there is room for them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from support.two_rooms import PLAN, compiled_two_rooms, two_rooms_scenario

from buildings import CompiledPlan, Plan, compile_plan, load_plan
from scenarios import Scenario, ScenarioError, assemble, build_roster, scenario_from
from scenarios.floor_left import FloorLeft
from scenarios.moment_said import MOMENTS, moment_defaults
from sim import Roster, flow_law, start_places

OTHER_MOMENTS = [moment for moment in MOMENTS if moment != "class"]
NOBODY_ALONE = {"students_in_halls": 0.0, "students_in_restrooms": 0.0}
OFFICE = {"101": {"office": 3, "visitors": 2}}


@cache
def maple() -> tuple[Plan, CompiledPlan]:
    plan = load_plan("builtin:maple-elementary")
    return plan, compile_plan(plan)


def scenario(moment: str | None = None, **population: Any) -> Scenario:
    said = {"from_plan": "occupants_default", "counts": "students", "age_band": "grades_3_5",
            "rooms": OFFICE, **({"moment": moment} if moment else {}), **population}  # fmt: skip
    content = {"kind": "scenario", "schema_version": 1, "name": "A day", "seed": 3, "replicas": 2,
               "plan": "builtin:maple-elementary", "population": said}  # fmt: skip
    return scenario_from(content, name="day.yaml", folder=Path("nowhere"))


def roster(moment: str | None = None, **population: Any) -> Roster:
    return build_roster(scenario(moment, **population), *maple())


def uses(who: Roster) -> list[str]:
    plan, compiled = maple()
    return [
        plan.spaces[compiled.space_ids[row]].use if row >= 0 else "outdoors"
        for row in who.space.tolist()
    ]


def at_home(who: Roster) -> np.ndarray[Any, np.dtype[np.bool_]]:
    ids = maple()[1].space_ids
    rooms = [person.split("/")[0] for person in who.person_ids]
    return np.array(
        [row >= 0 and ids[row] == room for row, room in zip(who.space, rooms, strict=True)]
    )


def fill(who: Roster) -> tuple[Any, Any]:
    """Return how many people stand in each cell, and how many may."""
    compiled = maple()[1]
    cells = start_places(compiled, who.space, start_xy=who.start_xy, outdoors=who.outdoors).cells
    most = np.maximum(1, compiled.cell_area_m2 * flow_law("sfpe").storage_per_m2)
    return np.bincount(cells, minlength=compiled.n_cells), most


def test_in_class_everybody_is_in_their_room_as_if_nothing_were_said():
    said, unsaid = roster("class"), roster()
    assert said.space.tobytes() == unsaid.space.tobytes()
    assert said.start_place is None
    assert at_home(said).all()
    assert "moment" not in scenario().resolved["population"]


@given(
    moment=st.sampled_from(OTHER_MOMENTS),
    share=st.floats(0.0, 1.0),
    hall_m2=st.floats(0.3, 3.0),
    seed=st.integers(0, 50),
)
@settings(max_examples=40, deadline=None)
def test_nobody_is_lost_or_added_and_every_cell_holds_its_people(moment, share, hall_m2, seed):
    numbers = {key: share for key in moment_defaults()[moment] if not key.endswith("_per_person")}
    if "hall_m2_per_person" in moment_defaults()[moment]:
        numbers["hall_m2_per_person"] = hall_m2
    plan, compiled = maple()
    asked = scenario(moment, moment_numbers=numbers)
    object.__setattr__(asked, "seed", seed)
    who, usual = build_roster(asked, plan, compiled), roster()
    assert who.person_ids == usual.person_ids
    assert who.group.tobytes() == usual.group.tobytes()
    assert who.groups.leader.tobytes() == usual.groups.leader.tobytes()
    assert who.groups.space.tobytes() == usual.groups.space.tobytes()
    assert ((who.space >= 0) ^ (who.outdoors >= 0)).all()
    held, most = fill(who)
    assert (held <= most).all()
    assert who.people_in(len(compiled.space_ids)).sum() + (who.outdoors >= 0).sum() == who.n_people


@pytest.mark.parametrize("moment", OTHER_MOMENTS)
def test_where_somebody_is_does_not_depend_on_who_else_is_listed(moment):
    """Rooms written in another order, and a room more far from any full hall, move nobody else."""
    rooms = {"101": {"visitors": 2}, "A11": {"students": 12, "teachers": 1},
             "A12": {"students": 9, "teachers": 1}}  # fmt: skip
    one = roster(moment, from_plan=None, counts="everybody", rooms=rooms)
    other = roster(moment, from_plan=None, counts="everybody",
                   rooms=dict(reversed(list(rooms.items()))))  # fmt: skip
    assert one.space.tobytes() == other.space.tobytes()
    assert one.outdoors.tobytes() == other.outdoors.tobytes()


def test_between_lessons_one_more_room_leaves_everybody_else_where_they_are():
    rooms = {"A11": {"students": 12, "teachers": 1}}
    more = {**rooms, "A12": {"students": 9, "teachers": 1}}
    few = roster("passing", from_plan=None, counts="everybody", rooms=rooms)
    many = roster("passing", from_plan=None, counts="everybody", rooms=more)
    before = dict(zip(few.person_ids, few.space.tolist(), strict=True))
    after = dict(zip(many.person_ids, many.space.tolist(), strict=True))
    assert {person: after[person] for person in before} == before


def test_between_lessons_shares_of_one_and_none_are_exact():
    everybody = roster("passing", moment_numbers={
        "students_in_halls": 1.0, "students_in_restrooms": 0.0, "staff_at_doors": 1.0,
        "hall_m2_per_person": 0.5})  # fmt: skip
    inside = [use for use, role in zip(uses(everybody), everybody.role, strict=True)
              if role in ("student", "teacher")]  # fmt: skip
    assert set(inside) <= {"circulation", "vestibule"}
    nobody = roster("passing", moment_numbers=dict.fromkeys(
        ("students_in_halls", "students_in_restrooms", "staff_at_doors"), 0.0))  # fmt: skip
    assert at_home(nobody).all()


def test_teachers_between_lessons_stand_before_the_door_of_their_room():
    plan, compiled = maple()
    who = roster("passing", moment_numbers={"staff_at_doors": 1.0})
    for person in [i for i, role in enumerate(who.role) if role == "teacher"]:
        room = who.person_ids[person].split("/")[0]
        here = shapely.Point(*who.start_xy[person])
        near = min(portal.line.distance(here) for portal in plan.portals_of(room))
        assert near < 2.0
        assert plan.spaces[compiled.space_ids[who.space[person]]].kind in ("corridor", "hall")


def test_at_recess_whole_classes_are_outdoors_with_their_leader():
    who = roster("recess", moment_numbers={"classes_outdoors": 0.5, **NOBODY_ALONE})
    away = ~at_home(who)
    classes = np.unique(who.group[away & (who.group >= 0)])
    assert len(classes) == np.ceil(0.5 * len(who.groups.ids))
    for group in classes.tolist():
        assert away[who.group == group].all()
        assert away[who.groups.leader[group]]
    assert {use for use, gone in zip(uses(who), away, strict=True) if gone} <= {"outdoors", "other"}


def test_at_lunch_the_cafeteria_takes_whole_classes_up_to_what_it_holds():
    plan, compiled = maple()
    who = roster("lunch", moment_numbers={"classes_in_cafeteria": 1.0, **NOBODY_ALONE})
    cafeteria = next(space for space in plan.spaces.values() if space.use == "cafeteria")
    inside = who.space == compiled.space_index(cafeteria.id)
    assert 0 < inside.sum() <= cafeteria.area_m2 / 1.39
    for group in np.unique(who.group[inside]).tolist():
        assert inside[who.group == group].all()


def test_at_an_assembly_who_finds_no_place_stays_and_the_notes_say_so():
    plan, compiled = maple()
    tight = {"gym_m2_per_person": 5.0}
    ready = assemble(scenario("assembly", moment_numbers=tight), plan, compiled)
    note = next(line for line in ready.notes if line.startswith("assembly"))
    assert "classes stay in their rooms" in note
    rooms = [space for space in plan.spaces.values() if space.use in ("auditorium", "gym")]
    gathered = np.isin(ready.roster.space, [compiled.space_index(space.id) for space in rooms])
    assert 0 < gathered.sum() < (ready.roster.group >= 0).sum()


def test_on_arrival_visitors_are_at_the_main_office_and_students_come_in():
    who = roster("arrival", rooms={"A04": {"visitors": 2}})
    where = dict(zip(who.person_ids, uses(who), strict=True))
    assert where["S-A04/visitor-01"] == where["S-A04/visitor-02"] == "main_office"
    assert {"outdoors", "circulation", "classroom"} <= set(where.values())


def test_wheelchair_users_between_lessons_are_on_the_floor_of_their_room():
    plan = load_plan("builtin:cedar-middle")
    compiled = compile_plan(plan)
    content = {"kind": "scenario", "schema_version": 1, "name": "A day",
               "plan": "builtin:cedar-middle",
               "population": {"rooms": {"201": {"students": 20, "teachers": 1,
                                                "profiles": {"wheelchair": 12}}},
                              "age_band": "grades_6_8", "moment": "passing",
                              "accept_no_route": ["201"]}}  # fmt: skip
    who = build_roster(
        scenario_from(content, name="day.yaml", folder=Path("nowhere")), plan, compiled
    )
    level = {plan.spaces[compiled.space_ids[row]].level
             for row, profile in zip(who.space.tolist(), who.profile, strict=True)
             if profile == "wheelchair"}  # fmt: skip
    assert level == {plan.spaces["S-201"].level}


def test_people_outdoors_come_beside_everybody_else():
    who = roster(outdoors={"S-AREA-B": {"students": 20, "teachers": 1}})
    assert who.n_people == roster().n_people + 21
    assert who.person_ids[-1] == "S-AREA-B/teacher-01"
    assert (who.outdoors >= 0).sum() == 21
    assert (who.space[-21:] == -1).all()
    assert {maple()[1].place_ids[place] for place in who.outdoors[-21:]} == {"S-AREA-B"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"outdoors": {"S-AREA-X": {"students": 1}}}, "no assembly area 'S-AREA-X'"),
        ({"moment": "passing", "moment_numbers": {"classes_outdoors": 0.5}}, "another time of day"),
        ({"moment_numbers": {"students_in_halls": 0.5}}, "needs moment"),
        ({"moment": "passing", "moment_numbers": {"students_in_halls": 1.5}}, "1"),
        ({"moment": "luncheon"}, "lunch"),
    ],
)
def test_what_cannot_be_is_said(said, words):
    with pytest.raises(ScenarioError, match=words):
        roster(**said)


def test_a_building_without_a_cafeteria_has_no_lunch():
    asked = two_rooms_scenario(
        population={"rooms": {"101": {"students": 3, "teachers": 1}}, "moment": "lunch"}
    )
    with pytest.raises(ScenarioError, match="lunch: plan 'two-rooms' has no cafeteria"):
        build_roster(asked, PLAN, compiled_two_rooms())


@given(steps=st.lists(st.tuples(st.booleans(), st.integers(1, 3)), max_size=30))
def test_floor_that_is_taken_and_given_back_adds_up(steps):
    floor = FloorLeft({0: 1.0}, [20.0], np.array([0, -1]), np.array([2, 1]))
    taken = 0
    for takes, size in steps:
        if takes and floor.holds(0, size):
            floor.take(0, size)
            taken += size
        elif not takes and taken >= size:
            floor.leave(0, size)
            taken -= size
        assert floor.left(0) == 18 - taken >= 0
