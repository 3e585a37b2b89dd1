"""What a planner should know before a run: when nobody gets out any more, and who needs help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, TypeAlias

import numpy as np

from buildings import CompiledPlan, Plan
from scenarios.door_states import reach_at_first
from scenarios.moment_said import MomentName
from scenarios.moment_words import moment_words
from scenarios.orders import Ordered
from scenarios.reach import reach_of
from sim import DoorOrder, Roster, shut_sides

ROOMS_NAMED: Final = 5

Cut: TypeAlias = tuple[float, set[int]]
"""A time, and the spaces from which no exit can be reached from then on."""


def notes_of(
    plan: Plan,
    compiled: CompiledPlan,
    roster: Roster,
    ordered: Ordered,
    *,
    moment: MomentName = "class",
) -> tuple[str, ...]:
    """Return one line for everything worth knowing about where people are and who may not leave."""
    return (
        *moment_words(plan, compiled, roster, moment),
        *_cut_off(plan, compiled, roster, ordered),
        *_need_help(plan, compiled, roster),
    )


def _cut_off(plan: Plan, compiled: CompiledPlan, roster: Roster, ordered: Ordered) -> Iterable[str]:
    """Say from when on no exit can be reached from some spaces, and who is there at the start."""
    spaces = range(len(compiled.space_ids))
    people = Counter(roster.space.tolist())
    given: list[DoorOrder] = list(ordered.of_plan)
    first = reach_at_first(plan, compiled)
    cut = [(0.0, {space for space in spaces if not first.exits_from(space)})]
    orders = [order for _, door in ordered.doors for order in door]
    changes = sorted(orders, key=lambda order: order.at_s)
    for at_s, together in groupby(changes, key=lambda order: order.at_s):
        given += together
        reach = reach_of(compiled, shut=shut_sides(given))
        cut.append((at_s, {space for space in spaces if not reach.exits_from(space)}))
    for (_, before), (at_s, now), later in zip(cut, cut[1:], _tails(cut[2:]), strict=False):
        more = sorted(now - before)
        if more:
            where = "any room" if len(now) == len(spaces) else named_rooms(plan, compiled, more)
            n = sum(people[space] for space in more)
            who = f", where {n} people are at the start" if n else ""
            until = next((then for then, still in later if not still & set(more)), None)
            when = f"from {at_s:g} s on" if until is None else f"from {at_s:g} to {until:g} s"
            yield f"{when}, no exit can be reached from {where}{who}"


def _tails(entries: Sequence[Cut]) -> Iterable[Sequence[Cut]]:
    """Yield what follows each entry of a list, the whole of it first, at the end nothing."""
    return (entries[number:] for number in range(len(entries) + 1))


def _need_help(plan: Plan, compiled: CompiledPlan, roster: Roster) -> Iterable[str]:
    """Say who cannot use a stair and has no way to an exit without one."""
    able = roster.abilities
    if able is None or not able.level_only.any():
        return
    reach = reach_at_first(plan, compiled, level_only=True)
    rooms = np.unique(roster.space[able.level_only & (roster.space >= 0)]).tolist()
    stranded = [room for room in rooms if not reach.exits_from(room)]
    if stranded:
        n = int((able.level_only & np.isin(roster.space, stranded)).sum())
        where = named_rooms(plan, compiled, stranded)
        yield (
            f"{n} {'person' if n == 1 else 'people'} in {where} cannot use a stair alone, and no "
            "exit can be reached from there without one"
        )


def named_rooms(plan: Plan, compiled: CompiledPlan, rooms: list[int]) -> str:
    """Return what rooms are called, the first few of them."""
    names = [plan.spaces[compiled.space_ids[room]].called for room in rooms[:ROOMS_NAMED]]
    rest = len(rooms) - len(names)
    return ", ".join(names) + (f" and {rest} more rooms" if rest else "")
