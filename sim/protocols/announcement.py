"""One announcement: which action, in which words, how often it is said, and what counts as zero."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.protocols.directives import NO_ACTION, Action
from sim.protocols.listeners import CommunicationDraws

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Wording: TypeAlias = Literal["plain", "code"]
TimeZero: TypeAlias = Literal["start", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """An action that is announced to a building.

    Attributes
    ----------
    action : int
        Index into `Action`.
    decided_s : float
        When the initiator has decided, in seconds of the incident; inf if nobody ever does.
    saying_s : float
        Seconds that saying it once takes.
    times : int
        How often it is said.
    pause_s : float
        Seconds between two sayings.
    wording : {"plain", "code"}
        Plain language, or a code word that the listener has to know.
    time_zero : {"start", "end"}
        What times of a drill are counted from: when the first word is said, or the last.
    taken_for : int
        The action that somebody understands who misunderstands it; -1 if they understand nothing.
    number : int
        Its place in the timeline: draws of different announcements are independent.
    """

    action: int
    decided_s: float
    saying_s: float
    times: int
    pause_s: float = 0.0
    wording: Wording = "plain"
    time_zero: TimeZero = "start"
    taken_for: int = NO_ACTION
    number: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.action < len(Action):
            raise ValueError(f"announcement.action: expected 0 to {len(Action) - 1}")
        if not NO_ACTION <= self.taken_for < len(Action) or self.taken_for == self.action:
            raise ValueError("announcement.taken_for: expected another action, or -1")
        if math.isnan(self.decided_s) or self.decided_s < 0:
            raise ValueError(f"announcement.decided_s: expected >= 0, got {self.decided_s}")
        for name in ("saying_s", "pause_s"):
            value = getattr(self, name)
            if not 0 <= value < math.inf:
                raise ValueError(f"announcement.{name}: expected finite and >= 0, got {value}")
        if self.times < 1:
            raise ValueError(f"announcement.times: expected >= 1, got {self.times}")

    @property
    def length_s(self) -> float:
        """Seconds from the first word to the last.

        Examples
        --------
        >>> Announcement(action=2, decided_s=0, saying_s=4.0, times=2).length_s
        8.0
        """
        return self.saying_s * self.times + self.pause_s * (self.times - 1)

    def caught_s(self, missed: float, share: Floats) -> Floats:
        """Return seconds from the first word until a saying has been heard to its end.

        Parameters
        ----------
        missed : float
            Probability that one saying goes unheard; sayings are independent.
        share : ndarray
            Uniform numbers in (0, 1), one for each listener.

        Returns
        -------
        ndarray
            inf for who misses every saying.

        Examples
        --------
        >>> said_twice = Announcement(action=2, decided_s=0, saying_s=4, times=2, pause_s=1)
        >>> said_twice.caught_s(0.1, np.array([0.5, 0.05, 0.005])).tolist()
        [4.0, 9.0, inf]
        """
        if missed <= 0.0:
            gone = np.zeros(share.shape)
        elif missed >= 1.0:
            gone = np.full(share.shape, np.inf)
        else:
            gone = np.floor(np.log(share) / math.log(missed))
        heard = self.saying_s + gone * (self.saying_s + self.pause_s)
        return np.where(gone < self.times, heard, np.inf)


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """How often an announcement is misunderstood by those whom it reaches.

    Attributes
    ----------
    plain, code : float
        Probability in plain language, and in code words.
    """

    plain: float
    code: float

    def __post_init__(self) -> None:
        for name in ("plain", "code"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"misunderstood.{name}: expected 0 to 1")

    def actions(
        self, announcement: Announcement, wording: Wording, by: str, draws: CommunicationDraws
    ) -> Ints:
        """Return the action that each space understands, shape (S,).

        Plain words are misunderstood for reasons of the moment, so every channel and announcement
        has a draw of its own. Whether a room knows the code words is the same for every channel and
        every announcement: who does not know them over the loudspeaker does not by radio either.

        Parameters
        ----------
        announcement : Announcement
        wording : {"plain", "code"}
        by : str
            Name of the channel.
        draws : CommunicationDraws
        """
        if wording == "code":
            share, chance = draws.for_spaces("knows the code words"), self.code
        else:
            purpose = f"understands {by} {announcement.number}"
            share, chance = draws.for_spaces(purpose), self.plain
        return np.where(share < chance, announcement.taken_for, announcement.action)
