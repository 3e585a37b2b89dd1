"""The same evacuation in jupedsim: continuous space, every person's position in small time steps.

Another class of model: it resolves how people move round each other, which ours does not.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from shapely import Polygon, box, union_all
from two_storey_school import CORRIDOR_W_M, GAP_M, ROOM_D_M, ROOM_W_M

from sim import Simulation

UPPER_Y_M = 19.5
"""How far north of the ground floor the upper one is drawn: a corridor from one to the other stands
for a stair, about as long as the stair takes at the speed of a level floor."""
WALL_M = 0.1
MOST_S = 1800.0


def _floor() -> tuple[Polygon, dict[str, Polygon]]:
    """Return both floors unfolded into one plane, and the areas behind the exits."""
    half = 10 * ROOM_W_M / 2 + GAP_M / 2
    east = 2 * half + 6
    parts = []
    for y0 in (0.0, UPPER_Y_M):
        y1 = y0 + CORRIDOR_W_M
        parts.append(box(-6, y0, east, y1))
        for i in range(20):
            row, column = divmod(i, 10)
            x = column * ROOM_W_M + (GAP_M if column >= 5 else 0.0)
            low, high = (y1 + WALL_M, y1 + ROOM_D_M) if row else (y0 - ROOM_D_M, y0 - WALL_M)
            parts.append(box(x + WALL_M / 2, low, x + ROOM_W_M - WALL_M / 2, high))
            wall = y1 if row else y0 - WALL_M
            parts.append(box(x + 4.05, wall, x + 4.95, wall + WALL_M))
    parts.append(box(half - 1.4, -ROOM_D_M, half + 1.4, CORRIDOR_W_M + ROOM_D_M))
    parts.append(box(-5.9, CORRIDOR_W_M, -4.4, UPPER_Y_M))
    parts.append(box(2 * half + 4.4, CORRIDOR_W_M, 2 * half + 5.9, UPPER_Y_M))
    middle, north = CORRIDOR_W_M / 2, CORRIDOR_W_M + ROOM_D_M
    exits = {
        "E1": box(-7, middle - 0.9, -6, middle + 0.9),
        "E2": box(east, middle - 0.9, east + 1, middle + 0.9),
        "E3": box(half - 0.9, north, half + 0.9, north + 0.4),
        "E4": box(half - 0.9, -ROOM_D_M - 1, half + 0.9, -ROOM_D_M),
    }
    whole = union_all([*parts, *exits.values()])
    if not isinstance(whole, Polygon):
        raise TypeError(f"expected one connected floor, got {whole.geom_type}")
    return whole, exits


def collision_free_speed(simulation: Simulation, *, dt_s: float) -> Callable[[], float]:
    """Return a run of jupedsim's collision-free speed model V2 of the same people.

    The same number in each room, the same speeds, and for each person the exit that they take in
    our run; the other parameters are those of jupedsim.
    """
    import jupedsim

    ours = simulation.run(0)
    exit_names = [simulation.compiled.gate_ids[gate] for gate in ours.exit_gate]
    rooms = [simulation.compiled.space_ids[space] for space in simulation.roster.space]
    taken: dict[str, int] = {}
    places = []
    for room in rooms:
        n = taken[room] = taken.get(room, -1) + 1
        number = int(room[-2:])
        row, column = divmod(number, 10)
        x = column * ROOM_W_M + (GAP_M if column >= 5 else 0.0)
        y = (CORRIDOR_W_M if row else -ROOM_D_M) + (UPPER_Y_M if room.startswith("L2") else 0.0)
        places.append((x + 1.5 + 1.5 * (n % 5), y + 1.0 + 1.5 * (n // 5)))

    def run() -> float:
        floor, exits = _floor()
        model = jupedsim.Simulation(
            model=jupedsim.CollisionFreeSpeedModelV2(), geometry=floor, dt=dt_s
        )
        ways = {}
        for name, area in exits.items():
            stage = model.add_exit_stage(area)
            ways[name] = (model.add_journey(jupedsim.JourneyDescription([stage])), stage)
        for place, name, speed in zip(places, exit_names, ours.speed_mps, strict=True):
            journey, stage = ways[name]
            model.add_agent(
                jupedsim.CollisionFreeSpeedModelV2AgentParameters(
                    position=place, journey_id=journey, stage_id=stage, desired_speed=float(speed)
                )
            )
        while model.agent_count() and model.elapsed_time() < MOST_S:
            model.iterate()
        if model.agent_count():
            raise RuntimeError(f"{model.agent_count()} people still inside after {MOST_S} s")
        return float(np.round(model.elapsed_time(), 1))

    return run
