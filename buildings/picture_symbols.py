"""Drawn signs of a floor plan: door swings, windows, stairs, lifts, hatching, devices."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from buildings.picture_style import FONT, INK, POINT_MARKS, SOFT_INK, Hatch
from buildings.picture_walls import Opening
from buildings.plan import PlanPoint, Space

Polyline: TypeAlias = list[tuple[float, float]]

DOUBLE_LEAF_M: Final = 1.3
"""A door wider than this is drawn with two leaves unless the plan says how many it has."""
_ARC_STEPS: Final = 16
_TREAD_GAP_PT: Final = 1.7


@dataclass(frozen=True, slots=True)
class DoorSign:
    """The strokes of one portal: leaves (heavy), arcs and window panes (light), swept floor."""

    leaves: tuple[Polyline, ...] = ()
    arcs: tuple[Polyline, ...] = ()
    dashes: tuple[Polyline, ...] = ()
    swept: tuple[Polygon, ...] = ()


def door_sign(opening: Opening) -> DoorSign:
    """Return the strokes for a door, an opening or a window.

    A leaf is drawn open at a right angle with the quarter circle it sweeps. Where the plan does
    not say how a door swings, its leaf is drawn closed; a swinging leaf without a known hinge
    side is drawn with its hinge at the left, seen from ``from``.
    """
    portal = opening.portal
    if portal.kind == "virtual":
        return DoorSign()
    if portal.kind == "window":
        return _window(opening)
    if portal.kind == "opening":
        faces = (opening.near_m, opening.far_m)
        return DoorSign(dashes=tuple([opening.at(0, m), opening.at(1, m)] for m in faces))
    leaves = portal.leaves or (2 if portal.width_m > DOUBLE_LEAF_M else 1)
    middle_m = (opening.near_m + opening.far_m) / 2
    if portal.swing == "slide":
        return DoorSign(leaves=tuple(_sliding(opening, leaves, middle_m)))
    if portal.swing is None:
        return DoorSign(leaves=([opening.at(0, middle_m), opening.at(1, middle_m)],))
    ways = {"in": (-1,), "out": (1,), "both": (-1, 1)}[portal.swing]
    hinges = (0.0, 1.0) if leaves == 2 else ((1.0,) if portal.hinge == "right" else (0.0,))
    strokes = [_leaf(opening, hinge, way, leaves) for way in ways for hinge in hinges]
    return DoorSign(
        leaves=tuple(leaf for leaf, _ in strokes),
        arcs=tuple(arc for _, arc in strokes),
        swept=tuple(Polygon([leaf[0], *arc]) for leaf, arc in strokes),
    )


def _leaf(opening: Opening, hinge: float, way: int, leaves: int) -> tuple[Polyline, Polyline]:
    """Return one leaf, open by a right angle, and the arc from its tip to the closed position."""
    face_m = opening.far_m if way > 0 else opening.near_m
    radius_m = math.dist(opening.left, opening.right) / leaves
    across = 1 / leaves if hinge == 0.0 else -1 / leaves
    arc = []
    for step in range(_ARC_STEPS + 1):
        angle = math.pi / 2 * step / _ARC_STEPS
        arc.append(
            opening.at(hinge + across * math.sin(angle), face_m + way * radius_m * math.cos(angle))
        )
    return [opening.at(hinge, face_m), arc[0]], arc


def _sliding(opening: Opening, leaves: int, middle_m: float) -> Iterator[Polyline]:
    """Yield sliding leaves half pushed aside, one before the other."""
    offset_m = 0.05
    if leaves == 2:
        yield [opening.at(-0.2, middle_m - offset_m), opening.at(0.3, middle_m - offset_m)]
        yield [opening.at(0.7, middle_m - offset_m), opening.at(1.2, middle_m - offset_m)]
    else:
        yield [opening.at(-0.4, middle_m - offset_m), opening.at(0.6, middle_m - offset_m)]


def _window(opening: Opening) -> DoorSign:
    """Return both faces of the wall and a double pane between them."""
    middle_m = (opening.near_m + opening.far_m) / 2
    pane_m = min(0.05, (opening.far_m - opening.near_m) / 5)
    rows = (opening.near_m, middle_m - pane_m, middle_m + pane_m, opening.far_m)
    return DoorSign(arcs=tuple([opening.at(0, m), opening.at(1, m)] for m in rows))


def tread_lines(flight: Space, points_per_metre: float) -> tuple[list[LineString], Polyline] | None:
    """Return the treads of a stair flight and the arrow of ascent along its middle.

    Treads closer together than can be printed are thinned out evenly.
    """
    facts = flight.stair
    if facts is None:
        return None
    angle = math.radians(facts.up_deg)
    up = np.array([math.sin(angle), math.cos(angle)])
    side = np.array([-up[1], up[0]])
    corners = shapely.get_coordinates(flight.polygon)
    low, high = float((corners @ up).min()), float((corners @ up).max())
    reach = float(np.ptp(corners @ side)) + 1.0
    centre = shapely.get_coordinates(flight.polygon.centroid)[0]
    going = (high - low) / max(facts.steps, 1)
    every = max(1, math.ceil(_TREAD_GAP_PT / max(going * points_per_metre, 1e-9)))
    treads = []
    for step in range(every, facts.steps, every):
        foot = up * (low + step * going) + side * float(centre @ side)
        line = LineString([foot - side * reach, foot + side * reach])
        treads.append(line.intersection(flight.polygon))
    inset = min(0.35, (high - low) / 6)
    base = side * float(centre @ side)
    start, end = base + up * (low + inset), base + up * (high - inset)
    return treads, [(float(start[0]), float(start[1])), (float(end[0]), float(end[1]))]


def lift_cross(polygon: Polygon) -> list[LineString]:
    """Return the two diagonals that mark a lift shaft or an opening to the floor below."""
    box = polygon.minimum_rotated_rectangle
    corners = [tuple(corner) for corner in shapely.get_coordinates(box)[:4]]
    lines = [LineString([corners[0], corners[2]]), LineString([corners[1], corners[3]])]
    return [line.intersection(polygon) for line in lines]


def hatch_lines(ground: BaseGeometry, hatch: Hatch, points_per_metre: float) -> list[LineString]:
    """Return the lines of a hatch over a polygon, in register with the whole drawing."""
    if ground.is_empty:
        return []
    angle = math.radians(hatch.angle_deg)
    along = np.array([math.cos(angle), math.sin(angle)])
    across = np.array([-along[1], along[0]])
    corners = shapely.get_coordinates(ground.envelope)
    spacing = hatch.spacing_pt / points_per_metre
    first = math.ceil(float((corners @ across).min()) / spacing)
    last = math.floor(float((corners @ across).max()) / spacing)
    start, end = float((corners @ along).min()), float((corners @ along).max())
    rows = [
        LineString([across * (k * spacing) + along * start, across * (k * spacing) + along * end])
        for k in range(first, last + 1)
    ]
    return [line for line in shapely.intersection(rows, ground) if not line.is_empty]


def draw_lines(
    ax: Axes,
    lines: Sequence[BaseGeometry | Polyline],
    *,
    color: str,
    width_pt: float,
    zorder: float,
    dashes: tuple[float, ...] | None = None,
) -> None:
    """Draw many strokes of one kind as one collection."""
    segments = [
        shapely.get_coordinates(part)
        for line in lines
        for part in shapely.get_parts(LineString(line) if isinstance(line, list) else line)
        if part.geom_type == "LineString" and not part.is_empty
    ]
    if segments:
        style = (0.0, dashes) if dashes else "solid"
        ax.add_collection(
            LineCollection(
                segments,
                colors=color,
                linewidths=width_pt,
                linestyles=[style],
                capstyle="butt",
                zorder=zorder,
            ),
            autolim=False,
        )


def draw_ground(
    ax: Axes,
    ground: BaseGeometry,
    *,
    color: str,
    zorder: float,
    gid: str | None = None,
    edge: str = "none",
    edge_pt: float = 0.0,
    dashes: tuple[float, ...] | None = None,
) -> None:
    """Fill a polygon, holes left open."""
    rings = [
        ring
        for part in shapely.get_parts(ground)
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in (
            shapely.orient_polygons(part).exterior,
            *shapely.orient_polygons(part).interiors,
        )
    ]
    if not rings:
        return
    path = Path.make_compound_path(*(Path(shapely.get_coordinates(r), closed=True) for r in rings))
    patch = PathPatch(
        path,
        facecolor=color,
        edgecolor=edge,
        linewidth=edge_pt,
        linestyle=(0.0, dashes) if dashes else "solid",
        zorder=zorder,
    )
    patch.set_gid(gid)
    ax.add_artist(patch)


def draw_point(ax: Axes, point: PlanPoint, *, zorder: float = 9.0) -> None:
    """Draw the mark of a device: letters on a small square, or a dot for an unknown kind."""
    x, y = point.point.x, point.point.y
    if point.kind == "label":
        ax.text(x, y, point.name or "", fontsize=5.0, fontfamily=FONT, color=SOFT_INK, ha="center",
                va="center", parse_math=False, clip_on=True, zorder=zorder)  # fmt: skip
        return
    letters, color = POINT_MARKS.get(point.kind, ("", INK))
    if not letters:
        ax.plot(x, y, marker="o", markersize=2.5, color=color, zorder=zorder)
        return
    text = ax.text(
        x, y, letters, fontsize=4.2, fontfamily=FONT, fontweight="bold", color="white",
        ha="center", va="center", parse_math=False, clip_on=True, zorder=zorder,
        bbox={"boxstyle": "square,pad=0.22", "facecolor": color, "edgecolor": "white",
              "linewidth": 0.4},
    )  # fmt: skip
    text.set_gid(f"point:{point.id}")
