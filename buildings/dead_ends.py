"""Corridors that lead nowhere: who turns the wrong way has to come back."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from buildings.nav_graph import NavGraph
from buildings.plan import Space

if TYPE_CHECKING:
    import networkx as nx

_OUT = "out"


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A piece of corridor with one way on.

    ``length_m`` is walked from where there is a choice of ways to the middle of the farthest wall,
    ``width_m`` the floor area over that length, ``xy`` a point at the blind end.
    """

    spaces: tuple[str, ...]
    level: str
    length_m: float
    width_m: float
    xy: tuple[float, float]


def dead_ends(nav: NavGraph) -> tuple[DeadEnd, ...]:
    """Find the dead ends of all corridors on the walking graph.

    Corridors, landings, ramps and halls are ways on; stairs and confirmed exits are ways out. A
    gate that alone joins a part of these to every way out (a bridge of the graph) is the mouth of
    a dead end: from behind it there is one way, also where the part has loops in itself. Nested
    dead ends are one, from the outermost mouth. Doors into rooms are no way on, even where the
    room has an exit of its own. A niche shorter than a cell is part of the cell it opens on and is
    not seen.

    Returns
    -------
    tuple of DeadEnd
        In order of their first cell.
    """
    import networkx as nx

    graph = _ways(nav)
    bridges = list(nx.bridges(graph))
    parts = graph.copy()
    parts.remove_edges_from(bridges)
    home = nx.node_connected_component(parts, _OUT)
    reached = nx.node_connected_component(graph, _OUT)
    beyond = graph.subgraph(reached - home)
    found = []
    for group in nx.connected_components(beyond):
        cells = sorted(node for node in group if isinstance(node, int))
        mouth = next(
            graph.edges[a, b]["gate"]
            for a, b in bridges
            if (a in group and b in home) or (b in group and a in home)
        )
        found.append((cells, mouth))
    return tuple(end for cells, mouth in sorted(found) for end in _measured(nav, cells, mouth))


def _ways(nav: NavGraph) -> nx.Graph:
    """Return the cells that are ways on; each gate into a stair or the open is a node of its own.

    So two doors into the open are two ways, and two doors to one corridor are one.
    """
    import networkx as nx

    spaces = [nav.plan.spaces[cell.space_id] for cell in nav.cells]
    on = [space.kind in ("corridor", "landing", "ramp", "hall") for space in spaces] + [False]
    out = [space.kind == "stair" for space in spaces] + [True]
    graph: Any = nx.Graph()
    graph.add_node(_OUT)
    graph.add_nodes_from(i for i, own in enumerate(on) if own)
    for g, gate in enumerate(nav.gates):
        a, b = gate.cells
        if nav.outside in (a, b) and not gate.is_exit:
            continue
        if on[a] and on[b] and a != b:
            if not graph.has_edge(a, b):
                graph.add_edge(a, b, gate=g)
        elif (on[a] and out[b]) or (on[b] and out[a]):
            cell = a if on[a] else b
            graph.add_edge(cell, f"gate {g}", gate=g)
            graph.add_edge(f"gate {g}", _OUT, gate=g)
    return graph


def _is_circulation(space: Space) -> bool:
    if space.kind in ("corridor", "landing", "ramp"):
        return True
    return space.kind == "hall" and space.use in ("circulation", "vestibule")


def _measured(nav: NavGraph, cells: list[int], mouth: int) -> Iterator[DeadEnd]:
    """Yield the dead end behind a mouth, if there is a corridor behind it."""
    spaces = {cell: nav.plan.spaces[nav.cells[cell].space_id] for cell in cells}
    blind = [cell for cell in cells if _is_circulation(spaces[cell])]
    if not any(spaces[cell].kind == "corridor" for cell in blind):
        return
    length, end = _deepest(nav, set(cells), set(blind), mouth)
    area = sum(float(nav.cells[cell].polygon.area) for cell in blind)
    names = tuple(sorted({spaces[cell].id for cell in blind}))
    level = spaces[blind[0]].level
    yield DeadEnd(names, level, length, area / length if length > 0 else 0.0, end)


def _deepest(
    nav: NavGraph, cells: set[int], blind: set[int], mouth: int
) -> tuple[float, tuple[float, float]]:
    """Walk from the mouth by the shortest ways; return the longest of them and where it ends."""
    best, end = 0.0, nav.gates[mouth].xy
    waiting = [(0.0, mouth, cell) for cell in nav.gates[mouth].cells if cell in cells]
    seen = set()
    entered: dict[int, list[tuple[float, int]]] = {}
    while waiting:
        walked, through, here = heapq.heappop(waiting)
        if (through, here) in seen:
            continue
        seen.add((through, here))
        entered.setdefault(here, []).append((walked, through))
        own = [side >> 1 for side in nav.sides[here]]
        hops = nav.walks[here].hops_m[own.index(through)]
        for k, gate in enumerate(own):
            for other in nav.gates[gate].cells:
                if other in cells and other != here:
                    heapq.heappush(waiting, (walked + float(hops[k]), gate, other))
    for cell in sorted(blind & set(entered)):
        starts = [
            (walked, nav.gates[g].side_xy[nav.gates[g].cells.index(cell)])
            for walked, g in entered[cell]
        ]
        reach, point = _farthest_wall(nav.cells[cell].polygon, starts)
        if reach > best:
            best, end = reach, point
    return best, end


def _farthest_wall(
    polygon: shapely.Polygon, starts: list[tuple[float, tuple[float, float]]]
) -> tuple[float, tuple[float, float]]:
    """Return how far the middle of the farthest piece of wall is by the best start, and where."""
    ring = np.asarray(polygon.exterior.coords)[:, :2]
    middles = (ring[1:] + ring[:-1]) / 2
    away = np.min([walked + np.hypot(*(middles - np.asarray(xy)).T) for walked, xy in starts], 0)
    k = int(np.argmax(away))
    return float(away[k]), (float(middles[k, 0]), float(middles[k, 1]))
