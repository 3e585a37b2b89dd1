"""Shortest ways on a floor, by hand and on random corridors."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from support.graph_plans import corridors, plan, portal, space

from buildings import OUTSIDE, NavGraph
from buildings.walking_distance import WalkingFloor, nearest_point, polyline_length_m

ELL = Polygon([(0, 0), (10, 0), (10, 2), (2, 2), (2, 8), (0, 8)])


def test_in_a_rectangle_everything_is_straight():
    floor = WalkingFloor(box(0, 0, 6, 8))
    assert floor.is_convex
    assert floor.distances([(0, 0), (3, 4)], [(6, 8), (0, 0)]).tolist() == [[10.0, 0.0], [5.0, 5.0]]


def test_around_the_corner_of_an_l_by_hand():
    floor = WalkingFloor(ELL)
    assert floor.corners.tolist() == [[2.0, 2.0]]
    around = math.hypot(8, 1) + math.hypot(1, 6)
    assert floor.distances([(10, 1)], [(1, 8)])[0, 0] == pytest.approx(around)
    assert floor.path((10, 1), (1, 8)).tolist() == [[10.0, 1.0], [2.0, 2.0], [1.0, 8.0]]
    assert floor.distances([(0, 0)], [(1, 8)])[0, 0] == pytest.approx(math.hypot(1, 8))


def test_around_a_column_on_the_shorter_side():
    floor = WalkingFloor(Polygon(box(0, 0, 10, 10).exterior, [box(4, 2, 6, 8).exterior]))
    below = 2 * math.hypot(3, 3) + 2  # from (1, 5) over (4, 2) and (6, 2) to (9, 5)
    assert floor.distances([(1, 5)], [(9, 5)])[0, 0] == pytest.approx(below)
    assert floor.distances([(1, 4.9)], [(9, 4.9)])[0, 0] < below
    assert floor.path((1, 4.9), (9, 4.9))[1].tolist() == [4.0, 2.0]


def test_a_start_off_the_floor_is_moved_onto_it():
    floor = WalkingFloor(ELL)
    assert floor.distances([(5, 2.2)], [(5, 0)])[0, 0] == pytest.approx(2.0)
    assert nearest_point(ELL, (5, 2.2)).tolist() == [5.0, 2.0]


def test_nothing_to_measure_gives_empty_tables():
    floor = WalkingFloor(ELL)
    assert floor.distances(np.empty((0, 2)), [(1, 1)]).shape == (0, 1)
    assert floor.distances([(1, 1)], np.empty((0, 2))).shape == (1, 0)


points = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=5)


def spread_over(outline: Polygon, shares: list[tuple[float, float]]) -> np.ndarray:
    west, south, east, north = outline.bounds
    inner = outline.buffer(-0.3, join_style="mitre")
    return np.array(
        [
            nearest_point(inner, (west + u * (east - west), south + v * (north - south)))
            for u, v in shares
        ]
    )


@settings(max_examples=60, deadline=None)
@given(corridors(), points)
def test_ways_are_a_metric_stay_inside_and_are_as_long_as_said(outline, shares):
    floor = WalkingFloor(outline)
    xy = spread_over(outline, shares)
    walks = floor.distances(xy, xy)
    np.testing.assert_allclose(walks, walks.T, atol=1e-6)
    assert np.abs(np.diag(walks)).max() < 1e-9
    detours = walks[:, :, None] + walks[None, :, :]
    assert (walks[:, None, :] <= detours + 1e-6).all()
    straight = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    assert (walks >= straight - 1e-6).all()
    for i in range(len(xy)):
        line = floor.path(xy[0], xy[i])
        assert polyline_length_m(line) == pytest.approx(walks[0, i], abs=1e-6)
        assert outline.buffer(0.002, join_style="mitre").covers(shapely.LineString(line))


@settings(max_examples=60, deadline=None)
@given(corridors())
def test_a_cut_corridor_is_as_long_as_a_body_walks_it_whole(outline):
    """Ways through the zones of a corridor against the whole floor, 0.3 m off its walls."""
    body = outline.buffer(-0.3, join_style="mitre")
    ring = shapely.get_coordinates(body.exterior)
    far = ring[np.argmax(np.hypot(*(ring - ring[0]).T))]
    drawn = plan(
        [space("C", outline, "corridor")],
        [portal("X", "C", OUTSIDE, _mouth(outline, ring[0]), "exit")],
    )
    route = NavGraph.from_plan(drawn).route("C", start_xy=(float(far[0]), float(far[1])))
    assert route is not None
    end = drawn.portals["X"].midpoint
    whole = WalkingFloor(outline).distances([far], [(end.x, end.y)])[0, 0]
    walked = WalkingFloor(body).distances([far], [(end.x, end.y)])[0, 0]
    assert route.length_m >= whole - 1e-3  # never through a wall
    assert route.length_m <= 1.10 * max(walked, whole) + 1.0  # half a width at either end


def _mouth(outline: Polygon, near: np.ndarray) -> list[tuple[float, float]]:
    """Return a line of 1 m along the wall nearest to a point."""
    wall = outline.exterior
    middle = wall.project(shapely.Point(near))
    ends = [wall.interpolate((middle + step) % wall.length) for step in (-0.3, 0.3)]
    return [(end.x, end.y) for end in ends]
