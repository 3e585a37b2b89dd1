"""Which exit and which assembly area the people of a room are told to use."""

from __future__ import annotations

from buildings import CompiledPlan, KeyPath, Plan, Portal, Space, did_you_mean
from scenarios.head_count import find_space
from scenarios.scenario import Scenario


def assigned_exits(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> dict[str, int]:
    """Return the exit gate of each space that has one assigned."""
    usable = {compiled.gate_ids[int(gate)]: int(gate) for gate in compiled.exit_gates}
    assigned: dict[str, int] = {}
    for room, exit_name in scenario.assign_exits.items():
        place = ("assign_exits", room)
        space = space_or_fault(scenario, plan, place, room, faults)
        portal = _portal(plan, exit_name)
        if portal is None:
            known = [*usable, *(n for p in plan.exits if (n := p.exterior_no))]
            words = f"no exit {exit_name!r} in plan {plan.id!r}{did_you_mean(exit_name, known)}"
            faults.append(scenario.fault(place, words))
        elif portal.id not in usable:
            words = f"{portal.id} is not a confirmed exit of plan {plan.id!r}"
            faults.append(scenario.fault(place, words))
        elif space is not None:
            assigned[space.id] = usable[portal.id]
    return assigned


def _portal(plan: Plan, name: str) -> Portal | None:
    if name in plan.portals:
        return plan.portals[name]
    same = [portal for portal in plan.portals.values() if portal.exterior_no == name]
    return same[0] if len(same) == 1 else None


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


def space_or_fault(
    scenario: Scenario, plan: Plan, place: KeyPath, name: str, faults: list[str]
) -> Space | None:
    """Return the room of this name; None after noting the fault at its place in the file."""
    space, why = find_space(plan, name)
    if space is None:
        words = why if place[-1] == name else f"{name}: {why}"
        faults.append(scenario.fault(place, words))
    return space
