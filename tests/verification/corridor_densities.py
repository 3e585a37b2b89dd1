"""A corridor full of people at rising densities: speed and flow in a piece in its middle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from verification.buildings_of_tests import CaseBuilding
from verification.published import Claim, Outcome, published_test
from verification.trial import Trial

from scenarios import CellTraffic, ScenarioError
from sim import flow_law

DENSITIES_PER_M2: Final = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
SPEED_MPS: Final = 1.2
LENGTH_M: Final = 240.0
WIDTH_M: Final = 10.0
SETTLED_S: Final = 10.0
END_S: Final = 70.0

MEASURED_MPS: Final[Mapping[tuple[float, float], tuple[float, float]]] = MappingProxyType(
    {
        (0.4, 0.6): (0.7 * 0.97, 1.3 * 1.66),
        (1.0, 1.25): (0.7 * 0.72, 1.3 * 1.29),
        (1.5, 1.75): (0.7 * 0.50, 1.3 * 1.26),
        (2.0, 2.5): (0.7 * 0.27, 1.3 * 0.80),
        (3.0, 3.5): (0.7 * 0.17, 1.3 * 0.44),
    }
)
"""Density range to speed range: 0.7 times the least 10 % quantile and 1.3 times the greatest 90 %
quantile of three measured data sets (corridors and a bottleneck, Juelich experiments) that come
with a public implementation of the RiMEA tests."""


def settled_traffic(folder: Path, densities_per_m2: Sequence[float]) -> list[CellTraffic]:
    """Return what the middle of the corridor sees from 10 to 70 s, for each density at the start.

    A piece 120 m from either end: nobody from beyond, and no thinning out from the exit, comes
    there within 70 s.
    """
    found = []
    for density in densities_per_m2:
        trial = _filled(folder, density)
        cells = trial.ensemble.compiled.cell_ids[:-1]
        middle = cells[len(cells) // 2]
        found.append(trial.in_cell(middle, from_s=SETTLED_S, until_s=END_S))
    return found


def _filled(folder: Path, density_per_m2: float) -> Trial:
    building = CaseBuilding()
    building.floor("corridor", (0, 0, LENGTH_M, WIDTH_M), kind="corridor")
    building.way_out("corridor", "E", WIDTH_M)
    return Trial(
        folder,
        building,
        {"corridor": round(density_per_m2 * LENGTH_M * WIDTH_M)},
        movement={"speed_mps": {"everyone": SPEED_MPS}},
        end_s=END_S,
    )


def _refusal(folder: Path, density_per_m2: float) -> str:
    try:
        _filled(folder, density_per_m2)
    except ScenarioError as error:
        return str(error)
    return ""


def _law_mps(density_per_m2: float) -> float:
    return SPEED_MPS * float(flow_law("sfpe").pace(density_per_m2))


@published_test(
    "RiMEA 4",
    "Speed and flow against density",
    checks="A corridor 10 m wide filled at 0.5 to 3 persons per square metre, all with a free "
    "speed of 1.2 m/s; mean speed in its middle over 60 s after 10 s",
    expected="a fundamental diagram is shown: speed falls with density, flow rises and falls; no "
    "limit is given",
    source="rebuilt",
    reduced="240 m of the published 1000 m, of which no more can reach the middle in 70 s; "
    "densities of 4, 5 and 6 are refused, because cells hold 3.5 persons per square metre with "
    "this law; the measuring field is a cell, not 2 m by 2 m",
)
def fundamental_diagram(folder: Path) -> Outcome:
    seen = settled_traffic(folder, DENSITIES_PER_M2)
    refusal = _refusal(folder, 4.0)
    speeds = [traffic.mean_speed_mps for traffic in seen]
    flows = [traffic.specific_flow for traffic in seen]
    peak = max(seen, key=lambda traffic: traffic.specific_flow)
    got = "; ".join(
        f"at {t.mean_density_per_m2:.2f} /m² {t.mean_speed_mps:.2f} m/s, flow {t.specific_flow:.2f}"
        for t in seen
    )
    light = [t for t in seen if t.mean_density_per_m2 < 1.1]
    in_measured = [
        low <= t.mean_speed_mps <= high
        for (from_d, to_d), (low, high) in MEASURED_MPS.items()
        for t in seen
        if from_d <= round(t.mean_density_per_m2, 1) <= to_d
    ]
    return Outcome(
        f"{got} /(m s)",
        (
            Claim(
                "4 /m² is refused, and the message says how many have room",
                "room for" in refusal and "at 3.5 per m2" in refusal,
            ),
            Claim("speed falls from each density to the next", speeds == sorted(speeds)[::-1]),
            Claim(
                "up to 1.1 /m² speed is the law's to 1 %",
                all(
                    abs(t.mean_speed_mps / _law_mps(t.mean_density_per_m2) - 1) < 0.01
                    for t in light
                )
                and len(light) == 2,
            ),
            Claim(
                "nowhere faster than the law",
                all(t.mean_speed_mps <= 1.01 * _law_mps(t.mean_density_per_m2) for t in seen),
            ),
            Claim(
                "the greatest flow lies at 1.5 to 2.2 /m² (law: 1.88)",
                1.5 <= peak.mean_density_per_m2 <= 2.2,
            ),
            Claim("the flow at the greatest density is below it", flows[-1] < 0.8 * max(flows)),
            Claim(
                "speeds lie between 0.7 times the slowest and 1.3 times the fastest tenth measured "
                "at these densities in three data sets",
                all(in_measured) and len(in_measured) == len(DENSITIES_PER_M2),
            ),
        ),
    )


@published_test(
    "IMO 12",
    "Flow at high density",
    checks="The corridor of RiMEA 4 at rising density",
    expected="the flow at very high density is lower than at moderate density",
    source="recalled",
    reduced="up to 3 persons per square metre, as for RiMEA 4",
)
def flow_at_high_density(folder: Path) -> Outcome:
    moderate, high = settled_traffic(folder, (2.0, 3.0))
    return Outcome(
        f"{moderate.specific_flow:.2f} /(m s) at {moderate.mean_density_per_m2:.2f} /m², "
        f"{high.specific_flow:.2f} /(m s) at {high.mean_density_per_m2:.2f} /m²",
        (Claim("lower by a fifth at least", high.specific_flow < 0.8 * moderate.specific_flow),),
    )


CASES = (fundamental_diagram, flow_at_high_density)
