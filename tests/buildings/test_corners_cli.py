"""``hallways plan corners``: the table, the JSON, the pictures, and the words that stand on all."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
import shapely
from support.corner_rooms import door, piece, school, window

from buildings import InputError, Plan, PlanError, write_plan
from buildings.apertures import SightRules
from buildings.borders import write_private
from buildings.cli import main
from buildings.corner_map import draw_corner_map
from buildings.corner_picture import draw_corner
from buildings.corners_report import file_names, helps, judge_rooms
from buildings.hard_corner import CONCEALMENT
from buildings.person_area import People
from buildings.picture_file import figure_bytes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plan folder with one classroom, one door with a narrow panel."""
    write_plan(school(door()), tmp_path / "plan")
    return tmp_path / "plan"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["corners", *words])
    return code, capsys.readouterr().out


def test_the_table_names_room_people_areas_and_places(folder: Path, capsys):
    code, out = run(capsys, str(folder))
    assert code == 0
    row = next(line for line in out.splitlines() if line.startswith("101"))
    assert row.split()[1] == "25"
    assert row.split()[-1] == "enough"
    assert CONCEALMENT in out
    assert "1 room: 1 with a hard corner for everybody listed." in out
    assert "0.46 / 0.28" in out


def test_exit_code_one_where_a_room_lacks_places_or_facts(tmp_path: Path, capsys):
    for name, glass in (
        ("none", door(glazing="full", glazing_w_m=0.7, wall_t_m=0.05)),
        ("unknown", door(glazing=None)),
    ):
        write_plan(school(glass), tmp_path / name)
        code, out = run(capsys, str(tmp_path / name))
        assert code == 1
        assert CONCEALMENT in out
        assert {"none": "cover the glass of P-1", "unknown": "not known: glass of P-1"}[name] in out


def test_json_is_whole_and_says_what_it_stands_on(folder: Path, capsys):
    code, out = run(capsys, str(folder), "--json")
    assert code == 0
    said = json.loads(out)
    assert said["note"] == CONCEALMENT
    assert said["every_room_has_one"] is True
    (room,) = said["rooms"]
    assert room["room"] == "S-1"
    assert room["people"] == {"adult": 25, "child": 0, "wheelchair": 0}
    assert room["usable_m2"] == pytest.approx(sum(room["parts_m2"]), abs=0.002)
    assert room["places"]["roomy"] == sum(int(part / 0.46) for part in room["parts_m2"])
    assert room["coverage"] == {"roomy": 1.0, "tight": 1.0}
    assert room["apertures"][0]["width_m"] == 0.1
    assert all(area["source"] and area["quality"] for area in said["area_per_person_m2"])
    for ring in room["pieces"]:
        assert shapely.Polygon(ring).is_valid


def test_a_room_by_number_and_a_roster(folder: Path, tmp_path: Path, capsys):
    roster = tmp_path / "roster.csv"
    roster.write_text("room,adults,children,wheelchair\n101,2,18,1\n")
    code, out = run(capsys, str(folder), "--room", "101", "--roster", str(roster), "--json")
    assert code == 0
    assert json.loads(out)["rooms"][0]["people"] == {"adult": 2, "child": 18, "wheelchair": 1}


def test_people_of_the_plan_as_children(folder: Path, capsys):
    _, out = run(capsys, str(folder), "--people", "child", "--beside", "2", "--json")
    assert json.loads(out)["rooms"][0]["people"] == {"adult": 2, "child": 24, "wheelchair": 0}


def test_open_doors_covers_and_thin_leaves_change_the_result(tmp_path: Path, capsys):
    plan = school(door(cover="blind", cover_default="open"))
    write_plan(plan, tmp_path / "plan")

    def usable(*words: str) -> float:
        _, out = run(capsys, str(tmp_path / "plan"), "--json", *words)
        return float(json.loads(out)["rooms"][0]["usable_m2"])

    assert usable("--covers", "closed") > usable() > usable("--glass-depth", "0.045")
    assert usable("--glass-depth", "0.045") > usable("--doors", "open")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--room", "110"], r"--room: '110' is no room of the plan \(did you mean '101'\?\)"),
        (["--room", "S-C", "--glass-depth", "0"], "--glass-depth: 0 m, expected 0.001 to 2"),
        (["--beside", "-1"], "--beside: -1, expected 0 to 1000"),
        (["--roster", "roster.csv"], r"roster\.csv:1: column 'adult' is unknown \(did you mean"),
        (["--roster", "bad.csv"], r"bad\.csv:2: children: '3\.5' is no number of people"),
        (["--roster", "twice.csv"], r"twice\.csv:3: room S-1 stands twice"),
        (["--roster", "none.csv"], "none.csv: no such file, expected a roster"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_message(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
):
    monkeypatch.chdir(folder.parent)
    Path("roster.csv").write_text("room,adult\n101,2\n")
    Path("bad.csv").write_text("room,children\n101,3.5\n")
    Path("twice.csv").write_text("room,children\n101,3\nS-1,4\n")
    with pytest.raises(InputError, match=message):
        main(["corners", str(folder), *words])


def test_no_such_plan(tmp_path: Path):
    with pytest.raises(PlanError, match="no such folder"):
        main(["corners", str(tmp_path / "nowhere")])


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_pictures_and_json_are_private_and_the_same_twice(
    folder: Path, tmp_path: Path, ending: str, capsys
):
    outs = [tmp_path / "a", tmp_path / "b"]
    for out in outs:
        code, printed = run(capsys, str(folder), "--out", str(out), "--format", ending)
        assert code == 0
        assert f"Pictures: 2 in {out}" in printed
        assert stat.S_IMODE(out.stat().st_mode) == 0o700
    names = sorted(path.name for path in outs[0].iterdir())
    assert names == sorted(["corners.json", f"level-L1.{ending}", f"room-101.{ending}"])
    for name in names:
        assert stat.S_IMODE((outs[0] / name).stat().st_mode) == 0o600
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes()
    assert json.loads((outs[0] / "corners.json").read_text())["note"] == CONCEALMENT


def texts(figure) -> list[str]:
    words = []
    for ax in figure.axes:
        for artist in ax.get_children():
            if hasattr(artist, "get_text"):
                words.append(artist.get_text())
    return words


def busy_school() -> Plan:
    furniture = (
        piece("F1", shapely.box(0, 4.5, 1.5, 5), 2.0), piece("F2", shapely.box(6, 0, 7, 0.4), None)
    )  # fmt: skip
    blind = window("P-2", 1, 3, cover="blind", cover_default="closed")
    return school(door(glazing_off_m=0.3), blind, furniture=furniture)


def test_the_words_of_the_guardrail_stand_on_every_picture():
    plan = busy_school()
    for glass in (door(), door(glazing=None), door(glazing="full", glazing_w_m=0.8, wall_t_m=0.01)):
        changed = replace(plan, portals=MappingProxyType({"P-1": glass}))
        for result in judge_rooms(changed, {"S-1": People(adult=25)}, SightRules()):
            corner = result.corner
            room, level = (
                draw_corner(changed, corner, result.options),
                draw_corner_map(changed, {"S-1": corner}, "L1"),
            )
            for figure in (room, level):
                assert CONCEALMENT in texts(figure)
                assert any("Sensitive" in words for words in texts(figure))
                assert figure_bytes(figure, ".png")[:4] == b"\x89PNG"


def test_the_room_picture_holds_every_tape_point_with_two_distances():
    plan = busy_school()
    (result,) = judge_rooms(plan, {"S-1": People(adult=25)}, SightRules())
    words = texts(draw_corner(plan, result.corner, result.options))
    rows = [
        text for text in words if re.fullmatch(r"\d+\.\d\d from [A-Z], \d+\.\d\d from [A-Z]", text)
    ]
    assert len(rows) >= 4
    used = {letter for row in rows for letter in re.findall(r"from ([A-Z])", row)}
    assert used <= set(words)  # every wall measured from carries its letter
    assert "Height not stated, taken as hiding nothing: F2." in words


def test_writing_stays_on_the_sheet():
    plan = busy_school()
    (result,) = judge_rooms(plan, {"S-1": People(adult=400)}, SightRules())
    figure = draw_corner(plan, result.corner, result.options)
    figure.canvas.draw()
    width, height = figure.bbox.width, figure.bbox.height
    for ax in figure.axes:
        for artist in ax.get_children():
            if hasattr(artist, "get_text") and artist.get_text():
                box = artist.get_window_extent()
                assert box.x0 >= -1, artist.get_text()
                assert box.x1 <= width + 1, artist.get_text()
                assert box.y0 >= -1, artist.get_text()
                assert box.y1 <= height + 1, artist.get_text()


def test_file_names_are_safe_and_used_once():
    plan = school(door())
    spaces = dict(plan.spaces)
    spaces["S-2"] = replace(spaces["S-1"], id="S-2", number="../101")
    spaces["S-3"] = replace(spaces["S-1"], id="S-3")
    plan = replace(plan, spaces=MappingProxyType(spaces))
    results = judge_rooms(plan, {id_: People() for id_ in ("S-1", "S-2", "S-3")}, SightRules())
    names = file_names(results)
    assert len(set(names.values())) == 3
    assert all(re.fullmatch(r"room-[A-Za-z0-9._-]+", name) for name in names.values())
    assert names["S-2"] == "room-.._101"


def test_no_hard_corner_possible_is_said_with_its_reason():
    line = shapely.LineString([(0.05, -0.1), (7.95, -0.1)])
    free = door(kind="opening", glazing=None, line=line)
    plan = school(free)
    (result,) = judge_rooms(plan, {"S-1": People(adult=25)}, SightRules())
    assert helps(result, plan) == (
        "no hard corner possible: looked into through P-1, which nothing covers"
    )


def test_a_file_in_the_way_is_an_input_error(folder: Path, tmp_path: Path):
    write_private(tmp_path / "file", b"x")
    with pytest.raises(InputError, match="cannot be written"):
        main(["corners", str(folder), "--out", str(tmp_path / "file")])
