"""The debrief as one self-contained page: what the drill shows, on what grounds, its limits."""

from __future__ import annotations

import base64
import math
from importlib.metadata import version
from typing import Any, Final

import jinja2
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from buildings.picture_file import figure_bytes
from debrief.comparison import Comparison, counts_out
from debrief.figures import clock, draw_arrival_curve, draw_placements
from debrief.findings import SECURED_SAID_S, findings, secured_words
from debrief.measures import zero_s
from debrief.wording import between, event_words, observed_words, place_words, time_of
from scenarios import (
    Ensemble,
    evacuates,
    law_words,
    queue_figure,
    room_figure,
    summarize,
)
from sim import NUMBERS, flow_law, flow_law_table, flow_preset

CURVE_POINTS: Final = 240
CHARTED: Final = 24
"""So many observations, those that deviate most, are drawn; the table lists all."""

USUAL: Final = ("as predicted",)
"""Verdicts whose observations are folded away below the others."""

LIMITS: Final = (
    "Every simulated drill draws walking speeds, pre-movement times and roll calls anew; the "
    "range between simulated drills is what the model takes for chance. It is not the whole "
    "uncertainty: the law of movement, the plan and the scenario may be wrong for this building.",
    "One drill is one draw. Its rooms and people share the alarm, the weather and the day, so "
    "they are never counted as independent observations. One statistic answers for all places.",
    "Times that are only bounds stay bounds. Where simulated drills lie on both sides of a bound, "
    "the verdict is: cannot tell.",
)


def arrival_figure(comparison: Comparison) -> Figure:
    """Return the arrival curve: the watched exits, or the whole building without counts."""
    ensemble, steps = comparison.ensemble, comparison.steps
    gates = [ensemble.compiled.gate_index(id_) for id_ in steps.exits]
    watched = np.isin(ensemble.exit_gate, gates) if gates else np.isfinite(ensemble.out_s)
    out = (ensemble.out_s - zero_s(ensemble)[:, None])[watched]
    last = max([float(out.max()) if len(out) else 60.0, *steps.times_s.tolist()])
    times = np.linspace(0.0, 1.03 * last, CURVE_POINTS)
    figure = Figure(figsize=(8.6, 4.3), layout="constrained")
    FigureCanvasAgg(figure)
    draw_arrival_curve(figure.add_subplot(), times, counts_out(ensemble, steps.exits, times), steps)
    return figure


def placement_figure(comparison: Comparison) -> Figure | None:
    """Return the observations that deviate most against their intervals, None without any."""
    plan = comparison.ensemble.plan
    timed = [
        p for p in comparison.placements if p.observation.has_time and math.isfinite(p.median_s)
    ]
    timed.sort(key=lambda p: (-abs(p.rank_low + p.rank_high - 1.0), p.observation.obs_id))
    shown = timed[:CHARTED]
    if not shown:
        return None
    labels = [f"{place_words(plan, p.observation)}: {event_words(p.observation)}" for p in shown]
    figure = Figure(figsize=(8.6, 0.9 + 0.27 * len(shown)), layout="constrained")
    FigureCanvasAgg(figure)
    draw_placements(figure.add_subplot(), shown, labels)
    return figure


def render_report(comparison: Comparison) -> str:
    """Return the report as one HTML page without references to anything outside it.

    The same comparison gives the same bytes.
    """
    log, ensemble = comparison.log, comparison.ensemble
    summary = summarize(ensemble)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("debrief"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        version=version("hallways"),
        drill=log.drill,
        plan=ensemble.plan,
        sensitivity=log.drill.sensitivity,
        replicas=ensemble.replicas,
        numbers=_numbers(comparison, summary),
        findings=findings(comparison),
        warnings=log.warnings,
        curve=_curve(comparison) if evacuates(ensemble) else None,
        secured=_secured(comparison),
        chart=_chart(comparison),
        map=_map(ensemble),
        unusual=[_row(comparison, p) for p in comparison.placements if p.verdict not in USUAL],
        usual=[_row(comparison, p) for p in comparison.placements if p.verdict in USUAL],
        recorded=[
            {
                "what": event_words(o),
                "where": place_words(ensemble.plan, o),
                "observed": observed_words(o),
                "words": o.note or o.problem_code or o.state or "",
            }
            for o in comparison.recorded
        ],
        evacuates=evacuates(ensemble),
        exits=_exits(ensemble, summary),
        doors=_doors(ensemble, summary),
        rooms=_rooms(ensemble, summary),
        method=_method(comparison),
        quality=_quality(comparison),
        law=ensemble.scenario.law,
        law_words=law_words(ensemble.scenario),
        numbers_used=_law_numbers(ensemble),
        note=summary["note"].capitalize(),
        provenance=_provenance(comparison),
    )


def _image(figure: Figure, alt: str, caption: str, *, dpi: float, width: int) -> dict[str, Any]:
    data = base64.b64encode(figure_bytes(figure, ".png", dpi=dpi)).decode()
    return {"src": f"data:image/png;base64,{data}", "alt": alt, "caption": caption, "width": width}


def _curve(comparison: Comparison) -> dict[str, Any]:
    steps = comparison.steps
    names = [place_words(comparison.ensemble.plan, o) for o in _counted(comparison)]
    exits = ", ".join(dict.fromkeys(names))
    whose = f"counted at {exits}" if steps.exits else "all exits; nobody counted in the drill"
    said = next((line for line in findings(comparison) if "watched" in line), "")
    return _image(
        arrival_figure(comparison),
        alt=f"People out over time, simulated band and observed steps. {said}".strip(),
        caption=f"People out after T0, {whose}. The band is drawn from "
        f"{comparison.ensemble.replicas} simulated drills.",
        dpi=150,
        width=860,
    )


def _counted(comparison: Comparison) -> list[Any]:
    exits = comparison.steps.exits
    log = comparison.log.observations
    return [o for o in log if o.event == "exit_count" and o.place.id in exits]


def _chart(comparison: Comparison) -> dict[str, Any] | None:
    figure = placement_figure(comparison)
    if figure is None:
        return None
    counts = comparison.verdicts
    said = ", ".join(f"{number} {verdict}" for verdict, number in counts.items() if number)
    return _image(
        figure,
        alt=f"Observed times against simulated intervals: {said}.",
        caption="Blue bars hold 9 of 10 simulated drills, the tick is their middle. A dot is an "
        "exact time, a pointer an unusual one, an arrow a time known only to be later.",
        dpi=150,
        width=860,
    )


def _map(ensemble: Ensemble) -> dict[str, Any]:
    if ensemble.protocol is not None and ensemble.protocol.aim is not None:
        word = "secured" if ensemble.protocol.is_lockdown else "settled"
        return _image(
            room_figure(ensemble),
            alt=f"Floor plan, rooms shaded by how often they are {word} in simulated drills.",
            caption=f"Simulated drills: the share in which each room is {word}.",
            dpi=110,
            width=1000,
        )
    return _image(
        queue_figure(ensemble),
        alt="Floor plan with circles where people wait and the number of people out at each exit.",
        caption="Simulated drills: the area of a circle is the waiting at a door.",
        dpi=110,
        width=1000,
    )


def _secured(comparison: Comparison) -> list[dict[str, str]]:
    return [
        {
            "at": clock(one.at_s),
            "observed": secured_words(one),
            "mean": f"{one.simulated_mean:.0%}",
            "interval": f"{one.simulated_low:.0%} to {one.simulated_high:.0%}",
        }
        for one in comparison.secured
    ]


def _lead(comparison: Comparison, summary: dict[str, Any]) -> dict[str, str]:
    """Return the first number: rooms secured in a lockdown, else the last person out."""
    if not evacuates(comparison.ensemble):
        said = [one for one in comparison.secured if one.at_s == SECURED_SAID_S]
        if not said:
            return {"value": "not timed", "words": "rooms done by a time: nobody looked"}
        return {
            "value": secured_words(said[0]),
            "words": f"rooms secured by {clock(said[0].at_s)}; simulated: "
            f"{said[0].simulated_low:.0%} to {said[0].simulated_high:.0%}",
        }
    return _last_out(comparison, summary)


def _last_out(comparison: Comparison, summary: dict[str, Any]) -> dict[str, str]:
    clearance = summary["clearance_s"]["p100"]
    alarm = summary["alarm_s"]
    low, high = (None if v is None else v - alarm for v in clearance["interval"])
    last = [
        p for p in comparison.placements
        if p.observation.event == "exit_last" and p.observation.is_exact
    ]  # fmt: skip
    whole = [p for p in last if p.observation.place.kind == "building"] or last
    slowest = max(whole, key=lambda p: p.observation.t_s, default=None)
    return {
        "value": "not timed" if slowest is None else clock(slowest.observation.t_s),
        "words": "last person out"
        if slowest is None
        else f"{event_words(slowest.observation)}, "
        f"{place_words(comparison.ensemble.plan, slowest.observation)}; "
        f"simulated, whole building: {between([low, high])}",
    }


def _numbers(comparison: Comparison, summary: dict[str, Any]) -> list[dict[str, str]]:
    shift = comparison.shift
    counts = comparison.verdicts
    unusual = counts["earlier"] + counts["later"]
    return [
        _lead(comparison, summary),
        {
            "value": "cannot tell" if math.isnan(shift.factor) else f"{shift.factor:.2f} times",
            "words": "the predicted times, over the drill as a whole",
        },
        {
            "value": f"{unusual} of {len(comparison.placements)}",
            "words": "observations earlier or later than 9 of 10 simulated drills",
        },
    ]


def _row(comparison: Comparison, placement: Any) -> dict[str, str]:
    o = placement.observation
    timed = math.isfinite(placement.low_s) or math.isinf(placement.low_s)
    return {
        "what": event_words(o),
        "where": place_words(comparison.ensemble.plan, o),
        "observed": observed_words(o),
        "median": clock(placement.median_s),
        "interval": between([placement.low_s, placement.high_s]) if timed else "",
        "verdict": placement.verdict,
        "words": placement.sentence,
    }


def _exit_name(ensemble: Ensemble, id_: str) -> str:
    number = ensemble.plan.portals[id_].exterior_no
    return f"exit {number} ({id_})" if number else id_


def _exits(ensemble: Ensemble, summary: dict[str, Any]) -> list[dict[str, str]]:
    order = sorted(
        summary["exits"],
        key=lambda e: (
            len(ensemble.plan.portals[e].exterior_no or "~~~~"),
            ensemble.plan.portals[e].exterior_no or "",
            e,
        ),
    )
    rows = []
    for id_ in order:
        entry = summary["exits"][id_]
        rows.append(
            {
                "name": _exit_name(ensemble, id_),
                "people": f"{entry['passed']:.0f}",
                "share": f"{100 * entry['share']:.0f} %",
                "first": _at(entry["first_s"]),
                "last": _at(entry["last_s"]),
            }
        )
    return rows


def _at(entry: Any) -> str:
    if isinstance(entry, dict):
        entry = entry["median"]
    return "" if entry is None else clock(entry)


def _doors(ensemble: Ensemble, summary: dict[str, Any]) -> list[dict[str, str]]:
    doors = summary["doors"]
    longest = sorted(doors, key=lambda d: (-doors[d]["queue_person_s"], d))[:5]
    spaces = ensemble.plan.spaces
    rows = []
    for id_ in longest:
        entry = doors[id_]
        portal = ensemble.plan.portals.get(id_)
        ends = [] if portal is None else [portal.from_space, portal.to_space]
        low, high = entry["queue_person_s_interval"]
        rows.append(
            {
                "name": id_,
                "between": " and ".join(spaces[e].label if e in spaces else e for e in ends),
                "width": f"{entry['width_m']:.2f} m",
                "people": f"{entry['passed']:.0f}",
                "queue": f"{entry['peak_queue']:.0f}",
                "waited": f"{entry['queue_person_s'] / 60:.1f}",
                "interval": f"{low / 60:.1f} to {high / 60:.1f}",
            }
        )
    return rows


def _rooms(ensemble: Ensemble, summary: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "name": ensemble.plan.spaces[id_].label,
            "people": str(entry["people"]),
            "empty": time_of(entry["clear_s"]["median"]),
            "interval": between(entry["clear_s"]["interval"]),
        }
        for id_, entry in summary["rooms"].items()
    ]


def _method(comparison: Comparison) -> list[str]:
    ensemble = comparison.ensemble
    return [
        f"{ensemble.replicas} drills of the scenario '{ensemble.scenario.name}' were simulated "
        f"(seed {ensemble.seed}). T0 is the start of the announcement. Each observation is placed "
        "by its rank among them, after its own timing error has been added to the simulated times; "
        "'as predicted' means inside the central 90 %.",
        *LIMITS,
    ]


def _quality(comparison: Comparison) -> list[tuple[str, str]]:
    observations = comparison.log.observations
    exact = sum(o.has_time and o.is_exact for o in observations)
    bounds = sum(o.has_time and not o.is_exact for o in observations)
    missing = sum(not o.has_time for o in observations)
    excluded = sum(o.quality == "excluded" for o in observations)
    present = comparison.log.drill.population.present
    return [
        ("Observations", f"{exact} exact, {bounds} bounds or spans, {missing} not timed"),
        ("Set aside in the log", str(excluded)),
        (
            "Observers",
            str(len(comparison.log.observers)) if comparison.log.observers else "not said",
        ),
        ("People in the drill", "not said" if present is None else str(present)),
        ("People in the simulation", str(comparison.ensemble.n_people)),
        ("T0", comparison.log.drill.t0_event.replace("_", " ")),
        ("Special conditions", "; ".join(comparison.log.drill.special_conditions) or "none logged"),
    ]


def _law_numbers(ensemble: Ensemble) -> list[dict[str, str]]:
    scenario = ensemble.scenario
    law = flow_law(scenario.law, **dict(scenario.law_numbers))
    preset, meanings = flow_preset(scenario.law), flow_law_table().fields
    rows = []
    for name in NUMBERS:
        value = getattr(law, name)
        source = law.sources[name]
        if name in scenario.law_numbers:
            source = f"{source}, instead of {preset.values[name]:g}: {preset.sources[name].text}"
        rows.append(
            {
                "name": meanings[name].meaning,
                "value": "unlimited" if math.isinf(value) else f"{value:g}",
                "unit": meanings[name].unit.replace("m2", "m²").removesuffix("1"),
                "source": source,
            }
        )
    return rows


def _provenance(comparison: Comparison) -> str:
    log = comparison.log
    files = ", ".join(f"{name} {digest[:12]}" for name, digest in sorted(log.sha256.items()))
    return (
        f"hallways {version('hallways')} · plan {comparison.ensemble.plan.id} "
        f"{comparison.ensemble.plan.sha256[:12]} · {files}"
    )
