"""A wing of classrooms in lockdown, responders who come to it, and how far they have to walk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from support.lockdowns import CONSTANT, classrooms, incident, orders, people, simulation, times

from scenarios.responders import door_slots, slot_at
from sim import Distribution, Roster, RunResult
from sim.kernels.backend import Backend
from sim.protocols import (
    Action,
    Directive,
    Doors,
    ReleaseTeam,
    Responders,
    ResponderTimes,
    Unit,
)

PLAN = classrooms(3)
COMPILED, CORNERS = PLAN[1], PLAN[2]
SPEED_MPS = 1.25
DOOR_SLOTS = door_slots(COMPILED, CORNERS)
WEST, EAST = COMPILED.exit_gates.tolist()
RELEASE_S = 200.0
STEPS = (
    Directive(0.0, Action.LOCKDOWN),
    Directive(RELEASE_S, Action.RELEASE, released_by="door_to_door"),
)


def room(name: str) -> int:
    """Return a space by its id."""
    return COMPILED.space_index(name)


def with_units(roster: Roster, *sizes: int) -> tuple[Roster, list[tuple[int, ...]]]:
    """Return a roster with responders at the yard behind everybody else, and the rows of each."""
    n = sum(sizes)
    first = roster.n_people
    rows = []
    for size in sizes:
        rows.append(tuple(range(first, first + size)))
        first += size
    none = np.full(n, -1, dtype=np.int64)
    return replace(
        roster,
        person_ids=(*roster.person_ids, *(f"responder/{i:02d}" for i in range(n))),
        role=(*roster.role, *["responder"] * n),
        profile=(*roster.profile, *["unimpaired"] * n),
        space=np.append(roster.space, none),
        group=np.append(roster.group, none),
        start_xy=np.concatenate([roster.start_xy, np.full((n, 2), np.nan)]),
        exit_gate=np.append(roster.exit_gate, none),
        speed_of=np.append(roster.speed_of, np.zeros(n, dtype=np.int64)),
        pre_movement_of=np.append(roster.pre_movement_of, np.zeros(n, dtype=np.int64)),
        listed_pre_movement_s=np.append(roster.listed_pre_movement_s, np.full(n, np.nan)),
        stair_down=np.append(roster.stair_down, np.ones(n)),
        stair_up=np.append(roster.stair_up, np.ones(n)),
        start_place=np.append(roster.outdoors, np.zeros(n, dtype=np.int64)),
    ), rows


def unit(people: tuple[int, ...], **changes: Any) -> Unit:
    """Return a unit that comes by the western door, with every time nothing unless said."""
    said: dict[str, Any] = {
        "name": f"unit of {len(people)}",
        "people": people,
        "travel_s": CONSTANT(0.0),
        "on_site": False,
        "entry_gate": WEST,
        "entry_slot": slot_at(COMPILED, changes.get("entry_gate", WEST)),
        "access": "key",
        "access_s": CONSTANT(0.0),
        "find_door_s": CONSTANT(0.0),
        "keys": True,
    }
    return Unit(**(said | changes))


def responders(units: Sequence[Unit], **changes: Any) -> Responders:
    """Return responders for whom finding, knocking and fetching take no time unless said."""
    said: dict[str, Any] = {
        "units": tuple(units),
        "dispatched_s": 0.0,
        "door_slots": DOOR_SLOTS,
        "numbered": np.ones(len(COMPILED.space_ids), dtype=np.bool_),
        "find_room_s": (CONSTANT(0.0), CONSTANT(0.0)),
        "knock_s": CONSTANT(0.0),
        "fetch_key_s": CONSTANT(0.0),
    }
    return Responders(**(said | changes))


def teams(*units: Unit) -> tuple[ReleaseTeam, ...]:
    """Return each unit as a team of its own."""
    return tuple(ReleaseTeam(one.people, one.keys, unit=n) for n, one in enumerate(units))


def locked_outside(doors: Doors) -> Doors:
    """Return doors of which the exterior ones are locked from the start."""
    locked = doors.locked.copy()
    locked[[WEST, EAST]] = True
    return replace(doors, locked=locked)


def run(
    roster: Roster,
    coming: Responders,
    *,
    steps: Sequence[Directive] = STEPS,
    seconds: Mapping[str, Distribution] | None = None,
    locked: bool = False,
    end_s: float = 3600.0,
    **changes: Any,
) -> tuple[RunResult, ResponderTimes]:
    """Run an incident with responders; return its result and what became of them."""
    said = orders(PLAN, roster, steps, seconds=seconds, responders=coming, **changes)
    if locked:
        said = replace(said, doors=locked_outside(said.doors))
    result = incident(COMPILED, roster, said, end_s=end_s)
    got = times(result).responders
    assert got is not None
    return result, got


def run_with(backend: Backend, roster: Roster, coming: Responders) -> RunResult:
    """Run the usual incident on one of the two kernels."""
    said = orders(PLAN, roster, STEPS, responders=coming)
    return simulation(COMPILED, roster, said, end_s=3600.0, backend=backend).run(0)


def full(number: int = 4, *, hall: int = 0) -> Roster:
    """Return a class in every room, and people in the hall."""
    names = [name for name in COMPILED.space_ids if name[0] in "NS"]
    return people(COMPILED, dict.fromkeys(names, number) | ({"C1": hall} if hall else {}))


def way_in_m(gate: int) -> float:
    """Return the metres from the yard to the standing place inside an exterior door."""
    outside = next(s for s in (2 * gate, 2 * gate + 1) if COMPILED.side_cell[s] == COMPILED.outside)
    slot = slot_at(COMPILED, gate)
    yard = COMPILED.place_m[COMPILED.place_start[0] + COMPILED.side_local[outside]]
    inside = COMPILED.slot_m[COMPILED.slot_start[slot] + COMPILED.side_local[outside ^ 1]]
    return float(yard + inside)


def way_m(from_slot: int, to_slot: int) -> float:
    """Return the metres between two standing places of the corridor, cell by cell."""
    cells = [int(COMPILED.slot_cell[slot]) for slot in (from_slot, to_slot)]
    if cells[0] == cells[1]:
        xy = COMPILED.slot_xy.reshape(-1, 2)
        return float(np.hypot(*(xy[from_slot] - xy[to_slot])))
    step = 1 if cells[1] > cells[0] else -1
    metres, before = 0.0, -1
    for cell in range(cells[0], cells[1], step):
        gate = _cut(cell, cell + step)
        side = 2 * gate if COMPILED.side_cell[2 * gate] == cell else 2 * gate + 1
        if before < 0:
            start = COMPILED.slot_start[from_slot]
            metres += COMPILED.slot_m[start + COMPILED.side_local[side]]
        else:
            n = int(np.diff(COMPILED.cell_sides_start)[cell])
            at = COMPILED.hop_start[cell] + COMPILED.side_local[before] * n
            metres += COMPILED.hop_m[at + COMPILED.side_local[side]]
        before = side ^ 1
    end = COMPILED.slot_start[to_slot]
    return float(metres + COMPILED.slot_m[end + COMPILED.side_local[before]])


def _cut(one: int, other: int) -> int:
    sides = COMPILED.side_cell.reshape(-1, 2)
    both = {one, other}
    return next(g for g, pair in enumerate(sides.tolist()) if set(pair) == both)
