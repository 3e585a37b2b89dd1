"""The same evacuation in other models: plain SimPy, jupedsim-network, and the bare heap work."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
import simpy

from buildings import CompiledPlan
from buildings.compiled import CELL_STAIR
from sim import Roster, Simulation
from sim.kernels.backend import load_kernel
from sim.movement import routes_of


def plain_simpy(simulation: Simulation, replica: int, *, storage: bool) -> Callable[[], float]:
    """Return a run of one SimPy process per person over the same ways, doors and speeds.

    Each gate is a ``Resource`` held for its headway. With storage each cell is one too, held from
    entering to leaving, so that queues spill back as in our model. Density, classes and the log
    are left out, which favours SimPy.
    """
    network = simulation.network.arrays
    compiled = simulation.compiled
    speed = simulation.draw_speeds(replica)[:, 0].tolist()
    potential, next_side, _ = routes_of(simulation.network, load_kernel(simulation.backend))
    headway = network.gates["headway_s"].tolist()
    ways = []
    for person in range(simulation.roster.n_people):
        cell = int(simulation._placement.cell[person])
        anchor = int(simulation._placement.anchor[person])
        sides = _sides_of(compiled, cell)
        walk = network.walk_m[anchor : anchor + len(sides)]
        first = int(np.argmin(walk + potential[sides]))
        side = int(sides[first])
        way = [(float(walk[first]), side >> 1, int(compiled.side_cell[side ^ 1]))]
        while compiled.side_cell[side ^ 1] != compiled.outside:
            here = side ^ 1
            side = int(next_side[here])
            cell = int(compiled.side_cell[here])
            k = len(_sides_of(compiled, cell))
            hop = compiled.hop_start[cell] + compiled.side_local[here] * k
            metres = float(network.hops["metres"][hop + compiled.side_local[side]])
            way.append((metres, side >> 1, int(compiled.side_cell[side ^ 1])))
        ways.append(way)

    start_cells = simulation._placement.cell.tolist()
    capacity = network.cells["capacity"].tolist()

    def person(
        env: simpy.Environment,
        gates: list[simpy.Resource],
        way: list[tuple[float, int, int]],
        v: float,
    ) -> simpy.events.ProcessGenerator:
        for metres, gate, _ in way:
            yield env.timeout(metres / v)
            with gates[gate].request() as turn:
                yield turn
                yield env.timeout(headway[gate])

    def person_who_takes_room(
        env: simpy.Environment,
        gates: list[simpy.Resource],
        rooms: list[simpy.Resource],
        here: int,
        way: list[tuple[float, int, int]],
        v: float,
    ) -> simpy.events.ProcessGenerator:
        held = rooms[here].request()
        yield held
        for metres, gate, beyond in way:
            yield env.timeout(metres / v)
            with gates[gate].request() as turn:
                yield turn
                room = rooms[beyond].request()
                yield room
                yield env.timeout(headway[gate])
            rooms[here].release(held)
            held, here = room, beyond

    def run() -> float:
        env = simpy.Environment()
        gates = [simpy.Resource(env) for _ in headway]
        rooms = [simpy.Resource(env, n) for n in capacity] if storage else []
        for way, v, here in zip(ways, speed, start_cells, strict=True):
            env.process(
                person_who_takes_room(env, gates, rooms, here, way, v)
                if storage
                else person(env, gates, way, v)
            )
        env.run()
        return float(env.now)

    return run


def _sides_of(compiled: CompiledPlan, cell: int) -> np.ndarray:
    return compiled.cell_sides[
        compiled.cell_sides_start[cell] : compiled.cell_sides_start[cell + 1]
    ]


def network_model(compiled: CompiledPlan, roster: Roster) -> Callable[[], float]:
    """Return a run of jupedsim-network (time-stepped, Monte Carlo) over the same cells and gates.

    A link is as long as the mean walk to its gate from the other gates of the cell it leaves.
    """
    from jupedsim_network import Network, NetworkSimulation, Normal, Population

    net = Network()
    for cell, name in enumerate(compiled.cell_ids[:-1]):
        if compiled.cell_kind[cell] == CELL_STAIR:
            net.add_stair(
                name,
                riser=float(compiled.cell_riser_m[cell]),
                tread=float(compiled.cell_tread_m[cell]),
                area=float(compiled.cell_area_m2[cell]),
            )
        else:
            net.add_room(name, area=float(compiled.cell_area_m2[cell]))
    net.add_safe("outside")
    for gate in range(compiled.n_gates):
        a, b = (int(compiled.side_cell[2 * gate + i]) for i in (0, 1))
        sides = _sides_of(compiled, a)
        k = len(sides)
        block = compiled.hop_m[compiled.hop_start[a] : compiled.hop_start[a] + k * k]
        column = block.reshape(k, k)[:, compiled.side_local[2 * gate]]
        net.connect(
            compiled.cell_ids[a],
            compiled.cell_ids[b],
            width=float(compiled.gate_width_m[gate]),
            length=float(column.sum() / max(k - 1, 1)),
            bidirectional=b != compiled.outside,
        )
    speed = Normal(1.25, 0.2, lower=0.7, upper=1.8)
    spaces, counts = np.unique(roster.space, return_counts=True)
    cell_of = {int(space): cell for cell, space in enumerate(compiled.cell_space)}
    populations = [
        Population(compiled.cell_ids[cell_of[int(space)]], int(count), speed=speed)
        for space, count in zip(spaces, counts, strict=True)
    ]
    simulation = NetworkSimulation(net, populations)
    return lambda: float(simulation.run(seed=1, record=False).evacuation_time)


def heap_bound_s(events: int, pending: int) -> float:
    """Return the seconds that pushing and popping so many events takes in a bare compiled heap."""
    from numba import njit

    @njit
    def churn(keys: np.ndarray, heap: np.ndarray, draws: np.ndarray) -> float:
        for i in range(len(heap)):
            heap[i] = i
            keys[i] = i * 1e-3
        total = 0.0
        for step in range(len(draws)):
            top = heap[0]
            keys[top] += draws[step]
            total += keys[top]
            i, n = 0, len(heap)
            while True:
                down = 2 * i + 1
                if down >= n:
                    break
                if down + 1 < n and keys[heap[down + 1]] < keys[heap[down]]:
                    down += 1
                if keys[top] <= keys[heap[down]]:
                    break
                heap[i] = heap[down]
                i = down
            heap[i] = top
        return total

    keys, heap = np.zeros(pending), np.zeros(pending, dtype=np.int64)
    draws = np.random.default_rng(1).exponential(1.0, events)
    churn(keys, heap, draws)
    best = math.inf
    for _ in range(20):
        start = time.process_time()
        for _ in range(5):
            churn(keys, heap, draws)
        best = min(best, (time.process_time() - start) / 5)
    return best


__all__ = ["heap_bound_s", "network_model", "plain_simpy"]
