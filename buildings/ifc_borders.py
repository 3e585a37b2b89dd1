"""Borders between rooms of an IFC file where no wall stands: people walk across them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely import LineString, STRtree

from buildings.ifc_geometry import Mesh, corners_of, extent_along, split_evenly, straight_runs
from buildings.plan import Level, Portal, Space

NEIGHBOUR_GAP_M: Final = 0.02
SHORTEST_BORDER_M: Final = 0.6
WIDEST_BORDER_M: Final = 1.2


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
