"""How a floor plan looks: fills by use in even steps of lightness, accents, line weights, words."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from buildings.plan import Space

# Accents: the eight colours of Okabe and Ito, "Color Universal Design" (2008), which people with
# any common form of colour blindness can tell apart.
ORANGE: Final = "#E69F00"
SKY_BLUE: Final = "#56B4E9"
BLUISH_GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
REDDISH_PURPLE: Final = "#CC79A7"
INK: Final = "#1E1E1E"

WALL: Final = "#333333"
SOFT_INK: Final = "#6B6B6B"
EXIT_GREEN: Final = "#00734F"
"""A darker step of the bluish green: an arrow must stay visible on white in a grey copy."""

FONT: Final = "DejaVu Sans"
"""Comes with matplotlib, so the same plan gives the same picture on every machine."""


@dataclass(frozen=True, slots=True)
class Hatch:
    """Parallel lines over a fill: distance in points, direction in degrees, colour and weight."""

    spacing_pt: float
    angle_deg: float
    color: str
    width_pt: float = 0.35


@dataclass(frozen=True, slots=True)
class Fill:
    """The look of one group of uses, and its words in the legend."""

    key: str
    label: str
    color: str
    hatch: Hatch | None = None


# Tints of the accents mixed with white to CIE lightness 100, 95, 90.5, 86, 81.5 and 76: a grey
# copier keeps the steps, and the two groups closest to a neighbour carry a hatch as well.
CIRCULATION: Final = Fill("circulation", "Corridor, stair", "#FFFFFF")
TEACHING: Final = Fill("teaching", "Classroom", "#FBF0D7")
LABORATORY: Final = Fill("laboratory", "Lab, workshop", "#CCE8F8")
OFFICES: Final = Fill("offices", "Office, nurse", "#F3D1B6")
SHARED: Final = Fill("shared", "Gym, cafeteria, library", "#97D7C6")
SERVICE: Final = Fill("service", "Toilet, storage, plant", "#BBBBBB", Hatch(4.0, 45.0, "#989898"))
OTHER: Final = Fill("other", "Other room", "#EDEDED", Hatch(7.0, 135.0, "#C4C4C4"))
OUTDOOR: Final = Fill("outdoor", "Outdoor area", "#F1F8F2", Hatch(9.0, 0.0, "#D3E6D8"))

FILLS: Final = (CIRCULATION, TEACHING, LABORATORY, OFFICES, SHARED, SERVICE, OTHER, OUTDOOR)

_FILL_OF_USE: Final = MappingProxyType(
    {
        "classroom": TEACHING,
        "lab": LABORATORY,
        "office": OFFICES,
        "main_office": OFFICES,
        "nurse": OFFICES,
        "gym": SHARED,
        "cafeteria": SHARED,
        "library": SHARED,
        "auditorium": SHARED,
        "reunification": SHARED,
        "toilet": SERVICE,
        "storage": SERVICE,
        "kitchen": SERVICE,
        "mechanical": SERVICE,
        "vestibule": CIRCULATION,
        "circulation": CIRCULATION,
    }
)

_WORDS_OF_USE: Final = MappingProxyType(
    {
        "classroom": "Classroom",
        "lab": "Lab",
        "office": "Office",
        "main_office": "Main office",
        "nurse": "Nurse",
        "gym": "Gym",
        "cafeteria": "Cafeteria",
        "library": "Library",
        "auditorium": "Auditorium",
        "reunification": "Reunification",
        "toilet": "Toilets",
        "storage": "Storage",
        "kitchen": "Kitchen",
        "mechanical": "Plant room",
        "vestibule": "Vestibule",
    }
)

_WORDS_OF_KIND: Final = MappingProxyType(
    {
        "corridor": "Corridor",
        "hall": "Hall",
        "stair": "Stair",
        "landing": "",
        "ramp": "Ramp",
        "lift": "Lift",
        "outdoor": "Outdoor",
        "assembly": "Assembly area",
    }
)

POINT_MARKS: Final = MappingProxyType(
    {
        "aed": ("AED", BLUISH_GREEN),
        "camera": ("C", INK),
        "card_reader": ("K", INK),
        "command_post": ("CP", BLUE),
        "extinguisher": ("E", VERMILLION),
        "fire_panel": ("FP", VERMILLION),
        "first_aid": ("+", BLUISH_GREEN),
        "intercom": ("I", INK),
        "knox_box": ("KB", BLUE),
        "muster": ("M", BLUISH_GREEN),
        "pa_speaker": ("S", INK),
        "panic_button": ("P", VERMILLION),
        "psap_landline": ("T", BLUE),
        "pull_station": ("F", VERMILLION),
        "radio_dead_spot": ("R0", REDDISH_PURPLE),
        "radio_repeater": ("R", BLUE),
        "responder_entry": ("RE", BLUE),
        "roof_access": ("RA", BLUE),
        "utility": ("U", INK),
        "utility_shutoff": ("U0", INK),
    }
)
"""Letters and colour of the mark of each kind of point; other kinds are drawn as a dot."""


def fill_of(space: Space) -> Fill:
    """Return the fill of a space: by use, or by kind where the use says nothing."""
    if space.kind in ("outdoor", "assembly"):
        return OUTDOOR
    if space.kind in ("corridor", "stair", "landing", "ramp", "lift"):
        return CIRCULATION
    if space.kind == "hall" and space.use == "other":
        return CIRCULATION
    return _FILL_OF_USE.get(space.use, OTHER)


def words_of(space: Space) -> str:
    """Return what a space is called on the picture besides its number, or an empty string.

    The name, unless it repeats the number; else the word for its use; else that for its kind.
    """
    if space.name and space.name != space.number:
        return space.name
    if space.use in _WORDS_OF_USE and space.kind not in ("stair", "landing", "ramp", "lift"):
        return _WORDS_OF_USE[space.use]
    return _WORDS_OF_KIND.get(space.kind, "")
