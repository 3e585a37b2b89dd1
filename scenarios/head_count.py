"""How many people of each role are in each room: listed, from the plan, or a total shared out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from buildings import Plan, Space, did_you_mean
from scenarios.population_defaults import ROLES, Role, StaffRule, population_defaults
from scenarios.scenario import SAID_BY_SCENARIO, RoomPeople, Scenario

_SHARED_KINDS = ("room", "hall")
_TEACHING_USES = ("classroom", "lab")


@dataclass(frozen=True, slots=True)
class RoomCount:
    """The people of one space.

    Attributes
    ----------
    space : str
        Space id.
    people : RoomPeople
        How many of each role, and what the scenario says about them.
    listed_as : str or None
        The key under ``population.rooms`` that names the room; None where none does.
    worked_out : bool
        Whether the number of people comes from the plan or a total.
    """

    space: str
    people: RoomPeople
    listed_as: str | None
    worked_out: bool = False


def find_space(plan: Plan, name: str) -> tuple[Space | None, str]:
    """Return the walkable space that a person means by an id or a door-plate number.

    Returns
    -------
    Space or None
    str
        Why there is none, empty if there is one.
    """
    space = plan.spaces.get(name)
    if space is None:
        same = [s for s in plan.spaces.values() if s.number == name and s.walkable == "yes"]
        if len(same) > 1:
            ids = ", ".join(s.id for s in same)
            return None, f"{len(same)} rooms of plan {plan.id!r} have this number, say which: {ids}"
        if not same:
            known = [*plan.spaces, *(s.number for s in plan.spaces.values() if s.number)]
            return None, f"no such room in plan {plan.id!r}{did_you_mean(name, known)}"
        space = same[0]
    if space.walkable != "yes" or space.kind in ("void", "hard_corner", "lift", "assembly"):
        return None, f"{space.id} is a {space.kind} where nobody can stand in plan {plan.id!r}"
    return space, ""


def head_count(scenario: Scenario, plan: Plan) -> tuple[tuple[RoomCount, ...], list[str]]:
    """Count the people of every room.

    Returns
    -------
    tuple of RoomCount
        Rooms with somebody in them, in order of space id.
    list of str
        Faults: rooms that the plan does not have, a total smaller than the rooms listed, more
        mobility profiles than people, nobody at all.
    """
    population, faults = scenario.population, []
    counted: dict[str, RoomCount] = {}
    refined: dict[str, RoomCount] = {}
    for key, people in population.rooms.items():
        place = ("population", "rooms", key)
        space, why = find_space(plan, key)
        if space is None:
            faults.append(scenario.fault(place, why))
        elif space.id in counted or space.id in refined:
            other = {**counted, **refined}[space.id].listed_as
            faults.append(scenario.fault(place, f"is the same room as {other!r}"))
        elif population.source != "rooms" and people.profiles and not any(people.count.values()):
            refined[space.id] = RoomCount(space.id, people, key, worked_out=True)
        else:
            counted[space.id] = RoomCount(space.id, people, key)
    if faults:
        return (), faults
    if population.source == "from_plan":
        for space in plan.spaces.values():
            n = space.occupants_default or 0
            if n and space.id not in counted and space.walkable == "yes":
                beside = population.counts == "students"
                people = _by_staff_rule(scenario, plan, space, n, beside=beside)
                counted[space.id] = RoomCount(space.id, people, None, worked_out=True)
    elif population.source == "total":
        faults += _share_total(scenario, plan, counted)
    for space_id, room in refined.items():
        if space_id in counted:
            people = replace(room.people, count=counted[space_id].people.count)
            room = replace(room, people=people)
        counted[space_id] = room
    faults += [words for room in counted.values() for words in _too_many_profiles(scenario, room)]
    found = tuple(
        counted[space] for space in sorted(counted) if sum(counted[space].people.count.values())
    )
    if not found and not faults:
        said = {
            "rooms": "every room listed is empty",
            "from_plan": f"no room of plan {plan.id!r} says occupants_default",
            "total": "the total is 0",
        }[population.source]
        faults.append(scenario.fault(("population",), f"nobody is in the building: {said}"))
    return found, faults


def _too_many_profiles(scenario: Scenario, room: RoomCount) -> list[str]:
    """Return a fault for every role that has fewer people in a room than profiles."""
    faults = []
    for role, profiles in room.people.profiles.items():
        named, n = sum(profiles.values()), room.people.count.get(role, 0)
        if named > n:
            which = ", ".join(f"{k} {profile}" for profile, k in profiles.items())
            words = f"names {which} among {n or 'no'} {role}s of the room"
            place = ("population", "rooms", str(room.listed_as), "profiles")
            faults.append(scenario.fault(place, words))
    return faults


def _share_total(scenario: Scenario, plan: Plan, counted: dict[str, RoomCount]) -> list[str]:
    population = scenario.population
    listed = sum(sum(room.people.count.values()) for room in counted.values())
    rest = population.total - listed
    if rest < 0:
        words = f"should be at least the {listed} people listed in rooms (got {population.total})"
        return [scenario.fault(("population", "total"), words)]
    factors = {**population_defaults().load_factor_m2, **population.load_factors_m2}
    shared = [
        space
        for space in plan.spaces.values()
        if space.id not in counted
        and space.walkable == "yes"
        and space.kind in _SHARED_KINDS
        and factors[space.use] > 0
    ]
    if rest and not shared:
        words = f"no room of plan {plan.id!r} has a use with an occupant load; list rooms instead"
        return [scenario.fault(("population", "total"), words)]
    weights = [space.area_m2 / factors[space.use] for space in shared]
    for space, n in zip(shared, largest_remainder(weights, rest), strict=True):
        if n:
            people = _by_staff_rule(scenario, plan, space, n)
            counted[space.id] = RoomCount(space.id, people, None, worked_out=True)
    return []


def largest_remainder(weights: Sequence[float], total: int) -> list[int]:
    """Share a whole number in proportion to weights, whole numbers out (Hamilton's method).

    Parameters
    ----------
    weights : sequence of float, length n
        Not negative; at least one above 0 unless ``total`` is 0 or there are none.
    total : int
        What to share, 0 or more.

    Returns
    -------
    list of int
        Adds up to ``total``; each is its exact share rounded down or up. Equal remainders go to
        the earlier entry.

    Examples
    --------
    >>> largest_remainder([1.0, 1.0, 1.0], 10)
    [4, 3, 3]
    >>> largest_remainder([6.0, 0.0, 2.0], 7)
    [5, 0, 2]
    >>> largest_remainder([], 0)
    []
    """
    if total == 0:
        return [0] * len(weights)
    parts = [Fraction(weight) for weight in weights]  # exact, so rounding never loses anybody
    whole = sum(parts)
    if not whole > 0:
        raise ValueError("largest_remainder: at least one weight must be above 0")
    exact = [part * total / whole for part in parts]
    shares = [math.floor(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares


def staff_rule(scenario: Scenario, plan: Plan, use: str) -> tuple[StaffRule, str]:
    """Return who the people of a room are when only their number is known, and who says so.

    The scenario comes first, then the defaults by use. A building without a classroom is taken for
    a place of work: everybody in it is staff.
    """
    if use in scenario.population.staff:
        return scenario.population.staff[use], SAID_BY_SCENARIO
    if not any(space.use in _TEACHING_USES for space in plan.spaces.values()):
        return StaffRule("office", 1), "a building without classrooms: all are staff [chosen]"
    defaults = population_defaults()
    return defaults.staff[use], defaults.sources[f"staff.{use}"].text


def _by_staff_rule(
    scenario: Scenario, plan: Plan, space: Space, people: int, *, beside: bool = False
) -> RoomPeople:
    """Split the people of a room into staff and students, or put staff beside the students."""
    rule, _ = staff_rule(scenario, plan, space.use)
    staff = math.ceil(people / rule.one_per)
    count: dict[Role, int] = dict.fromkeys(ROLES, 0)
    count[rule.role] += staff
    if rule.one_per > 1:
        count["student"] += people if beside else people - staff
    return RoomPeople(count={role: n for role, n in count.items() if n})
