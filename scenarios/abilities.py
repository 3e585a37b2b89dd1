"""What the people of a scenario can do, and which exit they choose: the columns for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan, KeyPath, Plan
from scenarios.behaviour import PersonProfile, profile_of
from scenarios.door_states import reach_at_first
from scenarios.find_place import exit_or_fault
from scenarios.population_defaults import ROLES, Role
from scenarios.profiles import UNIMPAIRED
from scenarios.scenario import ExitChoice, Scenario
from sim import EXIT_CHOICES, Abilities

HELPERS: Final = frozenset({"teacher", "substitute", "aide", "office"})
"""Staff, who may be asked to help; visitors and students are not."""
CAN_HELP: Final = frozenset({UNIMPAIRED, "sensory"})
"""Mobility profiles of those who may be asked."""


def abilities_of(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    *,
    role: Sequence[Role],
    profile: Sequence[PersonProfile],
    space: Sequence[int],
    exit_gate: Sequence[int],
    faults: list[str],
) -> Abilities | None:
    """Return what each person can do; None where all walk by themselves to the nearest exit.

    Staff who walk unaided may help, whether or not they lead a class: a leader is asked once the
    class is out. Where an exit is assigned, and where the familiar one cannot be reached on foot
    inside the building, no exit counts as familiar.

    Parameters
    ----------
    scenario, plan, compiled
    role, profile : sequence of str, length N
    space, exit_gate : sequence of int, length N
        Space at the start or -1 for outdoors, and assigned exit or -1.
    faults : list of str
        Where a familiar exit that the plan does not have, or that nobody can reach, is noted.
    """
    familiar = _familiar_exits(scenario, plan, compiled, faults)
    if set(profile) <= {UNIMPAIRED} and scenario.exit_choice == ExitChoice():
        return None
    n = len(role)
    able = Abilities.plain(n)
    kinds = {name: profile_of(scenario, name) for name in sorted(set(profile))}
    choice = {one: scenario.exit_choice.of(one) for one in sorted(set(role))}
    reach = {
        level_only: reach_at_first(plan, compiled, level_only=level_only)
        for level_only in {kind.level_only for kind in kinds.values()}
    }
    known, share = able.familiar_gate.copy(), able.familiar_share.copy()
    in_reach: dict[tuple[int, bool], tuple[int, ...]] = {}
    for i in range(n):
        gate = familiar.get(role[i])
        if gate is None or exit_gate[i] >= 0 or space[i] < 0:
            continue
        key = (space[i], kinds[profile[i]].level_only)
        if key not in in_reach:
            in_reach[key] = reach[key[1]].exits_from(key[0])
        said = choice[role[i]][2]
        if gate in in_reach[key] and said is not None:
            known[i], share[i] = gate, said.share
    _nobody_reaches(scenario, familiar, role, known, faults)
    return replace(
        able,
        size=np.array([kinds[name].size for name in profile], dtype=np.int64),
        level_only=np.array([kinds[name].level_only for name in profile], dtype=np.bool_),
        helpers_needed=np.array([kinds[name].helpers_needed for name in profile], dtype=np.int64),
        can_help=np.array(
            [one in HELPERS and name in CAN_HELP for one, name in zip(role, profile, strict=True)],
            dtype=np.bool_,
        ),
        exit_choice=np.array([EXIT_CHOICES.index(choice[one][0]) for one in role], dtype=np.int64),
        familiar_gate=known,
        familiar_share=share,
        waits_at_closed=np.array([choice[one][1] == "wait" for one in role], dtype=np.bool_),
    )


def _familiar_exits(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> dict[Role, int]:
    """Return the familiar exit of each role that has one, after noting unknown exits."""
    found: dict[KeyPath, int | None] = {}
    gates: dict[Role, int] = {}
    for role in ROLES:
        familiar = scenario.exit_choice.of(role)[2]
        if familiar is None:
            continue
        place = _place(scenario, role)
        if place not in found:
            found[place] = exit_or_fault(scenario, plan, compiled, place, familiar.exit, faults)
        gate = found[place]
        if gate is not None:
            gates[role] = gate
    return gates


def _place(scenario: Scenario, role: Role) -> KeyPath:
    """Return where the file says the familiar exit of a role."""
    own = scenario.exit_choice.by_role.get(role)
    by_role = ("by_role", role) if own is not None and own.familiar is not None else ()
    return ("exit_choice", *by_role, "familiar", "exit")


def _nobody_reaches(
    scenario: Scenario,
    familiar: dict[Role, int],
    role: Sequence[Role],
    known: NDArray[np.int64],
    faults: list[str],
) -> None:
    """Note the familiar exits that none of those who know them can choose and reach."""
    reached: dict[KeyPath, list[bool]] = {}
    for one, gate in familiar.items():
        theirs = np.array([person == one for person in role], dtype=np.bool_)
        if theirs.any():
            reached.setdefault(_place(scenario, one), []).append(
                bool((known[theirs] == gate).any())
            )
    for place, any_of in reached.items():
        if not any(any_of):
            words = "nobody who knows it is free to choose it and can reach it on foot"
            faults.append(scenario.fault(place, words))
