"""The way out on a floor plan: exit arrows, exterior door numbers, assembly areas near and far."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrow
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from buildings.picture_labels import Line, block_size_pt, text_width_pt
from buildings.picture_style import EXIT_GREEN, FONT, INK
from buildings.picture_walls import Opening
from buildings.plan import Space

ARROW_PT: Final = 13.0
NUMBER_PT: Final = 6.2
_CIRCLE_PT: Final = 5.4
_MARKER_PT: Final = 6.2


@dataclass(slots=True)
class Taken:
    """Paper that is in use already, so that the next mark goes elsewhere."""

    building: BaseGeometry
    boxes: list[BaseGeometry] = field(default_factory=list)

    def is_free(self, ground: BaseGeometry) -> bool:
        """Whether a mark would lie clear of the building and of all marks so far."""
        return not self.building.intersects(ground) and not any(
            box.intersects(ground) for box in self.boxes
        )


def draw_exit(ax: Axes, opening: Opening, taken: Taken, points_per_metre: float) -> None:
    """Draw the arrow of an exit (gid ``exit:<portal id>``) and the number of an exterior door.

    An exterior door that is not marked as an exit gets its number only.
    """
    scale = points_per_metre
    sign = float(opening.outward)
    out = (opening.ahead[0] * sign, opening.ahead[1] * sign)
    face_m = opening.far_m if sign > 0 else -opening.near_m
    x0, y0 = opening.middle
    gap_m = face_m + 1.5 / scale
    reach_m = gap_m
    if opening.portal.usable_as_exit:
        length_m = ARROW_PT / scale
        arrow = FancyArrow(
            x0 + out[0] * gap_m,
            y0 + out[1] * gap_m,
            out[0] * length_m,
            out[1] * length_m,
            width=1.9 / scale,
            head_width=6.4 / scale,
            head_length=5.6 / scale,
            length_includes_head=True,
            facecolor=EXIT_GREEN,
            edgecolor="white",
            linewidth=0.4,
            zorder=7.0,
        )
        arrow.set_gid(f"exit:{opening.portal.id}")
        ax.add_artist(arrow)
        reach_m += length_m
        tip = shapely.Point(x0 + out[0] * reach_m, y0 + out[1] * reach_m)
        taken.boxes.append(tip.buffer(2.5 / scale))
    elif opening.portal.swing in ("out", "both"):
        reach_m += opening.portal.width_m / (opening.portal.leaves or 1)
    if opening.portal.exterior_no:
        _draw_number(ax, opening, out, gap_m, reach_m, taken, scale)


def _draw_number(
    ax: Axes,
    opening: Opening,
    out: tuple[float, float],
    gap_m: float,
    reach_m: float,
    taken: Taken,
    scale: float,
) -> None:
    words = opening.portal.exterior_no or ""
    radius_m = max(_CIRCLE_PT, text_width_pt(words, NUMBER_PT, bold=True) / 2 + 1.6) / scale
    side = (-out[1], out[0])
    aside_m = opening.portal.width_m / 2 + radius_m + 1.0 / scale
    ahead_m = reach_m + radius_m + 0.8 / scale
    beside_m = gap_m + radius_m + 0.5 / scale
    places = [(ahead_m, 0.0)]
    for step in range(4):
        shift_m = aside_m + step * radius_m
        places += [
            (beside_m, shift_m),
            (beside_m, -shift_m),
            (ahead_m, shift_m),
            (ahead_m, -shift_m),
        ]
    x0, y0 = opening.middle
    spots = [
        (x0 + out[0] * go + side[0] * turn, y0 + out[1] * go + side[1] * turn)
        for go, turn in places
    ]
    margin_m = radius_m + 0.5 / scale
    discs = [shapely.Point(spot).buffer(margin_m) for spot in spots]
    best = next((i for i, disc in enumerate(discs) if taken.is_free(disc)), 0)
    taken.boxes.append(discs[best])
    x, y = spots[best]
    ax.add_artist(
        Circle((x, y), radius_m, facecolor="white", edgecolor=INK, linewidth=0.8, zorder=7.5)
    )
    text = ax.text(
        x, y, words, fontsize=NUMBER_PT, fontfamily=FONT, fontweight="bold", color=INK,
        ha="center", va="center_baseline", parse_math=False, clip_on=True, zorder=7.6,
    )  # fmt: skip
    text.set_gid(f"door_number:{opening.portal.id}")


def draw_way_to(
    ax: Axes,
    area: Space,
    view: Polygon,
    taken: Taken,
    points_per_metre: float,
) -> None:
    """Point from the edge of the drawing to an assembly area that lies beyond it.

    The words give the distance from the building's outside wall to the nearest side of the area.
    """
    scale = points_per_metre
    distance_m = taken.building.distance(area.polygon)
    name = area.name or area.number or area.id
    words = f"{name} · {distance_m:.0f} m"
    width_pt, height_pt = block_size_pt((Line(words, _MARKER_PT, bold=True),))
    arrow_pt = 13.0
    half_x, half_y = (width_pt + arrow_pt + 4) / scale / 2, (height_pt + 3) / scale / 2
    target = area.polygon.centroid
    spots = _border_spots(view, half_x + 2 / scale, half_y + 2 / scale)
    middle = view.centroid
    aim = math.atan2(target.y - middle.y, target.x - middle.x)

    def away(spot: tuple[float, float]) -> float:
        turn = math.atan2(spot[1] - middle.y, spot[0] - middle.x) - aim
        return abs(math.remainder(turn, math.tau))

    spots.sort(key=away)
    boxes = [shapely.box(x - half_x, y - half_y, x + half_x, y + half_y) for x, y in spots]
    best = next((i for i, box in enumerate(boxes) if taken.is_free(box)), 0)
    x, y = spots[best]
    taken.boxes.append(boxes[best])
    bearing = math.atan2(target.y - y, target.x - x)
    points_left = math.cos(bearing) < 0
    arrow_x = x - half_x + (arrow_pt / 2 + 2) / scale
    text_x = arrow_x + (arrow_pt / 2 + 3) / scale
    if not points_left:
        arrow_x = x + half_x - (arrow_pt / 2 + 2) / scale
        text_x = x - half_x + 2 / scale
    dx, dy = (math.cos(bearing) * arrow_pt / scale, math.sin(bearing) * arrow_pt / scale)
    ax.add_artist(
        FancyArrow(
            arrow_x - dx / 2, y - dy / 2, dx, dy, width=1.9 / scale, head_width=6.4 / scale,
            head_length=5.6 / scale, length_includes_head=True, facecolor="white",
            edgecolor=EXIT_GREEN, linewidth=0.9, zorder=7.0,
        )
    )  # fmt: skip
    text = ax.text(
        text_x, y, words, fontsize=_MARKER_PT, fontfamily=FONT, fontweight="bold",
        color=EXIT_GREEN, ha="left", va="center", parse_math=False, zorder=7.6,
    )  # fmt: skip
    text.set_gid(f"assembly_way:{area.id}")


def _border_spots(view: Polygon, inset_x: float, inset_y: float) -> list[tuple[float, float]]:
    """Return places along the border of the view, evenly spread, from its lower left corner."""
    min_x, min_y, max_x, max_y = view.bounds
    ring = shapely.box(min_x + inset_x, min_y + inset_y, max_x - inset_x, max_y - inset_y).exterior
    count = 160
    return [
        (float(point.x), float(point.y))
        for point in (ring.interpolate(i / count, normalized=True) for i in range(count))
    ]
