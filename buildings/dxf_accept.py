"""Which of two proposals a person accepts for each room: asked in the command or in a table."""

from __future__ import annotations

import csv
import fnmatch
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from buildings.borders import InputError, did_you_mean, read_text

ROOMS_FILE: Final = "rooms_found.csv"
Take: TypeAlias = Literal["auto", "lines", "closing", "none"]
TAKES: Final[tuple[Take, ...]] = ("auto", "lines", "closing", "none")
COLUMNS: Final = (
    "room", "take", "taken", "space", "level", "x", "y", "lines_m2", "closing_m2", "agreement",
)  # fmt: skip
_MAX_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class RoomRow:
    """One room of the table: what was asked, and a point in it that finds it again.

    ``by_lines`` says whether closed lines had found it.
    """

    room: str
    take: Take
    level: str
    x_m: float
    y_m: float
    by_lines: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """Choices of a person: of the command, which win, and of the table of the last import."""

    asked: Mapping[str, Take] = field(default_factory=lambda: MappingProxyType({}))
    rows: tuple[RoomRow, ...] = ()


def accept_words(words: Iterable[str]) -> dict[str, Take]:
    """Return the choices of ``--accept R-101=closing,R-102=none``.

    Raises
    ------
    InputError
        If a word is not ROOM=TAKE, or a room is named twice.

    Examples
    --------
    >>> accept_words(["R-101=closing,R-102=none", "R-7=lines"])
    {'R-101': 'closing', 'R-102': 'none', 'R-7': 'lines'}
    """
    chosen: dict[str, Take] = {}
    for word in (part.strip() for text in words for part in text.split(",")):
        room, sign, take = word.rpartition("=")
        if not sign or not room:
            raise InputError(f"--accept {word!r}: expected ROOM=lines, closing, none or auto")
        if room in chosen:
            raise InputError(f"--accept {word!r}: {room} is named twice")
        chosen[room] = _take(take, f"--accept {word!r}")
    return chosen


def read_rooms(path: Path) -> tuple[RoomRow, ...]:
    """Read ``rooms_found.csv`` as written by an import and edited by a person.

    Raises
    ------
    InputError
        If columns, choices or numbers are not those of the format; with the line.
    """
    reader = csv.reader(io.StringIO(read_text(path, kind=ROOMS_FILE), newline=""), strict=True)
    rows: dict[str, RoomRow] = {}
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if tuple(header) != COLUMNS:
            raise InputError(
                f"{path}:1: columns are {','.join(header) or 'missing'}, "
                f"expected {','.join(COLUMNS)}"
            )
        for cells in reader:
            place = f"{path}:{reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(COLUMNS):
                raise InputError(f"{place}: {len(cells)} columns, expected {len(COLUMNS)}")
            said = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
            if said["room"] in rows:
                raise InputError(f"{place}: room {said['room']} is listed twice")
            if len(rows) >= _MAX_ROWS:
                raise InputError(f"{path}: more than {_MAX_ROWS} rooms")
            rows[said["room"]] = RoomRow(
                said["room"],
                _take(said["take"], f"{place}: take"),
                said["level"],
                _number(said["x"], f"{place}: x"),
                _number(said["y"], f"{place}: y"),
                said["lines_m2"] != "",
            )
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: not readable as CSV: {error}") from None
    return tuple(rows.values())


def rooms_table(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the content of ``rooms_found.csv``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([COLUMNS, *rows])
    return out.getvalue().encode()


def asked_for(asked: Mapping[str, Take], room: str, found_by: Iterable[Take]) -> Take | None:
    """Return what the command asks for a room, None if it says nothing.

    A name counts before a pattern. A pattern (``*=closing``) does not ask for a way that has not
    found the room.

    Examples
    --------
    >>> asked_for({"*": "closing", "R-1": "none"}, "R-1", ["lines"])
    'none'
    >>> asked_for({"*": "closing"}, "R-2", ["closing"]), asked_for({"*": "closing"}, "R-3", [])
    ('closing', None)
    """
    if room in asked:
        return asked[room]
    for pattern, take in asked.items():
        if fnmatch.fnmatchcase(room, pattern) and take in ("auto", "none", *found_by):
            return take
    return None


def check_asked(accepted: Accepted, rooms: Iterable[str]) -> None:
    """Raise InputError if the command names a room that the drawing does not have."""
    known = sorted(rooms)
    for room in accepted.asked:
        if not any(fnmatch.fnmatchcase(name, room) or name == room for name in known):
            hint = did_you_mean(room, known) or f", expected one of {', '.join(known[:20])}"
            raise InputError(f"--accept {room}: no such room{hint}")


def _take(word: str, place: str) -> Take:
    for take in TAKES:
        if word == take:
            return take
    raise InputError(f"{place}: found {word!r}, expected one of {', '.join(TAKES)}")


def _number(word: str, place: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e7:
        raise InputError(f"{place}: found {word!r}, expected metres")
    return value
