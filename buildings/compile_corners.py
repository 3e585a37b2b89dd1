"""From a plan to the arrays of its hard corners, which a lockdown refers to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from buildings.apertures import Aperture, SightRules
from buildings.compiled import CompiledPlan, Floats, Ints
from buildings.compiled_corners import (
    APERTURE_DOORWAY,
    APERTURE_GLASS,
    APERTURE_OPENING,
    APERTURE_WINDOW,
    BEYOND_OUTSIDE,
    BEYOND_UNWALKED,
    CompiledCorners,
    Flags,
)
from buildings.corner_places import CornerPlaces, corner_places, least_seen_place, metres_to
from buildings.corner_sight import RoomSight, has_cover, look_into
from buildings.hard_corner import HardCorner, people_stay, room_floor
from buildings.person_area import Density
from buildings.plan import Plan, Space

LOOKED_INTO: Final = ("room", "hall")
"""Kinds of space that have walls all around, so that a place in them can be out of sight."""
LEAVES: Final = ("door", "exit", "gate")
"""Kinds of portal that can be shut."""
APERTURE_KINDS: Final = {
    "open door": APERTURE_DOORWAY,
    "door glass": APERTURE_GLASS,
    "window": APERTURE_WINDOW,
    "opening": APERTURE_OPENING,
}


def compile_corners(
    plan: Plan, compiled: CompiledPlan, *, rules: SightRules | None = None
) -> CompiledCorners:
    """Compile the hard corners of every room into arrays.

    Parameters
    ----------
    plan : Plan
        The building.
    compiled : CompiledPlan
        The same building as the engine knows it; spaces, gates and slots are meant by its indices.
    rules : SightRules, optional
        Depth of the glass of doors, and whether windows of upper levels count. Doors and covers are
        looked at in every state, so the rules leave them closed and as found.

    Returns
    -------
    CompiledCorners

    Raises
    ------
    ValueError
        If the arrays were compiled from another plan, or the rules open doors or change covers.

    Notes
    -----
    Hidden floor and places are those of ``hallways plan corners``, for adults. The same plan gives
    the same arrays, byte for byte.
    """
    rules = rules or SightRules()
    if rules.doors != "closed" or rules.covers != "as found":
        raise ValueError(
            "compile_corners looks at open and closed doors and covers: expected rules with doors "
            f"'closed' and covers 'as found', got {rules.doors!r} and {rules.covers!r}"
        )
    if compiled.plan_sha256 != plan.sha256 or compiled.plan_id != plan.id:
        raise ValueError(
            f"the compiled plan is {compiled.plan_id!r} {compiled.plan_sha256[:12]}, expected "
            f"{plan.id!r} {plan.sha256[:12]}"
        )
    doors = _doors(plan, compiled)
    slot_xy = compiled.slot_xy.reshape(-1, 2)
    rooms = [
        _room(plan, plan.spaces[id_], slot_xy[compiled.slots_of(s)], doors.ways_xy[s], rules)
        for s, id_ in enumerate(compiled.space_ids)
    ]
    spaces = [plan.spaces[id_] for id_ in compiled.space_ids]
    firsts = compiled.slot_space_start[:-1]
    restroom = np.array([space.use == "toilet" for space in spaces], dtype=bool)
    chosen = _ints([room.corner.chosen for room in rooms])
    closing = [_closing(plan, room.sight) for room in rooms]
    apertures = [(s, a) for s, room in enumerate(rooms) for a in room.apertures]
    through = [row for room in rooms if room.sight is not None for row in room.sight.through]
    index_of = {id_: s for s, id_ in enumerate(compiled.space_ids)}
    gate_of = {portal: gates[0] for portal, gates in compiled.portal_gates.items()}
    corner_slots = [
        firsts[s] + np.concatenate((room.corner.as_usual, room.corner.once_drawn))
        for s, room in enumerate(rooms)
    ]
    return CompiledCorners(
        plan_id=plan.id,
        plan_sha256=plan.sha256,
        is_room=np.array([people_stay(space) for space in spaces], dtype=bool) & ~restroom,
        is_restroom=restroom,
        looked_into=np.array([room.sight is not None for room in rooms], dtype=bool),
        can_close=doors.can_close,
        known=np.array([r.sight is None or r.sight.default.known for r in rooms], dtype=bool),
        can_cover=np.array([can for can, _ in closing], dtype=bool),
        cover_close_s=np.array([seconds for _, seconds in closing], dtype=np.float64),
        concealed_m2=np.array(
            [[r.corner_m2(row) for r in rooms] for row in (0, 1)], dtype=np.float64
        ),
        capacity_low=_ints([[r.holds(row, "roomy") for r in rooms] for row in (0, 1)]),
        capacity_high=_ints([[r.holds(row, "tight") for r in rooms] for row in (0, 1)]),
        slot=np.where(chosen >= 0, firsts + chosen, -1),
        slot_needs_cover=np.array([room.corner.needs_cover for room in rooms], dtype=bool),
        fallback_slot=firsts + _ints([room.fallback for room in rooms]),
        metres_m=np.concatenate([room.metres_m for room in rooms]),
        corner_start=_offsets([len(slots) for slots in corner_slots]),
        corner_slots=np.concatenate(corner_slots).astype(np.int64),
        corner_default=_ints([len(room.corner.as_usual) for room in rooms]),
        seen_open=np.concatenate([room.seen("seen_open") for room in rooms]),
        seen_closed=np.concatenate([room.seen("seen_closed") for room in rooms]),
        seen_covered=np.concatenate([room.seen("seen_covered") for room in rooms]),
        door_start=doors.start,
        door_gate=doors.gate,
        door_inside=doors.inside,
        aperture_start=_offsets([len(room.apertures) for room in rooms]),
        aperture_portal=tuple(a.portal_id for _, a in apertures),
        aperture_kind=_ints([APERTURE_KINDS[a.kind] for _, a in apertures]),
        aperture_space=_ints([s for s, _ in apertures]),
        aperture_beyond=_ints(
            [
                BEYOND_OUTSIDE if a.outward else index_of.get(a.beyond, BEYOND_UNWALKED)
                for _, a in apertures
            ]
        ),
        aperture_gate=_ints([gate_of.get(a.portal_id, -1) for _, a in apertures]),
        aperture_coverable=np.array([has_cover(a) for _, a in apertures], dtype=bool),
        aperture_covered=np.array([a.covered for _, a in apertures], dtype=bool),
        aperture_close_s=np.array([_close_s(plan, a) for _, a in apertures], dtype=np.float64),
        aperture_seen_start=_offsets([len(row) for row in through]),
        aperture_seen=np.concatenate([*through, np.zeros(0, dtype=bool)]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Room:
    """One space: what is seen of it (None where it is not looked into) and where people go."""

    sight: RoomSight | None
    corner: CornerPlaces
    fallback: int
    metres_m: Floats

    @property
    def apertures(self) -> tuple[Aperture, ...]:
        return () if self.sight is None else self.sight.apertures

    def corner_m2(self, row: int) -> float:
        corner = self._corner(row)
        return 0.0 if corner is None else corner.hidden.usable_m2

    def holds(self, row: int, density: Density) -> int:
        corner = self._corner(row)
        return 0 if corner is None else corner.capacity(density)

    def seen(self, state: str) -> Flags:
        if self.sight is None:
            return np.ones(len(self.metres_m), dtype=bool)
        seen: Flags = getattr(self.sight, state)
        return seen

    def _corner(self, row: int) -> HardCorner | None:
        if self.sight is None:
            return None
        return self.sight.drawn if row else self.sight.default


def _room(plan: Plan, space: Space, places: Floats, ways_xy: Floats, rules: SightRules) -> _Room:
    none = np.zeros(0, dtype=np.int64)
    sight, corner = None, CornerPlaces(-1, False, none, none)
    seen_by = np.zeros(len(places), dtype=np.int64)
    if space.kind in LOOKED_INTO:
        sight = look_into(plan, space, places, rules)
        corner = corner_places(sight, places)
        seen_by = sight.seen_covered_by
    fallback = least_seen_place(seen_by, places, ways_xy)
    goal = corner.chosen if corner.chosen >= 0 else fallback
    free = sight.default.floor.free if sight else room_floor(plan, space).free
    return _Room(sight, corner, fallback, metres_to(space.polygon, free, places, goal))


@dataclass(frozen=True, slots=True, eq=False)
class _Doors:
    """Ways into each space: CSR of those with a leaf, middles of all, whether all have one."""

    start: Ints
    gate: Ints
    inside: Ints
    can_close: Flags
    ways_xy: tuple[Floats, ...]


def _doors(plan: Plan, compiled: CompiledPlan) -> _Doors:
    n = len(compiled.space_ids)
    side_space = compiled.cell_space[compiled.side_cell]
    side_xy = compiled.side_xy.reshape(-1, 2)
    doors: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    ways: list[list[int]] = [[] for _ in range(n)]
    can_close = np.ones(n, dtype=bool)
    for side, space in enumerate(side_space.tolist()):
        portal_id = compiled.gate_portal[side >> 1]
        if space < 0 or not portal_id:
            continue
        ways[space].append(side)
        if plan.portals[portal_id].kind in LEAVES:
            doors[space].append((side >> 1, side & 1))
        else:
            can_close[space] = False
    return _Doors(
        start=_offsets([len(own) for own in doors]),
        gate=_ints([gate for own in doors for gate, _ in own]),
        inside=_ints([inside for own in doors for _, inside in own]),
        can_close=can_close,
        ways_xy=tuple(side_xy[own] for own in ways),
    )


def _closing(plan: Plan, sight: RoomSight | None) -> tuple[bool, float]:
    """Return whether a room has covers to draw, and how long that takes, one after the other."""
    if sight is None:
        return False, 0.0
    waiting = [a for a in sight.apertures if has_cover(a) and not a.covered]
    portals = {a.portal_id: _close_s(plan, a) for a in waiting}  # leaves of a pair count once
    return bool(portals), math.fsum(portals.values())


def _close_s(plan: Plan, aperture: Aperture) -> float:
    seconds = plan.portals[aperture.portal_id].cover_close_s
    return math.nan if seconds is None or not has_cover(aperture) else seconds


def _offsets(counts: Sequence[int]) -> Ints:
    return np.cumsum([0, *counts], dtype=np.int64)


def _ints(values: Sequence[int] | Sequence[Sequence[int]]) -> Ints:
    return np.array(values, dtype=np.int64)
