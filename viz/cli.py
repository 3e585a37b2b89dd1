"""The verb ``hallways show``: pictures of a run folder."""

from __future__ import annotations

import argparse
from pathlib import Path

EPILOG = """\
examples:
  hallways show runs/fire
  hallways show runs/fire --out pictures --format pdf

exit code: 0 the pictures are written, 2 bad input"""


def main(argv: list[str] | None = None) -> int:
    """Draw a run: rooms as they are secured, or queues and how the building empties."""
    asked = _parser().parse_args(argv)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from buildings.picture_file import save_figure
    from scenarios import curve_figure, evacuates, load_run, queue_figure, room_figure
    from viz.clearance_curve import draw_clearance

    ensemble = load_run(asked.run)
    folder: Path = asked.out or asked.run
    pictures: dict[str, Figure] = {}
    if ensemble.protocol is not None and ensemble.protocol.aim is not None:
        pictures |= {"rooms_on_plan": room_figure(ensemble), "rooms_curve": curve_figure(ensemble)}
    if evacuates(ensemble):
        figure = Figure(figsize=(8.6, 4.3), layout="constrained")
        FigureCanvasAgg(figure)
        draw_clearance(figure.add_subplot(), ensemble)
        pictures |= {"plan_queues": queue_figure(ensemble), "clearance_curve": figure}
    for name, drawn in pictures.items():
        path = save_figure(drawn, folder / f"{name}.{asked.format}")
        print(f"Picture: {path}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hallways show",
        description="Draw a run: the plan with its queues and the people out through each exit, "
        "and how the building empties; or of a lockdown, hold or secure the plan with its rooms "
        "shaded by how often they are secured, and rooms over time.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", type=Path, help="run folder that `hallways run` wrote")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder (default: the run folder)")
    parser.add_argument("--format", choices=("png", "svg", "pdf"), default="png")
    return parser
