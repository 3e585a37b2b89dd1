"""Find the best available refuge areas of a plan, and how much floor they have for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from buildings import CompiledPlan, Plan, Space
from scenarios.find_place import space_or_fault
from scenarios.scenario import Scenario
from sim import Roster
from sim.protocols import Buses, ProtocolOrders, ShelterOrders

AREAS: Final = ("protocol", "shelter", "areas")
ROOMS_NAMED: Final = 8
"""Areas that a note names (ours)."""
PROPOSED_M2: Final = 9.0
"""Smaller rooms are not proposed: they hold less than half a class (ours)."""
WHEELCHAIRS: Final = ("wheelchair", "electric_wheelchair")
"""Mobility profiles of people in wheelchairs."""


@dataclass(frozen=True, slots=True)
class RefugeAreas:
    """Where people shelter from weather, and who says so.

    Attributes
    ----------
    spaces : tuple of int
        Spaces of the compiled plan, in written order.
    chosen_by : {"scenario", "plan", "us"}
    """

    spaces: tuple[int, ...]
    chosen_by: Literal["scenario", "plan", "us"]


def refuge_areas(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> RefugeAreas:
    """Return the areas that the scenario lists, else those of the plan, else a proposal.

    A proposal is made of the rooms, halls and corridors at and below the main level in which the
    plan shows no window and no door in an outer wall; very small ones are left out.
    """
    said = scenario.protocol.shelter.areas
    if said:
        return RefugeAreas(_listed(scenario, plan, compiled, said, faults), "scenario")
    walkable = [plan.spaces[name] for name in compiled.space_ids]
    marked = [one for one in walkable if one.safe_haven in ("drawn", "hardened")]
    chosen_by: Literal["plan", "us"] = "plan" if marked else "us"
    found = marked or [one for one in walkable if _interior(plan, one)]
    if not found:
        words = (
            f"plan {plan.id!r} marks no safe haven, and no room in it is without a window or a "
            "door in an outer wall: list the areas"
        )
        faults.append(scenario.fault(AREAS, words))
    return RefugeAreas(tuple(compiled.space_index(one.id) for one in found), chosen_by)


def _listed(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    names: Iterable[str],
    faults: list[str],
) -> tuple[int, ...]:
    found: list[int] = []
    for number, name in enumerate(names):
        place = (*AREAS, number)
        space = space_or_fault(scenario, plan, place, name, faults)
        if space is None:
            continue
        if space.id not in compiled.space_ids:
            words = f"{name}: {space.id} is not part of the walkable building"
            faults.append(scenario.fault(place, words))
        elif compiled.space_index(space.id) in found:
            faults.append(scenario.fault(place, f"{name}: {space.id} is listed twice"))
        else:
            found.append(compiled.space_index(space.id))
    return tuple(found)


def _interior(plan: Plan, space: Space) -> bool:
    """Whether a space may be proposed: inside, low, without an opening in an outer wall."""
    low = plan.level(space.level).ordinal <= 0
    if space.kind not in ("room", "hall", "corridor") or not low or space.area_m2 < PROPOSED_M2:
        return False
    beyond = {
        side
        for portal in plan.portals_of(space.id)
        for side in (portal.from_space, portal.to_space)
        if side != space.id
    }
    return beyond <= {name for name, one in plan.spaces.items() if one.kind != "outdoor"}


def shelter_orders(
    areas: RefugeAreas,
    compiled: CompiledPlan,
    roster: Roster,
    number: Mapping[str, float],
    lead_s: float | None,
) -> ShelterOrders:
    """Return the areas as they are simulated: a bay for each cell with a standing place.

    Parameters
    ----------
    areas, compiled, roster
    number : mapping
        ``m2_per_person``, ``m2_per_wheelchair``, ``usable_share``.
    lead_s : float, optional
    """
    bays = []
    for row, space in enumerate(areas.spaces):
        slots = compiled.slots_of(space)
        cells, first = np.unique(compiled.slot_cell[slots], return_index=True)
        for cell, slot in zip(cells.tolist(), slots[first].tolist(), strict=True):
            bays.append((row, slot, float(compiled.cell_area_m2[cell]) * number["usable_share"]))
    chairs = np.isin(np.array(roster.profile), WHEELCHAIRS)
    return ShelterOrders(
        areas=areas.spaces,
        bay_area=np.array([row for row, _, _ in bays], dtype=np.int64),
        bay_slot=np.array([slot for _, slot, _ in bays], dtype=np.int64),
        bay_m2=np.array([m2 for _, _, m2 in bays]),
        needs_m2=np.where(chairs, number["m2_per_wheelchair"], number["m2_per_person"]),
        lead_s=lead_s,
    )


def wheelchairs_of(roster: Roster) -> tuple[int, ...]:
    """Return the people in wheelchairs, rows of the roster."""
    return tuple(np.flatnonzero(np.isin(np.array(roster.profile), WHEELCHAIRS)).tolist())


def shelter_notes(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, protocol: ProtocolOrders | None
) -> Iterable[str]:
    """Say what a planner should know of refuge areas and buses before a run."""
    if protocol is None:
        return
    shelter = protocol.shelter
    if shelter is not None:
        areas = refuge_areas(scenario, plan, compiled, [])
        names = [plan.spaces[compiled.space_ids[space]].called for space in areas.spaces]
        more = len(names) - ROOMS_NAMED
        listed = ", ".join(names[:ROOMS_NAMED]) + (f" and {more} more" if more > 0 else "")
        if areas.chosen_by == "us":
            yield (
                "no refuge area is listed and the plan marks none; proposed, without a window or a "
                f"door in an outer wall: {listed}. Somebody competent has to look at them"
            )
        needs, floor = float(shelter.needs_m2.sum()), float(shelter.bay_m2.sum())
        if needs > floor:
            yield (
                f"the best available refuge areas ({listed}) have {floor:.0f} m2 for people, and "
                f"{needs:.0f} m2 are needed: not everybody finds a place"
            )
    rides = [step.relocation.way for step in protocol.timeline if step.relocation is not None]
    no_lift = any(isinstance(way, Buses) and not way.wheelchair_buses for way in rides)
    if no_lift and protocol.wheelchairs:
        n = len(protocol.wheelchairs)
        yield (
            f"{n} {'person' if n == 1 else 'people'} in a wheelchair, and no bus with a lift "
            "(wheelchair_buses): they stay behind"
        )
