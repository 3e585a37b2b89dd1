"""The reunification of a scenario on its roster: which students, and which of them are siblings."""

from __future__ import annotations

import numpy as np

from scenarios.behaviour import Choice
from scenarios.reunification_said import ReunificationSaid, family_of, reunification_of
from sim import Roster, entity_keys, uniforms
from sim.protocols import ReunionOrders


def reunion_of(
    said: ReunificationSaid, roster: Roster, *, seed: int
) -> tuple[ReunionOrders, tuple[Choice, ...]]:
    """Return the reunification of a roster, and every number of it with its source.

    Who are siblings belongs to the people: it is drawn once for a scenario, over all classes, and
    is the same in every replica. Every student of the roster is expected at the site.
    """
    students = np.flatnonzero(np.array(roster.role) == "student")
    ids = tuple(roster.person_ids[person] for person in students.tolist())
    drawn = uniforms(seed, 0, "families", entity_keys(ids))
    family = np.empty(len(students), dtype=np.int64)
    family[np.argsort(drawn, kind="stable")] = family_of(len(students), said.children_per_family)
    never = np.full(len(students), np.inf)
    orders, choices = reunification_of(
        said,
        family=family,
        leaves_s=never,
        ready_s=never,
        expected=np.ones(len(students), dtype=np.bool_),
    )
    names = tuple(f"family {number}" for number in range(orders.n_families))
    return ReunionOrders(orders, students, entity_keys(names)), choices
