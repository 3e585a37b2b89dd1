"""How much longer ways by the walking graph are than taut strings, over whole buildings.

Run ``python benchmarks/walking_distances.py [PLAN ...]``; without a plan it takes the built-in
schools. A taut string is the shortest way over a visibility graph of a level's whole floor; half a
body (0.2 m) off walls it is a way that somebody could walk. Ways are those from the middle of each
room to the nearest exit, where no stair lies between, and between random pairs of rooms on a level.
Ways under 3 m count as 3 m.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.way_lengths import Lengths, ways_between, ways_out

from buildings import NavGraph, Plan, builtin_plans, load_plan

AIM = 0.10
PAIRS = 500


def main() -> None:
    """Print the table."""
    names = sys.argv[1:] or [f"builtin:{name}" for name in builtin_plans()]
    plans = [(name, load_plan(name)) for name in names]
    print(
        f"{'plan':26} {'off walls':>9} {'ways':6} {'number':>6} {'mean':>7} {'p95':>7} {'max':>7}"
    )
    for half_body_m in (0.0, 0.2):
        for name, plan in plans:
            _row(name, plan, half_body_m)
    print(f"aim: 95th percentile within {AIM:.0%} of the string half a body off walls")


def _row(name: str, plan: Plan, half_body_m: float) -> None:
    graph = NavGraph.from_plan(plan)
    kinds: dict[str, Lengths] = {
        "out": ways_out(graph, half_body_m=half_body_m),
        "pairs": ways_between(graph, half_body_m=half_body_m, pairs=PAIRS, seed=4),
    }
    for kind, lengths in kinds.items():
        if len(lengths.taut_m):
            print(
                f"{name:26} {half_body_m:7.1f} m {kind:6} {len(lengths.taut_m):6} "
                f"{lengths.longer.mean():7.1%} {lengths.share(0.95):7.1%} "
                f"{lengths.longer.max():7.1%}"
            )


if __name__ == "__main__":
    main()
