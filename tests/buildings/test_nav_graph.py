"""Cells, gates and ways out of small buildings, worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box
from support.graph_plans import (
    corridors,
    flight_facts,
    mirrored,
    plan,
    portal,
    ramp_plan,
    space,
    two_storeys,
    winding,
    wing,
)

from buildings import OUTSIDE, NavGraph, PlanError
from buildings.compiled import (
    CELL_CORRIDOR,
    CELL_STAIR,
    GATE_CUT,
    GATE_DOOR,
    GATE_EXIT,
    GATE_OPENING,
    GATE_STAIR,
    HOP_DOWN,
    HOP_LEVEL,
    HOP_UP,
)
from buildings.plan import LiftFacts
from buildings.walking_distance import WalkingFloor, polyline_length_m


def two_rooms(**changes):
    door = portal("D", "A", "B", [(5, 2), (5, 3)], **changes)
    return [space("A", box(0, 0, 5, 4)), space("B", box(5, 0, 9, 4))], [
        door,
        portal("X", "B", OUTSIDE, [(9, 1.5), (9, 2.5)], "exit"),
    ]


def gate(graph, name):
    return next(g for g in graph.gates if g.id == name)


def hop(graph, cell_id, first, second):
    index = next(i for i, cell in enumerate(graph.cells) if cell.id == cell_id)
    names = [graph.gates[side >> 1].id for side in graph.sides[index]]
    i, j = names.index(first), names.index(second)
    walks = graph.walks[index]
    return walks.hops_m[i, j], walks.hop_kinds[i, j]


def test_two_doors_of_a_room_are_as_far_apart_as_their_middles():
    graph = NavGraph.from_plan(plan(*two_rooms()))
    # (5, 2.5) to (9, 2)
    assert hop(graph, "B", "D", "X") == (pytest.approx(math.hypot(4, 0.5)), HOP_LEVEL)


def test_walls_are_walked_through():
    spaces = [space("A", box(0, 0, 4.8, 4)), space("B", box(5, 0, 9, 4))]
    portals = [
        portal("D", "A", "B", [(4.9, 2), (4.9, 3)]),
        portal("X", "A", OUTSIDE, [(0, 2), (0, 3)], "exit"),
    ]
    route = NavGraph.from_plan(plan(spaces, portals)).route("B", start_xy=(8.0, 2.5))
    assert route.length_m == pytest.approx(8.0)
    assert polyline_length_m(np.concatenate([leg.line_xy for leg in route.legs])) == pytest.approx(
        8.0
    )


def test_kinds_of_gates():
    spaces = [
        space("A", box(0, 0, 5, 4)),
        space("C", box(5, 0, 30, 2.4), "corridor"),
        space("ST", box(5, 2.4, 9, 4), "stair", stair=flight_facts(90)),
    ]
    portals = [
        portal("D", "A", "C", [(5, 1), (5, 1.9)]),
        portal("O", "A", "C", [(5, 2.0), (5, 2.4)], "opening"),
        portal("S", "C", "ST", [(5.1, 2.4), (6, 2.4)], "opening"),
        portal("V", "C", OUTSIDE, [(30, 0), (30, 2)], "virtual", is_exit="no"),
        portal("W", "A", OUTSIDE, [(0, 1), (0, 2)], "window"),
        portal("X", "C", OUTSIDE, [(10, 0), (11.8, 0)], "exit", leaves=2),
    ]
    graph = NavGraph.from_plan(plan(spaces, portals))
    kinds = {g.id: (g.kind, g.leaves, g.is_exit) for g in graph.gates}
    assert kinds["D"] == (GATE_DOOR, 1, False)
    assert kinds["O"] == (GATE_OPENING, 0, False)
    assert kinds["S"] == (GATE_STAIR, 0, False)
    assert kinds["V"] == (GATE_EXIT, 0, False)
    assert kinds["X"] == (GATE_EXIT, 2, True)
    assert kinds["C/01|C/02"] == (GATE_CUT, 0, False)
    assert "W" not in kinds  # nobody walks through a window
    assert [g.id for g in graph.gates][:5] == ["D", "O", "S", "V", "X"]


def test_lifts_voids_furniture_and_unwalkable_rooms_are_no_way():
    spaces, portals = two_rooms()
    lift = LiftFacts(("L1", "L2"), 8, "wheelchair")
    spaces += [
        space("L", box(0, 4, 2, 6), "lift", lift=lift),
        space("V", box(2, 4, 4, 6), "void"),
        space("M", box(4, 4, 6, 6), walkable="no"),
        space("T", box(1, 1, 2, 2), obstacle_of="A"),
        space("H", box(0, 0, 1, 1), "hard_corner", in_space="A"),
    ]
    portals += [
        portal("P1", "L", "A", [(0.5, 4), (1.5, 4)]),
        portal("P2", "V", "A", [(2.5, 4), (3.5, 4)], "opening"),
        portal("P3", "M", "B", [(5, 4), (6, 4)]),
        portal("P4", "A", "A", [(2, 2), (3, 2)]),
    ]
    graph = NavGraph.from_plan(plan(spaces, portals))
    assert [cell.id for cell in graph.cells] == ["A", "B"]
    assert [g.id for g in graph.gates] == ["D", "X"]


def test_a_portal_of_a_cut_corridor_belongs_to_the_piece_with_most_of_it():
    spaces = [space("C", box(0, 0, 21, 2.4), "corridor"), space("R", box(0, 2.4, 21, 10))]
    # a wall of openings: one reaches over the cut at 7.0 by a third of its width
    portals = [portal("P", "R", "C", [(0, 2.4), (10.5, 2.4)], "opening")]
    graph = NavGraph.from_plan(plan(spaces, portals))
    pieces = [cell for cell in graph.cells if cell.space_id == "C"]
    opening, *others = (g for g in graph.gates if g.portal_id == "P")
    assert {other.cells for other in others} == {opening.cells}  # its parts do too
    chosen = graph.cells[opening.cells[1]].polygon
    assert chosen.intersection(LineString([(0, 2.4), (10.5, 2.4)])).length == pytest.approx(
        max(p.polygon.intersection(LineString([(0, 2.4), (10.5, 2.4)])).length for p in pieces)
    )


def test_only_a_wide_opening_without_leaves_becomes_several_gates():
    spaces = [
        space("A", box(0, 0, 30, 6)),
        space("B", box(0, 6.2, 30, 12)),
        space("ST", box(30, 0, 34, 5), "stair", stair=flight_facts(90)),
        space("T", box(34, 0, 40, 6)),
    ]
    portals = [
        portal("D", "A", "B", [(0, 6.1), (3, 6.1)], leaves=2),
        portal("O", "A", "B", [(4, 6.1), (9.4, 6.1)], "opening"),
        portal("P", "A", "B", [(10, 6.1), (12.4, 6.1)], "opening"),
        portal("S", "A", "ST", [(30, 0), (30, 5)], "opening"),
        portal("T", "ST", "T", [(34, 0), (34, 5)], "opening"),
        portal("V", "A", "B", [(13, 6.1), (15.6, 6.1)], "virtual"),
        portal("X", "A", OUTSIDE, [(20, 0), (25, 0)], "exit"),
    ]
    graph = NavGraph.from_plan(plan(spaces, portals))
    own = [g for g in graph.gates if g.portal_id]
    assert [g.id for g in own] == ["D", "O/1", "O/2", "O/3", "P", "S", "T", "V/1", "V/2", "X"]
    parts = [g for g in own if g.portal_id == "O"]
    assert [g.width_m for g in parts] == pytest.approx([1.8, 1.8, 1.8])
    assert [g.jambs for g in parts] == [1, 0, 1]
    assert [g.xy for g in parts] == [pytest.approx((x, 6.1)) for x in (4.9, 6.7, 8.5)]
    assert {g.kind for g in parts} == {GATE_OPENING}
    assert {g.jambs for g in own if "/" not in g.id} == {2}


def test_up_and_down_a_stair_of_two_flights():
    graph = NavGraph.from_plan(two_storeys())
    incline = 12 * math.hypot(0.15, 0.30)
    assert hop(graph, "ST1", "F1", "F2") == (pytest.approx(incline), HOP_UP)
    assert hop(graph, "ST1", "F2", "F1") == (pytest.approx(incline), HOP_DOWN)
    assert hop(graph, "ST2", "F3", "F4") == (pytest.approx(incline), HOP_UP)
    assert hop(graph, "ST2", "F4", "F3") == (pytest.approx(incline), HOP_DOWN)
    assert hop(graph, "LA", "F2", "F3") == (pytest.approx(1.5), HOP_LEVEL)
    # from the middle of the upper corridor 10 m to the flight's head at (0, 2.25), two flights,
    # 1.5 m of landing, and from (0, 0.75) along the lower corridor of 20 m to (-20, 1.5)
    route = graph.route("C2", exit_id="X1")
    assert [g for g in route.gate_ids if g.startswith("F")] == ["F4", "F3", "F2", "F1"]
    level = route.length_m - 2 * incline - 1.5
    assert math.hypot(10, 0.75) + math.hypot(20, 0.75) <= level <= 30.5


@pytest.mark.parametrize("up_deg", [0.0, 90.0, 180.0, 270.0, 45.0])
def test_the_head_lies_along_the_bearing_of_ascent(up_deg):
    def turned(shape):  # drawn climbing north, turned clockwise
        return shapely.affinity.rotate(shape, -up_deg, origin=(0, 0))

    spaces = [
        space("A", turned(box(-2, -4, 2, 0))),
        space("B", turned(box(-2, 3.6, 2, 8))),
        space("ST", turned(box(-0.75, 0, 0.75, 3.6)), "stair", stair=flight_facts(up_deg)),
    ]
    portals = [
        portal("F", "A", "ST", list(turned(LineString([(-0.75, 0), (0.75, 0)])).coords), "opening"),
        portal("H", "ST", "B", list(turned(LineString([(-0.7, 3.6), (0.7, 3.6)])).coords), "door"),
    ]
    graph = NavGraph.from_plan(plan(spaces, portals))
    assert hop(graph, "ST", "F", "H")[1] == HOP_UP
    assert hop(graph, "ST", "H", "F")[1] == HOP_DOWN


def test_a_person_on_a_flight_has_the_rest_of_it_to_walk():
    graph = NavGraph.from_plan(two_storeys())
    index = next(i for i, cell in enumerate(graph.cells) if cell.id == "ST1")
    incline = 12 * math.hypot(0.15, 0.30)
    walks = graph.walks[index].from_points([(0.9, 0.75)])[0]
    assert walks.tolist() == pytest.approx([0.25 * incline, 0.75 * incline])


def test_a_flight_whose_facts_contradict_its_levels_is_refused():
    drawn = two_storeys()
    wrong = replace(drawn.spaces["ST2"], stair=flight_facts(90.0))
    spaces = [wrong if s.id == "ST2" else s for s in drawn.spaces.values()]
    # both ends of the flight now lie on different levels, the upper one at the foot
    portals = [replace(p) for p in drawn.portals.values()]
    with pytest.raises(PlanError, match=r"stair ST2: ascends towards up = 90 .* portal F4 lies"):
        NavGraph.from_plan(plan(spaces, portals))


def test_a_flight_without_foot_or_head_is_refused():
    drawn = two_storeys()
    across = replace(drawn.spaces["ST1"], stair=flight_facts(0.0))
    spaces = [across if s.id == "ST1" else s for s in drawn.spaces.values()]
    with pytest.raises(PlanError, match=r"stair ST1: its portals F1, F2 .* a foot and a head"):
        NavGraph.from_plan(plan(spaces, drawn.portals.values()))


def test_a_ramp_is_as_long_as_its_slope():
    graph = NavGraph.from_plan(ramp_plan(rise_m=6.0, run_m=8.0))
    assert hop(graph, "R", "P1", "P2") == (pytest.approx(10.0), HOP_LEVEL)


def test_faults_are_named_all_at_once():
    spaces, portals = two_rooms()
    spaces += [
        space("ST", box(0, 5, 4, 7), "stair"),
        space("RA", box(5, 5, 9, 7), "ramp"),
        space("AREA", box(20, 0, 30, 9), "assembly"),
        space("UP", box(0, 0, 1, 1), level="L9"),
    ]
    portals += [
        portal("P1", "A", "GONE", [(0, 0), (1, 0)]),
        portal("P2", "A", "B", [(20, 0), (21, 0)]),
        portal("P3", "A", "B", [(5, 1), (5, 2)], width_m=0.0),
        portal("P4", "B", "AREA", [(9, 3), (9, 4)]),
        portal("P5", "A", "B", [(5, 1), (5, 2)], level="L7"),
    ]
    with pytest.raises(PlanError) as caught:
        NavGraph.from_plan(plan(spaces, portals))
    message = str(caught.value)
    assert "8 faults" in message
    assert "portal P1: joins space 'GONE', which the plan does not have" in message
    assert "portal P2: its middle (20.50, 0.00) lies 15.50 m from space 'A'" in message
    assert "portal P3: has a clear width of 0.0 m, expected more than 0" in message
    assert "portal P4: joins assembly area 'AREA'" in message
    assert "discharges_to" in message
    assert "portal P5: is on level 'L7', expected one of L1, L2" in message
    assert "stair ST: has no riser" in message
    assert "ramp RA: has no rise" in message
    assert "space UP: is on level 'L9'" in message


def test_spaces_without_a_way_out_are_named_not_refused():
    spaces, portals = two_rooms()
    spaces.append(space("Z", box(20, 0, 25, 4)))
    spaces.append(space("Y", box(25, 0, 30, 4)))
    portals.append(portal("P", "Y", "Z", [(25, 1), (25, 2)]))
    graph = NavGraph.from_plan(plan(spaces, portals))
    assert graph.unreachable_spaces() == ("Y", "Z")
    assert graph.route("Z") is None
    no_exit = NavGraph.from_plan(plan(spaces, [p for p in portals if p.id != "X"]))
    assert no_exit.unreachable_spaces() == ("A", "B", "Y", "Z")


def test_nobody_is_led_out_and_in_again():
    spaces = [space("A", box(0, 0, 5, 4)), space("B", box(6, 0, 11, 4))]
    portals = [
        portal("XA", "A", OUTSIDE, [(1, 0), (2, 0)], "exit", is_exit="no"),
        portal("XB", "B", OUTSIDE, [(7, 0), (8, 0)], "exit"),
    ]
    graph = NavGraph.from_plan(plan(spaces, portals))
    assert graph.unreachable_spaces() == ("A",)
    assert graph.route("A") is None


def test_routes_say_where_they_lead():
    graph = NavGraph.from_plan(plan(*two_rooms()))
    route = graph.route("A", start_xy=(1.0, 2.5))
    assert route.gate_ids == ("D", "X")
    assert [leg.cell_id for leg in route.legs] == ["A", "B"]
    assert route.length_m == pytest.approx(4.0 + math.hypot(4, 0.5))
    assert route.legs[0].line_xy.tolist() == [[1.0, 2.5], [5.0, 2.5]]
    at_door = graph.route("A", start_xy=(5.0, 2.5))
    assert at_door.legs[0].length_m == 0.0
    assert len(at_door.legs[0].line_xy) == 2


def test_unknown_names_are_answered_with_the_nearest():
    graph = NavGraph.from_plan(wing(2))
    with pytest.raises(KeyError, match=r"no walkable space 'N0' \(did you mean 'N0[01]'"):
        graph.route("N0")
    with pytest.raises(KeyError, match="no exit 'X3'"):
        graph.route("N00", exit_id="X3")
    with pytest.raises(KeyError, match="no exit 'DN00'"):
        graph.route("N00", exit_id="DN00")


def test_the_nearest_exit_is_taken_unless_another_is_asked_for():
    graph = NavGraph.from_plan(wing(4))
    assert graph.route("N00").gate_ids[-1] == "X1"
    far = graph.route("N00", exit_id="X2")
    assert far.gate_ids[-1] == "X2"
    assert far.length_m > graph.route("N00").length_m


def test_networkx_graphs_tell_the_same_ways():
    graph = NavGraph.from_plan(wing(4))
    assert set(graph.graph.nodes) == {*(cell.id for cell in graph.cells), OUTSIDE}
    assert graph.graph.number_of_edges() == len(graph.gates)
    assert graph.graph.edges["C1/01", "N00", "DN00"]["width_m"] == pytest.approx(1.0)
    assert graph.graph.nodes["C1/01"]["kind"] == CELL_CORRIDOR
    assert nx.is_connected(graph.graph)
    by_networkx = nx.shortest_path_length(graph.walking_graph, "DN03", "X1", weight="length_m")
    start = gate(graph, "DN03").xy
    route = graph.route("N03", start_xy=start, exit_id="X1")
    assert by_networkx + 0.1 == pytest.approx(route.length_m, abs=0.11)  # half a wall


def test_a_mirrored_building_has_mirrored_distances():
    original, flipped = (NavGraph.from_plan(p) for p in (two_storeys(), mirrored(two_storeys())))
    for space_id in original.cells_of:
        one, other = original.route(space_id), flipped.route(space_id)
        assert one.length_m == pytest.approx(other.length_m, abs=1e-6)
    kinds = [
        sorted(graph.walks[i].hop_kinds.ravel().tolist())
        for graph in (original, flipped)
        for i, cell in enumerate(graph.cells)
        if cell.kind == CELL_STAIR
    ]
    assert kinds[:2] == kinds[2:]


def test_the_open_ground_is_walked_around_the_building():
    # exit on the south side, assembly area to the north: around the nearer corner
    spaces = [space("A", box(0, 0, 20, 10)), space("AREA", box(8, 30, 12, 34), "assembly")]
    portals = [portal("X", "A", OUTSIDE, [(4.5, 0), (5.5, 0)], "exit")]
    graph = NavGraph.from_plan(plan(spaces, portals))
    metres = graph.walks[-1].from_points([(10, 32)])[0, 0]
    assert metres == pytest.approx(5 + 10 + math.hypot(10, 22), abs=0.05)


def ways_and_shortest(outline, points):
    """Return metres to an exit at the lower left of a corridor: ours, and the shortest."""
    x, y = min(shapely.get_coordinates(outline)[:-1].tolist())
    ends = [(x, y), (x, y + 1.0)]
    exit_portal = portal("X", "C", OUTSIDE, ends, "exit")
    graph = NavGraph.from_plan(plan([space("C", outline, "corridor")], [exit_portal]))
    points = points[shapely.contains_xy(outline, points)][:10]
    ways = [graph.route("C", start_xy=(x, y)).length_m for x, y in points.tolist()]
    return np.array(ways), WalkingFloor(outline).distances(points, [(x, y + 0.5)])[:, 0]


@settings(max_examples=60, deadline=None)
@given(corridors(), st.integers(0, 2**32 - 1))
def test_a_way_through_cuts_is_never_shorter_and_not_much_longer(outline, seed):
    low, high = outline.bounds[:2], outline.bounds[2:]
    points = np.random.default_rng(seed).uniform(low, high, (60, 2))
    ways, shortest = ways_and_shortest(outline, points)
    assert (ways >= shortest - 0.01).all()
    # who stands beside a cut walks to its crossing and back: at most twice a corridor's width
    assert (ways <= 1.1 * shortest + 7.0).all()


def test_cutting_corridors_lengthens_ways_by_less_than_a_tenth():
    rng = np.random.default_rng(11)
    longer = []
    for _ in range(150):
        n = int(rng.integers(1, 7))
        legs, turns = rng.uniform(4.0, 22.0, n), rng.choice([1, 3], n)
        outline = winding(float(rng.uniform(1.8, 3.5)), legs.tolist(), turns.tolist())
        points = rng.uniform(outline.bounds[:2], outline.bounds[2:], (60, 2))
        ways, shortest = ways_and_shortest(outline, points)
        longer.extend((ways / shortest - 1)[shortest > 10].tolist())
    assert len(longer) > 500
    assert np.mean(longer) < 0.05
    assert np.quantile(longer, 0.95) < 0.10
