"""Ids, door plates and room uses out of the labels of an IFC file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from buildings.plan import SpaceKind, SpaceUse

LIFT_WORDS: Final = r"ELEV|ELEVATOR|LIFT|SHAFT|AUFZUG"

USE_WORDS: Final[tuple[tuple[str, SpaceKind, SpaceUse], ...]] = (
    (r"STAIRS?|STAIRWELL|STAIRWAY|TREPPE(NHAUS)?", "landing", "circulation"),
    (r"ELEV(ATOR)? (EQ|MACH)\w*|LIFT (EQ|MACH)\w*", "room", "mechanical"),
    (LIFT_WORDS, "room", "mechanical"),
    (r"CORRIDOR|HALLWAY|PASSAGE|CORR|FLUR", "corridor", "circulation"),
    (r"VEST|VESTIBULE|ENTRY|ENTRANCE|FOYER|LOBBY|WINDFANG", "hall", "vestibule"),
    (r"\w*RR|RESTROOMS?|REST ROOM|TOILETS?|WC|BATH|BATHROOM|LAVATORY|WASHROOM", "room", "toilet"),
    (r"GYM|GYMNASIUM|SPORTS HALL|TURNHALLE", "room", "gym"),
    (r"CAFETERIA|CAFE|DINING|CANTEEN|BREAK|LUNCH|MENSA", "room", "cafeteria"),
    (r"KITCHEN|PANTRY|KITCHENETTE|KUCHE", "room", "kitchen"),
    (r"AUDITORIUM|THEATRE|THEATER|LECTURE HALL|AULA|STAGE", "room", "auditorium"),
    (r"LIBRARY|MEDIA CENT(ER|RE)|BIBLIOTHEK", "room", "library"),
    (r"NURSE|SURGEON|CLINIC|HEALTH|FIRST AID|MEDICAL", "room", "nurse"),
    (r"LAB|LABS|LABORATORY|SCIENCE", "room", "lab"),
    (r"CLASS|CLASSROOM|CLASS ROOM|TEACHING|KLASSE(NRAUM)?", "room", "classroom"),
    (r"STOR|STORAGE|STORE|FILES|CLOSET|JAN|JANITOR|RECYCL?|ARCHIVE|LAGER", "room", "storage"),
    (
        r"MECH|MECHANICAL|ELEC|ELECTRICAL|BOILER|PLANT|TELE|SERVER|UPS|BATT|IT ROOM|UTILITY|DATA",
        "room",
        "mechanical",
    ),
    (r"RECEPTION|MAIN OFFICE|FRONT OFFICE", "room", "main_office"),
    (
        r"OFFICES?|OFF|OFCR|OFFICER|CONFERENCE|MEETING|TEAM|CENTER|CMDR|BUERO|BURO",
        "room",
        "office",
    ),
)
"""Words in a room's name, the kind and the use they stand for; the first that is found counts."""

_PATTERNS: Final = tuple(
    (re.compile(rf"(?<![A-Z0-9])(?:{words})(?![A-Z0-9])"), kind, use)
    for words, kind, use in USE_WORDS
)


def guess_use(name: str | None) -> tuple[SpaceKind, SpaceUse] | None:
    """Return the kind and use that a room's name suggests, or None.

    Examples
    --------
    >>> guess_use("MENS RR")
    ('room', 'toilet')
    >>> guess_use("Elevator eq. room"), guess_use("S-4 CNTL FILES")
    (('room', 'mechanical'), ('room', 'storage'))
    >>> guess_use("S-7") is None, guess_use(None) is None
    (True, True)
    """
    words = re.sub(r"[^A-Z0-9]+", " ", (name or "").upper()).strip()
    for pattern, kind, use in _PATTERNS:
        if pattern.search(words):
            return kind, use
    return None


def is_stairwell(name: str | None) -> bool:
    """Return whether a room's name says that it is a stair."""
    guess = guess_use(name)
    return guess is not None and guess[0] == "landing"


def is_lift_shaft(name: str | None) -> bool:
    """Return whether a room's name says that it is the shaft of a lift, not its machine room.

    Examples
    --------
    >>> is_lift_shaft("ELEV"), is_lift_shaft("ELEV EQ RM"), is_lift_shaft(None)
    (True, False, False)
    """
    words = re.sub(r"[^A-Z0-9]+", " ", (name or "").upper()).strip()
    first = next((k for k, (pattern, _, _) in enumerate(_PATTERNS) if pattern.search(words)), None)
    return first is not None and USE_WORDS[first][0] == LIFT_WORDS


def slug(text: str) -> str:
    """Return a label as an id may have it: letters, digits, hyphen, underscore and full stop.

    Examples
    --------
    >>> slug("143A"), slug("R 12/b")
    ('143A', 'R-12-b')
    """
    return re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-.")


def plan_slug(stem: str) -> str:
    """Return a plan id for a file name.

    Examples
    --------
    >>> plan_slug("Office_A_20110811")
    'office-a-20110811'
    """
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "building"


class Ids:
    """Hands out ids that stay the same when the file is imported again.

    The first label that only one thing of its kind carries is used; without one, the file's own
    global id.
    """

    def __init__(self, prefix: str, labels: Iterable[tuple[str, ...]]) -> None:
        self._prefix = prefix
        self._counts = Counter(
            text for found in labels for text in {slug(label) for label in found}
        )
        self._given: set[str] = set()

    def give(self, labels: tuple[str, ...], key: str) -> str:
        """Return the id of the thing with these labels and this global id."""
        for label in labels:
            text = slug(label)
            if text and self._counts[text] == 1 and f"{self._prefix}{text}" not in self._given:
                self._given.add(f"{self._prefix}{text}")
                return f"{self._prefix}{text}"
        own = f"{self._prefix}g.{re.sub('[^A-Za-z0-9_]', '.', key)}"
        alone, count = own, 1
        while own in self._given:  # a global id that two things carry
            count += 1
            own = f"{alone}-{count}"
        self._given.add(own)
        return own


def shared_labels(labels: Iterable[str | None]) -> list[str]:
    """Return the labels that more than one thing carries, sorted.

    Examples
    --------
    >>> shared_labels(["1", "2", "1", None])
    ['1']
    """
    counts = Counter(label for label in labels if label)
    return sorted(label for label, count in counts.items() if count > 1)
