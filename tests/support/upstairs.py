"""A small drawn school with one classroom upstairs, a stair, a refuge and a lift, as plan files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from verification.buildings_of_tests import CaseBuilding, rise_of

from buildings import write_plan
from buildings.drawing_stairs import lift
from scenarios import Scenario, load_scenario

STEPS = 20


def upstairs() -> CaseBuilding:
    """Return the building: office and lobby below; above a classroom, a hall and a landing."""
    building = CaseBuilding(storeys=2, storey_m=rise_of(STEPS))
    building.floor("lobby", (0, 0, 12, 10), kind="hall")
    building.space("office", "L1", "room", "office", (0, 10, 12, 16))
    building.space("class", "L2", "room", "classroom", (0, 10, 12, 16))
    building.floor("hall", (0, 4, 12, 10), kind="hall", level="L2")
    run_m = round(STEPS * 0.2635, 6)
    building.floor("landing", (12 + run_m, 4, 15 + run_m, 10), kind="landing", level="L2")
    building.spaces["landing"] = replace(building.spaces["landing"], safe_haven="refuge")
    building.flight("flight", (12, 4), "E", width_m=1.5, steps=STEPS)
    building.floor("bridge", (12, 8, 12 + run_m, 10), kind="corridor", level="L2")
    building.neck("lobby", "flight", 1.5)
    head = building.neck("flight", "landing", 1.5)
    building.portals[head] = replace(building.portals[head], level="L2")
    building.neck("hall", "bridge", 2.0)
    building.neck("bridge", "landing", 2.0)
    building.neck("office", "lobby", 1.0)
    building.neck("class", "hall", 1.0)
    shaft = lift(building, "A", (-2, 5, 0, 7), ("L1", "L2"), 4)
    for level, floor in (("L1", "lobby"), ("L2", "hall")):
        building.opening(shaft, floor, width_m=1.0, level=level)
    building.way_out("lobby", "S", 2.0)
    return building


def written(folder: Path, **said: Any) -> Path:
    """Write plan and scenario into a folder and return the scenario's path."""
    folder.mkdir(exist_ok=True)
    if not (folder / "plan").exists():
        write_plan(upstairs().plan("upstairs", "A school with one room upstairs"), folder / "plan")
    content: dict[str, Any] = {
        "kind": "scenario",
        "schema_version": 1,
        "name": "Upstairs",
        "plan": "plan",
        "replicas": 3,
        "population": {
            "rooms": {
                "class": {
                    "students": 6,
                    "teachers": 1,
                    "profiles": {"wheelchair": 1, "needs_helper": 1},
                },
                "office": {"office": 4},
            },
            "age_band": "grades_6_8",
        },
        "assistance": {"chairs": {"landing": 1}},
        **said,
    }
    path = folder / "drill.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def scenario(folder: Path, **said: Any) -> Scenario:
    """Return the scenario, written and read."""
    return load_scenario(written(folder, **said))
