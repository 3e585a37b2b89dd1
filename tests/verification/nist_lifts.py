"""The NIST test of a lift: people from one floor to another, a car at a time."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np
from verification.buildings_of_tests import CaseBuilding
from verification.published import Claim, Outcome, published_test
from verification.trial import Trial

from buildings.drawing_stairs import lift
from sim import EVENT_KINDS

RISE_M: Final = 4.0
CAR: Final = 10
FROM_S: Final = 60.0
SPEED_MPS, START_STOP_S, DOOR_S, BOARDING_S = 1.0, 2.0, 3.0, 1.5


def by_lift(folder: Path, people: int) -> tuple[Trial, float]:
    """Run people down by lift; return the trial and the hand calculation of the last one out."""
    building = CaseBuilding(storeys=2, storey_m=RISE_M)
    building.floor("lobby", (0, 0, 10, 10))
    building.floor("upper", (0, 0, 10, 10), level="L2")
    shaft = lift(building, "A", (10, 4, 12, 6), ("L1", "L2"), CAR)
    for level, floor in (("L1", "lobby"), ("L2", "upper")):
        building.opening(shaft, floor, width_m=1.0, level=level)
    building.way_out("lobby", "W", 2.0)
    trial = Trial(
        folder,
        building,
        {},
        population={
            "rooms": {
                "upper": {"visitors": people, "profiles": {"visitor": {"wheelchair": people}}}
            },
            "mobility": {"wheelchair": {"speed_mps": 1.0, "size": 1}},
            "accept_no_route": ["upper"],
        },
        movement={"speed_law": "none", "numbers": {"door_specific_flow": 1000}},
        lifts={
            shaft: {
                "operator": "fire_service",
                "from_s": FROM_S,
                "speed_mps": SPEED_MPS,
                "start_stop_s": START_STOP_S,
                "door_s": DOOR_S,
                "boarding_s": BOARDING_S,
            }
        },
    )
    ride_s = RISE_M / SPEED_MPS + START_STOP_S
    trips = [min(CAR, people - first) for first in range(0, people, CAR)]
    whole = [2 * ride_s + 4 * DOOR_S + 2 * n * BOARDING_S for n in trips]
    compiled = trial.ensemble.compiled
    doors = np.array([10.0, 5.0])
    lobby = compiled.slots_of(compiled.space_index("lobby"))
    standing = compiled.slot_xy.reshape(-1, 2)[lobby]
    nearest = standing[((standing - doors) ** 2).sum(axis=1).argmin()]
    walk_s = math.hypot(*(nearest - np.array([0.0, 5.0])).tolist())
    hand_s = FROM_S + sum(whole) - DOOR_S + walk_s
    return trial, hand_s


@published_test(
    "NIST Verif.2.7",
    "Use of a lift",
    checks="1, 10 and 50 people go down 4 m by a lift for 10 at 1 m/s; 2 s to start and stop, 3 s "
    "for doors, 1.5 s for each to get in and as much to get out; all wait before its doors when "
    "the fire service takes it over at 60 s",
    expected="the time agrees with a hand calculation of trips, doors and travel",
    source="recalled",
)
def use_of_a_lift(folder: Path) -> Outcome:
    got, claims = [], []
    for people in (1, 10, 50):
        trial, hand_s = by_lift(folder, people)
        rides = trial.ensemble.kept[0].events.kind == EVENT_KINDS.index("board")
        got.append(f"{people}: {trial.last_out_s:.2f} s")
        claims += [
            Claim(f"{people}: all ride", int(rides.sum()) == people),
            Claim(
                f"{people}: {hand_s:.2f} s within 0.01 s", abs(trial.last_out_s - hand_s) <= 0.01
            ),
        ]
    return Outcome("; ".join(got), tuple(claims))


CASES = (use_of_a_lift,)
