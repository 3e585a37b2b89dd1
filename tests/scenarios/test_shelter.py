"""Shelter, relocation and reunification as scenario files say them, on the schools we ship."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from buildings import load_plan
from scenarios import Assembled, ScenarioError, assemble, scenario_from
from scenarios.protocol_said import protocol_defaults
from sim.protocols import Buses, PersonState, sheltered_by, without_place

HEAD = {
    "kind": "scenario",
    "schema_version": 1,
    "name": "Storm",
    "plan": "builtin:maple-elementary",
    "population": {
        "from_plan": "occupants_default", "counts": "students", "age_band": "grades_3_5",
    },
}  # fmt: skip
WEATHER = {"at_s": 10, "action": "shelter", "against": "weather"}
EVACUATE = {"at_s": 0, "action": "evacuate"}
BUSES = {"number": 2, "capacity": 40, "ride_s": 300, "first_s": 60}
DESKS = {"greeters": 1, "checkers": 2, "reunifiers": 3, "private_desk": 1, "accountants": 1}


def assembled(protocol: dict[str, object], **more: object) -> Assembled:
    return assemble(scenario_from(HEAD | {"protocol": protocol} | more, folder=Path()))


def faults(protocol: dict[str, object], **more: object) -> str:
    with pytest.raises(ScenarioError) as raised:
        assembled(protocol, **more)
    return str(raised.value)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"at_s": 0, "action": "shelter"}, "say against what"),
        (WEATHER | {"lasts_s": 5}, "lasts_s: only for an earthquake, not for weather"),
        (EVACUATE | {"lasts_s": 5}, "lasts_s: only for shelter, not for evacuate"),
        (
            {"at_s": 0, "action": "shelter", "against": "earthquake", "rooms": ["101"]},
            "an earthquake is felt everywhere",
        ),
        ({"at_s": 0, "action": "relocate"}, "say where to"),
        (EVACUATE | {"to": {"name": "hall", "metres": 5}}, "to: only for relocate"),
        (
            {"at_s": 0, "action": "relocate", "to": {"name": "hall"}},
            "give either metres, for a walk, or buses",
        ),
        (
            {"at_s": 0, "action": "relocate", "to": {"name": "h", "buses": BUSES, "crossings": 1}},
            "crossings: only on foot",
        ),
        (
            {"at_s": 0, "action": "relocate", "to": {"name": "h", "buses": BUSES | {"bays": 1}}},
            "unknown key",
        ),
        ({"at_s": 0, "action": "relocate", "to": {"name": "h", "metres": 9}}, "needs an evacuate"),
        ({"at_s": 0, "action": "reunify"}, "reunify needs an evacuate before it"),
    ],
)
def test_a_step_that_does_not_hold_together_is_named(step: dict[str, object], words: str):
    assert words in faults({"timeline": [step]})


def test_what_belongs_together_is_asked_for():
    reunify = [EVACUATE, {"at_s": 60, "action": "reunify"}]
    assert "belong together" in faults({"timeline": reunify})
    desks = {"arrive_s": 600, "desks": DESKS}
    assert "belong together" in faults({"timeline": [EVACUATE]}, reunification=desks)
    assert "children_per_family should add up to 1" in faults(
        {"timeline": reunify}, reunification=desks | {"children_per_family": [0.5]}
    )
    assert "only with a shelter against weather" in faults(
        {"timeline": [EVACUATE], "shelter": {"lead_s": 60}}
    )


def test_areas_that_the_plan_does_not_have_are_named():
    said = faults({"timeline": [WEATHER], "shelter": {"areas": ["101", "999", "101"]}})
    assert "protocol.shelter.areas.1" in said
    assert "protocol.shelter.areas.2: 101: S-101 is listed twice" in said


def test_without_a_list_the_marked_rooms_are_taken_and_else_some_are_proposed():
    said = assembled({"timeline": [WEATHER]})
    plan = load_plan("builtin:maple-elementary")
    assert not any(one.safe_haven in ("drawn", "hardened") for one in plan.spaces.values())
    proposed = [line for line in said.notes if "proposed" in line]
    assert len(proposed) == 1
    assert "Somebody competent has to look at them" in proposed[0]
    assert said.orders.protocol is not None
    assert said.orders.protocol.shelter is not None
    for space in said.orders.protocol.shelter.areas:
        name = said.compiled.space_ids[space]
        for portal in plan.portals_of(name):
            assert not portal.leads_outside, name
    listed = assembled({"timeline": [WEATHER], "shelter": {"areas": ["106", "102"]}})
    assert not any("proposed" in line for line in listed.notes)
    assert listed.orders.protocol is not None
    assert listed.orders.protocol.shelter is not None
    assert [listed.compiled.space_ids[one] for one in listed.orders.protocol.shelter.areas] == [
        "S-106", "S-102",
    ]  # fmt: skip
    assert any("not everybody finds a place" in line for line in listed.notes)


def test_floor_and_lead_time_are_as_said():
    said = assembled(
        {
            "timeline": [WEATHER],
            "shelter": {
                "areas": ["106"], "m2_per_person": 0.5, "usable_share": 0.8, "lead_s": 420,
            },
        }
    )  # fmt: skip
    shelter = said.orders.protocol.shelter if said.orders.protocol else None
    assert shelter is not None
    floor = said.plan.spaces["S-106"].area_m2
    assert shelter.bay_m2.sum() == pytest.approx(0.8 * floor)
    assert (shelter.needs_m2 == 0.5).all()
    assert shelter.lead_s == 420
    assert shelter.places().tolist() == [int(0.8 * floor / 0.5)]


def test_a_school_shelters_and_nobody_is_lost():
    said = assembled({"timeline": [WEATHER]}, end_s=1200)
    got = said.simulation(seed=1).run(0).protocol
    assert got is not None
    in_shelter = got.person_state == PersonState.SHELTERED
    assert in_shelter.sum() + without_place(got) == said.roster.n_people
    shares = sheltered_by(got.sheltered_s, float(got.announced_s[0]))
    assert shares[-1] == in_shelter.mean()
    assert (np.diff(shares) >= 0.0).all()


def test_people_in_wheelchairs_take_more_floor_and_a_bus_with_a_lift():
    rooms = {"101": {"students": 4, "profiles": {"wheelchair": 1}}}
    population = {"rooms": rooms, "age_band": "grades_3_5"}
    said = assembled({"timeline": [WEATHER]}, population=population)
    protocol = said.orders.protocol
    assert protocol is not None
    assert protocol.shelter is not None
    assert len(protocol.wheelchairs) == 1
    chair = protocol.wheelchairs[0]
    assert protocol.shelter.needs_m2[chair] == protocol_defaults()["shelter.m2_per_wheelchair"][0]
    timeline = [EVACUATE, {"at_s": 60, "action": "relocate", "to": {"name": "h", "buses": BUSES}}]
    said = assembled({"timeline": timeline}, population=population)
    assert any("no bus with a lift" in line for line in said.notes)
    lifts = BUSES | {"wheelchair_buses": 1}
    timeline[1] = timeline[1] | {"to": {"name": "h", "buses": lifts}}
    said = assembled({"timeline": timeline}, population=population)
    assert not any("no bus with a lift" in line for line in said.notes)
    assert said.orders.protocol is not None
    relocation = said.orders.protocol.timeline[1].relocation
    assert relocation is not None
    assert isinstance(relocation.way, Buses)
    assert (relocation.way.number, relocation.way.wheelchair_buses) == (2, 1)


def test_from_the_alarm_to_the_families_in_one_scenario():
    said = assembled(
        {
            "timeline": [
                EVACUATE,
                {"at_s": 300, "action": "relocate", "to": {"name": "hall", "metres": 400}},
                {"at_s": 600, "action": "reunify"},
            ]
        },
        reunification={
            "opens_s": 1200,
            "arrivals": [{"from_s": 900, "to_s": 3600, "share": 1.0}],
            "desks": DESKS,
            "children_per_family": [0.6, 0.4],
        },
        end_s=50_000,
    )
    protocol = said.orders.protocol
    assert protocol is not None
    assert protocol.reunion is not None
    family = protocol.reunion.orders.family
    n = int((np.array(said.roster.role) == "student").sum())
    assert len(family) == n
    sizes = np.bincount(np.bincount(family))
    assert sizes[2] == pytest.approx(0.4 * sizes.sum(), abs=1.0)
    got = said.simulation(seed=1).run(0).protocol
    assert got is not None
    students = np.array(said.roster.role) == "student"
    done = np.isin(got.person_state, (PersonState.HANDED_OVER, PersonState.REFERRED))
    assert (done == students).all()
    assert (got.at_site_s[students] < np.minimum(got.handed_over_s, got.referred_s)[students]).all()
    assert any(choice.name == "step.check_s" for choice in said.choices)


def test_every_new_number_has_a_source():
    defaults = protocol_defaults()
    for key in ("seconds.board", "seconds.lift", "shelter.m2_per_person", "earthquake.lasts_s"):
        assert defaults[key][1].quality in ("recalled", "chosen")
        assert defaults[key][1].source
