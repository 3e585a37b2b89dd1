"""IFC files that are damaged, odd or far too large end in a report or in one clear error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.tiny_ifc import Door, Flight, Room, TinyIfc

from buildings import ifc_apart, ifc_file, ifc_reading
from buildings.borders import InputError
from buildings.cli import main
from buildings.ifc_import import ImportedPlan, ImportFault, import_ifc
from buildings.plan_writer import plan_files

CLASSROOM = Room("101", "CLASSROOM", ((0, 0, 6, 5),))
CORRIDOR = Room("H1", "CORRIDOR", ((0, 5.2, 12, 2.4),))
DOORS = (Door("11", 4, 5.1), Door("14", -0.1, 6, along=(0, 1)))


def house(**changes: object) -> TinyIfc:
    parts: dict[str, object] = {"rooms": (CLASSROOM, CORRIDOR), "doors": DOORS}
    return TinyIfc(**{**parts, **changes})  # type: ignore[arg-type]


def written(folder: Path, text: str) -> Path:
    path = folder / "house.ifc"
    path.write_text(text, encoding="ascii")
    return path


def texts(result: ImportedPlan, code: str) -> list[str]:
    return [message.text for message in result.report.messages if message.code == code]


METRES = ".LENGTHUNIT.,$,.METRE."
MILLIMETRES = ".LENGTHUNIT.,.MILLI.,.METRE."


def test_a_file_drawn_in_metres_that_says_millimetres_is_refused_with_the_right_unit(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, house().text().replace(METRES, MILLIMETRES))
    with pytest.raises(
        ImportFault,
        match=r"house\.ifc: UNIT: the file says millimetres, the building would be 0\.012 x "
        r"0\.0076 m; metres gives 12 x 7\.6 m\. Confirm with --units m",
    ):
        import_ifc(path)
    right = import_ifc(house().write(tmp_path / "right.ifc"), plan_id="house").plan
    mended = import_ifc(path, units="m")
    for name in ("spaces.plan.geojson", "portals.plan.geojson"):
        assert plan_files(mended.plan)[name] == plan_files(right)[name]
    assert texts(mended, "UNIT") == [
        "read in metres as stated with --units, the file says millimetres: 12 x 7.6 m"
    ]


def test_a_file_drawn_in_millimetres_that_says_metres_is_refused_with_the_right_unit(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, house(per_metre=1000.0).text().replace(MILLIMETRES, METRES))
    with pytest.raises(ImportFault, match=r"1\.2e\+04 x 7,600 m; millimetres gives 12 x 7\.6 m"):
        import_ifc(path)
    assert main(["import", str(path), "--out", str(tmp_path / "plan"), "--units", "mm"]) == 0


def test_a_missing_unit_is_told_and_metres_assumed_where_they_fit(tmp_path: Path) -> None:
    text = house().text()
    project = next(line for line in text.splitlines() if "IFCPROJECT(" in line)
    without = text.replace(project, project.rsplit(",", 1)[0] + ",$);")
    result = import_ifc(written(tmp_path, without))
    assert texts(result, "UNIT") == [
        "the file says nothing of its length unit; metres assumed, which gives 12 x 7.6 m"
    ]
    assert result.plan.spaces["S-101"].area_m2 == pytest.approx(30.0)


def test_a_size_that_fits_no_unit_is_refused(tmp_path: Path) -> None:
    wide = Room("X", "OFFICE", ((9e6, 9e6, 6, 5),))
    path = written(tmp_path, house(rooms=(CLASSROOM, CORRIDOR, wide)).text())
    with pytest.raises(ImportFault, match=r"no unit gives one of 3 to 2000 m .* --units m"):
        import_ifc(path)


def test_coordinates_far_from_the_origin_give_the_same_rooms(tmp_path: Path) -> None:
    far = import_ifc(house(offset=(4_500_000.0, 5_400_000.0)).write(tmp_path / "far.ifc"))
    near = import_ifc(house().write(tmp_path / "near.ifc"))
    for name, space in near.plan.spaces.items():
        moved = far.plan.spaces[name].polygon
        assert moved.symmetric_difference(space.polygon).area < 0.02
    assert {p.id for p in far.plan.portals.values()} == {p.id for p in near.plan.portals.values()}


def mirrored(text: str, kind: str) -> str:
    """Return STEP text in which the placement of the first thing of a kind is turned over."""
    lines = text.splitlines()
    record = {line.partition("=")[0]: line for line in lines}
    thing = next(line for line in lines if f"={kind}(" in line)
    place = record[thing.split(",")[5]].split(",")[1].rstrip(");")
    axis = record[place].split(",")[1]
    return text.replace(record[axis], f"{axis}=IFCDIRECTION((0.,0.,-1.));")


def test_a_door_whose_placement_is_turned_over_still_joins_its_rooms(tmp_path: Path) -> None:
    result = import_ifc(written(tmp_path, mirrored(house().text(), "IFCDOOR")))
    door = result.plan.portals["D-11"]
    assert {door.from_space, door.to_space} == {"S-101", "S-H1"}
    assert door.line.interpolate(0.5, normalized=True).x == pytest.approx(4.45)


def test_a_room_that_is_a_mirror_image_lies_where_the_mirror_puts_it(tmp_path: Path) -> None:
    """The solid of the classroom becomes a mapped item, mirrored at x = 0."""
    text = house().text()
    space = next(line for line in text.splitlines() if "IFCSPACE(" in line)
    shape = space.split(",")[6]
    definition = next(line for line in text.splitlines() if line.startswith(f"{shape}="))
    form = definition.split("(")[-1].rstrip(");")
    context = next(line for line in text.splitlines() if line.startswith(f"{form}=")).split("(")[1]
    context = context.split(",")[0]
    extra = (
        "#9001=IFCCARTESIANPOINT((0.,0.,0.));\n#9002=IFCAXIS2PLACEMENT3D(#9001,$,$);\n"
        "#9003=IFCDIRECTION((-1.,0.,0.));\n#9004=IFCDIRECTION((0.,1.,0.));\n"
        "#9005=IFCDIRECTION((0.,0.,1.));\n"
        "#9006=IFCCARTESIANTRANSFORMATIONOPERATOR3D(#9003,#9004,#9001,1.,#9005);\n"
        f"#9007=IFCREPRESENTATIONMAP(#9002,{form});\n#9008=IFCMAPPEDITEM(#9007,#9006);\n"
        f"#9009=IFCSHAPEREPRESENTATION({context},'Body','MappedRepresentation',(#9008));\n"
        "#9010=IFCPRODUCTDEFINITIONSHAPE($,$,(#9009));\n"
    )
    turned = text.replace(space, space.replace(f",{shape},", ",#9010,"))
    turned = turned.replace("DATA;\n", f"DATA;\n{extra}")
    room = import_ifc(written(tmp_path, turned)).plan.spaces["S-101"]
    assert room.polygon.bounds == pytest.approx((-6, 0, 0, 5))
    assert room.height_m == pytest.approx(2.5)


def test_storeys_at_one_height_are_one_level(tmp_path: Path) -> None:
    annex = Room("201", "OFFICE", ((6.2, 0, 5, 5),), storey=1)
    result = import_ifc(
        house(storeys=(("Ground", 0.0), ("Annex", 0.1)), rooms=(CLASSROOM, CORRIDOR, annex)).write(
            tmp_path / "house.ifc"
        )
    )
    assert [level.name for level in result.plan.levels] == ["Ground"]
    assert texts(result, "LEVEL") == ["storey Annex joined to Ground at its height"]
    assert result.plan.spaces["S-201"].level == "L1"


def test_storeys_of_one_name_and_one_height_are_one_level_too(tmp_path: Path) -> None:
    twin = Room("201", "OFFICE", ((6.2, 0, 5, 5),), storey=1)
    result = import_ifc(
        house(storeys=(("1", 0.0), ("1", 0.0)), rooms=(CLASSROOM, CORRIDOR, twin)).write(
            tmp_path / "house.ifc"
        )
    )
    assert len(result.plan.levels) == 1
    assert texts(result, "LEVEL")[0] == '2 levels named "1"; they are told apart by height'


def test_a_storey_at_an_impossible_height_is_refused(tmp_path: Path) -> None:
    text = house().text().replace(".ELEMENT.,0.000000);", ".ELEMENT.,1.E300);")
    with pytest.raises(
        ImportFault, match=r"storey .*Ground has the elevation 1e\+300, expected metres"
    ):
        import_ifc(written(tmp_path, text))


def test_a_stair_with_impossible_steps_is_left_out_and_told(tmp_path: Path) -> None:
    flight = Flight(0.5, 5.4, 0, 3, 1.5, 0.5, 1.2, 1.5, 0.5)
    result = import_ifc(
        house(
            storeys=(("Ground", 0.0), ("Upper", 4.5)),
            rooms=(CLASSROOM, CORRIDOR, Room("H2", "CORRIDOR", ((0, 5.2, 12, 2.4),), storey=1)),
            stairs=((flight,),),
        ).write(tmp_path / "house.ifc")
    )
    assert "ST1 flight 1: riser 1.5 m and tread 0.5 m, expected less than 1 m; left out" in texts(
        result, "STAIR"
    )


def test_a_storey_that_contains_itself_is_refused_rather_than_read_for_ever(tmp_path: Path) -> None:
    text = house().text()
    storey = next(line for line in text.splitlines() if "IFCBUILDINGSTOREY(" in line)
    number = storey.partition("=")[0]
    building = next(line for line in text.splitlines() if "IFCBUILDING(" in line).partition("=")[0]
    holds = f"$,$,{building},({number})"
    assert holds in text
    path = written(tmp_path, text.replace(holds, f"$,$,{number},({number})"))
    with pytest.raises(ImportFault, match=rf"is damaged IFC \({number} contains itself\)"):
        import_ifc(path)


def test_two_rooms_with_one_global_id_are_two_rooms(tmp_path: Path) -> None:
    text = house(
        rooms=(Room("", "CLASSROOM", ((0, 0, 6, 5),)), Room("", "HALL", ((0, 5.2, 12, 2.4),)))
    )
    lines = [line for line in text.text().splitlines() if "IFCSPACE(" in line]
    first, second = (line.split("'")[1] for line in lines)
    result = import_ifc(written(tmp_path, text.text().replace(second, first)))
    assert sorted(round(s.area_m2, 1) for s in result.plan.spaces.values()) == [28.8, 30.0]


def test_what_is_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = house().write(tmp_path / "house.ifc")
    with monkeypatch.context() as patch:
        patch.setattr(ifc_file, "MAX_IFC_RECORDS", 50)
        with pytest.raises(ImportFault, match=r"\d+ records, expected .* at most 50"):
            import_ifc(path)
    with monkeypatch.context() as patch:
        patch.setattr(ifc_file, "MAX_IFC_BYTES", 100)
        with pytest.raises(ImportFault, match="larger than 512 MiB"):
            import_ifc(path)
    with monkeypatch.context() as patch:
        patch.setitem(ifc_reading.LIMITS, "IfcSpace", 1)
        with pytest.raises(ImportFault, match="2 IfcSpace, expected one building with at most 1"):
            import_ifc(path)


def test_a_reader_that_breaks_down_gives_one_clear_error_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = house().write(tmp_path / "house.ifc")
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nkill -SEGV $$\n", encoding="ascii")
    broken.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(
        InputError, match=r"house\.ifc: ifcopenshell broke down on this file \(SIGSEGV\)"
    ):
        main(["import", str(path), "--out", str(tmp_path / "plan")])
    assert not (tmp_path / "plan").exists()


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = house().write(tmp_path / "house.ifc")
    with pytest.raises(ImportFault, match=r"not read after 0\.01 s"):
        ifc_apart.read_apart(path, seconds=0.01)


def test_reading_apart_gives_the_same_plan_and_the_same_errors(tmp_path: Path) -> None:
    path = house().write(tmp_path / "house.ifc")
    here, apart = import_ifc(path), ifc_apart.import_ifc_apart(path)
    assert here.report.to_json() == apart.report.to_json()
    assert plan_files(here.plan) == plan_files(apart.plan)
    path.write_text("just text", encoding="ascii")
    with pytest.raises(ImportFault, match="does not begin with ISO-10303-21"):
        ifc_apart.import_ifc_apart(path)


def test_a_building_without_a_door_to_the_outside_is_an_error(tmp_path: Path) -> None:
    result = import_ifc(house(doors=DOORS[:1]).write(tmp_path / "house.ifc"))
    assert texts(result, "EXIT") == ["No exit on any level: 2 rooms cannot leave. Add exits"]
    assert result.report.has_errors


def test_one_way_out_of_very_many_rooms_is_doubted(tmp_path: Path) -> None:
    cells = tuple(Room(f"{k}", "OFFICE", ((2.0 * k, 0, 1.8, 5),)) for k in range(60))
    corridor = Room("H1", "CORRIDOR", ((0, 5.2, 120, 2.4),))
    doors = (*(Door(f"d{k}", 2.0 * k + 0.4, 5.1) for k in range(60)), DOORS[1])
    result = import_ifc(house(rooms=(*cells, corridor), doors=doors).write(tmp_path / "house.ifc"))
    assert "1 exit for 61 rooms: wayfinding data?" in texts(result, "EXIT")


def test_a_stair_drawn_as_one_solid_is_read_as_one_flight_and_told(tmp_path: Path) -> None:
    flight = Flight(9.5, 8.5, 0, 16, 3 / 16, 0.25, 1.2, 3 / 16, 0.25)
    model = house(
        storeys=(("Ground", 0.0), ("Upper", 3.0)),
        rooms=(
            CLASSROOM,
            CORRIDOR,
            Room("S1", "STAIR", ((9, 7.8, 3, 5),)),
            Room("H2", "CORRIDOR", ((0, 5.2, 12, 2.4), (9, 7.6, 3, 5)), storey=1),
        ),
        stairs=((flight,),),
    )
    text = model.text()
    piece = next(line for line in text.splitlines() if "IFCSTAIRFLIGHT(" in line)
    stair = next(line for line in text.splitlines() if "=IFCSTAIR(" in line)
    shape = piece.split(",")[6]
    values = stair.split(",")
    whole = ",".join([*values[:6], shape, *values[7:]])
    relation = next(line for line in text.splitlines() if f",{stair.partition('=')[0]},(" in line)
    for old, new in ((stair, whole), (relation, ""), (piece, "")):
        text = text.replace(old, new)
    result = import_ifc(written(tmp_path, text))
    assert "ST1: one solid without flights, read as one flight" in texts(result, "STAIR")
    facts = result.plan.spaces["ST-S1-flight-1"].stair
    assert facts is not None
    assert (facts.steps, facts.riser_m) == (16, pytest.approx(0.1875))


def test_options_of_another_format_are_refused(tmp_path: Path) -> None:
    path = house().write(tmp_path / "house.ifc")
    with pytest.raises(
        InputError, match=r"--building: only for IMDF folder, and .* is read as IFC"
    ):
        main(["import", str(path), "--out", str(tmp_path / "plan"), "--building", "A"])


def test_damaged_step_lines_end_in_an_error_or_in_a_plan_that_loads() -> None:
    """Sixty files, each in a process of its own; what is not listed here is a fault of ours."""
    tests = Path(__file__).parents[1]
    paths = [str(tests), str(tests.parent), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "support.step_fuzz", "20261124", "60"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        timeout=400,
        check=True,
    )
    found = json.loads(done.stdout)
    assert set(found) <= {"error", "report", "crash"}, found
    assert found["report"] > 5
    assert found["error"] > 5
