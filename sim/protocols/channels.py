"""The channels of a school: what each needs to start, whom it reaches, when, and how it fails.

Every channel gives a `Message`. A channel that is down is down for the whole incident. All draws
are keyed by the name of the channel, so one more channel moves nothing of the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Distribution
from sim.protocols.announcement import Announcement, Misunderstood
from sim.protocols.directives import NO_ACTION
from sim.protocols.listeners import CommunicationDraws

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """What one channel brings to S spaces, places outdoors among them.

    Attributes
    ----------
    time_s : ndarray, shape (S,)
        When each space understands something, in seconds of the incident; inf for never.
    action : ndarray of int, shape (S,)
        What it understands, -1 nothing.
    from_s, to_s : float
        When the first and the last word is said, or the signal given; inf for never.
    """

    time_s: Floats
    action: Ints
    from_s: float
    to_s: float

    @classmethod
    def of(cls, time_s: Floats, action: Ints, *, from_s: float, length_s: float) -> Message:
        """Make a message; who understands nothing is not reached, and the other way round."""
        lost = ~np.isfinite(time_s) | (action == NO_ACTION)
        return cls(
            np.where(lost, np.inf, time_s),
            np.where(lost, NO_ACTION, action),
            from_s,
            from_s + length_s,
        )


class Channel(Protocol):
    """A way in which an announcement gets to people."""

    @property
    def name(self) -> str:
        """Name of the channel; the key of its draws."""
        ...

    def message(self, announcement: Announcement, draws: CommunicationDraws) -> Message:
        """Return what the channel brings, and when."""
        ...


def check_chance(**chances: float) -> None:
    """Refuse what is no probability.

    Raises
    ------
    ValueError
        With the name of the first that is not in 0 to 1.

    Examples
    --------
    >>> check_chance(fails=1.5)
    Traceback (most recent call last):
    ValueError: fails: expected 0 to 1, got 1.5
    """
    for name, chance in chances.items():
        if not 0 <= chance <= 1:
            raise ValueError(f"{name}: expected 0 to 1, got {chance}")


def begins_s(
    announcement: Announcement,
    name: str,
    set_up_s: Distribution,
    fails: float,
    draws: CommunicationDraws,
) -> float:
    """Return when a channel begins to speak: after its set-up, or never if it is down.

    Parameters
    ----------
    announcement : Announcement
    name : str
        Name of the channel.
    set_up_s : Distribution
        Seconds from the decision to the first word: walk to the microphone, unlock, dial.
    fails : float
        Probability that the channel is down during the whole incident.
    draws : CommunicationDraws
    """
    if draws.once(f"{name} is down") < fails:
        return math.inf
    share = draws.once(f"{name} set-up {announcement.number}")
    return announcement.decided_s + float(set_up_s.ppf(share))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PublicAddress:
    """Loudspeakers, zone by zone.

    A space understands it after the first saying that it does not miss, the delay of its zone and
    the time to attend to it.

    Attributes
    ----------
    set_up_s : Distribution
    fails : float
    audible : ndarray of bool, shape (S,)
        Where it can be heard; dead spots and silenced zones are False.
    zone_delay_s : ndarray, shape (S,)
        How much later the announcement is made in the zone of each space.
    perceive_s : Distribution
        From the end of a saying until people in a space know what is meant.
    missed : float
        Probability that a space misses one saying.
    misunderstood : Misunderstood
    """

    set_up_s: Distribution
    fails: float
    audible: Flags
    zone_delay_s: Floats
    perceive_s: Distribution
    missed: float
    misunderstood: Misunderstood
    name: str = "public_address"

    def __post_init__(self) -> None:
        check_chance(fails=self.fails, missed=self.missed)

    def message(self, announcement: Announcement, draws: CommunicationDraws) -> Message:
        """Return what is heard where, and when."""
        begins = begins_s(announcement, self.name, self.set_up_s, self.fails, draws)
        key = f"{self.name} {announcement.number}"
        heard_s = (
            begins
            + self.zone_delay_s
            + announcement.caught_s(self.missed, draws.for_spaces(f"misses {key}"))
            + self.perceive_s.ppf(draws.for_spaces(f"perceives {key}"))
        )
        words = self.misunderstood.actions(announcement, announcement.wording, self.name, draws)
        return Message.of(
            np.where(self.audible, heard_s, np.inf),
            words,
            from_s=begins,
            length_s=announcement.length_s,
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Signal:
    """A signal without words: a bell, or the lights and screens that a panic button sets off.

    People have to know what it stands for, so it counts as code whatever the wording.

    Attributes
    ----------
    name : str
    set_up_s : Distribution
    fails : float
    noticed : ndarray of bool, shape (S,)
        Where it can be heard or seen.
    actions : tuple of int
        The actions for which there is such a signal; others cannot be given.
    pattern_s : float
        Seconds until the pattern is complete.
    perceive_s : Distribution
        From then until people in a space know what is meant.
    misunderstood : Misunderstood
    """

    name: str
    set_up_s: Distribution
    fails: float
    noticed: Flags
    actions: tuple[int, ...]
    pattern_s: float
    perceive_s: Distribution
    misunderstood: Misunderstood

    def __post_init__(self) -> None:
        check_chance(fails=self.fails)
        if not 0 <= self.pattern_s < math.inf:
            raise ValueError(f"{self.name}: pattern_s must be finite and >= 0")

    def message(self, announcement: Announcement, draws: CommunicationDraws) -> Message:
        """Return what is noticed where, and when."""
        begins = math.inf
        if announcement.action in self.actions:
            begins = begins_s(announcement, self.name, self.set_up_s, self.fails, draws)
        share = draws.for_spaces(f"perceives {self.name} {announcement.number}")
        heard_s = begins + self.pattern_s + self.perceive_s.ppf(share)
        words = self.misunderstood.actions(announcement, "code", self.name, draws)
        return Message.of(
            np.where(self.noticed, heard_s, np.inf),
            words,
            from_s=begins,
            length_s=self.pattern_s,
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class App:
    """A message to the telephones and screens of staff; a space knows when its first one reads it.

    Attributes
    ----------
    set_up_s : Distribution
        Until the message has been sent.
    fails : float
    notices : float
        Share of the staff who carry a device and notice the message.
    delay_s : Distribution
        For each person, from sending until it has been read.
    misunderstood : Misunderstood
    """

    set_up_s: Distribution
    fails: float
    notices: float
    delay_s: Distribution
    misunderstood: Misunderstood
    name: str = "app"

    def __post_init__(self) -> None:
        check_chance(fails=self.fails, notices=self.notices)

    def message(self, announcement: Announcement, draws: CommunicationDraws) -> Message:
        """Return which spaces have somebody who reads it, and when."""
        begins = begins_s(announcement, self.name, self.set_up_s, self.fails, draws)
        key = f"{self.name} {announcement.number}"
        read_s = begins + self.delay_s.ppf(draws.for_staff(f"reads {key}"))
        read_s = np.where(draws.for_staff(f"notices {key}") < self.notices, read_s, np.inf)
        words = self.misunderstood.actions(announcement, announcement.wording, self.name, draws)
        heard_s = draws.listeners.by_space(read_s)
        return Message.of(heard_s, words, from_s=begins, length_s=0.0)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Radio:
    """Two-way radio to the staff who carry one; said like any spoken announcement.

    Attributes
    ----------
    set_up_s : Distribution
        Until the channel is free and the first word is said.
    fails : float
    carried : ndarray of bool, shape (M,)
        Who of the staff carries a radio.
    delay_s : Distribution
        For each person, from the end of a saying until they know what is meant.
    missed : float
        Probability that a person misses one saying.
    misunderstood : Misunderstood
    """

    set_up_s: Distribution
    fails: float
    carried: Flags
    delay_s: Distribution
    missed: float
    misunderstood: Misunderstood
    name: str = "radio"

    def __post_init__(self) -> None:
        check_chance(fails=self.fails, missed=self.missed)

    def message(self, announcement: Announcement, draws: CommunicationDraws) -> Message:
        """Return which spaces have somebody who hears it, and when."""
        begins = begins_s(announcement, self.name, self.set_up_s, self.fails, draws)
        key = f"{self.name} {announcement.number}"
        heard_s = (
            begins
            + announcement.caught_s(self.missed, draws.for_staff(f"misses {key}"))
            + self.delay_s.ppf(draws.for_staff(f"hears {key}"))
        )
        heard_s = draws.listeners.by_space(np.where(self.carried, heard_s, np.inf))
        words = self.misunderstood.actions(announcement, announcement.wording, self.name, draws)
        return Message.of(heard_s, words, from_s=begins, length_s=announcement.length_s)
