"""How a building empties: people still inside over time, in every simulated drill at once."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from scenarios import Ensemble, central_interval, median

BLUE = "#0072B2"


def draw_clearance(ax: Axes, ensemble: Ensemble, *, points: int = 240) -> Axes:
    """Draw the people who are not out yet over time: median and central 90 % of the replicas.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    ensemble : Ensemble
        The run.
    points : int
        Number of times at which the curve is evaluated.
    """
    finite = ensemble.out_s[np.isfinite(ensemble.out_s)]
    last = float(finite.max()) if len(finite) else 60.0
    times = np.linspace(0.0, 1.02 * last, points)
    inside = ensemble.n_people - ensemble.arrival_curve(times)
    bounds = np.array([central_interval(column) for column in inside.T])
    middle = np.array([median(column) for column in inside.T])
    ax.fill_between(
        times, bounds[:, 0], bounds[:, 1], color=BLUE, alpha=0.25, linewidth=0, step="post",
        label="9 of 10 simulated drills",
    )  # fmt: skip
    ax.step(times, middle, where="post", color=BLUE, linewidth=1.8, label="median")
    ax.set_xlim(0, times[-1])
    ax.set_ylim(bottom=0)
    ax.set_xlabel("time (minutes:seconds)")
    ax.set_ylabel("people still inside")
    step = next((s for s in (10, 30, 60, 120, 300, 600) if last / s <= 9), 1800)
    ax.xaxis.set_major_locator(MultipleLocator(step))
    ax.xaxis.set_major_formatter(lambda value, _: f"{int(value) // 60}:{int(value) % 60:02d}")
    ax.grid(color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.legend(frameon=False, fontsize=8)
    return ax
