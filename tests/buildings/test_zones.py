"""Spaces cut into zones: sizes, corners, order, and the passages between the pieces."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Polygon, box
from shapely.ops import substring
from support.graph_plans import corridors, space

from buildings.zone_passages import shared_edges
from buildings.zones import cut_space


def cut(outline, kind="corridor", **options):
    return cut_space(space("S", outline, kind), **options)


def areas(zones):
    return [round(zone.polygon.area, 3) for zone in zones]


def is_connected(zones, passages):
    graph = nx.Graph([(p.first, p.second) for p in passages])
    graph.add_nodes_from(range(len(zones)))
    return nx.is_connected(graph)


@pytest.mark.parametrize("kind", ["room", "hall"])
def test_an_ordinary_room_is_one_zone_with_the_id_of_its_space(kind):
    zones, passages = cut(box(0, 0, 9, 8), kind)
    assert [zone.id for zone in zones] == ["S"]
    assert passages == ()


@pytest.mark.parametrize("kind", ["stair", "landing", "ramp"])
def test_stairs_landings_and_ramps_are_never_cut(kind):
    assert len(cut(box(0, 0, 30, 30), kind)[0]) == 1


@pytest.mark.parametrize(("length_m", "n"), [(8.0, 1), (8.1, 2), (14.0, 2), (14.1, 3), (43.0, 7)])
def test_a_straight_corridor_is_cut_into_equal_pieces_of_4_to_8_m(length_m, n):
    zones, passages = cut(box(0, 0, length_m, 2.5))
    assert areas(zones) == pytest.approx([2.5 * length_m / n] * n, abs=1e-3)
    assert [p.line.length for p in passages] == pytest.approx([2.5] * (n - 1))
    assert 4.0 <= length_m / n <= 8.0
    assert [(p.first, p.second) for p in passages] == [(i, i + 1) for i in range(n - 1)]


def test_zones_are_numbered_along_the_corridor():
    zones, passages = cut(box(5, -20, 7, 0))
    assert [zone.id for zone in zones] == ["S/01", "S/02", "S/03"]
    assert [zone.polygon.centroid.y for zone in zones] == sorted(
        zone.polygon.centroid.y for zone in zones
    )
    assert [p.id for p in passages] == ["S/01|S/02", "S/02|S/03"]


def test_an_l_is_cut_at_its_corner_straight_across():
    zones, passages = cut(Polygon([(0, 0), (8, 0), (8, 2), (2, 2), (2, 8), (0, 8)]))
    assert len(zones) == 2
    assert passages[0].line.length == pytest.approx(2.0)
    assert sorted(areas(zones)) == [12.0, 16.0]


def test_a_corner_is_turned_half_a_metre_from_it_and_a_straight_cut_in_the_middle():
    (corner,) = cut(Polygon([(0, 0), (8, 0), (8, 2), (2, 2), (2, 8), (0, 8)]))[1]
    assert LineString([corner.crossing_xy, (2, 2)]).length == pytest.approx(0.5)
    (straight,) = cut(box(0, 0, 12, 2))[1]
    assert straight.crossing_xy == pytest.approx((6.0, 1.0))


def test_a_t_is_cut_at_the_mouth_of_its_stem():
    bar_and_stem = shapely.union(box(0, 0, 8, 3), box(3, -7, 5, 0))
    zones, passages = cut(bar_and_stem)
    assert sorted(areas(zones)) == [14.0, 24.0]
    assert [p.line.length for p in passages] == pytest.approx([2.0])
    assert passages[0].crossing_xy == pytest.approx((4.0, 0.0))  # two corners: in the middle


def test_shallow_niches_and_pilasters_cut_nothing():
    niche = shapely.union(box(0, 0, 8, 2.4), box(3, 2.4, 4.2, 2.65))
    assert len(cut(niche)[0]) == 1
    pilaster = shapely.difference(box(0, 0, 8, 2.4), box(4, 0, 4.4, 0.25))
    assert len(cut(pilaster)[0]) == 1


def test_a_door_recess_stays_with_its_corridor():
    recess = shapely.union(box(0, 0, 8, 2.4), box(3, 2.4, 4.2, 3.4))
    zones, _ = cut(recess)
    assert min(zone.polygon.area for zone in zones) >= 4.0
    assert any(zone.polygon.covers(shapely.Point(3.6, 3.3)) for zone in zones)


def test_a_change_of_width_is_a_cut():
    step = shapely.union(box(0, 0, 6, 2), box(6, 0, 12, 4))
    zones, passages = cut(step)
    assert areas(zones)[0] == 12.0
    assert passages[0].line.length == pytest.approx(2.0)


def test_a_gym_becomes_zones_of_50_to_100_m2_joined_by_passages_of_at_most_3_m():
    zones, passages = cut(box(0, 0, 30, 20), "room")
    assert all(50.0 <= area <= 100.0 for area in areas(zones))
    assert max(p.line.length for p in passages) <= 3.0 + 1e-9
    assert is_connected(zones, passages)
    between = [p for p in passages if (p.first, p.second) == (0, 1)]
    shared = shared_edges(zones[0].polygon, zones[1].polygon)
    assert sum(p.line.length for p in between) == pytest.approx(
        sum(LineString(edge).length for edge in shared)
    )
    assert between[0].id == "S/01|S/02#1"


def test_a_corridor_around_a_yard_is_cut_open_and_stays_a_ring():
    ring = Polygon(box(0, 0, 20, 16).exterior, [box(3, 3, 17, 13).exterior])
    zones, passages = cut(ring)
    assert sum(zone.polygon.area for zone in zones) == pytest.approx(ring.area, abs=0.01)
    assert all(len(zone.polygon.interiors) == 0 for zone in zones)
    graph = nx.Graph([(p.first, p.second) for p in passages])
    assert all(degree == 2 for _, degree in graph.degree)
    assert nx.is_connected(graph)


def test_columns_are_holes_of_their_zone():
    hall = Polygon(box(0, 0, 9, 9).exterior, [box(4, 4, 4.5, 4.5).exterior])
    (zone,), _ = cut(hall, "room")
    assert zone.polygon.area == pytest.approx(81.0 - 0.25)


def test_cuts_keep_off_doors():
    door = LineString([(6.5, 2.4), (7.6, 2.4)])
    (passage,) = cut(box(0, 0, 14, 2.4), keep_clear=[door])[1]
    assert not 6.4 < passage.crossing_xy[0] < 7.7
    (passage,) = cut(box(0, 0, 14, 2.4))[1]
    assert passage.crossing_xy[0] == pytest.approx(7.0)


def test_a_small_odd_room_stays_whole_and_a_large_one_is_cut():
    small = Polygon([(0, 0), (6, 0), (6, 2), (2, 2), (2, 6), (0, 6)])
    assert len(cut(small, "room")[0]) == 1
    large = Polygon([(0, 0), (12, 0), (12, 4), (4, 4), (4, 12), (0, 12)])
    assert len(cut(large, "room")[0]) == 2


def test_a_turned_building_is_cut_the_same_way():
    ell = Polygon([(0, 0), (20, 0), (20, 2.4), (2.4, 2.4), (2.4, 15), (0, 15)])
    turned = shapely.affinity.rotate(ell, 33, origin=(0, 0))
    straight, askew = cut(ell)[0], cut(turned)[0]
    assert sorted(areas(straight)) == pytest.approx(sorted(areas(askew)), abs=0.01)


def placed(polygons):
    """Return area, x and y of each polygon, in an order that does not depend on its place."""
    rows = [[p.area, p.centroid.x, p.centroid.y] for p in polygons]
    return np.array(sorted(rows, key=lambda row: [round(value, 3) for value in row[1:]]))


def irregular(outline):
    """Shift walls by a few centimetres each, so that no two lengths are the same."""
    return shapely.transform(
        outline, lambda xy: xy + 0.07 * np.sin(xy * [1.3, 0.9] + [0.0, 1.0]) * [1.0, 0.9]
    )


def recess_m(outline):
    """Return the length of the shortest wall."""
    corners = shapely.get_coordinates(outline.simplify(1e-6))
    return np.hypot(*np.diff(corners, axis=0).T).min()


@settings(max_examples=60, deadline=None)
@given(
    corridors().filter(lambda outline: recess_m(outline) > 1.0).map(irregular),
    st.sampled_from(["corridor", "room", "outdoor"]),
    st.lists(st.integers(0, 999), max_size=5, unique=True),
)
def test_a_floor_and_its_mirror_image_are_cut_alike(outline, kind, doors):
    """Where a floor is symmetric in itself two cuts may be as good: there the outline decides."""
    lines = [
        substring(outline.exterior, at / 1000, at / 1000 + 0.9 / outline.length, normalized=True)
        for at in doors
    ]
    mirrored, *mirrored_lines = (
        shapely.affinity.scale(shape, xfact=-1.0, origin=(0, 0)) for shape in (outline, *lines)
    )
    zones, passages = cut(outline, kind, keep_clear=lines)
    there, passages_there = cut(mirrored, kind, keep_clear=mirrored_lines)
    back = [shapely.affinity.scale(z.polygon, xfact=-1.0, origin=(0, 0)) for z in there]
    assert len(zones) == len(there)
    np.testing.assert_allclose(placed(back), placed([z.polygon for z in zones]), atol=1e-6)
    widths = [sorted(p.line.length for p in found) for found in (passages, passages_there)]
    assert widths[0] == pytest.approx(widths[1], abs=2e-6)


def test_edges_that_do_not_touch_share_nothing():
    assert shared_edges(box(0, 0, 1, 1), box(1.1, 0, 2, 1)) == []
    assert shared_edges(box(0, 0, 1, 1), box(1, 1, 2, 2)) == []  # a corner is no edge
    assert shared_edges(box(0, 0, 1, 1), box(5, 5, 6, 6)) == []


@settings(max_examples=60, deadline=None)
@given(corridors(), st.sampled_from(["corridor", "room", "outdoor"]))
def test_zones_cover_the_space_once_and_hang_together(outline, kind):
    zones, passages = cut(outline, kind)
    polygons = [zone.polygon for zone in zones]
    assert sum(p.area for p in polygons) == pytest.approx(outline.area, abs=0.01)
    assert shapely.union_all(polygons, grid_size=1e-6).symmetric_difference(outline).area < 0.01
    assert all(p.is_valid and (p.area >= 2.0 or len(zones) == 1) for p in polygons)
    assert is_connected(zones, passages)
    assert len({zone.id for zone in zones}) == len(zones)
    assert len({p.id for p in passages}) == len(passages)
    for p in passages:
        assert zones[p.first].polygon.distance(shapely.Point(p.crossing_xy)) < 1e-5
        assert zones[p.second].polygon.distance(shapely.Point(p.crossing_xy)) < 1e-5


@settings(max_examples=25, deadline=None)
@given(corridors(), corridors())
def test_rooms_with_any_stubs_and_holes_are_covered_once(outline, stub):
    polygon = box(*outline.buffer(3).bounds).difference(stub.buffer(-0.6))
    parts = [part for part in shapely.get_parts(polygon) if part.area > 20]
    for part in parts:
        zones, passages = cut(part, "hall")
        assert sum(zone.polygon.area for zone in zones) == pytest.approx(part.area, abs=0.01)
        assert is_connected(zones, passages)
