"""Standing places: how many, how far off the walls, and spread from the first few on."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from shapely import Polygon, box
from support.graph_plans import corridors

from buildings.slots import MOST_SLOTS, SLOT_M2, cells_of_places, standing_places


def test_a_classroom_has_about_one_place_for_every_045_m2_within_its_walls():
    places = standing_places(box(0, 0, 9, 8))
    inner = (9 - 0.6) * (8 - 0.6)
    assert len(places) == pytest.approx(inner / SLOT_M2, rel=0.15)
    apart = shapely.distance(box(0, 0, 9, 8).exterior, shapely.points(places))
    assert apart.min() >= 0.3 - 1e-3


def test_no_two_places_are_the_same():
    places = standing_places(box(0, 0, 9, 8))
    gaps = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))
    assert gaps[gaps > 0].min() == pytest.approx(SLOT_M2**0.5, abs=2e-3)
    assert (gaps == 0).sum() == len(places)


@pytest.mark.parametrize("n", [4, 8, 16, 32, 64])
def test_the_first_few_places_are_spread_over_the_room(n):
    room = box(0, 0, 12, 9)
    first = standing_places(room)[:n]
    grid = np.stack(np.meshgrid(np.linspace(0, 12, 49), np.linspace(0, 9, 37)), -1).reshape(-1, 2)
    lonely = np.hypot(*(grid[:, None] - first[None, :]).transpose(2, 0, 1)).min(axis=1).max()
    ideal = (room.area / n) ** 0.5  # side of each one's share
    assert lonely < 1.6 * ideal
    quarters = np.histogram2d(*first.T, bins=[[0, 6, 12], [0, 4.5, 9]])[0]
    assert quarters.min() >= n // 8


def test_the_first_place_is_near_the_middle():
    assert np.hypot(*(standing_places(box(0, 0, 12, 9))[0] - [6, 4.5])) < 0.7


@pytest.mark.parametrize("outline", [box(0, 0, 0.5, 0.5), box(0, 0, 20, 0.2), box(0, 0, 0.02, 3)])
def test_however_narrow_a_space_has_a_place_on_its_floor(outline):
    places = standing_places(outline)
    assert len(places) >= 1
    assert shapely.intersects_xy(outline, places).all()


def test_a_ring_has_no_place_in_its_yard():
    ring = Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 8, 8).exterior])
    places = standing_places(ring)
    assert shapely.contains_xy(ring, places).all()


def test_a_field_has_a_wider_lattice_instead_of_endless_places():
    assert 0.8 * MOST_SLOTS < len(standing_places(box(0, 0, 100, 60))) <= MOST_SLOTS * 1.05


def test_places_go_to_the_piece_that_they_lie_in():
    halves = [box(0, 0, 5, 4), box(5, 0, 9, 4)]
    assert cells_of_places(np.array([[1, 1], [5, 1], [8, 2]]), halves).tolist() == [0, 0, 1]
    with pytest.raises(ValueError, match=r"\(20\.000, 1\.000\) lies in none"):
        cells_of_places(np.array([[1.0, 1.0], [20.0, 1.0]]), halves)


@settings(max_examples=40, deadline=None)
@given(corridors())
def test_places_lie_on_any_floor(outline):
    places = standing_places(outline)
    assert len(places) >= outline.area / SLOT_M2 * 0.5
    assert shapely.contains_xy(outline, places).all()
