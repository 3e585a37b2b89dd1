"""Whether a building model is as large as its length unit says, and what to do if it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from buildings.ifc_geometry import Mesh
from buildings.ifc_records import IfcBuilding
from buildings.import_report import ImportFault, MessageLog

UNITS_M: Final = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
"""What ``--units`` may say, in metres."""
NAMES: Final = {
    "m": "metres",
    "cm": "centimetres",
    "mm": "millimetres",
    "in": "inches",
    "ft": "feet",
}
LONGEST_SIDE_M: Final = (3.0, 2000.0)
DOOR_WIDTH_M: Final = (0.45, 4.0)
STOREY_HEIGHT_M: Final = (1.7, 20.0)
"""What a building, its usual door and its usual room measure (our own bounds)."""


def check_unit(building: IfcBuilding, path: str, *, asked: str | None, log: MessageLog) -> None:
    """Refuse a model whose size cannot be that of a building in the unit that it states.

    Parameters
    ----------
    building : IfcBuilding
        The model as read, in metres by its own unit or by ``asked``.
    path : str
        The file, for the message.
    asked : str, optional
        The unit that a person stated; it is believed, and noted.
    log : MessageLog
        Where a missing or a stated unit is noted.

    Raises
    ------
    ImportFault
        If its longest side, its usual door or its usual storey is no building's; with the unit
        that would fit, if one does.
    """
    solids = [room.mesh for room in building.rooms if room.mesh is not None] or building.walls
    if not solids:
        return
    sides = np.ptp(np.vstack([_corners(mesh) for mesh in solids]), axis=0)[:2]
    size = f"{sides[0]:,.4g} x {sides[1]:,.4g} m"
    said = (
        "nothing of its length unit"
        if building.stated_unit_m is None
        else _name(building.stated_unit_m)
    )
    if asked is not None:
        log.note(
            "UNIT", f"read in {NAMES[asked]} as stated with --units, the file says {said}: {size}"
        )
        return
    measures = _measures(building, float(sides.max()))
    if _fits(measures, 1.0):
        if building.stated_unit_m is None:
            log.warning("UNIT", f"the file says {said}; metres assumed, which gives {size}")
        return
    fitting = [name for name, u in UNITS_M.items() if _fits(measures, u / building.unit_m)]
    start = f"{path}: UNIT: the file says {said}, the building would be {size}"
    if not fitting:
        raise ImportFault(
            f"{start}; no unit gives one of {LONGEST_SIDE_M[0]:g} to {LONGEST_SIDE_M[1]:g} m with "
            "doors and storeys of usual size. Check the export, or state the unit with --units m "
            "(cm, mm, in, ft)"
        )
    factor = UNITS_M[fitting[0]] / building.unit_m
    raise ImportFault(
        f"{start}; {NAMES[fitting[0]]} gives {sides[0] * factor:,.4g} x {sides[1] * factor:,.4g} m"
        f". Confirm with --units {fitting[0]}"
    )


def _corners(mesh: Mesh) -> np.ndarray:
    return np.array([mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)])


def _measures(building: IfcBuilding, longest_m: float) -> list[tuple[float, tuple[float, float]]]:
    """Return what is known of a building's size with the range that it should lie in."""
    found = [(longest_m, LONGEST_SIDE_M)]
    heights = [r.mesh.z_high_m - r.mesh.z_low_m for r in building.rooms if r.mesh is not None]
    if heights:
        found.append((float(np.median(heights)), STOREY_HEIGHT_M))
    widths = [door.width_m for door in building.of_kind("door")]
    if widths:
        found.append((float(np.median(widths)), DOOR_WIDTH_M))
    return found


def _fits(measures: Sequence[tuple[float, tuple[float, float]]], factor: float) -> bool:
    return all(low <= value * factor <= high for value, (low, high) in measures)


def _name(unit_m: float) -> str:
    """Return the name of a unit by its size."""
    return next(
        (NAMES[name] for name, size in UNITS_M.items() if abs(size - unit_m) <= 1e-6 * size),
        f"a unit of {unit_m:g} m",
    )
