"""The south front of Birch High School: vestibule and lobby between two suites of offices."""

from __future__ import annotations

from typing import Final

from buildings.drawing import Door, Drawing
from buildings.drawing_sheet import Room
from buildings.schools import hardware

_CENTRE_M: Final = 39.475
_HALF_WIDTH_M: Final = 3.75


def draw_front(drawing: Drawing) -> str:
    """Draw entrance and offices on the ground floor, and return the main door."""
    west, east = _CENTRE_M - _HALF_WIDTH_M, _CENTRE_M + _HALF_WIDTH_M
    lobby = drawing.space(
        "S-LOBBY", "L1", "hall", "circulation", (west, -4.9, east, -0.15), name="Lobby",
        public_address="yes", zone="entrance",
    )  # fmt: skip
    vestibule = drawing.space(
        "S-VEST", "L1", "hall", "vestibule", (west, -7.8, east, -5.05), name="Vestibule",
        public_address="yes", zone="entrance",
    )  # fmt: skip
    drawing.opening(lobby, "S-C1S", width_m=6.6)
    main_door = ""
    for offset in (-1.5, 1.5):
        drawing.door(lobby, vestibule, at=_CENTRE_M + offset, width_m=1.83,
                     hardware=hardware.ENTRANCE_INNER)  # fmt: skip
        main_door = drawing.exit(
            vestibule, "S", at=_CENTRE_M + offset, hardware=hardware.ENTRANCE_OUTER
        )
    _offices(drawing)
    return main_door


def _offices(drawing: Drawing) -> None:
    rooms: tuple[Room, ...] = (
        ("107", (30.55, -7.8, 35.575, -0.15), "main_office", "Main office"),
        ("105", (24.0, -4.05, 30.4, -0.15), "office", "Administration"),
        ("105A", (21.55, -7.8, 25.9, -4.2), "office", "Principal"),
        ("105B", (26.05, -7.8, 30.4, -4.2), "office", "Assistant principals"),
        ("105C", (21.55, -4.05, 23.85, -0.15), "storage", "Records"),
        ("109", (43.375, -7.8, 48.4, -0.15), "office", "Attendance"),
        ("111", (48.55, -7.8, 51.55, -3.0), "nurse", "Nurse"),
        ("111A", (48.55, -2.85, 50.5, -0.15), "toilet", "Toilet"),
        ("111B", (50.65, -2.85, 57.4, -0.15), "office", "Counselling"),
        ("111C", (51.7, -7.8, 54.475, -3.0), "office", "Counsellor"),
        ("111D", (54.625, -7.8, 57.4, -3.0), "office", "Counsellor"),
    )
    for number, box, use, name in rooms:
        drawing.room(number, "L1", box, use, name=name, zone="entrance")
    drawing.change("S-111A", public_address="no")
    doors: tuple[Door, ...] = (
        ("S-107", "S-LOBBY", "high", hardware.OFFICE),
        ("S-107", "S-VEST", -6.6, hardware.OFFICE_REMOTE),
        ("S-105", "S-107", "middle", hardware.OFFICE_INNER),
        ("S-105", "S-C1S", "high", hardware.OFFICE),
        ("S-105A", "S-105", 24.95, hardware.OFFICE_INNER),
        ("S-105B", "S-105", "high", hardware.OFFICE_INNER),
        ("S-105C", "S-105", "middle", hardware.STORE),
        ("S-109", "S-LOBBY", "high", hardware.OFFICE),
        ("S-109", "S-C1S", "high", hardware.OFFICE),
        ("S-111", "S-109", "low", hardware.OFFICE),
        ("S-111A", "S-111", "middle", hardware.TOILET_SINGLE),
        ("S-111B", "S-C1S", "middle", hardware.OFFICE),
        ("S-111C", "S-111B", "high", hardware.OFFICE_INNER),
        ("S-111D", "S-111B", "low", hardware.OFFICE_INNER),
    )
    for first, second, at, hung in doors:
        drawing.door(first, second, at=at, hardware=hung)
    drawing.windows("S-107", "S-VEST", 1, 0.9, at=-5.6, sill_m=1.0, head_m=1.9)
    for room, count in (
        ("S-107", 2), ("S-105A", 1), ("S-105B", 1), ("S-109", 2), ("S-111", 1), ("S-111C", 1),
        ("S-111D", 1),
    ):  # fmt: skip
        drawing.windows(room, "S", count, 1.5, cover="blind", cover_default="open",
                        cover_close_s=15.0)  # fmt: skip
