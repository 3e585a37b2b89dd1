"""Doors of an indoor map, joined to the rooms on their two sides although walls have thickness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from buildings.ifc_geometry import line_through
from buildings.ifc_names import Ids
from buildings.import_report import MessageLog, Place, counted
from buildings.map_door_sides import SNAP_M, TOUCH_M, DoorFloor, DoorSide, PlacedDoor
from buildings.map_records import MapDoor
from buildings.plan import OUTSIDE, Level, Portal, Space

_NO_EXIT_USES: Final = ("mechanical",)


@dataclass(frozen=True, slots=True, eq=False)
class DoorWork:
    """The doors of a map as portals, and how many joined what."""

    portals: tuple[Portal, ...]
    two_sided: int
    outside: int
    same_room: int
    snapped: int
    lost: int
    assumed_widths: int
    touching: Mapping[str, int]


def place_doors(
    doors: Sequence[MapDoor],
    levels: Sequence[Level],
    spaces: Mapping[str, Space],
    outlines: Mapping[str, BaseGeometry],
    *,
    log: MessageLog,
) -> DoorWork:
    """Join rooms by the doors between them; a door on the outer edge leads outside.

    A door that touches two rooms (within 5 cm over more than half of its length) joins them; one
    that does not is carried to rooms within 0.25 m, at right angles to itself. Of several rooms on
    one side, that which shares most of its length is taken.

    Parameters
    ----------
    doors : sequence of MapDoor
        The doors as the map has them.
    levels : sequence of Level
        The levels of the plan.
    spaces : mapping of str to Space
        The rooms of the plan.
    outlines : mapping of str to geometry
        The outer edge of the building on each level.
    log : MessageLog
        Where faults are noted.
    """
    floors = {
        level.id: DoorFloor(
            [s for s in spaces.values() if s.level == level.id], outlines.get(level.id)
        )
        for level in levels
    }
    names = {level.id: level.name for level in levels}
    ids = Ids("D-", [(door.label,) if door.label else () for door in doors])
    portals: dict[str, Portal] = {}
    counts: Counter[str] = Counter()
    touching: Counter[int] = Counter()
    crowded: dict[str, Place] = {}
    same: dict[str, Place] = {}
    for door in sorted(doors, key=lambda d: (d.level, d.key)):
        floor = floors[door.level]
        name = _own_id(ids, door, portals)
        placed = floor.placed(door)
        if placed is None:
            counts["lost"] += 1
            _say_lost(name, door, names[door.level], floor, log)
            continue
        touched = floor.touched(placed)
        touching[len(touched)] += 1
        if len(touched) > 2:
            crowded[f"{name} ({', '.join(touched)})"] = _place(door)
        ahead, behind = floor.sides(placed)
        found = [side for side in (ahead, behind) if side is not None]
        if ahead is not None and behind is not None and ahead.space is behind.space:
            same[name] = _place(door)
            continue
        if not found or (len(found) == 1 and not floor.leads_out(placed, found[0], door)):
            counts["lost"] += 1
            _say_lost(name, door, names[door.level], floor, log, beside=found)
            continue
        counts["outside" if len(found) < 2 else "open" if door.opening else "two"] += 1
        counts["snapped"] += max(side.gap_m for side in found) > TOUCH_M
        counts["assumed"] += door.width_m is None
        portals[name] = _portal(name, door, placed, ahead, behind)
    if same:
        log.note(
            "DOOR",
            f"{counted(len(same), 'door')} inside one room ignored (partitions)",
            *same,
            at=same.values(),
        )
    for text, place in crowded.items():
        words = f"{text} touches more than two rooms; the two it shares most with taken"
        log.note("DOOR", words, at=[place])
    if counts["snapped"]:
        log.note(
            "DOOR",
            f"{counted(counts['snapped'], 'door')} carried to rooms at most {SNAP_M} m away, "
            "through the wall",
        )
    return DoorWork(
        portals=tuple(portals[name] for name in sorted(portals)),
        two_sided=counts["two"],
        outside=counts["outside"],
        same_room=len(same),
        snapped=counts["snapped"],
        lost=counts["lost"],
        assumed_widths=counts["assumed"],
        touching={str(number): touching[number] for number in sorted(touching, reverse=True)},
    )


def _own_id(ids: Ids, door: MapDoor, taken: Mapping[str, Portal]) -> str:
    """Return the id of a door; its copies on other levels carry the level."""
    name = ids.give((door.label,) if door.label else (), door.key)
    return name if name not in taken else f"{name}.{door.level}"


def _say_lost(
    name: str,
    door: MapDoor,
    level: str,
    floor: DoorFloor,
    log: MessageLog,
    *,
    beside: Sequence[DoorSide] = (),
) -> None:
    """Report a door that joins nothing: how far the nearest room is, or what it lies beside."""
    at = _place(door)
    place = f"{name} on {level} at ({at.x_m:.2f}, {at.y_m:.2f})"
    if beside:
        one = beside[0].space.id
        log.error(
            "DOOR",
            f"{place} lies beside {one} only, inside the building: no second room within "
            f"{SNAP_M} m",
            name,
            one,
            at=[at],
        )
        return
    gap = floor.nearest_m(door.shape)
    if gap is None:
        log.error("DOOR", f"{place}: no room on this level", name, at=[at])
    elif gap <= SNAP_M:
        log.error("DOOR", f"{place} lies across the walls of the rooms around it", name, at=[at])
    else:
        log.error("DOOR", f"{place} lies {gap:.2f} m from the nearest room", name, at=[at])


def _place(door: MapDoor) -> Place:
    """Return the middle of a door."""
    line = isinstance(door.shape, LineString)
    middle = door.shape.interpolate(0.5, normalized=True) if line else door.shape
    return Place.inside(door.level, middle)


def _portal(
    name: str, door: MapDoor, placed: PlacedDoor, ahead: DoorSide | None, behind: DoorSide | None
) -> Portal:
    """Return the portal of a door, its line in the middle of the wall."""
    found = [side for side in (ahead, behind) if side is not None]
    ordered = sorted(found, key=lambda side: _rank(side.space))
    first = ordered[0].space
    second = ordered[1].space if len(ordered) == 2 else None
    middle = placed.middle
    wall_m: float | None = None
    if ahead is not None and behind is not None:
        middle = middle + placed.across * (ahead.gap_m - behind.gap_m) / 2
        wall_m = round(ahead.gap_m + behind.gap_m, 3) or None
    technical = first.use in _NO_EXIT_USES
    facts: dict[str, Any] = {}
    if second is None:
        facts["is_exit"] = "no" if technical and not door.entrance else "unknown"
    if door.width_m is None and isinstance(door.shape, Point):
        facts["extra"] = {"x_width": "assumed"}
    return Portal(
        id=name,
        level=door.level,
        kind="exit" if second is None else "opening" if door.opening else "door",
        from_space=first.id,
        to_space=second.id if second is not None else OUTSIDE,
        width_m=round(placed.length_m, 3),
        line=line_through(middle, placed.along, placed.length_m),
        lock=None if door.opening else "unknown",
        wall_t_m=wall_m,
        head_m=door.height_m,
        **facts,
    )


def _rank(space: Space) -> tuple[int, float, str]:
    """Return an order that puts rooms before corridors, small before large."""
    return (int(space.use == "circulation"), round(space.area_m2, 3), space.id)
