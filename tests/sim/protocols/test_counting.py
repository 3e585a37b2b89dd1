"""Roll calls of an evacuation: who calls when, who is missing, and when all are accounted for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.lockdowns import CONSTANT, classrooms, incident, orders, people, rooms_of, times

from sim import RunResult
from sim.protocols import Action, Directive
from sim.protocols.accountability_orders import INSIDE, WHEREABOUTS, AccountabilityOrders
from sim.protocols.roll_call import CountingErrors

PLAN = classrooms(3)
COMPILED = PLAN[1]
FULL = {COMPILED.space_ids[room]: 5 for room in rooms_of(COMPILED)}


def counted(
    missed: float = 0.0, *, searchers: float = 2.0, stuck: bool = False, gather_s: float = 60.0
) -> tuple[Any, RunResult]:
    """Run an evacuation in which rolls take 30 s, reports 10 s, notes 5 s, and 20 s to ask again.

    With ``stuck`` the people of one room never hear the alarm; finding somebody inside takes 300 s.
    """
    roster = people(COMPILED, FULL)
    n, k = roster.n_people, len(roster.groups.ids)
    accountability = AccountabilityOrders(
        group=roster.group,
        at_place_s=np.full(n, np.inf),
        whereabouts=np.full(n, INSIDE),
        stands_with=np.full(n, -1),
        surfaces_s=np.full(n, np.inf),
        roll_from_s=np.full(k, np.inf),
        roll_call_s=CONSTANT(30.0),
        report_s=CONSTANT(10.0),
        record_s=CONSTANT(5.0),
        recheck_s=CONSTANT(20.0),
        search_s={name: CONSTANT(300.0) for name in WHEREABOUTS[1:]},
        errors=CountingErrors(missed, 0.0, 0.0),
        recorders=float("inf"),
        searchers=searchers,
    )
    said = orders(
        PLAN,
        roster,
        (Directive(0.0, Action.EVACUATE),),
        accountability=accountability,
        gather_s=gather_s,
    )
    if stuck:
        said.hears_delay_s[COMPILED.space_index("N00")] = np.inf
    return roster, incident(COMPILED, roster, said, end_s=3000.0)


def test_all_are_accounted_for_once_the_last_report_is_noted() -> None:
    _, result = counted()
    assert result.group_accounted_s == pytest.approx(result.group_assembled_s + 45.0)
    assert times(result).all_accounted_s[0] == pytest.approx(result.group_accounted_s.max())
    assert times(result).false_missing[0] == 0


def test_who_is_missed_by_mistake_is_asked_for_again() -> None:
    roster, result = counted(missed=1.0, searchers=float("inf"))
    got = times(result)
    assert got.false_missing[0] == roster.n_people
    assert got.all_accounted_s[0] == pytest.approx(result.group_accounted_s.max() + 20.0)


def test_without_a_searcher_the_missing_are_never_found() -> None:
    _, result = counted(missed=1.0, searchers=0.0)
    assert np.isinf(times(result).all_accounted_s[0])


def test_a_class_whose_teacher_never_comes_out_calls_no_roll() -> None:
    roster, result = counted(stuck=True)
    silent = roster.groups.ids.index("class N00")
    assert np.isinf(result.group_accounted_s[silent])
    assert np.isfinite(np.delete(result.group_accounted_s, silent)).all()
    assert np.isinf(times(result).all_accounted_s[0])
