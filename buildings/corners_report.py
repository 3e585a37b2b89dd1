"""The hard corners of a building as a table, as JSON, and as pictures in a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from shapely.geometry import mapping

from buildings.apertures import SightRules
from buildings.borders import private_folder, write_private
from buildings.corner_options import CornerOption, adjoining_rooms, corner_options, why_none
from buildings.hard_corner import CONCEALMENT, HardCorner, RoomView
from buildings.import_report import counted
from buildings.person_area import PERSON_AREAS, People, capacity, person_area
from buildings.plan import Plan
from buildings.tape_lines import tape_plan


@dataclass(frozen=True, slots=True, eq=False)
class RoomResult:
    """One room that was judged, with what would help and who could take in the rest."""

    corner: HardCorner
    options: tuple[CornerOption, ...]
    adjoining: tuple[tuple[str, int], ...]


def judge_rooms(
    plan: Plan, people: Mapping[str, People], rules: SightRules
) -> tuple[RoomResult, ...]:
    """Return the result of each room, in order of level and door number.

    Parameters
    ----------
    plan : Plan
        The building.
    people : mapping of room id to People
        The rooms to judge, and who is in them.
    rules : SightRules
        Which doors and covers are open.
    """
    views = {id_: RoomView(plan, plan.spaces[id_], who, rules) for id_, who in people.items()}
    corners = {id_: view.corner() for id_, view in views.items()}
    order = {level.id: level.ordinal for level in plan.levels}
    ranked = sorted(corners.values(), key=lambda c: (order[c.room.level], c.room.label, c.room.id))
    return tuple(
        RoomResult(
            corner,
            corner_options(views[corner.room.id], corner),
            adjoining_rooms(plan, corner, corners),
        )
        for corner in ranked
    )


def has_place_for_all(results: Sequence[RoomResult]) -> bool:
    """Tell whether every room is known to have a hard corner that holds its people, roomy."""
    return all(result.corner.verdict == "enough" for result in results)


def helps(result: RoomResult, plan: Plan) -> str:
    """Return in a few words what would help a room, or what is missing to say so."""
    corner = result.corner
    if not corner.known:
        return "not known: " + "; ".join(corner.found.unknown)
    if corner.verdict == "enough":
        return ""
    words = []
    if result.options:
        best = result.options[0]
        after = best.corner
        words.append(
            f"{best.words} ({after.capacity('roomy')} to {after.capacity('tight')} places)"
        )
    if result.adjoining:
        other_id, spare = result.adjoining[0]
        words.append(f"room {plan.spaces[other_id].label} next door ({spare} to spare)")
    if not words:
        return f"no hard corner possible: {why_none(corner)}"
    return "; or ".join(words)


def print_table(results: Sequence[RoomResult], plan: Plan) -> None:
    """Print the table of rooms and, below it, counts and what was assumed."""
    console = Console(highlight=False, markup=False)
    table = Table(box=None, pad_edge=False)
    for name in ("room", "people", "hidden m²", "usable m²", "pieces", "places", "without", ""):
        table.add_column(name, justify="left" if name in ("room", "") else "right", no_wrap=True)
    for result in results:
        corner = result.corner
        hidden = corner.hidden
        most = "" if corner.known else "≤ "
        table.add_row(
            corner.room.label,
            str(corner.people.total),
            f"{most}{hidden.hidden_m2:.1f}",
            f"{most}{hidden.usable_m2:.1f}",
            str(len(hidden.parts)) if corner.known else "?",
            _pair(corner.capacity("roomy"), corner.capacity("tight")) if corner.known else "?",
            _pair(corner.shortfall("tight"), corner.shortfall("roomy")) if corner.known else "?",
            corner.verdict,
        )
    console.print(table)
    console.print(CONCEALMENT, soft_wrap=True)
    for line in (*helps_lines(results, plan), *count_lines(results), *assumed_lines(results)):
        console.print(line, soft_wrap=True)


def helps_lines(results: Sequence[RoomResult], plan: Plan) -> list[str]:
    """Return what helps each room that needs it, rooms with the same words together."""
    rooms: dict[str, list[str]] = {}
    for result in results:
        words = helps(result, plan)
        if words:
            rooms.setdefault(words, []).append(result.corner.room.label)
    if not rooms:
        return []
    return ["What helps:", *(f"  {', '.join(who)}: {words}" for words, who in rooms.items())]


def _pair(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low}-{high}"


def count_lines(results: Sequence[RoomResult]) -> list[str]:
    """Return how many rooms came out how, in words."""
    counts: dict[str, int] = {}
    for result in results:
        counts[result.corner.verdict] = counts.get(result.corner.verdict, 0) + 1
    said = {
        "enough": "with a hard corner for everybody listed",
        "only tight": "with places for all only if people stand tight",
        "too small": "with a hard corner that is too small",
        "none": "without a hard corner as they are",
        "not known": "not known, because facts about their glass are missing",
    }
    parts = [f"{counts[key]} {words}" for key, words in said.items() if key in counts]
    areas = "; ".join(f"{a.words} {a.roomy_m2:.2f} / {a.tight_m2:.2f} m²" for a in PERSON_AREAS)
    return [
        f"{counted(len(results), 'room')}: {', '.join(parts)}.",
        f"Places are counted at two values, roomy to tight: {areas}; no standard is known.",
    ]


def assumed_lines(results: Sequence[RoomResult]) -> list[str]:
    """Return what was assumed, the same words once with the ids that they were said of."""
    said: dict[str, dict[str, None]] = {}
    for result in results:
        corner = result.corner
        ids = sorted({a.portal_id for a in corner.found.apertures}, key=lambda id_: -len(id_))
        for words in corner.found.assumed:
            whose = next((id_ for id_ in ids if f" {id_} " in f"{words} "), None)
            said.setdefault(words.replace(whose, "{}") if whose else words, {})
            if whose:
                said[words.replace(whose, "{}")][whose] = None
        for piece in corner.floor.unknown_height:
            said.setdefault("{} hides nothing (height not stated)", {})[piece.id] = None
    return [f"Assumed: {words.replace('{}', _some(list(ids)))}." for words, ids in said.items()]


def _some(ids: Sequence[str]) -> str:
    """Return a few ids and how many more there are.

    Examples
    --------
    >>> _some(["P-1", "P-2"]), _some([f"P-{k}" for k in range(9)])
    ('P-1, P-2', 'P-0, P-1, P-2, P-3 and 5 more')
    """
    if len(ids) <= 5:
        return ", ".join(ids)
    return f"{', '.join(ids[:4])} and {len(ids) - 4} more"


def as_json(results: Sequence[RoomResult], plan: Plan, rules: SightRules) -> dict[str, Any]:
    """Return everything as plain values; lengths in metres, areas in square metres."""
    return {
        "schema_version": 1,
        "kind": "hard_corners",
        "note": CONCEALMENT,
        "plan": {"id": plan.id, "version": plan.version, "sha256": plan.sha256},
        "doors": rules.doors,
        "covers": rules.covers,
        "glass_depth_m": rules.glass_depth_m,
        "upper_windows": rules.upper_windows,
        "area_per_person_m2": [
            {"kind": a.kind, "roomy": a.roomy_m2, "tight": a.tight_m2, "source": a.source,
             "quality": a.quality}
            for a in PERSON_AREAS
        ],
        "every_room_has_one": has_place_for_all(results),
        "rooms": [_room_json(result) for result in results],
    }  # fmt: skip


def _room_json(result: RoomResult) -> dict[str, Any]:
    corner = result.corner
    tape = tape_plan(corner)
    return {
        "room": corner.room.id,
        "number": corner.room.number,
        "level": corner.room.level,
        "verdict": corner.verdict,
        "not_known": list(corner.found.unknown),
        "assumed": [
            *corner.found.assumed,
            *(f"{p.id} hides nothing (height not stated)" for p in corner.floor.unknown_height),
        ],
        "people": {
            "adult": corner.people.adult,
            "child": corner.people.child,
            "wheelchair": corner.people.wheelchair,
        },
        **_floor_json(corner),
        "apertures": [
            {
                "id": a.id,
                "portal": a.portal_id,
                "kind": a.kind,
                "beyond": a.beyond,
                "width_m": round(a.tunnel.width_m, 3),
                "depth_m": round(a.tunnel.depth_m, 3),
                "cover": a.cover,
                "covered": a.covered,
            }
            for a in corner.found.apertures
        ],
        "marked_m2": round(corner.marked_m2, 3),
        "marked_in_sight_m2": round(corner.marked_in_sight_m2, 3),
        "what_helps": [
            {"change": option.words, "effort": option.effort, **_floor_json(option.corner)}
            for option in result.options
        ],
        "next_door": [{"room": id_, "places_to_spare": n} for id_, n in result.adjoining],
        "reason": why_none(corner) if corner.verdict == "none" else None,
        "pieces": [
            [[round(x, 3), round(y, 3)] for x, y in mapping(part)["coordinates"][0]]
            for part in corner.hidden.parts
        ],
        "tape": [
            [
                {
                    "point": p.number,
                    "x_m": round(p.x_m, 3),
                    "y_m": round(p.y_m, 3),
                    "from": {
                        p.wall_1.letter: round(p.from_wall_1_m, 3),
                        p.wall_2.letter: round(p.from_wall_2_m, 3),
                    },
                }
                for p in line
            ]
            for line in tape.lines
        ],
        "walls": {
            wall.letter: [[round(v, 3) for v in wall.start], [round(v, 3) for v in wall.end]]
            for wall in tape.walls
        },
    }


def _floor_json(corner: HardCorner) -> dict[str, Any]:
    parts = corner.hidden.parts
    return {
        "free_m2": round(corner.hidden.free.area, 3),
        "hidden_m2": round(corner.hidden.hidden_m2, 3),
        "usable_m2": round(corner.hidden.usable_m2, 3),
        "parts_m2": [round(part.area, 3) for part in parts],
        "places": {"roomy": corner.capacity("roomy"), "tight": corner.capacity("tight")},
        "places_if_all_adults": {
            "roomy": capacity(parts, person_area("adult").roomy_m2),
            "tight": capacity(parts, person_area("adult").tight_m2),
        },
        "places_if_all_children": {
            "roomy": capacity(parts, person_area("child").roomy_m2),
            "tight": capacity(parts, person_area("child").tight_m2),
        },
        "without_a_place": {
            "roomy": corner.shortfall("roomy"),
            "tight": corner.shortfall("tight"),
        },
        "coverage": _coverage(corner),
    }


def _coverage(corner: HardCorner) -> dict[str, float | None]:
    """Return the share of the people who find a place, None where nobody is listed."""
    people = corner.people.total
    if not people:
        return {"roomy": None, "tight": None}
    return {
        "roomy": round(1 - corner.shortfall("roomy") / people, 4),
        "tight": round(1 - corner.shortfall("tight") / people, 4),
    }


def file_names(results: Sequence[RoomResult]) -> dict[str, str]:
    """Return a file name for each room, made of its number, safe on any disk and used once."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for result in results:
        room = result.corner.room
        stem = "room-" + (re.sub(r"[^A-Za-z0-9._-]+", "_", room.label) or "_")
        name, k = stem, 1
        while name.lower() in taken:
            k += 1
            name = f"{stem}-{k}"
        taken.add(name.lower())
        names[room.id] = name
    return names


def write_folder(
    results: Sequence[RoomResult], plan: Plan, rules: SightRules, folder: Path, *, ending: str
) -> list[Path]:
    """Write corners.json, a picture of every level with judged rooms and one of every room.

    Files are readable by their owner only (0600 in 0700 folders).
    """
    from buildings.corner_map import draw_corner_map
    from buildings.corner_picture import draw_corner
    from buildings.picture_file import save_figure

    private_folder(folder)
    path = folder / "corners.json"
    content = json.dumps(as_json(results, plan, rules), indent=1, ensure_ascii=False) + "\n"
    write_private(path, content.encode())
    written = [path]
    corners = {result.corner.room.id: result.corner for result in results}
    for level in plan.levels:
        if any(corner.room.level == level.id for corner in corners.values()):
            name = re.sub(r"[^A-Za-z0-9._-]+", "_", level.id)
            figure = draw_corner_map(plan, corners, level.id)
            written.append(save_figure(figure, folder / f"level-{name}.{ending}"))
    names = file_names(results)
    for result in results:
        figure = draw_corner(plan, result.corner, result.options)
        written.append(save_figure(figure, folder / f"{names[result.corner.room.id]}.{ending}"))
    return written
