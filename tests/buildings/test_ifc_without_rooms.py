"""IFC models with walls but no rooms: rooms are proposed and marked, or it is said why not."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from support.bare_ifc import without_rooms
from support.shared_plans import shared_plan
from support.tiny_ifc import Door, Flight, Room, TinyIfc

from buildings.cli import main
from buildings.ifc_import import ImportedPlan, ImportFault, import_ifc
from buildings.plan import OUTSIDE, Fact
from buildings.plan_file import load_plan
from buildings.plan_writer import plan_files

OUTER = ((0, 0, 10, 0.2), (0, 7.8, 10, 0.2), (0, 0.2, 0.2, 7.6), (9.8, 0.2, 0.2, 7.6))
MIDDLE = (0.2, 5.0, 9.6, 0.2)
IN, OUT = Door("1", 3, 5.1), Door("2", 0.1, 6, along=(0, 1))
"""A house of 10 x 8 m: a room of 9.6 x 4.8 m, a corridor of 9.6 x 2.6 m, two doors."""


def house(**changes: object) -> TinyIfc:
    parts: dict[str, object] = {"walls": (*OUTER, MIDDLE), "doors": (IN, OUT)}
    return TinyIfc(**{**parts, **changes})  # type: ignore[arg-type]


def imported(folder: Path, **changes: object) -> ImportedPlan:
    return import_ifc(house(**changes).write(folder / "bare.ifc"))


def texts(result: ImportedPlan, code: str) -> list[str]:
    return [message.text for message in result.report.messages if message.code == code]


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4"])
def test_rooms_are_what_the_walls_enclose_and_doors_join_them(tmp_path: Path, schema: str) -> None:
    result = imported(tmp_path, schema=schema)
    plan = result.plan
    assert {name: space.area_m2 for name, space in plan.spaces.items()} == pytest.approx(
        {"S-Ground-e5n2": 9.6 * 4.8, "S-Ground-e5n6": 9.6 * 2.6}
    )
    inner, outer = plan.portals["D-1"], plan.portals["D-2"]
    assert {inner.from_space, inner.to_space} == set(plan.spaces)
    assert inner.wall_t_m == pytest.approx(0.2)
    assert (outer.from_space, outer.to_space, outer.kind) == ("S-Ground-e5n6", OUTSIDE, "exit")
    assert result.report.connected["outside_by_doors"] == 2


def test_an_inferred_room_is_marked_in_the_plan_and_in_the_report(tmp_path: Path) -> None:
    result = imported(tmp_path)
    for space in result.plan.spaces.values():
        assert dict(space.extra) == {"x_confidence": "good", "x_inferred": "walls"}
    assert texts(result, "INFERRED") == [
        "Ground has walls but no rooms: 2 rooms inferred from 5 walls (confidence: 2 good). "
        "Confirm each, state number and use"
    ]
    assert (result.report.found["spaces"], result.report.found["spaces_inferred"]) == (0, 2)


def test_ids_do_not_depend_on_the_order_of_the_file(tmp_path: Path) -> None:
    text = house().text()
    head, _, rest = text.partition("DATA;\n")
    body, _, tail = rest.partition("ENDSEC;")
    lines = body.splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    shuffled = tmp_path / "bare.ifc"
    shuffled.write_text(f"{head}DATA;\n{''.join(lines)}ENDSEC;{tail}", encoding="ascii")
    mixed = plan_files(import_ifc(shuffled).plan)
    straight = plan_files(imported(tmp_path).plan)
    assert mixed.keys() == straight.keys()
    for name in mixed:
        if name != "building.yaml":  # which holds the hash of the file
            assert mixed[name] == straight[name], name


def test_importing_again_keeps_facts_and_gives_the_same_bytes(tmp_path: Path) -> None:
    source = house().write(tmp_path / "bare.ifc")
    out = tmp_path / "plan"
    assert main(["import", str(source), "--out", str(out)]) == 0
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert main(["import", str(source), "--out", str(out), "--force"]) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    facts = "id,key,value,source,date\nS-Ground-e5n2,use,classroom,visit,2026-10-01\n"
    (out / "facts.csv").write_text(facts, encoding="utf-8")
    assert main(["import", str(source), "--out", str(out), "--force"]) == 0
    assert load_plan(out).spaces["S-Ground-e5n2"].use == "classroom"


def test_a_room_added_elsewhere_does_not_rename_the_others(tmp_path: Path) -> None:
    wing = ((10, 0, 5, 0.2), (10, 4.8, 5, 0.2), (14.8, 0.2, 0.2, 4.6))
    plan = imported(tmp_path, walls=(*OUTER, MIDDLE, *wing)).plan
    assert set(plan.spaces) == {"S-Ground-e5n2", "S-Ground-e5n6", "S-Ground-e12n2"}


def test_facts_speak_of_inferred_rooms(tmp_path: Path) -> None:
    fact = Fact("S-Ground-e5n2", "number", "101", "visit", "2026-10-01")
    result = import_ifc(house().write(tmp_path / "bare.ifc"), facts=[fact])
    assert result.plan.spaces["S-Ground-e5n2"].number == "101"


def test_gaps_up_to_five_centimetres_are_closed_and_said(tmp_path: Path) -> None:
    short = (0, 7.8, 9.77, 0.2)
    result = imported(tmp_path, walls=(OUTER[0], short, OUTER[2], (9.8, 0.2, 0.2, 7.6), MIDDLE))
    assert len(result.plan.spaces) == 2
    (said,) = texts(result, "INFERRED")[1:]
    assert said == "1 room: closed over a gap of up to 5 cm: S-Ground-e5n6"
    assert result.plan.spaces["S-Ground-e5n6"].extra["x_confidence"] == "fair"
    assert result.plan.spaces["S-Ground-e5n2"].extra["x_confidence"] == "good"


def test_a_wider_gap_is_told_with_its_place_and_the_other_rooms_stay(tmp_path: Path) -> None:
    result = imported(
        tmp_path, walls=(OUTER[0], (0, 7.8, 6, 0.2), (6.65, 7.8, 3.35, 0.2), *OUTER[2:], MIDDLE)
    )
    assert set(result.plan.spaces) == {"S-Ground-e5n2"}
    (said,) = texts(result, "WALLS")
    found = re.fullmatch(
        r"Ground: walls leave about 25 m2 open, a gap of up to 0\.7 m at \((.*), (.*)\); "
        "no room there",
        said,
    )
    assert found is not None
    assert float(found[1]) == pytest.approx(6.35, abs=0.36)
    assert float(found[2]) == pytest.approx(7.9, abs=0.11)


def test_walls_that_do_not_close_are_refused_with_the_place_of_the_gap(tmp_path: Path) -> None:
    walls = (OUTER[0], (0, 7.8, 6, 0.2), (6.65, 7.8, 3.35, 0.2), *OUTER[2:])
    with pytest.raises(
        ImportFault,
        match=r"bare\.ifc: File has walls but no rooms \(5 walls, 0 IfcSpace\), and the walls do "
        r"not close: 1 gap, the narrowest about 0\.7 m wide on Ground at \(6\.\d+, 7\.\d+\)",
    ):
        imported(tmp_path, walls=walls)


@pytest.mark.parametrize(
    ("walls", "words"),
    [
        ((), r"File has no rooms and no walls \(0 IfcSpace, none with a solid, 0 walls\)"),
        (((0, 0, 5, 0.2),), r"File has walls but no rooms \(1 walls, .* enclose no room"),
        (tuple((*wall, 0.0, 1.2) for wall in OUTER), "the walls enclose no room"),
    ],
)
def test_nothing_enclosed_is_refused_with_the_reason(
    tmp_path: Path, walls: tuple[tuple[float, ...], ...], words: str
) -> None:
    with pytest.raises(ImportFault, match=words):
        imported(tmp_path, walls=walls, doors=())


def test_low_partitions_make_no_rooms_and_shafts_are_left_out(tmp_path: Path) -> None:
    partition = (4.0, 0.2, 0.1, 4.8, 0.3, 1.5)
    shaft = ((9.0, 0.2, 0.1, 0.8), (9.0, 1.0, 0.8, 0.1))
    result = imported(tmp_path, walls=(*OUTER, MIDDLE, partition, *shaft))
    assert len(result.plan.spaces) == 2
    assert (
        "Ground: 1 floor between walls too small for a room (shafts, cavities) left out"
        in texts(result, "INFERRED")
    )


def test_a_door_that_stands_in_no_wall_and_glazing_of_plates_close_a_room(tmp_path: Path) -> None:
    ends = ((0.2, 5.0, 2.8, 0.2), (3.9, 5.0, 5.9, 0.2))
    glazing = ((0, 7.8, 10, 0.1),)
    result = imported(tmp_path, walls=(OUTER[0], *OUTER[2:], *ends), panels=glazing)
    assert len(result.plan.spaces) == 2
    joined = result.plan.portals["D-1"]
    assert {joined.from_space, joined.to_space} == set(result.plan.spaces)


def test_a_court_without_a_slab_and_a_room_without_a_door_are_doubted(tmp_path: Path) -> None:
    result = imported(tmp_path, doors=(OUT,), slabs=((0, 5, 10, 3, 0.0),), walls=(*OUTER, MIDDLE))
    assert result.plan.spaces["S-Ground-e5n2"].extra["x_confidence"] == "fair"
    result = imported(
        tmp_path,
        walls=(*OUTER, MIDDLE, (6.0, 0.2, 0.2, 4.8)),
        doors=(IN, OUT),
        slabs=((0, 0, 6.1, 8, 0.0), (6, 5, 4, 3, 0.0)),
    )
    assert result.plan.spaces["S-Ground-e8n2"].extra["x_confidence"] == "poor"
    assert texts(result, "INFERRED")[1:] == [
        "1 room: no door or opening: S-Ground-e8n2",
        "1 room: no slab below (court, shaft, double height?): S-Ground-e8n2",
    ]


def test_a_storey_without_rooms_gets_them_beside_one_that_has_them(tmp_path: Path) -> None:
    upper = tuple((*wall, 3.0, 2.8) for wall in OUTER)
    result = imported(
        tmp_path,
        storeys=(("Ground", 0.0), ("Upper", 3.0)),
        rooms=(Room("1", "HALL", ((0.2, 0.2, 9.6, 7.6),)),),
        walls=(*OUTER, *upper),
        doors=(OUT,),
    )
    assert set(result.plan.spaces) == {"S-1", "S-Upper-e5n4"}
    assert "x_inferred" not in result.plan.spaces["S-1"].extra
    assert texts(result, "INFERRED")[0].startswith("Upper has walls but no rooms: 1 room inferred")


def test_stairs_and_levels_work_as_with_rooms(tmp_path: Path) -> None:
    upper = tuple((*wall, 3.0, 2.8) for wall in (*OUTER, MIDDLE))
    flight = Flight(8.0, 0.8, 0, 16, 3 / 16, 0.25, 1.2, 3 / 16, 0.25)
    result = imported(
        tmp_path,
        storeys=(("Ground", 0.0), ("Upper", 3.0)),
        walls=(*OUTER, MIDDLE, *upper),
        doors=(IN, OUT, Door("3", 3, 5.1, storey=1)),
        stairs=((flight,),),
    )
    assert len(result.plan.levels) == 2
    assert result.report.connected["spaces"] == 4
    assert result.report.connected["outside_with_stairs"] == 4
    assert result.plan.spaces["ST-ST1-flight-1"].stair is not None


def test_storeys_with_one_name_have_rooms_with_ids_of_their_own(tmp_path: Path) -> None:
    upper = tuple((*wall, 3.0, 2.8) for wall in OUTER)
    result = imported(
        tmp_path, storeys=(("1", 0.0), ("1", 3.0)), walls=(*OUTER, *upper), doors=(OUT,)
    )
    assert set(result.plan.spaces) == {"S-1-z0.0-e5n4", "S-1-z3.0-e5n4"}


def compared(folder: Path, name: str) -> tuple[ImportedPlan, ImportedPlan, list[str], float]:
    """Return a real model with and without its rooms, the rooms found again, and the area ratio."""
    source = shared_plan(name)
    truth = import_ifc(source)
    bare = import_ifc(without_rooms(source, folder / source.name))
    again = [
        room.id
        for room in truth.plan.spaces.values()
        if room.id.startswith("S-")
        and any(
            room.polygon.intersection(found.polygon).area
            >= 0.9 * room.polygon.union(found.polygon).area
            for found in bare.plan.spaces_on(room.level)
        )
    ]
    areas = [
        sum(s.area_m2 for s in result.plan.spaces.values() if s.walkable == "yes")
        for result in (bare, truth)
    ]
    return truth, bare, again, areas[0] / areas[1]


def test_the_office_without_its_rooms_gives_nearly_all_of_them_again(tmp_path: Path) -> None:
    truth, bare, again, ratio = compared(tmp_path, "ifc/Office_A_20110811.ifc")
    assert truth.report.found["spaces"] == 99
    assert bare.report.found["spaces_inferred"] == 93
    assert len(again) == 88, "the other 11 are offices and corridors that no wall parts"
    assert ratio == pytest.approx(1.0, abs=0.005)
    for count in ("doors_between_two_spaces", "doors_to_outside", "doors_inside_one_space"):
        assert bare.report.found[count] == truth.report.found[count]
    assert bare.report.connected["outside_with_stairs"] == 91


def test_the_duplex_without_its_rooms_joins_what_no_wall_parts(tmp_path: Path) -> None:
    truth, bare, again, ratio = compared(tmp_path, "ifc/duplex.ifc")
    assert bare.report.found["spaces_inferred"] == 14
    assert len(again) == 12
    assert bare.report.found["doors_to_outside"] == truth.report.found["doors_to_outside"] == 4
    assert bare.report.connected["outside_with_stairs"] == 14
    assert 0.6 < ratio < 0.7, "its largest IfcSpace is the roof, 135 m2, which has no walls"
