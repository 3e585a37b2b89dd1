"""The three built-in schools: what their drawings promise, and that the folders are up to date."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from pathlib import Path

import pytest

from buildings.checks import check_plan
from buildings.compile import compile_plan
from buildings.plan import Plan
from buildings.plan_file import load_plan
from buildings.plan_writer import plan_files
from buildings.schools.writing import drawn_schools, write_schools

SCHOOLS = {plan.id: plan for plan in drawn_schools()}
FOLDERS = Path(__file__).parents[2] / "buildings" / "schools"

# pupils in class time, exits, levels
PROMISED = {
    "maple-elementary": (320, 14, 1),
    "cedar-middle": (606, 14, 2),
    "birch-high": (1404, 32, 2),
}


@pytest.fixture(params=sorted(SCHOOLS))
def school(request: pytest.FixtureRequest) -> Plan:
    return SCHOOLS[request.param]


def test_every_school_is_written_as_it_is_drawn(school: Plan) -> None:
    for name, content in plan_files(school).items():
        assert (FOLDERS / school.id / name).read_bytes() == content, (
            f"{school.id}/{name} is not what the drawing gives; see buildings/schools/writing.py"
        )


def test_a_written_school_reads_back_the_same(school: Plan) -> None:
    assert plan_files(load_plan(f"builtin:{school.id}")) == plan_files(school)


def test_drawing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    write_schools(tmp_path)
    for plan in SCHOOLS.values():
        for name, content in plan_files(plan).items():
            assert (tmp_path / plan.id / name).read_bytes() == content


def test_no_school_has_an_error(school: Plan) -> None:
    errors = [str(finding) for finding in check_plan(school) if finding.severity == "error"]
    assert errors == []


def test_people_exits_and_levels_are_as_promised(school: Plan) -> None:
    pupils, exits, levels = PROMISED[school.id]
    assert sum(space.occupants_default or 0 for space in school.spaces.values()) == pupils
    assert len(school.exits) == exits
    assert len(school.levels) == levels
    assert str(pupils) in " ".join(school.sources)


def test_every_school_compiles_and_everyone_can_leave(school: Plan) -> None:
    compiled = compile_plan(school)
    assert len(compiled.exit_gates) == len(school.exits)
    assert all(place >= 0 for place in compiled.exit_place.tolist())


def test_teaching_rooms_have_the_size_of_teaching_rooms(school: Plan) -> None:
    for space in school.spaces.values():
        if space.use == "classroom" and space.occupants_default:
            assert 40.0 <= space.area_m2 <= 120.0, space.id
            assert space.capacity is not None, space.id
            assert space.occupants_default <= space.capacity, space.id


def test_doors_and_windows_of_one_wall_do_not_meet(school: Plan) -> None:
    portals = [portal for portal in school.portals.values() if portal.kind != "virtual"]
    for first, second in itertools.combinations(portals, 2):
        if first.level == second.level:
            assert first.line.distance(second.line) > 0.08, (first.id, second.id)


def test_furniture_stands_in_its_room_and_clear_of_doors(school: Plan) -> None:
    pieces = [space for space in school.spaces.values() if space.obstacle_of is not None]
    assert len(pieces) >= 8
    for piece in pieces:
        room = school.spaces[piece.obstacle_of or ""]
        assert piece.polygon.difference(room.polygon).area < 1e-6, piece.id
        for portal in school.portals_of(room.id):
            if portal.kind != "window":
                assert portal.line.distance(piece.polygon) > 0.9, (piece.id, portal.id)


def test_stairs_climb_the_storey_in_comfortable_steps(school: Plan) -> None:
    for space in school.spaces.values():
        if space.stair is not None:
            stair = space.stair
            assert 0.165 <= stair.riser_m <= 0.178
            assert stair.tread_m == 0.28
            assert 1.2 <= stair.width_m <= 1.8
            height = school.level(stair.to_level).elevation_m
            height -= school.level(stair.from_level).elevation_m
            assert math.isclose(2 * stair.rise_m, height, abs_tol=1e-9)


def test_exterior_doors_are_numbered_once_from_the_main_entrance(school: Plan) -> None:
    outer = [p for p in school.portals.values() if p.leads_outside and p.kind != "window"]
    numbers = [portal.exterior_no for portal in outer]
    assert None not in numbers
    assert len(set(numbers)) == len(numbers)
    first = [portal for portal in outer if portal.exterior_no in ("1", "A1")]
    assert school.spaces[first[0].from_space].use == "vestibule"


def test_assembly_areas_lie_at_a_walk_from_the_building(school: Plan) -> None:
    areas = [a for a in school.assembly_areas if a.assembly and a.assembly.role == "evac_assembly"]
    assert (
        sum(area.assembly.capacity or 0 for area in areas if area.assembly)
        >= PROMISED[school.id][0]
    )
    for area in areas:
        nearest = min(portal.line.distance(area.polygon) for portal in school.exits)
        assert 15.0 <= nearest <= 60.0, area.id
    for portal in school.exits:
        assert portal.discharges_to in {area.id for area in areas}, portal.id


def test_locks_and_glass_vary(school: Plan) -> None:
    doors = [
        portal
        for portal in school.portals.values()
        if portal.kind == "door" and school.spaces[portal.from_space].use == "classroom"
    ]
    assert {"inside", "outside", "none"} <= {portal.lock for portal in doors}
    assert {"panel", "half"} <= {portal.glazing for portal in doors}
    assert {"none", "blind"} <= {portal.cover for portal in doors}
    covered = Counter(space.public_address for space in school.spaces.values())
    assert covered["no"] >= 3
