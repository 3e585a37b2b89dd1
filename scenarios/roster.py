"""Put the people of a scenario into the rooms of its building: ids, classes, exits, speeds."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from shapely import Point

from buildings import CompiledPlan, KeyPath, Plan, Space, did_you_mean
from scenarios.abilities import abilities_of
from scenarios.assignments import assigned_exits, assigned_places
from scenarios.behaviour import (
    Choice,
    Drawn,
    PersonProfile,
    pre_movement_of,
    profile_of,
    speed_of,
)
from scenarios.door_states import doors_of_plan, reach_at_first
from scenarios.find_place import space_or_fault
from scenarios.head_count import RoomCount, head_count
from scenarios.moment_said import moment_defaults
from scenarios.moments import Belonging, WhereAt, where_at
from scenarios.population_defaults import ROLES, Role
from scenarios.profiles import PROFILES, UNIMPAIRED
from scenarios.reach import reach_of
from scenarios.scenario import SAID_BY_SCENARIO, Scenario, ScenarioError
from sim import Abilities, Distribution, Groups, Roster

LEADERS = ("teacher", "substitute", "aide")
"""Who may lead a class and call its roll, in this order."""

ON_THE_LINE_M = 0.01
"""A given standing place may lie this far outside its room: rounding, not a mistake."""


@dataclass(slots=True)
class _People:
    """Columns of the roster while it is filled."""

    ids: list[str] = field(default_factory=list)
    role: list[Role] = field(default_factory=list)
    profile: list[PersonProfile] = field(default_factory=list)
    space: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    age_band: list[str] = field(default_factory=list)
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
    visitor), then number; ids are made of these three, such as ``S-101/student-07``. People who
    are outdoors whatever the time of day come last. At another time of day than in class people
    keep their id, class and leader, and are elsewhere (see `scenarios.moments`).

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
    reach = reach_at_first(plan, compiled)
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
            faults.append(scenario.fault(_key(room), _no_way_out(room, space, plan, compiled)))
        exit_gate = exits.get(room.space, -1)
        if exit_gate >= 0 and reachable and exit_gate not in reachable:
            gate = compiled.gate_ids[exit_gate]
            words = f"exit {gate} cannot be reached from {space.called}"
            faults.append(scenario.fault(("assign_exits",), words))
        _check_places(scenario, room, space, faults)
        _add_room(scenario, room, space, row, exit_gate, people, speeds, delays)
        _add_class(scenario, room, space, row, places, people)
    _add_outdoors(scenario, plan, compiled, people, speeds, delays, faults)
    _students_of_no_band(scenario, people, faults)
    _rooms_without_class(scenario, compiled, places, people, faults)
    listed = scenario.pre_movement.listed_s
    if listed and rooms and len(listed) != len(people.ids):
        words = f"should list {len(people.ids)} times, one for each person (got {len(listed)})"
        faults.append(scenario.fault(("pre_movement", "listed"), words))
    able = abilities_of(
        scenario,
        plan,
        compiled,
        role=people.role,
        profile=people.profile,
        space=people.space,
        exit_gate=people.exit_gate,
        faults=faults,
    )
    if faults:
        return None, (), list(dict.fromkeys(faults))
    belong = _belonging(scenario, people, able)
    leads_out = [bool(reach.exits_from(row)) for row in range(len(compiled.space_ids))]
    at = where_at(scenario, plan, compiled, belong, leads_out=leads_out, faults=faults)
    if faults:
        return None, (), list(dict.fromkeys(faults))
    choices = (
        *speeds.choices.values(),
        *(() if listed else delays.choices.values()),
        *_numbers_of_moment(scenario),
    )
    return _roster(scenario, people, belong, at, able, speeds, delays), choices, []


def _numbers_of_moment(scenario: Scenario) -> tuple[Choice, ...]:
    """Return the shares of the time of day, each with its source."""
    population = scenario.population
    return tuple(
        Choice(
            f"{population.moment}: {key}",
            Distribution.constant(population.moment_numbers.get(key, number)),
            SAID_BY_SCENARIO if key in population.moment_numbers else source.text,
        )
        for key, (number, source) in moment_defaults()[population.moment].items()
    )


def _ints(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def _belonging(scenario: Scenario, people: _People, able: Abilities | None) -> Belonging:
    """Return everybody with the room and the class that they belong to."""
    n = len(people.ids)
    able = Abilities.plain(n) if able is None else able
    together = np.ones(len(people.group_ids), dtype=np.bool_) if scenario.keep_together else None
    return Belonging(
        ids=tuple(people.ids),
        role=tuple(people.role),
        space=_ints(people.space),
        outdoors=_ints(people.place),
        start_xy=np.array(people.xy, dtype=np.float64).reshape(n, 2),
        group=_ints(people.group),
        groups=Groups(
            ids=tuple(people.group_ids),
            space=_ints(people.group_space),
            place=_ints(people.group_place),
            leader=_ints(people.group_leader),
            keep_together=together,
        ),
        size=able.size,
        level_only=able.level_only,
    )


def _roster(
    scenario: Scenario,
    people: _People,
    belong: Belonging,
    at: WhereAt,
    able: Abilities | None,
    speeds: Drawn,
    delays: Drawn,
) -> Roster:
    n = len(people.ids)
    listed = scenario.pre_movement.listed_s
    stairs = {name: profile_of(scenario, name).stair_factors for name in set(people.profile)}
    down, up = np.array([stairs[name] for name in people.profile]).reshape(n, 2).T
    return Roster(
        person_ids=belong.ids,
        role=belong.role,
        profile=tuple(people.profile),
        space=at.space,
        group=belong.group,
        start_xy=at.start_xy,
        exit_gate=_ints(people.exit_gate),
        speeds=tuple(speeds.distributions),
        speed_of=_ints(people.speed),
        pre_movements=tuple(delays.distributions),
        pre_movement_of=_ints(people.pre_movement),
        listed_pre_movement_s=np.array(listed) if listed else np.full(n, np.nan),
        stair_down=scenario.speeds.stair_down * down,
        stair_up=scenario.speeds.stair_up * up,
        groups=belong.groups,
        abilities=able,
        start_place=at.outdoors if (at.outdoors >= 0).any() else None,
        age_band=tuple(people.age_band),
    )


def _add_outdoors(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    people: _People,
    speeds: Drawn,
    delays: Drawn,
    faults: list[str],
) -> None:
    """Add the people whom the scenario puts outdoors, in order of the place."""
    for name, said in sorted(scenario.population.outdoors.items()):
        at = ("population", "outdoors", name)
        if name not in compiled.place_ids or name not in plan.spaces:
            near = did_you_mean(name, compiled.place_ids)
            known = f"; it has {', '.join(compiled.place_ids) or 'none'}"
            words = f"no assembly area {name!r} in plan {plan.id!r}{near or known}"
            faults.append(scenario.fault(at, words))
            continue
        room = RoomCount(name, said, None)
        before = len(people.ids)
        _add_room(scenario, room, plan.spaces[name], -1, -1, people, speeds, delays)
        for person in range(before, len(people.ids)):
            people.place[person] = compiled.place_ids.index(name)


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
        band = student_band if role == "student" else "adult"
        drawn: dict[PersonProfile, tuple[int, int]] = {}
        for k, profile in enumerate(_profiles(room, role)):
            if profile not in drawn:
                speed = speed_of(
                    scenario, said, space=space.id, role=role, band=band, profile=profile
                )
                delay = pre_movement_of(
                    scenario, said, space=space.id, role=role, use=space.use, profile=profile
                )
                drawn[profile] = (-1 if speed is None else speeds.index(speed), delays.index(delay))
            people.ids.append(f"{space.id}/{role}-{k + 1:02d}")
            people.role.append(role)
            people.profile.append(profile)
            people.space.append(row)
            people.place.append(-1)
            people.age_band.append(band or "")
            people.group.append(-1)
            people.xy.append(said.at_xy[number] if said.at_xy else nowhere)
            people.exit_gate.append(exit_gate)
            people.speed.append(drawn[profile][0])
            people.pre_movement.append(drawn[profile][1])
            number += 1


def _profiles(room: RoomCount, role: Role) -> list[PersonProfile]:
    """Return the mobility profile of each person of a role: the profiles said, then unimpaired."""
    said = room.people.profiles.get(role, {})
    named: list[PersonProfile] = [name for name in PROFILES for _ in range(said.get(name, 0))]
    return named + [UNIMPAIRED] * (room.people.count.get(role, 0) - len(named))


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
            words = f"({x:g}, {y:g}) is not inside {space.called}"
            faults.append(scenario.fault((*_key(room), "at", number), words))


def _key(room: RoomCount) -> KeyPath:
    return ("population", "rooms", room.listed_as) if room.listed_as else ("population",)


def _no_way_out(room: RoomCount, space: Space, plan: Plan, compiled: CompiledPlan) -> str:
    """Say that people have no way to an exit, and which doors of the plan are the reason."""
    n = sum(room.people.count.values())
    said = f"no exit can be reached from {space.called}, where {n} people are"
    if reach_of(compiled).exits_from(compiled.space_index(space.id)):
        own = {portal.id for portal in plan.portals_of(space.id)}
        doors = [compiled.gate_ids[order.gate] for order in doors_of_plan(plan, compiled)]
        doors.sort(key=lambda door: (door not in own, door))
        shown = ", ".join(doors[:5]) + (", ..." if len(doors) > 5 else "")
        said += (
            f", past the doors that the plan has as locked or one-way ({shown}); say in its "
            "facts.csv how they open from inside (panic_bar, lock_key)"
        )
    else:
        said += "; mend the plan"
    return f"{said}, or list the room under population.accept_no_route"


def _no_exit(plan: Plan) -> str:
    doors = [p.id for p in plan.portals.values() if p.leads_outside and p.kind != "window"]
    if not doors:
        return f"plan {plan.id!r} has no door to the outside, and people need an exit"
    shown = ", ".join(doors[:5]) + (", ..." if len(doors) > 5 else "")
    return (
        f"plan {plan.id!r} has no confirmed exit; say in its facts.csv which of its "
        f"{len(doors)} doors to the outside are: {doors[0]},is_exit,yes (doors: {shown})"
    )
