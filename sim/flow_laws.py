"""Flow laws: how density slows people and how many pass a door, with the source of every number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.flow_presets import FlowPreset, SpeedLaw, flow_law_table

SFPE_LEVEL_K_MPS: Final = flow_law_table().constants["level_k_mps"].value
SFPE_SLOWING_M2: Final = flow_law_table().constants["slowing_m2"].value
STAIR_K_M_PER_MIN: Final = flow_law_table().constants["stair_k_m_per_min"].value
KLADEK_GAMMA_PER_M2: Final = flow_law_table().constants["kladek_gamma_per_m2"].value

_LIMITS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "door_specific_flow": (1e-6, 1e6),
        "door_boundary_m": (0.0, 0.5),
        "corridor_specific_flow": (1e-6, 1e6),
        "corridor_boundary_m": (0.0, 0.5),
        "stair_boundary_m": (0.0, 0.5),
        "stair_specific_flow": (0.0, 1e6),
        "stair_speed_factor": (0.0, 10.0),
        "free_density_per_m2": (0.0, 10.0),
        "jam_density_per_m2": (0.1, 20.0),
        "min_speed_factor": (1e-3, 1.0),
        "storage_per_m2": (0.1, math.inf),
        "counterflow_factor": (0.05, 1.0),
        "counterflow_minor_share": (0.0, 0.5),
        "stair_merge_share": (0.0, 0.99),
        "overtaking_width_m": (0.0, 100.0),
    }
)


@dataclass(frozen=True, slots=True)
class FlowLaw:
    """The numbers that turn a floor plan into walking and queueing.

    ``speed_law`` "linear" is the SFPE relation ``S = k (1 - a D)`` scaled to 1 at the free
    density; "kladek" is Weidmann's; "none" switches the effect of density off. ``sources`` maps
    each field to where its number comes from.
    """

    name: str
    speed_law: SpeedLaw
    door_specific_flow: float
    door_boundary_m: float
    corridor_specific_flow: float
    corridor_boundary_m: float
    stair_boundary_m: float
    stair_specific_flow: float
    stair_speed_factor: float
    free_density_per_m2: float
    jam_density_per_m2: float
    min_speed_factor: float
    storage_per_m2: float
    counterflow_factor: float
    counterflow_minor_share: float
    stair_merge_share: float
    overtaking_width_m: float
    sources: Mapping[str, str]

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:  # nan fails too
                raise ValueError(f"{name}: expected {low:g} to {high:g}, got {value}")

    def pace(self, density_per_m2: ArrayLike) -> NDArray[np.float64]:
        r"""Share of the free walking speed that is left at a density.

        Parameters
        ----------
        density_per_m2 : array_like
            Persons per square metre of the cell, queueing people included.

        Returns
        -------
        ndarray
            Values in ``[min_speed_factor, 1]``.

        Notes
        -----
        Linear: :math:`(1 - D/D_j) / (1 - D_f/D_j)` above the free density [1]_; Kladek:
        :math:`1 - \exp(-1.913 (1/D - 1/D_j))` [2]_.

        References
        ----------
        .. [1] Gwynne and Rosenbaum, SFPE Handbook, 5th ed., eq. 59.5.
        .. [2] Weidmann, Transporttechnik der Fussgaenger, 1993.

        Examples
        --------
        >>> law = flow_law("sfpe")
        >>> law.pace([0.0, 0.54, 2.0]).round(3).tolist()
        [1.0, 1.0, 0.547]
        >>> (1.34 * flow_law("weidmann").pace([1.0, 2.0])).round(3).tolist()
        [1.058, 0.606]
        """
        density = np.asarray(density_per_m2, dtype=np.float64)
        return _pace(
            density,
            self.speed_law,
            self.free_density_per_m2,
            self.jam_density_per_m2,
            self.min_speed_factor,
        )

    def walking_pace(self, density_per_m2: ArrayLike) -> NDArray[np.float64]:
        """Share of the free walking speed at which people in a cell make for their next gate.

        Up to the density of the largest flow this is `pace`. In a denser cell people walk at the
        pace that keeps up the largest flow, because what slows a crowd there is the room in front
        of it, and that is accounted for at the gate ahead: its queue, and the `supply` of the cell
        beyond. This is the sending flow of the cell-transmission model (Daganzo 1994), which never
        falls with density; with `pace` a dense cell in front of a free one would empty too slowly.

        Examples
        --------
        >>> law = flow_law("sfpe")
        >>> law.walking_pace([0.54, 1.0, 3.0]).round(3).tolist()
        [1.0, 0.857, 0.366]
        >>> law.pace([3.0]).round(3).tolist()
        [0.236]
        """
        density = np.asarray(density_per_m2, dtype=np.float64)
        pace = self.pace(density)
        if self.speed_law == "none":
            return pace
        critical, peak = _critical(self)
        return np.where(
            density <= critical, pace, np.maximum(pace, peak / np.maximum(density, critical))
        )

    def supply(self, density_per_m2: ArrayLike) -> NDArray[np.float64]:
        """Factor of at least 1 by which a crowded cell stretches the headway of those who enter.

        The flow ``D * pace(D)`` grows up to a critical density and falls beyond it. A cell that is
        denser than critical takes people in at its flow over the largest flow (demand and supply,
        as in the cell-transmission model; Daganzo 1994).

        Examples
        --------
        >>> flow_law("sfpe").supply([1.0, 3.0]).round(2).tolist()
        [1.0, 1.55]
        """
        density = np.asarray(density_per_m2, dtype=np.float64)
        if self.speed_law == "none":
            return np.ones(density.shape)
        critical, peak = _critical(self)
        flow = np.maximum(density * self.pace(density), 1e-12)
        return np.where(density <= critical, 1.0, np.maximum(peak / flow, 1.0))

    def stair_factor(self, riser_m: float, tread_m: float) -> float:
        """Speed on a stair's slope over the speed on the level.

        Examples
        --------
        >>> round(1.4 * flow_law("sfpe").stair_factor(0.178, 0.279), 2)
        1.08
        """
        if self.stair_speed_factor > 0:
            return self.stair_speed_factor
        return _stair_k_mps(riser_m, tread_m) / SFPE_LEVEL_K_MPS

    def stair_flow(self, riser_m: float, tread_m: float) -> float:
        """Most people per second and metre of effective stair width, ``k / (4 a)`` of the stair.

        Examples
        --------
        >>> round(flow_law("sfpe").stair_flow(0.178, 0.279), 2)
        1.02
        """
        if self.stair_specific_flow > 0:
            return self.stair_specific_flow
        return _stair_k_mps(riser_m, tread_m) / (4.0 * SFPE_SLOWING_M2)


def _stair_k_mps(riser_m: float, tread_m: float) -> float:
    return STAIR_K_M_PER_MIN * math.sqrt(tread_m / riser_m) / 60.0


def _pace(
    density: NDArray[np.float64], speed_law: SpeedLaw, free: float, jam: float, least: float
) -> NDArray[np.float64]:
    if speed_law == "none":
        return np.ones(density.shape)
    if speed_law == "linear":
        share = (1.0 - density / jam) / (1.0 - free / jam)
    else:
        tiny = np.maximum(density, 1e-9)
        share = 1.0 - np.exp(-KLADEK_GAMMA_PER_M2 * (1.0 / tiny - 1.0 / jam))
    share = np.where(density <= free, 1.0, share)
    return np.clip(share, least, 1.0)


@cache
def _critical_of(
    speed_law: SpeedLaw, free: float, jam: float, least: float
) -> tuple[float, float]:  # keyed by the numbers alone, the same for every override of a width
    grid = np.linspace(0.0, jam, 20001)[1:]
    flow = grid * _pace(grid, speed_law, free, jam, least)
    below = grid <= 0.9 * jam  # the least pace must not fake a second peak at the jam
    best = int(np.argmax(np.where(below, flow, -1.0)))
    return float(grid[best]), float(flow[best])


def _critical(law: FlowLaw) -> tuple[float, float]:
    return _critical_of(
        law.speed_law, law.free_density_per_m2, law.jam_density_per_m2, law.min_speed_factor
    )


PRESETS: Final = tuple(flow_law_table().presets)
"""Names of the presets; "sfpe", the first, is the default."""

NUMBERS: Final = tuple(_LIMITS)
"""The numeric fields that a scenario may override."""

SAID_OVER_PRESET: Final = "scenario"
"""The source of a number that replaces the preset's."""


def flow_preset(name: str) -> FlowPreset:
    """Return a preset as the table has it: its numbers, their sources, whom it describes.

    Raises
    ------
    ValueError
        If there is no such preset.
    """
    presets = flow_law_table().presets
    if name not in presets:
        raise ValueError(f"unknown flow law {name!r}, expected one of {', '.join(PRESETS)}")
    return presets[name]


def flow_law(preset: str = "sfpe", **overrides: float | str) -> FlowLaw:
    """Return a preset flow law, with any number replaced.

    Parameters
    ----------
    preset : str
        One of `PRESETS`.
    **overrides : float or str
        Fields of `FlowLaw` (numbers, or ``speed_law``); their source becomes "scenario".

    Raises
    ------
    ValueError
        If the preset or a field is unknown, or a number is out of range.

    Examples
    --------
    >>> law = flow_law("sfpe", door_specific_flow=1.33)
    >>> law.door_specific_flow, law.sources["door_specific_flow"]
    (1.33, 'scenario')
    """
    entry = flow_preset(preset)
    values: dict[str, Any] = {"name": preset, "speed_law": entry.speed_law, **entry.values}
    sources = {name: sourced.text for name, sourced in entry.sources.items()}
    known = {field.name for field in fields(FlowLaw)} - {"name", "sources"}
    for name, value in overrides.items():
        if name not in known:
            raise ValueError(f"unknown number {name!r} of a flow law, expected {sorted(known)}")
        values[name] = value
        sources[name] = SAID_OVER_PRESET
    if values["speed_law"] not in get_args(SpeedLaw):
        raise ValueError(f"speed_law: expected linear, kladek or none, got {values['speed_law']!r}")
    return FlowLaw(**values, sources=MappingProxyType(sources))
