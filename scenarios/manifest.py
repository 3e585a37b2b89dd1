"""What it takes to run a result again: versions, hashes, seed and every parameter with a source."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from scenarios.assembled import Assembled
from scenarios.behaviour import profile_of, profile_source
from scenarios.distribution_file import distribution_as_said
from scenarios.head_count import head_count, staff_rule
from scenarios.order_records import order_records
from scenarios.population_defaults import population_defaults
from scenarios.profile_file import KEYS
from scenarios.profiles import PROFILES, Profile
from scenarios.scenario import SAID_BY_SCENARIO, Scenario
from sim import NUMBERS

MANIFEST_VERSION: Final = 1
NOTE: Final = "planning estimate, not a code-compliance or tactical document"
SENSITIVITY: Final = "restricted: shows the inside of a building and how its people move"

_PACKAGES: Final = (
    "networkx",
    "numba",
    "numpy",
    "pyarrow",
    "pydantic",
    "scipy",
    "shapely",
    "simpy",
)


def make_manifest(
    ready: Assembled, *, seed: int, replicas: int, kept_replicas: Sequence[int]
) -> dict[str, Any]:
    """Return the manifest of a run, as plain values.

    It names no machine, folder, user or time, so the same run gives the same bytes anywhere. Orders
    and notes are left out where there are none.
    """
    scenario = ready.scenario
    manifest = {
        "schema_version": MANIFEST_VERSION,
        "kind": "run",
        "note": NOTE,
        "sensitivity": SENSITIVITY,
        "versions": _versions(),
        "plan": {
            "id": ready.plan.id,
            "name": ready.plan.name,
            "version": ready.plan.version,
            "sha256": ready.plan.sha256,
        },
        "scenario_file": file_label(scenario),
        "scenario_sha256": scenario_sha256(scenario),
        "scenario": _without_folder(scenario),
        "seed": seed,
        "replicas": replicas,
        "kept_replicas": list(kept_replicas),
        "people": ready.roster.n_people,
        "parameters": _parameters(ready),
    }
    orders = order_records(ready.plan, ready.compiled, ready.ordered)
    extra = {"orders": orders, "notes": list(ready.notes)}
    return manifest | {key: value for key, value in extra.items() if value}


def scenario_sha256(scenario: Scenario) -> str:
    """Return the hash of what a scenario says, defaults filled in, wherever its plan lies."""
    canonical = json.dumps(_without_folder(scenario), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def file_label(scenario: Scenario) -> str:
    """Return the scenario's file as it may be shown: its name without folders."""
    name = scenario.file.name
    return name if name.startswith("builtin:") else Path(name).name


def _without_folder(scenario: Scenario) -> dict[str, Any]:
    plan = scenario.plan_as_said
    shown = plan if plan.startswith("builtin:") else Path(plan).name
    return {**scenario.resolved, "plan": shown}


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in ("hallways", *_PACKAGES):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed as a package"
    return versions


def _parameters(ready: Assembled) -> list[dict[str, Any]]:
    """List every number and distribution that the run used, with its source."""
    law = ready.flow_law
    rows: list[dict[str, Any]] = [
        {"name": "flow law", "value": law.name, "source": SAID_BY_SCENARIO},
        {"name": "speed_law", "value": law.speed_law, "source": law.sources["speed_law"]},
    ]
    for name in NUMBERS:
        value = getattr(law, name)
        shown = "unlimited" if value == float("inf") else value
        rows.append({"name": name, "value": shown, "source": law.sources[name]})
    for choice in ready.choices:
        value = distribution_as_said(choice.distribution)
        rows.append({"name": choice.name, "value": value, "source": choice.source})
    if ready.scenario.pre_movement.listed_s:
        rows.append(
            {"name": "pre_movement_s", "value": "listed by person", "source": SAID_BY_SCENARIO}
        )
    for name in ("stair_down", "stair_up"):
        value = getattr(ready.scenario.speeds, name)
        rows.append({"name": f"{name} factor", "value": value, "source": SAID_BY_SCENARIO})
    rows += _profile_parameters(ready) + _choice_parameters(ready)
    return rows + _head_count_parameters(ready)


def _profile_parameters(ready: Assembled) -> list[dict[str, Any]]:
    """List what the mobility profiles in use say; their speeds are among the distributions."""
    rows: list[dict[str, Any]] = []
    for name in PROFILES:
        if name not in ready.roster.profile:
            continue
        own = profile_of(ready.scenario, name)
        for key in KEYS:
            value = getattr(own, key)
            if key != "speed_mps" and value != getattr(Profile(), key):
                source = profile_source(ready.scenario, name, key)
                rows.append({"name": f"{key}: {name}", "value": value, "source": source})
    return rows


def _choice_parameters(ready: Assembled) -> list[dict[str, Any]]:
    """List how people choose their exit and how streams merge, where the scenario says it."""
    said: dict[str, Any] = {}
    choice = ready.scenario.resolved.get("exit_choice")
    if choice is not None:
        said["exit_choice"] = choice
    for gate, weight in (ready.merge_weights or {}).items():
        name = f"merge_weight: {ready.compiled.gate_portal[gate]}"
        said[name] = said.get(name, 0.0) + weight  # the parts of a wide opening share it
    if ready.scenario.keep_together:
        said["keep_together"] = True
    return [
        {"name": name, "value": value, "source": SAID_BY_SCENARIO} for name, value in said.items()
    ]


def _head_count_parameters(ready: Assembled) -> list[dict[str, Any]]:
    population, defaults = ready.scenario.population, population_defaults()
    rooms, _ = head_count(ready.scenario, ready.plan)
    worked_out = sorted({ready.plan.spaces[r.space].use for r in rooms if r.worked_out})
    rows: list[dict[str, Any]] = []
    for use in worked_out:
        rule, source = staff_rule(ready.scenario, ready.plan, use)
        value = {"role": rule.role, "one_per": rule.one_per}
        rows.append({"name": f"staff: {use}", "value": value, "source": source})
    if population.source != "total":
        return rows
    for use in worked_out:
        said = use in population.load_factors_m2
        factor = population.load_factors_m2.get(use, defaults.load_factor_m2[use])
        source = SAID_BY_SCENARIO if said else defaults.sources[f"load_factor_m2.{use}"].text
        rows.append({"name": f"load_factor_m2: {use}", "value": factor, "source": source})
    return rows
