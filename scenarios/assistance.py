"""Who is helped in a scenario, by whom and how: profiles and rooms made into what is simulated."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from buildings import CompiledPlan, Plan
from scenarios.assistance_said import (
    WAYS,
    Way,
    assistance_defaults,
)
from scenarios.behaviour import Choice
from scenarios.chosen_numbers import chosen_number
from scenarios.find_place import walked_or_fault
from scenarios.lifts import lifts_of
from scenarios.profiles import ORDINARY_RISER_M, ORDINARY_TREAD_M
from scenarios.scenario import Scenario
from sim import (
    BESIDE,
    CARRIED,
    CHAIR,
    NO_HELP,
    Abilities,
    Assistance,
    Distribution,
    FlowLaw,
    Means,
    Roster,
)

CODES: Mapping[Way, int] = {"chair": CHAIR, "carried": CARRIED, "beside": BESIDE}


def assistance_of(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    roster: Roster | None,
    law: FlowLaw,
    faults: list[str],
) -> tuple[Assistance | None, tuple[Choice, ...]]:
    """Return how people are helped, and every number of it with its source.

    Parameters
    ----------
    scenario, plan, compiled
    roster : Roster or None
        None where there are faults already: then only names are looked up.
    law : FlowLaw
    faults : list of str
        Where unknown rooms and lifts are noted, and people who cannot be moved as they are to be.

    Returns
    -------
    Assistance or None
        None where nobody needs help.
    tuple of Choice
    """
    said = scenario.assistance
    refuges = _refuges(scenario, plan, compiled, faults)
    chairs = _chairs(scenario, plan, compiled, faults)
    lifts, lift_choices = lifts_of(scenario, plan, compiled, faults)
    able = None if roster is None else roster.abilities
    if roster is None or able is None:
        return None, ()
    way = _ways(scenario, roster, able, has_chairs=bool(chairs), faults=faults)
    if not way.any() or faults:
        return None, ()
    used = [name for name in WAYS if (way == CODES[name]).any()]
    choices = [chosen_number(assistance_defaults(), said.numbers, "report.report_s")]
    for key in assistance_defaults():
        if key.split(".")[0] in used:
            choices.append(chosen_number(assistance_defaults(), said.numbers, key))
    number = {choice.name: choice.distribution for choice in choices}
    assistance = Assistance(
        refuges=refuges,
        helpers=helpers_of(scenario, roster),
        way=way,
        helpers_needed=np.where(way != NO_HELP, np.maximum(able.helpers_needed, 1), 0),
        means={CODES[name]: _means(name, number, law) for name in used},
        chairs=chairs,
        report_s=number["report.report_s"],
        return_for_next=said.return_for_next,
        lifts=lifts,
    )
    return assistance, (*choices, *lift_choices)


def _refuges(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> tuple[int, ...]:
    """Return the refuges that the scenario names, or else those of the plan."""
    named = scenario.assistance.refuges
    if named is None:
        own = [space.id for space in plan.spaces.values() if space.safe_haven == "refuge"]
        return tuple(compiled.space_index(name) for name in own if name in compiled.space_ids)
    found: dict[int, None] = {}
    for number, name in enumerate(named):
        at = ("assistance", "refuges", number)
        space = walked_or_fault(scenario, plan, compiled, at, name, faults)
        if space is not None:
            found[space] = None
    return tuple(found)


def _chairs(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> tuple[int, ...]:
    """Return the space of each evacuation chair, in order of space."""
    kept: list[int] = []
    for name, count in scenario.assistance.chairs.items():
        at = ("assistance", "chairs", name)
        space = walked_or_fault(scenario, plan, compiled, at, name, faults)
        if space is not None:
            kept += [space] * count
    return tuple(sorted(kept))


def _ways(
    scenario: Scenario,
    roster: Roster,
    able: Abilities,
    *,
    has_chairs: bool,
    faults: list[str],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return how each person is moved who cannot leave by themselves."""
    said = scenario.assistance.ways
    way = np.zeros(roster.n_people, dtype=np.int64)
    for profile in sorted(set(roster.profile)):
        own = np.array([one == profile for one in roster.profile])
        level_only = bool(able.level_only[own].any())
        if not level_only and not (able.helpers_needed[own] > 0).any():
            continue
        usual: Way = "beside" if not level_only else "chair" if has_chairs else "carried"
        chosen = {str(name): one for name, one in said.items()}.get(profile, usual)
        at = ("assistance", "ways", profile)
        if chosen == "beside" and level_only:
            words = f"people with {profile} cannot use a stair, not even beside a helper"
            faults.append(scenario.fault(at, words))
        if chosen == "chair" and not has_chairs:
            words = "an evacuation chair is needed; say under assistance.chairs where they are kept"
            faults.append(scenario.fault(at, words))
        way[own] = CODES[chosen]
    way[roster.space < 0] = NO_HELP  # out already
    return way


def helpers_of(scenario: Scenario, roster: Roster) -> tuple[int, ...]:
    """Return those who help, in order of the roster: staff who can, and need no help themselves."""
    said, able = scenario.assistance, roster.abilities
    if able is None:
        return ()
    can = able.can_help & ~able.level_only & (able.helpers_needed == 0) & (roster.space >= 0)
    helpers = [
        int(person)
        for person in np.flatnonzero(can)
        if said.roles is None or roster.role[int(person)] in said.roles
    ]
    return tuple(helpers if said.most is None else helpers[: said.most])


def _means(name: Way, number: Mapping[str, Distribution], law: FlowLaw) -> Means:
    """Return one way of moving people; stairs slow devices as they slow people."""
    prepare_s = number[f"{name}.prepare_s"]
    if name == "beside":
        return Means(None, prepare_s)
    level, down, up, places = (
        float(number[f"{name}.{key}"].ppf(0.5))
        for key in ("level_mps", "down_mps", "up_mps", "places")
    )
    ordinary = law.stair_factor(ORDINARY_RISER_M, ORDINARY_TREAD_M)
    return Means((level, down / ordinary, up / ordinary), prepare_s, int(places))
