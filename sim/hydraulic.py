"""The hydraulic hand calculation of fire engineers (SFPE): speeds, flows, queues and merges.

First-order and deterministic: a crowd is a fluid, a passage a pipe with a largest flow. Use it
beside a run, to see at once whether a number can be right (docs/explanation/hand-calculation.md).
The source of every number stands in `sim.hydraulic_passages`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.checked_numbers import densities, require_not_negative, require_positive
from sim.hydraulic_passages import (
    BOUNDARIES,
    FREE_DENSITY_PER_M2,
    LEAF_FLOW_PER_S,
    LEVEL,
    SLOWING_M2,
    STAIRS,
    Passage,
    effective_width,
    stair,
    stair_length,
)

__all__ = [
    "BOUNDARIES",
    "LEVEL",
    "STAIRS",
    "Passage",
    "Stream",
    "Transition",
    "calculated_flow",
    "density_of",
    "door_flow",
    "effective_width",
    "passage_time",
    "peak_specific_flow",
    "specific_flow",
    "speed",
    "stair",
    "stair_length",
    "transition",
]


def speed(density_per_m2: ArrayLike, *, k_mps: float = LEVEL.k_mps) -> NDArray[np.float64]:
    r"""Return the walking speed of a crowd at a density.

    Parameters
    ----------
    density_per_m2 : array_like
        Persons per square metre.
    k_mps : float, optional
        Speed constant of the passage.

    Returns
    -------
    ndarray
        Metres per second; 0 from the jam density 3.76 /m2 on.

    Raises
    ------
    ValueError
        If a density is negative or not finite, or `k_mps` is not positive.

    Notes
    -----
    :math:`S = k (1 - a D)` with :math:`a = 0.266` m2, and :math:`S(0.54)` below 0.54 /m2 [1]_: on
    the level nobody walks faster than 1.2 m/s. The engine's law ``sfpe`` has the same shape but
    scales each person's own free speed instead.

    References
    ----------
    .. [1] Gwynne and Rosenbaum, SFPE Handbook, 5th ed., eq. 59.5.

    Examples
    --------
    >>> speed([0.0, 0.54, 1.0, 2.0, 3.0, 3.8]).round(4).tolist()
    [1.1989, 1.1989, 1.0276, 0.6552, 0.2828, 0.0]
    """
    require_positive(k_mps=k_mps)
    density = np.maximum(densities(density_per_m2), FREE_DENSITY_PER_M2)
    return np.maximum(0.0, k_mps * (1.0 - SLOWING_M2 * density))


def specific_flow(density_per_m2: ArrayLike, *, k_mps: float = LEVEL.k_mps) -> NDArray[np.float64]:
    r"""Return the flow per metre of effective width at a density.

    Parameters and errors are those of `speed`.

    Returns
    -------
    ndarray
        Persons per second and metre; 0 for an empty or a jammed passage.

    Notes
    -----
    :math:`F_s = S D`; for design, no more than the passage's `Passage.max_specific_flow` [1]_.

    References
    ----------
    .. [1] Gwynne and Rosenbaum, SFPE Handbook, 5th ed., eqs. 59.6 and 59.7, table 59.5.

    Examples
    --------
    >>> specific_flow([0.0, 1.0, 1.88, 3.0, 3.8]).round(4).tolist()
    [0.0, 1.0276, 1.3158, 0.8484, 0.0]
    """
    return densities(density_per_m2) * speed(density_per_m2, k_mps=k_mps)


def peak_specific_flow(k_mps: float = LEVEL.k_mps) -> float:
    """Return the top of the flow curve, ``k / (4 a)``, reached at ``1 / (2 a)`` = 1.88 /m2.

    The handbook prints it rounded, which for two of its stairs is a little more than the top.

    Examples
    --------
    >>> round(peak_specific_flow(), 4), round(peak_specific_flow(1.08), 4)
    (1.3158, 1.015)
    """
    require_positive(k_mps=k_mps)
    return k_mps / (4.0 * SLOWING_M2)


def density_of(flow: float, *, k_mps: float = LEVEL.k_mps) -> float:
    r"""Return the density of a crowd that moves freely at a specific flow.

    Parameters
    ----------
    flow : float
        Persons per second and metre of effective width.
    k_mps : float, optional
        Speed constant of the passage.

    Returns
    -------
    float
        Persons per square metre: of the two densities with this flow, the lower one. The higher
        one is a jam, which needs a queue to come about.

    Raises
    ------
    ValueError
        If the flow is negative or larger than `peak_specific_flow`.

    Notes
    -----
    The smaller root of :math:`a D^2 - D + F_s / k = 0`; below 0.54 /m2, where people do not slow
    each other down, :math:`F_s / S(0.54)`.

    Examples
    --------
    >>> round(density_of(0.8, k_mps=1.08), 4)  # not 2.745
    1.0145
    >>> density_of(0.0)
    0.0
    """
    require_positive(k_mps=k_mps)
    peak = peak_specific_flow(k_mps)
    if not 0.0 <= flow <= peak:
        raise ValueError(f"flow: expected 0 to {peak:.4g} persons/(s m), got {flow}")
    root = (1.0 - math.sqrt(1.0 - flow / peak)) / (2.0 * SLOWING_M2)
    if root >= FREE_DENSITY_PER_M2:
        return root
    return flow / float(speed(0.0, k_mps=k_mps))


def calculated_flow(specific_flow: float, effective_width_m: float) -> float:
    """Return the persons per second that pass: specific flow times effective width.

    Raises
    ------
    ValueError
        If the flow is negative or the width is not positive.

    Examples
    --------
    >>> round(calculated_flow(LEVEL.max_specific_flow, effective_width(0.91)), 3)
    0.793
    """
    require_not_negative(specific_flow=specific_flow)
    require_positive(effective_width_m=effective_width_m)
    return specific_flow * effective_width_m


def door_flow(clear_width_m: float, *, leaves_to_push: int = 0) -> float:
    """Return the persons per second that pass a door at most.

    Parameters
    ----------
    clear_width_m : float
        Clear width of the whole opening.
    leaves_to_push : int, optional
        Leaves that are not held open: each passes about 50 persons a minute, however wide.

    Examples
    --------
    >>> round(door_flow(1.6), 3), round(door_flow(1.6, leaves_to_push=1), 3)
    (1.69, 0.833)
    """
    if leaves_to_push < 0:
        raise ValueError(f"leaves_to_push: expected >= 0, got {leaves_to_push}")
    flow = calculated_flow(LEVEL.max_specific_flow, effective_width(clear_width_m, "door"))
    return min(flow, leaves_to_push * LEAF_FLOW_PER_S) if leaves_to_push else flow


def passage_time(people: int, flow_per_s: float, *, first_at_once: bool = False) -> float:
    """Return the seconds that people need to pass a point at a flow.

    Parameters
    ----------
    people : int
    flow_per_s : float
        Persons per second.
    first_at_once : bool, optional
        The handbook divides all N people by the flow. With True the first passes at once and the
        last after ``(N - 1) / C``, as in this engine: the difference is one person.

    Raises
    ------
    ValueError
        If the number of people is negative or the flow is not positive.

    Examples
    --------
    >>> flow = door_flow(0.91)
    >>> round(passage_time(25, flow), 1), round(passage_time(25, flow, first_at_once=True), 1)
    (31.5, 30.3)
    >>> passage_time(0, flow, first_at_once=True)
    0.0
    """
    require_not_negative(people=people)
    require_positive(flow_per_s=flow_per_s)
    return max(people - first_at_once, 0) / flow_per_s


class Stream(NamedTuple):
    """People on their way into a transition: persons/(s m), and the width they come on (m)."""

    specific_flow: float
    effective_width_m: float


@dataclass(frozen=True, slots=True)
class Transition:
    """What leaves a point where the width or the kind of passage changes, or where streams merge.

    Attributes
    ----------
    demand : float
        Specific flow that would leave if nothing held it up, persons/(s m).
    specific_flow : float
        What does leave: the demand, or the passage's largest specific flow.
    flow_per_s : float
        Persons per second that leave.
    density_per_m2, speed_mps : float
        Of the people who walk on.
    queue_growth_per_s : float
        Persons per second by which a queue grows before the transition; 0 for none.
    """

    demand: float
    specific_flow: float
    flow_per_s: float
    density_per_m2: float
    speed_mps: float
    queue_growth_per_s: float


def transition(
    streams: Iterable[Stream], effective_width_m: float, passage: Passage = LEVEL
) -> Transition:
    r"""Work out a change of width or passage, or a merge.

    Parameters
    ----------
    streams : iterable of Stream
        What comes in; one for a change, several for a merge.
    effective_width_m : float
        Of the passage beyond.
    passage : Passage, optional
        What it is.

    Returns
    -------
    Transition

    Raises
    ------
    ValueError
        If nothing comes in, a flow is negative or a width is not positive.

    Notes
    -----
    :math:`F_{s,out} = \sum F_{s,in} W_{e,in} / W_{e,out}`, at most the largest specific flow of the
    passage; the rest queues. How merging streams share what can leave "cannot be predetermined"
    [1]_: to be on the safe side, let the other streams go first.

    References
    ----------
    .. [1] Gwynne and Rosenbaum, SFPE Handbook, 5th ed., section on transitions.

    Examples
    --------
    Two corridors of 2 m meet a stair of 1.1 m, all of them effective widths:

    >>> stair_head = transition([Stream(0.5, 2.0), Stream(0.5, 2.0)], 1.1, STAIRS["7/11"])
    >>> round(stair_head.demand, 3), round(stair_head.queue_growth_per_s, 3)
    (1.818, 0.889)
    """
    coming = [calculated_flow(flow, width) for flow, width in streams]
    if not coming:
        raise ValueError("streams: expected at least one")
    require_positive(effective_width_m=effective_width_m)
    demand = math.fsum(coming) / effective_width_m
    leaving = min(demand, passage.max_specific_flow)
    peak = peak_specific_flow(passage.k_mps)  # a printed largest flow may lie a hair above it
    density = density_of(min(leaving, peak), k_mps=passage.k_mps)
    return Transition(
        demand=demand,
        specific_flow=leaving,
        flow_per_s=leaving * effective_width_m,
        density_per_m2=density,
        speed_mps=float(speed(density, k_mps=passage.k_mps)),
        queue_growth_per_s=(demand - leaving) * effective_width_m,
    )
