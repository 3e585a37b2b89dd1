"""What a scenario says about communication, checked against the building and made into channels."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.two_rooms import PLAN, compiled_two_rooms, hand_calculation

from buildings import check_file, compile_plan, load_plan, parse_yaml
from scenarios import assemble, scenario_from
from scenarios.communication import action_index, communication_of
from scenarios.communication_file import CommunicationFile
from scenarios.communication_said import ActionName, communication_defaults
from scenarios.phrases import PHRASES, TIMES
from sim import Distribution
from sim.protocols import (
    Action,
    Communication,
    CommunicationDraws,
    alert_times,
    draw_initiation,
    initiation_times,
)
from sim.protocols.dispatch_alert import lognormal_with_mark

HALL, ONE, TWO = range(3)
EVENT: dict[str, Any] = {
    "room": "101", "role": "teacher", "may_initiate": ["office"], "office": "102",
    "event_s": 5, "recognise_s": 10, "decide_s": 15,
    "ways": {"radio": {"takes_s": 4, "fails": 1}, "runner": {"takes_s": 6, "fails": 0}},
}  # fmt: skip
EXACT = {
    "set_up_s": 2, "fails": 0, "misunderstood_plain": 0, "misunderstood_code": 0,
}  # fmt: skip
AT_ONE = {"start": "102", "speed_mps": 1, "tell_s": 0}


def said_in(content: dict[str, Any]) -> CommunicationFile:
    return CommunicationFile.model_validate(content)


def made(
    tmp_path: Path, content: dict[str, Any]
) -> tuple[Communication | None, dict[str, str], list[str]]:
    """Return what becomes of an entry in the two rooms, with the sources and the faults."""
    people = {"rooms": {"R1": {"students": 5, "teachers": 1}, "R2": {"office": 2}}}
    scenario = scenario_from(
        hand_calculation(population={**people, "age_band": "grades_3_5"}),
        name="drill.yaml",
        folder=tmp_path,
    )
    roster = assemble(scenario).roster
    faults: list[str] = []
    communication, choices = communication_of(
        said_in(content).to_communication(), scenario, PLAN, compiled_two_rooms(), roster, faults
    )
    return communication, {choice.name: choice.source for choice in choices}, faults


def heard_s(communication: Communication | None, action: ActionName = "lockdown") -> list[float]:
    assert communication is not None
    said = communication.announcement(action_index(action), decided_s=0.0)
    found: list[float] = communication.heard(said, seed=1, replica=0).time_s.tolist()
    return found


def test_every_default_has_a_source():
    for key, (number, source) in communication_defaults().items():
        assert source.source, key
        assert source.quality in ("read", "derived", "recalled", "chosen"), key
        chance = key.split(".")[1] in ("fails", "missed", "notices") or "misunderstood" in key
        assert not chance or (isinstance(number, float) and 0 <= number <= 1), key


@pytest.mark.parametrize(("key", "mark_s"), [("answer_s", 10.0), ("process_s", 60.0)])
def test_the_call_centre_keeps_the_marks_of_the_standard(key: str, mark_s: float):
    number, source = communication_defaults()[f"dispatcher.{key}"]
    assert isinstance(number, Distribution)
    made = lognormal_with_mark(mark_s, share=0.9, sigma=0.5)
    assert number.values == pytest.approx(made.values, abs=5e-4)
    assert float(number.ppf(0.9)) == pytest.approx(mark_s, rel=1e-4)
    assert "assumed" in source.source


def test_actions_have_the_names_and_the_order_of_the_engine():
    names = ("hold", "secure", "lockdown", "evacuate", "shelter", "release", "relocate", "reunify")
    assert [action_index(name) for name in names] == list(range(len(Action)))


@pytest.mark.usefixtures("hand_plan")
class TestInTwoRooms:
    def test_where_nothing_is_said_there_are_loudspeakers_everywhere(self, tmp_path: Path):
        communication, sources, faults = made(tmp_path, {})
        assert (faults, communication is not None) == ([], True)
        assert communication is not None
        assert [channel.name for channel in communication.channels] == ["public_address"]
        assert (communication.times, communication.wording) == (2, "plain")
        assert sources["public_address.fails"].endswith("[chosen]")
        assert not [name for name in sources if name.startswith(("radio", "app", "tell"))]

    def test_a_dead_spot_and_a_late_zone_are_heard_as_such(self, tmp_path: Path):
        spoken = {**EXACT, "missed": 0, "perceive_s": 3}
        content = {
            "announcement": {"saying_s": 4, "times": 1},
            "public_address": {**spoken, "not_heard_in": ["101"], "zone_delay_s": {"east": 7}},
        }
        communication, sources, faults = made(tmp_path, content)
        assert faults == []
        assert heard_s(communication) == [9.0, math.inf, 16.0]
        assert sources["public_address.perceive_s"] == "scenario"
        content["public_address"] = {**spoken, "not_heard_in": ["west", "Hall"]}
        assert heard_s(made(tmp_path, content)[0]) == [math.inf, math.inf, 9.0]

    def test_rooms_of_which_the_plan_does_not_say_hear_it_or_not_as_told(self, tmp_path: Path):
        deaf = {"public_address": {"unknown": "not_heard"}}
        assert heard_s(made(tmp_path, deaf)[0]) == [math.inf] * 3

    def test_a_runner_takes_the_way_on_foot(self, tmp_path: Path):
        tours = {**EXACT, **AT_ONE, "tours": [["Hall", "101"], ["102"]]}
        content = {"public_address": "none", "runners": tours}
        communication, _, faults = made(tmp_path, content)
        assert faults == []
        assert heard_s(communication) == [12.0, 22.0, 2.0]

    def test_staff_carry_radios_by_role_and_by_room(self, tmp_path: Path):
        radio = {**EXACT, "delay_s": 1, "missed": 0}
        base = {"public_address": "none", "announcement": {"saying_s": 4, "times": 2}}
        by_role = made(tmp_path, {**base, "radio": {**radio, "roles": ["office"]}})[0]
        assert heard_s(by_role) == [math.inf, math.inf, 7.0]
        by_room = made(tmp_path, {**base, "radio": {**radio, "rooms": ["R1"]}})[0]
        assert heard_s(by_room) == [math.inf, 7.0, math.inf]

    def test_a_bell_rings_for_its_actions_and_lights_are_where_they_are(self, tmp_path: Path):
        signal = {"set_up_s": 1, "fails": 0, "misunderstood_code": 0, "pattern_s": 5}
        bell = {**signal, "actions": ["lockdown"], "not_heard_in": ["101"], "perceive_s": 2}
        lights = {**signal, "actions": ["lockdown"], "places": ["101"], "perceive_s": 20}
        content = {
            "public_address": "none",
            "bell": bell,
            "panic_button": {"lights": lights},
        }
        communication, _, faults = made(tmp_path, content)
        assert faults == []
        assert heard_s(communication) == [8.0, 26.0, 8.0]
        assert heard_s(communication, "secure") == [math.inf] * 3

    def test_the_app_reaches_rooms_with_staff(self, tmp_path: Path):
        app = {**EXACT, "notices": 1, "delay_s": 9}
        communication, _, _ = made(tmp_path, {"public_address": "none", "app": app})
        assert heard_s(communication) == [math.inf, 11.0, 11.0]

    def test_a_teacher_has_the_office_told_on_foot_and_presses_the_button(self, tmp_path: Path):
        content = {
            "runners": {**EXACT, **AT_ONE, "tours": [["Hall"]]},
            "initiation": EVENT,
            "panic_button": {"rooms": ["102", "Hall"]},
            "dispatcher": {
                "ways": {
                    "phone": {"takes_s": 20, "fails": 0},
                    "panic_button": {"takes_s": 3, "fails": 0, "answered": False},
                },
                "answer_s": 6,
                "process_s": 30,
            },
            "direct_cue": {"notices": 1, "notice_s": 1},
        }
        communication, _, faults = made(tmp_path, content)
        assert faults == []
        assert communication is not None
        assert communication.initiation is not None
        assert communication.alert is not None
        draws = CommunicationDraws(communication.listeners, 1, 0)
        steps = initiation_times(
            communication.initiation, draw_initiation(communication.initiation, draws)
        )
        assert (steps.recognised_s, steps.told_s, steps.decided_s) == (15, 15 + 4 + 18 + 6, 58)
        found = alert_times(communication.alert, steps, draws)
        assert (found.alert_s, found.dispatched_s, found.way) == (15 + 10 + 3, 58, 1)
        assert heard_s(communication)[:2] == [6.0, 6.0]

    def test_the_office_calls_the_dispatcher_by_radio_once_it_knows(self, tmp_path: Path):
        without_runner = {k: v for k, v in EVENT.items() if k != "office"}
        content = {
            "initiation": {**without_runner, "ways": {"radio": {"takes_s": 4, "fails": 0}}},
            "dispatcher": {"ways": {"radio": {"takes_s": 7, "fails": 0}}, "process_s": 30},
        }
        communication, _, faults = made(tmp_path, content)
        assert faults == []
        assert communication is not None
        assert communication.initiation is not None
        assert communication.alert is not None
        draws = CommunicationDraws(communication.listeners, 1, 0)
        steps = initiation_times(
            communication.initiation, draw_initiation(communication.initiation, draws)
        )
        found = alert_times(communication.alert, steps, draws)
        assert (found.alert_s, found.answered_s, found.dispatched_s) == (26.0, 26.0, 56.0)

    def test_misunderstood_means_what_the_scenario_says(self, tmp_path: Path):
        content = {"taken_for": {"hold": "evacuate"}, "wording": "code", "time_zero": "end"}
        communication, _, _ = made(tmp_path, content)
        assert communication is not None
        said = communication.announcement(Action.HOLD, decided_s=0.0)
        assert (said.taken_for, said.wording, said.time_zero) == (Action.EVACUATE, "code", "end")
        assert communication.announcement(Action.LOCKDOWN, decided_s=0.0).taken_for == -1

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ({"public_address": {"not_heard_in": ["wset"]}}, "did you mean 'west'"),
            ({"public_address": {"zone_delay_s": {"eest": 3}}}, "did you mean 'east'"),
            ({"radio": {"roles": ["aide"]}}, "nobody of the staff is aide; there are office, teac"),
            ({"radio": {"rooms": ["10l"]}}, "no such room"),
            ({"runners": {**AT_ONE, "tours": [["Hal"]]}}, "did you mean 'Hall'"),
            ({"runners": {"start": "Shaft", "tours": [["Hall"]]}}, "where nobody can stand"),
            ({"initiation": {**EVENT, "role": "visitor"}}, "nobody in the building is visitor"),
            ({"initiation": {**EVENT, "may_initiate": ["student"]}}, "student is not staff"),
            ({"initiation": {**EVENT, "office": "103"}}, "no such room"),
        ],
    )
    def test_what_the_building_does_not_have_is_said(
        self, tmp_path: Path, content: dict[str, Any], words: str
    ):
        communication, _, faults = made(tmp_path, content)
        assert communication is None
        assert len(faults) == 1
        assert faults[0].startswith("drill.yaml: communication.")
        assert words in faults[0]


def test_names_are_looked_up_although_the_roster_has_faults_of_its_own(tmp_path: Path):
    scenario = scenario_from(hand_calculation(), name="drill.yaml", folder=tmp_path)
    content = {"public_address": {"not_heard_in": ["wset"]}, "radio": {"roles": ["aide"]}}
    faults: list[str] = []
    communication, choices = communication_of(
        said_in(content).to_communication(), scenario, PLAN, compiled_two_rooms(), None, faults
    )
    assert (communication, choices, len(faults)) == (None, (), 1)
    assert "did you mean 'west'" in faults[0]


def test_the_example_in_the_documents_is_read():
    page = Path(__file__).parents[2] / "docs" / "explanation" / "communication.md"
    text = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    read, faults = check_file(parse_yaml(text, name=page.name), CommunicationFile)
    assert faults == []
    assert read is not None
    said = read.to_communication()
    assert said.initiation is not None
    assert said.initiation.ways == ("radio", "phone", "runner")
    assert said.alert_ways == {"panic_button": False, "phone": True}
    assert said.numbers["tell_by_radio.fails"] == 0.2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("app: {notice: 0.5}", "unknown key"),
        ("app: {fails: 1.5}", "app.fails: should be <= 1 (got 1.5)"),
        ("radio: {}", "say who carries a radio"),
        ("bell: {actions: []}", "at least 1"),
        ("bell: {actions: [lockdwn]}", "should be"),
        ("taken_for: {hold: hold}", "cannot be taken for itself"),
        ("direct_cue: {}", "direct_cue needs initiation"),
        ("dispatcher: {}", "dispatcher needs initiation"),
        ("panic_button: {}", "panic_button does nothing"),
        ("panic_button: {rooms: [A]}", "unless dispatcher.ways has panic_button"),
        ("initiation: {room: A, role: aide, may_initiate: [aide]}", "office is required"),
        ("announcement: {times: 0}", "should be >= 1"),
        ("runners: {start: A, tours: [[B]], speed_mps: 0}", "should be > 0 m/s"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_one_line(text: str, fault: str):
    read, faults = check_file(parse_yaml(text, name="drill.yaml"), CommunicationFile)
    assert read is None
    assert len(faults) == 1
    assert fault in faults[0]


def test_in_a_school_a_silenced_zone_changes_its_own_rooms_only(tmp_path: Path):
    plan = load_plan("builtin:maple-elementary")
    compiled = compile_plan(plan)
    drill = {
        "kind": "scenario",
        "schema_version": 1,
        "name": "A drill",
        "plan": "builtin:maple-elementary",
        "population": {"from_plan": "occupants_default", "age_band": "grades_3_5"},
        "protocol": {"evacuate": {"alarm_s": 0}},
    }
    scenario = scenario_from(drill, name="drill.yaml", folder=tmp_path)
    roster = assemble(scenario).roster
    heard = []
    for silent in ([], ["wing-a"]):
        faults: list[str] = []
        content = {"public_address": {"not_heard_in": silent, "fails": 0}, "app": {"fails": 0}}
        communication, _ = communication_of(
            said_in(content).to_communication(), scenario, plan, compiled, roster, faults
        )
        assert faults == []
        assert communication is not None
        said = communication.announcement(Action.LOCKDOWN, decided_s=0.0)
        heard.append(communication.heard(said, seed=3, replica=2))
    zone = np.array([plan.spaces[id_].zone == "wing-a" for id_ in compiled.space_ids])
    before, after = (one.time_s for one in heard)
    assert before[~zone].tolist() == after[~zone].tolist()
    assert (after[zone] >= before[zone]).all()
    assert (after[zone] > before[zone]).any()


@pytest.mark.parametrize("name", PHRASES)
def test_every_announcement_is_said_twice_with_action_and_directive(name: Any):
    phrase = PHRASES[name]
    said = phrase.announcement(
        location="the field", hazard="high wind", strategy="Go to the inner hall"
    )
    assert (
        said.count(f"{phrase.action}!")
        == TIMES
        == communication_defaults()["announcement.times"][0]
    )
    assert said[: len(said) // 2].strip() == said[len(said) // 2 :].strip()
    assert "{" not in said
    assert phrase.to_students("grades_k_2") != phrase.to_students("grades_9_12")


def test_words_are_calm():
    for phrase in PHRASES.values():
        words = f"{phrase.directive} {phrase.to_younger} {phrase.to_older}".lower()
        assert not [w for w in ("danger", "threat", "attack", "run!", "hurry") if w in words]


def test_an_evacuation_says_where_to():
    with pytest.raises(ValueError, match="Evacuate: say the location"):
        PHRASES["evacuate"].announcement()
