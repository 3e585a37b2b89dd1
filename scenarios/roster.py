"""Put the people of a scenario into the rooms of its building: ids, classes, exits, speeds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from shapely import Point

from buildings import CompiledPlan, KeyPath, Plan, Space
from scenarios.assignments import assigned_exits, assigned_places, space_or_fault
from scenarios.behaviour import Choice, Drawn, pre_movement_of, speed_of
from scenarios.head_count import RoomCount, head_count
from scenarios.population_defaults import ROLES
from scenarios.reach import reach_of
from scenarios.scenario import Scenario, ScenarioError
from sim import Groups, Roster

LEADERS = ("teacher", "substitute", "aide")
"""Who may lead a class and call its roll, in this order."""

ON_THE_LINE_M = 0.01
"""A given standing place may lie this far outside its room: rounding, not a mistake."""


@dataclass(slots=True)
class _People:
    """Columns of the roster while it is filled."""

    ids: list[str] = field(default_factory=list)
    role: list[str] = field(default_factory=list)
    space: list[int] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    xy: list[tuple[float, float]] = field(default_factory=list)
    exit_gate: list[int] = field(default_factory=list)
    speed: list[int] = field(default_factory=list)
    pre_movement: list[int] = field(default_factory=list)
    group_ids: list[str] = field(default_factory=list)
    group_space: list[int] = field(default_factory=list)
    group_place: list[int] = field(default_factory=list)
    group_leader: list[int] = field(default_factory=list)


def build_roster(scenario: Scenario, plan: Plan, compiled: CompiledPlan) -> Roster:
    """Return the people of a scenario, the same in every replica.

    People are in order of space id, then role (student, teacher, substitute, aide, office,
    visitor), then number; ids are made of these three, such as ``S-101/student-07``.

    Raises
    ------
    ScenarioError
        With one line for every fact that is missing or does not fit the plan.
    """
    roster, _, faults = roster_with_sources(scenario, plan, compiled)
    if roster is None:
        raise ScenarioError(tuple(faults))
    return roster


def roster_with_sources(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan
) -> tuple[Roster | None, tuple[Choice, ...], list[str]]:
    """Return the roster, every distribution it draws from with its source, and the faults.

    Returns
    -------
    Roster or None
        None where there are faults.
    tuple of Choice
    list of str
    """
    rooms, faults = head_count(scenario, plan)
    if not len(compiled.exit_gates):
        faults.append(scenario.fault(("plan",), _no_exit(plan)))
    exits = assigned_exits(scenario, plan, compiled, faults)
    places = assigned_places(scenario, plan, compiled, faults)
    people, speeds, delays = _People(), Drawn(), Drawn()
    reach = reach_of(compiled)
    accepted = {
        space.id
        for name in scenario.population.accept_no_route
        for space in (
            space_or_fault(scenario, plan, ("population", "accept_no_route"), name, faults),
        )
        if space is not None
    }
    for room in rooms:
        space = plan.spaces[room.space]
        if room.space not in compiled.space_ids:
            words = f"{room.space} ({space.kind}) is not part of the walkable building"
            faults.append(scenario.fault(_key(room), words))
            continue
        row = compiled.space_index(room.space)
        reachable = reach.exits_from(row)
        if len(compiled.exit_gates) and not reachable and room.space not in accepted:
            n = sum(room.people.count.values())
            faults.append(
                scenario.fault(
                    _key(room),
                    f"no exit can be reached from {_called(space)}, where {n} people are; "
                    "mend the plan, or list the room under population.accept_no_route",
                )
            )
        exit_gate = exits.get(room.space, -1)
        if exit_gate >= 0 and reachable and exit_gate not in reachable:
            gate = compiled.gate_ids[exit_gate]
            words = f"exit {gate} cannot be reached from {_called(space)}"
            faults.append(scenario.fault(("assign_exits",), words))
        _check_places(scenario, room, space, faults)
        _add_room(scenario, room, space, row, exit_gate, people, speeds, delays)
        _add_class(scenario, room, space, row, places, people)
    _students_of_no_band(scenario, people, faults)
    _rooms_without_class(scenario, compiled, places, people, faults)
    listed = scenario.pre_movement.listed_s
    if listed and rooms and len(listed) != len(people.ids):
        words = f"should list {len(people.ids)} times, one for each person (got {len(listed)})"
        faults.append(scenario.fault(("pre_movement", "listed"), words))
    if faults:
        return None, (), list(dict.fromkeys(faults))
    choices = (*speeds.choices.values(), *(() if listed else delays.choices.values()))
    return _roster(scenario, people, speeds, delays), choices, []


def _roster(scenario: Scenario, people: _People, speeds: Drawn, delays: Drawn) -> Roster:
    n = len(people.ids)
    listed = scenario.pre_movement.listed_s

    def ints(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, dtype=np.int64)

    return Roster(
        person_ids=tuple(people.ids),
        role=tuple(people.role),
        profile=("unimpaired",) * n,
        space=ints(people.space),
        group=ints(people.group),
        start_xy=np.array(people.xy, dtype=np.float64).reshape(n, 2),
        exit_gate=ints(people.exit_gate),
        speeds=tuple(speeds.distributions),
        speed_of=ints(people.speed),
        pre_movements=tuple(delays.distributions),
        pre_movement_of=ints(people.pre_movement),
        listed_pre_movement_s=np.array(listed) if listed else np.full(n, np.nan),
        stair_down=np.full(n, scenario.speeds.stair_down),
        stair_up=np.full(n, scenario.speeds.stair_up),
        groups=Groups(
            ids=tuple(people.group_ids),
            space=ints(people.group_space),
            place=ints(people.group_place),
            leader=ints(people.group_leader),
        ),
    )


def _add_room(
    scenario: Scenario,
    room: RoomCount,
    space: Space,
    row: int,
    exit_gate: int,
    people: _People,
    speeds: Drawn,
    delays: Drawn,
) -> None:
    said = room.people
    nowhere = (float("nan"), float("nan"))
    student_band = said.age_band or scenario.population.age_band
    number = 0
    for role in ROLES:
        count = said.count.get(role, 0)
        if not count:
            continue
        band = student_band if role == "student" else "adult"
        speed = speed_of(scenario, said, space=space.id, role=role, band=band)
        delay = pre_movement_of(scenario, said, space=space.id, role=role, use=space.use)
        speed_row = -1 if speed is None else speeds.index(speed)
        delay_row = delays.index(delay)
        for k in range(count):
            people.ids.append(f"{space.id}/{role}-{k + 1:02d}")
            people.role.append(role)
            people.space.append(row)
            people.group.append(-1)
            people.xy.append(said.at_xy[number] if said.at_xy else nowhere)
            people.exit_gate.append(exit_gate)
            people.speed.append(speed_row)
            people.pre_movement.append(delay_row)
            number += 1


def _add_class(
    scenario: Scenario,
    room: RoomCount,
    space: Space,
    row: int,
    places: dict[str, int],
    people: _People,
) -> None:
    """Make one class of the room's students and staff, if the room holds one."""
    wanted = room.people.one_class
    if wanted is None:
        wanted = space.use in scenario.class_uses
    n = sum(room.people.count.values())
    first = len(people.ids) - n
    members = [i for i in range(first, first + n) if people.role[i] in ("student", *LEADERS)]
    if not wanted or not any(people.role[i] == "student" for i in members):
        return
    leader = next((i for role in LEADERS for i in members if people.role[i] == role), -1)
    for i in members:
        people.group[i] = len(people.group_ids)
    people.group_ids.append(f"class {space.id}")
    people.group_space.append(row)
    people.group_place.append(places.get(space.id, places.get("", -1)))
    people.group_leader.append(leader)


def _rooms_without_class(
    scenario: Scenario,
    compiled: CompiledPlan,
    places: dict[str, int],
    people: _People,
    faults: list[str],
) -> None:
    with_class = {compiled.space_ids[row] for row in people.group_space}
    for space in places:
        if space and space not in with_class:
            at = ("protocol", "evacuate", "assembly", "rooms")
            words = f"{space} holds no class that could gather anywhere"
            faults.append(scenario.fault(at, words))


def _students_of_no_band(scenario: Scenario, people: _People, faults: list[str]) -> None:
    unknown = sum(row < 0 for row in people.speed)
    if unknown:
        words = (
            f"is required: {unknown} students walk at the speed of their age band, "
            "and neither the room nor the population says which; or give a speed for all"
        )
        faults.append(scenario.fault(("population", "age_band"), words))


def _check_places(scenario: Scenario, room: RoomCount, space: Space, faults: list[str]) -> None:
    for number, (x, y) in enumerate(room.people.at_xy):
        if space.polygon.distance(Point(x, y)) > ON_THE_LINE_M:
            words = f"({x:g}, {y:g}) is not inside {_called(space)}"
            faults.append(scenario.fault((*_key(room), "at", number), words))


def _key(room: RoomCount) -> KeyPath:
    return ("population", "rooms", room.listed_as) if room.listed_as else ("population",)


def _called(space: Space) -> str:
    return space.id if space.label == space.id else f"{space.label} ({space.id})"


def _no_exit(plan: Plan) -> str:
    doors = [p.id for p in plan.portals.values() if p.leads_outside and p.kind != "window"]
    if not doors:
        return f"plan {plan.id!r} has no door to the outside, and people need an exit"
    shown = ", ".join(doors[:5]) + (", ..." if len(doors) > 5 else "")
    return (
        f"plan {plan.id!r} has no confirmed exit; say in its facts.csv which of its "
        f"{len(doors)} doors to the outside are: {doors[0]},is_exit,yes (doors: {shown})"
    )
