"""Worked numbers of the SFPE hydraulic model, run as simulations instead of worked out."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np
from verification.buildings_of_tests import CaseBuilding, rise_of
from verification.evacuationz import FREE_MPS, close, crowd_of
from verification.passages import waiting
from verification.published import Claim, Outcome, published_test
from verification.trial import Trial

from sim import flow_law, hydraulic
from sim.hydraulic import STAIRS, Stream

RISER_M: Final = 7 * 0.0254
TREAD_M: Final = 11 * 0.0254
"""Steps of 7 by 11 in (178 by 279 mm)."""


@published_test(
    "SFPE W1",
    "Speed and flow at a density",
    checks="The law itself; then 30, 100 and 180 people who walk 20 m together through a hall of "
    "100 m², at the law's own free speed, and 300 who keep up the largest flow",
    expected="S = 1.199, 1.028, 0.655 and 0.283 m/s at 0.3, 1, 2 and 3 per m², so S D = 1.028, "
    "1.310, 0.848 from 1 to 3 per m²; S = 0 from 3.76 per m²",
    source="rebuilt",
    reduced="beyond 1.88 per m² people who have a free way in front of them keep up the largest "
    "flow, as in the cell-transmission model, and are held up by the room ahead, not by the law; "
    "no cell holds more than 3.5 per m²",
)
def speed_at_density(folder: Path) -> Outcome:
    printed = ((0.3, 1.199), (1.0, 1.0276), (2.0, 0.6552), (3.0, 0.2828))
    law = [FREE_MPS * float(flow_law("sfpe").pace(d)) for d, _ in printed]
    densities = (0.3, 1.0, 1.8, 3.0)
    speeds = [20 / float(crowd_of(folder, round(100 * d)).out_s.min()) for d in densities]
    flows = [s * d for s, d in zip(speeds, densities, strict=True)]
    return Outcome(
        f"law {', '.join(f'{s:.4f}' for s in law)} m/s; walked at 0.3, 1, 1.8 and 3 per m² "
        f"{', '.join(f'{s:.4f}' for s in speeds)} m/s; flows "
        f"{', '.join(f'{f:.4f}' for f in flows[1:])} /(m s)",
        (
            Claim(
                "the law gives every printed speed within 0.1 %",
                np.allclose(law, [s for _, s in printed], rtol=1e-3),
            ),
            Claim(
                "up to 1.8 per m² people walk at the speed of the law within 0.1 %",
                np.allclose(speeds[:3], hydraulic.speed(densities[:3]), rtol=1e-3),
            ),
            Claim(
                "at 3 per m² they keep up the largest flow, 1.3158, within 0.1 %",
                abs(flows[3] / 1.3158 - 1) < 1e-3,
            ),
        ),
    )


@published_test(
    "SFPE W2",
    "A classroom door",
    checks="25 pupils who stand at a door of 0.91 m, effective width 0.61 m, C = 0.793 per second",
    expected="31.5 s by N/C, 30.3 s by (N - 1)/C",
    source="rebuilt",
)
def classroom_door(folder: Path) -> Outcome:
    building = CaseBuilding()
    building.floor("classroom", (0, 0, 9, 8))
    building.way_out("classroom", "E", 0.91)
    trial = Trial(
        folder,
        building,
        {"classroom": {"students": 25, "age_band": "grades_6_8", "at": [[9.0, 4.0]] * 25}},
    )
    took, per_s = trial.last_out_s, hydraulic.door_flow(0.91)
    late = hydraulic.passage_time(25, per_s)
    return Outcome(
        f"{took:.2f} s",
        (
            close("24 / 0.793 = 30.26 s, to a microsecond", took, 24 / per_s),
            Claim("between (N - 1)/C and N/C", 24 / per_s - 1e-6 <= took <= late),
        ),
    )


@published_test(
    "SFPE W3",
    "A stair",
    checks="150 people enter a stair of 1.12 m, effective width 0.82 m, steps of 178 by 279 mm, "
    "with the tabulated 1.01 /(m s), C = 0.828 per second; and with the closed form of that table",
    expected="181.1 s by N/C for the entrance of the stair, 179.9 s by (N - 1)/C",
    source="rebuilt",
)
def stair(folder: Path) -> Outcome:
    busy_s = []
    for numbers in ({"stair_specific_flow": STAIRS["7/11"].max_specific_flow}, {}):
        building = CaseBuilding(storeys=2, storey_m=rise_of(18, RISER_M))
        building.flight(
            "stair", (0, 0), "E", width_m=1.12, steps=18, riser_m=RISER_M, tread_m=TREAD_M
        )
        run_m = round(18 * TREAD_M, 6)
        building.floor("room", (run_m, 0, run_m + 10, 10), level="L2")
        head = building.neck("room", "stair", 1.12)
        building.way_out("stair", "W", 1.12, level="L1")
        people = {"room": {"visitors": 150, "at": [[run_m, 0.56]] * 150}}
        busy_s.append(
            149 * Trial(folder, building, people, movement={"numbers": numbers}).headway_s(head)
        )
    per_s = STAIRS["7/11"].max_specific_flow * hydraulic.effective_width(1.12, "stair")
    return Outcome(
        f"{busy_s[0]:.2f} s from the first to the last, {busy_s[1]:.2f} s by the closed form",
        (
            close("149 / 0.8282 = 179.91 s, to a microsecond", busy_s[0], 149 / per_s),
            Claim("the closed form within 1 % of it", abs(busy_s[1] / busy_s[0] - 1) < 0.01),
        ),
    )


@published_test(
    "SFPE W4",
    "Two corridors meet a stair",
    checks="Two corridors of 2.4 m, effective width 2.0 m, bring 0.5 /(m s) each, one person a "
    "second, to a hall; a stair of 1.4 m, effective width 1.1 m, steps of 178 by 279 mm with "
    "1.01 /(m s), takes them on; nobody slows down before the queue",
    expected="1.818 /(m s) are wanted of the stair and 1.01 pass: the queue grows at 0.889 per "
    "second",
    source="rebuilt",
)
def merge(folder: Path) -> Outcome:
    building = CaseBuilding(storeys=2, storey_m=rise_of(18, RISER_M))
    building.floor("hall", (0, 0, 10, 10), kind="hall")
    door_m = 1.0 / 1.3 + 0.3
    people = {}
    for side, box, room in (
        ("south", (3.8, -6, 6.2, 0), (0, -16, 10, -6)),
        ("north", (3.8, 10, 6.2, 16), (0, 16, 10, 26)),
    ):
        building.floor(f"corridor-{side}", box, kind="corridor")
        building.floor(f"room-{side}", room)
        building.neck(f"room-{side}", f"corridor-{side}", door_m)
        building.neck(f"corridor-{side}", "hall", 2.4)
        at = [5.0, -6.0 if side == "south" else 16.0]
        people[f"room-{side}"] = {"visitors": 200, "at": [at] * 200}
    building.flight(
        "stair", (10, 4.3), "E", width_m=1.4, steps=18, riser_m=RISER_M, tread_m=TREAD_M
    )
    foot = building.neck("hall", "stair", 1.4)
    building.way_out("stair", "E", 1.4, level="L2")
    numbers = {"stair_specific_flow": STAIRS["7/11"].max_specific_flow}
    trial = Trial(folder, building, people, movement={"speed_law": "none", "numbers": numbers})
    by_hand = hydraulic.transition([Stream(0.5, 2.0)] * 2, 1.1, STAIRS["7/11"])
    counts = [waiting(trial, foot, at_s) for at_s in (60, 160)]
    growth = (counts[1] - counts[0]) / 100
    return Outcome(
        f"{counts[0]} wait after 60 s, {counts[1]} after 160 s: {growth:.3f} per second",
        (
            Claim(
                "0.889 per second, to one person in 100 s",
                abs(growth - by_hand.queue_growth_per_s) <= 0.0101,
            ),
            Claim("everybody out in the end", trial.all_out),
        ),
    )


@published_test(
    "SFPE W5",
    "A stair beyond a transition",
    checks="A steady 0.8 /(m s) walks down a stair 5 m wide and 33 m long with k = 1.08 m/s, "
    "without boundary layers",
    expected="people walk at the lower of the two densities with this flow, 1.0145 per m² and not "
    "2.745, and at 0.7885 m/s",
    source="rebuilt",
)
def beyond_a_transition(folder: Path) -> Outcome:
    width_m, flow, steps = 5.0, 0.8, 100
    building = CaseBuilding(storeys=2, storey_m=rise_of(steps, RISER_M))
    building.flight(
        "stair", (0, 0), "E", width_m=width_m, steps=steps, riser_m=RISER_M, tread_m=TREAD_M
    )
    x = round(steps * TREAD_M, 6)
    building.floor("landing", (x, 0, x + 3, width_m), kind="landing", level="L2")
    building.floor("room", (x + 3, 0, x + 13, 10), level="L2")
    building.neck("landing", "stair", width_m)
    building.neck("room", "landing", flow * width_m / 1.3 + 0.3)
    building.way_out("stair", "W", width_m, level="L1")
    free_mps = FREE_MPS * STAIRS["7/11"].k_mps / hydraulic.stair(RISER_M, TREAD_M).k_mps
    trial = Trial(
        folder,
        building,
        {"room": {"visitors": 1200, "at": [[x + 3, width_m / 2]] * 1200}},
        movement={
            "speed_mps": {"everyone": free_mps},
            "numbers": {"stair_boundary_m": 0.0, "storage_per_m2": "unlimited"},
        },
    )
    steady = trial.in_cell("stair", from_s=200, until_s=290)
    slope = math.hypot(1.0, RISER_M / TREAD_M)  # people per square metre of slope
    density, speed = steady.mean_density_per_m2 / slope, steady.mean_speed_mps
    by_hand = hydraulic.transition([Stream(flow, width_m)], width_m, STAIRS["7/11"])
    return Outcome(
        f"{density:.3f} per m² of slope and {speed:.3f} m/s",
        (
            Claim("1.0145 per m² within 1 %", abs(density / by_hand.density_per_m2 - 1) < 0.01),
            Claim("0.7885 m/s within 1 %", abs(speed / by_hand.speed_mps - 1) < 0.01),
        ),
    )


@published_test(
    "SFPE W8",
    "The length of a stair",
    checks="One person walks up a storey of 12 ft (3.658 m) on steps as steep as 180 by 280 mm, at "
    "1 m/s along the slope",
    expected="3.658 m times the root of 1 + (280/180)^2 = 6.76 m, so 6.76 s",
    source="rebuilt",
)
def length_of_a_stair(folder: Path) -> Outcome:
    rise_m, steps = 12 * 0.3048, 20
    riser_m = rise_m / steps
    building = CaseBuilding(storeys=2, storey_m=rise_m)
    building.floor("start", (-4, 0, 0, 2), kind="landing")
    building.flight(
        "stair", (0, 0), "E", width_m=2.0, steps=steps, riser_m=riser_m,
        tread_m=riser_m * 280 / 180,
    )  # fmt: skip
    building.neck("start", "stair", 2.0)
    building.way_out("stair", "E", 2.0, level="L2")
    movement = {"speed_mps": {"everyone": 1.0}, "numbers": {"stair_speed_factor": 1.0}}
    people = {"start": {"visitors": 1, "at": [[0.0, 1.0]]}}
    took = Trial(folder, building, people, movement=movement).last_out_s
    by_hand = hydraulic.stair_length(rise_m, 0.180, 0.280)
    return Outcome(
        f"{took:.3f} s", (close("6.764 s, to a millimetre of plan", took, by_hand, 2e-3),)
    )


CASES = (
    speed_at_density, classroom_door, stair, merge, beyond_a_transition, length_of_a_stair
)  # fmt: skip
