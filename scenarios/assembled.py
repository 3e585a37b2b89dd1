"""Bring a scenario and its plan together: everything a simulation needs, or every fault at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from buildings import CompiledPlan, Plan, compile_plan, load_plan, require_sound
from scenarios.assistance import assistance_of
from scenarios.behaviour import Choice
from scenarios.hazard_notes import hazard_notes
from scenarios.hazards import hazards_of
from scenarios.hears import hears_delay
from scenarios.notes import notes_of
from scenarios.orders import Ordered, merge_weights, ordered
from scenarios.population_defaults import population_defaults
from scenarios.protocol import protocol_of
from scenarios.responders import help_beside, with_responders
from scenarios.roster import roster_with_sources
from scenarios.scenario import SAID_BY_SCENARIO, Scenario, ScenarioError
from scenarios.shelter import shelter_notes
from sim import EvacuationOrders, FlowLaw, MovementError, Roster, Simulation, flow_law


@dataclass(frozen=True, slots=True, eq=False)
class Assembled:
    """A scenario on its plan, ready to run.

    Attributes
    ----------
    scenario : Scenario
    plan : Plan
    compiled : CompiledPlan
    roster : Roster
        The people in the building: those who are counted.
    walkers : Roster
        Everybody who walks: the same people, and the responders behind them.
    flow_law : FlowLaw
    orders : EvacuationOrders
    choices : tuple of Choice
        Every distribution that is drawn from, with its source.
    ordered : Ordered
        What changes while it runs, beside what the file says of it.
    merge_weights : mapping of gate to weight, or None
        Shares of a freed place in the full space beyond, where the scenario gives them.
    notes : tuple of str
        What a planner should know before a run, one line each.
    """

    scenario: Scenario
    plan: Plan
    compiled: CompiledPlan
    roster: Roster
    walkers: Roster
    flow_law: FlowLaw
    orders: EvacuationOrders
    choices: tuple[Choice, ...]
    ordered: Ordered
    merge_weights: Mapping[int, float] | None
    notes: tuple[str, ...]

    def simulation(self, *, seed: int, expected_replicas: int = 1) -> Simulation:
        """Return the simulation that runs this scenario replica by replica.

        Raises
        ------
        ScenarioError
            If the people do not fit into their rooms, or the building has no width somewhere.
        """
        try:
            return Simulation(
                self.compiled,
                self.walkers,
                self.flow_law,
                self.orders,
                seed=seed,
                expected_replicas=expected_replicas,
                merge_weights=self.merge_weights,
            )
        except MovementError as error:
            raise ScenarioError((self.scenario.fault((), str(error)),)) from error


def assemble(
    scenario: Scenario, plan: Plan | None = None, compiled: CompiledPlan | None = None
) -> Assembled:
    """Check a scenario against its plan and make it ready to run.

    Parameters
    ----------
    scenario : Scenario
    plan : Plan, optional
        The building; read from where the scenario says if it is not given.
    compiled : CompiledPlan, optional
        The same building compiled; compiled here if it is not given.

    Raises
    ------
    ScenarioError
        With one line for every room, zone, exit or assembly area that the plan does not have, and
        for every fact that the scenario needs and nobody gives.
    InputError
        If the plan cannot be read, or its drawing does not hold together.
    """
    if plan is None:
        plan = load_plan(scenario.plan_at)
        require_sound(plan)
    compiled = compile_plan(plan) if compiled is None else compiled
    roster, choices, faults = roster_with_sources(scenario, plan, compiled)
    evacuation = scenario.evacuation
    hears_delay_s = hears_delay(
        scenario,
        plan,
        compiled,
        ("protocol", "evacuate", "announcement"),
        evacuation.heard_everywhere_s,
        evacuation.heard_in_zones_s,
        evacuation.heard_in_spaces_s,
        faults,
    )
    changes = ordered(scenario, plan, compiled, faults)
    weights = merge_weights(scenario, plan, compiled, faults)
    law = flow_law(scenario.law, **scenario.law_numbers)
    assistance, help_choices = assistance_of(scenario, plan, compiled, roster, law, faults)
    walkers = roster
    if roster is not None:
        walkers = with_responders(scenario, plan, compiled, roster, faults)
    protocol, protocol_choices = protocol_of(scenario, plan, compiled, walkers, faults)
    hazards, hazard_choices = hazards_of(scenario, plan, compiled, faults)
    if roster is None or walkers is None or faults:
        raise ScenarioError(tuple(dict.fromkeys(faults)))
    roll_call = Choice(
        "roll_call_s",
        evacuation.roll_call_s or population_defaults().roll_call_s,
        SAID_BY_SCENARIO
        if evacuation.roll_call_s
        else population_defaults().sources["roll_call_s"].text,
    )
    orders = EvacuationOrders(
        alarm_s=evacuation.alarm_s,
        hears_delay_s=hears_delay_s,
        class_release=evacuation.class_release,
        roll_call_s=roll_call.distribution,
        end_s=scenario.end_s,
        orders=changes.all,
        assistance=help_beside(assistance, walkers.n_people - roster.n_people),
        protocol=protocol,
        hazards=hazards,
    )
    return Assembled(
        scenario=scenario,
        plan=plan,
        compiled=compiled,
        roster=roster,
        walkers=walkers,
        flow_law=law,
        orders=orders,
        choices=(*choices, roll_call, *help_choices, *protocol_choices, *hazard_choices),
        ordered=changes,
        merge_weights=weights,
        notes=(
            *notes_of(plan, compiled, roster, changes, moment=scenario.population.moment),
            *hazard_notes(scenario, plan, compiled, roster, hazards),
            *shelter_notes(scenario, plan, compiled, protocol),
        ),
    )
