"""The picture of a run: the plan with its queues and the people out through each exit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.ensemble import Ensemble
from scenarios.summary import summarize

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def queue_figure(ensemble: Ensemble) -> Figure:
    """Return the plan with waiting at doors and people out, means over the replicas."""
    from buildings.picture_overlays import draw_queue_map  # matplotlib: only for a picture

    summary = summarize(ensemble)
    waits = {door: entry["queue_person_s"] for door, entry in summary["doors"].items()}
    out = {exit_: entry["passed"] for exit_, entry in summary["exits"].items()}
    return draw_queue_map(ensemble.plan, waits, out)
