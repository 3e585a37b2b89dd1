"""Draw the flow laws beside measurements: ``python docs/make_movement_plots.py``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from buildings.picture_file import figure_bytes
from scenarios.population_defaults import population_defaults
from sim import flow_law, flow_law_table, measurements

FOLDER: Final = Path(__file__).parent / "pictures"
DPI: Final = 150

INK: Final = "#1e1e1e"
MEASURED: Final = "#6e6e6e"
SHADE: Final = "#e4e4e4"

# colours of Okabe and Ito, told apart by dashes too; a law that is drawn for several presets once
SPEED_CURVES: Final = (
    ("sfpe", "sfpe, adults", None, "#0072b2", "-", 2.2),
    ("weidmann", "weidmann and experiments, adults", "adult", "#b34700", (0, (7, 2)), 2.2),
    ("children_school_age", "children_school_age, grades 6 to 8", "grades_6_8", "#007a5a",
     (0, (6, 2, 1, 2)), 1.8),
    ("children_5_6", "children_5_6", "grades_k_2", "#8a3b73", (0, (3, 1.5)), 1.8),
    ("children_3_4", "children_3_4", "prekindergarten", "#5a5a00", (0, (1, 1.2)), 2.0),
)  # fmt: skip
MARKERS: Final = {"corridor": "o", "open_corridor": "^", "bottleneck": "s"}
NARROWEST_M: Final = 0.5
WIDEST_M: Final = 2.4
DOOR_CURVES: Final = (
    ("experiments", "#007a5a", (0, (6, 2, 1, 2)), 2.2),
    ("weidmann", "#b34700", (0, (7, 2)), 2.2),
    ("sfpe", "#0072b2", "-", 2.2),
)
DOOR_LABELS: Final = (
    ("measured, many children\n(Daamen, Hoogendoorn 2012)", 7.85, INK),
    ("0.7 to 1.3 times the measured\n1.9 /(s m) of young adults", 5.9, "#4a4a4a"),
    ("measured, 5 % disabled\n(Daamen, Hoogendoorn 2012)", 5.05, INK),
    ("experiments", 4.45, "#007a5a"),
    ("weidmann, children's laws", 3.08, "#b34700"),
    ("sfpe", 2.62, "#0072b2"),
)
"""Names at the right ends of the lines, moved apart where they would touch."""


def free_speed_mps(band: str | None) -> float:
    """Return the mean free speed of an age band; None: k (1 - a D) of sfpe at its free density."""
    if band is None:
        numbers = flow_law_table().constants
        k, a = numbers["level_k_mps"].value, numbers["slowing_m2"].value
        return k * (1.0 - a * flow_law("sfpe").free_density_per_m2)
    return float(population_defaults().speed_mps[band].values[0])


def speed_density_figure() -> Figure:
    """Return walking speed, and flow per metre of width, by density."""
    figure = _figure(8.8, 5.3)
    speed, flow = figure.subplots(1, 2)
    _draw_measured_speeds(speed, times_density=False)
    _draw_measured_speeds(flow, times_density=True)
    for name, label, band, colour, dashes, width in SPEED_CURVES:
        law = flow_law(name)
        density = np.linspace(0.05, law.storage_per_m2, 400)
        density = density[law.pace(density) > law.min_speed_factor]  # below it they creep on
        mps = free_speed_mps(band) * law.pace(density)
        style = {"color": colour, "linestyle": dashes, "linewidth": width}
        speed.plot(density, mps, label=label, **style)
        flow.plot(density, density * mps, **style)
    for axes, title, y_label, top in (
        (speed, "Walking speed", "m/s", 2.25),
        (flow, "Flow past a line across the way", "persons per second and metre", 3.0),
    ):
        axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
        axes.set_xlabel("persons per m²")
        axes.set_ylabel(y_label)
        axes.set_xlim(0, 5.0)
        axes.set_ylim(0, top)
        _tidy(axes)
    handles, labels = speed.get_legend_handles_labels()
    handles.append(Patch(color=SHADE))
    labels.append("0.7 to 1.3 times what was measured")
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    return figure


def _draw_measured_speeds(axes: Axes, *, times_density: bool) -> None:
    found = measurements()
    for row in found.speed_rows:
        density = np.linspace(row.low_per_m2, row.high_per_m2, 20)
        low, high = row.envelope_mps(*found.envelope)
        factor = density if times_density else np.ones(20)
        axes.fill_between(density, low * factor, high * factor, color=SHADE, linewidth=0)
    for nth, (series, words) in enumerate(found.speed_series.items()):
        for row in found.speed_rows:
            tenth, middle, ninetieth = row.speed_mps[series]
            at = (row.low_per_m2 + row.high_per_m2) / 2 + 0.09 * (nth - 1)  # side by side
            scale = at if times_density else 1.0
            first = row is found.speed_rows[0] and not times_density
            axes.errorbar(
                at,
                middle * scale,
                yerr=[[(middle - tenth) * scale], [(ninetieth - middle) * scale]],
                fmt=MARKERS[series],
                color=MEASURED,
                markerfacecolor="white",
                markersize=5,
                elinewidth=1.0,
                zorder=3,
                label=f"measured, {words}" if first else None,
            )


def flow_width_figure() -> Figure:
    """Return the flow through a door by its clear width."""
    figure = _figure(8.8, 4.9)
    axes = figure.add_subplot()
    found = measurements()
    widths = np.linspace(NARROWEST_M, WIDEST_M, 100)
    line = found.door_flows["seyfried"]
    low, high = (factor * line.flow_per_s_m for factor in found.envelope)
    axes.fill_between(widths, low * widths, high * widths, color=SHADE, linewidth=0)
    for flow_id in ("daamen_children", "daamen_disabled"):
        one = found.door_flows[flow_id]
        ends = np.array([one.width_m[0], WIDEST_M])
        axes.plot(ends, one.flow_per_s_m * ends, color=MEASURED, linewidth=1.2)
    for name, colour, dashes, width in DOOR_CURVES:
        law = flow_law(name)
        flow = law.door_specific_flow * (widths - 2.0 * law.door_boundary_m)
        axes.plot(widths, flow, color=colour, linestyle=dashes, linewidth=width)
    ends = np.array(line.width_m)
    axes.plot(ends, line.flow_per_s_m * ends, color=INK, linewidth=6, alpha=0.5)
    both = found.door_flows["two_ways"]
    at = both.width_m[0]
    axes.plot(at, both.flow_per_s_m * at, "D", color=INK, markerfacecolor="white", markersize=7)
    for words, y, colour in DOOR_LABELS:
        axes.annotate(words, (WIDEST_M, y), (6, 0), textcoords="offset points", va="center",
                      color=colour, fontsize=9, annotation_clip=False)  # fmt: skip
    for words, xy, to in (
        ("measured,\nyoung adults\n(Seyfried 2009)", (0.88, 1.68), (0.53, 2.55)),
        ("measured, both ways at once", (at, both.flow_per_s_m * at), (1.55, 0.75)),
    ):
        axes.annotate(
            words, xy, to, fontsize=9, color=INK,
            arrowprops={"arrowstyle": "-", "color": MEASURED, "shrinkB": 4},
        )  # fmt: skip
    axes.set_title("People through a door", loc="left", fontsize=11, fontweight="bold")
    axes.set_xlabel("clear width, m")
    axes.set_ylabel("persons per second")
    axes.set_xlim(NARROWEST_M, WIDEST_M)
    axes.set_ylim(0, 8)
    _tidy(axes)
    return figure


def _figure(width_in: float, height_in: float) -> Figure:
    figure = Figure(figsize=(width_in, height_in), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _tidy(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(color="#f0f0f0", linewidth=0.8)
    axes.set_axisbelow(True)


FIGURES: Final = {"speed-density.png": speed_density_figure, "flow-width.png": flow_width_figure}


def main() -> None:
    """Write both pictures."""
    for name, draw in FIGURES.items():
        (FOLDER / name).write_bytes(figure_bytes(draw(), ".png", dpi=DPI))
        sys.stdout.write(f"{FOLDER.name}/{name}\n")


if __name__ == "__main__":
    main()
