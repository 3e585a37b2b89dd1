"""RiMEA tests of single people: a corridor, stairs, pre-movement, a corner, walking speeds."""

from __future__ import annotations

from pathlib import Path

from verification.buildings_of_tests import CaseBuilding, rise_of
from verification.published import Claim, Outcome, published_test
from verification.trial import Trial


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


CASES = (corridor, up_a_stair, down_a_stair)
