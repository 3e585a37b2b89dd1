"""Two real IFC files, with the counts that were measured on exactly these bytes."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from pathlib import Path

import pytest
import shapely
from support.shared_plans import PLANS, shared_plan

from buildings.facts import read_facts
from buildings.ifc_import import ImportedPlan, ImportFault, import_ifc
from buildings.plan import OUTSIDE, Fact, Plan
from buildings.plan_file import load_plan
from buildings.plan_writer import write_plan

OFFICE = "ifc/Office_A_20110811.ifc"
DUPLEX = "ifc/duplex.ifc"
FACTS = Path(__file__).parents[1] / "data" / "office_a" / "facts.csv"


def observed(name: str) -> dict[str, object]:
    counts = json.loads((PLANS / "expected_counts.json").read_text(encoding="utf-8"))
    return dict(counts["observed"][name])


def stated() -> list[Fact]:
    return list(read_facts(FACTS))


@pytest.fixture(scope="module")
def office() -> ImportedPlan:
    return import_ifc(shared_plan(OFFICE))


@pytest.fixture(scope="module")
def duplex() -> ImportedPlan:
    return import_ifc(shared_plan(DUPLEX))


def overlaps(plan: Plan) -> list[tuple[str, str, float]]:
    found = []
    for level in plan.levels:
        for a, b in itertools.combinations(plan.spaces_on(level.id), 2):
            area = a.polygon.intersection(b.polygon).area
            if area > 0.005:
                found.append((a.id, b.id, round(area, 3)))
    return found


def test_the_office_holds_what_was_measured(office: ImportedPlan) -> None:
    found, want = office.report.found, observed(OFFICE)
    assert found["spaces"] == want["spaces"] == 99
    assert found["doors"] == want["doors"] == 102
    assert found["doors_between_two_spaces"] == want["doors_between_two_spaces"] == 87
    assert found["doors_to_outside"] == want["doors_one_sided"] == 6
    assert found["doors_inside_one_space"] == 9
    assert found["wall_free_pairs"] == want["wall_free_space_pairs"] == 11
    assert (found["stairs"], found["stair_flights"], found["stair_landings"]) == (2, 4, 2)
    assert found["windows"] == 69
    assert office.report.repaired["cracks_closed"] == 4
    assert not any(office.report.refused.values())
    assert not office.report.has_errors


def test_the_office_is_connected_step_by_step_as_measured(office: ImportedPlan) -> None:
    connected = office.report.connected
    assert connected == {
        "spaces": 99,
        "outside_by_doors": 52,
        "outside_with_openings": 59,
        "outside_with_stairs": 98,
        "exit": 0,
    }
    (lost,) = (m for m in office.report.messages if m.code == "UNREACHABLE")
    assert lost.text.startswith("1 of 99 spaces unreachable: 124 ELEV")


def test_the_office_keeps_its_floor_area(office: ImportedPlan) -> None:
    rooms = [s for s in office.plan.spaces.values() if s.id.startswith("S-")]
    wells = sum(s.area_m2 for s in rooms if s.kind == "landing")
    others = sum(s.area_m2 for s in rooms if s.kind != "landing")
    assert len(rooms) == 99
    assert others + wells == pytest.approx(3427.7 - 2 * (9.9 + 9.9), abs=12)
    assert others == pytest.approx(3427.7 - 65.5, abs=1.0), "only the four stair wells are cut"


def test_the_office_stairs_are_two_half_turns_with_risers_stored_in_feet(
    office: ImportedPlan,
) -> None:
    flights = [s for s in office.plan.spaces.values() if s.kind == "stair"]
    assert len(flights) == 4
    for flight in flights:
        facts = flight.stair
        assert facts is not None
        assert facts.riser_m == pytest.approx(0.1778, abs=2e-4)
        assert facts.tread_m == pytest.approx(0.28, abs=1e-3)
        assert (facts.steps, facts.width_m) == (12, 1.0)
        assert (flight.level, facts.from_level, facts.to_level) == ("L1", "L1", "L2")
    assert sorted(f.stair.up_deg for f in flights if f.stair) == [0.0, 0.0, 180.0, 180.0]
    ends = {p.id: (p.to_space, p.level) for p in office.plan.portals.values() if p.id[0] == "P"}
    assert ends == {
        f"P-ST-S10{n}-flight-{end}": target
        for n in (1, 2)
        for end, target in {
            "1-foot": (f"S-S10{n}", "L1"),
            "1-head": (f"ST-S10{n}-landing-1", "L1"),
            "2-foot": (f"ST-S10{n}-landing-1", "L1"),
            "2-head": (f"S-S20{n}", "L2"),
        }.items()
    }


def test_the_office_doors_out_are_the_six_known_ones(office: ImportedPlan) -> None:
    outside = {
        p.id: (p.from_space, p.is_exit)
        for p in office.plan.portals.values()
        if p.to_space == OUTSIDE and p.kind != "window"
    }
    assert outside == {
        "D-101A": ("S-101", "unknown"),
        "D-108": ("S-108", "no"),
        "D-118": ("S-118", "no"),
        "D-140": ("S-140", "unknown"),
        "D-S101A": ("S-S101", "unknown"),
        "D-S102A": ("S-S102", "unknown"),
    }
    assert office.plan.portals["D-101A"].leaves == 2
    assert office.plan.portals["D-101A"].swing == "out"


@pytest.mark.parametrize("name", [OFFICE, DUPLEX])
def test_nothing_overlaps_and_every_portal_touches_what_it_joins(name: str) -> None:
    plan = import_ifc(shared_plan(name)).plan
    assert overlaps(plan) == []
    for portal in plan.portals.values():
        assert portal.line.length == pytest.approx(portal.width_m, abs=0.003)
        for side in (portal.from_space, portal.to_space):
            if side != OUTSIDE:
                assert plan.spaces[side].polygon.distance(portal.line) <= 0.25, portal.id
    for space in plan.spaces.values():
        assert space.polygon.is_valid
        assert shapely.get_parts(space.polygon).size == 1


def test_the_duplex_holds_what_was_measured(duplex: ImportedPlan) -> None:
    found, want = duplex.report.found, observed(DUPLEX)
    assert found["spaces"] == want["spaces"] == 21
    assert found["doors_between_two_spaces"] == want["doors_between_two_spaces"] == 10
    assert found["doors_to_outside"] == want["doors_one_sided"] == 4
    assert (found["stairs"], found["stair_flights"]) == (2, 2)
    assert duplex.report.connected["outside_by_doors"] == 6
    assert duplex.report.connected["outside_with_stairs"] == 20
    flight = duplex.plan.spaces["ST-A105-flight-1"]
    assert flight.stair is not None
    assert flight.number == "A105"
    assert flight.stair.riser_m == pytest.approx(0.19375, abs=2e-4)
    assert (flight.stair.steps, flight.stair.tread_m) == (16, 0.25)
    (lost,) = (m for m in duplex.report.messages if m.code == "UNREACHABLE")
    assert lost.subjects == ("S-R301",)


def test_facts_confirm_the_exits_of_the_office() -> None:
    result = import_ifc(shared_plan(OFFICE), facts=stated())
    assert {portal.id for portal in result.plan.exits} == {
        "D-101A",
        "D-108",
        "D-118",
        "D-140",
        "D-S101A",
        "D-S102A",
    }
    assert result.report.connected["exit"] == 98
    assert result.plan.spaces["S-124"].walkable == "no"
    assert not [m for m in result.report.messages if m.code == "UNREACHABLE"]
    assert set(result.plan.facts) == set(stated())


def test_the_office_compiles_and_everybody_can_leave() -> None:
    from buildings.compile import compile_plan

    compiled = compile_plan(import_ifc(shared_plan(OFFICE), facts=stated()).plan)
    beside: dict[int, set[int]] = {}
    for gate in range(compiled.n_gates):
        a, b = (int(c) for c in compiled.side_cell[2 * gate : 2 * gate + 2])
        beside.setdefault(a, set()).add(b)
        beside.setdefault(b, set()).add(a)
    reached, waiting = {compiled.outside}, [compiled.outside]
    while waiting:
        for cell in beside.get(waiting.pop(), set()) - reached:
            reached.add(cell)
            waiting.append(cell)
    assert len(compiled.exit_gates) == 6
    assert len(reached) == compiled.n_cells


def test_the_office_imports_twice_alike_and_in_time() -> None:
    path = shared_plan(OFFICE)
    started = time.process_time()
    first = import_ifc(path)
    assert time.process_time() - started < 10.0
    second = import_ifc(path)
    assert first.report.to_json() == second.report.to_json()
    assert first.report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert repr(dict(first.plan.spaces)) == repr(dict(second.plan.spaces))
    assert repr(dict(first.plan.portals)) == repr(dict(second.plan.portals))


def test_the_office_survives_writing_and_loading(tmp_path: Path) -> None:
    plan = import_ifc(shared_plan(OFFICE), facts=stated()).plan
    write_plan(plan, tmp_path / "office")
    again = load_plan(tmp_path / "office")
    assert again.sha256 == plan.sha256
    assert list(again.portals) == list(plan.portals)
    assert {p.id for p in again.exits} == {p.id for p in plan.exits}
    write_plan(again, tmp_path / "again")
    for path in sorted((tmp_path / "office").iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_no_person_of_the_file_is_in_the_plan_or_the_report(office: ImportedPlan) -> None:
    text = office.report.to_json() + repr(office.plan)
    lines = shared_plan(OFFICE).read_text(encoding="latin-1").splitlines()
    person = next(line for line in lines if "IFCPERSON(" in line)
    for part in person.split("'")[1::2]:
        assert len(part) < 3 or part not in text


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.9999])
def test_a_cut_off_office_is_refused(tmp_path: Path, share: float) -> None:
    content = shared_plan(OFFICE).read_bytes()
    path = tmp_path / "cut.ifc"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ImportFault, match=r"cut\.ifc: ends after .* it was cut off"):
        import_ifc(path)


def test_the_report_tells_what_the_values_of_the_office_are_worth(office: ImportedPlan) -> None:
    said = [message.text for message in office.report.messages]
    assert (
        "areas written in the file differ from the floors drawn, +7% in the middle of 99 rooms "
        "(to wall centre?); the floors drawn are used"
    ) in said
    assert "3978 door values only repeat their own name: read as missing" in said
    assert "91 of 102 door widths are exactly 0.915 m: look like a default" in said
    assert sum(text.endswith("2 parts joined over a gap < 2 mm") for text in said) == 4
    risers = [text for text in said if "read as feet (0.178 m)" in text]
    assert len(risers) == 4
