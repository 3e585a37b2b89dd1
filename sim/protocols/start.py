"""Make an incident with protocols ready to run: the places and ways it needs, and its beginning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from sim.abilities import Abilities
from sim.conductor import Incident
from sim.hazards import Hazard
from sim.network import Goal
from sim.protocols.counting import Counting
from sim.protocols.draws import Draws
from sim.protocols.hazards import HazardWatch
from sim.protocols.hearing import Announcer
from sim.protocols.orders import ProtocolOrders
from sim.protocols.run import ProtocolRun
from sim.protocols.timeline import Timeline
from sim.roster import Roster

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def slots_needed(orders: ProtocolOrders) -> list[int]:
    """Return the standing places to which people may be sent, ascending, each once."""
    corners = orders.corners
    rooms = corners.goal_slot[corners.is_room & (corners.goal_slot >= 0)]
    coming = [] if orders.responders is None else orders.responders.slots()
    refuges = [] if orders.shelter is None else orders.shelter.bay_slot.tolist()
    return sorted({*rooms.tolist(), *orders.exterior_slots, *refuges, *coming})


def goals_needed(places: Mapping[int, int], abilities: Abilities) -> list[Goal]:
    """Return what people may set out for: out of doors, and every place, on foot or level only."""
    kinds = sorted({False, *abilities.level_only.tolist()})
    goals = [Goal(level_only=kind) for kind in kinds]
    return goals + [
        Goal(place=place, level_only=kind) for place in places.values() for kind in kinds
    ]


def begin(
    incident: Incident,
    orders: ProtocolOrders,
    compiled: CompiledPlan,
    roster: Roster,
    abilities: Abilities,
    *,
    goals: Mapping[Goal, int],
    places: Mapping[int, int],
    slots: Ints,
    seed: int,
    replica: int,
    speed_mps: Floats,
    hazards: Sequence[Hazard] = (),
) -> Timeline:
    """Set an incident going; its timeline is carried out as the environment runs.

    Parameters
    ----------
    goals : mapping of Goal to routing row
    places : mapping of standing place to place of the network
    slots : ndarray of int, shape (N,)
        Standing place of each person at the start; -1 outdoors.
    hazards : sequence of Hazard
    """
    draws = Draws(
        orders,
        seed,
        replica,
        spaces=compiled.space_ids,
        gates=compiled.gate_ids,
        people=roster.person_ids,
        groups=roster.groups.ids,
    )
    run = ProtocolRun(
        incident,
        orders,
        compiled,
        roster,
        abilities,
        goals=goals,
        places=places,
        slots=slots,
        draws=draws,
        speed_mps=speed_mps,
    )
    announcer = Announcer(
        incident, orders, seed=seed, replica=replica, hazard_reported=run.hazard_reported
    )
    counting = None
    if orders.accountability is not None:
        counting = Counting(run, orders.accountability, orders.gather_s, seed=seed, replica=replica)
    timeline = Timeline(run, announcer, HazardWatch(run, hazards), counting)
    timeline.begin()
    return timeline
