"""RiMEA and IMO tests of ways and exits: cabins, counterflow, a detour, a building varied."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from verification.buildings_of_tests import CaseBuilding, rise_of
from verification.published import Case, Claim, Outcome, published_test
from verification.trial import Trial, places

from buildings.drawing import Where
from buildings.drawing_floor import Shape

FLIGHT_STEPS: Final = 9
STOREY_M: Final = 2 * rise_of(FLIGHT_STEPS)


def block_of_three_storeys() -> CaseBuilding:
    """Draw three storeys of six rooms of 2 by 3 m on a corridor 1 m wide, with one stair well.

    The stair has two flights for each storey, 1.2 m wide, and a landing between them; the way out
    is 1 m wide, at the far end of the lowest corridor.
    """
    building = CaseBuilding(storeys=3, storey_m=STOREY_M)
    for n in (1, 2, 3):
        level = f"L{n}"
        building.floor(f"corridor{n}", (0, 0, 6, 1), kind="corridor", level=level)
        for k in range(3):
            north = building.floor(f"room{n}{k + 1}", (2 * k, 1, 2 * k + 2, 4), level=level)
            south = building.floor(f"room{n}{k + 4}", (2 * k, -3, 2 * k + 2, 0), level=level)
            for room in (north, south):
                building.door(room, f"corridor{n}", width_m=1.0)
        lobby = building.floor(f"lobby{n}", (6, -0.7, 8, 1.7), kind="landing", level=level)
        building.neck(f"corridor{n}", lobby, 1.0)
    turn_m = 8 + round(FLIGHT_STEPS * 0.2635, 6)
    for n in (1, 2):
        level, above = f"L{n}", f"L{n + 1}"
        steps: dict[str, Any] = {
            "width_m": 1.2, "steps": FLIGHT_STEPS, "lower": level, "upper": above,
        }  # fmt: skip
        lower = building.flight(f"flight{n}a", (8, 0.5), "E", **steps)
        upper = building.flight(f"flight{n}b", (turn_m, -0.7), "W", **steps)
        turn = building.floor(
            f"turn{n}", (turn_m, -0.7, turn_m + 1.2, 1.7), kind="landing", level=level
        )
        building.neck(f"lobby{n}", lower, 1.2)
        building.neck(lower, turn, 1.2)
        building.neck(turn, upper, 1.2)
        head = building.neck(upper, f"lobby{n + 1}", 1.2)
        building.portals[head] = replace(building.portals[head], level=above)
    building.way_out("corridor1", "W", 1.0)
    return building


@published_test(
    "RiMEA 8",
    "Parameter study",
    checks="Three storeys of six rooms (our choice) of 2 m by 3 m, corridors 1 m wide, one stair; "
    "people in each room, speed, spread of speeds and pre-movement are changed one at a time",
    expected="the times are documented; no limit is given",
    source="rebuilt",
)
def parameter_study(folder: Path) -> Outcome:
    building = block_of_three_storeys()
    rooms = [name for name in building.spaces if name.startswith("room")]

    def leave(speed: Any = 1.0, delay: Any = 0, people: int = 4) -> float:
        trial = Trial(
            folder,
            building,
            dict.fromkeys(rooms, people),
            events=False,
            movement={"speed_mps": {"everyone": speed}},
            pre_movement={"everyone": delay},
        )
        return trial.last_out_s

    def spread(low: float, high: float) -> dict[str, Any]:
        return {"kind": "uniform", "low": low, "high": high}

    by_people = [leave(people=n) for n in (1, 2, 3, 4)]
    by_speed = [leave(speed=v) for v in (0.5, 0.75, 1.0, 1.25, 1.5)]
    by_spread = [
        leave(speed=0.75), leave(speed=spread(0.5, 1.0)), leave(speed=spread(0.25, 1.25)),
    ]  # fmt: skip
    by_delay = [leave(delay=d) for d in (0, 30, 60)]

    def listed(values: list[float]) -> str:
        return ", ".join(f"{value:.0f}" for value in values)

    def rises(values: list[float]) -> bool:
        return all(a < b for a, b in itertools.pairwise(values))

    return Outcome(
        f"1, 2, 3, 4 people in each of 18 rooms: {listed(by_people)} s; all at 0.5, 0.75, 1, 1.25, "
        f"1.5 m/s: {listed(by_speed)} s; at 0.75, 0.5 to 1, 0.25 to 1.25 m/s: {listed(by_spread)} "
        f"s; pre-movement 0, 30, 60 s: {listed(by_delay)} s",
        (
            Claim("longer with more people", rises(by_people)),
            Claim("shorter with more speed", rises(by_speed[::-1])),
            Claim("longer with a wider spread about the same mean", rises(by_spread)),
            Claim(
                "longer by exactly a pre-movement that all have",
                all(
                    abs(took - by_delay[0] - delay) < 1e-6
                    for took, delay in zip(by_delay, (0, 30, 60), strict=True)
                ),
            ),
        ),
    )


def cabins() -> tuple[CaseBuilding, str, str]:
    """Draw twelve cabins on a corridor 1 m wide, and return its main and its secondary exit.

    Rooms 1 to 6 lie north of the corridor and 7 to 12 south of it, from west to east; the main
    exit is at its west end, the secondary one at its east end.
    """
    building = CaseBuilding()
    building.floor("corridor", (-2, 0, 18, 1), kind="corridor")
    for n in range(12):
        x = 3 * (n % 6)
        north = n < 6
        low, high = (1, 6) if north else (-5, 0)
        east = x + (2 if n == 2 else 3)
        building.floor(f"room{n + 1}", (x, low, east, high))
        building.door(f"room{n + 1}", "corridor", width_m=0.9)
    main = building.way_out("corridor", "N", 1.2, at=-1.0, near=(-1, 1))
    secondary = building.way_out("corridor", "E", 1.0)
    return building, main, secondary


@published_test(
    "RiMEA 10",
    "Assigned exits",
    checks="23 people in twelve cabins, two in each and one in cabin 3; cabins 1 to 4 and 7 to 10 "
    "have the main exit assigned, 5, 6, 11 and 12 the secondary one",
    expected="everybody leaves by the exit assigned: 15 by the main one, 8 by the secondary one",
    source="rebuilt",
    also=("IMO 10", "NIST Verif.3.1", "ISO 8"),
)
def assigned_exits(folder: Path) -> Outcome:
    building, main, secondary = cabins()
    to_main = (1, 2, 3, 4, 7, 8, 9, 10)
    trial = Trial(
        folder,
        building,
        {f"room{n}": 1 if n == 3 else 2 for n in range(1, 13)},
        assign_exits={f"room{n}": main if n in to_main else secondary for n in range(1, 13)},
    )
    ensemble = trial.ensemble
    rooms = [ensemble.compiled.space_ids[space] for space in ensemble.roster.space]
    meant_for_main = [int(room.removeprefix("room")) in to_main for room in rooms]
    by_main, by_secondary = trial.left_by(main), trial.left_by(secondary)
    return Outcome(
        f"{by_main.sum()} by the main exit, {by_secondary.sum()} by the secondary one",
        (
            Claim("23 people, each by the exit assigned",
                  len(rooms) == 23 and by_main.tolist() == meant_for_main and trial.all_out),
            Claim("15 and 8", (by_main.sum(), by_secondary.sum()) == (15, 8)),
        ),
    )  # fmt: skip


@published_test(
    "RiMEA 14",
    "Choice between a short and a long way",
    checks="100 people go from one upper room to another: down a stair, through a corridor on the "
    "ground floor and up a stair, or along an upper corridor of another length",
    expected="it is documented whether all take the short way, all the long way, or some each",
    source="rebuilt",
)
def short_or_long(folder: Path) -> Outcome:
    def choose(above: Shape, at: Where, near: tuple[float, float]) -> tuple[int, int]:
        """Return how many go below and above, with an upper corridor of this shape."""
        steps, tread_m = 12, 0.28
        run_m = steps * tread_m
        building = CaseBuilding(storeys=2, storey_m=rise_of(steps))
        building.floor("start", (0, 0, 5, 10), level="L2")
        building.floor("goal", (15, 0, 20, 10), level="L2")
        stairs: dict[str, Any] = {"width_m": 2.0, "steps": steps, "tread_m": tread_m}
        building.flight("down", (5 + run_m, 0), "W", **stairs)
        building.flight("up", (15 - run_m, 0), "E", **stairs)
        building.floor("below", (5 + run_m, 0, 15 - run_m, 2), kind="corridor")
        for room, stair in (("start", "down"), ("goal", "up")):
            head = building.neck(room, stair, 2.0)
            building.portals[head] = replace(building.portals[head], level="L2")
        on_the_ground = building.neck("down", "below", 2.0)
        building.neck("below", "up", 2.0)
        building.floor("above", above, kind="corridor", level="L2")
        upstairs = building.neck("start", "above", 2.0, at=at)
        building.opening("above", "goal", width_m=2.0, at=at, near=near)
        building.way_out("goal", "E", 2.0)
        people = {"start": {"visitors": 100, "at": [[4.0, 5.0]] * 100}}
        trial = Trial(folder, building, people, events=False)
        return trial.passed(on_the_ground), trial.passed(upstairs)

    direct = choose((5, 4, 15, 6), 5.0, (15, 5))
    detour = choose([(3, 10, 5, 30), (3, 30, 17, 32), (15, 10, 17, 30)], "middle", (16, 10))
    return Outcome(
        f"direct corridor above: {direct[0]} below, {direct[1]} above; corridor with a detour of "
        f"40 m above: {detour[0]} below, {detour[1]} above. All take the way that is shorter in "
        "time on foot, however many take it",
        (
            Claim("the upper corridor is direct: all stay above", direct == (0, 100)),
            Claim("it has a detour: all go below", detour == (100, 0)),
        ),
    )


@published_test(
    "IMO 8",
    "Counterflow",
    checks="100 people go from one room of 10 m by 10 m through a corridor of 10 m by 2 m to the "
    "exit of another such room, while 0, 10, 50 or 100 go the other way",
    expected="the time of the 100 rises with the number who come towards them",
    source="rebuilt",
    also=("NIST Verif.2.8", "ISO 6"),
    reduced="opposed streams share the capacity of every door by their queues; they do not form "
    "lanes",
)
def counterflow(folder: Path) -> Outcome:
    took_s, all_out = [], True
    for opposed in (0, 10, 50, 100):
        building = CaseBuilding()
        building.floor("room1", (0, 0, 10, 10))
        building.floor("corridor", (10, 4, 20, 6), kind="corridor")
        building.floor("room2", (20, 0, 30, 10))
        building.neck("room1", "corridor", 2.0)
        building.neck("corridor", "room2", 2.0)
        west = building.way_out("room1", "W", 10.0)
        east = building.way_out("room2", "E", 10.0)
        people = {"room1": 100} | ({"room2": opposed} if opposed else {})
        towards = {"room1": east} | ({"room2": west} if opposed else {})
        trial = Trial(folder, building, people, events=False, assign_exits=towards)
        all_out &= trial.all_out and trial.passed(east) == 100
        took_s.append(float(trial.out_s[trial.left_by(east)].max()))
    return Outcome(
        ", ".join(f"{s:.0f}" for s in took_s) + " s",
        (
            Claim("everybody gets through", all_out),
            Claim("strictly rising", all(a < b for a, b in itertools.pairwise(took_s))),
        ),
    )


@published_test(
    "RiMEA 11",
    "Choice between a near and a far exit",
    checks="1000 people in the left half of a room of 30 m by 20 m with two exits of 1 m in one "
    "long wall, 21 to 22 m and 27 to 28 m from the left; they take the quickest way by what they "
    "see (`exit_choice.rule: locally_quickest`), and, for comparison, the nearest exit; Weidmann's "
    "law, which has room for them",
    expected="most take the nearer exit, where congestion grows, and some take the other one",
    source="rebuilt",
)
def near_and_far_exit(folder: Path) -> Outcome:
    def leave(rule: str) -> tuple[int, int, float]:
        building = CaseBuilding()
        building.floor("room", (0, 0, 30, 20))
        near = building.way_out("room", "S", 1.0, at=21.5)
        far = building.way_out("room", "S", 1.0, at=27.5)
        people = {"room": {"visitors": 1000, "at": places(2, 2, 15, 20, 1000)}}
        said = {"movement": {"law": "weidmann"}, "exit_choice": {"rule": rule}}
        trial = Trial(folder, building, people, events=False, **said)
        return trial.passed(near), trial.passed(far), trial.last_out_s

    quick, nearest = leave("locally_quickest"), leave("nearest")
    return Outcome(
        f"{quick[0]} by the near exit and {quick[1]} by the far one in {quick[2]:.0f} s; all by "
        f"the nearest: {nearest[0]} and {nearest[1]} in {nearest[2]:.0f} s",
        (
            Claim(
                "a clear majority by the near exit, 550 at least (our reading of most)",
                quick[0] >= 550,
            ),
            Claim("some by the far one", quick[1] > 0),
            Claim("everybody out", quick[0] + quick[1] == nearest[0] + nearest[1] == 1000),
            Claim("all by the near exit where the nearest is the rule", nearest[1] == 0),
            Claim("the choice saves time", quick[2] < nearest[2]),
        ),
    )


single_file = Case(
    name="RiMEA 16",
    title="Single file (version 4)",
    checks="Speed against line density in single file",
    expected="at least three quarters of the points inside a measured band",
    source="rebuilt",
    not_applicable="the model's laws speak of persons per square metre; a single file of people "
    "who keep their order is not modelled",
)

CASES = (
    parameter_study,
    assigned_exits,
    near_and_far_exit,
    short_or_long,
    counterflow,
    single_file,
)
