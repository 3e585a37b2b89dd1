"""A whole floor with the hard corner of every room: where people can go, and where they cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from buildings.corner_picture import draw_hidden
from buildings.hard_corner import CONCEALMENT, HardCorner
from buildings.picture import draw_plan, points_per_metre
from buildings.picture_labels import draw_label, fit_label
from buildings.picture_style import FONT, INK, SOFT_INK
from buildings.picture_symbols import draw_ground
from buildings.plan import Plan

NONE_FILL: Final = "#868686"
UNKNOWN_FILL: Final = "#FFFFFF"

_MARGIN_PT: Final = 26.0


def draw_corner_map(plan: Plan, corners: Mapping[str, HardCorner], level_id: str) -> Figure:
    """Draw one level with the hard corners of its rooms.

    Parameters
    ----------
    plan : Plan
        The building.
    corners : mapping of str to HardCorner
        The rooms that were judged, by id; other rooms are drawn as on the plan.
    level_id : str
        The level.

    Returns
    -------
    Figure
        The sheet of ``draw_plan``. Each judged room says how many people are in it and for how
        many there are places, roomy to tight.

    Raises
    ------
    KeyError
        If the plan has no such level.
    """
    figure = draw_plan(plan, level=level_id, labels=False)
    ax = figure.axes[0]
    scale = points_per_metre(ax)
    for space in plan.spaces_on(level_id):
        corner = corners.get(space.id)
        if corner is not None:
            _draw_room(ax, corner, scale)
        elif space.number is not None and space.obstacle_of is None:
            label = fit_label(space.id, number=space.number, words="", room=space.polygon,
                              keep_clear=None, points_per_metre=scale, largest_pt=6.0)  # fmt: skip
            if label is not None:
                draw_label(ax, label, points_per_metre=scale, color=SOFT_INK)
    _write_notes(figure)
    return figure


def _write_notes(figure: Figure) -> None:
    """Write what the picture shows: the guardrail in the head, the key beside the scale bar."""
    width_pt, height_pt = figure.get_size_inches() * 72
    sheet = figure.axes[-1]
    bars = [a for a in sheet.get_children() if isinstance(a, Text) and a.get_gid() == "scale_bar"]
    bar_y = float(bars[0].get_position()[1]) if bars else _MARGIN_PT
    for words, y, bold in (
        (CONCEALMENT, height_pt - _MARGIN_PT - 8.0, True),
        (
            "Hatched: out of sight and wide enough to stand in. Light grey: can be seen.",
            bar_y,
            False,
        ),
        ("Dark grey: no hard corner. Numbers: people / places, roomy to tight.", bar_y - 10, False),
    ):
        sheet.text(
            width_pt - _MARGIN_PT, y, words, fontsize=9.0 if bold else 7.0,
            fontweight="bold" if bold else "normal", fontfamily=FONT,
            color=INK if bold else SOFT_INK, ha="right", va="center_baseline", parse_math=False,
            gid="concealment" if bold else None,
        )  # fmt: skip


def _draw_room(ax: Axes, corner: HardCorner, scale: float) -> None:
    room = corner.floor.room
    if not corner.known:
        draw_ground(ax, room, color=UNKNOWN_FILL, zorder=2.05)
    elif not corner.hidden.parts:
        draw_ground(ax, room, color=NONE_FILL, zorder=2.05, gid=f"none:{corner.room.id}")
    else:
        draw_hidden(ax, corner, scale, zorder=2.05)
    furniture = [*corner.floor.tall, *corner.floor.low, *corner.floor.unknown_height]
    for piece in furniture:
        draw_ground(ax, piece.polygon, color="#F7F7F7", edge=SOFT_INK, edge_pt=0.4, zorder=2.3)
    label = fit_label(
        corner.room.id,
        number=corner.room.label,
        words=room_words(corner),
        room=room,
        keep_clear=shapely.union_all([piece.polygon for piece in furniture]),
        points_per_metre=scale,
        largest_pt=7.5,
    )
    if label is not None:
        pad = 0.5 / scale
        draw_ground(ax, label.box.buffer(pad), color="#FFFFFF", zorder=7.5)
        draw_label(ax, label, points_per_metre=scale)


def room_words(corner: HardCorner) -> str:
    """Return what stands below the number of a room on the map."""
    if not corner.known:
        return "not known"
    people = corner.people.total
    if not corner.hidden.parts:
        return f"{people} / none" if people else "none"
    roomy, tight = corner.capacity("roomy"), corner.capacity("tight")
    places = f"{roomy}" if roomy == tight else f"{roomy}-{tight}"
    return f"{people} / {places}" if people else f"places {places}"
