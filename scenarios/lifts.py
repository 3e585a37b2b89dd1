"""The lifts that the fire service runs in a scenario: where they stop, and how fast they are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from buildings import CompiledPlan, Plan, Portal, Space, did_you_mean
from scenarios.assistance_said import LiftSaid, assistance_defaults
from scenarios.behaviour import Choice
from scenarios.chosen_numbers import chosen_number
from scenarios.door_states import reach_at_first
from scenarios.scenario import Scenario
from sim import Lift, Stop

PACE = ("speed_mps", "start_stop_s", "door_s", "boarding_s")


def lifts_of(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, faults: list[str]
) -> tuple[tuple[Lift, ...], tuple[Choice, ...]]:
    """Return the lifts of a scenario, in order of space id, and their numbers with sources."""
    lifts, choices = [], []
    shafts = {space.id: space for space in plan.spaces.values() if space.kind == "lift"}
    for name, said in sorted(scenario.lifts.items()):
        at = ("lifts", name)
        shaft = shafts.get(name)
        if shaft is None or shaft.lift is None:
            known = f"; it has {', '.join(shafts)}" if shafts else "; it has none"
            words = f"no lift in plan {plan.id!r}{did_you_mean(name, shafts) or known}"
            faults.append(scenario.fault(at, words))
            continue
        stops = _stops(shaft, plan, compiled)
        if len(stops) < 2:
            words = f"has doors to the walkable building on {len(stops)} level, expected two"
            faults.append(scenario.fault(at, words))
            continue
        exit_stop = _exit_stop(stops, plan, compiled)
        if exit_stop is None:
            words = "no exit can be reached without stairs from any of the floors it serves"
            faults.append(scenario.fault(at, words))
            continue
        own = [
            chosen_number(
                assistance_defaults(), said.numbers, f"lift.{key}", name=f"{key}: lift {name}"
            )
            for key in PACE
        ]
        number = dict(zip(PACE, (choice.distribution for choice in own), strict=True))
        lifts.append(
            Lift(
                name=name,
                stops=stops,
                exit_stop=exit_stop,
                places=said.places or shaft.lift.car_capacity,
                from_s=said.from_s,
                speed_mps=float(number["speed_mps"].ppf(0.5)),
                start_stop_s=float(number["start_stop_s"].ppf(0.5)),
                door_s=float(number["door_s"].ppf(0.5)),
                boarding_s=number["boarding_s"],
                order=said.order,
                attended=said.attended,
            )
        )
        choices += own
    return tuple(lifts), tuple(choices)


def lift_doors(shaft: Space, plan: Plan) -> Mapping[str, Portal]:
    """Return the door of a lift on each of its levels, by level; of several the first by id."""
    doors: dict[str, Portal] = {}
    served = shaft.lift.levels if shaft.lift is not None else ()
    for portal in plan.portals_of(shaft.id):
        if portal.kind != "window" and portal.level in served:
            doors.setdefault(portal.level, portal)
    return doors


def _stops(shaft: Space, plan: Plan, compiled: CompiledPlan) -> tuple[Stop, ...]:
    """Return the floors with a door to the walkable building, from the lowest up.

    People wait at the standing place that is nearest to the door.
    """
    stops = []
    slot_xy = compiled.slot_xy.reshape(-1, 2)
    for level, portal in lift_doors(shaft, plan).items():
        other = portal.to_space if portal.from_space == shaft.id else portal.from_space
        if other not in compiled.space_ids:
            continue
        space = compiled.space_index(other)
        own = compiled.slots_of(space)
        if len(own):
            door = np.array([portal.midpoint.x, portal.midpoint.y])
            nearest = own[int(((slot_xy[own] - door) ** 2).sum(axis=1).argmin())]
            stops.append(Stop(space, plan.level(level).elevation_m, int(nearest)))
    return tuple(sorted(stops, key=lambda stop: stop.height_m))


def _exit_stop(stops: tuple[Stop, ...], plan: Plan, compiled: CompiledPlan) -> int | None:
    """Return the stop from which people leave: of those with an exit on the level the lowest.

    The level of the main entrance goes before levels below it.
    """
    reach = reach_at_first(plan, compiled, level_only=True)
    entrance = min((level.elevation_m for level in plan.levels if level.ordinal == 0), default=0.0)
    level_with_exit = [i for i, stop in enumerate(stops) if reach.exits_from(stop.space)]
    return min(
        level_with_exit,
        key=lambda i: (abs(stops[i].height_m - entrance), stops[i].height_m),
        default=None,
    )


def lift_words(name: str, said: LiftSaid) -> str:
    """Return one line that says how a lift is run.

    Examples
    --------
    >>> lift_words("S-LIFT-A", LiftSaid(180.0))
    'Lift S-LIFT-A is run by the fire service from 180 s on, top floor first'
    """
    order = "top floor first" if said.order == "top_down" else "nearest floor first"
    beside = ", with a helper beside each" if said.attended else ""
    return f"Lift {name} is run by the fire service from {said.from_s:g} s on, {order}{beside}"
