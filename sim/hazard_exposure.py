"""How long people were in a hazard's region, or in line of sight of an unsecured opening to it.

Exposure is counted in person-seconds for each room, from the times of a finished run. It is a
matter of place and sight only; nothing follows from it for anybody's health.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from buildings import CompiledCorners, CompiledPlan
from buildings.compiled_corners import APERTURE_DOORWAY, APERTURE_GLASS, APERTURE_OPENING
from sim.hazards import Hazard
from sim.stays import Stays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ANYWHERE = -1
"""Standing place of somebody who walks about in a room: seen through any of its openings."""


class Pieces(NamedTuple):
    """Where in a room somebody stood from when until when; one row for each time."""

    space: Ints
    slot: Ints  # standing place of the compiled plan, or ANYWHERE in the room
    from_s: Floats
    until_s: Floats


class Views(NamedTuple):
    """When an opening of a room gives a view onto a region; one row for each span."""

    aperture: Ints  # of the compiled corners
    from_s: Floats
    until_s: Floats


def seconds_in_region(
    compiled: CompiledPlan, hazard: Hazard, stays: Stays
) -> tuple[Floats, Floats]:
    """Return person-seconds in the region, and elsewhere in the spaces that it lies in.

    Both for each space, shape (S',), during the span of the hazard. That everybody in one space
    sees all of it is a simplification: in a corridor with a corner it counts too much.
    """
    n_spaces = len(compiled.space_ids)
    space = np.append(compiled.cell_space, -1)[stays.cell]
    inside = np.append(hazard.in_region(compiled), False)[stays.cell]
    shares = np.isin(space, _spaces_of(compiled, hazard)) & ~inside
    overlap = np.clip(
        np.minimum(stays.until_s, hazard.until_s) - np.maximum(stays.from_s, hazard.from_s),
        0.0,
        None,
    )
    there, beside = inside & (space >= 0), shares & (space >= 0)
    found = np.zeros((2, n_spaces))
    for row, who in enumerate((there, beside)):
        np.add.at(found[row], space[who], overlap[who])
    return found[0], found[1]


def seconds_in_view(
    compiled: CompiledPlan,
    corners: CompiledCorners,
    pieces: Pieces,
    views: Views,
    *,
    from_s: float,
    until_s: float,
) -> Floats:
    """Return person-seconds in line of sight of any opening while it gives a view, shape (S',).

    Somebody whom several openings show at once counts once.

    Parameters
    ----------
    compiled, corners
    pieces : Pieces
        Where people stood.
    views : Views
        When openings are not secured, for openings onto the region.
    from_s, until_s : float
        The span that is looked at; ``until_s`` may be inf if all pieces end before.
    """
    found = np.zeros(len(compiled.space_ids))
    room_of_view = corners.aperture_space[views.aperture]
    for room in np.unique(room_of_view).tolist():
        own = np.flatnonzero(room_of_view == room)
        mine = np.flatnonzero(pieces.space == room)
        if not len(mine):
            continue
        begin = np.maximum(pieces.from_s[mine], from_s)
        end = np.minimum(pieces.until_s[mine], until_s)
        cuts = np.concatenate([views.from_s[own], views.until_s[own], [from_s, until_s]])
        cuts = np.unique(np.clip(cuts, from_s, until_s))
        gives = (views.from_s[own][:, None] <= cuts[:-1]) & (
            views.until_s[own][:, None] > cuts[:-1]
        )
        local = np.maximum(pieces.slot[mine] - int(compiled.slot_space_start[room]), 0)
        seen = np.column_stack(
            [
                (pieces.slot[mine] == ANYWHERE) | corners.seen_through(aperture)[local]
                for aperture in views.aperture[own].tolist()
            ]
        )
        in_view = (seen.astype(np.int64) @ gives.astype(np.int64)) > 0
        overlap = np.minimum(end[:, None], cuts[1:]) - np.maximum(begin[:, None], cuts[:-1])
        found[room] = (np.clip(overlap, 0.0, None) * in_view).sum()
    return found


def views_onto(
    compiled: CompiledPlan,
    corners: CompiledCorners,
    hazard: Hazard,
    *,
    open_spans: dict[int, list[tuple[float, float]]],
    covered_s: Floats,
) -> Views:
    """Return when openings of rooms give a view onto a region that lies directly beyond.

    A doorway while its door stands open; the glass of a door while it is closed, and a window, both
    until they are covered; an opening without a door always. A door or opening looks onto the cell
    just beyond it, a window onto the whole space.

    Parameters
    ----------
    compiled, corners, hazard
    open_spans : mapping of gate to spans
        When doors stand open; gates that never do may be left out.
    covered_s : ndarray, shape (S',)
        When the covers of each room are drawn; inf never.
    """
    inside, spaces = hazard.in_region(compiled), _spaces_of(compiled, hazard)
    gate = corners.aperture_gate
    beyond = np.isin(corners.aperture_beyond, spaces)
    for end in (0, 1):
        far = compiled.side_cell[2 * np.maximum(gate, 0) + end]
        other = compiled.cell_space[far] != corners.aperture_space
        beyond = np.where((gate >= 0) & other, inside[far], beyond)
    beyond &= ~np.isin(corners.aperture_space, spaces)
    rows: list[tuple[int, float, float]] = []
    for aperture in np.flatnonzero(beyond).tolist():
        kind = int(corners.aperture_kind[aperture])
        spans = open_spans.get(int(gate[aperture]), [])
        if kind == APERTURE_OPENING:
            rows.append((aperture, 0.0, np.inf))
        elif kind == APERTURE_DOORWAY:
            rows += [(aperture, first, last) for first, last in spans]
        else:
            covered = float(covered_s[corners.aperture_space[aperture]])
            until = covered if corners.aperture_coverable[aperture] else np.inf
            until = 0.0 if corners.aperture_covered[aperture] else until
            shut = _between(spans) if kind == APERTURE_GLASS else [(0.0, np.inf)]
            rows += [(aperture, a, min(b, until)) for a, b in shut if a < until]
    return Views(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
    )


def _spaces_of(compiled: CompiledPlan, hazard: Hazard) -> Ints:
    return np.unique(compiled.cell_space[list(hazard.cells)])


def _between(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the times that are in none of some spans, which are in order and apart.

    Examples
    --------
    >>> _between([(0.0, 5.0), (9.0, float("inf"))])
    [(5.0, 9.0)]
    >>> _between([])
    [(0.0, inf)]
    """
    ends = [0.0, *(at for span in spans for at in span), np.inf]
    return [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if a < b]
