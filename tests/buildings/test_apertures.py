"""Every place where a room can be looked into, and what is said where facts are missing."""

from __future__ import annotations

from typing import Any

import pytest
from shapely import LineString, affinity, box
from support.corner_rooms import ROOM, door, school, window

from buildings.apertures import RoomApertures, SightRules, place_tunnel, room_apertures


def found(*portals: Any, rules: SightRules | None = None, **plan: Any) -> RoomApertures:
    built = school(*portals, **plan)
    return room_apertures(built, built.spaces["S-1"], rules)


def test_the_glass_of_a_door_lies_where_the_facts_say():
    (glass,) = found(door(glazing_off_m=0.25)).apertures
    assert glass.tunnel.near_left == pytest.approx((4.2, 0.0))
    assert glass.tunnel.near_right == pytest.approx((4.3, 0.0))
    assert glass.tunnel.far_left == pytest.approx((4.2, -0.2))
    assert glass.tunnel.inward == pytest.approx((0.0, 1.0))
    assert (glass.kind, glass.beyond, glass.outward) == ("door glass", "S-C", False)


def test_offsets_run_along_the_line_of_the_portal():
    turned = door(line=LineString([(4.45, -0.1), (3.55, -0.1)]), glazing_off_m=0.25)
    (glass,) = found(turned).apertures
    assert glass.tunnel.near_left == pytest.approx((3.7, 0.0))


def test_a_door_without_glass_is_no_aperture_until_it_stands_open():
    solid = door(glazing="none", glazing_w_m=None)
    assert found(solid) == RoomApertures((), (), ())
    (way,) = found(solid, rules=SightRules(doors="open")).apertures
    assert way.kind == "open door"
    assert way.tunnel.width_m == pytest.approx(0.9)
    assert not way.can_be_covered


def test_each_leaf_of_a_pair_has_its_glass():
    pair = door(leaves=2, width_m=1.8, line=LineString([(3.1, -0.1), (4.9, -0.1)]),
                glazing_off_m=None)  # fmt: skip
    first, second = found(pair).apertures
    assert (first.tunnel.near_left[0], second.tunnel.near_left[0]) == pytest.approx((3.5, 4.4))
    assert found(pair).assumed == ()


def test_missing_facts_are_said_and_never_read_as_no_glass():
    assert found(door(glazing=None)).unknown == ("glass of P-1 (glazing)",)
    assert found(door(glazing_w_m=None)).unknown == ("width of the glass of P-1 (glazing_w)",)
    assert found(door(glazing="panel+sidelight")).unknown == (
        "place of the sidelight of P-1 (draw it as a window)",
    )
    astray = door(line=LineString([(13.55, -0.1), (14.45, -0.1)]))
    assert found(astray).unknown == ("place of P-1 (its line does not lie at the room's wall)",)


def test_a_sidelight_that_is_drawn_is_an_aperture_of_its_own():
    light = window("P-2", 4.6, 4.9, to_space="S-C", line=LineString([(4.6, -0.1), (4.9, -0.1)]),
                   wall_t_m=0.2)  # fmt: skip
    both = found(door(glazing="panel+sidelight"), light)
    assert [a.id for a in both.apertures] == ["P-1", "P-2"]
    assert both.unknown == ()


def test_what_is_assumed_shows_more_and_is_said():
    bare = found(door(wall_t_m=None, cover=None, glazing_off_m=None))
    assert bare.apertures[0].tunnel.depth_m == pytest.approx(0.15)
    assert not bare.apertures[0].covered
    assert bare.assumed == (
        "glass of P-1 in the middle of the leaf",
        "walls not stated are 0.15 m thick (assumed)",
        "no cover at P-1 (cover not stated)",
    )
    said = found(door(wall_t_m=None), defaults={"wall_t": 0.24})
    assert said.apertures[0].tunnel.depth_m == pytest.approx(0.24)
    assert said.assumed == ("walls not stated are 0.24 m thick (the building's default)",)


@pytest.mark.parametrize(
    ("cover", "default", "covers", "expected"),
    [
        ("none", None, "closed", False),
        ("unknown", None, "closed", False),
        ("blind", "open", "as found", False),
        ("blind", "closed", "as found", True),
        ("blind", None, "as found", False),
        ("film", None, "as found", True),
        ("paper", "closed", "open", False),
        ("blind", "open", "closed", True),
    ],
)
def test_covers(cover: Any, default: Any, covers: Any, expected: bool):
    (glass,) = found(
        door(cover=cover, cover_default=default), rules=SightRules(covers=covers)
    ).apertures
    assert glass.covered is expected
    assert glass.cover == cover


def test_windows_to_the_open_air_count_on_every_level_unless_asked_otherwise():
    pane = window("P-2", 1.0, 3.0)
    rules = SightRules(upper_windows=False)
    assert len(found(pane, ordinal=1).apertures) == 1
    assert found(pane, ordinal=1, rules=rules).apertures == ()
    assert len(found(pane, ordinal=0, rules=rules).apertures) == 1
    (seen,) = found(pane).apertures
    assert seen.outward
    assert seen.tunnel.inward == pytest.approx((0.0, -1.0))
    assert seen.tunnel.near_left == pytest.approx((3.0, 6.0))


def test_openings_and_lines_without_a_wall():
    free = door(kind="opening", glazing=None, line=LineString([(1.0, -0.1), (7.0, -0.1)]))
    (way,) = found(free).apertures
    assert (way.kind, way.tunnel.width_m) == ("opening", pytest.approx(6.0))
    shared = door(kind="virtual", glazing=None, line=LineString([(1.0, 0.0), (7.0, 0.0)]))
    (line,) = found(shared).apertures
    assert line.tunnel.depth_m == pytest.approx(0.001)


def test_glass_of_a_thin_leaf():
    (glass,) = found(door(), rules=SightRules(glass_depth_m=0.045)).apertures
    assert glass.tunnel.depth_m == pytest.approx(0.045)
    with pytest.raises(ValueError, match=r"at least 0\.001"):
        SightRules(glass_depth_m=0.0)


@pytest.mark.parametrize("degrees", [0.0, 17.0, 90.0, 211.0])
@pytest.mark.parametrize("lift", [-0.19, -0.1, 0.0, 0.08])
def test_a_tunnel_begins_at_the_floor_wherever_its_line_was_drawn(degrees: float, lift: float):
    line = LineString([(2.0, lift), (3.0, lift)])
    turned = [affinity.rotate(g, degrees, origin=(0, 0)) for g in (ROOM, line)]
    tunnel = place_tunnel(turned[0], turned[1], 0.1, 0.4, 0.2)
    assert tunnel is not None
    back = affinity.rotate(LineString([tunnel.near_left, tunnel.near_right]), -degrees,
                           origin=(0, 0))  # fmt: skip
    assert list(back.coords[0]) == pytest.approx([2.4, 0.0], abs=1e-9)
    assert list(back.coords[1]) == pytest.approx([2.8, 0.0], abs=1e-9)
    assert tunnel.depth_m == pytest.approx(0.2)


def test_no_tunnel_where_no_floor_lies_at_the_line():
    assert place_tunnel(box(0, 0, 1, 1), LineString([(5, 5), (6, 5)]), 0.0, 0.5, 0.2) is None
    assert place_tunnel(ROOM, LineString([(2, 3), (3, 3)]), 0.0, 0.5, 0.2) is None
