"""RiMEA and IMO tests of crowds at exits, necks, long corridors and stairs."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from verification.buildings_of_tests import CaseBuilding, rise_of
from verification.published import Claim, Outcome, published_test
from verification.rimea_walking import room_of_8_by_5
from verification.trial import Trial, places

ADULTS: Final = 1.3
"""A speed for tests that ask for equal people, in m/s."""
DOOR_OF_1_M: Final = 1.3 * (1.0 - 2 * 0.15)
"""Capacity of a door of 1 m with the default law: specific flow times effective width, 1/s."""


def gaps_s(out_s: np.ndarray) -> np.ndarray:
    """Return the times between one person and the next, in order of time."""
    return np.diff(np.sort(out_s))


@published_test(
    "IMO 4",
    "Greatest flow through an exit",
    checks="100 people in a room of 8 m by 5 m leave through an exit of 1 m; once with the default "
    "law, once with the limit itself, 1.33 /s, as capacity",
    expected="the flow over the whole period is at most 1.33 persons per second",
    source="rebuilt",
)
def greatest_flow(folder: Path) -> Outcome:
    default = room_of_8_by_5(folder, 100)
    numbers = {"door_specific_flow": 1.33, "door_boundary_m": 0.0}
    limit = room_of_8_by_5(folder, 100, movement={"numbers": numbers})
    span_s = limit.last_out_s - float(limit.out_s.min())
    default_flow = 100 / default.last_out_s
    return Outcome(
        f"default law: 100 people in {default.last_out_s:.1f} s, {default_flow:.2f} /s; capacity "
        f"1.33 /s: the last out {span_s:.3f} s after the first, at {limit.last_out_s:.1f} s",
        (
            Claim("default law: at most 1.33 /s", default_flow <= 1.33),
            Claim(
                "default law: nobody less than 1 / 0.91 s after another",
                bool(gaps_s(default.out_s).min() >= 1 / DOOR_OF_1_M - 1e-9),
            ),
            Claim("capacity 1.33 /s: 99 / 1.33 = 74.436 s", abs(span_s - 99 / 1.33) < 1e-6),
            Claim(
                "capacity 1.33 /s: nobody less than 1 / 1.33 s after another, so no window of t "
                "seconds passes more than 1 + 1.33 t",
                bool(gaps_s(limit.out_s).min() >= 1 / 1.33 - 1e-9),
            ),
        ),
    )


@published_test(
    "RiMEA 9",
    "A crowd leaves a large room",
    checks="1000 adults in a room of 30 m by 20 m with four exits of 1 m, two in each long wall; "
    "then the two in one wall are closed from the start, and everybody knows",
    expected="the time about doubles; ratio 1.6 to 2.4",
    source="rebuilt",
    also=("IMO 9",),
)
def large_room(folder: Path) -> Outcome:
    def leave(closed: str) -> tuple[float, list[int], float]:
        building = CaseBuilding()
        building.floor("room", (0, 0, 30, 20))
        exits = {s: [building.way_out("room", s, 1.0, at=x) for x in (4.5, 25.5)] for s in "NS"}
        orders = [
            {"door": door, "at_s": 0, "state": "closed", "known_to": "everyone"}
            for door in exits.get(closed, ())
        ]
        trial = Trial(folder, building, {"room": 1000}, events=False, doors=orders)
        open_exits = [door for side in exits if side != closed for door in exits[side]]
        least_gap_s = min(float(gaps_s(trial.out_s[trial.left_by(e)]).min()) for e in open_exits)
        passed = [trial.passed(door) for side in exits for door in exits[side]]
        return trial.last_out_s, passed, least_gap_s

    four_s, by_four, gap_of_four_s = leave("")
    two_s, by_two, gap_of_two_s = leave("N")
    busiest = max(by_four)
    return Outcome(
        f"{four_s:.0f} s through four exits ({', '.join(map(str, by_four))} people), {two_s:.0f} s "
        f"with two closed ({', '.join(map(str, by_two))}); ratio {two_s / four_s:.2f}",
        (
            Claim("ratio from 1.6 to 2.4", 1.6 <= two_s / four_s <= 2.4),
            Claim("by hand, queues all the time: 499 / 249 = 2.0 within 0.1",
                  abs(two_s / four_s - 499 / 249) < 0.1),
            Claim("everybody out, each of the exits used by 220 to 280 of the 1000 when all are "
                  "open", sum(by_four) == 1000 and all(220 <= n <= 280 for n in by_four)),
            Claim("nobody through a closed exit", by_two[:2] == [0, 0] and sum(by_two) == 1000),
            Claim("at least (N - 1) / 0.91 at the busiest exit, at most 3 s more",
                  0 <= four_s - (busiest - 1) / DOOR_OF_1_M <= 3.0),
            Claim("no exit passes anybody less than 1 / 0.91 s after another",
                  min(gap_of_four_s, gap_of_two_s) >= 1 / DOOR_OF_1_M - 1e-9),
        ),
    )  # fmt: skip


def two_rooms(
    folder: Path, *, throat_m: float, width_m: float = 1.0, beyond_m: float = 10.0, **said: Any
) -> tuple[Trial, str]:
    """Join a room of 10 by 10 m with 150 people to a second one by a throat; return the neck too.

    A throat of at most 0.5 m is a thick wall, a longer one a corridor. The second room is as deep
    as stated and open on its far side; with a depth of 0 the neck itself is the exit.
    """
    building = CaseBuilding()
    building.floor("room1", (0, 0, 10, 10))
    start_m = 10 + throat_m
    if beyond_m == 0:
        neck = building.way_out("room1", "E", width_m)
    else:
        building.floor("room2", (start_m, 0, start_m + beyond_m, 10))
        if throat_m > 0.5:
            low, high = 5 - width_m / 2, 5 + width_m / 2
            building.floor("throat", (10, low, start_m, high), kind="corridor")
            neck = building.neck("room1", "throat", width_m)
            building.neck("throat", "room2", width_m)
        else:
            neck = building.neck("room1", "room2", width_m)
        building.way_out("room2", "E", 10.0)
    return Trial(folder, building, {"room1": 150}, events=False, **said), neck


@published_test(
    "RiMEA 12",
    "Effect of bottlenecks",
    checks="150 people in the left half of a room of 10 m by 10 m, a corridor of 5 m by 1 m, a "
    "second room, an exit of 1 m; with equal people, and with adults of different speeds",
    expected="congestion only before the corridor, none in the second room",
    source="rebuilt",
)
def two_bottlenecks(folder: Path) -> Outcome:
    def queues(**said: Any) -> tuple[int, int, int]:
        building = CaseBuilding()
        building.floor("room1", (0, 0, 10, 10))
        building.floor("corridor", (10, 4.5, 15, 5.5), kind="corridor")
        building.floor("room2", (15, 0, 25, 10))
        first = building.neck("room1", "corridor", 1.0)
        building.neck("corridor", "room2", 1.0)
        last = building.way_out("room2", "E", 1.0)
        people = {"room1": {"visitors": 150, "at": places(0, 0, 5, 10, 150)}}
        trial = Trial(folder, building, people, events=False, **said)
        return trial.peak_queue(first), trial.peak_queue(last), trial.passed(last)

    equal = queues(movement={"speed_mps": {"everyone": ADULTS}})
    mixed = queues()
    return Outcome(
        f"longest queue before the corridor and at the exit: {equal[0]} and {equal[1]} with equal "
        f"people, {mixed[0]} and {mixed[1]} with adults, of whom the fast catch up with the slow",
        (
            Claim("everybody out", equal[2] == mixed[2] == 150),
            Claim("more than 100 wait before the corridor", min(equal[0], mixed[0]) > 100),
            Claim("with equal people at most one waits at the exit", equal[1] <= 1),
            Claim("with adults never more than 5 of 150", mixed[1] <= 5),
        ),
    )


@published_test(
    "RiMEA 12a",
    "Distance of the goal behind an opening",
    checks="150 people leave a room of 10 m by 10 m through an opening of 1 m in a wall of 0.2 m; "
    "the goal lies 0, 1, 2, 5 and 10 m behind it",
    expected="the time falls as the goal comes closer",
    source="rebuilt",
    reduced="the goal closer to the opening saves the walk to it; that people spread out behind "
    "an opening and so leave it faster is not modelled",
)
def goal_behind_an_opening(folder: Path) -> Outcome:
    took_s = [
        two_rooms(folder, throat_m=0.2, beyond_m=a)[0].last_out_s
        for a in (0.0, 1.0, 2.0, 5.0, 10.0)
    ]
    return Outcome(
        " s, ".join(f"{s:.1f}" for s in took_s) + " s",
        (
            Claim("strictly longer from each distance to the next",
                  all(a < b for a, b in itertools.pairwise(took_s))),
        ),
    )  # fmt: skip


@published_test(
    "RiMEA 12b",
    "Length of a throat",
    checks="150 people leave a room of 10 m by 10 m through a throat 1 m wide, 0.2 m or 5 m long",
    expected="the longer throat takes longer",
    source="rebuilt",
    reduced="the longer throat adds the walk through it at the crowd's pace; its capacity is that "
    "of its width, however long it is",
)
def length_of_a_throat(folder: Path) -> Outcome:
    said = {"movement": {"speed_mps": {"everyone": ADULTS}}}
    short_s = two_rooms(folder, throat_m=0.2, **said)[0].last_out_s
    long_s = two_rooms(folder, throat_m=5.0, **said)[0].last_out_s
    return Outcome(
        f"{short_s:.1f} s and {long_s:.1f} s",
        (
            Claim("longer by the walk of 4.8 m at 1.3 m/s at least",
                  long_s - short_s >= 4.8 / ADULTS - 1e-6),
        ),
    )  # fmt: skip


@published_test(
    "RiMEA 12c",
    "Two equal openings in a row",
    checks="150 equal people in the first of three rooms of 10 m by 10 m, joined by two openings "
    "of 1 m",
    expected="a queue at the first opening, no congestion at the second",
    source="rebuilt",
)
def two_equal_openings(folder: Path) -> Outcome:
    building = CaseBuilding()
    for n in range(3):
        building.floor(f"room{n + 1}", (10 * n, 0, 10 * n + 10, 10))
    first = building.neck("room1", "room2", 1.0)
    second = building.neck("room2", "room3", 1.0)
    building.way_out("room3", "E", 10.0)
    movement = {"speed_mps": {"everyone": ADULTS}}
    trial = Trial(folder, building, {"room1": 150}, movement=movement)
    queues = trial.peak_queue(first), trial.peak_queue(second)
    beyond = trial.in_cell("room2", from_s=0.0, until_s=trial.last_out_s)
    return Outcome(
        f"longest queues {queues[0]} and {queues[1]}; never more than "
        f"{beyond.peak_density_per_m2:.2f} /m² in the second room",
        (
            Claim("everybody out", trial.all_out),
            Claim("more than 100 wait at the first opening", queues[0] > 100),
            Claim("at most one waits at the second", queues[1] <= 1),
            Claim("nobody is slowed in the second room, at most 0.54 /m²",
                  beyond.peak_density_per_m2 <= 0.54),
        ),
    )  # fmt: skip


@published_test(
    "RiMEA 12d",
    "Width of a throat",
    checks="150 people leave a room of 10 m by 10 m through a throat 5 m long, 0.8, 1.0 and 1.2 m "
    "wide",
    expected="the flow rises with every width",
    source="rebuilt",
)
def width_of_a_throat(folder: Path) -> Outcome:
    flows = []
    for width_m in (0.8, 1.0, 1.2):
        trial, neck = two_rooms(folder, throat_m=5.0, width_m=width_m)
        flows.append(1 / trial.headway_s(neck))
    by_hand = [1.3 * (width_m - 0.3) for width_m in (0.8, 1.0, 1.2)]
    return Outcome(
        ", ".join(f"{flow:.2f}" for flow in flows) + " persons per second",
        (
            Claim("strictly rising", flows[0] < flows[1] < flows[2]),
            Claim(
                "by hand, 1.3 /(m s) times width less 0.3 m: 0.65, 0.91, 1.17 /s, to 1e-6",
                bool(np.allclose(flows, by_hand, atol=1e-6, rtol=0)),
            ),
        ),
    )


def room_corridor_stair(folder: Path, people: int, **said: Any) -> tuple[Trial, tuple[str, ...]]:
    """Join a room of 8 by 5 m to a corridor of 12 by 2 m and a stair of 3 by 2 m up to an exit.

    Returns the trial and the mouth of the corridor, its middle and the foot of the stair.
    """
    steps, tread_m = 12, 0.25
    building = CaseBuilding(storeys=2, storey_m=rise_of(steps))
    building.floor("room", (0, 0, 8, 5))
    building.floor("corridor", (8, 1.5, 20, 3.5), kind="corridor")
    mouth = building.neck("room", "corridor", 2.0)
    building.flight("stair", (20, 1.5), "E", width_m=2.0, steps=steps, tread_m=tread_m)
    foot = building.neck("corridor", "stair", 2.0)
    building.floor("top", (23, 1.5, 24, 3.5), kind="landing", level="L2")
    head = building.neck("stair", "top", 2.0)
    building.portals[head] = replace(building.portals[head], level="L2")
    building.way_out("top", "E", 2.0, level="L2")
    at = places(0, 0, 8, 5, people)
    crowd = {"room": {"visitors": people, "at": at}}
    trial = Trial(folder, building, crowd, events=False, **said)
    middle = next(gate for gate in trial.ensemble.compiled.gate_ids if "|" in gate)
    return trial, (mouth, middle, foot)


@published_test(
    "RiMEA 13",
    "From a room through a corridor up a stair (version 3)",
    checks="150 people leave a room of 8 m by 5 m into a corridor of 12 m by 2 m that ends at a "
    "stair up, 3 m by 2 m; on the stair half the speed on the level and a specific flow of "
    "0.6 /(m s); Weidmann's law, which has room for 150 in 40 m²",
    expected="a queue at the room's exit, a steady flow in the corridor, a queue that grows at the "
    "foot of the stair; flows of corridor and stair differ by 0.05 /s at least",
    source="rebuilt",
    also=("IMO 11",),
)
def up_a_stair_from_a_corridor(folder: Path) -> Outcome:
    movement = {
        "law": "weidmann",
        "numbers": {"stair_speed_factor": 1.0, "stair_specific_flow": 0.6},
        "stair_factor": {"up": 0.5},
    }
    trial, (mouth, middle, foot) = room_corridor_stair(folder, 150, movement=movement)
    queues = [trial.peak_queue(portal) for portal in (mouth, middle, foot)]
    into_corridor, onto_stair = 1 / trial.headway_s(mouth), 1 / trial.headway_s(foot)
    return Outcome(
        f"longest queues: {queues[0]} at the room's exit, {queues[1]} in the middle of the "
        f"corridor, {queues[2]} at the foot of the stair; {into_corridor:.2f} /s into the "
        f"corridor, {onto_stair:.2f} /s onto the stair",
        (
            Claim("all 150 are out", trial.all_out),
            Claim("more than 50 wait at the room's exit", queues[0] > 50),
            Claim("more than 10 wait at the foot of the stair", queues[2] > 10),
            Claim("in the middle of the corridor wait fewer than at either end",
                  queues[1] < min(queues[0], queues[2])),
            Claim("the flows differ by 0.05 /s at least", into_corridor - onto_stair >= 0.05),
        ),
    )  # fmt: skip


FRUIN_STAIR_MPS: Final = {"down": 0.65, "up": 0.50}
"""Speeds on an inner stair between 30 and 50 years, Fruin as used by RiMEA."""
WEIDMANN_MEAN_MPS: Final = 1.34


@published_test(
    "RiMEA 13 v4",
    "A crowd on a stair, down and up (version 4)",
    checks="100 adults from a room of 10 m by 10 m over a neck of 2 m onto a stair 2 m wide and 5 "
    "m long, down and up, with Fruin's speeds on stairs: 0.65 m/s down, 0.50 m/s up",
    expected="faster down than up at equal density; speeds inside a measured envelope",
    source="rebuilt",
    reduced="that people are faster down than up is an input; the measured envelope is not to "
    "hand as numbers and is left out",
)
def down_and_up_a_stair(folder: Path) -> Outcome:
    def climb(way: str) -> tuple[float, float, float]:
        building = CaseBuilding(storeys=2, storey_m=rise_of(16))
        building.flight("stair", (0, 4), "E", width_m=2.0, steps=16)
        far_m = 16 * 0.2635
        if way == "up":
            building.floor("room", (-10, 0, 0, 10))
            building.way_out("stair", "E", 2.0, level="L2")
        else:
            building.floor("room", (far_m, 0, far_m + 10, 10), level="L2")
            building.way_out("stair", "W", 2.0, level="L1")
        building.neck("room", "stair", 2.0)
        factor = FRUIN_STAIR_MPS[way] / WEIDMANN_MEAN_MPS
        movement = {
            "numbers": {"stair_speed_factor": 1.0, "stair_specific_flow": 1.3 * factor},
            "stair_factor": {way: factor},
        }
        trial = Trial(folder, building, {"room": 100}, movement=movement)
        seen = trial.in_cell("stair", from_s=0.0, until_s=trial.last_out_s)
        return trial.last_out_s, seen.mean_speed_mps, seen.mean_density_per_m2

    down_s, down_mps, down_per_m2 = climb("down")
    up_s, up_mps, up_per_m2 = climb("up")
    return Outcome(
        f"down {down_s:.1f} s at {down_mps:.2f} m/s and {down_per_m2:.2f} /m², up {up_s:.1f} s at "
        f"{up_mps:.2f} m/s and {up_per_m2:.2f} /m²",
        (
            Claim("faster down than up, as 0.65 to 0.50 within 5 %",
                  abs(down_mps / up_mps / (0.65 / 0.50) - 1) < 0.05),
            Claim("at densities equal within 10 %", abs(down_per_m2 / up_per_m2 - 1) < 0.1),
            Claim("everybody is out sooner down than up", down_s < up_s),
        ),
    )  # fmt: skip


@published_test(
    "RiMEA 15",
    "A large crowd round a corner",
    checks="500 adults in the first 6 m of a lane 20 m wide: straight for 44 m (the inner edge of "
    "the corner), round a corner (34 m, turn, 10 m), straight for 75.4 m (its outer edge); they "
    "take the quickest way by what they see (`exit_choice.rule: locally_quickest`), and, for "
    "comparison, the nearest; Weidmann's law, which has room for 500 in the start field",
    expected="the corner takes no less than the short and no more than the long straight lane",
    source="rebuilt",
)
def large_crowd_round_a_corner(folder: Path) -> Outcome:
    def walk(rule: str, *boxes: tuple[float, float, float, float]) -> float:
        building = CaseBuilding()
        building.floor("lane", boxes, kind="corridor")
        if len(boxes) == 1:
            building.way_out("lane", "E", 20.0)
        else:
            building.way_out("lane", "N", 20.0, near=(44, 30))
        people = {"lane": {"visitors": 500, "at": places(0, 0, 6, 20, 500)}}
        said = {"movement": {"law": "weidmann"}, "exit_choice": {"rule": rule}}
        return Trial(folder, building, people, events=False, **said).last_out_s

    corner = ((0, 0, 54, 20), (34, 0, 54, 30))
    short_s = walk("locally_quickest", (0, 0, 44, 20))
    corner_s = walk("locally_quickest", *corner)
    long_s = walk("locally_quickest", (0, 0, 75.4, 20))
    keeping_inside_s = walk("nearest", *corner)
    return Outcome(
        f"{short_s:.0f} s, {corner_s:.0f} s round the corner, {long_s:.0f} s. With the rule "
        f"`nearest` the corner takes {keeping_inside_s:.0f} s, because everybody then keeps to "
        "the inner 3 m of the lane: too long, on the safe side",
        (
            Claim("the corner takes at least as long as 44 m", short_s <= corner_s),
            Claim("the corner takes at most as long as 75.4 m", corner_s <= long_s),
            Claim("the rule `nearest` takes longer", corner_s < keeping_inside_s),
        ),
    )


CASES = (
    greatest_flow,
    large_room,
    two_bottlenecks,
    goal_behind_an_opening,
    length_of_a_throat,
    two_equal_openings,
    width_of_a_throat,
    up_a_stair_from_a_corridor,
    down_and_up_a_stair,
    large_crowd_round_a_corner,
)
