"""What was ordered in a run, as the plain values that manifest and summary hold."""

from __future__ import annotations

from typing import Any

from buildings import CompiledPlan, Plan
from scenarios.orders import Ordered
from scenarios.scenario import EVERYONE
from sim import DirectionOrder, DoorOrder


def order_records(plan: Plan, compiled: CompiledPlan, ordered: Ordered) -> list[dict[str, Any]]:
    """Return one mapping for each door that the scenario changes and each direction, by time.

    What the plan itself says of its doors is not repeated: the hash of the plan stands for it.
    """
    doors = [_door(plan, compiled, change.state, order) for change, (order, *_) in ordered.doors]
    directions = [_direction(plan, compiled, order) for _, order in ordered.directions]
    return sorted([*doors, *directions], key=lambda record: float(record["at_s"]))


def _door(plan: Plan, compiled: CompiledPlan, state: str, order: DoorOrder) -> dict[str, Any]:
    portal = plan.portals[compiled.gate_portal[order.gate]]
    ends = (portal.from_space, portal.to_space)
    return {
        "at_s": order.at_s,
        "kind": "door",
        "portal": portal.id,
        "number": portal.exterior_no,
        "state": state,
        "passes_from": [end for end, passes in zip(ends, order.passes, strict=True) if passes],
        "known_to": _spaces(compiled, order.told),
    }


def _direction(plan: Plan, compiled: CompiledPlan, order: DirectionOrder) -> dict[str, Any]:
    portal = None
    if order.exit_gate >= 0:
        portal = plan.portals[compiled.gate_portal[order.exit_gate]]
    return {
        "at_s": order.at_s,
        "kind": "direction",
        "portal": None if portal is None else portal.id,
        "number": None if portal is None else portal.exterior_no,
        "state": None,
        "passes_from": None,
        "known_to": _spaces(compiled, order.spaces),
    }


def _spaces(compiled: CompiledPlan, spaces: tuple[int, ...] | None) -> str | list[str]:
    return EVERYONE if spaces is None else [compiled.space_ids[space] for space in spaces]
