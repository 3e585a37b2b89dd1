"""What a planner should know before a run: when nobody gets out any more, and who needs help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Final

import numpy as np

from buildings import CompiledPlan, Plan
from scenarios.door_states import reach_at_first, shut_sides
from scenarios.find_place import called
from scenarios.orders import Ordered
from scenarios.reach import reach_of
from sim import DoorOrder, Roster

ROOMS_NAMED: Final = 5


def notes_of(
    plan: Plan, compiled: CompiledPlan, roster: Roster, ordered: Ordered
) -> tuple[str, ...]:
    """Return one line for everything worth knowing about who may not get out."""
    return (
        *_cut_off(plan, compiled, roster, ordered),
        *_need_help(plan, compiled, roster),
    )


def _cut_off(plan: Plan, compiled: CompiledPlan, roster: Roster, ordered: Ordered) -> Iterable[str]:
    """Say from when on no exit can be reached from rooms that have people at the start."""
    rooms = Counter(roster.space.tolist())
    given: list[DoorOrder] = list(ordered.of_plan)
    first = reach_at_first(plan, compiled)
    cut = {room for room in rooms if not first.exits_from(room)}
    changes = sorted((order for _, order in ordered.doors), key=lambda order: order.at_s)
    for at_s, together in groupby(changes, key=lambda order: order.at_s):
        given += together
        reach = reach_of(compiled, shut=shut_sides(given))
        before, cut = cut, {room for room in rooms if not reach.exits_from(room)}
        more = sorted(cut - before)
        people = sum(rooms[room] for room in more)
        if more and cut == set(rooms):
            yield f"from {at_s:g} s on, no exit can be reached from any room"
        elif more:
            yield (
                f"from {at_s:g} s on, no exit can be reached from {_named(plan, compiled, more)}, "
                f"where {people} people are at the start"
            )


def _need_help(plan: Plan, compiled: CompiledPlan, roster: Roster) -> Iterable[str]:
    """Say who cannot use a stair and has no way to an exit without one."""
    able = roster.abilities
    if able is None or not able.level_only.any():
        return
    reach = reach_at_first(plan, compiled, level_only=True)
    rooms = np.unique(roster.space[able.level_only]).tolist()
    stranded = [room for room in rooms if not reach.exits_from(room)]
    if stranded:
        n = int((able.level_only & np.isin(roster.space, stranded)).sum())
        yield (
            f"{n} {'person' if n == 1 else 'people'} in {_named(plan, compiled, stranded)} cannot "
            "use a stair alone, and no exit can be reached from there without one"
        )


def _named(plan: Plan, compiled: CompiledPlan, rooms: list[int]) -> str:
    names = [called(plan.spaces[compiled.space_ids[room]]) for room in rooms[:ROOMS_NAMED]]
    rest = len(rooms) - len(names)
    return ", ".join(names) + (f" and {rest} more rooms" if rest else "")
