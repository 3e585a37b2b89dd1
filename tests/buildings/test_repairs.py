"""What `hallways plan check --fix` mends, what it leaves, and what its folder is afterwards."""

from __future__ import annotations

import copy
import json
import stat
from pathlib import Path

import pytest
from support.plan_folders import Folder

from buildings import InputError, load_plan
from buildings.cli import main
from buildings.plan_writer import plan_files


def fixed(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    main(["check", str(folder), "--fix", "--json", *words])
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "plan")


def test_a_canonical_folder_without_faults_is_left_alone(
    folder: Folder, capsys: pytest.CaptureFixture[str]
):
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    assert fixed(folder.path, capsys)["repairs"] == []
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before


def test_every_safe_repair_is_done_listed_and_done_once(
    folder: Folder, capsys: pytest.CaptureFixture[str]
):
    whole = load_plan("builtin:cedar-middle")
    ring = [[0, -7.8], [0, -0.15], [8.85, -0.15], [8.85, -7.8], [4.001, -7.8], [4.001, -4.8]]
    folder["S-101"]["geometry"]["coordinates"] = [[*ring, [4, -4.8], [4, -7.8], [0, -7.8]]]
    folder.features("portals").append(copy.deepcopy(folder["P-103-A"]))
    room = copy.deepcopy(folder["S-203"])
    room["properties"]["id"] = "S-203-COPY"
    folder.features("spaces").append(room)
    outline = folder["S-106"]["geometry"]["coordinates"][0]
    left, low = min(x for x, _ in outline), min(y for _, y in outline)
    high, right = max(y for _, y in outline), max(x for x, _ in outline)
    wide = [[left - 0.17, low], [left - 0.17, high], [right, high], [right, low]]
    folder["S-106"]["geometry"]["coordinates"] = [[*wide, wide[0]]]
    folder.move("P-105-A", 0, -0.4)  # 0.25 m from its wall is near enough: 0.225 m too far
    done = fixed(folder.write(), capsys)
    assert done["repairs_refused"] is None
    codes = [(r["code"], r["subjects"][:1]) for r in done["repairs"]]
    assert codes == [
        ("exact_duplicate", ["P-103-A"]),
        ("same_outline", ["S-203-COPY"]),
        ("crack", ["S-101"]),
        ("overlap", codes[3][1]),
        ("door_joins_nothing", ["P-105-A"]),
    ]
    assert done["errors"] == 0
    left_over = {f["code"] for f in done["findings"]}
    assert left_over == {"lock", "no_public_address"}
    plan = load_plan(folder.path)
    assert set(plan.spaces) == set(whole.spaces)
    assert (
        plan.spaces["S-101"].polygon.symmetric_difference(whole.spaces["S-101"].polygon).area < 1e-6
    )
    moved = plan.portals["P-105-A"].line.distance(whole.portals["P-105-A"].line)
    assert moved <= 0.4
    again = fixed(folder.path, capsys)
    assert again["repairs"] == []


def test_repairs_leave_what_a_person_must_decide(
    folder: Folder, capsys: pytest.CaptureFixture[str]
):
    folder.move("S-103", -2, 0)  # a large overlap
    folder.move("P-119-A", 0, -0.8)  # too far to snap
    folder.say("P-C1-C", exterior_no=None)
    before = plan_files(load_plan(folder.write()))
    done = fixed(folder.path, capsys)
    assert [r["code"] for r in done["repairs"]] == ["canonical_form"]
    assert plan_files(load_plan(folder.path)) == before
    assert {"overlap", "door_joins_nothing", "no_door_number"} <= {
        f["code"] for f in done["findings"]
    }


def test_nothing_is_written_while_the_files_have_other_faults(
    folder: Folder, capsys: pytest.CaptureFixture[str]
):
    folder.features("portals").append(copy.deepcopy(folder["P-103-A"]))
    folder.say("P-101-A", from_="S-1O1")
    folder.write()
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    done = fixed(folder.path, capsys)
    assert done["repairs"] == []
    assert done["repairs_refused"] == "nothing was changed: 1 fault in the files to mend first"
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before


def test_doors_are_numbered_only_when_asked_clockwise_and_once_each(
    folder: Folder, capsys: pytest.CaptureFixture[str]
):
    drawn = {p.id: p.exterior_no for p in load_plan(folder.path).portals.values()}
    for door in [p["properties"] for p in folder.features("portals")]:
        if door.get("exterior_no") != "6":
            door.pop("exterior_no", None)
    folder.write()
    fixed(folder.path, capsys)
    assert [p.exterior_no for p in load_plan(folder.path).exits if p.exterior_no] == ["6"]
    done = fixed(folder.path, capsys, "--number-doors", "P-VEST-B")
    plan = load_plan(folder.path)
    doors = [p for p in plan.portals.values() if p.leads_outside and p.kind != "window"]
    assert len({p.exterior_no for p in doors}) == len(doors) == len(done["repairs"]) + 1
    # the school was drawn with numbers clockwise from its main entrance
    assert {p.id: p.exterior_no for p in plan.portals.values()} == drawn
    with pytest.raises(InputError, match=r"P-VEST-Z: no door to the outside \(did you mean"):
        main(["check", str(folder.path), "--fix", "--number-doors", "P-VEST-Z"])
    with pytest.raises(InputError, match="expected together with --fix"):
        main(["check", str(folder.path), "--number-doors", "P-VEST-B"])


def test_a_built_in_school_is_not_changed_and_files_stay_private(folder: Folder):
    with pytest.raises(InputError, match="a built-in plan is not changed"):
        main(["check", "builtin:cedar-middle", "--fix"])
    folder.move("P-105-A", 0, -0.4)
    main(["check", str(folder.write()), "--fix"])
    mode = stat.S_IMODE((folder.path / "portals.plan.geojson").stat().st_mode)
    assert mode == 0o600
