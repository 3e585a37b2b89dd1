"""The picture of an import: the plan, every problem circled and numbered, and what each number is.

Numbers are those of ``import_report.json``. Rings and numbers differ by weight and dash as well as
by colour, so a grey copy says the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.patches import Polygon as Triangle
from shapely import Polygon

from buildings.import_picture_list import STYLES, MarkStyle, draw_list, grouped, list_height_pt
from buildings.import_places import located
from buildings.import_report import ImportReport, Place, Severity
from buildings.picture import draw_plan
from buildings.picture_labels import text_width_pt
from buildings.picture_level import points_per_metre
from buildings.picture_style import FONT
from buildings.plan import Plan

RING_PT: Final = 8.0
BADGE_PT: Final = 5.6
_BADGE_HEIGHT_PT: Final = 8.4
_EDGE_PT: Final = 14.0
_SAME_PT: Final = 7.0
_DIRECTIONS: Final = 16
_RANK: Final[dict[Severity, int]] = {"error": 0, "warning": 1, "note": 2}


@dataclass(slots=True)
class _Mark:
    """One ring on a level: its middle on the paper and the messages that it stands for.

    ``beyond`` is the direction in which the place lies if it is not on the drawing.
    """

    x: float
    y: float
    beyond: float | None = None
    numbers: list[int] = field(default_factory=list)
    severity: Severity = "note"

    @property
    def words(self) -> str:
        return ", ".join(map(str, sorted(self.numbers)))


def draw_import(plan: Plan, report: ImportReport) -> Figure:
    """Draw an imported plan with its problems circled, and the list of messages below it.

    Parameters
    ----------
    plan : Plan
        The plan as imported.
    report : ImportReport
        What the import says. Messages with places are circled on their levels and listed level
        by level; the others are listed last.

    Returns
    -------
    Figure
        Circles carry the gid ``ring:<level>:<numbers>``, their numbers ``badge:<level>:<numbers>``,
        entries of the list ``message:<number>``.
    """
    report = located(report, plan)
    figure = draw_plan(plan)
    panels = figure.axes[: len(plan.levels)]
    for ax, level in zip(panels, plan.levels, strict=True):
        _draw_rings(ax, plan, level.id, report)
    _add_list(figure, plan, report)
    return figure


def _draw_rings(ax: Axes, plan: Plan, level_id: str, report: ImportReport) -> None:
    """Draw the rings of one level, those of one spot as one, and a number beside each."""
    scale = points_per_metre(ax)
    (low_x, high_x), (low_y, high_y) = ax.get_xlim(), ax.get_ylim()
    inset = _EDGE_PT / scale
    marks: list[_Mark] = []
    for number, message in enumerate(report.messages, 1):
        for place in message.places:
            if place.level != level_id:
                continue
            x = min(max(place.x_m, low_x + inset), high_x - inset)
            y = min(max(place.y_m, low_y + inset), high_y - inset)
            off = (
                math.atan2(place.y_m - y, place.x_m - x)
                if (x, y) != (place.x_m, place.y_m)
                else None
            )
            near = [m for m in marks if math.hypot(m.x - x, m.y - y) * scale <= _SAME_PT]
            mark = near[0] if near else _Mark(x, y, off)
            if not near:
                marks.append(mark)
            if number not in mark.numbers:
                mark.numbers.append(number)
            if _RANK[message.severity] < _RANK[mark.severity]:
                mark.severity = message.severity
    words = _words_on(ax, scale)
    rooms = {Place.inside(level_id, s.polygon): s.polygon for s in plan.spaces_on(level_id)}
    for mark in marks:
        room = rooms.get(Place(level_id, mark.x, mark.y))
        if room is not None:
            mark.x, mark.y = _beside_words(mark, room, words, scale)
    taken = words + [shapely.Point(m.x, m.y).buffer((RING_PT + 1.0) / scale) for m in marks]
    view = shapely.box(low_x, low_y, high_x, high_y)
    for mark in marks:
        style = STYLES[mark.severity]
        ring = Circle(
            (mark.x, mark.y), RING_PT / scale, fill=False, edgecolor=style.ring,
            linewidth=style.width_pt, linestyle=(0.0, style.dashes) if style.dashes else "solid",
            zorder=20.0, gid=f"ring:{level_id}:{mark.words}",
        )  # fmt: skip
        halo = Circle(
            (mark.x, mark.y), RING_PT / scale, fill=False, edgecolor="white",
            linewidth=style.width_pt + 1.8, zorder=19.0,
        )  # fmt: skip
        ax.add_patch(halo)
        ax.add_patch(ring)
        if mark.beyond is not None:
            _draw_arrow(ax, mark, mark.beyond, style, scale)
        box = _free_spot(mark, taken, view, scale)
        taken.append(box)
        _draw_badge(ax, box, mark.words, style, scale, gid=f"badge:{level_id}:{mark.words}")


def _words_on(ax: Axes, scale: float) -> list[Polygon]:
    """Return the boxes of the words that stand on a level already."""
    boxes = []
    for text in ax.texts:
        x, y = text.get_position()
        size = float(text.get_fontsize())
        bold = text.get_fontweight() == "bold"
        half_x = text_width_pt(text.get_text(), size, bold=bold) / 2 / scale
        half_y = size * 0.6 / scale
        if text.get_rotation():
            half_x, half_y = half_y, half_x
        boxes.append(shapely.box(x - half_x, y - half_y, x + half_x, y + half_y))
    return boxes


def _beside_words(
    mark: _Mark, room: Polygon, words: Sequence[Polygon], scale: float
) -> tuple[float, float]:
    """Return the nearest spot in a room for a ring that hides no words; else where it is."""
    tree = shapely.STRtree(words)
    for turn in range(5 * _DIRECTIONS):
        away, step = divmod(turn, _DIRECTIONS)
        angle = math.pi / 2 + 2 * math.pi * step / _DIRECTIONS
        x = mark.x + math.cos(angle) * away * RING_PT / scale
        y = mark.y + math.sin(angle) * away * RING_PT / scale
        ring = shapely.Point(x, y).buffer((RING_PT + 1.0) / scale)
        if room.covers(shapely.Point(x, y)) and not len(tree.query(ring, "intersects")):
            return x, y
    return mark.x, mark.y


def _free_spot(mark: _Mark, taken: Sequence[Polygon], view: Polygon, scale: float) -> Polygon:
    """Return the box beside a ring that covers least of what is there, the first of the best."""
    half_x = (text_width_pt(mark.words, BADGE_PT, bold=True) + 4.0) / 2 / scale
    half_y = _BADGE_HEIGHT_PT / 2 / scale
    tree = shapely.STRtree(taken)
    best: tuple[float, int, Polygon] | None = None
    for turn in range(3 * _DIRECTIONS):
        ring, step = divmod(turn, _DIRECTIONS)
        angle = math.pi / 4 + 2 * math.pi * step / _DIRECTIONS
        away = (RING_PT + 0.5 + 5.0 * ring) / scale
        x = mark.x + math.cos(angle) * (away + half_x)
        y = mark.y + math.sin(angle) * (away + half_y)
        box = shapely.box(x - half_x, y - half_y, x + half_x, y + half_y)
        hidden = sum(taken[k].intersection(box).area for k in sorted(tree.query(box)))
        cost = round((hidden + 2 * box.difference(view).area) / box.area, 3) + 0.05 * ring
        if best is None or (cost, turn) < best[:2]:
            best = (cost, turn, box)
    if best is None:
        raise ValueError("no direction was tried")
    return best[2]


def _draw_arrow(ax: Axes, mark: _Mark, angle: float, style: MarkStyle, scale: float) -> None:
    """Draw the head of an arrow at a ring, towards a place beyond the drawing."""
    tip, foot, half = (RING_PT + 5.5) / scale, (RING_PT + 1.0) / scale, 3.0 / scale
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    ends = [(tip, 0.0), (foot, half), (foot, -half)]
    corners = [
        (mark.x + a * along[0] + b * across[0], mark.y + a * along[1] + b * across[1])
        for a, b in ends
    ]
    ax.add_patch(Triangle(corners, facecolor=style.ring, edgecolor="none", zorder=20.0))


def _draw_badge(
    ax: Axes, box: Polygon, words: str, style: MarkStyle, scale: float, *, gid: str
) -> None:
    """Draw a number in its box."""
    x0, y0, x1, y1 = box.bounds
    ax.add_patch(
        FancyBboxPatch(
            (x0, y0), x1 - x0, y1 - y0, boxstyle=f"round,pad=0,rounding_size={2.0 / scale}",
            facecolor=style.badge, edgecolor=style.edge, linewidth=0.7, zorder=21.0,
        )
    )  # fmt: skip
    text = ax.text(
        (x0 + x1) / 2, (y0 + y1) / 2, words, fontsize=BADGE_PT, fontfamily=FONT, fontweight="bold",
        color=style.ink, ha="center", va="center_baseline", parse_math=False, zorder=22.0,
    )  # fmt: skip
    text.set_gid(gid)


def _add_list(figure: Figure, plan: Plan, report: ImportReport) -> None:
    """Make the sheet longer at its foot and write the messages there."""
    groups = grouped(plan, report)
    width_pt, height_pt = (float(side) * 72.0 for side in figure.get_size_inches())
    extra_pt = math.ceil(list_height_pt(groups, width_pt))
    whole_pt = height_pt + extra_pt
    boxes = [ax.get_position(original=True).bounds for ax in figure.axes]
    figure.set_size_inches(width_pt / 72.0, whole_pt / 72.0)
    for ax, (x, y, w, h) in zip(figure.axes, boxes, strict=True):
        ax.set_position((x, (y * height_pt + extra_pt) / whole_pt, w, h * height_pt / whole_pt))
    for text in figure.texts:
        x, y = text.get_position()
        text.set_position((x, (float(y) * height_pt + extra_pt) / whole_pt))
    ax = figure.add_axes((0.0, 0.0, 1.0, extra_pt / whole_pt))
    ax.set_axis_off()
    ax.set_xlim(0, width_pt)
    ax.set_ylim(0, extra_pt)
    draw_list(ax, groups, report, width_pt, extra_pt)
