"""How a shelter went: who is in by which warning lead time, which area is full, who has no place.

Areas are the best available ones; nothing here says that anybody is protected in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.markup import escape
from rich.table import Table

from scenarios.chosen_numbers import chosen_number
from scenarios.protocol_outcome import ProtocolOutcome
from scenarios.protocol_said import protocol_defaults
from scenarios.report_table import report_table
from scenarios.run_words import between, minutes, number_between
from scenarios.scenario import Scenario
from scenarios.shelter import refuge_areas, shelter_orders
from scenarios.spread import spread, timing
from sim import protocols
from sim.protocols import LEAD_TIMES_S

if TYPE_CHECKING:
    from scenarios.ensemble import Ensemble

Floats = NDArray[np.float64]

BY_TIME: Final = "People in shelter after the announcement"
AREAS: Final = "Best available refuge areas"
AREA_NOTE: Final = (
    "A class is never split. "
    "Areas are the best available ones; nobody is promised protection in them."
)


def sheltered(ensemble: Ensemble, outcome: ProtocolOutcome) -> dict[str, Any] | None:
    """Return who is in shelter by when, and where; None where no shelter is announced.

    Times count from the announcement of the first shelter.
    """
    if protocols.Action.SHELTER not in outcome.actions:
        return None
    step = outcome.actions.index(protocols.Action.SHELTER)
    since_s = after(outcome.times.sheltered_s, outcome.times.announced_s[:, [step]])
    lead_s = ensemble.scenario.protocol.shelter.lead_s
    inside = np.isfinite(since_s)
    last = np.where(inside, since_s, -np.inf).max(axis=1, initial=-np.inf)
    without = np.isfinite(outcome.times.without_place_s).sum(axis=1)
    off_s = after(outcome.times.ventilation_off_s, outcome.times.announced_s[:, [step]])
    said = {one.against for one in ensemble.scenario.protocol.timeline}
    return {
        "by_lead_time": [_by(since_s, at_s) for at_s in LEAD_TIMES_S],
        "lead": None if lead_s is None else _by(since_s, lead_s),
        "people": spread(inside.sum(axis=1)),
        "last_s": timing(np.where(np.isfinite(last), last, np.inf)),
        "without_place": spread(without),
        "ventilation_off_s": timing(off_s[:, 0]) if "hazardous_material" in said else None,
        "areas": _areas(ensemble, outcome, step) if "weather" in said else {},
    }


def after(times_s: Floats, zero_s: Floats) -> Floats:
    """Return times counted from others; inf where either did not happen.

    Examples
    --------
    >>> after(np.array([[5.0, np.inf], [np.inf, np.inf]]), np.array([[2.0], [np.inf]])).tolist()
    [[3.0, inf], [inf, inf]]
    """
    zero = np.where(np.isfinite(zero_s), zero_s, 0.0)
    return np.where(np.isfinite(zero_s), times_s - zero, np.inf)


def _by(since_s: Floats, at_s: float) -> dict[str, Any]:
    inside = (since_s <= at_s).sum(axis=1)
    mean = float(inside.mean()) / max(1, since_s.shape[1])
    return {"at_s": at_s, "people": spread(inside), "share": mean}


def _areas(ensemble: Ensemble, outcome: ProtocolOutcome, step: int) -> dict[str, Any]:
    """Return people, places and the time at which it is full, of each refuge area."""
    scenario, plan, compiled = ensemble.scenario, ensemble.plan, ensemble.compiled
    areas = refuge_areas(scenario, plan, compiled, [])
    number = {
        key.removeprefix("shelter."): _median(scenario, key)
        for key in protocol_defaults()
        if key.startswith("shelter.")
    }
    orders = shelter_orders(areas, compiled, ensemble.roster, number, None)
    floor = np.bincount(orders.bay_area, weights=orders.bay_m2, minlength=len(orders.areas))
    times, found = outcome.times, {}
    there = np.isfinite(times.sheltered_s)
    for row, (space, places) in enumerate(zip(orders.areas, orders.places().tolist(), strict=True)):
        name = compiled.space_ids[space]
        full_s = after(times.area_full_s[:, [space]], times.announced_s[:, [step]])[:, 0]
        found[name] = {
            "number": plan.spaces[name].number,
            "people": spread((there & (times.shelter_space == space)).sum(axis=1)),
            "places": places,
            "floor_m2": float(floor[row]),
            "full": float(np.isfinite(full_s).mean()),
            "full_s": timing(full_s),
        }
    return found


def _median(scenario: Scenario, key: str) -> float:
    chosen = chosen_number(protocol_defaults(), scenario.protocol.numbers, key)
    return float(chosen.distribution.ppf(0.5))


def time_rows(shelter: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return people in shelter by each lead time, the one that the scenario asks about marked."""
    lead = shelter["lead"]
    marks = {entry["at_s"]: entry for entry in shelter["by_lead_time"]}
    if lead is not None:
        marks[lead["at_s"]] = lead
    return [
        (
            f"by {minutes(at_s)}" + (", the lead time" if entry is lead else ""),
            number_between(entry["people"]),
            f"{entry['share']:.0%}",
        )
        for at_s, entry in sorted(marks.items())
    ]


def area_rows(shelter: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return the refuge areas in written order: name, people, places, when full."""
    return [
        (
            name if one["number"] in (None, name) else f"{one['number']} ({name})",
            number_between(one["people"]),
            f"{one['places']}",
            _full(one),
        )
        for name, one in shelter["areas"].items()
    ]


def _full(area: dict[str, Any]) -> str:
    if not area["full"]:
        return "not full"
    if area["full"] == 1.0:
        return f"{minutes(area['full_s']['median'])} ({between(area['full_s']['interval'])})"
    return f"in {area['full']:.0%} of the runs"


def shelter_words(shelter: dict[str, Any]) -> list[str]:
    """Return what is said in sentences: the last one in, who has no place, the ventilation."""
    last, lines = shelter["last_s"], []
    if last["median"] is not None:
        when = f"{minutes(last['median'])} ({between(last['interval'])})"
        lines.append(f"The last of those who come into shelter is in at {when}.")
    if shelter["without_place"]["mean"]:
        number = number_between(shelter["without_place"])
        lines.append(f"No place in a refuge area: {number} people.")
    off = shelter["ventilation_off_s"]
    if off is not None:
        when = f"{minutes(off['median'])} ({between(off['interval'])})"
        lines.append(f"Ventilation off: {'not reached' if off['median'] is None else when}.")
    if shelter["areas"]:
        lines.append(AREA_NOTE)
    return lines


def shelter_parts(shelter: dict[str, Any]) -> list[Table | str]:
    """Return the tables and lines that are printed."""
    table = report_table(BY_TIME, "", "people", "share")
    for row in time_rows(shelter):
        table.add_row(*row)
    parts: list[Table | str] = [table]
    if shelter["areas"]:
        areas = report_table(AREAS, "", "people", "places", "full at")
        for cells in area_rows(shelter):
            areas.add_row(*map(escape, cells))
        parts.append(areas)
    return [*parts, *map(escape, shelter_words(shelter))]
