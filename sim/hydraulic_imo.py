"""The simplified evacuation analysis of the IMO for passenger ships: flows and speeds from tables.

A second hydraulic hand calculation beside `sim.hydraulic`, with clear instead of effective widths
and three small tables, between whose entries it interpolates. All numbers were read in
MSC.1/Circ.1238 (2007), annex 1, appendix 1; MSC.1/Circ.1533 (2016) has the same tables.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.checked_numbers import densities, require_not_negative, require_positive

Facility: TypeAlias = Literal["corridor", "stairs down", "stairs up", "door"]

SOURCE: Final = "IMO MSC.1/Circ.1238 (30 October 2007), annex 1, appendix 1, tables 1.1 to 1.3"
"""Where every number of this module was read."""

INITIAL: Final = (
    (0.0, 0.0, 1.2),
    (0.5, 0.65, 1.2),
    (1.9, 1.3, 0.67),
    (3.2, 0.65, 0.20),
    (3.5, 0.32, 0.10),
)
"""Table 1.1, of a corridor in which people stand at the start: density (persons/m2), specific flow
(persons/(s m)), speed (m/s); the last row holds for every higher density too."""

MAX_SPECIFIC_FLOW: Final[Mapping[Facility, float]] = MappingProxyType(
    {"stairs down": 1.1, "stairs up": 0.88, "corridor": 1.3, "door": 1.3}
)
"""Table 1.2: most persons per second through a metre of clear width."""

SPEED_AFTER: Final[Mapping[Facility, tuple[tuple[float, float], ...]]] = MappingProxyType(
    {
        "stairs down": ((0.0, 1.0), (0.54, 1.0), (1.1, 0.55)),
        "stairs up": ((0.0, 0.8), (0.43, 0.8), (0.88, 0.44)),
        "corridor": ((0.0, 1.2), (0.65, 1.2), (1.3, 0.67)),
    }
)
"""Table 1.3: specific flow and speed of people who have passed a transition."""

CORRECTION: Final = 2.0
"""Factor for all that the method leaves out: ages, full availability, visibility, motion."""
COUNTERFLOW: Final = 0.3
"""Added to the factor for people who walk against the stream."""


def initial_specific_flow(density_per_m2: ArrayLike) -> NDArray[np.float64]:
    """Return the specific flow out of a corridor in which people stand at a density.

    Parameters
    ----------
    density_per_m2 : array_like
        Persons per square metre of clear floor.

    Returns
    -------
    ndarray
        Persons per second and metre of clear width.

    Raises
    ------
    ValueError
        If a density is negative or not finite.

    Examples
    --------
    >>> initial_specific_flow([0.0, 0.94, 1.7, 4.0]).round(2).tolist()
    [0.0, 0.85, 1.21, 0.32]
    """
    at, flows, _ = zip(*INITIAL, strict=True)
    return np.interp(densities(density_per_m2), at, flows)


def initial_speed(density_per_m2: ArrayLike) -> NDArray[np.float64]:
    """Return the speed of people who leave a corridor in which they stand at a density.

    Parameters
    ----------
    density_per_m2 : array_like
        Persons per square metre of clear floor.

    Returns
    -------
    ndarray
        Metres per second.

    Raises
    ------
    ValueError
        If a density is negative or not finite.

    Examples
    --------
    >>> initial_speed([0.0, 0.94, 1.7, 4.0]).round(2).tolist()
    [1.2, 1.03, 0.75, 0.1]
    """
    at, _, speeds = zip(*INITIAL, strict=True)
    return np.interp(densities(density_per_m2), at, speeds)


def speed_after_transition(specific_flow: float, facility: Facility) -> float:
    """Return the speed in a corridor or on a stair that people entered at a specific flow.

    Parameters
    ----------
    specific_flow : float
        Persons per second and metre of clear width.
    facility : {"corridor", "stairs down", "stairs up"}

    Raises
    ------
    ValueError
        If the facility has no speed (a door has no length), or the flow is negative or larger than
        its largest.

    Examples
    --------
    >>> speed_after_transition(1.1, "stairs down"), speed_after_transition(0.2, "corridor")
    (0.55, 1.2)
    """
    if facility not in SPEED_AFTER:
        raise ValueError(f"facility: expected {', '.join(SPEED_AFTER)}, got {facility!r}")
    flows, speeds = zip(*SPEED_AFTER[facility], strict=True)
    if not 0.0 <= specific_flow <= flows[-1]:
        raise ValueError(
            f"specific_flow: expected 0 to {flows[-1]:g} in {facility}, got {specific_flow}"
        )
    return float(np.interp(specific_flow, flows, speeds))


class Inflow(NamedTuple):
    """People who come to a transition: persons/(s m) and the clear width they come on (m)."""

    specific_flow: float
    clear_width_m: float


class Way(NamedTuple):
    """A way on from a transition: what it is, and its clear width (m)."""

    facility: Facility
    clear_width_m: float


@dataclass(frozen=True, slots=True)
class Outflow:
    """What leaves a transition on one way.

    Attributes
    ----------
    specific_flow : float
        Persons per second and metre of clear width, at most that of the facility.
    flow_per_s : float
        Persons per second.
    queues : bool
        Whether more would leave, so that a queue forms.
    """

    specific_flow: float
    flow_per_s: float
    queues: bool


def transition(inflows: Iterable[Inflow], ways: Sequence[Way]) -> tuple[Outflow, ...]:
    """Work out a change of width or facility, a merge or a branching.

    Parameters
    ----------
    inflows : iterable of Inflow
        What comes in.
    ways : sequence of Way
        The ways on; what comes in spreads over them in proportion to their clear widths.

    Returns
    -------
    tuple of Outflow
        One for each way.

    Raises
    ------
    ValueError
        If nothing comes in or leaves, a facility is unknown, a flow is negative or a width is not
        positive.

    Examples
    --------
    >>> stair, = transition([Inflow(0.85, 0.9), Inflow(0.73, 0.9)], [Way("stairs down", 1.35)])
    >>> round(stair.specific_flow, 3), stair.queues
    (1.053, False)
    """
    coming = list(inflows)
    if not coming or not ways:
        raise ValueError("transition: expected at least one inflow and one way on")
    for inflow in coming:
        require_not_negative(specific_flow=inflow.specific_flow)
        require_positive(clear_width_m=inflow.clear_width_m)
    for way in ways:
        require_positive(clear_width_m=way.clear_width_m)
    total = math.fsum(flow * width for flow, width in coming)
    width = math.fsum(way.clear_width_m for way in ways)
    leaving = []
    for way in ways:
        most = max_specific_flow(way.facility)
        specific = min(total / width, most)
        leaving.append(Outflow(specific, specific * way.clear_width_m, total / width > most))
    return tuple(leaving)


def max_specific_flow(facility: Facility) -> float:
    """Return the most persons per second through a metre of clear width.

    Raises
    ------
    ValueError
        If the facility is unknown.

    Examples
    --------
    >>> max_specific_flow("stairs up")
    0.88
    """
    if facility not in MAX_SPECIFIC_FLOW:
        raise ValueError(f"facility: expected {', '.join(MAX_SPECIFIC_FLOW)}, got {facility!r}")
    return MAX_SPECIFIC_FLOW[facility]


def largest_flow(facility: Facility, clear_width_m: float) -> float:
    """Return the most persons per second through a facility of a clear width.

    Raises
    ------
    ValueError
        If the facility is unknown or the width is not positive.

    Examples
    --------
    >>> round(largest_flow("door", 1.4), 2)
    1.82
    """
    require_positive(clear_width_m=clear_width_m)
    return max_specific_flow(facility) * clear_width_m


def ideal_travel_time(
    *, flow_s: float, deck_s: float, stair_s: float = 0.0, assembly_s: float = 0.0
) -> float:
    """Return the ideal travel time of one escape route: the sum of its parts.

    Parameters
    ----------
    flow_s : float
        The longest flow time, persons over flow, anywhere on the route.
    deck_s, stair_s, assembly_s : float
        Walking from the farthest point to the stair, on the stairs, and on to the assembly place.

    Raises
    ------
    ValueError
        If a part is negative or not finite.

    Examples
    --------
    >>> round(ideal_travel_time(flow_s=104.4, deck_s=48.2, stair_s=22.7, assembly_s=10.0), 1)
    185.3
    """
    require_not_negative(flow_s=flow_s, deck_s=deck_s, stair_s=stair_s, assembly_s=assembly_s)
    return math.fsum((flow_s, deck_s, stair_s, assembly_s))


def travel_time(ideal_s: Iterable[float]) -> float:
    """Return the travel time T: the longest ideal time of all routes, times 2.3 for safety.

    Raises
    ------
    ValueError
        If there is no route.

    Examples
    --------
    >>> round(travel_time([185.3, 171.3]), 1)
    426.2
    """
    longest = max(ideal_s, default=None)
    if longest is None:
        raise ValueError("ideal_s: expected the time of at least one route")
    return (CORRECTION + COUNTERFLOW) * longest
