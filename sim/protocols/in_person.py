"""Channels without any device: a runner who goes from room to room, and seeing it for oneself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Distribution
from sim.protocols.announcement import Announcement, Misunderstood
from sim.protocols.channels import Flags, Message, begins_s, check_chance
from sim.protocols.listeners import CommunicationDraws

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Runner:
    """Somebody who walks from room to room in a stated order and tells each of them.

    A room knows at the set-up time plus metres over speed, plus the telling of every room so far,
    its own among them. The order does not depend on who knows already. Corridors that the runner
    passes are not told unless they are in the order.

    Attributes
    ----------
    name : str
        One for each runner.
    set_up_s : Distribution
        From the decision until they set off.
    fails : float
        Probability that nobody is there to go.
    order : ndarray of int, shape (k,)
        Spaces in the order in which they are told.
    along_m : ndarray, shape (k,)
        Metres walked until each of them, see `tour_metres`; inf from the first that has no way.
    speed_mps : Distribution
        The same on stairs, whose metres are along the slope.
    tell_s : float
        Seconds that telling one room takes.
    misunderstood : Misunderstood
    """

    name: str
    set_up_s: Distribution
    fails: float
    order: Ints
    along_m: Floats
    speed_mps: Distribution
    tell_s: float
    misunderstood: Misunderstood

    def __post_init__(self) -> None:
        check_chance(fails=self.fails)
        if self.order.shape != self.along_m.shape:
            raise ValueError(
                f"{self.name}: {len(self.order)} rooms and {len(self.along_m)} distances"
            )
        if not 0 <= self.tell_s < math.inf:
            raise ValueError(f"{self.name}: tell_s must be finite and >= 0, got {self.tell_s}")
        if float(self.speed_mps.ppf(0.0)) <= 0:
            raise ValueError(f"{self.name}: speed_mps must be > 0")

    def message(self, announcement: Announcement, draws: CommunicationDraws) -> Message:
        """Return when each room is told."""
        begins = begins_s(announcement, self.name, self.set_up_s, self.fails, draws)
        speed = float(self.speed_mps.ppf(draws.once(f"{self.name} speed {announcement.number}")))
        told = np.arange(1, len(self.order) + 1) * self.tell_s
        told_s = np.full(draws.listeners.n_spaces, np.inf)
        np.minimum.at(told_s, self.order, begins + self.along_m / speed + told)
        words = self.misunderstood.actions(announcement, announcement.wording, self.name, draws)
        last = told_s[np.isfinite(told_s)].max(initial=begins) - begins if begins < math.inf else 0
        return Message.of(told_s, words, from_s=begins, length_s=float(last))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DirectCue:
    """People in and next to the place of an event who notice it and do what is then announced.

    It does not depend on anybody's decision, and goes no further than those spaces: word of mouth
    from room to room is not modelled.

    Attributes
    ----------
    event_s : float
        When the event begins.
    seen : ndarray of bool, shape (S,)
        The space of the event and those next to it, see `next_to`.
    notices : float
        Probability that people in such a space notice it and know what to do.
    notice_s : Distribution
        For each space, from the event until they do.
    number : int
        The announcement that it makes known beforehand.
    """

    event_s: float
    seen: Flags
    notices: float
    notice_s: Distribution
    number: int = 0
    name: str = "direct_cue"

    def __post_init__(self) -> None:
        check_chance(notices=self.notices)
        if not 0 <= self.event_s < math.inf:
            raise ValueError(f"{self.name}: event_s must be finite and >= 0, got {self.event_s}")

    def message(self, announcement: Announcement, draws: CommunicationDraws) -> Message:
        """Return which spaces notice it, and when."""
        seen = self.seen & (draws.for_spaces(f"notices {self.name}") < self.notices)
        if announcement.number != self.number:
            seen = np.zeros_like(seen)
        time_s = self.event_s + self.notice_s.ppf(draws.for_spaces(f"{self.name} delay"))
        words = np.full(draws.listeners.n_spaces, announcement.action)
        return Message.of(np.where(seen, time_s, np.inf), words, from_s=math.inf, length_s=0.0)
