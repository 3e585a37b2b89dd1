"""What an ensemble with announced actions answers: rooms, people and halls with their spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scenarios.protocol_endings import accounted, relocated, reunified
from scenarios.protocol_outcome import ProtocolOutcome
from scenarios.protocol_said import protocol_defaults
from scenarios.protocol_shelter import sheltered
from scenarios.spread import spread, timing
from scenarios.unsecured_rooms import REASONS, main_reason, reasons
from sim import Distribution, protocols
from sim.protocols import MARKS_S, PLACE_KINDS, SHARES, PersonState

if TYPE_CHECKING:
    from scenarios.ensemble import Ensemble

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def protocol_summary(ensemble: Ensemble) -> dict[str, Any] | None:
    """Return the part of ``summary.json`` on announced actions; None for plain evacuations."""
    outcome = ensemble.protocol
    if outcome is None:
        return None
    counted, step = outcome.counted, max(outcome.aim_step, 0)
    codes = reasons(outcome)
    believed = counted & (codes == REASONS.index("believed_locked"))
    clearance = outcome.hall_clearance_s(ensemble.roster, ensemble.left_room_s, ensemble.out_s)
    times = outcome.rooms.of(counted)
    aim = outcome.aim
    return {
        "aim": None if aim is None else aim.name.lower(),
        "t0": f"announcement of step {step + 1}, {outcome.actions[step].name.lower()}",
        "steps": _steps(outcome),
        "rooms": spread(counted.sum(axis=1)),
        "times": {
            "n_observed": times.n_observed,
            "n_censored": times.n_censored,
            "n_missing": times.n_missing,
            "unit": "s",
            "t0": "announcement",
        },
        "done_by": [_done_by(outcome, at_s) for at_s in MARKS_S],
        "time_to_share_s": {
            f"p{100 * share:.0f}": timing(_known(outcome.time_to_share(share))) for share in SHARES
        },
        "all_done": float((outcome.n_not_done == 0).mean()),
        "not_done": {
            reason: spread((codes == code).sum(axis=1))
            for code, reason in enumerate(REASONS)
            if code and (codes == code).any()
        },
        "believed_locked": spread(believed.sum(axis=1)),
        "hall_clearance_s": timing(clearance),
        "stranded": _stranded(ensemble, outcome),
        "in_sight": _in_sight(ensemble, outcome) if outcome.is_lockdown else None,
        "exterior_doors": _exterior_doors(ensemble, outcome),
        "shelter": sheltered(ensemble, outcome),
        "latency": _latency(outcome, step),
        "alert": _alert(outcome),
        "accounted": accounted(ensemble, outcome),
        "relocated": relocated(ensemble, outcome),
        "reunified": reunified(ensemble, outcome),
        "people_states": _people_states(outcome),
        "per_room": _per_room(ensemble, outcome, codes),
    }


def _known(times_s: Floats) -> Floats:
    """Return times with inf where there is no room at all."""
    return np.where(np.isnan(times_s), np.inf, times_s)


def _steps(outcome: ProtocolOutcome) -> list[dict[str, Any]]:
    announced = outcome.times.announced_s
    return [
        {
            "action": action.name.lower(),
            "planned_s": outcome.planned_s[step],
            "announced_s": timing(announced[:, step]),
            "announced": float(np.isfinite(announced[:, step]).mean()),
        }
        for step, action in enumerate(outcome.actions)
    ]


def _done_by(outcome: ProtocolOutcome, at_s: float) -> dict[str, Any]:
    at = np.array([at_s])
    low, high = (bound[:, 0] for bound in outcome.share_by(at))
    people, _ = (bound[:, 0] for bound in outcome.share_by(at, of_people=True))
    return {
        "at_s": at_s,
        "rooms": spread(outcome.rooms_by(at_s)),
        "share_of_rooms": spread(np.nan_to_num(low)),
        "share_of_people": spread(np.nan_to_num(people)),
        "share_low": float(np.nan_to_num(low).mean()),
        "share_high": float(np.nan_to_num(high).mean()),
    }


def _stranded(ensemble: Ensemble, outcome: ProtocolOutcome) -> list[dict[str, Any]]:
    if outcome.aim is None:
        return []
    counts = outcome.stranded(
        np.array(MARKS_S), ensemble.roster, ensemble.left_room_s, ensemble.out_s
    )
    return [
        {
            "at_s": at_s,
            "people": spread(counts[:, n].sum(axis=1)),
            "by_place": {
                kind: float(counts[:, n, code].mean()) for code, kind in enumerate(PLACE_KINDS)
            },
        }
        for n, at_s in enumerate(MARKS_S)
    ]


def _in_sight(ensemble: Ensemble, outcome: ProtocolOutcome) -> dict[str, Any]:
    sight = outcome.times.in_sight_s
    until = "shares.in_sight_until_s"
    number = ensemble.scenario.protocol.numbers.get(until, protocol_defaults()[until][0])
    return {
        "per_person_s": spread(outcome.sight_per_person_s()),
        "person_s": spread(sight.sum(axis=1)),
        "never": spread((sight <= 0).mean(axis=1) if sight.shape[1] else np.zeros(len(sight))),
        "until_s": float(number.ppf(0.5) if isinstance(number, Distribution) else number),
    }


def _exterior_doors(ensemble: Ensemble, outcome: ProtocolOutcome) -> dict[str, Any] | None:
    """Return how many exterior doors are locked, and when the last of them is; None: no secure."""
    exits = ensemble.compiled.exit_gates
    if protocols.Action.SECURE not in outcome.actions or not len(exits):
        return None
    announced = outcome.times.announced_s[:, outcome.actions.index(protocols.Action.SECURE)]
    locked_s = outcome.times.door_locked_s[:, exits] - announced[:, None]
    locked_s = np.where(np.isfinite(locked_s), np.maximum(locked_s, 0.0), -np.inf)
    last = locked_s.max(axis=1)
    return {
        "number": len(exits),
        "locked": spread(np.isfinite(locked_s).sum(axis=1)),
        "last_s": timing(np.where(np.isfinite(last), last, np.inf)),
    }


def _latency(outcome: ProtocolOutcome, step: int) -> dict[str, Any]:
    heard = np.where(outcome.counted, outcome.times.room_heard_s, np.nan)
    after = heard - outcome.zero_s[:, None]
    ordered = np.sort(np.where(np.isnan(after), -np.inf, after), axis=1)
    number = outcome.counted.sum(axis=1)
    width = after.shape[1]
    rows = np.arange(len(after))
    some = number > 0
    middle = np.clip(width - number + (number - 1) // 2, 0, width - 1)
    last = ordered[:, -1]
    return {
        "announced_after_s": timing(outcome.times.announced_s[:, step] - outcome.planned_s[step]),
        "median_room_hears_after_s": timing(np.where(some, ordered[rows, middle], np.inf)),
        "last_room_hears_after_s": timing(np.where(some, last, np.inf)),
        "rooms_never_hear": spread((outcome.counted & ~np.isfinite(heard)).sum(axis=1)),
    }


def _alert(outcome: ProtocolOutcome) -> dict[str, Any] | None:
    alert = outcome.times.alert_s
    if not np.isfinite(alert).any():
        return None
    return {
        name: timing(alert[:, n]) for n, name in enumerate(("alerted_s", "answered_s", "sent_s"))
    }


def _people_states(outcome: ProtocolOutcome) -> dict[str, float]:
    states = outcome.times.person_state
    counts = {
        state.name.lower(): float((states == state).sum(axis=1).mean()) for state in PersonState
    }
    return {name: mean for name, mean in counts.items() if mean}


def _per_room(ensemble: Ensemble, outcome: ProtocolOutcome, codes: Ints) -> dict[str, Any]:
    facts, roster, times = outcome.facts, ensemble.roster, outcome.times
    low, _ = protocols.corner_coverage(facts.capacity_low, facts.people)
    high, _ = protocols.corner_coverage(facts.capacity_high, facts.people)
    _, shortfall = protocols.corner_coverage(facts.places, facts.people)
    rooms: dict[str, Any] = {}
    for row in np.flatnonzero(outcome.counted.any(axis=0)).tolist():
        space = ensemble.plan.spaces[ensemble.compiled.space_ids[row]]
        own = codes[outcome.counted[:, row], row]
        people = roster.space == row
        sight = times.in_sight_s[:, people]
        rooms[space.id] = {
            "number": space.number,
            "people": int(facts.people[row]),
            "done_s": timing(outcome.rooms.hi_s[outcome.counted[:, row], row]),
            "done": float((own == 0).mean()),
            "reasons": {
                REASONS[code]: float((own == code).mean())
                for code in np.unique(own[own > 0]).tolist()
            },
            "reason": main_reason(own) or None,
            "believed_locked": float((own == REASONS.index("believed_locked")).mean()),
            "places_out_of_sight": int(facts.places[row]),
            "coverage_low": float(low[row]),
            "coverage_high": float(high[row]),
            "shortfall": int(shortfall[row]),
            "visible": float(times.room_visible[:, row].mean()),
            "in_sight_s": float(sight.mean()) if sight.size else 0.0,
        }
    return rooms
