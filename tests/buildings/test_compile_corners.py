"""Hard corners as arrays: who can go where, how far it is, and what is seen through what."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box
from support.corner_rooms import door, piece, school, window

from buildings import (
    CompiledCorners,
    CompiledPlan,
    Plan,
    SightRules,
    Space,
    compile_corners,
    compile_plan,
    hard_corner,
    load_plan,
)
from buildings.cli import main
from buildings.compiled_corners import (
    APERTURE_DOORWAY,
    APERTURE_GLASS,
    APERTURE_OPENING,
    APERTURE_WINDOW,
    BEYOND_OUTSIDE,
    BEYOND_UNWALKED,
)
from buildings.hard_corner import SIGHT_MARGIN_M, rooms_with_people

SCHOOLS = ("maple-elementary", "cedar-middle", "birch-high")
FULL = {"glazing": "full", "glazing_w_m": 0.7, "wall_t_m": 0.05}


class Room:
    """The classroom S-1 of a small plan, its slots and what the arrays say of it."""

    def __init__(self, plan: Plan, **rules: Any) -> None:
        self.plan = plan
        self.compiled = compile_plan(plan)
        self.corners = compile_corners(plan, self.compiled, rules=SightRules(**rules))
        self.space = self.compiled.space_index("S-1")
        self.slots = self.compiled.slots_of(self.space)
        self.xy = self.compiled.slot_xy.reshape(-1, 2)[self.slots]

    def of(self, name: str) -> Any:
        """Return what an array by space, or by slot, says of the room."""
        values = getattr(self.corners, name)
        return values[self.slots] if len(values) == len(self.compiled.slot_cell) else (
            values[..., self.space]
        )  # fmt: skip

    def xy_of(self, slot: int) -> tuple[float, float]:
        x, y = self.compiled.slot_xy.reshape(-1, 2)[slot].tolist()
        return x, y

    def seen_through(self, portal: str, kind: int) -> np.ndarray:
        """Return the slots of the room that are seen through a portal's only aperture of a kind."""
        (found,) = [
            a
            for a in self.corners.apertures_of(self.space)
            if self.corners.aperture_portal[a] == portal and self.corners.aperture_kind[a] == kind
        ]
        return self.corners.seen_through(found)


# lines of sight


def test_a_narrow_panel_shows_the_places_between_its_two_lines():
    room = Room(school(door()))
    # half-width of the view at depth y is 0.05 + 0.5 y; 5 cm beside its slanted line count too
    beside_m = (np.abs(room.xy[:, 0] - 4.0) - 0.05 - 0.5 * room.xy[:, 1]) / math.hypot(1.0, 0.5)
    assert (np.abs(beside_m - SIGHT_MARGIN_M) > 1e-4).all()
    assert room.of("seen_closed").tolist() == (beside_m <= SIGHT_MARGIN_M).tolist()
    assert 0 < room.of("seen_closed").sum() < len(room.slots)


def test_an_open_door_shows_more_than_its_glass_and_a_shut_one_without_glass_nothing():
    room = Room(school(door(glazing="none", glazing_w_m=None)))
    assert not room.of("seen_closed").any()
    # 0.9 m wide, 0.2 m deep: at depth y the view is 0.45 + 4.5 y wide to either side
    beside_m = (np.abs(room.xy[:, 0] - 4.0) - 0.45 - 4.5 * room.xy[:, 1]) / math.hypot(1.0, 4.5)
    assert room.of("seen_open").tolist() == (beside_m <= SIGHT_MARGIN_M).tolist()
    assert not room.of("seen_open").all()
    panel = Room(school(door()))
    assert (panel.of("seen_open") >= panel.of("seen_closed")).all()
    assert panel.of("seen_open").sum() > panel.of("seen_closed").sum()


def test_a_drawn_cover_hides_and_one_that_is_not_there_does_not():
    blind = Room(school(door(), window("P-2", 1, 7, cover="blind", cover_default="open")))
    bare = Room(school(door()))
    assert blind.of("seen_closed").all()
    assert blind.of("seen_covered").tolist() == bare.of("seen_closed").tolist()
    assert Room(school(door(), window("P-2", 1, 7))).of("seen_covered").all()
    film = Room(school(door(), window("P-2", 1, 7, cover="film", cover_default="closed")))
    assert film.of("seen_closed").tolist() == bare.of("seen_closed").tolist()


def test_every_aperture_says_what_is_seen_through_it_and_what_lies_beyond():
    inner = Space("S-2", "L1", "room", "office", box(8.2, 0, 14, 6))
    shaft = Space("S-3", "L1", "void", "other", box(-3.0, 0, -0.2, 6), walkable="no")
    plan = school(
        door(),
        window("P-2", 1, 3),
        window("P-3", 0, 1, to_space="S-2", line=LineString([(8.1, 2), (8.1, 3)])),
        door(id="P-4", to_space="S-3", line=LineString([(-0.1, 2.0), (-0.1, 2.9)])),
        more=(inner, shaft),
    )
    room = Room(plan)
    corners, compiled = room.corners, room.compiled
    rows = corners.apertures_of(room.space)
    said = [
        (corners.aperture_portal[a], corners.aperture_kind[a], corners.aperture_beyond[a],
         corners.aperture_gate[a])
        for a in rows
    ]  # fmt: skip
    corridor, office = compiled.space_index("S-C"), compiled.space_index("S-2")
    gate = compiled.gate_index("P-1")
    assert said == [
        ("P-1", APERTURE_GLASS, corridor, gate),
        ("P-1", APERTURE_DOORWAY, corridor, gate),
        ("P-2", APERTURE_WINDOW, BEYOND_OUTSIDE, -1),
        ("P-3", APERTURE_WINDOW, office, -1),
        ("P-4", APERTURE_GLASS, BEYOND_UNWALKED, -1),
        ("P-4", APERTURE_DOORWAY, BEYOND_UNWALKED, -1),
    ]
    assert (corners.aperture_space[rows] == room.space).all()
    near_window = np.argmin(np.hypot(*(room.xy - (0.5, 5.5)).T))
    assert room.seen_through("P-2", APERTURE_WINDOW)[near_window]
    assert not room.seen_through("P-1", APERTURE_GLASS)[near_window]
    mine = corners.apertures_of(office)
    assert [corners.aperture_beyond[a] for a in mine] == [room.space]


def test_both_leaves_of_a_pair_have_an_aperture_and_one_cover():
    pair = door(leaves=2, width_m=1.8, line=LineString([(3.1, -0.1), (4.9, -0.1)]),
                glazing_off_m=None, cover="blind", cover_default="open",
                cover_close_s=12.0)  # fmt: skip
    room = Room(school(pair))
    kinds = [room.corners.aperture_kind[a] for a in room.corners.apertures_of(room.space)]
    assert kinds == [APERTURE_GLASS, APERTURE_GLASS, APERTURE_DOORWAY]
    assert room.of("cover_close_s") == 12.0


def test_the_rules_give_depth_of_glass_and_upper_windows():
    near = Room(school(door()), glass_depth_m=0.02)
    assert near.of("seen_closed").sum() > Room(school(door())).of("seen_closed").sum()
    upstairs = school(door(), window("P-2", 1, 7), ordinal=1)
    assert Room(upstairs).of("seen_closed").all()
    assert not Room(upstairs, upper_windows=False).of("seen_closed").all()


def test_missing_facts_about_glass_are_told():
    assert Room(school(door())).of("known")
    assert not Room(school(door(glazing=None))).of("known")


# the place that stands for the corner


def test_the_corner_slot_is_the_concealed_one_nearest_the_middle_of_the_largest_piece():
    room = Room(school(door(line=LineString([(1.55, -0.1), (2.45, -0.1)]))))
    corner = hard_corner(room.plan, room.plan.spaces["S-1"])
    middle = corner.hidden.parts[0].representative_point()
    usable = shapely.union_all(list(corner.hidden.parts))
    inside = shapely.contains_xy(usable, room.xy)
    away_m = np.where(inside, np.hypot(*(room.xy - (middle.x, middle.y)).T), np.inf)
    assert room.of("slot") == room.slots[np.argmin(away_m)]
    assert room.xy_of(room.of("slot"))[0] > 4.0  # the larger piece lies away from the door
    assert not room.of("slot_needs_cover")
    assert room.corners.goal_slot[room.space] == room.of("slot")
    assert room.of("concealed_m2")[0] == pytest.approx(corner.hidden.usable_m2, abs=0.0)


def test_a_mirrored_room_has_the_mirrored_corner():
    def at(start: float, off: float, shelf: float) -> Room:
        line = LineString([(start, -0.1), (start + 0.9, -0.1)])
        tall = piece("F", box(shelf, 2.0, shelf + 1.5, 2.5), 2.0)
        return Room(school(door(line=line, glazing_off_m=off), furniture=(tall,)))

    ours, theirs = at(1.0, 0.2, 4.5), at(6.1, -0.2, 2.0)

    def mirrored(room: Room, name: str) -> dict[tuple[float, float], Any]:
        return {
            (round(8.0 - x, 2), round(y, 2)): value
            for (x, y), value in zip(room.xy.tolist(), room.of(name).tolist(), strict=True)
        }

    def straight(room: Room, name: str) -> dict[tuple[float, float], Any]:
        return {
            (round(x, 2), round(y, 2)): value
            for (x, y), value in zip(room.xy.tolist(), room.of(name).tolist(), strict=True)
        }

    for name in ("seen_open", "seen_closed", "seen_covered"):
        assert mirrored(ours, name) == straight(theirs, name)
    (x, y), (mirror_x, mirror_y) = ours.xy_of(ours.of("slot")), theirs.xy_of(theirs.of("slot"))
    assert (mirror_x, mirror_y) == pytest.approx((8.0 - x, y), abs=0.003)
    walks, mirror_walks = mirrored(ours, "metres_m"), straight(theirs, "metres_m")
    for place, metres in walks.items():
        assert mirror_walks[place] == pytest.approx(metres, abs=0.01)


def test_a_corner_that_only_covers_give_is_marked_so():
    blind = window("P-2", 0.5, 7.5, cover="blind", cover_default="open", cover_close_s=20.0)
    room = Room(school(door(), blind))
    assert room.of("slot") >= 0
    assert room.of("slot_needs_cover")
    assert room.of("concealed_m2")[0] == 0.0
    assert room.of("capacity_low").tolist()[0] == 0
    assert room.of("capacity_low").tolist()[1] > 24
    assert room.of("corner_default") == 0
    own = room.corners.corner_slots_of(room.space)
    assert len(own) > 24
    assert room.of("slot") in own.tolist()
    assert room.corners.seen_closed[own].all()
    assert not room.corners.seen_covered[own].any()


def test_concealed_slots_keep_the_spread_order_those_without_covers_first():
    blind = window("P-2", 0.0, 1.5, cover="blind", cover_default="open")
    room = Room(school(door(glazing="none", glazing_w_m=None), blind))
    own, first = room.corners.corner_slots_of(room.space), int(room.of("corner_default"))
    assert 0 < first < len(own)
    assert (np.diff(own[:first]) > 0).all()
    assert (np.diff(own[first:]) > 0).all()
    assert not room.corners.seen_closed[own[:first]].any()


def test_without_a_corner_people_go_where_least_is_seen_farthest_from_the_door():
    open_front = door(kind="opening", glazing=None, width_m=7.6,
                      line=LineString([(0.2, -0.1), (7.8, -0.1)]))  # fmt: skip
    room = Room(school(open_front, door(id="P-2", line=LineString([(-0.1, 0.2), (-0.1, 1.1)]))))
    assert room.of("slot") == -1
    assert room.of("capacity_high").tolist() == [0, 0]
    counts = sum(
        room.corners.seen_through(a).astype(int)
        for a in room.corners.apertures_of(room.space)
        if room.corners.aperture_kind[a] != APERTURE_DOORWAY
    )
    least = np.flatnonzero(counts == counts.min())
    doors = np.array([(4.0, 0.0), (0.0, 0.65)])
    away_m = np.hypot(*(room.xy[least][:, None] - doors[None]).T).min(axis=0)
    fallback = int(room.of("fallback_slot")) - int(room.slots[0])
    assert fallback in least.tolist()
    assert away_m[least.tolist().index(fallback)] == pytest.approx(away_m.max())
    assert room.corners.goal_slot[room.space] == room.of("fallback_slot")
    assert room.of("metres_m")[fallback] == 0.0


def test_walks_to_the_corner_go_round_furniture():
    wall = piece("F", box(2.0, 0.0, 2.2, 5.0), 0.8)
    glass = door(line=LineString([(0.5, -0.1), (1.4, -0.1)]), glazing="full", glazing_w_m=0.7)
    room = Room(school(glass, furniture=(wall,)))
    goal = room.xy_of(room.corners.goal_slot[room.space])
    assert goal[0] > 2.2
    near = int(np.argmin(np.hypot(*(room.xy - (1.0, 0.4)).T)))
    x, y = room.xy[near].tolist()
    round_the_end = (
        math.dist((x, y), (2.0, 5.0)) + 0.2 + math.dist((2.2, 5.0), goal)
    )  # fmt: skip
    assert room.of("metres_m")[near] == pytest.approx(round_the_end, abs=0.005)
    assert room.of("metres_m")[near] > math.dist((x, y), goal) + 1.0


def test_walks_reach_into_every_cell_of_a_large_room():
    hall = box(0.0, 0.0, 24.0, 12.0)
    room = Room(school(door(), room=hall))
    assert len(np.unique(room.compiled.slot_cell[room.slots])) > 1
    goal = room.xy_of(room.corners.goal_slot[room.space])
    assert room.of("metres_m") == pytest.approx(np.hypot(*(room.xy - goal).T))


# doors and covers


def test_doors_are_listed_with_the_side_in_the_room():
    plan = school(
        door(),
        door(id="P-0", from_space="S-C", to_space="S-1",
             line=LineString([(6.0, -0.1), (6.9, -0.1)])),
        window("P-2", 1, 3),
    )  # fmt: skip
    room = Room(plan)
    doors = room.corners.doors_of(room.space)
    assert [room.compiled.gate_ids[g] for g in doors] == ["P-0", "P-1"]
    first = room.corners.door_start[room.space]
    assert room.corners.door_inside[first : first + 2].tolist() == [1, 0]
    assert room.of("can_close")


@pytest.mark.parametrize("kind", ["opening", "virtual"])
def test_a_room_with_a_way_in_that_has_no_leaf_cannot_be_closed(kind):
    gap = door(id="P-2", kind=kind, glazing=None, line=LineString([(6.0, -0.1), (6.9, -0.1)]))
    room = Room(school(door(), gap))
    assert not room.of("can_close")
    assert [room.compiled.gate_ids[g] for g in room.corners.doors_of(room.space)] == ["P-1"]
    rows = room.corners.apertures_of(room.space)
    (row,) = [a for a in rows if room.corners.aperture_kind[a] == APERTURE_OPENING]
    assert room.corners.aperture_gate[row] == room.compiled.gate_index("P-2")


def test_the_time_to_draw_covers_is_the_sum_of_those_that_are_open():
    blinds = {"cover": "blind", "cover_default": "open"}

    def closing(*windows: Any) -> tuple[bool, float]:
        room = Room(school(door(), *windows))
        return bool(room.of("can_cover")), float(room.of("cover_close_s"))

    one = window("P-2", 0, 2, **blinds, cover_close_s=20.0)
    two = window("P-3", 3, 5, **blinds, cover_close_s=5.0)
    drawn = window("P-4", 6, 7, cover="blind", cover_default="closed", cover_close_s=7.0)
    assert closing(one, two, drawn) == (True, 25.0)
    assert closing(drawn) == (False, 0.0)
    assert closing(window("P-2", 0, 2)) == (False, 0.0)
    can, seconds = closing(one, window("P-3", 3, 5, **blinds))
    assert can
    assert math.isnan(seconds)


def test_rooms_restrooms_and_places_to_walk_through_are_told_apart():
    toilet = Space("S-2", "L1", "room", "toilet", box(8.2, 0, 10, 6))
    lobby = Space("S-3", "L1", "hall", "other", box(-6, 0, -0.2, 6))
    plan = school(
        door(),
        door(id="P-2", from_space="S-2", line=LineString([(8.5, -0.1), (9.4, -0.1)])),
        door(id="P-3", from_space="S-3", line=LineString([(-1.9, -0.1), (-1.0, -0.1)])),
        more=(toilet, lobby),
    )
    room = Room(plan)
    by_id = {
        id_: (bool(room.corners.is_room[s]), bool(room.corners.is_restroom[s]),
              bool(room.corners.looked_into[s]))
        for s, id_ in enumerate(room.compiled.space_ids)
    }  # fmt: skip
    assert by_id == {
        "S-1": (True, False, True),
        "S-2": (False, True, True),
        "S-3": (False, False, True),
        "S-C": (False, False, False),
    }
    corridor = room.compiled.slots_of(room.compiled.space_index("S-C"))
    assert room.corners.seen_covered[corridor].all()


# what cannot be


def test_arrays_of_another_plan_are_refused():
    plan = school(door())
    other = dataclasses.replace(plan, sha256="f" * 64)
    with pytest.raises(ValueError, match="the compiled plan is 'test-school' , expected"):
        compile_corners(other, compile_plan(plan))


@pytest.mark.parametrize("changed", [{"doors": "open"}, {"covers": "closed"}])
def test_rules_that_open_or_cover_are_refused(changed):
    plan = school(door())
    with pytest.raises(ValueError, match="doors 'closed' and covers 'as found', got"):
        compile_corners(plan, compile_plan(plan), rules=SightRules(**changed))


# laws


@pytest.fixture(scope="module", params=SCHOOLS)
def built(request: pytest.FixtureRequest) -> tuple[Plan, CompiledPlan, CompiledCorners]:
    plan = load_plan(f"builtin:{request.param}")
    compiled = compile_plan(plan)
    return plan, compiled, compile_corners(plan, compiled)


def test_less_is_seen_the_more_is_closed_and_drawn(built):
    _, _, corners = built
    assert not (corners.seen_covered & ~corners.seen_closed).any()
    assert not (corners.seen_closed & ~corners.seen_open).any()
    assert (corners.concealed_m2[0] <= corners.concealed_m2[1] + 1e-9).all()
    assert (corners.capacity_low <= corners.capacity_high).all()


def test_places_and_areas_are_those_of_the_hard_corner_table(built):
    plan, compiled, corners = built
    for row, covers in enumerate(("as found", "closed")):
        for room in rooms_with_people(plan)[:: 3 if plan.id == "birch-high" else 1]:
            s = compiled.space_index(room.id)
            corner = hard_corner(plan, room, rules=SightRules(covers=covers))
            assert corners.concealed_m2[row, s] == corner.hidden.usable_m2
            assert corners.capacity_low[row, s] == corner.capacity("roomy")
            assert corners.capacity_high[row, s] == corner.capacity("tight")


def test_the_command_prints_the_same_places(capsys):
    plan = load_plan("builtin:maple-elementary")
    compiled = compile_plan(plan)
    corners = compile_corners(plan, compiled)
    for row, covers in enumerate(("as-found", "closed")):
        main(["corners", "builtin:maple-elementary", "--covers", covers, "--json"])
        rooms = json.loads(capsys.readouterr().out)["rooms"]
        assert len(rooms) > 20
        for room in rooms:
            s = compiled.space_index(room["room"])
            places = room["places_if_all_adults"]
            said = (corners.capacity_low[row, s], corners.capacity_high[row, s])
            assert said == (places["roomy"], places["tight"])


def test_the_corner_is_out_of_sight_and_its_slots_lie_in_the_room(built):
    _, compiled, corners = built
    some = np.flatnonzero(corners.slot >= 0)
    assert len(some) > 15
    assert not corners.seen_covered[corners.slot[some]].any()
    assert not corners.seen_closed[corners.slot[some[~corners.slot_needs_cover[some]]]].any()
    for s in range(len(compiled.space_ids)):
        slots, own = compiled.slots_of(s), corners.corner_slots_of(s)
        assert np.isin(own, slots).all()
        assert len(np.unique(own)) == len(own)
        assert (corners.slot[s] >= 0) == (len(own) > 0)
        assert corners.slot[s] in own.tolist() or len(own) == 0
        assert not corners.seen_covered[own].any()
        assert corners.fallback_slot[s] in slots.tolist()


def test_nobody_walks_less_than_the_straight_line_to_the_corner(built):
    _, compiled, corners = built
    xy = compiled.slot_xy.reshape(-1, 2)
    space = compiled.cell_space[compiled.slot_cell]
    goal = corners.goal_slot[space]
    straight_m = np.hypot(*(xy - xy[goal]).T)
    assert np.isfinite(corners.metres_m).all()
    assert (corners.metres_m >= straight_m - 0.005).all()
    assert (corners.metres_m[corners.goal_slot] == 0.0).all()


def test_what_is_seen_is_what_is_seen_through_some_aperture(built):
    _, compiled, corners = built
    doorway = corners.aperture_kind == APERTURE_DOORWAY
    states = {
        "seen_open": ~corners.aperture_covered,
        "seen_closed": ~corners.aperture_covered & ~doorway,
        "seen_covered": ~corners.aperture_coverable & ~doorway,
    }
    for name, looking in states.items():
        for s in np.flatnonzero(corners.looked_into):
            slots = compiled.slots_of(s)
            seen = np.zeros(len(slots), dtype=bool)
            for a in corners.apertures_of(s):
                assert len(corners.seen_through(a)) == len(slots)
                seen |= corners.seen_through(a) & looking[a]
            assert (getattr(corners, name)[slots] == seen).all()


def test_every_door_of_a_room_lies_in_it_with_one_side(built):
    plan, compiled, corners = built
    for s, id_ in enumerate(compiled.space_ids):
        first, end = corners.door_start[s : s + 2]
        gates, inside = corners.door_gate[first:end], corners.door_inside[first:end]
        assert (np.diff(gates) > 0).all()
        cells = compiled.side_cell[2 * gates + inside]
        assert (compiled.cell_space[cells] == s).all()
        ways = [p for p in plan.portals_of(id_) if p.id in compiled.gate_portal]
        leaves = [p.id for p in ways if p.kind in ("door", "exit", "gate")]
        assert [compiled.gate_portal[g] for g in gates] == sorted(leaves)
        assert corners.can_close[s] == (len(leaves) == len(ways))


def test_the_same_plan_gives_the_same_bytes_and_nobody_can_change_them(built):
    plan, compiled, corners = built
    again = compile_corners(plan, compiled)
    for entry in dataclasses.fields(CompiledCorners):
        one, other = getattr(corners, entry.name), getattr(again, entry.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype, entry.name
            assert one.tobytes() == other.tobytes(), entry.name
            assert not one.flags.writeable, entry.name
        else:
            assert one == other


@settings(max_examples=25, deadline=None)
@given(
    start=st.floats(0.2, 6.9),
    glass=st.floats(0.08, 0.7),
    depth=st.floats(0.05, 0.4),
    pane=st.tuples(st.floats(0.0, 3.5), st.floats(0.5, 4.0)),
    shelf=st.tuples(st.floats(0.5, 6.0), st.floats(0.5, 4.0), st.sampled_from([0.8, 2.0])),
    cover=st.sampled_from(["none", "blind"]),
)
def test_in_any_room_the_states_are_in_order_and_the_corner_is_dark(
    start, glass, depth, pane, shelf, cover
):
    line = LineString([(start, -0.1), (start + 0.9, -0.1)])
    x, y, height = shelf
    room = Room(
        school(
            door(line=line, glazing_w_m=glass, wall_t_m=depth),
            window("P-2", pane[0], pane[0] + pane[1], cover=cover, cover_default="open"),
            furniture=(piece("F", box(x, y, x + 1.2, y + 0.8), height),),
        )
    )
    assert (room.of("seen_covered") <= room.of("seen_closed")).all()
    assert (room.of("seen_closed") <= room.of("seen_open")).all()
    usable = [hard_corner(room.plan, room.plan.spaces["S-1"], rules=SightRules(covers=c)).hidden
              for c in ("as found", "closed")]  # fmt: skip
    assert room.of("concealed_m2").tolist() == [hidden.usable_m2 for hidden in usable]
    slot = int(room.of("slot"))
    if slot >= 0:
        assert not room.corners.seen_covered[slot]
        parts = usable[int(room.of("slot_needs_cover"))].parts
        assert shapely.union_all(list(parts)).covers(shapely.Point(room.xy_of(slot)))
    goal = room.xy_of(room.corners.goal_slot[room.space])
    assert (room.of("metres_m") >= np.hypot(*(room.xy - goal).T) - 0.005).all()
