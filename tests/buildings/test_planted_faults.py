"""Faults planted in a built-in school: each is found, named and placed; a clean school is quiet."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from support.plan_folders import Folder

from buildings.checks import check_folder
from buildings.cli import main

NEAR_M = 8.0


class Fault(NamedTuple):
    plant: Callable[[Folder], None]
    code: str
    subject: str
    xy: tuple[float, float]


def twin(folder: Folder, id_: str, **changed: str) -> None:
    """Add a copy of a feature, with other properties."""
    feature = copy.deepcopy(folder[id_])
    feature["properties"].update(changed)
    folder.features("spaces" if id_.startswith("S") else "portals").append(feature)


def no_exits(folder: Folder) -> None:
    for portal in folder.features("portals"):
        if "is_exit" in portal["properties"]:
            portal["properties"]["is_exit"] = "unknown"


def one_exit(folder: Folder) -> None:
    doors = [p["properties"] for p in folder.features("portals")]
    for door in doors:
        if door.get("is_exit") == "yes" and door["id"] != "P-VEST-A":
            door["is_exit"] = "no"


def crack(folder: Folder) -> None:
    """Cut a slit of 1 mm, 3 m deep, into a room."""
    ring = [[0, -7.8], [0, -0.15], [8.85, -0.15], [8.85, -7.8], [4.001, -7.8], [4.001, -4.8]]
    folder["S-101"]["geometry"]["coordinates"] = [[*ring, [4, -4.8], [4, -7.8], [0, -7.8]]]


def bow_tie(folder: Folder) -> None:
    ring = [[0, -7.8], [8.85, -0.15], [8.85, -7.8], [0, -0.15], [0, -7.8]]
    folder["S-101"]["geometry"]["coordinates"] = [ring]


def upstairs_alone(folder: Folder) -> None:
    folder.drop("P-C2-A", "P-C2-B")


def fact(line: str) -> Callable[[Folder], None]:
    def plant(folder: Folder) -> None:
        path = folder.path / "facts.csv"
        path.write_text(f"id,key,value,source,date\n{line},by hand,2026-10-01\n")

    return plant


R101, R103, D101 = (4.4, -4.0), (13.4, -4.0), (0.8, -0.1)
FAULTS = {
    # schema
    "an id that stands twice": Fault(
        lambda f: twin(f, "S-101", number="1O1"), "duplicate_id", "S-101", R101),
    "a feature that was pasted twice": Fault(
        lambda f: twin(f, "P-101-A"), "exact_duplicate", "P-101-A", D101),
    "a key with a slip": Fault(
        lambda f: f["P-101-A"]["properties"].update(lokc="inside"), "feature", "P-101-A", D101),
    "an outline that crosses itself": Fault(bow_tie, "outline", "S-101", R101),
    "a width in words": Fault(
        lambda f: f.say("P-101-A", width="wide"), "feature", "P-101-A", D101),
    # references
    "a door to a room that is not there": Fault(
        lambda f: f.say("P-101-A", from_="S-1O1"), "no_such_id", "P-101-A", D101),
    "a door from a room to itself": Fault(
        lambda f: f.say("P-101-A", to="S-101"), "joins_itself", "P-101-A", D101),
    "a fact with an unknown value": Fault(
        fact("P-101-A,lock,insde"), "fact", "P-101-A", D101),
    # geometry
    "a room shifted over its neighbour": Fault(
        lambda f: f.move("S-103", -2, 0), "overlap", "S-103", (8.0, -4.0)),
    "a room on the wrong level": Fault(
        lambda f: f.say("S-103", level="L2"), "overlap", "S-103", R103),
    "a door away from its wall": Fault(
        lambda f: f.move("P-101-A", 0, -1.5), "door_joins_nothing", "P-101-A", D101),
    "a door in the neighbour's wall": Fault(
        lambda f: f.move("P-101-A", 9.5, 0), "door_joins_nothing", "P-101-A", (10.3, -0.1)),
    "a door wider than its line": Fault(
        lambda f: f.say("P-101-A", width=1.4), "width", "P-101-A", D101),
    "a stair that ends in the air": Fault(
        lambda f: f.say("S-STA-F1", steps=9), "stair_rise", "S-STA-F1", (2.4, 7.5)),
    "a room that was drawn twice": Fault(
        lambda f: twin(f, "S-101", id="S-101-COPY"), "same_outline", "S-101-COPY", R101),
    "a crack in a room": Fault(crack, "crack", "S-101", (4.0, -6.3)),
    "a cupboard outside its room": Fault(
        lambda f: f.move("S-101-F2", -2, 0), "outside_its_room", "S-101-F2", (-1.8, -6.1)),
    # building
    "no confirmed exit": Fault(no_exits, "no_exit", "P-C1-C", (19.5, 47.5)),
    "one exit": Fault(one_exit, "one_exit", "P-VEST-A", (39.2, -8.0)),
    "a room without a door": Fault(
        lambda f: f.drop("P-101-A"), "unreachable", "S-101", R101),
    "a floor without its stairs": Fault(upstairs_alone, "unreachable", "S-C2", (40.4, 1.5)),
    "too many people for the exits": Fault(
        lambda f: f.say("S-150", occupants_default=4000, capacity=4000), "exit_width", "S-150",
        (58.4, 41.0)),
    "a door too narrow for a wheelchair": Fault(
        lambda f: f.say("P-101-A", width=0.75), "narrow_for_wheelchair", "P-101-A", D101),
    "a corridor without its far stair": Fault(
        lambda f: f.drop("P-C2-A"), "dead_end", "S-C2", (0.0, 1.5)),
    "a floor with one stair": Fault(
        lambda f: f.drop("P-C2-A"), "one_way_off_level", "L2", (4.4, -4.0)),
    "many people behind one door": Fault(
        lambda f: f.say("S-101", occupants_default=60, capacity=60), "one_door", "S-101", R101),
    "steps in inches": Fault(
        lambda f: [f.say(i, riser=0.35, steps=6) for i in ("S-STA-F1", "S-STA-F2")] and None,
        "riser_unusual", "S-STA-F1", (2.4, 7.5)),
    "treads of half a foot": Fault(
        lambda f: f.say("S-STB-F1", tread=0.15), "tread_unusual", "S-STB-F1", (78.4, 7.5)),
    # scenario-readiness
    "an exit without its number": Fault(
        lambda f: f.say("P-C1-C", exterior_no=None), "no_door_number", "P-C1-C", (-0.1, 1.5)),
    "one number on two doors": Fault(
        lambda f: f.say("P-C1-C", exterior_no="15"), "door_number_twice", "P-C1-C", (-0.1, 1.5)),
    "a classroom that cannot be locked": Fault(
        lambda f: f.say("P-101-A", lock="outside"), "lock", "S-101", R101),
    "a room that no announcement reaches": Fault(
        lambda f: f.say("S-101", public_address="no"), "no_public_address", "S-101", R101),
    "more people than the room is posted for": Fault(
        lambda f: f.say("S-101", occupants_default=40), "over_capacity", "S-101", R101),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_named_with_its_place(tmp_path: Path, name: str):
    plant, code, subject, (x, y) = FAULTS[name]
    clean = {(f.code, f.subjects) for f in check_folder("builtin:cedar-middle").findings}
    folder = Folder(tmp_path / "plan")
    plant(folder)
    found = check_folder(folder.write()).findings
    new = [f for f in found if (f.code, f.subjects) not in clean]
    named = [f for f in new if f.code == code and subject in f.subjects]
    assert named, [(f.code, f.subjects, f.message) for f in new]
    places = [(f.x_m, f.y_m) for f in named if f.x_m is not None and f.y_m is not None]
    assert any(abs(px - x) <= NEAR_M and abs(py - y) <= NEAR_M for px, py in places), places
    assert all(f.message and f.repair for f in named)
    assert [f.number for f in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("school", ["cedar-middle", "birch-high", "maple-elementary"])
def test_a_clean_school_has_only_what_its_drawing_states_on_purpose(school: str):
    checked = check_folder(f"builtin:{school}")
    # locks of several kinds and rooms without loudspeakers are drawn so that drills have a choice
    assert {f.code for f in checked.findings} == {"lock", "no_public_address"}
    assert {f.severity for f in checked.findings} == {"warning"}
    for finding in checked.findings:
        said = [checked.plan.portals[id_].lock for id_ in finding.subjects[1:]]
        if finding.code == "lock":
            assert said
            assert not {"inside", "both", "remote"} & set(said)
        else:
            assert checked.plan.spaces[finding.subjects[0]].public_address == "no"
    assert checked.reach is not None
    assert checked.reach.share_of_spaces == checked.reach.share_of_area == 1.0


def test_json_holds_the_score_the_limits_and_the_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = Folder(tmp_path / "plan")
    folder.drop("P-101-A")
    folder.move("S-203", -0.6, 0)
    assert main(["check", str(folder.write()), "--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["reach"]["spaces_out"] == content["reach"]["spaces"] - 1
    assert content["reach"]["share_of_area"] == pytest.approx(1 - 8.85 * 7.65 / 4663.247, abs=1e-3)
    assert "404.2.3" in content["limits"]["wheelchair_door_m"]["source"]
    stages = [f["stage"] for f in content["findings"]]
    assert stages == sorted(
        stages, key=["schema", "references", "geometry", "building", "scenario"].index
    )
    assert {"geometry", "building", "scenario"} == set(stages)


def test_a_limit_can_be_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = Folder(tmp_path / "plan")
    folder.drop("P-C2-A")
    path = str(folder.write())
    main(["check", path, "--json"])
    ends = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["code"] == "dead_end"]
    assert [f["severity"] for f in ends] == ["warning"]
    long_m = float(ends[0]["message"].split(" m ")[0].rpartition(" ")[2])
    # from the head of the eastern flight past the landing's door to the western end wall
    assert long_m == pytest.approx(math.hypot(0.85, 2.8) + 79.25, abs=0.5)
    for limit, expected in ((long_m + 1, ["note"]), (long_m - 1, ["warning"])):
        main(["check", path, "--json", "--limit", f"dead_end_sprinklered_m={limit}"])
        again = json.loads(capsys.readouterr().out)["findings"]
        assert [f["severity"] for f in again if f["code"] == "dead_end"] == expected


@pytest.mark.parametrize("name", ["spaces.plan.geojson", "portals.plan.geojson"])
def test_a_file_that_was_cut_off_is_one_finding(tmp_path: Path, name: str):
    path = Folder(tmp_path / "plan").path / name
    path.write_bytes(path.read_bytes()[:3000])
    found = check_folder(tmp_path / "plan").findings
    assert [(f.stage, f.code) for f in found] == [("schema", "json"), ("building", "not_checked")]
    assert name in found[0].message


def test_without_a_confirmed_exit_no_corridor_is_called_a_dead_end(tmp_path: Path):
    folder = Folder(tmp_path / "plan")
    no_exits(folder)
    checked = check_folder(folder.write())
    assert "dead_end" not in {f.code for f in checked.findings}
    assert checked.reach is not None
    assert checked.reach.share_of_spaces == 0.0
