"""Roll calls and reunification run in an incident in which people walk."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest
import simpy
from support.hand_buildings import hand_building
from support.reunifications import UNLIMITED, draws
from support.reunifications import orders as reunification_orders

from sim import Distribution, flow_law
from sim.conductor import Incident
from sim.movement import Movement, Placement
from sim.network import Goal, build_network
from sim.protocols.accountability import Accountability
from sim.protocols.accountability_orders import AccountabilityOrders, accountability_draws
from sim.protocols.reunification import Reunification, reunify
from sim.protocols.roll_call import CountingErrors

PEOPLE = 12


@pytest.fixture
def incident() -> Incident:
    """Twelve people who set off at once from one room with one door."""
    building = hand_building({"room": 60.0}, [("room", "outside", 1.0)], start_m=6.0)
    network = build_network(building, flow_law("sfpe"), goals=[Goal(-1)])
    zero = np.zeros(PEOPLE, dtype=np.int64)
    anchor = np.full(PEOPLE, building.slot_start[0])
    placement = Placement(zero, anchor, zero, zero, zero - 1, zero - 1)
    speeds = np.ones((PEOPLE, 3))
    movement = Movement(network, placement, speeds, n_groups=0, backend="python")
    movement.release(np.arange(PEOPLE), np.zeros(PEOPLE))
    return Incident(movement)


def test_a_class_calls_its_roll_when_its_room_is_empty(incident: Incident):
    never, one = np.full(PEOPLE, math.inf), Distribution.constant(10.0)
    plan = AccountabilityOrders(
        group=np.zeros(PEOPLE, dtype=np.int64),
        at_place_s=never,
        whereabouts=np.full(PEOPLE, 2),
        stands_with=np.full(PEOPLE, -1),
        surfaces_s=never,
        roll_from_s=np.array([math.inf]),
        roll_call_s=one,
        report_s=one,
        record_s=one,
        recheck_s=one,
        search_s=dict.fromkeys(("with_another_class", "inside", "in_refuge", "off_site"), one),
        errors=CountingErrors(0.0, 0.0, 0.0),
        recorders=1,
        searchers=1,
    )
    keys = np.arange(PEOPLE, dtype=np.uint64)
    live = Accountability(incident, plan, accountability_draws(1, 0, people=keys, classes=keys[:1]))

    def teacher() -> Generator[simpy.Event, None, None]:
        yield incident.emptied(0)
        for person in range(PEOPLE):
            live.at_place(person)
        live.begin(0)

    incident.process(teacher())
    incident.run()
    last_out_s = float(incident.movement.person("out_s").max())
    assert 6.0 < last_out_s < math.inf
    assert live.times().all_accounted_s == pytest.approx(last_out_s + 30.0)
    assert live.times().counted.all()


def test_a_reunification_among_people_who_walk_is_the_one_by_itself(incident: Incident):
    plan = reunification_orders(range(20), check_s=Distribution("uniform", (0.0, 60.0)))
    plan = replace(plan, staff={**UNLIMITED, "checkers": 2})
    live = Reunification(incident, plan, draws(20))
    incident.run(until=live.finished)
    assert live.times().released_s.tolist() == reunify(plan, draws(20)).released_s.tolist()
