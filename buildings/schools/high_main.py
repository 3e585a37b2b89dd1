"""The main building of Birch High School: two bars of classrooms around two courtyards."""

from __future__ import annotations

from typing import Final, Literal

from buildings.drawing import Drawing
from buildings.drawing_sheet import Bay
from buildings.drawing_stairs import half_turn_stair, lift
from buildings.drawing_walls import Side
from buildings.plan import SpaceUse
from buildings.schools import hardware
from buildings.schools.high_front import draw_front
from buildings.schools.rooms import classrooms, toilets

STOREY_M: Final = 4.2
LENGTH_M: Final = 78.95
CENTRE_M: Final = LENGTH_M / 2
_DEPTH_M: Final = 7.65
_SOUTH: Final = (0.0, 3.6)
_NORTH: Final = (33.8, 37.4)
_CORE_M: Final = 3.4
_BAY_M: Final = 9.0
_PASSAGE: Final = (36.85, 42.1)
"""The passage on the axis, from either corridor to the commons between the bars."""
_ENDS: Final[tuple[Side, Side]] = ("W", "E")
_COMMONS: Final = (30.75, 11.55, 48.2, 25.85)

# rows of rooms from south to north: outer south, inner south, inner north, outer north
_SUBJECTS: Final = {
    "L1": (
        ("English 9", "English 9", "Algebra", "Algebra"),
        ("World history", "English 10", "Geometry", "Health", "Spanish", "French"),
        ("Biology lab", "Biology lab", "Biology", "Earth science", "Geometry", "Support"),
        ("Wood shop lab", "Drafting", "Robotics lab", "Art", "Ceramics", "Business",
         "Computer lab", "Driver education"),
    ),
    "L2": (
        ("English 11", "English 11", "English 12", "English 12", "Statistics", "Algebra II",
         "Algebra II", "Calculus"),
        ("US history", "US history", "Government", "Economics", "Psychology", "Spanish II"),
        ("Chemistry lab", "Chemistry lab", "Chemistry", "Physics", "Physics lab", "Support"),
        ("Chinese", "German", "English 10", "World history", "Geometry", "Precalculus",
         "Computer lab", "Yearbook"),
    ),
}  # fmt: skip
# 46 rooms in use with 26 pupils on average; six stand empty for their teacher to prepare lessons
_PUPILS: Final = {
    "L1": ((29, 27, 27, 26), (27, 27, 26, 0, 26, 27), (25, 25, 26, 26, 26, 14),
           (24, 0, 24, 27, 24, 28, 28, 0)),
    "L2": ((28, 28, 27, 27, 26, 27, 26, 27), (28, 27, 27, 26, 0, 26), (25, 25, 27, 26, 25, 14),
           (26, 0, 28, 27, 27, 28, 29, 0)),
}  # fmt: skip


def draw_main_building(drawing: Drawing) -> str:
    """Draw both storeys and return the main door."""
    for level in ("L1", "L2"):
        _circulation(drawing, level)
        _service_rooms(drawing, level)
    courts = _courts(drawing)
    for level in ("L1", "L2"):
        _classrooms(drawing, level, courts if level == "L1" else None)
    _stairs(drawing)
    _commons_and_library(drawing, courts)
    return draw_front(drawing)


def _circulation(drawing: Drawing, level: str) -> None:
    """Draw two long corridors, the passages at either end that join them, and the short ones."""
    floor = level[1]
    corridors = []
    for name, (low, high), words in (("S", _SOUTH, "South hall"), ("N", _NORTH, "North hall")):
        corridors.append(
            drawing.space(
                f"S-C{floor}{name}",
                level,
                "corridor",
                "circulation",
                (0.0, low, LENGTH_M, high),
                name=words,
                public_address="yes",
                zone=f"{words[:5].lower()}-{floor}",
            )
        )
    inner = (_SOUTH[1] + 0.15, _NORTH[0] - 0.15)
    for name, x in (("W", 0.0), ("E", LENGTH_M - 3.6)):
        hall = drawing.space(
            f"S-C{floor}{name}", level, "corridor", "circulation", (x, inner[0], x + 3.6, inner[1]),
            name="West hall" if name == "W" else "East hall", public_address="yes",
            zone=f"ends-{floor}",
        )  # fmt: skip
        for corridor in corridors:
            drawing.opening(hall, corridor)
        side = "W" if name == "W" else "E"
        drawing.windows(hall, side, 6, 2.1, sill_m=0.6, head_m=2.6)
    commons_south, commons_north = _COMMONS[1] - 0.15, _COMMONS[3] + 0.15
    for name, low, high in (("S", inner[0], commons_south), ("N", commons_north, inner[1])):
        passage = drawing.space(
            f"S-C{floor}{name}P", level, "corridor", "circulation",
            (_PASSAGE[0], low, _PASSAGE[1], high), name="Passage", public_address="yes",
            zone=f"centre-{floor}",
        )  # fmt: skip
        drawing.opening(passage, corridors[0] if name == "S" else corridors[1])


def _service_rooms(drawing: Drawing, level: str) -> None:
    """Draw toilets west of the passages, lift and stores east of them, in both bars."""
    floor = level[1]
    for name, y, tens in (("S", _SOUTH[1] + 0.15, 0), ("N", 26.0, 3)):
        zone = f"{'south' if name == 'S' else 'north'}-{floor}"
        pair = drawing.row(
            level, (30.75, y), "E", _DEPTH_M,
            (Bay(f"{floor}{tens}8", 2.9, "toilet", "Girls"),
             Bay(f"{floor}{tens + 1}0", 2.9, "toilet", "Boys")),
            zone=zone,
        )  # fmt: skip
        toilets(drawing, pair, f"S-C{floor}{name}")
    south, north = f"S-C{floor}S", f"S-C{floor}N"
    drawing.row(
        level, (44.6, _SOUTH[1] + 0.15), "E", 3.0,
        (Bay(f"{floor}10A", 1.75, "toilet", "Staff"),
         Bay(f"{floor}10B", 1.7, "storage", "Custodian")),
        zone=f"south-{floor}",
    )  # fmt: skip
    drawing.door(f"S-{floor}10A", south, hardware=hardware.TOILET_SINGLE)
    drawing.change(f"S-{floor}10A", public_address="no")
    drawing.door(f"S-{floor}10B", south, hardware=hardware.STORE)
    drawing.room(f"{floor}10C", level, (42.25, 6.9, 48.2, 11.4), "mechanical", name="Electrical",
                 zone=f"south-{floor}", public_address="no")  # fmt: skip
    drawing.door(f"S-{floor}10C", f"S-C{floor}SP", width_m=1.07, hardware=hardware.PLANT)
    drawing.room(f"{floor}40A", level, (42.25, 26.0, 48.2, 33.65), "office", name="Teachers",
                 zone=f"north-{floor}")  # fmt: skip
    drawing.door(f"S-{floor}40A", north, at="low", hardware=hardware.OFFICE)


def _courts(drawing: Drawing) -> tuple[str, str]:
    """Draw the two courtyards, closed on all sides."""
    made = []
    for name, west, east in (("W", 3.9, 30.45), ("E", 48.5, 75.05)):
        court = drawing.space(
            f"S-COURT-{name}", "L1", "outdoor", "other", (west, 11.7, east, 25.7),
            name="West court" if name == "W" else "East court", public_address="no", zone="courts",
        )  # fmt: skip
        drawing.door("S-C1W" if name == "W" else "S-C1E", court, width_m=1.83,
                     hardware=hardware.EXIT_PAIR, lock_state="unlocked")  # fmt: skip
        made.append(court)
    return made[0], made[1]


def _classrooms(drawing: Drawing, level: str, courts: tuple[str, str] | None) -> None:
    """Draw the four rows of a storey; the inner rows look on the courtyards."""
    floor, ground = level[1], level == "L1"
    outer_x = [_CORE_M + 0.15 + _BAY_M * i for i in range(8)]
    inner_x = [3.75 + _BAY_M * i for i in range(3)]
    inner_x += [LENGTH_M - x - 8.85 for x in reversed(inner_x)]
    bays = [0, 1, 6, 7] if ground else list(range(8))
    rows: tuple[tuple[list[float], list[int], float, Side, str], ...] = (
        ([outer_x[i] for i in bays], [1 + 2 * i for i in bays], -7.8, "S", "S"),
        (inner_x, [2, 4, 6, 12, 14, 16], _SOUTH[1] + 0.15, "N", "S"),
        (inner_x, [32, 34, 36, 42, 44, 46], 26.0, "S", "N"),
        (outer_x, [31 + 2 * i for i in range(8)], _NORTH[1] + 0.15, "N", "N"),
    )
    for row, (places, numbers, y, side, bar) in enumerate(rows):
        rooms = []
        for x, number, subject in zip(places, numbers, _SUBJECTS[level][row], strict=True):
            use: SpaceUse = "lab" if "lab" in subject else "classroom"
            zone = (
                f"{'south' if bar == 'S' else 'north'}-{floor}-{'west' if x < CENTRE_M else 'east'}"
            )
            rooms.append(
                drawing.room(
                    f"{floor}{number:02d}",
                    level,
                    (x, y, x + 8.85, y + _DEPTH_M),
                    use,
                    name=subject,
                    zone=zone,
                    hazard="gas;chemical" if "Chemistry lab" in subject else None,
                )
            )
        half = len(rooms) // 2
        for part in (0, 1):
            chosen = slice(0, half) if part == 0 else slice(half, None)
            court = courts[part] if courts is not None and row in (1, 2) else None
            classrooms(
                drawing, rooms[chosen], f"S-C{floor}{bar}", side,
                pupils=_PUPILS[level][row][chosen],
                first_set=3 * row + 2 * part + (0 if ground else 4),
                doors=("low", "high") if part == 0 else ("high", "low"), window_to=court,
                ground_floor=ground,
            )  # fmt: skip


def _stairs(drawing: Drawing) -> None:
    """Draw a stair at each corner, a way out beside it and at the ends of both corridors."""
    east = LENGTH_M - _CORE_M
    south_y, north_y = (-7.8, -0.15), (_NORTH[1] + 0.15, _NORTH[1] + 0.15 + _DEPTH_M)
    cores: tuple[tuple[str, float, tuple[float, float], Literal["N", "S"]], ...] = (
        ("A", 0.0, south_y, "S"),
        ("B", east, south_y, "S"),
        ("C", 0.0, north_y, "N"),
        ("D", east, north_y, "N"),
    )
    for letter, x, (low, high), bar in cores:
        core = half_turn_stair(
            drawing, letter, (x, low, x + _CORE_M, high), bar, lower="L1", upper="L2",
            rise_m=STOREY_M, steps=24, width_m=1.6, first_flight="E" if x == 0.0 else "W",
            refuge=True,
        )  # fmt: skip
        for floor, landing in (("1", core.lower_landing), ("2", core.upper_landing)):
            drawing.door(f"S-C{floor}{bar}", landing, width_m=1.83, hardware=hardware.STAIR_PAIR)
        drawing.exit(
            core.lower_landing, "W" if x == 0.0 else "E", width_m=1.05,
            hardware=hardware.EXIT_SINGLE,
        )  # fmt: skip
    for bar in ("S", "N"):
        for side in _ENDS:
            hung = hardware.EXIT_CARD if bar == "N" else hardware.EXIT_PAIR
            drawing.exit(f"S-C1{bar}", side, hardware=hung)
            drawing.windows(f"S-C2{bar}", side, 1, 1.8, sill_m=0.6, head_m=2.6)
    shaft = lift(drawing, "A", (42.25, 3.75, 44.45, 6.75), ("L1", "L2"), 13)
    for level in ("L1", "L2"):
        drawing.door(shaft, f"S-C{level[1]}S", width_m=1.07, hardware=hardware.LIFT_DOOR,
                     level=level)  # fmt: skip


def _commons_and_library(drawing: Drawing, courts: tuple[str, str]) -> None:
    """Draw the commons between the bars and the library above it."""
    commons = drawing.room("120", "L1", _COMMONS, "cafeteria", kind="hall", name="Commons",
                           capacity=170, occupants_default=0, height_m=4.0,
                           zone="centre-1")  # fmt: skip
    library = drawing.room("220", "L2", _COMMONS, "library", kind="hall", name="Library",
                           capacity=100, occupants_default=0, zone="centre-2")  # fmt: skip
    for name in ("S", "N"):
        drawing.opening(commons, f"S-C1{name}P", width_m=4.2)
        drawing.door(library, f"S-C2{name}P", width_m=1.83, hardware=hardware.HALL_PAIR)
    for side, court in zip(("W", "E"), courts, strict=True):
        drawing.door(commons, court, at=18.7, width_m=1.83, hardware=hardware.EXIT_PAIR,
                     lock_state="unlocked")  # fmt: skip
        for at in (14.0, 23.4):
            drawing.windows(commons, court, 1, 3.0, at=at, sill_m=0.3, head_m=3.0)
        drawing.windows(library, side, 3, 3.0, sill_m=0.9, head_m=2.7, cover="blind",
                        cover_default="open", cover_close_s=40.0)  # fmt: skip
    drawing.furniture(library, "N", 0.4, 4.8, 0.5, "Bookcases")
    drawing.furniture(library, "S", 0.4, 4.8, 0.5, "Bookcases")
