"""What a person may say about a drawing that the drawing itself does not: unit, layers, level."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from buildings.borders import InputError
from buildings.dxf_accept import ROOMS_FILE, Accepted, accept_words, read_rooms
from buildings.dxf_units import METRES, Unit
from buildings.dxf_walls import WIDEST_GAP_M
from buildings.map_records import ASSUMED_STOREY_M
from buildings.plan import Level

NARROWEST_GAP_M: Final = 0.2
LARGEST_GAP_M: Final = 4.0
OPTIONS: Final = frozenset({"units", "walls", "doors", "labels", "more", "level", "gap", "accept"})
_LEVEL_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,19}")


@dataclass(frozen=True, slots=True)
class DxfOptions:
    """What was asked of the import of drawings.

    ``levels`` has one entry for each file, lowest first or not; ``assumed_heights`` says that the
    elevations are a guess. ``widest_gap_m`` is the widest opening that closing closes.
    """

    units: Unit | None = None
    walls: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    levels: tuple[Level, ...] = ()
    assumed_heights: bool = False
    widest_gap_m: float = WIDEST_GAP_M
    accepted: Accepted = field(default_factory=Accepted)


def dxf_options(path: Path, asked: Mapping[str, Any], before: Path | None) -> DxfOptions:
    """Return the options of the command, and the choices in the folder that is replaced.

    Parameters
    ----------
    path : Path
        The first drawing.
    asked : mapping
        Options of the command by name: ``units``, ``walls``, ``doors``, ``labels``, ``more``
        (further files), ``level``, ``gap``, ``accept``.
    before : Path, optional
        The plan folder that is replaced.

    Raises
    ------
    InputError
        If an option cannot be understood.
    """
    unknown = sorted(asked.keys() - OPTIONS)
    if unknown:
        raise TypeError(f"{unknown[0]} is not an option for drawings, expected {sorted(OPTIONS)}")
    units = asked.get("units")
    if units is not None and units not in METRES:
        raise InputError(f"--units {units!r}: expected one of {', '.join(METRES)}")
    files = (path, *asked.get("more", ()))
    levels, assumed = _levels(asked.get("level", ()), len(files))
    gap = float(asked.get("gap", WIDEST_GAP_M))
    if not NARROWEST_GAP_M <= gap <= LARGEST_GAP_M:
        raise InputError(f"--gap {gap:g}: expected {NARROWEST_GAP_M:g} to {LARGEST_GAP_M:g} metres")
    rows = before / ROOMS_FILE if before is not None else None
    return DxfOptions(
        units=units,
        walls=tuple(asked.get("walls", ())),
        doors=tuple(asked.get("doors", ())),
        labels=tuple(asked.get("labels", ())),
        files=files,
        levels=levels,
        assumed_heights=assumed,
        widest_gap_m=gap,
        accepted=Accepted(
            accept_words(asked.get("accept", ())),
            read_rooms(rows) if rows is not None and rows.is_file() else (),
        ),
    )


def _levels(said: Sequence[str], files: int) -> tuple[tuple[Level, ...], bool]:
    """Return a level for each file, in the order of the files, and whether heights are guessed."""
    if said and len(said) != files:
        raise InputError(
            f"--level: {len(said)} for {files} drawings, expected one for each, in their order"
        )
    words = [_level(word) for word in said] or [(None, None)] * files
    if len({elevation is None for _, elevation in words}) > 1:
        raise InputError("--level: some with an elevation and some without, expected all or none")
    assumed = files > 1 and words[0][1] is None
    heights = [
        elevation if elevation is not None else k * ASSUMED_STOREY_M
        for k, (_, elevation) in enumerate(words)
    ]
    order = sorted(range(files), key=lambda k: heights[k])
    if any(heights[b] - heights[a] < 1.0 for a, b in itertools.pairwise(order)):
        raise InputError("--level: two levels less than 1 m apart, expected different storeys")
    rank = {k: place for place, k in enumerate(order)}
    above = {a: heights[b] for a, b in itertools.pairwise(order)}
    ids = [name or f"L{rank[k] + 1}" for k, (name, _) in enumerate(words)]
    if len(set(ids)) < files:
        raise InputError(f"--level: {', '.join(ids)}: expected different ids")
    levels = tuple(
        Level(
            id=ids[k],
            ordinal=rank[k],
            name=f"Level {ids[k].removeprefix('L')}",
            elevation_m=round(heights[k], 3),
            height_m=round(min(above.get(k, heights[k] + ASSUMED_STOREY_M) - heights[k], 99.0), 3),
            short=ids[k].removeprefix("L") or ids[k],
        )
        for k in range(files)
    )
    return levels, assumed


def _level(word: str) -> tuple[str | None, float | None]:
    """Return the id and the elevation of "L2=3.6", "L2" or "3.6".

    Examples
    --------
    >>> _level("L2=3.6"), _level("L2"), _level("-3.2")
    (('L2', 3.6), ('L2', None), (None, -3.2))
    """
    name, sign, height = word.rpartition("=")
    if not sign and _LEVEL_ID.fullmatch(word):
        return word, None
    try:
        elevation = float(height)
    except ValueError:
        elevation = float("nan")
    if not abs(elevation) <= 1000.0 or (sign and not _LEVEL_ID.fullmatch(name)):
        raise InputError(f"--level {word!r}: expected ID, ELEVATION or ID=ELEVATION in metres")
    return name or None, elevation
