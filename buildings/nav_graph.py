"""The walking graph of a building: cells of floor, the gates between them, and ways out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import shapely

from buildings.borders import did_you_mean
from buildings.cell_walks import CellWalks, FlightWalks
from buildings.compiled import CELL_STAIR
from buildings.gates import (
    CELL_KINDS,
    Cell,
    Gate,
    cut_gate,
    is_passable,
    is_walked,
    portal_faults,
    portal_gates,
)
from buildings.open_air import open_ground
from buildings.plan import OUTSIDE, Plan, PlanError
from buildings.stair_ends import FlightEnds, flight_ends
from buildings.walking_distance import WalkingFloor
from buildings.way_out import Route, shortest_way
from buildings.zones import cut_space

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, eq=False)
class NavGraph:
    """Cells, gates and the ways between them. Make one with `NavGraph.from_plan`.

    Attributes
    ----------
    plan : Plan
    cells : tuple of Cell
        By space id, then along the cut. The index ``len(cells)`` stands for the outside.
    gates : tuple of Gate
        By portal id (parts of a wide opening in order), then the cuts by space. Side ``2 g`` of
        gate ``g`` lies in ``cells[0]``, side ``2 g + 1`` in ``cells[1]``.
    ground : WalkingFloor
        The open air around the buildings.
    """

    plan: Plan
    cells: tuple[Cell, ...]
    gates: tuple[Gate, ...]
    cells_of: Mapping[str, range]
    ground: WalkingFloor

    @classmethod
    def from_plan(cls, plan: Plan) -> NavGraph:
        """Cut the spaces of a plan into cells and join them.

        Raises
        ------
        PlanError
            If a portal joins a space that the plan does not have or that lies elsewhere, or a stair
            or ramp lacks its measures. Spaces from which no exit can be reached are no error: see
            `unreachable_spaces`.
        """
        plan = _without_grid(plan)
        faults = [*portal_faults(plan), *_space_faults(plan)]
        if faults:
            raise PlanError(f"plan {plan.id!r} cannot be walked: {len(faults)} faults", (*faults,))
        passable = [p for p in plan.portals.values() if is_passable(plan, p)]
        doors: dict[str, list[shapely.LineString]] = {}
        for portal in passable:
            for side in (portal.from_space, portal.to_space):
                doors.setdefault(side, []).append(portal.line)
        cells: list[Cell] = []
        cuts: list[Gate] = []
        cells_of: dict[str, range] = {}
        for space in sorted(plan.spaces.values(), key=lambda space: space.id):
            if not is_walked(space):
                continue
            zones, passages = cut_space(space, keep_clear=doors.get(space.id, ()))
            first = len(cells)
            kind = CELL_KINDS[space.kind]
            cells.extend(Cell(z.id, space.id, kind, space.level, z.polygon) for z in zones)
            cuts.extend(cut_gate(passage, zones, first, space.level) for passage in passages)
            cells_of[space.id] = range(first, len(cells))
        ground = open_ground(plan)
        passable.sort(key=lambda portal: portal.id)
        gates = [
            gate
            for portal in passable
            for gate in portal_gates(plan, portal, cells, cells_of, ground)
        ]
        graph = cls(plan, tuple(cells), (*gates, *cuts), cells_of, ground)
        flights = [i for i, cell in enumerate(cells) if cell.kind == CELL_STAIR]
        faults = [ends.fault for i in flights if (ends := graph._ends(i)).fault]
        if faults:
            raise PlanError(f"plan {plan.id!r} cannot be walked: {len(faults)} faults", (*faults,))
        return graph

    @property
    def outside(self) -> int:
        """The index that stands for the open air: one more than the last cell."""
        return len(self.cells)

    @cached_property
    def sides(self) -> tuple[tuple[int, ...], ...]:
        """The sides that lie in each cell, ascending; the last entry is the outside."""
        found: list[list[int]] = [[] for _ in range(len(self.cells) + 1)]
        for g, gate in enumerate(self.gates):
            for end in (0, 1):
                found[gate.cells[end]].append(2 * g + end)
        return tuple(tuple(own) for own in found)

    @cached_property
    def walks(self) -> tuple[CellWalks, ...]:
        """Walking distances inside each cell; the last entry is the outside."""
        return tuple(self._cell_walks(cell) for cell in range(len(self.cells) + 1))

    def _cell_walks(self, index: int) -> CellWalks:
        own = self.sides[index]
        side_xy = [self.gates[side >> 1].side_xy[side & 1] for side in own]
        gate_xy = [self.gates[side >> 1].crossing_xy for side in own]
        if index == self.outside:
            return CellWalks(self.ground, side_xy, gate_xy)
        cell = self.cells[index]
        space = self.plan.spaces[cell.space_id]
        floor = WalkingFloor(cell.polygon)
        if space.stair is not None and space.kind == "stair":
            at_head = self._ends(index).at_head
            return FlightWalks(floor, side_xy, gate_xy, stair=space.stair, at_head=at_head)
        return CellWalks(floor, side_xy, gate_xy, ramp=space.ramp)

    def _ends(self, index: int) -> FlightEnds:
        cell = self.cells[index]
        gates = [self.gates[side >> 1] for side in self.sides[index]]
        return flight_ends(self.plan, self.plan.spaces[cell.space_id], gates)

    @cached_property
    def graph(self) -> nx.MultiGraph:
        """The cells as a networkx graph: what is next to what.

        Nodes are cell ids and ``"outside"`` with ``space``, ``kind`` (``CELL_*``), ``level``,
        ``area_m2`` and ``xy``; edges are gates, keyed by gate id, with ``width_m``, ``kind``
        (``GATE_*``), ``portal`` ("" for a cut), ``is_exit`` and ``xy``.
        """
        import networkx as nx

        graph = nx.MultiGraph(plan=self.plan.id)
        for cell in self.cells:
            centre = cell.polygon.representative_point()
            graph.add_node(
                cell.id,
                space=cell.space_id,
                kind=cell.kind,
                level=cell.level,
                area_m2=float(cell.polygon.area),
                xy=(centre.x, centre.y),
            )
        graph.add_node(OUTSIDE, space=OUTSIDE, area_m2=math.inf)
        names = [*(cell.id for cell in self.cells), OUTSIDE]
        for gate in self.gates:
            graph.add_edge(
                names[gate.cells[0]],
                names[gate.cells[1]],
                key=gate.id,
                width_m=gate.width_m,
                kind=gate.kind,
                portal=gate.portal_id,
                is_exit=gate.is_exit,
                xy=gate.xy,
            )
        return graph

    @cached_property
    def walking_graph(self) -> nx.Graph:
        """The gates as a networkx graph: how far it is from gate to gate.

        Nodes are gate ids with ``xy``, ``level`` and ``is_exit``; an edge joins two gates of one
        cell indoors and has ``length_m`` and ``cell``. Ways through the open air are left out.
        """
        import networkx as nx

        graph = nx.Graph(plan=self.plan.id)
        for gate in self.gates:
            graph.add_node(gate.id, xy=gate.xy, level=gate.level, is_exit=gate.is_exit)
        for index, cell in enumerate(self.cells):
            own, hops = self.sides[index], self.walks[index].hops_m
            for i, side in enumerate(own):
                for j in range(i + 1, len(own)):
                    ends = (self.gates[side >> 1].id, self.gates[own[j] >> 1].id)
                    known = graph.get_edge_data(*ends, default={"length_m": math.inf})
                    if hops[i, j] < known["length_m"]:
                        graph.add_edge(*ends, length_m=float(hops[i, j]), cell=cell.id)
        return graph

    def unreachable_spaces(self) -> tuple[str, ...]:
        """Return the walkable spaces from which no exit can be reached indoors, in order of id."""
        reached = set()
        waiting = [c for g in self.gates if g.is_exit for c in g.cells if c != self.outside]
        while waiting:
            cell = waiting.pop()
            if cell not in reached:
                reached.add(cell)
                for side in self.sides[cell]:
                    beyond = self.gates[side >> 1].cells[1 - (side & 1)]
                    if beyond != self.outside:
                        waiting.append(beyond)
        lost = {cell.space_id for i, cell in enumerate(self.cells) if i not in reached}
        return tuple(sorted(lost))

    def route(
        self,
        space_id: str,
        *,
        start_xy: tuple[float, float] | None = None,
        exit_id: str | None = None,
    ) -> Route | None:
        """Return the shortest way from a space to an exit.

        Parameters
        ----------
        space_id : str
            Where to start.
        start_xy : tuple of float, optional
            The point of the space to start at; by default a point inside it near its middle.
        exit_id : str, optional
            Portal id of the exit; by default the nearest one.

        Returns
        -------
        Route or None
            None if no way leads there.

        Raises
        ------
        KeyError
            If nobody walks in the space, or the portal is not an exit.
        """
        if space_id not in self.cells_of:
            raise KeyError(
                f"plan {self.plan.id!r} has no walkable space {space_id!r}"
                f"{did_you_mean(space_id, self.cells_of)}"
            )
        exits = {gate.id for gate in self.gates if gate.is_exit}
        if exit_id is not None and exit_id not in exits:
            raise KeyError(
                f"plan {self.plan.id!r} has no exit {exit_id!r}{did_you_mean(exit_id, exits)}"
            )
        goals = exits if exit_id is None else {exit_id}
        return shortest_way(self, space_id, start_xy, goals)


def _without_grid(plan: Plan) -> Plan:
    """Return the plan with its geometry off any precision grid.

    A drawn plan may be snapped to whole millimetres by shapely's precision model, under which
    tolerances finer than that round to nothing. The coordinates stay as they are.
    """
    spaces = plan.spaces.values()
    portals = plan.portals.values()
    shapes = [*(space.polygon for space in spaces), *(portal.line for portal in portals)]
    if not np.any(shapely.get_precision(shapes)):
        return plan
    free = {s.id: replace(s, polygon=shapely.set_precision(s.polygon, 0.0)) for s in spaces}
    lines = {p.id: replace(p, line=shapely.set_precision(p.line, 0.0)) for p in portals}
    return replace(plan, spaces=MappingProxyType(free), portals=MappingProxyType(lines))


def _space_faults(plan: Plan) -> list[str]:
    faults = []
    levels = {level.id for level in plan.levels}
    for space in plan.spaces.values():
        if not is_walked(space):
            continue
        if space.level not in levels:
            known = ", ".join(sorted(levels))
            faults.append(f"space {space.id}: is on level {space.level!r}, expected one of {known}")
        if space.kind == "stair" and space.stair is None:
            faults.append(f"stair {space.id}: has no riser, tread, steps, width and up")
        if space.kind == "ramp" and space.ramp is None:
            faults.append(f"ramp {space.id}: has no rise, run and width")
        if space.polygon.is_empty or not space.polygon.is_valid:
            reason = "" if space.polygon.is_empty else shapely.is_valid_reason(space.polygon)
            faults.append(f"space {space.id}: its outline is not a polygon ({reason or 'empty'})")
    return faults
