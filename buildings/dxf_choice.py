"""Which proposal is taken for each room of a drawing: as a person says, else by what fits best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

import shapely
from shapely import Point, Polygon

from buildings.dxf_accept import Accepted, RoomRow, Take, asked_for
from buildings.dxf_labels import Labels, RoomLabel
from buildings.dxf_level import LevelWork
from buildings.dxf_rooms import RoomPair
from buildings.ifc_geometry import parts_of
from buildings.ifc_names import slug

Taken: TypeAlias = Literal["lines", "closing", "none"]

AGREE: Final = 0.9
"""Two proposals for a room agree if they share this much of their floor."""
_MOSTLY: Final = 0.5
_FREE: Final = 0.2
_CONFLICT_M2: Final = 0.2
_SLIVER_M2: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A room that at least one way found, with its name in the table and what was decided.

    ``room`` names it in ``--accept`` and in the table, ``key`` is its own id in the plan where it
    has no number, ``at`` a point in it to the centimetre. ``floor`` is what the plan takes, None if
    it takes nothing.
    """

    room: str
    key: str
    level: str
    pair: RoomPair
    at: Point
    label: RoomLabel
    take: Take = "auto"
    taken: Taken = "none"
    floor: Polygon | None = None

    def as_dict(self, space: str) -> dict[str, Any]:
        """Return a row of the report."""
        lines, closing = self.pair.lines, self.pair.closing
        return {
            "room": self.room,
            "take": self.take,
            "taken": self.taken,
            "space": space,
            "level": self.level,
            "x": round(self.at.x, 2),
            "y": round(self.at.y, 2),
            "lines_m2": round(lines.area, 2) if lines is not None else None,
            "closing_m2": round(closing.area, 2) if closing is not None else None,
            "agreement": round(self.pair.agreement, 3),
        }


def candidates(
    works: Sequence[LevelWork], labels: Mapping[str, Labels], rows: Sequence[RoomRow]
) -> list[Candidate]:
    """Return the rooms of all levels with names that stay the same at the next import.

    A room with just one number that no other has is ``R-<number>``; any other is named by its
    place, or as the table of the last import names the room around the same point.
    """
    found = []
    for work in works:
        for pair in work.rooms:
            at = _inner(pair.shape)
            key = f"{work.level.id}.{place_word(at)}"
            label = labels[work.level.id].of(pair.shape)
            found.append(Candidate("", key, work.level.id, pair, at, label))
    numbers = [slug(one.label.number or "") for one in found]
    named = [
        replace(one, room=f"R-{number}" if number and numbers.count(number) == 1 else "")
        for one, number in zip(found, numbers, strict=True)
    ]
    return _remembered(_distinct(named), rows)


def decide(found: Sequence[Candidate], accepted: Accepted) -> list[Candidate]:
    """Return the rooms with what is taken for each.

    What a person asks wins, in the command before the table. Otherwise the floor by lines is
    taken, unless its texts say that closing rightly parts it in several numbered rooms; what only
    closing finds is taken where nothing else is. A proposal that a person has not asked for makes
    way for one that is asked for.
    """
    table = {row.room: row.take for row in accepted.rows}
    said = [
        asked_for(accepted.asked, one.room, _found_by(one.pair)) or table.get(one.room, "auto")
        for one in found
    ]
    taken = _by_fit(found)
    for k, take in enumerate(said):
        if take != "auto":
            taken[k] = take
    floors = [_floor(one.pair, taken[k]) for k, one in enumerate(found)]
    asked = [f for f, take in zip(floors, said, strict=True) if f is not None and take != "auto"]
    for k, take in enumerate(said):
        floor = floors[k]
        if take == "auto" and floor is not None and asked:
            covered = floor.intersection(shapely.union_all(asked)).area
            if covered > _MOSTLY * floor.area:
                floors[k], taken[k] = None, "none"
    return [
        replace(one, take=take, taken=taken[k] if floors[k] is not None else "none",
                floor=floors[k])
        for k, (one, take) in enumerate(zip(found, _apart(floors, taken, said), strict=True))
    ]  # fmt: skip


def conflicts(found: Sequence[Candidate]) -> list[tuple[Candidate, Candidate, float]]:
    """Return pairs of rooms that a person accepted although they lie over each other, with m2."""
    said = [one for one in found if one.take != "auto" and one.floor is not None]
    pairs = []
    for k, one in enumerate(said):
        for other in said[k + 1 :]:
            if one.floor is None or other.floor is None or one.level != other.level:
                continue
            area = float(one.floor.intersection(other.floor).area)
            if area > _CONFLICT_M2:
                pairs.append((one, other, area))
    return pairs


def _by_fit(found: Sequence[Candidate]) -> list[Taken]:
    """Return what fits best for each room without anybody asking."""
    taken: list[Taken] = ["none"] * len(found)
    split: set[int] = set()
    for k, one in enumerate(found):
        if one.pair.lines is None:
            continue
        parts = [
            j
            for j, other in enumerate(found)
            if other.pair.closing is not None
            and other.pair.closing.intersection(one.pair.lines).area
            > _MOSTLY * other.pair.closing.area
        ]
        numbered = [j for j in parts if found[j].label.numbers or (j == k and one.label.numbers)]
        if len(one.label.numbers) > 1 and len(parts) > 1 and len(numbered) > 1:
            split.update(parts)
            taken[k] = "closing" if k in parts else "none"
        else:
            taken[k] = "lines"
    for j in split:
        taken[j] = "closing"
    floors = [_floor(one.pair, taken[k]) for k, one in enumerate(found)]
    whole = shapely.union_all([floor for floor in floors if floor is not None])
    for k, one in enumerate(found):
        if taken[k] == "none" and one.pair.lines is None and one.pair.closing is not None:
            covered = one.pair.closing.intersection(whole).area
            if covered <= _FREE * one.pair.closing.area:
                taken[k] = "closing"
    return taken


def _found_by(pair: RoomPair) -> list[Take]:
    """Return the ways that have found a room."""
    ways: list[Take] = ["lines"] if pair.lines is not None else []
    return [*ways, "closing"] if pair.closing is not None else ways


def _floor(pair: RoomPair, taken: Take) -> Polygon | None:
    """Return a proposal, None if that way has not found the room."""
    return pair.lines if taken == "lines" else pair.closing if taken == "closing" else None


def _apart(
    floors: list[Polygon | None], taken: list[Taken], said: Sequence[Take]
) -> Sequence[Take]:
    """Cut from floors by closing what others cover, unless a person asked for both."""
    order = sorted(
        (k for k, floor in enumerate(floors) if floor is not None),
        key=lambda k: (said[k] == "auto", taken[k] != "lines", k),
    )
    before: list[Polygon] = []
    for k in order:
        floor = floors[k]
        if floor is None:
            continue
        if before and said[k] == "auto" and taken[k] == "closing":
            rest = parts_of(floor.difference(shapely.union_all(before)))
            floor = rest[0] if rest and rest[0].area >= _SLIVER_M2 else None
            floors[k] = floor
        if floor is not None:
            before.append(floor)
    return said


def _distinct(found: Sequence[Candidate]) -> list[Candidate]:
    """Return rooms with different keys, named by them where they have no number."""
    seen: dict[str, int] = {}
    distinct = []
    for one in found:
        seen[one.key] = seen.get(one.key, 0) + 1
        key = one.key if seen[one.key] == 1 else f"{one.key}.{seen[one.key]}"
        distinct.append(replace(one, key=key, room=one.room or f"R-{key}"))
    return distinct


def _remembered(found: Sequence[Candidate], rows: Sequence[RoomRow]) -> list[Candidate]:
    """Return rooms named as the table names the room around the same point.

    A room found by lines goes on in one found by lines; a new room that would have the name of
    an old one gets a number behind it.
    """
    names = {one.room: one for one in found}
    left = []
    kept: dict[int, str] = {}
    for row in rows:
        same = names.get(row.room)
        if same is not None and (same.pair.lines is not None) == row.by_lines:
            kept[id(same)] = row.room
        elif row.room.startswith(f"R-{row.level}."):
            left.append(row)
    for row in left:
        fits = [
            one
            for one in found
            if id(one) not in kept
            and one.level == row.level
            and one.room == f"R-{one.key}"
            and (one.pair.lines is not None) == row.by_lines
            and one.pair.shape.covers(Point(row.x_m, row.y_m))
        ]
        if len(fits) == 1:
            kept[id(fits[0])] = row.room
    taken = set(kept.values())
    renamed = []
    for one in found:
        room = kept.get(id(one), one.room)
        again = 2
        while id(one) not in kept and room in taken:
            room = f"{one.room}.{again}"
            again += 1
        taken.add(room)
        by_key = one.room == f"R-{one.key}"
        renamed.append(replace(one, room=room, key=room[2:] if by_key else one.key))
    return renamed


def unknown_rows(found: Sequence[Candidate], rows: Sequence[RoomRow]) -> list[RoomRow]:
    """Return the lines of the table with a choice whose room the drawing no longer has."""
    names = {one.room for one in found}
    return [row for row in rows if row.take != "auto" and row.room not in names]


def unavailable(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the rooms for which a person asked for a way that has not found them."""
    return [one for one in found if one.take in ("lines", "closing") and one.floor is None]


def _inner(shape: Polygon) -> Point:
    """Return the middle of the largest circle in a room, which small changes hardly move."""
    line = shapely.maximum_inscribed_circle(shape, tolerance=0.05)
    return Point(*(round(value, 2) for value in line.coords[0]))


def place_word(point: Point) -> str:
    """Return a place in decimetres as it stands in an id.

    Examples
    --------
    >>> place_word(Point(12.34, -0.2))
    'x123ym2'
    """
    x, y = (round(value * 10) for value in (point.x, point.y))
    return f"x{'m' * (x < 0)}{abs(x)}y{'m' * (y < 0)}{abs(y)}"
