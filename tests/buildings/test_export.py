"""Plans written for other programs: what they hold, and what the other program makes of them."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from support.hand_buildings import hand_building
from support.two_rooms import PLAN, two_rooms_scenario

from buildings import CompiledPlan, InputError, Plan, compile_plan, load_plan
from buildings.cli import main
from buildings.jupedsim_network_file import TIME_STEP_S, network_json
from buildings.jupedsim_wkt import walkable_wkt
from scenarios import assemble


def one_room() -> tuple[Plan, CompiledPlan]:
    """Return room and corridor: 5 m to the door, 10 m on to the exit, for everybody alike."""
    portals = {"D0": PLAN.portals["D0"], "D1": replace(PLAN.portals["D2"], id="D1")}
    plan = replace(PLAN, spaces={k: PLAN.spaces[k] for k in ("C1", "R1")}, portals=portals)
    compiled = hand_building(
        {"C1": 48.0, "R1": 64.0}, [("R1", "C1", 0.91), ("C1", "outside", 1.0)], walk_m=10.0
    )
    return plan, replace(compiled, plan_id=plan.id, plan_sha256=plan.sha256)


def network() -> Any:
    return pytest.importorskip(
        "jupedsim_network.scenario", reason="jupedsim-network is not installed"
    )


def test_the_network_of_a_simple_building() -> None:
    content = json.loads(network_json(*one_room()))
    assert content["format_version"] == 1
    assert [(node["name"], node["kind"]) for node in content["nodes"]] == [
        ("C1", "room"),
        ("R1", "room"),
        ("outside", "safe"),
    ]
    assert content["connections"] == [
        {
            "source": "R1", "target": "C1", "width": 0.91, "kind": "door", "length": 5.0,
            "bidirectional": True, "name": "D0",
        },
        {
            "source": "C1", "target": "outside", "width": 1.0, "kind": "door", "length": 10.0,
            "bidirectional": False, "name": "D1",
        },
    ]  # fmt: skip
    assert content["populations"] == [{"node": "R1", "count": 26, "speed": 1.19}]


@pytest.mark.parametrize(("step_s", "within_s"), [(TIME_STEP_S, TIME_STEP_S), (0.1, 0.2)])
def test_jupedsim_network_clears_the_building_when_we_do(step_s: float, within_s: float) -> None:
    # 26 people: 15 m at 1.19 m/s, then 25 times 1/(1.3 x 0.61) s at the door: 44.13 s. Their clock
    # rounds each of the two doors up to a step.
    plan, compiled = one_room()
    content = json.loads(network_json(plan, compiled))
    content["simulation"]["dt"] = step_s
    theirs = network().scenario_from_dict(content).simulation.run(seed=1).evacuation_time
    scenario = two_rooms_scenario(
        population={"rooms": {"101": {"students": 25, "teachers": 1}}},
        movement={
            "speed_law": "none",
            "numbers": {
                "door_specific_flow": 1.3, "door_boundary_m": 0.15, "storage_per_m2": "unlimited",
            },
            "speed_mps": {"everyone": 1.19},
        },
    )  # fmt: skip
    ours = float(np.max(assemble(scenario, plan, compiled).simulation(seed=7).run(0).out_s))
    assert ours == pytest.approx(15 / 1.19 + 25 / (1.3 * 0.61), abs=1e-6)
    assert abs(theirs - ours) <= within_s


@pytest.mark.parametrize("name", ["builtin:maple-elementary", "builtin:cedar-middle"])
def test_jupedsim_network_reads_a_school_and_empties_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario_module = network()
    path = tmp_path / "school.json"
    assert main(["export", name, "--to", "jupedsim-network", "--out", str(path)]) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # risers outside of their table
        scenario = scenario_module.load_scenario(path)
        result = scenario.simulation.run(seed=1, record=False)
    people = sum(group["count"] for group in scenario.data["populations"])
    usual = sum(s.occupants_default or 0 for s in load_plan(name).spaces.values())
    assert people == usual
    assert np.isfinite(result.evacuation_time)
    assert 30 < result.evacuation_time < 600
    assert path.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()


def test_a_plan_without_exit_or_people_is_refused() -> None:
    plan, compiled = one_room()
    nobody = replace(
        plan, spaces={k: replace(s, occupants_default=None) for k, s in plan.spaces.items()}
    )
    with pytest.raises(InputError, match="state occupants_default for the rooms"):
        network_json(nobody, compiled)
    shut = replace(compiled, exit_gates=np.zeros(0, dtype=np.int64))
    with pytest.raises(InputError, match="no confirmed exit: state is_exit yes"):
        network_json(plan, shut)


def test_the_walkable_area_joins_rooms_by_their_doors() -> None:
    (text,) = walkable_wkt(PLAN).values()
    shape = shapely.from_wkt(text)
    assert shape.geom_type == "GeometryCollection"
    (area,) = shape.geoms
    floor = sum(PLAN.spaces[k].area_m2 for k in ("C1", "R1", "R2"))
    assert area.is_valid
    assert area.area == pytest.approx(floor + 2 * 1.0 * 0.5, abs=0.01)  # and two exits
    assert text == next(iter(walkable_wkt(PLAN).values()))


def test_every_level_has_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "cedar.wkt"
    asked = ["export", "builtin:cedar-middle", "--to", "jupedsim-wkt", "--out", str(out)]
    assert main(asked) == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cedar-L1.wkt", "cedar-L2.wkt"]
    for file in tmp_path.iterdir():
        assert len(shapely.from_wkt(file.read_text()).geoms) == 1
    assert main([*asked, "--level", "L2"]) == 0
    assert out.exists()
    with pytest.raises(InputError, match="'L9' is not in the plan, expected one of L1, L2"):
        main([*asked, "--level", "L9"])
    with pytest.raises(InputError, match="only for --to jupedsim-wkt"):
        main(["export", "builtin:cedar-middle", "--to", "jupedsim-network", "--out", str(out),
              "--level", "L1"])  # fmt: skip
    capsys.readouterr()


def test_the_same_plan_gives_the_same_file() -> None:
    plan = load_plan("builtin:maple-elementary")
    compiled = compile_plan(plan)
    assert network_json(plan, compiled) == network_json(plan, compile_plan(plan))
