"""From an event to the decision: recognised, passed on to somebody who may announce, decided."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

import simpy

from sim.distributions import Distribution
from sim.protocols.listeners import CommunicationDraws
from sim.protocols.message_way import MessageWay, Try


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiation:
    """How it comes to the first announcement.

    Attributes
    ----------
    event_s : float
        When the event begins.
    space : int
        Where it is recognised, index into ``CompiledPlan.space_ids``.
    role : str
        Who recognises it.
    may_initiate : tuple of str
        Roles that may have an announcement made. Whoever recognises it and may, decides at once;
        anybody else tells an initiator first.
    recognise_s : Distribution
        From the event until somebody knows what it is.
    decide_s : Distribution
        From when an initiator knows until it is decided.
    ways : tuple of MessageWay
        How an initiator is told: tried one after the other, until one works.
    """

    event_s: float
    space: int
    role: str
    may_initiate: tuple[str, ...]
    recognise_s: Distribution
    decide_s: Distribution
    ways: tuple[MessageWay, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.event_s < math.inf:
            raise ValueError(f"initiation.event_s: expected finite and >= 0, got {self.event_s}")
        if not self.may_initiate:
            raise ValueError("initiation.may_initiate: expected at least one role")

    @property
    def decides_alone(self) -> bool:
        """Whether the person who recognises the event may have the announcement made."""
        return self.role in self.may_initiate


@dataclass(frozen=True, slots=True)
class InitiationDraws:
    """What is drawn for one replica: seconds to recognise and to decide, and each try."""

    recognise_s: float
    decide_s: float
    tries: tuple[Try, ...]


@dataclass(frozen=True, slots=True)
class InitiationTimes:
    """When the steps were done, in seconds of the incident; inf for what never was.

    Attributes
    ----------
    event_s, recognised_s : float
    told_s : float
        When an initiator knows; the same as recognised_s where they recognised it themselves.
    decided_s : float
        From when the channels are set up.
    way : int
        Index into ``Initiation.ways`` of the one that worked; -1 where none did or none was needed.
    """

    event_s: float
    recognised_s: float
    told_s: float
    decided_s: float
    way: int


def initiation_by(initiation: Initiation, *, time_s: float, space: int, role: str) -> Initiation:
    """Return how it comes to the announcement once somebody has recognised the event.

    How far a messenger has to go stays as it was.

    Parameters
    ----------
    time_s : float
        When it is recognised, in seconds of the incident.
    space : int
        Where, index into ``CompiledPlan.space_ids``.
    role : str
        By whom.
    """
    known = Distribution.constant(0.0)
    return replace(initiation, event_s=time_s, space=space, role=role, recognise_s=known)


def draw_initiation(initiation: Initiation, draws: CommunicationDraws) -> InitiationDraws:
    """Draw the times of one replica."""
    return InitiationDraws(
        recognise_s=float(initiation.recognise_s.ppf(draws.once("recognises the event"))),
        decide_s=float(initiation.decide_s.ppf(draws.once("decides"))),
        tries=tuple(way.drawn("tells an initiator", draws) for way in initiation.ways),
    )


def initiate(
    env: simpy.Environment, initiation: Initiation, drawn: InitiationDraws
) -> Generator[simpy.Event, Any, InitiationTimes]:
    """Go through the steps as a SimPy process, whose value is when they were done.

    Start it at the beginning of the incident, or when the event is known to have begun.
    """
    yield env.timeout(max(0.0, initiation.event_s - env.now))
    yield env.timeout(drawn.recognise_s)
    recognised_s = told_s = env.now
    worked = -1
    if not initiation.decides_alone:
        told_s = math.inf
        for way, attempt in enumerate(drawn.tries):
            if math.isinf(attempt.takes_s):
                continue
            yield env.timeout(attempt.takes_s)
            if attempt.works:
                told_s, worked = env.now, way
                break
    decided_s = math.inf
    if math.isfinite(told_s):
        yield env.timeout(drawn.decide_s)
        decided_s = env.now
    return InitiationTimes(initiation.event_s, recognised_s, told_s, decided_s, worked)


def initiation_times(initiation: Initiation, drawn: InitiationDraws) -> InitiationTimes:
    """Return the times of `initiate` without running it, to the last bit."""
    recognised_s = initiation.event_s + drawn.recognise_s
    told_s, worked = recognised_s, -1
    if not initiation.decides_alone:
        now, told_s = recognised_s, math.inf
        for way, attempt in enumerate(drawn.tries):
            if math.isfinite(attempt.takes_s):
                now += attempt.takes_s
                if attempt.works:
                    told_s, worked = now, way
                    break
    return InitiationTimes(
        initiation.event_s, recognised_s, told_s, told_s + drawn.decide_s, worked
    )
