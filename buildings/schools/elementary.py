"""Maple Elementary School, invented: one storey, three classroom wings with courts between them."""

from __future__ import annotations

from typing import Final, Literal

from buildings.drawing import Drawing
from buildings.drawing_exits import (
    discharge_to_nearest,
    number_exterior_doors,
    pull_stations_at_exits,
)
from buildings.drawing_sheet import Bay
from buildings.plan import Level, Plan
from buildings.schools import hardware
from buildings.schools.elementary_front import draw_front
from buildings.schools.rooms import classrooms, toilets

LENGTH_M: Final = 83.0
SPINE_M: Final = 3.0
WING_CORRIDOR_M: Final = 2.7
ROOM_DEPTH_M: Final = 8.0
WING_PITCH_M: Final = 32.0
"""From wing to wing; what is left between two of them is a court."""

PUPILS: Final = 320
STAFF: Final = 30

_BAND_Y: Final = 3.15
_ROOMS_Y: Final = 8.15
_GRADES: Final = (
    (("Grade 3 A", "Grade 3 B", "Grade 4 A"), ("Grade 4 B", "Grade 5 A", "Grade 5 B")),
    (("Grade 1 A", "Grade 1 B", "Special education"), ("Grade 2 A", "Grade 2 B", "Grade 1 C")),
    (("Kindergarten A", "Kindergarten B"), ("Kindergarten C", "Kindergarten D")),
)
_PUPILS: Final = (
    ((22, 22, 22), (21, 22, 21)),
    ((21, 20, 11), (22, 22, 20)),
    ((18, 19), (18, 19)),
)


def draw() -> Plan:
    """Return the plan of Maple Elementary School: 320 pupils and 30 staff in class time.

    Examples
    --------
    >>> plan = draw()
    >>> sum(space.occupants_default or 0 for space in plan.spaces.values())
    320
    """
    drawing = Drawing((Level("L1", 0, "Ground floor", 0.0, 3.4, "1"),))
    spine = drawing.space(
        "S-C1", "L1", "corridor", "circulation", (0.0, 0.0, LENGTH_M, SPINE_M), name="Main hall",
        public_address="yes", zone="spine",
    )  # fmt: skip
    courts = _courts(drawing, spine)
    for wing, letter in enumerate("ABC"):
        _wing(drawing, spine, wing, letter)
    _teaching_rooms(drawing)
    _kindergarten(drawing, courts[1])
    main_door = draw_front(drawing, spine)
    drawing.exit(spine, "W", hardware=hardware.EXIT_PAIR)
    drawing.exit(spine, "E", hardware=hardware.EXIT_PAIR)
    _site(drawing, main_door)
    return drawing.plan(
        "maple-elementary",
        "Maple Elementary School",
        north_deg=348.0,
        defaults={"wall_t": 0.15},
        sources=(
            "drawn for this project; no real school is shown",
            f"people in class time: {PUPILS} pupils (occupants_default), 16 teachers, one in every "
            f"room with pupils, and 14 other staff: {PUPILS + STAFF}",
        ),
    )


def _courts(drawing: Drawing, spine: str) -> tuple[str, str]:
    """Draw the garden and the kindergarten yard between the wings, each with a gate north."""
    garden = drawing.space(
        "S-GARDEN", "L1", "outdoor", "other", (19.3, 3.3, 31.7, 33.5), name="Learning garden",
        public_address="no", zone="courts",
    )  # fmt: skip
    yard = drawing.space(
        "S-YARD", "L1", "outdoor", "other", (51.3, 3.3, 63.7, 33.5), name="Kindergarten yard",
        public_address="yes", zone="courts",
    )  # fmt: skip
    for court, x in ((garden, 25.5), (yard, 57.5)):
        drawing.door(spine, court, at=x, width_m=1.83, hardware=hardware.EXIT_PAIR)
        drawing.gate(court, "N", number="G1" if court == garden else "G2", at=x, lock="inside",
                     lock_key="none", lock_state="unlocked", swing="out", leaves=2)  # fmt: skip
        for offset in (-4.0, 4.0):
            drawing.windows(spine, court, 1, 2.4, at=x + offset, sill_m=0.6, head_m=2.4)
    return garden, yard


def _wing(drawing: Drawing, spine: str, wing: int, letter: str) -> None:
    """Draw the corridor of a wing and the band of toilets and stores at its root."""
    x = wing * WING_PITCH_M
    north = 33.2 if wing < 2 else 27.0
    middle = x + ROOM_DEPTH_M + 0.15
    hall = drawing.space(
        f"S-C{wing + 2}", "L1", "corridor", "circulation",
        (middle, _BAND_Y, middle + WING_CORRIDOR_M, north), name=f"Wing {letter}",
        public_address="yes", zone=f"wing-{letter.lower()}",
    )  # fmt: skip
    drawing.opening(hall, spine)
    drawing.exit(hall, "N", hardware=hardware.EXIT_PAIR if wing != 1 else hardware.EXIT_CARD)
    depth = _ROOMS_Y - 0.15 - _BAND_Y
    zone = f"wing-{letter.lower()}"
    pair = drawing.row(
        "L1", (x, _BAND_Y), "E", depth,
        (Bay(f"{letter}01", 3.925, "toilet", "Girls"), Bay(f"{letter}02", 3.925, "toilet", "Boys")),
        zone=zone,
    )  # fmt: skip
    toilets(drawing, pair, spine)
    stores = drawing.row("L1", (x + 11.0, _BAND_Y), "E", depth, _STORES[wing], zone=zone)
    for store in stores:
        space = drawing.spaces[store]
        if space.use == "toilet":
            drawing.door(store, spine, hardware=hardware.TOILET_SINGLE)
            drawing.change(store, public_address="no")
        else:
            hung = hardware.OFFICE if space.use == "office" else hardware.STORE
            drawing.door(store, spine, hardware=hung)


_STORES: Final = (
    (Bay("A03", 2.6, "storage", "Custodian"), Bay("A04", 5.25, "office", "Reading support")),
    (Bay("B03", 1.9, "toilet", "Staff"), Bay("B04", 1.9, "toilet", "Staff"),
     Bay("B05", 3.9, "storage", "Book room")),
    (Bay("C03", 2.6, "mechanical", "Data"), Bay("C04", 5.25, "office", "Speech therapy")),
)  # fmt: skip


def _teaching_rooms(drawing: Drawing) -> None:
    """Draw six classrooms in each of the two long wings, three on either side."""
    for wing, letter in enumerate("AB"):
        for side in (0, 1):
            x = wing * WING_PITCH_M + side * (ROOM_DEPTH_M + WING_CORRIDOR_M + 0.30)
            first = 11 + side
            bays = [
                Bay(f"{letter}{first + 2 * i}", 8.25, name=name)
                for i, name in enumerate(_GRADES[wing][side])
            ]
            rooms = drawing.row("L1", (x, _ROOMS_Y), "N", ROOM_DEPTH_M, bays,
                                zone=f"wing-{letter.lower()}")  # fmt: skip
            court = {(0, 1): "S-GARDEN", (1, 0): "S-GARDEN", (1, 1): "S-YARD"}.get((wing, side))
            classrooms(
                drawing, rooms, f"S-C{wing + 2}", "W" if side == 0 else "E",
                pupils=_PUPILS[wing][side], first_set=6 * wing + 3 * side, window_to=court,
                doors=("high", "low", "high") if side == 0 else ("low", "high", "low"),
            )  # fmt: skip


def _kindergarten(drawing: Drawing, yard: str) -> None:
    """Draw four kindergarten rooms, each with a toilet of its own and a door to the open."""
    frontage = (27.0 - _ROOMS_Y - 0.15) / 2
    for side in (0, 1):
        x = 2 * WING_PITCH_M + side * (ROOM_DEPTH_M + WING_CORRIDOR_M + 0.30)
        rooms = []
        for i, name in enumerate(_GRADES[2][side]):
            y = _ROOMS_Y + i * (frontage + 0.15)
            # the toilet stands in the corner by the corridor, at the wall shared by the two rooms
            low = y + frontage - 1.8 if i == 0 else y
            wet = (x + 6.1, low, x + 8.0, low + 1.8) if side == 0 else (x, low, x + 1.9, low + 1.8)
            dry = (
                (x, y, x + 5.95, y + frontage)
                if side == 0
                else (x + 2.05, y, x + 8.0, y + frontage)
            )
            rest = (y, low - 0.15) if i == 0 else (low + 1.95, y + frontage)
            strip = (
                (x + 5.95, rest[0], x + 8.0, rest[1])
                if side == 0
                else (x, rest[0], x + 2.05, rest[1])
            )
            number = f"C{11 + side + 2 * i}"
            room = drawing.room(number, "L1", [dry, strip], name=name, zone="wing-c")
            toilet = drawing.room(f"{number}A", "L1", wet, "toilet", name="Toilet", zone="wing-c",
                                  public_address="no")  # fmt: skip
            drawing.door(toilet, room, width_m=0.865, hardware=hardware.TOILET, near=(x + 4, low))
            rooms.append(room)
            at: Literal["low", "high"] = "low" if i == 0 else "high"
            if side == 0:
                drawing.door(room, yard, at=at, hardware=hardware.EXIT_CLASSROOM)
            else:
                drawing.exit(room, "E", at=at, width_m=0.915, hardware=hardware.EXIT_CLASSROOM)
            for shift in (2.6, 5.2):
                middle = y + (1.0 + shift if i == 0 else frontage - 1.0 - shift)
                target = yard if side == 0 else "E"
                drawing.windows(room, target, 1, 2.1, at=middle, sill_m=0.6, cover="blind",
                                cover_default="open", cover_close_s=20.0)  # fmt: skip
        classrooms(
            drawing, rooms, "S-C4", None, pupils=_PUPILS[2][side], first_set=12 + 2 * side,
            doors=("low", "high"), furnished=False,
        )  # fmt: skip
    drawing.furniture("S-C11", "S", 2.2, 2.4, 0.6, "Tall cupboards")
    drawing.furniture("S-C14", "N", 3.4, 3.0, 0.6, "Tall cupboards")


def _site(drawing: Drawing, main_door: str) -> None:
    """Mark gathering places, number the doors, and place devices."""
    for space_id, box, name, capacity in (
        ("S-AREA-A", (-52.0, 4.0, -37.0, 28.0), "Assembly A · west field", 180),
        ("S-AREA-B", (26.0, 62.0, 56.0, 76.0), "Assembly B · playground", 260),
        ("S-AREA-C", (112.0, 2.0, 126.0, 26.0), "Assembly C · east lawn", 180),
        ("S-AREA-D", (20.0, -52.0, 48.0, -40.0), "Assembly D · front lawn", 200),
    ):
        drawing.assembly(space_id, "L1", box, name, "evac_assembly", capacity)
    drawing.assembly("S-REUNION", "L1", (62.0, -64.0, 88.0, -48.0), "Reunification · community lot",
                     "reunification", 400)  # fmt: skip
    number_exterior_doors(drawing, main_door)
    discharge_to_nearest(drawing)
    pull_stations_at_exits(drawing)
    add = drawing.point
    add("panic_button", "L1", 47.0, -6.0, name="main office desk")
    add("psap_landline", "L1", 47.6, -6.0, name="main office desk")
    add("fire_panel", "L1", 39.5, -8.7, name="vestibule")
    add("knox_box", "L1", 43.4, -10.45, name="right of door 1")
    add("intercom", "L1", 39.6, -10.45, name="left of door 1")
    add("responder_entry", "L1", 41.5, -11.8, name="main entrance")
    add("aed", "L1", 39.6, -3.5, name="lobby")
    add("aed", "L1", 21.0, 0.3, name="outside the gym")
    add("first_aid", "L1", 48.4, -2.5, name="nurse")
    add("utility_shutoff", "L1", 36.6, -14.6, name="gas and electricity")
    add("radio_dead_spot", "L1", 36.6, -12.0, name="plant room")
    for x in (9.0, 25.0, 41.5, 57.5, 73.5):
        add("pa_speaker", "L1", x, 1.5)
    for wing in range(3):
        add("pa_speaker", "L1", wing * WING_PITCH_M + 9.5, 18.0)
        add("extinguisher", "L1", wing * WING_PITCH_M + 8.3, 7.0)
    add("pa_speaker", "L1", 10.0, -7.5)
    for x, bearing in ((1.0, 90.0), (LENGTH_M - 1.0, 270.0)):
        add("camera", "L1", x, 1.5, bearing_deg=bearing, fov_deg=70.0, range_m=30.0)
    add("camera", "L1", 41.5, -0.5, bearing_deg=180.0, fov_deg=90.0, range_m=12.0)
