"""Which exits can be reached on foot from each part of a building, past doors that are shut."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from buildings import CompiledPlan
from buildings.compiled import HOP_LEVEL


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What can be reached from the cells of a building.

    Attributes
    ----------
    exits : tuple of frozenset of int
        For each cell the exit gates that can be reached from it.
    cells_of : tuple of tuple of int
        The cells of each space.
    """

    exits: tuple[frozenset[int], ...]
    cells_of: tuple[tuple[int, ...], ...]

    def exits_from(self, space: int) -> tuple[int, ...]:
        """Return the exit gates that can be reached from every cell of a space, ascending."""
        sets = [self.exits[cell] for cell in self.cells_of[space]]
        return tuple(sorted(frozenset.intersection(*sets))) if sets else ()


def reach_of(
    compiled: CompiledPlan, *, shut: Collection[int] = (), level_only: bool = False
) -> Reach:
    """Find what can be reached in a building.

    Gates to the open air join nothing: nobody is sent out and in again on the way to an exit.

    Parameters
    ----------
    compiled : CompiledPlan
    shut : collection of int
        Sides of gates from which nobody passes.
    level_only : bool
        Whether stairs are left out.
    """
    cell_of_side = compiled.side_cell.tolist()
    sides_of: list[list[int]] = [[] for _ in range(compiled.n_cells)]
    for side, cell in enumerate(cell_of_side):
        sides_of[cell].append(side)

    def joined(cell: int, before: int, after: int) -> bool:
        """Whether one can walk in a cell from one side to another."""
        sides = sides_of[cell]
        hop = int(compiled.hop_start[cell]) + sides.index(before) * len(sides) + sides.index(after)
        return not level_only or bool(compiled.hop_kind[hop] == HOP_LEVEL)

    found: list[set[int]] = [set() for _ in range(compiled.n_cells)]
    for exit_gate in compiled.exit_gates.tolist():
        waiting = deque(
            side
            for side in (2 * exit_gate, 2 * exit_gate + 1)
            if cell_of_side[side ^ 1] == compiled.outside and side not in shut
        )
        seen = set(waiting)
        while waiting:
            side = waiting.popleft()  # who passes from this side can go on to the exit
            cell = cell_of_side[side]
            if cell == compiled.outside:
                continue
            found[cell].add(exit_gate)
            for other in sides_of[cell]:
                before = other ^ 1
                if before not in seen and before not in shut and joined(cell, other, side):
                    seen.add(before)
                    waiting.append(before)
    cells_of: list[list[int]] = [[] for _ in compiled.space_ids]
    for cell, space in enumerate(compiled.cell_space.tolist()):
        if space >= 0:
            cells_of[space].append(cell)
    return Reach(tuple(map(frozenset, found)), tuple(map(tuple, cells_of)))


def leads_out(compiled: CompiledPlan, cell: int, *, shut: Collection[int] = ()) -> bool:
    """Say whether an exit can be reached from a cell without passing from sides that are shut."""
    exits = set(compiled.exit_gates.tolist())
    waiting, seen = deque([cell]), {cell, compiled.outside}
    while waiting:
        here = waiting.popleft()
        first, last = compiled.cell_sides_start[here : here + 2].tolist()
        for side in compiled.cell_sides[first:last].tolist():
            beyond = int(compiled.side_cell[side ^ 1])
            if side in shut:
                continue
            if beyond == compiled.outside and side >> 1 in exits:
                return True
            if beyond not in seen:
                seen.add(beyond)
                waiting.append(beyond)
    return False
