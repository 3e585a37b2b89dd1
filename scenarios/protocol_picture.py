"""Pictures of a run with announced actions: the plan by share of rooms done, rooms over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scenarios.ensemble import Ensemble
from scenarios.intervals import central_interval, median
from scenarios.protocol_outcome import ProtocolOutcome
from scenarios.protocol_report import SIGHT_NOTE
from sim.protocols import MARKS_S

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE: Final = "#0072B2"
POINTS: Final = 240


def room_shares(outcome: ProtocolOutcome, space_ids: tuple[str, ...]) -> dict[str, float]:
    """Return for each room that counts the share of the replicas in which it is done."""
    counted = outcome.counted.sum(axis=0)
    done = (outcome.counted & np.isfinite(outcome.done_s)).sum(axis=0)
    return {
        space_ids[row]: float(done[row] / counted[row]) for row in np.flatnonzero(counted).tolist()
    }


def room_figure(ensemble: Ensemble) -> Figure:
    """Return the plan with its rooms shaded by the share of the replicas in which they are done.

    Raises
    ------
    ValueError
        If nothing was asked of rooms.
    """
    from buildings.share_map import draw_share_map  # matplotlib: only for a picture

    outcome = _asked(ensemble)
    word = "secured" if outcome.is_lockdown else "settled"
    return draw_share_map(
        ensemble.plan,
        room_shares(outcome, ensemble.compiled.space_ids),
        head=f"Rooms {word}: share of {ensemble.replicas} simulated runs",
        key=f"Other rooms are empty. {SIGHT_NOTE if outcome.is_lockdown else ''}".strip(),
    )


def draw_rooms_done(ax: Axes, ensemble: Ensemble) -> Axes:
    """Draw the rooms that are done over time: median and central 90 % of the replicas.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    ensemble : Ensemble

    Raises
    ------
    ValueError
        If nothing was asked of rooms.
    """
    from matplotlib.ticker import MaxNLocator, MultipleLocator

    outcome = _asked(ensemble)
    finite = outcome.last_done_s[np.isfinite(outcome.last_done_s)]
    last = max(float(finite.max()) if len(finite) else 0.0, MARKS_S[-1])
    times = np.linspace(0.0, 1.02 * last, POINTS)
    done = np.stack([outcome.rooms_by(at) for at in times.tolist()])
    bounds = np.array([central_interval(row) for row in done])
    rooms = float(outcome.counted.sum(axis=1).mean())
    ax.fill_between(
        times, bounds[:, 0], bounds[:, 1], color=BLUE, alpha=0.25, linewidth=0, step="post",
        label="9 of 10 simulated runs",
    )  # fmt: skip
    middle = [median(row) for row in done]
    ax.step(times, middle, where="post", color=BLUE, linewidth=1.8, label="median")
    ax.axhline(rooms, color="#6B6B6B", linewidth=0.8, linestyle=(0, (4, 2)))
    ax.text(times[-1], rooms, f"{rooms:.0f} rooms with people ", ha="right", va="bottom",
            fontsize=8, color="#6B6B6B")  # fmt: skip
    ax.set_xlim(0, times[-1])
    ax.set_ylim(0, 1.12 * max(rooms, 1.0))
    ax.set_xlabel("time after the announcement (minutes:seconds)")
    ax.set_ylabel(f"rooms {'secured' if outcome.is_lockdown else 'settled'}")
    step = next((s for s in (30, 60, 120, 300, 600) if last / s <= 10), 1800)
    ax.xaxis.set_major_locator(MultipleLocator(step))
    ax.xaxis.set_major_formatter(lambda value, _: f"{int(value) // 60}:{int(value) % 60:02d}")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(color="#DDDDDD", linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.legend(frameon=False, fontsize=8, loc="lower right")
    return ax


def curve_figure(ensemble: Ensemble) -> Figure:
    """Return a figure of the rooms that are done over time."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 3.9), layout="constrained")
    FigureCanvasAgg(figure)
    draw_rooms_done(figure.add_subplot(), ensemble)
    return figure


def _asked(ensemble: Ensemble) -> ProtocolOutcome:
    outcome = ensemble.protocol
    if outcome is None or outcome.aim is None:
        raise ValueError("nothing is asked of rooms in this run: no lockdown, hold or secure")
    return outcome
