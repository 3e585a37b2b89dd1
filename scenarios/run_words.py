"""What is special about a run, in the few lines that a person reads first."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from buildings import CompiledPlan, Plan
from scenarios.find_place import door_called
from scenarios.orders import Ordered
from scenarios.profiles import PROFILES
from scenarios.scenario import FamiliarExit, Scenario
from sim import Roster

ORDERS_SHOWN: Final = 8
RULES: Final = {"nearest": "the nearest exit", "locally_quickest": "the locally quickest way"}


def minutes(seconds: float | None) -> str:
    """Return seconds as minutes and seconds.

    Examples
    --------
    >>> minutes(125.4), minutes(59.96), minutes(None)
    ('2:05', '1:00', 'not reached')
    """
    if seconds is None:
        return "not reached"
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def between(interval: list[float | None]) -> str:
    """Return an interval of times.

    Examples
    --------
    >>> between([63.0, 75.0]), between([63.0, None]), between([None, None])
    ('1:03 to 1:15', '1:03 to not reached', 'not reached')
    """
    low, high = interval
    if low is None and high is None:
        return minutes(None)
    return f"{minutes(low)} to {minutes(high)}"


def number_between(entry: dict[str, Any], digits: int = 1) -> str:
    """Return a mean with its interval: ``7.9 (6 to 9)``.

    Examples
    --------
    >>> number_between({"mean": 7.94, "interval": [6.0, 9.0]})
    '7.9 (6 to 9)'
    """
    low, high = entry["interval"]
    return f"{entry['mean']:.{digits}f} ({low:.0f} to {high:.0f})"


def order_words(plan: Plan, compiled: CompiledPlan, ordered: Ordered) -> list[str]:
    """Return a line for each door that changes and each direction, in order of time.

    Examples
    --------
    A line reads ``1:00 door 4 (P-STA-L1-B) closed, known to west-1, 101``.
    """
    lines: list[tuple[float, str]] = []
    for change, (door, *_) in ordered.doors:
        name = door_called(plan.portals[compiled.gate_portal[door.gate]])
        told = f"known to {', '.join(change.known_to)}" if change.known_to else "known on sight"
        lines.append((door.at_s, f"door {name} {change.state}, {told}"))
    for said, direction in ordered.directions:
        who = f"people in {', '.join(said.rooms)}" if said.rooms else "everybody inside"
        where = "choose their exit again"
        if direction.exit_gate >= 0:
            portal = plan.portals[compiled.gate_portal[direction.exit_gate]]
            where = f"are sent to exit {door_called(portal)}"
        lines.append((direction.at_s, f"{who} {where}"))
    return [f"{minutes(at_s)} {words}" for at_s, words in sorted(lines, key=lambda line: line[0])]


def shown(lines: list[str], most: int = ORDERS_SHOWN) -> list[str]:
    """Return the first lines, and how many more there are."""
    rest = len(lines) - most
    return lines if rest <= 0 else [*lines[:most], f"and {rest} more"]


def choice_words(scenario: Scenario) -> str:
    """Return how people choose their exit, empty where all take the nearest."""
    said = scenario.exit_choice
    parts = []
    if said.rule != "nearest":
        parts.append(f"people take {RULES[said.rule]}")
    if said.at_closed_door == "wait":
        parts.append("people wait at a closed door")
    if said.familiar is not None:
        parts.append(_knows(" and ".join(said.familiar_roles) or "people", said.familiar))
    for role, own in said.by_role.items():
        if own.rule is not None:
            parts.append(f"{role}: {RULES[own.rule]}")
        if own.at_closed_door is not None:
            parts.append(f"{role}: {own.at_closed_door} at a closed door")
        if isinstance(own.familiar, FamiliarExit):
            parts.append(_knows(role, own.familiar))
        elif own.familiar is not None:
            parts.append(f"{role}: no familiar exit")
    return "; ".join(parts)


def _knows(who: str, familiar: FamiliarExit) -> str:
    return f"{who}: {familiar.share:.0%} take exit {familiar.exit}, which they know"


def mobility_words(roster: Roster) -> str:
    """Return how many people have a mobility profile, empty where nobody has.

    Examples
    --------
    It reads ``1 stick, 2 wheelchair``.
    """
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in profile_counts(roster).items())


def profile_counts(roster: Roster) -> dict[str, int]:
    """Return the number of people by mobility profile, those who walk unimpaired left out."""
    counts = Counter(roster.profile)
    return {name: counts[name] for name in PROFILES if counts[name]}
