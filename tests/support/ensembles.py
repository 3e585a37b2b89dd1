"""A small ensemble run through the front door, for debriefs and pictures."""

from __future__ import annotations

from functools import cache

from scenarios import Ensemble, load_scenario, run_ensemble


@cache
def cedar(replicas: int = 40) -> Ensemble:
    """Return the fire drill of Cedar Middle School, run once for all tests."""
    scenario = load_scenario("builtin:cedar-middle-evacuation")
    return run_ensemble(scenario, replicas=replicas, workers=1)
