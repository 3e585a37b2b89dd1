"""Print where the time of one evacuation goes, and how far the kernel is from the bare heap.

The parts are measured from outside, by wrapping what a run calls, in the same runs as the whole.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
from measuring import Measured, print_machine, print_table
from peers import heap_bound_s
from two_storey_school import orders_for, roster_of, two_storey_school

import sim.movement
from buildings import compile_plan
from sim import Simulation, flow_law
from sim.conductor import Incident
from sim.kernels.backend import load_kernel
from sim.movement import Movement
from sim.results import EVENT_KINDS

KERNEL = "kernel: all that walks, queues and is logged"
PARTS = (
    "draws of speeds, times and ways",
    "state of a new replica",
    "kernel: setting off",
    KERNEL,
    "SimPy and its meeting with the kernel",
    "event log out of the kernel",
    "columns of the result",
    "rest: releases, checks, closing",
)


class Clock:
    """Adds up the CPU seconds spent in wrapped functions, by part."""

    def __init__(self) -> None:
        self.spent_s: dict[str, float] = defaultdict(float)

    def wrapped(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its time charged to a part."""

        def timed(*arguments: Any, **keywords: Any) -> Any:
            start = time.process_time()
            answer = function(*arguments, **keywords)
            self.spent_s[part] += time.process_time() - start
            return answer

        return timed


def measure(simulation: Simulation, runs: int) -> tuple[list[dict[str, float]], int]:
    """Return the CPU seconds of each part in each run, and the number of logged events."""
    clock = Clock()
    events = len(simulation.run(0, record_events=True).events)
    kernel = load_kernel("compiled")
    timed_kernel = kernel._replace(
        advance=clock.wrapped("advance", kernel.advance),
        release=clock.wrapped("release", kernel.release),
    )
    originals = (sim.movement.load_kernel, Movement.__init__, Movement.events, Incident.run)
    sim.movement.load_kernel = lambda backend: timed_kernel  # type: ignore[assignment]
    Movement.__init__ = clock.wrapped("state", Movement.__init__)  # type: ignore[method-assign]
    Movement.events = clock.wrapped("events", Movement.events)  # type: ignore[method-assign]
    Incident.run = clock.wrapped("incident", Incident.run)  # type: ignore[method-assign]
    for name in ("draw_speeds", "draw_pre_movement", "draw_ties"):
        setattr(simulation, name, clock.wrapped("draws", getattr(simulation, name)))
    simulation._result = clock.wrapped("result", simulation._result)  # type: ignore[method-assign]
    run = clock.wrapped("run", simulation.run)
    parts = []
    try:
        for replica in range(runs):
            clock.spent_s.clear()
            run(replica, record_events=True)
            got = clock.spent_s
            own = [
                got["draws"],
                got["state"],
                got["release"],
                got["advance"],
                got["incident"] - got["advance"] - got["release"],
                got["events"],
                got["result"] - got["events"],
            ]
            own.append(got["run"] - sum(own))
            parts.append(dict(zip(PARTS, own, strict=True)))
    finally:
        (sim.movement.load_kernel, Movement.__init__, Movement.events, Incident.run) = originals  # type: ignore[method-assign]
    return parts, events


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    asked = parser.parse_args()
    print_machine()
    compiled = compile_plan(two_storey_school())
    columns: list[list[str]] = [[] for _ in PARTS]
    totals = []
    for classes in (False, True):
        simulation = Simulation(
            compiled, roster_of(compiled, classes=classes), flow_law("sfpe"), orders_for(compiled),
            seed=1, backend="compiled",
        )  # fmt: skip
        parts, events = measure(simulation, asked.runs)
        whole = [sum(run.values()) for run in parts]
        totals.append(Measured.of(whole).text(1e-3))
        for column, part in zip(columns, PARTS, strict=True):
            share = Measured.of([run[part] / sum(run.values()) for run in parts])
            spent = Measured.of([run[part] for run in parts]).median
            column += [f"{spent * 1e6:.0f}", f"{share.median:.0%}"]
        if not classes:
            in_kernel = [run[KERNEL] for run in parts]
            bound = heap_bound_s(events, compiled.n_cells + compiled.n_gates)
            counts = np.bincount(simulation.run(0, record_events=True).events.kind)
    rows = [[part, *column] for part, column in zip(PARTS, columns, strict=True)]
    rows.append(["whole run, ms (range)", totals[0], "", totals[1], ""])
    print()
    print_table(("part", "no classes: CPU us", "share", "classes: CPU us", "share"), rows)
    told = ", ".join(f"{count} {EVENT_KINDS[kind]}" for kind, count in enumerate(counts) if count)
    over = Measured.of([value / bound for value in in_kernel])
    print(f"\nlogged events: {told}")
    print(
        f"kernel {Measured.of(in_kernel).text(1e-3)} ms, "
        f"{Measured.of(in_kernel).median / sum(counts) * 1e9:.0f} ns an event; "
        f"the same number of operations on a bare heap {bound * 1e3:.2f} ms: "
        f"{over.text(1, 1)} times"
    )


if __name__ == "__main__":
    main()
