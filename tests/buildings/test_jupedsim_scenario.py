"""Scenarios written for jupedsim-scenarios: what they hold, and that its reader runs them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely import Polygon
from support.two_rooms import PLAN

from buildings import InputError, NavGraph, Plan, load_plan
from buildings.cli import main
from buildings.jupedsim_scenario_file import scenario_files

SCHOOLS = ("builtin:cedar-middle", "builtin:maple-elementary", "builtin:birch-high")


def contents(plan: Plan) -> dict[str, Any]:
    return {name: json.loads(text) for name, text in scenario_files(plan).texts.items()}


@pytest.mark.parametrize("name", SCHOOLS)
def test_every_person_of_a_school_is_in_one_file_and_has_a_goal_on_its_floor(name: str) -> None:
    plan = load_plan(name)
    files = scenario_files(plan)
    assert files.left_out == ()
    seen: dict[str, int] = {}
    for content in contents(plan).values():
        floor = shapely.from_wkt(content["walkable_area_wkt"])
        assert (floor.geom_type, floor.is_valid) == ("Polygon", True)
        for exit_ in content["exits"].values():
            strip = Polygon(exit_["coordinates"])
            assert strip.difference(floor).area < 0.01
        journeys = {j["id"]: j["sequence"] for j in content["journeys_v2"]}
        assert all(set(sequence) <= content["exits"].keys() for sequence in journeys.values())
        for key, group in content["distributions"].items():
            room = key.removeprefix("jps-distributions_")
            seen[room] = group["parameters"]["number"]
            (weight,) = group["journey_weights"]
            assert weight["journey_id"] in journeys
            assert floor.intersection(Polygon(group["coordinates"])).area > 1.0
    assert seen == {s.id: s.occupants_default for s in plan.spaces.values() if s.occupants_default}


def test_people_go_to_the_exit_that_is_nearest_on_foot_or_to_the_stair() -> None:
    plan = load_plan("builtin:cedar-middle")
    graph = NavGraph.from_plan(plan)
    found = contents(plan)
    assert list(found) == ["L1", "L2"]
    for key, group in found["L1"]["distributions"].items():
        way = graph.route(key.removeprefix("jps-distributions_"))
        assert way is not None
        assert group["journey_weights"][0]["journey_id"] == f"journey-{way.gate_ids[-1]}"
    assert list(found["L2"]["exits"]) == ["jps-exits_P-STA-F2-A", "jps-exits_P-STB-F2-A"]


def test_rooms_without_a_way_out_are_named() -> None:
    portals = {k: p for k, p in PLAN.portals.items() if "R1" not in (p.from_space, p.to_space)}
    files = scenario_files(replace(PLAN, portals=portals))
    people = PLAN.spaces["R1"].occupants_default
    assert files.left_out == (f"101 (R1): {people} people, no way out",)
    empty = {k: replace(s, occupants_default=None) for k, s in PLAN.spaces.items()}
    with pytest.raises(InputError, match="state occupants_default for the rooms"):
        scenario_files(replace(PLAN, spaces=empty))


def test_the_command_writes_a_file_for_each_level(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "cedar.json"
    asked = ["export", "builtin:cedar-middle", "--to", "jupedsim-json", "--out", str(out)]
    assert main(asked) == 0
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert sorted(files) == ["cedar-L1.json", "cedar-L2.json"]
    assert main(asked) == 0
    assert files == {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert main([*asked, "--level", "L2"]) == 0
    assert out.read_bytes() == files["cedar-L2.json"]
    with pytest.raises(InputError, match="'L9' is not in the plan"):
        main([*asked, "--level", "L9"])
    capsys.readouterr()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of packages that the reader imports
@pytest.mark.parametrize(("name", "people"), [("maple-elementary", 320), ("cedar-middle", 324)])
def test_jupedsim_scenarios_runs_the_file(name: str, people: int, tmp_path: Path) -> None:
    runner = pytest.importorskip(
        "jupedsim_scenarios.runner", reason="jupedsim-scenarios is not installed (it needs Qt)"
    )
    path = tmp_path / "school.json"
    path.write_text(next(iter(scenario_files(load_plan(f"builtin:{name}")).texts.values())))
    scenario = runner.load_scenario(str(path))
    with runner.ScenarioRunner(scenario, seed=1, dt=0.05) as run:
        assert run.agent_count == people
        goals = [Polygon(exit_["coordinates"]) for exit_ in scenario.exits.values()]
        run.run_until(1.0)  # targets are set as the run begins
        for agent in run.agents():
            assert any(goal.contains(shapely.Point(agent.target)) for goal in goals)
        run.run_until(15.0)
        assert 0 < run.agent_count < people  # the nearest are out
