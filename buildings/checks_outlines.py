"""Faults of drawing that hide in single outlines: copies, cracks, slivers, a slip of the unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shapely import Polygon

from buildings.check_limits import CheckLimits
from buildings.finding import Finding
from buildings.plan import Plan, Space
from buildings.plan_reading import look_at

CRACK_M: Final = 0.001
"""Two edges of one outline this close are one line that was drawn twice."""
CRACK_LEAST_M2: Final = 2e-5
SLIVER_M2: Final = 0.5
SLIVER_WIDTH_M: Final = 0.3
SHORTEST_STOREY_M: Final = 2.0
TALLEST_STOREY_M: Final = 12.0


def check_outlines(plan: Plan, limits: CheckLimits) -> Iterator[Finding]:
    """Yield what is wrong with single outlines, and with the size of the whole."""
    for first, second in copies(plan):
        yield Finding(
            "geometry", "error", "same_outline", (second.id, first.id),
            f"{second.label} ({second.id}) has exactly the outline of {first.label} ({first.id})",
            "drop one of them (--fix drops the second where nothing refers to it)",
            second.level, *look_at(second),
        )  # fmt: skip
    for space in plan.spaces.values():
        where = (space.level, *look_at(space))
        closed = without_cracks(space.polygon)
        if closed is not None:
            crack = closed.difference(space.polygon).representative_point()
            yield Finding(
                "geometry", "warning", "crack", (space.id,),
                f"{space.label} has a crack of at most 1 mm in its outline",
                "close it (--fix does)", space.level, float(crack.x), float(crack.y),
            )  # fmt: skip
        if space.kind in ("room", "corridor", "hall", "landing") and space.obstacle_of is None:
            thin = space.polygon.buffer(-SLIVER_WIDTH_M / 2).is_empty
            if space.area_m2 < SLIVER_M2 or thin:
                yield Finding(
                    "geometry", "warning", "sliver", (space.id,),
                    f"{space.label} is a sliver of {space.area_m2:.2f} m2",
                    "merge it into its neighbour, or drop it", *where,
                )  # fmt: skip
        home = plan.spaces.get(space.obstacle_of or space.in_space or "")
        if home is not None and space.polygon.difference(home.polygon).area > 0.01:
            what = "furniture" if space.obstacle_of else "place"
            yield Finding(
                "geometry", "error", "outside_its_room", (space.id, home.id),
                f"{what} {space.id} reaches out of {home.label}",
                f"move it into {home.label}, or name the right space", *where,
            )  # fmt: skip
    yield from _size(plan, limits)


def copies(plan: Plan) -> Iterator[tuple[Space, Space]]:
    """Yield pairs of spaces of one level whose outlines are the same to the millimetre."""
    seen: dict[tuple[str, str], Space] = {}
    for space in plan.spaces.values():
        if space.kind == "hard_corner" or space.obstacle_of is not None:
            continue
        outline = space.polygon.normalize()
        key = (space.level, str([(round(x, 3), round(y, 3)) for x, y in outline.exterior.coords]))
        if key in seen:
            yield seen[key], space
        else:
            seen[key] = space


def without_cracks(polygon: Polygon) -> Polygon | None:
    """Return an outline with cracks of up to 1 mm closed; None where it has none."""
    half = CRACK_M * 0.6
    closed = polygon.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
    if not isinstance(closed, Polygon) or closed.difference(polygon).area < CRACK_LEAST_M2:
        return None
    tidy = closed.simplify(CRACK_M / 2)
    return tidy if isinstance(tidy, Polygon) and tidy.is_valid else None


def _size(plan: Plan, limits: CheckLimits) -> Iterator[Finding]:
    floors = [s for s in plan.spaces.values() if s.kind not in ("assembly", "outdoor")]
    if floors:
        bounds = [s.polygon.bounds for s in floors]
        wide = max(b[2] for b in bounds) - min(b[0] for b in bounds)
        deep = max(b[3] for b in bounds) - min(b[1] for b in bounds)
        longest = max(wide, deep)
        if not limits.extent_low_m <= longest <= limits.extent_high_m:
            first = floors[0]
            yield Finding(
                "geometry", "warning", "unit", (),
                f"the building is {wide:.2f} x {deep:.2f} m, usual are {limits.extent_low_m:.0f} "
                f"to {limits.extent_high_m:.0f} m",
                "check the unit: a plan is in metres", first.level, *look_at(first),
            )  # fmt: skip
    for low, high in zip(plan.levels, plan.levels[1:], strict=False):
        storey = high.elevation_m - low.elevation_m
        if not SHORTEST_STOREY_M <= storey <= TALLEST_STOREY_M:
            yield Finding(
                "geometry", "warning", "storey", (low.id, high.id),
                f"{high.name} lies {storey:.2f} m above {low.name}",
                "check the elevations in building.yaml", high.id,
            )  # fmt: skip
