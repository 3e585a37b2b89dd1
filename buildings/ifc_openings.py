"""Doors, holes in walls and windows of an IFC file, joined to what lies on their two sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, STRtree

from buildings.ifc_geometry import line_through
from buildings.ifc_names import Ids, is_lift_shaft
from buildings.ifc_records import IfcOpening
from buildings.import_report import MessageLog, Place, counted
from buildings.plan import OUTSIDE, Level, Portal, Space

PROBE_FROM_M: Final = 0.15
PROBE_TO_M: Final = 0.8
PROBE_STEP_M: Final = 0.05
_TOUCH_M: Final = 0.2
_LEVEL_TOLERANCE_M: Final = 0.6
_NARROWEST_HOLE_M: Final = 0.6
_LOWEST_HOLE_M: Final = 1.8
_NO_EXIT_USES: Final = ("mechanical",)
_PREFIX: Final = {"door": "D-", "hole": "O-", "window": "W-"}


@dataclass(frozen=True, slots=True, eq=False)
class OpeningWork:
    """The doors, holes and windows of a building as portals, and how many joined what."""

    portals: tuple[Portal, ...]
    two_sided: int
    one_sided: int
    same_room: int
    holes: int
    windows: int
    lost: int


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What lies on one side of an opening: a space (or None) and how far its floor is."""

    space: Space | None
    gap_m: float


def build_openings(
    openings: Sequence[IfcOpening],
    level_of: Mapping[str, Level],
    spaces: Mapping[str, Space],
    *,
    log: MessageLog,
) -> OpeningWork:
    """Join rooms by the openings between them; a door with one side only leads outside.

    Parameters
    ----------
    openings : sequence of IfcOpening
        Doors, holes in walls that nothing fills, and windows.
    level_of : mapping of str to Level
        The level of each storey that is kept.
    spaces : mapping of str to Space
        Floors as they are in the plan.
    log : MessageLog
        Where faults are noted.
    """
    levels = list(dict.fromkeys(level_of.values()))
    floors = {
        level.id: _Floor([s for s in spaces.values() if s.level == level.id]) for level in levels
    }
    ids = {
        kind: Ids(prefix, [opening.labels for opening in openings if opening.kind == kind])
        for kind, prefix in _PREFIX.items()
    }
    portals: list[Portal] = []
    counts: Counter[str] = Counter()
    same: dict[str, Place] = {}
    for opening in openings:
        level = _level(opening, level_of, levels)
        floor = floors[level.id]
        ahead, behind = floor.side(opening, 1.0), floor.side(opening, -1.0)
        name = ids[opening.kind].give(opening.labels, opening.key)
        if opening.kind == "hole":
            if not _is_passage(opening, level, ahead, behind) or _at_shaft(ahead, behind, log):
                continue
            counts["hole"] += 1
        elif ahead.space is behind.space:
            if opening.kind == "door" and ahead.space is None:
                counts["lost"] += 1
                _say_lost(name, opening, level, floor, log)
            elif opening.kind == "door":
                same[name] = _place(opening, level)
            continue
        elif opening.kind == "window":
            counts["window"] += 1
        else:
            counts["two" if ahead.space and behind.space else "one"] += 1
        portals.append(_portal(name, opening, level, ahead, behind))
    if same:
        count = counted(len(same), "door")
        log.note("DOOR", f"{count} inside one room ignored (partitions)", *same, at=same.values())
    return OpeningWork(
        portals=tuple(portals),
        two_sided=counts["two"],
        one_sided=counts["one"],
        same_room=len(same),
        holes=counts["hole"],
        windows=counts["window"],
        lost=counts["lost"],
    )


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


def _say_lost(name: str, opening: IfcOpening, level: Level, floor: _Floor, log: MessageLog) -> None:
    """Report a door with no room on either side."""
    x, y = opening.middle
    place = f"{name} on {level.name} at ({x:.2f}, {y:.2f})"
    gap = floor.distance(opening.middle)
    log.error(
        "DOOR", f"{place} lies {gap:.2f} m from the nearest room", name, at=[_place(opening, level)]
    )


def _place(opening: IfcOpening, level: Level) -> Place:
    return Place(level.id, round(float(opening.middle[0]), 2), round(float(opening.middle[1]), 2))


def _at_shaft(ahead: _Side, behind: _Side, log: MessageLog) -> bool:
    """Return whether an opening is the doorway of a lift shaft, which nobody walks through."""
    for side in (ahead, behind):
        if side.space is not None and is_lift_shaft(side.space.name):
            log.note("LIFT", f"doorway of the shaft {side.space.id}: not a way out", side.space.id)
            return True
    return False


def _level(opening: IfcOpening, level_of: Mapping[str, Level], levels: Sequence[Level]) -> Level:
    """Return the level of an opening: its storey's, unless its height says otherwise."""
    named = level_of.get(opening.storey or "")
    if opening.kind == "window":
        below = [level for level in levels if level.elevation_m <= opening.z_m + 0.1]
        return named or (below or levels)[-1 if below else 0]
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
        and opening.width_m >= _NARROWEST_HOLE_M
        and abs(opening.z_m - level.elevation_m) <= 0.1
        and opening.height_m >= _LOWEST_HOLE_M
    )


def _portal(name: str, opening: IfcOpening, level: Level, ahead: _Side, behind: _Side) -> Portal:
    """Return the portal of an opening, its line in the middle of the wall.

    The smaller space comes first, so that a door of a room reads "from" the room.
    """
    line_at, wall_m = _in_wall(opening, ahead, behind)
    sides = sorted((ahead, behind), key=lambda side: _rank(side.space))
    first, second = sides[0].space, sides[1].space
    outside = second is None
    base: dict[str, Any] = {
        "id": name,
        "level": level.id,
        "from_space": first.id if first is not None else OUTSIDE,
        "to_space": second.id if second is not None else OUTSIDE,
        "width_m": opening.width_m,
        "line": line_through(line_at, opening.along, opening.width_m),
        "wall_t_m": wall_m,
    }
    if opening.kind == "hole":
        return Portal(kind="opening", **base)
    if opening.kind == "window":
        sill = max(0.0, opening.z_m - level.elevation_m)
        return Portal(
            kind="window",
            sill_m=round(sill, 3),
            head_m=round(sill + opening.height_m, 3),
            **base,
        )
    technical = first is not None and first.use in _NO_EXIT_USES
    return Portal(
        kind="exit" if outside else "door",
        leaves=2 if "DOUBLE_DOOR" in opening.operation else 1,
        lock="unknown",
        swing=_swing(opening.operation, "in" if sides[0] is ahead else "out"),
        hinge=_hinge(opening.operation, seen_from_behind=sides[0] is behind),
        is_exit=("no" if technical else "unknown") if outside else None,
        **base,
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


def _hinge(operation: str, *, seen_from_behind: bool) -> Literal["left", "right"] | None:
    """Return the hinge side seen from the first space; the standard looks along positive y.

    Examples
    --------
    >>> _hinge("SINGLE_SWING_LEFT", seen_from_behind=True)
    'left'
    >>> _hinge("SINGLE_SWING_LEFT", seen_from_behind=False)
    'right'
    >>> _hinge("DOUBLE_DOOR_SINGLE_SWING", seen_from_behind=True) is None
    True
    """
    if not operation.startswith("SINGLE_SWING_"):
        return None
    left = operation.endswith("LEFT") == seen_from_behind
    return "left" if left else "right"


def _swing(
    operation: str, towards: Literal["in", "out"]
) -> Literal["in", "out", "both", "slide"] | None:
    """Return how a door opens; the standard has it swing to the positive y axis of its place."""
    if "SLIDING" in operation:
        return "slide"
    if "DOUBLE_SWING" in operation:
        return "both"
    return towards if "SWING" in operation else None
