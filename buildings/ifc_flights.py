"""A stair flight measured on its own solid, and its numbers read in the unit that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from buildings.ifc_geometry import Tread, corners_of, extent_along, parts_of, regular
from buildings.ifc_records import IfcFlight
from buildings.import_report import MessageLog
from buildings.plan import Level, StairFacts

UNITS_M: Final = (("feet", 0.3048), ("inches", 0.0254), ("millimetres", 0.001), ("metres", 1.0))
_RISE_TOLERANCE: Final = 0.02
_TREAD_RANGE_M: Final = (0.15, 0.6)
LEVEL_TOLERANCE_M: Final = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredFlight:
    """One flight measured on its own solid."""

    source: IfcFlight
    footprint: BaseGeometry
    z_low_m: float
    z_high_m: float
    going_m: float
    width_m: float
    foot_up: NDArray[np.float64]
    head_up: NDArray[np.float64]
    treads: tuple[Tread, ...]


def measure_flight(
    flight: IfcFlight, datums: Sequence[float], landings: BaseGeometry
) -> MeasuredFlight | None:
    """Measure a flight on its treads; None if it has fewer than two."""
    treads = flight.mesh.treads()
    if len(treads) < 2:
        return None
    z = np.array([tread.z_m for tread in treads])
    centres = np.array([tread.centre for tread in treads])
    steps = np.diff(centres, axis=0)
    goings = np.linalg.norm(steps, axis=1)
    if goings.max() < 1e-3:
        return None
    riser = float(np.median(np.diff(z)))
    foot_up, head_up = _unit(centres[1] - centres[0]), _unit(centres[-1] - centres[-2])
    low = _nearest_datum((z[0] - riser, z[0]), datums)
    high = _nearest_datum((z[-1] + riser, z[-1]), datums)
    middle = treads[len(treads) // 2].shape
    side = square_to(_unit(centres[-1] - centres[0]))
    width = float(np.ptp(extent_along(corners_of(middle), side)))
    footprint = regular(shapely.union_all([tread.shape for tread in treads]))
    return MeasuredFlight(
        flight,
        footprint.difference(landings),
        float(low),
        float(high),
        float(np.median(goings)),
        width,
        foot_up,
        head_up,
        treads,
    )


def stair_facts(
    run: MeasuredFlight,
    lower: Level,
    upper: Level,
    label: str,
    number: int,
    unit_m: float,
    log: MessageLog,
) -> StairFacts:
    """Return riser, tread, steps and width; numbers in the wrong unit are recognised."""
    rise = run.z_high_m - run.z_low_m
    drawn = max(1, round(rise / float(np.median(np.diff([t.z_m for t in run.treads])))))
    steps = run.source.risers or drawn
    riser, factor = rise / steps, None
    stored = run.source.riser_stored
    place = f"{label} flight {number}"
    if stored is not None:
        for name, size in (("written", unit_m), *UNITS_M):
            if abs(steps * stored * size - rise) <= _RISE_TOLERANCE * rise:
                riser, factor = stored * size, size
                if name != "written":
                    log.note(
                        "STAIR",
                        f"{place}: riser {stored:.3f} read as {name} ({riser:.3f} m), "
                        f"{steps} of them match the rise of {rise:.3f} m",
                    )
                break
        else:
            log.warning(
                "STAIR",
                f"{place}: {steps} risers of {stored:.3f} fit the rise of {rise:.3f} m in no unit; "
                f"riser {riser:.3f} m taken from the drawing",
            )
    tread = run.going_m
    if factor is not None and run.source.tread_stored is not None:
        written = run.source.tread_stored * factor
        if _TREAD_RANGE_M[0] <= written <= _TREAD_RANGE_M[1]:
            tread = written
    overall = run.treads[-1].centre - run.treads[0].centre
    bearing = float(np.degrees(np.arctan2(overall[0], overall[1]))) % 360
    return StairFacts(
        riser_m=round(riser, 4),
        tread_m=round(tread, 4),
        steps=steps,
        width_m=round(run.width_m, 3),
        up_deg=round(bearing, 1) % 360,
        from_level=lower.id,
        to_level=upper.id,
    )


def missing_landings(
    runs: Sequence[MeasuredFlight], slabs: Sequence[tuple[Polygon, float]], datums: Sequence[float]
) -> list[tuple[Polygon, float]]:
    """Return landings between flights that meet at a height where the file has none."""
    made = []
    for first, second in pairwise(runs):
        z = first.z_high_m
        if abs(second.z_low_m - z) > LEVEL_TOLERANCE_M:
            continue
        if any(abs(datum - z) <= LEVEL_TOLERANCE_M for datum in datums):
            continue
        pieces = []
        for run, tread, away in (
            (first, first.treads[-1], first.head_up),
            (second, second.treads[0], -second.foot_up),
        ):
            corners = corners_of(tread.shape)
            edge = corners[corners @ away >= (corners @ away).max() - 0.05]
            pieces.append(np.vstack([edge, edge + away * run.width_m]))
        hull = shapely.MultiPoint(np.vstack(pieces)).convex_hull
        hull = hull.difference(shapely.union_all([first.footprint, second.footprint]))
        if parts_of(hull):
            made.append((parts_of(hull)[0], round(z, 3)))
    return made


def _nearest_datum(candidates: tuple[float, ...], datums: Sequence[float]) -> float:
    """Return the datum next to one of the candidate heights, or the first candidate."""
    pairs = [(abs(d - c), d) for c in candidates for d in datums]
    gap, datum = min(pairs, default=(np.inf, 0.0))
    return datum if gap <= 0.1 else candidates[0]


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float64)


def square_to(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a plan vector turned a quarter to the left."""
    return np.array([-vector[1], vector[0]])
