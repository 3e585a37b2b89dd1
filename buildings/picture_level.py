"""One level of a building drawn on a given Axes, the way an architect would: walls solid black."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrow
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from buildings.picture_exits import Taken, draw_exit, draw_way_to
from buildings.picture_labels import Label, draw_label, fit_label, text_width_pt
from buildings.picture_legend import (
    ROW_PT,
    SIGNS,
    KeyEntry,
    Paper,
    draw_key,
    draw_north,
    draw_scale_bar,
    key_rows,
)
from buildings.picture_style import (
    BLUISH_GREEN,
    FILLS,
    FONT,
    INK,
    OUTDOOR,
    POINT_MARKS,
    REDDISH_PURPLE,
    SOFT_INK,
    WALL,
    fill_of,
    words_of,
)
from buildings.picture_symbols import (
    door_sign,
    draw_ground,
    draw_lines,
    draw_point,
    hatch_lines,
    lift_cross,
    tread_lines,
)
from buildings.picture_walls import (
    LevelShape,
    inside_spaces,
    level_shape,
    stairs_from_below,
)
from buildings.plan import Plan, Space

VIEW_GROWTH: Final = 1.3
"""Outdoor areas are shown while the view grows by no more than this; others are pointed to."""
_STRIP_PT: Final = 34.0


def points_per_metre(ax: Axes) -> float:
    """Return the scale of an Axes that shows a level: points on paper per metre of building."""
    low, high = ax.get_xlim()
    return float(ax.bbox.width / ax.figure.dpi * 72.0 / (high - low))


def level_view(plan: Plan, level_id: str) -> Polygon:
    """Return the rectangle worth showing: the building with a margin, and what lies close by.

    Raises
    ------
    KeyError
        If the plan has no such level.
    """
    plan.level(level_id)
    spaces = (*inside_spaces(plan, level_id), *stairs_from_below(plan, level_id))
    outdoors = [s for s in plan.spaces_on(level_id) if s.kind in ("outdoor", "assembly")]
    building = [space.polygon for space in spaces] or [s.polygon for s in outdoors]
    if not building:
        return shapely.box(0.0, 0.0, 10.0, 10.0)
    view = shapely.box(*shapely.total_bounds(building))
    min_x, min_y, max_x, max_y = view.bounds
    margin_m = max(2.5, 0.03 * max(max_x - min_x, max_y - min_y) + 1.2)
    view = view.buffer(margin_m, join_style="mitre")
    limit = view.area * VIEW_GROWTH
    for area in sorted(outdoors, key=lambda s: (s.polygon.distance(view.centroid), s.id)):
        wider = shapely.union(view, area.polygon.buffer(1.0)).envelope
        if wider.area <= limit:
            view = wider
    return view


def draw_level(
    ax: Axes,
    plan: Plan,
    level_id: str,
    *,
    labels: bool = True,
    legend: bool = True,
    scale_bar: bool = True,
    north: bool = True,
    exits: bool = True,
    points: bool = False,
) -> Axes:
    """Draw one level on the Axes and return it.

    The level fills the Axes at one scale in both directions. Words are fitted to the size that
    the Axes has now, so set the size of the figure first. Artists carry a gid (``space:<id>``,
    ``label:<id>``, ``exit:<id>``, ``door_number:<id>``), so that they can be found again, in an
    SVG too.

    Parameters
    ----------
    ax : Axes
        Where to draw; its limits are set and its frame is taken away.
    plan : Plan
        The building.
    level_id : str
        One of its levels.
    labels : bool
        Write room numbers and names.
    legend : bool
        Draw the key to fills and signs below the plan.
    scale_bar, north : bool
        Draw the scale bar in metres and the north arrow below the plan.
    exits : bool
        Draw exit arrows, exterior door numbers and the ways to assembly areas.
    points : bool
        Draw devices (pull stations, panels, ...).

    Raises
    ------
    KeyError
        If the plan has no such level.
    """
    entries = key_entries(plan, (level_id,), points=points) if legend else []
    view = _set_view(ax, level_view(plan, level_id), entries, with_strip=scale_bar or north)
    drawing = _Drawing(ax, plan, level_id, level_shape(plan, level_id), view, points_per_metre(ax))
    drawing.draw(labels=labels, exits=exits, points=points)
    paper = Paper(ax)
    top_pt = len(key_rows(entries, _width_pt(ax) - 8.0)) * ROW_PT
    draw_key(paper, entries, x_pt=4.0, top_pt=top_pt, width_pt=_width_pt(ax) - 8.0)
    x_pt = 8.0
    if scale_bar:
        x_pt += draw_scale_bar(paper, points_per_metre(ax), x_pt=x_pt, y_pt=top_pt + 8.0) + 14.0
    if north:
        draw_north(paper, plan.north_deg, x_pt=x_pt + 8.0, y_pt=top_pt + 14.0)
    return ax


def _width_pt(ax: Axes) -> float:
    return float(ax.bbox.width / ax.figure.dpi * 72.0)


def _set_view(ax: Axes, view: Polygon, entries: list[KeyEntry], *, with_strip: bool) -> Polygon:
    """Fit a view into the Axes as it stands, a strip kept free below, and return what is seen."""
    box = ax.get_position(original=True).transformed(ax.figure.transSubfigure)
    width_pt = box.width / ax.figure.dpi * 72.0
    height_pt = box.height / ax.figure.dpi * 72.0
    strip_pt = len(key_rows(entries, width_pt - 8.0)) * ROW_PT + (_STRIP_PT if with_strip else 0.0)
    strip_pt = min(strip_pt, 0.6 * height_pt)
    min_x, min_y, max_x, max_y = view.bounds
    scale = min(width_pt / (max_x - min_x), (height_pt - strip_pt) / (max_y - min_y))
    spare_x = width_pt / scale - (max_x - min_x)
    spare_y = (height_pt - strip_pt) / scale - (max_y - min_y)
    seen = shapely.box(
        min_x - spare_x / 2, min_y - spare_y / 2, max_x + spare_x / 2, max_y + spare_y / 2
    )
    low_x, low_y, high_x, high_y = seen.bounds
    ax.set_axis_off()
    ax.set_aspect("equal", adjustable="box")
    ax.set_xlim(low_x, high_x)
    ax.set_ylim(low_y - strip_pt / scale, high_y)
    ax.apply_aspect()
    return seen


def key_entries(plan: Plan, level_ids: tuple[str, ...], *, points: bool = False) -> list[KeyEntry]:
    """Return the key to what is really drawn on these levels, fills first."""
    spaces = [space for level_id in level_ids for space in plan.spaces_on(level_id)]
    portals = [portal for portal in plan.portals.values() if portal.level in level_ids]
    used = {fill_of(space).key for space in spaces if space.kind not in ("assembly", "void")}
    entries = [KeyEntry(fill.label, fill=fill) for fill in FILLS if fill.key in used]
    present = {
        "wall": bool(spaces),
        "door": any(portal.kind in ("door", "gate", "exit") for portal in portals),
        "window": any(portal.kind == "window" for portal in portals),
        "opening": any(portal.kind == "opening" for portal in portals),
        "stair": any(space.stair is not None for space in spaces),
        "lift": any(space.kind == "lift" for space in spaces),
        "exit": any(portal.usable_as_exit for portal in portals),
        "number": any(portal.exterior_no for portal in portals),
        "assembly": any(space.kind == "assembly" for space in spaces),
    }
    entries += [KeyEntry(words, sign=sign) for sign, words in SIGNS.items() if present[sign]]
    if points:
        kinds = {p.kind for p in plan.points.values() if p.level in level_ids}
        entries += [
            KeyEntry(kind.replace("_", " ").capitalize(), point_kind=kind)
            for kind in sorted(kinds & POINT_MARKS.keys())
        ]
    return entries


@dataclass(slots=True)
class _Drawing:
    """One level on its way to the paper."""

    ax: Axes
    plan: Plan
    level_id: str
    shape: LevelShape
    view: Polygon
    scale: float

    def draw(self, *, labels: bool, exits: bool, points: bool) -> None:
        below = stairs_from_below(self.plan, self.level_id)
        inside = inside_spaces(self.plan, self.level_id)
        everything = list(self.plan.spaces_on(self.level_id))
        outdoors = [s for s in everything if s.kind in ("outdoor", "assembly")]
        furniture = [s for s in everything if s.obstacle_of is not None]
        corners = [s for s in everything if s.kind == "hard_corner"]
        taken = Taken(self.shape.footprint)

        swept = self._draw_portals()
        up_boxes = [box for flight in inside for box in self._stair_arrow(flight, "UP")]
        up_boxes += [box for flight in below for box in self._stair_arrow(flight, "DN")]
        if exits:
            for opening in self.shape.openings:
                if opening.outward and opening.portal.kind != "window":
                    draw_exit(self.ax, opening, taken, self.scale)
        keep_clear = shapely.union_all(
            [*swept, *up_boxes, *(piece.polygon for piece in furniture)]
            + ([p.point.buffer(4.0 / self.scale) for p in self._points()] if points else [])
        )
        written = self._fit_rooms(inside, keep_clear) if labels else []
        if labels:
            outside = shapely.union_all([self.shape.footprint, *taken.boxes])
            written += self._fit_outdoors(outdoors, outside)
        words = shapely.union_all([*(label.box for label in written), *up_boxes])

        for space in (*outdoors, *inside, *below):
            self._draw_space(space, words)
        for piece in furniture:
            draw_ground(self.ax, piece.polygon, color="#F7F7F7", edge=SOFT_INK, edge_pt=0.4,
                        zorder=2.2)  # fmt: skip
        for corner in corners:
            draw_ground(self.ax, corner.polygon, color="none", edge=REDDISH_PURPLE, edge_pt=0.8,
                        dashes=(2.5, 1.5), zorder=2.4, gid=f"space:{corner.id}")  # fmt: skip
        draw_ground(self.ax, self.shape.walls, color=WALL, zorder=3.0, gid="walls")
        for label in written:
            draw_label(self.ax, label, points_per_metre=self.scale)
        if exits:
            for area in outdoors:
                if area.kind == "assembly" and not self._is_seen(area):
                    draw_way_to(self.ax, area, self.view, taken, self.scale)
        if points:
            for point in self._points():
                draw_point(self.ax, point)

    def _points(self) -> list:  # type: ignore[type-arg]  # narrowed below
        return [p for p in self.plan.points.values() if p.level == self.level_id]

    def _is_seen(self, space: Space) -> bool:
        return bool(space.polygon.intersection(self.view).area > 0.5 * space.area_m2)

    def _draw_space(self, space: Space, words: BaseGeometry) -> None:
        fill = fill_of(space)
        gid = f"space:{space.id}"
        if space.kind == "assembly":
            ground = space.polygon.intersection(self.view)
            draw_ground(self.ax, ground, color="#E3F3EC", edge=BLUISH_GREEN, edge_pt=1.1,
                        dashes=(4.0, 2.2), zorder=0.6, gid=gid)  # fmt: skip
            return
        if space.kind == "void":
            draw_ground(self.ax, space.polygon, color="#FFFFFF", zorder=1.0, gid=gid)
            draw_lines(self.ax, lift_cross(space.polygon), color=SOFT_INK, width_pt=0.4,
                       dashes=(4.0, 3.0), zorder=1.4)  # fmt: skip
            return
        low = 0.2 if fill is OUTDOOR else 1.0
        draw_ground(self.ax, space.polygon, color=fill.color, zorder=low, gid=gid)
        if fill.hatch is not None:
            ground = space.polygon.intersection(self.view).difference(words)
            lines = hatch_lines(ground, fill.hatch, self.scale)
            draw_lines(self.ax, lines, color=fill.hatch.color, width_pt=fill.hatch.width_pt,
                       zorder=low + 0.1)  # fmt: skip
        if space.kind == "lift":
            lines = [line.difference(words) for line in lift_cross(space.polygon)]
            draw_lines(self.ax, lines, color=INK, width_pt=0.6, zorder=1.5)
        drawn = tread_lines(space, self.scale)
        if drawn is not None:
            treads = [line.difference(words) for line in drawn[0]]
            draw_lines(self.ax, treads, color=SOFT_INK, width_pt=0.4, zorder=1.5)

    def _stair_arrow(self, flight: Space, words: str) -> list[Polygon]:
        """Draw the arrow of a flight with UP or DN at its tail; return the paper it takes."""
        drawn = tread_lines(flight, self.scale)
        if drawn is None:
            return []
        (x0, y0), (x1, y1) = drawn[1] if words == "UP" else drawn[1][::-1]
        run_m = shapely.Point(x0, y0).distance(shapely.Point(x1, y1))
        if run_m < 1e-6:
            return []
        ux, uy = (x1 - x0) / run_m, (y1 - y0) / run_m
        half_x = text_width_pt(words, 4.6, bold=True) / 2 + 0.9
        half_y = 3.1
        reach_pt = abs(ux) * half_x + abs(uy) * half_y
        across_pt = abs(uy) * half_x + abs(ux) * half_y
        boxes = []
        start_m = 0.0
        facts = flight.stair
        if facts and facts.width_m * self.scale >= 2 * across_pt and run_m * self.scale > 22.0:
            cx, cy = x0 + ux * reach_pt / self.scale, y0 + uy * reach_pt / self.scale
            self.ax.text(cx, cy, words, fontsize=4.6, fontfamily=FONT, fontweight="bold",
                         color=INK, ha="center", va="center_baseline", parse_math=False,
                         zorder=6.0, clip_on=True)  # fmt: skip
            boxes.append(
                shapely.box(
                    cx - half_x / self.scale,
                    cy - half_y / self.scale,
                    cx + half_x / self.scale,
                    cy + half_y / self.scale,
                )
            )
            start_m = (2 * reach_pt + 0.6) / self.scale
        arrow = FancyArrow(
            x0 + ux * start_m, y0 + uy * start_m, ux * (run_m - start_m), uy * (run_m - start_m),
            width=0.5 / self.scale, head_width=3.4 / self.scale, head_length=3.8 / self.scale,
            length_includes_head=True, facecolor=INK, edgecolor="none", zorder=5.0,
        )  # fmt: skip
        arrow.set_gid(f"stair:{flight.id}")
        self.ax.add_artist(arrow)
        shaft = shapely.LineString([(x0, y0), (x1, y1)]).buffer(1.9 / self.scale)
        return [*boxes, shaft]

    def _draw_portals(self) -> list[Polygon]:
        signs = [door_sign(opening) for opening in self.shape.openings]
        ends = [
            [opening.at(0, opening.near_m), opening.at(1, opening.near_m),
             opening.at(1, opening.far_m), opening.at(0, opening.far_m)]
            for opening in self.shape.openings if opening.portal.kind != "virtual"
        ]  # fmt: skip
        sills = shapely.union_all([Polygon(ring) for ring in ends])
        draw_ground(self.ax, sills, color="#FFFFFF", zorder=2.9)
        draw_lines(self.ax, [s for sign in signs for s in sign.arcs], color=INK, width_pt=0.4,
                   zorder=4.0)  # fmt: skip
        draw_lines(self.ax, [s for sign in signs for s in sign.leaves], color=INK, width_pt=0.9,
                   zorder=4.1)  # fmt: skip
        draw_lines(self.ax, [s for sign in signs for s in sign.dashes], color=SOFT_INK,
                   width_pt=0.4, dashes=(3.0, 2.0), zorder=4.0)  # fmt: skip
        return [ground for sign in signs for ground in sign.swept]

    def _fit_rooms(self, rooms: tuple[Space, ...], keep_clear: BaseGeometry) -> list[Label]:
        base_pt = min(8.5, max(4.8, 0.66 * self.scale))
        labels = []
        for room in rooms:
            if room.kind == "void":
                continue
            grow = 1.35 if room.area_m2 > 150 else (1.15 if room.area_m2 > 90 else 1.0)
            label = fit_label(
                room.id,
                number=room.number,
                words=words_of(room),
                room=room.polygon.difference(self.shape.walls),
                keep_clear=keep_clear,
                points_per_metre=self.scale,
                largest_pt=base_pt * (1.0 if room.kind == "corridor" else grow),
            )
            if label is not None:
                labels.append(label)
        return labels

    def _fit_outdoors(self, areas: list[Space], building: BaseGeometry) -> list[Label]:
        labels: list[Label] = []
        for area in areas:
            seen = area.polygon.intersection(self.view)
            if seen.is_empty or (area.kind == "assembly" and not self._is_seen(area)):
                continue
            others = [label.box for label in labels]
            if area.kind == "outdoor":
                others += [s.polygon for s in areas if s.kind == "assembly"]
            label = fit_label(
                area.id,
                number=area.number,
                words=words_of(area),
                room=shapely.difference(seen, shapely.union_all([building, *others])),
                keep_clear=None,
                points_per_metre=self.scale,
                largest_pt=9.0,
            )
            if label is not None:
                labels.append(label)
        return labels
