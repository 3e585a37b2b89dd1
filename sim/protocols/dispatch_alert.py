"""The alert to the dispatcher: a path of its own beside the announcement to the building."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sim.distributions import Distribution
from sim.protocols.initiation import InitiationTimes
from sim.protocols.listeners import CommunicationDraws
from sim.protocols.message_way import MessageWay

Step: TypeAlias = Literal["recognised", "told", "decided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWay:
    """One way of alerting the dispatcher.

    Attributes
    ----------
    way : MessageWay
        Until the alert is with the call centre.
    after : {"recognised", "told", "decided"}
        The step of the initiation after which it is begun: a button is pressed by whoever
        recognises the event, the office calls once it knows.
    answered : bool
        Whether a call taker has to answer first; otherwise it goes straight to the dispatcher.
    """

    way: MessageWay
    after: Step
    answered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchAlert:
    """How the dispatcher is alerted.

    Attributes
    ----------
    ways : tuple of AlertWay
        All are begun, each after its step; in the order that settles ties.
    answer_s : Distribution
        Until the call centre answers.
    process_s : Distribution
        From then until units are sent.
    """

    ways: tuple[AlertWay, ...]
    answer_s: Distribution
    process_s: Distribution


@dataclass(frozen=True, slots=True)
class AlertTimes:
    """When the dispatcher knows, in seconds of the incident; inf for never.

    Attributes
    ----------
    alert_s : float
        When the first alert is with the call centre.
    answered_s, dispatched_s : float
        When the first one is answered, and units are sent on the first one.
    way : int
        Index into ``DispatchAlert.ways`` of the one that arrived first; -1 for none.
    """

    alert_s: float
    answered_s: float
    dispatched_s: float
    way: int


def alert_times(
    alert: DispatchAlert, initiated: InitiationTimes, draws: CommunicationDraws
) -> AlertTimes:
    """Return when the dispatcher knows.

    Nothing of it depends on the channels to the building, and one more way makes nothing later.

    Parameters
    ----------
    alert : DispatchAlert
    initiated : InitiationTimes
    draws : CommunicationDraws
    """
    answer_s = float(alert.answer_s.ppf(draws.once("the call centre answers")))
    process_s = float(alert.process_s.ppf(draws.once("the call is processed")))
    begun = {
        "recognised": initiated.recognised_s,
        "told": initiated.told_s,
        "decided": initiated.decided_s,
    }
    alert_s, answered_s, first = math.inf, math.inf, -1
    for number, one in enumerate(alert.ways):
        attempt = one.way.drawn("alerts the dispatcher", draws)
        if not attempt.works:
            continue
        arrives_s = begun[one.after] + attempt.takes_s
        if arrives_s < alert_s:
            alert_s, first = arrives_s, number
        answered_s = min(answered_s, arrives_s + (answer_s if one.answered else 0.0))
    return AlertTimes(alert_s, answered_s, answered_s + process_s, first)


def lognormal_with_mark(within_s: float, *, share: float, sigma: float) -> Distribution:
    r"""Return the lognormal distribution of which a share lies within a mark.

    A standard such as "90 % within 10 s" gives one number of a distribution that takes two; the
    spread is an assumption that has to be stated with it.

    Parameters
    ----------
    within_s : float
        The mark.
    share : float
        Share of all times within it, between 0 and 1.
    sigma : float
        Standard deviation of the natural logarithm.

    Notes
    -----
    The median is :math:`m\,e^{-\sigma z}` with the mark m and the standard normal quantile z of the
    share.

    Examples
    --------
    >>> answering = lognormal_with_mark(10.0, share=0.9, sigma=0.5)
    >>> round(answering.values[0], 2), round(float(answering.ppf(0.9)), 9)
    (5.27, 10.0)
    """
    from scipy import special  # heavy: only where a distribution is really made

    if not 0 < share < 1 or not 0 < within_s < math.inf:
        raise ValueError(f"expected a mark > 0 and a share in 0..1, got {within_s} and {share}")
    median = within_s * math.exp(-sigma * float(special.ndtri(share)))
    return Distribution("lognormal", (median, sigma))
