"""What is said of the flow law beside results: its name, what was changed, what to beware of."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from support.two_rooms import PLAN, compiled_two_rooms, hand_calculation, two_rooms_scenario

from scenarios import Scenario, assemble, law_words, run_ensemble, summarize
from scenarios.manifest import make_manifest
from scenarios.run_report import print_report

pytestmark = pytest.mark.usefixtures("hand_plan")


def scenario_of(law: str = "sfpe", **numbers: float | str) -> Scenario:
    return two_rooms_scenario(movement={**MOVEMENT, "law": law, "numbers": numbers})


MOVEMENT = {"speed_mps": hand_calculation()["movement"]["speed_mps"]}


def test_sfpe_is_said_to_be_conservative_at_narrow_doors():
    first, *rest = law_words(scenario_of())
    assert first == "Flow law sfpe: adults in drills and tests, North America."
    assert len(rest) == 1
    assert "conservative at narrow doors" in rest[0]
    assert "0.5 to 1.2 m" in rest[0]
    assert "1.9 /(s m) of clear width" in rest[0]


def test_every_changed_number_is_said():
    words = law_words(scenario_of(door_boundary_m=0.1, storage_per_m2="unlimited"))
    assert words[1] == (
        "Changed by the scenario: door_boundary_m 0.1 m instead of 0.15; "
        "storage_per_m2 unlimited instead of 3.5."
    )
    assert len(words) == 3


def test_a_caution_about_doors_falls_away_where_the_doors_are_changed():
    words = law_words(scenario_of(door_specific_flow=1.9, door_boundary_m=0.0))
    assert len(words) == 2
    assert not any("conservative" in line for line in words)


@pytest.mark.parametrize(
    ("law", "said"),
    [
        ("experiments", "Use it to compare with a drill, not to plan."),
        ("children_3_4", "Compare with a drill of your own."),
        ("children_5_6", "Compare with a drill of your own."),
        ("children_school_age", "the rest is adults'"),
    ],
)
def test_measured_and_childrens_laws_say_what_they_rest_on(law: str, said: str):
    words = law_words(scenario_of(law))
    assert words[0].startswith(f"Flow law {law}: ")
    assert said.lower() in " ".join(words[1:]).lower()


def test_the_short_table_of_a_run_prints_the_same_words(tmp_path: Path):
    scenario = scenario_of(door_boundary_m=0.1)
    ensemble = run_ensemble(assemble(scenario, PLAN, compiled_two_rooms()), replicas=2)
    printed = io.StringIO()
    console = Console(file=printed, width=100)
    print_report(ensemble, summarize(ensemble), tmp_path / "run", console=console)
    lines = printed.getvalue().splitlines()
    for words in law_words(scenario):
        assert words in lines


def test_the_manifest_lists_every_number_with_its_source():
    ready = assemble(scenario_of(door_boundary_m=0.1), PLAN, compiled_two_rooms())
    manifest = make_manifest(ready, seed=1, replicas=1, kept_replicas=[])
    rows = {row["name"]: row for row in manifest["parameters"]}
    assert rows["door_boundary_m"]["value"] == 0.1
    assert rows["door_boundary_m"]["source"] == "scenario"
    assert rows["door_specific_flow"]["source"].endswith(
        "adults in drills and tests, North America (read)"
    )
    assert rows["storage_per_m2"]["source"].endswith("a little below the jam density (ours)")
