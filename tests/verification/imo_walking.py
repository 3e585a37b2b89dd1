"""IMO tests of single people and of walking speeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from verification.buildings_of_tests import CaseBuilding
from verification.published import Claim, Outcome, published_test
from verification.rimea_walking import corridor_of_40_m, stair_of_10_m
from verification.trial import Trial


@published_test(
    "IMO 1",
    "Keeping a walking speed in a corridor",
    checks="One person at 1.0 m/s along a corridor of 2 m by 40 m",
    expected="40 s",
    source="rebuilt",
)
def corridor(folder: Path) -> Outcome:
    took = corridor_of_40_m(folder, 1.0).last_out_s
    return Outcome(f"{took:.3f} s", (Claim("40 s, to a microsecond", abs(took - 40.0) < 1e-6),))


@published_test(
    "IMO 2",
    "Keeping a walking speed up a stair",
    checks="One person at 1.0 m/s up a stair 2 m wide and 10 m long on the slope",
    expected="10 s",
    source="recalled",
)
def up_a_stair(folder: Path) -> Outcome:
    took = stair_of_10_m(folder, up=True, factor=1.0).last_out_s
    return Outcome(f"{took:.3f} s", (Claim("10 s, to a microsecond", abs(took - 10.0) < 1e-6),))


@published_test(
    "IMO 3",
    "Keeping a walking speed down a stair",
    checks="One person at 1.0 m/s down a stair 2 m wide and 10 m long on the slope",
    expected="10 s",
    source="rebuilt",
)
def down_a_stair(folder: Path) -> Outcome:
    took = stair_of_10_m(folder, up=False, factor=1.0).last_out_s
    return Outcome(f"{took:.3f} s", (Claim("10 s, to a microsecond", abs(took - 10.0) < 1e-6),))


@published_test(
    "IMO 7",
    "Walking speeds of a population",
    checks="Fifty males of 30 to 50 years, their speeds uniform from 0.97 to 1.62 m/s",
    expected="the simulated speeds lie in that range and are spread over it",
    source="recalled",
)
def speeds_of_males(folder: Path) -> Outcome:
    building = CaseBuilding()
    building.floor("area", (0, 0, 70, 20))
    building.way_out("area", "E", 20.0)
    uniform = {"kind": "uniform", "low": 0.97, "high": 1.62}
    people = {"area": {"visitors": 50, "speed_mps": uniform}}
    ensemble = Trial(folder, building, people, replicas=20).ensemble
    speeds = ensemble.walked_m / (ensemble.out_s - ensemble.started_s - ensemble.queue_s)
    first, mean, sd = speeds[0], float(speeds.mean()), float(speeds.std())
    hand_mean, hand_sd = (0.97 + 1.62) / 2, (1.62 - 0.97) / np.sqrt(12)
    inside = speeds.min() >= 0.97 - 1e-9 and speeds.max() <= 1.62 + 1e-9
    return Outcome(
        f"50 people: {first.min():.2f} to {first.max():.2f} m/s, mean {first.mean():.2f}; in 20 "
        f"runs mean {mean:.3f}, standard deviation {sd:.3f}",
        (
            Claim("all within 0.97 to 1.62 m/s", bool(inside)),
            Claim("mean of 20 runs 1.295 m/s within 0.02", abs(mean - hand_mean) < 0.02),
            Claim("standard deviation 0.188 m/s within 0.02", abs(sd - hand_sd) < 0.02),
        ),
    )


CASES = (corridor, up_a_stair, down_a_stair, speeds_of_males)
