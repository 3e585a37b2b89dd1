"""Say where people are when the incident begins, if not all are in the rooms they belong to."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from buildings import CompiledPlan, Plan
from scenarios.moment_said import MomentName
from sim import Roster


def moment_words(
    plan: Plan, compiled: CompiledPlan, roster: Roster, moment: MomentName
) -> Iterable[str]:
    """Yield lines on the time of day and on people outdoors; none where all are in class.

    Examples
    --------
    A line reads ``lunch: of 342 people 233 are in rooms, 86 in the cafeteria, 23 in halls``.
    """
    uses = [_kind(plan, space_id) for space_id in compiled.space_ids]
    where = [uses[row] if row >= 0 else "outdoors" for row in roster.space.tolist()]
    if moment != "class":
        shown = ", ".join(f"{where.count(kind)} {kind}" for kind in KINDS if where.count(kind))
        stay = _left_over(plan, compiled, roster) if moment == "assembly" else ""
        yield f"{moment}: of {roster.n_people} people {shown}{stay}"
    n = where.count("outdoors")
    if n:
        who = "person is" if n == 1 else "people are"
        yield f"{n} {who} outdoors from the start, and count as out from 0 s on"


KINDS = (
    "in rooms", "in halls and on landings", "in restrooms", "in the cafeteria",
    "in the auditorium", "in the gym", "in yards", "outdoors",
)  # fmt: skip
"""Kinds of places that are told apart, in the order in which they are named."""

_BY_USE = {
    "toilet": "in restrooms",
    "cafeteria": "in the cafeteria",
    "auditorium": "in the auditorium",
    "gym": "in the gym",
    "circulation": "in halls and on landings",
    "vestibule": "in halls and on landings",
}


def _kind(plan: Plan, space_id: str) -> str:
    space = plan.spaces[space_id]
    return "in yards" if space.kind == "outdoor" else _BY_USE.get(space.use, "in rooms")


def _left_over(plan: Plan, compiled: CompiledPlan, roster: Roster) -> str:
    """Say how many classes are not at the assembly."""
    venues = [
        row
        for row, space_id in enumerate(compiled.space_ids)
        if plan.spaces[space_id].use in ("auditorium", "gym")
    ]
    groups = roster.groups
    led = np.flatnonzero(groups.leader >= 0)
    stay = int((~np.isin(roster.space[groups.leader[led]], venues)).sum())
    stay += len(groups.ids) - len(led)
    if not stay:
        return ""
    return f"; {stay} of {len(groups.ids)} classes stay in their rooms"
