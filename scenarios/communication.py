"""How a school communicates in a scenario: zones, rooms and roles made into channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan, KeyPath, Plan, did_you_mean
from scenarios.behaviour import Choice
from scenarios.communication_found import Flags, Found
from scenarios.communication_paths import alert_of, direct_cue_of, initiation_of
from scenarios.communication_said import (
    ActionName,
    CommunicationSaid,
    PublicAddressSaid,
    RadioSaid,
    RunnersSaid,
    SignalSaid,
)
from scenarios.scenario import Scenario
from sim import Roster, entity_keys
from sim.protocols import (
    Action,
    App,
    Channel,
    Communication,
    Listeners,
    PublicAddress,
    Radio,
    Runner,
    Signal,
    tour_metres,
)


def communication_of(
    said: CommunicationSaid,
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    roster: Roster | None,
    faults: list[str],
    *,
    at: KeyPath = ("communication",),
) -> tuple[Communication | None, tuple[Choice, ...]]:
    """Return how the school of a scenario communicates, and every number with its source.

    Channels are in this order, which settles ties: public address, bell, alarm lights of the panic
    button, app, radio, runners, direct cue. A channel without an entry is not used.

    Parameters
    ----------
    said : CommunicationSaid
    scenario, plan, compiled
    roster : Roster or None
        None where there are faults already: then only names are looked up.
    faults : list of str
        Where unknown zones, rooms and roles are noted, with the name that was probably meant.
    at : key path, optional
        Where the file says it.

    Returns
    -------
    Communication or None
        None where there are faults.
    tuple of Choice
    """
    before = len(faults)
    found = Found(said, scenario, plan, compiled, roster, at, faults, {})
    staff = found.staff()
    listeners = Listeners(
        space_keys=entity_keys(found.everywhere()),
        staff_keys=entity_keys([] if roster is None else [roster.person_ids[row] for row in staff]),
        staff_space=_where(compiled, roster)[staff],
        n_places=len(compiled.place_ids),
    )
    channels: list[Channel] = []
    if said.public_address is not None:
        channels.append(_public_address(found, said.public_address))
    if said.bell is not None:
        heard = ~found.places(("bell", "not_heard_in"), said.bell.places)
        channels.append(_signal(found, "bell", said.bell, heard))
    if said.panic_button is not None and said.panic_button.lights is not None:
        lights = said.panic_button.lights
        seen = found.places(("panic_button", "lights", "places"), lights.places)
        channels.append(_signal(found, "alarm_lights", lights, seen))
    if said.app:
        channels.append(_app(found))
    if said.radio is not None:
        channels.append(_radio(found, said.radio, staff))
    if said.runners is not None:
        channels += _runners(found, said.runners)
    initiation = initiation_of(found)
    if said.direct_cue and initiation is not None:
        channels.append(direct_cue_of(found, initiation))
    alert = alert_of(found, initiation)
    saying_s = found.plain("announcement.saying_s")
    times, pause_s = found.plain("announcement.times"), found.plain("announcement.pause_s")
    if roster is None or len(faults) > before:
        return None, ()
    communication = Communication(
        listeners=listeners,
        channels=tuple(channels),
        saying_s=(saying_s,) * len(Action),
        taken_for=_taken_for(said.taken_for),
        times=int(times),
        pause_s=pause_s,
        wording=said.wording,
        time_zero=said.time_zero,
        initiation=initiation,
        alert=alert,
    )
    return communication, tuple(found.choices.values())


def action_index(name: ActionName) -> int:
    """Return the number of an action.

    Examples
    --------
    >>> action_index("lockdown")
    2
    """
    return int(Action[name.upper()])


def _taken_for(said: Mapping[ActionName, ActionName]) -> tuple[int, ...]:
    names: tuple[ActionName, ...] = get_args(ActionName)
    return tuple(action_index(said[one]) if one in said else -1 for one in names)


def _public_address(found: Found, said: PublicAddressSaid) -> PublicAddress:
    spaces = [found.plan.spaces.get(id_) for id_ in found.everywhere()]
    states = [None if space is None else space.public_address for space in spaces]
    unknown = said.unknown == "heard"
    has_speaker = np.array([s == "yes" or (s != "no" and unknown) for s in states], dtype=np.bool_)
    zones = [found.zone(id_) for id_ in found.everywhere()]
    for name in said.zone_delay_s:
        if name not in zones:
            known = sorted({zone for zone in zones if zone})
            words = f"no such zone in plan {found.plan.id!r}{did_you_mean(name, known)}"
            found.fault(("public_address", "zone_delay_s", name), words)
    delays = [0.0 if zone is None else said.zone_delay_s.get(zone, 0.0) for zone in zones]
    return PublicAddress(
        set_up_s=found.seconds("public_address.set_up_s"),
        fails=found.plain("public_address.fails"),
        audible=has_speaker & ~found.places(("public_address", "not_heard_in"), said.not_heard_in),
        zone_delay_s=np.array(delays, dtype=np.float64),
        perceive_s=found.seconds("public_address.perceive_s"),
        missed=found.plain("public_address.missed"),
        misunderstood=found.misunderstood("public_address"),
    )


def _signal(found: Found, table: str, said: SignalSaid, noticed: Flags) -> Signal:
    return Signal(
        name=table,
        set_up_s=found.seconds(f"{table}.set_up_s"),
        fails=found.plain(f"{table}.fails"),
        noticed=noticed,
        actions=tuple(action_index(name) for name in said.actions),
        pattern_s=found.plain(f"{table}.pattern_s"),
        perceive_s=found.seconds(f"{table}.perceive_s"),
        misunderstood=found.misunderstood(table),
    )


def _app(found: Found) -> App:
    return App(
        set_up_s=found.seconds("app.set_up_s"),
        fails=found.plain("app.fails"),
        notices=found.plain("app.notices"),
        delay_s=found.seconds("app.delay_s"),
        misunderstood=found.misunderstood("app"),
    )


def _where(compiled: CompiledPlan, roster: Roster | None) -> NDArray[np.int64]:
    """Return where everybody is among all spaces and, after them, all places outdoors."""
    if roster is None:
        return np.zeros(0, dtype=np.int64)
    return np.where(roster.space >= 0, roster.space, len(compiled.space_ids) + roster.outdoors)


def _radio(found: Found, said: RadioSaid, staff: list[int]) -> Radio:
    roles = found.roles()
    present = sorted({roles[row] for row in staff})
    for number, role in enumerate(said.roles):
        if roles and role not in present:
            words = f"nobody of the staff is {role}; there are {', '.join(present) or 'none'}"
            found.fault(("radio", "roles", number), words)
    rooms = set(found.rooms(("radio", "rooms"), said.rooms))
    home = [] if found.roster is None else found.roster.space.tolist()
    carried = [roles[row] in said.roles or home[row] in rooms for row in staff]
    return Radio(
        set_up_s=found.seconds("radio.set_up_s"),
        fails=found.plain("radio.fails"),
        carried=np.array(carried, dtype=np.bool_),
        delay_s=found.seconds("radio.delay_s"),
        missed=found.plain("radio.missed"),
        misunderstood=found.misunderstood("radio"),
    )


def _runners(found: Found, said: RunnersSaid) -> list[Channel]:
    start = found.room(("runners", "start"), said.start)
    tours = [
        found.rooms(("runners", "tours", number), names) for number, names in enumerate(said.tours)
    ]
    if start is None or [len(rooms) for rooms in tours] != [len(names) for names in said.tours]:
        return []
    runners: list[Channel] = []
    for number, (rooms, names) in enumerate(zip(tours, said.tours, strict=True)):
        along_m = tour_metres(found.compiled, start, rooms)
        lost = np.flatnonzero(np.isinf(along_m))
        if len(lost):
            first = int(lost[0])
            before = names[first - 1] if first else said.start
            words = f"{names[first]}: there is no way on foot from {before}"
            found.fault(("runners", "tours", number, first), words)
        runners.append(
            Runner(
                name=f"runner_{number + 1}",
                set_up_s=found.seconds("runner.set_up_s"),
                fails=found.plain("runner.fails"),
                order=np.array(rooms, dtype=np.int64),
                along_m=along_m,
                speed_mps=found.seconds("runner.speed_mps"),
                tell_s=found.plain("runner.tell_s"),
                misunderstood=found.misunderstood("runner"),
            )
        )
    return runners
