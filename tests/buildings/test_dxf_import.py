"""Drawings in DXF with known rooms and doors; the choice between two ways; files to refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.shared_plans import shared_plan
from support.tiny_dxf import TinyDxf, school

from buildings.borders import InputError
from buildings.checks import check_folder
from buildings.cli import main
from buildings.dxf_import import import_dxf
from buildings.import_report import ImportedPlan, ImportFault
from buildings.nav_graph import NavGraph
from buildings.plan import OUTSIDE
from buildings.plan_file import load_plan

CORRIDOR = "S-g.L1.x85y15"


def texts(result: ImportedPlan, code: str) -> list[str]:
    return [message.text for message in result.report.messages if message.code == code]


def without_doors() -> TinyDxf:
    """Return the school with openings in place of doors, closed to the outside."""
    draw = school()
    for entity in list(draw.space):
        if entity.dxf.layer == "A-DOOR":
            draw.space.delete_entity(entity)
    draw.line((0.0, 0.6), (0.0, 2.4))
    return draw


@pytest.mark.parametrize("unit", ["mm", "cm", "m", "in", "ft"])
def test_rooms_doors_and_labels_are_read_in_any_unit(tmp_path: Path, unit: str) -> None:
    result = import_dxf(school(unit).write(tmp_path / "school.dxf"))
    plan = result.plan
    assert {s.id: (s.kind, s.use, s.number) for s in plan.spaces.values()} == {
        "S-101": ("room", "classroom", "101"),
        "S-102": ("room", "classroom", "102"),
        "S-103": ("room", "classroom", "103"),
        CORRIDOR: ("corridor", "circulation", None),
    }
    assert plan.spaces["S-101"].area_m2 == pytest.approx(6.8 * 5.8, abs=0.02)
    # the corridor with the recesses of its three doors in the wall
    assert plan.spaces[CORRIDOR].area_m2 == pytest.approx(20.8 * 2.8 + 3 * 0.9 * 0.2, abs=0.02)
    doors = {(p.from_space, p.to_space): (p.kind, p.width_m) for p in plan.portals.values()}
    assert doors == {
        **{(f"S-{n}", CORRIDOR): ("door", 0.9) for n in (101, 102, 103)},
        (CORRIDOR, OUTSIDE): ("exit", 1.8),
    }
    assert result.report.connected["outside_by_doors"] == 4
    assert not result.report.has_errors


def test_the_plan_carries_walking_once_the_exit_is_stated(tmp_path: Path) -> None:
    file = school().write(tmp_path / "school.dxf")
    facts = tmp_path / "facts.csv"
    facts.write_text("id,key,value,source,date\nD-g.L1.x1y15,is_exit,yes,visit,2026-11-01\n")
    out = tmp_path / "plan"
    assert main(["import", str(file), "--out", str(out), "--facts", str(facts)]) == 0
    checked = check_folder(str(out))
    assert [f for f in checked.findings if f.severity == "error"] == []
    graph = NavGraph.from_plan(load_plan(out))
    assert graph.unreachable_spaces() == ()
    assert graph.route("S-103", start_xy=(17.5, 8.0)).length_m == pytest.approx(22.0, abs=2.5)
    report = json.loads((out / "import_report.json").read_text())
    assert report["connected"]["exit"] == 4


def test_importing_twice_gives_the_same_bytes_and_keeps_facts(tmp_path: Path) -> None:
    file = school().write(tmp_path / "school.dxf")
    out = tmp_path / "plan"
    assert main(["import", str(file), "--out", str(out)]) == 0
    (out / "facts.csv").write_text("id,key,value,source,date\nS-101,capacity,30,visit,2026-11-01\n")
    assert main(["import", str(file), "--out", str(out), "--force"]) == 0
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert main(["import", str(file), "--out", str(out), "--force"]) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert load_plan(out).spaces["S-101"].capacity == 30
    assert {"rooms_found.csv", "rooms_found.png", "import_report.json", "plan.png"} <= set(first)


def test_both_ways_are_laid_side_by_side_with_their_agreement(tmp_path: Path) -> None:
    rows = import_dxf(school().write(tmp_path / "school.dxf")).report.as_dict()["proposals"]
    assert [row["room"] for row in rows] == ["R-L1.x85y15", "R-101", "R-102", "R-103"]
    for row in rows:
        assert row["taken"] == "lines"
        assert row["agreement"] > 0.99
        assert row["closing_m2"] == pytest.approx(row["lines_m2"], rel=0.01)


def test_gaps_without_doors_are_closed_when_numbers_say_so(tmp_path: Path) -> None:
    result = import_dxf(without_doors().write(tmp_path / "open.dxf"))
    assert set(result.plan.spaces) == {"S-101", "S-102", "S-103", CORRIDOR}
    assert [p.kind for p in result.plan.portals.values()] == ["opening"] * 3
    assert [p.width_m for p in result.plan.portals.values()] == pytest.approx([0.9] * 3, abs=0.02)
    whole = result.report.proposals[0]
    assert (whole["taken"], whole["closing_m2"]) == ("none", None)
    assert whole["lines_m2"] > 170
    assert sum("opening without door added" in text for text in texts(result, "OPENING")) == 3


def test_a_person_accepts_room_by_room_in_the_command(tmp_path: Path) -> None:
    file = without_doors().write(tmp_path / "open.dxf")
    whole = import_dxf(file).report.proposals[0]["room"]
    result = import_dxf(file, accept=[f"{whole}=lines"])
    assert len(result.plan.spaces) == 1
    assert {row["taken"] for row in result.report.proposals} == {"lines", "none"}
    both = import_dxf(file, accept=[f"{whole}=lines,R-101=closing"])
    assert any("share 39" in text for text in texts(both, "ACCEPT"))
    assert both.report.has_errors
    none = import_dxf(file, accept=["R-101=none"])
    assert "S-101" not in none.plan.spaces
    missing = import_dxf(file, accept=["R-101=lines"])
    assert any("this way has not found it" in text for text in texts(missing, "ACCEPT"))


def test_choices_in_the_table_are_kept_and_the_command_wins(tmp_path: Path) -> None:
    file = school().write(tmp_path / "school.dxf")
    out = tmp_path / "plan"
    assert main(["import", str(file), "--out", str(out)]) == 0
    table = out / "rooms_found.csv"
    edited = table.read_text().replace("R-102,auto,lines,", "R-102,closing,lines,")
    table.write_text(edited.replace("R-103,auto,", "R-103,none,"))
    command = ["import", str(file), "--out", str(out), "--force"]
    assert main(command) == 0
    assert set(load_plan(out).spaces) == {"S-101", "S-102", CORRIDOR}
    kept = table.read_text()
    assert "R-102,closing,closing,S-102" in kept
    assert "R-103,none,none,," in kept
    assert main([*command, "--accept", "R-103=auto"]) == 0
    assert "S-103" in load_plan(out).spaces
    table.write_text(kept.replace("closing", "clsing", 1))
    with pytest.raises(InputError, match=r"rooms_found.csv:1: columns are|take: found 'clsing'"):
        main(command)
    assert "S-103" in load_plan(out).spaces


def test_a_room_keeps_its_name_when_the_drawing_changes_a_little(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    first = school()
    assert main(["import", str(first.write(tmp_path / "a.dxf")), "--out", str(out)]) == 0
    second = school()
    second.ring([(10.0, 0.1), (10.6, 0.1), (10.6, 1.9), (10.0, 1.9)])  # a pillar in the corridor
    file = second.write(tmp_path / "a.dxf")
    assert main(["import", str(file), "--out", str(out), "--force"]) == 0
    assert CORRIDOR in load_plan(out).spaces


def test_an_unknown_room_or_word_is_an_error_with_a_suggestion(tmp_path: Path) -> None:
    file = school().write(tmp_path / "school.dxf")
    with pytest.raises(InputError, match=r"--accept R-11: no such room \(did you mean 'R-101'\?\)"):
        import_dxf(file, accept=["R-11=none"])
    with pytest.raises(InputError, match="found 'all', expected one of auto, lines, closing, none"):
        import_dxf(file, accept=["R-101=all"])
    with pytest.raises(InputError, match="expected ROOM=lines, closing, none or auto"):
        import_dxf(file, accept=["R-101"])


def test_layers_are_chosen_by_name_and_said(tmp_path: Path) -> None:
    file = school().write(tmp_path / "school.dxf")
    said = texts(import_dxf(file), "LAYER")
    assert "school.dxf: walls are A-WALL (13) (by their names, 94% of the linework)" in said
    assert "school.dxf: doors are A-DOOR (10)" in said
    with pytest.raises(
        ImportFault, match=r"--walls 'A-WAL': no such layer \(did you mean 'A-WALL'\?\)\. Layers: 0"
    ):
        import_dxf(file, walls=["A-WAL"])
    by_star = import_dxf(file, walls=["a-wa*"])
    assert any("(as asked" in text for text in texts(by_star, "LAYER"))


def test_several_drawings_are_several_levels(tmp_path: Path) -> None:
    low, high = school(), school()
    for draw in (low, high):
        draw.wall((21.1, 3.0), (25.1, 3.0))
        draw.wall((21.1, 0.0), (25.1, 0.0))
        draw.wall((25.0, 0.1), (25.0, 2.9))
        draw.text((23.0, 1.5), "Stair 1")
    files = [str(low.write(tmp_path / "0.dxf")), str(high.write(tmp_path / "1.dxf"))]
    out = tmp_path / "plan"
    levels = ["--level", "L1=0", "--level", "L2=3.8"]
    main(["import", *files, "--out", str(out), *levels])
    plan = load_plan(out)
    assert [(v.id, v.elevation_m, v.height_m) for v in plan.levels] == [
        ("L1", 0.0, 3.8),
        ("L2", 3.8, 3.5),
    ]
    assert sum(p.kind == "virtual" for p in plan.portals.values()) == 1
    with pytest.raises(InputError, match="--level: 1 for 2 drawings, expected one for each"):
        main(["import", *files, "--out", str(out), "--force", "--level", "L1=0"])
    with pytest.raises(InputError, match="less than 1 m apart"):
        main(["import", *files, "--out", str(out), "--force", "--level", "0", "--level", "0.5"])


def test_options_for_drawings_are_refused_for_other_files(tmp_path: Path) -> None:
    (tmp_path / "a.osm").write_text("<osm version='0.6'></osm>")
    with pytest.raises(
        InputError, match=r"--units: only for IFC, DXF, and .* is read as OpenStreetMap XML"
    ):
        main(["import", str(tmp_path / "a.osm"), "--out", str(tmp_path / "x"), "--units", "m"])


def test_the_header_of_turns_is_not_believed() -> None:
    path = shared_plan("jupedsim/turns.dxf")
    with pytest.raises(
        ImportFault,
        match=r"UNIT: header says mm, size would be 0.02 m; metres gives 20 x 8 m. Confirm with "
        "--units m",
    ):
        import_dxf(path)
    result = import_dxf(path, units="m")
    (space,) = result.plan.spaces.values()
    expected = json.loads(shared_plan("expected_counts.json").read_text())["observed"]
    assert space.area_m2 == pytest.approx(expected["jupedsim/turns.dxf"]["walkable_area_m2"])
    assert [p.kind for p in result.plan.portals.values()] == ["exit"]


def test_the_gallery_is_one_floor_around_its_obstacles() -> None:
    result = import_dxf(shared_plan("jupedsim/Gallery.dxf"))
    hall = max(result.plan.spaces.values(), key=lambda space: space.area_m2)
    expected = json.loads(shared_plan("expected_counts.json").read_text())["observed"]
    parted = import_dxf(shared_plan("jupedsim/Gallery.dxf"), accept=["*=closing"])
    assert len(parted.plan.spaces) > 40
    assert sum(p.kind == "opening" for p in parted.plan.portals.values()) > 25
    outer = type(hall.polygon)(hall.polygon.exterior)
    assert hall.area_m2 < outer.area
    assert outer.area == pytest.approx(
        expected["jupedsim/Gallery.dxf"]["walkable_area_m2"], rel=0.15
    )
    assert any("column or obstacle" in text for text in texts(result, "FACE"))
