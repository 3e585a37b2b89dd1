"""One drawing as one level: walls cleaned, doors found, rooms proposed in two ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from buildings.dxf_doors import DrawnDoor, closing_lines, find_doors, is_leaf, is_swing
from buildings.dxf_layers import LayerRoles, is_door_name, is_furniture_name
from buildings.dxf_records import Drawing, DrawnArc, DrawnLine, DrawnText, Vector
from buildings.dxf_rooms import (
    FoundRooms,
    RoomPair,
    pair_rooms,
    rooms_by_closing,
    rooms_by_lines,
)
from buildings.dxf_walls import noded, open_ends, wall_work
from buildings.import_report import ImportFault
from buildings.plan import Level

_LEAF_REACH_M: Final = 0.08


@dataclass(frozen=True, slots=True, eq=False)
class LevelWork:
    """What was found on one level, in metres.

    ``lines`` are the wall lines with the openings of doors closed, ``open_ends`` where one still
    ends in the open. ``exits`` are areas on exit layers.
    """

    level: Level
    drawing: Drawing
    lines: BaseGeometry
    open_ends: Vector
    doors: tuple[DrawnDoor, ...]
    loose_swings: Vector
    rooms: tuple[RoomPair, ...]
    by_lines: FoundRooms
    by_closing: FoundRooms
    exits: tuple[Polygon, ...]
    texts: tuple[DrawnText, ...]
    bridged: int
    copies: int
    leaves: int


def level_work(
    drawing: Drawing, roles: LayerRoles, level: Level, *, widest_gap_m: float
) -> LevelWork:
    """Find the doors and rooms of a drawing.

    Parameters
    ----------
    drawing : Drawing
        In metres, see `in_metres`.
    roles : LayerRoles
        What each layer is read for.
    level : Level
        The level that it draws.
    widest_gap_m : float
        The widest opening that closing closes.

    Raises
    ------
    ImportFault
        If the walls have too many pieces, or none.
    """
    swings = _swings(drawing, roles)
    taken = {number for number, _ in swings}
    walls = [line for line in drawing.lines if line.layer in roles.walls]
    straight = [line for line in walls if line.arc not in taken]
    doors = find_doors(swings, _strings(straight))
    used = {number for door in doors for number in door.arcs}
    walls = [line for line in walls if line.arc not in used]
    leaves = _leaves(walls, doors)
    walls = [line for k, line in enumerate(walls) if k not in leaves]
    pieces = [np.stack([line.points[:-1], line.points[1:]], axis=1) for line in walls]
    if not pieces:
        raise ImportFault(f"{drawing.name}: no wall lines left, expected walls")
    work = wall_work(np.concatenate(pieces), source=drawing.name)
    parts = [part for part in shapely.get_parts(work.lines) if isinstance(part, LineString)]
    if not parts:
        raise ImportFault(f"{drawing.name}: the wall lines have no length, expected walls")
    tree = STRtree(parts)
    closers = []
    for door in doors:
        near = tree.query(door.line, predicate="dwithin", distance=1.0)
        closers += closing_lines(door, [parts[int(k)] for k in sorted(near)], work.open_ends)
    lines = noded([work.lines, *closers]) if closers else work.lines
    solids = [
        Polygon(line.points)
        for line in walls
        if line.closed and line.layer in roles.solids and len(line.points) > 3
    ]
    solids = [solid.buffer(0) for solid in solids]
    openings = [door.line for door in doors]
    by_lines = rooms_by_lines(lines, solids, openings)
    by_closing = rooms_by_closing(lines, solids, openings, radius_m=widest_gap_m / 2)
    loose = [arc.centre for number, arc in swings if number not in used]
    return LevelWork(
        level=level,
        drawing=drawing,
        lines=lines,
        open_ends=open_ends(lines),
        doors=tuple(doors),
        loose_swings=np.array(loose, dtype=np.float64).reshape(-1, 2),
        rooms=tuple(pair_rooms(by_lines.rooms, by_closing.rooms)),
        by_lines=by_lines,
        by_closing=by_closing,
        exits=tuple(
            Polygon(line.points).buffer(0)
            for line in drawing.lines
            if line.layer in roles.exits and line.closed and len(line.points) > 3
        ),
        texts=tuple(text for text in drawing.texts if text.layer in roles.labels),
        bridged=work.bridged,
        copies=work.copies,
        leaves=len(leaves),
    )


def in_metres(drawing: Drawing, metres: float, shift: Vector) -> Drawing:
    """Return a drawing in metres, moved by a vector in metres."""
    return replace(
        drawing,
        lines=tuple(replace(line, points=line.points * metres + shift) for line in drawing.lines),
        arcs=tuple(
            replace(
                arc,
                centre=arc.centre * metres + shift,
                start=arc.start * metres + shift,
                end=arc.end * metres + shift,
                radius=arc.radius * metres,
            )
            for arc in drawing.arcs
        ),
        texts=tuple(
            replace(text, at=text.at * metres + shift, middle=text.middle * metres + shift)
            for text in drawing.texts
        ),
    )


def without_strays(drawing: Drawing, low: Vector, high: Vector) -> tuple[Drawing, int]:
    """Return a drawing without the lines, arcs and texts outside of a box, and how many they are.

    A line is outside if all of its points are.
    """
    lines = [
        line
        for line in drawing.lines
        if ((line.points >= low) & (line.points <= high)).all(axis=1).any()
    ]
    strays = len(drawing.lines) - len(lines)
    return replace(drawing, lines=tuple(lines)), strays


def _swings(drawing: Drawing, roles: LayerRoles) -> list[tuple[int, DrawnArc]]:
    """Return the arcs that may be door swings: on door layers or in door blocks, else anywhere."""
    seen = [
        (number, arc)
        for number, arc in enumerate(drawing.arcs)
        if arc.layer not in roles.hidden and is_swing(arc)
    ]
    named = [
        (number, arc) for number, arc in seen if arc.layer in roles.doors or is_door_name(arc.block)
    ]
    return named or [
        (number, arc)
        for number, arc in seen
        if not is_furniture_name(arc.layer) and not is_furniture_name(arc.block)
    ]


def _strings(lines: Sequence[DrawnLine]) -> list[LineString]:
    """Return the straight pieces of lines."""
    pieces = [np.stack([line.points[:-1], line.points[1:]], axis=1) for line in lines]
    return list(shapely.linestrings(np.concatenate(pieces))) if pieces else []


def _leaves(walls: Sequence[DrawnLine], doors: Sequence[DrawnDoor]) -> set[int]:
    """Return the numbers of lines that are open leaves of doors."""
    tree = STRtree([LineString(line.points) for line in walls])
    found: set[int] = set()
    for door in doors:
        for leaf in door.leaves:
            near = tree.query(leaf, predicate="dwithin", distance=_LEAF_REACH_M)
            found.update(int(k) for k in near if is_leaf(walls[int(k)].points, door))
    return found
