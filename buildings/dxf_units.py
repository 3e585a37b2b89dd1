"""The unit that a drawing is really in: its header is asked, and what is drawn must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from buildings.dxf_records import Drawing, DrawnLine, Vector
from buildings.import_report import ImportFault, MessageLog

Unit: TypeAlias = Literal["m", "cm", "mm", "in", "ft"]

METRES: Final[dict[Unit, float]] = {"m": 1.0, "cm": 0.01, "mm": 0.001, "ft": 0.3048, "in": 0.0254}
_NAMES: Final[dict[Unit, str]] = {
    "m": "metres",
    "cm": "centimetres",
    "mm": "millimetres",
    "ft": "feet",
    "in": "inches",
}
_HEADER: Final[dict[int, Unit]] = {1: "in", 2: "ft", 4: "mm", 5: "cm", 6: "m", 21: "ft"}
"""Values of ``$INSUNITS``; 21 is the US survey foot, which differs by 0.6 mm in 300 m."""
LIKELY_SIZE_M: Final = (10.0, 500.0)
ALLOWED_SIZE_M: Final = (2.0, 3000.0)
DOOR_RADIUS_M: Final = (0.55, 1.35)
DOOR_SWEEP_DEG: Final = (55.0, 100.0)
WALL_GAP_M: Final = (0.08, 0.40)
_DISAGREES: Final = 2
_SAMPLE: Final = 300
_FAR: Final = 3.0


@dataclass(frozen=True, slots=True)
class UnitFound:
    """The unit of a drawing, and the factor from it to metres."""

    unit: Unit
    metres: float
    size_m: tuple[float, float]


def find_unit(
    drawing: Drawing, walls: Sequence[DrawnLine], asked: Unit | None, log: MessageLog
) -> UnitFound:
    """Return the unit of a drawing.

    Each unit is scored: a building is 10 to 500 m long (a condition), door swings are 0.55 to
    1.35 m (2 points), the faces of a wall lie 0.08 to 0.40 m apart (1 point). The header counts
    unless its size is impossible or another unit scores 2 points more: then a person must say.

    Parameters
    ----------
    drawing : Drawing
        The drawing.
    walls : sequence of DrawnLine
        The lines on its wall layers.
    asked : {"m", "cm", "mm", "in", "ft"}, optional
        What a person said.
    log : MessageLog
        Where the choice is noted.

    Raises
    ------
    ImportFault
        If header and drawing disagree, nothing decides, or the asked unit gives no building.
    """
    low, high = usual_extent(walls)
    width, depth = (float(side) for side in high - low)
    longest = max(width, depth)
    header = _HEADER.get(drawing.unit_code)
    said = f"header says {header}" if header else "header says no unit"
    scores = _scores(drawing, walls, longest)
    best = max(scores.values(), default=0)
    likely = [unit for unit in METRES if scores.get(unit) == best]
    sizes = ", ".join(_size(unit, width, depth) for unit in likely)
    if asked is not None:
        size = longest * METRES[asked]
        if not ALLOWED_SIZE_M[0] <= size <= ALLOWED_SIZE_M[1]:
            raise ImportFault(
                f"{drawing.name}: UNIT: {size:.4g} m long with --units {asked}, expected "
                f"{ALLOWED_SIZE_M[0]:g} to {ALLOWED_SIZE_M[1]:g} m; {said}"
                + (f"; {sizes}" if sizes else "")
            )
        if asked not in likely and sizes:
            log.warning("UNIT", f"{drawing.name}: {asked} as asked, though {sizes} looks likelier")
        elif header not in (None, asked):
            log.note("UNIT", f"{drawing.name}: {said}, {asked} as asked")
        return _found(asked, width, depth)
    if header in scores and scores[header] > best - _DISAGREES:
        return _found(header, width, depth)
    if not likely:
        size = longest * METRES[header or "m"]
        raise ImportFault(
            f"{drawing.name}: UNIT: {said}; it would be {size:.4g} m long in {header or 'm'} and "
            "no unit gives a building of 10 to 500 m. State it with --units m (cm, mm, in, ft)"
        )
    if header is not None:
        size = longest * METRES[header]
        raise ImportFault(
            f"{drawing.name}: UNIT: {said}, size would be {size:.2g} m; {sizes}. "
            f"Confirm with --units {likely[0]}"
        )
    if len(likely) > 1:
        raise ImportFault(
            f"{drawing.name}: UNIT: {said}; {sizes}: nothing drawn tells them apart. "
            f"State it with --units {likely[0]} (or {', '.join(likely[1:])})"
        )
    log.warning("UNIT", f"{drawing.name}: {said}; {sizes}. Confirm with --units {likely[0]}")
    return _found(likely[0], width, depth)


def usual_extent(walls: Sequence[DrawnLine]) -> tuple[Vector, Vector]:
    """Return the corners of the box around nearly all lines, stray ones far away left out.

    Lines are weighed by their number of points; a box around the middle 90 % is grown by three
    times its size, and what lies in it counts.
    """
    points = np.concatenate([line.points for line in walls])
    low, high = np.quantile(points, [0.05, 0.95], axis=0)
    reach = _FAR * max(float((high - low).max()), 1e-9)
    near = ((points >= low - reach) & (points <= high + reach)).all(axis=1)
    kept = points[near]
    return kept.min(axis=0), kept.max(axis=0)


def _scores(drawing: Drawing, walls: Sequence[DrawnLine], longest: float) -> dict[Unit, int]:
    """Return the points of every unit whose building has a possible size."""
    least, most = DOOR_SWEEP_DEG
    swings = np.array([arc.radius for arc in drawing.arcs if least <= arc.sweep_deg <= most])
    gap = wall_gap(walls)
    scores: dict[Unit, int] = {}
    for unit, metres in METRES.items():
        if not LIKELY_SIZE_M[0] <= longest * metres <= LIKELY_SIZE_M[1]:
            continue
        doors = (swings * metres >= DOOR_RADIUS_M[0]) & (swings * metres <= DOOR_RADIUS_M[1])
        scores[unit] = 2 * int(len(swings) > 0 and doors.mean() >= 0.5) + int(
            gap is not None and WALL_GAP_M[0] <= gap * metres <= WALL_GAP_M[1]
        )
    return scores


def wall_gap(walls: Sequence[DrawnLine]) -> float | None:
    """Return the usual distance between the two faces of a wall, in units of the drawing.

    The median, over the 300 longest straight pieces, of the distance to the nearest parallel piece
    beside the middle; None without any.
    """
    starts = np.concatenate([line.points[:-1] for line in walls])
    steps = np.concatenate([np.diff(line.points, axis=0) for line in walls])
    length = np.linalg.norm(steps, axis=1)
    order = np.argsort(-np.round(length, 9), kind="stable")[:_SAMPLE]
    order = order[length[order] > 0]
    start, along, length = starts[order], steps[order] / length[order, None], length[order]
    middle = start + along * (length / 2)[:, None]
    between = middle[:, None, :] - start[None, :, :]  # from each piece to each middle
    across = np.abs(between[..., 0] * along[None, :, 1] - between[..., 1] * along[None, :, 0])
    beside = (between * along[None, :, :]).sum(axis=2)
    parallel = np.abs(along @ along.T) > 0.999
    fits = parallel & (beside > 0) & (beside < length[None, :])
    fits &= across > 1e-4 * float(length.max(initial=0.0))
    nearest = np.where(fits, across, np.inf).min(axis=1, initial=np.inf)
    nearest = nearest[np.isfinite(nearest)]
    return float(np.median(nearest)) if len(nearest) else None


def _found(unit: Unit, width: float, depth: float) -> UnitFound:
    metres = METRES[unit]
    return UnitFound(unit, metres, (width * metres, depth * metres))


def _size(unit: Unit, width: float, depth: float) -> str:
    metres = METRES[unit]
    return f"{_NAMES[unit]} gives {width * metres:.4g} x {depth * metres:.4g} m"
