"""A hand-made building of two classrooms and a corridor, as a plan and compiled, for scenarios.

  +-----+-----+
  | R1  | R2  |      R1 and R2 are 8 m x 8 m, the corridor C1 is 16 m x 3 m
  +-D0--+--D1-+
D2=     C1    =D3    D2 is exit number 1 in the west, D3 exit number 2 in the east
  +-----------+
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from shapely import LineString, box
from support.hand_buildings import hand_building

from buildings import CompiledPlan, Level, Plan, Portal, Space
from buildings.plan import AssemblyFacts
from scenarios import Scenario, scenario_from

SPACES = {
    "C1": Space("C1", "L1", "corridor", "circulation", box(0, 0, 16, 3), number="Hall"),
    "R1": Space(
        "R1", "L1", "room", "classroom", box(0, 3, 8, 11), number="101", occupants_default=26,
        zone="west",
    ),
    "R2": Space(
        "R2", "L1", "room", "office", box(8, 3, 16, 11), number="102", occupants_default=3,
        zone="east",
    ),
    "V1": Space("V1", "L1", "void", "other", box(20, 0, 21, 1), number="Shaft"),
    "assembly": Space(
        "assembly", "L1", "assembly", "other", box(-30, 0, -20, 10), number="Field",
        assembly=AssemblyFacts("evac_assembly"),
    ),
}  # fmt: skip


def _door(
    portal_id: str, kind: str, a: str, b: str, ends: list[tuple[float, float]], **facts: Any
) -> Portal:
    line = LineString(ends)
    return Portal(portal_id, "L1", kind, a, b, line.length, line, **facts)


PORTALS = {
    "D0": _door("D0", "door", "R1", "C1", [(4.0, 3.0), (4.91, 3.0)]),
    "D1": _door("D1", "door", "R2", "C1", [(12.0, 3.0), (12.91, 3.0)]),
    "D2": _door(
        "D2", "exit", "C1", "outside", [(0.0, 1.0), (0.0, 2.0)], is_exit="yes", exterior_no="1"
    ),
    "D3": _door(
        "D3", "exit", "C1", "outside", [(16.0, 1.0), (16.0, 2.0)], is_exit="yes", exterior_no="2"
    ),
}

PLAN = Plan(
    id="two-rooms",
    name="Two rooms",
    version="1",
    levels=(Level("L1", 0, "Ground", 0.0, 3.0, "1"),),
    spaces=SPACES,
    portals=PORTALS,
    points={},
    sha256="ab" * 32,
)


def compiled_two_rooms() -> CompiledPlan:
    """Return the building compiled: 5 m from every standing place to a door, 10 m between doors."""
    building = hand_building(
        {"C1": 48.0, "R1": 64.0, "R2": 64.0},
        [
            ("R1", "C1", 0.91),
            ("R2", "C1", 0.91),
            ("C1", "outside", 1.0),
            ("C1", "outside", 1.0),
        ],
        walk_m={
            ("C1", 0, 1): 8.0, ("C1", 0, 2): 4.0, ("C1", 0, 3): 12.0,
            ("C1", 1, 2): 12.0, ("C1", 1, 3): 4.0, ("C1", 2, 3): 16.0,
        },
        assembly_m=20.0,
    )  # fmt: skip
    return replace(building, plan_id=PLAN.id, plan_sha256=PLAN.sha256)


def hand_calculation(**changes: Any) -> dict[str, Any]:
    """Return a scenario in which nothing is left to chance or to density."""
    content: dict[str, Any] = {
        "kind": "scenario",
        "schema_version": 1,
        "name": "Two rooms by hand",
        "plan": "two-rooms",
        "seed": 7,
        "replicas": 1,
        "population": {"rooms": {"101": {"students": 25, "teachers": 1}, "102": {"office": 3}}},
        "movement": {
            "speed_law": "none",
            "numbers": {
                "door_specific_flow": 1.33,
                "door_boundary_m": 0.15,
                "storage_per_m2": "unlimited",
            },
            "speed_mps": {"everyone": 1.0},
        },
        "pre_movement": {"everyone": 0},
        "protocol": {"evacuate": {"roll_call_s": 30}},
    }
    return {**content, **changes}


def two_rooms_scenario(**changes: Any) -> Scenario:
    """Return `hand_calculation` as a checked scenario."""
    return scenario_from(hand_calculation(**changes), name="hand.yaml", folder=Path("nowhere"))
