"""Stair flights and landings out of an IFC file: riser, tread, width, and what they join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from buildings.ifc_geometry import (
    Tread,
    corners_of,
    extent_along,
    line_through,
    parts_of,
    regular,
    to_grid,
)
from buildings.ifc_records import IfcFlight, IfcStairs
from buildings.import_report import MessageLog
from buildings.plan import Level, Portal, Space, StairFacts

UNITS_M: Final = (("feet", 0.3048), ("inches", 0.0254), ("millimetres", 0.001), ("metres", 1.0))
_RISE_TOLERANCE: Final = 0.02
_LEVEL_TOLERANCE_M: Final = 0.25
_TREAD_RANGE_M: Final = (0.15, 0.6)
_REACH_M: Final = 0.5
_WELL_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class StairEnd:
    """The foot or head of a flight: a line, its height, and the direction away from the flight."""

    flight: str
    name: str
    line: LineString
    z_m: float
    away: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class StairWork:
    """The stairs of a building as spaces, the levels they pass, and the ends still to be joined.

    ``landing_z_m`` gives each landing's height; ``well`` the room of the lower level that a flight
    lies in.
    """

    flights: tuple[Space, ...]
    landings: tuple[Space, ...]
    landing_z_m: Mapping[str, float]
    ends: tuple[StairEnd, ...]
    well: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
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


def build_stairs(
    stairs: Sequence[IfcStairs],
    levels: Sequence[Level],
    rooms: Mapping[str, Space],
    *,
    unit_m: float,
    log: MessageLog,
) -> StairWork:
    """Turn the stairs of a file into one space per flight and landing.

    Parameters
    ----------
    stairs : sequence of IfcStairs
        The stairs as read.
    levels : sequence of Level
        The levels of the plan, lowest first.
    rooms : mapping of str to Space
        The rooms before anything is cut from them; a flight is clipped to the room it lies in.
    unit_m : float
        Metres in one length unit of the file.
    log : MessageLog
        Where conversions and faults are noted.
    """
    flights: list[Space] = []
    landings: list[Space] = []
    heights: dict[str, float] = {}
    ends: list[StairEnd] = []
    wells: dict[str, str] = {}
    taken: set[str] = set()
    for stair in stairs:
        slabs = [(regular(mesh.shadow()), round(mesh.z_high_m, 3)) for mesh in stair.landings]
        datums = [level.elevation_m for level in levels] + [z for _, z in slabs]
        known = shapely.union_all([shape for shape, _ in slabs])
        measured = [_measure(flight, datums, known) for flight in stair.flights]
        runs = sorted(
            (r for r in measured if r is not None), key=lambda r: (r.z_low_m, r.source.key)
        )
        label = stair.tag or stair.key
        if not runs:
            log.error("STAIR", f"{label}: no treads found in its solid, so it joins nothing")
            continue
        lower, upper = _levels_of(runs, levels)
        if lower.id == upper.id:
            log.warning("STAIR", f"{label}: begins and ends on level {lower.name}; left out")
            continue
        well = _well(shapely.union_all([run.footprint for run in runs]), lower.id, rooms)
        base = (rooms[well].number or rooms[well].id) if well else label
        stem = _free(
            f"ST-{base}" if well else f"ST-{stair.tag or stair.key.replace('$', '.')}", taken
        )
        if stair.whole:
            log.warning("STAIR", f"{label}: one solid without flights, read as one flight", stem)
        title = f"Stair {base}"
        slabs.extend(_missing_landings(runs, slabs, datums))
        for number, (shape, z) in enumerate(slabs, start=1):
            level = next((v for v in levels if abs(v.elevation_m - z) <= _LEVEL_TOLERANCE_M), lower)
            landing = Space(
                id=f"{stem}-landing-{number}",
                level=level.id,
                kind="landing",
                use="circulation",
                polygon=to_grid(shape),
                name=f"{title} landing {number}",
            )
            landings.append(landing)
            heights[landing.id] = z
        for number, run in enumerate(runs, start=1):
            facts = _facts(run, lower, upper, label, number, unit_m, log)
            shape = run.footprint
            if well:
                shape = shape.intersection(rooms[well].polygon)
            flight = Space(
                id=f"{stem}-flight-{number}",
                level=lower.id,
                kind="stair",
                use="circulation",
                polygon=to_grid(parts_of(shape)[0]),
                name=f"{title} flight {number}",
                stair=facts,
            )
            flights.append(flight)
            ends.extend(_ends(flight, run, facts.width_m))
            if well:
                wells[flight.id] = well
    return StairWork(tuple(flights), tuple(landings), heights, tuple(ends), wells)


def join_stairs(
    work: StairWork, levels: Sequence[Level], floors: Mapping[str, Space], *, log: MessageLog
) -> list[Portal]:
    """Join the foot and head of every flight with the landing or room that they meet.

    ``floors`` are rooms and landings as they are after the flights were cut out of them.
    """
    elevation = {level.id: level.elevation_m for level in levels}
    portals = []
    for end in work.ends:
        near = [
            space
            for space in floors.values()
            if abs(work.landing_z_m.get(space.id, elevation[space.level]) - end.z_m)
            <= _LEVEL_TOLERANCE_M
        ]
        met = _met(end, near)
        if met is None:
            x, y = end.line.interpolate(0.5, normalized=True).coords[0]
            log.error(
                "STAIR",
                f"the {end.name} of {end.flight} at ({x:.2f}, {y:.2f}), height {end.z_m:.2f} m, "
                "meets no room and no landing",
                end.flight,
            )
            continue
        space, gap_m = met
        shift = end.away * gap_m / 2
        portals.append(
            Portal(
                id=f"P-{end.flight}-{end.name}",
                level=space.level,
                kind="opening",
                from_space=end.flight,
                to_space=space.id,
                width_m=round(end.line.length, 3),
                line=LineString(np.round(np.array(end.line.coords) + shift, 3)),
            )
        )
    return portals


def _measure(flight: IfcFlight, datums: Sequence[float], landings: BaseGeometry) -> _Run | None:
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
    side = _square(_unit(centres[-1] - centres[0]))
    width = float(np.ptp(extent_along(corners_of(middle), side)))
    footprint = regular(shapely.union_all([tread.shape for tread in treads]))
    return _Run(
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


def _facts(
    run: _Run, lower: Level, upper: Level, label: str, number: int, unit_m: float, log: MessageLog
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


def _ends(flight: Space, run: _Run, width_m: float) -> list[StairEnd]:
    """Return foot and head on the border of the flight as it was drawn into the plan."""
    found = []
    for name, up, z, tread in (
        ("foot", run.foot_up, run.z_low_m, run.treads[0]),
        ("head", run.head_up, run.z_high_m, run.treads[-1]),
    ):
        away = -up if name == "foot" else up
        side = _square(up)
        corners = corners_of(flight.polygon)
        near = corners[np.linalg.norm(corners - tread.centre, axis=1) <= 1.5 * width_m + 1.0]
        edge = extent_along(near if len(near) else corners, away)[1]
        across = float(np.mean(extent_along(corners_of(tread.shape), side)))
        line = line_through(away * edge + side * across, side, width_m)
        found.append(StairEnd(flight.id, name, line, round(z, 3), away))
    return found


def _met(end: StairEnd, spaces: Sequence[Space]) -> tuple[Space, float] | None:
    """Return the space in front of a flight's end and the gap to it, or None within 0.5 m."""
    middle = np.array(end.line.interpolate(0.5, normalized=True).coords[0])
    for distance in (0.1, 0.2, 0.3, 0.4, _REACH_M):
        point = Point(middle + end.away * distance)
        inside = [space for space in spaces if space.polygon.covers(point)]
        if inside:
            space = min(inside, key=lambda s: (s.kind != "landing", s.id))
            return space, float(end.line.distance(space.polygon))
    close = [(end.line.distance(s.polygon), s.id, s) for s in spaces]
    close = [entry for entry in close if entry[0] <= _LEVEL_TOLERANCE_M]
    if not close:
        return None
    distance, _, space = min(close, key=lambda entry: entry[:2])
    return space, float(distance)


def _levels_of(runs: Sequence[_Run], levels: Sequence[Level]) -> tuple[Level, Level]:
    """Return the level a stair starts from and the one it leads to."""
    low, high = min(r.z_low_m for r in runs), max(r.z_high_m for r in runs)
    below = [v for v in levels if v.elevation_m <= low + _LEVEL_TOLERANCE_M]
    upper = min(levels, key=lambda v: (abs(v.elevation_m - high), v.elevation_m))
    return (below[-1] if below else levels[0]), upper


def _missing_landings(
    runs: Sequence[_Run], slabs: Sequence[tuple[Polygon, float]], datums: Sequence[float]
) -> list[tuple[Polygon, float]]:
    """Return landings between flights that meet at a height where the file has none."""
    made = []
    for first, second in pairwise(runs):
        z = first.z_high_m
        if abs(second.z_low_m - z) > _LEVEL_TOLERANCE_M:
            continue
        if any(abs(datum - z) <= _LEVEL_TOLERANCE_M for datum in datums):
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


def _well(footprint: BaseGeometry, level_id: str, rooms: Mapping[str, Space]) -> str | None:
    """Return the room of a level that holds nearly all of a stair, or None."""
    area = footprint.area
    for room in rooms.values():
        covered = room.polygon.intersection(footprint).area if room.level == level_id else 0.0
        if covered >= _WELL_SHARE * area > 0:
            return room.id
    return None


def _nearest_datum(candidates: tuple[float, ...], datums: Sequence[float]) -> float:
    """Return the datum next to one of the candidate heights, or the first candidate."""
    pairs = [(abs(d - c), d) for c in candidates for d in datums]
    gap, datum = min(pairs, default=(np.inf, 0.0))
    return datum if gap <= 0.1 else candidates[0]


def _free(stem: str, taken: set[str]) -> str:
    """Return an id stem that no other stair has."""
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}"
    taken.add(name)
    return name


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float64)


def _square(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([-vector[1], vector[0]])
