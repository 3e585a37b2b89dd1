"""Where people are at a time of day: in class, between lessons, at recess, at lunch, arriving.

Everybody belongs to a room, and keeps their class, its leader and its room whatever the time of
day. Who is where is drawn once for a scenario and not for each replica, by draws keyed by person
and class: it does not depend on the order of anything. Where a hall, a restroom or a cafeteria is
full, people are in the next one, or in their room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan, Plan
from scenarios.class_places import classes_at
from scenarios.floor_left import FloorLeft
from scenarios.moment_said import moment_defaults
from scenarios.population_defaults import population_defaults
from scenarios.scenario import Scenario
from sim import Groups, entity_keys, flow_law, start_places, uniforms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLASS_STAFF = frozenset({"teacher", "substitute", "aide"})
"""Roles that stand at the doors of their rooms, or outdoors on duty."""


@dataclass(frozen=True, slots=True, eq=False)
class Belonging:
    """The people of a scenario and the rooms that they belong to; N of them.

    Attributes
    ----------
    ids, role : tuple of str
    space : ndarray of int, shape (N,)
        Room; -1 for people who are outdoors whatever the time of day.
    outdoors : ndarray of int, shape (N,)
        Place outdoors of these; -1 for everybody else.
    start_xy : ndarray, shape (N, 2)
        Given standing place; nan for the room's own.
    group : ndarray of int, shape (N,)
    groups : Groups
    size : ndarray of int, shape (N,)
        Places taken up on the floor.
    level_only : ndarray of bool, shape (N,)
    """

    ids: tuple[str, ...]
    role: tuple[str, ...]
    space: Ints
    outdoors: Ints
    start_xy: Floats
    group: Ints
    groups: Groups
    size: Ints
    level_only: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class WhereAt:
    """Where N people are: a space, or a place outdoors with space -1; given points or nan."""

    space: Ints
    outdoors: Ints
    start_xy: Floats


def where_at(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    people: Belonging,
    *,
    leads_out: Sequence[bool],
    faults: list[str],
) -> WhereAt:
    """Return where everybody is at the time of day of a scenario.

    Parameters
    ----------
    scenario, plan, compiled
    people : Belonging
    leads_out : sequence of bool
        Whether an exit can be reached from each space; nobody is sent where none can.
    faults : list of str
        Where it is noted that the plan has no place for that time of day.
    """
    moment = scenario.population.moment
    if moment == "class":
        return WhereAt(people.space, people.outdoors, people.start_xy)
    day = _Day(scenario, plan, compiled, people, leads_out)
    missing = day.missing()
    if missing:
        words = f"{moment}: plan {plan.id!r} has no {missing}"
        faults.append(scenario.fault(("population", "moment"), words))
        return WhereAt(people.space, people.outdoors, people.start_xy)
    day.classes_go()
    day.people_go()
    day.send_back()
    return WhereAt(day.space, day.outdoors, day.start_xy)


class _Day:
    """The people of one scenario while they are being placed."""

    def __init__(
        self,
        scenario: Scenario,
        plan: Plan,
        compiled: CompiledPlan,
        people: Belonging,
        leads_out: Sequence[bool],
    ) -> None:
        self.scenario, self.plan, self.compiled, self.people = scenario, plan, compiled, people
        self.moment = scenario.population.moment
        usual = {key: number for key, (number, _) in moment_defaults()[self.moment].items()}
        self.share = {**usual, **scenario.population.moment_numbers}
        self.space, self.outdoors = people.space.copy(), people.outdoors.copy()
        self.start_xy = people.start_xy.copy()
        self._keys = entity_keys(people.ids)
        spaces = [plan.spaces[space_id] for space_id in compiled.space_ids]
        usable = [row for row, leads in enumerate(leads_out) if leads]

        def rows(kinds: tuple[str, ...], uses: tuple[str, ...] = ()) -> list[int]:
            return [
                row
                for row in usable
                if spaces[row].kind in kinds and (not uses or spaces[row].use in uses)
            ]

        ways = rows(("corridor", "landing")) + rows(("hall",), ("circulation", "vestibule"))
        self.halls = sorted(ways)
        self.restrooms = rows(("room", "hall"), ("toilet",))
        self.offices = rows(("room", "hall"), ("main_office",))
        self.cafeterias = rows(("room", "hall"), ("cafeteria",))
        self.auditoriums = rows(("room", "hall"), ("auditorium",))
        self.gyms = rows(("room", "hall"), ("gym",))
        self.yards = rows(("outdoor",))
        self.places = [
            number
            for number, name in enumerate(compiled.place_ids)
            if name not in plan.spaces or plan.spaces[name].use != "reunification"
        ]
        self.area_m2 = [space.area_m2 for space in spaces]
        self.level = [space.level for space in spaces]
        self.floor = FloorLeft(self._per_person_m2(), self.area_m2, people.space, people.size)

    def missing(self) -> str:
        """Return what the plan lacks for this time of day; empty if nothing."""
        needed = {
            "passing": ("corridor or other hall", self.halls),
            "recess": ("assembly area or yard", [*self.places, *self.yards]),
            "lunch": ("cafeteria from which an exit can be reached", self.cafeterias),
            "assembly": (
                "auditorium or gym from which an exit can be reached",
                [*self.auditoriums, *self.gyms],
            ),
            "arrival": ("assembly area where students could be", self.places),
        }
        words, rows = needed[self.moment]
        return "" if rows else words

    def _per_person_m2(self) -> dict[int, float]:
        """Return the floor per person up to which each space fills."""
        factors = {
            **population_defaults().load_factor_m2,
            **self.scenario.population.load_factors_m2,
        }
        hall_m2 = self.share.get("hall_m2_per_person", 0.0)
        ways = (self.halls, self.restrooms, self.offices, self.yards)
        per_person = {row: hall_m2 for rows in ways for row in rows}
        per_person |= dict.fromkeys(self.cafeterias, factors["cafeteria"])
        per_person |= dict.fromkeys(self.auditoriums, factors["auditorium"])
        return per_person | dict.fromkeys(self.gyms, self.share.get("gym_m2_per_person", 0.0))

    def draw(self, purpose: str) -> Floats:
        """Return one draw for each person."""
        return uniforms(self.scenario.seed, 0, f"time of day {purpose}", self._keys)

    # whole classes

    def classes_go(self) -> None:
        """Take classes outdoors, to lunch or to an assembly, each with its leader."""
        groups, share = self.people.groups, self.share
        if self.moment == "recess":
            wanted, rooms = share["classes_outdoors"], [self.yards]
        elif self.moment == "lunch":
            wanted, rooms = share["classes_in_cafeteria"], [self.cafeterias]
        elif self.moment == "assembly":
            wanted, rooms = share["classes_gathered"], [self.auditoriums, self.gyms]
        else:
            return
        keys = entity_keys(groups.ids)
        order = uniforms(self.scenario.seed, 0, "time of day class", keys)
        which = uniforms(self.scenario.seed, 0, "time of day class where", keys)
        member = self.people.group >= 0
        needed = np.bincount(
            self.people.group[member], self.people.size[member], minlength=len(groups.ids)
        ).astype(np.float64)
        gone = classes_at(
            groups,
            needed,
            share=wanted,
            order=order,
            which=which,
            rooms=rooms,
            places=self.places if self.moment == "recess" else [],
            floor=self.floor,
        )
        for group, (row, place) in gone.items():
            members = np.flatnonzero(self.people.group == group)
            self.space[members], self.outdoors[members] = row, place
            self.start_xy[members] = np.nan

    # one by one

    def people_go(self) -> None:
        """Place those who are in halls, in restrooms, at doors or outdoors by themselves."""
        share, where = self.share, self.draw("what")
        at_home = (self.space == self.people.space) & (self.space >= 0)
        student = np.array([role == "student" for role in self.people.role]) & at_home
        staff = np.array([role in CLASS_STAFF for role in self.people.role]) & at_home
        staff &= self.people.group >= 0
        from_here = np.zeros(len(where))
        for key, go in (
            ("students_outdoors", self._outdoors),
            ("students_in_halls", self._into_halls),
            ("students_in_restrooms", self._into_restrooms),
        ):
            until = from_here + share.get(key, 0.0)
            go(np.flatnonzero(student & (where >= from_here) & (where < until)))
            from_here = until
        outdoors = share.get("staff_outdoors", 0.0)
        self._outdoors(np.flatnonzero(staff & (where < outdoors)))
        until_door = outdoors + share.get("staff_at_doors", 0.0)
        self._to_doors(np.flatnonzero(staff & (where >= outdoors) & (where < until_door)))
        visitor = np.array([role == "visitor" for role in self.people.role]) & at_home
        at_office = share.get("visitors_at_office", 0.0)
        self._spread(np.flatnonzero(visitor & (where < at_office)), self.offices)

    def _outdoors(self, who: Ints) -> None:
        pick = np.floor(self.draw("place")[who] * len(self.places)).astype(np.int64)
        for person, k in zip(who.tolist(), pick.tolist(), strict=True):
            self.floor.leave(int(self.space[person]), int(self.people.size[person]))
            self.space[person], self.outdoors[person] = -1, self.places[k]
            self.start_xy[person] = np.nan

    def _into_halls(self, who: Ints) -> None:
        self._spread(who, self.halls)

    def _into_restrooms(self, who: Ints) -> None:
        self._spread(who, self.restrooms)

    def _spread(self, who: Ints, rows: list[int]) -> None:
        """Spread people over spaces by floor area; who finds all of them full stays."""
        if not rows:
            return
        ends = np.cumsum([self.area_m2[row] for row in rows])
        which = self.draw("which")
        first = np.searchsorted(ends / ends[-1], which[who], side="right")
        turn = sorted(
            zip(which[who].tolist(), who.tolist(), first.tolist(), strict=True),
            key=lambda entry: (entry[0], self.people.ids[entry[1]]),
        )
        for _, person, start in turn:
            for k in range(len(rows)):
                row = rows[(start + k) % len(rows)]
                if self._may_be(person, row) and self._moves(person, row):
                    break

    def _may_be(self, person: int, row: int) -> bool:
        """Whether somebody may be in a space; who cannot use stairs stays on the floor."""
        home = int(self.people.space[person])
        return not self.people.level_only[person] or self.level[row] == self.level[home]

    def _moves(self, person: int, row: int) -> bool:
        """Let somebody be in another space, if there is floor left."""
        size = int(self.people.size[person])
        if row == self.space[person] or not self.floor.holds(row, size):
            return False
        self.floor.leave(int(self.space[person]), size)
        self.floor.take(row, size)
        self.space[person] = row
        self.start_xy[person] = np.nan
        return True

    def _to_doors(self, who: Ints) -> None:
        """Let staff stand in the hall before the door of their room."""
        for person in who.tolist():
            door = self._before_the_door(int(self.people.space[person]))
            if door is not None and self._moves(person, door[0]):
                self.start_xy[person] = door[1]

    def _before_the_door(self, room: int) -> tuple[int, Floats] | None:
        """Return the hall before the first door of a room that leads into one, and the point."""
        compiled = self.compiled
        spaces = compiled.cell_space[compiled.side_cell]
        for side in np.flatnonzero(spaces == room).tolist():
            beyond = side ^ 1
            if spaces[beyond] in self.halls and compiled.gate_portal[side >> 1]:
                return int(spaces[beyond]), compiled.side_xy.reshape(-1, 2)[beyond]
        return None

    # nobody stands where there is no room

    def send_back(self) -> None:
        """Send people back to their rooms until every cell holds those who are in it."""
        law = flow_law(self.scenario.law, **self.scenario.law_numbers)
        if not np.isfinite(law.storage_per_m2):
            return
        area = np.append(self.compiled.cell_area_m2[:-1], np.inf)
        most = np.maximum(1.0, np.floor(area * law.storage_per_m2 + 1e-9))
        which = self.draw("which")
        while True:
            cells = start_places(
                self.compiled, self.space, start_xy=self.start_xy, outdoors=self.outdoors
            ).cells
            held = np.bincount(cells, weights=self.people.size, minlength=len(most))
            moved = (self.space != self.people.space) & (self.space >= 0)
            back = [
                max(own.tolist(), key=lambda i: (which[i], self.people.ids[i]))
                for cell in np.flatnonzero(held > most).tolist()
                if len(own := np.flatnonzero(moved & (cells == cell)))
            ]
            if not back:
                return
            for person in back:
                self.space[person] = self.people.space[person]
                self.start_xy[person] = self.people.start_xy[person]
