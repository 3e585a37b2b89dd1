"""What the tags of indoor maps mean: levels, lengths as text, kinds of rooms, in both schemes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from buildings.ifc_names import guess_use
from buildings.map_records import MAX_LEVELS
from buildings.plan import SpaceKind, SpaceUse

KEPT: Final = frozenset(
    {"amenity", "buildingpart", "buildingpart:verticalpassage",
     "buildingpart:verticalpassage:floorrange", "door", "door:width", "elevator", "entrance",
     "exit", "height", "highway", "indoor", "level", "level:ref", "name", "ref", "repeat_on",
     "room", "stairs", "type", "width"}
)  # fmt: skip
"""The tags that are read; every other one (phone, operator, address, ...) stays in the file."""

ROOMS: Final[Mapping[str, tuple[SpaceKind, SpaceUse]]] = {
    "auditorium": ("room", "auditorium"),
    "class": ("room", "classroom"),
    "classroom": ("room", "classroom"),
    "corridor": ("corridor", "circulation"),
    "entrance": ("hall", "vestibule"),
    "hall": ("hall", "circulation"),
    "kitchen": ("room", "kitchen"),
    "laboratory": ("room", "lab"),
    "library": ("room", "library"),
    "lobby": ("hall", "vestibule"),
    "office": ("room", "office"),
    "restroom": ("room", "toilet"),
    "shower": ("room", "toilet"),
    "sport": ("room", "gym"),
    "storage": ("room", "storage"),
    "technical": ("room", "mechanical"),
    "toilet": ("room", "toilet"),
    "toilets": ("room", "toilet"),
}
"""Values of ``room=*`` (and ``amenity=*``), the kind and the use they stand for."""

NAMED_LEVELS: Final[Mapping[str, float]] = {
    "basement": -1.0, "cellar": -1.0, "ug": -1.0, "lower ground": -0.5, "g": 0.0, "gf": 0.0,
    "ground": 0.0, "ground floor": 0.0, "eg": 0.0, "rdc": 0.0, "mezzanine": 0.5,
}  # fmt: skip
"""Levels written as words, and the number that they have."""

_UNITS_M: Final[Mapping[str, float]] = {
    "": 1.0, "m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "cm": 0.01,
    "mm": 0.001, "'": 0.3048, "ft": 0.3048, "feet": 0.3048, '"': 0.0254, "in": 0.0254,
}  # fmt: skip
_LENGTH: Final = re.compile(r"(\d{1,6}(?:[.,]\d{1,9})?)\s*([a-z'\"]*)")
_FEET: Final = re.compile(r"(\d{1,4})'\s*(\d{1,2}(?:\.\d+)?)\"")
_RANGE: Final = re.compile(r"(-?\d{1,3})\s*(?:-|to|\.\.)\s*(-?\d{1,3})")
_NUMBER: Final = re.compile(r"[-+]?\d{1,3}(?:\.\d{1,3})?")


def length_m(text: str) -> float | None:
    r"""Return a length written as text in metres, or None if it is none.

    Examples
    --------
    >>> [length_m(text) for text in ("1.5", "1m", "90 cm", "0,9", "wide", "-1")]
    [1.5, 1.0, 0.9, 0.9, None, None]
    >>> length_m("3'6\""), length_m("3 ft")
    (1.0668, 0.9144)
    """
    clean = text.strip().lower()
    feet = _FEET.fullmatch(clean)
    if feet:
        return round(float(feet[1]) * 0.3048 + float(feet[2]) * 0.0254, 6)
    found = _LENGTH.fullmatch(clean)
    if not found or found[2] not in _UNITS_M:
        return None
    value = round(float(found[1].replace(",", ".")) * _UNITS_M[found[2]], 6)
    return value if math.isfinite(value) and 0 < value <= 100 else None


def levels_said(text: str) -> tuple[float | str, ...] | None:
    """Return the levels that a tag names, lowest first; words without a number last.

    Parameters
    ----------
    text : str
        "0", "0;1", "-1-1" (from -1 to 1), "0.5", "G", "Gallery".

    Returns
    -------
    tuple of float or str, or None
        None if the text cannot be read, or names more than 100 levels.

    Examples
    --------
    >>> levels_said("0;1"), levels_said("-1-1"), levels_said("-2--1"), levels_said("-1 to 2")
    ((0.0, 1.0), (-1.0, 0.0, 1.0), (-2.0, -1.0), (-1.0, 0.0, 1.0, 2.0))
    >>> levels_said("G"), levels_said("1;Gallery"), levels_said(""), levels_said("0-999")
    ((0.0,), (1.0, 'Gallery'), None, None)
    """
    numbers: set[float] = set()
    words: set[str] = set()
    for part in re.split(r"[;,]", text):
        one = part.strip()
        span = _RANGE.fullmatch(one)
        if _NUMBER.fullmatch(one):
            numbers.add(float(one))
        elif span:
            low, high = sorted((int(span[1]), int(span[2])))
            if high - low > MAX_LEVELS:
                return None
            numbers.update(float(n) for n in range(low, high + 1))
        elif one.lower() in NAMED_LEVELS:
            numbers.add(NAMED_LEVELS[one.lower()])
        elif one and one.isprintable() and len(one) <= 60:
            words.add(one)
        else:
            return None
    if len(numbers) + len(words) > MAX_LEVELS or any(abs(n) > MAX_LEVELS for n in numbers):
        return None
    return (*sorted(numbers), *sorted(words))


def room_kind(tags: Mapping[str, str]) -> tuple[SpaceKind, SpaceUse] | None:
    """Return kind and use of a part of a building, or None if its tags draw no room.

    Both Simple Indoor Tagging (``indoor=room|area|corridor``) and the older proposal
    (``buildingpart=room|corridor|hall|verticalpassage``) are read.

    Examples
    --------
    >>> room_kind({"indoor": "room", "room": "class"})
    ('room', 'classroom')
    >>> room_kind({"indoor": "yes", "buildingpart": "verticalpassage"})
    ('landing', 'circulation')
    >>> room_kind({"indoor": "wall"}) is None
    True
    """
    part = tags.get("buildingpart", "")
    indoor = tags.get("indoor", "")
    if part not in ("room", "corridor", "hall", "verticalpassage") and indoor not in (
        "room", "area", "corridor",
    ):  # fmt: skip
        return None
    if is_stair(tags):
        return "landing", "circulation"
    if is_lift(tags):
        return "room", "mechanical"
    for key in ("room", "amenity"):
        if tags.get(key) in ROOMS:
            return ROOMS[tags[key]]
    if "corridor" in (part, indoor):
        return "corridor", "circulation"
    if part == "hall":
        return "hall", "circulation"
    guess = guess_use(tags.get("name")) or guess_use(tags.get("room"))
    return guess or (("hall", "circulation") if indoor == "area" else ("room", "other"))


def is_stair(tags: Mapping[str, str]) -> bool:
    """Whether a part is a stair that leads to other levels."""
    passage = tags.get("buildingpart:verticalpassage", "")
    upright = tags.get("buildingpart") == "verticalpassage" and not is_lift(tags)
    said = tags.get("stairs", "no") != "no" or tags.get("room") in ("stairs", "stairwell")
    return upright or said or tags.get("highway") == "steps" or passage in ("stairway", "stairs")


def is_lift(tags: Mapping[str, str]) -> bool:
    """Whether a part is the shaft of a lift."""
    passage = tags.get("buildingpart:verticalpassage", "")
    return (
        tags.get("room") == "elevator"
        or tags.get("highway") == "elevator"
        or tags.get("elevator", "no") == "yes"
        or passage in ("elevator", "lift")
    )
