"""Where the people of a room stand out of sight, and how far it is to there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from buildings.compiled import Floats, Ints
from buildings.compiled_corners import Flags
from buildings.corner_sight import RoomSight
from buildings.hard_corner import HardCorner
from buildings.sightlines import polygons_of
from buildings.walking_distance import WalkingFloor


@dataclass(frozen=True, slots=True, eq=False)
class CornerPlaces:
    """Places of one room by their number in the room: the corner's, and all that are concealed.

    ``chosen`` is -1 where no place is concealed; ``as_usual`` are concealed with covers as usual,
    ``once_drawn`` only when every cover is drawn; both in the order of the places.
    """

    chosen: int
    needs_cover: bool
    as_usual: Ints
    once_drawn: Ints


def corner_places(sight: RoomSight, places: Floats) -> CornerPlaces:
    """Return which places of a room are out of sight and which of them stands for the corner.

    A place is concealed where it lies in the usable hidden floor and nothing within 5 cm of it is
    seen. The one that stands for the corner is the nearest to the middle
    (``representative_point``) of the largest piece, with covers as usual if any place is concealed
    then, else with every cover drawn; of equals the first.
    """
    usual = _inside(sight.default.hidden.parts, places) & ~sight.seen_closed
    drawn = _inside(sight.drawn.hidden.parts, places) & ~sight.seen_covered
    as_usual, once_drawn = np.flatnonzero(usual), np.flatnonzero(drawn & ~usual)
    if len(as_usual):
        chosen = _nearest_middle(sight.default, places, as_usual)
    elif len(once_drawn):
        chosen = _nearest_middle(sight.drawn, places, once_drawn)
    else:
        chosen = -1
    return CornerPlaces(chosen, chosen >= 0 and len(as_usual) == 0, as_usual, once_drawn)


def least_seen_place(seen_by: Ints, places: Floats, ways_in_xy: Floats) -> int:
    """Return the place that fewest apertures show, of equals the farthest from the ways in.

    Parameters
    ----------
    seen_by : ndarray of int, shape (n,)
        Through how many apertures each place is seen.
    places : ndarray, shape (n, 2)
    ways_in_xy : ndarray, shape (k, 2)
        Middles of doors and openings; distances are straight, to the nearest of them.

    Examples
    --------
    >>> places = np.array([(1.0, 1.0), (4.0, 1.0), (1.0, 4.0)])
    >>> least_seen_place(np.array([0, 0, 1]), places, np.array([(0.0, 0.0)]))
    1
    >>> least_seen_place(np.zeros(3, dtype=int), places, np.zeros((0, 2)))
    0
    """
    away_m = np.zeros(len(places))
    if len(ways_in_xy):
        steps = places[:, None] - ways_in_xy[None, :]
        away_m = np.hypot(steps[..., 0], steps[..., 1]).min(axis=1).round(6)
    return int(np.lexsort((np.arange(len(places)), -away_m, seen_by))[0])


def metres_to(room: Polygon, free: BaseGeometry, places: Floats, goal: int) -> Floats:
    """Return walking metres from every place of a room to one of them, shape (n,).

    Ways go around walls and furniture. Where furniture cuts the floor in two, nobody is walled in:
    from beyond it, the way is measured as if the furniture were not there.

    Examples
    --------
    >>> room = shapely.box(0, 0, 8, 6)
    >>> shelf = shapely.box(3, 0, 4, 4)
    >>> places = np.array([(1.0, 1.0), (6.0, 1.0)])
    >>> metres_to(room, room.difference(shelf), places, 0).round(2).tolist()
    [0.0, 8.21]
    >>> metres_to(room, room.difference(shapely.box(3, 0, 4, 6)), places, 0).tolist()
    [0.0, 5.0]
    """
    room = shapely.set_precision(room, 0.0)
    metres = np.full(len(places), np.nan)
    for part in polygons_of(shapely.set_precision(free, 0.0)):
        around = part.buffer(1e-6, join_style="mitre")
        shapely.prepare(around)
        inside = shapely.intersects_xy(around, places)
        if inside[goal]:
            metres[inside] = WalkingFloor(part).distances(places[inside], places[[goal]])[:, 0]
            break
    rest = np.isnan(metres)
    if rest.any():
        metres[rest] = WalkingFloor(room).distances(places[rest], places[[goal]])[:, 0]
    metres[goal] = 0.0
    return metres


def _inside(parts: tuple[Polygon, ...], places: Floats) -> Flags:
    inside = np.zeros(len(places), dtype=bool)
    for part in parts:
        shapely.prepare(part)
        inside |= shapely.contains_xy(part, places)
    return inside


def _nearest_middle(corner: HardCorner, places: Floats, some: Ints) -> int:
    middle = corner.hidden.parts[0].representative_point()
    away_m = np.hypot(*(places[some] - (middle.x, middle.y)).T).round(6)
    return int(some[np.argmin(away_m)])
