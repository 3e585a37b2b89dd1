"""Stair flights and landings out of an IFC file: riser, tread, width, and what they join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from buildings.ifc_flights import (
    LEVEL_TOLERANCE_M,
    MeasuredFlight,
    measure_flight,
    missing_landings,
    square_to,
    stair_facts,
)
from buildings.ifc_geometry import (
    corners_of,
    extent_along,
    line_through,
    parts_of,
    regular,
    to_grid,
)
from buildings.ifc_names import slug
from buildings.ifc_records import IfcStairs
from buildings.import_report import MessageLog, Place
from buildings.plan import Level, Portal, Space

_REACH_M: Final = 0.5
_STEP_M: Final = 1.0
"""A riser or tread is shorter than this; a plan takes no other."""
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
        measured = [measure_flight(flight, datums, known) for flight in stair.flights]
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
        stem = _free(f"ST-{slug((well.number if well else None) or label)}", taken)
        title = f"Stair {(well.number or well.name or well.id) if well else label}"
        if stair.whole:
            log.warning("STAIR", f"{label}: one solid without flights, read as one flight", stem)
        slabs.extend(missing_landings(runs, slabs, datums))
        for number, (shape, z) in enumerate(slabs, start=1):
            name = f"{stem}-landing-{number}"
            landings.append(_landing(name, f"{title} landing {number}", shape, _below(z, levels)))
            heights[name] = z
        for number, run in enumerate(runs, start=1):
            start, end = _levels_of([run], levels)
            inside = well if well is not None and well.level == start.id else None
            shape = run.footprint
            parts = parts_of(shape.intersection(inside.polygon) if inside else shape)
            if not parts:
                log.error("STAIR", f"{label} flight {number}: nothing of it lies on a floor")
                continue
            facts = stair_facts(run, start, end, label, number, unit_m, log)
            if not (0.0 < facts.riser_m < _STEP_M and 0.0 < facts.tread_m < _STEP_M):
                log.error(
                    "STAIR",
                    f"{label} flight {number}: riser {facts.riser_m:g} m and tread "
                    f"{facts.tread_m:g} m, expected less than {_STEP_M:g} m; left out",
                    at=[Place.inside(start.id, parts[0])],
                )
                continue
            flight = Space(
                id=f"{stem}-flight-{number}",
                level=start.id,
                kind="stair",
                use="circulation",
                polygon=to_grid(parts[0]),
                name=f"{title} flight {number}",
                stair=facts,
            )
            flights.append(flight)
            ends.extend(_ends(flight, run, facts.width_m))
            if inside:
                wells[flight.id] = inside.id
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
            <= LEVEL_TOLERANCE_M
        ]
        met = _met(end, near)
        if met is None:
            x, y = end.line.interpolate(0.5, normalized=True).coords[0]
            log.error(
                "STAIR",
                f"the {end.name} of {end.flight} at ({x:.2f}, {y:.2f}), height {end.z_m:.2f} m, "
                "meets no room and no landing",
                end.flight,
                at=[Place(_below(end.z_m, levels).id, round(x, 2), round(y, 2))],
            )
            continue
        space, gap_m = met
        shift = end.away * gap_m / 2
        portals.append(
            Portal(
                id=f"P-{end.flight}-{end.name}",
                level=space.level,
                kind="virtual",
                from_space=end.flight,
                to_space=space.id,
                width_m=round(end.line.length, 3),
                line=LineString(np.round(np.array(end.line.coords) + shift, 3)),
            )
        )
    return portals


def _ends(flight: Space, run: MeasuredFlight, width_m: float) -> list[StairEnd]:
    """Return foot and head on the border of the flight as it was drawn into the plan."""
    found = []
    for name, up, z, tread in (
        ("foot", run.foot_up, run.z_low_m, run.treads[0]),
        ("head", run.head_up, run.z_high_m, run.treads[-1]),
    ):
        away = -up if name == "foot" else up
        side = square_to(up)
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
    close = [entry for entry in close if entry[0] <= LEVEL_TOLERANCE_M]
    if not close:
        return None
    distance, _, space = min(close, key=lambda entry: entry[:2])
    return space, float(distance)


def _levels_of(runs: Sequence[MeasuredFlight], levels: Sequence[Level]) -> tuple[Level, Level]:
    """Return the level that flights start from or above, and the one they lead to or below."""
    low, high = min(r.z_low_m for r in runs), max(r.z_high_m for r in runs)
    above = [v for v in levels if v.elevation_m >= high - LEVEL_TOLERANCE_M]
    return _below(low, levels), (above[0] if above else levels[-1])


def _well(footprint: BaseGeometry, level_id: str, rooms: Mapping[str, Space]) -> Space | None:
    """Return the room of a level that holds nearly all of a stair, or None."""
    area = footprint.area
    for room in rooms.values():
        covered = room.polygon.intersection(footprint).area if room.level == level_id else 0.0
        if covered >= _WELL_SHARE * area > 0:
            return room
    return None


def _landing(name: str, title: str, shape: Polygon, level: Level) -> Space:
    """Return a landing as a space."""
    return Space(
        id=name,
        level=level.id,
        kind="landing",
        use="circulation",
        polygon=to_grid(shape),
        name=title,
    )


def _below(z_m: float, levels: Sequence[Level]) -> Level:
    """Return the highest level that lies at or below a height, or the lowest of all."""
    below = [level for level in levels if level.elevation_m <= z_m + LEVEL_TOLERANCE_M]
    return below[-1] if below else levels[0]


def _free(stem: str, taken: set[str]) -> str:
    """Return an id stem that no other stair has."""
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}"
    taken.add(name)
    return name
