"""A scenario file with faults says where, what was found and what was expected, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.two_rooms import hand_calculation

from buildings import InputError
from scenarios import ScenarioError, builtin_scenarios, load_scenario, scenario_from

HEAD = """\
kind: scenario
schema_version: 1
name: Fire
plan: school
population: {rooms: {"101": {students: 5}}, age_band: grades_6_8}
"""

BAD = [
    ("protocol: {evacuate: {alarm_s: -5}}", "protocol.evacuate.alarm_s: should be >= 0 (got -5)"),
    ("protocol: {evacuate: {alarm_s: soon}}", "should be a number (got 'soon')"),
    ("protocol: {evacuate: {alarm_s: 1:30}}", "should be a number (got '1:30')"),
    ("protocol: {evacuate: {alarm_s: true}}", "should be a number (got True)"),
    ("protocol: {evacuate: {alarm: 5}}", "unknown key (did you mean 'alarm_s'?)"),
    ("replica: 5", "replica: unknown key (did you mean 'replicas'?)"),
    ("zzz: 5", "zzz: unknown key, expected one of kind, schema_version"),
    ("replicas: 0", "replicas: should be >= 1 (got 0)"),
    ("replicas: 2.5", "replicas: should be a whole number (got 2.5)"),
    ("seed: -1", "seed: should be >= 0 (got -1)"),
    ("end_s: 0", "end_s: should be > 0 (got 0)"),
    ("end_s:", "end_s: should be a number (got nothing)"),
    ("movement: {law: sfp}", "unknown flow law 'sfp', expected one of sfpe"),
    ("movement: {numbers: {door_flow: 1}}", "did you mean"),
    ("movement: {numbers: {door_boundary_m: 3}}", "door_boundary_m: expected 0 to 0.5, got 3"),
    ("movement: {speed_mps: {everyone: 0}}", "a walking speed should be > 0 m/s"),
    (
        "movement: {speed_mps: {everyone: {kind: normal, mean: 1, sd: 0.2}}}",
        "give a value, a low or a lower bound above 0",
    ),
    (
        "pre_movement: {everyone: {kind: uniform, low: 9, high: 3}}",
        "pre_movement.everyone: uniform: low 9.0 must not exceed high 3.0",
    ),
    (
        "pre_movement: {everyone: {kind: unifrm, low: 9}}",
        "pre_movement.everyone: kind should be one of 'constant', 'uniform'",
    ),
    (
        "pre_movement: {everyone: {kind: uniform, low: 9}}",
        "pre_movement.everyone.high: is required",
    ),
    (
        "pre_movement: {everyone: {kind: uniform, lo: 9, low: 1, high: 2}}",
        "pre_movement.everyone.lo: unknown key (did you mean 'low'?)",
    ),
    ("pre_movement: {by_role: {studnt: 5}}", "unknown key (did you mean 'student'?)"),
    ("pre_movement: {listed: [1, -2]}", "pre_movement.listed.1: should be >= 0 (got -2)"),
    (
        "protocol: {evacuate: {announcement: {zones: {gym: nver}}}}",
        "announcement.zones.gym: should be a number or 'never' (got 'nver')",
    ),
    ("protocol: {evacuate: [1]}", "protocol.evacuate: should be a mapping of keys and values"),
    ("classes: {uses: classroom}", "classes.uses: should be a list (got 'classroom')"),
    ("assign_exits: {101: [1]}", "assign_exits.101: should be text (got a list)"),
]


def load(tmp_path: Path, text: str, *changes: str):
    path = tmp_path / "fire.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path, changes=changes)


@pytest.mark.parametrize(("line", "words"), BAD, ids=[line for line, _ in BAD])
def test_a_fault_is_named_with_its_line(tmp_path: Path, line: str, words: str):
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, HEAD + line + "\n")
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(f"{tmp_path / 'fire.yaml'}:6: ")
    assert words in caught.value.faults[0]


def test_all_faults_are_listed_at_once_in_order_of_line(tmp_path: Path):
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, HEAD + "replicas: 0\nseed: x\nextra: 1\n")
    lines = [fault.split(":")[1] for fault in caught.value.faults]
    assert lines == ["6", "7", "8"]


@pytest.mark.parametrize(
    ("population", "words"),
    [
        ("{}", "population: nobody is in the building: give rooms, from_plan or total"),
        ("{total: 5, from_plan: occupants_default}", "say either from_plan or total, not both"),
        ("{rooms: {101: {student: 5}}}", "unknown key (did you mean 'students'?)"),
        ("{rooms: {101: {students: -1}}}", "population.rooms.101.students: should be >= 0"),
        ("{rooms: {101: {students: 2, at: [[1, 2]]}}}", "at should name 2 places"),
        ("{rooms: {101: {students: 1, at: [[1]]}}}", "at.0: should have at least 2 entries"),
        ("{total: 5, staff: {gym: {role: coach, one_per: 5}}}", "role: should be 'student'"),
        ("{total: 5, load_factors_m2: {gymm: 5}}", "unknown key (did you mean 'gym'?)"),
    ],
)
def test_faults_of_the_population(tmp_path: Path, population: str, words: str):
    head = "\n".join(HEAD.splitlines()[:4])
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path, f"{head}\npopulation: {population}\n")
    assert words in str(caught.value)
    assert "fire.yaml:5: population" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "fire.yaml:1: expected keys and values, found nothing"),
        ("- a\n", "fire.yaml:1: expected keys and values, found a list"),
        ("a: [1\n", "not readable as YAML"),
        ("a: 1\nb: 2\na: 3\n", "fire.yaml:3: a: said twice, first on line 1"),
        ("a: &x 1\nb: *x\n", "fire.yaml:2: aliases (*x) are not read"),
        ("a: !!python/object:os.system {}\n", "tags such as tag:yaml.org,2002:python"),
        ("a: 1\n---\nb: 2\n", "not readable as YAML"),
        ("? [a, b]\n: 1\n", "a key should be one word"),
        ("a: " + "[" * 60 + "]" * 60, "nested too deep"),
        ("a: " + "[" * 3000 + "]" * 3000, "nested too deep"),
    ],
)
def test_what_is_not_a_readable_file(tmp_path: Path, text: str, words: str):
    with pytest.raises(InputError) as caught:
        load(tmp_path, text)
    assert words in str(caught.value)


def test_a_missing_binary_or_foreign_file(tmp_path: Path):
    with pytest.raises(InputError, match=r"no such file, expected a scenario"):
        load_scenario(tmp_path / "none.yaml")
    with pytest.raises(InputError, match=r"is a folder, expected a scenario file"):
        load_scenario(tmp_path)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"is not UTF-8 text"):
        load_scenario(tmp_path / "bytes.yaml")
    with pytest.raises(InputError, match=r"did you mean 'builtin:cedar-middle-evacuation'"):
        load_scenario("builtin:cedar-midle-evacuation")


def test_room_numbers_stay_as_written(tmp_path: Path):
    text = HEAD.replace('"101"', "0102") + "assign_exits: {0102: 3}\n"
    scenario = load(tmp_path, text)
    assert list(scenario.population.rooms) == ["0102"]
    assert scenario.assign_exits == {"0102": "3"}


def test_changes_from_the_command_line(tmp_path: Path):
    scenario = load(
        tmp_path,
        HEAD,
        "protocol.evacuate.alarm_s=30",
        "population.rooms.101.students=7",
        "movement.speed_mps.everyone={kind: uniform, low: 1, high: 2}",
    )
    assert scenario.evacuation.alarm_s == 30.0
    assert scenario.population.rooms["101"].count == {"student": 7}
    assert scenario.speeds.everyone.values == (1.0, 2.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("alarm", "--set alarm: expected key=value"),
        ("=5", "expected key=value"),
        ("seed=[1", "--set seed=[1: not readable as YAML"),
        ("name.first=x", "name is not a mapping"),
        ("seeds=5", "seeds: unknown key (did you mean 'seed'?)"),
        ("seed=-5", "fire.yaml: seed: should be >= 0 (got -5)"),
    ],
)
def test_changes_that_cannot_be_made(tmp_path: Path, change: str, words: str):
    with pytest.raises(InputError) as caught:
        load(tmp_path, HEAD, change)
    assert words in str(caught.value)


def test_what_is_resolved_reads_back_to_itself():
    first = scenario_from(hand_calculation(), folder=Path("x"))
    second = scenario_from(first.resolved, folder=Path("x"))
    assert second.resolved == first.resolved
    assert second.speeds == first.speeds
    assert second.pre_movement == first.pre_movement
    assert second.evacuation == first.evacuation
    assert second.population == first.population
    assert second.law_numbers == first.law_numbers


def test_a_relative_plan_starts_at_the_scenario(tmp_path: Path):
    assert load(tmp_path, HEAD).plan_at == str(tmp_path / "school")


def test_every_builtin_scenario_reads():
    assert len(builtin_scenarios()) >= 20
    for name in builtin_scenarios():
        scenario = load_scenario(name)
        assert scenario.plan_at.startswith("builtin:")
        assert scenario.replicas == 200
        assert scenario.teaches, name


def test_a_scenario_says_only_what_is_different_from_its_base(tmp_path: Path):
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "day.yaml").write_text(
        "kind: scenario\nschema_version: 1\nname: Day\nplan: school\nend_s: 600\n"
        'population: {rooms: {"101": {students: 3}}}\nmovement: {law: weidmann}\n'
    )
    path = tmp_path / "night.yaml"
    path.write_text(
        'based_on: base/day.yaml\nname: Night\npopulation: {rooms: {"102": {students: 4}}}\n'
    )
    night = load_scenario(path, changes=["end_s=700"])
    assert (night.name, night.law, night.end_s) == ("Night", "weidmann", 700.0)
    assert night.plan_at == str(tmp_path / "base" / "school")
    assert [*night.population.rooms] == ["101", "102"]


def test_scenarios_that_are_based_on_each_other_are_an_error(tmp_path: Path):
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.yaml").write_text(f"based_on: {other}.yaml\nname: {one}\n")
    with pytest.raises(ScenarioError, match="based on each other"):
        load_scenario(tmp_path / "a.yaml")


def test_a_base_that_is_not_there_is_named(tmp_path: Path):
    path = tmp_path / "night.yaml"
    path.write_text("based_on: builtin:cedar-middle-evacuatoin\n")
    with pytest.raises(ValueError, match="did you mean 'builtin:cedar-middle-evacuation'"):
        load_scenario(path)
