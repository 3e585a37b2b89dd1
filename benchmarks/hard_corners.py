"""Milliseconds to find the hard corner of a room, over the rooms of the built-in schools.

Run ``python benchmarks/hard_corners.py``. Times are processor time of one core, so that other work
on the machine counts little; a room is looked into through every aperture, with covers as found,
all closed and all open, then its usable floor and capacity are worked out. The aim is a median
under 50 ms; the same rooms by the plain method (one shadow for every edge and viewpoint, cut out
one by one) give the ratio.
"""

from __future__ import annotations

import itertools
import math
import statistics
import time

import shapely
from shapely import Polygon

from buildings import Plan, Space, builtin_plans, load_plan
from buildings.apertures import SightRules
from buildings.hard_corner import RoomView, hard_corner, rooms_with_people
from buildings.person_area import People
from buildings.sightlines import glass_viewpoints

AIM_MS = 50.0
PLAIN_ROOMS = 6


def main() -> None:
    """Print the table."""
    print(f"{'school':18} {'covers':9} {'rooms':>5} {'median ms':>10} {'p95 ms':>8} {'max ms':>8}")
    for name in builtin_plans():
        plan = load_plan(f"builtin:{name}")
        for covers in ("as found", "closed", "open"):
            rules = SightRules(covers=covers)
            times = sorted(_time_ms(plan, room, rules) for room in rooms_with_people(plan))
            p95 = times[math.ceil(0.95 * len(times)) - 1]
            print(
                f"{name:18} {covers:9} {len(times):5} {statistics.median(times):10.1f} "
                f"{p95:8.1f} {times[-1]:8.1f}"
            )
    plan = load_plan("builtin:cedar-middle")
    rooms = [room for room in rooms_with_people(plan) if room.use == "classroom"][:PLAIN_ROOMS]
    ratios = [_plain_ms(plan, room) / _time_ms(plan, room, SightRules()) for room in rooms]
    print(f"plain shadow method / this: {statistics.median(ratios):.0f} (median, one thread)")
    print(f"aim: median under {AIM_MS:.0f} ms a room")


def _time_ms(plan: Plan, room: Space, rules: SightRules) -> float:
    people = People(adult=(room.occupants_default or 0) + 1)
    best = math.inf
    for _ in range(3):
        start = time.process_time()
        corner = hard_corner(plan, room, people, rules=rules)
        corner.capacity("roomy"), corner.shortfall("roomy")
        best = min(best, time.process_time() - start)
    return best * 1e3


def _plain_ms(plan: Plan, room: Space) -> float:
    """Return the time of the method as it stands in words: a shadow quad for every edge."""
    view = RoomView(plan, room, People())
    floor = view.floor().open.floor
    start = time.process_time()
    for aperture in view.found.apertures:
        if aperture.covered:
            continue
        tunnel = aperture.tunnel
        passage = Polygon([tunnel.near_left, tunnel.near_right, tunnel.far_right, tunnel.far_left])
        whole = shapely.union(floor, passage)
        seen = []
        for eye in glass_viewpoints(tunnel):
            lit = whole
            for part in shapely.get_parts(whole):
                for ring in (part.exterior, *part.interiors):
                    xy = shapely.get_coordinates(ring)
                    for a, b in itertools.pairwise(xy):
                        far = [p + (p - eye) * 1e3 / max(math.dist(p, eye), 1e-12) for p in (b, a)]
                        shadow = Polygon([a, b, *far])
                        if shadow.is_valid and shadow.area > 1e-9:
                            lit = lit.difference(shadow)
            seen.append(lit)
        shapely.union_all(seen)
    return (time.process_time() - start) * 1e3


if __name__ == "__main__":
    main()
