"""Where people who need help wait for it, and the routing rows of those who come and go."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from sim.abilities import Abilities
from sim.assistance import BESIDE, NO_HELP, Assistance
from sim.flow_laws import FlowLaw
from sim.kernels.backend import Backend, load_kernel
from sim.movement import walking_metres
from sim.network import Goal, MovementError, MovementNetwork, build_network, first_slot
from sim.orders import Order, shut_from_the_start
from sim.roster import Roster

Ints = NDArray[np.int64]

OUT_OF_DOORS: Final = Goal()
LEVEL_OUT_OF_DOORS: Final = Goal(level_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class WaitingPlaces:
    """Who needs help to leave, and where they wait for it.

    Attributes
    ----------
    people : ndarray of int, shape (A,)
        Rows of the roster, ascending: people who do not leave by themselves.
    slot : ndarray of int, shape (A,)
        The standing place at which each of them waits: in the nearest refuge, or before the nearest
        lift, that they reach without stairs, or where they start.
    sizes : mapping of person to int
        Places that each of them takes up.
    slots : tuple of int
        Every standing place that somebody has to be sent to, ascending; place ``first_place + i``
        of the network is the i-th.
    chairs : tuple of int
        The standing place at which each evacuation chair is kept.
    stops : tuple of tuple of int
        The standing places before the doors of each lift, stop by stop.
    first_place : int
    """

    people: Ints
    slot: Ints
    sizes: Mapping[int, int]
    slots: tuple[int, ...]
    chairs: tuple[int, ...]
    stops: tuple[tuple[int, ...], ...]
    first_place: int

    def place(self, slot: int) -> int:
        """Return the place of the network at a standing place."""
        return self.first_place + self.slots.index(slot)

    def goals(self) -> list[Goal]:
        """Return what people who wait, who help and who ride set out for."""
        goals = [OUT_OF_DOORS, LEVEL_OUT_OF_DOORS] if len(self.people) else []
        for slot in self.slots:
            place = self.place(slot)
            goals += [Goal(place=place), Goal(place=place, level_only=True)]
        return goals

    def rows_from(self, goals: Mapping[Goal, int]) -> Ints:
        """Return the routing row by which each of the people gets to where they wait."""
        places = self.places_of().tolist()
        rows = [goals[Goal(place=place, level_only=True)] for place in places]
        return np.array(rows, dtype=np.int64)

    def places_of(self) -> Ints:
        """Return the place at which each of the people waits."""
        return np.array([self.place(int(slot)) for slot in self.slot], dtype=np.int64)


def waiting_places(
    compiled: CompiledPlan,
    law: FlowLaw,
    roster: Roster,
    abilities: Abilities,
    assistance: Assistance | None,
    *,
    cells: Ints,
    anchors: Sequence[int],
    points: Sequence[tuple[int, NDArray[np.float64]]],
    orders: Sequence[Order],
    backend: Backend,
) -> WaitingPlaces:
    """Find out who needs help, and where each of them waits.

    Whoever reaches an exit without stairs leaves by themselves, unless somebody has to walk beside
    them. The others go to the refuge, or to the doors of a lift that the fire service runs, which
    is nearest on foot without stairs; of equally near ones to the one that comes first. Where none
    is in reach, and where somebody has to walk beside them, they wait where they are. Doors that
    are closed from the beginning, as everybody knows, let nobody pass.

    Parameters
    ----------
    cells, anchors : sequence of int, length N
        Where everybody stands at the start: the cell, and the offset into ``Network.walk_m``, or
        -1 - i for the i-th given point.
    points
        The given starting points, as for `build_network`.
    orders : sequence of Order

    Raises
    ------
    MovementError
        If ``assistance`` is made for another number of people, or somebody who cannot use stairs
        is to walk down with a helper beside them, or a refuge has no standing place.
    """
    first_place = len(compiled.place_ids)
    nobody = np.zeros(0, dtype=np.int64)
    if assistance is None:
        return WaitingPlaces(nobody, nobody, {}, (), (), (), first_place)
    _check(roster, abilities, assistance)
    stops = tuple(
        tuple(
            stop.slot if stop.slot >= 0 else first_slot(compiled, stop.space) for stop in lift.stops
        )
        for lift in assistance.lifts
    )
    chairs = tuple(first_slot(compiled, space) for space in assistance.chairs)
    refuges = [first_slot(compiled, space) for space in assistance.refuges]
    candidates = [*dict.fromkeys([*refuges, *chain.from_iterable(stops)])]
    exits = {-1, *roster.exit_gate[assistance.way != NO_HELP].tolist()}
    goals = [Goal(gate, level_only=True) for gate in sorted(exits)]
    goals += [Goal(place=first_place + i, level_only=True) for i in range(len(candidates))]
    network = build_network(
        compiled,
        law,
        goals=goals,
        slots=candidates,
        points=points,
        shut=shut_from_the_start(orders),
    )

    def metres(person: int, goal: Goal) -> float:
        return walking_metres(
            network,
            load_kernel(backend),
            cell=int(cells[person]),
            anchor=anchor_of(network, int(anchors[person])),
            row=goals.index(goal),
        )

    waits: dict[int, int] = {}
    for person in np.flatnonzero(assistance.way != NO_HELP).tolist():
        if roster.space[person] < 0:
            continue
        home = _slot_in(compiled, int(roster.space[person]), int(cells[person]))
        if assistance.way[person] == BESIDE:
            waits[person] = home
            continue
        if math.isfinite(metres(person, Goal(int(roster.exit_gate[person]), level_only=True))):
            continue
        near = [
            (metres(person, Goal(place=first_place + i, level_only=True)), i)
            for i in range(len(candidates))
        ]
        nearest, at = min(near, default=(math.inf, -1))
        waits[person] = candidates[at] if math.isfinite(nearest) else home
    used = {*waits.values(), *chairs, *chain.from_iterable(stops)} if waits else set()
    return WaitingPlaces(
        people=np.array([*waits], dtype=np.int64),
        slot=np.array([*waits.values()], dtype=np.int64),
        sizes={person: int(abilities.size[person]) for person in waits},
        slots=tuple(sorted(used)),
        chairs=chairs,
        stops=stops,
        first_place=first_place,
    )


def _slot_in(compiled: CompiledPlan, space: int, cell: int) -> int:
    """Return the first standing place of a space in one of its cells, or else of the space."""
    own = compiled.slots_of(space)
    here = own[compiled.slot_cell[own] == cell]
    return int(here[0]) if len(here) else first_slot(compiled, space)


def anchor_of(network: MovementNetwork, anchor: int) -> int:
    """Return an offset into ``Network.walk_m``; -1 - i stands for the i-th given point."""
    return anchor if anchor >= 0 else int(network.point_walk[-1 - anchor])


def _check(roster: Roster, abilities: Abilities, assistance: Assistance) -> None:
    n = roster.n_people
    if len(assistance.way) != n:
        raise MovementError(f"assistance is made for {len(assistance.way)} people, not for {n}")
    wrong = np.flatnonzero(abilities.level_only & (assistance.way == BESIDE))
    if len(wrong):
        name = roster.person_ids[int(wrong[0])]
        raise MovementError(f"{name} cannot use stairs, and so cannot walk down beside a helper")
    indoors = roster.space >= 0
    wrong = np.flatnonzero(indoors & abilities.level_only & (assistance.way == NO_HELP))
    if len(wrong):
        name = roster.person_ids[int(wrong[0])]
        raise MovementError(f"{name} cannot use stairs, and assistance says no way to help them")
