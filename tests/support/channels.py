"""Listeners, announcements and channels for tests of who learns what, when."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim import Distribution, entity_keys
from sim.protocols.announcement import Announcement, Misunderstood
from sim.protocols.channels import App, Channel, PublicAddress, Radio, Signal
from sim.protocols.directives import Action
from sim.protocols.in_person import DirectCue, Runner
from sim.protocols.listeners import CommunicationDraws, Listeners

CONSTANT = Distribution.constant
CLEAR = Misunderstood(plain=0.0, code=0.0)
LOCKDOWN, SECURE = int(Action.LOCKDOWN), int(Action.SECURE)


def listeners(n_spaces: int, staff_space: list[int] | None = None) -> Listeners:
    """Return spaces S0, S1, ... and one member of staff in each, or in those named."""
    where = list(range(n_spaces)) if staff_space is None else staff_space
    return Listeners(
        space_keys=entity_keys([f"S{number}" for number in range(n_spaces)]),
        staff_keys=entity_keys([f"staff-{number}" for number in range(len(where))]),
        staff_space=np.array(where, dtype=np.int64),
    )


def draws(n_spaces: int, *, seed: int = 1, replica: int = 0) -> CommunicationDraws:
    return CommunicationDraws(listeners(n_spaces), seed, replica)


def lockdown(**changes: Any) -> Announcement:
    """Return a lockdown said twice in 4 s each without a pause, decided at 0."""
    said: dict[str, Any] = {"action": LOCKDOWN, "decided_s": 0.0, "saying_s": 4.0, "times": 2}
    return Announcement(**(said | changes))


def loudspeakers(n_spaces: int, **changes: Any) -> PublicAddress:
    """Return loudspeakers that everybody hears at once."""
    said: dict[str, Any] = {
        "set_up_s": CONSTANT(0.0),
        "fails": 0.0,
        "audible": np.ones(n_spaces, dtype=np.bool_),
        "zone_delay_s": np.zeros(n_spaces),
        "perceive_s": CONSTANT(0.0),
        "missed": 0.0,
        "misunderstood": CLEAR,
    }
    return PublicAddress(**(said | changes))


def walk(metres: list[float], **changes: Any) -> Runner:
    """Return a runner who tells S0, S1, ... after so many metres each, at 1 m/s."""
    said: dict[str, Any] = {
        "name": "runner",
        "set_up_s": CONSTANT(0.0),
        "fails": 0.0,
        "order": np.arange(len(metres)),
        "along_m": np.array(metres),
        "speed_mps": CONSTANT(1.0),
        "tell_s": 0.0,
        "misunderstood": CLEAR,
    }
    return Runner(**(said | changes))


chances = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])
times = st.sampled_from(
    [CONSTANT(0.0), CONSTANT(5.0), Distribution("lognormal", (8.0, 0.6)),
     Distribution("uniform", (1.0, 20.0))]
)  # fmt: skip
unclear = st.builds(Misunderstood, plain=chances, code=chances)


def flags(n: int) -> st.SearchStrategy[Any]:
    return st.lists(st.booleans(), min_size=n, max_size=n).map(np.array)


def any_channel(n: int, number: int) -> st.SearchStrategy[Channel]:
    """Return any channel to n spaces with one member of staff each, under a name of its own."""
    common = {"set_up_s": times, "fails": chances}
    name = st.just(f"channel-{number}")
    metres = st.lists(st.floats(0.0, 300.0), min_size=n, max_size=n).map(np.cumsum)
    delays = st.lists(st.floats(0.0, 60.0), min_size=n, max_size=n).map(np.array)
    return st.one_of(
        st.builds(
            PublicAddress, **common, name=name, audible=flags(n), zone_delay_s=delays,
            perceive_s=times, missed=chances, misunderstood=unclear,
        ),
        st.builds(
            Signal, **common, name=name, noticed=flags(n), pattern_s=st.floats(0.0, 20.0),
            actions=st.sampled_from([(), (LOCKDOWN,), (SECURE, LOCKDOWN)]), perceive_s=times,
            misunderstood=unclear,
        ),
        st.builds(
            App, **common, name=name, notices=chances, delay_s=times, misunderstood=unclear
        ),
        st.builds(
            Radio, **common, name=name, carried=flags(n), delay_s=times, missed=chances,
            misunderstood=unclear,
        ),
        st.builds(
            Runner, **common, name=name, order=st.permutations(range(n)).map(np.array),
            along_m=metres, speed_mps=st.sampled_from([CONSTANT(1.3), CONSTANT(2.0)]),
            tell_s=st.floats(0.0, 10.0), misunderstood=unclear,
        ),
        st.builds(
            DirectCue, name=name, event_s=st.floats(0.0, 50.0), seen=flags(n), notices=chances,
            notice_s=times, number=st.integers(0, 1),
        ),
    )  # fmt: skip
