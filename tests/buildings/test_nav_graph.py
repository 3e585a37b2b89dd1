"""The walking graph: the cells a portal joins, stairs, ways out, and plans nobody can walk."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from shapely import box
from support.graph_plans import (
    flight_facts,
    mirrored,
    plan,
    portal,
    ramp_plan,
    space,
    two_storeys,
    wing,
)

from buildings import OUTSIDE, NavGraph, PlanError
from buildings.compiled import (
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
from buildings.walking_distance import polyline_length_m

LONG = ("C", box(0, 0, 21, 3), "corridor")  # three zones of 7 m


def gate_named(graph: NavGraph, name: str):
    return next(gate for gate in graph.gates if gate.id == name)


def cell_ids(graph: NavGraph, name: str) -> list[str]:
    names = [*(cell.id for cell in graph.cells), OUTSIDE]
    return [names[cell] for cell in gate_named(graph, name).cells]


def end_to_end(graph: NavGraph, space_id: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return distances, kinds and gate ids of the single cell of a space."""
    (cell,) = graph.cells_of[space_id]
    ids = [graph.gates[side >> 1].id for side in graph.sides[cell]]
    return graph.walks[cell].hops_m, graph.walks[cell].hop_kinds, ids


@pytest.mark.parametrize(
    ("x", "zone"), [(2.0, "C/01"), (6.2, "C/01"), (10.0, "C/02"), (19.0, "C/03")]
)
def test_a_door_belongs_to_the_zone_it_opens_on(x, zone):
    door = portal("D", "R", "C", [(x, 3.1), (x + 0.9, 3.1)])
    graph = NavGraph.from_plan(plan([space(*LONG), space("R", box(0, 3.2, 21, 8))], [door]))
    ends = cell_ids(graph, "D")
    assert ends[1] == zone
    assert gate_named(graph, "D").side_xy[1] == pytest.approx((x + 0.45, 3.0))


def test_gates_have_the_kind_of_what_they_are():
    kinds = {gate.id: gate.kind for gate in NavGraph.from_plan(two_storeys()).gates}
    assert kinds["X1"] == GATE_EXIT
    assert kinds["D2"] == GATE_DOOR
    assert {kinds[name] for name in ("F1", "F2", "F3", "F4")} == {GATE_STAIR}
    assert kinds["C1/01|C1/02"] == GATE_CUT
    opened = plan(
        [space("A", box(0, 0, 4, 4)), space("B", box(4, 0, 8, 4))],
        [portal("O", "A", "B", [(4, 1), (4, 3)], "opening")],
    )
    assert NavGraph.from_plan(opened).gates[0].kind == GATE_OPENING


@pytest.mark.parametrize(
    ("stated", "width_m", "leaves"), [(None, 0.9, 1), (None, 1.8, 2), (1, 1.8, 1)]
)
def test_leaves_are_stated_or_told_by_the_width(stated, width_m, leaves):
    door = portal("X", "A", OUTSIDE, [(0, 1), (0, 1 + width_m)], "exit", leaves=stated)
    graph = NavGraph.from_plan(plan([space("A", box(0, 0, 4, 4))], [door]))
    assert gate_named(graph, "X").leaves == leaves


def test_windows_lifts_voids_and_closed_spaces_are_not_walked():
    lift = LiftFacts(("L1", "L2"), 8, "never")
    spaces = [
        space("A", box(0, 0, 4, 4)),
        space("B", box(4, 0, 8, 4)),
        space("LIFT", box(0, 4, 2, 6), "lift", lift=lift),
        space("SHAFT", box(2, 4, 4, 6), "void"),
        space("ATTIC", box(4, 4, 8, 6), walkable="no"),
    ]
    portals = [
        portal("W", "A", "B", [(4, 1), (4, 2)], "window"),
        portal("WO", "A", OUTSIDE, [(0, 1), (0, 2)], "window"),
        portal("DL", "A", "LIFT", [(0.5, 4), (1.5, 4)]),
        portal("DS", "A", "SHAFT", [(2.5, 4), (3.5, 4)]),
        portal("DA", "B", "ATTIC", [(5, 4), (6, 4)]),
        portal("X", "B", OUTSIDE, [(8, 1), (8, 2)], "exit"),
    ]
    graph = NavGraph.from_plan(plan(spaces, portals))
    assert [cell.id for cell in graph.cells] == ["A", "B"]
    assert [gate.id for gate in graph.gates] == ["X"]
    assert graph.unreachable_spaces() == ("A",)


@pytest.mark.parametrize("is_exit", ["no", "unknown", None])
def test_a_door_to_the_outside_that_is_no_exit_leads_nobody_out(is_exit):
    door = portal("X", "A", OUTSIDE, [(0, 1), (0, 2)], "door", is_exit=is_exit)
    graph = NavGraph.from_plan(plan([space("A", box(0, 0, 4, 4))], [door]))
    assert len(graph.gates) == 1
    assert graph.unreachable_spaces() == ("A",)
    assert graph.route("A") is None


def test_two_flights_and_a_landing_are_climbed_by_their_incline():
    graph = NavGraph.from_plan(two_storeys())
    for flight, foot, head in (("ST1", "F1", "F2"), ("ST2", "F3", "F4")):
        hops, kinds, ids = end_to_end(graph, flight)
        a, b = ids.index(foot), ids.index(head)
        assert hops[a, b] == hops[b, a] == pytest.approx(12 * np.hypot(0.15, 0.30))
        assert kinds[a, b] == HOP_UP
        assert kinds[b, a] == HOP_DOWN
        assert kinds[a, a] == HOP_LEVEL
    hops, kinds, _ = end_to_end(graph, "LA")
    assert (kinds == HOP_LEVEL).all()
    assert hops.max() == pytest.approx(1.5)  # from the middle of one flight's end to the other's


def test_levels_tell_head_from_foot_before_the_bearing_does():
    drawn = two_storeys()
    spaces = dict(drawn.spaces)
    spaces["ST2"] = replace(spaces["ST2"], stair=flight_facts(0.0))  # across: says nothing
    graph = NavGraph.from_plan(plan(spaces.values(), drawn.portals.values()))
    _, kinds, ids = end_to_end(graph, "ST2")
    assert kinds[ids.index("F3"), ids.index("F4")] == HOP_UP


def test_a_ramp_is_as_long_as_its_slope_both_ways():
    hops, kinds, _ = end_to_end(NavGraph.from_plan(ramp_plan(0.6, 8.0)), "R")
    assert hops[0, 1] == hops[1, 0] == pytest.approx(np.hypot(0.6, 8.0))
    assert (kinds == HOP_LEVEL).all()


@pytest.mark.parametrize("draw", [wing, two_storeys, ramp_plan], ids=["wing", "storeys", "ramp"])
def test_distances_of_every_cell_are_a_metric_and_survive_a_mirror(draw):
    graph, flipped = NavGraph.from_plan(draw()), NavGraph.from_plan(mirrored(draw()))
    for own in graph.walks:
        hops = own.hops_m
        np.testing.assert_allclose(hops, hops.T, atol=1e-9)
        assert (np.diag(hops) == 0).all()
        if len(hops):
            detours = hops[:, :, None] + hops[None, :, :]
            assert (hops[:, None, :] <= detours + 1e-6).all()
    for space_id in graph.cells_of:
        ways = [g.route(space_id) for g in (graph, flipped)]
        assert ways[0] is not None
        assert ways[1] is not None
        assert ways[0].length_m == pytest.approx(ways[1].length_m, abs=1e-6)
        kinds = [sorted(k for w in g.walks for k in w.hop_kinds.ravel()) for g in (graph, flipped)]
        assert kinds[0] == kinds[1]


def test_the_way_out_by_hand():
    drawn = plan(
        [space("R", box(0, 0, 6, 6)), space("C", box(-3, -2, 5, 0), "corridor")],
        [
            portal("D", "R", "C", [(2.5, 0), (3.5, 0)]),
            portal("X", "C", OUTSIDE, [(-3, -1.5), (-3, -0.5)], "exit"),
        ],
    )
    route = NavGraph.from_plan(drawn).route("R", start_xy=(3.0, 4.0))
    assert route is not None
    assert route.gate_ids == ("D", "X")
    assert route.length_m == pytest.approx(4.0 + np.hypot(6.0, 1.0))
    assert [leg.cell_id for leg in route.legs] == ["R", "C"]
    assert route.legs[1].line_xy.tolist() == [[3.0, 0.0], [-3.0, -1.0]]


def test_ways_hang_together_and_are_as_long_as_their_lines_on_the_level():
    graph = NavGraph.from_plan(wing())
    for space_id in graph.cells_of:
        route = graph.route(space_id)
        assert route is not None
        for before, after in zip(route.legs[:-1], route.legs[1:], strict=True):
            np.testing.assert_allclose(before.line_xy[-1], after.line_xy[0])
        drawn = sum(polyline_length_m(leg.line_xy) for leg in route.legs)
        assert drawn == pytest.approx(route.length_m, abs=1e-6)


def test_a_way_to_a_named_exit_is_no_shorter_than_to_the_nearest():
    graph = NavGraph.from_plan(wing())
    nearest = graph.route("N00")
    far = graph.route("N00", exit_id="X2")
    assert nearest is not None
    assert far is not None
    assert nearest.gate_ids[-1] == "X1"
    assert far.gate_ids[-1] == "X2"
    assert far.length_m > nearest.length_m


def test_asking_for_a_space_or_an_exit_that_is_not_there_suggests_one():
    graph = NavGraph.from_plan(wing())
    with pytest.raises(KeyError, match="no walkable space 'N0'"):
        graph.route("N0")
    with pytest.raises(KeyError, match="no exit 'DN00'"):
        graph.route("N00", exit_id="DN00")


def test_the_networkx_graphs_hold_cells_and_gates():
    graph = NavGraph.from_plan(two_storeys())
    cells = graph.graph
    assert set(cells.nodes) == {OUTSIDE, *(cell.id for cell in graph.cells)}
    assert cells.number_of_edges() == len(graph.gates)
    assert nx.has_path(cells, "R2", OUTSIDE)
    ways = graph.walking_graph
    route = graph.route("C2", start_xy=(-0.5, 2.25))
    assert route is not None
    shortest = nx.shortest_path_length(ways, "F4", "X1", weight="length_m")
    assert route.length_m == pytest.approx(shortest + 0.5, abs=1e-6)


@pytest.mark.parametrize(
    ("spaces", "portals", "message"),
    [
        (
            [space("A", box(0, 0, 4, 4))],
            [portal("D", "A", "B", [(4, 1), (4, 2)])],
            "portal D: joins space 'B', which the plan does not have",
        ),
        (
            [space("A", box(0, 0, 4, 4)), space("B", box(9, 0, 12, 4))],
            [portal("D", "A", "B", [(4, 1), (4, 2)])],
            r"portal D: its middle \(4.00, 1.50\) lies 5.00 m from space 'B'",
        ),
        (
            [space("S", box(0, 0, 4, 1), "stair")],
            [],
            "stair S: has no riser, tread, steps, width and up",
        ),
        (
            [space("S", box(0, 0, 4, 1), "ramp")],
            [],
            "ramp S: has no rise, run and width",
        ),
        (
            [
                space("A", box(-4, 0, 0, 4)),
                space("S", box(0, 0, 4, 4), "stair", stair=flight_facts(90.0)),
            ],
            [
                portal("P1", "A", "S", [(0, 0), (0, 1)], "opening"),
                portal("P2", "A", "S", [(0, 2), (0, 3)], "opening"),
            ],
            "stair S: its portals P1, P2 are on one level and at one end of its run",
        ),
    ],
    ids=["no space", "far", "no stair facts", "no ramp facts", "no head"],
)
def test_plans_that_cannot_be_walked_say_what_is_wrong(spaces, portals, message):
    with pytest.raises(PlanError, match=message):
        NavGraph.from_plan(plan(spaces, portals))
