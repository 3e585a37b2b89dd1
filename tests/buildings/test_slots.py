"""Standing places: how many, where, and in which order."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from shapely import Polygon, affinity, box
from support.graph_plans import corridors, space

from buildings.slots import MOST_SLOTS, cells_of_places, standing_places
from buildings.zones import cut_space


def test_a_classroom_of_65_m2_has_at_least_a_hundred_places():
    places = standing_places(box(0, 0, 8.66, 7.5))
    assert 100 <= len(places) <= 160
    wall = box(0, 0, 8.66, 7.5).exterior
    assert shapely.distance(shapely.points(places), wall).min() >= 0.3 - 1e-3
    apart = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))
    assert apart[apart > 0].min() >= 0.65


@pytest.mark.parametrize("n", [6, 9, 16, 30])
def test_the_first_few_are_spread_over_the_room(n):
    places = standing_places(box(0, 0, 9, 9))[:n]
    assert np.hypot(*(places.mean(axis=0) - 4.5)) < 1.5
    quarters = {(x > 4.5, y > 4.5) for x, y in places.tolist()}
    assert len(quarters) == 4
    apart = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 0.5 * 9 / np.sqrt(n) * 0.9


def test_the_first_place_is_near_the_middle():
    assert np.hypot(*(standing_places(box(0, 0, 12, 5))[0] - (6, 2.5))) < 0.7


@pytest.mark.parametrize(
    "small",
    [box(0, 0, 0.5, 0.5), box(0, 0, 0.1, 3), Polygon([(0, 0), (1, 0), (0, 1)])],
    ids=["box", "slit", "triangle"],
)
def test_however_small_a_floor_somebody_can_stand_on_it(small):
    places = standing_places(small)
    assert len(places) >= 1
    assert shapely.distance(shapely.points(places), small).max() < 1e-3


def test_nobody_stands_on_furniture_unless_it_fills_the_room():
    shelf = box(0, 0, 9, 3)
    places = standing_places(box(0, 0, 9, 7), furniture=[shelf])
    assert not shapely.intersects_xy(shelf, places).any()
    assert len(standing_places(box(0, 0, 9, 7), furniture=[box(0, 0, 9, 7)])) == 130


def test_very_large_floors_get_a_wider_lattice():
    assert len(standing_places(box(0, 0, 200, 100))) <= 1.05 * MOST_SLOTS


def test_a_turned_room_has_the_same_number_of_places():
    room = box(0, 0, 9, 7)
    turned = affinity.rotate(room, 25)
    assert len(standing_places(turned)) == len(standing_places(room))


@settings(max_examples=40, deadline=None)
@given(corridors())
def test_every_place_lies_in_its_space_and_in_a_zone_of_it(outline):
    places = standing_places(outline)
    assert shapely.intersects_xy(outline.buffer(1e-3), places).all()
    polygons = [zone.polygon for zone in cut_space(space("C", outline, "corridor"))[0]]
    cells = cells_of_places(places, polygons)
    for place, cell in zip(places, cells, strict=True):
        assert polygons[cell].distance(shapely.Point(place)) < 2e-3
    assert len(np.unique(places, axis=0)) == len(places)


def test_a_place_outside_all_cells_is_an_error():
    with pytest.raises(ValueError, match=r"the place \(5.000, 5.000\) lies in none"):
        cells_of_places(np.array([[5.0, 5.0]]), [box(0, 0, 1, 1)])
