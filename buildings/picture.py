"""A floor plan worth hanging up: every level on one sheet, with title, scale, north and key."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from buildings.picture_file import figure_bytes, save_figure
from buildings.picture_legend import (
    ROW_PT,
    KeyEntry,
    Paper,
    draw_key,
    draw_north,
    draw_scale_bar,
    key_rows,
)
from buildings.picture_level import (
    draw_level,
    key_entries,
    level_view,
    points_per_metre,
)
from buildings.picture_style import INK, SOFT_INK
from buildings.plan import Plan

__all__ = [
    "draw_level",
    "draw_plan",
    "figure_bytes",
    "level_view",
    "points_per_metre",
    "save_figure",
]

Sheet: TypeAlias = Literal["fit", "A4", "A3", "A2", "A1"]

POINTS_PER_MM: Final = 72.0 / 25.4
SHEETS_MM: Final = {"A4": (297, 210), "A3": (420, 297), "A2": (594, 420), "A1": (841, 594)}
SCALES: Final = (
    50, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 2500, 5000, 10000,
    25000, 50000,
)  # fmt: skip
READABLE: Final = {"A4": 200, "A3": 250, "A2": 400, "A1": 5000}
"""The smallest scale at which each sheet is still chosen; the next larger sheet follows."""

_MARGIN_PT: Final = 26.0
_TITLE_PT: Final = 42.0
_NAME_PT: Final = 18.0
_STRIP_PT: Final = 40.0
_FOOT_PT: Final = 12.0
_GAP_PT: Final = 14.0


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where everything goes, in points from the lower left corner of the sheet."""

    width_pt: float
    height_pt: float
    denominator: int
    panels: tuple[tuple[float, float, float, float], ...]
    key_width_pt: float


def draw_plan(
    plan: Plan,
    *,
    level: str | None = None,
    sheet: Sheet = "fit",
    labels: bool = True,
    points: bool = False,
) -> Figure:
    """Draw a building, all its levels at one round scale, as a sheet to print.

    Parameters
    ----------
    plan : Plan
        The building.
    level : str, optional
        Draw this level only.
    sheet : {"fit", "A4", "A3", "A2", "A1"}
        Paper size; "fit" takes the smallest size on which rooms stay readable, at most A1, and
        trims the sheet to the drawing.
    labels : bool
        Write room numbers and names.
    points : bool
        Draw devices (pull stations, panels, ...).

    Returns
    -------
    Figure
        Not attached to pyplot; write it with :func:`save_figure`.

    Raises
    ------
    KeyError
        If the plan has no such level.
    """
    levels = (plan.level(level),) if level is not None else plan.levels
    ids = tuple(entry.id for entry in levels)
    entries = key_entries(plan, ids, points=points)
    views = [level_view(plan, level_id).bounds for level_id in ids]
    sizes_m = [(max_x - min_x, max_y - min_y) for min_x, min_y, max_x, max_y in views]
    layout = _lay_out(sizes_m, entries, sheet)
    figure = Figure(figsize=(layout.width_pt / 72, layout.height_pt / 72), dpi=72, facecolor="w")
    FigureCanvasAgg(figure)
    for entry, (x, y, width, height) in zip(levels, layout.panels, strict=True):
        ax = figure.add_axes(
            (x / layout.width_pt, y / layout.height_pt, width / layout.width_pt,
             height / layout.height_pt)
        )  # fmt: skip
        draw_level(ax, plan, entry.id, labels=labels, legend=False, scale_bar=False, north=False,
                   points=points)  # fmt: skip
        figure.text(
            (x + 2) / layout.width_pt, (y + height + 5) / layout.height_pt, entry.name,
            fontsize=10, fontweight="bold", fontfamily="DejaVu Sans", color=INK, ha="left",
            va="bottom", parse_math=False, gid=f"level:{entry.id}",
        )  # fmt: skip
    _draw_sheet(figure, plan, layout, entries)
    return figure


def _draw_sheet(figure: Figure, plan: Plan, layout: _Layout, entries: list[KeyEntry]) -> None:
    """Draw everything around the levels: title, scale, north, key, footer."""
    ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_axis_off()
    ax.set_xlim(0, layout.width_pt)
    ax.set_ylim(0, layout.height_pt)
    ax.patch.set_alpha(0.0)
    paper = Paper(ax)
    left, right = _MARGIN_PT, layout.width_pt - _MARGIN_PT
    top = layout.height_pt - _MARGIN_PT
    paper.text(left, top - 8, plan.name, size_pt=17, bold=True, gid="title")
    paper.text(left, top - 26, f"Floor plan · 1:{layout.denominator} when printed at full size",
               size_pt=8, color=SOFT_INK)  # fmt: skip
    paper.add(Line2D([left, right], [top - 36, top - 36], color=INK, linewidth=0.8))
    paper.text(right, top - 26, "Sensitive: for safety planning only", size_pt=8, ha="right",
               color=SOFT_INK)  # fmt: skip

    rows = key_rows(entries, layout.key_width_pt)
    foot = _MARGIN_PT
    key_top = foot + _FOOT_PT + len(rows) * ROW_PT
    draw_key(paper, entries, x_pt=left, top_pt=key_top, width_pt=layout.key_width_pt)
    scale = 1000.0 / layout.denominator * POINTS_PER_MM
    taken = draw_scale_bar(paper, scale, x_pt=left, y_pt=key_top + 14.0)
    draw_north(paper, plan.north_deg, x_pt=left + taken + 26.0, y_pt=key_top + 19.0)
    paper.add(Line2D([left, right], [foot + 7, foot + 7], color=SOFT_INK, linewidth=0.4))
    paper.text(left, foot, _provenance(plan), size_pt=5.6, color=SOFT_INK)


def _provenance(plan: Plan) -> str:
    parts = [f"plan {plan.id}", f"version {plan.version}"]
    if plan.sha256:
        parts.append(f"content {plan.sha256[:12]}")
    if plan.reviewed_by and plan.reviewed_on:
        parts.append(f"reviewed by {plan.reviewed_by} on {plan.reviewed_on}")
    else:
        parts.append("not reviewed on site")
    parts.append("wall thickness drawn, not measured")
    return " · ".join(parts)


def _lay_out(sizes_m: list[tuple[float, float]], entries: list[KeyEntry], sheet: Sheet) -> _Layout:
    """Choose sheet, direction and scale: the smallest sheet on which rooms stay readable."""
    names = tuple(SHEETS_MM) if sheet == "fit" else (sheet,)
    best: _Layout | None = None
    for name in names:
        long_mm, short_mm = SHEETS_MM[name]
        found: list[_Layout] = []
        for width_mm, height_mm in ((long_mm, short_mm), (short_mm, long_mm)):
            for in_row in (True, False):
                layout = _arrange(sizes_m, entries, width_mm, height_mm, in_row, sheet == "fit")
                if layout is not None:
                    found.append(layout)
        if found:
            best = min(found, key=lambda one: one.denominator)
            if best.denominator <= READABLE[name] or sheet != "fit":
                return best
    if best is None:
        raise ValueError(f"the building is too large to draw at 1:{SCALES[-1]} on {names[-1]}")
    return best


def _arrange(
    sizes_m: list[tuple[float, float]],
    entries: list[KeyEntry],
    width_mm: float,
    height_mm: float,
    in_row: bool,
    trim: bool,
) -> _Layout | None:
    """Lay the levels out in a row or a column at the largest round scale, if there is one."""
    sheet_w, sheet_h = width_mm * POINTS_PER_MM, height_mm * POINTS_PER_MM
    key_width = sheet_w - 2 * _MARGIN_PT
    count = len(sizes_m)
    for denominator in SCALES:
        scale = 1000.0 / denominator * POINTS_PER_MM
        widths = [width * scale for width, _ in sizes_m]
        heights = [height * scale for _, height in sizes_m]
        inner_w = sum(widths) + _GAP_PT * (count - 1) if in_row else max(widths)
        inner_h = (
            max(heights) + _NAME_PT
            if in_row
            else sum(heights) + count * _NAME_PT + _GAP_PT * (count - 1)
        )
        if trim:
            key_width = min(key_width, max(inner_w, 420.0))
        foot = _FOOT_PT + len(key_rows(entries, key_width)) * ROW_PT + _STRIP_PT
        width = inner_w + 2 * _MARGIN_PT
        height = inner_h + 2 * _MARGIN_PT + _TITLE_PT + foot
        if width > sheet_w + 1e-6 or height > sheet_h + 1e-6:
            key_width = sheet_w - 2 * _MARGIN_PT
            continue
        page_w = max(width, key_width + 2 * _MARGIN_PT) if trim else sheet_w
        page_h = height if trim else sheet_h
        left = (page_w - inner_w) / 2
        low = _MARGIN_PT + foot
        high = page_h - _MARGIN_PT - _TITLE_PT
        start = high - (high - low - inner_h) / 2
        panels = []
        for w, h in zip(widths, heights, strict=True):
            if in_row:
                panels.append((left, start - _NAME_PT - h, w, h))
                left += w + _GAP_PT
            else:
                panels.append(((page_w - w) / 2, start - _NAME_PT - h, w, h))
                start -= h + _NAME_PT + _GAP_PT
        return _Layout(math.ceil(page_w), math.ceil(page_h), denominator, tuple(panels), key_width)
    return None
