"""Gaps of a building for a lockdown, as its plan shows them, and the plan with one of them mended.

Ten kinds are looked for: locks, coverings, corners, public address, and what cannot be simulated
here: numbering, access, cameras, floor plans, drills, reunification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from buildings import CompiledPlan, Plan
from buildings.compiled_corners import APERTURE_GLASS, APERTURE_WINDOW
from scenarios.assembled import Assembled
from scenarios.protocol import lock_name
from scenarios.protocol_said import NEED_KEYS
from scenarios.room_facts import RoomFacts, room_facts
from sim import protocols

NOT_SIMULATED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "numbering": "numbers help those who look for a room; rooms are secured without them "
        "(see responders)",
        "access": "who comes in before a lockdown is no part of it; run a secure to time the "
        "exterior doors",
        "cameras": "what a camera shows changes no step of this model",
        "floor plans": "an unknown fact counts as missing here; go and look, then run again",
        "drills": "how much practice shortens a step is not known; put the times of your own "
        "drills under protocol.procedures",
        "reunification": "it begins after the release: see hallways reunify",
    }
)
"""Why a kind of gap has no simulated effect."""


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """One gap that was found.

    Attributes
    ----------
    kind : str
        locks, coverings, corners, public address, or one of `NOT_SIMULATED`.
    words : str
        What is missing.
    places : tuple of str
        Ids of doors, windows, spaces or furniture that it concerns.
    remedy : str
        What would mend it.
    mended : callable, optional
        Returns the plan with it mended; None where it cannot be simulated.
    """

    kind: str
    words: str
    places: tuple[str, ...]
    remedy: str
    mended: Callable[[Plan], Plan] | None = None

    @property
    def why_not(self) -> str:
        """Why it is not simulated; empty where it is."""
        return "" if self.mended is not None else NOT_SIMULATED[self.kind]


def gaps_of(ready: Assembled) -> tuple[Gap, ...]:
    """Return the gaps of a building, those that can be simulated first.

    Parameters
    ----------
    ready : Assembled
        A scenario with a lockdown. Rooms count that have people at the start.

    Raises
    ------
    ValueError
        If nothing is announced in it.
    """
    orders = ready.orders.protocol
    if orders is None:
        raise ValueError("gaps_of: expected a scenario that announces a lockdown")
    plan, compiled = ready.plan, ready.compiled
    facts = room_facts(plan, compiled, ready.roster, orders)
    rooms = np.flatnonzero(facts.occupied_at_first).tolist()
    found = [
        *_locks(plan, compiled, orders, rooms),
        *_coverings(plan, orders, rooms),
        *_corners(plan, compiled, facts, rooms),
        *_public_address(plan, compiled, facts),
        *_others(plan, [compiled.space_ids[r] for r in rooms if not orders.corners.known[r]]),
    ]
    return tuple(gap for gap in found if gap.places or gap.kind == "drills")


def _with_portals(ids: Iterable[str], **facts: Any) -> Callable[[Plan], Plan]:
    """Return what gives some doors or windows other facts."""
    wanted = frozenset(ids)

    def mend(plan: Plan) -> Plan:
        portals = {
            id_: replace(portal, **facts) if id_ in wanted else portal
            for id_, portal in plan.portals.items()
        }
        return replace(plan, portals=MappingProxyType(portals), sha256="")

    return mend


def _locks(
    plan: Plan, compiled: CompiledPlan, orders: protocols.ProtocolOrders, rooms: list[int]
) -> Iterable[Gap]:
    gates = sorted({int(gate) for room in rooms for gate in orders.corners.doors_of(room)})
    doors = [plan.portals[compiled.gate_portal[gate]] for gate in gates]
    inside = {"lock": "inside", "lock_key": "thumbturn"}
    without = tuple(one.id for one in doors if lock_name(one) is None)
    keyed = tuple(one.id for one in doors if lock_name(one) in NEED_KEYS)
    yield Gap(
        "locks", "doors of rooms without a lock, or with none that is known", without,
        "locks that turn from inside", _with_portals(without, **inside),
    )  # fmt: skip
    yield Gap(
        "locks", "doors of rooms that need a key or a card", keyed,
        "locks that turn from inside", _with_portals(keyed, **inside),
    )  # fmt: skip


def _coverings(plan: Plan, orders: protocols.ProtocolOrders, rooms: list[int]) -> Iterable[Gap]:
    corners = orders.corners
    bare: dict[int, set[str]] = {APERTURE_GLASS: set(), APERTURE_WINDOW: set()}
    for room in rooms:
        for aperture in corners.apertures_of(room).tolist():
            glass = bare.get(int(corners.aperture_kind[aperture]))
            if glass is not None and not corners.aperture_coverable[aperture]:
                glass.add(corners.aperture_portal[aperture])
    drawn = {"cover": "blind", "cover_default": "open", "cover_close_s": None}
    for kind, words in (
        (APERTURE_GLASS, "doors of rooms with glass that nothing covers"),
        (APERTURE_WINDOW, "windows of rooms that nothing covers"),
    ):
        ids = tuple(sorted(bare[kind]))
        remedy = "covers to draw" if orders.covers_drawn else "covers, and the habit to draw them"
        yield Gap("coverings", words, ids, remedy, _with_portals(ids, **drawn))


def _corners(
    plan: Plan, compiled: CompiledPlan, facts: RoomFacts, rooms: list[int]
) -> Iterable[Gap]:
    short = {compiled.space_ids[room] for room in rooms if facts.people[room] > facts.places[room]}
    furniture = tuple(space.id for space in plan.spaces.values() if space.obstacle_of in short)
    yield Gap(
        "corners", "furniture in rooms with too few places out of sight", furniture,
        "take it out, or move it", _without(furniture),
    )  # fmt: skip


def _without(ids: Iterable[str]) -> Callable[[Plan], Plan]:
    gone = frozenset(ids)

    def mend(plan: Plan) -> Plan:
        spaces = {id_: space for id_, space in plan.spaces.items() if id_ not in gone}
        return replace(plan, spaces=MappingProxyType(spaces), sha256="")

    return mend


def _public_address(plan: Plan, compiled: CompiledPlan, facts: RoomFacts) -> Iterable[Gap]:
    peopled = {compiled.space_ids[row] for row in np.flatnonzero(facts.people).tolist()}
    silent = tuple(
        space.id for space in plan.spaces.values()
        if space.id in peopled and space.public_address == "no"
    )  # fmt: skip

    def mend(changed: Plan) -> Plan:
        spaces = {
            id_: replace(space, public_address="yes") if id_ in silent else space
            for id_, space in changed.spaces.items()
        }
        return replace(changed, spaces=MappingProxyType(spaces), sha256="")

    yield Gap(
        "public address", "places with people that public address does not reach", silent,
        "a loudspeaker there", mend,
    )  # fmt: skip


def _others(plan: Plan, sight_unknown: list[str]) -> Iterable[Gap]:
    """Find what the plan shows and no run can weigh.

    Parameters
    ----------
    plan : Plan
    sight_unknown : list of str
        Rooms of which a fact is missing that could add a view.
    """
    portals, spaces = plan.portals.values(), plan.spaces.values()
    exterior = [one for one in portals if one.leads_outside and one.kind != "window"]
    doors = [one for one in portals if one.kind in ("door", "exit", "gate")]
    rooms = [one for one in spaces if one.kind == "room" and one.obstacle_of is None]
    yield Gap(
        "numbering", "exterior doors and rooms without a number",
        (
            *(one.id for one in exterior if not one.exterior_no),
            *(one.id for one in rooms if not one.number),
        ),
        "a number outside and inside",
    )  # fmt: skip
    yield Gap(
        "access", "exterior doors without a lock, or with none that is known",
        tuple(one.id for one in exterior if lock_name(one) is None), "a lock, and a closer",
    )  # fmt: skip
    cameras = [point for point in plan.points.values() if point.kind == "camera"]
    yield Gap("cameras", "the plan shows no camera", () if cameras else (plan.id,), "say where")
    unknown = tuple(one.id for one in doors if one.lock in (None, "unknown"))
    unseen = (*unknown, *sight_unknown, *(() if plan.reviewed_on else (plan.id,)))
    yield Gap(
        "floor plans", "locks or glass that nobody has looked at, or a plan not reviewed on site",
        unseen, "walk it with those who will use it",
    )  # fmt: skip
    yield Gap("drills", "every procedure gets quicker with practice", (), "drill and debrief")
    sites = [one for one in spaces if one.use == "reunification"]
    areas = [one for one in plan.assembly_areas if "reunification" in _role(one)]
    yield Gap(
        "reunification", "the plan shows no place to reunify families",
        () if sites or areas else (plan.id,), "choose a place here or away from campus",
    )  # fmt: skip


def _role(area: Any) -> str:
    return "" if area.assembly is None else str(area.assembly.role)
