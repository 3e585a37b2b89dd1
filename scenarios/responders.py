"""Bring responders and the plan together: who they are, their doors, and where they stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledCorners, CompiledPlan, Plan, did_you_mean
from scenarios.behaviour import Choice
from scenarios.door_states import reach_at_first
from scenarios.find_place import exit_or_fault, space_or_fault
from scenarios.responders_said import RespondersSaid, UnitSaid, responder_defaults
from scenarios.scenario import SAID_BY_SCENARIO, Scenario
from scenarios.way_in import inner_doors
from sim import Abilities, Assistance, Distribution, Roster, protocols

Ints = NDArray[np.int64]

AT_ONCE = Distribution.constant(0.0)


def responder_choices(scenario: Scenario) -> dict[str, Choice]:
    """Return every number about responders with its source; empty where there are none."""
    said = scenario.responders
    if not said.units and said.release is None:
        return {}
    choices = {}
    for key, (default, source) in responder_defaults().items():
        own = said.numbers.get(key)
        words = source.text if own is None else SAID_BY_SCENARIO
        choices[key] = Choice(f"responders.{key}", default if own is None else own, words)
    return choices


def with_responders(
    scenario: Scenario, plan: Plan, compiled: CompiledPlan, roster: Roster, faults: list[str]
) -> Roster:
    """Return the roster with the responders behind everybody else; the same one without any.

    Their ids are made of unit and number, such as ``responder/first unit-01``.
    """
    said = scenario.responders
    n = sum(unit.people for unit in said.units)
    if not n:
        return roster
    ids, space, place = [], [], []
    for number, unit in enumerate(said.units):
        row = _start_of(scenario, plan, compiled, number, unit, faults)
        for k in range(unit.people):
            ids.append(f"responder/{unit.name}-{k + 1:02d}")
            space.append(row if unit.starts_in is not None else -1)
            place.append(-1 if unit.starts_in is not None else row)
    if faults:
        return roster
    speed = responder_choices(scenario)["walking.speed_mps"].distribution
    stairs = scenario.speeds
    none = np.full(n, -1, dtype=np.int64)
    return Roster(
        person_ids=(*roster.person_ids, *ids),
        role=(*roster.role, *["responder"] * n),
        profile=(*roster.profile, *["unimpaired"] * n),
        space=np.append(roster.space, np.array(space, dtype=np.int64)),
        group=np.append(roster.group, none),
        start_xy=np.concatenate([roster.start_xy, np.full((n, 2), np.nan)]),
        exit_gate=np.append(roster.exit_gate, none),
        speeds=(*roster.speeds, speed),
        speed_of=np.append(roster.speed_of, np.full(n, len(roster.speeds))),
        pre_movements=(*roster.pre_movements, AT_ONCE),
        pre_movement_of=np.append(roster.pre_movement_of, np.full(n, len(roster.pre_movements))),
        listed_pre_movement_s=np.append(roster.listed_pre_movement_s, np.full(n, np.nan)),
        stair_down=np.append(roster.stair_down, np.full(n, stairs.stair_down)),
        stair_up=np.append(roster.stair_up, np.full(n, stairs.stair_up)),
        groups=roster.groups,
        abilities=_with_able(roster.abilities, n),
        start_place=np.append(roster.outdoors, np.array(place, dtype=np.int64)),
    )


def _with_able(abilities: Abilities | None, n: int) -> Abilities | None:
    """Return abilities with n more people who walk by themselves."""
    if abilities is None:
        return None
    more = Abilities.plain(n)
    names = type(abilities).__dataclass_fields__
    both = {name: np.append(getattr(abilities, name), getattr(more, name)) for name in names}
    return Abilities(**both)


def help_beside(assistance: Assistance | None, n: int) -> Assistance | None:
    """Return how people are helped, with n more who need no help."""
    if assistance is None or not n:
        return assistance
    none = np.zeros(n, dtype=np.int64)
    return replace(
        assistance,
        way=np.append(assistance.way, none),
        helpers_needed=np.append(assistance.helpers_needed, none),
    )


def _start_of(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    number: int,
    unit: UnitSaid,
    faults: list[str],
) -> int:
    """Return the space in which a unit starts, or the place outdoors at which it arrives."""
    at = ("responders", "units", number)
    if unit.starts_in is not None:
        return _walked(scenario, plan, compiled, (*at, "starts_in"), unit.starts_in, faults)
    area = unit.staging or ""
    by_number = {s.number: s.id for s in plan.assembly_areas if s.number}
    area_id = by_number.get(area, area)
    if area_id in compiled.place_ids:
        return compiled.place_ids.index(area_id)
    hint = did_you_mean(area, [*compiled.place_ids, *by_number])
    words = f"no assembly area {area!r} in plan {plan.id!r}{hint}"
    faults.append(scenario.fault((*at, "staging"), words))
    return -1


def _walked(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    at: tuple[str | int, ...],
    name: str,
    faults: list[str],
) -> int:
    """Return a space in which people walk; -1 after noting the fault."""
    space = space_or_fault(scenario, plan, at, name, faults)
    if space is None:
        return -1
    if space.id in compiled.space_ids and len(compiled.slots_of(compiled.space_index(space.id))):
        return compiled.space_index(space.id)
    faults.append(scenario.fault(at, f"{space.id} is not part of the walkable building"))
    return -1


def responders_of(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    roster: Roster | None,
    corners: CompiledCorners | None,
    faults: list[str],
) -> protocols.Responders | None:
    """Return who comes to help and who releases rooms; None where nobody does.

    Parameters
    ----------
    roster : Roster or None
        With the responders in it; None where there are faults already: then only names are
        looked up.
    corners : CompiledCorners or None
        None where there are faults already.
    """
    said = scenario.responders
    if not said.says_anything:
        return None
    value = {key: one.distribution for key, one in responder_choices(scenario).items()}
    value = value or {key: one for key, (one, _) in responder_defaults().items()}
    first = 0 if roster is None else roster.n_people - sum(unit.people for unit in said.units)
    units = []
    for number, unit in enumerate(said.units):
        people = tuple(range(first, first + unit.people))
        first += unit.people
        one = _unit(scenario, plan, compiled, number, unit, people, value, faults)
        if corners is not None and one.entry_gate >= 0:
            sides = inner_doors(plan, compiled, corners, one.entry_gate)
            beyond = [(side >> 1, nearest_slot(compiled, side ^ 1)) for side in sides]
            one = replace(one, inner_doors=tuple(beyond))
        units.append(one)
    kept_free = {}
    for door, from_s in said.kept_free.items():
        at = ("responders", "kept_free", door)
        gate = exit_or_fault(scenario, plan, compiled, at, door, faults)
        if gate is not None:
            kept_free[gate] = from_s
    if roster is not None and kept_free:
        _check_ways_out(scenario, plan, compiled, roster, {*kept_free}, faults)
    release = _release(scenario, plan, compiled, said, roster, tuple(units), faults)
    if faults or roster is None or corners is None:
        return None
    number_of = [plan.spaces[space].number for space in compiled.space_ids]
    return protocols.Responders(
        units=tuple(units),
        dispatched_s=said.dispatched_s,
        door_slots=door_slots(compiled, corners, also=[unit.goes_to for unit in units]),
        numbered=np.array([bool(number) for number in number_of], dtype=np.bool_),
        find_room_s=(value["find.room_unnumbered"], value["find.room_numbered"]),
        knock_s=value["release.knock"],
        fetch_key_s=value["release.fetch_key"],
        release=release,
        kept_free=kept_free,
    )


def _check_ways_out(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    roster: Roster,
    kept_free: set[int],
    faults: list[str],
) -> None:
    """Note rooms with people whose every way out is a door that is kept free."""
    reach = reach_at_first(plan, compiled)
    for space in np.unique(roster.space[roster.space >= 0]).tolist():
        exits = {*reach.exits_from(space)}
        if exits and exits <= kept_free:
            words = f"no other exit can be reached from {compiled.space_ids[space]}"
            faults.append(scenario.fault(("responders", "kept_free"), words))


def _unit(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    number: int,
    unit: UnitSaid,
    people: tuple[int, ...],
    value: dict[str, Distribution],
    faults: list[str],
) -> protocols.Unit:
    at = ("responders", "units", number)
    gate, numbered = -1, True
    if unit.entry is not None:
        found = exit_or_fault(scenario, plan, compiled, (*at, "entry"), unit.entry, faults)
        if found is not None:
            gate = found
            numbered = bool(plan.portals[compiled.gate_portal[gate]].exterior_no)
    goes_to = -1
    if unit.goes_to is not None:
        goes_to = _walked(scenario, plan, compiled, (*at, "goes_to"), unit.goes_to, faults)
    access = unit.access or "none"
    return protocols.Unit(
        name=unit.name,
        people=people,
        travel_s=AT_ONCE if unit.travel_s is None else unit.travel_s,
        on_site=unit.starts_in is not None,
        entry_gate=gate,
        entry_slot=-1 if gate < 0 else slot_at(compiled, gate),
        access=access,
        access_s=None if access == "none" else value[f"access.{access}"],
        find_door_s=value["find.door_numbered" if numbered else "find.door_unnumbered"],
        keys=unit.keys,
        goes_to=goes_to,
    )


def _release(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    said: RespondersSaid,
    roster: Roster | None,
    units: tuple[protocols.Unit, ...],
    faults: list[str],
) -> protocols.DoorToDoor | None:
    release = said.release
    if release is None:
        return None
    order: list[int] = []
    for number, name in enumerate(release.order):
        at = ("responders", "release", "order", number)
        order.append(_walked(scenario, plan, compiled, at, name, faults))
    names = [unit.name for unit in units]
    teams = []
    for name in release.units:
        unit = units[names.index(name)]
        teams.append(protocols.ReleaseTeam(unit.people, unit.keys, unit=names.index(name)))
    taken: set[int] = set()
    for number, team in enumerate(release.staff):
        if roster is None:
            continue
        able = roster.abilities
        free = [
            person
            for person, role in enumerate(roster.role)
            if role in team.roles
            and person not in taken
            and not (able is not None and able.level_only[person])
        ]
        if len(free) < team.people:
            staff_at = ("responders", "release", "staff", number, "people")
            words = f"{len(free)} left of {', '.join(team.roles)} who walk by themselves"
            faults.append(
                scenario.fault(staff_at, f"expected at least {team.people}, found {words}")
            )
            continue
        people = tuple(free[: team.people])
        taken |= {*people}
        teams.append(protocols.ReleaseTeam(people, keys=False))
    return protocols.DoorToDoor(tuple(teams), tuple(order), release.then) if teams else None


def door_slots(
    compiled: CompiledPlan, corners: CompiledCorners, *, also: Sequence[int] = ()
) -> dict[int, tuple[int, ...]]:
    """Return the standing places before the doors of each room and hall with doors, by space.

    It is the place of the space beyond the door that is nearest to it. A room with no door to
    another space has a place inside it instead, and so has any space that is asked for with
    ``also``; a room with no standing place at all is left out.
    """
    found: dict[int, tuple[int, ...]] = {}
    rooms = np.flatnonzero(corners.looked_into | corners.is_restroom).tolist()
    for space in also:
        if space >= 0:
            own_slots = compiled.slots_of(space)
            found[space] = (int(own_slots[len(own_slots) // 2]),)
    for space in rooms:
        own = slice(int(corners.door_start[space]), int(corners.door_start[space + 1]))
        before = []
        for gate, inside in zip(corners.door_gate[own], corners.door_inside[own], strict=True):
            slot = nearest_slot(compiled, 2 * int(gate) + 1 - int(inside))
            if slot >= 0:
                before.append(slot)
        if not before and corners.is_room[space] and corners.goal_slot[space] >= 0:
            before = [int(corners.goal_slot[space])]
        if before:
            found[space] = tuple(dict.fromkeys(before))
    return found


def slot_at(compiled: CompiledPlan, gate: int) -> int:
    """Return the standing place indoors that is nearest to an exterior door."""
    sides = (2 * gate, 2 * gate + 1)
    inside = next(side for side in sides if compiled.side_cell[side] != compiled.outside)
    return nearest_slot(compiled, inside)


def nearest_slot(compiled: CompiledPlan, side: int) -> int:
    """Return the standing place nearest to one side of a gate; -1 outdoors."""
    cell = int(compiled.side_cell[side])
    if cell == compiled.outside:
        return -1
    own = np.flatnonzero(compiled.slot_cell == cell)
    if not len(own):
        own = compiled.slots_of(int(compiled.cell_space[cell]))
    if not len(own):
        return -1
    xy = compiled.slot_xy.reshape(-1, 2)[own] - compiled.side_xy.reshape(-1, 2)[side]
    return int(own[np.argmin((xy**2).sum(axis=1))])
