"""One way of getting a message to one place: walk to it if need be, then try."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.distributions import Distribution
from sim.protocols.channels import check_chance
from sim.protocols.listeners import CommunicationDraws

AT_ONCE = Distribution.constant(0.0)
# Of use only where there is something to walk; ours.
AT_ONE_MPS = Distribution.constant(1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWay:
    """A way in which one person tells another: radio, telephone, on foot, a button.

    Attributes
    ----------
    name : str
    takes_s : Distribution
        Seconds until the other knows, or until it is clear that it does not work.
    fails : float
        Probability that it does not work.
    walk_m : float
        Metres to walk first: to the other person, to the telephone, to the button; inf if there is
        no way, and then it is not tried.
    speed_mps : Distribution
        Walking speed, of use where there is something to walk.
    """

    name: str
    takes_s: Distribution = AT_ONCE
    fails: float = 0.0
    walk_m: float = 0.0
    speed_mps: Distribution = AT_ONE_MPS

    def __post_init__(self) -> None:
        check_chance(fails=self.fails)
        if math.isnan(self.walk_m) or self.walk_m < 0:
            raise ValueError(f"{self.name}: walk_m must be >= 0, got {self.walk_m}")
        if float(self.speed_mps.ppf(0.0)) <= 0:
            raise ValueError(f"{self.name}: speed_mps must be > 0")

    def drawn(self, purpose: str, draws: CommunicationDraws) -> Try:
        """Return how a try goes in one replica."""
        key = f"{purpose} by {self.name}"
        walk_s = 0.0
        if self.walk_m > 0:
            walk_s = self.walk_m / float(self.speed_mps.ppf(draws.once(f"{key}: speed")))
        takes_s = walk_s + float(self.takes_s.ppf(draws.once(f"{key}: takes")))
        works = math.isfinite(takes_s) and draws.once(f"{key}: fails") >= self.fails
        return Try(takes_s, works)


@dataclass(frozen=True, slots=True)
class Try:
    """How one try goes: the seconds it takes, and whether the message arrives."""

    takes_s: float
    works: bool
