"""How long a dead end is: corridors drawn by hand, worked by hand."""

from __future__ import annotations

import pytest
from shapely import box
from support.graph_plans import plan, portal, space, two_storeys, wing

from buildings import OUTSIDE, NavGraph
from buildings.dead_ends import dead_ends


def test_a_corridor_with_exits_at_both_ends_has_none():
    assert dead_ends(NavGraph.from_plan(wing(4))) == ()


def test_a_corridor_with_one_exit_is_dead_from_there_to_its_far_wall():
    spaces = [space("C", box(0, 0, 24, 2), "corridor")]
    only = [portal("X", "C", OUTSIDE, [(0, 0.5), (0, 1.5)], "exit")]
    (end,) = dead_ends(NavGraph.from_plan(plan(spaces, only)))
    assert end.length_m == pytest.approx(24.0, abs=0.05)
    assert end.xy == (24.0, 1.0)
    assert end.width_m == pytest.approx(2.0, abs=0.01)


def test_two_doors_into_the_open_in_one_cell_are_two_ways():
    spaces = [space("C", box(0, 0, 6, 2), "corridor")]
    doors = [
        portal("X1", "C", OUTSIDE, [(0, 0.5), (0, 1.5)], "exit"),
        portal("X2", "C", OUTSIDE, [(6, 0.5), (6, 1.5)], "exit"),
    ]
    assert dead_ends(NavGraph.from_plan(plan(spaces, doors))) == ()


@pytest.mark.parametrize("doors", [1, 2])
def test_a_branch_is_dead_however_many_doors_it_opens_with(doors: int):
    spaces = [
        space("C", box(0, 0, 30, 3), "corridor"),
        space("B", box(10, 3.2, 13, 15.2), "corridor"),
    ]
    joins = [
        portal("X1", "C", OUTSIDE, [(0, 0.5), (0, 1.5)], "exit"),
        portal("X2", "C", OUTSIDE, [(30, 0.5), (30, 1.5)], "exit"),
        portal("D1", "C", "B", [(11, 3.1), (12, 3.1)]),
        portal("D2", "C", "B", [(12.2, 3.1), (12.9, 3.1)]),
    ]
    (end,) = dead_ends(NavGraph.from_plan(plan(spaces, joins[: 2 + doors])))
    assert end.spaces == ("B",)
    assert end.length_m == pytest.approx(12.0, abs=0.3)


def test_a_branch_that_leads_through_a_hall_is_no_dead_end_and_through_a_room_is():
    for kind, expected in (("hall", 0), ("room", 1)):
        spaces = [
            space("C", box(0, 0, 30, 3), "corridor"),
            space("B", box(10, 3.2, 13, 15.2), "corridor"),
            space("H", box(13.2, 3.2, 28, 15.2), kind),
        ]
        joins = [
            portal("X1", "C", OUTSIDE, [(0, 0.5), (0, 1.5)], "exit"),
            portal("X2", "C", OUTSIDE, [(30, 0.5), (30, 1.5)], "exit"),
            portal("D1", "C", "B", [(11, 3.1), (12, 3.1)]),
            portal("D2", "B", "H", [(13.1, 13), (13.1, 14)]),
            portal("D3", "H", "C", [(20, 3.1), (21, 3.1)]),
        ]
        assert len(dead_ends(NavGraph.from_plan(plan(spaces, joins)))) == expected, kind


def test_a_floor_that_one_stair_leads_off_is_dead_from_the_stair_on():
    found = dead_ends(NavGraph.from_plan(two_storeys()))
    upper = [end for end in found if end.level == "L2"]
    assert len(upper) == 1
    assert upper[0].length_m == pytest.approx(20.0, abs=0.3)
    assert upper[0].xy == (-20.0, 1.5)
