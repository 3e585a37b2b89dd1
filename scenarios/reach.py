"""Which parts of a building hang together on foot, and which of them have an exit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The connected parts of a building's cells, the open air left out.

    Attributes
    ----------
    part : ndarray of int, shape (C,)
        Number of the part each cell belongs to; the smallest cell of the part.
    compiled : CompiledPlan
    """

    part: NDArray[np.int64]
    compiled: CompiledPlan

    def exits_from(self, space: int) -> tuple[int, ...]:
        """Return the exit gates that can be reached from every cell of a space, ascending."""
        cells = np.flatnonzero(self.compiled.cell_space == space)
        parts = {int(self.part[cell]) for cell in cells}
        if len(parts) != 1:
            return ()
        part = parts.pop()
        return tuple(
            int(gate)
            for gate in self.compiled.exit_gates
            if any(
                cell != self.compiled.outside and self.part[cell] == part
                for cell in self.compiled.side_cell[2 * gate : 2 * gate + 2].tolist()
            )
        )


def reach_of(compiled: CompiledPlan) -> Reach:
    """Find the connected parts of a building.

    Gates to the open air join nothing: nobody is sent out and in again on the way to an exit.
    """
    part = np.arange(compiled.n_cells, dtype=np.int64)

    def root(cell: int) -> int:
        while part[cell] != cell:
            part[cell] = part[part[cell]]
            cell = int(part[cell])
        return cell

    for gate in range(compiled.n_gates):
        a, b = (int(cell) for cell in compiled.side_cell[2 * gate : 2 * gate + 2])
        if compiled.outside in (a, b):
            continue
        low, high = sorted((root(a), root(b)))
        part[high] = low
    return Reach(np.array([root(cell) for cell in range(compiled.n_cells)]), compiled)
