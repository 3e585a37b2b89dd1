"""Fit out rooms of the built-in schools: doors, glass, windows, cupboards, people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from buildings.door_hardware import Hardware
from buildings.drawing import Drawing
from buildings.drawing_walls import Side, wall_between
from buildings.schools.hardware import CLASSROOM_SETS, TOILET

AREA_PER_PUPIL_M2: Final = 1.86
"""Floor of a classroom for each person that its posted capacity counts: 20 square feet net."""
FURNISHED_EVERY: Final = 3
"""Every third classroom shows its tall furniture: enough to test what it hides."""
_ALONG: Final[dict[Side, tuple[Side, Side]]] = {
    "N": ("W", "E"),
    "S": ("W", "E"),
    "E": ("S", "N"),
    "W": ("S", "N"),
}


def classrooms(
    drawing: Drawing,
    rooms: Sequence[str],
    corridor: str,
    window_side: Side | None,
    *,
    pupils: Sequence[int],
    first_set: int = 0,
    doors: Sequence[Literal["low", "high"]] = ("high", "low"),
    window_to: str | None = None,
    windows: int = 3,
    window_width_m: float = 2.1,
    ground_floor: bool = True,
    furnished: bool = True,
) -> None:
    """Fit out a row of classrooms along a corridor.

    Parameters
    ----------
    drawing : Drawing
        Where they are drawn.
    rooms : sequence of str
        Ids, in order along the corridor.
    corridor : str
        The space their doors lead to.
    window_side : {"N", "E", "S", "W"} or None
        Side with windows to the open air; None for none.
    pupils : sequence of int
        Children in each room during lessons.
    first_set : int
        Where in the list of hardware sets the row begins.
    doors : sequence of {"low", "high"}
        Ends of the corridor wall at which the doors stand, repeated along the row; pairs of
        rooms share a recess when their doors meet.
    window_to : str, optional
        A courtyard that the windows look on instead of the open air.
    windows : int
        Windows per room.
    window_width_m : float
        Width of each.
    ground_floor : bool
        Whether one can climb out of the windows.
    furnished : bool
        Whether every third room shows its cupboards.
    """
    for index, (room, count) in enumerate(zip(rooms, pupils, strict=True)):
        hardware = CLASSROOM_SETS[(first_set + index) % len(CLASSROOM_SETS)]
        end = doors[index % len(doors)]
        classroom_door(drawing, room, corridor, end, hardware)
        capacity = int(drawing.spaces[room].area_m2 / AREA_PER_PUPIL_M2)
        drawing.change(room, occupants_default=count, capacity=capacity)
        if window_side is not None or window_to is not None:
            drawing.windows(
                room, window_to or window_side or "N", windows, window_width_m,
                cover="blind" if index % 4 else "none",
                cover_default="open" if index % 4 else None,
                cover_close_s=20.0 if index % 4 else None,
                egress="yes" if ground_floor and index % 2 == 0 else "no",
            )  # fmt: skip
        if furnished and (first_set + index) % FURNISHED_EVERY == 0:
            _cupboards(drawing, room, corridor, end)


def classroom_door(
    drawing: Drawing,
    room: str,
    corridor: str,
    end: Literal["low", "high"],
    hardware: Hardware,
) -> str:
    """Hang a classroom door at one end of its corridor wall, with the sidelight of its set."""
    door = drawing.door(room, corridor, at=end, hardware=hardware)
    if hardware.glazing == "panel+sidelight":
        wall = wall_between(drawing.spaces[room].polygon, drawing.spaces[corridor].polygon)
        offset = 0.30 + 0.915 + 0.12 + 0.15
        middle = wall.low + offset if end == "low" else wall.high - offset
        drawing.windows(
            room, corridor, 1, 0.30, at=middle, sill_m=0.15, head_m=2.1, cover=hardware.cover
        )
    return door


def _cupboards(drawing: Drawing, room: str, corridor: str, end: Literal["low", "high"]) -> None:
    """Stand a row of tall cupboards along the side wall away from the door, and one by it."""
    wall = wall_between(drawing.spaces[room].polygon, drawing.spaces[corridor].polygon)
    low_side, high_side = _ALONG[wall.side]
    away: Side = high_side if end == "low" else low_side
    near: Side = low_side if end == "low" else high_side
    bounds = drawing.spaces[room].polygon.bounds
    depth = bounds[3] - bounds[1] if wall.side in ("N", "S") else bounds[2] - bounds[0]
    # side walls are measured from their low end: the corridor end for walls to the S and W
    start = 0.6 if wall.side in ("S", "W") else depth - 0.6 - 3.0
    drawing.furniture(room, away, start, 3.0, 0.6, "Tall cupboards")
    start = depth - 2.4 if wall.side in ("S", "W") else 0.9
    drawing.furniture(room, near, start, 1.5, 0.45, "Bookcase")


def toilets(
    drawing: Drawing,
    pair: Sequence[str],
    corridor: str,
    *,
    ends: tuple[Literal["low", "high"], Literal["low", "high"]] = ("low", "high"),
) -> None:
    """Hang the doors of two toilets that stand back to back; loudspeakers do not reach them."""
    for room, end in zip(pair, ends, strict=True):
        drawing.door(room, corridor, at=end, hardware=TOILET)
        drawing.change(room, public_address="no")
