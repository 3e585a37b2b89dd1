"""Small hand-written IFC files with known answers, and files that must be refused."""

from __future__ import annotations

import builtins
import contextlib
import json
from pathlib import Path

import pytest
from shapely import Point
from support.tiny_ifc import Door, Flight, Room, TinyIfc

from buildings.ifc_import import ImportedPlan, ImportFault, import_ifc
from buildings.plan import OUTSIDE

FOOT = 0.3048
CLASSROOM = Room("101", "CLASSROOM", ((0, 0, 6, 5),))
CORRIDOR = Room("H1", "CORRIDOR", ((0, 5.2, 12, 2.4),))
UPPER_HALL = Room("H2", "CORRIDOR", ((0, 5.2, 12, 2.4), (9, 7.6, 3, 5)), storey=1)
STAIRWELL = Room("S1", "STAIR", ((9, 7.8, 3, 5),))
TO_CORRIDOR = Door("11", 4, 5.1)
TO_STAIRWELL = Door("13", 10, 7.7)
OUT = Door("14", -0.1, 6, along=(0, 1))
FLIGHT = Flight(9.5, 8.5, 0, 16, 3 / 16, 0.25, 1.2, 3 / 16 / FOOT, 0.25 / FOOT)


def house(**changes: object) -> TinyIfc:
    parts: dict[str, object] = {
        "storeys": (("Ground", 0.0), ("Upper", 3.0)),
        "rooms": (CLASSROOM, CORRIDOR, UPPER_HALL, STAIRWELL),
        "doors": (TO_CORRIDOR, TO_STAIRWELL, OUT),
        "stairs": ((FLIGHT,),),
    }
    return TinyIfc(**{**parts, **changes})  # type: ignore[arg-type]


def imported(folder: Path, **changes: object) -> ImportedPlan:
    return import_ifc(house(**changes).write(folder / "house.ifc"))


def texts(result: ImportedPlan, code: str) -> list[str]:
    return [message.text for message in result.report.messages if message.code == code]


def test_rooms_have_their_numbers_names_uses_and_areas(tmp_path: Path) -> None:
    plan = imported(tmp_path).plan
    room = plan.spaces["S-101"]
    assert (room.number, room.name, room.kind, room.use) == (
        "101",
        "CLASSROOM",
        "room",
        "classroom",
    )
    assert room.area_m2 == pytest.approx(30.0)
    assert room.height_m == pytest.approx(2.5)
    assert plan.spaces["S-H1"].kind == "corridor"
    assert [(v.id, v.ordinal, v.name, v.elevation_m) for v in plan.levels] == [
        ("L1", 0, "Ground", 0.0),
        ("L2", 1, "Upper", 3.0),
    ]


def test_a_door_lies_in_the_middle_of_its_wall_and_leads_from_the_room(tmp_path: Path) -> None:
    door = imported(tmp_path).plan.portals["D-11"]
    assert (door.from_space, door.to_space, door.kind) == ("S-101", "S-H1", "door")
    assert list(door.line.coords) == [(4.0, 5.1), (4.9, 5.1)]
    assert door.width_m == pytest.approx(door.line.length)
    assert door.wall_t_m == pytest.approx(0.2)
    assert door.lock == "unknown"


def test_a_door_with_one_side_leads_outside_and_asks_to_be_confirmed(tmp_path: Path) -> None:
    result = imported(tmp_path)
    door = result.plan.portals["D-14"]
    assert (door.from_space, door.to_space, door.kind) == ("S-H1", OUTSIDE, "exit")
    assert door.is_exit == "unknown"
    assert result.report.connected["exit"] == 0
    assert "1 door to the outside, 1 not stated; mark which are exits" in texts(result, "EXIT")


def test_a_door_out_of_a_technical_room_is_no_exit_until_stated(tmp_path: Path) -> None:
    plant = Room("M1", "MECH RM", ((0, 0, 6, 5),))
    result = imported(tmp_path, rooms=(plant, CORRIDOR), doors=(Door("9", 2, -0.1),), stairs=())
    assert result.plan.portals["D-9"].is_exit == "no"


def test_a_partition_door_is_ignored_and_counted(tmp_path: Path) -> None:
    result = imported(tmp_path, doors=(OUT, Door("T1", 2, 2.5)))
    assert "D-T1" not in result.plan.portals
    assert result.report.found["doors_inside_one_space"] == 1
    assert "1 door inside one room ignored (partitions)" in texts(result, "DOOR")


def test_a_door_far_from_any_room_is_an_error_with_its_place(tmp_path: Path) -> None:
    result = imported(tmp_path, doors=(OUT, Door("77", 20, 20)))
    assert result.report.has_errors
    assert texts(result, "DOOR")[0].startswith("D-77 on Ground at (20.45, 20.00) lies 1")


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4"])
def test_stairs_in_feet_are_recognised_and_joined_to_both_levels(
    tmp_path: Path, schema: str
) -> None:
    result = imported(tmp_path, schema=schema)
    assert result.report.file_format == schema
    flight = result.plan.spaces["ST-S1-flight-1"]
    assert flight.stair is not None
    assert flight.kind == "stair"
    assert flight.stair.riser_m == pytest.approx(0.1875)
    assert flight.stair.tread_m == pytest.approx(0.25)
    assert (flight.stair.steps, flight.stair.width_m, flight.stair.up_deg) == (16, 1.2, 0.0)
    assert (flight.level, flight.stair.from_level, flight.stair.to_level) == ("L1", "L1", "L2")
    ends = {p.id.rpartition("-")[2]: p for p in result.plan.portals_of(flight.id)}
    assert (ends["foot"].to_space, ends["foot"].level) == ("S-S1", "L1")
    assert (ends["head"].to_space, ends["head"].level) == ("S-H2", "L2")
    assert ends["foot"].width_m == pytest.approx(1.2)
    (said,) = texts(result, "STAIR")
    assert said.startswith("ST1 flight 1: riser 0.615 read as feet (0.18")
    assert said.endswith("16 of them match the rise of 3.000 m")


@pytest.mark.parametrize(
    ("stored", "words"), [(3 / 16, None), (187.5, "millimetres"), (3 / 16 / 0.0254, "inches")]
)
def test_risers_are_read_in_the_unit_that_fits_the_rise(
    tmp_path: Path, stored: float, words: str | None
) -> None:
    flight = Flight(9.5, 8.5, 0, 16, 3 / 16, 0.25, 1.2, stored, 0.25)
    result = imported(tmp_path, stairs=((flight,),))
    facts = result.plan.spaces["ST-S1-flight-1"].stair
    assert facts is not None
    assert facts.riser_m == pytest.approx(0.1875)
    assert facts.tread_m == pytest.approx(0.25)
    found = texts(result, "STAIR")
    assert found == [] if words is None else f"read as {words}" in found[0]


def test_a_riser_that_fits_no_unit_is_taken_from_the_drawing_and_said(tmp_path: Path) -> None:
    flight = Flight(9.5, 8.5, 0, 16, 3 / 16, 0.25, 1.2, 0.777, 0.25)
    result = imported(tmp_path, stairs=((flight,),))
    facts = result.plan.spaces["ST-S1-flight-1"].stair
    assert facts is not None
    assert facts.riser_m == pytest.approx(0.1875)
    assert "in no unit; riser 0.188 m taken from the drawing" in texts(result, "STAIR")[0]


def test_a_half_turn_stair_without_a_landing_gets_one(tmp_path: Path) -> None:
    up = Flight(9.1, 8.5, 0.0, 8, 3 / 16, 0.25, 1.2, 3 / 16, 0.25)
    back = Flight(10.6, 10.25, 1.5, 8, 3 / 16, 0.25, 1.2, 3 / 16, 0.25, turned=True)
    hall = Room("H2", "CORRIDOR", ((0, 5.2, 12, 2.4), (9, 7.6, 3, 5)), storey=1)
    plan = imported(tmp_path, stairs=((up, back),), rooms=(CORRIDOR, hall, STAIRWELL)).plan
    landing = plan.spaces["ST-S1-landing-1"]
    assert landing.kind == "landing"
    assert landing.area_m2 == pytest.approx(1.2 * 2.7, abs=0.01)
    assert {p.from_space for p in plan.portals_of(landing.id)} == {
        "ST-S1-flight-1",
        "ST-S1-flight-2",
    }
    head = plan.portals["P-ST-S1-flight-2-head"]
    assert (head.to_space, head.level) == ("S-H2", "L2")
    bearings = [plan.spaces[f"ST-S1-flight-{n}"].stair.up_deg for n in (1, 2)]  # type: ignore[union-attr]
    assert bearings == [0.0, 180.0]


def test_a_stairwell_keeps_only_the_floor_in_front_of_the_stair(tmp_path: Path) -> None:
    plan = imported(tmp_path).plan
    well, flight = plan.spaces["S-S1"], plan.spaces["ST-S1-flight-1"]
    assert well.kind == "landing"
    assert well.polygon.intersection(flight.polygon).area == pytest.approx(0.0, abs=1e-6)
    assert not plan.spaces["S-H2"].polygon.contains(Point(10, 10)), "the hall has a hole there"


def test_a_room_that_is_nothing_but_the_stair_becomes_the_flight(tmp_path: Path) -> None:
    narrow = Room("S1", "STAIR", ((9.45, 8.5, 1.3, 3.75),))
    lobby = Room("H1", "CORRIDOR", ((0, 5.2, 12, 3.3),))
    result = imported(tmp_path, rooms=(lobby, UPPER_HALL, narrow))
    assert "S-S1" not in result.plan.spaces
    assert result.plan.spaces["ST-S1-flight-1"].number == "S1"
    assert result.report.connected["spaces"] == 3
    assert result.report.connected["outside_with_stairs"] == 3


def test_rooms_without_a_wall_between_them_are_joined_along_their_border(tmp_path: Path) -> None:
    open_room = Room("105", "OPEN OFFICE", ((0, 7.6, 3.0, 4),))
    result = imported(tmp_path, rooms=(CORRIDOR, open_room), doors=(OUT,), stairs=())
    borders = [p for p in result.plan.portals.values() if p.kind == "virtual"]
    assert result.report.found["wall_free_pairs"] == 1
    assert [p.width_m for p in borders] == pytest.approx([1.0, 1.0, 1.0])
    assert {(p.from_space, p.to_space) for p in borders} == {("S-105", "S-H1")}


def test_neighbours_with_a_wall_on_their_border_are_not_joined(tmp_path: Path) -> None:
    centre_line = Room("105", "OFFICE", ((0, 7.6, 3.0, 4),))
    result = imported(
        tmp_path,
        rooms=(CORRIDOR, centre_line),
        doors=(OUT,),
        stairs=(),
        walls=((-0.1, 7.5, 2.0, 0.2),),
    )
    borders = [p for p in result.plan.portals.values() if p.kind == "virtual"]
    assert sum(p.width_m for p in borders) == pytest.approx(3.0 - 1.9, abs=0.02)


def test_millimetres_give_the_same_building(tmp_path: Path) -> None:
    metres, millimetres = imported(tmp_path), imported(tmp_path, per_metre=1000.0)
    assert millimetres.plan.portals["D-11"].width_m == metres.plan.portals["D-11"].width_m
    for name, space in metres.plan.spaces.items():
        assert millimetres.plan.spaces[name].polygon.equals(space.polygon)


def test_small_overlaps_are_cut_large_ones_reported_copies_dropped(tmp_path: Path) -> None:
    touching = Room("102", "OFFICE", ((5.98, 0, 4, 5),))
    result = imported(tmp_path, rooms=(CLASSROOM, CORRIDOR, touching), stairs=())
    shared = result.plan.spaces["S-101"].polygon.intersection(result.plan.spaces["S-102"].polygon)
    assert shared.area == pytest.approx(0.0, abs=1e-6)
    assert texts(result, "OVERLAP") == ["S-102 / S-101 0.100 m2 cut from S-101"]

    deep = Room("102", "OFFICE", ((4, 0, 4, 5),))
    result = imported(tmp_path, rooms=(CLASSROOM, CORRIDOR, deep), stairs=())
    assert texts(result, "OVERLAP") == ["S-101 / S-102 10.0 m2 on level L1: wrong level?"]
    assert result.report.has_errors

    copy = Room("101B", "CLASSROOM", CLASSROOM.boxes)
    result = imported(tmp_path, rooms=(CLASSROOM, CORRIDOR, copy), stairs=())
    assert "S-101B" not in result.plan.spaces
    assert texts(result, "OVERLAP") == ["S-101B is a copy of S-101; dropped"]


def test_levels_with_one_name_are_told_apart_and_numbers_used_twice_stay_apart(
    tmp_path: Path,
) -> None:
    twin = Room("101", "CLASSROOM", ((0, 0, 6, 5),), storey=1)
    result = imported(
        tmp_path, storeys=(("1", 0.0), ("1", 3.0)), rooms=(CLASSROOM, twin, CORRIDOR), stairs=()
    )
    assert texts(result, "LEVEL") == ['2 levels named "1"; they are told apart by height']
    assert "S-101" not in result.plan.spaces
    assert len(result.plan.spaces) == 3


def test_two_imports_give_the_same_plan_and_report(tmp_path: Path) -> None:
    first, second = imported(tmp_path), imported(tmp_path)
    assert first.report.to_json() == second.report.to_json()
    assert list(first.plan.spaces) == list(second.plan.spaces)
    for name, space in first.plan.spaces.items():
        assert space.polygon.equals_exact(second.plan.spaces[name].polygon)
    for name, portal in first.plan.portals.items():
        assert portal.line.equals_exact(second.plan.portals[name].line)


def test_the_report_is_json_with_hash_and_counts_and_names_no_person(tmp_path: Path) -> None:
    result = imported(tmp_path)
    report = json.loads(result.report.to_json())
    assert (report["kind"], report["source"], report["format"]) == (
        "import_report",
        "house.ifc",
        "IFC2X3",
    )
    assert len(report["sha256"]) == 64
    assert report["found"]["doors"] == 3
    everything = result.report.to_json() + repr(result.plan)
    assert "Surname" not in everything
    assert "Given" not in everything


def test_a_file_with_walls_but_no_rooms_is_refused(tmp_path: Path) -> None:
    path = house(rooms=(), doors=(), stairs=(), walls=((0, 0, 5, 0.2),)).write(tmp_path / "w.ifc")
    with pytest.raises(ImportFault, match=r"w\.ifc: File has walls but no rooms \(1 walls"):
        import_ifc(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.ifc", b"", "is empty, expected an .ifc file"),
        ("notes.ifc", b"just some text", "does not begin with ISO-10303-21"),
        ("picture.ifc", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "does not begin with"),
        ("plan.dwg", b"AC1027", "a .dwg file, expected an .ifc file"),
        ("plan", b"ISO-10303-21;", "a name without ending, expected an .ifc file"),
        ("cut.ifc", b"ISO-10303-21;\nHEADER;\n", "it was cut off"),
        ("hollow.ifc", b"ISO-10303-21;\nEND-ISO-10303-21;\n", "hollow.ifc: "),
        (
            "schema.ifc",
            b"ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');"
            b"FILE_SCHEMA(('AP214'));ENDSEC;DATA;ENDSEC;END-ISO-10303-21;",
            "schema.ifc: ",
        ),
    ],
)
def test_what_is_not_ifc_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportFault) as caught:
        import_ifc(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="no such file"):
        import_ifc(tmp_path / "none.ifc")
    with pytest.raises(ImportFault, match="is a folder"):
        import_ifc(tmp_path)


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = house().text().encode()
    path = tmp_path / "cut.ifc"
    for length in range(1, len(whole) - len("END-ISO-10303-21;\n"), 997):
        path.write_bytes(whole[:length])
        with pytest.raises(ImportFault, match=r"cut off|does not begin"):
            import_ifc(path)


def test_lines_lost_from_the_middle_give_a_message_or_a_plan_never_a_traceback(
    tmp_path: Path,
) -> None:
    lines = house().text().splitlines(keepends=True)
    path = tmp_path / "holed.ifc"
    for lost in range(8, len(lines) - 2, 11):
        path.write_text("".join(lines[:lost] + lines[lost + 3 :]))
        with contextlib.suppress(ImportFault):  # a lost relation cannot be noticed
            import_ifc(path)


def test_without_ifcopenshell_the_message_says_how_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = house().write(tmp_path / "house.ifc")
    real_import = builtins.__import__

    def without(name: str, *args: object, **named: object) -> object:
        if name.startswith("ifcopenshell"):
            raise ImportError(name)
        return real_import(name, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportFault, match=r"pip install 'hallways\[ifc\]'"):
        import_ifc(path)


def test_a_file_with_a_piece_missing_from_the_middle_is_refused(tmp_path: Path) -> None:
    lines = house().text().splitlines(keepends=True)
    solid = next(k for k, line in enumerate(lines) if "IFCEXTRUDEDAREASOLID" in line)
    path = tmp_path / "holed.ifc"
    path.write_text("".join(lines[:solid] + lines[solid + 1 :]))
    with pytest.raises(ImportFault, match=r"damaged, it refers to 1 record that"):
        import_ifc(path)


def test_stairs_above_each_other_join_three_levels(tmp_path: Path) -> None:
    storeys = (("Ground", 0.0), ("First", 3.0), ("Second", 6.0))
    wells = tuple(Room(f"S{k}", "STAIR", ((9, 7.8, 3, 6.2),), storey=k) for k in range(3))
    flights = tuple(
        (Flight(9.5, 8.8, 3.0 * k, 16, 3 / 16, 0.25, 1.2, 3 / 16, 0.25),) for k in (0, 1)
    )
    result = imported(tmp_path, storeys=storeys, rooms=(CORRIDOR, *wells), stairs=flights)
    plan = result.plan
    spans = {s.id: (s.level, s.stair.to_level) for s in plan.spaces.values() if s.stair}
    assert spans == {"ST-S0-flight-1": ("L1", "L2"), "ST-S1-flight-1": ("L2", "L3")}
    assert {p.id for p in plan.portals_of("S-S1")} == {
        "P-ST-S0-flight-1-head",
        "P-ST-S1-flight-1-foot",
    }
    floor = plan.spaces["S-S1"].area_m2
    assert floor == pytest.approx(3 * 6.2 - 3.75 * 1.2 - 3.75 * 0.5, abs=0.01)
    assert result.report.connected["outside_with_stairs"] == 4


def test_a_building_far_from_the_origin_is_moved_and_it_is_said(tmp_path: Path) -> None:
    near = imported(tmp_path).plan
    result = imported(tmp_path, offset=(500_000.0, 4_000_000.0))
    assert texts(result, "ORIGIN") == ["origin moved by (500,000, 4,000,000) m"]
    for name, space in near.spaces.items():
        moved = result.plan.spaces[name].polygon
        assert moved.symmetric_difference(space.polygon).area < 0.01


def test_an_unfilled_hole_joins_rooms_but_not_a_lift_shaft(tmp_path: Path) -> None:
    wall = (-0.1, 5.0, 12.2, 0.2)
    hole = (2.0, 5.0, 0.0, 1.2, 0.2, 2.2)
    room = imported(tmp_path, doors=(OUT,), stairs=(), walls=(wall,), holes=(hole,))
    passage = next(p for p in room.plan.portals.values() if p.kind == "opening")
    assert {passage.from_space, passage.to_space} == {"S-101", "S-H1"}
    assert passage.width_m == pytest.approx(1.2)
    assert room.report.found["holes_in_walls"] == 1

    shaft = Room("E1", "ELEV", ((0, 0, 6, 5),))
    lift = imported(
        tmp_path, rooms=(shaft, CORRIDOR), doors=(OUT,), stairs=(), walls=(wall,), holes=(hole,)
    )
    assert not [p for p in lift.plan.portals.values() if p.kind == "opening"]
    assert texts(lift, "LIFT") == ["doorway of the shaft S-E1: not a way out"]


def test_a_window_is_a_portal_that_nobody_walks_through(tmp_path: Path) -> None:
    result = imported(tmp_path, windows=(Door("w1", 2, -0.1, width=1.5),))
    window = result.plan.portals["W-w1"]
    assert (window.kind, window.from_space, window.to_space) == ("window", "S-101", OUTSIDE)
    assert (window.sill_m, window.head_m) == (0.9, 2.1)
    assert not window.usable_as_exit
    assert result.report.found["doors_to_outside"] == 1


def test_a_door_without_a_written_width_is_measured_on_its_solid(tmp_path: Path) -> None:
    solid = imported(tmp_path, doors=(TO_STAIRWELL, OUT, Door("11", 4, 5.1, width=None)))
    assert solid.plan.portals["D-11"].width_m == pytest.approx(0.95)
