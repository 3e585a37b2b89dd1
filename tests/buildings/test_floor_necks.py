"""Floors drawn as one area fall into rooms at their doors, and nowhere else."""

from __future__ import annotations

import networkx as nx
import pytest
import shapely
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from buildings import load_plan
from buildings.floor_necks import DOUBLE_DOOR_M, part_at_necks
from buildings.gates import is_passable
from buildings.ifc_geometry import parts_of
from buildings.jupedsim_wkt import walkable_area

HALL = box(0, 0, 12, 9)


def house(columns: int, rows: int, doors: list[tuple[int, int, bool, float, float]]) -> Polygon:
    """Return rooms of 4 by 4 m in walls of 0.2 m, with doors (column, row, up, place, width)."""
    rooms = [
        box(4.2 * i, 4.2 * j, 4.2 * i + 4, 4.2 * j + 4) for i in range(columns) for j in range(rows)
    ]
    ways = []
    for i, j, up, place, width in doors:
        x, y = 4.2 * i, 4.2 * j
        start = round(place * (4 - width), 2)
        ways.append(
            box(x + start, y + 4, x + start + width, y + 4.2)
            if up
            else box(x + 4, y + start, x + 4.2, y + start + width)
        )
    return shapely.union_all([*rooms, *ways], grid_size=0.001)


@st.composite
def houses(draw: st.DrawFn) -> tuple[Polygon, int, dict[float, int]]:
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    links = [(i, j, False) for i in range(columns - 1) for j in range(rows)]
    links += [(i, j, True) for i in range(columns) for j in range(rows - 1)]
    doors = [
        (*link, draw(st.sampled_from([0.1, 0.3, 0.5, 0.9])), draw(st.sampled_from([0.8, 1.2, 2.0])))
        for link in links
        if draw(st.booleans())
    ]
    widths: dict[float, int] = {}
    for *_, width in doors:
        widths[width] = widths.get(width, 0) + 1
    floor = house(columns, rows, doors)
    return floor, columns * rows, widths


@seed(20261125)
@given(houses())
@settings(max_examples=60, deadline=None, database=None)
def test_every_room_and_every_door_of_a_house_is_found(made) -> None:
    floor, rooms, widths = made
    parts, necks = [], []
    for piece in parts_of(floor):
        own, between = part_at_necks(piece)
        parts += own
        necks += between
        graph = nx.Graph([(neck.first, neck.second) for neck in between])
        graph.add_nodes_from(range(len(own)))
        assert nx.is_connected(graph)  # one floor stays one building
    assert len(parts) == rooms
    found = sorted(round(neck.line.length, 3) for neck in necks)
    assert found == sorted(w for w, many in widths.items() for _ in range(many))
    assert sum(part.area for part in parts) == pytest.approx(floor.area, abs=1e-6)
    assert shapely.union_all(parts).symmetric_difference(floor).area < 1e-6


@pytest.mark.parametrize(
    ("floor", "what"),
    [
        (HALL, "a plain hall"),
        (HALL.difference(shapely.union_all([box(x, 1, x + 0.5, 1.5) for x in range(2, 11, 2)])),
         "columns along a wall"),
        (HALL.difference(shapely.union_all([box(3, y, 9, y + 0.4) for y in (1, 2.2, 3.4, 4.6)])),
         "rows of seats"),
        (Polygon([(0, 0), (20, 0), (20, 12), (17.6, 12), (17.6, 2.4), (0, 2.4)]), "a bend"),
        (box(0, 0, 6, 5).union(box(6, 1, 14, 1 + DOUBLE_DOOR_M + 0.1)), "a wide opening"),
    ],
)  # fmt: skip
def test_a_floor_without_doors_stays_whole(floor: Polygon, what: str) -> None:
    parts, necks = part_at_necks(floor)
    assert (len(parts), len(necks)) == (1, 0), what


def test_a_narrow_corridor_is_a_room_of_its_own() -> None:
    corridor = box(0, 3.2, 12.2, 4.3)
    rooms = [box(0, 0, 4, 3), box(4.2, 0, 8, 3), box(8.2, 0, 12.2, 3)]
    doors = [box(x, 3, x + 0.8, 3.2) for x in (1, 6, 10)]
    parts, necks = part_at_necks(shapely.union_all([corridor, *rooms, *doors], grid_size=0.001))
    assert len(parts) == 4
    assert sorted((neck.first, neck.second) for neck in necks) == [(0, 1), (0, 2), (0, 3)]
    assert [round(neck.line.length, 3) for neck in necks] == [0.8, 0.8, 0.8]


@pytest.mark.parametrize("place", [0.0, 1.0])
def test_a_door_flush_with_the_side_wall_is_found(place: float) -> None:
    for up in (False, True):
        columns, rows = (1, 2) if up else (2, 1)
        parts, necks = part_at_necks(house(columns, rows, [(0, 0, up, place, 0.9)]))
        assert len(parts) == 2
        assert [round(neck.line.length, 3) for neck in necks] == [0.9]


def test_nothing_is_parted_without_a_width() -> None:
    floor = house(2, 1, [(0, 0, False, 0.5, 0.8)])
    assert part_at_necks(floor, ()) == ((floor,), ())


def test_the_order_of_the_outline_makes_no_difference() -> None:
    doors = [(0, 0, False, 0.5, 0.8), (1, 0, True, 0.3, 1.2), (1, 1, False, 1.0, 2.0)]
    floor = parts_of(house(3, 2, doors))[0]
    ring = list(floor.exterior.coords)[:-1]
    turned = Polygon([*ring[7:], *ring[:7]]).reverse()
    assert [n.line.wkt for n in part_at_necks(floor)[1]] == [
        n.line.wkt for n in part_at_necks(turned)[1]
    ]


@pytest.mark.parametrize("name", ["cedar-middle", "maple-elementary", "birch-high"])
def test_all_doors_of_a_school_are_found_in_its_bare_floor_and_no_others(name: str) -> None:
    plan = load_plan(f"builtin:{name}")
    for level in plan.levels:
        necks = [
            neck.line
            for part in parts_of(walkable_area(plan, level.id))
            for neck in part_at_necks(part)[1]
        ]
        doors = [
            portal.midpoint
            for portal in plan.portals.values()
            if portal.level == level.id
            and is_passable(plan, portal)
            and not portal.leads_outside
            and portal.kind == "door"
            and portal.width_m <= DOUBLE_DOOR_M
        ]
        near = shapely.distance([[door] for door in doors], [necks]) < 0.35
        assert near.any(axis=1).all()
        assert len(necks) == len(doors)
