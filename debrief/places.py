"""What people write for a place, found again in the plan: ids, plates, door numbers, aliases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from buildings import Plan, did_you_mean
from debrief.drill_log import BUILDING, Place

WHOLE_BUILDING = frozenset({"", "pa", "all", "building", "whole building", "school"})
"""Words (in lower case) for an observation about everybody."""


@dataclass(frozen=True, slots=True)
class PlaceBook:
    """Every word that names a place of one plan."""

    places: Mapping[str, Place]

    @classmethod
    def of(cls, plan: Plan, aliases: Mapping[str, str]) -> PlaceBook:
        """Collect ids, room numbers, exterior door numbers, and the drill's own aliases.

        A word that two places share names neither. Aliases come last and must name a place.
        """
        found: dict[str, list[Place]] = {}

        def add(word: str | None, place: Place) -> None:
            if word:
                entries = found.setdefault(word.strip().lower(), [])
                if place not in entries:
                    entries.append(place)

        for space in plan.spaces.values():
            kind = "assembly" if space.kind == "assembly" else "room"
            place = Place(kind, space.id, space.label)  # type: ignore[arg-type]
            add(space.id, place)
            add(space.number, place)
            if kind == "assembly":
                add(space.name, place)
        for portal in plan.portals.values():
            if portal.leads_outside and portal.kind != "window":
                label = f"exit {portal.exterior_no}" if portal.exterior_no else portal.id
                place = Place("exit", portal.id, label)
                add(portal.id, place)
                if portal.exterior_no:
                    add(f"exit {portal.exterior_no}", place)
                    add(f"door {portal.exterior_no}", place)
            else:
                add(portal.id, Place("door", portal.id, portal.id))
        places = {word: entries[0] for word, entries in found.items() if len(entries) == 1}
        for word, target in aliases.items():
            if target.strip().lower() in places:
                places[word.strip().lower()] = places[target.strip().lower()]
        return cls(places)

    def find(self, word: str) -> Place | None:
        """Return the place that a word names, None if it names none."""
        key = word.strip().lower()
        return BUILDING if key in WHOLE_BUILDING else self.places.get(key)

    def hint(self, word: str) -> str:
        """Return a suggestion for a word that names no place."""
        return did_you_mean(word.strip().lower(), self.places)
