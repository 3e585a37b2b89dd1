"""What has been measured of walking, doors and children, to hold the flow laws against."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class SpeedRow:
    """Walking speeds (m/s) in a range of densities.

    Attributes
    ----------
    low_per_m2, high_per_m2 : float
        The range of densities, in persons per square metre.
    speed_mps : mapping of series to (10 %, 50 %, 90 %)
    """

    low_per_m2: float
    high_per_m2: float
    speed_mps: Mapping[str, tuple[float, float, float]]

    def envelope_mps(self, low: float, high: float) -> tuple[float, float]:
        """Return ``low`` times the lowest 10 % and ``high`` times the highest 90 % of the row.

        Examples
        --------
        >>> low, high = measurements().speed_rows[0].envelope_mps(0.7, 1.3)
        >>> round(low, 3), round(high, 3)
        (0.679, 2.158)
        """
        speeds = self.speed_mps.values()
        return low * min(ten for ten, _, _ in speeds), high * max(ninety for _, _, ninety in speeds)


@dataclass(frozen=True, slots=True)
class DoorFlow:
    """People per second and metre of clear width through openings of a range of widths."""

    id: str
    words: str
    flow_per_s_m: float
    width_m: tuple[float, float]
    source: str
    population: str
    quality: str


@dataclass(frozen=True, slots=True)
class ChildSpeed:
    """Walking speed of children at one kind of place: a mean, or a range."""

    ages: str
    place: str
    mean_mps: float | None
    sd_mps: float | None
    range_mps: tuple[float, float] | None
    source: str
    quality: str


@dataclass(frozen=True, slots=True)
class Measurements:
    """The file `measured.toml`.

    Attributes
    ----------
    speed_series : mapping of series to what it is, in words
    speed_rows : tuple of SpeedRow, by density
    speed_source : str
    envelope : (low, high)
        Factors on what was measured, within which a law should lie.
    door_flows : mapping of id to DoorFlow
    children : tuple of ChildSpeed
    """

    speed_series: Mapping[str, str]
    speed_rows: tuple[SpeedRow, ...]
    speed_source: str
    envelope: tuple[float, float]
    door_flows: Mapping[str, DoorFlow]
    children: tuple[ChildSpeed, ...]


@cache
def measurements() -> Measurements:
    """Return the measurements that come with the package.

    Examples
    --------
    >>> measurements().door_flows["seyfried"].flow_per_s_m
    1.9
    >>> measurements().speed_rows[-1].speed_mps["bottleneck"]
    (0.36, 0.39, 0.44)
    """
    with Path(__file__).with_name("measured.toml").open("rb") as stream:
        table = tomllib.load(stream)
    speeds = table["speed_density"]
    rows = tuple(
        SpeedRow(
            low_per_m2=row["density_per_m2"][0],
            high_per_m2=row["density_per_m2"][1],
            speed_mps=MappingProxyType({name: tuple(row[name]) for name in speeds["series"]}),
        )
        for row in speeds["rows"]
    )
    flows = [DoorFlow(**one | {"width_m": tuple(one["width_m"])}) for one in table["door_flows"]]
    return Measurements(
        speed_series=MappingProxyType({k: one["words"] for k, one in speeds["series"].items()}),
        speed_rows=rows,
        speed_source=f"{speeds['source']}; {speeds['population']} ({speeds['quality']})",
        envelope=(table["envelope"]["low"], table["envelope"]["high"]),
        door_flows=MappingProxyType({flow.id: flow for flow in flows}),
        children=tuple(_child_speed(one) for one in table["children"]),
    )


def _child_speed(entry: Mapping[str, Any]) -> ChildSpeed:
    between = entry.get("range_mps")
    return ChildSpeed(
        ages=entry["ages"],
        place=entry["place"],
        mean_mps=entry.get("mean_mps"),
        sd_mps=entry.get("sd_mps"),
        range_mps=None if between is None else (between[0], between[1]),
        source=entry["source"],
        quality=entry["quality"],
    )
