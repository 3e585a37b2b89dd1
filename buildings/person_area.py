"""How much floor a person takes who keeps out of sight, and how many a piece of floor holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import shapely
from shapely import Polygon

Density: TypeAlias = Literal["roomy", "tight"]
PersonKind: TypeAlias = Literal["wheelchair", "adult", "child"]


@dataclass(frozen=True, slots=True)
class PersonArea:
    """Floor that one kind of person takes, at two values, and how good the numbers are."""

    kind: PersonKind
    words: str
    plural: str
    roomy_m2: float
    tight_m2: float
    source: str
    quality: str

    def at(self, density: Density) -> float:
        """Return the area at one of the two values."""
        return self.roomy_m2 if density == "roomy" else self.tight_m2


PERSON_AREAS: Final = (
    PersonArea(
        "wheelchair", "wheelchair user", "wheelchair users", 0.93, 0.90,
        "10 sq ft for a wheelchair user in shelters: ICC 500 and FEMA P-361; 0.90 rounded down",
        "recalled, not checked against the standard",
    ),
    PersonArea(
        "adult", "adult or older pupil", "adults or older pupils", 0.46, 0.28,
        "roomy: 5 sq ft standing or seated in shelters, ICC 500 and FEMA P-361; tight: standing "
        "or crouched close together, no source",
        "roomy: recalled, not checked; tight: an assumption of this project",
    ),
    PersonArea(
        "child", "child up to 10", "children up to 10", 0.30, 0.28,
        "no source; no standard for hard corners was found",
        "an assumption of this project",
    ),
)  # fmt: skip
"""Area per person; wheelchair users first, because they are placed first."""

WHEELCHAIR_WIDTH_M: Final = 0.76
"""Floor for a wheelchair is at least this wide (30 inches, the width of a clear floor space)."""

_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class People:
    """Who is in a room: adults (and older pupils), children up to 10, wheelchair users."""

    adult: int = 0
    child: int = 0
    wheelchair: int = 0

    def __post_init__(self) -> None:
        for kind in ("adult", "child", "wheelchair"):
            if getattr(self, kind) < 0:
                raise ValueError(f"{kind} is a number of people, got {getattr(self, kind)}")

    @property
    def total(self) -> int:
        """All of them."""
        return self.adult + self.child + self.wheelchair

    def area_each_m2(self, density: Density) -> float:
        """Return the mean area of these people; that of adults where nobody is named."""
        if self.total == 0:
            return person_area("adult").at(density)
        counts: dict[PersonKind, int] = {
            "adult": self.adult,
            "child": self.child,
            "wheelchair": self.wheelchair,
        }
        taken_m2 = sum(person_area(kind).at(density) * count for kind, count in counts.items())
        return taken_m2 / self.total


def person_area(kind: PersonKind) -> PersonArea:
    """Return the row of the table for one kind of person."""
    return next(area for area in PERSON_AREAS if area.kind == kind)


def capacity(parts: Sequence[Polygon], each_m2: float) -> int:
    """Return how many people pieces of floor hold: whole persons in every piece.

    Examples
    --------
    >>> capacity([shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)], 0.46)
    4
    >>> capacity([], 0.46)
    0
    """
    return sum(int(part.area / each_m2 + _SLACK) for part in parts)


def left_over(parts: Sequence[Polygon], people: People, density: Density) -> People:
    """Return who finds no place in pieces of floor.

    Wheelchair users are placed first, in pieces wide enough for them, then adults, then children;
    each in the largest piece that has room. A cleverer packing might place one more.

    Examples
    --------
    >>> left_over([shapely.box(0, 0, 1, 1)], People(adult=3), "roomy")
    People(adult=1, child=0, wheelchair=0)
    >>> left_over([shapely.box(0, 0, 0.6, 3)], People(wheelchair=1), "roomy").wheelchair
    1
    """
    free = {k: part.area for k, part in enumerate(parts)}
    wide = {
        k
        for k, part in enumerate(parts)
        if people.wheelchair
        and 2 * shapely.maximum_inscribed_circle(part, tolerance=0.01).length
        >= WHEELCHAIR_WIDTH_M - 0.02
    }
    left: dict[PersonKind, int] = {}
    for area in PERSON_AREAS:
        waiting = int(getattr(people, area.kind))
        each_m2 = area.at(density)
        for k in sorted(free, key=lambda k: (-free[k], k)):
            if area.kind == "wheelchair" and k not in wide:
                continue
            placed = min(waiting, int(free[k] / each_m2 + _SLACK))
            free[k] -= placed * each_m2
            waiting -= placed
        left[area.kind] = waiting
    return People(left["adult"], left["child"], left["wheelchair"])
