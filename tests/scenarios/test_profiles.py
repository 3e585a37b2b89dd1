"""Mobility profiles: who has one, what it says, where the numbers come from, who may help."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.two_rooms import PLAN, compiled_two_rooms, hand_calculation, two_rooms_scenario

from buildings import InputError, load_plan
from scenarios import (
    ScenarioError,
    assemble,
    build_roster,
    load_scenario,
    run_ensemble,
    scenario_from,
)
from scenarios.assembled import Assembled
from scenarios.manifest import make_manifest
from scenarios.population_defaults import population_defaults
from scenarios.profile_file import KEYS
from scenarios.profiles import PROFILES, Profile, scaled
from sim import Distribution, Roster

COMPILED = compiled_two_rooms()


def people(profiles: dict[str, Any], **counts: int) -> dict[str, Any]:
    counts = counts or {"students": 4, "teachers": 2}
    return {"rooms": {"101": {**counts, "profiles": profiles}}, "age_band": "grades_6_8"}


def roster_of(profiles: dict[str, Any], **changes: Any) -> Roster:
    scenario = two_rooms_scenario(**{"population": people(profiles), **changes})
    return build_roster(scenario, PLAN, COMPILED)


def test_every_profile_has_every_number_from_somewhere():
    defaults = population_defaults()
    assert tuple(defaults.profile) == PROFILES
    for name, profile in defaults.profile.items():
        said = [key for key in KEYS if getattr(profile, key) != getattr(Profile(), key)]
        assert said, name
        for key in said:
            source = defaults.sources[f"profile.{name}.{key}"]
            assert source.quality in ("recalled", "chosen")
            assert source.source
    measured = {"stick": 0.81, "crutches": 0.94, "walker": 0.57, "wheelchair": 0.69}
    for name, mean_mps in measured.items():
        speed = defaults.profile[name].speed_mps
        assert speed is not None
        assert speed.values[0] == mean_mps


def test_a_measured_speed_on_stairs_comes_out_on_an_ordinary_stair():
    from sim import flow_law

    own = flow_law("sfpe").stair_factor(0.178, 0.279)
    stick = population_defaults().profile["stick"]
    assert stick.speed_mps is not None
    down, up = stick.stair_factors
    median = float(stick.speed_mps.ppf(0.5))
    assert median * own * down == pytest.approx(0.32)
    assert median * own * up == pytest.approx(0.35)


@pytest.mark.parametrize(
    "distribution",
    [
        Distribution.constant(3.0),
        Distribution("uniform", (1.0, 5.0), 2.0, 4.0),
        Distribution("normal", (4.0, 1.0), 1.0, 9.0),
        Distribution("lognormal", (20.0, 0.5), 3.0, 60.0),
        Distribution("triangular", (1.0, 2.0, 6.0)),
        Distribution("weibull", (5.0, 1.7)),
        Distribution("gamma", (5.0, 1.7), 1.0),
    ],
)
def test_a_scaled_distribution_scales_every_draw(distribution: Distribution):
    shares = np.linspace(0.01, 0.99, 21)
    twice = scaled(distribution, 1.5).ppf(shares)
    assert np.allclose(twice, 1.5 * distribution.ppf(shares))


def test_the_first_people_of_a_role_get_them_and_ids_stay():
    roster = roster_of({"stick": 1, "wheelchair": 1, "teacher": {"sensory": 1}})
    assert roster.person_ids == roster_of({}).person_ids
    assert dict(zip(roster.person_ids, roster.profile, strict=True)) == {
        "R1/student-01": "stick",
        "R1/student-02": "wheelchair",
        "R1/student-03": "unimpaired",
        "R1/student-04": "unimpaired",
        "R1/teacher-01": "sensory",
        "R1/teacher-02": "unimpaired",
    }
    able = roster.abilities
    assert able is not None
    assert able.size.tolist() == [1, 3, 1, 1, 1, 1]
    assert able.level_only.tolist() == [False, True, False, False, False, False]
    assert able.helpers_needed.tolist() == [0, 2, 0, 0, 0, 0]
    assert able.can_help.tolist() == [False] * 4 + [True, True]
    assert roster.stair_down[0] < 0.6
    assert roster.stair_down[2] == 1.0


def test_flat_and_by_role_say_the_same():
    flat, by_role = roster_of({"stick": 2}), roster_of({"student": {"stick": 2}})
    assert flat.profile == by_role.profile
    both = roster_of({"stick": 1, "student": {"crutches": 1}, "teacher": {"walker": 1}})
    assert both.profile[:2] == ("stick", "crutches")
    assert both.profile[4] == "walker"


def test_who_needs_help_does_not_help():
    roster = roster_of({"teacher": {"needs_helper": 1, "stick": 1}})
    assert roster.abilities is not None
    assert roster.abilities.can_help.tolist() == [False] * 6


def test_factors_on_stairs_are_multiplied():
    movement = {**hand_calculation()["movement"], "stair_factor": {"down": 0.5}}
    once, halved = roster_of({"stick": 1}), roster_of({"stick": 1}, movement=movement)
    assert halved.stair_down.tolist() == (0.5 * once.stair_down).tolist()
    assert halved.stair_up.tolist() == once.stair_up.tolist()


def drawn(**changes: Any) -> Assembled:
    base: dict[str, Any] = {
        "population": people({}),
        "movement": {},
        "pre_movement": {},
    }
    return assemble(two_rooms_scenario(**{**base, **changes}), PLAN, COMPILED)


def test_draws_of_all_the_others_stay():
    plain = drawn().simulation(seed=4)
    changed = drawn(population=people({"wheelchair": 1, "teacher": {"sensory": 2}})).simulation(
        seed=4
    )
    for replica in (0, 7):
        speeds = plain.draw_speeds(replica)[:, 0], changed.draw_speeds(replica)[:, 0]
        assert (speeds[0] != speeds[1]).tolist() == [True] + [False] * 5
        delays = plain.draw_pre_movement(replica), changed.draw_pre_movement(replica)
        assert delays[1].tolist()[:4] == delays[0].tolist()[:4]
        assert delays[1][4:] == pytest.approx(1.5 * delays[0][4:])


def test_a_listed_delay_is_nobodys_to_lengthen():
    listed = {"listed": [1, 2, 3, 4, 5, 6]}
    simulation = drawn(
        population=people({"teacher": {"sensory": 1}}), pre_movement=listed
    ).simulation(seed=1)
    assert simulation.draw_pre_movement(0).tolist() == [1, 2, 3, 4, 5, 6]


def test_a_profile_needs_no_age_band():
    said = {"rooms": {"101": {"students": 1, "profiles": {"stick": 1}}}}
    assert drawn(population=said).roster.n_people == 1
    with pytest.raises(ScenarioError, match="is required: 1 students walk at the speed"):
        drawn(population={"rooms": {"101": {"students": 2, "profiles": {"stick": 1}}}})


def test_a_room_speaks_for_everybody_in_it_unless_the_scenario_speaks_of_the_profile():
    rooms = {"101": {"visitors": 2, "speed_mps": 0.8, "profiles": {"visitor": {"wheelchair": 1}}}}
    mobility = {"wheelchair": {"speed_mps": 0.5}}
    for said, speeds in (({}, [0.8, 0.8]), ({"mobility": mobility}, [0.5, 0.8])):
        simulation = drawn(population={"rooms": rooms, **said}).simulation(seed=1)
        assert simulation.draw_speeds(0)[:, 0].tolist() == speeds


def test_a_scenario_says_what_a_profile_is():
    mobility = {"wheelchair": {"speed_mps": 1.1, "size": 2, "helpers_needed": 1}}
    one = drawn(population={**people({"wheelchair": 1}), "mobility": mobility})
    able = one.roster.abilities
    assert able is not None
    assert able.size[0] == 2
    assert able.helpers_needed[0] == 1
    assert able.level_only[0]
    assert one.simulation(seed=1).draw_speeds(0)[0, 0] == 1.1
    rows = {
        row["name"]: row["source"]
        for row in make_manifest(one, seed=1, replicas=1, kept_replicas=[0])["parameters"]
    }
    assert rows["speed_mps: wheelchair"] == "scenario"
    assert rows["size: wheelchair"] == "scenario"
    assert rows["level_only: wheelchair"].endswith("[chosen]")


def test_a_room_of_the_plan_keeps_its_numbers():
    population = {
        "from_plan": "occupants_default",
        "counts": "students",
        "age_band": "grades_6_8",
        "rooms": {"101": {"profiles": {"crutches": 1}}},
    }
    roster = build_roster(two_rooms_scenario(population=population), PLAN, COMPILED)
    assert roster.profile.count("crutches") == 1
    assert roster.role.count("student") == 26
    assert roster.role.count("teacher") == 1
    total = {"total": 50, "rooms": {"101": {"profiles": {"crutches": 1}}}}
    assert build_roster(two_rooms_scenario(population=total), PLAN, COMPILED).n_people == 50


@pytest.mark.parametrize(
    ("population", "words"),
    [
        (
            people({"wheelchair": 5}),
            "population.rooms.101.profiles: names 5 wheelchair among 4 students of the room",
        ),
        (
            people({"teacher": {"stick": 1}}, students=3),
            "profiles: names 1 stick among no teachers of the room",
        ),
        (people({"wheelchar": 1}), "profiles.wheelchar: unknown key (did you mean 'wheelchair'?)"),
        (people({"studnt": {"stick": 1}}), "unknown key (did you mean 'student'?)"),
        (
            people({"student": 1}),
            "profiles.student: should be a mapping of keys and values (got 1)",
        ),
        (people({"stick": {"student": 1}}), "profiles.stick: should be a whole number"),
        (people({"stick": -1}), "profiles.stick: should be >= 0 (got -1)"),
        (
            people({"stick": 1, "student": {"stick": 1}}),
            "stick is said of the students twice: alone and by role",
        ),
        ({"rooms": {"101": {"profiles": {"stick": 1}}}}, "names 1 stick among no students"),
        (
            {
                "from_plan": "occupants_default",
                "rooms": {"Hall": {"profiles": {"stick": 1}}, "101": {}},
            },
            "population.rooms.Hall.profiles: names 1 stick among no students of the room",
        ),
        (
            {**people({}), "mobility": {"stick": {"speed_mps": 0}}},
            "a walking speed should be > 0 m/s",
        ),
        (
            {**people({}), "mobility": {"sensory": {"stair_down_mps": 0.3}}},
            "population: mobility.sensory: a speed on stairs needs one on the level",
        ),
        (
            {**people({}), "mobility": {"stick": {"size": 0}}},
            "mobility.stick.size: should be >= 1 (got 0)",
        ),
        (
            {**people({}), "mobility": {"stick": {"stair_up_mps": float("nan")}}},
            "mobility.stick.stair_up_mps: should be",
        ),
        ({**people({}), "mobility": {"cane": {}}}, "population.mobility.cane: unknown key"),
    ],
)
def test_faults_of_profiles(population: dict[str, Any], words: str):
    with pytest.raises(InputError) as caught:
        assemble(two_rooms_scenario(population=population), PLAN, COMPILED)
    assert len(str(caught.value).splitlines()) == 1
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "said",
    [
        {"size": 0},
        {"helpers_needed": -1},
        {"pre_movement_factor": 0.0},
        {"stair_up_mps": 0.0, "speed_mps": Distribution.constant(1.0)},
    ],
)
def test_a_profile_states_its_bounds(said: dict[str, Any]):
    with pytest.raises(
        ValueError, match=next(iter(said)) if "stair" not in str(said) else "stairs"
    ):
        replace(Profile(), **said)


# what comes of it


def test_who_cannot_use_a_stair_is_said_beforehand_and_stays():
    content = load_scenario("builtin:cedar-middle-evacuation").resolved
    upstairs = next(
        space
        for space in load_plan("builtin:cedar-middle").spaces.values()
        if space.level != "L1" and space.use == "classroom" and space.occupants_default
    )
    said = content["population"]
    rooms = {
        "101": {"profiles": {"wheelchair": 1}},
        upstairs.id: {"profiles": {"electric_wheelchair": 1}},
    }
    scenario = scenario_from({**content, "population": {**said, "rooms": rooms}}, folder=Path())
    one = assemble(scenario)
    assert len(one.notes) == 1
    assert one.notes[0].startswith("1 person in ")
    assert upstairs.id in one.notes[0]
    assert "cannot use a stair alone" in one.notes[0]
    ensemble = run_ensemble(one, replicas=2)
    out = dict(zip(ensemble.roster.profile, np.isfinite(ensemble.out_s).all(axis=0), strict=True))
    assert out["wheelchair"]


def test_a_class_walks_at_the_pace_of_its_slowest_member():
    classes = {"uses": ["classroom"], "keep_together": True}
    one = drawn(population=people({"walker": 1}), classes=classes)
    assert one.roster.groups.keep_together is not None
    assert one.roster.groups.keep_together.tolist() == [True]
    speeds = one.simulation(seed=2).draw_speeds(0)[:, 0]
    alone = drawn(population=people({"walker": 1})).simulation(seed=2).draw_speeds(0)[:, 0]
    assert speeds.tolist() == [alone.min()] * 6
    assert drawn().roster.groups.keep_together is None
