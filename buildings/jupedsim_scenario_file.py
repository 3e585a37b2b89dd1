"""A level of a plan with its usual people as a scenario file of jupedsim-scenarios."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from buildings.ifc_geometry import GRID_M, parts_of
from buildings.jupedsim_network_file import SPEED_MPS
from buildings.jupedsim_wkt import walkable_area
from buildings.nav_graph import NavGraph
from buildings.plan import OUTSIDE, Plan, PlanError, Portal, Space
from buildings.way_out import Route

GOAL_DEPTH_M: Final = 0.5
"""Depth of the strip beyond a door in which people count as gone."""
RADIUS_M: Final = 0.2
"""Radius of a person: what jupedsim-scenarios 0.7 takes where a file says nothing."""
MODEL: Final = "CollisionFreeSpeedModel"
TIME_LIMIT_S: Final = 900
_BESIDE_M: Final = 0.05


@dataclass(frozen=True, slots=True)
class ScenarioFiles:
    """The texts by level (``L1``, or ``L1-2`` for a second piece of floor), and who is in none.

    ``left_out`` has one line for each room whose people are in no file.
    """

    texts: Mapping[str, str]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Goal:
    """Where people leave a level: a portal, and the strip of floor beyond it."""

    portal: Portal
    strip: Polygon


def scenario_files(plan: Plan) -> ScenarioFiles:
    """Return a scenario for each connected piece of floor that has people and a way out.

    The format is that of jupedsim-scenarios 0.7: ``walkable_area_wkt``, ``exits``,
    ``distributions`` (the usual people of each room, ``occupants_default``), ``journeys_v2`` (one
    to each goal) with ``journey_weights`` of 100 for the goal that is nearest on foot. On a level
    that people leave by stairs the goal is where the stair begins. The format has no levels,
    locks, pre-movement times that its reader can draw, or assembly areas.

    Parameters
    ----------
    plan : Plan
        The building.

    Raises
    ------
    PlanError
        If the plan cannot be walked, or nobody in it has a way out.
    """
    graph = NavGraph.from_plan(plan)
    texts: dict[str, str] = {}
    left_out: list[str] = []
    for level in plan.levels:
        goal_of: dict[str, _Goal] = {}
        for space in plan.spaces_on(level.id):
            if not space.occupants_default:
                continue
            route = graph.route(space.id) if space.id in graph.cells_of else None
            if route is None:
                left_out.append(f"{space.called}: {space.occupants_default} people, no way out")
            else:
                goal_of[space.id] = _goal(plan, graph, level.id, route)
        goals = {goal.portal.id: goal for goal in goal_of.values()}
        for portal in plan.exits:
            if portal.level == level.id and portal.id not in goals:
                inner = portal.to_space if portal.from_space == OUTSIDE else portal.from_space
                goals[portal.id] = _Goal(portal, _strip(portal.line, plan.spaces[inner].polygon))
        strips = [goal.strip for _, goal in sorted(goals.items())]
        area = shapely.union_all([walkable_area(plan, level.id), *strips], grid_size=GRID_M)
        number = 0
        for floor in parts_of(area):
            rooms = [plan.spaces[i] for i in sorted(goal_of) if _on(floor, plan.spaces[i])]
            if rooms:
                number += 1
                name = level.id if number == 1 else f"{level.id}-{number}"
                texts[name] = _text(plan, level.id, floor, rooms, goal_of, goals)
    if not texts:
        raise PlanError(
            f"plan {plan.id!r} cannot be exported as a scenario",
            tuple(left_out)
            or ("nobody is in it: state occupants_default for the rooms in facts.csv",),
        )
    return ScenarioFiles(texts, tuple(left_out))


def _goal(plan: Plan, graph: NavGraph, level_id: str, route: Route) -> _Goal:
    """Return the first portal of a way out that leads off the level."""
    gates = {gate.id: gate for gate in graph.gates}
    for n, gate_id in enumerate(route.gate_ids):
        leaves = n + 1 == len(route.legs) or route.legs[n + 1].level != level_id
        if leaves and gates[gate_id].portal_id:
            portal = plan.portals[gates[gate_id].portal_id]
            here = next(cell for cell in graph.cells if cell.id == route.legs[n].cell_id)
            return _Goal(portal, _strip(portal.line, here.polygon))
    raise ValueError(f"a way out of {level_id} passes no portal")  # every way ends at an exit


def _strip(line: LineString, here: Polygon) -> Polygon:
    """Return the strip of floor on that side of a door which is farther from the room."""
    strips = [
        line.buffer(side * GOAL_DEPTH_M, single_sided=True, cap_style="flat") for side in (1, -1)
    ]
    far = max(strips, key=lambda strip: (round(here.distance(strip.centroid), 6), strip.bounds))
    return Polygon(shapely.set_precision(far, GRID_M).exterior)


def _on(floor: BaseGeometry, space: Space) -> bool:
    return bool(floor.intersection(space.polygon).area > space.area_m2 / 2)


def _text(
    plan: Plan,
    level_id: str,
    floor: Polygon,
    rooms: Sequence[Space],
    goal_of: Mapping[str, _Goal],
    goals: Mapping[str, _Goal],
) -> str:
    """Return the content of the file of one piece of floor."""
    here = {
        name: goal
        for name, goal in sorted(goals.items())
        if floor.distance(Point(goal.strip.centroid)) < _BESIDE_M
    }
    content: dict[str, Any] = {
        "description": f"{plan.name}, {plan.level(level_id).name}: plan {plan.id}, content "
        f"{plan.sha256[:12]}. A planning estimate, not a code-compliance document.",
        "seed": 1,
        "config": {
            "simulation_settings": {
                "baseSeed": 1,
                "simulationParams": {"model_type": MODEL, "max_simulation_time": TIME_LIMIT_S},
            }
        },
        "walkable_area_wkt": shapely.to_wkt(shapely.normalize(floor), rounding_precision=3),
        "exits": {
            _exit_key(name): {
                "type": "polygon",
                "coordinates": _ring(goal.strip),
                "enable_throughput_throttling": False,
                "max_throughput": 0,
            }
            for name, goal in here.items()
        },
        "distributions": {
            f"jps-distributions_{room.id}": {
                "type": "polygon",
                "coordinates": _ring(room.polygon),
                "parameters": {
                    "number": room.occupants_default,
                    "distribution_mode": "by_number",
                    "radius": RADIUS_M,
                    "desired_speed": SPEED_MPS,
                },
                "journey_weights": [
                    {"journey_id": _journey(goal_of[room.id].portal.id), "weight": 100}
                ],
            }
            for room in rooms
        },
        "checkpoints": {},
        "zones": {},
        "journeys_v2": [
            {"id": _journey(name), "name": f"to {name}", "sequence": [_exit_key(name)]}
            for name in here
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _exit_key(portal_id: str) -> str:
    return f"jps-exits_{portal_id}"


def _journey(portal_id: str) -> str:
    return f"journey-{portal_id}"


def _ring(polygon: Polygon) -> list[list[float]]:
    return [[round(x, 3) + 0.0, round(y, 3) + 0.0] for x, y in polygon.normalize().exterior.coords]
