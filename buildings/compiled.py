"""The building as flat read-only arrays: what the movement kernel and the results refer to."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

CELL_ROOM: Final = 0
CELL_CORRIDOR: Final = 1
CELL_STAIR: Final = 2
CELL_LANDING: Final = 3
CELL_RAMP: Final = 4
CELL_OUTDOOR: Final = 5
CELL_OUTSIDE: Final = 6

GATE_DOOR: Final = 0
GATE_OPENING: Final = 1
GATE_CUT: Final = 2
GATE_STAIR: Final = 3
GATE_EXIT: Final = 4

HOP_LEVEL: Final = 0
HOP_DOWN: Final = 1
HOP_UP: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPlan:
    """Cells, gates and walking distances of one building.

    A *cell* is a piece of floor in which people share one density: a room, a piece of corridor, a
    stair flight, a landing. The last cell is the open air (``CELL_OUTSIDE``, infinite area). A
    *gate* joins two cells; gate ``g`` has two *sides*: side ``2 * g`` lies in the cell of the
    portal's ``from``, side ``2 * g + 1`` in the cell of its ``to``. A person who waits at side
    ``s`` wants to pass to the cell of side ``s ^ 1``. Cells, gates and slots are in a fixed order
    (by space id, then along the cut; by portal id, cuts last), so the same plan always gives the
    same arrays.

    Shapes: C cells, G gates, S = 2 G sides, P places, L slots (standing places in cells).
    """

    plan_id: str
    plan_sha256: str
    space_ids: tuple[str, ...]  # every walkable space, sorted; a cell refers to it by index
    cell_ids: tuple[str, ...]  # (C,) "S-C1/03" for a cut space, "S-101" otherwise, "outside" last
    cell_space: Ints  # (C,) index into space_ids, -1 for outside
    cell_kind: Ints  # (C,) CELL_*
    cell_level: Ints  # (C,) index into plan.levels, -1 for outside
    cell_area_m2: Floats  # (C,) floor area; inf outside
    cell_riser_m: Floats  # (C,) stair riser, nan elsewhere
    cell_tread_m: Floats  # (C,) stair tread, nan elsewhere
    cell_width_m: Floats  # (C,) clear width of a stair flight or ramp, nan elsewhere

    gate_ids: tuple[str, ...]  # (G,) "P-12", "P-12/2" for a part of it, "S-C1/03|S-C1/04" for a cut
    gate_portal: tuple[str, ...]  # (G,) portal id, "" for a cut
    gate_kind: Ints  # (G,) GATE_*
    gate_width_m: Floats  # (G,) clear width
    gate_leaves: Ints  # (G,) door leaves, 0 when not a door
    gate_jambs: Ints  # (G,) ends of the gate that bound it: 2, and 1 or 0 for a part of an opening
    gate_xy: Floats  # (2 G,) midpoint x, y of gate g at [2 g], [2 g + 1]
    side_cell: Ints  # (S,) the cell that side s lies in
    side_local: Ints  # (S,) index of side s among the sides of its cell
    side_xy: Floats  # (2 S,) point on this side where walks to and from the gate end

    cell_sides_start: Ints  # (C + 1,) CSR offsets into cell_sides
    cell_sides: Ints  # (S,) sides of each cell, ascending
    hop_start: Ints  # (C,) offset of the cell's k x k block in hop_m
    hop_m: Floats  # walking metres from local side i to local side j, at hop_start + i * k + j
    hop_kind: Ints  # HOP_* of the same entry (stairs know up from down)

    place_ids: tuple[str, ...]  # (P,) goals inside cells: assembly areas (in the outside cell)
    place_cell: Ints  # (P,)
    place_xy: Floats  # (2 P,)
    place_start: Ints  # (P,) offset into place_m
    place_m: Floats  # walking metres from local side i of the place's cell, at place_start + i

    slot_space_start: Ints  # (len(space_ids) + 1,) CSR: slots of a space, in a fixed spread order
    slot_cell: Ints  # (L,) the cell a slot lies in
    slot_xy: Floats  # (2 L,)
    slot_start: Ints  # (L,) offset into slot_m
    slot_m: Floats  # walking metres from the slot to local side i of its cell

    exit_gates: Ints  # gates people may evacuate through, ascending
    exit_place: Ints  # for each exit gate the place it discharges to: named, else the nearest; -1

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def n_cells(self) -> int:
        """Number of cells, the outside among them."""
        return len(self.cell_ids)

    @property
    def n_gates(self) -> int:
        """Number of gates."""
        return len(self.gate_ids)

    @property
    def outside(self) -> int:
        """Index of the open air, always the last cell."""
        return len(self.cell_ids) - 1

    def space_index(self, space_id: str) -> int:
        """Return the index of a walkable space.

        Raises
        ------
        KeyError
            If the plan has no walkable space of that id.
        """
        try:
            return self.space_ids.index(space_id)
        except ValueError:
            raise KeyError(f"plan {self.plan_id!r} has no walkable space {space_id!r}") from None

    def gate_index(self, portal_id: str) -> int:
        """Return the index of the gate of a portal.

        Raises
        ------
        KeyError
            If the portal is not a gate of this building, or is several: see `portal_gates`.
        """
        try:
            return self.gate_ids.index(portal_id)
        except ValueError:
            raise KeyError(f"plan {self.plan_id!r} has no gate {portal_id!r}") from None

    @property
    def portal_gates(self) -> dict[str, range]:
        """The gates of each portal in order of id: one, or those of the parts of a wide opening."""
        found: dict[str, range] = {}
        for gate, portal_id in enumerate(self.gate_portal):
            if portal_id:
                first = found[portal_id].start if portal_id in found else gate
                found[portal_id] = range(first, gate + 1)
        return found

    def slots_of(self, space: int) -> Ints:
        """Return the slots of a space (by index), in the order in which they are filled."""
        return np.arange(self.slot_space_start[space], self.slot_space_start[space + 1])
