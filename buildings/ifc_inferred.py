"""Storeys of a building model without rooms: rooms proposed from what the walls enclose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely

from buildings.ifc_floors import storey_of
from buildings.ifc_geometry import prism
from buildings.ifc_names import slug
from buildings.ifc_records import IfcBuilding, IfcRoom, Storey
from buildings.ifc_walls import Enclosed, WallWork, begins_on, enclosed_floors
from buildings.import_report import ImportFault, MessageLog, Place, counted
from buildings.plan import Level

Confidence = Literal["good", "fair", "poor"]
_NO_CEILING_M: Final = 3.0
_SLAB_COVER: Final = 0.5
_SLAB_NEAR_M: Final = 0.6
_LARGE_M2: Final = 300.0
_WINDING: Final = (100.0, 0.6)
_SHOWN: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Proposal:
    """A room proposed from walls, and what speaks against it."""

    room: IfcRoom
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class InferredRooms:
    """The rooms proposed for the storeys without any, and what to say of them."""

    storeys: tuple[Storey, ...]
    works: Mapping[str, WallWork]
    proposals: tuple[_Proposal, ...]

    @property
    def rooms(self) -> tuple[IfcRoom, ...]:
        """The rooms themselves."""
        return tuple(proposal.room for proposal in self.proposals)

    def remark(self, level_of: Mapping[str, Level], *, log: MessageLog) -> None:
        """Say what was proposed storey by storey, where walls are open, and what to doubt."""
        for storey in self.storeys:
            here = [p for p in self.proposals if p.room.storey == storey.key]
            _say_storey(storey, self.works[storey.key], here, level_of.get(storey.key), log)
        _say_doubts(self.proposals, log)


def infer_rooms(building: IfcBuilding, path: str) -> InferredRooms:
    """Return rooms proposed on every storey that has walls but no rooms.

    The id of such a room is made of its storey and its place (whole metres east and north of the
    origin), so it does not depend on the order of the file. ``confidence`` is "good" if a door
    leads to it, a slab lies under it (where the model has slabs), its walls meet, and it does not
    look like several rooms in one; "fair" if one of these fails, else "poor".

    Raises
    ------
    ImportFault
        If the model has no rooms, and its walls enclose none.
    """
    storeys = sorted(building.storeys, key=lambda s: (s.elevation_m, s.key))
    taken = {storey_of(room, storeys) for room in building.rooms if room.mesh is not None}
    bare = [s for s in storeys if s.key not in taken and begins_on(building.walls, s.elevation_m)]
    proposals: list[_Proposal] = []
    works: dict[str, WallWork] = {}
    for storey in bare:
        work = enclosed_floors(
            building.walls, building.columns, building.openings, storey.elevation_m
        )
        works[storey.key] = work
        proposals += _proposals(storey, work.rooms, building, storeys)
    if not taken and not proposals:
        raise ImportFault(_nothing_closed(building, path, bare, works))
    return InferredRooms(tuple(bare), works, tuple(proposals))


def _proposals(
    storey: Storey, floors: Sequence[Enclosed], building: IfcBuilding, storeys: Sequence[Storey]
) -> list[_Proposal]:
    """Return the rooms of one storey, in an order that does not depend on the file."""
    slabs = [
        mesh.shadow()
        for mesh in building.slabs
        if abs(mesh.z_high_m - storey.elevation_m) <= _SLAB_NEAR_M
    ]
    ground = shapely.union_all(slabs)
    area = sum(floor.outline.area for floor in floors)
    under = sum(floor.outline.intersection(ground).area for floor in floors)
    has_slabs = under >= _SLAB_COVER * area
    above = [s.elevation_m for s in storeys if s.elevation_m > storey.elevation_m + 0.5]
    top = above[0] if above else storey.elevation_m + _NO_CEILING_M
    title = _title(storey, storeys)
    names: Counter[str] = Counter()
    found = []
    for floor in floors:
        doubts = []
        if not floor.has_door:
            doubts.append("no door or opening")
        if has_slabs and floor.outline.intersection(ground).area < _SLAB_COVER * floor.outline.area:
            doubts.append("no slab below (court, shaft, double height?)")
        if floor.bridged:
            doubts.append("closed over a gap of up to 5 cm")
        if _may_be_several(floor):
            doubts.append("perhaps several rooms, no wall parts them")
        place = f"{title}-{_place(floor)}"
        names[place] += 1
        confidence: Confidence = "good" if not doubts else "fair" if len(doubts) == 1 else "poor"
        room = IfcRoom(
            key=place if names[place] == 1 else f"{place}-{names[place]}",
            number=None,
            name=None,
            storey=storey.key,
            mesh=prism(floor.outline, storey.elevation_m, top),
            confidence=confidence,
        )
        found.append(_Proposal(room, tuple(doubts)))
    return found


def _may_be_several(floor: Enclosed) -> bool:
    """Return whether a floor is so large or winds so much that it may be several rooms."""
    area, hull = floor.outline.area, floor.outline.convex_hull.area
    at_least, share = _WINDING
    return bool(area > _LARGE_M2 or (area > at_least and area < share * hull))


def _title(storey: Storey, storeys: Sequence[Storey]) -> str:
    """Return the storey's name as ids have it; its height where the name is none of its own."""
    name = slug(storey.name)
    alone = sum(slug(other.name) == name for other in storeys) == 1
    height = f"z{storey.elevation_m:.1f}".replace("-", "minus")
    return name if name and alone else f"{name}-{height}" if name else height


def _place(floor: Enclosed) -> str:
    """Return the place of a floor in whole metres: e east, w west, n north, s south."""
    middle = floor.outline.centroid
    if not floor.outline.covers(middle):
        middle = floor.outline.representative_point()
    x, y = (int(np.floor(round(v, 2))) for v in (middle.x, middle.y))
    return f"{'w' if x < 0 else 'e'}{abs(x)}{'s' if y < 0 else 'n'}{abs(y)}"


def _nothing_closed(
    building: IfcBuilding, path: str, bare: Sequence[Storey], works: Mapping[str, WallWork]
) -> str:
    """Return why a model without rooms gives no plan, with the place of the narrowest gap."""
    walls = len(building.walls)
    if not walls:
        return (
            f"{path}: File has no rooms and no walls ({len(building.rooms)} IfcSpace, none with a "
            "solid, 0 walls). Export it again with rooms"
        )
    start = f"{path}: File has walls but no rooms ({walls} walls, 0 IfcSpace)"
    if not building.storeys:
        return f"{start}, and no storeys to stand on. Export it again with rooms"
    gaps = [(gap, storey) for storey in bare for gap in works[storey.key].gaps]
    if not gaps:
        return f"{start}, and the walls enclose no room. Export it again with rooms"
    gap, storey = min(gaps, key=lambda found: (found[0].width_m, found[0].x_m, found[0].y_m))
    return (
        f"{start}, and the walls do not close: {counted(len(gaps), 'gap')}, the narrowest about "
        f"{gap.width_m:.1f} m wide on {storey.name or storey.key} at ({gap.x_m:.2f}, "
        f"{gap.y_m:.2f}). Close it or export again with rooms"
    )


def _say_storey(
    storey: Storey,
    work: WallWork,
    proposals: Sequence[_Proposal],
    level: Level | None,
    log: MessageLog,
) -> None:
    """Say what was proposed on a storey, and where its walls are open."""
    name = storey.name or storey.key
    if proposals:
        marks = Counter(p.room.confidence for p in proposals)
        shown = ", ".join(f"{marks[m]} {m}" for m in ("good", "fair", "poor") if marks[m])
        log.warning(
            "INFERRED",
            f"{name} has walls but no rooms: {counted(len(proposals), 'room')} inferred from "
            f"{counted(work.walls, 'wall')} (confidence: {shown}). Confirm each, state number and "
            "use",
        )
    if work.cavities:
        log.note(
            "INFERRED",
            f"{name}: {counted(work.cavities, 'floor')} between walls too small for a room "
            "(shafts, cavities) left out",
        )
    for gap in work.gaps:
        log.warning(
            "WALLS",
            f"{name}: walls leave about {gap.area_m2:.0f} m2 open, a gap of up to "
            f"{gap.width_m:.1f} m at ({gap.x_m:.2f}, {gap.y_m:.2f}); no room there",
            at=[Place(level.id, gap.x_m, gap.y_m)] if level is not None else (),
        )


def _say_doubts(proposals: Sequence[_Proposal], log: MessageLog) -> None:
    """List the inferred rooms that something speaks against, by what it is."""
    doubted: dict[str, list[str]] = {}
    for proposal in proposals:
        for doubt in proposal.doubts:
            doubted.setdefault(doubt, []).append(f"S-{proposal.room.key}")
    for doubt, rooms in sorted(doubted.items()):
        shown = ", ".join(rooms[:_SHOWN]) + (" ..." if len(rooms) > _SHOWN else "")
        log.warning("INFERRED", f"{counted(len(rooms), 'room')}: {doubt}: {shown}", *rooms)
