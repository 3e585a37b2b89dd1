"""Doors, openings and wall-free borders between the rooms of an IFC file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, STRtree

from buildings.ifc_geometry import (
    Mesh,
    corners_of,
    extent_along,
    line_through,
    split_evenly,
    straight_runs,
)
from buildings.ifc_names import Ids, is_lift_shaft
from buildings.ifc_records import IfcOpening
from buildings.import_report import MessageLog, counted
from buildings.plan import OUTSIDE, Level, Portal, Space

PROBE_FROM_M: Final = 0.15
PROBE_TO_M: Final = 0.8
PROBE_STEP_M: Final = 0.05
NEIGHBOUR_GAP_M: Final = 0.02
SHORTEST_BORDER_M: Final = 0.6
WIDEST_BORDER_M: Final = 1.2
_TOUCH_M: Final = 0.2
_LEVEL_TOLERANCE_M: Final = 0.6
_LOWEST_HOLE_M: Final = 1.8
_NO_EXIT_USES: Final = ("mechanical",)


@dataclass(frozen=True, slots=True, eq=False)
class DoorWork:
    """The doors and holes of a building as portals, and how many joined what."""

    portals: tuple[Portal, ...]
    two_sided: int
    one_sided: int
    same_room: int
    holes: int
    lost: int


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What lies on one side of an opening: a space (or None) and how far its floor is."""

    space: Space | None
    gap_m: float


def build_doors(
    doors: Sequence[IfcOpening],
    holes: Sequence[IfcOpening],
    level_of: Mapping[str, Level],
    spaces: Mapping[str, Space],
    *,
    log: MessageLog,
) -> DoorWork:
    """Join rooms by the doors between them; a door with one side only leads outside.

    Parameters
    ----------
    doors, holes : sequence of IfcOpening
        Doors, and holes in walls that nothing fills.
    level_of : mapping of str to Level
        The level of each storey that is kept.
    spaces : mapping of str to Space
        Floors as they are in the plan.
    log : MessageLog
        Where faults are noted.
    """
    ids = Ids("D-", [door.labels for door in doors])
    levels = list(dict.fromkeys(level_of.values()))
    floors = {
        level.id: _Floor([s for s in spaces.values() if s.level == level.id]) for level in levels
    }
    portals: list[Portal] = []
    counts = {"two": 0, "one": 0, "same": 0, "lost": 0, "hole": 0}
    same: list[str] = []
    for opening in (*doors, *holes):
        level = _level(opening, level_of, levels)
        floor = floors[level.id]
        ahead, behind = floor.side(opening, 1.0), floor.side(opening, -1.0)
        if not opening.is_door:
            if _is_passage(opening, level, ahead, behind):
                shafts = [
                    s.space.id for s in (ahead, behind) if s.space and is_lift_shaft(s.space.name)
                ]
                if shafts:
                    log.note("LIFT", f"doorway of the shaft {shafts[0]}: not a way out", *shafts)
                    continue
                portals.append(
                    _portal(f"O-{opening.key.replace('$', '.')}", opening, level, ahead, behind)
                )
                counts["hole"] += 1
            continue
        name = ids.give(opening.labels, opening.key)
        if ahead.space is None and behind.space is None:
            gap = floor.distance(opening.middle)
            x, y = opening.middle
            log.error(
                "DOOR",
                f"{name} on {level.name} at ({x:.2f}, {y:.2f}) lies {gap:.2f} m from the nearest "
                "room"
                if np.isfinite(gap)
                else f"{name}: {level.name} has no rooms",
                name,
            )
            counts["lost"] += 1
        elif ahead.space is behind.space:
            same.append(name)
            counts["same"] += 1
        else:
            counts["two" if ahead.space and behind.space else "one"] += 1
            portals.append(_portal(name, opening, level, ahead, behind))
    if same:
        log.note(
            "DOOR", f"{counted(len(same), 'door')} inside one room ignored (partitions)", *same
        )
    return DoorWork(
        tuple(portals), counts["two"], counts["one"], counts["same"], counts["hole"], counts["lost"]
    )


def wall_free_borders(
    spaces: Sequence[Space], levels: Sequence[Level], walls: Sequence[Mesh]
) -> list[tuple[Space, Space, list[LineString]]]:
    """Return pairs of neighbours that share floor without a wall, with the straight borders.

    Two spaces of a level are neighbours if their outlines lie within 2 cm along more than 0.6 m
    and no wall stands there.
    """
    found = []
    for level in levels:
        here = sorted((s for s in spaces if s.level == level.id), key=lambda s: s.id)
        tree = STRtree([space.polygon for space in here])
        standing = _walls_on(level, walls)
        wall_tree = STRtree(standing)
        for i, space in enumerate(here):
            reach = space.polygon.buffer(NEIGHBOUR_GAP_M, join_style="mitre")
            for j in sorted(int(k) for k in tree.query(reach) if k > i):
                shared = here[j].polygon.boundary.intersection(reach)
                if shared.length <= SHORTEST_BORDER_M:
                    continue
                blocking = [standing[k] for k in sorted(wall_tree.query(shared))]
                free = shared.difference(shapely.union_all(blocking)) if blocking else shared
                runs = straight_runs(free, at_least_m=SHORTEST_BORDER_M)
                runs = [_facing(run, space) for run in runs if _borders_both(run, space, here[j])]
                runs = [run for run in runs if run.length >= SHORTEST_BORDER_M]
                if runs:
                    found.append((space, here[j], runs))
    return found


def border_portals(borders: Sequence[tuple[Space, Space, list[LineString]]]) -> list[Portal]:
    """Return the virtual portals of wall-free borders, wide ones split to at most 1.2 m."""
    portals = []
    for first, second, runs in borders:
        pieces = [piece for run in runs for piece in split_evenly(run, longest_m=WIDEST_BORDER_M)]
        for number, piece in enumerate(pieces, start=1):
            line = LineString(np.round(np.array(piece.coords), 3))
            portals.append(
                Portal(
                    id=f"V-{first.id}~{second.id}-{number}",
                    level=first.level,
                    kind="virtual",
                    from_space=first.id,
                    to_space=second.id,
                    width_m=round(line.length, 3),
                    line=line,
                )
            )
    return portals


class _Floor:
    """The spaces of one level, for asking what lies at a point."""

    def __init__(self, spaces: list[Space]) -> None:
        self._spaces = sorted(spaces, key=lambda space: space.id)
        self._tree = STRtree([space.polygon for space in self._spaces])

    def at(self, x: float, y: float) -> Space | None:
        """Return the space at a point, the first by id where two overlap."""
        hits = sorted(int(k) for k in self._tree.query(shapely.Point(x, y), predicate="within"))
        return self._spaces[hits[0]] if hits else None

    def side(self, opening: IfcOpening, sign: float) -> _Side:
        """Return the first space met when walking away from an opening, and the gap to it."""
        for distance in np.arange(PROBE_FROM_M, PROBE_TO_M + 1e-9, PROBE_STEP_M):
            x, y = opening.middle + sign * distance * opening.across
            space = self.at(float(x), float(y))
            if space is not None:
                ray = LineString([opening.middle, (x, y)])
                inside = ray.intersection(space.polygon)
                return _Side(space, float(shapely.distance(shapely.Point(ray.coords[0]), inside)))
        return _Side(None, np.inf)

    def distance(self, point: NDArray[np.float64]) -> float:
        """Return the distance from a point to the nearest space."""
        return min(
            (float(s.polygon.distance(shapely.Point(point))) for s in self._spaces), default=np.inf
        )


def _level(opening: IfcOpening, level_of: Mapping[str, Level], levels: Sequence[Level]) -> Level:
    """Return the level of an opening: its storey's, unless its height says otherwise."""
    named = level_of.get(opening.storey or "")
    if named is not None and abs(named.elevation_m - opening.z_m) <= _LEVEL_TOLERANCE_M:
        return named
    near = min(levels, key=lambda level: (abs(level.elevation_m - opening.z_m), level.ordinal))
    if named is None or abs(near.elevation_m - opening.z_m) <= _LEVEL_TOLERANCE_M:
        return near
    return named


def _is_passage(opening: IfcOpening, level: Level, ahead: _Side, behind: _Side) -> bool:
    """Return whether a hole in a wall is one that people walk through."""
    return (
        ahead.space is not None
        and behind.space is not None
        and ahead.space is not behind.space
        and opening.width_m >= SHORTEST_BORDER_M
        and abs(opening.z_m - level.elevation_m) <= 0.1
        and opening.height_m >= _LOWEST_HOLE_M
    )


def _portal(name: str, opening: IfcOpening, level: Level, ahead: _Side, behind: _Side) -> Portal:
    """Return the portal of an opening, its line in the middle of the wall.

    The smaller space comes first, so that a door of a room reads "from" the room.
    """
    line_at, wall_m = _in_wall(opening, ahead, behind)
    sides = [(ahead, "in"), (behind, "out")]
    sides.sort(key=lambda side: _rank(side[0].space))
    first, second = sides[0][0].space, sides[1][0].space
    from_id = first.id if first is not None else OUTSIDE
    to_id = second.id if second is not None else OUTSIDE
    outside = to_id == OUTSIDE
    swing: Literal["in", "out", "both", "slide"] | None = None
    if opening.is_door:
        swing = _swing(opening.operation, "in" if sides[0][1] == "in" else "out")
    technical = first is not None and first.use in _NO_EXIT_USES
    return Portal(
        id=name,
        level=level.id,
        kind="opening" if not opening.is_door else "exit" if outside else "door",
        from_space=from_id,
        to_space=to_id,
        width_m=opening.width_m,
        line=line_through(line_at, opening.along, opening.width_m),
        leaves=(2 if "DOUBLE" in opening.operation else 1) if opening.is_door else None,
        lock="unknown" if opening.is_door else None,
        swing=swing,
        wall_t_m=wall_m,
        is_exit=("no" if technical else "unknown") if outside else None,
    )


def _in_wall(
    opening: IfcOpening, ahead: _Side, behind: _Side
) -> tuple[NDArray[np.float64], float | None]:
    """Return where the middle of the line belongs, and the wall's thickness if both sides show."""
    if ahead.space is not None and behind.space is not None:
        shift = (ahead.gap_m - behind.gap_m) / 2
        return opening.middle + opening.across * shift, round(ahead.gap_m + behind.gap_m, 3)
    gap, sign = (ahead.gap_m, 1.0) if ahead.space is not None else (behind.gap_m, -1.0)
    return opening.middle + opening.across * sign * max(0.0, gap - _TOUCH_M), None


def _rank(space: Space | None) -> tuple[int, float, str]:
    """Return an order that puts rooms before corridors, small before large, outside last."""
    if space is None:
        return (2, 0.0, "")
    return (int(space.use == "circulation"), round(space.area_m2, 3), space.id)


def _swing(
    operation: str, towards: Literal["in", "out"]
) -> Literal["in", "out", "both", "slide"] | None:
    """Return how a door opens; the standard has it swing to the positive y axis of its place."""
    if "SLIDING" in operation:
        return "slide"
    if "DOUBLE_SWING" in operation:
        return "both"
    return towards if "SWING" in operation else None


def _walls_on(level: Level, walls: Sequence[Mesh]) -> list[shapely.Geometry]:
    """Return the shadows of the walls that stand at breast height on a level."""
    breast = level.elevation_m + 1.0
    return [
        wall.shadow().buffer(0.005, join_style="mitre")
        for wall in walls
        if wall.z_low_m < breast < wall.z_high_m
    ]


def _borders_both(run: LineString, first: Space, second: Space) -> bool:
    """Return whether a border runs beside both spaces, rather than ending at them."""
    middle = run.interpolate(0.5, normalized=True)
    gaps = (float(space.polygon.distance(middle)) for space in (first, second))
    return max(gaps) <= NEIGHBOUR_GAP_M


def _facing(run: LineString, space: Space) -> LineString:
    """Return the piece of a border that lies straight in front of a space's own outline."""
    strip = run.buffer(NEIGHBOUR_GAP_M + 0.001, cap_style="flat")
    start = np.array(run.coords[0])
    along = (np.array(run.coords[-1]) - start) / run.length
    edge = corners_of(space.polygon.boundary.intersection(strip))
    if not len(edge):
        return run
    low, high = np.clip(extent_along(edge - start, along), 0.0, run.length)
    return LineString([start + along * low, start + along * high])
