"""The two halls of Birch High School: the gym building, and cafeteria with auditorium."""

from __future__ import annotations

from typing import Final

from buildings.drawing import Drawing
from buildings.drawing_floor import Box
from buildings.drawing_sheet import Bay
from buildings.plan import SpaceUse
from buildings.schools import hardware
from buildings.schools.rooms import toilets

GYM_PUPILS: Final = 34
MUSIC_PUPILS: Final = 30

_GYM_AT: Final = (-58.0, 6.0)
_ARTS_AT: Final = (97.0, 2.0)


def _moved(corner: tuple[float, float], box: Box) -> Box:
    return (box[0] + corner[0], box[1] + corner[1], box[2] + corner[0], box[3] + corner[1])


def draw_gym_hall(drawing: Drawing) -> str:
    """Draw building B, west of the main building, and return its main door."""
    x0, y0 = _GYM_AT
    lobby = drawing.space(
        "S-B-C1", "L1", "corridor", "circulation", _moved(_GYM_AT, (0.0, 0.0, 40.0, 3.6)),
        name="Gym lobby", public_address="yes", zone="gym",
    )  # fmt: skip
    south = drawing.row(
        "L1", (x0, y0 - 8.0), "E", 7.85,
        (Bay("B01", 13.0, "gym", "Weight room"), Bay("B03", 8.5, "other", "Changing, girls"),
         Bay("B05", 8.5, "other", "Changing, boys"), Bay("B07", 4.05, "office", "PE office"),
         Bay("B09", 2.6, "toilet", "Girls"), Bay("B11", 2.6, "toilet", "Boys")),
        zone="gym",
    )  # fmt: skip
    drawing.change(south[0], occupants_default=0, capacity=22)
    drawing.door(south[0], lobby, at="high", width_m=1.83, hardware=hardware.HALL_PAIR)
    toilets(drawing, south[1:3], lobby, ends=("high", "low"))
    drawing.door(south[3], lobby, at="low", hardware=hardware.OFFICE)
    toilets(drawing, south[4:6], lobby)
    gym = drawing.room(
        "B20", "L1", _moved(_GYM_AT, (0.0, 3.75, 33.85, 29.75)), "gym", kind="hall", name="Gym",
        capacity=940, occupants_default=GYM_PUPILS, height_m=8.5, zone="gym",
    )  # fmt: skip
    east = drawing.row(
        "L1", (x0 + 34.0, y0 + 3.75), "N", 6.0,
        (Bay("B22", 8.0, "storage", "PE store"), Bay("B24", 7.0, "other", "Wrestling"),
         Bay("B26", 10.7, "mechanical", "Plant")),
        zone="gym",
    )  # fmt: skip
    for at in (5.0, 16.9, 28.8):
        drawing.door(gym, lobby, at=x0 + at, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door(east[0], gym, width_m=1.83, hardware=hardware.HALL_PAIR, lock_state="locked")
    drawing.door(east[1], gym, at="low", width_m=0.915, hardware=hardware.CLASSROOM_KEY_PANEL)
    drawing.door(east[2], gym, at="low", width_m=1.07, hardware=hardware.PLANT)
    drawing.change(east[2], public_address="no", hazard="gas")
    drawing.exit(east[2], "N", width_m=1.83, hardware=hardware.EXIT_ALARMED, is_exit="no",
                 accessible="no", glazing="none")  # fmt: skip
    for at in (8.0, 25.85):
        drawing.exit(gym, "N", at=x0 + at, hardware=hardware.EXIT_ALARMED)
    drawing.exit(gym, "W", at=y0 + 16.75, hardware=hardware.EXIT_PAIR)
    drawing.exit(lobby, "W", hardware=hardware.EXIT_PAIR)
    drawing.windows(south[0], "S", 4, 2.1, sill_m=1.2)
    drawing.windows(south[3], "S", 1, 1.5)
    for at in (8.0, 25.5):
        drawing.windows(gym, "W", 1, 3.0, at=y0 + at, sill_m=4.0, head_m=6.0)
    drawing.furniture(gym, "N", 10.4, 13.05, 3.0, "Folded bleachers")
    return drawing.exit(lobby, "E", hardware=hardware.EXIT_CARD)


def draw_arts_hall(drawing: Drawing) -> str:
    """Draw building C, east of the main building, and return its main door."""
    y0 = _ARTS_AT[1]
    lobby = drawing.space(
        "S-C-C1", "L1", "hall", "circulation", _moved(_ARTS_AT, (0.0, 0.0, 46.0, 5.0)),
        name="Lobby", public_address="yes", zone="arts",
    )  # fmt: skip
    _cafeteria(drawing, lobby)
    _auditorium(drawing, lobby)
    drawing.exit(lobby, "E", hardware=hardware.EXIT_PAIR)
    for at in (0.6, 4.4):
        drawing.windows(lobby, "E", 1, 0.9, at=y0 + at, sill_m=0.3, head_m=2.6)
    drawing.exit(lobby, "W", at=y0 + 3.65, hardware=hardware.ENTRANCE_OUTER)
    return drawing.exit(lobby, "W", at=y0 + 1.35, hardware=hardware.ENTRANCE_OUTER)


def _cafeteria(drawing: Drawing, lobby: str) -> None:
    x0, y0 = _ARTS_AT

    def room(number: str, box: Box, use: SpaceUse, name: str) -> str:
        return drawing.room(number, "L1", _moved(_ARTS_AT, box), use, name=name, zone="arts")

    cafeteria = drawing.room(
        "C01", "L1", _moved(_ARTS_AT, (0.0, -18.0, 26.0, -0.15)), "cafeteria", kind="hall",
        name="Cafeteria", capacity=330, occupants_default=0, height_m=4.5, zone="arts",
    )  # fmt: skip
    servery = room("C03", (26.15, -7.85, 31.0, -0.15), "kitchen", "Servery")
    pair = [
        room("C05", (31.15, -7.85, 34.5, -0.15), "toilet", "Girls"),
        room("C07", (34.65, -7.85, 38.0, -0.15), "toilet", "Boys"),
    ]
    staff = room("C09", (38.15, -7.85, 46.0, -0.15), "other", "Staff dining")
    kitchen = room("C11", (26.15, -18.0, 38.0, -8.0), "kitchen", "Kitchen")
    dock = room("C13", (38.15, -18.0, 46.0, -8.0), "storage", "Stores, receiving")
    drawing.change(kitchen, hazard="gas")
    toilets(drawing, pair, lobby)
    for at in (4.0, 13.0, 22.0):
        drawing.door(cafeteria, lobby, at=x0 + at, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.opening(servery, cafeteria, width_m=4.8)
    drawing.opening(kitchen, servery, width_m=3.0)
    drawing.door(staff, lobby, at="low", hardware=hardware.OFFICE)
    drawing.door(dock, kitchen, width_m=1.07, hardware=hardware.INNER)
    drawing.exit(dock, "E", width_m=1.83, hardware=hardware.EXIT_ALARMED)
    for at in (6.5, 19.5):
        drawing.exit(cafeteria, "S", at=x0 + at, hardware=hardware.EXIT_PAIR)
    for at in (2.6, 11.0, 15.0, 23.4):
        drawing.windows(cafeteria, "S", 1, 2.7, at=x0 + at, sill_m=0.6, head_m=3.0)
    for at in (-14.5, -9.0, -3.5):
        drawing.windows(cafeteria, "W", 1, 2.7, at=y0 + at, sill_m=0.6, head_m=3.0)
    drawing.windows(staff, "E", 2, 1.8)


def _auditorium(drawing: Drawing, lobby: str) -> None:
    x0, y0 = _ARTS_AT

    def room(number: str, box: Box, use: SpaceUse, name: str) -> str:
        return drawing.room(number, "L1", _moved(_ARTS_AT, box), use, name=name, zone="arts")

    hall = drawing.room(
        "C20", "L1", _moved(_ARTS_AT, (0.0, 5.15, 26.0, 27.0)), "auditorium", kind="hall",
        name="Auditorium", capacity=520, occupants_default=0, height_m=8.0, zone="arts",
    )  # fmt: skip
    stage = drawing.room(
        "C22", "L1", _moved(_ARTS_AT, (0.0, 27.15, 26.0, 36.0)), "auditorium", kind="hall",
        name="Stage", capacity=60, occupants_default=0, height_m=9.0, zone="arts",
    )  # fmt: skip
    band = room("C24", (26.15, 5.15, 36.0, 17.0), "classroom", "Band")
    choir = room("C26", (36.15, 5.15, 46.0, 17.0), "classroom", "Choir")
    dressing = [
        room("C28", (26.15, 17.15, 33.0, 24.45), "other", "Dressing room"),
        room("C30", (33.15, 17.15, 40.0, 24.45), "other", "Dressing room"),
    ]
    store = room("C32", (40.15, 17.15, 46.0, 24.45), "storage", "Instruments")
    shop = room("C34", (26.15, 27.15, 46.0, 36.0), "lab", "Scene shop")
    back = drawing.space(
        "S-C-C2", "L1", "corridor", "circulation", _moved(_ARTS_AT, (26.15, 24.6, 46.0, 27.0)),
        name="Backstage", public_address="no", zone="arts",
    )  # fmt: skip
    drawing.change(band, occupants_default=MUSIC_PUPILS, capacity=62)
    drawing.change(choir, occupants_default=0, capacity=62)
    drawing.change(shop, occupants_default=0, capacity=20)
    for at in (4.0, 13.0, 22.0):
        drawing.door(hall, lobby, at=x0 + at, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.opening(stage, hall, width_m=14.0)
    drawing.door(hall, back, width_m=1.07, hardware=hardware.STAIR_SINGLE)
    drawing.door(stage, shop, width_m=2.4, hardware=hardware.HALL_PAIR)
    drawing.door(shop, back, at="low", width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door(band, lobby, at="low", width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door(choir, lobby, at="high", width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door(store, choir, at="high", width_m=1.07, hardware=hardware.STORE)
    drawing.door(store, back, at="high", width_m=1.07, hardware=hardware.STORE)
    for changing in dressing:
        drawing.door(changing, back, at="low", hardware=hardware.OFFICE_INNER)
    for at in (9.0, 23.0):
        drawing.exit(hall, "W", at=y0 + at, hardware=hardware.EXIT_PAIR)
    drawing.exit(stage, "W", at=y0 + 31.5, width_m=1.07, hardware=hardware.EXIT_SINGLE)
    drawing.exit(back, "E", hardware=hardware.EXIT_PAIR)
    drawing.exit(shop, "N", width_m=2.4, hardware=hardware.EXIT_ALARMED)
    for rehearsal in (band, choir):
        drawing.windows(rehearsal, lobby, 1, 1.8, at="middle", sill_m=1.0, head_m=2.1)
    drawing.windows(choir, "E", 3, 1.8, sill_m=1.2)
    drawing.windows(shop, "E", 2, 1.8, sill_m=1.5)
