"""Walkable areas as plans: the round trip with our own export, what is said, and bad files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, box
from support.shared_plans import shared_plan

from buildings import InputError, NavGraph, load_plan
from buildings.cli import main
from buildings.import_report import ImportFault
from buildings.jupedsim_wkt import walkable_area, walkable_wkt
from buildings.wkt_file import MAX_WKT_BYTES, MAX_WKT_CORNERS
from buildings.wkt_import import import_wkt

TWO_ROOMS = "POLYGON ((0 0, 5 0, 5 1, 5.2 1, 5.2 0, 9 0, 9 4, 5.2 4, 5.2 2, 5 2, 5 4, 0 4, 0 0))"
EXIT = "LINESTRING (0 1, 0 2.8)"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "area.wkt"
    path.write_text(text)
    return path


def said(result) -> list[str]:
    return [message.line() for message in result.report.messages]


def test_two_rooms_and_their_door(tmp_path: Path) -> None:
    result = import_wkt(written(tmp_path, TWO_ROOMS), exits=[EXIT])
    plan = result.plan
    assert [(s.id, round(s.area_m2, 3)) for s in plan.spaces.values()] == [
        ("S-01", 20.2), ("S-02", 15.2),
    ]  # fmt: skip
    opening, way_out = plan.portals["P-01"], plan.portals["X-01"]
    assert (opening.kind, opening.width_m) == ("opening", 1.0)
    assert {opening.from_space, opening.to_space} == {"S-01", "S-02"}
    assert (way_out.is_exit, way_out.from_space, way_out.width_m) == ("yes", "S-01", 1.8)
    assert not result.report.has_errors
    assert result.report.connected["exit"] == 2
    graph = NavGraph.from_plan(plan)
    assert graph.unreachable_spaces() == ()
    assert graph.route("S-02").gate_ids == ("P-01", "X-01")


def test_the_report_says_what_a_walkable_area_cannot_know(tmp_path: Path) -> None:
    result = import_wkt(written(tmp_path, TWO_ROOMS))
    lines = said(result)
    assert lines[0] == "error EXIT: No exit on any level: 2 rooms cannot leave. Add exits"
    for start in (
        "warning LEVEL: a walkable area has no levels",
        "warning DOOR: 1 narrow passage (1.00 to 1.00 m wide) proposed as openings",
        "warning USE: 2 rooms of unknown use",
        "note UNIT: coordinates taken as metres: the floor is 9.0 x 4.0 m",
        "note EXIT: give exits with --exit",
    ):
        assert any(line.startswith(start) for line in lines), start


@pytest.mark.parametrize("name", ["cedar-middle", "maple-elementary", "birch-high"])
def test_a_school_comes_back_from_its_walkable_area(name: str, tmp_path: Path) -> None:
    plan = load_plan(f"builtin:{name}")
    for level, text in walkable_wkt(plan).items():
        lines = [portal.line.wkt for portal in plan.exits if portal.level == level]
        result = import_wkt(written(tmp_path, text), exits=lines)
        before, after = walkable_area(plan, level), walkable_area(result.plan, "L1")
        assert after.symmetric_difference(before).area < 0.05  # m2, of up to 8,000
        assert sum(s.area_m2 for s in result.plan.spaces.values()) == pytest.approx(
            before.area - sum(0.5 * p.width_m for p in plan.exits if p.level == level), abs=1.0
        )
        assert len(result.plan.exits) == len(lines)
        assert result.report.has_errors == (not lines)


def test_the_public_walkable_areas(tmp_path: Path) -> None:
    for name, rooms in (("BUW", 15), ("aknz_evac", 2), ("office_rooms", 7)):
        path = shared_plan(f"jupedsim/{name}.wkt")
        result = import_wkt(path)
        assert len(result.plan.spaces) == rooms
        whole = shapely.from_wkt(path.read_text()).area
        assert sum(s.area_m2 for s in result.plan.spaces.values()) == pytest.approx(whole, abs=0.02)


def test_holes_stay_obstacles_and_whole_floors_stay_whole(tmp_path: Path) -> None:
    area = box(0, 0, 10, 8).difference(box(4, 3, 5, 4))
    text = shapely.to_wkt(MultiPolygon([area, box(20, 0, 24, 4)]))
    result = import_wkt(written(tmp_path, text))
    assert [len(s.polygon.interiors) for s in result.plan.spaces.values()] == [1, 0]
    assert "note OBSTACLE: 1 hole in rooms: nobody walks there" in said(result)
    whole = import_wkt(written(tmp_path, TWO_ROOMS), whole=True)
    assert [s.area_m2 for s in whole.plan.spaces.values()] == [pytest.approx(35.4)]


def test_touching_polygons_are_one_floor_and_far_ones_come_near(tmp_path: Path) -> None:
    rooms = [box(0, 0, 5, 4), box(5, 1, 5.2, 2), box(5.2, 0, 9, 4)]
    far = [
        shapely.transform(room, lambda xy: xy + np.array([350000.0, 5600000.0])) for room in rooms
    ]
    text = shapely.to_wkt(shapely.GeometryCollection(far))
    result = import_wkt(
        written(tmp_path, text), exits=["LINESTRING (350000 5600001, 350000 5600002.8)"]
    )
    assert [round(s.area_m2, 3) for s in result.plan.spaces.values()] == [20.2, 15.2]
    assert result.plan.portals["X-01"].line.bounds == (0.0, 1.0, 0.0, 2.8)
    assert "note ORIGIN: Origin moved by 350000, 5600000 m" in said(result)


def test_heights_crossings_other_shapes_scraps_and_gaps_are_told(tmp_path: Path) -> None:
    result = import_wkt(
        written(
            tmp_path,
            "GEOMETRYCOLLECTION (POLYGON Z ((0 0 0, 8 0 3, 8 6 3, 0 6 0, 0 0 0)), POINT (1 1), "
            "POLYGON ((20 0, 30 8, 30 0, 20 8, 20 0)), POLYGON ((50 0, 50.5 0, 50.5 .5, 50 0)))",
        )
    )
    lines = "\n".join(said(result))
    assert "warning LEVEL: heights from 0 to 3 m dropped" in lines
    assert "warning FILE: 1 POINT left out: only polygons are floor" in lines
    assert "begins at (20.00, 0.00) crosses itself" in lines
    assert "1 scrap of floor, 0.12 m2, left out" in lines
    assert result.report.repaired["outlines_made_simple"] == 1
    gap = TWO_ROOMS.replace("1,", "1.8,", 2)
    assert "gap of 0.20 m" in "\n".join(said(import_wkt(written(tmp_path, gap))))
    big = written(tmp_path, "POLYGON ((0 0, 40000 0, 40000 9000, 0 9000, 0 0))")
    assert any("drawn in another unit?" in line for line in said(import_wkt(big)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty, expected POLYGON"),
        ("GEOMETRYCOLLECTION EMPTY", "holds nothing, expected a POLYGON"),
        ("GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1))", "holds 1 LINESTRING, expected a POLYGON"),
        (TWO_ROOMS[:40], "is not whole well-known text"),
        ("POLYGON ((0 0, 1 0, 1 1))", "is not whole well-known text"),
        ("walls 1 2 3", "is not whole well-known text"),
        ("POLYGON ((0 0, 1 0, 2 0, 0 0))", "have no area"),
        ("POLYGON ((0 0, 0.4 0, 0.4 0.4, 0 0))", r"none with 0.5 m2 of floor"),
        ("POLYGON ((0 0, 1e9 0, 1e9 1e9, 0 0))", "1000000000 m long"),
        ("POLYGON ((0 0, nan 0, 1 1, 0 0))", "not a number|not whole"),
        ("POLYGON ((0 0, 1e400 0, 1 1, 0 0))", "not a number|not whole"),
    ],
)
def test_a_bad_file_is_one_clear_error(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match=message):
        import_wkt(written(tmp_path, text))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.wkt"
    with path.open("wb") as stream:
        stream.truncate(MAX_WKT_BYTES + 1)
    with pytest.raises(ImportFault, match="8 MiB, expected a walkable area of at most 8 MiB"):
        import_wkt(path)
    circle = shapely.Point(0, 0).buffer(50, quad_segs=MAX_WKT_CORNERS // 4 + 1)
    with pytest.raises(ImportFault, match=f"corners, expected at most {MAX_WKT_CORNERS}"):
        import_wkt(written(tmp_path, circle.wkt))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("POINT (0 0)", "is not an exit, expected"),
        ("LINESTRING (0 0, 1 0, 2 0)", "is not an exit, expected"),
        ("LINESTRING (0 0, nan 0)", "is not an exit, expected"),
        ("LINESTRING (0 1, 0 1.2)", "0.20 m wide, expected at least 0.5 m"),
        ("LINESTRING (2 1, 2 2.8)", "lies inside the floor, 1.90 m from its edge"),
        ("LINESTRING (-3 1, -3 2.8)", "lies outside the floor, 3.00 m from its edge"),
    ],
)
def test_an_exit_that_leads_nowhere_is_an_error(line: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        import_wkt(written(tmp_path, TWO_ROOMS), exits=[line])


def test_floor_beyond_an_exit_is_outside(tmp_path: Path) -> None:
    area = box(0, 0, 6, 5).union(box(6, 1, 6.5, 2.8))
    path = written(tmp_path, area.wkt)
    result = import_wkt(path, exits=["LINESTRING (6 1, 6 2.8)"])
    assert [s.area_m2 for s in result.plan.spaces.values()] == [pytest.approx(30.0)]
    assert any("0.90 m2 of floor beyond LINESTRING (6 1, 6 2.8)" in line for line in said(result))


def test_the_command_writes_a_folder_twice_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, TWO_ROOMS)
    asked = ["import", str(path), "--out", str(tmp_path / "plan"), "--exit", EXIT]
    assert main(asked) == 0
    first = {f.name: f.read_bytes() for f in (tmp_path / "plan").iterdir()}
    assert main([*asked, "--force"]) == 0
    assert first == {f.name: f.read_bytes() for f in (tmp_path / "plan").iterdir()}
    assert json.loads(first["import_report.json"])["found"]["exits_given"] == 1
    assert load_plan(str(tmp_path / "plan")).exits[0].id == "X-01"
    assert main([*asked[:-2], "--force", "--whole"]) == 1  # no exit
    facts = tmp_path / "facts.csv"
    facts.write_text("id,key,value,source,date\nP-01,kind,door,seen,2026-10-01\n")
    assert main([*asked, "--force", "--facts", str(facts)]) == 0
    assert load_plan(str(tmp_path / "plan")).portals["P-01"].kind == "door"
    capsys.readouterr()


def test_exits_are_for_walkable_areas_only(tmp_path: Path) -> None:
    path = tmp_path / "map.osm"
    path.write_text("<osm version='0.6'></osm>")
    with pytest.raises(InputError, match="--exit: only for WKT walkable area"):
        main(["import", str(path), "--out", str(tmp_path / "plan"), "--exit", EXIT])
    assert not (tmp_path / "plan").exists()


@seed(20261124)
@given(
    st.one_of(
        st.text(max_size=60).map(lambda text: f"POLYGON (({text}))"),
        st.tuples(
            st.integers(0, len(TWO_ROOMS)),
            st.integers(0, 6),
            st.text("0123456789 (),.-eZNMA", max_size=6),
        ).map(lambda cut: TWO_ROOMS[: cut[0]] + cut[2] + TWO_ROOMS[cut[0] + cut[1] :]),
        st.lists(
            st.tuples(st.integers(-30, 30), st.integers(-30, 30)), min_size=3, max_size=12
        ).map(
            lambda xy: "POLYGON ((" + ", ".join(f"{x / 4} {y / 4}" for x, y in [*xy, xy[0]]) + "))"
        ),
    )
)
@settings(
    max_examples=120,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_damaged_file_ends_in_an_error_or_a_plan_that_can_be_walked(
    tmp_path: Path, text: str
) -> None:
    try:
        result = import_wkt(written(tmp_path, text))
    except InputError:
        return
    spaces = list(result.plan.spaces.values())
    assert all(space.polygon.is_valid and space.area_m2 >= 0.4 for space in spaces)
    NavGraph.from_plan(result.plan)
