"""Birch High School, invented: a campus of a two-storey building, two halls and six portables."""

from __future__ import annotations

from typing import Final

from buildings.drawing import Drawing
from buildings.drawing_exits import (
    discharge_to_nearest,
    number_exterior_doors,
    pull_stations_at_exits,
)
from buildings.drawing_stairs import ramp_to_door
from buildings.plan import Level, Plan
from buildings.schools import hardware
from buildings.schools.high_halls import GYM_PUPILS, MUSIC_PUPILS, draw_arts_hall, draw_gym_hall
from buildings.schools.high_main import CENTRE_M, LENGTH_M, STOREY_M, draw_main_building

PUPILS: Final = 1404
STAFF: Final = 96
PORTABLE_PUPILS: Final = 24

_PORTABLE_BOX_M: Final = (9.75, 7.3)
_PORTABLE_PITCH_M: Final = 12.75
_FLOOR_RISE_M: Final = 0.6


def draw() -> Plan:
    """Return the plan of Birch High School: 1,404 pupils and 96 staff in class time.

    Examples
    --------
    >>> plan = draw()
    >>> sum(space.occupants_default or 0 for space in plan.spaces.values())
    1404
    """
    drawing = Drawing(
        (
            Level("L1", 0, "Ground floor", 0.0, STOREY_M, "1"),
            Level("L2", 1, "Upper floor", STOREY_M, STOREY_M, "2"),
        )
    )
    buildings = []
    for letter, draw_part in (
        ("", draw_main_building),
        ("B", draw_gym_hall),
        ("C", draw_arts_hall),
    ):
        before = set(drawing.spaces)
        main_door = draw_part(drawing)
        spaces = sorted(set(drawing.spaces) - before)
        buildings.append((letter, main_door, spaces))
    _portables(drawing)
    _gathering_places(drawing)
    for letter, main_door, spaces in buildings:
        number_exterior_doors(drawing, main_door, prefix=letter or "A", among=spaces)
    discharge_to_nearest(drawing)
    pull_stations_at_exits(drawing)
    _devices(drawing)
    halls = GYM_PUPILS + MUSIC_PUPILS
    return drawing.plan(
        "birch-high",
        "Birch High School",
        north_deg=5.0,
        defaults={"wall_t": 0.15},
        sources=(
            "drawn for this project; no real school is shown",
            f"people in class time: {PUPILS} pupils (occupants_default; {halls} of them in gym and "
            f"music, {6 * PORTABLE_PUPILS} in portables), 54 teachers, one in every room with "
            f"pupils, and 42 other staff: {PUPILS + STAFF}",
            "buildings: A main building, B gym, C cafeteria and auditorium, P portables; exterior "
            "door numbers begin with the letter of the building",
        ),
    )


def _portables(drawing: Drawing) -> None:
    """Draw a row of portables; every other one is raised and reached by a ramp."""
    length, depth = _PORTABLE_BOX_M
    locks = (
        hardware.EXIT_CLASSROOM, hardware.CLASSROOM_TURN_HALF, hardware.CLASSROOM_KEY_PANEL,
        hardware.EXIT_CLASSROOM, hardware.CLASSROOM_NO_LOCK, hardware.CLASSROOM_TURN_PANEL,
    )  # fmt: skip
    for index, hung in enumerate(locks):
        x = CENTRE_M - (5 * _PORTABLE_PITCH_M + length) / 2 + index * _PORTABLE_PITCH_M
        number = f"P{index + 1}"
        room = drawing.room(
            number, "L1", (x, 58.0, x + length, 58.0 + depth), name=f"Portable {index + 1}",
            capacity=38, occupants_default=PORTABLE_PUPILS, zone="portables",
            public_address="no" if index == 4 else "yes",
        )  # fmt: skip
        if index % 2 == 0:
            landing, ramp = ramp_to_door(
                drawing, room, "S", start_m=0.3, rise_m=_FLOOR_RISE_M, width_m=1.5
            )
            drawing.door(room, landing, hardware=hung, swing="out")
            drawing.gate(ramp, "E", number=number, width_m=1.5, kind="opening")
        else:
            drawing.exit(room, "S", at="low", width_m=0.915, hardware=hung, exterior_no=number,
                         swing="out", accessible="no")  # fmt: skip
        drawing.windows(room, "N", 2, 1.8, cover="blind", cover_default="open",
                        cover_close_s=15.0, egress="yes")  # fmt: skip
        drawing.windows(room, "E", 1, 1.2)


def _gathering_places(drawing: Drawing) -> None:
    for space_id, box, name, capacity in (
        ("S-AREA-A", (12.0, -58.0, 66.0, -36.0), "Assembly A · front lawn", 700),
        ("S-AREA-B", (-46.0, 58.0, -20.0, 80.0), "Assembly B · practice field", 500),
        ("S-AREA-C", (104.0, 60.0, 134.0, 80.0), "Assembly C · student parking", 500),
        ("S-AREA-D", (20.0, 88.0, 60.0, 102.0), "Assembly D · track", 400),
        ("S-AREA-E", (80.0, -58.0, 104.0, -40.0), "Assembly E · staff parking", 500),
    ):
        drawing.assembly(space_id, "L1", box, name, "evac_assembly", capacity)
    drawing.assembly("S-REUNION", "L1", (-70.0, -62.0, -34.0, -40.0), "Reunification · stadium",
                     "reunification", 1800)  # fmt: skip


def _devices(drawing: Drawing) -> None:
    add = drawing.point
    add("panic_button", "L1", 32.6, -3.4, name="main office desk")
    add("panic_button", "L1", 46.0, -3.4, name="attendance desk")
    add("psap_landline", "L1", 33.4, -3.4, name="main office desk")
    add("fire_panel", "L1", CENTRE_M + 3.5, -6.4, name="vestibule")
    add("knox_box", "L1", CENTRE_M - 3.0, -8.25, name="left of the main entrance")
    add("intercom", "L1", CENTRE_M + 3.0, -8.25, name="right of the main entrance")
    add("responder_entry", "L1", CENTRE_M, -9.6, name="main entrance")
    add("aed", "L1", CENTRE_M + 3.4, -1.2, name="lobby")
    add("aed", "L2", CENTRE_M, 3.4, name="library")
    add("aed", "L1", -34.0, 9.3, name="gym lobby")
    add("aed", "L1", 120.0, 6.7, name="auditorium lobby")
    add("first_aid", "L1", 50.2, -6.0, name="nurse")
    add("utility_shutoff", "L1", -18.6, 35.0, name="gas, gym building")
    add("utility_shutoff", "L1", 142.4, -15.4, name="gas, kitchen")
    add("radio_dead_spot", "L1", 110.0, 33.0, name="stage")
    add("radio_repeater", "L2", CENTRE_M, 18.0, name="library")
    for level in ("L1", "L2"):
        for y in (1.8, 35.6):
            for x in (12.0, 30.0, 49.0, 67.0):
                add("pa_speaker", level, x, y)
            for x, bearing in ((1.0, 90.0), (LENGTH_M - 1.0, 270.0)):
                add("camera", level, x, y, bearing_deg=bearing, fov_deg=70.0, range_m=30.0)
            for x in (20.0, 59.0):
                add("extinguisher", level, x, y + 1.5)
    for x, y in ((CENTRE_M, 18.0), (-40.0, 22.0), (-38.0, 7.8), (110.0, 18.0), (110.0, -8.0)):
        add("pa_speaker", "L1", x, y)
    add("camera", "L1", CENTRE_M, -0.6, bearing_deg=180.0, fov_deg=90.0, range_m=12.0)
    add("camera", "L1", CENTRE_M, 25.0, bearing_deg=180.0, fov_deg=100.0, range_m=16.0)
