"""Small OpenStreetMap indoor maps with known answers, and files that must be refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.shared_plans import PLANS, shared_plan
from support.tiny_maps import TinyOsm, rect

from buildings.cli import main
from buildings.facts import read_facts
from buildings.import_report import ImportedPlan, ImportFault
from buildings.osm_import import import_osm
from buildings.plan import OUTSIDE, Fact
from buildings.plan_file import load_plan
from buildings.plan_writer import plan_files

HEIDELBERG = "osm-indoor/Heidelberg_1Floor.osm"


def texts(result: ImportedPlan, code: str) -> list[str]:
    return [message.text for message in result.report.messages if message.code == code]


def school() -> TinyOsm:
    """Return a classroom and a corridor with a wall of 0.2 m, and a stair to a second level."""
    osm = TinyOsm()
    osm.way(rect(0, 0, 8, 6), indoor="room", room="class", ref="101", level="0")
    osm.way(rect(0, 6.2, 20, 3), indoor="corridor", level="0", repeat_on="1", name="Hall")
    osm.way(rect(20.2, 6.2, 4, 3), indoor="room", room="stairs", level="0-1", ref="T1")
    osm.node((4.0, 6.2), door="yes", width="90 cm", level="0", phone="123")
    osm.node((20.1, 7.7), door="yes", width="1.2", level="0;1")
    osm.node((0.0, 7.7), entrance="main", door="hinged", width="1.8", level="0")
    return osm


def test_rooms_doors_and_levels_of_simple_indoor_tagging(tmp_path: Path) -> None:
    result = import_osm(school().write(tmp_path / "school.osm"))
    plan = result.plan
    assert {s.id: (s.level, s.kind, s.use) for s in plan.spaces.values()} == {
        "S-101": ("L1", "room", "classroom"),
        "S-T1": ("L1", "landing", "circulation"),
        "S-T1.L2": ("L2", "landing", "circulation"),
        "S-g.w1001": ("L1", "corridor", "circulation"),
        "S-g.w1001.L2": ("L2", "corridor", "circulation"),
    }
    assert plan.spaces["S-101"].area_m2 == pytest.approx(48.0, abs=0.05)
    (door,) = [p for p in plan.portals.values() if "S-101" in (p.from_space, p.to_space)]
    assert (door.from_space, door.to_space, door.kind) == ("S-101", "S-g.w1001", "door")
    assert door.width_m == pytest.approx(0.9)
    assert door.wall_t_m == pytest.approx(0.2, abs=0.01)
    assert plan.spaces["S-101"].polygon.distance(door.line) == pytest.approx(0.1, abs=0.01)
    (exit_,) = [p for p in plan.portals.values() if p.leads_outside]
    assert (exit_.from_space, exit_.to_space, exit_.is_exit) == ("S-g.w1001", OUTSIDE, "unknown")
    assert [(v.ordinal, v.name, v.elevation_m) for v in plan.levels] == [
        (0, "Level 0", 0.0),
        (1, "Level 1", 3.5),
    ]
    assert result.report.connected["outside_by_doors"] == 3
    assert result.report.connected["outside_with_stairs"] == 5
    assert not result.report.has_errors


def test_a_stair_becomes_a_flight_when_its_facts_are_stated(tmp_path: Path) -> None:
    path = school().write(tmp_path / "school.osm")
    first = import_osm(path)
    assert first.plan.spaces["S-T1"].extra["x_stair_to"] == "S-T1.L2"
    assert "riser" in str(first.plan.spaces["S-T1"].extra["x_missing"])
    assert any("for example for S-T1: kind stair, riser" in t for t in texts(first, "STAIR"))
    said = {
        "kind": "stair", "riser": "0.175", "tread": "0.28", "steps": "20", "width": "1.4",
        "up": "90", "from_level": "L1", "to_level": "L2",
    }  # fmt: skip
    facts = [Fact("S-T1", key, value, "visit", "2026-10-01") for key, value in said.items()]
    second = import_osm(path, facts=facts)
    flight = second.plan.spaces["S-T1"]
    assert flight.stair is not None
    assert flight.stair.rise_m == pytest.approx(3.5)
    assert "x_missing" not in flight.extra
    assert texts(second, "STAIR") == []


def test_the_check_names_a_stair_without_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = school().write(tmp_path / "school.osm")
    main(["import", str(path), "--out", str(tmp_path / "plan")])
    assert main(["check", str(tmp_path / "plan")]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "leads from T1 on L1 to T1 on L2, and neither is a stair" in said


def test_the_older_scheme_and_an_outline_that_gives_the_level(tmp_path: Path) -> None:
    osm = TinyOsm()
    osm.way(rect(-0.3, -0.3, 20.6, 10), level="2", height="4")
    osm.way(rect(0, 0, 8, 6), buildingpart="room", indoor="yes", name="12-a", height="3m")
    osm.way(rect(0, 6.2, 20, 3), buildingpart="corridor", indoor="yes")
    osm.node((4.0, 6.0), door="yes", width="1m")
    result = import_osm(osm.write(tmp_path / "old.osm"))
    assert result.report.file_format == "OpenStreetMap XML, buildingpart"
    assert [level.name for level in result.plan.levels] == ["Level 2"]
    assert result.plan.spaces["S-12-a"].height_m == 3.0
    assert [p.kind for p in result.plan.portals.values()] == ["door"]
    assert any("width='1m'" in text and "read as 1" in text for text in texts(result, "WIDTH"))
    assert texts(result, "EXIT") == ["No exit on any level: 2 rooms cannot leave. Add exits"]


def test_named_half_and_unreadable_levels(tmp_path: Path) -> None:
    osm = TinyOsm()
    for k, level in enumerate(("-1", "0.5", "Gallery", "0-999")):
        osm.way(rect(10 * k, 0, 8, 6), indoor="room", level=level, ref=str(k))
    result = import_osm(osm.write(tmp_path / "levels.osm"))
    assert [(v.ordinal, v.name, v.elevation_m) for v in result.plan.levels] == [
        (-1, "Level -1", -3.5), (0, "Level 0", 0.0), (1, "Level 0.5", 1.75), (2, "Gallery", 5.25),
    ]  # fmt: skip
    said = texts(result, "LEVEL")
    assert any(text.startswith("w1003 level='0-999': expected levels such as") for text in said)
    assert any(text.startswith("levels without a number: Gallery") for text in said)


def test_a_multipolygon_keeps_its_court_and_areas_join_without_doors(tmp_path: Path) -> None:
    osm = TinyOsm()
    outer, inner = osm.way(rect(0, 0, 20, 20)), osm.way(rect(5, 5, 10, 10))
    osm.multipolygon([(outer, "outer"), (inner, "inner")], indoor="corridor", level="0")
    osm.way(rect(20, 0, 10, 20), indoor="area", level="0")
    result = import_osm(osm.write(tmp_path / "court.osm"))
    ring = result.plan.spaces["S-g.r5000"]
    assert ring.area_m2 == pytest.approx(300.0, abs=0.3)
    assert len(ring.polygon.interiors) == 1
    assert {p.kind for p in result.plan.portals.values()} == {"virtual"}
    assert sum(p.width_m for p in result.plan.portals.values()) == pytest.approx(20.0, abs=0.02)


def test_a_door_far_from_rooms_and_one_without_a_width(tmp_path: Path) -> None:
    osm = school()
    osm.node((40.0, 40.0), door="yes", width="1", level="0", ref="77")
    osm.node((8.0, 3.0), door="yes", level="0", ref="78")
    osm.node((0.0, 3.0), door="yes", level="0", ref="79", width="broad")
    result = import_osm(osm.write(tmp_path / "doors.osm"))
    (lost,) = texts(result, "DOOR")[:1]
    assert lost.startswith("D-77 on Level 0 at (")
    assert lost.endswith("m from the nearest room")
    assert result.report.refused["doors"] == 1
    assert result.plan.portals["D-78"].extra["x_width"] == "assumed"
    assert result.plan.portals["D-78"].width_m == 0.9
    assert any("width='broad' on line" in text for text in texts(result, "WIDTH"))
    assert any("2 doors without a width: 0.9 m assumed" in t for t in texts(result, "WIDTH"))


def test_nothing_personal_is_read(tmp_path: Path) -> None:
    result = import_osm(school().write(tmp_path / "school.osm"))
    written = b"".join(plan_files(result.plan).values()) + result.report.to_json().encode()
    assert b"somebody" not in written
    assert b"123" not in written.replace(result.report.sha256.encode(), b"")
    assert texts(result, "PRIVATE") == ["1 other tag dropped"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("<osm><node id='1'", "not well-formed XML"),
        ("<osm></osm>", "0 rooms among 0 ways"),
        ("<gml></gml>", "expected <osm>"),
        ("<!DOCTYPE osm [<!ENTITY a 'b'>]><osm>&a;</osm>", "has a document type or entities"),
        ("<?xml version='1.0' encoding='no-such'?><osm/>", "unknown encoding"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "bad.osm"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ImportFault, match=words):
        import_osm(path)


def test_huge_coordinates_are_refused(tmp_path: Path) -> None:
    osm = school()
    osm.way(rect(0, 4_000_000, 8, 6), indoor="room", level="0")
    with pytest.raises(ImportFault, match="expected one building or campus within 10 km"):
        import_osm(osm.write(tmp_path / "far.osm"))
    text = school().text().replace("lat='50.000000000'", "lat='5e300'", 1)
    (tmp_path / "huge.osm").write_text(text, encoding="utf-8")
    result = import_osm(tmp_path / "huge.osm")
    assert any("is no longitude and latitude" in said for said in texts(result, "FILE"))


def test_importing_twice_gives_the_same_bytes_and_keeps_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = school().write(tmp_path / "school.osm"), tmp_path / "plan"
    assert main(["import", str(path), "--out", str(out)]) == 0
    files = {file.name: file.read_bytes() for file in out.iterdir()}
    (exit_id,) = [p.id for p in load_plan(out).portals.values() if p.leads_outside]
    facts = out / "facts.csv"
    facts.write_text(f"id,key,value,source,date\n{exit_id},is_exit,yes,visit,2026-10-01\n")
    assert main(["import", str(path), "--out", str(out), "--force"]) == 0
    assert load_plan(out).portals[exit_id].is_exit == "yes"
    assert len(read_facts(facts)) == 1
    facts.write_text("id,key,value,source,date\n")
    main(["import", str(path), "--out", str(out), "--force"])
    assert {file.name: file.read_bytes() for file in out.iterdir()} == files
    report = json.loads((out / "import_report.json").read_text(encoding="utf-8"))
    assert report["kind"] == "import_report"
    capsys.readouterr()


def test_the_real_floor_holds_what_was_measured() -> None:
    result = import_osm(shared_plan(HEIDELBERG))
    want = json.loads((PLANS / "expected_counts.json").read_text())["observed"][HEIDELBERG]
    found, spaces = result.report.found, result.plan.spaces.values()
    assert found["spaces"] == want["parts"] == 30
    assert sum(space.kind == "corridor" for space in spaces) == want["corridors"] == 2
    assert sum(space.kind == "room" for space in spaces) == want["rooms"] == 25
    assert sum(space.kind == "hall" for space in spaces) == want["halls"] == 1
    assert found["stairs"] == want["vertical_passages"] == 2
    assert round(sum(space.area_m2 for space in spaces)) == want["area_m2"] == 778
    assert found["doors_between_two_spaces"] == want["doors_within_0.25m_of_two_rooms"] == 31
    by_nodes = want["doors_sharing_a_node_with_n_rooms"]
    assert (found["doors_on_1_outlines"], found["doors_on_0_outlines"]) == (
        by_nodes["1"],
        by_nodes["0"],
    )
    assert found["doors_to_outside"] == 0
    assert result.report.connected["spaces"] == 30
    assert texts(result, "EXIT") == ["No exit on any level: 30 rooms cannot leave. Add exits"]
    reached = {"S-113-s"}
    for _ in range(30):
        for portal in result.plan.portals.values():
            if reached & {portal.from_space, portal.to_space}:
                reached |= {portal.from_space, portal.to_space}
    assert len(reached) == 30  # one component
