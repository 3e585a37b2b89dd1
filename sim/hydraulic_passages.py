"""Passages as fire engineers count them (SFPE): walking speed, largest flow, width that is used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from sim.checked_numbers import require_not_negative, require_positive

Quality: TypeAlias = Literal["read", "recalled"]
"""How far a number was confirmed: read in the source or in a careful secondary source, or from
memory, to be confirmed against the original before anything rests on it."""

SOURCE: Final = (
    "Gwynne and Rosenbaum, Employing the hydraulic model in assessing emergency movement, "
    "SFPE Handbook of Fire Protection Engineering, 5th ed., ch. 59"
)
"""Where the relations and the tables below come from."""

SLOWING_M2: Final = 0.266
"""a of ``S = k (1 - a D)``, in m2 per person (read)."""
LEVEL_K_MPS: Final = 1.40
"""k on the level, in m/s (read)."""
STAIR_K_M_PER_MIN: Final = 51.8
"""k of a stair is this times the root of tread over riser, in m/min: closed form of the SFPE stair
table in the New Zealand Fire Engineering Design Guide (read)."""
FREE_DENSITY_PER_M2: Final = 0.54
"""Below this density people walk as if alone, at ``S(0.54)`` (read)."""
LEAF_FLOW_PER_S: Final = 50.0 / 60.0
"""A door leaf that everybody has to push open passes about 50 persons a minute (read)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A kind of passage: how fast people walk on it and how many pass at most.

    Attributes
    ----------
    name : str
    k_mps : float
        Speed constant k of ``S = k (1 - a D)``.
    max_specific_flow : float
        Most persons per second through a metre of effective width.
    k_quality, flow_quality : {"read", "recalled"}
        How far each of the two was confirmed.
    """

    name: str
    k_mps: float
    max_specific_flow: float
    k_quality: Quality
    flow_quality: Quality

    def __post_init__(self) -> None:
        require_positive(k_mps=self.k_mps, max_specific_flow=self.max_specific_flow)


LEVEL: Final = Passage("corridor, aisle, ramp or doorway", LEVEL_K_MPS, 1.3, "read", "read")
"""Level passages and doorways."""

STAIRS: Final[Mapping[str, Passage]] = MappingProxyType(
    {
        "7.5/10": Passage("stair 190/254 mm", 1.00, 0.94, "recalled", "recalled"),
        "7/11": Passage("stair 178/279 mm", 1.08, 1.01, "read", "read"),
        "6.5/12": Passage("stair 165/305 mm", 1.16, 1.09, "recalled", "read"),
        "6.5/13": Passage("stair 165/330 mm", 1.23, 1.16, "recalled", "recalled"),
    }
)
"""The tabulated stairs by riser and tread in inches; `stair` takes any riser and tread."""


class Boundary(NamedTuple):
    """Width that people leave free along one side of a passage, in metres."""

    width_m: float
    quality: Quality


BOUNDARIES: Final[Mapping[str, Boundary]] = MappingProxyType(
    {
        "door": Boundary(0.15, "read"),
        "stair": Boundary(0.15, "read"),
        "seat": Boundary(0.0, "read"),
        "corridor": Boundary(0.20, "recalled"),
        "obstacle": Boundary(0.10, "recalled"),
        "handrail": Boundary(0.09, "recalled"),
        "concourse": Boundary(0.46, "recalled"),
    }
)
"""Boundary layers by what bounds the passage: the frame of a door or archway, a wall beside a
stair, a row of theatre or stadium seats, the wall of a corridor or ramp, an obstacle, a handrail,
the wall of a wide concourse (at most)."""


def stair(riser_m: float, tread_m: float) -> Passage:
    r"""Return a stair of any riser and tread as a passage.

    Parameters
    ----------
    riser_m, tread_m : float
        Height and depth of a step.

    Raises
    ------
    ValueError
        If one is not positive, or as large as a metre (a height in millimetres?).

    Notes
    -----
    :math:`k = 51.8 \sqrt{T/R}` m/min and :math:`F_{sm} = k / (4 a)`, the closed form of the New
    Zealand Fire Engineering Design Guide; it agrees with the four tabulated stairs within 1.5 %.
    It rests on risers of 165 to 191 mm and treads of 254 to 330 mm: outside, it extrapolates.

    Examples
    --------
    >>> steps = stair(0.178, 0.279)
    >>> round(steps.k_mps, 3), round(steps.max_specific_flow, 3)
    (1.081, 1.016)
    """
    require_positive(riser_m=riser_m, tread_m=tread_m)
    if riser_m >= 1.0 or tread_m >= 1.0:
        raise ValueError(f"riser and tread: expected metres below 1, got {riser_m} and {tread_m}")
    k_mps = STAIR_K_M_PER_MIN * math.sqrt(tread_m / riser_m) / 60.0
    name = f"stair {1000 * riser_m:.0f}/{1000 * tread_m:.0f} mm"
    return Passage(name, k_mps, k_mps / (4.0 * SLOWING_M2), "read", "read")


def stair_length(rise_m: float, riser_m: float, tread_m: float) -> float:
    r"""Return the walking length of a stair along its slope, in metres.

    :math:`H \sqrt{1 + (T/R)^2}` for a rise :math:`H`; landings are not counted.

    Raises
    ------
    ValueError
        If the rise is negative, or riser or tread is not positive.

    Examples
    --------
    >>> round(stair_length(12 * 0.3048, 0.180, 0.280), 2)  # a storey of 12 ft
    6.76
    """
    require_positive(riser_m=riser_m, tread_m=tread_m)
    require_not_negative(rise_m=rise_m)
    return rise_m * math.hypot(1.0, tread_m / riser_m)


def effective_width(
    clear_width_m: float, bounded_by: str = "door", *, between_handrails_m: float | None = None
) -> float:
    """Return the width of a passage that people use.

    Parameters
    ----------
    clear_width_m : float
        Width between walls or door jambs.
    bounded_by : str, optional
        What bounds it on both sides: a key of `BOUNDARIES`.
    between_handrails_m : float, optional
        Clear width between the handrails, where there are two; the smaller result counts.

    Returns
    -------
    float
        Clear width less a boundary layer on each side, in metres.

    Raises
    ------
    ValueError
        If the boundary is unknown, a width is not finite, or nothing is left of it.

    Examples
    --------
    >>> round(effective_width(0.91), 2), round(effective_width(1.8, "corridor"), 2)
    (0.61, 1.4)
    >>> round(effective_width(1.2, "stair", between_handrails_m=1.0), 2)
    0.82
    """
    if bounded_by not in BOUNDARIES:
        raise ValueError(f"bounded_by: expected {', '.join(BOUNDARIES)}, got {bounded_by!r}")
    width = clear_width_m - 2.0 * BOUNDARIES[bounded_by].width_m
    if between_handrails_m is not None:
        width = min(width, between_handrails_m - 2.0 * BOUNDARIES["handrail"].width_m)
    if not 0.0 < width < math.inf:
        raise ValueError(
            f"no effective width is left of {clear_width_m} m bounded by {bounded_by} on both sides"
        )
    return width
