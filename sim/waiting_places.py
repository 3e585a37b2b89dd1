"""Where people who need help wait for it, and the routing rows of those who come and go."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan
from sim.abilities import Abilities
from sim.assistance import BESIDE, NO_HELP, Assistance
from sim.flow_laws import FlowLaw
from sim.kernels.backend import Backend, load_kernel
from sim.movement import walking_metres
from sim.network import Goal, MovementError, MovementNetwork, build_network
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
    space : ndarray of int, shape (A,)
        Where each of them waits: the nearest refuge or lift lobby that they reach without stairs,
        or the space they start in.
    sizes : mapping of person to int
        Places that each of them takes up.
    spaces : tuple of int
        Every space that somebody has to be sent to, ascending; place ``first_place + i`` of the
        network lies in the i-th.
    first_place : int
    """

    people: Ints
    space: Ints
    sizes: Mapping[int, int]
    spaces: tuple[int, ...]
    first_place: int

    def place(self, space: int) -> int:
        """Return the place of the network in a space."""
        return self.first_place + self.spaces.index(space)

    def goals(self) -> list[Goal]:
        """Return what people who wait, who help and who ride set out for."""
        goals = [OUT_OF_DOORS, LEVEL_OUT_OF_DOORS] if len(self.people) else []
        for space in self.spaces:
            place = self.place(space)
            goals += [Goal(place=place), Goal(place=place, level_only=True)]
        return goals

    def rows_from(self, goals: Mapping[Goal, int]) -> Ints:
        """Return the routing row by which each of the people gets to where they wait."""
        rows = [goals[Goal(place=self.place(int(s)), level_only=True)] for s in self.space]
        return np.array(rows, dtype=np.int64)

    def places_of(self) -> Ints:
        """Return the place at which each of the people waits."""
        return np.array([self.place(int(space)) for space in self.space], dtype=np.int64)


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
    backend: Backend,
) -> WaitingPlaces:
    """Find out who needs help, and where each of them waits.

    Whoever reaches an exit without stairs leaves by themselves, unless somebody has to walk beside
    them. The others go to the refuge, or to the doors of a lift that the fire service runs, which
    is nearest on foot without stairs; of equally near ones to the one that comes first. Where none
    is in reach, and where somebody has to walk beside them, they wait where they are.

    Parameters
    ----------
    cells, anchors : sequence of int, length N
        Where everybody stands at the start; anchors below 0 count the given points from the end
        of the list backwards.
    points
        The given starting points, as for `build_network`.

    Raises
    ------
    MovementError
        If ``assistance`` is made for another number of people, or somebody who cannot use stairs
        is to walk down with a helper beside them.
    """
    first_place = len(compiled.place_ids)
    nobody = np.zeros(0, dtype=np.int64)
    if assistance is None:
        return WaitingPlaces(nobody, nobody, {}, (), first_place)
    _check(roster, abilities, assistance)
    lobbies = [stop.space for lift in assistance.lifts for stop in lift.stops]
    candidates = [*dict.fromkeys([*assistance.refuges, *lobbies])]
    wanted = sorted(set(candidates))
    exits = {-1, *roster.exit_gate[assistance.way != NO_HELP].tolist()}
    goals = [Goal(gate, level_only=True) for gate in sorted(exits)]
    goals += [Goal(place=first_place + i, level_only=True) for i in range(len(wanted))]
    network = build_network(compiled, law, goals=goals, spaces=wanted, points=points)

    def metres(person: int, goal: Goal) -> float:
        return walking_metres(
            network,
            load_kernel(backend),
            cell=int(cells[person]),
            anchor=anchor_of(network, int(anchors[person])),
            row=goals.index(goal),
        )

    people, spaces = [], []
    for person in np.flatnonzero(assistance.way != NO_HELP).tolist():
        home = int(roster.space[person])
        if assistance.way[person] == BESIDE:
            people.append(person)
            spaces.append(home)
            continue
        if math.isfinite(metres(person, Goal(int(roster.exit_gate[person]), level_only=True))):
            continue
        near = [
            (metres(person, Goal(place=first_place + wanted.index(s), level_only=True)), i)
            for i, s in enumerate(candidates)
        ]
        nearest, at = min(near, default=(math.inf, -1))
        people.append(person)
        spaces.append(candidates[at] if math.isfinite(nearest) else home)
    used = {*spaces, *lobbies, *assistance.chairs} if people else set()
    return WaitingPlaces(
        np.array(people, dtype=np.int64),
        np.array(spaces, dtype=np.int64),
        {person: int(abilities.size[person]) for person in people},
        tuple(sorted(used)),
        first_place,
    )


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
    wrong = np.flatnonzero(abilities.level_only & (assistance.way == NO_HELP))
    if len(wrong):
        name = roster.person_ids[int(wrong[0])]
        raise MovementError(f"{name} cannot use stairs, and assistance says no way to help them")
