"""Draw the ways between levels: half-turn stairs in their core, lifts, ramps with a landing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from buildings.drawing import Drawing
from buildings.drawing_floor import Box
from buildings.drawing_walls import Side, outside_wall
from buildings.plan import LiftFacts, RampFacts, StairFacts

_UP_DEG: Final = {"N": 0.0, "E": 90.0, "S": 180.0, "W": 270.0}


@dataclass(frozen=True, slots=True)
class StairCore:
    """The ids of what one half-turn stair consists of."""

    lower_landing: str
    upper_landing: str
    lower_flight: str
    half_landing: str
    upper_flight: str


def half_turn_stair(
    drawing: Drawing,
    letter: str,
    box: Box,
    toward: Literal["N", "S"],
    *,
    lower: str,
    upper: str,
    rise_m: float,
    steps: int,
    width_m: float = 1.5,
    tread_m: float = 0.28,
    half_landing_m: float = 1.6,
    first_flight: Literal["W", "E"] = "W",
    refuge: bool = False,
) -> StairCore:
    """Draw two flights side by side with a landing at either end, filling a box.

    Parameters
    ----------
    drawing : Drawing
        Where to draw.
    letter : str
        Name of the stair; ids begin with ``S-ST`` and the letter.
    box : tuple of float
        Clear floor of the core: two flights and the well wide.
    toward : {"N", "S"}
        Where the lower flight climbs to; the floor landings lie at the other end.
    lower, upper : str
        Levels joined.
    rise_m : float
        Height between the levels.
    steps : int
        Risers of the whole stair; half of them in each flight.
    width_m, tread_m, half_landing_m : float
        Clear width of a flight, going of a step, depth of the half landing.
    first_flight : {"W", "E"}
        Side on which the lower flight lies.
    refuge : bool
        Whether people who cannot use stairs wait for help on the upper landing.

    Raises
    ------
    ValueError
        If the box is too narrow or too short, or steps are odd.
    """
    west, south, east, north = box
    run_m = steps // 2 * tread_m
    floor_m = (north - south) - run_m - half_landing_m
    if steps % 2 or east - west < 2 * width_m - 1e-9 or floor_m < width_m:
        raise ValueError(f"stair {letter}: {steps} steps of {width_m} m do not fit in {box}")
    ends = [south, south + floor_m, south + floor_m + run_m, north]
    if toward == "S":
        ends = [north, north - floor_m, north - floor_m - run_m, south]
    door_end, foot, head, far_end = ends
    landing_box = (west, min(door_end, foot), east, max(door_end, foot))
    turn_box = (west, min(head, far_end), east, max(head, far_end))
    low_y, high_y = min(foot, head), max(foot, head)
    flight_boxes = {
        "W": (west, low_y, west + width_m, high_y),
        "E": (east - width_m, low_y, east, high_y),
    }
    second_flight = "E" if first_flight == "W" else "W"
    back = "S" if toward == "N" else "N"
    name = f"Stair {letter}"
    stem = f"S-ST{letter}"

    def flight(suffix: str, side: str, up: str) -> str:
        facts = StairFacts(
            round(rise_m / steps, 6), tread_m, steps // 2, width_m, _UP_DEG[up], lower, upper,
            handrail=2, handrail_gap_m=0.05,
        )  # fmt: skip
        return drawing.space(
            f"{stem}-F{suffix}", lower, "stair", "circulation", flight_boxes[side], name=name,
            stair=facts, public_address="yes",
        )  # fmt: skip

    def landing(
        suffix: str, level: str, shape: Box, words: str | None, haven: str | None = None
    ) -> str:
        return drawing.space(
            f"{stem}-{suffix}", level, "landing", "circulation", shape, name=words,
            public_address="yes", safe_haven=haven,
        )  # fmt: skip

    core = StairCore(
        landing("L1", lower, landing_box, name),
        landing("L2", upper, landing_box, name, "refuge" if refuge else None),
        flight("1", first_flight, toward), landing("H", lower, turn_box, None),
        flight("2", second_flight, back),
    )  # fmt: skip
    for first, second, level in (
        (core.lower_landing, core.lower_flight, lower),
        (core.lower_flight, core.half_landing, lower),
        (core.half_landing, core.upper_flight, lower),
        (core.upper_flight, core.upper_landing, upper),
    ):
        drawing.opening(first, second, width_m=width_m, kind="virtual", level=level)
    return core


def lift(drawing: Drawing, letter: str, box: Box, levels: tuple[str, ...], persons: int) -> str:
    """Draw a lift shaft on its lowest level, and the void it leaves on the levels above."""
    shaft = drawing.space(
        f"S-LIFT-{letter}", levels[0], "lift", "circulation", box, name="Lift",
        lift=LiftFacts(levels, persons, "never"),
    )  # fmt: skip
    for level in levels[1:]:
        drawing.space(
            f"S-LIFT-{letter}-{level}", level, "void", "other", box, name="Lift shaft",
            walkable="no",
        )  # fmt: skip
    return shaft


def ramp_to_door(
    drawing: Drawing, room: str, side: Side, *, start_m: float, rise_m: float, width_m: float
) -> tuple[str, str]:
    """Draw a landing outside a raised room and a ramp of 1 : 12 along the wall; return both ids.

    The landing begins ``start_m`` from the low end of the wall and the ramp runs from it towards
    the high end.
    """
    wall = outside_wall(drawing.spaces[room].polygon, side, 0.15)
    depth_m, run_m = width_m, round(rise_m * 12, 3)
    sign = 1.0 if side in ("N", "E") else -1.0
    face = wall.face + sign * 0.15
    near, far = sorted((face, face + sign * depth_m))
    low = wall.low + start_m
    turn = low + 1.8

    def box(start: float, end: float) -> Box:
        return (start, near, end, far) if side in ("N", "S") else (near, start, far, end)

    landing = drawing.space(
        f"{room}-LANDING", drawing.spaces[room].level, "landing", "circulation", box(low, turn),
        name="Landing",
    )  # fmt: skip
    ramp = drawing.space(
        f"{room}-RAMP", drawing.spaces[room].level, "ramp", "circulation",
        box(turn, turn + run_m), name="Ramp", ramp=RampFacts(rise_m, run_m, width_m),
    )  # fmt: skip
    drawing.opening(landing, ramp, kind="virtual")
    return landing, ramp
