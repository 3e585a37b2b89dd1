"""A run with announced actions as one self-contained page, to read and to hand on."""

from __future__ import annotations

import base64
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

import jinja2

from buildings.picture_file import figure_bytes
from scenarios.ensemble import Ensemble
from scenarios.manifest import SENSITIVITY
from scenarios.protocol_endings import ending_numbers, ending_words
from scenarios.protocol_picture import curve_figure, room_figure
from scenarios.protocol_report import (
    SHARES,
    done_word,
    line_words,
    reason_rows,
    room_rows,
    step_words,
    stranded_rows,
)
from scenarios.protocol_shelter import area_rows, shelter_words, time_rows
from scenarios.run_words import between, minutes, number_between
from sim.protocols import MARKS_S

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHANCE: Final = (
    "Every simulated run draws the times of the steps, the locks and the walking speeds anew; the "
    "range between runs is what the model takes for chance. It is not the whole uncertainty: most "
    "default times are chosen, not measured, and the plan may be wrong for this building."
)
ROOM_LIMITS: Final = (
    "A room is secured when every way in is locked, it is dark, nobody in it can be seen from "
    "outside and it is quiet. A room that falls short of one of these is not, and the table says "
    "what comes first.",
    "Out of sight means line of sight. Nothing here says what a wall or a door withstands.",
)
COUNT_LIMIT: Final = (
    "All are accounted for when the command post has a report of every class and knows where "
    "everybody is who was reported missing. Reports may be wrong where the scenario says how often "
    "(accountability); else they are taken to be right."
)


LEAD_S: Final = MARKS_S[1]
"""The time after T0 with which the page begins: two minutes (ours)."""


def render_protocol(ensemble: Ensemble, summary: dict[str, Any]) -> str:
    """Return the page as HTML without references to anything outside it.

    The same ensemble gives the same bytes.

    Parameters
    ----------
    ensemble : Ensemble
        With announced actions.
    summary : dict
        What `summarize` returned for it.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("scenarios"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    part = summary["protocol"]
    shelter = part["shelter"]
    rooms = None if part["aim"] is None else _rooms(ensemble, part)
    return environment.get_template("protocol.html.j2").render(
        version=_version(),
        sensitivity=SENSITIVITY,
        title=summary["scenario"]["name"],
        plan=ensemble.plan,
        people=summary["people"],
        replicas=summary["replicas"],
        seed=summary["seed"],
        steps=step_words(ensemble.scenario),
        numbers=ending_numbers(part) if rooms is None else _numbers(part, done_word(part)),
        lines=line_words(part) if rooms is not None else ending_words(part),
        asked=rooms,
        shelter=None
        if shelter is None
        else {
            "times": time_rows(shelter),
            "areas": area_rows(shelter),
            "lines": shelter_words(shelter),
        },
        notes=summary["notes"],
        limits=_limits(part),
        note=summary["note"].capitalize(),
        provenance=f"hallways {_version()} · plan {ensemble.plan.id} {ensemble.plan.sha256[:12]}",
    )


def _limits(part: dict[str, Any]) -> list[str]:
    """Return how to read what is on the page, and of that only."""
    limits = [CHANCE]
    if part["aim"] is not None:
        limits += ROOM_LIMITS
    if part["accounted"] is not None:
        limits.append(COUNT_LIMIT)
    return limits


def _by_two(part: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in part["done_by"] if one["at_s"] == LEAD_S)
    return found


def _rooms(ensemble: Ensemble, part: dict[str, Any]) -> dict[str, Any]:
    """Return what the page says of rooms: pictures and tables."""
    word, by_two = done_word(part), _by_two(part)
    return {
        "word": word,
        "curve": _image(
            curve_figure(ensemble),
            alt=f"Rooms {word} over time: by 2:00 {number_between(by_two['rooms'])} of "
            f"{part['rooms']['mean']:.0f}.",
            dpi=150,
            width=860,
        ),
        "map": _image(
            room_figure(ensemble),
            alt=f"Floor plan, rooms shaded by how often they are {word}; the table of rooms has "
            "the same numbers.",
            dpi=110,
            width=1000,
        ),
        "done": [
            {
                "at": minutes(entry["at_s"]),
                "rooms": number_between(entry["rooms"]),
                "share": f"{entry['share_of_rooms']['mean']:.0%}",
                "people": f"{entry['share_of_people']['mean']:.0%}",
            }
            for entry in part["done_by"]
        ],
        "shares": [
            {
                "words": words,
                "median": minutes(part["time_to_share_s"][share]["median"]),
                "interval": between(part["time_to_share_s"][share]["interval"]),
            }
            for share, words in SHARES.items()
        ],
        "reasons": reason_rows(part),
        "marks": [minutes(entry["at_s"]) for entry in part["stranded"]],
        "stranded": stranded_rows(part) if part["aim"] == "lockdown" else [],
        "rooms": room_rows(part),
    }


def _numbers(part: dict[str, Any], word: str) -> list[dict[str, str]]:
    by_two = _by_two(part)
    half = part["time_to_share_s"]["p50"]
    rooms = part["rooms"]["mean"]
    stranded = next(entry for entry in part["stranded"] if entry["at_s"] == by_two["at_s"])
    numbers = [
        {
            "value": f"{by_two['rooms']['mean']:.1f} of {rooms:.0f}",
            "words": f"rooms {word} two minutes after the announcement",
        },
        {
            "value": minutes(half["median"]),
            "words": f"until half of the rooms are {word} ({between(half['interval'])})",
        },
        {
            "value": f"{stranded['people']['mean']:.0f}",
            "words": f"people then neither in a {word} room nor outside",
        },
    ]
    return numbers if part["aim"] == "lockdown" else numbers[:2]


def _image(figure: Figure, *, alt: str, dpi: float, width: int) -> dict[str, Any]:
    data = base64.b64encode(figure_bytes(figure, ".png", dpi=dpi)).decode()
    return {"src": f"data:image/png;base64,{data}", "alt": alt, "width": width}


def _version() -> str:
    try:
        return version("hallways")
    except PackageNotFoundError:
        return "(not installed as a package)"
