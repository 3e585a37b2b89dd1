"""The single-storey wing of Cedar Middle School: cafeteria, gym, music and changing rooms."""

from __future__ import annotations

from typing import Final

from buildings.drawing import Drawing
from buildings.drawing_sheet import Bay
from buildings.schools import hardware
from buildings.schools.rooms import toilets

WEST_M: Final = 9.0
EAST_M: Final = 71.85
_SOUTH_ROW: Final = (20.0, 7.85)
_CORRIDOR: Final = (28.0, 31.2)
_NORTH_Y: Final = 31.35
_LINK: Final = (38.625, 42.225)

BAND_PUPILS: Final = 30
GYM_PUPILS: Final = 24


def draw_gym_wing(drawing: Drawing) -> None:
    """Draw the wing and the link corridor that joins it to the long corridor ``S-C1``."""
    west, east = _LINK
    link = drawing.space(
        "S-C3", "L1", "corridor", "circulation", (west, 3.15, east, 27.85), name="Link",
        public_address="yes", zone="wing",
    )  # fmt: skip
    cross = drawing.space(
        "S-C4", "L1", "corridor", "circulation", (WEST_M, _CORRIDOR[0], EAST_M, _CORRIDOR[1]),
        name="Wing corridor", public_address="yes", zone="wing",
    )  # fmt: skip
    drawing.opening(link, "S-C1")
    drawing.opening(link, cross)
    _behind_the_toilets(drawing, link)
    _music_and_changing(drawing, cross)
    _cafeteria(drawing, cross)
    _gym(drawing, cross)
    _ways_out(drawing, link, cross)


def _behind_the_toilets(drawing: Drawing, link: str) -> None:
    """Draw the plant room and the teachers' room that open to the south end of the link."""
    drawing.room("108A", "L1", (30.35, 8.55, 38.475, 10.8), "mechanical", name="Electrical",
                 zone="academic")  # fmt: skip
    drawing.room("112A", "L1", (42.375, 6.3, 50.5, 10.8), "office", name="Teachers",
                 zone="academic")  # fmt: skip
    drawing.door("S-108A", link, hardware=hardware.PLANT)
    drawing.door("S-112A", link, hardware=hardware.OFFICE)
    drawing.windows("S-112A", "N", 3, 1.8, cover="blind", cover_default="open",
                    cover_close_s=20.0)  # fmt: skip


def _music_and_changing(drawing: Drawing, cross: str) -> None:
    y, depth = _SOUTH_ROW
    music = drawing.row(
        "L1", (WEST_M, y), "E", depth,
        (Bay("131", 13.0, "classroom", "Band"), Bay("133", 3.0, "storage", "Instruments"),
         Bay("135", 9.0, "classroom", "Choir"), Bay("137", 4.025, "other", "Practice")),
        zone="wing",
    )  # fmt: skip
    drawing.change(music[0], occupants_default=BAND_PUPILS, capacity=55)
    drawing.change(music[2], occupants_default=0, capacity=38)
    drawing.door(music[0], cross, at="high", width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door(music[1], music[0], at="high", hardware=hardware.STORE)
    drawing.door(music[2], cross, at="low", hardware=hardware.CLASSROOM_TURN_BLIND)
    drawing.door(music[2], music[1], at="high", hardware=hardware.STORE)
    drawing.door(music[3], cross, at="middle", hardware=hardware.CLASSROOM_NO_LOCK)
    drawing.windows(music[0], "S", 4, 1.8, sill_m=1.2)
    drawing.windows(music[2], "S", 3, 1.8, sill_m=1.2)
    changing = drawing.row(
        "L1", (42.375, y), "E", depth,
        (Bay("139", 8.6, "other", "Changing, girls"), Bay("141", 8.6, "other", "Changing, boys"),
         Bay("143", 4.0, "office", "PE office"), Bay("145", 7.825, "gym", "Fitness room")),
        zone="wing",
    )  # fmt: skip
    toilets(drawing, changing[:2], cross, ends=("high", "low"))
    drawing.door(changing[2], cross, at="low", hardware=hardware.OFFICE)
    drawing.door(changing[3], cross, at="low", hardware=hardware.CLASSROOM_KEY_HALF)
    drawing.change(changing[3], occupants_default=0, capacity=13)
    drawing.windows(changing[3], "S", 2, 2.1, sill_m=1.2)
    drawing.windows(changing[3], cross, 1, 2.4, sill_m=0.9, head_m=2.1)
    drawing.windows(changing[2], "S", 1, 1.5)


def _cafeteria(drawing: Drawing, cross: str) -> None:
    y = _NORTH_Y
    cafeteria = drawing.room(
        "140", "L1", (WEST_M, y, 30.0, 47.35), "cafeteria", kind="hall", name="Cafeteria",
        capacity=240, occupants_default=0, height_m=4.5, zone="wing",
    )  # fmt: skip
    pair = drawing.row(
        "L1", (30.15, y), "E", 4.5,
        (Bay("142", 4.35, "toilet", "Girls"), Bay("144", 4.35, "toilet", "Boys")), zone="wing",
    )  # fmt: skip
    toilets(drawing, pair, cross)
    kitchen = drawing.room(
        "146", "L1", (30.15, 36.0, 39.0, 43.85), "kitchen", name="Kitchen", zone="wing",
        hazard="gas",
    )  # fmt: skip
    drawing.room("146A", "L1", (30.15, 44.0, 34.5, 47.35), "storage", name="Dry store",
                 zone="wing", public_address="no")  # fmt: skip
    dock = drawing.room("146B", "L1", (34.65, 44.0, 39.0, 47.35), "storage", name="Receiving",
                        zone="wing")  # fmt: skip
    for at in (14.0, 25.0):
        drawing.door(cafeteria, cross, at=at, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.opening(kitchen, cafeteria, at=39.5, width_m=3.6)
    drawing.door("S-146A", kitchen, hardware=hardware.STORE)
    drawing.door(dock, kitchen, width_m=1.07, hardware=hardware.INNER)
    drawing.exit(dock, "N", width_m=1.07, hardware=hardware.SERVICE_EXIT)
    drawing.exit(cafeteria, "N", at=19.5, hardware=hardware.EXIT_PAIR)
    drawing.exit(cafeteria, "W", at=39.35, hardware=hardware.EXIT_PAIR)
    for at in (11.6, 14.6, 24.4, 27.4):
        drawing.windows(cafeteria, "N", 1, 2.4, at=at, sill_m=0.6, head_m=3.0)
    for at in (34.0, 44.7):
        drawing.windows(cafeteria, "W", 1, 2.4, at=at, sill_m=0.6, head_m=3.0)


def _gym(drawing: Drawing, cross: str) -> None:
    y = _NORTH_Y
    gym = drawing.room(
        "150", "L1", (45.0, y, EAST_M, 50.85), "gym", kind="hall", name="Gym", capacity=560,
        occupants_default=GYM_PUPILS, height_m=7.5, zone="wing",
    )  # fmt: skip
    store = drawing.room("148", "L1", (39.15, y, 44.85, 38.85), "storage", name="PE store",
                         zone="wing", public_address="no")  # fmt: skip
    plant = drawing.room("152", "L1", (39.15, 39.0, 44.85, 47.35), "mechanical",
                         name="Boiler room", zone="wing", public_address="no",
                         hazard="gas")  # fmt: skip
    for at in (49.0, 67.85):
        drawing.door(gym, cross, at=at, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door(store, gym, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door(plant, store, at="high", width_m=1.07, hardware=hardware.PLANT)
    drawing.exit(plant, "N", at=41.0, width_m=1.07, hardware=hardware.SERVICE_EXIT, is_exit="no",
                 accessible="no")  # fmt: skip
    drawing.exit(gym, "E", at=41.1, hardware=hardware.EXIT_PAIR)
    drawing.exit(gym, "N", at=58.425, hardware=hardware.EXIT_ALARMED)
    drawing.furniture(gym, "N", 1.5, 9.5, 2.4, "Folded bleachers")
    drawing.furniture(gym, "N", 15.85, 9.5, 2.4, "Folded bleachers")
    drawing.windows(gym, "E", 1, 2.4, at=35.0, sill_m=3.0, head_m=4.8)
    drawing.windows(gym, "E", 1, 2.4, at=47.2, sill_m=3.0, head_m=4.8)


def _ways_out(drawing: Drawing, link: str, cross: str) -> None:
    drawing.exit(cross, "W", hardware=hardware.EXIT_PAIR)
    drawing.exit(cross, "E", hardware=hardware.EXIT_PAIR)
    drawing.exit(link, "W", at=15.5, hardware=hardware.EXIT_ALARMED,
                 discharges_to="S-AREA-C")  # fmt: skip
    for at in (12.6, 18.0):
        drawing.windows(link, "W", 1, 2.1, at=at, sill_m=0.6, head_m=2.6)
    for at in (12.9, 15.5, 18.1):
        drawing.windows(link, "E", 1, 2.1, at=at, sill_m=0.6, head_m=2.6)
