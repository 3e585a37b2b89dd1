"""Bring hazards and the plan together: which pieces of floor are meant, and what is assumed."""

from __future__ import annotations

import numpy as np
from shapely import Polygon

from buildings import CompiledPlan, KeyPath, NavGraph, Plan, did_you_mean
from scenarios.behaviour import Choice
from scenarios.chosen_numbers import chosen_number
from scenarios.find_place import spaces_or_faults
from scenarios.hazard_said import HAZARD_DEFAULTS, HazardSaid
from scenarios.scenario import EVERYONE, Scenario
from scenarios.sourced_numbers import sourced_numbers
from sim import Hazard

TOUCHES_M2 = 0.01
"""Floor that a polygon has to share with a piece of floor to touch it; less is drawing (ours)."""


def hazards_of(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> tuple[tuple[Hazard, ...], tuple[Choice, ...]]:
    """Return the hazards of a scenario in the order of its file, and every number with its source.

    Unknown rooms, zones and levels, and times that never come, are noted among the faults.
    """
    hazards: list[Hazard] = []
    choices: list[Choice] = []
    for number, said in enumerate(scenario.hazards):
        at = ("hazards", number)
        cells = _cells(scenario, plan, compiled, at, said, faults)
        told: tuple[int, ...] | None = None
        if EVERYONE not in said.known_to:
            here = (*at, "known_to")
            told = spaces_or_faults(scenario, plan, compiled, here, said.known_to, faults)
        if said.from_s >= scenario.end_s:
            words = f"should be before end_s, {scenario.end_s:g} s (got {said.from_s:g}): it never "
            faults.append(scenario.fault((*at, "from_s"), f"{words}begins"))
        chosen = {key: _choice(said, number, key) for key in _keys(said, scenario)}
        choices += chosen.values()
        if cells:
            hazards.append(
                Hazard(
                    kind=said.kind,
                    cells=cells,
                    from_s=said.from_s,
                    until_s=said.until_s,
                    closes_ways=_yes(_choice(said, number, "closes_ways")),
                    told=told,
                    notice_s=_choice(said, number, "notice_s").distribution,
                    leaves_by=(
                        "exit" if _yes(_choice(said, number, "leaves_by_exit")) else "by_rules"
                    ),
                    reported=said.reported,
                )
            )
    return tuple(hazards), tuple(choices)


def _keys(said: HazardSaid, scenario: Scenario) -> tuple[str, ...]:
    """Return which numbers a run uses: without a timeline nobody notices anything."""
    timeline = scenario.protocol.timeline
    return ("closes_ways", "notice_s", "leaves_by_exit") if timeline else ("closes_ways",)


def _choice(said: HazardSaid, number: int, key: str) -> Choice:
    """Return one number of a hazard, by its kind, under its number in the scenario."""
    name = f"{said.kind}.{key}"
    defaults = sourced_numbers(HAZARD_DEFAULTS)
    return chosen_number(defaults, said.numbers, name, name=f"hazards.{number}.{name}")


def _yes(choice: Choice) -> bool:
    return bool(choice.distribution.ppf(0.5))


def _cells(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    at: KeyPath,
    said: HazardSaid,
    faults: list[str],
) -> tuple[int, ...]:
    """Return the cells of a hazard; none after noting a fault."""
    if said.spaces:
        here = (*at, "spaces")
        spaces = spaces_or_faults(scenario, plan, compiled, here, said.spaces, faults)
        return tuple(np.flatnonzero(np.isin(compiled.cell_space, spaces)).tolist())
    levels = [level.id for level in plan.levels]
    if said.level not in levels:
        hint = did_you_mean(str(said.level), levels) or f"; it has {', '.join(levels)}"
        words = f"no level {said.level!r} in plan {plan.id!r}{hint}"
        faults.append(scenario.fault((*at, "level"), words))
        return ()
    outline = Polygon(said.outline)
    cells = tuple(
        row
        for row, cell in enumerate(NavGraph.from_plan(plan).cells)
        if cell.level == said.level and outline.intersection(cell.polygon).area > TOUCHES_M2
    )
    if not cells:
        words = f"touches no floor on level {said.level} of plan {plan.id!r}"
        faults.append(scenario.fault((*at, "polygon"), words))
    return cells
