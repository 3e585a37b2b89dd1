"""NIST and ISO tests of crowds: the largest flow, stairs by width, a corridor by density."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from verification.bottlenecks import room_corridor_stair
from verification.buildings_of_tests import RISER_M, TREAD_M, CaseBuilding, rise_of
from verification.passages import passed_at_s
from verification.published import Claim, Outcome, published_test
from verification.rimea_walking import room_of_8_by_5
from verification.trial import Trial, places

from buildings.plan import RampFacts
from sim import hydraulic


@published_test(
    "NIST Verif.5.2",
    "Maximum flow rates",
    checks="100 people leave a room of 8 m by 5 m by an exit of 1 m, once with the IMO's 1.33 "
    "people per second and metre of clear width set as the largest flow, then with each law for "
    "adults",
    expected="the flow that is set is enforced: 1.33 /(m s) (one reading of the test), or the flow "
    "that emerges does not exceed it (the other)",
    source="rebuilt",
    also=("ISO 11",),
)
def maximum_flow(folder: Path) -> Outcome:
    got, claims = [], []
    for name, movement in (
        ("1.33 set", {"numbers": {"door_specific_flow": 1.33, "door_boundary_m": 0.0}}),
        *((law, {"law": law}) for law in ("sfpe", "weidmann", "experiments")),
    ):
        out_s = np.sort(room_of_8_by_5(folder, 100, movement=movement).out_s)
        flow = 99 / (out_s[-1] - out_s[0])
        in_any_time = max(n / (out_s[n:] - out_s[:-n]).min() for n in range(1, 100))
        got.append(f"{name} {flow:.3f}")
        if name == "1.33 set":
            claims.append(Claim("1.33 where it is set", abs(flow - 1.33) < 1e-6))
        if name != "experiments":
            claims.append(
                Claim(f"{name}: never above 1.33 after the first", in_any_time < 1.33 + 1e-6)
            )
        else:
            claims.append(Claim("experiments: the measured 1.9, on purpose", 1.8 < flow < 1.91))
    return Outcome(f"{', '.join(got)} /(m s)", tuple(claims))


@published_test(
    "ISO 12",
    "Flow down stairs by width",
    checks="100 people at 1.0 m/s on the level leave a room of 10 m by 8 m by a stair of 1.0, 1.2, "
    "1.4, 1.6 or 1.8 m, 24 steps of 168 by 263.5 mm, under the SFPE law",
    expected="the wider the stair the larger the flow; positive slope",
    source="rebuilt",
)
def stair_flow(folder: Path) -> Outcome:
    widths, flows = (1.0, 1.2, 1.4, 1.6, 1.8), []
    for width_m in widths:
        building = CaseBuilding(storeys=2, storey_m=rise_of(24))
        building.flight("stair", (0, 4 - width_m / 2), "E", width_m=width_m, steps=24)
        head_m = round(24 * TREAD_M, 6)
        building.floor("room", (head_m, 0, head_m + 10, 8), level="L2")
        head = building.neck("room", "stair", width_m)
        building.way_out("stair", "W", width_m, level="L1")
        trial = Trial(folder, building, {"room": 100}, movement={"speed_mps": {"everyone": 1.0}})
        flows.append(1 / trial.headway_s(head))
    slope = float(np.polyfit(widths, flows, 1)[0])
    steps = hydraulic.stair(RISER_M, TREAD_M)
    by_hand = [steps.max_specific_flow * hydraulic.effective_width(w, "stair") for w in widths]
    return Outcome(
        f"{', '.join(f'{flow:.3f}' for flow in flows)} per second; slope {slope:.3f} /(m s)",
        (
            Claim("every wider stair has the larger flow", all(a < b for a, b in pairwise(flows))),
            Claim("positive slope", slope > 0),
            Claim(
                "no stair beats k/(4 a) on its effective width",
                all(flow <= most + 1e-9 for flow, most in zip(flows, by_hand, strict=True)),
            ),
        ),
    )


@published_test(
    "ISO 13",
    "Speed, flow and density in a corridor",
    checks="A corridor of 60 m by 2 m in three zones, 60, 120, 240, 360 or 480 people all over it, "
    "free speed 1.0 m/s, under Weidmann's law; how long they take through the middle zone",
    expected="the mean speed never exceeds the free speed and falls with density; the flow rises "
    "and falls",
    source="rebuilt",
)
def corridor_by_density(folder: Path) -> Outcome:
    speeds, flows = [], []
    for people in (60, 120, 240, 360, 480):
        building = CaseBuilding()
        zones = [
            building.floor(f"zone{n}", (20 * n, 0, 20 * n + 20, 2), kind="corridor")
            for n in range(3)
        ]
        line_a, line_b = (building.neck(a, b, 2.0) for a, b in pairwise(zones))
        building.way_out("zone2", "E", 2.0)
        start = {
            zone: {"visitors": people // 3, "at": places(20 * n, 0, 20 * n + 20, 2, people // 3)}
            for n, zone in enumerate(zones)
        }
        trial = Trial(
            folder, building, start, movement={"law": "weidmann", "speed_mps": {"everyone": 1.0}}
        )
        at_a, at_b = passed_at_s(trial, line_a), passed_at_s(trial, line_b)
        speeds.append(float(np.mean([20 / (at_b[who] - at_a[who]) for who in at_a])))
        times_s = sorted(at_b.values())
        flows.append((len(times_s) - 1) / (times_s[-1] - times_s[0]) / 2.0)
    return Outcome(
        f"{', '.join(f'{s:.2f}' for s in speeds)} m/s; "
        f"{', '.join(f'{f:.2f}' for f in flows)} /(m s) past the end of the zone",
        (
            Claim("never above 1.0 m/s", max(speeds) <= 1.0 + 1e-9),
            Claim("slower at every higher density", all(a > b for a, b in pairwise(speeds))),
            Claim("the flow is largest in between", 0 < int(np.argmax(flows)) < 4),
        ),
    )


@published_test(
    "NIST Verif.5.1",
    "Congestion",
    checks="100 people leave a room of 8 m by 5 m into a corridor of 12 m by 2 m that ends at a "
    "stair up, as in RiMEA 13",
    expected="congestion at the room's exit and at the foot of the stair, a steady flow between",
    source="rebuilt",
    also=("ISO 10",),
)
def congestion(folder: Path) -> Outcome:
    movement = {
        "numbers": {"stair_speed_factor": 1.0, "stair_specific_flow": 0.6},
        "stair_factor": {"up": 0.5},
    }
    trial, (mouth, middle, foot) = room_corridor_stair(folder, 100, movement=movement)
    queues = [trial.peak_queue(portal) for portal in (mouth, middle, foot)]
    return Outcome(
        f"longest queues: {queues[0]} at the room's exit, {queues[1]} in the middle of the "
        f"corridor, {queues[2]} at the foot of the stair",
        (
            Claim("all 100 are out", trial.all_out),
            Claim("more than 20 wait at the room's exit", queues[0] > 20),
            Claim("more than 10 wait at the foot of the stair", queues[2] > 10),
            Claim(
                "in the middle of the corridor wait fewer than at either end",
                queues[1] < min(queues[0], queues[2]),
            ),
        ),
    )


@published_test(
    "NIST Verif.2.10",
    "People with movement disabilities",
    checks="24 people at 1.25 m/s follow one at 0.8 m/s in a wheelchair through a ramp of 12 m by "
    "1.5 m that joins two rooms of 4 m by 5 m; then one like themselves",
    expected="with the wheelchair user the others reach the exit later",
    source="rebuilt",
    also=("ISO 7",),
    reduced="the wheelchair user takes the places and the headways of two; how people squeeze past "
    "on the ramp is not modelled, they overtake freely",
)
def disabilities(folder: Path) -> Outcome:
    others_s, one_s = [], []
    for profile in ({"speed_mps": 0.8, "profiles": {"visitor": {"wheelchair": 1}}}, {}):
        building = CaseBuilding()
        building.floor("zone1", (0, 0, 3, 5))
        building.floor("zone2", (3, 0, 4, 5))
        facts = RampFacts(rise_m=1.0, run_m=12.0, width_m=1.5)
        building.space("ramp", "L1", "ramp", "circulation", (4, 1.75, 16, 3.25), ramp=facts)
        building.floor("room2", (16, 0, 20, 5))
        building.neck("zone1", "zone2", 5.0)
        building.neck("zone2", "ramp", 1.5)
        building.neck("ramp", "room2", 1.5)
        building.way_out("room2", "E", 1.0)
        people = {
            "zone1": {"visitors": 24, "speed_mps": 1.25},
            "zone2": {"visitors": 1, "at": [[4.0, 2.5]], "speed_mps": 1.25, **profile},
        }
        trial = Trial(folder, building, people)
        home = trial.ensemble.compiled.space_index("zone2")
        alone = trial.ensemble.roster.space == home
        one_s.append(float(trial.out_s[alone].max()))
        others_s.append(float(trial.out_s[~alone].max()))
    return Outcome(
        f"the last of the 24 at {others_s[0]:.1f} s with the wheelchair user, who is out at "
        f"{one_s[0]:.1f} s, and at {others_s[1]:.1f} s without",
        (
            Claim("the 24 are out later with the wheelchair user", others_s[0] > others_s[1]),
            Claim(
                "all 25 are out, and later",
                max(others_s[1], one_s[1]) < max(others_s[0], one_s[0]) < np.inf,
            ),
        ),
    )


CASES = (maximum_flow, stair_flow, corridor_by_density, congestion, disabilities)
