"""Known answers: when one room hears one announcement, and how often it goes wrong."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from support.channels import (
    CLEAR,
    CONSTANT,
    LOCKDOWN,
    SECURE,
    draws,
    listeners,
    lockdown,
    loudspeakers,
    walk,
)

from sim import Distribution
from sim.protocols.announcement import Announcement, Misunderstood
from sim.protocols.channels import App, Radio, Signal
from sim.protocols.communication import Communication, reach
from sim.protocols.directives import Action
from sim.protocols.in_person import DirectCue
from sim.protocols.listeners import CommunicationDraws, Listeners

MANY = 20_000
"""Rooms from which a share is counted; its standard error is below 0.004."""
NEVER = math.inf


def test_a_room_understands_after_set_up_zone_one_saying_and_attention():
    speakers = loudspeakers(
        2,
        set_up_s=CONSTANT(10.0),
        zone_delay_s=np.array([0.0, 3.0]),
        perceive_s=CONSTANT(2.0),
    )
    heard = reach([speakers], lockdown(decided_s=100.0), draws(2))
    assert heard.time_s.tolist() == [116.0, 119.0]
    assert heard.action.tolist() == [LOCKDOWN, LOCKDOWN]
    assert heard.channel.tolist() == [0, 0]


@pytest.mark.parametrize(("zero", "seconds"), [("start", 110.0), ("end", 119.0)])
def test_time_zero_is_the_first_word_or_the_last_as_the_announcement_says(
    zero: str, seconds: float
):
    said = lockdown(decided_s=100.0, pause_s=1.0, time_zero=zero)
    heard = reach([loudspeakers(1, set_up_s=CONSTANT(10.0))], said, draws(1))
    assert heard.zero_s == seconds


def test_a_dead_spot_never_hears_the_loudspeakers():
    heard = reach([loudspeakers(2, audible=np.array([True, False]))], lockdown(), draws(2))
    assert heard.time_s.tolist() == [4.0, NEVER]
    assert heard.action.tolist() == [LOCKDOWN, -1]


def test_places_outdoors_come_after_the_spaces():
    keys = listeners(3).space_keys
    yard = Listeners(keys, keys[:0], np.zeros(0, dtype=np.int64), n_places=1)
    speakers = loudspeakers(3, zone_delay_s=np.array([0.0, 1.0, 2.0]))
    heard = reach([speakers], lockdown(), CommunicationDraws(yard, 1, 0))
    assert (heard.time_s.tolist(), heard.outdoors_s.tolist()) == ([4.0, 5.0], [6.0])
    assert heard.outdoors_action.tolist() == [LOCKDOWN]


def test_what_is_said_twice_is_missed_only_by_who_misses_both():
    said = lockdown(pause_s=1.0)
    heard = reach([loudspeakers(MANY, missed=0.3)], said, draws(MANY))
    shares = [float((heard.time_s == at).mean()) for at in (4.0, 9.0, NEVER)]
    assert shares == pytest.approx([0.7, 0.21, 0.09], abs=0.01)


def test_who_misses_every_saying_never_hears():
    assert reach([loudspeakers(3, missed=1.0)], lockdown(), draws(3)).time_s.tolist() == [NEVER] * 3


@pytest.mark.parametrize(("wording", "share"), [("plain", 0.05), ("code", 0.4)])
def test_code_words_are_misunderstood_as_often_as_stated(wording: str, share: float):
    speakers = loudspeakers(MANY, misunderstood=Misunderstood(plain=0.05, code=0.4))
    heard = reach([speakers], lockdown(wording=wording, taken_for=SECURE), draws(MANY))
    assert (heard.action == SECURE).mean() == pytest.approx(share, abs=0.01)
    assert (heard.action == LOCKDOWN).mean() == pytest.approx(1 - share, abs=0.01)
    assert np.isinf(heard.right_s).mean() == pytest.approx(share, abs=0.01)


def test_who_does_not_know_the_code_words_does_not_know_them_by_radio_either():
    unsure = Misunderstood(plain=0.0, code=0.4)
    speakers = loudspeakers(500, misunderstood=unsure)
    radio = Radio(
        set_up_s=CONSTANT(0.0), fails=0.0, carried=np.ones(500, dtype=np.bool_),
        delay_s=CONSTANT(1.0), missed=0.0, misunderstood=unsure,
    )  # fmt: skip
    one = reach([speakers], lockdown(wording="code"), draws(500))
    both = reach([speakers, radio], lockdown(wording="code"), draws(500))
    assert 0 < np.isinf(one.time_s).sum() < 500
    assert both.time_s.tolist() == one.time_s.tolist()


def test_a_channel_that_is_down_is_down_for_every_announcement_of_a_replica():
    speakers = loudspeakers(1, fails=0.3)
    gone = [
        [math.isinf(reach([speakers], lockdown(number=k), draws(1, replica=r)).time_s[0])
         for k in range(3)]
        for r in range(2000)
    ]  # fmt: skip
    assert all(len(set(one)) == 1 for one in gone)
    assert np.mean([one[0] for one in gone]) == pytest.approx(0.3, abs=0.03)


def test_attention_follows_its_distribution():
    delay = Distribution("lognormal", (8.0, 0.5))
    heard = reach([loudspeakers(MANY, perceive_s=delay)], lockdown(), draws(MANY))
    found = np.quantile(heard.time_s - 4.0, [0.1, 0.5, 0.9])
    assert found == pytest.approx(delay.ppf([0.1, 0.5, 0.9]), rel=0.03)


def test_a_runner_takes_path_over_speed_exactly():
    heard = reach([walk([30.0, 45.5, 107.25], speed_mps=CONSTANT(1.7))], lockdown(), draws(4))
    assert heard.time_s.tolist() == [30.0 / 1.7, 45.5 / 1.7, 107.25 / 1.7, NEVER]


def test_a_runner_tells_room_after_room():
    runner = walk([30.0, 45.0, 105.0], set_up_s=CONSTANT(5.0), tell_s=4.0)
    heard = reach([runner], lockdown(decided_s=100.0), draws(3))
    assert heard.time_s.tolist() == [139.0, 158.0, 222.0]


def test_a_runner_without_a_way_gets_no_further():
    assert reach([walk([30.0, NEVER, NEVER])], lockdown(), draws(3)).time_s.tolist() == [
        30.0, NEVER, NEVER,
    ]  # fmt: skip


def test_a_bell_gives_only_the_actions_it_has_a_signal_for():
    bell = Signal(
        name="bell", set_up_s=CONSTANT(1.0), fails=0.0, noticed=np.array([True, False]),
        actions=(LOCKDOWN,), pattern_s=6.0, perceive_s=CONSTANT(2.0), misunderstood=CLEAR,
    )  # fmt: skip
    assert reach([bell], lockdown(), draws(2)).time_s.tolist() == [9.0, NEVER]
    assert reach([bell], lockdown(action=SECURE), draws(2)).time_s.tolist() == [NEVER, NEVER]


def test_a_bell_is_a_code_in_plain_language_too():
    bell = Signal(
        name="bell", set_up_s=CONSTANT(0.0), fails=0.0, noticed=np.ones(2, dtype=np.bool_),
        actions=(LOCKDOWN,), pattern_s=6.0, perceive_s=CONSTANT(0.0),
        misunderstood=Misunderstood(plain=0.0, code=1.0),
    )  # fmt: skip
    assert reach([bell], lockdown(), draws(2)).action.tolist() == [-1, -1]


def test_the_app_reaches_the_rooms_whose_staff_notice_it():
    app = App(
        set_up_s=CONSTANT(3.0), fails=0.0, notices=0.6, delay_s=CONSTANT(7.0), misunderstood=CLEAR
    )
    heard = reach([app], lockdown(), draws(MANY))
    assert sorted(set(heard.time_s.tolist())) == [10.0, NEVER]
    assert np.isfinite(heard.time_s).mean() == pytest.approx(0.6, abs=0.015)


def test_a_room_knows_when_the_first_of_its_staff_does():
    app = App(
        set_up_s=CONSTANT(0.0), fails=0.0, notices=1.0,
        delay_s=Distribution("uniform", (0.0, 100.0)), misunderstood=CLEAR,
    )  # fmt: skip
    known = CommunicationDraws(listeners(3, [0, 0, 2]), 1, 0)
    delays = 100.0 * known.for_staff("reads app 0")
    heard = reach([app], lockdown(), known)
    assert heard.time_s == pytest.approx([delays[:2].min(), NEVER, delays[2]])


def test_the_radio_reaches_those_who_carry_one():
    radio = Radio(
        set_up_s=CONSTANT(1.0), fails=0.0, carried=np.array([False, True, True]),
        delay_s=CONSTANT(2.0), missed=0.0, misunderstood=CLEAR,
    )  # fmt: skip
    assert reach([radio], lockdown(), draws(3)).time_s.tolist() == [NEVER, 7.0, 7.0]


def test_people_beside_an_event_notice_it_without_any_announcement():
    cue = DirectCue(
        event_s=5.0, seen=np.array([True, True, False]), notices=1.0, notice_s=CONSTANT(3.0)
    )
    said = lockdown(decided_s=NEVER)
    heard = reach([loudspeakers(3), cue], said, draws(3))
    assert heard.time_s.tolist() == [8.0, 8.0, NEVER]
    assert heard.zero_s == NEVER
    later = reach([loudspeakers(3), cue], lockdown(number=1), draws(3))
    assert later.time_s.tolist() == [4.0, 4.0, 4.0]


def test_of_two_channels_at_one_instant_the_first_in_order_counts():
    again = replace(loudspeakers(1), name="yard")
    assert reach([loudspeakers(1), again], lockdown(), draws(1)).channel.tolist() == [0]


def test_two_channels_of_one_name_are_refused():
    with pytest.raises(ValueError, match="'public_address' twice"):
        reach([loudspeakers(1), loudspeakers(1)], lockdown(), draws(1))


def test_no_channel_reaches_nobody():
    heard = reach([], lockdown(), draws(2))
    assert heard.time_s.tolist() == [NEVER, NEVER]
    assert heard.zero_s == NEVER


def test_a_school_says_an_action_as_it_always_does():
    school = Communication(
        listeners=listeners(1),
        channels=(loudspeakers(1),),
        saying_s=tuple(float(k + 1) for k in range(len(Action))),
        taken_for=tuple(SECURE if k == LOCKDOWN else -1 for k in range(len(Action))),
        times=2,
        pause_s=1.0,
        wording="code",
        time_zero="end",
    )
    said = school.announcement(LOCKDOWN, decided_s=30.0, number=1)
    assert said == Announcement(
        action=LOCKDOWN, decided_s=30.0, saying_s=3.0, times=2, pause_s=1.0, wording="code",
        time_zero="end", taken_for=SECURE, number=1,
    )  # fmt: skip
    heard = school.heard(said, seed=1, replica=0)
    assert (heard.time_s.tolist(), heard.zero_s) == ([33.0], 37.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"action": 8}, "action"),
        ({"taken_for": LOCKDOWN}, "another action"),
        ({"decided_s": -1.0}, "decided_s"),
        ({"saying_s": NEVER}, "saying_s"),
        ({"times": 0}, "times"),
    ],
)
def test_an_announcement_that_makes_no_sense_is_refused(changes: dict[str, float], words: str):
    with pytest.raises(ValueError, match=words):
        lockdown(**changes)


def test_chances_outside_0_to_1_are_refused():
    with pytest.raises(ValueError, match=r"missed: expected 0 to 1, got 1\.1"):
        loudspeakers(1, missed=1.1)
    with pytest.raises(ValueError, match="code"):
        Misunderstood(plain=0.0, code=-0.1)


def test_staff_outside_the_building_are_refused():
    keys = listeners(2).space_keys
    with pytest.raises(ValueError, match="no space 2 among 2"):
        Listeners(keys, keys[:1], np.array([2]))
