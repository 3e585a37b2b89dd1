"""NIST and ISO tests of ways and company: which exit, by which way, with whom."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from verification.buildings_of_tests import TREAD_M, CaseBuilding, rise_of
from verification.published import Claim, Outcome, published_test
from verification.trial import Trial


class TwoExits:
    """A room of 10 by 15 m with an exit of 1 m in each of its walls of 15 m, near the far end.

    Attributes
    ----------
    first, second : str
        Exits 1 (west) and 2 (east), equally far from the middle of the near wall.
    """

    def __init__(self) -> None:
        self.building = CaseBuilding()
        self.building.floor("room", (0, 0, 10, 15))
        self.first = self.building.way_out("room", "W", 1.0, at=13.0)
        self.second = self.building.way_out("room", "E", 1.0, at=13.0)

    def share_of_second(self, trial: Trial, people: int) -> float:
        """Return the share of the first so many people of the room who left by exit 2."""
        gate = trial.ensemble.compiled.gate_index(self.second)
        return float((trial.ensemble.exit_gate[:, :people] == gate).mean())


@published_test(
    "NIST Verif.3.2",
    "Social influence",
    checks="Two people in the middle of a room of 10 m by 15 m, as far from exit 1 as from exit 2; "
    "then a third beside them who takes exit 2; 200 runs",
    expected="more of the two take exit 2 where the third does",
    source="rebuilt",
    also=("ISO 15",),
    expected_failure="people do not follow others: exits are chosen by way, by what is known, by "
    "queues if asked for, or by what staff say; there is no model of herding, and the free two "
    "choose as if the third were not there",
)
def social_influence(folder: Path) -> Outcome:
    shares = []
    for third in (False, True):
        case = TwoExits()
        building = case.building
        people: dict[str, Any] = {"room": {"visitors": 2, "at": [[5.0, 1.0], [5.0, 1.0]]}}
        said: dict[str, Any] = {}
        if third:
            building.floor("corner", (4, -2, 6, 0))
            building.neck("corner", "room", 2.0)
            people["corner"] = {"visitors": 1, "at": [[5.0, -1.0]]}
            said["assign_exits"] = {"corner": case.second}
        trial = Trial(folder, building, people, replicas=200, events=False, **said)
        home = trial.ensemble.compiled.space_index("room")
        free = np.flatnonzero(trial.ensemble.roster.space == home)
        gate = trial.ensemble.compiled.gate_index(case.second)
        shares.append(float((trial.ensemble.exit_gate[:, free] == gate).mean()))
    return Outcome(
        f"exit 2 is taken by {shares[0]:.0%} alone and by {shares[1]:.0%} beside the third",
        (Claim("the share of exit 2 rises", shares[1] > shares[0]),),
    )


@published_test(
    "NIST Verif.3.3",
    "Affiliation",
    checks="Ten people in the middle of a room of 10 m by 15 m, as far from exit 1 as from exit 2; "
    "then each of them knows exit 2 and takes it with probability 0.6, otherwise either; 100 runs",
    expected="without affiliation the exits share people equally, within 10 %; with it exit 2 is "
    "preferred",
    source="rebuilt",
    also=("ISO 16",),
)
def affiliation(folder: Path) -> Outcome:
    shares = []
    for said in ({}, {"exit_choice": {"familiar": {"exit": "2", "share": 0.6}}}):
        case = TwoExits()
        people = {"room": {"visitors": 10, "at": [[5.0, 1.0]] * 10}}
        trial = Trial(folder, case.building, people, replicas=100, events=False, **said)
        shares.append(case.share_of_second(trial, 10))
    return Outcome(
        f"exit 2 is taken by {shares[0]:.1%} without and {shares[1]:.1%} with affiliation",
        (
            Claim("without: exits differ by at most 10 %", abs(2 * shares[0] - 1) <= 0.10),
            Claim("with: exit 2 preferred", shares[1] > 0.5),
            Claim("by 0.6 + 0.4 / 2 = 80 %, within 4 %", abs(shares[1] - 0.8) <= 0.04),
        ),
    )


@published_test(
    "NIST Verif.4.1",
    "Dynamic availability of exits",
    checks="One person at 1 m/s in a room of 10 m by 15 m sets off to exit 1, the nearer one; it "
    "closes after 1 s",
    expected="exit 1 is used by nobody, exit 2 by the person",
    source="recalled",
    also=("ISO 9",),
)
def exit_closes(folder: Path) -> Outcome:
    took, used = [], []
    for doors in ([], [{"door": "1", "at_s": 1.0, "state": "closed"}]):
        case = TwoExits()
        people = {"room": {"visitors": 1, "at": [[3.0, 13.0]]}}
        said = {"doors": doors} if doors else {}
        movement = {"speed_mps": {"everyone": 1.0}}
        trial = Trial(folder, case.building, people, movement=movement, **said)
        took.append(trial.last_out_s)
        used.append((trial.passed(case.first), trial.passed(case.second)))
    return Outcome(
        f"while it is open, {used[0][0]} by exit 1 after {took[0]:.2f} s; when it closes, "
        f"{used[1][0]} by exit 1 and {used[1][1]} by exit 2, after {took[1]:.2f} s",
        (
            Claim("by exit 1 after 3 s while it is open", used[0] == (1, 0) and took[0] == 3.0),
            Claim("by exit 2 and not by exit 1 when it closes", used[1] == (0, 1)),
            Claim("1 s there and 8 m back", abs(took[1] - 9.0) < 1e-6),
        ),
    )


def two_groups(
    folder: Path, first: dict[str, Any], second: dict[str, Any], **said: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Let a group at the far end of a hall of 5 by 20 m walk past one in its middle to an exit.

    Returns when the people of each group are out.
    """
    building = CaseBuilding()
    parts = [building.floor(n, (0, y, 5, y + 5)) for n, y in
             (("exit-end", 0), ("middle", 5), ("gap", 10), ("far-end", 15))]  # fmt: skip
    for south, north in pairwise(parts):
        building.neck(south, north, 5.0)
    building.way_out("exit-end", "S", 1.0)
    trial = Trial(folder, building, {"far-end": first, "middle": second}, **said)
    ensemble = trial.ensemble
    at_home = [ensemble.compiled.space_ids[space] for space in ensemble.roster.space]
    return tuple(
        ensemble.out_s[0, [home == room for home in at_home]] for room in ("far-end", "middle")
    )


@published_test(
    "NIST Verif.2.9",
    "Group behaviours",
    checks="A class of four at 1.25 m/s and one at 0.5 m/s walks past a group of ten at 0.2 m/s to "
    "an exit of 1 m; each by themselves, and with classes that keep together",
    expected="the five arrive together, within 10 s",
    source="rebuilt",
)
def groups(folder: Path) -> Outcome:
    first = {"students": 4, "teachers": 1, "one_class": True}
    second = {"visitors": 10, "speed_mps": 0.2}
    speeds = {"by_role": {"student": 1.25, "teacher": 0.5}}
    spreads, last_s = [], []
    for keep_together in (False, True):
        one, two = two_groups(
            folder,
            first,
            second,
            movement={"speed_mps": speeds},
            classes={"keep_together": keep_together},
            protocol={"evacuate": {"class_release": "together"}},
        )
        spreads.append(float(np.ptp(one)))
        last_s.append((float(one.max()), float(two.max())))
    return Outcome(
        f"the five are out within {spreads[0]:.1f} s of each other by themselves, and within "
        f"{spreads[1]:.1f} s where classes keep together; then the last of them at "
        f"{last_s[1][0]:.1f} s, the last of the ten at {last_s[1][1]:.1f} s",
        (
            Claim("within 10 s where classes keep together", spreads[1] <= 10),
            Claim("within more than 20 s where they do not", spreads[0] > 20),
            Claim("they overtake the ten", last_s[1][0] < last_s[1][1]),
        ),
    )


@published_test(
    "ISO 14",
    "Group behaviours",
    checks="Five at 1.25 m/s walk past a group of ten at 0.5 m/s to an exit of 1 m",
    expected="the five arrive together, within 10 s",
    source="rebuilt",
)
def groups_iso(folder: Path) -> Outcome:
    one, two = two_groups(
        folder, {"visitors": 5, "speed_mps": 1.25}, {"visitors": 10, "speed_mps": 0.5}
    )
    return Outcome(
        f"the five are out within {np.ptp(one):.1f} s of each other, the last of them at "
        f"{one.max():.1f} s, the last of the ten at {two.max():.1f} s",
        (
            Claim("within 10 s", float(np.ptp(one)) <= 10),
            Claim("everybody out", bool(np.isfinite(np.concatenate([one, two])).all())),
        ),
    )


def ring_or_stairs(folder: Path, stair_factor: float) -> tuple[int, int]:
    """Return how many of ten people go down and up two stairs, and how many round a ring of 54 m.

    Upstairs a ring of corridors of 20 by 20 m is open at the bottom; two stairs of 5.9 m and a
    corridor below join the ends.
    """
    steps = 19
    run_m = round(steps * TREAD_M, 6)
    building = CaseBuilding(storeys=2, storey_m=rise_of(steps))
    ring = [(0, 0, 8, 2), (0, 2, 2, 20), (2, 18, 18, 20), (18, 2, 20, 20), (12, 0, 20, 2)]
    building.floor("ring", ring, kind="corridor", level="L2")
    building.floor("below", (6.25, -run_m - 2, 13.75, -run_m), kind="corridor")
    for name, x in (("down", 6.25), ("up", 12.25)):
        building.flight(name, (x, -run_m), "N", width_m=1.5, steps=steps)
        building.neck("ring", name, 1.5)
        foot = building.neck("below", name, 1.5)
    way_up = foot
    building.way_out("ring", "E", 2.0, near=(20, 1), at=1.0, level="L2")
    people = {"ring": {"visitors": 10, "at": [[1.0, 1.0]] * 10}}
    movement = {
        "speed_mps": {"everyone": 1.2},
        "numbers": {"stair_speed_factor": stair_factor},
    }
    trial = Trial(folder, building, people, movement=movement)
    below = trial.passed(way_up)
    return below, int(np.isfinite(trial.out_s).sum()) - below


@published_test(
    "ISO 17",
    "Choice of way by the layout",
    checks="Ten people at 1.2 m/s go to an exit round a ring of corridors, about 54 m, or down a "
    "stair, through a corridor below and up a stair, about 30 m; on the stairs at 0.5 of their "
    "speed, then at 0.2",
    expected="most take the shorter way, by the stairs",
    source="rebuilt",
)
def ring(folder: Path) -> Outcome:
    quick, slow = ring_or_stairs(folder, 0.5), ring_or_stairs(folder, 0.2)
    return Outcome(
        f"{quick[0]} by the stairs and {quick[1]} round the ring; on slow stairs {slow[0]} and "
        f"{slow[1]}: ways are compared by the time that they take on foot",
        (
            Claim("all ten by the stairs", quick == (10, 0)),
            Claim("all ten round the ring where the stairs take longer", slow == (0, 10)),
        ),
    )


CASES = (social_influence, affiliation, exit_closes, groups, groups_iso, ring)
