"""Which standing places of a room are looked at, and through which door, glass or window."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from buildings.apertures import Aperture, SightRules, covered, room_apertures
from buildings.compiled import Floats, Ints
from buildings.compiled_corners import Flags
from buildings.hard_corner import SIGHT_MARGIN_M, HardCorner, RoomView
from buildings.person_area import People
from buildings.plan import Plan, Space


@dataclass(frozen=True, slots=True, eq=False)
class RoomSight:
    """A room looked into through everything that can be open.

    ``apertures`` are ordered by portal and kind; ``through`` says for each of them which places
    are seen while it is not covered, shape (apertures, places). ``default`` and ``drawn`` are the
    hard corners with doors closed and covers as usual, and with every cover drawn.
    """

    apertures: tuple[Aperture, ...]
    through: Flags
    default: HardCorner
    drawn: HardCorner

    @property
    def seen_open(self) -> Flags:
        """Places seen with doors open and covers as usual; what glass shows stays seen."""
        return self._seen([not a.covered for a in self.apertures])

    @property
    def seen_closed(self) -> Flags:
        """Places seen with doors closed and covers as usual."""
        return self._seen([not a.covered and a.kind != "open door" for a in self.apertures])

    @property
    def seen_covered(self) -> Flags:
        """Places seen with doors closed and every cover drawn."""
        return self._seen(self._never_covered())

    @property
    def seen_covered_by(self) -> Ints:
        """Through how many apertures each place is seen with doors closed and covers drawn."""
        return np.asarray(self.through[self._never_covered()].sum(axis=0), dtype=np.int64)

    def _never_covered(self) -> list[bool]:
        return [not has_cover(a) and a.kind != "open door" for a in self.apertures]

    def _seen(self, looking: list[bool]) -> Flags:
        return np.asarray(self.through[looking].any(axis=0), dtype=np.bool_)


def has_cover(aperture: Aperture) -> bool:
    """Say whether something hangs at an aperture that can be drawn: a blind, film or paper."""
    return aperture.can_be_covered and aperture.cover in ("blind", "film", "paper")


def look_into(plan: Plan, room: Space, places: Floats, rules: SightRules) -> RoomSight:
    """Look into a room through its doors, glass, windows and openings, each of them once.

    Parameters
    ----------
    plan : Plan
        The building.
    room : Space
        One of its spaces.
    places : ndarray, shape (n, 2)
        Standing places in it.
    rules : SightRules
        Depth of glass and whether upper windows count; doors closed, covers as found.
    """
    view = RoomView(plan, room, People(), rules)
    found = view.found.apertures
    opened = room_apertures(plan, room, replace(rules, doors="open")).apertures
    doorways = [aperture for aperture in opened if aperture.kind == "open door"]
    apertures = sorted((*found, *doorways), key=lambda a: (a.portal_id, a.kind, a.id))
    through = np.zeros((len(apertures), len(places)), dtype=bool)
    for row, aperture in enumerate(apertures):
        seen = view.seen(aperture).buffer(SIGHT_MARGIN_M, quad_segs=4)
        shapely.prepare(seen)
        through[row] = shapely.intersects_xy(seen, places)
    default = view.corner()
    drawn = default
    if any(has_cover(a) and not a.covered for a in found):
        drawn = view.corner([covered(a) if has_cover(a) else a for a in found])
    return RoomSight(tuple(apertures), through, default, drawn)
