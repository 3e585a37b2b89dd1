"""Hand cases of EvacuatioNZ, a network model: walks, doors, stairs, delays, merging, a chain."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from verification.buildings_of_tests import CaseBuilding, rise_of
from verification.passages import passed_at_s
from verification.published import Claim, Outcome, published_test
from verification.rimea_walking import corridor_of_40_m
from verification.trial import Trial

from sim import hydraulic

DOOR_PER_S: Final = 1.33 * 0.7
"""Specific flow 1.33 /(m s) on a door of 1 m less 0.15 m on each side."""
RISER_M: Final = 0.180 / math.hypot(0.180, 0.280) / 3
TREAD_M: Final = 0.280 / math.hypot(0.180, 0.280) / 3
"""Steps as steep as 180 by 280 mm that measure a third of a metre along the slope, so that whole
numbers of them make 10 and 200 m."""
STEPS: Final = hydraulic.stair(RISER_M, TREAD_M)
FREE_MPS: Final = float(hydraulic.speed(0.0))
"""The free speed of the SFPE relation on the level, 1.199 m/s; the stair slows it to 0.922 m/s."""
STAIR_MPS: Final = float(hydraulic.speed(0.0, k_mps=STEPS.k_mps))


def at_the_exit(
    folder: Path,
    people: int,
    *,
    door_m: float = 1.0,
    boundary_m: float = 0.15,
    replicas: int = 1,
    **said: Any,
) -> Trial:
    """Let people who stand at the exit of a room of 8 by 5 m leave by it."""
    building = CaseBuilding()
    building.floor("room", (0, 0, 8, 5))
    building.way_out("room", "E", door_m)
    return Trial(
        folder,
        building,
        {"room": {"visitors": people, "at": [[8.0, 2.5]] * people}},
        replicas=replicas,
        movement={
            "numbers": {"door_specific_flow": 1.33, "door_boundary_m": boundary_m},
            "speed_mps": {"everyone": 1.0},
        },
        **said,
    )


def close(words: str, got: float, expected: float, within: float = 1e-6) -> Claim:
    """Claim that a time comes out as expected."""
    return Claim(words, abs(got - expected) <= within)


@published_test(
    "EvacuatioNZ E1",
    "Walking along a corridor",
    checks="One person at 1.0 m/s along 40 m",
    expected="40 s by hand; EvacuatioNZ 40.5 s",
    source="rebuilt",
)
def corridor(folder: Path) -> Outcome:
    took = corridor_of_40_m(folder, 1.0).last_out_s
    return Outcome(f"{took:.3f} s", (close("40 s, to a microsecond", took, 40.0),))


@published_test(
    "EvacuatioNZ E2",
    "Walking down a stair",
    checks="One person down 10 m of stair, steps of 180 by 280 mm, under the SFPE law; the person "
    "walks at the law's own free speed of 1.199 m/s on the level",
    expected="10.84 s by hand (k = 1.077, speed 0.922 m/s); EvacuatioNZ 12 s",
    source="rebuilt",
)
def stair(folder: Path) -> Outcome:
    took = down_a_stair(folder, length_m=10, width_m=1.0, people=1).last_out_s
    return Outcome(f"{took:.3f} s", (close("10.84 s within 0.01 s", took, 10.84, 0.01),))


def down_a_stair(folder: Path, *, length_m: int, width_m: float, people: int) -> Trial:
    """Let people who stand at the head of a stair go down and out at its foot.

    A stair of more than 100 m is drawn as flights of 100 m, one going on where the other ends.
    """
    flights = math.ceil(length_m / 100)
    steps = 3 * length_m // flights
    building = CaseBuilding(storeys=flights + 1, storey_m=rise_of(steps, RISER_M))
    x = 0.0
    for number in range(1, flights + 1):
        building.flight(
            f"stair{number}", (x, 0), "E", width_m=width_m, steps=steps, riser_m=RISER_M,
            tread_m=TREAD_M, lower=f"L{number}", upper=f"L{number + 1}",
        )  # fmt: skip
        if number > 1:
            building.neck(f"stair{number}", f"stair{number - 1}", width_m)
        x = round(x + steps * TREAD_M, 6)
    building.floor("room", (x, 0, x + 10, 10), level=f"L{flights + 1}")
    building.neck("room", f"stair{flights}", width_m)
    building.way_out("stair1", "W", width_m, level="L1")
    head = [x, width_m / 2]
    return Trial(
        folder,
        building,
        {"room": {"visitors": people, "at": [head] * people}},
        movement={"speed_mps": {"everyone": FREE_MPS}},
    )


@published_test(
    "EvacuatioNZ E3",
    "Flow through a door",
    checks="100 people in a room of 8 m by 5 m with an exit of 1 m, 1.33 people per second and "
    "metre less 0.15 m on each side; once standing at the exit, once all over the room",
    expected="(N - 1)/C = 106.3 s or N/C = 107.4 s by hand; EvacuatioNZ 108 s",
    source="rebuilt",
)
def door(folder: Path) -> Outcome:
    took = at_the_exit(folder, 100).last_out_s
    building = CaseBuilding()
    building.floor("room", (0, 0, 8, 5))
    building.way_out("room", "E", 1.0)
    spread = Trial(
        folder, building, {"room": 100}, movement={"numbers": {"door_specific_flow": 1.33}}
    )
    busy_s = float(spread.out_s.max() - spread.out_s.min())
    return Outcome(
        f"at the exit {took:.2f} s; all over the room {busy_s:.2f} s from the first to the last",
        (
            close("99 / 0.931 = 106.34 s at the exit, to a microsecond", took, 99 / DOOR_PER_S),
            close(
                "the same from the first to the last, who have to walk there",
                busy_s,
                99 / DOOR_PER_S,
            ),
            Claim(
                "so within (N - 1)/C and N/C", 99 / DOOR_PER_S - 1e-6 <= took <= 100 / DOOR_PER_S
            ),
        ),
    )


@published_test(
    "EvacuatioNZ E4",
    "Flow by door width",
    checks="1, 10 and 100 people through doors of 1, 2 and 3 m, and through an opening of 1 m "
    "without boundary layers",
    expected="(N - 1)/C: 0, 9.7, 106.3 s; 0, 4.0, 43.8 s; 0, 2.5, 27.6 s; 0, 6.8, 74.4 s",
    source="rebuilt",
)
def doors(folder: Path) -> Outcome:
    got, claims = [], []
    for name, width_m, boundary_m in (
        ("door of 1 m", 1.0, 0.15),
        ("door of 2 m", 2.0, 0.15),
        ("door of 3 m", 3.0, 0.15),
        ("opening of 1 m", 1.0, 0.0),
    ):
        per_s = 1.33 * (width_m - 2 * boundary_m)
        took = [
            at_the_exit(folder, n, door_m=width_m, boundary_m=boundary_m).last_out_s
            for n in (1, 10, 100)
        ]
        by_hand = [(n - 1) / per_s for n in (1, 10, 100)]
        got.append(f"{name}: {', '.join(f'{t:.1f}' for t in took)} s")
        claims.append(Claim(f"{name} to a microsecond", np.allclose(took, by_hand, atol=1e-6)))
    return Outcome("; ".join(got), tuple(claims))


@published_test(
    "EvacuatioNZ E5",
    "Flow down stairs",
    checks="People at the head of a stair of L by w, steps of 180 by 280 mm, under the SFPE law: "
    "200 m by 1 m and 200 m by 5 m with 100 people, 10 m by 1 m with one; and 200 m by 1 m with 40",
    expected="L/S + (N - 1)/C with C = 1.012 (w - 0.3): 356.65, 237.71 and 10.84 s, exact while "
    "fewer than 0.54 people per m² are on the stair and else a lower bound; EvacuatioNZ as rebuilt "
    "357.0, 238.0 and 11.5 s",
    source="rebuilt",
    reduced="a storey has at most 100 m here, so 200 m are two flights, and a crowd is felt on "
    "each: 100 people on 1 m exceed 0.54 per m² there, and for them the hand value is only the "
    "lower bound",
)
def stairs(folder: Path) -> Outcome:
    def by_hand(length_m: int, width_m: float, people: int) -> float:
        clear_m = hydraulic.effective_width(width_m, "stair")
        per_s = hydraulic.calculated_flow(STEPS.max_specific_flow, clear_m)
        return length_m / STAIR_MPS + (people - 1) / per_s

    cases = ((200, 1.0, 100), (200, 5.0, 100), (10, 1.0, 1), (200, 1.0, 40))
    took = [down_a_stair(folder, length_m=a, width_m=w, people=n).last_out_s for a, w, n in cases]
    hand = [by_hand(*case) for case in cases]
    return Outcome(
        f"{', '.join(f'{t:.2f}' for t in took)} s",
        (
            Claim("100 on 200 by 1 m: not quicker than 356.65 s", took[0] >= 356.64),
            Claim("and at most 10 % slower", took[0] <= 1.1 * hand[0]),
            close("100 on 200 by 5 m: 237.71 s within 0.01 s", took[1], 237.71, 0.01),
            close("1 on 10 by 1 m: 10.84 s within 0.01 s", took[2], 10.84, 0.01),
            close(f"40 on 200 by 1 m: {hand[3]:.2f} s within 0.01 s", took[3], hand[3], 0.01),
        ),
    )


@published_test(
    "EvacuatioNZ E10",
    "Everybody waits before they start",
    checks="The room of E3, everybody starts after 30 or 120 s",
    expected="E3 and exactly 30 or 120 s: 136.3 and 226.3 s; EvacuatioNZ as rebuilt 136.5, 226.5 s",
    source="rebuilt",
)
def delay(folder: Path) -> Outcome:
    took = {
        delay_s: at_the_exit(folder, 100, pre_movement={"everyone": delay_s}).last_out_s
        for delay_s in (0, 30, 120)
    }
    return Outcome(
        f"{took[0]:.2f}, {took[30]:.2f} and {took[120]:.2f} s",
        tuple(
            close(f"{delay_s} s later, to a microsecond", took[delay_s], took[0] + delay_s)
            for delay_s in (30, 120)
        ),
    )


@published_test(
    "EvacuatioNZ E11",
    "Everybody starts at their own time",
    checks="The room of E3, starts drawn from triangles (0, m, 2 m) with m = 15, 30 and 60 s, "
    "20 draws each",
    expected="the i-th start and the people after it: the largest of tau(i) + (N - 1 - i)/C is a "
    "lower bound, reached within 0.7 s",
    source="rebuilt",
)
def delays(folder: Path) -> Outcome:
    got, off_s = [], 0.0
    for middle_s in (15, 30, 60):
        spread = {"kind": "triangular", "low": 0, "mode": middle_s, "high": 2 * middle_s}
        trial = at_the_exit(
            folder, 100, replicas=20, events=False, pre_movement={"everyone": spread}
        )
        starts_s = np.sort(trial.ensemble.pre_movement_s, axis=1)
        bound_s = (starts_s + np.arange(99, -1, -1) / DOOR_PER_S).max(axis=1)
        last_s = trial.ensemble.out_s.max(axis=1)
        off_s = max(off_s, float(np.abs(last_s - bound_s).max()))
        got.append(f"m = {middle_s} s: {last_s.min():.1f} to {last_s.max():.1f} s")
    return Outcome(
        "; ".join(got) + f"; at most {off_s:.3f} s off the bound",
        (Claim("the bound is reached exactly in all 60 runs, to a microsecond", off_s < 1e-6),),
    )


@published_test(
    "EvacuatioNZ E12",
    "Walking in a crowd",
    checks="200 people at 2 per m² walk 20 m together",
    expected="20 m / (1.4 (1 - 0.266 2)) = 30.5 s; EvacuatioNZ 30.5 s",
    source="rebuilt",
)
def crowd(folder: Path) -> Outcome:
    took = float(crowd_of(folder, 200).out_s.min())
    by_hand = 20 / float(hydraulic.speed(2.0))
    return Outcome(
        f"{took:.3f} s",
        (
            close("20 m / S(2 per m²) = 30.525 s within 1 %", took, by_hand, 0.305),
            close(
                "at 2 per m² people keep up the largest flow, 1.3158: 30.400 s, to a millisecond",
                took,
                20 / (1.4 / (4 * 0.266) / 2.0),
                1e-3,
            ),
        ),
    )


def crowd_of(folder: Path, people: int) -> Trial:
    """Let people walk together from one wall of a hall of 20 by 5 m, 100 m², to the other.

    Their free speed is that of the SFPE relation; the far wall is open, and no door slows them.
    """
    building = CaseBuilding()
    building.floor("hall", (0, 0, 20, 5))
    building.way_out("hall", "E", 5.0)
    return Trial(
        folder,
        building,
        {"hall": {"visitors": people, "at": [[0.0, 2.5]] * people}},
        movement={
            "numbers": {"door_specific_flow": 1e6, "jam_density_per_m2": 1 / hydraulic.SLOWING_M2},
            "speed_mps": {"everyone": FREE_MPS},
        },
    )


@published_test(
    "EvacuatioNZ E13",
    "Two rooms merge in a full corridor",
    checks="400 people in two rooms whose doors of 1 m meet in a corridor that its exit of 0.9 m "
    "keeps full at 2 per m²; merging weights 1 and 3; and without weights, doors of 0.8 and 1.8 m, "
    "whose capacities are as 1 to 3; over 150 s once the corridor is full",
    expected="the rooms let people out as 1 to 3, within 15 %; EvacuatioNZ 2.8",
    source="rebuilt",
    reduced="the walking speed does not depend on density here: under a law in which it does, a "
    "crowded corridor takes people in more slowly long before it is full, each door at its own "
    "share, and only a full corridor is shared out by weights",
)
def merging(folder: Path) -> Outcome:
    ratios, all_out = [], True
    for doors_m, weighed in (((1.0, 1.0), True), ((0.8, 1.8), False)):
        building = CaseBuilding()
        building.floor("corridor", (0, 0, 6, 2), kind="corridor")
        building.floor("south", (-2, -10, 8, 0))
        building.floor("north", (-2, 2, 8, 12))
        south = building.neck("south", "corridor", doors_m[0])
        north = building.neck("north", "corridor", doors_m[1])
        building.way_out("corridor", "E", 0.9)
        movement: dict[str, Any] = {
            "speed_law": "none",
            "speed_mps": {"everyone": 1.2},
            "numbers": {"storage_per_m2": 2.0},
        }
        if weighed:
            movement["merge_weights"] = {south: 1, north: 3}
        trial = Trial(folder, building, {"south": 200, "north": 200}, movement=movement)
        passed = [
            sum(40 <= at_s < 190 for at_s in passed_at_s(trial, door).values())
            for door in (north, south)
        ]
        ratios.append(passed[0] / passed[1])
        all_out = all_out and trial.all_out
    return Outcome(
        f"a ratio of {ratios[0]:.2f} by weights and {ratios[1]:.2f} by capacities",
        (
            Claim("3 within 15 % by weights", abs(ratios[0] / 3 - 1) <= 0.15),
            Claim("3 within 15 % by capacities", abs(ratios[1] / 3 - 1) <= 0.15),
            Claim("everybody out in the end", all_out),
        ),
    )


@published_test(
    "EvacuatioNZ E14",
    "A chain of rooms with an exit at either end",
    checks="Rooms A to E in a row, doors of 1 m between them and to the outside from A and E; 50 "
    "people stand at the exit in E",
    expected="49 / 0.91 = 53.8 s by hand; everybody uses E's exit; EvacuatioNZ as rebuilt 54.0 s",
    source="rebuilt",
)
def chain(folder: Path) -> Outcome:
    building = CaseBuilding()
    rooms = "ABCDE"
    for place, name in enumerate(rooms):
        building.floor(name, (10 * place, 0, 10 * place + 10, 10))
    for west, east in pairwise(rooms):
        building.neck(west, east, 1.0)
    far = building.way_out("A", "W", 1.0)
    near = building.way_out("E", "E", 1.0)
    trial = Trial(folder, building, {"E": {"visitors": 50, "at": [[50.0, 5.0]] * 50}})
    return Outcome(
        f"{trial.last_out_s:.2f} s, {trial.passed(near)} by E's exit, {trial.passed(far)} by A's",
        (
            close("49 / 0.91 = 53.85 s, to a microsecond", trial.last_out_s, 49 / 0.91),
            Claim("50 of 50 by E's exit", trial.passed(near) == 50 and trial.passed(far) == 0),
        ),
    )


CASES = (corridor, stair, door, doors, stairs, delay, delays, crowd, merging, chain)
