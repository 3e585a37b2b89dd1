"""Away from campus and back to the families: relocation, reunification, and whole chains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.lockdowns import CONSTANT, incident, orders, people, simulation, times
from support.shelters import COMPILED, PLAN, areas, reunion

from sim import Distribution, Roster
from sim.protocols import (
    Action,
    Buses,
    Directive,
    OnFoot,
    PersonState,
    ProtocolTimes,
    Relocation,
    RoomState,
    legal_moves,
)
from sim.protocols.reunification_orders import ExceptionRule

EVACUATE = Directive(0.0, Action.EVACUATE)
REUNIFY = Directive(300.0, Action.REUNIFY)
TWO = {"N00": 5, "S01": 3}


def relocate(way: OnFoot | Buses, at_s: float = 100.0) -> Directive:
    return Directive(at_s, Action.RELOCATE, relocation=Relocation("hall", way))


def run(
    *timeline: Directive,
    in_rooms: dict[str, int] | None = None,
    roster: Roster | None = None,
    end_s: float = 5000.0,
    **changes: object,
) -> ProtocolTimes:
    roster = roster or people(COMPILED, in_rooms or TWO)
    said = orders(PLAN, roster, timeline, **changes)
    return times(incident(COMPILED, roster, said, end_s=end_s))


def states_of(got: ProtocolTimes, person: int) -> list[str]:
    """Return the states that somebody goes through."""
    own = got.people.entity == person
    return [PersonState(state).name for state in got.people.state[own]]


# on foot


def test_a_class_walks_at_the_pace_of_its_slowest_and_waits_at_every_road():
    roster = people(COMPILED, TWO)
    roster = replace(
        roster,
        speeds=(CONSTANT(1.25), CONSTANT(0.5)),
        speed_of=np.array([0, 0, 0, 0, 1, 0, 0, 0]),
    )
    steps = {"cross_road": CONSTANT(40.0)}
    got = run(EVACUATE, relocate(OnFoot(600.0, 2), 300.0), roster=roster, seconds=steps)
    assert got.relocating_s.tolist() == [300.0] * 8
    assert got.at_site_s[:5].tolist() == pytest.approx([300.0 + 600.0 / 0.5 + 80.0] * 5)
    assert got.at_site_s[5:].tolist() == pytest.approx([300.0 + 600.0 / 1.25 + 80.0] * 3)
    assert (got.person_state == PersonState.AT_SITE).all()
    assert states_of(got, 0)[-4:] == ["ASSEMBLED", "ACCOUNTED", "RELOCATING", "AT_SITE"]


def test_nobody_sets_off_before_the_class_is_counted():
    got = run(EVACUATE, relocate(OnFoot(0.0)), seconds={"count": CONSTANT(500.0)})
    counted = {
        float(time_s)
        for time_s, state in zip(got.people.time_s, got.people.state, strict=True)
        if state == PersonState.ACCOUNTED
    }
    assert len(counted) == 2
    assert min(counted) > 500.0
    assert {*got.relocating_s.tolist()} == counted


def test_people_without_a_class_go_last():
    got = run(
        EVACUATE,
        relocate(OnFoot(100.0)),
        in_rooms={"N00": 3, "C1": 2},
        seconds={"count": CONSTANT(500.0)},
    )
    assert (got.person_state == PersonState.AT_SITE).all()
    assert got.relocating_s[3:].min() >= got.relocating_s[:3].max() > 500.0


def test_a_class_that_is_not_meant_stays():
    directive = replace(relocate(OnFoot(100.0)), spaces=(COMPILED.space_index("N00"),))
    got = run(EVACUATE, directive)
    assert (got.person_state[:5] == PersonState.AT_SITE).all()
    assert (got.person_state[5:] == PersonState.ACCOUNTED).all()


def test_who_has_left_the_campus_hears_nothing_that_is_announced_there():
    lockdown = Directive(200.0, Action.LOCKDOWN)
    got = run(EVACUATE, relocate(OnFoot(600.0)), lockdown, Directive(900.0, Action.RELEASE))
    assert (got.person_state == PersonState.AT_SITE).all()


# by bus


def test_a_bus_load_arrives_after_boarding_ride_and_alighting():
    ride = Buses(1, 10, CONSTANT(300.0), first_s=60.0)
    got = run(EVACUATE, relocate(ride), seconds={"board": CONSTANT(3.0), "alight": CONSTANT(1.0)})
    assert got.relocating_s[:5].tolist() == [160.0] * 5
    assert got.relocating_s[5:].tolist() == [175.0] * 3
    assert got.at_site_s.tolist() == [184.0 + 300.0 + n for n in range(1, 9)]


def test_one_bus_of_given_capacity_makes_so_many_trips():
    roster = people(COMPILED, dict.fromkeys(("N00", "N01", "N02", "S00", "S01"), 4))
    ride = Buses(1, 4, CONSTANT(300.0))
    steps = {"board": CONSTANT(3.0), "alight": CONSTANT(1.0)}
    got = run(EVACUATE, relocate(ride), roster=roster, seconds=steps)
    cycle_s = 4 * 3.0 + 300.0 + 4 * 1.0 + 300.0
    assert got.at_site_s.max() == 100.0 + 4 * cycle_s + 4 * 3.0 + 300.0 + 4 * 1.0


def test_people_in_wheelchairs_ride_with_a_lift_or_stay():
    ride = Buses(1, 10, CONSTANT(300.0))
    steps = {"lift": CONSTANT(90.0)}
    stays = run(EVACUATE, relocate(ride), wheelchairs=(2,), seconds=steps)
    assert stays.person_state[2] == PersonState.ACCOUNTED
    assert (np.delete(stays.person_state, 2) == PersonState.AT_SITE).all()
    rides = run(
        EVACUATE, relocate(replace(ride, wheelchair_buses=1)), wheelchairs=(2,), seconds=steps
    )
    assert rides.at_site_s[2] == 100.0 + 90.0 + 300.0 + 90.0


# to the families


def test_from_the_alarm_to_the_last_child_handed_over():
    roster = people(COMPILED, TWO)
    got = run(
        EVACUATE,
        relocate(OnFoot(500.0)),
        REUNIFY,
        roster=roster,
        reunion=reunion(roster, check_s=CONSTANT(10.0), walk_there=CONSTANT(5.0)),
    )
    students = np.array(roster.role) == "student"
    assert (got.person_state[students] == PersonState.HANDED_OVER).all()
    assert (got.person_state[~students] == PersonState.AT_SITE).all()
    assert got.at_site_s[students].tolist() == pytest.approx([500.0] * 6)
    assert got.handed_over_s[students].tolist() == pytest.approx([505.0] * 6)
    assert np.isinf(got.handed_over_s[~students]).all()
    assert got.reunification is not None
    assert got.reunification.released_s.tolist() == got.handed_over_s[students].tolist()
    assert states_of(got, 1) == [
        "ALERTED", "LEAVING", "ASSEMBLED", "ACCOUNTED", "RELOCATING", "AT_SITE", "HANDED_OVER",
    ]  # fmt: skip


def test_without_a_relocation_families_come_to_the_assembly_areas():
    roster = people(COMPILED, TWO)
    got = run(EVACUATE, REUNIFY, roster=roster, reunion=reunion(roster))
    students = np.array(roster.role) == "student"
    assert got.handed_over_s[students].tolist() == [300.0] * 6
    assert np.isinf(got.relocating_s).all()


def test_a_reunification_may_begin_while_people_are_on_their_way():
    roster = people(COMPILED, TWO)
    before = run(
        EVACUATE, replace(REUNIFY, at_s=50.0), relocate(OnFoot(500.0)), roster=roster,
        reunion=reunion(roster),
    )  # fmt: skip
    after = run(
        EVACUATE, relocate(OnFoot(500.0)), replace(REUNIFY, at_s=800.0), roster=roster,
        reunion=reunion(roster),
    )  # fmt: skip
    students = np.array(roster.role) == "student"
    assert before.handed_over_s[students].tolist() == pytest.approx([500.0] * 6)
    assert after.handed_over_s[students].tolist() == [800.0] * 6


def test_who_is_referred_on_the_way_is_so_at_the_site():
    roster = people(COMPILED, {"N00": 2})
    never = ExceptionRule("custody_hold", 1.0, CONSTANT(5.0), 0.0)
    got = run(
        EVACUATE,
        relocate(OnFoot(1000.0)),
        REUNIFY,
        roster=roster,
        reunion=reunion(roster, exceptions=(never,)),
    )
    assert got.person_state.tolist() == [PersonState.AT_SITE, PersonState.REFERRED]
    assert got.referred_s[1] == got.at_site_s[1] == pytest.approx(900.0)
    assert got.reunification is not None
    assert got.reunification.referred_s[0] == 305.0


def test_a_student_who_never_gets_out_is_never_handed_over_and_is_counted():
    roster = people(COMPILED, TWO)
    said = orders(PLAN, roster, (EVACUATE, REUNIFY), reunion=reunion(roster))
    deaf = said.hears_delay_s.copy()
    deaf[COMPILED.space_index("S01")] = np.inf
    got = times(incident(COMPILED, roster, replace(said, hears_delay_s=deaf)))
    assert (got.person_state[5:] == PersonState.ROUTINE).all()
    assert np.isfinite(got.handed_over_s[1:5]).all()
    assert got.reunification is not None
    assert got.reunification.students()["at_school"] == 2


def test_only_a_relocation_says_where_to_and_a_reunify_needs_a_reunification():
    with pytest.raises(ValueError, match="only a relocation says where to"):
        Directive(0.0, Action.RELOCATE)
    with pytest.raises(ValueError, match="it needs a reunification"):
        orders(PLAN, people(COMPILED, TWO), (EVACUATE, REUNIFY))
    with pytest.raises(ValueError, match="capacity must be at least 1"):
        Buses(1, 0, CONSTANT(1.0))


# chains


def test_secure_becomes_lockdown():
    got = run(Directive(0.0, Action.SECURE), Directive(60.0, Action.LOCKDOWN), in_rooms=TWO)
    own = [COMPILED.space_index(name) for name in TWO]
    assert (got.room_state[own] == RoomState.SECURED).all()
    assert (got.room_settled_s[own] == 0.0).all()
    assert (got.room_secured_s[own] >= 60.0).all()


def test_lockdown_release_evacuate_relocate_reunify():
    roster = people(COMPILED, {"N00": 5, "S01": 3, "C1": 2}, outdoors=1)
    got = run(
        Directive(0.0, Action.LOCKDOWN),
        Directive(200.0, Action.RELEASE),
        Directive(400.0, Action.EVACUATE),
        relocate(Buses(1, 6, CONSTANT(120.0), first_s=30.0), 500.0),
        replace(REUNIFY, at_s=600.0),
        roster=roster,
        reunion=reunion(roster),
        seconds={"board": CONSTANT(2.0)},
    )
    handed = got.person_state == PersonState.HANDED_OVER
    assert handed[np.array(roster.role) == "student"][:6].all()
    own = [COMPILED.space_index(name) for name in TWO]
    assert (got.room_secured_s[own] < 200.0).all()
    assert (got.room_released_s[own] >= 200.0).all()
    assert (got.room_left_s[own] >= 400.0).all()
    assert (got.at_site_s[:8] > 500.0).all()


def test_everybody_is_in_one_named_state_and_times_are_in_order():
    roster = people(COMPILED, {"N00": 6, "S01": 4, "S02": 7})
    said = orders(
        PLAN,
        roster,
        (EVACUATE, relocate(Buses(2, 9, Distribution("uniform", (60.0, 200.0)))), REUNIFY),
        reunion=reunion(roster, check_s=Distribution("uniform", (10.0, 60.0))),
        seconds={"board": Distribution("uniform", (1.0, 5.0)), "count": CONSTANT(30.0)},
    )
    runs = [
        times(simulation(COMPILED, roster, said, end_s=9000.0, backend=kind).run(2))
        for kind in ("python", "compiled")
    ]
    for name in ("relocating_s", "at_site_s", "handed_over_s", "referred_s", "person_state"):
        assert getattr(runs[0], name).tobytes() == getattr(runs[1], name).tobytes(), name
    got = runs[0]
    done = np.minimum(got.handed_over_s, got.referred_s)
    students = np.array(roster.role) == "student"
    assert (got.relocating_s < got.at_site_s).all()
    assert (got.at_site_s[students] <= done[students]).all()
    assert np.isfinite(done[students]).all()
    assert not (np.isfinite(got.handed_over_s) & np.isfinite(got.referred_s)).any()


# every move


def moves_of(
    *timeline: Directive, area_in_use: bool = False, **changes: object
) -> set[tuple[str, str, str]]:
    """Return every change of state that a small day makes: of what, from where, to where."""
    in_rooms = {"N00": 3, "S01": 2, "C1": 1} | ({"N02": 1} if area_in_use else {})
    roster = people(COMPILED, in_rooms, outdoors=1)
    declined = ExceptionRule("not_authorised", 0.5, CONSTANT(5.0), 0.0)
    usual = {
        "shelter": areas({"N02": 3}, roster),
        "reunion": reunion(roster, exceptions=(declined,)),
        "seconds": {"ventilation": CONSTANT(60.0), "react": CONSTANT(1.0)},
    }
    got = run(*timeline, roster=roster, **(usual | changes))
    found = set()
    for kind, seen in ((RoomState, got.rooms), (PersonState, got.people)):
        now: dict[int, int] = {}
        for entity, state in zip(seen.entity.tolist(), seen.state.tolist(), strict=True):
            found.add((kind.__name__, kind(now.get(entity, 0)).name, kind(state).name))
            now[entity] = state
    return found


def test_every_move_into_and_out_of_a_shelter_and_a_relocation_is_made_by_some_day():
    weather = Directive(0.0, Action.SHELTER, shelter="weather")
    hazmat = Directive(0.0, Action.SHELTER, shelter="hazardous_material")
    quake = Directive(0.0, Action.SHELTER, shelter="earthquake")
    area = (COMPILED.space_index("N02"),)
    release, early = Directive(300.0, Action.RELEASE), Directive(30.0, Action.RELEASE)
    lockdown = Directive(300.0, Action.LOCKDOWN)
    made = set().union(
        moves_of(weather, release),
        moves_of(weather, lockdown),
        moves_of(weather, Directive(4.0, Action.LOCKDOWN)),
        moves_of(weather, Directive(2.0, Action.LOCKDOWN, spaces=area), area_in_use=True),
        moves_of(hazmat, release),
        moves_of(hazmat, early),
        moves_of(hazmat, Directive(30.0, Action.LOCKDOWN)),
        moves_of(quake, lockdown),
        moves_of(EVACUATE, relocate(OnFoot(50.0)), REUNIFY),
        moves_of(EVACUATE, REUNIFY),
    )
    mine = {
        "SEALED", "SHELTERED", "WITHOUT_PLACE", "TO_SHELTER", "RELOCATING", "AT_SITE",
        "HANDED_OVER", "REFERRED",
    }  # fmt: skip
    legal = {
        (kind.__name__, before.name, after.name)
        for kind in (RoomState, PersonState)
        for before in kind
        for after in kind
        if legal_moves(kind)[before, after] and {before.name, after.name} & mine
    }
    assert legal - made == set()
