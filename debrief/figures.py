"""The figures of a debrief, each drawn on the Axes it is given."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator
from numpy.typing import NDArray

from debrief.arrival_curve import ObservedSteps, curve_envelope
from debrief.placement import Placement

Floats = NDArray[np.float64]

BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
INK: Final = "#1E1E1E"


def draw_arrival_curve(
    ax: Axes, times_s: Floats, simulated: Floats, observed: ObservedSteps | None = None
) -> Axes:
    """Draw how many are out by when: simulated median and bands, and the observed steps.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    times_s : ndarray, shape (T,)
        Times after T0.
    simulated : ndarray, shape (R, T)
        Counts in each replica.
    observed : ObservedSteps, optional
        Counts of the same exits.
    """
    band = curve_envelope(simulated)
    ax.fill_between(
        times_s, band.outer_low, band.outer_high, step="post", color=BLUE, alpha=0.13, linewidth=0,
        label="95 % of simulated drills run here throughout",
    )  # fmt: skip
    ax.fill_between(
        times_s, band.low, band.high, step="post", color=BLUE, alpha=0.28, linewidth=0,
        label="9 of 10 at each moment",
    )  # fmt: skip
    ax.step(times_s, band.median, where="post", color=BLUE, linewidth=1.6, linestyle="--",
            label="simulated median")  # fmt: skip
    if observed is not None and len(observed.times_s):
        ax.step(
            [0.0, *observed.times_s], [0.0, *observed.counts], where="post", color=INK,
            linewidth=1.8, marker="o", markersize=4, label="counted in the drill",
        )  # fmt: skip
    ax.set_xlabel("time after T0 (minutes:seconds)")
    ax.set_ylabel("people out")
    ax.set_ylim(bottom=0)
    ax.set_xlim(left=0, right=float(times_s[-1]) if len(times_s) else 1.0)
    ax.xaxis.set_major_formatter(lambda value, _: clock(value))
    ax.xaxis.set_major_locator(_minutes(float(times_s[-1]) if len(times_s) else 60.0))
    ax.grid(color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.legend(loc="lower right", frameon=False, fontsize=8)
    return ax


def draw_placements(ax: Axes, placements: list[Placement], labels: list[str]) -> Axes:
    """Draw each observation against its interval, the largest deviation on top.

    A dot is an exact time, an arrow a time that is only known to be later, a thick bar a span.
    """
    marks = {"as predicted": "o", "earlier": "<", "later": ">", "cannot tell": "s"}
    for row, placement in enumerate(placements):
        o = placement.observation
        if np.isfinite([placement.low_s, placement.high_s]).all():
            ax.plot([placement.low_s, placement.high_s], [row, row], color=BLUE, linewidth=6,
                    alpha=0.3, solid_capstyle="butt")  # fmt: skip
        if np.isfinite(placement.median_s):
            ax.plot([placement.median_s], [row], marker="|", markersize=11, color=BLUE)
        color = VERMILLION if placement.verdict in ("earlier", "later") else INK
        mark = marks.get(placement.verdict, "x")
        if o.is_exact:
            ax.plot([o.t_s], [row], marker=mark, markersize=6, color=color, linestyle="none")
        elif o.has_time and np.isfinite(o.t_hi_s):
            ax.plot([o.t_lo_s, o.t_hi_s], [row, row], color=color, linewidth=2)
        elif o.has_time:
            arrow = {"arrowstyle": "->", "color": color, "linewidth": 1.6}
            ax.annotate("", xy=(o.t_lo_s * 1.04 + 8, row), xytext=(o.t_lo_s, row), arrowprops=arrow)
            ax.plot([o.t_lo_s], [row], marker="|", markersize=9, color=color)
    ax.set_yticks(range(len(labels)), labels, fontsize=8)
    ax.invert_yaxis()
    ax.set_xlabel("time after T0 (minutes:seconds)")
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter(lambda value, _: clock(value))
    ax.xaxis.set_major_locator(_minutes(ax.get_xlim()[1]))
    ax.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    return ax


def _minutes(span_s: float) -> MultipleLocator:
    step = next((s for s in (10, 30, 60, 120, 300, 600) if span_s / s <= 9), 1800)
    return MultipleLocator(step)


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds.

    Examples
    --------
    >>> clock(92.4), clock(-5.0), clock(float("inf")), clock(float("nan"))
    ('1:32', '-0:05', 'never', '')
    """
    if np.isnan(seconds):
        return ""
    if np.isinf(seconds):
        return "never"
    whole = round(abs(seconds))
    return f"{'-' if seconds < 0 and whole else ''}{whole // 60}:{whole % 60:02d}"
