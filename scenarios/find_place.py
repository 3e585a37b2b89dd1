"""Find in a plan what a scenario names: rooms, zones, doors and exits, or say what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from buildings import CompiledPlan, KeyPath, Plan, Portal, Space, did_you_mean
from scenarios.head_count import find_space
from scenarios.scenario import Scenario


def space_or_fault(
    scenario: Scenario, plan: Plan, place: KeyPath, name: str, faults: list[str]
) -> Space | None:
    """Return the room of this name; None after noting the fault at its place in the file."""
    space, why = find_space(plan, name)
    if space is None:
        words = why if place[-1] == name else f"{name}: {why}"
        faults.append(scenario.fault(place, words))
    return space


def walked_or_fault(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    place: KeyPath,
    name: str,
    faults: list[str],
) -> int | None:
    """Return the index of a room in which people walk; None after noting the fault."""
    space = space_or_fault(scenario, plan, place, name, faults)
    if space is None:
        return None
    if space.id not in compiled.space_ids:
        words = f"{space.id} ({space.kind}) is not part of the walkable building"
        faults.append(scenario.fault(place, words))
        return None
    return compiled.space_index(space.id)


def spaces_or_faults(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    place: KeyPath,
    names: Sequence[str],
    faults: list[str],
) -> tuple[int, ...]:
    """Return the spaces of zones and rooms, ascending; faults are noted at the name's place."""
    zones = {space.zone for space in plan.spaces.values() if space.zone}
    found: set[int] = set()
    for number, name in enumerate(names):
        here = (*place, number)
        space, why = find_space(plan, name)
        if name in zones and space is not None:
            words = f"{name}: is a zone and a room of plan {plan.id!r}; for the room say {space.id}"
            faults.append(scenario.fault(here, words))
        elif name in zones:
            wanted = {s.id for s in plan.spaces.values() if s.zone == name}
            found |= {row for row, id_ in enumerate(compiled.space_ids) if id_ in wanted}
        elif space is not None and space.id in compiled.space_ids:
            found.add(compiled.space_index(space.id))
        elif space is not None:
            words = f"{name}: {space.id} is not part of the walkable building"
            faults.append(scenario.fault(here, words))
        else:
            near = did_you_mean(name, zones)
            words = f"no such zone in plan {plan.id!r}{near}" if near else why
            faults.append(scenario.fault(here, f"{name}: {words}"))
    return tuple(sorted(found))


def gates_or_fault(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    place: KeyPath,
    name: str,
    faults: list[str],
) -> range | None:
    """Return the gates of a door, by portal id or exterior number; None after noting the fault.

    It is one gate, but several for the parts of a wide opening.
    """
    known = compiled.portal_gates
    portals = _portals(plan, name)
    if len(portals) > 1:
        which = ", ".join(portal.id for portal in portals)
        words = f"{len(portals)} doors of plan {plan.id!r} have number {name!r}, say which: {which}"
    elif not portals:
        numbers = [p.exterior_no for p in plan.portals.values() if p.exterior_no]
        words = f"no door {name!r} in plan {plan.id!r}{did_you_mean(name, [*known, *numbers])}"
    elif portals[0].id not in known:
        what = "a window" if portals[0].kind == "window" else "a door to where nobody walks"
        words = f"{portals[0].id} is {what} in plan {plan.id!r}"
    else:
        return known[portals[0].id]
    faults.append(scenario.fault(place, words))
    return None


def exit_or_fault(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    place: KeyPath,
    name: str,
    faults: list[str],
) -> int | None:
    """Return the gate of a confirmed exit; None after noting the fault."""
    usable = {compiled.gate_ids[int(gate)]: int(gate) for gate in compiled.exit_gates}
    portals = _portals(plan, name)
    if len(portals) != 1:
        known = [*usable, *(n for p in plan.exits if (n := p.exterior_no))]
        words = f"no exit {name!r} in plan {plan.id!r}{did_you_mean(name, known)}"
    elif portals[0].id not in usable:
        words = f"{portals[0].id} is not a confirmed exit of plan {plan.id!r}"
    else:
        return usable[portals[0].id]
    faults.append(scenario.fault(place, words))
    return None


def door_called(portal: Portal) -> str:
    """Return what a person calls a door: its exterior number, with its id."""
    return f"{portal.exterior_no} ({portal.id})" if portal.exterior_no else portal.id


def _portals(plan: Plan, name: str) -> list[Portal]:
    if name in plan.portals:
        return [plan.portals[name]]
    return [portal for portal in plan.portals.values() if portal.exterior_no == name]
