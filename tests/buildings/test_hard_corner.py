"""Hard corners: from floor out of sight to people with a place, and what would help."""

from __future__ import annotations

import math
from typing import Any

import pytest
import shapely
from shapely import Polygon, box
from support.corner_rooms import ROOM, door, piece, school, window

from buildings import Plan, Space, load_plan
from buildings.apertures import SightRules
from buildings.corner_options import adjoining_rooms, corner_options, why_none
from buildings.corner_people import usual_people
from buildings.hard_corner import (
    BODY_RADIUS_M,
    SIGHT_MARGIN_M,
    HardCorner,
    RoomView,
    hard_corner,
    hidden_floor,
    rooms_with_people,
)
from buildings.person_area import PERSON_AREAS, People, capacity, left_over, person_area
from buildings.tape_lines import tape_plan

CLASS = People(adult=1, child=24)


def judged(plan: Plan, people: People = CLASS, **rules: Any) -> HardCorner:
    return hard_corner(plan, plan.spaces["S-1"], people, rules=SightRules(**rules))


def options(plan: Plan, people: People = CLASS, **rules: Any) -> list[Any]:
    return list(corner_options(RoomView(plan, plan.spaces["S-1"], people, SightRules(**rules))))


# geometry


def test_a_panel_leaves_two_triangles_less_the_margin():
    # slope w/t = 0.5: half-width 0.05 + 0.5 y; each side hides a trapezoid
    corner = judged(school(door()))
    side = sum((3.95 - 0.5 * y) * 0.001 for y in [k * 0.001 + 0.0005 for k in range(6000)])
    assert corner.hidden.hidden_m2 == pytest.approx(2 * side, abs=1e-6)
    slant = math.hypot(6.0, 3.0)
    margin = shapely.intersection(corner.hidden.margin, box(0, 0, 8, 6)).area
    assert corner.hidden.hidden_m2 - margin == pytest.approx(2 * SIGHT_MARGIN_M * slant, abs=0.02)
    assert len(corner.hidden.parts) == 2
    assert corner.hidden.usable_m2 < margin


def test_usable_floor_is_out_of_sight_and_holds_a_body_everywhere():
    furniture = (piece("F1", box(1, 2, 3, 2.6), 2.1), piece("F2", box(6, 3, 6.5, 5), 2.1))
    corner = judged(school(door(glazing="half", glazing_w_m=0.6), furniture=furniture))
    seen = shapely.difference(corner.hidden.free, corner.hidden.hidden)
    for part in corner.hidden.parts:
        assert part.distance(seen) > SIGHT_MARGIN_M - 0.002
        inner = part.buffer(-BODY_RADIUS_M + 1e-3)
        assert part.difference(inner.buffer(BODY_RADIUS_M + 0.01)).area < 1e-3
        assert part.difference(corner.floor.free).area < 1e-9


def test_narrow_tips_strips_and_small_pieces_are_left_out():
    room = box(0, 0, 10, 10)
    strip = hidden_floor(room, [box(0.54, 0, 10, 10)])
    assert strip.hidden_m2 == pytest.approx(5.4)
    assert strip.parts == ()
    small = hidden_floor(room, [room.difference(box(0, 0, 0.74, 0.74))])
    assert small.hidden_m2 == pytest.approx(0.5476)
    assert small.parts == ()
    assert len(hidden_floor(room, [room.difference(box(0, 0, 1.0, 1.0))]).parts) == 1


def test_nothing_seen_is_the_whole_room_and_everything_seen_is_none():
    assert hidden_floor(ROOM, []).hidden_m2 == 48.0
    assert hidden_floor(ROOM, [ROOM]).hidden_m2 == 0.0


def test_mirrored_room_mirrored_result():
    def mirror(polygon: Polygon) -> Polygon:
        return shapely.transform(polygon, lambda xy: xy * (-1, 1) + (8, 0))

    ground = box(1, 2, 3, 2.6)
    one = judged(school(door(glazing_off_m=0.3), furniture=(piece("F", ground, 2.0),)))
    other = judged(school(door(glazing_off_m=-0.3), furniture=(piece("F", mirror(ground), 2.0),)))
    assert other.hidden.hidden_m2 == pytest.approx(one.hidden.hidden_m2, abs=1e-7)
    ours = shapely.union_all([mirror(part) for part in one.hidden.parts])
    theirs = shapely.union_all(list(other.hidden.parts))
    assert ours.symmetric_difference(theirs).area < 0.005  # arcs of a buffer are not mirrored


def test_furniture_by_height():
    ground = box(3.0, 1.0, 5.0, 1.4)

    def hidden(height: float | None) -> float:
        glass = door(glazing="half", glazing_w_m=0.6)
        return judged(school(glass, furniture=(piece("F", ground, height),))).hidden.hidden_m2

    bare = judged(school(door(glazing="half", glazing_w_m=0.6))).hidden.hidden_m2
    assert hidden(1.4) > bare
    assert hidden(1.39) <= bare
    assert hidden(None) == hidden(1.39)  # not stated: takes floor, hides nothing
    corner = judged(school(door(), furniture=(piece("F", ground, None),)))
    assert [p.id for p in corner.floor.unknown_height] == ["F"]
    assert corner.hidden.free.area == pytest.approx(48.0 - 0.8)


def test_marked_corners_are_compared_with_what_is_seen():
    mark = Space("HC", "L1", "hard_corner", "other", box(4, 1, 6, 3), in_space="S-1")
    corner = judged(school(door(), more=(mark,)))
    assert corner.marked_m2 == pytest.approx(4.0)
    # seen up to x = 4.05 + y/2: the integral of 0.05 + y/2 from 1 to 3 is 2.1
    assert corner.marked_in_sight_m2 == pytest.approx(2.1, abs=1e-6)


def test_covering_never_hides_less_and_opening_never_hides_more():
    plan = school(door(), window("P-2", 1, 3, cover="blind", cover_default="open"))
    found = judged(plan).hidden.hidden_m2
    closed = judged(plan, covers="closed").hidden.hidden_m2
    opened = judged(plan, doors="open").hidden.hidden_m2
    assert opened <= found <= closed


# people


def test_the_table_of_areas_names_source_and_quality():
    assert {area.kind for area in PERSON_AREAS} == {"adult", "child", "wheelchair"}
    for area in PERSON_AREAS:
        assert 0.28 <= area.tight_m2 <= area.roomy_m2
        assert area.source
        assert area.quality
    assert person_area("adult").roomy_m2 == 0.46
    assert person_area("child").roomy_m2 == 0.30
    assert person_area("wheelchair").tight_m2 == 0.90


def test_people_are_counted_whole_in_every_piece():
    parts = [box(0, 0, 1, 0.9), box(2, 0, 3, 0.9)]
    assert capacity(parts, 0.46) == 2  # 1.8 m2 in one piece would hold three
    assert left_over(parts, People(adult=3), "roomy") == People(adult=1)


def test_wheelchair_users_go_first_and_need_width():
    wide, long = box(0, 0, 1.2, 1.2), box(3, 0, 3.6, 5)
    assert left_over([wide, long], People(wheelchair=2), "roomy") == People(wheelchair=1)
    assert left_over([wide, long], People(adult=6, wheelchair=1), "roomy").total == 0
    with pytest.raises(ValueError, match="number of people"):
        People(adult=-1)


def test_verdicts_and_both_capacities():
    corner = judged(school(door()), CLASS)
    assert corner.verdict == "enough"
    assert corner.capacity("roomy") < corner.capacity("tight")
    roomy, tight = corner.capacity("roomy"), corner.capacity("tight")
    crowd = People(child=capacity(corner.hidden.parts, 0.29))
    assert judged(school(door()), crowd).verdict == "only tight"
    assert judged(school(door()), People(child=tight + 100)).verdict == "too small"
    assert roomy > 24
    glass = door(glazing="full", glazing_w_m=0.7, wall_t_m=0.05)
    assert judged(school(glass)).verdict == "none"
    assert judged(school(door(glazing=None))).verdict == "not known"


def test_usual_people_have_an_adult_beside_them():
    room = school(door()).spaces["S-1"]
    assert usual_people(room) == People(adult=25)
    assert usual_people(room, kind="child", beside=2) == People(adult=2, child=24)
    assert usual_people(school(people=None).spaces["S-1"]) == People()


# options


def test_covering_the_glass_is_found_and_computed():
    glass = door(glazing="full", glazing_w_m=0.7, wall_t_m=0.05)
    plan = school(glass)
    cover = next(o for o in options(plan) if o.words == "cover the glass of P-1")
    alone = judged(school(door(glazing="none", glazing_w_m=None)))
    assert cover.corner.hidden.usable_m2 == pytest.approx(alone.hidden.usable_m2)
    narrow = next(o for o in options(plan) if o.words.startswith("narrow"))
    same = judged(school(door(glazing_off_m=0.3, wall_t_m=0.05)))
    assert narrow.corner.hidden.usable_m2 == pytest.approx(same.hidden.usable_m2, abs=1e-9)


def test_covers_that_are_there_come_before_material():
    panes = [
        window(f"P-{k}", 0.5 + 2.5 * k, 2.5 + 2.5 * k, cover="blind", cover_default="open")
        for k in (0, 1, 2)
    ]
    plan = school(door(id="P-9"), *panes)
    assert judged(plan).verdict == "none"
    best = options(plan)[0]
    assert best.words == "close every cover that is there"
    closed = judged(plan, covers="closed")
    assert best.corner.hidden.usable_m2 == pytest.approx(closed.hidden.usable_m2)
    assert best.enough


def test_open_doors_are_shut_first():
    best = options(school(door()), doors="open")[0]
    assert best.words == "shut the doors"
    assert best.corner.hidden.usable_m2 == pytest.approx(judged(school(door())).hidden.usable_m2)


def test_furniture_in_the_hidden_place_is_taken_out():
    low = piece("F1", box(0.0, 0.0, 3.3, 5.4), 0.8)
    plan = school(door(glazing_off_m=0.4), furniture=(low,))
    crowd = People(child=60)
    taken = next(o for o in options(plan, crowd) if o.words == "take out Piece F1 (F1)")
    bare = judged(school(door(glazing_off_m=0.4)), crowd)
    assert taken.corner.hidden.usable_m2 == pytest.approx(bare.hidden.usable_m2)


def test_the_other_side_of_the_leaf():
    crowd = People(adult=200)
    plans = [school(door(line=LineString_at(0.3, 1.2), glazing_off_m=off)) for off in (0.3, -0.3)]
    areas = [judged(plan, crowd).hidden.usable_m2 for plan in plans]
    worse, better = (0, 1) if areas[0] < areas[1] else (1, 0)
    assert areas[better] > areas[worse] + 0.5
    words = "hang P-1 with its glass at the other side"
    swapped = next(o for o in options(plans[worse], crowd) if o.words == words)
    assert swapped.corner.hidden.usable_m2 == pytest.approx(areas[better])
    assert words not in [option.words for option in options(plans[better], crowd)]


def LineString_at(start: float, end: float) -> Any:
    return shapely.LineString([(start, -0.1), (end, -0.1)])


def test_options_are_ranked_and_each_gains():
    plan = school(door(glazing="half", glazing_w_m=0.6), window("P-2", 1, 3),
                  furniture=(piece("F1", box(6, 1, 7, 1.5), 2.0),))  # fmt: skip
    base = judged(plan)
    ranked = options(plan)
    assert ranked
    left = [o.corner.shortfall("roomy") for o in ranked]
    assert left == sorted(left)
    for option in ranked:
        assert option.corner.hidden.usable_m2 > base.hidden.usable_m2
    assert len({option.words for option in ranked}) == len(ranked)


def test_no_options_where_nobody_needs_one_or_facts_are_missing():
    assert options(school(door())) == []
    assert options(school(door(glazing=None))) == []


def test_an_opening_that_nothing_covers_is_named():
    free = door(kind="opening", glazing=None, line=LineString_at(0.2, 7.8))
    corner = judged(school(free))
    assert corner.verdict == "none"
    assert why_none(corner) == "looked into through P-1, which nothing covers"


def test_the_room_next_door_can_take_them_in():
    other = Space("S-2", "L1", "room", "storage", box(8.2, 0, 14, 6))
    between = door(id="P-5", from_space="S-1", to_space="S-2", glazing="none", glazing_w_m=None,
                   line=shapely.LineString([(8.1, 2.0), (8.1, 2.9)]))  # fmt: skip
    plan = school(door(glazing="full", glazing_w_m=0.7, wall_t_m=0.05), between, more=(other,))
    corners = {
        "S-1": judged(plan),
        "S-2": hard_corner(plan, plan.spaces["S-2"], People()),
    }
    ((room, spare),) = adjoining_rooms(plan, corners["S-1"], corners)
    assert room == "S-2"
    assert spare >= 25


# tape


def test_tape_points_lie_on_the_border_and_are_measured_right():
    plan = school(door(glazing_off_m=0.3), furniture=(piece("F1", box(0, 4.5, 1.5, 5.0), 2.0),))
    corner = judged(plan)
    tape = tape_plan(corner)
    assert len(tape.lines) == 2
    seen = shapely.difference(corner.hidden.free, corner.hidden.hidden)
    for point in tape.points:
        spot = shapely.Point(point.x_m, point.y_m)
        assert seen.distance(spot) < SIGHT_MARGIN_M + 0.03
        for wall, metres in (
            (point.wall_1, point.from_wall_1_m),
            (point.wall_2, point.from_wall_2_m),
        ):
            assert metres == pytest.approx(wall.line.distance(spot), abs=1e-6)
    assert [point.number for point in tape.points] == list(range(1, len(tape.points) + 1))
    usable = shapely.union_all(list(corner.hidden.parts))
    taped = shapely.union_all(
        [shapely.LineString([(p.x_m, p.y_m) for p in line]) for line in tape.lines]
    )
    assert taped.intersection(usable.buffer(-0.02)).length < 1e-6


def test_nothing_to_tape_where_everything_or_nothing_is_hidden():
    assert tape_plan(judged(school(door(glazing="none", glazing_w_m=None)))).points == ()
    glass = door(glazing="full", glazing_w_m=0.7, wall_t_m=0.05)
    assert tape_plan(judged(school(glass))).points == ()


# the built-in schools


def test_the_built_in_schools_have_every_fact_about_their_glass():
    for name in ("maple-elementary", "cedar-middle", "birch-high"):
        plan = load_plan(f"builtin:{name}")
        rooms = rooms_with_people(plan)
        assert len(rooms) > 20
        for room in rooms:
            assert RoomView(plan, room, People()).found.unknown == (), room.id


def test_blinds_decide_in_the_built_in_elementary_school():
    plan = load_plan("builtin:maple-elementary")
    verdicts: dict[str, list[str]] = {"as found": [], "closed": []}
    for covers, said in verdicts.items():
        for room in rooms_with_people(plan):
            if room.use == "classroom" and room.occupants_default:
                people = usual_people(room, kind="child")
                rules = SightRules(covers=covers)  # type: ignore[arg-type]
                said.append(hard_corner(plan, room, people, rules=rules).verdict)
    assert verdicts["as found"].count("enough") < len(verdicts["as found"]) / 4
    assert verdicts["closed"].count("enough") > len(verdicts["closed"]) / 2
