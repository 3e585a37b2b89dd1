"""Search for a case in which people hold each other up for ever, and print a line of totals.

``python benchmarks/gridlock_search.py 10000`` plays so many cases of each kind (full rooms with
opposed streams; doors that change; people of different sizes, sent about; people who wait at closed
doors) and holds every one to the same: whoever is not there at the end has no way, or waits for a
door that is closed, and every account agrees with the people. A case that fails is printed with its
number; ``--from`` and ``--kind`` play it again.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.full_houses import KINDS, case, play

from sim import FrozenError, MovementError


def search(kind: str, first: int, cases: int, *, backend: str) -> list[int]:
    """Play cases of one kind, print what was found, and return the numbers of those that fail."""
    began = time.perf_counter()
    people = changes = 0
    failed = []
    for seed in range(first, first + cases):
        house = case(seed, kind)
        people += len(house.start_s)
        changes += len(house.changes)
        try:
            play(house, backend, audits=True)
        except (AssertionError, FrozenError, MovementError) as fault:
            failed.append(seed)
            print(f"{kind} case {seed}: {str(fault).strip().splitlines()[0]}", flush=True)
    seconds = time.perf_counter() - began
    print(
        f"{kind:8} {cases:7} cases from {first}, {people:8} people, {changes:7} changes, "
        f"{seconds:6.0f} s, {len(failed)} failed",
        flush=True,
    )
    return failed


def main() -> int:
    """Search as the command line asks; return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", type=int, nargs="?", default=2000, help="cases of each kind")
    parser.add_argument(
        "--from", dest="first", type=int, default=0, help="number of the first case"
    )
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind")
    parser.add_argument("--backend", choices=("compiled", "python"), default="compiled")
    asked = parser.parse_args()
    failed = [
        seed
        for kind in asked.kind or KINDS
        for seed in search(kind, asked.first, asked.cases, backend=asked.backend)
    ]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
