"""Print what closing doors, and the quickest way in sight, cost as ratios to a plain run.

A lockdown is not among them: its procedures are not there yet.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from measuring import Measured, in_turn, print_machine, print_table, ratios
from two_storey_school import orders_for, roster_of, two_storey_school

from buildings import compile_plan
from sim import Abilities, DirectionOrder, DoorOrder, Simulation, flow_law
from sim.abilities import LOCALLY_QUICKEST
from sim.orders import Order

PLAIN = "plain: nearest exit, nothing changes"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=15, help="how often everything is measured")
    asked = parser.parse_args()
    compiled = compile_plan(two_storey_school())
    alone = roster_of(compiled, classes=False)
    plain_orders = orders_for(compiled)
    gate = {name: number for number, name in enumerate(compiled.gate_ids)}
    shut = (False, False)
    abilities = Abilities.plain(alone.n_people)
    quick = replace(
        abilities,
        exit_choice=np.full(alone.n_people, LOCALLY_QUICKEST, dtype=np.int64),
    )

    def simulation(*orders: Order, able: Abilities = abilities) -> Simulation:
        return Simulation(
            compiled, replace(alone, abilities=able), flow_law("sfpe"),
            replace(plain_orders, orders=orders), seed=1, backend="compiled",
        )  # fmt: skip

    cases = {
        PLAIN: simulation(),
        "the west exit closes at 40 s, everybody is told": simulation(
            DoorOrder(40.0, gate["E1"], shut, told=None)
        ),
        "the same, known only to those who see it": simulation(DoorOrder(40.0, gate["E1"], shut)),
        "three exits close at 20, 40 and 60 s, all told, and open again": simulation(
            *(
                DoorOrder(at_s + late, gate[name], (bool(late), bool(late)), told=None)
                for at_s, name in ((20.0, "E1"), (40.0, "E2"), (60.0, "E3"))
                for late in (0.0, 60.0)
            )
        ),
        "at 30 s everybody is sent to the east exit": simulation(
            DirectionOrder(30.0, None, gate["E2"])
        ),
        "everybody takes the quickest way in sight": simulation(able=quick),
    }

    def running(case: Simulation) -> Callable[[], object]:
        return lambda: case.run(0, record_events=True)

    told = {}
    for name, case in cases.items():
        result = case.run(0, record_events=True)
        told[name] = (result.out_s.max(), len(result.events))
    print_machine()
    print()
    times = in_turn({name: running(case) for name, case in cases.items()}, asked.turns)
    rows = [
        [
            name,
            f"{told[name][0]:.0f}",
            f"{told[name][1]}",
            Measured.of(values).text(1e-3),
            ratios(values, times[PLAIN]).text(),
        ]
        for name, values in times.items()
    ]
    print_table(
        ("1,000 people, no classes", "last out s", "events", "CPU ms (range)", "times plain"), rows
    )
    print("\na lockdown is not measured: its procedures are not there yet")


if __name__ == "__main__":
    main()
