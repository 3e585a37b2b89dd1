"""How the benchmarks measure: CPU seconds, in turn, as ratios within one run, with their ranges."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


def cpu_s(run: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    start = time.process_time()
    run()
    return time.process_time() - start


class Measured(NamedTuple):
    """What several turns gave: the median, and the range of the middle four fifths."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Measured:
        """Return the median and the range without the lowest and the highest tenth."""
        ordered = sorted(values)
        cut = len(ordered) // 10
        return cls(statistics.median(ordered), ordered[cut], ordered[-1 - cut])

    def text(self, unit: float = 1.0, digits: int = 2) -> str:
        """Return ``median (low-high)`` in a unit."""
        low, mid, high = (f"{v / unit:.{digits}f}" for v in (self.low, self.median, self.high))
        return f"{mid} ({low}-{high})"


def in_turn(
    runs: dict[str, Callable[[], object]], turns: int, *, least_s: float = 0.02
) -> dict[str, list[float]]:
    """Measure several things in turn, so that a busy machine slows all of them alike.

    Parameters
    ----------
    runs : dict of name to callable
        Each is called once beforehand, then measured in every turn.
    turns : int
    least_s : float
        Short runs are repeated for about this long in each turn, and their median is taken.

    Returns
    -------
    dict of name to list of float
        CPU seconds of one call, one entry a turn.
    """
    repeats = {}
    for name, run in runs.items():
        run()
        repeats[name] = max(1, min(15, round(least_s / max(cpu_s(run), 1e-6))))
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(turns):
        for name, run in runs.items():
            times[name].append(statistics.median(cpu_s(run) for _ in range(repeats[name])))
    return times


def ratios(over: Sequence[float], under: Sequence[float]) -> Measured:
    """Return the ratio of two things measured in turn, turn by turn."""
    return Measured.of([a / b for a, b in zip(over, under, strict=True)])


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that can be pasted into a Markdown page."""
    widths = [max(len(str(row[i])) for row in (columns, *rows)) for i in range(len(columns))]
    for row in (columns, ["-" * width for width in widths], *rows):
        cells = [
            text.ljust(width) if i == 0 else text.rjust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("| " + " | ".join(cells) + " |")


def print_machine() -> None:
    """Print what the figures depend on: the machine, and how busy and how steady it is."""

    def work() -> None:
        total = 0
        for i in range(300_000):
            total += i * i

    steady = Measured.of([cpu_s(work) for _ in range(30)])
    spread = (steady.high - steady.low) / steady.median
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}; load {os.getloadavg()[0]:.1f}; the same piece of Python "
        f"took {steady.text(1e-3, 1)} ms of CPU, a spread of {spread:.0%}"
    )
