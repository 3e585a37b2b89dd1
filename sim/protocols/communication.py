"""Who learns what, when, and by which path: the earliest of all channels in every space."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.protocols.announcement import Announcement, TimeZero, Wording
from sim.protocols.channels import Channel
from sim.protocols.directives import NO_ACTION, Action
from sim.protocols.dispatch_alert import DispatchAlert
from sim.protocols.initiation import Initiation
from sim.protocols.listeners import CommunicationDraws, Listeners

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What is known of one announcement in the S' spaces and P places outdoors of a plan.

    Arrays are read-only.

    Attributes
    ----------
    time_s : ndarray, shape (S',)
        When each space first understands an action, in seconds of the incident; inf for never.
    action : ndarray of int, shape (S',)
        Which one, an index into `Action`; -1 where nothing was understood.
    channel : ndarray of int, shape (S',)
        By which channel, an index into the channels given; -1 where by none.
    right_s : ndarray, shape (S',)
        When each space first understands the action that was meant; inf for never.
    zero_s : float
        What the times of a drill are counted from: the first word or the last, as the announcement
        says, of the first channel in order that says anything; inf if none does.
    outdoors_s, outdoors_action : ndarray, shape (P,)
        As ``time_s`` and ``action``, for people at each place outdoors.
    """

    time_s: Floats
    action: Ints
    channel: Ints
    right_s: Floats
    zero_s: float
    outdoors_s: Floats
    outdoors_action: Ints

    def __post_init__(self) -> None:
        for name in ("time_s", "action", "channel", "right_s", "outdoors_s", "outdoors_action"):
            getattr(self, name).setflags(write=False)


def reach(
    channels: Sequence[Channel], announcement: Announcement, draws: CommunicationDraws
) -> Heard:
    """Return when each space understands an announcement, by whichever channel is first.

    Channels do not depend on each other. Of channels that reach a space at the same instant the
    first in order counts. One more channel never makes a space later, neither to understand
    anything nor to understand what was meant; but it may be the first to be misunderstood.

    Parameters
    ----------
    channels : sequence of Channel
        In the order that settles ties; no two of one name.
    announcement : Announcement
    draws : CommunicationDraws

    Returns
    -------
    Heard

    Raises
    ------
    ValueError
        If two channels have one name: their draws would not be independent.
    """
    names = [channel.name for channel in channels]
    twice = [name for number, name in enumerate(names) if name in names[:number]]
    if twice:
        raise ValueError(f"channels: expected names of their own, got {twice[0]!r} twice")
    n = draws.listeners.n_spaces
    time_s, right_s = np.full(n, np.inf), np.full(n, np.inf)
    action, by = np.full(n, NO_ACTION), np.full(n, -1)
    zero_s = math.inf
    for number, channel in enumerate(channels):
        message = channel.message(announcement, draws)
        sooner = message.time_s < time_s
        time_s = np.where(sooner, message.time_s, time_s)
        action = np.where(sooner, message.action, action)
        by = np.where(sooner, number, by)
        right = np.where(message.action == announcement.action, message.time_s, np.inf)
        right_s = np.minimum(right_s, right)
        if math.isinf(zero_s):
            zero_s = message.from_s if announcement.time_zero == "start" else message.to_s
    inside = n - draws.listeners.n_places
    return Heard(
        time_s=time_s[:inside],
        action=action[:inside],
        channel=by[:inside],
        right_s=right_s[:inside],
        zero_s=zero_s,
        outdoors_s=time_s[inside:],
        outdoors_action=action[inside:],
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Communication:
    """How a school communicates, with one building and its staff.

    Attributes
    ----------
    listeners : Listeners
    channels : tuple of Channel
        In the order that settles ties.
    saying_s : tuple of float
        Seconds that saying each of `Action` once takes.
    taken_for : tuple of int
        What each of `Action` is taken for by who misunderstands it; -1 for nothing.
    times : int
        How often an announcement is said.
    pause_s : float
        Seconds between two sayings.
    wording : {"plain", "code"}
    time_zero : {"start", "end"}
    initiation : Initiation or None
        How it comes to the first announcement; None where its time is given.
    alert : DispatchAlert or None
        How the dispatcher is alerted; None where nobody does.
    """

    listeners: Listeners
    channels: tuple[Channel, ...]
    saying_s: tuple[float, ...]
    taken_for: tuple[int, ...]
    times: int
    pause_s: float
    wording: Wording
    time_zero: TimeZero
    initiation: Initiation | None = None
    alert: DispatchAlert | None = None

    def __post_init__(self) -> None:
        for name in ("saying_s", "taken_for"):
            if len(getattr(self, name)) != len(Action):
                raise ValueError(f"communication.{name}: expected one for each of {len(Action)}")

    def announcement(self, action: int, *, decided_s: float, number: int = 0) -> Announcement:
        """Return the announcement of an action as this school makes it.

        Parameters
        ----------
        action : int
            Index into `Action`.
        decided_s : float
            When it is decided, in seconds of the incident.
        number : int
            Its place in the timeline.
        """
        return Announcement(
            action=action,
            decided_s=decided_s,
            saying_s=self.saying_s[action],
            times=self.times,
            pause_s=self.pause_s,
            wording=self.wording,
            time_zero=self.time_zero,
            taken_for=self.taken_for[action],
            number=number,
        )

    def heard(self, announcement: Announcement, *, seed: int, replica: int) -> Heard:
        """Return what every space knows of an announcement in one replica."""
        return reach(self.channels, announcement, CommunicationDraws(self.listeners, seed, replica))
