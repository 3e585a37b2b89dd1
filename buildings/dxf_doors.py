"""Doors of a drawing: swings become lines across the openings that they close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Point, STRtree

from buildings.dxf_records import DrawnArc, Vector
from buildings.dxf_units import DOOR_RADIUS_M, DOOR_SWEEP_DEG

AT_WALL_M: Final = 0.25
"""Hinge and lock of a door lie at most this far from a wall line."""
MEET_M: Final = 0.15
"""The leaves of a double door meet within this."""
JAMB_M: Final = 0.45
"""The line that closes an opening is carried to wall ends this near to its own ends."""
THICKEST_M: Final = 0.4
"""Doors that lie over each other at most this far apart close the same opening in a wall."""
_LEAF_M: Final = 0.08
_ALONG_M: Final = 0.04
_SAME_M: Final = 0.12
_OPPOSITE: Final = -0.9


@dataclass(frozen=True, slots=True, eq=False)
class DrawnDoor:
    """A door: the line across its opening, the numbers of its arcs, where its leaves stand open."""

    line: LineString
    arcs: tuple[int, ...]
    leaves: tuple[LineString, ...]

    @property
    def double(self) -> bool:
        """Whether two leaves meet in the middle of the opening."""
        return len(self.leaves) > 1


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """One of the two ways to read a swing: from the hinge to the end that is the closed leaf."""

    arc: int
    hinge: Vector
    closed: Vector
    opened: Vector
    hinge_m: float
    closed_m: float
    along: float

    @property
    def direction(self) -> Vector:
        """Direction of the closed leaf."""
        way: Vector = (self.closed - self.hinge) / np.linalg.norm(self.closed - self.hinge)
        return way

    @property
    def cost(self) -> float:
        """How little this way fits: distances from walls, and lying along one."""
        return round(self.hinge_m + self.closed_m + 0.3 * self.along, 4)


def is_swing(arc: DrawnArc) -> bool:
    """Whether an arc (in metres) turns and reaches like the leaf of a door."""
    return (
        DOOR_SWEEP_DEG[0] <= arc.sweep_deg <= DOOR_SWEEP_DEG[1]
        and DOOR_RADIUS_M[0] <= arc.radius <= DOOR_RADIUS_M[1]
    )


def find_doors(
    arcs: Sequence[tuple[int, DrawnArc]], walls: Sequence[LineString]
) -> list[DrawnDoor]:
    """Return the doors among swings, in order of place.

    A swing has two ends; the leaf stands open at one and closes the opening at the other. The
    closed end is the one near a wall whose line does not run along one. Two swings whose closed
    ends meet and whose hinges face each other are a double door. Arcs that touch no wall at hinge
    and lock (furniture) are no doors.

    Parameters
    ----------
    arcs : sequence of (int, DrawnArc)
        Number and shape in metres of what may be swings.
    walls : sequence of LineString
        Wall lines in metres.
    """
    tree = STRtree(walls)
    ways = [way for number, arc in arcs for way in _ways(number, arc, tree, walls)]
    doors: list[DrawnDoor] = []
    used: set[int] = set()
    for first, second in _pairs(ways):
        if first.arc not in used and second.arc not in used and first.arc != second.arc:
            used |= {first.arc, second.arc}
            doors.append(
                DrawnDoor(
                    LineString(np.round([first.hinge, second.hinge], 3)),
                    tuple(sorted((first.arc, second.arc))),
                    (_leaf(first), _leaf(second)),
                )
            )
    best: dict[int, _Way] = {}
    for way in ways:
        fits = way.hinge_m <= AT_WALL_M and way.closed_m <= AT_WALL_M
        if fits and way.arc not in used:
            known = best.get(way.arc)
            if known is None or way.cost < known.cost:
                best[way.arc] = way
    for number in sorted(best):
        way = best[number]
        line = LineString(np.round([way.hinge, way.closed], 3))
        doors.append(DrawnDoor(line, (number,), (_leaf(way),)))
    return _without_copies(doors)


def closing_lines(door: DrawnDoor, walls: Sequence[LineString], ends: Vector) -> list[LineString]:
    """Return the line across a door carried to its jambs, and to open wall ends beside them."""
    a, b = (np.array(point) for point in (door.line.coords[0], door.line.coords[-1]))
    along = (b - a) / np.linalg.norm(b - a)
    tree = STRtree(walls)
    corners = []
    for point, outward in ((a, -along), (b, along)):
        ray = LineString([point - 0.03 * outward, point + 0.3 * outward])
        meets = [
            shapely.get_coordinates(walls[int(k)].intersection(ray))
            for k in sorted(tree.query(ray, predicate="intersects"))
        ]
        hits = np.concatenate([np.empty((0, 2)), *meets])
        away = np.linalg.norm(hits - point, axis=1)
        corners.append(hits[int(np.argmin(away))] if len(hits) else point)
    lines = [LineString(corners)] if np.linalg.norm(corners[1] - corners[0]) > 0.1 else []
    for corner in corners:
        near = np.linalg.norm(ends - corner, axis=1)
        for k in np.flatnonzero((near > 1e-6) & (near <= JAMB_M)):
            lines.append(LineString([corner, ends[k]]))
    return lines


def is_leaf(points: Vector, door: DrawnDoor) -> bool:
    """Whether a line of the drawing is the open leaf of a door, so that it is no wall."""
    shape = LineString(points)
    for leaf in door.leaves:
        if shape.length < 0.5 * leaf.length or shape.distance(leaf) > _LEAF_M:
            continue
        if all(leaf.distance(Point(point)) <= _LEAF_M for point in points):
            return True
    return False


def _ways(
    number: int, arc: DrawnArc, tree: STRtree, walls: Sequence[LineString]
) -> tuple[_Way, ...]:
    hinge_m = _to_wall(arc.centre, tree, walls)
    if hinge_m > AT_WALL_M:
        return ()
    return tuple(
        _Way(
            number,
            arc.centre,
            closed,
            opened,
            hinge_m,
            _to_wall(closed, tree, walls),
            _along(arc.centre, closed, tree, walls),
        )
        for closed, opened in ((arc.start, arc.end), (arc.end, arc.start))
        if np.linalg.norm(closed - arc.centre) > 0.1
    )


def _pairs(ways: Sequence[_Way]) -> list[tuple[_Way, _Way]]:
    """Return pairs of leaves that meet head on, best fitting first."""
    if len(ways) < 2:
        return []
    points = shapely.points([way.closed for way in ways])
    first, second = STRtree(points).query(points, predicate="dwithin", distance=MEET_M)
    found = []
    for i, j in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        a, b = ways[i], ways[j]
        if i < j and a.arc != b.arc and float(a.direction @ b.direction) < _OPPOSITE:
            meet = float(np.linalg.norm(a.closed - b.closed))
            line_up = float(np.linalg.norm(a.hinge - b.hinge))
            reach = float(np.linalg.norm(a.closed - a.hinge) + np.linalg.norm(b.closed - b.hinge))
            if a.along < 0.5 and b.along < 0.5 and abs(line_up - reach) <= MEET_M:
                found.append((round(meet, 4), a.arc, b.arc, (a, b)))
    return [pair for *_, pair in sorted(found, key=lambda entry: entry[:3])]


def _without_copies(doors: Sequence[DrawnDoor]) -> list[DrawnDoor]:
    """Return doors in order of place, one for those drawn twice or swinging both ways."""
    kept: list[DrawnDoor] = []
    for door in sorted(doors, key=lambda d: (not d.double, d.line.bounds, d.arcs)):
        same = next((k for k, other in enumerate(kept) if _same(door, other)), None)
        if same is None:
            kept.append(door)
        else:
            other = kept[same]
            kept[same] = DrawnDoor(
                other.line,
                tuple(sorted({*other.arcs, *door.arcs})),
                other.leaves if other.double else other.leaves[:1],
            )
    return sorted(kept, key=lambda d: (d.line.bounds, d.arcs))


def _same(a: DrawnDoor, b: DrawnDoor) -> bool:
    """Whether two doors close the same opening: copies, or one at each face of the wall."""
    ends_a, ends_b = (shapely.get_coordinates(door.line) for door in (a, b))
    along = (ends_a[1] - ends_a[0]) / np.linalg.norm(ends_a[1] - ends_a[0])
    across = np.array([-along[1], along[0]])
    for order in (ends_b, ends_b[::-1]):
        moves = order - ends_a
        if np.abs(moves @ along).max() <= _SAME_M and np.abs(moves @ across).max() <= THICKEST_M:
            return True
    return False


def _leaf(way: _Way) -> LineString:
    return LineString([way.hinge, way.opened])


def _to_wall(point: Vector, tree: STRtree, walls: Sequence[LineString]) -> float:
    """Return the distance to the nearest wall line."""
    if not walls:
        return float("inf")
    here = Point(point)
    return float(walls[int(tree.nearest(here))].distance(here))


def _along(hinge: Vector, closed: Vector, tree: STRtree, walls: Sequence[LineString]) -> float:
    """Return the share of a closed leaf that runs along a wall line."""
    samples = [hinge + (closed - hinge) * share for share in (0.25, 0.4, 0.55, 0.7, 0.85)]
    return sum(_to_wall(sample, tree, walls) <= _ALONG_M for sample in samples) / len(samples)
