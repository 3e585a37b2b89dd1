"""What a planner should know of hazards before a run: who is cut off, and what needs a timeline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from buildings import CompiledPlan, Plan
from scenarios.door_states import doors_of_plan
from scenarios.notes import named_rooms
from scenarios.reach import reach_of
from scenarios.scenario import Scenario
from sim import Hazard, Roster, shut_sides


def hazard_notes(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    roster: Roster,
    hazards: Sequence[Hazard],
) -> tuple[str, ...]:
    """Return one line for each hazard that leaves rooms without an exit while it lasts.

    Each is looked at by itself, with the doors as the plan has them; without a timeline a line says
    what hazards do not do.
    """
    notes = [*_cut_off(plan, compiled, roster, hazards)]
    if hazards and not scenario.protocol.timeline:
        notes.append(
            "without protocol.timeline hazards close ways and exposure in them is counted, but "
            "nobody notices them, reports them or leaves because of them"
        )
    return tuple(notes)


def _cut_off(
    plan: Plan, compiled: CompiledPlan, roster: Roster, hazards: Sequence[Hazard]
) -> Iterable[str]:
    closing = [(number, one) for number, one in enumerate(hazards) if one.closes_ways]
    if not closing:
        return
    shut = set(shut_sides(doors_of_plan(plan, compiled)))
    spaces = range(len(compiled.space_ids))
    before = reach_of(compiled, shut=shut)
    people = np.bincount(roster.space[roster.space >= 0], minlength=len(spaces))
    for number, hazard in closing:
        left = reach_of(compiled, shut=shut | set(hazard.ways_in(compiled).tolist()))
        cut = [s for s in spaces if before.exits_from(s) and not left.exits_from(s)]
        if not cut:
            continue
        until = "on" if math.isinf(hazard.until_s) else f"to {hazard.until_s:g} s"
        n = int(people[cut].sum())
        who = f", where {n} {'person is' if n == 1 else 'people are'} at the start" if n else ""
        yield (
            f"hazards.{number} ({hazard.kind}): from {hazard.from_s:g} s {until}, no exit can be "
            f"reached from {named_rooms(plan, compiled, cut)}{who}"
        )
