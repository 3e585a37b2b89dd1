"""The south side of Maple Elementary School: gym, cafeteria, entrance, offices, library, arts."""

from __future__ import annotations

from buildings.drawing import Drawing
from buildings.drawing_sheet import Room
from buildings.schools import hardware


def draw_front(drawing: Drawing, spine: str) -> str:
    """Draw the rooms south of the main corridor and return the main door."""
    _gym(drawing, spine)
    _cafeteria(drawing, spine)
    main_door = _entrance(drawing, spine)
    _offices(drawing, spine)
    _library_and_arts(drawing, spine)
    return main_door


def _gym(drawing: Drawing, spine: str) -> None:
    gym = drawing.room(
        "140", "L1", (0.0, -15.0, 20.0, -0.15), "gym", kind="hall", name="Gym", capacity=300,
        occupants_default=0, height_m=6.5, zone="gym",
    )  # fmt: skip
    stage = drawing.room("142", "L1", (20.15, -12.35, 25.0, -3.3), "auditorium", name="Stage",
                         zone="gym")  # fmt: skip
    chairs = drawing.room("141", "L1", (20.15, -3.15, 25.0, -0.15), "storage", name="Chairs",
                          zone="gym", public_address="no")  # fmt: skip
    store = drawing.room("143", "L1", (20.15, -15.0, 25.0, -12.5), "storage", name="PE store",
                         zone="gym", public_address="no")  # fmt: skip
    for at in (5.0, 15.0):
        drawing.door(gym, spine, at=at, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.opening(stage, gym, width_m=7.2)
    drawing.door(chairs, spine, width_m=1.83, hardware=hardware.HALL_PAIR, lock_state="locked")
    drawing.door(chairs, stage, hardware=hardware.STORE)
    drawing.door(store, gym, width_m=1.07, hardware=hardware.STORE)
    drawing.exit(gym, "W", at=-7.5, hardware=hardware.EXIT_PAIR)
    drawing.exit(gym, "S", at=10.0, hardware=hardware.EXIT_ALARMED)
    for at in (3.0, 6.2, 13.8, 17.0):
        drawing.windows(gym, "S", 1, 2.1, at=at, sill_m=2.6, head_m=4.4)
    for at in (-12.6, -2.6):
        drawing.windows(gym, "W", 1, 2.1, at=at, sill_m=2.6, head_m=4.4)


def _cafeteria(drawing: Drawing, spine: str) -> None:
    cafeteria = drawing.room(
        "144", "L1", (25.15, -9.5, 39.0, -0.15), "cafeteria", kind="hall", name="Cafeteria",
        capacity=130, occupants_default=0, zone="gym",
    )  # fmt: skip
    kitchen = drawing.room("145", "L1", (25.15, -15.0, 34.0, -9.65), "kitchen", name="Kitchen",
                           zone="gym", hazard="gas")  # fmt: skip
    plant = drawing.room("147", "L1", (34.15, -15.0, 39.0, -9.65), "mechanical", name="Plant",
                         zone="gym", public_address="no", hazard="gas")  # fmt: skip
    for at in (27.5, 36.5):
        drawing.door(cafeteria, spine, at=at, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door(cafeteria, "S-142", at=-6.0, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.opening(kitchen, cafeteria, at=29.6, width_m=3.0)
    drawing.door(plant, kitchen, at="low", hardware=hardware.PLANT)
    drawing.exit(plant, "S", width_m=1.07, hardware=hardware.SERVICE_EXIT, is_exit="no",
                 accessible="no")  # fmt: skip
    drawing.exit(kitchen, "S", at="low", width_m=1.07, hardware=hardware.SERVICE_EXIT)
    drawing.windows(kitchen, "S", 1, 1.8, at=31.5, sill_m=1.2)


def _entrance(drawing: Drawing, spine: str) -> str:
    lobby = drawing.space(
        "S-LOBBY", "L1", "hall", "circulation", (39.15, -7.15, 43.85, -0.15), name="Lobby",
        public_address="yes", zone="entrance",
    )  # fmt: skip
    vestibule = drawing.space(
        "S-VEST", "L1", "hall", "vestibule", (39.15, -10.0, 43.85, -7.3), name="Vestibule",
        public_address="yes", zone="entrance",
    )  # fmt: skip
    drawing.opening(lobby, spine, width_m=4.1)
    drawing.door("S-144", lobby, at=-4.0, width_m=1.83, hardware=hardware.HALL_PAIR)
    drawing.door(lobby, vestibule, width_m=1.83, hardware=hardware.ENTRANCE_INNER)
    for at in (39.75, 43.25):
        drawing.windows(lobby, vestibule, 1, 0.9, at=at, sill_m=0.3, head_m=2.4)
        drawing.windows(vestibule, "S", 1, 0.9, at=at, sill_m=0.3, head_m=2.4)
    return drawing.exit(vestibule, "S", hardware=hardware.ENTRANCE_OUTER)


def _offices(drawing: Drawing, spine: str) -> None:
    rooms: tuple[Room, ...] = (
        ("101", (44.0, -10.0, 50.0, -5.0), "main_office", "Main office"),
        ("103", (50.15, -10.0, 54.0, -5.15), "office", "Principal"),
        ("105", (54.15, -10.0, 57.85, -5.15), "office", "Conference"),
        ("102", (44.0, -4.85, 49.0, -0.15), "nurse", "Nurse"),
        ("104", (49.15, -4.85, 51.0, -0.15), "toilet", "Toilet"),
        ("106", (51.15, -5.0, 57.85, -0.15), "office", "Staff room"),
    )
    for number, box, use, name in rooms:
        drawing.room(number, "L1", box, use, name=name, zone="entrance")
    drawing.change("S-104", public_address="no")
    drawing.door("S-101", "S-LOBBY", at="high", hardware=hardware.OFFICE)
    drawing.door("S-101", "S-VEST", at="high", hardware=hardware.OFFICE_REMOTE)
    drawing.windows("S-101", "S-VEST", 1, 0.9, at=-9.3, sill_m=1.0, head_m=1.9)
    drawing.door("S-103", "S-101", at="high", hardware=hardware.OFFICE_INNER)
    drawing.door("S-105", "S-106", at="high", hardware=hardware.OFFICE_INNER)
    drawing.door("S-105", "S-103", at="low", hardware=hardware.OFFICE_INNER)
    drawing.door("S-102", spine, at="high", hardware=hardware.OFFICE)
    drawing.door("S-102", "S-101", at="low", hardware=hardware.OFFICE_INNER)
    drawing.door("S-104", "S-102", at="middle", hardware=hardware.TOILET_SINGLE)
    drawing.door("S-106", spine, at="low", hardware=hardware.OFFICE)
    for room, count in (("S-101", 2), ("S-103", 1), ("S-105", 1)):
        drawing.windows(room, "S", count, 1.8, cover="blind", cover_default="open",
                        cover_close_s=15.0)  # fmt: skip


def _library_and_arts(drawing: Drawing, spine: str) -> None:
    library = drawing.room(
        "107", "L1", (58.0, -10.0, 69.85, -0.15), "library", kind="hall", name="Library",
        capacity=50, occupants_default=0, zone="arts",
    )  # fmt: skip
    art = drawing.room("109", "L1", (70.0, -10.0, 76.4, -0.15), name="Art", capacity=34,
                       occupants_default=0, zone="arts")  # fmt: skip
    music = drawing.room("111", "L1", (76.55, -10.0, 83.0, -0.15), name="Music", capacity=34,
                         occupants_default=0, zone="arts")  # fmt: skip
    drawing.door(library, spine, at=60.0, width_m=1.83, hardware=hardware.HALL_PAIR)
    for at in (64.0, 67.2):
        drawing.windows(library, spine, 1, 2.4, at=at, sill_m=0.9, head_m=2.1)
    drawing.door(art, spine, at="high", hardware=hardware.CLASSROOM_KEY_HALF)
    drawing.door(music, spine, at="low", hardware=hardware.CLASSROOM_TURN_BLIND)
    drawing.exit(library, "S", at=59.2, width_m=0.915, hardware=hardware.EXIT_SINGLE)
    for at in (62.2, 64.9, 67.9):
        drawing.windows(library, "S", 1, 2.1, at=at, cover="blind", cover_default="open",
                        cover_close_s=30.0)  # fmt: skip
    for room in (art, music):
        drawing.windows(room, "S", 2, 2.1, cover="blind", cover_default="open",
                        cover_close_s=20.0)  # fmt: skip
    drawing.windows(music, "E", 2, 2.1)
    drawing.furniture(library, "W", 1.2, 5.0, 0.4, "Bookcases")
    drawing.furniture(library, "E", 1.0, 7.0, 0.4, "Bookcases")
