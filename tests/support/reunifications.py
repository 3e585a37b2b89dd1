"""Small reunifications and random ones, for tests."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim import Distribution
from sim.protocols.arrivals import ArrivalInterval, ArrivalIntervals
from sim.protocols.reunification_orders import (
    DESKS,
    DeskChange,
    ExceptionRule,
    ReunificationDraws,
    ReunificationOrders,
    reunification_draws,
)

AT_ONCE = Distribution.constant(0.0)
UNLIMITED = dict.fromkeys(DESKS, math.inf)


def orders(families: list[int] | np.ndarray, **changes: Any) -> ReunificationOrders:
    """Return a plan in which nothing takes time and everybody is at the site, with changes."""
    family = np.asarray(families, dtype=np.int64)
    n = len(family)
    usual = ReunificationOrders(
        family=family,
        leaves_s=np.zeros(n),
        ready_s=np.zeros(n),
        expected=np.ones(n, dtype=bool),
        arrivals=AT_ONCE,
        staff=UNLIMITED,
        greet_s=AT_ONCE,
        form_s=AT_ONCE,
        check_s=AT_ONCE,
        hand_over_s=AT_ONCE,
        record_s=AT_ONCE,
        absence_s=AT_ONCE,
        walk_there=AT_ONCE,
        walk_back=AT_ONCE,
    )
    return replace(usual, **changes)


def draws(n_families: int, seed: int = 1) -> ReunificationDraws:
    return reunification_draws(seed, 0, np.arange(n_families, dtype=np.uint64))


@st.composite
def busy_plans(draw: st.DrawFn) -> tuple[ReunificationOrders, ReunificationDraws]:
    """Return a plan with all that may happen: siblings, exceptions, absences, changing desks."""
    n_families = draw(st.integers(1, 25))
    extra = draw(st.lists(st.integers(0, n_families - 1), max_size=15))
    family = np.array([*range(n_families), *extra], dtype=np.int64)
    n = len(family)
    times = st.sampled_from([0.0, 60.0, 300.0, 900.0, math.inf])
    leaves = np.array(draw(st.lists(times, min_size=n, max_size=n)))
    later = np.array(draw(st.lists(times, min_size=n, max_size=n)))
    expected = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    staff = {desk: float(draw(st.integers(0, 3))) for desk in DESKS}
    shares = draw(st.lists(st.sampled_from([0.0, 0.1, 0.25]), min_size=4, max_size=4))
    kinds = ("no_id", "not_authorised", "custody_hold", "student_declines")
    desk_s = Distribution("uniform", (0.0, 300.0))
    rules = tuple(
        ExceptionRule(kind, share, desk_s, 0.5) for kind, share in zip(kinds, shares, strict=True)
    )
    changes = tuple(
        DeskChange(float(at_s), desk, float(number))
        for at_s, desk, number in draw(
            st.lists(
                st.tuples(st.integers(0, 1200), st.sampled_from(DESKS), st.integers(0, 3)),
                max_size=4,
            )
        )
    )
    arrivals = ArrivalIntervals((ArrivalInterval(0, 300, 0.3), ArrivalInterval(400, 900, 0.6)))
    step = Distribution("uniform", (0.0, 60.0))
    plan = orders(
        family,
        leaves_s=leaves,
        ready_s=leaves + later,
        expected=expected,
        arrivals=arrivals,
        staff=staff,
        greet_s=step,
        form_s=step,
        check_s=step,
        hand_over_s=step,
        record_s=step,
        absence_s=step,
        walk_there=step,
        walk_back=step,
        exceptions=rules,
        opens_s=float(draw(st.sampled_from([0, 100]))),
        changes=changes,
    )
    return plan, draws(n_families, draw(st.integers(0, 1000)))
