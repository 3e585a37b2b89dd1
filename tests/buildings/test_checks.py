"""What the checks of a plan find, and what they leave alone."""

from __future__ import annotations

from support.graph_plans import flight_facts, plan, portal, space

from buildings import OUTSIDE, require_sound


def test_a_level_that_only_a_stair_leads_to_needs_no_floor_of_its_own():
    flight = space("ST", [(0, 0), (3.6, 0), (3.6, 1.5), (0, 1.5)], "stair", stair=flight_facts())
    hall = space("HALL", [(-4, 0), (0, 0), (0, 1.5), (-4, 1.5)])
    foot = portal("P1", "HALL", "ST", [(0, 0), (0, 1.5)], "opening")
    head = portal("P2", "ST", OUTSIDE, [(3.6, 0), (3.6, 1.5)], "exit", level="L2")
    require_sound(plan([flight, hall], [foot, head]))
