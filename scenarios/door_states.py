"""Which way people pass a door: in the state that a scenario gives it, and as the plan has it."""

from __future__ import annotations

from typing import TypeAlias

from buildings import OUTSIDE, CompiledPlan, Plan, Portal
from scenarios.reach import Reach, leads_out, reach_of
from scenarios.scenario import DoorState
from sim import DoorOrder, shut_sides

Passes: TypeAlias = tuple[bool, bool]
"""Whether people pass from the portal's ``from``, and from its ``to``."""


def passes_of(portal: Portal, state: DoorState) -> Passes:
    """Return who passes a door in a state.

    The inside of a door is the space that it is drawn from, or, of a door to the open air, the
    building; ``out`` leads from there.

    - ``open``: both ways, except against a ``one_way`` of the plan.
    - ``locked``: out, if the door opens from inside without a key; nobody passes in.
    - ``closed`` and ``blocked``: nobody, either way.

    Examples
    --------
    >>> from shapely import LineString
    >>> line = LineString([(0, 0), (1, 0)])
    >>> door = Portal("E1", "L1", "door", "Hall", "outside", 1.0, line, panic_bar="yes")
    >>> passes_of(door, "locked"), passes_of(door, "closed"), passes_of(door, "open")
    ((True, False), (False, False), (True, True))
    """
    if state in ("closed", "blocked"):
        return False, False
    out, inwards = portal.one_way != "in", portal.one_way != "out"
    if state == "locked":
        out, inwards = out and opens_from_inside(portal), False
    return (inwards, out) if portal.from_space == OUTSIDE else (out, inwards)


def opens_from_inside(portal: Portal) -> bool:
    """Say whether facts of the plan tell that people inside open the locked door without a key.

    A panic bar or ``egress: yes`` do; so do a thumbturn, a lock that works from outside only, and
    an electric one, which by the rules for escape routes never hold people in. A lock with a key on
    both sides, none, or one that nobody has looked at, do not.
    """
    if "yes" in (portal.panic_bar, portal.egress):
        return True
    if portal.lock in ("inside", "both"):
        return portal.lock_key == "thumbturn"
    return portal.lock in ("outside", "remote")


def passes_at_first(portal: Portal) -> Passes:
    """Return who passes a door as the plan has it, before anything changes.

    A confirmed exit lets people out whatever its lock, unless it is a way in only: that is what
    ``is_exit`` says. Any other door with ``lock_state: locked`` is as a scenario's locked door.
    """
    locked = portal.lock_state == "locked" and not portal.usable_as_exit
    return passes_of(portal, "locked" if locked else "open")


def doors_of_plan(plan: Plan, compiled: CompiledPlan) -> tuple[DoorOrder, ...]:
    """Return what the plan says of doors that do not let everybody pass, as orders at time 0.

    Everybody knows. Sides that lead nowhere are left out, since nobody ever comes to them: in from
    the open air, and into rooms from which there is no other way on.
    """
    orders: list[DoorOrder] = []
    for portal_id, gates in compiled.portal_gates.items():
        passes = passes_at_first(plan.portals[portal_id])
        if not all(p or _leads_nowhere(compiled, gates, s) for s, p in enumerate(passes)):
            orders.extend(DoorOrder(0.0, gate, passes, None) for gate in gates)
    return tuple(orders)


def reach_at_first(plan: Plan, compiled: CompiledPlan, *, level_only: bool = False) -> Reach:
    """Return which exits can be reached as the plan has its doors."""
    shut = shut_sides(doors_of_plan(plan, compiled))
    return reach_of(compiled, shut=shut, level_only=level_only)


def _leads_nowhere(compiled: CompiledPlan, gates: range, end: int) -> bool:
    """Whether who passes a portal from its end 0 or 1 can reach an exit only by coming back."""
    side = 2 * gates[0] + end
    here, beyond = (int(compiled.side_cell[s]) for s in (side, side ^ 1))
    if here == compiled.outside:
        return True
    if beyond == compiled.outside:
        return gates[0] not in compiled.exit_gates
    return not leads_out(compiled, beyond, shut=range(2 * gates.start, 2 * gates.stop))
