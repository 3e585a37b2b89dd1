"""Numbers on a floor plan: where people waited, and how many left through each exit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke

from buildings.picture import draw_plan, points_per_metre
from buildings.picture_style import EXIT_GREEN, FONT, INK, SOFT_INK, VERMILLION
from buildings.plan import OUTSIDE, Plan, Portal

NAMED: Final = 5
"""So many doors with the longest waits carry their number."""
LARGEST_RADIUS_M: Final = 2.4
NOTE_RIGHT_PT: Final = 26.0
NOTE_TOP_PT: Final = 66.0
"""Where the note stands on the sheet: at the right, just below the rule under the title."""
SMALLEST_MINUTES: Final = 0.5
"""Waiting of less than half a person-minute is not drawn."""


def draw_queue_map(
    plan: Plan, waits_person_s: Mapping[str, float], out_people: Mapping[str, float]
) -> Figure:
    """Draw a plan with its queues: the area of a circle is the waiting at a door.

    Parameters
    ----------
    plan : Plan
        The building.
    waits_person_s : mapping of portal id to person-seconds
        Time that people waited at each door, all together.
    out_people : mapping of portal id to persons
        How many left through each exit.

    Returns
    -------
    Figure
        The sheet of `draw_plan`, its exits labelled with persons and the five longest waits with
        person-minutes.
    """
    figure = draw_plan(plan)
    waits = {
        id_: seconds / 60.0
        for id_, seconds in waits_person_s.items()
        if id_ in plan.portals and seconds / 60.0 >= SMALLEST_MINUTES
    }
    largest = max(waits.values(), default=1.0)
    ranked = sorted(waits, key=lambda id_: (-waits[id_], id_))
    for level, ax in zip(plan.levels, figure.axes, strict=False):
        scale = points_per_metre(ax)
        for rank, id_ in enumerate(ranked):
            portal = plan.portals[id_]
            if portal.level == level.id:
                radius = LARGEST_RADIUS_M * math.sqrt(waits[id_] / largest)
                words = f"{waits[id_]:.0f} min" if rank < NAMED else ""
                _wait(ax, portal, radius, words, rank)
        for id_, people in sorted(out_people.items()):
            portal_or_none = plan.portals.get(id_)
            if portal_or_none is not None and portal_or_none.level == level.id and people >= 0.5:
                wait = waits.get(id_, 0.0)
                radius = LARGEST_RADIUS_M * math.sqrt(wait / largest)
                reach = max(radius + 9.0 / scale, 24.0 / scale)
                _people(ax, plan, portal_or_none, people, reach)
    width_pt, height_pt = figure.get_size_inches() * 72
    figure.axes[-1].text(
        width_pt - NOTE_RIGHT_PT,
        height_pt - NOTE_TOP_PT,
        "Circles: waiting at doors, area in proportion (person-minutes at the five longest). "
        "Green numbers: people out.",
        fontsize=7,
        fontfamily=FONT,
        color=SOFT_INK,
        ha="right",
        va="top",
        gid="note:queues",
    )
    return figure


def _wait(ax: Axes, portal: Portal, radius_m: float, words: str, rank: int) -> None:
    middle = portal.midpoint
    ax.add_patch(
        Circle(
            (middle.x, middle.y),
            radius_m,
            facecolor=VERMILLION,
            edgecolor=INK,
            linewidth=0.8,
            alpha=0.55,
            zorder=30,
            gid=f"queue:{portal.id}",
        )
    )
    if words:
        ax.text(
            middle.x,
            middle.y,
            words,
            fontsize=8,
            fontweight="bold",
            fontfamily=FONT,
            color=INK,
            ha="center",
            va="center",
            zorder=32 - rank * 0.01,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
            gid=f"wait:{portal.id}",
        )


def _people(ax: Axes, plan: Plan, portal: Portal, people: float, reach: float) -> None:
    """Write how many left through an exit, outside, along the way out."""
    inner = plan.spaces[
        portal.from_space if portal.to_space == OUTSIDE else portal.to_space
    ].polygon.representative_point()
    middle = portal.midpoint
    (x0, y0), (x1, y1) = portal.line.coords[0], portal.line.coords[-1]
    normal = (y0 - y1, x1 - x0)
    length = math.hypot(*normal)
    inward = (inner.x - middle.x) * normal[0] + (inner.y - middle.y) * normal[1]
    sign = -1.0 if inward > 0 else 1.0
    ax.text(
        middle.x + sign * normal[0] / length * reach,
        middle.y + sign * normal[1] / length * reach,
        f"{people:.0f}",
        fontsize=8.5,
        fontweight="bold",
        fontfamily=FONT,
        color=EXIT_GREEN,
        ha="center",
        va="center",
        zorder=31,
        clip_on=False,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
        gid=f"out:{portal.id}",
    )
