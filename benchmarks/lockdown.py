"""Print what a lockdown of the 1,000-person school costs, as a ratio to its evacuation.

Every classroom has a teacher who follows the procedure as a SimPy process; doors, times and rules
are those of a scenario that says nothing about them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from measuring import Measured, in_turn, print_machine, print_table, ratios
from two_storey_school import orders_for, roster_of, two_storey_school

from buildings import Plan, compile_corners, compile_plan
from scenarios.protocol import doors_of
from scenarios.protocol_said import ProtocolSaid, protocol_defaults
from sim import Distribution, Roster, Simulation, flow_law
from sim.protocols import STEPS, TRADITIONAL, Action, Directive, ProtocolOrders

EVACUATION = "evacuation with classes"


def with_locks(plan: Plan) -> Plan:
    """Return the school with thumb turns in half of its classrooms, and keys from the hall else."""
    portals = {}
    for number, (name, portal) in enumerate(plan.portals.items()):
        if portal.kind == "door":
            turn = number % 2 == 0
            portal = replace(
                portal,
                lock="inside" if turn else "outside",
                lock_key="thumbturn" if turn else "key",
                closer="yes",
                glazing="panel",
                glazing_w_m=0.1,
                glazing_off_m=0.3,
                cover="film",
                cover_default="open",
                cover_close_s=8.0,
            )
        portals[name] = portal
    return replace(plan, portals=MappingProxyType(portals))


def in_halls(roster: Roster, spaces: list[int], share: float) -> Roster:
    """Return the people with a share of the students, every so many of them, in the halls."""
    space, every = roster.space.copy(), round(1 / share)
    students = np.flatnonzero(np.array(roster.role) == "student")[::every]
    space[students] = np.resize(spaces, len(students))
    return replace(roster, space=space)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=15, help="how often everything is measured")
    asked = parser.parse_args()
    plan = with_locks(two_storey_school())
    compiled = compile_plan(plan)
    people = roster_of(compiled)
    role = np.array(people.role, dtype="U12")
    role[people.groups.leader] = "teacher"
    people = replace(people, role=tuple(role.tolist()))
    numbers = {name: number for name, (number, _) in protocol_defaults().items()}
    seconds = {}
    for step in STEPS:
        number = numbers[f"seconds.{step}"]
        assert isinstance(number, Distribution)
        seconds[step] = number
    corners = compile_corners(plan, compiled)

    def simulation(roster: Roster, *timeline: Directive) -> Simulation:
        protocol = ProtocolOrders(
            timeline=timeline,
            hears_delay_s=np.zeros(len(compiled.space_ids)),
            hears_outdoors_s=np.zeros(len(compiled.place_ids)),
            corners=corners,
            doors=doors_of(plan, compiled, ProtocolSaid()),
            seconds=seconds,
            rules=TRADITIONAL,
            keys=np.array([one == "teacher" for one in roster.role]),
            hold_door_s=10.0,
            hold_outside_door_s=120.0,
            room_tries=3,
            in_sight_until_s=300.0,
        )
        orders = orders_for(compiled)
        if timeline:
            orders = replace(orders, protocol=protocol, end_s=900.0)
        return Simulation(compiled, roster, flow_law("sfpe"), orders, seed=1, backend="compiled")

    halls = [compiled.space_index("L1-C"), compiled.space_index("L2-C")]
    lockdown = Directive(0.0, Action.LOCKDOWN)
    cases = {
        EVACUATION: simulation(people),
        "lockdown in class": simulation(people, lockdown),
        "lockdown, a tenth of the students in the halls": simulation(
            in_halls(people, halls, 0.1), lockdown
        ),
        "lockdown, a quarter of the students in the halls": simulation(
            in_halls(people, halls, 0.25), lockdown
        ),
        "hold, then release": simulation(
            people, Directive(0.0, Action.HOLD), Directive(300.0, Action.RELEASE)
        ),
        "lockdown, then evacuation with roll calls": simulation(
            people, lockdown, Directive(300.0, Action.EVACUATE)
        ),
    }

    def running(case: Simulation) -> Callable[[], object]:
        return lambda: case.run(0)

    print_machine()
    print()
    times = in_turn({name: running(case) for name, case in cases.items()}, asked.turns)
    rows = [
        [
            name,
            Measured.of(values).text(1e-3, 1),
            "" if name == EVACUATION else ratios(values, times[EVACUATION]).text(),
        ]
        for name, values in times.items()
    ]
    print_table(["1,000 people", "one run, ms", "times the evacuation"], rows)


if __name__ == "__main__":
    main()
