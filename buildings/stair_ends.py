"""Which portals of a stair flight lie at its foot and which at its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from buildings.cell_walks import climb_share
from buildings.gates import Gate
from buildings.plan import Plan, Space
from buildings.walking_distance import WalkingFloor

SAME_END: Final = 0.3
"""Portals on one level that lie closer than this share of the run do not tell foot from head."""
BACKWARDS: Final = 0.5
"""A head that lies behind the foot by this share of the run contradicts the bearing of ascent."""
SAME_HEIGHT_M: Final = 0.1


@dataclass(frozen=True, slots=True)
class FlightEnds:
    """For each portal of a flight whether it lies at the head; what contradicts itself, or ""."""

    at_head: tuple[bool, ...]
    fault: str = ""


def flight_ends(plan: Plan, flight: Space, gates: Sequence[Gate]) -> FlightEnds:
    """Tell foot from head.

    Levels tell where they differ: portals on the higher one are at the head. Portals that all lie
    on one level (of a flight that starts or ends at a landing) are told by how far they lie along
    the bearing of ascent.

    Parameters
    ----------
    plan : Plan
        The building, for the elevations of its levels.
    flight : Space
        A space with stair facts.
    gates : sequence of Gate
        The gates of the flight, in order of their sides.

    Raises
    ------
    ValueError
        If the space has no stair facts.
    """
    if flight.stair is None:
        raise ValueError(f"{flight.id} has no stair facts")
    if not gates:
        return FlightEnds(())
    up_deg = flight.stair.up_deg
    height = np.array([plan.level(gate.level).elevation_m for gate in gates])
    share = climb_share(WalkingFloor(flight.polygon), up_deg, [gate.xy for gate in gates])
    if np.ptp(height) < SAME_HEIGHT_M:
        fault = ""
        if len(gates) > 1 and np.ptp(share) < SAME_END:
            fault = (
                f"stair {flight.id}: its portals {', '.join(gate.id for gate in gates)} are on "
                f"one level and at one end of its run along up = {up_deg:g} degrees; expected a "
                "foot and a head"
            )
        return FlightEnds(tuple((share >= 0.5).tolist()), fault)
    at_head = height > (height.min() + height.max()) / 2
    foot = max((s, g.id) for s, g, head in zip(share, gates, at_head, strict=True) if not head)
    head = min((s, g.id) for s, g, head in zip(share, gates, at_head, strict=True) if head)
    fault = ""
    if foot[0] - head[0] > BACKWARDS:
        fault = (
            f"stair {flight.id}: ascends towards up = {up_deg:g} degrees, but its upper portal "
            f"{head[1]} lies behind its lower portal {foot[1]}; expected the bearing of ascent, "
            "clockwise from +y"
        )
    return FlightEnds(tuple(at_head.tolist()), fault)
