"""What an ensemble answers: clearance, exits, doors, rooms and classes, each with its spread."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scenarios.assistance import helpers_of
from scenarios.ensemble import Ensemble
from scenarios.head_count import largest_remainder
from scenarios.help_outcome import way_shares
from scenarios.intervals import LEVEL, interval_covers, median
from scenarios.manifest import NOTE, file_label
from scenarios.order_records import order_records
from scenarios.profiles import PROFILES
from scenarios.protocol_summary import protocol_summary
from scenarios.spread import interval, number, timing
from scenarios.summary_file import SummaryFile
from sim import FINAL_STATES, NUMBERS, flow_law

SUMMARY_VERSION: Final = 1
SHARES: Final = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p100": 1.0}
_LEDGER_PARTS: Final = 2**20


def summarize(ensemble: Ensemble) -> dict[str, Any]:
    """Return the content of ``summary.json`` as plain values, keys as in its JSON Schema.

    Counts are means over the replicas and times medians, each with the central 90 % of the
    replicas; a time that is not reached is None.
    """
    scenario = ensemble.scenario
    accounted = ensemble.all_accounted_s()
    summary = {
        "schema_version": SUMMARY_VERSION,
        "kind": "summary",
        "note": NOTE,
        "scenario": {"name": scenario.name, "file": file_label(scenario)},
        "plan": {"id": ensemble.plan.id, "sha256": ensemble.plan.sha256},
        "seed": ensemble.seed,
        "replicas": ensemble.replicas,
        "people": ensemble.n_people,
        "alarm_s": scenario.evacuation.alarm_s,
        "ledger": ledger(ensemble),
        "ledger_per_replica": {k: v.tolist() for k, v in ensemble.ledger_per_replica().items()},
        "clearance_s": {name: _clearance(ensemble, share) for name, share in SHARES.items()},
        "all_accounted_s": None if np.isnan(accounted).any() else timing(accounted),
        "exits": _exits(ensemble),
        "doors": _doors(ensemble),
        "rooms": _rooms(ensemble),
        "groups": _groups(ensemble),
        "profiles": _profiles(ensemble),
        "assistance": _assistance(ensemble),
        "responders": _responders(ensemble),
        "hazards": _hazards(ensemble),
        "protocol": protocol_summary(ensemble),
        "orders": order_records(ensemble.plan, ensemble.compiled, ensemble.ordered),
        "notes": ensemble.manifest.get("notes", []),
        "movement": _movement(ensemble),
    }
    return SummaryFile.model_validate(summary).model_dump(mode="json")


def ledger(ensemble: Ensemble) -> dict[str, int | float]:
    """Return the mean number of people by final state.

    Means are rounded to 1/2**20 of a person by largest remainder, so that as binary fractions they
    add up to the number of people exactly; whole means are ints.
    """
    totals = {state: int(n.sum()) for state, n in ensemble.ledger_per_replica().items()}
    parts = largest_remainder(list(totals.values()), ensemble.n_people * _LEDGER_PARTS)
    return {
        state: part // _LEDGER_PARTS if part % _LEDGER_PARTS == 0 else part / _LEDGER_PARTS
        for state, part in zip(totals, parts, strict=True)
    }


def _clearance(ensemble: Ensemble, share: float) -> dict[str, Any]:
    values = ensemble.clearance_s(share)
    return {
        **timing(values),
        "mean": number(float(values.mean())),
        "interval_level": LEVEL,
        "interval_covers": interval_covers(ensemble.replicas),
        "per_replica": [number(value) for value in values.tolist()],
    }


def _exits(ensemble: Ensemble) -> dict[str, Any]:
    exits = {}
    for gate in ensemble.compiled.exit_gates.tolist():
        portal = ensemble.plan.portals[ensemble.compiled.gate_portal[gate]]
        passed = (ensemble.exit_gate == gate).sum(axis=1)
        first, last = ensemble.exit_first_s(gate), ensemble.exit_last_s(gate)
        exits[portal.id] = {
            "number": portal.exterior_no,
            "passed": float(passed.mean()),
            "passed_interval": interval(passed),
            "share": float(passed.mean() / max(ensemble.n_people, 1)),
            "first_s": number(median(first)),
            "first_interval": interval(first),
            "last_s": number(median(last)),
            "last_interval": interval(last),
        }
    return dict(sorted(exits.items()))


def _doors(ensemble: Ensemble) -> dict[str, Any]:
    doors = {}
    for portal_id, gates in sorted(ensemble.compiled.portal_gates.items()):
        portal = ensemble.plan.portals[portal_id]
        sides = slice(2 * gates.start, 2 * gates.stop)
        passed = ensemble.side_passed[:, sides].sum(axis=1)
        peaks = ensemble.side_peak_queue[:, sides].reshape(-1, len(gates), 2)
        peak = peaks.sum(axis=1).max(axis=1)  # queues at the parts of an opening rise together
        waited = ensemble.side_queue_person_s[:, sides].sum(axis=1)
        doors[portal_id] = {
            "number": portal.exterior_no,
            "kind": portal.kind,
            "width_m": portal.width_m,
            "passed": float(passed.mean()),
            "passed_interval": interval(passed),
            "peak_queue": float(peak.mean()),
            "peak_queue_interval": interval(peak),
            "waiting_at_end": float(ensemble.side_waiting[:, sides].sum(axis=1).mean()),
            "queue_person_s": float(waited.mean()),
            "queue_person_s_interval": interval(waited),
        }
    return doors


def _rooms(ensemble: Ensemble) -> dict[str, Any]:
    rooms = {}
    people = ensemble.roster.people_in(len(ensemble.compiled.space_ids))
    for row in np.flatnonzero(people).tolist():
        space = ensemble.plan.spaces[ensemble.compiled.space_ids[row]]
        rooms[space.id] = {
            "number": space.number,
            "people": int(people[row]),
            "clear_s": timing(ensemble.room_clear_s(row)),
            "not_out": _not_out(ensemble, ensemble.roster.space == row),
        }
    return rooms


def _profiles(ensemble: Ensemble) -> dict[str, Any]:
    profiles: dict[str, Any] = {}
    for name in PROFILES:
        own = np.array([profile == name for profile in ensemble.roster.profile], dtype=np.bool_)
        if own.any():
            profiles[name] = {
                "people": int(own.sum()),
                "last_out_s": timing(ensemble.out_s[:, own].max(axis=1)),
                "not_out": _not_out(ensemble, own),
            }
    return profiles


def _not_out(ensemble: Ensemble, people: NDArray[np.bool_]) -> dict[str, float]:
    """Return the mean number of some people by final state, those who are out left out."""
    states = ensemble.final_state[:, people]
    means = {
        state: float((states == code).sum(axis=1).mean())
        for code, state in enumerate(FINAL_STATES)
        if state != "out"
    }
    return {state: mean for state, mean in means.items() if mean}


def _groups(ensemble: Ensemble) -> dict[str, Any]:
    return {
        group: {
            "people": int((ensemble.roster.group == k).sum()),
            "released_s": timing(ensemble.group_released_s[:, k]),
            "assembled_s": timing(ensemble.group_assembled_s[:, k]),
            "accounted_s": timing(ensemble.group_accounted_s[:, k]),
        }
        for k, group in enumerate(ensemble.roster.groups.ids)
    }


def _assistance(ensemble: Ensemble) -> dict[str, Any] | None:
    outcome, roster = ensemble.help, ensemble.roster
    people = outcome.people.tolist()
    if not people:
        return None
    wait_s, out_s = outcome.wait_s(), ensemble.out_s[:, people]
    waits = [FINAL_STATES.index(name) for name in ("waits_in_refuge", "waits_for_help")]
    waiting = np.isin(ensemble.final_state, waits).sum(axis=1)
    return {
        "people": {
            roster.person_ids[person]: {
                "profile": roster.profile[person],
                "space": ensemble.compiled.space_ids[int(roster.space[person])],
                "ways": way_shares(outcome, i),
                "waits_from_s": timing(outcome.waits_from_s[:, i]),
                "wait_s": timing(wait_s[:, i]),
                "help_s": timing(outcome.help_s[:, i]),
                "set_off_s": timing(outcome.set_off_s[:, i]),
                "out_s": timing(out_s[:, i]),
            }
            for i, person in enumerate(people)
        },
        "still_waiting": float(waiting.mean()),
        "longest_wait_s": timing(wait_s.max(axis=1)),
        "last_out_s": timing(out_s.max(axis=1)),
        "helpers": len(helpers_of(ensemble.scenario, roster)),
        "helpers_used": float(outcome.helpers_used.mean()),
        "helpers_at_once": float(outcome.helpers_at_once.mean()),
    }


def _responders(ensemble: Ensemble) -> dict[str, Any] | None:
    outcome, said = ensemble.responders, ensemble.scenario.responders
    if outcome is None:
        return None
    on_site = [unit.starts_in is not None for unit in said.units]
    units = {
        unit.name: {
            "people": unit.people,
            "on_site": on_site[i],
            "goes_to": unit.goes_to,
            "arrived_s": timing(outcome.arrived_s[:, i]),
            "entered_s": timing(outcome.entered_s[:, i]),
            "at_room_s": timing(outcome.at_room_s[:, i]),
            "half_of_rooms_s": timing(outcome.half_of_rooms_s[:, i]),
            "most_rooms_s": timing(outcome.most_rooms_s[:, i]),
        }
        for i, unit in enumerate(said.units)
    }
    rooms = {
        ensemble.compiled.space_ids[space]: {
            "reached_s": timing(outcome.reached_s[:, i]),
            "released_s": timing(outcome.released_s[:, i]),
        }
        for i, space in enumerate(outcome.space.tolist())
    }
    released = (outcome.to_release & np.isfinite(outcome.released_s)).sum(axis=1)
    rate = outcome.rooms_per_minute()
    return {
        "units": units,
        "first_entry_s": timing(outcome.first_entry_s(on_site)),
        "rooms": rooms,
        "rooms_to_release": float(outcome.to_release.sum(axis=1).mean()),
        "rooms_released": float(released.mean()),
        "release_from_s": timing(outcome.from_s),
        "last_release_s": timing(outcome.last_release_s()),
        "rooms_per_minute": {"mean": float(rate.mean()), "interval": interval(rate)},
    }


def _hazards(ensemble: Ensemble) -> list[dict[str, Any]]:
    outcome = ensemble.hazards
    if outcome is None:
        return []
    exposure, inside = outcome.exposure_person_s, outcome.inside_person_s
    return [
        {
            "kind": said.kind,
            "from_s": said.from_s,
            "until_s": number(said.until_s),
            "first_noticed_s": timing(outcome.first_noticed_s()[:, row]),
            "reported_s": timing(outcome.reported_s[:, row]),
            "exposure_person_s": timing(exposure[:, row].sum(axis=1)),
            "inside_person_s": timing(inside[:, row].sum(axis=1)),
            "rooms": {
                ensemble.compiled.space_ids[space]: timing(exposure[:, row, space])
                for space in outcome.spaces_of(row).tolist()
            },
        }
        for row, said in enumerate(ensemble.scenario.hazards)
    ]


def _movement(ensemble: Ensemble) -> dict[str, Any]:
    law = flow_law(ensemble.scenario.law, **ensemble.scenario.law_numbers)
    numbers = {name: getattr(law, name) for name in NUMBERS}
    return {
        "law": law.name,
        "speed_law": law.speed_law,
        "numbers": {k: "unlimited" if v == math.inf else v for k, v in numbers.items()},
        "sources": dict(law.sources),
    }
