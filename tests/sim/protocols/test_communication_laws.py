"""What is true of every set of channels, whatever they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.channels import LOCKDOWN, SECURE, any_channel, draws, lockdown, loudspeakers

from sim import Distribution
from sim.protocols.announcement import Misunderstood
from sim.protocols.communication import reach

N = 6
announcements = st.builds(
    lockdown,
    wording=st.sampled_from(["plain", "code"]),
    decided_s=st.floats(0.0, 100.0),
    times=st.integers(1, 3),
    taken_for=st.sampled_from([-1, SECURE]),
    number=st.integers(0, 1),
)
channel_lists = st.integers(1, 4).flatmap(
    lambda k: st.tuples(*(any_channel(N, number) for number in range(k)))
)
seeds = st.integers(0, 2**32)


@settings(max_examples=200, deadline=None)
@given(channels=channel_lists, said=announcements, seed=seeds, data=st.data())
def test_one_more_channel_makes_no_room_later(channels: Any, said: Any, seed: int, data: Any):
    left_out = data.draw(st.integers(0, len(channels) - 1))
    fewer = channels[:left_out] + channels[left_out + 1 :]
    one = reach(fewer, said, draws(N, seed=seed))
    more = reach(channels, said, draws(N, seed=seed))
    assert (more.time_s <= one.time_s).all()
    assert (more.right_s <= one.right_s).all()


@settings(max_examples=100, deadline=None)
@given(channels=channel_lists, said=announcements, seed=seeds)
def test_what_is_known_holds_together(channels: Any, said: Any, seed: int):
    heard = reach(channels, said, draws(N, seed=seed))
    never = np.isinf(heard.time_s)
    assert (never == (heard.action == -1)).all()
    assert (never == (heard.channel == -1)).all()
    assert (heard.right_s >= heard.time_s).all()
    assert (heard.right_s[heard.action == LOCKDOWN] == heard.time_s[heard.action == LOCKDOWN]).all()
    assert set(heard.action[~never].tolist()) <= {LOCKDOWN, said.taken_for}
    assert not heard.time_s.flags.writeable


@settings(max_examples=100, deadline=None)
@given(channels=channel_lists, said=announcements, seed=seeds)
def test_the_order_of_channels_settles_ties_and_nothing_else(channels: Any, said: Any, seed: int):
    one, other = (reach(c, said, draws(N, seed=seed)) for c in (channels, channels[::-1]))
    assert one.time_s.tolist() == other.time_s.tolist()
    assert one.right_s.tolist() == other.right_s.tolist()


@settings(max_examples=100, deadline=None)
@given(
    channels=channel_lists,
    zone_of=st.lists(st.integers(0, 2), min_size=N, max_size=N).map(np.array),
    silenced=st.integers(0, 2),
    seed=seeds,
)
def test_a_silenced_zone_delays_only_its_rooms(
    channels: Any, zone_of: Any, silenced: int, seed: int
):
    speakers = loudspeakers(
        N,
        perceive_s=Distribution("uniform", (1.0, 9.0)),
        missed=0.3,
        misunderstood=Misunderstood(plain=0.2, code=0.5),
    )
    quiet = replace(speakers, audible=zone_of != silenced)
    before = reach((speakers, *channels), lockdown(), draws(N, seed=seed))
    after = reach((quiet, *channels), lockdown(), draws(N, seed=seed))
    inside = zone_of == silenced
    assert (after.time_s[inside] >= before.time_s[inside]).all()
    for name in ("time_s", "action", "channel", "right_s"):
        assert getattr(after, name)[~inside].tolist() == getattr(before, name)[~inside].tolist()


@settings(max_examples=50, deadline=None)
@given(channels=channel_lists, seed=seeds, later_s=st.sampled_from([16.0, 64.0]))
def test_who_decides_later_is_heard_later_by_as_much(channels: Any, seed: int, later_s: float):
    channels = [c for c in channels if not hasattr(c, "event_s")]
    one, other = (
        reach(channels, lockdown(decided_s=at), draws(N, seed=seed)) for at in (0.0, later_s)
    )
    np.testing.assert_allclose(other.time_s, one.time_s + later_s, rtol=0, atol=1e-9)
    assert one.action.tolist() == other.action.tolist()


@settings(max_examples=50, deadline=None)
@given(channels=channel_lists, said=announcements, seed=seeds)
def test_the_same_draws_give_the_same_bits(channels: Any, said: Any, seed: int):
    one, other = (reach(channels, said, draws(N, seed=seed)) for _ in range(2))
    assert one.time_s.tobytes() == other.time_s.tobytes()
