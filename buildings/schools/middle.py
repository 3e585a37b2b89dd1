"""Cedar Middle School, invented: two storeys along a corridor, two stair cores, a gym wing."""

from __future__ import annotations

from typing import Final

from buildings.drawing import Door, Drawing
from buildings.drawing_exits import (
    discharge_to_nearest,
    number_exterior_doors,
    pull_stations_at_exits,
)
from buildings.drawing_sheet import Bay, Room
from buildings.drawing_stairs import half_turn_stair, lift
from buildings.plan import Level, Plan
from buildings.schools import hardware
from buildings.schools.middle_gym_wing import draw_gym_wing
from buildings.schools.rooms import classrooms, toilets

STOREY_M: Final = 4.2
LENGTH_M: Final = 80.85
DEPTH_M: Final = 7.65
CORRIDOR_M: Final = 3.0
CENTRE_M: Final = LENGTH_M / 2
"""The axis of symmetry: entrance, link corridor and gym wing lie on it."""

PUPILS: Final = 606
STAFF: Final = 44

_WEST_X: Final = (3.35, 12.35, 21.35)
# three rooms each: south-west, south-east, north-west, north-east
_NAMES: Final = {
    "L1": (
        ("Maths 6", "English 6", "Social studies 6"), ("Art", "Technology lab", "Spanish"),
        ("Science 6 lab", "Maths 6", "English 6"), ("Resource room", "English 7", "Maths 7"),
    ),
    "L2": (
        ("Maths 8", "English 8", "Social studies 8"), ("French", "Maths 7", "Social studies 7"),
        ("Science 8 lab", "English 8", "Maths 8"), ("English 7", "Social studies 7",
                                                    "Science 7 lab"),
    ),
}  # fmt: skip
_PUPILS: Final = {
    "L1": ((24, 23, 24), (22, 20, 24), (24, 25, 23), (12, 25, 24)),
    "L2": ((24, 25, 24), (22, 25, 23), (24, 23, 24), (24, 22, 22)),
}
_LEVELS: Final = (
    Level("L1", 0, "Ground floor", 0.0, STOREY_M, "1"),
    Level("L2", 1, "Upper floor", STOREY_M, STOREY_M, "2"),
)


def draw() -> Plan:
    """Return the plan of Cedar Middle School: 606 pupils and 44 staff in class time.

    Examples
    --------
    >>> plan = draw()
    >>> sum(space.occupants_default or 0 for space in plan.spaces.values())
    606
    """
    drawing = Drawing(_LEVELS)
    for level in ("L1", "L2"):
        _corridor_and_service_core(drawing, level)
        _teaching_rooms(drawing, level)
    _stairs_and_lift(drawing)
    main_door = _entrance(drawing)
    _offices(drawing)
    _upper_centre(drawing)
    draw_gym_wing(drawing)
    _site(drawing, main_door)
    return drawing.plan(
        "cedar-middle",
        "Cedar Middle School",
        north_deg=12.0,
        defaults={"wall_t": 0.15},
        sources=(
            "drawn for this project; no real school is shown",
            f"people in class time: {PUPILS} pupils (occupants_default), 26 teachers, one in every "
            f"room with pupils, and 18 other staff: {PUPILS + STAFF}",
        ),
    )


def _corridor_and_service_core(drawing: Drawing, level: str) -> None:
    """Draw the long corridor of a storey, its toilets, lift lobby rooms and ends."""
    floor = level[1]
    corridor = drawing.space(
        f"S-C{floor}", level, "corridor", "circulation", (0.0, 0.0, LENGTH_M, CORRIDOR_M),
        name="Corridor", public_address="yes", zone="academic",
    )  # fmt: skip
    pair = drawing.row(
        level, (30.35, 3.15), "E", 5.25,
        (Bay(f"{floor}08", 3.975, "toilet", "Girls"), Bay(f"{floor}10", 3.975, "toilet", "Boys")),
        zone="academic",
    )  # fmt: skip
    toilets(drawing, pair, corridor)
    # staff side, east of the axis: 42.375 to 50.5, beside the lift
    small = drawing.row(
        level, (44.725, 3.15), "E", 3.0,
        (Bay(f"{floor}12", 1.9, "toilet", "Staff"), Bay(f"{floor}14", 1.9, "toilet", "Staff"),
         Bay(f"{floor}16", 1.675, "storage", "Custodian")),
        zone="academic",
    )  # fmt: skip
    for room in small[:2]:
        drawing.door(room, corridor, at="middle", hardware=hardware.TOILET_SINGLE)
        drawing.change(room, public_address="no")
    drawing.door(small[2], corridor, at="middle", hardware=hardware.STORE)


def _teaching_rooms(drawing: Drawing, level: str) -> None:
    """Draw three rooms on either side of the middle, on both sides of the corridor."""
    floor, ground = level[1], level == "L1"
    names = _NAMES[level]
    counts = _PUPILS[level]
    corridor = f"S-C{floor}"
    rows = (
        (0.0, -7.8, "S", 1, "west"),
        (54.0, -7.8, "S", 15, "east"),
        (_WEST_X[0], 3.15, "N", 2, "west"),
        (LENGTH_M - 30.2, 3.15, "N", 18, "east"),
    )
    for row, (x, y, side, first, wing) in enumerate(rows):
        bays = [
            Bay(f"{floor}0{first + 2 * i}" if first + 2 * i < 10 else f"{floor}{first + 2 * i}",
                8.85, "lab" if "lab" in names[row][i] else "classroom", names[row][i])
            for i in range(3)
        ]  # fmt: skip
        rooms = drawing.row(level, (x, y), "E", DEPTH_M, bays, zone=f"{wing}-{floor}")
        classrooms(
            drawing, rooms, corridor, "S" if side == "S" else "N",
            pupils=counts[row], first_set=3 * row + (0 if ground else 5),
            doors=("high", "low", "high") if row % 2 else ("low", "high", "low"),
            ground_floor=ground,
        )  # fmt: skip


def _stairs_and_lift(drawing: Drawing) -> None:
    """Draw a stair core at either end, each with its own way out, and the lift."""
    boxes = {
        "A": (0.0, 3.15, 3.2, 10.8),
        "B": (LENGTH_M - 3.2, 3.15, LENGTH_M, 10.8),
    }
    for letter, box in boxes.items():
        core = half_turn_stair(
            drawing, letter, box, "N", lower="L1", upper="L2", rise_m=STOREY_M, steps=24,
            first_flight="E" if letter == "A" else "W",
        )  # fmt: skip
        drawing.door("S-C1", core.lower_landing, width_m=1.83, hardware=hardware.STAIR_PAIR)
        drawing.door("S-C2", core.upper_landing, width_m=1.83, hardware=hardware.STAIR_PAIR)
        drawing.exit(
            core.lower_landing, "W" if letter == "A" else "E", at=4.6, width_m=1.05,
            hardware=hardware.EXIT_SINGLE,
        )  # fmt: skip
    shaft = lift(drawing, "A", (42.375, 3.15, 44.575, 6.15), ("L1", "L2"), 10)
    for level, corridor in (("L1", "S-C1"), ("L2", "S-C2")):
        drawing.door(shaft, corridor, width_m=1.07, hardware=hardware.LIFT_DOOR, level=level)
    drawing.exit("S-C1", "W", hardware=hardware.EXIT_PAIR)
    drawing.exit("S-C1", "E", hardware=hardware.EXIT_CARD)
    for side in ("W", "E"):
        drawing.windows("S-C2", side, 1, 1.8, sill_m=0.6, head_m=2.6)


def _entrance(drawing: Drawing) -> str:
    """Draw vestibule and lobby on the axis; return the main door."""
    west, east = CENTRE_M - 3.075, CENTRE_M + 3.075
    lobby = drawing.space(
        "S-LOBBY", "L1", "hall", "circulation", (west, -4.9, east, -0.15), name="Lobby",
        public_address="yes", zone="entrance",
    )  # fmt: skip
    vestibule = drawing.space(
        "S-VEST", "L1", "hall", "vestibule", (west, -7.8, east, -5.05), name="Vestibule",
        public_address="yes", zone="entrance",
    )  # fmt: skip
    drawing.opening(lobby, "S-C1", width_m=5.4)
    for offset in (-1.25, 1.25):
        drawing.door(lobby, vestibule, at=CENTRE_M + offset, width_m=1.83,
                     hardware=hardware.ENTRANCE_INNER)  # fmt: skip
        main_door = drawing.exit(
            vestibule, "S", at=CENTRE_M + offset, hardware=hardware.ENTRANCE_OUTER
        )
    return main_door


def _offices(drawing: Drawing) -> None:
    """Draw the main office west of the lobby, nurse and counselling east of it."""
    rooms: tuple[Room, ...] = (
        ("107", (32.4, -7.8, 37.2, -0.15), "main_office", "Main office"),
        ("107A", (27.0, -7.8, 32.25, -4.4), "office", "Principal"),
        ("107B", (27.0, -4.25, 32.25, -0.15), "office", "Conference"),
        ("109", (43.65, -7.8, 48.0, -2.6), "nurse", "Nurse"),
        ("109A", (43.65, -2.45, 45.65, -0.15), "toilet", "Toilet"),
        ("111", (45.8, -2.45, 48.0, -0.15), "storage", "Records"),
        ("113", (48.15, -3.0, 53.85, -0.15), "office", "Counselling"),
        ("113A", (48.15, -7.8, 50.9, -3.15), "office", "Counsellor"),
        ("113B", (51.05, -7.8, 53.85, -3.15), "office", "Counsellor"),
    )
    for number, box, use, name in rooms:
        drawing.room(number, "L1", box, use, name=name, zone="entrance")
    drawing.change("S-109A", public_address="no")
    doors: tuple[Door, ...] = (
        ("S-107", "S-LOBBY", -1.6, hardware.OFFICE),
        ("S-107", "S-VEST", -6.6, hardware.OFFICE_REMOTE),
        ("S-107A", "S-107", "high", hardware.OFFICE_INNER),
        ("S-107B", "S-107", "low", hardware.OFFICE_INNER),
        ("S-109", "S-LOBBY", "high", hardware.OFFICE),
        ("S-109A", "S-109", "middle", hardware.TOILET_SINGLE),
        ("S-111", "S-C1", "middle", hardware.STORE),
        ("S-113", "S-C1", "middle", hardware.OFFICE),
        ("S-113A", "S-113", "low", hardware.OFFICE_INNER),
        ("S-113B", "S-113", "high", hardware.OFFICE_INNER),
    )
    for first, second, at, hung in doors:
        drawing.door(first, second, at=at, hardware=hung)
    drawing.door("S-107B", "S-C1", at="middle", hardware=hardware.OFFICE)
    drawing.windows("S-107", "S-VEST", 1, 0.9, at=-5.6, sill_m=1.0, head_m=1.9)
    for room, count in (("S-107", 2), ("S-107A", 2), ("S-109", 2), ("S-113A", 1), ("S-113B", 1)):
        drawing.windows(room, "S", count, 1.5, cover="blind", cover_default="open",
                        cover_close_s=15.0)  # fmt: skip


def _upper_centre(drawing: Drawing) -> None:
    """Draw the library above the entrance, and the teachers' rooms behind the toilets."""
    drawing.room(
        "207", "L2", (27.0, -7.8, 48.0, -0.15), "library", kind="hall", name="Library",
        capacity=86, occupants_default=0, zone="academic",
    )  # fmt: skip
    drawing.room("209", "L2", (48.15, -7.8, 53.85, -0.15), "classroom", name="Computer room",
                 capacity=23, occupants_default=0, zone="east-2")  # fmt: skip
    for at in (29.0, 44.5):
        drawing.door("S-207", "S-C2", at=at, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door("S-209", "S-C2", at="high", hardware=hardware.CLASSROOM_TURN_PANEL)
    drawing.door("S-209", "S-207", at="low", hardware=hardware.INNER)
    drawing.windows("S-207", "S", 7, 2.1, cover="blind", cover_default="open", cover_close_s=40.0)
    for at in (34.6, 38.9):
        drawing.windows("S-207", "S-C2", 1, 3.0, at=at, sill_m=0.9, head_m=2.1)
    drawing.windows("S-209", "S", 2, 2.1, cover="blind", cover_default="closed")
    drawing.room(
        "212A", "L2", [(38.625, 3.15, 42.225, 10.8), (42.225, 6.3, 50.5, 10.8)], "office",
        name="Teachers", zone="academic",
    )  # fmt: skip
    drawing.room("208A", "L2", (30.35, 8.55, 38.475, 10.8), "mechanical", name="Air handling",
                 zone="academic")  # fmt: skip
    drawing.door("S-212A", "S-C2", at="middle", hardware=hardware.OFFICE)
    drawing.door("S-208A", "S-212A", at="middle", hardware=hardware.PLANT)
    drawing.windows("S-212A", "N", 4, 1.8, cover="blind", cover_default="open", cover_close_s=20.0)


def _site(drawing: Drawing, main_door: str) -> None:
    """Mark gathering places, number the doors, and place devices."""
    for space_id, box, name, capacity in (
        ("S-AREA-A", (4.0, -48.0, 34.0, -33.0), "Assembly A · front lawn", 320),
        ("S-AREA-B", (107.0, 2.0, 122.0, 32.0), "Assembly B · east field", 320),
        ("S-AREA-C", (-48.0, 22.0, -33.0, 47.0), "Assembly C · west court", 260),
        ("S-AREA-D", (46.0, 78.0, 76.0, 92.0), "Assembly D · ball field", 300),
    ):
        drawing.assembly(space_id, "L1", box, name, "evac_assembly", capacity)
    drawing.assembly("S-REUNION", "L1", (60.0, -60.0, 85.0, -46.0), "Reunification · bus loop",
                     "reunification", 700)  # fmt: skip
    number_exterior_doors(drawing, main_door)
    discharge_to_nearest(drawing)
    pull_stations_at_exits(drawing)
    add = drawing.point
    add("panic_button", "L1", 34.8, -3.0, name="main office desk")
    add("psap_landline", "L1", 34.2, -3.0, name="main office desk")
    add("fire_panel", "L1", CENTRE_M + 2.9, -6.4, name="vestibule")
    add("knox_box", "L1", CENTRE_M - 2.7, -8.25, name="left of door 1")
    add("responder_entry", "L1", CENTRE_M, -9.5, name="main entrance")
    add("intercom", "L1", CENTRE_M + 2.7, -8.25, name="right of door 1")
    add("aed", "L1", CENTRE_M + 2.9, -1.2, name="lobby")
    add("aed", "L1", 44.2, 30.9, name="outside the gym")
    add("aed", "L2", CENTRE_M, 0.3, name="outside the library")
    add("first_aid", "L1", 47.6, -5.0, name="nurse")
    add("utility_shutoff", "L1", 40.0, 47.0, name="gas")
    add("utility_shutoff", "L1", 30.8, 9.6, name="electricity")
    add("radio_dead_spot", "L1", 42.0, 42.5, name="boiler room")
    for level in ("L1", "L2"):
        for x in (13.5, 31.5, 49.3, 67.3):
            add("pa_speaker", level, x, 1.5)
        for x, bearing in ((1.0, 90.0), (LENGTH_M - 1.0, 270.0)):
            add("camera", level, x, 1.5, bearing_deg=bearing, fov_deg=70.0, range_m=30.0)
        for x in (20.0, 60.0):
            add("extinguisher", level, x, 2.8)
    for x in (16.0, 36.0, 60.0):
        add("pa_speaker", "L1", x, 29.6)
    add("pa_speaker", "L1", 19.5, 39.0)
    add("pa_speaker", "L1", 58.4, 41.0)
    add("camera", "L1", CENTRE_M, -0.5, bearing_deg=180.0, fov_deg=90.0, range_m=12.0)
    add("camera", "L1", 10.0, 29.6, bearing_deg=90.0, fov_deg=60.0, range_m=35.0)
