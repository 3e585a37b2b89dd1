"""Both ways to find rooms side by side over the drawing, so that a person can choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from shapely import LineString, Polygon

from buildings.dxf_choice import AGREE, Candidate, Taken
from buildings.dxf_level import LevelWork
from buildings.picture_style import BLUE, BLUISH_GREEN, FONT, INK, ORANGE, SOFT_INK, VERMILLION

_PANEL_IN: Final = 7.2
_TALLEST_IN: Final = 11.0
_SHORTEST_IN: Final = 2.6
_HEAD_IN: Final = 0.75
_FOOT_IN: Final = 0.55
_MARGIN_IN: Final = 0.25
_MOST_LEVELS: Final = 6
_GREY: Final = "#BBBBBB"
_WAYS: Final[tuple[tuple[Taken, str], ...]] = (
    ("lines", "by lines (walls as drawn, doors closed)"),
    ("closing", "by closing (gaps in walls closed too)"),
)


def draw_proposals(works: Sequence[LevelWork], chosen: Sequence[Candidate]) -> Figure:
    """Draw every level twice: the rooms by lines at the left, those by closing at the right.

    Rooms that are taken are filled; each carries its name in the table, its area and how far the
    two ways agree. Doors are blue, openings without a door orange, open wall ends ringed.

    Parameters
    ----------
    works : sequence of LevelWork
        The levels, lowest first; the first six are drawn.
    chosen : sequence of Candidate
        The rooms of all levels with what is taken.
    """
    shown = works[:_MOST_LEVELS]
    heights = [_height_in(work) for work in shown]
    width = 2 * _PANEL_IN + 3 * _MARGIN_IN
    total = sum(heights) + len(shown) * _HEAD_IN + _FOOT_IN
    figure = Figure(figsize=(width, total), dpi=72, facecolor="w")
    FigureCanvasAgg(figure)
    top = total
    for work, height in zip(shown, heights, strict=True):
        top -= _HEAD_IN
        figure.text(
            _MARGIN_IN / width, (top + 0.42) / total, f"{work.level.name} · {work.drawing.name}",
            fontsize=13, fontweight="bold", fontfamily=FONT, color=INK, parse_math=False,
        )  # fmt: skip
        for column, (way, title) in enumerate(_WAYS):
            left = _MARGIN_IN + column * (_PANEL_IN + _MARGIN_IN)
            ax = figure.add_axes(
                (left / width, (top - height) / total, _PANEL_IN / width, height / total)
            )
            _draw_way(ax, work, [one for one in chosen if one.level == work.level.id], way)
            figure.text(
                left / width, (top + 0.1) / total, f"Rooms {title}",
                fontsize=9.5, fontfamily=FONT, color=SOFT_INK,
            )  # fmt: skip
        top -= height
    figure.legend(
        handles=[
            Patch(facecolor=BLUISH_GREEN, alpha=0.35, edgecolor=BLUISH_GREEN, label="taken"),
            Patch(facecolor=_GREY, alpha=0.35, label="the same, the other way taken"),
            Patch(facecolor="none", edgecolor=ORANGE, label="not taken", linestyle="--"),
            Line2D([], [], color=BLUE, linewidth=2.2, label="door"),
            Line2D([], [], color=ORANGE, linewidth=2.2, label="opening closed by closing"),
            Line2D([], [], color=VERMILLION, marker="o", markerfacecolor="none", linestyle="",
                   label="open wall end"),
        ],
        loc="lower left", bbox_to_anchor=(_MARGIN_IN / width, 0.04 / total), ncols=6,
        frameon=False, prop={"family": FONT, "size": 8.5},
    )  # fmt: skip
    return figure


def _bounds(work: LevelWork) -> tuple[float, float, float, float]:
    low_x, low_y, high_x, high_y = work.lines.bounds
    margin = 0.03 * max(high_x - low_x, high_y - low_y)
    return low_x - margin, low_y - margin, high_x + margin, high_y + margin


def _height_in(work: LevelWork) -> float:
    low_x, low_y, high_x, high_y = _bounds(work)
    wanted = _PANEL_IN * (high_y - low_y) / (high_x - low_x)
    return min(_TALLEST_IN, max(_SHORTEST_IN, wanted))


def _draw_way(ax: Axes, work: LevelWork, rooms: Sequence[Candidate], way: Taken) -> None:
    """Draw the rooms of one way over the wall lines."""
    low_x, low_y, high_x, high_y = _bounds(work)
    ax.set_axis_off()
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_xlim(low_x, high_x)
    ax.set_ylim(low_y, high_y)
    per_metre = _PANEL_IN * 72 / (high_x - low_x)
    for one in rooms:
        shape = one.pair.lines if way == "lines" else one.pair.closing
        if shape is None:
            continue
        taken = one.taken == way
        same = not taken and one.taken != "none" and one.pair.agreement >= AGREE
        ax.add_patch(
            PathPatch(
                _path(shape),
                facecolor=BLUISH_GREEN if taken else _GREY if same else "none",
                alpha=0.35 if taken or same else None,
                edgecolor="none" if taken or same else ORANGE,
                linewidth=1.3,
                linestyle="-" if taken or same else "--",
                zorder=1 if taken or same else 3,
                gid=f"{way}:{one.room}",
            )
        )
        _name(ax, one, shape, per_metre, taken=taken)
    walls = [shapely.get_coordinates(part) for part in shapely.get_parts(work.lines)]
    ax.add_collection(LineCollection(walls, colors=INK, linewidths=0.7, zorder=4))
    _strokes(ax, [door.line for door in work.doors], BLUE)
    if way == "closing":
        _strokes(ax, work.by_closing.gaps, ORANGE)
    if len(work.open_ends):
        ax.plot(
            work.open_ends[:, 0], work.open_ends[:, 1], linestyle="", marker="o", markersize=5.5,
            markerfacecolor="none", markeredgecolor=VERMILLION, markeredgewidth=1.1, zorder=6,
        )  # fmt: skip


def _strokes(ax: Axes, lines: Sequence[LineString], color: str) -> None:
    coords = [np.array(line.coords) for line in lines]
    ax.add_collection(LineCollection(coords, colors=color, linewidths=2.2, zorder=5))


def _name(ax: Axes, one: Candidate, shape: Polygon, per_metre: float, *, taken: bool) -> None:
    """Write name, area and agreement of a room, as large as it fits between 4 and 8 points."""
    words = [one.room, f"{shape.area:.1f} m²"]
    if one.pair.agreement < AGREE:
        words.append(f"IoU {one.pair.agreement:.2f}" if one.pair.agreement else "only this way")
    circle = shapely.maximum_inscribed_circle(shape, tolerance=0.05)
    room_pt = 2 * circle.length * per_metre
    longest = max(len(word) for word in words)
    size = min(8.0, room_pt / (0.62 * longest), room_pt / (1.4 * len(words)))
    if size < 3.0:
        words, size = [one.room], 3.5
    at = circle.coords[0]
    ax.text(
        at[0], at[1], "\n".join(words), fontsize=max(size, 3.5), fontfamily=FONT,
        color=INK if taken else SOFT_INK, ha="center", va="center", zorder=8, linespacing=1.15,
        path_effects=[withStroke(linewidth=1.8, foreground="white")], parse_math=False,
        gid=f"name:{way_of(taken)}:{one.room}",
    )  # fmt: skip


def way_of(taken: bool) -> str:
    """Return the word for a room in the ids of a picture."""
    return "taken" if taken else "proposed"


def _path(shape: Polygon) -> Outline:
    return Outline.make_compound_path(
        *(
            Outline(np.array(ring.coords), closed=True)
            for ring in (shape.exterior, *shape.interiors)
        )
    )
