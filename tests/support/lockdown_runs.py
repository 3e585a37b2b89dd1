"""A lockdown of a small wing as an ensemble, with rooms that are secured and rooms that cannot be.

Four classrooms N00, N01, S00, S01 on a corridor, doors without glass, thumb-turns inside; what a
room lacks is said by its name in `FAULTS`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from support.graph_plans import GROUND, wing
from support.graph_plans import plan as drawn

from buildings import CompiledPlan, Plan, compile_plan
from buildings.plan import AssemblyFacts
from scenarios import Ensemble, assemble, run_ensemble, scenario_from

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "sound": {},
    "no_lock": {"lock": "none"},
    "key_outside": {"lock": "outside", "lock_key": "key"},
    "glass": {"glazing": "full", "glazing_w_m": 0.8},
}
"""What can be wrong with the door of a room."""


@cache
def wing_with(faults: tuple[tuple[str, str], ...] = ()) -> tuple[Plan, CompiledPlan]:
    """Return the wing, each named room with one of `FAULTS`, and compiled."""
    bare = wing(2)
    wrong = dict(faults)
    facts_of: dict[str, dict[str, Any]] = {"assembly": {"assembly": AssemblyFacts("evac_assembly")}}
    spaces = []
    for one in bare.spaces.values():
        room = {"use": "classroom", "number": one.id} if one.kind == "room" else {}
        spaces.append(replace(one, **(room | facts_of.get(one.kind, {}))))
    portals = []
    for one in bare.portals.values():
        if one.kind == "door":
            within = one.from_space if one.from_space[0] in "NS" else one.to_space
            facts: dict[str, Any] = {
                "glazing": "none", "swing": "in", "lock": "inside", "lock_key": "thumbturn",
            }  # fmt: skip
            one = replace(one, **(facts | dict(FAULTS[wrong.get(within, "sound")])))
        portals.append(one)
    plan = drawn(spaces, portals, levels=(GROUND,))
    return plan, compile_plan(plan)


def content(**protocol: Any) -> dict[str, Any]:
    """Return the scenario: 10 students and a teacher in each room, nobody in the hall."""
    class_ = {"students": 10, "teachers": 1}
    return {
        "kind": "scenario",
        "schema_version": 1,
        "name": "Lockdown of a wing",
        "plan": "drawn",
        "seed": 3,
        "replicas": 12,
        "end_s": 600,
        "population": {
            "age_band": "grades_3_5",
            "rooms": dict.fromkeys(("N00", "N01", "S00", "S01"), class_),
        },
        "protocol": {"timeline": [{"at_s": 0, "action": "lockdown"}], **protocol},
    }


def lockdown(
    faults: Mapping[str, str] | None = None,
    *,
    replicas: int = 12,
    keep_events: int = 1,
    workers: int = 1,
    population: Mapping[str, Any] | None = None,
    **protocol: Any,
) -> Ensemble:
    """Return the ensemble of a lockdown, run once for every way of asking."""
    said = content(**protocol)
    if population is not None:
        said["population"]["rooms"] = dict(population)
    asked = json.dumps(said, sort_keys=True)
    return _run(tuple(sorted((faults or {}).items())), asked, replicas, keep_events, workers)


@cache
def _run(
    faults: tuple[tuple[str, str], ...], asked: str, replicas: int, keep_events: int, workers: int
) -> Ensemble:
    plan, compiled = wing_with(faults)
    scenario = scenario_from(json.loads(asked), name="wing.yaml", folder=Path("nowhere"))
    ready = assemble(scenario, plan, compiled)
    return run_ensemble(ready, replicas=replicas, keep_events=keep_events, workers=workers)
