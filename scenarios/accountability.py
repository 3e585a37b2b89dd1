"""How everybody is accounted for in a scenario, made into what is simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scenarios.behaviour import Choice
from scenarios.chosen_numbers import chosen_numbers
from scenarios.sourced_numbers import Number, sourced_numbers
from sim.protocols.accountability_orders import WHEREABOUTS, AccountabilityOrders
from sim.protocols.roll_call import CountingErrors

DEFAULTS: Final = "accountability_defaults.toml"


@dataclass(frozen=True, slots=True)
class AccountabilitySaid:
    """What a file says; ``numbers`` ("errors.missed" and the like) is over the defaults."""

    numbers: Mapping[str, Number] = field(default_factory=dict)


def accountability_of(
    said: AccountabilitySaid,
    *,
    group: NDArray[np.int64],
    at_place_s: NDArray[np.float64],
    whereabouts: NDArray[np.int64],
    stands_with: NDArray[np.int64],
    surfaces_s: NDArray[np.float64],
    roll_from_s: NDArray[np.float64],
) -> tuple[AccountabilityOrders, tuple[Choice, ...]]:
    """Return the accounting as it is simulated, and every number of it with its source.

    Parameters
    ----------
    said : AccountabilitySaid
    group, at_place_s, whereabouts, stands_with, surfaces_s : ndarray, shape (N,)
        As in `AccountabilityOrders`.
    roll_from_s : ndarray, shape (K,)

    Raises
    ------
    ValueError
        If the arrays do not fit together.
    """
    choices = chosen_numbers(sourced_numbers(DEFAULTS), said.numbers)
    number = {choice.name: choice.distribution for choice in choices}

    def one(name: str) -> float:
        return float(number[name].ppf(0.5))

    orders = AccountabilityOrders(
        group=group,
        at_place_s=at_place_s,
        whereabouts=whereabouts,
        stands_with=stands_with,
        surfaces_s=surfaces_s,
        roll_from_s=roll_from_s,
        roll_call_s=number["step.roll_call_s"],
        report_s=number["step.report_s"],
        record_s=number["step.record_s"],
        recheck_s=number["step.recheck_s"],
        search_s={name: number[f"search.{name}"] for name in WHEREABOUTS[1:]},
        errors=CountingErrors(
            missed=one("errors.missed"),
            counted_wrongly=one("errors.counted_wrongly"),
            extra_unnoticed=one("errors.extra_unnoticed"),
        ),
        recorders=one("post.recorders"),
        searchers=one("post.searchers"),
    )
    return orders, choices
