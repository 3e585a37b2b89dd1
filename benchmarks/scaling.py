"""Print how cost and memory grow with the number of people, and what starting up and batches cost.

Each size runs in a process of its own, in turn with the school of 1,000, so that "per person"
compares like with like. ``--parts sizes start batch`` chooses what is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import Measured, cpu_s, print_machine, print_table

HERE = Path(__file__).parent
COPIES = (1, 5, 20, 100)


def one_size(copies: int, turns: int) -> None:
    """Measure a campus of so many schools and print the numbers as JSON: run as a process."""
    from two_storey_school import orders_for, roster_of, two_storey_school

    from buildings import compile_plan
    from sim import Simulation, flow_law

    def simulation(n: int) -> Simulation:
        compiled = compile_plan(two_storey_school(n))
        people, orders = roster_of(compiled, classes=False), orders_for(compiled)
        return Simulation(compiled, people, flow_law("sfpe"), orders, seed=1, backend="compiled")

    small = simulation(1)
    small.run(0, record_events=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    large = simulation(copies)
    prepared = time.process_time() - start
    result = large.run(0, record_events=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    per_person = []
    n = large.roster.n_people
    for _ in range(turns):
        mine = cpu_s(lambda: large.run(0, record_events=True))
        alone = statistics.median(cpu_s(lambda: small.run(0, record_events=True)) for _ in range(9))
        per_person.append((mine / n, alone / small.roster.n_people))
    print(
        json.dumps(
            {
                "people": n,
                "events": len(result.events),
                "prepared_s": prepared,
                "per_person": per_person,
                "peak_mb": peak / 1024,
                "more_bytes_per_person": (peak - before) * 1024 / n,
            }
        )
    )


def print_sizes(turns: int) -> None:
    """Print CPU and memory for each size."""
    rows = []
    for copies in COPIES:
        got = json.loads(_python([__file__, "--one-size", str(copies), "--turns", str(turns)])[0])
        mine = Measured.of([a for a, _ in got["per_person"]])
        over = Measured.of([a / b for a, b in got["per_person"]])
        rows.append(
            [
                f"{got['people']:,}",
                f"{got['events']:,}",
                f"{mine.median * got['people'] * 1e3:.1f}",
                mine.text(1e-6),
                over.text(),
                f"{got['peak_mb']:.0f}",
                f"{got['more_bytes_per_person']:,.0f}",
                f"{got['prepared_s']:.1f}",
            ]
        )
    print_table(
        (
            "people", "events", "CPU ms a run", "us a person", "over that at 1,000",
            "peak MB", "bytes a person", "plan to arrays s",
        ),
        rows,
    )  # fmt: skip


def print_start() -> None:
    """Print what a fresh process costs before and with its first run."""
    first = (
        f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
        "from two_storey_school import *\nfrom buildings import compile_plan\n"
        "from sim import Simulation, flow_law\nimport time\n"
        "compiled = compile_plan(two_storey_school())\n"
        "s = Simulation(compiled, roster_of(compiled, classes=False), flow_law('sfpe'), "
        "orders_for(compiled), seed=1, backend=BACKEND)\n"
        "start = time.perf_counter(), time.process_time()\ns.run(0)\n"
        "print(time.perf_counter() - start[0], time.process_time() - start[1])\n"
    )
    rows = []

    def row(name: str, arguments: list[str], times: int, cache: str | None = None) -> None:
        walls, inner = [], ""
        environment = dict(os.environ)
        if cache is not None:
            environment["NUMBA_CACHE_DIR"] = cache
        for _ in range(times):
            inner, wall = _python(arguments, environment)
            walls.append(wall)
        told = inner.split() if arguments[0] == "-c" else []
        of_run = f"{float(told[0]):.2f}" if told else "-"
        cpu_of_run = f"{float(told[1]):.2f}" if told else "-"
        rows.append([name, Measured.of(walls).text(), of_run, cpu_of_run])

    command = ["-m", "scenarios.cli"]
    row("hallways --help", [*command, "--help"], 9)
    row("one run, interpreted", ["-c", first.replace("BACKEND", "'python'")], 5)
    with tempfile.TemporaryDirectory() as empty:
        compiled = ["-c", first.replace("BACKEND", "'compiled'")]
        row("one run, kernel compiled for the first time", compiled, 1, empty)
        row("one run, kernel loaded from the cache", compiled, 5, empty)
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as out:
        demo = [*command, "demo", "--out", f"{out}/demo"]
        row("hallways demo, cold cache", demo, 1, empty)
        row("hallways demo, warm", demo, 3, empty)
    print_table(("a fresh process", "wall s (range)", "of that the run s", "its CPU s"), rows)


def print_batch(replicas: int) -> None:
    """Print the wall time of many replicas of the school on one process and on two."""
    rows = []
    for workers in (1, 2, 1, 2):
        _, wall = _python([__file__, "--batch", str(replicas), "--workers", str(workers)])
        rows.append([f"{replicas:,} replicas, {workers} process(es)", f"{wall:.1f}"])
    print_table(("start-up included, kernel cached", "wall s"), rows)


def one_batch(replicas: int, workers: int) -> None:
    """Run many replicas of the school with its classes, as an ensemble does: run as a process."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    if workers == 1:
        last = _some_replicas(range(replicas))
    else:
        parts = [range(i, replicas, workers) for i in range(workers)]
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            last = [time_s for part in pool.map(_some_replicas, parts) for time_s in part]
    print(len(last), statistics.median(last))


def _some_replicas(replicas: range) -> list[float]:
    from two_storey_school import orders_for, roster_of, two_storey_school

    from buildings import compile_plan
    from sim import Simulation, flow_law

    compiled = compile_plan(two_storey_school())
    simulation = Simulation(
        compiled, roster_of(compiled), flow_law("sfpe"), orders_for(compiled), seed=1,
        backend="compiled",
    )  # fmt: skip
    return [float(simulation.run(replica).out_s.max()) for replica in replicas]


def _python(arguments: list[str], environment: dict[str, str] | None = None) -> tuple[str, float]:
    """Run Python on something and return what it printed and the seconds it took."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment, cwd=HERE.parent, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout, time.perf_counter() - start


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5, help="how often each size is measured")
    parser.add_argument("--replicas", type=int, default=1000, help="in the batch")
    parts = ("sizes", "start", "batch")
    parser.add_argument("--parts", nargs="+", choices=parts, default=parts)
    parser.add_argument("--one-size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--batch", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=1, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one_size:
        one_size(asked.one_size, asked.turns)
        return
    if asked.batch:
        one_batch(asked.batch, asked.workers)
        return
    print_machine()
    if "sizes" in asked.parts:
        print()
        print_sizes(asked.turns)
    if "start" in asked.parts:
        print()
        print_start()
    if "batch" in asked.parts:
        print()
        print_batch(asked.replicas)


if __name__ == "__main__":
    main()
