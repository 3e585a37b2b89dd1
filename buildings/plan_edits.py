"""Change one thing of a plan by one line, as in "what if this door were wider?"."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from shapely import LineString, Point
from shapely.affinity import scale, translate

from buildings.borders import InputError, did_you_mean
from buildings.checks_geometry import WIDTH_SLACK_M
from buildings.facts import with_stated
from buildings.plan import OUTSIDE, Fact, Plan, PlanPoint, Portal, Space
from buildings.plan_features import Feature

LONGEST_EDIT: Final = 500
CLEAR_OF_DOORS_M: Final = 0.05
"""A widened door keeps this far from every other door and window that it kept clear of before."""
CORNER_SLACK_M: Final = 0.002
"""How much farther from its walls the end of a widened line may lie than the line did."""

_KINDS: Final = {Space: "spaces", Portal: "portals", PlanPoint: "points"}


def edited(plan: Plan, edits: Sequence[str]) -> Plan:
    """Apply edits to a plan, one after the other.

    Parameters
    ----------
    plan : Plan
        Left as it is.
    edits : sequence of str
        ``set ID KEY=VALUE ...`` (an empty value takes the key away), ``widen DOOR METRES``,
        ``close DOOR`` (walled up: the door is gone), ``move ID DX DY`` in metres.

    Returns
    -------
    Plan
        With the edits applied and named in ``sources``, after the plan they were applied to. A
        fact that states what an edit changes is changed with it.

    Raises
    ------
    InputError
        If an edit cannot be read, speaks of an id, key or value that does not exist, or draws a
        door out of its wall.
    """
    record = f"variant of {plan.id} version {plan.version}, sha256 {plan.sha256}"
    sources = [*plan.sources, record]
    for text in edits:
        plan = _applied(plan, text)
        sources.append(f"edit: {text}")
    return replace(plan, sources=tuple(sources), sha256="")


def _applied(plan: Plan, text: str) -> Plan:
    if len(text) > LONGEST_EDIT:
        raise InputError(f"edit of {len(text)} letters, expected at most {LONGEST_EDIT}")
    try:
        verb, *words = shlex.split(text)
    except ValueError as error:
        known = ", ".join(_VERBS)
        why = f" ({error})" if text.strip() else ""
        raise InputError(f"edit {text!r}: cannot be read{why}, expected one of {known}") from None
    if verb not in _VERBS:
        hint = did_you_mean(verb, _VERBS) or f", expected one of {', '.join(_VERBS)}"
        raise InputError(f"edit {text!r}: unknown verb {verb!r}{hint}")
    usage, count, apply = _VERBS[verb]
    if len(words) < count or (len(words) > count and verb != "set"):
        raise InputError(f"edit {text!r}: expected {usage}")
    return apply(plan, text, words)


def _set(plan: Plan, text: str, words: list[str]) -> Plan:
    feature = _find(plan, text, words[0], (Space, Portal, PlanPoint))
    said = {}
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if not equals or not key or key in said:
            raise InputError(f"edit {text!r}: {word!r}, expected KEY=VALUE, each key once")
        said[key] = value
    stated = [Fact(feature.id, key, value, "", "") for key, value in said.items()]
    kind = _KINDS[type(feature)]
    changed, faults = with_stated(feature, kind, stated, f"edit {text!r}")
    if faults:
        raise InputError("\n".join(faults))
    facts = tuple(
        replace(fact, value=said[fact.key], source=f"edit: {text}")
        if fact.id == feature.id and fact.key in said
        else fact
        for fact in plan.facts
    )
    return _with(replace(plan, facts=facts), changed)


def _widen(plan: Plan, text: str, words: list[str]) -> Plan:
    portal = _find(plan, text, words[0], (Portal,))
    width = _metres(text, words[1])
    if not 0.0 < width <= 100.0:
        raise InputError(f"edit {text!r}: width {words[1]}, expected more than 0 and at most 100 m")
    length = float(portal.line.length)
    drawn_clear = abs(length - portal.width_m) <= WIDTH_SLACK_M
    wanted = width if drawn_clear else max(length, width)
    factor = wanted / length
    middle = portal.line.interpolate(0.5, normalized=True)
    line = scale(portal.line, factor, factor, origin=middle)
    _stays_in_the_wall(plan, text, portal, line)
    stated = [f for f in plan.facts if f.id == portal.id and f.key == "width"]
    if stated:
        new = replace(stated[0], value=f"{width:g}", source=f"edit: {text}")
        facts = tuple(new if fact is stated[0] else fact for fact in plan.facts)
        plan = replace(plan, facts=facts)
    return _with(plan, replace(portal, width_m=width, line=line))


def _stays_in_the_wall(plan: Plan, text: str, portal: Portal, line: LineString) -> None:
    """Refuse a line that runs past the end of a wall it lies in, or into another door."""
    for id_ in (portal.from_space, portal.to_space):
        if id_ == OUTSIDE:
            continue
        wall = plan.spaces[id_].polygon
        before = max(wall.distance(Point(xy)) for xy in portal.line.coords)
        after = max(wall.distance(Point(xy)) for xy in line.coords)
        if after > before + CORNER_SLACK_M:
            raise InputError(
                f"edit {text!r}: a line of {line.length:.2f} m about the middle of {portal.id} "
                f"runs past the end of its wall at {id_}; move it first, or choose less"
            )
    for other in plan.portals.values():
        if other.id == portal.id or other.level != portal.level:
            continue
        near = line.distance(other.line)
        if near < CLEAR_OF_DOORS_M <= portal.line.distance(other.line):
            raise InputError(
                f"edit {text!r}: a line of {line.length:.2f} m about the middle of {portal.id} "
                f"comes within {near:.2f} m of {other.kind} {other.id}, expected at least "
                f"{CLEAR_OF_DOORS_M} m"
            )


def _close(plan: Plan, text: str, words: list[str]) -> Plan:
    portal = _find(plan, text, words[0], (Portal,))
    left = {id_: other for id_, other in plan.portals.items() if id_ != portal.id}
    points = {
        id_: replace(point, controls=None) if point.controls == portal.id else point
        for id_, point in plan.points.items()
    }
    return replace(
        plan,
        portals=MappingProxyType(left),
        points=MappingProxyType(points),
        facts=tuple(
            fact
            for fact in plan.facts
            if fact.id != portal.id and (fact.key, fact.value) != ("controls", portal.id)
        ),
    )


def _move(plan: Plan, text: str, words: list[str]) -> Plan:
    feature = _find(plan, text, words[0], (Space, Portal, PlanPoint))
    dx, dy = (_metres(text, word) for word in words[1:])
    if isinstance(feature, Space):
        return _with(plan, replace(feature, polygon=translate(feature.polygon, dx, dy)))
    if isinstance(feature, Portal):
        return _with(plan, replace(feature, line=translate(feature.line, dx, dy)))
    return _with(plan, replace(feature, point=translate(feature.point, dx, dy)))


def _find(plan: Plan, text: str, id_: str, kinds: tuple[type, ...]) -> Any:
    known: dict[str, Feature] = {}
    for kind in kinds:
        known |= getattr(plan, _KINDS[kind])
    if id_ not in known:
        what = "door, opening or window" if kinds == (Portal,) else "space, portal or point"
        raise InputError(f"edit {text!r}: no {what} {id_!r}{did_you_mean(id_, known)}")
    return known[id_]


def _with(plan: Plan, feature: Feature) -> Plan:
    kind = _KINDS[type(feature)]
    features: Mapping[str, Any] = {**getattr(plan, kind), feature.id: feature}
    changed: dict[str, Any] = {kind: MappingProxyType(dict(features))}
    return replace(plan, **changed)


def _metres(text: str, word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"edit {text!r}: {word!r}, expected a number of metres")
    return value


_VERBS: Final[Mapping[str, tuple[str, int, Callable[[Plan, str, list[str]], Plan]]]] = {
    "set": ("set ID KEY=VALUE [KEY=VALUE ...]", 2, _set),
    "widen": ("widen DOOR METRES", 2, _widen),
    "close": ("close DOOR", 1, _close),
    "move": ("move ID DX DY (metres)", 3, _move),
}
