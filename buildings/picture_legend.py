"""What stands below a plan: scale bar in metres, north arrow, and the key to fills and signs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrow, Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, ScaledTranslation

from buildings.picture_labels import text_width_pt
from buildings.picture_style import (
    BLUISH_GREEN,
    EXIT_GREEN,
    FONT,
    INK,
    POINT_MARKS,
    SOFT_INK,
    WALL,
    Fill,
)
from buildings.picture_symbols import hatch_lines

KEY_PT: Final = 6.4
ROW_PT: Final = 12.5
_SWATCH: Final = (15.0, 8.0)
_GAP_PT: Final = 4.0

SIGNS: Final = {
    "wall": "Wall",
    "door": "Door",
    "window": "Window",
    "opening": "Opening",
    "stair": "Stair, arrow up",
    "lift": "Lift",
    "exit": "Exit",
    "number": "Exterior door number",
    "assembly": "Assembly area",
}


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One line of the key: a fill, a sign by name, or the letters of a device."""

    label: str
    fill: Fill | None = None
    sign: str = ""
    point_kind: str = ""

    @property
    def width_pt(self) -> float:
        """Width of swatch and words together."""
        return _SWATCH[0] + _GAP_PT + text_width_pt(self.label, KEY_PT)


class Paper:
    """Draws in points from the lower left corner of an Axes, whatever its data limits are."""

    def __init__(self, ax: Axes, *, x_pt: float = 0.0, y_pt: float = 0.0) -> None:
        self.ax = ax
        self.transform = (
            Affine2D().translate(x_pt, y_pt).scale(1 / 72)
            + ax.figure.dpi_scale_trans
            + ScaledTranslation(0.0, 0.0, cast(Any, ax.transAxes))  # typed too narrowly upstream
        )

    def add(self, artist: Artist, gid: str | None = None) -> None:
        """Put an artist on the paper, above the drawing and not clipped by it."""
        artist.set_transform(self.transform)
        artist.set_clip_on(False)
        artist.set_zorder(10.0)
        artist.set_gid(gid)
        self.ax.add_artist(artist)

    def line(self, xs: Sequence[float], ys: Sequence[float], **style: Any) -> None:
        """Draw a line through points of the paper."""
        self.add(Line2D(xs, ys, **{"color": INK, "linewidth": 0.6, **style}))

    def text(self, x: float, y: float, words: str, *, size_pt: float = KEY_PT, bold: bool = False,
             ha: str = "left", color: str = INK, gid: str | None = None) -> None:  # fmt: skip
        """Write words, vertically centred on ``y``."""
        self.add(
            Text(x, y, words, fontsize=size_pt, fontfamily=FONT, color=color, ha=ha,
                 fontweight="bold" if bold else "normal", va="center_baseline",
                 parse_math=False),
            gid,
        )  # fmt: skip


def key_rows(entries: Sequence[KeyEntry], width_pt: float) -> list[list[KeyEntry]]:
    """Set the key in columns of equal width and return its rows."""
    if not entries:
        return []
    column_pt = max(entry.width_pt for entry in entries) + 12.0
    columns = max(1, int(width_pt // column_pt))
    rows = math.ceil(len(entries) / columns)
    return [list(entries[row::rows]) for row in range(rows)]


def draw_key(paper: Paper, entries: Sequence[KeyEntry], *, x_pt: float, top_pt: float,
             width_pt: float) -> None:  # fmt: skip
    """Draw the key downwards from ``top_pt``, reading down the columns."""
    rows = key_rows(entries, width_pt)
    if not rows:
        return
    column_pt = max(entry.width_pt for entry in entries) + 12.0
    for row, line in enumerate(rows):
        y = top_pt - (row + 0.5) * ROW_PT
        for column, entry in enumerate(line):
            x = x_pt + column * column_pt
            if entry.fill is not None:
                _draw_fill(paper, entry.fill, x, y)
            elif entry.point_kind:
                letters, color = POINT_MARKS[entry.point_kind]
                paper.add(_box(x + 3, y - 4, 9.5, 8, color, edge="white"))
                paper.text(x + 7.75, y, letters, size_pt=4.2, bold=True, ha="center", color="white")
            else:
                _draw_sign(paper, entry.sign, x, y)
            paper.text(x + _SWATCH[0] + _GAP_PT, y, entry.label, gid=f"key:{entry.label}")


def _box(x: float, y: float, w: float, h: float, color: str, *, edge: str = WALL) -> Rectangle:
    return Rectangle((x, y), w, h, facecolor=color, edgecolor=edge, linewidth=0.6)


def _draw_fill(paper: Paper, fill: Fill, x: float, y: float) -> None:
    width, height = _SWATCH
    paper.add(_box(x, y - height / 2, width, height, fill.color), f"swatch:{fill.key}")
    if fill.hatch is not None:
        ground = shapely.box(x, y - height / 2, x + width, y + height / 2)
        for line in hatch_lines(ground, fill.hatch, 1.0):
            (x0, y0), (x1, y1) = shapely.get_coordinates(line)[:2]
            paper.line([x0, x1], [y0, y1], color=fill.hatch.color, linewidth=fill.hatch.width_pt)


def _draw_sign(paper: Paper, sign: str, x: float, y: float) -> None:
    width, height = _SWATCH
    low, high = y - height / 2, y + height / 2
    right, middle = x + width, x + width / 2
    if sign == "wall":
        paper.add(_box(x, y - 1.5, width, 3.0, WALL))
    elif sign == "door":
        paper.line([x, x + 3.5], [low, low], color=WALL, linewidth=2.4)
        paper.line([right - 3, right], [low, low], color=WALL, linewidth=2.4)
        paper.line([x + 3.5, x + 3.5], [low, high], linewidth=0.9)
        steps = [math.pi / 2 * i / 12 for i in range(13)]
        paper.line(
            [x + 3.5 + 8 * math.sin(a) for a in steps],
            [low + 8 * math.cos(a) for a in steps],
            linewidth=0.4,
            color=SOFT_INK,
        )
    elif sign == "window":
        paper.line([x, right], [y + 1.6, y + 1.6], linewidth=0.4)
        paper.line([x, right], [y - 1.6, y - 1.6], linewidth=0.4)
        paper.line([x, right], [y, y], linewidth=0.4)
        for end in (x, right - 3):
            paper.add(_box(end, y - 1.6, 3, 3.2, WALL))
    elif sign == "opening":
        paper.line([x, right], [y, y], linewidth=0.5, dashes=(3, 2), color=SOFT_INK)
    elif sign == "stair":
        for i in range(6):
            paper.line([x + i * 3, x + i * 3], [low, high], linewidth=0.4)
        _arrow(paper, x + 1, y, 12.5, INK, slim=True)
    elif sign == "lift":
        paper.add(_box(middle - 4, low, 8, 8, "white"))
        paper.line([middle - 4, middle + 4], [low, high], linewidth=0.5)
        paper.line([middle - 4, middle + 4], [high, low], linewidth=0.5)
    elif sign == "exit":
        _arrow(paper, x + 1, y, 13, EXIT_GREEN)
    elif sign == "number":
        paper.add(Circle((middle, y), 4.6, facecolor="white", edgecolor=INK, linewidth=0.8))
        paper.text(middle, y, "1", size_pt=5.4, bold=True, ha="center")
    elif sign == "assembly":
        paper.add(
            Rectangle((x, low), width, height, facecolor="#E3F3EC", edgecolor=BLUISH_GREEN,
                      linewidth=1.0, linestyle=(0.0, (3.0, 1.6)))
        )  # fmt: skip


def _arrow(
    paper: Paper, x: float, y: float, length: float, color: str, *, slim: bool = False
) -> None:
    size = 0.55 if slim else 1.0
    paper.add(
        FancyArrow(x, y, length, 0, width=1.9 * size**2, head_width=6.4 * size,
                   head_length=5.6 * size, length_includes_head=True, facecolor=color,
                   edgecolor="none")
    )  # fmt: skip


def scale_bar_m(points_per_metre: float, *, at_most_pt: float = 150.0) -> float:
    """Return a round length (1, 2 or 5 times a power of ten) that fits on the paper.

    Examples
    --------
    >>> scale_bar_m(10.0)
    10.0
    >>> scale_bar_m(2.0)
    50.0
    """
    limit = at_most_pt / points_per_metre
    power = 10.0 ** math.floor(math.log10(limit))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= limit)


def draw_scale_bar(paper: Paper, points_per_metre: float, *, x_pt: float, y_pt: float) -> float:
    """Draw a scale bar of four fields from ``x_pt`` and return the width taken."""
    length_m = scale_bar_m(points_per_metre)
    field_pt = length_m * points_per_metre / 4
    for i in range(4):
        paper.add(
            _box(x_pt + i * field_pt, y_pt, field_pt, 3.2, INK if i % 2 == 0 else "white", edge=INK)
        )
    for i in (0, 2, 4):
        words = f"{length_m * i / 4:g}" + (" m" if i == 4 else "")
        paper.text(x_pt + i * field_pt, y_pt + 8.0, words, size_pt=6.0, ha="center",
                   gid="scale_bar")  # fmt: skip
    return 4 * field_pt + 18.0


def draw_north(
    paper: Paper, north_deg: float, *, x_pt: float, y_pt: float, size_pt: float = 11.0
) -> None:
    """Draw the north arrow; ``north_deg`` is the bearing of north, clockwise from the plan's +y."""
    angle = math.radians(north_deg)
    north, east = (math.sin(angle), math.cos(angle)), (math.cos(angle), -math.sin(angle))

    def at(ahead: float, aside: float) -> tuple[float, float]:
        return (
            x_pt + size_pt * (ahead * north[0] + aside * east[0]),
            y_pt + size_pt * (ahead * north[1] + aside * east[1]),
        )

    tip, tail = at(0.75, 0.0), at(-0.35, 0.0)
    for aside, color in ((-0.45, INK), (0.45, "white")):
        paper.add(
            Polygon([tip, at(-0.7, aside), tail], closed=True, facecolor=color, edgecolor=INK,
                    linewidth=0.6, joinstyle="round")
        )  # fmt: skip
    paper.text(*at(1.2, 0.0), "N", size_pt=7.5, bold=True, ha="center", gid="north")
