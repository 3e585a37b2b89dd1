"""What is used of an IFC file: rooms, openings, stairs and walls as plain records in metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from buildings.ifc_geometry import Mesh


@dataclass(frozen=True, slots=True)
class Storey:
    """A storey as the file has it."""

    key: str
    name: str
    elevation_m: float


@dataclass(frozen=True, slots=True, eq=False)
class IfcRoom:
    """An IfcSpace: its plate, its name, its storey and its solid (None if it has none).

    ``confidence`` is how far to trust a room that was inferred from walls; None for an IfcSpace.
    ``published_m2`` is the floor area that the file writes beside it.
    """

    key: str
    number: str | None
    name: str | None
    storey: str | None
    mesh: Mesh | None
    confidence: Literal["good", "fair", "poor"] | None = None
    published_m2: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class IfcOpening:
    """A door, a window, or a hole in a wall that nothing fills: where it is and how wide.

    ``along`` and ``across`` are unit vectors in the plan; a door swings towards ``across``.
    """

    key: str
    labels: tuple[str, ...]
    storey: str | None
    middle: NDArray[np.float64]
    z_m: float
    along: NDArray[np.float64]
    across: NDArray[np.float64]
    width_m: float
    height_m: float
    operation: str
    kind: Literal["door", "hole", "window"]


@dataclass(frozen=True, slots=True, eq=False)
class IfcFlight:
    """A stair flight: its solid and the numbers written beside it, as stored."""

    key: str
    risers: int | None
    riser_stored: float | None
    tread_stored: float | None
    mesh: Mesh


@dataclass(frozen=True, slots=True, eq=False)
class IfcStairs:
    """A stair: its flights in the order of the file, and its landings."""

    key: str
    tag: str | None
    whole: bool
    flights: tuple[IfcFlight, ...]
    landings: tuple[Mesh, ...]


@dataclass(frozen=True, slots=True, eq=False)
class IfcBuilding:
    """Everything that an import uses of a file.

    ``unit_m`` is the length unit that was used, ``stated_unit_m`` that of the file, if it has one.
    ``columns`` and ``slabs`` are read only where a storey has no rooms.
    """

    sha256: str
    schema: str
    name: str | None
    unit_m: float
    stated_unit_m: float | None
    north_deg: float
    moved_m: tuple[float, float]
    storeys: tuple[Storey, ...]
    rooms: tuple[IfcRoom, ...]
    openings: tuple[IfcOpening, ...]
    stairs: tuple[IfcStairs, ...]
    walls: tuple[Mesh, ...]
    columns: tuple[Mesh, ...]
    slabs: tuple[Mesh, ...]
    ramps: int
    shapeless: tuple[str, ...]
    private: int
    placeholders: int

    def of_kind(self, kind: Literal["door", "hole", "window"]) -> tuple[IfcOpening, ...]:
        """Return the openings of one kind."""
        return tuple(opening for opening in self.openings if opening.kind == kind)
