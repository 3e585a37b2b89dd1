"""Overlaps of imported rooms: small ones cut, copies dropped, large ones told to a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from shapely import STRtree

from buildings.ifc_geometry import parts_of, to_grid
from buildings.import_report import MessageLog, Place
from buildings.plan import Space

CUT_OVERLAP_M2: Final = 0.2
"""An overlap up to this is cut from the larger room; more is an error for a person to settle."""
_NOTICED_OVERLAP_M2: Final = 0.0005


@dataclass(slots=True)
class FloorCounts:
    """What had to be repaired on the way to clean floors."""

    cracks: int = 0
    overlaps_cut: int = 0
    duplicates: int = 0
    guessed: int = 0
    cut_by_stairs: int = 0
    refused: int = 0


def settle_overlaps(
    rooms: dict[str, Space], id_of: dict[str, str], counts: FloorCounts, log: MessageLog
) -> None:
    """Settle overlaps between rooms of a level: cut small ones, drop copies, report the rest."""
    for level in sorted({room.level for room in rooms.values()}):
        here = sorted(room.id for room in rooms.values() if room.level == level)
        tree = STRtree([rooms[name].polygon for name in here])
        for i, first in enumerate(here):
            if first not in rooms:
                continue
            for j in sorted(int(k) for k in tree.query(rooms[first].polygon) if k > i):
                second = here[j]
                if first in rooms and second in rooms:
                    _settle(rooms, id_of, first, second, counts, log)


def _settle(
    rooms: dict[str, Space],
    id_of: dict[str, str],
    first: str,
    second: str,
    counts: FloorCounts,
    log: MessageLog,
) -> None:
    """Settle the overlap of two rooms."""
    a, b = rooms[first], rooms[second]
    shared = a.polygon.intersection(b.polygon)
    area = shared.area
    if area <= _NOTICED_OVERLAP_M2:
        return
    at = [Place.inside(a.level, parts_of(shared)[0])]
    if a.polygon.symmetric_difference(b.polygon).area <= 0.01 * a.area_m2:
        del rooms[second]
        for key in [key for key, name in id_of.items() if name == second]:
            id_of[key] = first
        counts.duplicates += 1
        log.warning("OVERLAP", f"{second} is a copy of {first}; dropped", first, second, at=at)
    elif area <= CUT_OVERLAP_M2:
        large, small = (a, b) if a.area_m2 >= b.area_m2 else (b, a)
        rest = parts_of(large.polygon.difference(small.polygon))[0]
        rooms[large.id] = replace(large, polygon=to_grid(rest))
        counts.overlaps_cut += 1
        log.note(
            "OVERLAP",
            f"{small.id} / {large.id} {area:.3f} m2 cut from {large.id}",
            first,
            second,
            at=at,
        )
    else:
        log.error(
            "OVERLAP",
            f"{first} / {second} {area:.1f} m2 on level {a.level}: wrong level?",
            first,
            second,
            at=at,
        )
