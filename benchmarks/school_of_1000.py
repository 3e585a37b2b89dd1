"""Print what one evacuation of the 1,000-person school costs, here and in other models, as ratios.

Run with ``make bench``. Every figure is CPU time in this process, measured in turn (ours, theirs,
ours, theirs) so that a busy machine slows both; the table gives medians. "times ours" divides by
our full run with classes and their SimPy processes; "no classes" by the same run without them,
which is what the other models do, and "range" is the range of that.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from peers import heap_bound_s, network_model, plain_simpy
from two_storey_school import orders_for, roster_of, two_storey_school

from buildings import compile_plan
from sim import Simulation, flow_law


def cpu_s(run: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=9, help="how often each pair is measured")
    pairs = parser.parse_args().pairs

    start = time.perf_counter()
    compiled = compile_plan(two_storey_school())
    built = time.perf_counter() - start
    roster = roster_of(compiled)
    law, orders = flow_law("sfpe"), orders_for(compiled)
    alone = roster_of(compiled, classes=False)

    def simulation(backend: str, *, with_classes: bool = True) -> Simulation:
        people = roster if with_classes else alone
        return Simulation(compiled, people, law, orders, seed=1, backend=backend)  # type: ignore[arg-type]

    ours = simulation("compiled")
    start = time.perf_counter()
    result = ours.run(0, record_events=True)
    first = time.perf_counter() - start
    events = len(result.events)
    print(f"school: {compiled.n_cells} cells, {compiled.n_gates} gates, {roster.n_people} people")
    print(
        f"plan to arrays {built:.2f} s; first run with the kernel loaded or compiled {first:.2f} s"
    )
    print(f"last person out {result.out_s.max():.1f} s, {events} events, {result.ledger}")

    def full() -> object:
        return ours.run(0, record_events=True)

    queueing = simulation("compiled", with_classes=False)

    def without_classes() -> object:
        return queueing.run(0, record_events=True)

    queueing_law = Simulation(
        compiled, alone, flow_law("sfpe", speed_law="none", storage_per_m2=float("inf")), orders,
        seed=1, backend="compiled",
    )  # fmt: skip
    queueing_law.run(0)
    bound = heap_bound_s(events, compiled.n_cells + compiled.n_gates)
    python = simulation("python")
    others: list[tuple[str, Callable[[], object]]] = [
        (
            "ours, the same without classes, as in the peers",
            lambda: queueing.run(0, record_events=True),
        ),
        ("ours, pure queueing: no density, no storage, no log", lambda: queueing_law.run(0)),
        ("ours, interpreted", lambda: python.run(0, record_events=True)),
        ("plain SimPy, a process a person: same queueing", plain_simpy(ours, 0, storage=True)),
        ("plain SimPy without storage (easier)", plain_simpy(ours, 0, storage=False)),
    ]
    try:
        others.append(("jupedsim-network, dt 0.5 s", network_model(compiled, roster)))
    except ModuleNotFoundError:
        print("jupedsim-network is not installed: left out (pip install 'hallways[benchmark]')")
    for _ in range(5):
        full()
    reference = statistics.median(cpu_s(full) for _ in range(25))
    print(
        f"\n{'one evacuation':52} {'CPU ms':>9} {'times ours':>11} {'no classes':>11} {'range':>14}"
    )
    print(f"{'ours: classes, density, storage, full log':52} {reference * 1e3:9.2f} {1:11.1f}")
    for name, run in others:
        run()
        times, ratios, alike = [], [], []
        for _ in range(pairs):
            mine = statistics.median(cpu_s(full) for _ in range(3))
            plain = statistics.median(cpu_s(without_classes) for _ in range(3))
            times.append(cpu_s(run))
            ratios.append(times[-1] / mine)
            alike.append(times[-1] / plain)
        print(
            f"{name:52} {statistics.median(times) * 1e3:9.2f} {statistics.median(ratios):11.2f} "
            f"{statistics.median(alike):11.2f} {min(alike):6.2f}-{max(alike):.2f}"
        )
    label = f"bound: {events} operations on a bare heap"
    print(f"{label:52} {bound * 1e3:9.3f} {bound / reference:11.3f}")
    print("jupedsim (continuous space, time steps: another class of model) is not run here")


if __name__ == "__main__":
    main()
