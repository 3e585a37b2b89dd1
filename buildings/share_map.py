"""A share for every room on a floor plan: how often it is done, in steps that a grey copy keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from buildings.picture import draw_plan, points_per_metre
from buildings.picture_labels import draw_label, fit_label, text_width_pt
from buildings.picture_style import FONT, INK, SOFT_INK, Hatch
from buildings.picture_symbols import draw_ground, draw_lines, hatch_lines
from buildings.plan import Plan, Space

STEPS: Final[tuple[tuple[float, str, str], ...]] = (
    (0.95, "#EAF4EF", "95 % and more"),
    (0.50, "#EFCB8C", "50 to 95 %"),
    (0.05, "#D8874A", "5 to 50 %"),
    (0.00, "#8A4A33", "less than 5 %"),
)
"""From which share on, fill and words: CIE lightness about 95, 84, 65 and 40."""
RARE_HATCH: Final = Hatch(5.0, 45.0, "#FFFFFF", 0.6)
"""Over the darkest step, so that it is told apart by more than its shade."""

FADED: Final = "#FFFFFF99"
"""Over rooms that are not in question: their colours step back behind the shades."""

_MARGIN_PT: Final = 26.0
_KEY_PT: Final = 7.0


def draw_share_map(plan: Plan, shares: Mapping[str, float], *, head: str, key: str) -> Figure:
    """Draw every level with rooms shaded by a share.

    Parameters
    ----------
    plan : Plan
        The building.
    shares : mapping of space id to share
        In [0, 1]; other spaces are drawn as on the plan.
    head : str
        What stands at the right of the title.
    key : str
        What the shades mean: "Rooms secured, share of 50 simulated lockdowns".

    Returns
    -------
    Figure
        The sheet of `draw_plan`; each room in question says its number and its share.
    """
    figure = draw_plan(plan, labels=False)
    for level, ax in zip(plan.levels, figure.axes, strict=False):
        scale = points_per_metre(ax)
        for space in plan.spaces_on(level.id):
            if space.id in shares:
                _draw_room(ax, space, shares[space.id], scale)
            elif space.kind in ("room", "hall") and space.obstacle_of is None:
                draw_ground(ax, space.polygon, color=FADED, zorder=2.05)
                if space.number is None:
                    continue
                label = fit_label(
                    space.id, number=space.number, words="", room=space.polygon, keep_clear=None,
                    points_per_metre=scale, largest_pt=6.0,
                )  # fmt: skip
                if label is not None:
                    draw_label(ax, label, points_per_metre=scale, color=SOFT_INK)
    _write_key(figure, head, key)
    return figure


def _draw_room(ax: Axes, space: Space, share: float, scale: float) -> None:
    color = next(fill for least, fill, _ in STEPS if share >= least)
    draw_ground(ax, space.polygon, color=color, zorder=2.05, gid=f"share:{space.id}")
    if color == STEPS[-1][1]:
        lines = hatch_lines(space.polygon, RARE_HATCH, scale)
        draw_lines(ax, lines, color=RARE_HATCH.color, width_pt=RARE_HATCH.width_pt, zorder=2.1)
    label = fit_label(
        space.id, number=space.label, words=f"{share:.0%}", room=space.polygon, keep_clear=None,
        points_per_metre=scale, largest_pt=8.0,
    )  # fmt: skip
    if label is not None:
        draw_ground(ax, shapely.buffer(label.box, 0.8 / scale), color="#FFFFFF", zorder=7.5)
        draw_label(ax, label, points_per_metre=scale)


def _write_key(figure: Figure, head: str, key: str) -> None:
    """Write the head at the right of the title, and the shades beside the scale bar."""
    width_pt, height_pt = figure.get_size_inches() * 72
    sheet = figure.axes[-1]
    bars = [a for a in sheet.get_children() if isinstance(a, Text) and a.get_gid() == "scale_bar"]
    bar_y = float(bars[0].get_position()[1]) if bars else _MARGIN_PT
    right = width_pt - _MARGIN_PT
    style: dict[str, Any] = {"fontfamily": FONT, "va": "center_baseline", "parse_math": False}
    sheet.text(right, height_pt - _MARGIN_PT - 8.0, head, fontsize=9.0, fontweight="bold",
               color=INK, ha="right", **style)  # fmt: skip
    sheet.text(right, bar_y, key, fontsize=_KEY_PT, color=SOFT_INK, ha="right", **style)
    for _, fill, words in reversed(STEPS):
        wide = text_width_pt(words, _KEY_PT)
        sheet.text(right, bar_y - 12, words, fontsize=_KEY_PT, color=INK, ha="right", **style)
        right -= wide + 18.0
        swatch = Rectangle((right, bar_y - 16), 14.0, 8.0, facecolor=fill, edgecolor=INK,
                           linewidth=0.5, gid=f"swatch:{words}")  # fmt: skip
        sheet.add_patch(swatch)
        if fill == STEPS[-1][1]:
            ground = shapely.box(right, bar_y - 16, right + 14.0, bar_y - 8)
            lines = hatch_lines(ground, RARE_HATCH, 1.0)
            draw_lines(sheet, lines, color=RARE_HATCH.color, width_pt=0.6, zorder=11.0)
        right -= 12.0
