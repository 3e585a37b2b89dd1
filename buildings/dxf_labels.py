"""Door plates and uses of rooms out of the texts that stand in them; nothing else is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shapely import Point, Polygon, STRtree

from buildings.dxf_records import DrawnText
from buildings.ifc_names import guess_use

_NUMBER: Final = re.compile(r"(?:[A-Z]{1,3}[ .-]?)?\d{1,4}[A-Z]?(?:[.-]\d{1,3}[A-Z]?)?")
_PREFIX: Final = re.compile(r"(?:ROOM|RM|RAUM|SALLE|AULA|NO|NR)\.?\s+(?=\S*\d)", re.IGNORECASE)
_AREA: Final = re.compile(
    r"(?:[A-Z]{1,5}\s*[=:]?\s*)?(\d{1,5}(?:[.,]\d{1,3})?)\s*(?:M2|M²|MQ|SQM|QM|SF|SQ\.? ?FT\.?)",
    re.IGNORECASE,
)
_DECIMAL: Final = re.compile(r"\d{1,4}[.,]\d{1,2}")
_PLAIN_WORDS: Final = frozenset(
    {"ROOM", "AND", "OF", "THE", "BOYS", "GIRLS", "MEN", "MENS", "WOMEN", "WOMENS", "STAFF", "MAIN",
     "SMALL", "LARGE", "EAST", "WEST", "NORTH", "SOUTH", "UPPER", "LOWER", "SCHOOL", "HALL",
     "MUSIC", "ART", "COMPUTER", "SCIENCE"}
)  # fmt: skip
_AREA_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class RoomLabel:
    """What the texts in a room say: its numbers, and the words for its use."""

    numbers: tuple[str, ...] = ()
    name: str | None = None
    stated_m2: float | None = None

    @property
    def number(self) -> str | None:
        """The number of the room, if its texts say just one."""
        return self.numbers[0] if len(self.numbers) == 1 else None


def room_number(text: str) -> str | None:
    """Return the door plate that a text is, or None.

    Examples
    --------
    >>> [room_number(t) for t in ("101", "Room 101", "A-12b", "1.012", "54.30 m2", "OFFICE")]
    ['101', '101', 'A-12B', '1.012', None, None]
    """
    clean = _PREFIX.sub("", text.strip()).upper().strip()
    return clean if _NUMBER.fullmatch(clean) else None


def room_words(text: str) -> str | None:
    """Return the words of a text if all of them speak of a room's use; else its use alone.

    Names of people, telephones and paths are not kept.

    Examples
    --------
    >>> room_words("Boys restroom"), room_words("OFFICE J. Smith"), room_words("Mr. Smith")
    ('Boys restroom', 'Office', None)
    """
    guess = guess_use(text)
    if guess is None:
        return None
    words = re.findall(r"[A-Za-zÄÖÜäöüß]+", text)
    known = all(guess_use(word) is not None or word.upper() in _PLAIN_WORDS for word in words)
    if known:
        return text.strip()
    word = next((word for word in words if guess_use(word) is not None), None)
    return word.capitalize() if word is not None else guess[1].replace("_", " ").capitalize()


class Labels:
    """The texts of a level, for asking what is written in a room."""

    def __init__(self, texts: Sequence[DrawnText]) -> None:
        self._texts = sorted(texts, key=lambda t: (-round(t.at[1], 3), round(t.at[0], 3), t.text))
        self._tree = STRtree([Point(text.middle) for text in self._texts])
        self._used: set[int] = set()

    def of(self, room: Polygon) -> RoomLabel:
        """Return the label of a room; texts are read from the top down."""
        inside = sorted(int(k) for k in self._tree.query(room, predicate="contains"))
        numbers: list[str] = []
        names: list[str] = []
        areas: list[float] = []
        for k in inside:
            text = self._texts[k].text
            stated = _AREA.fullmatch(text.strip())
            bare = _DECIMAL.fullmatch(text.strip())
            number = room_number(text)
            if stated:
                areas.append(float(stated[1].replace(",", ".")))
            elif bare and abs(float(text.strip().replace(",", ".")) - room.area) <= (
                _AREA_SHARE * room.area
            ):
                areas.append(float(text.strip().replace(",", ".")))
            elif number is not None:
                numbers.append(number)
            else:
                rest, words = _split(text)
                if rest is not None:
                    numbers.append(rest)
                name = room_words(words)
                if name is None and rest is None:
                    continue
                if name is not None:
                    names.append(name)
            self._used.add(k)
        return RoomLabel(
            tuple(dict.fromkeys(numbers)),
            next(iter(names), None),
            areas[0] if len(areas) == 1 else None,
        )

    def unread(self) -> int:
        """Return how many texts no room has used: other words, or outside of every room."""
        return len(self._texts) - len(self._used)


def _split(text: str) -> tuple[str | None, str]:
    """Return the number at the beginning or the end of a text, and its other words.

    Examples
    --------
    >>> _split("101 Classroom"), _split("Office 12A"), _split("Gym")
    (('101', 'Classroom'), ('12A', 'Office'), (None, 'Gym'))
    """
    words = text.split()
    if len(words) > 1:
        first, last = words[0].strip(":-,"), words[-1]
        if any(c.isdigit() for c in first) and room_number(first):
            return room_number(first), " ".join(words[1:])
        if any(c.isdigit() for c in last) and room_number(last):
            return room_number(last), " ".join(words[:-1])
    return None, text
