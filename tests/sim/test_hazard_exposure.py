"""Laws of exposure: longer spans never less; covered glass, and doors shut sooner, never more."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.corner_rooms import door, school

from buildings import CompiledCorners, CompiledPlan, compile_corners, compile_plan
from buildings.compiled_corners import APERTURE_DOORWAY, APERTURE_GLASS
from sim import Hazard
from sim.hazard_exposure import (
    ANYWHERE,
    Pieces,
    Views,
    seconds_in_region,
    seconds_in_view,
    views_onto,
)
from sim.stays import Stays

END_S = 100.0
SECONDS = st.floats(0.0, END_S)


@cache
def room() -> tuple[CompiledPlan, CompiledCorners]:
    """Return a classroom with a door whose glass has a blind, beside a corridor."""
    plan = school(door(cover="blind", cover_default="open"))
    compiled = compile_plan(plan)
    return compiled, compile_corners(plan, compiled)


def corridor() -> Hazard:
    """Return a hazard in the corridor."""
    compiled, _ = room()
    space = compiled.space_index("S-C")
    cells = tuple(np.flatnonzero(compiled.cell_space == space).tolist())
    return Hazard("smoke", cells, 0.0)


@st.composite
def standing(draw: st.DrawFn) -> Pieces:
    """Draw where people stand in the classroom, from when until when."""
    compiled, _ = room()
    slots = [ANYWHERE, *compiled.slots_of(compiled.space_index("S-1")).tolist()]
    rows = draw(st.lists(st.tuples(st.sampled_from(slots), SECONDS, SECONDS), max_size=6))
    return Pieces(
        np.full(len(rows), compiled.space_index("S-1")),
        np.array([slot for slot, _, _ in rows], dtype=np.int64),
        np.array([min(a, b) for _, a, b in rows]),
        np.array([max(a, b) for _, a, b in rows]),
    )


def views(*, shut_s: float, covered_s: float) -> Views:
    """Return what is seen through the door: open until one time, its glass covered from another."""
    compiled, corners = room()
    spans = {compiled.gate_index("P-1"): [(0.0, shut_s)]} if shut_s > 0 else {}
    covered = np.full(len(compiled.space_ids), covered_s)
    return views_onto(compiled, corners, corridor(), open_spans=spans, covered_s=covered)


def seconds(pieces: Pieces, seen: Views, from_s: float, until_s: float) -> float:
    """Return the person-seconds in view."""
    found = seconds_in_view(*room(), pieces, seen, from_s=from_s, until_s=until_s)
    return float(found.sum())


@settings(deadline=None)
@given(
    pieces=standing(), ends=st.lists(SECONDS, min_size=4, max_size=4), shut=SECONDS, cover=SECONDS
)
def test_a_longer_span_never_gives_less(
    pieces: Pieces, ends: list[float], shut: float, cover: float
):
    first, second, third, last = sorted(ends)
    seen = views(shut_s=shut, covered_s=cover)
    inner = seconds(pieces, seen, second, third)
    assert 0.0 <= inner <= seconds(pieces, seen, first, last) + 1e-9
    assert inner <= len(pieces.slot) * (third - second) + 1e-9


@settings(deadline=None)
@given(pieces=standing(), shut=SECONDS, covers=st.tuples(SECONDS, SECONDS))
def test_glass_that_is_covered_sooner_never_shows_more(
    pieces: Pieces, shut: float, covers: tuple[float, float]
):
    sooner, later = (
        seconds(pieces, views(shut_s=shut, covered_s=at), 0.0, END_S) for at in sorted(covers)
    )
    assert sooner <= later + 1e-9


@settings(deadline=None)
@given(pieces=standing(), shuts=st.tuples(SECONDS, SECONDS))
def test_a_door_that_is_shut_sooner_never_shows_more_once_its_glass_is_covered(
    pieces: Pieces, shuts: tuple[float, float]
):
    sooner, later = (
        seconds(pieces, views(shut_s=at, covered_s=0.0), 0.0, END_S) for at in sorted(shuts)
    )
    assert sooner <= later + 1e-9


@settings(deadline=None)
@given(pieces=standing(), span=st.tuples(SECONDS, SECONDS), shut=SECONDS)
def test_two_spans_side_by_side_add_up(pieces: Pieces, span: tuple[float, float], shut: float):
    middle, last = sorted(span)
    seen = views(shut_s=shut, covered_s=np.inf)
    parts = seconds(pieces, seen, 0.0, middle) + seconds(pieces, seen, middle, last)
    assert parts == pytest.approx(seconds(pieces, seen, 0.0, last), abs=1e-9)


def test_nobody_is_in_view_of_a_door_that_is_shut_and_covered():
    compiled, _ = room()
    slots = compiled.slots_of(compiled.space_index("S-1"))
    everywhere = Pieces(
        np.full(len(slots), compiled.space_index("S-1")),
        slots,
        np.zeros(len(slots)),
        np.full(len(slots), END_S),
    )
    assert seconds(everywhere, views(shut_s=0.0, covered_s=0.0), 0.0, END_S) == 0.0


def test_a_known_case_by_hand():
    """Two people: one walks about from 0 to 50 s, one stands out of sight of the glass.

    The door stands open until 20 s, its glass is covered at 30 s: 30 s for the first; the second is
    seen as long as the open door shows that place.
    """
    compiled, corners = room()
    space = compiled.space_index("S-1")
    kinds = corners.aperture_kind[corners.apertures_of(space)].tolist()
    doorway, glass = kinds.index(APERTURE_DOORWAY), kinds.index(APERTURE_GLASS)
    only_open = np.flatnonzero(corners.seen_through(doorway) & ~corners.seen_through(glass))
    slot = int(compiled.slots_of(space)[only_open[0]])
    pieces = Pieces(
        np.array([space, space]),
        np.array([ANYWHERE, slot]),
        np.zeros(2),
        np.array([50.0, 50.0]),
    )
    seen = views(shut_s=20.0, covered_s=30.0)
    assert seconds(pieces, seen, 0.0, END_S) == pytest.approx(30.0 + 20.0)
    assert seconds(pieces, seen, 10.0, 25.0) == pytest.approx(15.0 + 10.0)


def test_a_door_onto_another_space_shows_nothing_of_a_region_elsewhere():
    compiled, corners = room()
    own = tuple(np.flatnonzero(compiled.cell_space == compiled.space_index("S-1")).tolist())
    inside = Hazard("smoke", own, 0.0)
    spans = {compiled.gate_index("P-1"): [(0.0, np.inf)]}
    never = np.full(len(compiled.space_ids), np.inf)
    found = views_onto(compiled, corners, inside, open_spans=spans, covered_s=never)
    assert not len(found.aperture), "who is in the room of a region is counted as in it"


def test_time_in_a_region_is_the_overlap_of_stay_and_span():
    compiled, _ = room()
    cell = corridor().cells[0]
    stays = Stays(
        np.array([0, 1, 1]),
        np.array([cell, compiled.outside, cell]),
        np.array([0.0, 0.0, 30.0]),
        np.array([100.0, 30.0, 100.0]),
        np.array([True, True, False]),
    )
    hazard = Hazard("smoke", corridor().cells, 20.0, 50.0)
    inside, beside = seconds_in_region(compiled, hazard, stays)
    assert inside[compiled.space_index("S-C")] == pytest.approx(30.0 + 20.0)
    assert inside.sum() + beside.sum() == pytest.approx(50.0)
