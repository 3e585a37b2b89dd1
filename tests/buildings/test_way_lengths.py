"""Ways through whole buildings against taut strings, and floors that lose nothing when cut.

The walking graph leads through the middles of doors and of cuts across floors; a taut string, kept
half a body off walls and jambs, is the shortest of all ways. The limit is a tenth, for the 95th
percentile of the difference.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import shapely
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from support.graph_plans import plan as plan_of
from support.graph_plans import portal, space
from support.shared_plans import shared_plan
from support.taut_strings import TautStrings
from support.way_lengths import Lengths, ways_between, ways_out

from buildings import OUTSIDE, NavGraph, Plan, load_plan
from buildings.walking_distance import WalkingFloor

SCHOOLS = ("cedar-middle", "maple-elementary", "birch-high")
BODY_M = 0.2
TENTH = 0.10


def compared(plan: Plan) -> dict[str, Lengths]:
    graph = NavGraph.from_plan(plan)
    return {
        "out": ways_out(graph, half_body_m=BODY_M),
        "pairs": ways_between(graph, half_body_m=BODY_M, pairs=200, seed=4),
    }


def office() -> Plan:
    pytest.importorskip("ifcopenshell")
    from buildings.ifc_import import import_ifc

    plan = import_ifc(shared_plan("ifc/Office_A_20110811.ifc")).plan
    stated = {
        p.id: replace(p, is_exit="yes") if p.leads_outside and p.kind != "window" else p
        for p in plan.portals.values()
    }
    return replace(plan, portals=MappingProxyType(stated))


@pytest.mark.parametrize("name", SCHOOLS)
def test_ways_in_a_school_are_hardly_longer_than_a_taut_string(name: str) -> None:
    for kind, lengths in compared(load_plan(f"builtin:{name}")).items():
        assert len(lengths.taut_m) >= 50
        assert np.isfinite(lengths.taut_m).all()
        assert lengths.longer.min() > -0.01  # nothing is shorter than the shortest
        assert lengths.longer.mean() < 0.06
        assert lengths.share(0.95) < TENTH, kind


def test_ways_in_the_office_are_hardly_longer_than_a_taut_string() -> None:
    for kind, lengths in compared(office()).items():
        assert len(lengths.taut_m) >= 50
        assert lengths.longer.min() > -0.05
        assert lengths.share(0.95) < TENTH, kind


@pytest.mark.parametrize("name", [*SCHOOLS, "office"])
def test_the_zones_of_a_space_have_its_area(name: str) -> None:
    plan = office() if name == "office" else load_plan(f"builtin:{name}")
    graph = NavGraph.from_plan(plan)
    for space_id, own in graph.cells_of.items():
        zones = [graph.cells[cell].polygon for cell in own]
        whole = plan.spaces[space_id].polygon
        assert sum(zone.area for zone in zones) == pytest.approx(whole.area, abs=0.01)
        assert shapely.union_all(zones).symmetric_difference(whole).area < 0.01


def test_a_taut_string_has_the_length_worked_out_by_hand() -> None:
    ell = Polygon([(0, 0), (6, 0), (6, 2), (2, 2), (2, 10), (0, 10)])
    start, end = np.array([[5.0, 1.0]]), np.array([[1.0, 9.0], [5.0, 1.5], [0.5, 0.5]])
    hand = [np.hypot(3, 1) + np.hypot(1, 7), 0.5, np.hypot(4.5, 0.5)]
    assert TautStrings(ell).distances(start, end)[0] == pytest.approx(hand, abs=1e-3)
    column = box(0, 0, 10, 10).difference(box(4, 4, 6, 6))
    around = TautStrings(column).distances(np.array([[2.0, 5.0]]), np.array([[8.0, 5.0]]))
    assert around[0, 0] == pytest.approx(2 * np.hypot(2, 1) + 2, abs=1e-3)
    apart = TautStrings(column, half_body_m=0.5)  # corners of the column grow with the body
    wider = apart.distances(np.array([[2.0, 5.0]]), np.array([[8.0, 5.0]]))
    assert wider[0, 0] == pytest.approx(2 * np.hypot(1.5, 1.5) + 3, abs=1e-3)


@seed(20261124)
@given(
    st.lists(
        st.tuples(st.integers(1, 8), st.integers(1, 8), st.integers(1, 3), st.integers(1, 3)),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=40, deadline=None, database=None)
def test_two_ways_of_finding_shortest_ways_agree(holes: list[tuple[int, int, int, int]]) -> None:
    floor = box(0, 0, 10, 10).difference(
        shapely.union_all([box(x, y, x + w - 0.5, y + h - 0.5) for x, y, w, h in holes])
    )
    (floor, *_) = sorted(shapely.get_parts(floor), key=lambda part: -part.area)
    points = np.array([[0.3, 0.4], [9.7, 9.6], [0.5, 9.5], [9.5, 0.4]])
    ours = WalkingFloor(floor).distances(points, points)
    assert TautStrings(floor).distances(points, points) == pytest.approx(ours, abs=2e-3)


def test_whoever_keeps_to_the_wall_through_a_wide_opening_is_not_led_through_its_middle() -> None:
    rooms = [space("A", box(0, 0, 6, 6)), space("B", box(0, 6, 6, 12))]
    ways = [
        portal("O", "A", "B", [(0, 6), (6, 6)], kind="opening"),
        portal("X", "B", OUTSIDE, [(0, 11), (0, 12)], kind="exit"),
    ]
    graph = NavGraph.from_plan(plan_of(rooms, ways))
    middles_m = np.array([gate.xy[0] for gate in graph.gates if gate.portal_id == "O"])
    nearest_m = float(np.abs(middles_m - 1.0 + 10.0 / 10.5).min())  # where the straight way passes
    route = graph.route("A", start_xy=(1.0, 1.0))
    straight_m = np.hypot(1.0, 10.5)
    assert nearest_m < 1.2
    assert straight_m <= route.length_m < straight_m + 0.3
    assert np.hypot(2, 5) + np.hypot(3, 5.5) > straight_m + 1.0  # through the middle


def test_a_way_through_a_door_is_measured_through_its_middle() -> None:
    rooms = [space("A", box(0, 0, 4, 4)), space("B", box(4.2, 0, 8, 4))]
    ways = [
        portal("D", "A", "B", [(4.1, 1.0), (4.1, 2.0)]),
        portal("X", "B", OUTSIDE, [(8.0, 1.0), (8.0, 2.0)], kind="exit"),
    ]
    lengths = ways_out(NavGraph.from_plan(plan_of(rooms, ways)), half_body_m=0.0)
    assert len(lengths.ours_m) == 2
    assert lengths.longer.max() < 0.02
