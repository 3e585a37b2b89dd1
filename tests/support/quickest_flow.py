"""The most people that any evacuation at all can bring out by a time: a flow over time.

Time is cut into steps of the longest headway, and the building is laid out once for each step (Ford
and Fulkerson 1958). Everything is rounded in favour of those who leave: walks down to whole steps,
gates up to whole people in a step, both directions with the full capacity, cells without a limit,
everybody at the speed of the fastest and free to take any way. So no run may beat it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

import networkx as nx
import numpy as np
from networkx.algorithms.flow import shortest_augmenting_path

from buildings import CompiledPlan
from sim.kernels.arrays import Network

ROUNDING: Final = 1e-9


class QuickestFlow:
    """Bounds for one building and its people.

    Parameters
    ----------
    building : CompiledPlan
    network : Network
        The building under a flow law, for the headways.
    starts : iterable of (cell, time, walks)
        For each person the cell, when they set off, and the metres to each side of the cell.
    speed_mps : float
        Speed of the fastest.
    """

    def __init__(
        self,
        building: CompiledPlan,
        network: Network,
        starts: Iterable[tuple[int, float, tuple[float, ...]]],
        speed_mps: float,
    ) -> None:
        self.building = building
        self.headway_s = network.gates["headway_s"]
        self.step_s = float(self.headway_s.max())
        self.per_step = np.ceil(self.step_s / self.headway_s - ROUNDING).astype(int).tolist()
        self.speed_mps = speed_mps
        self.people = Counter(
            (
                cell,
                tuple(math.floor((at_s + walk / speed_mps) / self.step_s) for walk in walks),
            )
            for cell, at_s, walks in starts
        )

    def step_of(self, time_s: float) -> int:
        """Return the step in which an instant lies; what is later by rounding alone counts too."""
        return math.floor(time_s / self.step_s + ROUNDING)

    def most_out(self, last_step: int) -> int:
        """Return how many can be out by the end of a step, at best."""
        flow = nx.DiGraph()
        flow.add_nodes_from(("start", "open air"))
        for (cell, steps), count in self.people.items():
            here = (cell, steps)
            flow.add_edge("start", here, capacity=count)
            for side, step in zip(self._sides(cell), steps, strict=True):
                if step <= last_step:
                    flow.add_edge(here, ("wait", side, step))
        outside = self.building.outside
        for side, cell in enumerate(self.building.side_cell.tolist()):
            if cell == outside:
                continue
            beyond = int(self.building.side_cell[side ^ 1])
            onward = [
                (other, self._steps(beyond, side ^ 1, other))
                for other in self._sides(beyond)
                if beyond != outside and other != side ^ 1
            ]
            for step in range(last_step + 1):
                waits, passes = ("wait", side, step), ("pass", side, step)
                if step < last_step:
                    flow.add_edge(waits, ("wait", side, step + 1))
                flow.add_edge(waits, passes, capacity=self.per_step[side >> 1])
                if beyond == outside:
                    flow.add_edge(passes, "open air")
                for other, steps in onward:
                    if step + steps <= last_step:
                        flow.add_edge(passes, ("wait", other, step + steps))
        value: int = nx.maximum_flow_value(
            flow, "start", "open air", flow_func=shortest_augmenting_path
        )
        return value

    def first_step_with_all_out(self, at_most: int) -> int:
        """Return the first step by whose end everybody can be out, by bisection."""
        everybody = self.people.total()
        low, high = 0, at_most
        while low < high:
            middle = (low + high) // 2
            if self.most_out(middle) == everybody:
                high = middle
            else:
                low = middle + 1
        return low

    def _sides(self, cell: int) -> list[int]:
        first, last = self.building.cell_sides_start[cell : cell + 2]
        return self.building.cell_sides[first:last].tolist()

    def _steps(self, cell: int, here: int, there: int) -> int:
        k = len(self._sides(cell))
        at = self.building.hop_start[cell] + self.building.side_local[here] * k
        metres = float(self.building.hop_m[at + self.building.side_local[there]])
        return math.floor(metres / self.speed_mps / self.step_s)
