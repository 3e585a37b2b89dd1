"""RiMEA tests of single people: a corridor, stairs, pre-movement, a corner, walking speeds."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.stats import kstest
from shapely import LineString
from verification.buildings_of_tests import CaseBuilding, rise_of
from verification.published import Claim, Outcome, published_test
from verification.trial import Trial, places

from buildings import NavGraph


def corridor_of_40_m(folder: Path, speed_mps: float) -> Trial:
    """Let one person walk from one end to the other of a corridor of 2 by 40 m."""
    building = CaseBuilding()
    building.floor("corridor", (0, 0, 40, 2), kind="corridor")
    building.way_out("corridor", "E", 2.0)
    people = {"corridor": {"visitors": 1, "at": [[0.0, 1.0]]}}
    return Trial(folder, building, people, movement={"speed_mps": {"everyone": speed_mps}})


def stair_of_10_m(folder: Path, *, up: bool, factor: float, speed_mps: float = 1.0) -> Trial:
    """Let one person walk up or down a stair of 2 by 10 m, measured along its slope.

    The flow law's own stair speed is switched off, so that the stated factor alone applies.
    """
    building = CaseBuilding(storeys=2, storey_m=rise_of(32))
    building.flight("stair", (0, 0), "E", width_m=2.0, steps=32)
    if up:
        building.floor("start", (-4, 0, 0, 2), kind="landing")
        building.neck("start", "stair", 2.0)
        building.way_out("stair", "E", 2.0, level="L2")
        at = [0.0, 1.0]
    else:
        end_m = 32 * 0.2635
        building.floor("start", (end_m, 0, end_m + 4, 2), kind="landing", level="L2")
        building.neck("start", "stair", 2.0)
        building.way_out("stair", "W", 2.0, level="L1")
        at = [end_m, 1.0]
    return Trial(
        folder,
        building,
        {"start": {"visitors": 1, "at": [at]}},
        movement={
            "speed_mps": {"everyone": speed_mps},
            "numbers": {"stair_speed_factor": 1.0},
            "stair_factor": {"up" if up else "down": factor},
        },
    )


@published_test(
    "RiMEA 1",
    "Keeping a walking speed in a corridor",
    checks="One person at 1.33 m/s along a corridor of 2 m by 40 m",
    expected="26 to 34 s",
    source="rebuilt",
)
def corridor(folder: Path) -> Outcome:
    took = corridor_of_40_m(folder, 1.33).last_out_s
    return Outcome(
        f"{took:.3f} s",
        (
            Claim("40 m / 1.33 m/s = 30.075 s, to a microsecond", abs(took - 40 / 1.33) < 1e-6),
            Claim("from 26 to 34 s", 26 <= took <= 34),
        ),
    )


@published_test(
    "RiMEA 2",
    "Keeping a walking speed up a stair",
    checks="One person up a stair 2 m wide and 10 m long on the slope, at 0.5 m/s on the stair",
    expected="length over speed, 20 s, within 5 %",
    source="rebuilt",
)
def up_a_stair(folder: Path) -> Outcome:
    took = stair_of_10_m(folder, up=True, factor=0.5).last_out_s
    exact = Claim("10 m / 0.5 m/s = 20 s, to a microsecond", abs(took - 20.0) < 1e-6)
    return Outcome(f"{took:.3f} s", (exact,))


@published_test(
    "RiMEA 3",
    "Keeping a walking speed down a stair",
    checks="One person down a stair 2 m wide and 10 m long on the slope, at 0.75 m/s on the stair",
    expected="length over speed, 13.3 s, within 5 %",
    source="rebuilt",
)
def down_a_stair(folder: Path) -> Outcome:
    took = stair_of_10_m(folder, up=False, factor=0.75).last_out_s
    exact = Claim("10 m / 0.75 m/s = 13.333 s, to a microsecond", abs(took - 10 / 0.75) < 1e-6)
    return Outcome(f"{took:.3f} s", (exact,))


def room_of_8_by_5(folder: Path, people: int, **said: Any) -> Trial:
    """Put people into a room of 8 by 5 m with an exit of 1 m in the middle of its 5 m wall."""
    building = CaseBuilding()
    building.floor("room", (0, 0, 8, 5))
    building.way_out("room", "E", 1.0)
    return Trial(folder, building, {"room": people}, **said)


@published_test(
    "RiMEA 5",
    "Pre-movement time",
    checks="Ten people in a room of 8 m by 5 m with an exit of 1 m; they set off between 10 and "
    "100 s, once at 10, 20, ..., 100 s and once at times drawn from the uniform distribution",
    expected="each person starts at their own time",
    source="rebuilt",
    also=("IMO 5",),
)
def pre_movement(folder: Path) -> Outcome:
    listed_s = [10.0 * n for n in range(1, 11)]
    listed = room_of_8_by_5(folder, 10, pre_movement={"listed": listed_s}).ensemble
    uniform = {"kind": "uniform", "low": 10, "high": 100}
    drawn = room_of_8_by_5(folder, 10, replicas=100, pre_movement={"everyone": uniform}).ensemble
    times_s = np.sort(drawn.started_s.ravel())
    apart = kstest(times_s, "uniform", args=(10, 90))
    return Outcome(
        f"starts at {listed.started_s[0].min():.0f} to {listed.started_s[0].max():.0f} s as listed;"
        f" 100 times ten drawn: {times_s[0]:.1f} to {times_s[-1]:.1f} s, mean "
        f"{times_s.mean():.1f} s, Kolmogorov-Smirnov p = {apart.pvalue:.2f}",
        (
            Claim("every start equals its listed time", listed.started_s[0].tolist() == listed_s),
            Claim(
                "every start equals its drawn time",
                bool((drawn.started_s == drawn.pre_movement_s).all()),
            ),
            Claim("all between 10 and 100 s", times_s[0] >= 10 and times_s[-1] <= 100),
            Claim("1000 draws are uniform, p > 0.05", apart.pvalue > 0.05),
        ),
    )


@published_test(
    "RiMEA 6",
    "Walking round a corner",
    checks="Twenty people in the first 6 m of a corridor 2 m wide that turns left after 12 m",
    expected="all go round the corner; nobody passes through a wall",
    source="rebuilt",
    also=("IMO 6", "NIST Verif.2.3", "ISO 4"),
    reduced="the model has no positions between a door and the next; tested are the drawn ways "
    "that pictures and films use, and that the metres walked are those of these ways",
)
def round_a_corner(folder: Path) -> Outcome:
    building = CaseBuilding()
    building.floor("corridor", [(0, 0, 12, 2), (10, 2, 12, 12)], kind="corridor")
    building.way_out("corridor", "N", 2.0, near=(11, 12))
    start_xy = places(0, 0, 6, 2, 20)
    trial = Trial(folder, building, {"corridor": {"visitors": 20, "at": start_xy}})
    plan = trial.ensemble.plan
    graph = NavGraph.from_plan(plan)
    floor = plan.spaces["corridor"].polygon.buffer(1e-6)
    off_floor = 0
    longest_off_m = 0.0
    cut_short = 0
    for (x, y), walked_m in zip(start_xy, trial.ensemble.walked_m[0], strict=True):
        way = graph.route("corridor", start_xy=(x, y))
        assert way is not None
        line = LineString(np.concatenate([leg.line_xy for leg in way.legs]))
        off_floor += not floor.covers(line)
        longest_off_m = max(longest_off_m, abs(way.length_m - walked_m))
        cut_short += walked_m < math.dist((x, y), (10, 2)) + math.dist((10, 2), (11, 12)) - 1e-6
    return Outcome(
        f"{int(np.isfinite(trial.out_s).sum())} of 20 out, {off_floor} ways leave the floor, "
        f"metres walked differ by at most {longest_off_m:.3f} m from the ways drawn",
        (
            Claim("all 20 are out", trial.all_out),
            Claim("every drawn way lies on the floor", off_floor == 0),
            Claim("metres walked are those of the way drawn, to 1 mm", longest_off_m < 1e-3),
            Claim("nobody walks less than round the inner corner", cut_short == 0),
        ),
    )


WEIDMANN_MPS: Final = {
    20: (1.60, 1.64), 30: (1.52, 1.56), 40: (1.46, 1.50), 50: (1.39, 1.43), 60: (1.27, 1.27),
    70: (1.07, 1.07),
}  # fmt: skip
"""Least and greatest speed by age, read from Weidmann's figure by the public implementation."""


@published_test(
    "RiMEA 7",
    "Walking speeds by age",
    checks="Fifty adults of 20 to 70 years in an open area of 70 m by 20 m, in six lanes by age, "
    "the speeds of each age as in the table",
    expected="the simulated speeds are those of the table: 1.60 to 1.64 m/s at 20 years, 1.52 to "
    "1.56 at 30, 1.46 to 1.50 at 40, 1.39 to 1.43 at 50, 1.27 at 60, 1.07 at 70",
    source="rebuilt",
)
def speeds_by_age(folder: Path) -> Outcome:
    building = CaseBuilding()
    people: dict[str, Any] = {}
    for lane, (age, (low, high)) in enumerate(WEIDMANN_MPS.items()):
        name = f"age{age}"
        south = round(lane * 20 / 6, 3)
        building.floor(name, (0, south, 70, round((lane + 1) * 20 / 6, 3)))
        building.way_out(name, "E", 3.0)
        speed = low if low == high else {"kind": "uniform", "low": low, "high": high}
        count = 9 if lane < 2 else 8
        people[name] = {"visitors": count, "speed_mps": speed}
    ensemble = Trial(folder, building, people).ensemble
    walking_s = ensemble.out_s[0] - ensemble.started_s[0] - ensemble.queue_s[0]
    speeds = ensemble.walked_m[0] / walking_s
    at_home = [ensemble.compiled.space_ids[space] for space in ensemble.roster.space]
    got, outside = [], 0
    for age, (low, high) in WEIDMANN_MPS.items():
        own = speeds[[home == f"age{age}" for home in at_home]]
        seen = dict.fromkeys(f"{own_mps:.2f}" for own_mps in (own.min(), own.max()))
        got.append(f"{age}: {' to '.join(seen)}")
        outside += int(((own < low - 1e-9) | (own > high + 1e-9)).sum())
    return Outcome(
        f"{len(speeds)} people, metres over seconds, by age: {', '.join(got)} m/s",
        (
            Claim("50 people", len(speeds) == 50),
            Claim("each walks at a speed of their age", outside == 0),
        ),
    )


CASES = (corridor, up_a_stair, down_a_stair, pre_movement, round_a_corner, speeds_by_age)
