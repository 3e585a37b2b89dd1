"""The hard corner of a room: floor that no line of sight from outside reaches, and who fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from buildings.apertures import Aperture, RoomApertures, SightRules, room_apertures
from buildings.person_area import Density, People, capacity, left_over
from buildings.plan import Plan, Space
from buildings.sightlines import (
    SightFloor,
    only_polygons,
    overlay_grid_m,
    polygons_of,
    visible_floor,
)

CONCEALMENT: Final = "Concealment (line of sight), not protection from penetration."
"""Stands on everything that shows a hard corner."""

TALL_M: Final = 1.4
"""Furniture at least this high hides what stands behind it; lower furniture only takes floor."""
SIGHT_MARGIN_M: Final = 0.05
"""Floor this close to seen floor counts as seen: viewpoints are samples, walls are drawn."""
BODY_RADIUS_M: Final = 0.25
"""Floor counts where a circle of this radius fits; pointed tips and strips are left out."""
SMALLEST_PART_M2: Final = 0.5
"""A smaller connected piece of floor is not a place."""

USES: Final = frozenset(
    {"classroom", "lab", "office", "gym", "cafeteria", "library", "auditorium", "nurse",
     "main_office", "reunification", "other"}
)  # fmt: skip
"""Rooms in which people stay; others are judged only where the plan has people in them."""

LOBBY: Final = ("hall", "other")
"""A hall without a use of its own is a place to walk through."""

Verdict: TypeAlias = Literal["enough", "only tight", "too small", "none", "not known"]


@dataclass(frozen=True, slots=True, eq=False)
class RoomFloor:
    """The floor of a room: what can be stood on, and what can be looked across.

    ``free`` is the room less all furniture; ``open`` the room less furniture that hides.
    """

    room: Polygon
    free: BaseGeometry
    open: SightFloor
    tall: tuple[Space, ...]
    low: tuple[Space, ...]
    unknown_height: tuple[Space, ...]


def room_floor(plan: Plan, room: Space, *, without: Iterable[str] = ()) -> RoomFloor:
    """Return the floor of a room with its furniture, some of it taken out.

    Furniture whose height is not stated takes floor but hides nothing: both count against the
    hard corner, so less floor is reported than there may be.

    Parameters
    ----------
    plan : Plan
        The building.
    room : Space
        One of its spaces.
    without : iterable of str
        Ids of furniture that is thought away.
    """
    gone = set(without)
    pieces = [s for s in plan.spaces.values() if s.obstacle_of == room.id and s.id not in gone]
    tall = tuple(piece for piece in pieces if (piece.height_m or 0.0) >= TALL_M)
    unknown = tuple(piece for piece in pieces if piece.height_m is None)
    low = tuple(piece for piece in pieces if piece not in tall and piece not in unknown)
    free, open_ = room.polygon, room.polygon
    if pieces:
        free = shapely.difference(room.polygon, shapely.union_all([p.polygon for p in pieces]))
    if tall:
        open_ = shapely.difference(room.polygon, shapely.union_all([p.polygon for p in tall]))
    return RoomFloor(room.polygon, free, SightFloor(open_), tall, low, unknown)


@dataclass(frozen=True, slots=True, eq=False)
class HiddenFloor:
    """Floor of a room that is out of sight, in three steps from geometry to use.

    ``hidden`` is everything that is not seen; ``margin`` the same less the strip beside seen
    floor; ``parts`` the connected pieces of it that hold a body, largest first.
    """

    free: BaseGeometry
    hidden: BaseGeometry
    margin: BaseGeometry
    parts: tuple[Polygon, ...]

    @property
    def hidden_m2(self) -> float:
        """Area out of sight, to the last sliver."""
        return float(self.hidden.area)

    @property
    def usable_m2(self) -> float:
        """Area of the pieces that hold people."""
        return float(sum(part.area for part in self.parts))


def hidden_floor(free: BaseGeometry, seen: Sequence[BaseGeometry]) -> HiddenFloor:
    """Return what is hidden of a floor of which some is seen.

    Parameters
    ----------
    free : geometry
        Floor that can be stood on.
    seen : sequence of geometry
        What is seen of it through each aperture.

    Examples
    --------
    >>> room = shapely.box(0, 0, 8, 6)
    >>> corner = hidden_floor(room, [shapely.box(2, 0, 8, 6)])
    >>> corner.hidden_m2, len(corner.parts), round(corner.usable_m2, 1)
    (12.0, 1, 11.6)
    >>> hidden_floor(room, [room]).parts
    ()
    """
    grid_m = overlay_grid_m(free)
    view = shapely.union_all([*seen], grid_size=grid_m)
    hidden = only_polygons(shapely.difference(free, view, grid_size=grid_m))
    margin = hidden
    if not view.is_empty:
        beside = view.buffer(SIGHT_MARGIN_M, quad_segs=4)
        margin = only_polygons(shapely.difference(hidden, beside, grid_size=grid_m))
    inner = margin.buffer(-BODY_RADIUS_M, quad_segs=8)
    grown = inner.buffer(BODY_RADIUS_M, quad_segs=8)
    usable = shapely.intersection(grown, margin, grid_size=grid_m)
    parts = [part for part in polygons_of(usable) if part.area >= SMALLEST_PART_M2]
    parts.sort(key=lambda part: (-round(part.area, 6), part.bounds))
    return HiddenFloor(free, hidden, margin, tuple(parts))


@dataclass(frozen=True, slots=True, eq=False)
class HardCorner:
    """What is out of sight in one room, how sure that is, and whom it holds."""

    room: Space
    floor: RoomFloor
    found: RoomApertures
    hidden: HiddenFloor
    people: People
    marked: tuple[Space, ...]

    @property
    def known(self) -> bool:
        """Whether every fact is there that could add a view into the room."""
        return not self.found.unknown

    def capacity(self, density: Density) -> int:
        """Return how many people like those of the room find a place."""
        return capacity(self.hidden.parts, self.people.area_each_m2(density))

    def shortfall(self, density: Density) -> int:
        """Return how many of the people of the room find no place."""
        return left_over(self.hidden.parts, self.people, density).total

    @property
    def verdict(self) -> Verdict:
        """The room in two words; never without the numbers beside it."""
        if not self.known:
            return "not known"
        if not self.hidden.parts:
            return "none"
        if self.shortfall("roomy") == 0:
            return "enough"
        return "only tight" if self.shortfall("tight") == 0 else "too small"

    @property
    def marked_m2(self) -> float:
        """Area that is drawn in the plan as this room's hard corner."""
        return float(shapely.union_all([space.polygon for space in self.marked]).area)

    @property
    def marked_in_sight_m2(self) -> float:
        """Free floor within the marked area that can be seen."""
        marked = shapely.union_all([space.polygon for space in self.marked])
        seen = shapely.difference(self.hidden.free, self.hidden.hidden)
        return float(shapely.intersection(marked, seen).area)


class RoomView:
    """A room that is looked into, for judging it as it is and as it could be.

    What is seen through each aperture is worked out once; changes that only cover apertures cost
    no more than a union.

    Parameters
    ----------
    plan : Plan
        The building.
    room : Space
        One of its spaces.
    people : People
        Who is in it.
    rules : SightRules, optional
        What is open.
    """

    def __init__(
        self, plan: Plan, room: Space, people: People, rules: SightRules | None = None
    ) -> None:
        self.plan, self.room, self.people = plan, room, people
        self.rules = rules or SightRules()
        self.found = room_apertures(plan, room, self.rules)
        self._floors: dict[frozenset[str], RoomFloor] = {}
        self._seen: dict[tuple[frozenset[str], object], BaseGeometry] = {}

    def corner(
        self,
        apertures: Sequence[Aperture] | None = None,
        *,
        without: frozenset[str] = frozenset(),
    ) -> HardCorner:
        """Return the hard corner, with other apertures or without some furniture if given."""
        given = self.found.apertures if apertures is None else tuple(apertures)
        floor = self.floor(without)
        seen = [self.seen(aperture, without) for aperture in given if not aperture.covered]
        found = RoomApertures(given, self.found.unknown, self.found.assumed)
        marked = tuple(
            space
            for space in self.plan.spaces.values()
            if space.kind == "hard_corner" and space.in_space == self.room.id
        )
        hidden = hidden_floor(floor.free, seen)
        return HardCorner(self.room, floor, found, hidden, self.people, marked)

    def floor(self, without: frozenset[str] = frozenset()) -> RoomFloor:
        """Return the floor of the room, some furniture thought away."""
        if without not in self._floors:
            self._floors[without] = room_floor(self.plan, self.room, without=without)
        return self._floors[without]

    def seen(self, aperture: Aperture, without: frozenset[str] = frozenset()) -> BaseGeometry:
        """Return what is seen through one aperture, covered or not."""
        key = (without, aperture.tunnel)
        if key not in self._seen:
            self._seen[key] = visible_floor(self.floor(without).open, aperture.tunnel)
        return self._seen[key]


def hard_corner(
    plan: Plan, room: Space, people: People | None = None, *, rules: SightRules | None = None
) -> HardCorner:
    """Return the hard corner of a room.

    Parameters
    ----------
    plan : Plan
        The building.
    room : Space
        One of its spaces.
    people : People, optional
        Who is in the room; nobody by default.
    rules : SightRules, optional
        Which doors and covers are open.

    Returns
    -------
    HardCorner
        Also where facts are missing: then ``known`` is false and the floor is what remains at
        most.

    Notes
    -----
    Hidden is the free floor less what is seen through any aperture that is not covered, by an eye
    at the glass. It is out of sight, not protected from anything that passes a wall.
    """
    return RoomView(plan, room, people or People(), rules).corner()


def people_stay(space: Space) -> bool:
    """Say whether a space is a room in which people stay, or the plan has people in it."""
    return (
        space.walkable == "yes"
        and space.obstacle_of is None
        and space.kind in ("room", "hall")
        and bool(
            space.occupants_default or (space.use in USES and (space.kind, space.use) != LOBBY)
        )
    )


def rooms_with_people(plan: Plan) -> tuple[Space, ...]:
    """Return the rooms that are judged: people stay there, or the plan has people in them."""
    return tuple(space for space in plan.spaces.values() if people_stay(space))
