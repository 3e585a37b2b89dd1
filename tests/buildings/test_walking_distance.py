"""Shortest ways on one piece of floor, worked by hand and as laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from support.graph_plans import corridors

from buildings.walking_distance import WalkingFloor, polyline_length_m

ROOT_2 = math.sqrt(2.0)


def distance(outline, start, end):
    return WalkingFloor(outline).distances([start], [end])[0, 0]


def test_in_a_rectangle_the_way_is_straight():
    assert distance(box(0, 0, 9, 7), (0, 3), (4, 0)) == 5.0
    assert distance(box(0, 0, 9, 7), (0, 0), (0, 0)) == 0.0


def test_around_the_corner_of_an_l():
    ell = Polygon([(0, 0), (10, 0), (10, 2), (2, 2), (2, 10), (0, 10)])
    # (8, 1) to the corner (2, 2): sqrt(36 + 1); on to (1, 9): sqrt(1 + 49)
    assert distance(ell, (8, 1), (1, 9)) == pytest.approx(math.sqrt(37) + math.sqrt(50))
    # the outer corner sees both ends: straight
    assert distance(ell, (10, 0), (0, 0)) == 10.0


def test_around_both_corners_of_a_u():
    u = Polygon([(0, 0), (10, 0), (10, 8), (8, 8), (8, 2), (2, 2), (2, 8), (0, 8)])
    # up and down between (1, 8) and (9, 8): to (2, 2), along the bottom, up again
    assert distance(u, (1, 8), (9, 8)) == pytest.approx(2 * math.sqrt(37) + 6)
    way = WalkingFloor(u).path((1, 8), (9, 8))
    assert way.tolist() == [[1, 8], [2, 2], [8, 2], [9, 8]]


def test_around_a_column():
    hall = Polygon(box(0, 0, 10, 10).exterior, [box(4, 4, 6, 6).exterior])
    # from (2, 5) to (8, 5): over (4, 4) and (6, 4) or the other side, sqrt(5) + 2 + sqrt(5)
    assert distance(hall, (2, 5), (8, 5)) == pytest.approx(2 + 2 * math.sqrt(5))
    assert distance(hall, (2, 3), (8, 3)) == 6.0


def test_along_a_wall_that_bends_by_a_third_of_a_degree():
    """The bend is 5 cm deep: no straight line passes it, and no detour may be taken for it."""
    block = [(2, 2), (10, 1.95), (18, 2), (18, 18), (2, 18)]
    floor = WalkingFloor(Polygon(box(0, 0, 20, 20).exterior, [block]))
    assert floor.distances([(1, 2)], [(19, 2)])[0, 0] == pytest.approx(2 * math.hypot(9, 0.05))
    assert floor.path((1, 2), (19, 2)).tolist() == [[1, 2], [10, 1.95], [19, 2]]


def test_around_a_stub_of_wall_there_and_back():
    room = Polygon([(0, 0), (4, 0), (4, 3), (4.2, 3), (4.2, 0), (8, 0), (8, 5), (0, 5)])
    expected = math.hypot(2, 2) + 0.2 + math.hypot(1.8, 2)
    assert distance(room, (2, 1), (6, 1)) == pytest.approx(expected)


def test_points_on_the_walls_may_lie_off_them_by_a_millimetre():
    ell = Polygon([(0, 0), (10, 0), (10, 2), (2, 2), (2, 10), (0, 10)])
    assert distance(ell, (3, 2.0005), (9, 2.0005)) == pytest.approx(6.0)
    assert distance(ell, (3, 2.5), (9, 2)) == pytest.approx(6.0)  # moved onto the floor


def test_a_bridge_of_one_point_is_crossed_straight():
    bow = Polygon([(0, 0), (2, 2), (4, 0), (4, 4), (2, 2), (0, 4)])
    parts = shapely.make_valid(bow)
    assert parts.geom_type == "MultiPolygon"  # no such floor comes from a valid plan
    one = WalkingFloor(shapely.get_parts(parts)[0])
    assert np.isfinite(one.distances([(0.5, 2)], [(3.5, 2)])).all()


def test_nothing_to_measure():
    floor = WalkingFloor(box(0, 0, 1, 1))
    assert floor.distances([], [(0, 0)]).shape == (0, 1)
    assert floor.distances([(0, 0)], []).shape == (1, 0)


@pytest.mark.parametrize("degrees", [0.0, 17.0, 90.0, 123.4])
def test_turning_the_floor_changes_no_distance(degrees):
    u = Polygon([(0, 0), (10, 0), (10, 8), (8, 8), (8, 2), (2, 2), (2, 8), (0, 8)])
    ends = shapely.linestrings([(1, 8), (9, 8)])
    turned = shapely.affinity.rotate(u, degrees, origin=(3, 3))
    start, end = shapely.affinity.rotate(ends, degrees, origin=(3, 3)).coords
    assert distance(turned, start, end) == pytest.approx(2 * math.sqrt(37) + 6)


@settings(max_examples=50, deadline=None)
@given(corridors(), st.integers(0, 2**32 - 1))
def test_distances_are_a_metric_and_ways_have_their_length(outline, seed):
    rng = np.random.default_rng(seed)
    points = rng.uniform(outline.bounds[:2], outline.bounds[2:], (40, 2))
    points = points[shapely.contains_xy(outline, points)][:8]
    floor = WalkingFloor(outline)
    walks = floor.distances(points, points)
    assert np.isfinite(walks).all()
    np.testing.assert_allclose(walks, walks.T, atol=1e-9)
    np.testing.assert_allclose(np.diag(walks), 0.0)
    detours = walks[:, :, None] + walks[None, :, :]
    assert (walks[:, None, :] <= detours + 0.01).all()  # a way may cut a corner by 1 mm
    straight = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    assert (walks >= straight - 1e-9).all()
    for i in range(len(points)):
        way = floor.path(points[0], points[i])
        assert polyline_length_m(way) == pytest.approx(walks[0, i], abs=1e-9)
        if i:
            assert outline.buffer(0.002).covers(shapely.linestrings(way))
