"""One room and its hard corner as a sheet to print: hatched floor, and where to tape its border."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from buildings.apertures import Aperture
from buildings.corner_options import CornerOption, why_none
from buildings.hard_corner import CONCEALMENT, HardCorner
from buildings.person_area import PERSON_AREAS
from buildings.picture import POINTS_PER_MM, SCALES
from buildings.picture_labels import text_width_pt
from buildings.picture_legend import Paper, draw_north, draw_scale_bar
from buildings.picture_style import FONT, INK, REDDISH_PURPLE, SOFT_INK, WALL, Hatch, words_of
from buildings.picture_symbols import draw_ground, draw_lines, hatch_lines
from buildings.plan import Plan
from buildings.tape_lines import StraightWall, TapePlan, TapePoint, straight_walls, tape_plan

USABLE_FILL: Final = "#D5ECE3"
USABLE_HATCH: Final = Hatch(4.2, 45.0, "#00734F", 0.7)
"""Dark lines on a light ground: a grey copier keeps them apart from floor that is seen."""
SEEN_FILL: Final = "#E2E2E2"

_SHEET_PT: Final = (595.0, 842.0)
_MARGIN_PT: Final = 34.0
_TOP_PT: Final = 96.0
_DRAWING_PT: Final = 452.0
_AROUND_M: Final = 0.9
_ROW_PT: Final = 11.0
_SHOWN_POINTS: Final = 24
_DIMENSIONED_POINTS: Final = 10
_ASIDE_PT: Final = 11.0
_WALL_M: Final = 0.15


def draw_corner(plan: Plan, corner: HardCorner, options: Sequence[CornerOption] = ()) -> Figure:
    """Draw one room with its hard corner, the tape points and what would help.

    Parameters
    ----------
    plan : Plan
        The building.
    corner : HardCorner
        The hard corner of one of its rooms.
    options : sequence of CornerOption
        What would help, best first; the first three are written down.

    Returns
    -------
    Figure
        A4, upright, at a round scale; not attached to pyplot.
    """
    width_pt, height_pt = _SHEET_PT
    figure = Figure(figsize=(width_pt / 72, height_pt / 72), dpi=72, facecolor="w")
    FigureCanvasAgg(figure)
    tape = tape_plan(corner)
    denominator = _draw_room(figure, plan, corner, tape)
    ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set_axis_off()
    ax.set_xlim(0, width_pt)
    ax.set_ylim(0, height_pt)
    ax.patch.set_alpha(0.0)
    paper = Paper(ax)
    _write_head(paper, plan, corner, denominator)
    _write_foot(paper, plan, corner, tape, options, denominator)
    return figure


def _draw_room(figure: Figure, plan: Plan, corner: HardCorner, tape: TapePlan) -> int:
    """Draw the room at the largest round scale that fits and return its denominator."""
    width_pt, height_pt = _SHEET_PT
    room = corner.floor.room
    low_x, low_y, high_x, high_y = room.bounds
    extent = (high_x - low_x + 2 * _AROUND_M, high_y - low_y + 2 * _AROUND_M)
    box = (width_pt - 2 * _MARGIN_PT, _DRAWING_PT)
    denominator = next(
        (d for d in (20, 25, 30, 40, 50, 60, *SCALES)
         if extent[0] * _scale(d) <= box[0] and extent[1] * _scale(d) <= box[1]),
        SCALES[-1],
    )  # fmt: skip
    scale = _scale(denominator)
    middle = ((low_x + high_x) / 2, (low_y + high_y) / 2)
    bottom = height_pt - _TOP_PT - _DRAWING_PT
    ax = figure.add_axes((_MARGIN_PT / width_pt, bottom / height_pt, box[0] / width_pt,
                          box[1] / height_pt))  # fmt: skip
    ax.set_axis_off()
    ax.set_xlim(middle[0] - box[0] / scale / 2, middle[0] + box[0] / scale / 2)
    ax.set_ylim(middle[1] - box[1] / scale / 2, middle[1] + box[1] / scale / 2)
    draw_hidden(ax, corner, scale)
    _draw_walls(ax, corner)
    for piece in (*corner.floor.tall, *corner.floor.low, *corner.floor.unknown_height):
        _draw_furniture(ax, piece.polygon, piece.name or piece.id, scale,
                        tall=piece in corner.floor.tall)  # fmt: skip
    for space in corner.marked:
        draw_ground(ax, space.polygon, color="none", edge=REDDISH_PURPLE, edge_pt=1.2,
                    dashes=(4.0, 2.0), zorder=3.5)  # fmt: skip
    for aperture in corner.found.apertures:
        _draw_aperture(ax, aperture, scale)
    _name_apertures(ax, corner.found.apertures, scale)
    for wall in tape.walls:
        _name_wall(ax, wall, corner, tape, scale)
    for line in tape.lines:
        xy = [(point.x_m, point.y_m) for point in line]
        draw_lines(ax, [xy], color=INK, width_pt=2.4, zorder=6.0, dashes=(3.0, 1.2))
    _draw_dimensions(ax, tape, room, scale)
    return denominator


def _scale(denominator: int) -> float:
    """Return points on paper per metre."""
    return 1000.0 / denominator * POINTS_PER_MM


def draw_hidden(ax: Axes, corner: HardCorner, scale: float, *, zorder: float = 1.0) -> None:
    """Fill the floor of a room: grey where it is seen, hatched where a hard corner is."""
    seen = shapely.difference(corner.floor.room, corner.hidden.hidden)
    draw_ground(ax, corner.floor.room, color="#FFFFFF", zorder=zorder)
    draw_ground(ax, seen, color=SEEN_FILL, zorder=zorder + 0.05, gid=f"seen:{corner.room.id}")
    usable = shapely.union_all(list(corner.hidden.parts))
    draw_ground(ax, usable, color=USABLE_FILL, zorder=zorder + 0.1, edge=USABLE_HATCH.color,
                edge_pt=0.6, gid=f"hard_corner:{corner.room.id}")  # fmt: skip
    draw_lines(ax, hatch_lines(usable, USABLE_HATCH, scale), color=USABLE_HATCH.color,
               width_pt=USABLE_HATCH.width_pt, zorder=zorder + 0.15)  # fmt: skip


def _quad(aperture: Aperture, grow_m: float = 0.0) -> Polygon:
    tunnel = aperture.tunnel
    nx, ny = tunnel.inward
    quad = [tunnel.near_left, tunnel.near_right, tunnel.far_right, tunnel.far_left]
    signs = (1.0, 1.0, -1.0, -1.0)
    return Polygon(
        [(x + s * grow_m * nx, y + s * grow_m * ny) for (x, y), s in zip(quad, signs, strict=True)]
    )


def _draw_walls(ax: Axes, corner: HardCorner) -> None:
    room = corner.floor.room
    solid: list[BaseGeometry] = [room.buffer(_WALL_M, join_style="mitre", mitre_limit=2.0)]
    for wall in straight_walls(room):
        nx, ny = _inward(wall, room)
        at_wall = [
            aperture.tunnel.depth_m
            for aperture in corner.found.apertures
            if wall.line.distance(shapely.Point(aperture.tunnel.near_left)) < 0.02
            and wall.line.distance(shapely.Point(aperture.tunnel.near_right)) < 0.02
        ]
        depth_m = max(at_wall, default=0.0)
        if depth_m > _WALL_M:  # as thick as its apertures are deep
            line = wall.line.buffer(_WALL_M, cap_style="square").intersection(solid[0])
            solid += [line, shapely.transform(line, lambda xy, m=depth_m - _WALL_M, x=nx, y=ny:
                                              xy - (m * x, m * y))]  # fmt: skip
    walls: BaseGeometry = shapely.difference(shapely.union_all(solid), room)
    holes = [_quad(aperture, 0.01) for aperture in corner.found.apertures]
    deep = [quad.difference(room) for quad in holes]
    walls = shapely.difference(walls, shapely.union_all(deep)) if deep else walls
    draw_ground(ax, walls, color=WALL, zorder=4.0, gid="walls")


def _draw_furniture(ax: Axes, ground: Polygon, name: str, scale: float, *, tall: bool) -> None:
    draw_ground(ax, ground, color="#BDBDBD" if tall else "#F7F7F7", edge=INK, edge_pt=0.6,
                zorder=3.0)  # fmt: skip
    low_x, low_y, high_x, high_y = ground.bounds
    turned = high_y - low_y > high_x - low_x
    room_pt = max(high_x - low_x, high_y - low_y) * scale
    depth_pt = min(high_x - low_x, high_y - low_y) * scale
    size_pt = min(6.5, 6.5 * room_pt / max(text_width_pt(name, 6.5) + 4.0, 1.0), 0.8 * depth_pt)
    if size_pt >= 4.0:
        ax.text((low_x + high_x) / 2, (low_y + high_y) / 2, name, fontsize=size_pt,
                fontfamily=FONT, color=INK, ha="center", va="center", parse_math=False,
                rotation=90 if turned else 0, zorder=3.2)  # fmt: skip


def _draw_aperture(ax: Axes, aperture: Aperture, scale: float) -> None:
    """Draw glass as two thin lines, a cover as a solid bar, an open way as dashes."""
    tunnel = aperture.tunnel
    quad = _quad(aperture)
    draw_ground(ax, quad, color="#FFFFFF", zorder=4.2)
    faces = [[tunnel.near_left, tunnel.near_right], [tunnel.far_left, tunnel.far_right]]
    if aperture.kind in ("opening", "open door"):
        draw_lines(ax, [list(face) for face in faces], color=INK, width_pt=0.6, zorder=4.4,
                   dashes=(3.0, 2.0))  # fmt: skip
        return
    if aperture.covered:
        draw_ground(ax, quad, color="#8A8A8A", edge=INK, edge_pt=0.6, zorder=4.3)
        draw_lines(ax, hatch_lines(quad, Hatch(2.4, 135.0, INK), scale), color="#FFFFFF",
                   width_pt=0.5, zorder=4.4)  # fmt: skip
        return
    middle = [
        ((tunnel.near_left[0] + tunnel.far_left[0]) / 2,
         (tunnel.near_left[1] + tunnel.far_left[1]) / 2),
        ((tunnel.near_right[0] + tunnel.far_right[0]) / 2,
         (tunnel.near_right[1] + tunnel.far_right[1]) / 2),
    ]  # fmt: skip
    draw_lines(ax, [list(face) for face in faces], color=INK, width_pt=0.5, zorder=4.4)
    draw_lines(ax, [middle], color=INK, width_pt=0.9, zorder=4.4)


def _name_apertures(ax: Axes, apertures: Sequence[Aperture], scale: float) -> None:
    """Write outside the wall what each aperture is called; the leaves of a pair share a name."""
    done: dict[str, list[Aperture]] = {}
    for aperture in apertures:
        done.setdefault(aperture.portal_id, []).append(aperture)
    taken: list[Polygon] = []
    for portal_id, group in done.items():
        nx, ny = group[0].tunnel.inward
        far = [p for a in group for p in (a.tunnel.far_left, a.tunnel.far_right)]
        x, y = (sum(c) / len(far) for c in zip(*far, strict=True))
        words = portal_id + (" (covered)" if all(a.covered for a in group) else "")
        turned = abs(nx) > abs(ny)
        half_along = (text_width_pt(words, 6.0) / 2 + 1.0) / scale
        for lift_pt in (7.0, 15.0, 23.0, 31.0):
            cx, cy = x - nx * lift_pt / scale, y - ny * lift_pt / scale
            half = (3.8 / scale, half_along) if turned else (half_along, 3.8 / scale)
            spot = shapely.box(cx - half[0], cy - half[1], cx + half[0], cy + half[1])
            if not any(spot.intersects(other) for other in taken):
                break
        taken.append(spot)
        ax.text(cx, cy, words, fontsize=6.0, fontfamily=FONT, color=INK, ha="center",
                va="center", rotation=90 if turned else 0, parse_math=False, zorder=8)  # fmt: skip


def _inward(wall: StraightWall, room: Polygon) -> tuple[float, float]:
    """Return the unit vector from a wall into the room."""
    (x0, y0), (x1, y1) = wall.start, wall.end
    length = math.dist(wall.start, wall.end)
    nx, ny = (y1 - y0) / length, -(x1 - x0) / length
    probe = shapely.Point((x0 + x1) / 2 + nx * 0.05, (y0 + y1) / 2 + ny * 0.05)
    return (nx, ny) if room.covers(probe) else (-nx, -ny)


def _name_wall(
    ax: Axes, wall: StraightWall, corner: HardCorner, tape: TapePlan, scale: float
) -> None:
    """Write the letter of a wall on it, in a square, clear of glass and tape points."""
    (x0, y0), (x1, y1) = wall.start, wall.end
    nx, ny = _inward(wall, corner.floor.room)
    half = 6.0 / scale
    busy = shapely.union_all(
        [_quad(aperture) for aperture in corner.found.apertures]
        + [shapely.Point(point.x_m, point.y_m).buffer(half) for point in tape.points]
    )
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9, 0.5):
        x = x0 + share * (x1 - x0) - nx * 0.075
        y = y0 + share * (y1 - y0) - ny * 0.075
        square = shapely.box(x - half, y - half, x + half, y + half)
        if not square.intersects(busy):
            break
    ax.add_artist(Rectangle((x - half, y - half), 2 * half, 2 * half, facecolor="white",
                            edgecolor=INK, linewidth=0.8, zorder=8.5))  # fmt: skip
    ax.text(x, y, wall.letter, fontsize=8.0, fontweight="bold", fontfamily=FONT, color=INK,
            ha="center", va="center_baseline", zorder=8.6, gid=f"wall:{wall.letter}")  # fmt: skip


def _draw_dimensions(ax: Axes, tape: TapePlan, room: Polygon, scale: float) -> None:
    """Draw the numbered points, and for a few of them the two measured distances."""
    points = tape.points
    for point in points if len(points) <= _DIMENSIONED_POINTS else ():
        pairs = (
            (point.wall_1, point.from_wall_1_m, point.wall_2, point.from_wall_2_m),
            (point.wall_2, point.from_wall_2_m, point.wall_1, point.from_wall_1_m),
        )
        for wall, distance, other, from_other in pairs:
            if distance >= 0.10:
                aside = (0.0, 0.0)
                if from_other < 0.10:  # the line would lie on the other wall
                    nx, ny = _inward(other, room)
                    aside = (nx * _ASIDE_PT / scale, ny * _ASIDE_PT / scale)
                _draw_dimension(ax, point, wall, distance, aside, scale)
    radius = 6.0 / scale
    for point in points:
        ax.add_artist(Circle((point.x_m, point.y_m), radius, facecolor="white", edgecolor=INK,
                             linewidth=1.0, zorder=9.0))  # fmt: skip
        ax.text(point.x_m, point.y_m, str(point.number), fontsize=6.8, fontweight="bold",
                fontfamily=FONT, color=INK, ha="center", va="center_baseline", zorder=9.1,
                gid=f"tape:{point.number}")  # fmt: skip


def _draw_dimension(
    ax: Axes,
    point: TapePoint,
    wall: StraightWall,
    distance_m: float,
    aside: tuple[float, float],
    scale: float,
) -> None:
    """Draw one measured distance, moved aside, with a tick at either end."""
    (ax0, ay0), (bx0, by0) = wall.start, wall.end
    length = math.dist(wall.start, wall.end)
    along = ((bx0 - ax0) * (point.x_m - ax0) + (by0 - ay0) * (point.y_m - ay0)) / length**2
    foot = (ax0 + along * (bx0 - ax0), ay0 + along * (by0 - ay0))
    ux, uy = (foot[0] - point.x_m) / distance_m, (foot[1] - point.y_m) / distance_m
    start = (point.x_m + aside[0], point.y_m + aside[1])
    end = (foot[0] + aside[0], foot[1] + aside[1])
    draw_lines(ax, [[start, end]], color=INK, width_pt=0.45, zorder=7.0)
    tick = 2.2 / scale
    for x, y in (start, end):
        draw_lines(ax, [[(x - (uy + ux) * tick, y + (ux - uy) * tick),
                         (x + (uy + ux) * tick, y - (ux - uy) * tick)]],
                   color=INK, width_pt=0.8, zorder=7.0)  # fmt: skip
    text = f"{distance_m:.2f}"
    if distance_m * scale < text_width_pt(text, 6.0) + 16.0:
        return
    turned = abs(uy) > abs(ux)
    ax.text((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, text, fontsize=6.0,
            fontfamily=FONT, color=INK, ha="center", va="center", rotation=90 if turned else 0,
            zorder=7.2, bbox={"boxstyle": "square,pad=0.12", "facecolor": "white",
                              "edgecolor": "none"})  # fmt: skip


def _write_head(paper: Paper, plan: Plan, corner: HardCorner, denominator: int) -> None:
    width_pt, height_pt = _SHEET_PT
    left, right, top = _MARGIN_PT, width_pt - _MARGIN_PT, height_pt - _MARGIN_PT
    room = corner.room
    words = words_of(room)
    name = f"Room {room.label}" + (f" · {words}" if words and words != room.label else "")
    paper.text(left, top - 6, name, size_pt=17, bold=True, gid="title")
    below = f"{plan.name}, {plan.level(room.level).name} · 1:{denominator} when printed full size"
    paper.text(left, top - 24, below, size_pt=8, color=SOFT_INK)
    paper.text(left, top - 39, CONCEALMENT, size_pt=10, bold=True, gid="concealment")
    paper.text(right, top - 24, "Sensitive: for safety planning only", size_pt=8, ha="right",
               color=SOFT_INK)  # fmt: skip
    paper.add(Line2D([left, right], [top - 49, top - 49], color=INK, linewidth=0.8))


def summary_lines(corner: HardCorner) -> list[str]:
    """Return the result in a few lines of words, always with both capacities and the people."""
    hidden, people = corner.hidden, corner.people
    if not corner.known:
        return [
            "Not known: " + "; ".join(corner.found.unknown) + ".",
            f"Out of sight at most {hidden.hidden_m2:.1f} m² of {hidden.free.area:.1f} m².",
        ]
    lines = [
        f"Out of sight {hidden.hidden_m2:.1f} m² of {hidden.free.area:.1f} m² of free floor; "
        + (
            f"of it {hidden.usable_m2:.1f} m² in {len(hidden.parts)} "
            f"{'piece' if len(hidden.parts) == 1 else 'pieces'} wide enough to stand in."
            if hidden.parts
            else "no piece of it is wide enough to stand in."
        ),
    ]
    if not hidden.parts:
        lines.append(f"No hard corner as the room is: {why_none(corner)}.")
    roomy, tight = corner.capacity("roomy"), corner.capacity("tight")
    kinds = {"adult": people.adult, "child": people.child, "wheelchair": people.wheelchair}
    said = ", ".join(
        f"{kinds[a.kind]} {a.words if kinds[a.kind] == 1 else a.plural}"
        for a in PERSON_AREAS
        if kinds[a.kind]
    )
    lines.append(
        (f"Places for {roomy} (roomy) to {tight} (tight)" if tight else "Places for nobody")
        + (f"; people here: {people.total} ({said})." if said else "; nobody is listed here.")
    )
    if people.total and corner.shortfall("roomy"):
        fewest, most = corner.shortfall("tight"), corner.shortfall("roomy")
        both = f"{fewest} (tight) to {most} (roomy)" if fewest != most else f"{most}"
        lines.append(f"Without a place: {both}.")
    if corner.marked:
        lines.append(
            f"Marked in the plan: {corner.marked_m2:.1f} m², of which "
            f"{corner.marked_in_sight_m2:.1f} m² can be seen."
        )
    return lines


def _write_foot(
    paper: Paper,
    plan: Plan,
    corner: HardCorner,
    tape: TapePlan,
    options: Sequence[CornerOption],
    denominator: int,
) -> None:
    width_pt, height_pt = _SHEET_PT
    left, right = _MARGIN_PT, width_pt - _MARGIN_PT
    y = height_pt - _TOP_PT - _DRAWING_PT - 14.0
    taken = draw_scale_bar(paper, _scale(denominator), x_pt=left + 4, y_pt=y - 4)
    draw_north(paper, plan.north_deg, x_pt=left + taken + 24.0, y_pt=y, size_pt=10.0)
    _draw_key(paper, left + taken + 48.0, y, right)
    y -= 26.0
    for line in summary_lines(corner):
        y = _write(paper, line, left, y, right, size_pt=8.0, bold=False)
    y -= 5.0
    y = _write_points(paper, tape, left, y, right)
    if options:
        y -= 5.0
        paper.text(left, y, "What would help", size_pt=8.5, bold=True)
        y -= _ROW_PT + 1.0
        for option in options[:3]:
            after = option.corner
            words = (
                f"{option.words[0].upper()}{option.words[1:]}: {after.hidden.usable_m2:.1f} m², "
                f"places for {after.capacity('roomy')} to {after.capacity('tight')}."
            )
            y = _write(paper, "· " + words, left, y, right, size_pt=7.5)
    notes = [f"Assumed: {'; '.join(corner.found.assumed[:4])}."] if corner.found.assumed else []
    if corner.floor.unknown_height:
        ids = ", ".join(piece.id for piece in corner.floor.unknown_height)
        notes.append(f"Height not stated, taken as hiding nothing: {ids}.")
    for note in notes:
        y = _write(paper, note, left, y, right, size_pt=7.0)
    foot = _MARGIN_PT - 8.0
    paper.add(Line2D([left, right], [foot + 8, foot + 8], color=SOFT_INK, linewidth=0.4))
    areas = "; ".join(f"{a.words} {a.roomy_m2:.2f} / {a.tight_m2:.2f}" for a in PERSON_AREAS)
    content = f" · content {plan.sha256[:12]}" if plan.sha256 else ""
    paper.text(left, foot, f"Plan {plan.id}, version {plan.version}{content} · planning estimate",
               size_pt=5.6, color=SOFT_INK)  # fmt: skip
    paper.text(left, foot - 8, f"m² a person, roomy / tight: {areas}", size_pt=5.6,
               color=SOFT_INK)  # fmt: skip


def _draw_key(paper: Paper, x: float, y: float, right: float) -> None:
    """Draw the key in one row."""
    for color, words, hatched in (
        (USABLE_FILL, "out of sight, wide enough", True),
        ("#FFFFFF", "out of sight, too narrow", False),
        (SEEN_FILL, "can be seen", False),
    ):
        paper.add(Rectangle((x, y - 4), 14, 8, facecolor=color, edgecolor=INK, linewidth=0.5))
        if hatched:
            ground = shapely.box(x, y - 4, x + 14, y + 4)
            for line in hatch_lines(ground, USABLE_HATCH, 1.0):
                (x0, y0), (x1, y1) = shapely.get_coordinates(line)[:2]
                paper.line([x0, x1], [y0, y1], color=USABLE_HATCH.color, linewidth=0.7)
        paper.text(x + 18, y, words, size_pt=6.4)
        x += 24 + text_width_pt(words, 6.4)
    if x + 60 < right:
        paper.line([x, x + 14], [y, y], linewidth=2.0, dashes=(2.4, 1.0))
        paper.text(x + 18, y, "tape line", size_pt=6.4)


def _write(
    paper: Paper, words: str, left: float, y: float, right: float, *, size_pt: float,
    bold: bool = False,
) -> float:  # fmt: skip
    """Write words in as many lines as they need and return the height of the next line."""
    line = ""
    for word in words.split(" "):
        longer = f"{line} {word}".strip()
        if line and text_width_pt(longer, size_pt, bold=bold) > right - left:
            paper.text(left, y, line, size_pt=size_pt, bold=bold)
            y -= size_pt * 1.35
            line = word
        else:
            line = longer
    paper.text(left, y, line, size_pt=size_pt, bold=bold)
    return y - size_pt * 1.35


def _write_points(paper: Paper, tape: TapePlan, left: float, y: float, right: float) -> float:
    """Write the table of tape points in three columns."""
    points = tape.points
    if not points:
        return y
    paper.text(left, y, "Tape on the floor, measured square from two walls, in metres", size_pt=8.5,
               bold=True)  # fmt: skip
    y -= _ROW_PT + 1.0
    shown = points[:_SHOWN_POINTS]
    columns = 3
    rows = math.ceil(len(shown) / columns)
    pitch = (right - left) / columns
    for k, point in enumerate(shown):
        words = (
            f"{point.from_wall_1_m:.2f} from {point.wall_1.letter}, "
            f"{point.from_wall_2_m:.2f} from {point.wall_2.letter}"
        )
        x, row_y = left + (k // rows) * pitch, y - (k % rows) * _ROW_PT
        paper.text(x + 12, row_y, str(point.number), size_pt=7.5, bold=True, ha="right")
        paper.text(x + 18, row_y, words, size_pt=7.5, gid=f"tape_row:{point.number}")
    y -= rows * _ROW_PT
    if len(points) > len(shown):
        paper.text(left, y, f"and {len(points) - len(shown)} more: see corners.json", size_pt=7.5)
        y -= _ROW_PT
    return y
