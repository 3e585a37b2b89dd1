"""Who is in each room when people keep out of sight: the plan's usual numbers, or a roster."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from buildings.borders import InputError, did_you_mean, read_text
from buildings.person_area import People, PersonKind
from buildings.plan import Plan, Space

COLUMNS: Final = ("room", "adults", "children", "wheelchair")
MOST: Final = 100_000


def usual_people(space: Space, *, kind: PersonKind = "adult", beside: int = 1) -> People:
    """Return the people of a room by the plan's usual number.

    Parameters
    ----------
    space : Space
        A room; ``occupants_default`` is how many are usually in it.
    kind : {"adult", "child"}
        What they are; adults and older pupils take more floor than children up to 10.
    beside : int
        Adults beside them: the plan's number counts pupils, and a teacher is with them.

    Examples
    --------
    >>> import shapely
    >>> room = Space("101", "L1", "room", "classroom", shapely.box(0, 0, 9, 7),
    ...              occupants_default=24)
    >>> usual_people(room), usual_people(room, kind="child")
    (People(adult=25, child=0, wheelchair=0), People(adult=1, child=24, wheelchair=0))
    """
    usual = space.occupants_default or 0
    if usual == 0:
        return People()
    if kind == "child":
        return People(adult=beside, child=usual)
    return People(adult=usual + beside)


def rooms_called(plan: Plan, names: Iterable[str], *, place: str) -> dict[str, str]:
    """Return the id of each room that is called by its id or its door number.

    Parameters
    ----------
    plan : Plan
        The building.
    names : iterable of str
        Ids or door numbers.
    place : str
        What to call the place of a fault: "--room", "roster.csv:3".

    Raises
    ------
    InputError
        If a name is no room, or the number of several.
    """
    numbers: dict[str, list[str]] = {}
    for space in plan.spaces.values():
        if space.number is not None:
            numbers.setdefault(space.number, []).append(space.id)
    found = {}
    for name in names:
        ids = [name] if name in plan.spaces else numbers.get(name, [])
        if not ids:
            hint = did_you_mean(name, [*plan.spaces, *numbers])
            raise InputError(
                f"{place}: {name!r} is no room of the plan{hint}, expected an id or a door number"
            )
        if len(ids) > 1:
            raise InputError(f"{place}: {name!r} is the number of {', '.join(ids)}: give the id")
        found[name] = ids[0]
    return found


def read_roster(path: Path, plan: Plan) -> Mapping[str, People]:
    """Read who is in which room from a CSV with a header.

    Columns are ``room`` (id or door number) and any of ``adults``, ``children`` (up to 10 years)
    and ``wheelchair``; an empty cell is 0. Rooms that are not listed have nobody.

    Raises
    ------
    InputError
        If a column is unknown, a number is none, or a room is not in the plan or stands twice.
    """
    reader = csv.reader(io.StringIO(read_text(path, kind="roster"), newline=""), strict=True)
    people: dict[str, People] = {}
    try:
        header = [cell.strip() for cell in next(reader, [])]
        for name in header:
            if name not in COLUMNS:
                raise InputError(
                    f"{path}:1: column {name!r} is unknown{did_you_mean(name, COLUMNS)}, "
                    f"expected {', '.join(COLUMNS)}"
                )
        if "room" not in header or len(set(header)) != len(header):
            raise InputError(f"{path}:1: expected a column room, and each column once")
        for row in reader:
            place = f"{path}:{reader.line_num}"
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise InputError(f"{place}: {len(row)} cells, expected {len(header)}")
            cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
            (room_id,) = rooms_called(plan, [cells["room"]], place=place).values()
            if room_id in people:
                raise InputError(f"{place}: room {cells['room']} stands twice")
            people[room_id] = People(
                adult=_count(cells.get("adults", ""), "adults", place),
                child=_count(cells.get("children", ""), "children", place),
                wheelchair=_count(cells.get("wheelchair", ""), "wheelchair", place),
            )
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: not readable as CSV: {error}") from None
    return people


def _count(cell: str, column: str, place: str) -> int:
    if not cell:
        return 0
    if not cell.isascii() or not cell.isdigit() or int(cell) > MOST:
        raise InputError(f"{place}: {column}: {cell!r} is no number of people (0 to {MOST})")
    return int(cell)
