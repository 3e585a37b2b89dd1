"""What a scenario's communication names, looked up in the plan, the roster and the defaults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan, KeyPath, Plan
from scenarios.behaviour import Choice
from scenarios.chosen_numbers import chosen_number
from scenarios.communication_said import CommunicationSaid, communication_defaults
from scenarios.find_place import spaces_or_faults, walked_or_fault
from scenarios.scenario import Scenario
from scenarios.sourced_numbers import Number
from sim import Distribution, Roster
from sim.protocols import Misunderstood

Flags = NDArray[np.bool_]

STAFF: Final = frozenset({"teacher", "substitute", "aide", "office"})
"""Roles that are told by app and by radio."""


@dataclass(slots=True)
class Found:
    """The plan and the people that a scenario's communication is looked up in.

    Attributes
    ----------
    said : CommunicationSaid
    scenario, plan, compiled
    roster : Roster or None
        None where it has faults of its own: then only names are looked up.
    at : key path of the communication in the scenario's file
    faults : list of str
        Where unknown names are noted.
    choices : dict of name to Choice
        Every number that was used, with its source.
    """

    said: CommunicationSaid
    scenario: Scenario
    plan: Plan
    compiled: CompiledPlan
    roster: Roster | None
    at: KeyPath
    faults: list[str]
    choices: dict[str, Choice]

    def number(self, key: str) -> Number:
        """Return a number of the scenario or else of the defaults, and note its source."""
        self.choices[key] = chosen_number(communication_defaults(), self.said.numbers, key)
        return self.said.numbers.get(key, communication_defaults()[key][0])

    def seconds(self, key: str) -> Distribution:
        """Return a distribution; a plain number is one that never varies."""
        self.number(key)
        return self.choices[key].distribution

    def plain(self, key: str) -> float:
        """Return a plain number."""
        value = self.number(key)
        if isinstance(value, Distribution):
            raise TypeError(f"{key}: expected a plain number, got a distribution")
        return value

    def misunderstood(self, table: str) -> Misunderstood:
        """Return how often a channel is misunderstood; signals have no plain language."""
        code = self.plain(f"{table}.misunderstood_code")
        key = f"{table}.misunderstood_plain"
        return Misunderstood(self.plain(key) if key in communication_defaults() else code, code)

    def fault(self, path: Sequence[str | int], words: str) -> None:
        """Note a fault at a place below the communication of the file."""
        self.faults.append(self.scenario.fault((*self.at, *path), words))

    def room(self, path: Sequence[str | int], name: str) -> int | None:
        """Return a room of the walkable building; None after noting the fault."""
        at = (*self.at, *path)
        return walked_or_fault(self.scenario, self.plan, self.compiled, at, name, self.faults)

    def rooms(self, path: Sequence[str | int], names: Sequence[str]) -> list[int]:
        """Return rooms in the order in which they are named."""
        found = [self.room((*path, number), name) for number, name in enumerate(names)]
        return [room for room in found if room is not None]

    def places(self, path: Sequence[str | int], names: Sequence[str]) -> Flags:
        """Return which spaces lie in some zones and rooms; places outdoors go with their zone."""
        at = (*self.at, *path)
        spaces = spaces_or_faults(self.scenario, self.plan, self.compiled, at, names, self.faults)
        zones = [self.zone(id_) for id_ in self.compiled.place_ids]
        outdoors = [zone is not None and zone in names for zone in zones]
        inside = np.zeros(len(self.compiled.space_ids), dtype=np.bool_)
        inside[list(spaces)] = True
        return np.append(inside, np.array(outdoors, dtype=np.bool_))

    def zone(self, space_id: str) -> str | None:
        """Return the zone of a space or of a place outdoors."""
        space = self.plan.spaces.get(space_id)
        return None if space is None else space.zone

    def everywhere(self) -> tuple[str, ...]:
        """Return the ids of all spaces, then of all places outdoors."""
        return (*self.compiled.space_ids, *self.compiled.place_ids)

    def roles(self) -> tuple[str, ...]:
        """Return the role of everybody in the building."""
        return () if self.roster is None else self.roster.role

    def staff(self) -> list[int]:
        """Return the rows of the roster of the staff."""
        return [row for row, role in enumerate(self.roles()) if role in STAFF]
