"""When each place hears a directive, and what it takes it for: plain delays, or the channels."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Event

from sim.conductor import Incident
from sim.protocols.directives import Directive
from sim.protocols.dispatch_alert import AlertTimes, alert_times
from sim.protocols.initiation import (
    InitiationTimes,
    draw_initiation,
    initiate,
    initiation_by,
)
from sim.protocols.listeners import CommunicationDraws
from sim.protocols.orders import ProtocolOrders

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Hearing:
    """When a directive is heard, in seconds of the incident.

    Attributes
    ----------
    time_s : ndarray, shape (S',)
        When each space first understands anything; inf never.
    action : ndarray of int, shape (S',)
        What it understands, an index into `Action`.
    right_s : ndarray, shape (S',)
        When it understands what was meant; inf never.
    outdoors_s : ndarray, shape (P,)
        When people at each place outdoors understand it.
    zero_s : float
        What times of a drill are counted from.
    """

    time_s: Floats
    action: Ints
    right_s: Floats
    outdoors_s: Floats
    zero_s: float


class Announcer:
    """Makes the announcements of one replica.

    Parameters
    ----------
    incident : Incident
    orders : ProtocolOrders
    seed, replica : int
    hazard_reported : Event
        Happens when a hazard is first reported; its value is the `HazardReport`.
    """

    def __init__(
        self,
        incident: Incident,
        orders: ProtocolOrders,
        *,
        seed: int,
        replica: int,
        hazard_reported: Event,
    ) -> None:
        self._hazard_reported = hazard_reported
        self._incident, self._orders = incident, orders
        self._seed, self._replica = seed, replica
        self.initiated: InitiationTimes | None = None
        self.alert: AlertTimes | None = None
        self.alerted = incident.event()

    def wait_for(self, directive: Directive, turn: int) -> Generator[Event, Any, float]:
        """Wait until a directive is decided; the value is when that is, inf for never.

        The first one comes as soon as somebody who may has decided it, and not before its time;
        all others at their times, after the first. A directive that follows the report of a hazard
        counts from there, and what is recognised is then the hazard, by whoever reports it.
        """
        communication = self._orders.communication
        from_s, report = 0.0, None
        if directive.after_report:
            report = yield self._hazard_reported
            from_s = report.time_s
        if communication is not None and communication.initiation is not None and turn == 0:
            draws = CommunicationDraws(communication.listeners, self._seed, self._replica)
            initiation = communication.initiation
            if report is not None:
                initiation = initiation_by(
                    initiation, time_s=report.time_s, space=report.space, role=report.role
                )
            drawn = draw_initiation(initiation, draws)
            self.initiated = yield self._incident.process(
                initiate(self._incident, initiation, drawn)
            )
            if communication.alert is not None:
                self.alert = alert_times(communication.alert, self.initiated, draws)
                self.alerted.succeed(self.alert.dispatched_s)
            if math.isinf(self.initiated.decided_s):
                return math.inf
        yield self._incident.timeout(max(0.0, from_s + directive.at_s - self._incident.now))
        return float(self._incident.now)

    def hearing(self, directive: Directive, turn: int, decided_s: float) -> Hearing:
        """Return when every place hears a directive that is decided at a time."""
        orders, communication = self._orders, self._orders.communication
        if communication is None:
            time_s = decided_s + orders.hears_delay_s
            return Hearing(
                time_s=time_s,
                action=np.full(len(time_s), int(directive.action)),
                right_s=time_s,
                outdoors_s=decided_s + orders.hears_outdoors_s,
                zero_s=decided_s,
            )
        said = communication.announcement(directive.action, decided_s=decided_s, number=turn)
        heard = communication.heard(said, seed=self._seed, replica=self._replica)
        return Hearing(
            time_s=np.maximum(heard.time_s, decided_s),
            action=heard.action,
            right_s=np.maximum(heard.right_s, decided_s),
            outdoors_s=np.maximum(heard.outdoors_s, decided_s),
            zero_s=heard.zero_s,
        )
