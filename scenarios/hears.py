"""After how long an announcement is heard in each space: space over zone over everywhere."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledPlan, KeyPath, Plan, did_you_mean
from scenarios.find_place import space_or_fault
from scenarios.scenario import Scenario


def hears_delay(
    scenario: Scenario,
    plan: Plan,
    compiled: CompiledPlan,
    at: KeyPath,
    everywhere_s: float,
    in_zones_s: Mapping[str, float],
    in_spaces_s: Mapping[str, float],
    faults: list[str],
) -> NDArray[np.float64]:
    """Return the delay of an announcement in each space of the compiled plan.

    Parameters
    ----------
    scenario, plan, compiled
    at : tuple of str or int
        Where the file speaks of it.
    everywhere_s : float
    in_zones_s, in_spaces_s : mapping of name to seconds
    faults : list of str
        Where unknown zones and spaces are noted.

    Returns
    -------
    ndarray, shape (n_spaces,)
        inf where it is never heard.
    """
    delay = np.full(len(compiled.space_ids), everywhere_s)
    zones = sorted({space.zone for space in plan.spaces.values() if space.zone})
    for zone, seconds in in_zones_s.items():
        if zone not in zones:
            known = f"; it has {', '.join(zones)}" if zones else "; it has none"
            hint = did_you_mean(zone, zones) or known
            words = f"no zone {zone!r} in plan {plan.id!r}{hint}"
            faults.append(scenario.fault((*at, "zones", zone), words))
        for row, space_id in enumerate(compiled.space_ids):
            if plan.spaces[space_id].zone == zone:
                delay[row] = seconds
    for name, seconds in in_spaces_s.items():
        space = space_or_fault(scenario, plan, (*at, "spaces", name), name, faults)
        if space is not None and space.id in compiled.space_ids:
            delay[compiled.space_index(space.id)] = seconds
    return delay
