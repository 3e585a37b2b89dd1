"""Every trap of real drawings that we know of: what is done, and what is said."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest
from support.tiny_dxf import TinyDxf, school

from buildings.dxf_import import import_dxf
from buildings.import_report import ImportedPlan, ImportFault
from buildings.importers import find_importer

FOUR = {"S-101", "S-102", "S-103", "S-g.L1.x85y15"}


def lines(result: ImportedPlan) -> str:
    return "\n".join(message.line() for message in result.report.messages)


def imported(draw: TinyDxf, path: Path, **asked: Any) -> ImportedPlan:
    return import_dxf(draw.write(path / "plan.dxf"), **asked)


@pytest.mark.parametrize(
    ("true", "header", "message"),
    [
        ("m", "mm", "header says mm, size would be 0.021 m; metres gives 21.2 x 9.2 m. Confirm"),
        ("m", "ft", "header says ft, size would be 6.5 m; metres gives 21.2 x 9.2 m. Confirm"),
        ("mm", "m", r"header says m, size would be 2.1e\+04 m; millimetres gives 21.2 x 9.2 m"),
        ("cm", "mm", "header says mm, size would be 2.1 m; centimetres gives 21.2 x 9.2 m"),
    ],
)
def test_a_wrong_unit_stops_and_says_which_is_likely(
    tmp_path: Path, true: str, header: str, message: str
) -> None:
    with pytest.raises(ImportFault, match=f"UNIT: {message}"):
        imported(school(true, header=header), tmp_path)
    result = imported(school(true, header=header), tmp_path, units=true)
    assert set(result.plan.spaces) == FOUR
    assert f"header says {header}, {true} as asked" in lines(result)


def test_a_missing_unit_is_found_by_size_doors_and_walls(tmp_path: Path) -> None:
    result = imported(school("mm", header="none"), tmp_path)
    assert set(result.plan.spaces) == FOUR
    assert "header says no unit; millimetres gives 21.2 x 9.2 m. Confirm with --units mm" in lines(
        result
    )


def test_without_unit_and_without_a_sign_of_it_a_person_is_asked(tmp_path: Path) -> None:
    draw = TinyDxf("m", header="none")
    draw.ring([(0, 0), (60, 0), (60, 40), (0, 40)])
    with pytest.raises(
        ImportFault, match=r"metres gives .*, feet gives .*nothing drawn tells them"
    ):
        imported(draw, tmp_path)
    assert len(imported(draw, tmp_path, units="m").plan.spaces) == 1
    with pytest.raises(ImportFault, match=r"UNIT: 0.06 m long with --units mm, expected 2 to"):
        imported(draw, tmp_path, units="mm")


def test_far_coordinates_are_moved_and_said(tmp_path: Path) -> None:
    result = imported(school("mm", shift=(11762.0, -4000.0)), tmp_path)
    assert len(result.plan.spaces) == 4
    assert "Origin moved by 12,423 m: the drawing's (11761, -4001) m is (0, 0) here" in lines(
        result
    )
    assert all(max(s.polygon.bounds) < 30 for s in result.plan.spaces.values())


def test_doors_in_mirrored_and_nested_blocks_stand_where_they_are_drawn(tmp_path: Path) -> None:
    draw = TinyDxf("mm")
    leaf = draw.doc.blocks.new("LEAF")
    leaf.add_line((0, 0), (0, 900), dxfattribs={"layer": "0"})
    leaf.add_arc((0, 0), 900, 0, 90, dxfattribs={"layer": "0"})
    group = draw.doc.blocks.new("GROUP")
    group.add_blockref("LEAF", (0, 0), dxfattribs={"layer": "0"})
    draw.wall((-0.1, 0.0), (12.1, 0.0))
    draw.wall((-0.1, 5.0), (12.1, 5.0), [(2.0, 2.9), (8.0, 8.9)])
    draw.wall((-0.1, 8.0), (12.1, 8.0))
    for x in (0.0, 12.0):
        draw.wall((x, 0.1), (x, 4.9))
        draw.wall((x, 5.1), (x, 7.9))
    draw.wall((6.0, 0.1), (6.0, 4.9))
    on = {"layer": "A-DOOR"}
    draw.space.add_blockref("LEAF", draw.at((2.0, 5.1)), dxfattribs=on)
    draw.space.add_blockref(
        "GROUP", draw.at((8.9, 4.9)), dxfattribs={**on, "xscale": -1, "yscale": -1}
    )
    draw.space.add_blockref("GROUP", draw.at((8.9, 5.1)), dxfattribs={**on, "xscale": -1})
    plan = imported(draw, tmp_path).plan
    doors = sorted(plan.portals.values(), key=lambda p: p.midpoint.x)
    assert [round(p.midpoint.x, 2) for p in doors] == [2.45, 8.45]  # both faces are one door
    assert [p.width_m for p in doors] == pytest.approx([0.9, 0.9])
    assert all(4.8 < p.midpoint.y < 5.2 for p in doors)


def test_a_stretched_door_block_is_still_a_door(tmp_path: Path) -> None:
    draw = school("m")
    for entity in [e for e in draw.space if e.dxf.layer == "A-DOOR"]:
        if entity.dxftype() == "ARC" and entity.dxf.center.x == pytest.approx(1.0):
            draw.space.delete_entity(entity)
    leaf = draw.doc.blocks.new("DOOR")
    leaf.add_arc((0, 0), 1.0, 0, 90)
    draw.space.add_blockref("DOOR", (1.0, 3.1), dxfattribs={"xscale": 0.9, "yscale": 0.89})
    assert len(imported(draw, tmp_path).plan.portals) == 4


def test_everything_on_layer_0_is_guessed_and_said(tmp_path: Path) -> None:
    draw = school()
    for entity in draw.space:
        entity.dxf.layer = "0"
    result = imported(draw, tmp_path)
    assert set(result.plan.spaces) == FOUR
    assert "no layer is named like walls. Name the wall layers with --walls" in lines(result)
    assert "5 open door leaf lines on Level 1 read as no wall" in lines(result)


def test_hidden_layers_are_left_out_unless_named(tmp_path: Path) -> None:
    draw = school()
    draw.doc.layers.get("A-WALL").freeze()
    draw.line((0.0, 0.0), (30.0, 0.0), "X")
    with pytest.raises(ImportFault, match=r"0 rooms: .* layers not shown: A-WALL"):
        imported(draw, tmp_path)
    assert set(imported(draw, tmp_path, walls=["A-WALL"]).plan.spaces) == FOUR
    second = school()
    second.doc.layers.add("A-WALL-DEMO").off()
    second.ring([(2.0, 4.0), (5.0, 4.0), (5.0, 8.0)], "A-WALL-DEMO")
    result = imported(second, tmp_path)
    assert set(result.plan.spaces) == FOUR
    assert "1 layer frozen or switched off, left out: A-WALL-DEMO (1)" in lines(result)


def test_layer_names_differ_by_more_than_capitals(tmp_path: Path) -> None:
    draw = school()
    for entity in list(draw.space)[:5]:
        entity.dxf.layer = "a-wall"
    result = imported(draw, tmp_path)
    assert set(result.plan.spaces) == FOUR
    assert "walls are A-WALL (13)" in lines(result)


def test_lines_drawn_twice_count_once(tmp_path: Path) -> None:
    draw = school()
    for entity in [e for e in draw.space if e.dxf.layer in ("A-WALL", "A-DOOR")]:
        draw.space.add_entity(entity.copy())
    result = imported(draw, tmp_path)
    assert len(result.plan.spaces) == 4
    assert len(result.plan.portals) == 4
    assert "52 line pieces drawn more than once on Level 1" in lines(result)


def test_small_gaps_are_bridged_and_larger_ones_told_with_their_place(tmp_path: Path) -> None:
    draw = TinyDxf("m")
    draw.ring([(0, 0), (16, 0), (16, 9), (0, 9)])
    draw.line((0, 5), (3, 5))
    draw.line((3.9, 5), (16, 5))
    draw.line((8, 0), (8, 3))
    draw.line((8, 3.04), (8, 5))
    draw.door((3, 5), (3.9, 5), side=-1)
    draw.line((12, 5), (12, 6.83))
    draw.line((12, 7.17), (12, 9))
    result = imported(draw, tmp_path)
    assert "2 wall ends joined over at most 5 cm" in lines(result)
    assert "2 open wall ends on Level 1" in lines(result)
    assert "nearest gap 0.34 m at (12.00, 7.00)" in lines(result)
    (message,) = [m for m in result.report.messages if m.text.startswith("2 open wall")]
    assert [(at.level, at.x_m, at.y_m) for at in message.places] == [("L1", 12.0, 7.0)]
    assert sorted(round(s.area_m2) for s in result.plan.spaces.values()) == [40, 40, 64]


def test_walls_without_end_caps_are_closed_beside_doors(tmp_path: Path) -> None:
    draw = TinyDxf("m")
    draw.ring([(0, 0), (16, 0), (16, 9), (0, 9)])
    draw.ring([(0.2, 0.2), (15.8, 0.2), (15.8, 8.8), (0.2, 8.8)])
    for y in (5.0, 5.2):
        for low, high in ((0.2, 3.0), (3.9, 9.0), (9.9, 15.8)):
            draw.line((low, y), (high, y))
    for x in (8.0, 8.2):
        draw.line((x, 0.2), (x, 5.0))
    draw.door((3.0, 5.0), (3.9, 5.0), side=-1)
    draw.door((9.9, 5.0), (9.0, 5.0), side=1)
    plan = imported(draw, tmp_path).plan
    assert sorted(round(s.area_m2, 1) for s in plan.spaces.values()) == [36.5, 37.4, 56.5]
    assert len(plan.portals) == 2


def test_what_is_no_line_is_counted_and_never_cuts_a_room(tmp_path: Path) -> None:
    draw = school("m")
    hatch = draw.space.add_hatch(dxfattribs={"layer": "A-WALL"})
    hatch.paths.add_polyline_path([(0.1, 3.1), (6.9, 3.1), (6.9, 8.9)], is_closed=True)
    draw.space.add_spline([(1, 6), (2, 7), (3, 6.5)], dxfattribs={"layer": "A-FURN"})
    draw.space.add_linear_dim((0, 0), (0, 0), (5, 0)).render()
    draw.doc.layout("Layout1").add_line((0, 0), (1, 1))
    draw.space.add_line((5e5, 5e5), (5e5 + 1, 5e5), dxfattribs={"layer": "A-WALL"})
    draw.space.add_blockref("A2-RI-B1", (0, 0))
    circle = draw.doc.blocks.new("ROUND")
    circle.add_blockref("ROUND", (0, 0))
    draw.space.add_blockref("ROUND", (0, 0))
    survey = draw.doc.blocks.new("SURVEY")
    survey.block.dxf.flags = 4
    survey.block.dxf.xref_path = "C:/somebody/survey.dwg"
    draw.space.add_blockref("SURVEY", (0, 0))
    result = imported(draw, tmp_path)
    assert set(result.plan.spaces) == FOUR
    said = lines(result)
    assert "error BLOCK: plan.dxf: Block A2-RI-B1 missing: part of the plan is not here" in said
    assert "error BLOCK: plan.dxf: Block SURVEY is an external reference" in said
    assert "1 blocks nest too deep or in a circle" in said
    assert "not lines, arcs or texts: 1 DIMENSION, 1 HATCH" in said
    assert "1 thing on paper sheets not read" in said
    assert "1 line far from the plan left out" in said
    assert "somebody" not in result.report.to_json()


def test_a_curved_wall_of_splines_closes_a_room(tmp_path: Path) -> None:
    draw = TinyDxf("m")
    draw.line((0, 0), (12, 0))
    draw.line((0, 0), (0, 8))
    draw.line((12, 0), (12, 8))
    draw.space.add_spline([(0, 8), (4, 9.5), (8, 9.5), (12, 8)], dxfattribs={"layer": "A-WALL"})
    (room,) = imported(draw, tmp_path).plan.spaces.values()
    assert 12 * 8 < room.area_m2 < 12 * 9.7


def test_the_frame_of_the_sheet_is_no_room_and_furniture_arcs_no_doors(tmp_path: Path) -> None:
    draw = school("m")
    draw.ring([(-5, -5), (30, -5), (30, 15), (-5, 15)])
    for k in range(30):
        draw.space.add_arc((2 + k * 0.1, 7), 0.8, 0, 90, dxfattribs={"layer": "A-FURN"})
        draw.space.add_arc((9 + k * 0.1, 6), 0.8, 0, 90, dxfattribs={"layer": "A-DOOR"})
    result = imported(draw, tmp_path)
    assert set(result.plan.spaces) == FOUR
    assert len(result.plan.portals) == 4
    assert "1 x frame around the building on Level 1: no room" in lines(result)
    assert "30 arcs like a door swing on Level 1 touch no wall at hinge and lock" in lines(result)


def test_texts_of_people_and_paths_are_dropped(tmp_path: Path) -> None:
    draw = school("m")
    draw.text((17.5, 7.5), "Office J. Smith 555-1234")
    draw.text((3.5, 7.5), "C:/somebody/plan.dwg")
    draw.space.add_mtext(
        "{\\fArial|b1;Staff office}\\P104",
        dxfattribs={"layer": "A-AREA-IDEN", "char_height": 0.2, "insert": (10.5, 7.5)},
    )
    result = imported(draw, tmp_path)
    whole = result.report.to_json() + "".join(str(s.name) for s in result.plan.spaces.values())
    assert "Smith" not in whole
    assert "somebody" not in whole
    assert "holds 2 numbers (104, 102): one room?" in lines(result)


def test_a_wall_only_on_paper_is_told(tmp_path: Path) -> None:
    draw = TinyDxf("m")
    draw.doc.layout("Layout1").add_line((0, 0), (1, 1))
    with pytest.raises(ImportFault, match="model space is empty, 1 things lie on paper sheets"):
        imported(draw, tmp_path)


@pytest.mark.parametrize("copies", [(3000, 3000), (500, 500)])
def test_blocks_that_unfold_without_end_are_refused(
    tmp_path: Path, copies: tuple[int, int]
) -> None:
    draw = school("m")
    block = draw.doc.blocks.new("MANY")
    for _ in range(100):
        block.add_line((0, 0), (1, 1))
    many = {"row_count": copies[0], "column_count": copies[1]}
    apart = {"row_spacing": 1.0, "column_spacing": 1.0}
    draw.space.add_blockref("MANY", (0, 0), dxfattribs={**many, **apart})
    with pytest.raises(ImportFault, match="more than 200,000 things once blocks are taken apart"):
        imported(draw, tmp_path)


def test_binary_dxf_reads_like_text(tmp_path: Path) -> None:
    result = import_dxf(school().write(tmp_path / "binary.dxf", binary=True))
    assert set(result.plan.spaces) == FOUR


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty, expected a .dxf file"),
        (b"\0" * 300, "does not begin with a SECTION of group code 0, so it is not DXF"),
        (b"AC1032" + b"\0" * 300, r"is a DWG file \(AC1032\), expected DXF: open it in the CAD"),
        (b"hello", "does not begin with a SECTION"),
        (b"0\nSECTION\n2\nENTITIES\n", "ends after 21 bytes without EOF; it was cut off"),
        (b"0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n", "0 entities: file damaged"),
        (b"0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1024\n0\nEOF\n", "damaged|0 entities"),
        (b"AutoCAD Binary DXF\r\n\x1a\x00\0\0", "ends after 24 bytes without EOF"),
    ],
)
def test_files_that_are_no_drawing_are_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "plan.dxf"
    path.write_bytes(content)
    with pytest.raises(ImportFault, match=message):
        import_dxf(path)
    assert find_importer(path).name == "DXF"


def test_a_missing_file_a_folder_and_a_giant_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImportFault, match="no such file"):
        import_dxf(tmp_path / "none.dxf")
    with pytest.raises(ImportFault, match="is a folder"):
        import_dxf(tmp_path)
    path = tmp_path / "giant.dxf"
    with path.open("wb") as stream:
        stream.truncate(33 * 2**20)
    with pytest.raises(ImportFault, match="33 MiB, expected a drawing of at most 32 MiB"):
        import_dxf(path)


def test_without_ezdxf_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = school().write(tmp_path / "plan.dxf")
    true_import = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == "ezdxf":
            raise ImportError(name)
        return true_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(
        ImportFault, match=r"needs the package ezdxf: pip install 'hallways\[dxf\]'"
    ):
        import_dxf(path)
