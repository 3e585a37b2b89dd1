"""An announcement finds people wherever they are at that time of day, whatever they need."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from buildings import CompiledPlan, Plan, compile_plan, load_plan
from scenarios import Assembled, assemble, scenario_from
from sim import RunResult
from sim.protocols import PersonState

MAPLE, CEDAR, BIRCH = "maple-elementary", "cedar-middle", "birch-high"
BANDS = {MAPLE: "grades_3_5", CEDAR: "grades_6_8", BIRCH: "grades_9_12"}
SEED_OF_AN_AREA = 2
"""With it the class outdoors is at an assembly area, not in a yard without public address."""
LOCKDOWN = [{"at_s": 0, "action": "lockdown"}]


@cache
def building(name: str) -> tuple[Plan, CompiledPlan]:
    plan = load_plan(f"builtin:{name}")
    return plan, compile_plan(plan)


def ready(
    name: str,
    population: dict[str, Any],
    timeline: list[dict[str, Any]],
    *,
    seed: int = 1,
    **said: Any,
) -> Assembled:
    content = {
        "kind": "scenario", "schema_version": 1, "name": "Any time", "plan": f"builtin:{name}",
        "seed": seed, "end_s": 900, "population": {"age_band": BANDS[name], **population},
        "protocol": {"timeline": timeline, **said},
    }  # fmt: skip
    scenario = scenario_from(content, name="any-time.yaml", folder=Path("nowhere"))
    return assemble(scenario, *building(name))


def once(made: Assembled) -> RunResult:
    return made.simulation(seed=1).run(0)


def states(result: RunResult) -> Any:
    assert result.protocol is not None
    return result.protocol.person_state


@pytest.mark.parametrize(
    ("name", "moment"),
    [(MAPLE, moment) for moment in ("passing", "recess", "lunch", "assembly", "arrival")]
    + [(CEDAR, "passing"), (CEDAR, "arrival"), (BIRCH, "passing")],
)
def test_a_lockdown_finds_everybody_at_every_time_of_day(name: str, moment: str):
    said = {"from_plan": "occupants_default", "counts": "students", "moment": moment}
    made = ready(name, said, LOCKDOWN)
    result = once(made)
    assert sum(result.ledger.values()) == made.roster.n_people
    outdoors = made.roster.outdoors >= 0
    assert (states(result)[outdoors] == PersonState.ASSEMBLED).all()
    assert (states(result)[~outdoors] != PersonState.ASSEMBLED).all()
    settled = np.isin(
        states(result), [PersonState.CONCEALED, PersonState.VISIBLE, PersonState.ASSEMBLED]
    )
    assert settled.mean() > 0.8


def test_a_class_at_recess_comes_in_to_its_room_when_the_school_is_secured():
    rooms = {"A11": {"students": 10, "teachers": 1}}
    shares = {"classes_outdoors": 1.0}
    made = ready(MAPLE, {"rooms": rooms, "moment": "recess", "moment_numbers": shares},
                 [{"at_s": 0, "action": "secure"}])  # fmt: skip
    assert (made.roster.space != made.compiled.space_index("S-A11")).all()
    result = once(made)
    assert set(states(result).tolist()) == {PersonState.STAYING}


def test_a_yard_without_public_address_hears_nothing():
    rooms = {"A11": {"students": 10, "teachers": 1}, "A12": {"students": 8, "teachers": 1}}
    shares = {"classes_outdoors": 0.5, "students_in_halls": 0, "students_in_restrooms": 0}
    made = ready(MAPLE, {"rooms": rooms, "moment": "recess", "moment_numbers": shares},
                 [{"at_s": 0, "action": "evacuate"}])  # fmt: skip
    yards = [row for row, name in enumerate(made.compiled.space_ids)
             if made.plan.spaces[name].kind == "outdoor"]  # fmt: skip
    there = np.isin(made.roster.space, yards)
    assert there.any()
    (yard,) = np.unique(made.roster.space[there]).tolist()
    assert made.plan.spaces[made.compiled.space_ids[yard]].public_address == "no"
    assert (states(once(made))[there] == PersonState.ROUTINE).all()


def test_people_outdoors_when_an_evacuation_is_announced_are_at_their_place_and_counted():
    rooms = {"A11": {"students": 10, "teachers": 1}, "A12": {"students": 8, "teachers": 1}}
    shares = {"classes_outdoors": 0.5, "students_in_halls": 0, "students_in_restrooms": 0}
    made = ready(MAPLE, {"rooms": rooms, "moment": "recess", "moment_numbers": shares},
                 [{"at_s": 10, "action": "evacuate"}], seed=SEED_OF_AN_AREA)  # fmt: skip
    assert (made.roster.outdoors >= 0).any()
    result = once(made)
    assert np.isfinite(result.group_accounted_s).all()
    assert result.group_assembled_s.min() == 10.0
    assert set(states(result).tolist()) == {PersonState.ACCOUNTED}


def test_whoever_cannot_use_stairs_goes_into_a_room_of_their_floor():
    rooms = {"201": {"students": 12, "teachers": 1, "profiles": {"wheelchair": 3}}}
    made = ready(CEDAR, {"rooms": rooms, "moment": "passing", "accept_no_route": ["201"],
                         "moment_numbers": {"students_in_halls": 1.0}}, LOCKDOWN)  # fmt: skip
    result = once(made)
    assert result.protocol is not None
    in_chair = np.array([profile == "wheelchair" for profile in made.roster.profile])
    here = states(result)[in_chair]
    assert np.isin(here, [PersonState.CONCEALED, PersonState.VISIBLE]).all()
    assert np.isfinite(result.protocol.in_room_s[in_chair]).all()


def test_whoever_cannot_use_stairs_is_caught_upstairs_when_the_building_is_left():
    rooms = {"201": {"students": 6, "teachers": 1, "profiles": {"wheelchair": 1}}}
    made = ready(CEDAR, {"rooms": rooms, "accept_no_route": ["201"]},
                 [{"at_s": 0, "action": "evacuate"}])  # fmt: skip
    result = once(made)
    in_chair = np.array([profile == "wheelchair" for profile in made.roster.profile])
    assert states(result)[in_chair].tolist() == [PersonState.CAUGHT]
    assert np.isfinite(result.out_s[~in_chair]).all()
    assert np.isinf(result.group_accounted_s).all()


def test_wheelchair_users_take_the_places_of_the_table_of_areas_at_a_corner():
    rooms = {"A11": {"students": 4, "teachers": 1, "profiles": {"wheelchair": 1, "crutches": 1}}}
    for standing, places in (("roomy", 3), ("tight", 4)):  # 0.93 / 0.46 and 0.90 / 0.28, whole
        needs = ready(MAPLE, {"rooms": rooms}, LOCKDOWN, standing=standing).orders.protocol.needs
        assert sorted(needs.corner_places.tolist()) == [1, 1, 1, 2, places]


def test_age_bands_come_from_the_population():
    young = {"students": 1, "teachers": 1, "age_band": "grades_k_2"}
    rooms = {"A11": young, "A12": {"students": 1}}
    protocol = ready(MAPLE, {"rooms": rooms}, LOCKDOWN).orders.protocol
    assert protocol.age_bands == ("grades_k_2", "adult", "grades_3_5")


def test_factors_of_special_needs_come_from_the_file_over_the_defaults():
    rooms = {"A11": {"students": 2, "teachers": 1, "profiles": {"sensory": 1, "needs_helper": 1}}}
    made = ready(MAPLE, {"rooms": rooms}, LOCKDOWN, special_needs={"quiet_factor": 3.0})
    needs = made.orders.protocol.needs
    assert (needs.quiet_factor, needs.beside_factor) == (3.0, 1.5)
    assert needs.sensory.tolist() == [True, False, False]
    assert needs.beside.tolist() == [False, True, False]
    sources = {choice.name: choice.source for choice in made.choices}
    assert sources["special_needs.quiet_factor"] == "scenario"
    assert "chosen" in sources["special_needs.beside_factor"]
