"""From an event to the decision and to the dispatcher: who has to get to where, and how."""

from __future__ import annotations

import numpy as np

from scenarios.communication_found import STAFF, Found
from sim.protocols import (
    AlertWay,
    DirectCue,
    DispatchAlert,
    Initiation,
    MessageWay,
    next_to,
    space_metres,
)


def initiation_of(found: Found) -> Initiation | None:
    """Return how it comes to the announcement; None where nothing is said, or after a fault.

    A runner walks from where the event is recognised to the office; radio and telephone are at
    hand. Where nobody of the role is in the building, a fault is noted.
    """
    said = found.said.initiation
    if said is None:
        return None
    space = found.room(("initiation", "room"), said.room)
    office = None
    if said.office is not None:
        office = found.room(("initiation", "office"), said.office)
    present = [*dict.fromkeys(found.roles())]
    if present and said.role not in present:
        words = f"nobody in the building is {said.role}; there are {', '.join(present)}"
        found.fault(("initiation", "role"), words)
    for number, role in enumerate(said.may_initiate):
        if role not in STAFF:
            words = f"{role} is not staff; expected some of {', '.join(sorted(STAFF))}"
            found.fault(("initiation", "may_initiate", number), words)
    if space is None or (office is None and said.office is not None):
        return None
    ways = []
    for way in said.ways:
        walk_m = 0.0
        if way == "runner" and office is not None:
            walk_m = float(space_metres(found.compiled, [space])[0, office])
        ways.append(_way(found, f"tell_by_{way}", way, walk_m))
    return Initiation(
        event_s=said.event_s,
        space=space,
        role=said.role,
        may_initiate=said.may_initiate,
        recognise_s=found.seconds("initiation.recognise_s"),
        decide_s=found.seconds("initiation.decide_s"),
        ways=tuple(ways),
    )


def direct_cue_of(found: Found, initiation: Initiation) -> DirectCue:
    """Return who notices the event without being told: its room and those next to it."""
    beside = next_to(found.compiled, initiation.space)
    outdoors = np.zeros(len(found.compiled.place_ids), dtype=np.bool_)
    return DirectCue(
        event_s=initiation.event_s,
        seen=np.append(beside, outdoors),
        notices=found.plain("direct_cue.notices"),
        notice_s=found.seconds("direct_cue.notice_s"),
    )


def alert_of(found: Found, initiation: Initiation | None) -> DispatchAlert | None:
    """Return how the dispatcher is alerted.

    The button and the app are used by whoever recognises the event, after a walk to the nearest
    button; the office telephones, or calls by radio, as soon as somebody there knows.
    """
    button, ways = found.said.panic_button, found.said.alert_ways
    rooms = [] if button is None else found.rooms(("panic_button", "rooms"), button.rooms)
    if initiation is None or not ways:
        return None
    alerts = []
    for name, answered in ways.items():
        walk_m = 0.0
        if name == "panic_button" and rooms:
            metres = space_metres(found.compiled, [initiation.space])[0]
            walk_m = float(metres[rooms].min())
        alerts.append(
            AlertWay(
                way=_way(found, f"alert_by_{name}", name, walk_m),
                after="told" if name in ("phone", "radio") else "recognised",
                answered=answered,
            )
        )
    return DispatchAlert(
        ways=tuple(alerts),
        answer_s=found.seconds("dispatcher.answer_s"),
        process_s=found.seconds("dispatcher.process_s"),
    )


def _way(found: Found, table: str, name: str, walk_m: float) -> MessageWay:
    takes_s, fails = found.seconds(f"{table}.takes_s"), found.plain(f"{table}.fails")
    if walk_m == 0:
        return MessageWay(name=name, takes_s=takes_s, fails=fails)
    speed_mps = found.seconds("runner.speed_mps")
    return MessageWay(name=name, takes_s=takes_s, fails=fails, walk_m=walk_m, speed_mps=speed_mps)
