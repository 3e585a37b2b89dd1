"""Print what one evacuation of the 1,000-person school costs, here and in other models, as ratios.

Run with ``make bench``. All are measured in turn in one process; see `measuring`. "times ours"
divides by our run without classes and without the event log, which the others do not have either.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from measuring import Measured, in_turn, print_machine, print_table, ratios
from peers import heap_bound_s, network_model, plain_simpy
from two_storey_school import orders_for, roster_of, two_storey_school

from buildings import compile_plan
from sim import FlowLaw, Roster, Simulation, flow_law
from sim.kernels.backend import Backend

OURS = "ours, no classes, no log: density, storage"
LOGGED = "ours, no classes, with the full log"
CLASSES = "ours with 40 classes led by SimPy processes, full log"
QUEUEING = "ours, pure queueing: no density, storage, log"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=9, help="how often everything is measured")
    parser.add_argument(
        "--jupedsim", action="store_true", help="run jupedsim too, once: minutes (needs jupedsim)"
    )
    asked = parser.parse_args()

    compiled = compile_plan(two_storey_school())
    roster, alone = roster_of(compiled), roster_of(compiled, classes=False)
    law, orders = flow_law("sfpe"), orders_for(compiled)
    queueing_law = flow_law("sfpe", speed_law="none", storage_per_m2=float("inf"))

    def simulation(people: Roster, backend: Backend = "compiled", with_law: FlowLaw = law):  # type: ignore[no-untyped-def]
        return Simulation(compiled, people, with_law, orders, seed=1, backend=backend)

    ours = simulation(alone)
    start = time.perf_counter()
    result = ours.run(0, record_events=True)
    first = time.perf_counter() - start
    events = len(result.events)
    print_machine()
    print(
        f"school: {compiled.n_cells} cells, {compiled.n_gates} gates, {roster.n_people} people, "
        f"{events} events, last out {result.out_s.max():.1f} s; first run {first:.1f} s with the "
        "kernel loaded or compiled\n"
    )
    with_classes, queueing = simulation(roster), simulation(alone, with_law=queueing_law)
    interpreted = simulation(alone, "python")
    runs: dict[str, Callable[[], object]] = {
        OURS: lambda: ours.run(0),
        LOGGED: lambda: ours.run(0, record_events=True),
        CLASSES: lambda: with_classes.run(0, record_events=True),
        QUEUEING: lambda: queueing.run(0),
        "ours, no classes, no log, interpreted": lambda: interpreted.run(0),
        "plain SimPy, a process a person, with storage": plain_simpy(ours, 0, storage=True),
        "plain SimPy without storage": plain_simpy(ours, 0, storage=False),
    }
    try:
        runs["jupedsim-network, dt 0.5 s"] = network_model(compiled, roster)
    except ModuleNotFoundError:
        print("jupedsim-network is not installed: left out (pip install 'hallways[benchmark]')\n")
    times = in_turn(runs, asked.turns)
    rows = [
        [name, Measured.of(values).text(1e-3), ratios(values, times[OURS]).text()]
        for name, values in times.items()
    ]
    bound = heap_bound_s(events, compiled.n_cells + compiled.n_gates)
    rows.append([f"bound: {events} operations on a bare heap", f"{bound * 1e3:.2f}", "-"])
    if asked.jupedsim:
        rows += [_jupedsim(ours, dt_s, Measured.of(times[OURS]).median) for dt_s in (0.05, 0.01)]
    print_table(("one evacuation", "CPU ms: median (range)", "times ours (range)"), rows)
    over = Measured.of([value / bound for value in times[QUEUEING]])
    print(f"\npure queueing over the bare heap: {over.text(1, 1)}")


def _jupedsim(ours: Simulation, dt_s: float, our_s: float) -> list[str]:
    """Measure jupedsim once and return its row."""
    from continuous_space import collision_free_speed

    run = collision_free_speed(ours, dt_s=dt_s)
    start = time.process_time()
    last_out_s = run()
    spent = time.process_time() - start
    name = f"jupedsim, collision-free speed V2, dt {dt_s} s (once; out {last_out_s:.0f} s)"
    return [name, f"{spent * 1e3:.0f}", f"{spent / our_s:.0f}"]


if __name__ == "__main__":
    main()
