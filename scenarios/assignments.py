"""Which exit and which assembly area the people of a room are told to use."""

from __future__ import annotations

from buildings import CompiledPlan, KeyPath, Plan, did_you_mean
from scenarios.find_place import exit_or_fault, space_or_fault
from scenarios.scenario import Scenario


def assigned_exits(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> dict[str, int]:
    """Return the exit gate of each space that has one assigned."""
    assigned: dict[str, int] = {}
    for room, exit_name in scenario.assign_exits.items():
        place = ("assign_exits", room)
        space = space_or_fault(scenario, plan, place, room, faults)
        gate = exit_or_fault(scenario, plan, compiled, place, exit_name, faults)
        if space is not None and gate is not None:
            assigned[space.id] = gate
    return assigned


def assigned_places(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> dict[str, int]:
    """Return the assembly place of each space that has one assigned; "" for all the others."""
    said = scenario.evacuation
    at = ("protocol", "evacuate", "assembly")
    wanted: list[tuple[KeyPath, str, str]] = []
    if said.assembly_everyone is not None:
        wanted.append(((*at, "everyone"), "", said.assembly_everyone))
    for room, area in said.assembly_rooms.items():
        space = space_or_fault(scenario, plan, (*at, "rooms", room), room, faults)
        if space is not None:
            wanted.append(((*at, "rooms", room), space.id, area))
    by_number = {s.number: s.id for s in plan.assembly_areas if s.number}
    assigned: dict[str, int] = {}
    for place, room, area in wanted:
        area_id = by_number.get(area, area)
        if area_id in compiled.place_ids:
            assigned[room] = compiled.place_ids.index(area_id)
        else:
            hint = did_you_mean(area, [*compiled.place_ids, *by_number])
            words = f"no assembly area {area!r} in plan {plan.id!r}{hint}"
            faults.append(scenario.fault(place, words))
    return assigned
