"""Hazards: parts of the building that a planner says are not to be entered for a span of time.

A hazard is typed by a planner and stays where and as it was typed: nothing here moves it, makes it
grow, or looks for another one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from sim.conductor import Incident
from sim.distributions import Distribution
from sim.kernels.arrays import NO_ROUTE, NOT_STARTED, QUEUEING, WALKING

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

HazardKind: TypeAlias = Literal["fire", "smoke", "gas", "water", "threat"]
WayOut: TypeAlias = Literal["exit", "by_rules"]
HAZARD_KINDS: Final[tuple[HazardKind, ...]] = get_args(HazardKind)

MOST_HAZARDS: Final = 20
"""Most hazards of a scenario, and most alternatives in a list of them: a guardrail of ours."""


AT_ONCE: Final = Distribution.constant(0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Hazard:
    """A region of the building, and from when until when.

    Attributes
    ----------
    kind : {"fire", "smoke", "gas", "water", "threat"}
    cells : tuple of int
        The region: cells of the compiled plan, ascending, never the open air.
    from_s, until_s : float
        Its span; inf for until the end.
    closes_ways : bool
        Whether nobody goes into the region during that span; whoever is inside can leave.
    told : tuple of int or None
        Spaces whose people know from the beginning which ways are closed; None for everybody.
    notice_s : Distribution
        From its beginning until people in the region or beside it know what it is.
    leaves_by : {"exit", "by_rules"}
        Where people in the region go: out of the building, or where the rules of response say.
    reported : bool
        Whether the first who notices it reports it.
    """

    kind: HazardKind
    cells: tuple[int, ...]
    from_s: float
    until_s: float = math.inf
    closes_ways: bool = True
    told: tuple[int, ...] | None = ()
    notice_s: Distribution = AT_ONCE
    leaves_by: WayOut = "exit"
    reported: bool = False

    def __post_init__(self) -> None:
        if self.kind not in HAZARD_KINDS:
            raise ValueError(f"hazard: kind should be one of {HAZARD_KINDS}, got {self.kind!r}")
        if not self.cells or list(self.cells) != sorted(set(self.cells)):
            raise ValueError(f"hazard: cells should be ascending, one at least, got {self.cells}")
        if not (0 <= self.from_s < self.until_s and math.isfinite(self.from_s)):
            raise ValueError(
                f"hazard: expected 0 <= from_s < until_s, got {self.from_s} and {self.until_s}"
            )

    def in_region(self, compiled: CompiledPlan) -> Flags:
        """Return which cells are in the region, shape (C,)."""
        inside = np.zeros(compiled.n_cells, dtype=np.bool_)
        inside[list(self.cells)] = True
        return inside

    def in_or_beside(self, compiled: CompiledPlan) -> Flags:
        """Return which cells are in the region or share a gate with it, shape (C,)."""
        inside = self.in_region(compiled)
        touched = inside.copy()
        first, second = compiled.side_cell[0::2], compiled.side_cell[1::2]
        touched[second[inside[first]]] = True
        touched[first[inside[second]]] = True
        touched[compiled.outside] = False
        return touched

    def ways_in(self, compiled: CompiledPlan) -> Ints:
        """Return the sides of gates from which people would come into the region, ascending."""
        inside = self.in_region(compiled)
        here = inside[compiled.side_cell]
        beyond = here.reshape(-1, 2)[:, ::-1].ravel()
        return np.flatnonzero(beyond & ~here)


def check_hazards(hazards: Sequence[Hazard]) -> None:
    """Make sure that there are not more hazards than a planner types.

    Raises
    ------
    ValueError
        If there are more than `MOST_HAZARDS`.
    """
    if len(hazards) > MOST_HAZARDS:
        raise ValueError(f"expected at most {MOST_HAZARDS} hazards, got {len(hazards)}")


def close_ways(incident: Incident, hazards: Sequence[Hazard], compiled: CompiledPlan) -> None:
    """Let every hazard close the ways into its region when it begins, and give them free after.

    Who stands beside such a way sees it, those who are told know it wherever they are, and whoever
    comes there later sees it then.
    """
    for hazard in hazards:
        if not hazard.closes_ways:
            continue
        sides = hazard.ways_in(compiled).tolist()
        incident.at(hazard.from_s, partial(_close, incident, hazard, compiled, sides))
        if math.isfinite(hazard.until_s):
            incident.at(hazard.until_s, partial(_open, incident, hazard, compiled, sides))


def _close(incident: Incident, hazard: Hazard, compiled: CompiledPlan, sides: list[int]) -> None:
    incident.hold_shut(sides)
    _tell(incident, hazard, compiled, sides)


def _open(incident: Incident, hazard: Hazard, compiled: CompiledPlan, sides: list[int]) -> None:
    incident.let_go(sides)
    _tell(incident, hazard, compiled, sides)


def _tell(incident: Incident, hazard: Hazard, compiled: CompiledPlan, sides: list[int]) -> None:
    movement = incident.movement
    afoot = np.isin(movement.person("status"), (NOT_STARTED, WALKING, QUEUEING, NO_ROUTE))
    if hazard.told is not None:
        space = np.append(compiled.cell_space, -1)[movement.person("cell")]
        afoot &= np.isin(space, hazard.told)
    people = np.flatnonzero(afoot).tolist()
    for gate in sorted({side >> 1 for side in sides}):
        incident.inform(people, gate)
