"""Where on the plan each message of an import is to be looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from buildings.import_report import ImportMessage, ImportReport, Place
from buildings.plan import Plan

MOST_PLACES: Final = 24
"""A message about more things than this speaks of the building, not of places in it."""


def located(report: ImportReport, plan: Plan) -> ImportReport:
    """Return a report whose errors and warnings say where the things are that they speak of.

    A message that knows its places keeps them, but for those on levels that the plan does not
    have. An error or a warning without places gets those of its subjects in the plan, if they are
    24 at most: the middle of a door, a point inside a room. Notes get none.
    """
    levels = {level.id for level in plan.levels}
    return replace(report, messages=tuple(_located(m, plan, levels) for m in report.messages))


def _located(message: ImportMessage, plan: Plan, levels: set[str]) -> ImportMessage:
    places = message.places
    if not places and message.severity != "note":
        found = [_place_of(subject, plan) for subject in message.subjects]
        places = tuple(dict.fromkeys(place for place in found if place is not None))
    places = tuple(place for place in places if place.level in levels)
    return replace(message, places=places if len(places) <= MOST_PLACES else ())


def _place_of(subject: str, plan: Plan) -> Place | None:
    """Return the place of a space or a portal; None if the plan does not have it."""
    if subject in plan.portals:
        portal = plan.portals[subject]
        return Place.inside(portal.level, portal.line.interpolate(0.5, normalized=True))
    if subject in plan.spaces:
        return Place.inside(plan.spaces[subject].level, plan.spaces[subject].polygon)
    return None
