"""What is ordered while a scenario runs: doors that change, people who are sent to an exit."""

from __future__ import annotations

from dataclasses import dataclass

from buildings import CompiledPlan, Plan
from scenarios.door_states import doors_of_plan, passes_of, reach_at_first
from scenarios.find_place import exit_or_fault, gates_or_fault, spaces_or_faults
from scenarios.scenario import ANY_EXIT, EVERYONE, Direction, DoorChange, Scenario
from sim import DirectionOrder, DoorOrder, Order


@dataclass(frozen=True, slots=True)
class Ordered:
    """The orders of a scenario, beside what was said; those of the plan apart.

    Attributes
    ----------
    of_plan : tuple of DoorOrder
        Doors that the plan says do not let everybody pass.
    doors : tuple of (DoorChange, tuple of DoorOrder)
        One order, but for a wide opening one for each of its parts.
    directions : tuple of (Direction, DirectionOrder)
        Spaces from which the exit cannot be reached on foot inside the building are left out.
    """

    of_plan: tuple[DoorOrder, ...] = ()
    doors: tuple[tuple[DoorChange, tuple[DoorOrder, ...]], ...] = ()
    directions: tuple[tuple[Direction, DirectionOrder], ...] = ()

    @property
    def all(self) -> tuple[Order, ...]:
        """Every order: those of the plan first, then as the file lists them."""
        return (
            *self.of_plan,
            *(order for _, orders in self.doors for order in orders),
            *(order for _, order in self.directions),
        )


def ordered(scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]) -> Ordered:
    """Return what a scenario and its plan order, after noting every fault.

    A door that the scenario changes at time 0 is as the scenario says from then on; what the plan
    says of it still stands before.
    """
    return Ordered(
        doors_of_plan(plan, compiled),
        _doors(scenario, plan, compiled, faults),
        _directions(scenario, plan, compiled, faults),
    )


def merge_weights(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> dict[int, float] | None:
    """Return the merging weight of each gate that has one, None where none has.

    The parts of a wide opening share its weight.
    """
    weights: dict[int, float] = {}
    for name, weight in scenario.merge_weights.items():
        place = ("movement", "merge_weights", name)
        gates = gates_or_fault(scenario, plan, compiled, place, name, faults)
        if gates is not None and gates[0] in weights:
            words = f"{compiled.gate_portal[gates[0]]} has a weight already, under another name"
            faults.append(scenario.fault(place, words))
        elif gates is not None:
            weights |= {gate: weight / len(gates) for gate in gates}
    return weights or None


def _doors(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> tuple[tuple[DoorChange, tuple[DoorOrder, ...]], ...]:
    found: list[tuple[DoorChange, tuple[DoorOrder, ...]]] = []
    said: dict[tuple[str, float], int] = {}
    for number, change in enumerate(scenario.doors):
        place = ("doors", number)
        _within_end(scenario, (*place, "at_s"), change.at_s, faults)
        gates = gates_or_fault(scenario, plan, compiled, (*place, "door"), change.door, faults)
        told: tuple[int, ...] | None = None
        if EVERYONE not in change.known_to:
            told = spaces_or_faults(
                scenario, plan, compiled, (*place, "known_to"), change.known_to, faults
            )
        if gates is None:
            continue
        portal = plan.portals[compiled.gate_portal[gates[0]]]
        first = said.setdefault((portal.id, change.at_s), number)
        if first != number:
            words = (
                f"{portal.id} changes twice at {change.at_s:g} s: "
                f"{scenario.doors[first].state} in doors.{first}, {change.state} here"
            )
            faults.append(scenario.fault(place, words))
            continue
        passes = passes_of(portal, change.state)
        orders = tuple(DoorOrder(change.at_s, gate, passes, told) for gate in gates)
        found.append((change, orders))
    return tuple(found)


def _directions(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> tuple[tuple[Direction, DirectionOrder], ...]:
    found: list[tuple[Direction, DirectionOrder]] = []
    everywhere = tuple(range(len(compiled.space_ids)))
    reach = reach_at_first(plan, compiled)
    said: dict[tuple[int, float], int] = {}
    for number, direction in enumerate(scenario.directions):
        place = ("directions", number)
        _within_end(scenario, (*place, "at_s"), direction.at_s, faults)
        gate: int | None = -1
        if direction.exit != ANY_EXIT:
            at = (*place, "exit")
            gate = exit_or_fault(scenario, plan, compiled, at, direction.exit, faults)
        rooms = (*place, "rooms")
        told = everywhere
        if direction.rooms:
            told = spaces_or_faults(scenario, plan, compiled, rooms, direction.rooms, faults)
        twice = [space for space in told if (space, direction.at_s) in said]
        for space in told:
            said.setdefault((space, direction.at_s), number)
        if twice:
            words = (
                f"people in {compiled.space_ids[twice[0]]} are sent twice at {direction.at_s:g} s: "
                f"in directions.{said[twice[0], direction.at_s]} and here"
            )
            faults.append(scenario.fault(place, words))
        if gate is None:
            continue
        able = [space for space in told if gate < 0 or gate in reach.exits_from(space)]
        if told and not able:
            words = f"{compiled.gate_ids[gate]} cannot be reached on foot from any of these rooms"
            faults.append(scenario.fault((*place, "exit"), words))
        spaces = None if len(able) == len(everywhere) else tuple(able)
        found.append((direction, DirectionOrder(direction.at_s, spaces, gate)))
    return tuple(found)


def _within_end(
    scenario: Scenario, place: tuple[str | int, ...], at_s: float, faults: list[str]
) -> None:
    if at_s >= scenario.end_s:
        words = f"should be before end_s, {scenario.end_s:g} s (got {at_s:g}): it never happens"
        faults.append(scenario.fault(place, words))
