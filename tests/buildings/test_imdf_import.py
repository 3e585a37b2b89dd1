"""Small IMDF folders with known answers, folders that must be refused, and a real one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.shared_plans import PLANS, shared_plan
from support.tiny_maps import TinyImdf, rect

from buildings.cli import main
from buildings.imdf_import import import_imdf
from buildings.import_report import ImportedPlan, ImportFault
from buildings.plan import OUTSIDE, Fact
from buildings.plan_writer import plan_files


def texts(result: ImportedPlan, code: str) -> list[str]:
    return [message.text for message in result.report.messages if message.code == code]


def house() -> TinyImdf:
    """Return two levels with a classroom, a walkway and a stair; one door to the outside."""
    imdf = TinyImdf()
    for k in (0, 1):
        imdf.level(f"L{k}", k + 1, rect(0, 0, 24, 9), name="Floor")
        imdf.unit(f"room{k}", f"L{k}", rect(0, 0, 8, 6), "classroom", name={"en": f"Room 10{k}"})
        imdf.unit(f"hall{k}", f"L{k}", rect(0, 6, 20, 3), "walkway", phone="secret")
        imdf.unit(f"stair{k}", f"L{k}", rect(20, 6, 4, 3), "stairs")
        imdf.opening(f"a{k}", f"L{k}", (3.0, 6.0), (4.0, 6.0))
        imdf.opening(f"b{k}", f"L{k}", (20.0, 7.0), (20.0, 8.0))
    imdf.opening("out", "L0", (0.0, 7.0), (0.0, 8.6))
    return imdf


def test_units_openings_and_levels(tmp_path: Path) -> None:
    result = import_imdf(house().write(tmp_path / "house"))
    plan = result.plan
    assert plan.spaces["S-100"].use == "classroom"
    assert plan.spaces["S-100"].area_m2 == pytest.approx(48.0, abs=0.02)
    assert plan.spaces["S-g.hall0"].kind == "corridor"
    assert [(level.ordinal, level.name) for level in plan.levels] == [
        (0, "Floor"),
        (1, "Floor (ordinal 1)"),
    ]
    door = plan.portals["D-g.a0"]
    assert (door.from_space, door.to_space) == ("S-100", "S-g.hall0")
    assert door.width_m == pytest.approx(1.0, abs=0.001)
    out = plan.portals["D-g.out"]
    assert (out.from_space, out.to_space, out.kind, out.is_exit) == (
        "S-g.hall0", OUTSIDE, "exit", "unknown",
    )  # fmt: skip
    assert plan.portals["V-S-g.stair0~S-g.stair1"].level == "L2"
    assert result.report.connected == {
        "spaces": 6, "outside_by_doors": 3, "outside_with_openings": 3, "outside_with_stairs": 6,
        "exit": 0,
    }  # fmt: skip
    assert any("ordinals of building B begin at 1" in text for text in texts(result, "LEVEL"))
    assert '2 levels named "Floor" at ordinals 1, 2; ordinals set 0, 1' in texts(result, "LEVEL")
    assert not result.report.has_errors


def test_the_same_bytes_twice_and_nothing_personal(tmp_path: Path) -> None:
    folder = house().write(tmp_path / "house")
    first, second = import_imdf(folder), import_imdf(folder)
    assert plan_files(first.plan) == plan_files(second.plan)
    assert first.report.to_json() == second.report.to_json()
    assert b"secret" not in b"".join(plan_files(first.plan).values())
    assert texts(first, "PRIVATE") == ["2 other property values dropped"]


def test_facts_win_and_make_the_stair_a_flight(tmp_path: Path) -> None:
    said = {
        "kind": "stair", "riser": "0.175", "tread": "0.28", "steps": "20", "width": "1.4",
        "up": "90", "from_level": "L1", "to_level": "L2",
    }  # fmt: skip
    facts = [Fact("S-g.stair0", key, value, "visit", "2026-10-01") for key, value in said.items()]
    facts.append(Fact("D-g.out", "is_exit", "yes", "visit", "2026-10-01"))
    result = import_imdf(house().write(tmp_path / "house"), facts=facts)
    assert result.report.connected["exit"] == 6
    assert texts(result, "STAIR") == []
    from buildings import compile_plan

    compiled = compile_plan(result.plan)
    assert len(compiled.exit_gates) == 1
    assert result.plan.spaces["S-g.stair0"].stair is not None


def test_level_traps_are_told(tmp_path: Path) -> None:
    imdf = house()
    imdf.files["level"].clear()
    imdf.level("L0", 1, rect(0, 0, 24, 9), rect(30, 0, 5, 5), name="Floor")
    imdf.level("L1", 2, rect(0, 0, 24, 9), name="Upper")
    imdf.unit("deep", "L0", rect(1, 1, 4, 4), "office")
    imdf.unit("lone", "L1", rect(30, 0, 4, 4), "stairs")
    imdf.unit("adrift", "L9", rect(40, 0, 4, 4), "office")
    imdf.opening("bad", "L0", (12.0, 40.0), (13.0, 40.0))
    result = import_imdf(imdf.write(tmp_path / "house"))
    assert "Floor: 1 detached part was stored as holes" in texts(result, "LEVEL")
    assert any(text.startswith("1 features on no known level") for text in texts(result, "LEVEL"))
    (overlap,) = texts(result, "OVERLAP")
    assert overlap == "S-100 / S-g.deep 16.0 m2 on level L1: wrong level?"
    assert any("1 of 3 stairs have no partner" in text for text in texts(result, "STAIR"))
    assert any("31.0" in text and "from the nearest room" in text for text in texts(result, "DOOR"))
    assert result.report.repaired["level_outlines"] == 1
    assert result.report.has_errors


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("unit", "", "not readable as JSON"),
        ("unit", '{"features": [', r"unit.geojson:1: .*cut off"),
        ("unit", "[" * 100_000, "not readable as JSON"),
        ("unit", "[]", "expected a GeoJSON FeatureCollection"),
        ("unit", '{"features": []}', "0 units, expected the rooms"),
        ("level", '{"features": []}', "0 levels with an ordinal"),
        ("opening", "\x00", "not readable as JSON"),
    ],
)
def test_folders_that_are_refused(tmp_path: Path, name: str, content: str, words: str) -> None:
    folder = house().write(tmp_path / "house")
    (folder / f"{name}.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(ImportFault, match=words):
        import_imdf(folder)


def test_a_missing_file_and_a_building_as_large_as_a_country(tmp_path: Path) -> None:
    folder = house().write(tmp_path / "house")
    (folder / "opening.geojson").unlink()
    with pytest.raises(ImportFault, match=r"opening.geojson: no such file"):
        import_imdf(folder)
    imdf = house()
    imdf.unit("far", "L0", rect(900_000, 0, 8, 6), "classroom")
    with pytest.raises(ImportFault, match="expected one building or campus within 10 km"):
        import_imdf(imdf.write(tmp_path / "far"))


def two_houses() -> TinyImdf:
    """Return two buildings of one level each, and an outdoor level that belongs to none."""
    imdf = TinyImdf()
    for name, x in (("East wing", 0), ("West wing", 60)):
        key = name[0]
        imdf.level(f"L{key}", 0, rect(x, 0, 24, 9), building=key)
        imdf.unit(f"room{key}", f"L{key}", rect(x, 0, 8, 6), "classroom", name={"en": "Room 1"})
        imdf.unit(f"hall{key}", f"L{key}", rect(x, 6, 20, 3), "walkway")
        imdf.opening(f"a{key}", f"L{key}", (x + 3.0, 6.0), (x + 4.0, 6.0))
        imdf.opening(f"out{key}", f"L{key}", (x, 7.0), (x, 8.6))
        imdf.add("building", key, "Polygon", [rect(x, 0, 24, 9)], name={"en": name})
    imdf.add("level", "yard", "Polygon", [rect(30, 0, 20, 9)], name={"en": "Yard"}, short_name=None,
             ordinal=0, building_ids=None)  # fmt: skip
    imdf.unit("lawn", "yard", rect(30, 0, 10, 9), "unspecified")
    return imdf


@pytest.mark.parametrize("asked", ["W", "West wing", "west WING"])
def test_one_building_of_an_archive_is_picked_by_id_or_by_name(tmp_path: Path, asked: str) -> None:
    result = import_imdf(two_houses().write(tmp_path / "campus"), building=asked)
    assert set(result.plan.spaces) == {"S-1", "S-g.hallW"}
    assert set(result.plan.portals) == {"D-g.aW", "D-g.outW"}
    assert (result.plan.id, result.plan.name) == ("campus-west-wing", "West wing")
    assert texts(result, "BUILDING") == [
        "1 level of no building left out",
        "only West wing of the archive; left out: East wing",
    ]
    assert not result.report.has_errors


def test_several_buildings_without_a_choice_are_listed(tmp_path: Path) -> None:
    folder = two_houses().write(tmp_path / "campus")
    with pytest.raises(
        ImportFault,
        match=r'campus: holds 2 buildings, expected --building .*: E "East wing" \(1 level, 2 units'
        r'\); W "West wing" \(1 level, 2 units\)',
    ):
        import_imdf(folder)
    with pytest.raises(
        ImportFault, match=r"'Wst wing': no such building \(did you mean 'West wing"
    ):
        import_imdf(folder, building="Wst wing")


def test_all_buildings_make_one_plan_when_asked_for(tmp_path: Path) -> None:
    result = import_imdf(two_houses().write(tmp_path / "campus"), building="all")
    assert len(result.plan.spaces) == 5
    assert len({space.level for space in result.plan.spaces.values()}) == 1


def test_the_only_building_is_taken_and_may_be_named(tmp_path: Path) -> None:
    folder = house().write(tmp_path / "house")
    named = import_imdf(folder, building="B")
    assert plan_files(named.plan) == plan_files(import_imdf(folder).plan)
    assert texts(named, "BUILDING") == []
    with pytest.raises(ImportFault, match=r"no such building, expected one of: B \(2 levels, 6"):
        import_imdf(folder, building="C")


def test_the_command_line_picks_a_building(tmp_path: Path) -> None:
    folder = str(two_houses().write(tmp_path / "campus"))
    assert main(["import", folder, "--building", "E", "--out", str(tmp_path / "plan")]) == 0
    from buildings import load_plan

    assert load_plan(tmp_path / "plan").name == "East wing"


def test_a_real_archive_gives_each_of_its_buildings(tmp_path: Path) -> None:
    folder = shared_plan("imdf-spbstu/unit.geojson").parent
    counts = {}
    for id_ in ("29902a1f-8ef6-492e-a69f-a26e36cccd69", "5f4874a1-38e7-43ad-b8b0-23e375d9208e"):
        counts[id_[:8]] = import_imdf(folder, building=id_).report.found["spaces"]
    observed = json.loads((PLANS / "expected_counts.json").read_text())["observed"]["imdf-spbstu"]
    assert counts == {id_: many for id_, (_, many) in observed["units_reaching_nav_exit"].items()}


def test_a_packed_archive_is_told_to_be_unpacked(tmp_path: Path) -> None:
    import zipfile

    from buildings import InputError

    with zipfile.ZipFile(tmp_path / "venue.zip", "w") as packed:
        packed.writestr("unit.geojson", "{}")
    with pytest.raises(InputError, match=r"venue\.zip: is a packed archive, .* unpack it first"):
        main(["import", str(tmp_path / "venue.zip"), "--out", str(tmp_path / "plan")])


def test_the_command_line_knows_the_folder_and_names_what_it_does_not_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = house().write(tmp_path / "house")
    assert main(["import", str(folder), "--out", str(tmp_path / "plan")]) == 0
    assert "IMDF 1.0.0" in capsys.readouterr().out
    from buildings import InputError

    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(InputError, match=r"ends in '.txt', expected .ifc, .osm, .xml"):
        main(["import", str(tmp_path / "notes.txt"), "--out", str(tmp_path / "other")])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"is a folder without unit.geojson"):
        main(["import", str(tmp_path / "empty"), "--out", str(tmp_path / "other")])


def test_the_real_buildings_hold_what_was_measured() -> None:
    result = import_imdf(shared_plan("imdf-spbstu/unit.geojson").parent, building="all")
    want = json.loads((PLANS / "expected_counts.json").read_text())["observed"]["imdf-spbstu"]
    found, touching = result.report.found, want["openings_touching_n_units_tol_5cm"]
    assert found["levels"] == want["levels"] == 8
    assert found["spaces"] == want["units"] == 443
    assert found["doors"] == want["openings"] == 472
    assert found["doors_touching_2"] == touching["2"] == 469
    assert found["doors_touching_1"] == touching["1"] == 2
    assert found["doors_touching_3"] == touching["3"] == 1
    assert found["overlapping_pairs"] == want["overlapping_unit_pairs_gt_0.05m2"] == 9
    assert found["doors_to_outside"] == want["exterior_openings"] == 0
    assert found["stairs"] == want["units_by_category"]["stairs"] == 59
    assert found["stair_links"] == want["stair_vertical_links"] == 36
    assert found["lifts"] == want["units_by_category"]["elevator"] == 5
    assert found["lift_links"] == want["lift_vertical_links"] == 4
    assert result.report.repaired["level_outlines"] == want["invalid_level_polygons"] == 2
    assert texts(result, "EXIT") == ["No exit on any level: 443 rooms cannot leave. Add exits"]
    assert "292 of 472 door widths are exactly 1.00 m: look like a default" in texts(
        result, "WIDTH"
    )
    assert any(text.startswith("7 of 59 stairs have no partner") for text in texts(result, "STAIR"))
    large = [text for text in texts(result, "OVERLAP") if "wrong level?" in text]
    assert [text.split(" / ")[1].split()[1] for text in large] == ["29.0", "31.1", "29.0", "31.1"]
