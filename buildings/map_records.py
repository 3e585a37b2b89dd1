"""What is used of an indoor map: levels, rooms and doors as plain records in metres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from shapely import LineString, MultiPolygon, Point, Polygon

from buildings.plan import Level, SpaceKind, SpaceUse

Climbs: TypeAlias = Literal["stair", "lift"] | None

MAX_MAP_BYTES: Final = 64 * 2**20
"""A map file larger than this is refused rather than read."""
MAX_ROOMS: Final = 20_000
MAX_DOORS: Final = 40_000
MAX_CORNERS: Final = 500_000
"""Of all rooms and doors together."""
MAX_LEVELS: Final = 100
ASSUMED_DOOR_M: Final = 0.9
"""Clear width of a door of which a map says nothing: a guess, marked as one in the plan."""
ASSUMED_STOREY_M: Final = 3.5
"""Height of a storey of which a map says nothing: a guess, said in the report."""


@dataclass(frozen=True, slots=True, eq=False)
class MapRoom:
    """A room of a map on one level.

    ``key`` is the map's own id; a room that repeats on other levels has one record on each, with
    the same key. ``climbs`` says whether it is a stair or a lift that leads to
    other levels, ``open_floor`` that no wall stands around it.
    """

    key: str
    level: str
    number: str | None
    name: str | None
    kind: SpaceKind
    use: SpaceUse
    polygon: Polygon
    building: str = ""
    height_m: float | None = None
    climbs: Climbs = None
    open_floor: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class MapDoor:
    """A door of a map on one level: a line across it, or a point in a wall.

    ``width_m`` is None where the map says none and it is not the length of the line. ``entrance``
    says that the map calls it a way into the building, ``opening`` that there is a gap in the wall
    and no door.
    """

    key: str
    level: str
    label: str | None
    shape: LineString | Point
    width_m: float | None
    entrance: bool = False
    height_m: float | None = None
    opening: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class MapBuilding:
    """Everything that an import uses of a map.

    ``outlines`` holds for each level the outer edge of the building where the map draws it.
    ``found``, ``repaired`` and ``refused`` count what only the reader of the format sees;
    ``georef`` says whether the metres lie somewhere on the earth.
    """

    file_format: str
    sha256: str
    source: str
    name: str | None
    levels: tuple[Level, ...]
    rooms: tuple[MapRoom, ...]
    doors: tuple[MapDoor, ...]
    outlines: Mapping[str, Polygon | MultiPolygon]
    found: Mapping[str, int]
    repaired: Mapping[str, int]
    refused: Mapping[str, int]
    georef: Literal["none", "approx"] = "approx"
